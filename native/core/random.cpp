// Random number generators: seeds, states, and the default generator of each device.
#include "core/random.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/thread_generator.h"
#include "core/type_tags.h"

namespace torch_node {
namespace {

Napi::Value make(const Napi::CallbackInfo& info, Environment&) {
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  if (device.is_cpu()) return {info.Env(), generator_to_js(info.Env(), at::detail::createCPUGenerator())};
  at::globalContext().lazyInitDevice(device.type());
  return {
      info.Env(),
      generator_to_js(info.Env(),
                      at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index()))};
}

Napi::Value default_of(const Napi::CallbackInfo& info, Environment&) {
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  if (device.is_cpu()) return {info.Env(), generator_to_js(info.Env(), default_cpu_generator())};
  at::globalContext().lazyInitDevice(device.type());
  return {info.Env(), generator_to_js(info.Env(), at::globalContext().defaultGenerator(device))};
}

/// generator_own_default(): this thread draws from a default CPU generator of its own from now on.
Napi::Value own_default(const Napi::CallbackInfo& info, Environment&) {
  own_thread_generator();
  return info.Env().Undefined();
}

/// torch.manual_seed: the CPU's generator and those of every device there is.
Napi::Value manual_seed_all(const Napi::CallbackInfo& info, Environment&) {
  at::manual_seed(to_seed(info.Env(), info[0]));
  return info.Env().Undefined();
}

Napi::Value set_seed(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(to_seed(info.Env(), info[1]));
  return info.Env().Undefined();
}

Napi::Value seed(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return Napi::BigInt::New(info.Env(), generator.seed());
}

Napi::Value initial_seed(const Napi::CallbackInfo& info, Environment&) {
  return Napi::BigInt::New(info.Env(), generator_from(info.Env(), info[0]).current_seed());
}

Napi::Value get_state(const Napi::CallbackInfo& info, Environment& environment) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return wrapped(info.Env(), environment, generator.get_state());
}

Napi::Value set_state(const Napi::CallbackInfo& info, Environment& environment) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const at::Tensor& state = tensor_at(info, 1, environment);
  TORCH_CHECK_TYPE(state.layout() == at::kStrided && state.device().is_cpu() && state.scalar_type() == at::kByte,
                   "RNG state must be a torch.ByteTensor");
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
  return info.Env().Undefined();
}

/// generator_clone_state(generator) -> another one in the same state.
Napi::Value clone_state(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return {info.Env(), generator_to_js(info.Env(), generator.clone())};
}

/// generator_graphsafe_state(generator) -> a generator that shares the state.
Napi::Value graphsafe_get_state(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return {info.Env(), generator_to_js(info.Env(), generator.graphsafe_get_state())};
}

Napi::Value graphsafe_set_state(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.graphsafe_set_state(generator_from(info.Env(), info[1]));
  return info.Env().Undefined();
}

Napi::Value get_offset(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return Napi::BigInt::New(info.Env(), generator.get_offset());
}

Napi::Value set_offset(const Napi::CallbackInfo& info, Environment&) {
  at::Generator& generator = generator_from(info.Env(), info[0]);
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_offset(static_cast<uint64_t>(to_int64(info.Env(), info[1])));
  return info.Env().Undefined();
}

Napi::Value device_of(const Napi::CallbackInfo& info, Environment&) {
  return Napi::String::New(info.Env(), generator_from(info.Env(), info[0]).device().str());
}

}  // namespace

at::Generator& generator_from(napi_env env, napi_value value) {
  return from_external<at::Generator>(env, value, kGeneratorTag, "a torch.Generator");
}

napi_value generator_to_js(napi_env env, at::Generator generator) {
  return own_as_external(env, std::move(generator), kGeneratorTag);
}

void export_random(Exports& exports) {
  prepare_thread_generators();
  exports.add<make>("generator_new");
  exports.add<default_of>("generator_default");
  exports.add<set_seed>("generator_set_seed");
  exports.add<seed>("generator_seed");
  exports.add<initial_seed>("generator_initial_seed");
  exports.add<get_state>("generator_get_state");
  exports.add<set_state>("generator_set_state");
  exports.add<clone_state>("generator_clone_state");
  exports.add<graphsafe_get_state>("generator_graphsafe_get_state");
  exports.add<graphsafe_set_state>("generator_graphsafe_set_state");
  exports.add<get_offset>("generator_get_offset");
  exports.add<set_offset>("generator_set_offset");
  exports.add<own_default>("generator_own_default");
  exports.add<device_of>("generator_device");
  exports.add<manual_seed_all>("manual_seed");
}

}  // namespace torch_node
