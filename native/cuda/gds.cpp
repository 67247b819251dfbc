// Files that are read into the memory of a GPU, and written from it, by NVIDIA's cuFile (lib/cuda/gds.ts). Its library
// is opened when something needs it: libtorch itself is not linked with it.
#include "cuda/cuda_addon.h"

#if defined(__linux__) && __has_include(<cufile.h>)

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <c10/cuda/CUDAGuard.h>
#include <cufile.h>
#include <dlfcn.h>

namespace torch_node::cuda {
namespace {

/// A function of the library. @throws Error where it is not there
template <typename Function>
Function* function_of(const char* name) {
  static void* const library = dlopen("libcufile.so.0", RTLD_NOW | RTLD_LOCAL);
  TORCH_CHECK(library != nullptr, "cuFile cannot be opened: ", dlerror());
  void* found = dlsym(library, name);
  TORCH_CHECK(found != nullptr, "cuFile has no ", name);
  return reinterpret_cast<Function*>(found);
}

std::string text_of(ssize_t status) {
  const auto code = static_cast<int>(std::abs(status));
  return IS_CUFILE_ERR(code) ? CUFILE_ERRSTR(code) : std::strerror(errno);
}

void check(const CUfileError_t& status, const char* function) {
  if (status.err == CU_FILE_SUCCESS) return;
  std::string text = text_of(status.err);
  if (status.err == CU_FILE_CUDA_DRIVER_ERROR) {
    text.append(".").append(cudaGetErrorString(static_cast<cudaError_t>(status.cu_err)));
  }
  TORCH_CHECK(false, function, " failed: ", text);
}

/// gds_register_buffer(pointer, bytes)
Napi::Value gds_register_buffer(const Napi::CallbackInfo& info) {
  const auto bytes = static_cast<size_t>(integer_at(info, 1));
  check(function_of<decltype(cuFileBufRegister)>("cuFileBufRegister")(pointer_at<void>(info, 0), bytes, 0),
        "cuFileBufRegister");
  return info.Env().Undefined();
}

/// gds_deregister_buffer(pointer)
Napi::Value gds_deregister_buffer(const Napi::CallbackInfo& info) {
  check(function_of<decltype(cuFileBufDeregister)>("cuFileBufDeregister")(pointer_at<void>(info, 0)),
        "cuFileBufDeregister");
  return info.Env().Undefined();
}

/// gds_register_handle(descriptor) -> a handle
Napi::Value gds_register_handle(const Napi::CallbackInfo& info) {
  CUfileDescr_t description{};
  description.type = CU_FILE_HANDLE_TYPE_OPAQUE_FD;
  description.handle.fd = static_cast<int>(integer_at(info, 0));
  CUfileHandle_t handle = nullptr;
  check(function_of<decltype(cuFileHandleRegister)>("cuFileHandleRegister")(&handle, &description),
        "cuFileHandleRegister");
  return pointer_to_js(info.Env(), handle);
}

/// gds_deregister_handle(handle)
Napi::Value gds_deregister_handle(const Napi::CallbackInfo& info) {
  function_of<decltype(cuFileHandleDeregister)>("cuFileHandleDeregister")(pointer_at<void>(info, 0));
  return info.Env().Undefined();
}

/// gds_transfer(load or not, handle, pointer, bytes, offset in the file, index of the device)
Napi::Value gds_transfer(const Napi::CallbackInfo& info) {
  const bool loads = info[0].ToBoolean().Value();
  void* const memory = pointer_at<void>(info, 2);
  const auto bytes = static_cast<size_t>(integer_at(info, 3));
  const auto offset = static_cast<off_t>(integer_at(info, 4));
  const c10::cuda::CUDAGuard guard(device_at(info, 5));
  const char* name = loads ? "cuFileRead" : "cuFileWrite";
  ssize_t moved = 0;
  if (loads) {
    moved = function_of<decltype(cuFileRead)>(name)(pointer_at<void>(info, 1), memory, bytes, offset, 0);
  } else {
    moved = function_of<decltype(cuFileWrite)>(name)(pointer_at<void>(info, 1), memory, bytes, offset, 0);
  }
  TORCH_CHECK(moved >= 0, name, " failed: ", text_of(moved));
  return info.Env().Undefined();
}

}  // namespace

void export_gds(Napi::Object& exports) {
  add<gds_register_buffer>(exports, "gds_register_buffer");
  add<gds_deregister_buffer>(exports, "gds_deregister_buffer");
  add<gds_register_handle>(exports, "gds_register_handle");
  add<gds_deregister_handle>(exports, "gds_deregister_handle");
  add<gds_transfer>(exports, "gds_transfer");
}

}  // namespace torch_node::cuda

#else

namespace torch_node::cuda {

void export_gds(Napi::Object&) {}

}  // namespace torch_node::cuda

#endif
