// The backend of process groups that communicate by NCCL (lib/distributed/nccl.ts). It is made here, since its header
// needs CUDA's and NCCL's, and registered with a group by the first addon (native/distributed/groups.cpp).
#include "cuda/cuda_addon.h"

#if defined(USE_C10D_NCCL)

#include <chrono>

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "core/owned_external.h"
#include "core/type_tags.h"
#include "core/versions.h"

namespace torch_node::cuda {
namespace {

using StorePointer = c10::intrusive_ptr<c10d::Store>;
using BackendPointer = c10::intrusive_ptr<c10d::Backend>;

/// Sets a field of NCCL's own configuration where JavaScript has one.
void set_integer(const Napi::Object& config, const char* name, int& field) {
  const Napi::Value value = config.Get(name);
  if (value.IsNumber()) field = value.As<Napi::Number>().Int32Value();
  if (value.IsBoolean()) field = value.As<Napi::Boolean>() ? 1 : 0;
}

/// nccl_backend(store, rank, size, timeout in ms, high priority, NCCL's configuration, name, ranks, index or null) -> a
/// backend; with an index it is bound to that device, and connects at once
Napi::Value nccl_backend(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto options = c10d::ProcessGroupNCCL::Options::create(info[4].ToBoolean());
  options->timeout = std::chrono::milliseconds(integer_at(info, 3));
  const Napi::Object config = info[5].As<Napi::Object>();
  set_integer(config, "blocking", options->config.blocking);
  set_integer(config, "cga_cluster_size", options->config.cgaClusterSize);
  set_integer(config, "min_ctas", options->config.minCTAs);
  set_integer(config, "max_ctas", options->config.maxCTAs);
  options->group_name = text_at(info, 6);
  const Napi::Array ranks = info[7].As<Napi::Array>();
  for (uint32_t i = 0; i < ranks.Length(); ++i) {
    options->global_ranks_in_group.push_back(ranks.Get(i).As<Napi::Number>().Int64Value());
  }
  auto backend = c10::make_intrusive<c10d::ProcessGroupNCCL>(
      from_external<StorePointer>(env, info[0], kStoreTag, "a store"), static_cast<int>(integer_at(info, 1)),
      static_cast<int>(integer_at(info, 2)), std::move(options));
#if !TORCH_NODE_SINCE(14)
  backend->setSequenceNumberForGroup();
#endif
  if (!info[8].IsNull()) {
    const c10::Device device(c10::DeviceType::CUDA, device_at(info, 8));
    backend->setBoundDeviceId(device);
    backend->eagerConnectSingleDevice(device);
  }
  return {env, own_as_external(env, BackendPointer(std::move(backend)), kBackendTag)};
}

}  // namespace

void export_nccl_groups(Napi::Object& exports) { add<nccl_backend>(exports, "nccl_backend"); }

}  // namespace torch_node::cuda

#else

namespace torch_node::cuda {

void export_nccl_groups(Napi::Object&) {}

}  // namespace torch_node::cuda

#endif
