// Functional tensors: libtorch's own pass turns what a program does in place into operators that return new tensors.
#include <ATen/FunctionalTensorWrapper.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "core/convert.h"
#include "core/environment.h"
#include "export/recorder.h"

namespace torch_node {
namespace {

/// functional_mode(on) -> whether it was on: operators that make tensors make functional ones
Napi::Value functional_mode(const Napi::CallbackInfo& info, Environment&) {
  constexpr auto kKey = c10::DispatchKey::Functionalize;
  const bool before = c10::impl::tls_is_dispatch_key_included(kKey);
  const bool on = info[0].ToBoolean();
  c10::impl::tls_set_dispatch_key_included(kKey, on);
  at::functionalization::impl::setFunctionalizationReapplyViewsTLS(on);
  return Napi::Boolean::New(info.Env(), before);
}

/// functional_wrap(handle) -> a functional tensor with the value of a tensor
Napi::Value functional_wrap(const Napi::CallbackInfo& info, Environment& environment) {
  return wrapped(info.Env(), environment,
                 at::functionalization::impl::to_functional_tensor(tensor_at(info, 0, environment)));
}

/// functional_value(handle) -> what a functional tensor holds now; another tensor is itself
Napi::Value functional_value(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor tensor = tensor_at(info, 0, environment);
  if (!at::functionalization::impl::isFunctionalTensor(tensor)) return wrapped(info.Env(), environment, tensor);
  at::functionalization::impl::sync(tensor);
  return wrapped(info.Env(), environment, at::functionalization::impl::from_functional_tensor(tensor));
}

/// is_composite(name, overload) -> whether libtorch makes the operator of others, also for autograd
Napi::Value is_composite(const Napi::CallbackInfo& info, Environment&) {
  const auto op =
      c10::Dispatcher::singleton().findSchema({info[0].ToString().Utf8Value(), info[1].ToString().Utf8Value()});
  const bool composite = op && op->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
  return Napi::Boolean::New(info.Env(), composite);
}

}  // namespace

void export_functionalization(Exports& exports) {
  exports.add<functional_mode>("functional_mode");
  exports.add<functional_wrap>("functional_wrap");
  exports.add<functional_value>("functional_value");
  exports.add<is_composite>("is_composite");
}

}  // namespace torch_node
