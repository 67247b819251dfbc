// What a tensor is: shape, strides, dtype, device, flags, and aliases of it.
#include <algorithm>

#include <ATen/ATen.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include "core/convert.h"
#include "core/environment.h"
#include "export/recorder.h"

namespace torch_node {
namespace {

/// scratch(): the Float64Array in which calls leave numbers.
Napi::Value scratch(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), environment.scratch.array(info.Env())};
}

/// Writes integers to the scratch memory and returns their count; an array where they do not fit.
Napi::Value sizes_result(Napi::Env env, Environment& environment, c10::IntArrayRef values) {
  constexpr int64_t kExact = int64_t{1} << 53;
  const bool exact =
      std::all_of(values.begin(), values.end(), [](int64_t value) { return -kExact < value && value < kExact; });
  if (!exact || !environment.scratch.holds(values.size())) return {env, from_ints(env, values)};
  for (size_t i = 0; i < values.size(); ++i) environment.scratch[i] = static_cast<double>(values[i]);
  return Napi::Number::New(env, static_cast<double>(values.size()));
}

Napi::Value shape(const Napi::CallbackInfo& info, Environment& environment) {
  return sizes_result(info.Env(), environment, tensor_at(info, 0, environment).sizes());
}

Napi::Value strides(const Napi::CallbackInfo& info, Environment& environment) {
  return sizes_result(info.Env(), environment, tensor_at(info, 0, environment).strides());
}

Napi::Value dim(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(tensor_at(info, 0, environment).dim()));
}

Napi::Value size(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), from_int64(info.Env(), tensor_at(info, 0, environment).size(to_int64(info.Env(), info[1])))};
}

Napi::Value numel(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), from_int64(info.Env(), tensor_at(info, 0, environment).numel())};
}

Napi::Value storage_offset(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), from_int64(info.Env(), tensor_at(info, 0, environment).storage_offset())};
}

Napi::Value dtype(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<int>(tensor_at(info, 0, environment).scalar_type()));
}

Napi::Value layout(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<int>(tensor_at(info, 0, environment).layout()));
}

Napi::Value device(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::String::New(info.Env(), tensor_at(info, 0, environment).device().str());
}

Napi::Value is_nested(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).is_nested());
}

Napi::Value is_quantized(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).is_quantized());
}

Napi::Value data_ptr(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(tensor_at(info, 0, environment).data_ptr()));
}

Napi::Value is_contiguous(const Napi::CallbackInfo& info, Environment& environment) {
  const auto format = info[1].IsNumber() ? static_cast<at::MemoryFormat>(info[1].As<Napi::Number>().Int32Value())
                                         : at::MemoryFormat::Contiguous;
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).is_contiguous(format));
}

Napi::Value version(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(tensor_at(info, 0, environment)._version()));
}

Napi::Value is_view(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), tensor_at(info, 0, environment).is_view());
}

/// Tensor.data: the same storage, outside of autograd.
Napi::Value variable_data(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  at::Tensor data = torch::jit::tracer::isTracing() ? tensor.detach() : tensor.variable_data();
  note_call("aten::detach", tensor, data);
  return wrapped(info.Env(), environment, std::move(data));
}

Napi::Value set_data(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& source = tensor_at(info, 1, environment);
  note_data_replaced();
  tensor_at(info, 0, environment).set_data(source);
  environment.tensors.recount(info[0].As<Napi::Number>().Int32Value());
  return info.Env().Undefined();
}

/// A fresh tensor object on the same storage, for nn.Parameter. Parameters outlive any scope.
Napi::Value alias_detached(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor alias = tensor_at(info, 0, environment).detach();
  alias.unsafeGetTensorImpl()->set_allow_tensor_metadata_change(true);
  const int32_t wrapped = environment.tensors.put(std::move(alias));
  environment.tensors.scope_keep(wrapped >> 2);
  return Napi::Number::New(info.Env(), wrapped);
}

}  // namespace

void export_tensor(Exports& exports) {
  exports.add<scratch>("scratch");
  exports.add<shape>("shape");
  exports.add<strides>("strides");
  exports.add<dim>("dim");
  exports.add<size>("size");
  exports.add<numel>("numel");
  exports.add<storage_offset>("storage_offset");
  exports.add<dtype>("dtype");
  exports.add<layout>("layout");
  exports.add<device>("device");
  exports.add<is_nested>("is_nested");
  exports.add<is_quantized>("is_quantized");
  exports.add<data_ptr>("data_ptr");
  exports.add<is_contiguous>("is_contiguous");
  exports.add<version>("version");
  exports.add<is_view>("is_view");
  exports.add<variable_data>("variable_data");
  exports.add<set_data>("set_data");
  exports.add<alias_detached>("alias_detached");
}

}  // namespace torch_node
