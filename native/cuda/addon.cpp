// The entry of the second addon, and how its numbers cross.
#include "cuda/cuda_addon.h"

#include <limits>

namespace torch_node::cuda {

int64_t integer_at(const Napi::CallbackInfo& info, size_t i) {
  const Napi::Value value = info[i];
  if (value.IsBigInt()) {
    bool lossless = false;
    return value.As<Napi::BigInt>().Int64Value(&lossless);
  }
  TORCH_CHECK_TYPE(value.IsNumber(), "expected an integer as argument ", i);
  return value.As<Napi::Number>().Int64Value();
}

std::string text_at(const Napi::CallbackInfo& info, size_t i) {
  TORCH_CHECK_TYPE(info[i].IsString(), "expected a string as argument ", i);
  return info[i].As<Napi::String>().Utf8Value();
}

c10::DeviceIndex device_at(const Napi::CallbackInfo& info, size_t i) {
  const int64_t index = integer_at(info, i);
  TORCH_CHECK_VALUE(index >= 0 && index <= std::numeric_limits<c10::DeviceIndex>::max(),
                    "the index of a device is a small integer, not ", index);
  return static_cast<c10::DeviceIndex>(index);
}

c10::MempoolId_t pool_at(const Napi::CallbackInfo& info, size_t i) {
  return {static_cast<c10::CaptureId_t>(integer_at(info, i)), static_cast<c10::CaptureId_t>(integer_at(info, i + 1))};
}

c10::cuda::CUDAStream stream_at(const Napi::CallbackInfo& info, size_t i) {
  const c10::Device device(c10::DeviceType::CUDA, device_at(info, i));
  return c10::cuda::CUDAStream(c10::Stream(c10::Stream::UNSAFE, device, integer_at(info, i + 1)));
}

Napi::Value number(Napi::Env env, double value) { return Napi::Number::New(env, value); }

Napi::Value integer_to_js(Napi::Env env, int64_t value) {
  constexpr int64_t kSafe = (int64_t{1} << 53) - 1;
  if (value >= -kSafe && value <= kSafe) return Napi::Number::New(env, static_cast<double>(value));
  return Napi::BigInt::New(env, value);
}

Napi::Value pool_to_js(Napi::Env env, const c10::MempoolId_t& pool) {
  Napi::Array numbers = Napi::Array::New(env, 2);
  numbers[0u] = Napi::Number::New(env, static_cast<double>(pool.first));
  numbers[1u] = Napi::Number::New(env, static_cast<double>(pool.second));
  return numbers;
}

}  // namespace torch_node::cuda

namespace {

Napi::Object initialize(Napi::Env, Napi::Object exports) {
  torch_node::cuda::export_device(exports);
  torch_node::cuda::export_events(exports);
  torch_node::cuda::export_gds(exports);
  torch_node::cuda::export_graphs(exports);
  torch_node::cuda::export_green_contexts(exports);
  torch_node::cuda::export_jiterator(exports);
  torch_node::cuda::export_memory(exports);
  torch_node::cuda::export_nccl(exports);
  torch_node::cuda::export_nccl_groups(exports);
  torch_node::cuda::export_nvtx(exports);
  torch_node::cuda::export_tunable(exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(torch_node_cuda, initialize)
