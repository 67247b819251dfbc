// Work of several devices on one tensor each, by NVIDIA's NCCL, which libtorch is linked with.
#include <cstring>
#include <string_view>

#include <torch/csrc/cuda/nccl.h>

#include "core/versions.h"
#include "cuda/capsules.h"

namespace torch_node::cuda {
namespace {

namespace nccl = torch::cuda::nccl;

/// nccl_version() -> [packed number, suffix]
Napi::Value nccl_version(const Napi::CallbackInfo& info) {
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result[0u] = integer_to_js(info.Env(), static_cast<int64_t>(nccl::version()));
  result[1u] = Napi::String::New(info.Env(), nccl::version_suffix());
  return result;
}

Napi::Value nccl_unique_id(const Napi::CallbackInfo& info) {
  nccl::ncclUniqueId id{};
  nccl::get_unique_id(id);
  Napi::Uint8Array bytes = Napi::Uint8Array::New(info.Env(), sizeof id);
  std::memcpy(bytes.Data(), &id, sizeof id);
  return bytes;
}

/// A stream for each device, or none, from an array of [device, stream] or null.
nccl::stream_list streams_at(const Napi::CallbackInfo& info, size_t i) {
  const Napi::Array given = info[i].As<Napi::Array>();
  nccl::stream_list streams;
  for (uint32_t k = 0; k < given.Length(); ++k) {
    const Napi::Value value = given.Get(k);
    if (value.IsNull()) {
      streams.emplace_back(std::nullopt);
      continue;
    }
    const Napi::Array numbers = value.As<Napi::Array>();
    const Napi::Value id = numbers.Get(1u);
    bool lossless = false;
    const int64_t stream = id.IsBigInt() ? id.As<Napi::BigInt>().Int64Value(&lossless) : id.ToNumber().Int64Value();
    const auto index = static_cast<c10::DeviceIndex>(numbers.Get(0u).ToNumber().Int32Value());
    const c10::Device device(c10::DeviceType::CUDA, index);
    streams.emplace_back(c10::cuda::CUDAStream(c10::Stream(c10::Stream::UNSAFE, device, stream)));
  }
  return streams;
}

/// nccl_collective(name, inputs, outputs, root, op, streams)
Napi::Value nccl_collective(const Napi::CallbackInfo& info) {
  const std::string name = text_at(info, 0);
  std::vector<at::Tensor> inputs = tensors_at(info, 1);
  std::vector<at::Tensor> outputs = tensors_at(info, 2);
  const auto root = static_cast<int32_t>(integer_at(info, 3));
  const auto op = static_cast<int32_t>(integer_at(info, 4));
  const nccl::stream_list streams = streams_at(info, 5);
  if (name == "all_reduce") {
    nccl::all_reduce(inputs, outputs, op, streams);
  } else if (name == "reduce") {
    nccl::reduce(inputs, outputs.at(0), root, op, streams);
  } else if (name == "broadcast") {
#if TORCH_NODE_SINCE(14)
    nccl::broadcast(inputs, root, streams);
#else
    TORCH_CHECK(root == 0, "broadcast(): root must be 0, not ", root);
    nccl::broadcast(inputs, streams);
#endif
  } else if (name == "all_gather") {
    nccl::all_gather(inputs, outputs, streams);
  } else {
    nccl::reduce_scatter(inputs, outputs, op, streams);
  }
  return info.Env().Undefined();
}

}  // namespace

void export_nccl(Napi::Object& exports) {
  add<nccl_version>(exports, "nccl_version");
  add<nccl_unique_id>(exports, "nccl_unique_id");
  add<nccl_collective>(exports, "nccl_collective");
}

}  // namespace torch_node::cuda
