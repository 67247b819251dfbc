// What the files of the second addon share. It is built where libtorch is a CUDA build and CUDA's headers are at hand,
// and is opened by lib/_C/cuda_native.ts when something needs it; the first addon names no symbol of CUDA.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <ATen/Tensor.h>
#include <c10/core/Allocator.h>
#include <c10/cuda/CUDAStream.h>
#include <c10/util/Exception.h>
#include <napi.h>

#include "core/errors.h"

namespace torch_node::cuda {

// The tags of this addon's opaque objects; core/type_tags.h has those of the first one, which end below 0x10.
constexpr napi_type_tag kCudaGraphTag = {0x746f7263682d6e6fULL, 0x64652d6367720010ULL};
constexpr napi_type_tag kCudaEventTag = {0x746f7263682d6e6fULL, 0x64652d6365760011ULL};
constexpr napi_type_tag kMemPoolTag = {0x746f7263682d6e6fULL, 0x64652d6d706c0012ULL};
constexpr napi_type_tag kAllocatorTag = {0x746f7263682d6e6fULL, 0x64652d616c6c0013ULL};
constexpr napi_type_tag kCommunicatorTag = {0x746f7263682d6e6fULL, 0x64652d6e636c0014ULL};
constexpr napi_type_tag kGreenContextTag = {0x746f7263682d6e6fULL, 0x64652d677263001fULL};

using Method = Napi::Value (*)(const Napi::CallbackInfo&);

template <Method method>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return method(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    rethrow_as_js_error(info.Env());
  }
}

/// Puts a function on the addon's exports.
template <Method method>
void add(Napi::Object& exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<method>>(exports.Env(), name));
}

int64_t integer_at(const Napi::CallbackInfo& info, size_t i);
std::string text_at(const Napi::CallbackInfo& info, size_t i);
c10::DeviceIndex device_at(const Napi::CallbackInfo& info, size_t i);
/// A pool of memory from two numbers.
c10::MempoolId_t pool_at(const Napi::CallbackInfo& info, size_t i);
/// The stream of an index and an id from the argument at `i`.
c10::cuda::CUDAStream stream_at(const Napi::CallbackInfo& info, size_t i);

Napi::Value pool_to_js(Napi::Env env, const c10::MempoolId_t& pool);
/// As a number where that is exact.
Napi::Value integer_to_js(Napi::Env env, int64_t value);
Napi::Value number(Napi::Env env, double value);
template <typename T>
Napi::Value pointer_to_js(Napi::Env env, T* pointer) {
  return Napi::BigInt::New(env, static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer)));
}
template <typename T>
T* pointer_at(const Napi::CallbackInfo& info, size_t i) {
  bool lossless = false;
  return reinterpret_cast<T*>(static_cast<uintptr_t>(info[i].As<Napi::BigInt>().Uint64Value(&lossless)));
}

void export_device(Napi::Object& exports);
void export_events(Napi::Object& exports);
void export_gds(Napi::Object& exports);
void export_graphs(Napi::Object& exports);
void export_green_contexts(Napi::Object& exports);
void export_jiterator(Napi::Object& exports);
void export_memory(Napi::Object& exports);
void export_nccl(Napi::Object& exports);
void export_nccl_groups(Napi::Object& exports);
void export_nvtx(Napi::Object& exports);
void export_tunable(Napi::Object& exports);

}  // namespace torch_node::cuda
