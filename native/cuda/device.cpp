// Properties of devices, what operators that wait for the device do, and functions of CUDA's runtime.
#include <array>
#include <cstdio>

// The mode of warnings is a variable in an inline function of this header, of which libtorch and the addon must have
// one.
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#include <c10/cuda/CUDAFunctions.h>
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#include <ATen/cuda/CUDAContextLight.h>
#include <c10/cuda/CUDAException.h>
#include <cuda_runtime_api.h>

#include "cuda/cuda_addon.h"

// Of <cuda_profiler_api.h>, which the runtime's package for Python lacks.
extern "C" {
cudaError_t CUDARTAPI cudaProfilerStart();
cudaError_t CUDARTAPI cudaProfilerStop();
}

namespace torch_node::cuda {
namespace {

std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text;
  for (size_t i = 0; i < sizeof uuid.bytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned int>(static_cast<uint8_t>(uuid.bytes[i])));
    text += digits.data();
  }
  return text;
}

int attribute(int device, cudaDeviceAttr name) {
  int value = 0;
  C10_CUDA_CHECK(cudaDeviceGetAttribute(&value, name, device));
  return value;
}

/// properties(index) -> what CUDA says about a device, under Python's names
Napi::Value properties(const Napi::CallbackInfo& info) {
  const int index = device_at(info, 0);
  cudaDeviceProp found{};
  C10_CUDA_CHECK(cudaGetDeviceProperties(&found, index));
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("name", Napi::String::New(info.Env(), found.name));
  const std::pair<const char*, double> numbers[] = {
      {"major", found.major},
      {"minor", found.minor},
      {"is_multi_gpu_board", found.isMultiGpuBoard},
      {"is_integrated", found.integrated},
      {"multi_processor_count", found.multiProcessorCount},
      {"total_memory", static_cast<double>(found.totalGlobalMem)},
      {"max_threads_per_multi_processor", found.maxThreadsPerMultiProcessor},
      {"max_threads_per_block", found.maxThreadsPerBlock},
      {"warp_size", found.warpSize},
      {"regs_per_multiprocessor", found.regsPerMultiprocessor},
      {"shared_memory_per_block", static_cast<double>(found.sharedMemPerBlock)},
      {"shared_memory_per_block_optin", static_cast<double>(found.sharedMemPerBlockOptin)},
      {"shared_memory_per_multiprocessor", static_cast<double>(found.sharedMemPerMultiprocessor)},
      {"L2_cache_size", found.l2CacheSize},
      {"memory_bus_width", found.memoryBusWidth},
      {"pci_bus_id", found.pciBusID},
      {"pci_device_id", found.pciDeviceID},
      {"pci_domain_id", found.pciDomainID},
      // No longer members of the struct since CUDA 13.
      {"clock_rate", attribute(index, cudaDevAttrClockRate)},
      {"memory_clock_rate", attribute(index, cudaDevAttrMemoryClockRate)},
  };
  for (const auto& [name, value] : numbers) result.Set(name, number(info.Env(), value));
  result.Set("uuid", Napi::String::New(info.Env(), uuid_text(found.uuid)));
  return result;
}

Napi::Value can_access_peer(const Napi::CallbackInfo& info) {
  int can = 0;
  C10_CUDA_CHECK(cudaDeviceCanAccessPeer(&can, device_at(info, 0), device_at(info, 1)));
  return Napi::Boolean::New(info.Env(), can != 0);
}

Napi::Value priority_range(const Napi::CallbackInfo& info) {
  const auto [least, greatest] = c10::cuda::CUDAStream::priority_range();
  Napi::Array range = Napi::Array::New(info.Env(), 2);
  range[0u] = Napi::Number::New(info.Env(), least);
  range[1u] = Napi::Number::New(info.Env(), greatest);
  return range;
}

Napi::Value stream_priority(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), stream_at(info, 0).priority());
}

Napi::Value blas_handle(const Napi::CallbackInfo& info) {
  return pointer_to_js(info.Env(), at::cuda::getCurrentCUDABlasHandle());
}

Napi::Value solver_handle(const Napi::CallbackInfo& info) {
  return pointer_to_js(info.Env(), at::cuda::getCurrentCUDASolverDnHandle());
}

Napi::Value sync_debug_mode(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<int>(c10::cuda::warning_state().get_sync_debug_mode()));
}

Napi::Value set_sync_debug_mode(const Napi::CallbackInfo& info) {
  c10::cuda::warning_state().set_sync_debug_mode(static_cast<c10::cuda::SyncDebugMode>(integer_at(info, 0)));
  return info.Env().Undefined();
}

Napi::Value error_string(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), cudaGetErrorString(static_cast<cudaError_t>(integer_at(info, 0))));
}

Napi::Value profiler_start(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), cudaProfilerStart());
}

Napi::Value profiler_stop(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), cudaProfilerStop()); }

Napi::Value host_register(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           cudaHostRegister(pointer_at<void>(info, 0), static_cast<size_t>(integer_at(info, 1)),
                                            static_cast<unsigned int>(integer_at(info, 2))));
}

Napi::Value host_unregister(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), cudaHostUnregister(pointer_at<void>(info, 0)));
}

Napi::Value stream_create(const Napi::CallbackInfo& info) {
  cudaStream_t stream = nullptr;
  const cudaError_t code = cudaStreamCreate(&stream);
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result[0u] = Napi::Number::New(info.Env(), code);
  result[1u] = pointer_to_js(info.Env(), stream);
  return result;
}

Napi::Value stream_destroy(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), cudaStreamDestroy(pointer_at<CUstream_st>(info, 0)));
}

}  // namespace

void export_device(Napi::Object& exports) {
  add<properties>(exports, "properties");
  add<can_access_peer>(exports, "can_access_peer");
  add<priority_range>(exports, "priority_range");
  add<stream_priority>(exports, "stream_priority");
  add<blas_handle>(exports, "blas_handle");
  add<solver_handle>(exports, "solver_handle");
  add<sync_debug_mode>(exports, "sync_debug_mode");
  add<set_sync_debug_mode>(exports, "set_sync_debug_mode");
  add<error_string>(exports, "error_string");
  add<profiler_start>(exports, "profiler_start");
  add<profiler_stop>(exports, "profiler_stop");
  add<host_register>(exports, "host_register");
  add<host_unregister>(exports, "host_unregister");
  add<stream_create>(exports, "stream_create");
  add<stream_destroy>(exports, "stream_destroy");
}

}  // namespace torch_node::cuda
