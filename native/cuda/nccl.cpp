// Work of several devices on one tensor each, by NVIDIA's NCCL, which libtorch is linked with.
#include <cstring>
#include <string_view>
#include <utility>

#include <torch/csrc/cuda/nccl.h>

#include "core/owned_external.h"
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

/// What one process has of a group, and gives back when JavaScript drops it.
class Communicator {
 public:
  Communicator(int ranks, const nccl::ncclUniqueId& id, int rank) : comm_(nccl::comm_init_rank(ranks, id, rank)) {}
  Communicator(Communicator&& other) noexcept : comm_(std::exchange(other.comm_, nullptr)) {}
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  Communicator& operator=(Communicator&&) = delete;
  ~Communicator() {
    try {
      if (comm_ != nullptr) nccl::comm_destroy(comm_);
    } catch (const c10::Error&) {
      // The group is lost: there is no one to tell.
    }
  }
  [[nodiscard]] nccl::ncclComm_t get() const { return comm_; }

 private:
  nccl::ncclComm_t comm_;
};

/// nccl_init_rank(number of ranks, id, rank) -> a communicator on the current device
Napi::Value nccl_init_rank(const Napi::CallbackInfo& info) {
  nccl::ncclUniqueId id{};
  const Napi::Uint8Array bytes = info[1].As<Napi::Uint8Array>();
  TORCH_CHECK(bytes.ByteLength() == sizeof id, "invalid unique_id (expected ", sizeof id, " bytes, got ",
              bytes.ByteLength(), ")");
  std::memcpy(&id, bytes.Data(), sizeof id);
  Communicator made(static_cast<int>(integer_at(info, 0)), id, static_cast<int>(integer_at(info, 2)));
  return {info.Env(), own_as_external(info.Env(), std::move(made), kCommunicatorTag)};
}

/// The communicators of an array; libtorch makes its own where there are none.
nccl::comm_list communicators_at(const Napi::CallbackInfo& info, size_t i) {
  const Napi::Array given = info[i].As<Napi::Array>();
  nccl::comm_list list;
  for (uint32_t k = 0; k < given.Length(); ++k) {
    list.push_back(from_external<Communicator>(info.Env(), given.Get(k), kCommunicatorTag, "a communicator").get());
  }
  return list;
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

/// nccl_collective(name, inputs, outputs, root, op, streams, communicators)
Napi::Value nccl_collective(const Napi::CallbackInfo& info) {
  const std::string name = text_at(info, 0);
  std::vector<at::Tensor> inputs = tensors_at(info, 1);
  std::vector<at::Tensor> outputs = tensors_at(info, 2);
  const auto root = static_cast<int32_t>(integer_at(info, 3));
  const auto op = static_cast<int32_t>(integer_at(info, 4));
  const nccl::stream_list streams = streams_at(info, 5);
  const nccl::comm_list comms = communicators_at(info, 6);
  TORCH_CHECK(streams.empty() || streams.size() == inputs.size(), "number of streams is not equal to number of inputs");
  TORCH_CHECK(comms.empty() || comms.size() == inputs.size(),
              "number of communicators is not equal to number of inputs");
  if (name == "all_reduce") {
    nccl::all_reduce(inputs, outputs, op, streams, comms);
  } else if (name == "reduce") {
    nccl::reduce(inputs, outputs.at(0), root, op, streams, comms);
  } else if (name == "broadcast") {
#if TORCH_NODE_SINCE(14)
    nccl::broadcast(inputs, root, streams, comms);
#else
    TORCH_CHECK(root == 0, "broadcast(): root must be 0, not ", root);
    nccl::broadcast(inputs, streams, comms);
#endif
  } else if (name == "all_gather") {
    nccl::all_gather(inputs, outputs, streams, comms);
  } else {
    nccl::reduce_scatter(inputs, outputs, op, streams, comms);
  }
  return info.Env().Undefined();
}

}  // namespace

void export_nccl(Napi::Object& exports) {
  add<nccl_version>(exports, "nccl_version");
  add<nccl_unique_id>(exports, "nccl_unique_id");
  add<nccl_init_rank>(exports, "nccl_init_rank");
  add<nccl_collective>(exports, "nccl_collective");
}

}  // namespace torch_node::cuda
