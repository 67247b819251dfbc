// Events of CUDA's own: those that sleep, go to other processes, or synchronize with work outside of a graph.
#include <array>
#include <cstring>
#include <memory>

#if __has_include(<c10/cuda/CUDAEvent.h>)
#include <c10/cuda/CUDAEvent.h>
#else
#include <ATen/cuda/CUDAEvent.h>
#endif

#include "core/owned_external.h"
#include "cuda/cuda_addon.h"

namespace torch_node::cuda {
namespace {

using CudaEvent = at::cuda::CUDAEvent;
using Owned = std::unique_ptr<CudaEvent>;

// libtorch's flag, which CUDA does not have.
constexpr unsigned int kExternal = 0x08;

CudaEvent& event_at(const Napi::CallbackInfo& info, size_t i) {
  return *from_external<Owned>(info.Env(), info[i], kCudaEventTag, "an event of CUDA");
}

Napi::Value to_js(Napi::Env env, Owned event) {
  return {env, own_as_external<Owned>(env, std::move(event), kCudaEventTag)};
}

/// event_new(flags, external): the flags are those of cudaEventCreateWithFlags.
Napi::Value event_new(const Napi::CallbackInfo& info) {
  const auto flags = static_cast<unsigned int>(integer_at(info, 0));
  const bool external = info[1].ToBoolean().Value();
  return to_js(info.Env(), std::make_unique<CudaEvent>(external ? flags | kExternal : flags));
}

/// event_record(event, device, stream)
Napi::Value event_record(const Napi::CallbackInfo& info) {
  event_at(info, 0).record(stream_at(info, 1));
  return info.Env().Undefined();
}

/// event_block(event, device, stream): the stream waits.
Napi::Value event_block(const Napi::CallbackInfo& info) {
  event_at(info, 0).block(stream_at(info, 1));
  return info.Env().Undefined();
}

Napi::Value event_query(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), event_at(info, 0).query());
}

Napi::Value event_synchronize(const Napi::CallbackInfo& info) {
  event_at(info, 0).synchronize();
  return info.Env().Undefined();
}

Napi::Value event_elapsed_time(const Napi::CallbackInfo& info) {
  return number(info.Env(), event_at(info, 0).elapsed_time(event_at(info, 1)));
}

Napi::Value event_handle(const Napi::CallbackInfo& info) {
  return pointer_to_js(info.Env(), event_at(info, 0).event());
}

/// event_device(event) -> its index; -1 until it is recorded
Napi::Value event_device(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), event_at(info, 0).device_index());
}

Napi::Value event_ipc_handle(const Napi::CallbackInfo& info) {
  cudaIpcEventHandle_t handle{};
  event_at(info, 0).ipc_handle(&handle);
  Napi::Uint8Array bytes = Napi::Uint8Array::New(info.Env(), sizeof handle);
  std::memcpy(bytes.Data(), &handle, sizeof handle);
  return bytes;
}

/// event_from_ipc_handle(device, bytes)
Napi::Value event_from_ipc_handle(const Napi::CallbackInfo& info) {
  cudaIpcEventHandle_t handle{};
  TORCH_CHECK_TYPE(info[1].IsTypedArray() && info[1].As<Napi::TypedArray>().ByteLength() == sizeof handle,
                   "the handle of an event has ", sizeof handle, " bytes");
  const Napi::TypedArray bytes = info[1].As<Napi::TypedArray>();
  std::memcpy(&handle, static_cast<const char*>(bytes.ArrayBuffer().Data()) + bytes.ByteOffset(), sizeof handle);
  return to_js(info.Env(), std::make_unique<CudaEvent>(device_at(info, 0), &handle));
}

}  // namespace

void export_events(Napi::Object& exports) {
  add<event_new>(exports, "event_new");
  add<event_record>(exports, "event_record");
  add<event_block>(exports, "event_block");
  add<event_query>(exports, "event_query");
  add<event_synchronize>(exports, "event_synchronize");
  add<event_elapsed_time>(exports, "event_elapsed_time");
  add<event_handle>(exports, "event_handle");
  add<event_device>(exports, "event_device");
  add<event_ipc_handle>(exports, "event_ipc_handle");
  add<event_from_ipc_handle>(exports, "event_from_ipc_handle");
}

}  // namespace torch_node::cuda
