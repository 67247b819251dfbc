// The state of autocast, which libtorch keeps for each thread; see lib/amp/autocast_state.ts and
// lib/amp/autocast_mode.ts.
#include <ATen/autocast_mode.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

/// The type of device that a text names, as `torch.get_autocast_dtype('cuda:1')` reads it too.
c10::DeviceType type_of(const Napi::Value& device) { return c10::Device(device.As<Napi::String>().Utf8Value()).type(); }

/// autocast_available(device)
Napi::Value autocast_available(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::autocast::is_autocast_available(type_of(info[0])));
}

/// autocast_enabled(device)
Napi::Value autocast_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::autocast::is_autocast_enabled(type_of(info[0])));
}

/// set_autocast_enabled(device, on)
Napi::Value set_autocast_enabled(const Napi::CallbackInfo& info, Environment&) {
  at::autocast::set_autocast_enabled(type_of(info[0]), info[1].ToBoolean().Value());
  return info.Env().Undefined();
}

/// autocast_dtype(device)
Napi::Value autocast_dtype(const Napi::CallbackInfo& info, Environment&) {
  const at::ScalarType dtype = at::autocast::get_autocast_dtype(type_of(info[0]));
  // Of a type of device without autocast.
  TORCH_CHECK(dtype != at::ScalarType::Undefined, "unsupported scalarType");
  return Napi::Number::New(info.Env(), static_cast<int>(dtype));
}

/// set_autocast_dtype(device, dtype)
Napi::Value set_autocast_dtype(const Napi::CallbackInfo& info, Environment&) {
  at::autocast::set_autocast_dtype(type_of(info[0]), static_cast<at::ScalarType>(to_int64(info.Env(), info[1])));
  return info.Env().Undefined();
}

/// autocast_cache_enabled()
Napi::Value autocast_cache_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::autocast::is_autocast_cache_enabled());
}

/// set_autocast_cache_enabled(on)
Napi::Value set_autocast_cache_enabled(const Napi::CallbackInfo& info, Environment&) {
  at::autocast::set_autocast_cache_enabled(info[0].ToBoolean().Value());
  return info.Env().Undefined();
}

/// clear_autocast_cache(): frees the copies of parameters that a region has made.
Napi::Value clear_autocast_cache(const Napi::CallbackInfo& info, Environment&) {
  at::autocast::clear_cache();
  return info.Env().Undefined();
}

/// autocast_nesting(deeper) -> how many regions are open now
Napi::Value autocast_nesting(const Napi::CallbackInfo& info, Environment&) {
  const bool deeper = info[0].ToBoolean().Value();
  return Napi::Number::New(info.Env(), deeper ? at::autocast::increment_nesting() : at::autocast::decrement_nesting());
}

}  // namespace

void export_autocast(Exports& exports) {
  exports.add<autocast_available>("autocast_available");
  exports.add<autocast_enabled>("autocast_enabled");
  exports.add<set_autocast_enabled>("set_autocast_enabled");
  exports.add<autocast_dtype>("autocast_dtype");
  exports.add<set_autocast_dtype>("set_autocast_dtype");
  exports.add<autocast_cache_enabled>("autocast_cache_enabled");
  exports.add<set_autocast_cache_enabled>("set_autocast_cache_enabled");
  exports.add<clear_autocast_cache>("clear_autocast_cache");
  exports.add<autocast_nesting>("autocast_nesting");
}

}  // namespace torch_node
