// Devices, threads, default dtype and versions. Accelerators are reached through libtorch's device
// guards and hooks, so that no symbol of a CUDA library is needed.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

c10::DeviceType device_type(const Napi::Value& name) { return c10::Device(name.As<Napi::String>().Utf8Value()).type(); }

const c10::impl::DeviceGuardImplInterface* guard_of(c10::DeviceType type) {
  return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::getDeviceGuardImpl(type) : nullptr;
}

Napi::Value parse(const Napi::CallbackInfo& info, Environment&) {
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("type", c10::DeviceTypeName(device.type(), true));
  result.Set("index", device.has_index() ? Napi::Value(Napi::Number::New(info.Env(), device.index()))
                                         : Napi::Value(info.Env().Null()));
  return result;
}

Napi::Value count(const Napi::CallbackInfo& info, Environment&) {
  const auto* guard = guard_of(device_type(info[0]));
  return Napi::Number::New(info.Env(), guard == nullptr ? 0 : guard->deviceCount());
}

Napi::Value current(const Napi::CallbackInfo& info, Environment&) {
  const auto* guard = guard_of(device_type(info[0]));
  TORCH_CHECK(guard != nullptr, "this libtorch has no support for ", device_type(info[0]));
  return Napi::Number::New(info.Env(), guard->getDevice().index());
}

Napi::Value set_current(const Napi::CallbackInfo& info, Environment&) {
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  const auto* guard = guard_of(device.type());
  TORCH_CHECK(guard != nullptr, "this libtorch has no support for ", device.type());
  guard->setDevice(device);
  return info.Env().Undefined();
}

Napi::Value synchronize(const Napi::CallbackInfo& info, Environment&) {
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  const auto* guard = guard_of(device.type());
  TORCH_CHECK(guard != nullptr, "this libtorch has no support for ", device.type());
  const auto index = device.has_index() ? device.index() : guard->getDevice().index();
  guard->synchronizeDevice(index);
  return info.Env().Undefined();
}

/// Initialises a device, with libtorch's own message when that is impossible.
Napi::Value initialize(const Napi::CallbackInfo& info, Environment&) {
  at::globalContext().lazyInitDevice(device_type(info[0]));
  return info.Env().Undefined();
}

/// Whether the loaded libtorch was built for a type of device, whatever the machine has.
Napi::Value built(const Napi::CallbackInfo& info, Environment&) {
  const c10::DeviceType type = device_type(info[0]);
  const bool cuda = type == c10::DeviceType::CUDA && at::Context::hasCUDART();
  return Napi::Boolean::New(info.Env(), guard_of(type) != nullptr || cuda);
}

/// The CUDA runtime's version as in torch.version.cuda, or null.
Napi::Value cuda_version(const Napi::CallbackInfo& info, Environment&) {
  if (!at::Context::hasCUDART()) return info.Env().Null();
  const int64_t version = at::detail::getCUDAHooks().versionCUDART();
  return Napi::String::New(info.Env(), c10::str(version / 1000, ".", version % 1000 / 10));
}

/// The marketing name of a CUDA device, from the driver (libtorch has no device-neutral call for it).
Napi::Value cuda_device_name(const Napi::CallbackInfo& info, Environment&) {
#if defined(_WIN32)
  TORCH_CHECK_NOT_IMPLEMENTED(false, "get_device_name is not available on Windows yet");
#else
  const int index = info[0].As<Napi::Number>().Int32Value();
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  TORCH_CHECK(driver != nullptr, "the NVIDIA driver library libcuda.so.1 cannot be loaded");
  const auto get = reinterpret_cast<int (*)(int*, int)>(dlsym(driver, "cuDeviceGet"));
  const auto get_name = reinterpret_cast<int (*)(char*, int, int)>(dlsym(driver, "cuDeviceGetName"));
  int device = 0;
  char name[256] = {};
  TORCH_CHECK(
      get != nullptr && get_name != nullptr && get(&device, index) == 0 && get_name(name, sizeof name - 1, device) == 0,
      "the NVIDIA driver has no device ", index);
  return Napi::String::New(info.Env(), name);
#endif
}

