// Automatic differentiation: flags, gradients, backward passes, grad modes and tensor hooks.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/engine_callbacks.h"
#include "core/convert.h"
#include "core/environment.h"
#include "memory/out_of_memory.h"

namespace torch_node {
namespace {

using torch::autograd::variable_list;

Napi::Value requires_grad(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).requires_grad());
}

Napi::Value set_requires_grad(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const bool flag = info[1].ToBoolean().Value();
  TORCH_CHECK(tensor.is_leaf() || flag,
              "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
              "in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
  TORCH_CHECK(!flag || torch::autograd::isDifferentiableType(tensor.scalar_type()),
              "only Tensors of floating point and complex dtype can require gradients");
  if (tensor.is_leaf()) tensor.set_requires_grad(flag);
  return info.Env().Undefined();
}

Napi::Value is_leaf(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).is_leaf());
}

Napi::Value output_nr(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(tensor_at(info, 0, environment).output_nr()));
}

Napi::Value grad(const Napi::CallbackInfo& info, Environment& environment) {
  return wrapped(info.Env(), environment, tensor_at(info, 0, environment).grad());
}

/// grad_dtype(tensor) -> the number of a dtype; -1 when gradients may have any
Napi::Value grad_dtype(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  TORCH_CHECK(tensor.is_leaf(), "grad_dtype can only be accessed on leaf tensors.");
  const std::optional<at::ScalarType> found = tensor.grad_dtype();
  return Napi::Number::New(info.Env(), found ? static_cast<int>(*found) : -1);
}

/// set_grad_dtype(tensor, the number of a dtype, or -1)
Napi::Value set_grad_dtype(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  TORCH_CHECK(tensor.is_leaf(), "grad_dtype can only be set on leaf tensors.");
  const int32_t code = info[1].As<Napi::Number>().Int32Value();
  std::optional<at::ScalarType> wanted;
  if (code >= 0) wanted = static_cast<at::ScalarType>(code);
  const at::Tensor& gradient = tensor.grad();
  TORCH_CHECK(!wanted || !gradient.defined() || gradient.scalar_type() == *wanted, "Cannot set grad_dtype to '",
              *wanted, "' because there is already a gradient with dtype '", gradient.dtype(),
              "'. Please clear the gradient (.grad = None) before changing grad_dtype, or ensure the new grad_dtype "
              "matches the existing gradient's dtype.");
  tensor.set_grad_dtype(wanted);
  return info.Env().Undefined();
}

Napi::Value set_grad(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const int32_t handle = info[1].As<Napi::Number>().Int32Value();
  if (handle < 0) {
    tensor.mutable_grad().reset();
    return info.Env().Undefined();
  }
  const at::Tensor& gradient = environment.tensors.get(handle);
  TORCH_CHECK(!gradient.is_same(tensor), "can't assign Variable as its own grad");
  const std::optional<at::ScalarType> expected = tensor.is_leaf() ? tensor.grad_dtype() : tensor.scalar_type();
  TORCH_CHECK(
      !expected || gradient.scalar_type() == *expected, "attempting to assign a gradient with dtype '",
      gradient.dtype(), "' to a tensor with grad_dtype '", *expected,
      "'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the "
      "tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with "
      "caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they "
      "match.");
  TORCH_CHECK(gradient.device() == tensor.device(), "assigned grad has data located on a different device");
  TORCH_CHECK(gradient.sizes() == tensor.sizes(), "assigned grad has data of a different size: expected ",
              tensor.sizes(), ", got ", gradient.sizes());
  tensor.mutable_grad() = gradient;
  return info.Env().Undefined();
}

Napi::Value retain_grad(const Napi::CallbackInfo& info, Environment& environment) {
  tensor_at(info, 0, environment).retain_grad();
  return info.Env().Undefined();
}

Napi::Value retains_grad(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).retains_grad());
}

// --- hooks -----------------------------------------------------------------------------------------

at::Tensor call_hook(const JsReferences::Strong& callback, Environment& environment, const at::Tensor& gradient) {
  const Napi::Env env(callback.env());
  const Napi::HandleScope scope(env);
  const Napi::Value argument = wrapped(env, environment, gradient);
  const Napi::Value result = Napi::Function(env, callback.value()).Call({argument});
  if (!result.IsNumber()) return {};
  return environment.tensors.get(result.As<Napi::Number>().Int32Value());
}

/// register_hook(handle, callback): the callback gets what TensorTable::put returns and gives back a handle or nothing.
Napi::Value register_hook(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const EngineCallback callback(environment.references.strong(info[1]));
  Environment* here = &environment;
  const unsigned position = tensor.register_hook([callback, here](const at::Tensor& gradient) {
    at::Tensor replacement;
    if (callback.alive()) {
      callback.run([&](const JsReferences::Strong& function) { replacement = call_hook(function, *here, gradient); });
    }
    return replacement.defined() ? replacement : gradient;
  });
  return Napi::Number::New(info.Env(), position);
}

