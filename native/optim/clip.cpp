// The norm of many gradients, and their scaling by it: one call for all of them.
#include <cstring>

#include <ATen/ATen.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

/// Numbers of one dtype in CPU memory as one tensor; all others are stacked.
at::Tensor joined(const std::vector<at::Tensor>& numbers) {
  const at::Tensor& first = numbers.front();
  for (const at::Tensor& number : numbers) {
    if (!number.is_cpu() || number.scalar_type() != first.scalar_type()) return at::stack(numbers);
  }
  at::Tensor list = at::empty({static_cast<int64_t>(numbers.size())}, first.options());
  char* to = static_cast<char*>(list.mutable_data_ptr());
  for (const at::Tensor& number : numbers) {
    std::memcpy(to, number.const_data_ptr(), number.element_size());
    to += number.element_size();
  }
  return list;
}

/// norm_of_norms(handles, order): the norm of the norms of tensors on one device.
Napi::Value norm_of_norms(const Napi::CallbackInfo& info, Environment& environment) {
  const double order = info[1].As<Napi::Number>().DoubleValue();
  std::vector<at::Tensor> norms = to_tensors(info.Env(), info[0], environment.tensors);
  for (at::Tensor& tensor : norms) tensor = at::linalg_vector_norm(tensor, order);
  return wrapped(info.Env(), environment, at::linalg_vector_norm(joined(norms), order));
}

/// scale_all(handles, factor): multiplies tensors in place by a number, a tensor on the same device.
Napi::Value scale_all(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor factor = tensor_at(info, 1, environment);
  const bool changes = !factor.is_cpu() || factor.item().toDouble() != 1;
  for (at::Tensor& tensor : to_tensors(info.Env(), info[0], environment.tensors)) {
    if (changes) tensor.mul_(factor);
  }
  return info.Env().Undefined();
}

}  // namespace

void export_clip(Exports& exports) {
  exports.add<norm_of_norms>("norm_of_norms");
  exports.add<scale_all>("scale_all");
}

}  // namespace torch_node
