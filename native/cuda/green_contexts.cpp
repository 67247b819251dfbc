// A part of a device's multiprocessors for some of the work.
#include <memory>
#include <optional>

#if __has_include(<ATen/cuda/CUDAGreenContext.h>)
#include <ATen/cuda/CUDAGreenContext.h>
#define TORCH_NODE_HAS_GREEN_CONTEXTS 1
#else
#define TORCH_NODE_HAS_GREEN_CONTEXTS 0
#endif

#include "core/owned_external.h"
#include "cuda/cuda_addon.h"

namespace torch_node::cuda {

#if TORCH_NODE_HAS_GREEN_CONTEXTS
namespace {

using Context = std::unique_ptr<at::cuda::GreenContext>;

template <typename T>
std::optional<T> optional_at(const Napi::CallbackInfo& info, size_t i) {
  if (info[i].IsNull()) return std::nullopt;
  return static_cast<T>(integer_at(info, i));
}

at::cuda::GreenContext& context_at(const Napi::CallbackInfo& info) {
  return *from_external<Context>(info.Env(), info[0], kGreenContextTag, "a green context");
}

/// With queues of work where this version of libtorch has them; a template, since the parameters may not exist.
template <typename G>
Context create(std::optional<uint32_t> device, std::optional<uint32_t> sms, std::optional<int32_t> scope,
               std::optional<uint32_t> concurrency) {
  if constexpr (requires { G::create(device, sms, scope, concurrency); }) {
    return G::create(device, sms, scope, concurrency);
  } else {
    TORCH_CHECK_NOT_IMPLEMENTED(!scope && !concurrency && sms, "this version of libtorch takes num_sms only");
    return G::create(*sms, device);
  }
}

template <typename G>
uint32_t concurrency_of(std::optional<uint32_t> device) {
  if constexpr (requires { G::max_workqueue_concurrency(device); }) return G::max_workqueue_concurrency(device);
  TORCH_CHECK_NOT_IMPLEMENTED(false, "this version of libtorch does not tell how many kernels run at once");
}

template <typename G>
c10::cuda::CUDAStream stream_of(G& context) {
  if constexpr (requires { context.Stream(); }) return context.Stream();
  TORCH_CHECK_NOT_IMPLEMENTED(false, "this version of libtorch has no streams of green contexts");
}

/// green_new(device, sms, scope, concurrency); each may be null.
Napi::Value green_new(const Napi::CallbackInfo& info) {
  Context made = create<at::cuda::GreenContext>(optional_at<uint32_t>(info, 0), optional_at<uint32_t>(info, 1),
                                                optional_at<int32_t>(info, 2), optional_at<uint32_t>(info, 3));
  return {info.Env(), own_as_external<Context>(info.Env(), std::move(made), kGreenContextTag)};
}

Napi::Value green_concurrency(const Napi::CallbackInfo& info) {
  return number(info.Env(), concurrency_of<at::cuda::GreenContext>(optional_at<uint32_t>(info, 0)));
}

Napi::Value green_set(const Napi::CallbackInfo& info) {
  context_at(info).setContext();
  return info.Env().Undefined();
}

Napi::Value green_pop(const Napi::CallbackInfo& info) {
  context_at(info).popContext();
  return info.Env().Undefined();
}

/// green_stream(context) -> [device, stream]
Napi::Value green_stream(const Napi::CallbackInfo& info) {
  const c10::cuda::CUDAStream stream = stream_of(context_at(info));
  Napi::Array numbers = Napi::Array::New(info.Env(), 2);
  numbers[0u] = Napi::Number::New(info.Env(), stream.device_index());
  numbers[1u] = integer_to_js(info.Env(), stream.id());
  return numbers;
}

}  // namespace

void export_green_contexts(Napi::Object& exports) {
  add<green_new>(exports, "green_new");
  add<green_concurrency>(exports, "green_concurrency");
  add<green_set>(exports, "green_set");
  add<green_pop>(exports, "green_pop");
  add<green_stream>(exports, "green_stream");
}
#else
namespace {
Napi::Value without_contexts(const Napi::CallbackInfo&) {
  TORCH_CHECK_NOT_IMPLEMENTED(false, "this version of libtorch has no green contexts");
}
}  // namespace

void export_green_contexts(Napi::Object& exports) {
  for (const char* name : {"green_new", "green_concurrency", "green_set", "green_pop", "green_stream"}) {
    add<without_contexts>(exports, name);
  }
}
#endif

}  // namespace torch_node::cuda