/// remove_hook(handle, position): releases the function at once. Does nothing when the tensor was disposed.
Napi::Value remove_hook(const Napi::CallbackInfo& info, Environment& environment) {
  const Handle handle = info[0].As<Napi::Number>().Int32Value();
  if (environment.tensors.is_disposed(handle)) return info.Env().Undefined();
  const at::Tensor& tensor = environment.tensors.get(handle);
  const auto* meta = torch::autograd::impl::get_autograd_meta(tensor);
  const uint32_t position = info[1].As<Napi::Number>().Uint32Value();
  if (meta == nullptr || !meta->cpp_hooks_list_ || position >= meta->cpp_hooks_list_->size())
    return info.Env().Undefined();
  // Freeing a function can run anything, so it is freed after the list is consistent again.
  auto& hooks = *meta->cpp_hooks_list_;
  const auto doomed = std::move(hooks[position]);
  hooks[position] = nullptr;
  // Positions identify hooks, so only the end is trimmed; without that a loop that adds and removes a hook grows the
  // list.
  while (!hooks.empty() && hooks.back() == nullptr) hooks.pop_back();
  return info.Env().Undefined();
}

// --- backward --------------------------------------------------------------------------------------

std::optional<bool> optional_flag(const Napi::Value& value) {
  if (!value.IsBoolean()) return std::nullopt;
  return value.As<Napi::Boolean>().Value();
}

/// backward(tensors, gradients, retain_graph, create_graph, inputs)
Napi::Value backward(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const auto roots = to_variables(env, info[0], environment.tensors);
  const auto gradients = to_variables(env, info[1], environment.tensors);
  const auto retain_graph = optional_flag(info[2]);
  const bool create_graph = info[3].ToBoolean().Value();
  const auto inputs = to_variables(env, info[4], environment.tensors);
  make_room_if_short(environment.tensors);
  run_engine([&] { torch::autograd::backward(roots, gradients, retain_graph, create_graph, inputs); });
  environment.tensors.close_graph_page();
  return env.Undefined();
}

/// gradients(outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused) -> handles
Napi::Value gradients(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const auto outputs = to_variables(env, info[0], environment.tensors);
  const auto inputs = to_variables(env, info[1], environment.tensors);
  const auto grad_outputs = to_variables(env, info[2], environment.tensors);
  const auto retain_graph = optional_flag(info[3]);
  const bool create_graph = info[4].ToBoolean().Value();
  const bool allow_unused = info[5].ToBoolean().Value();
  variable_list result;
  make_room_if_short(environment.tensors);
  run_engine(
      [&] { result = torch::autograd::grad(outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused); });
  const TensorTable::InFlight in_flight(environment.tensors);
  Napi::Array handles = Napi::Array::New(env, result.size());
  for (uint32_t i = 0; i < result.size(); ++i) {
    handles[i] = wrapped(info.Env(), environment, std::move(result[i]));
  }
  environment.tensors.close_graph_page();
  return handles;
}

// --- modes -----------------------------------------------------------------------------------------

Napi::Value grad_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::GradMode::is_enabled());
}

Napi::Value set_grad_enabled(const Napi::CallbackInfo& info, Environment&) {
  const bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(info[0].ToBoolean().Value());
  return Napi::Boolean::New(info.Env(), before);
}

std::vector<std::unique_ptr<c10::InferenceMode>>& inference_modes() {
  thread_local std::vector<std::unique_ptr<c10::InferenceMode>> modes;
  return modes;
}

Napi::Value inference_mode_enter(const Napi::CallbackInfo& info, Environment&) {
  inference_modes().push_back(std::make_unique<c10::InferenceMode>(info[0].ToBoolean().Value()));
  return info.Env().Undefined();
}

Napi::Value inference_mode_exit(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!inference_modes().empty(), "inference_mode: no inference mode is active");
  inference_modes().pop_back();
  return info.Env().Undefined();
}

Napi::Value inference_mode_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), c10::InferenceMode::is_enabled());
}

}  // namespace

void export_autograd(Exports& exports) {
  exports.add<requires_grad>("requires_grad");
  exports.add<set_requires_grad>("set_requires_grad");
  exports.add<is_leaf>("is_leaf");
  exports.add<output_nr>("output_nr");
  exports.add<grad>("grad");
  exports.add<set_grad>("set_grad");
  exports.add<grad_dtype>("grad_dtype");
  exports.add<set_grad_dtype>("set_grad_dtype");
  exports.add<retain_grad>("retain_grad");
  exports.add<retains_grad>("retains_grad");
  exports.add<register_hook>("register_hook");
  exports.add<remove_hook>("remove_hook");
  exports.add<backward>("backward");
  exports.add<gradients>("gradients");
  exports.add<grad_enabled>("grad_enabled");
  exports.add<set_grad_enabled>("set_grad_enabled");
  exports.add<inference_mode_enter>("inference_mode_enter");
  exports.add<inference_mode_exit>("inference_mode_exit");
  exports.add<inference_mode_enabled>("inference_mode_enabled");
}

}  // namespace torch_node