Napi::Value get_num_threads(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), at::get_num_threads());
}

Napi::Value set_num_threads(const Napi::CallbackInfo& info, Environment&) {
  const int64_t threads = to_int64(info.Env(), info[0]);
  TORCH_CHECK(threads > 0, "set_num_threads expects a positive integer");
  at::set_num_threads(static_cast<int>(threads));
  return info.Env().Undefined();
}

Napi::Value get_num_interop_threads(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<double>(at::get_num_interop_threads()));
}

Napi::Value set_num_interop_threads(const Napi::CallbackInfo& info, Environment&) {
  const int64_t threads = to_int64(info.Env(), info[0]);
  TORCH_CHECK(threads > 0, "set_num_interop_threads expects a positive integer");
  at::set_num_interop_threads(static_cast<int>(threads));
  return info.Env().Undefined();
}

Napi::Value get_default_dtype(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<int>(c10::get_default_dtype_as_scalartype()));
}

Napi::Value set_default_dtype(const Napi::CallbackInfo& info, Environment&) {
  const auto type = static_cast<c10::ScalarType>(info[0].As<Napi::Number>().Int32Value());
  TORCH_CHECK_TYPE(c10::isFloatingType(type), "only floating-point types are supported as the default type");
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(type));
  return info.Env().Undefined();
}

/// dtype_info(code) -> [name, itemsize, floating, complex]
Napi::Value dtype_info(const Napi::CallbackInfo& info, Environment&) {
  const auto type = static_cast<c10::ScalarType>(info[0].As<Napi::Number>().Int32Value());
  Napi::Array result = Napi::Array::New(info.Env(), 4);
  result[0u] = Napi::String::New(info.Env(), c10::toString(type));
  result[1u] = Napi::Number::New(info.Env(), static_cast<double>(c10::elementSize(type)));
  result[2u] = Napi::Boolean::New(info.Env(), c10::isFloatingType(type));
  result[3u] = Napi::Boolean::New(info.Env(), c10::isComplexType(type));
  return result;
}

Napi::Value promote_types(const Napi::CallbackInfo& info, Environment&) {
  const auto a = static_cast<c10::ScalarType>(info[0].As<Napi::Number>().Int32Value());
  const auto b = static_cast<c10::ScalarType>(info[1].As<Napi::Number>().Int32Value());
  return Napi::Number::New(info.Env(), static_cast<int>(c10::promoteTypes(a, b)));
}

Napi::Value show_config(const Napi::CallbackInfo& info, Environment&) {
  return Napi::String::New(info.Env(), at::show_config());
}

Napi::Value version(const Napi::CallbackInfo& info, Environment&) {
  return Napi::String::New(info.Env(), TORCH_VERSION);
}

}  // namespace

void export_device(Exports& exports) {
  exports.add<parse>("device_parse");
  exports.add<count>("device_count");
  exports.add<current>("device_current");
  exports.add<set_current>("device_set_current");
  exports.add<synchronize>("device_synchronize");
  exports.add<initialize>("device_initialize");
  exports.add<built>("device_built");
  exports.add<cuda_version>("cuda_version");
  exports.add<cuda_device_name>("cuda_device_name");
  exports.add<get_num_threads>("get_num_threads");
  exports.add<set_num_threads>("set_num_threads");
  exports.add<get_num_interop_threads>("get_num_interop_threads");
  exports.add<set_num_interop_threads>("set_num_interop_threads");
  exports.add<get_default_dtype>("get_default_dtype");
  exports.add<set_default_dtype>("set_default_dtype");
  exports.add<dtype_info>("dtype_info");
  exports.add<promote_types>("promote_types");
  exports.add<show_config>("show_config");
  exports.add<version>("version_of_libtorch");
}

}  // namespace torch_node
