// Arithmetic of hyperparameters and the parts that the steps of several optimizers have in common.
#include "optim/step.h"

#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include <ATen/ScalarOps.h>

#include "core/device_types.h"

namespace torch_node {

at::Scalar Hyper::scalar(const char* argument) const {
  if (!is_tensor()) return number_;
  TORCH_CHECK_TYPE(!tensor_.requires_grad(), argument, " must be Number, not Tensor");
  return tensor_.item();
}

Hyper operator-(const Hyper& a) { return a.is_tensor() ? Hyper(a.tensor().neg()) : Hyper(-a.number()); }

Hyper operator+(const Hyper& a, const Hyper& b) {
  if (a.is_tensor()) return b.is_tensor() ? a.tensor().add(b.tensor()) : a.tensor().add(b.number());
  return b.is_tensor() ? Hyper(b.tensor().add(a.number())) : Hyper(a.number() + b.number());
}

Hyper operator-(const Hyper& a, const Hyper& b) {
  if (a.is_tensor()) return b.is_tensor() ? a.tensor().sub(b.tensor()) : a.tensor().sub(b.number());
  return b.is_tensor() ? Hyper(at::rsub(b.tensor(), a.number())) : Hyper(a.number() - b.number());
}

Hyper operator*(const Hyper& a, const Hyper& b) {
  if (a.is_tensor()) return b.is_tensor() ? a.tensor().mul(b.tensor()) : multiply(a.tensor(), b);
  return b.is_tensor() ? Hyper(multiply(b.tensor(), a)) : Hyper(a.number() * b.number());
}

// A number over a tensor is the number times the reciprocal, as in Python.
Hyper operator/(const Hyper& a, const Hyper& b) {
  if (a.is_tensor()) return b.is_tensor() ? a.tensor().div(b.tensor()) : a.tensor().div(b.number());
  return b.is_tensor() ? Hyper(multiply(b.tensor().reciprocal(), a)) : Hyper(a.number() / b.number());
}

// Python's `**` on floats is C's pow.
Hyper power(const Hyper& base, const Hyper& exponent) {
  if (base.is_tensor()) {
    return exponent.is_tensor() ? at::pow(base.tensor(), exponent.tensor()) : at::pow(base.tensor(), exponent.number());
  }
  return exponent.is_tensor() ? Hyper(at::pow(at::Scalar(base.number()), exponent.tensor()))
                              : Hyper(std::pow(base.number(), exponent.number()));
}

namespace {

// Python passes the number as a tensor, on the right; libtorch's own form for numbers puts it on the left.
at::Tensor wrapped_factor(const Hyper& factor) {
  return factor.is_tensor() ? factor.tensor() : at::native::wrapped_scalar_tensor(factor.number());
}

}  // namespace

at::Tensor multiply(const at::Tensor& tensor, const Hyper& factor) { return tensor.mul(wrapped_factor(factor)); }

const at::Tensor& multiply_(const at::Tensor& tensor, const Hyper& factor) {
  return tensor.mul_(wrapped_factor(factor));
}

at::Tensor divide(const at::Tensor& tensor, const Hyper& divisor) {
  return divisor.is_tensor() ? tensor.div(divisor.tensor()) : tensor.div(divisor.number());
}

void lerp_(const at::Tensor& tensor, const at::Tensor& end, const Hyper& weight) {
  if (weight.is_tensor()) {
    tensor.lerp_(end, weight.tensor());
  } else {
    tensor.lerp_(end, weight.number());
  }
}

void HyperList::push_back(const Hyper& value) {
  if (value.is_tensor()) {
    tensors_.push_back(value.tensor());
  } else {
    numbers_.emplace_back(value.number());
  }
}

const at::Tensor& StepLists::present(size_t column, size_t i) const {
  const at::Tensor& tensor = state[column][i];
  TORCH_CHECK(tensor.defined(), kernel->name, ": the state has no '", kernel->columns[column], "'");
  return tensor;
}

const Tensors& StepLists::present(size_t column) const {
  for (size_t i = 0; i < params.size(); i++) present(column, i);
  return state[column];
}

namespace {

Napi::TypedArrayOf<int32_t> int32_at(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::TypedArrayOf<int32_t>>();
}

}  // namespace

Napi::TypedArrayOf<int32_t> handles_of(const Napi::CallbackInfo& info) { return int32_at(info, 1); }

at::Tensor optional_tensor(const TensorTable& tensors, Handle handle) {
  return handle < 0 ? at::Tensor() : tensors.get(handle);
}

StepOptions read_options(const Napi::CallbackInfo& info, const Environment& environment) {
  StepOptions options;
  const auto numbers = info[2].As<Napi::TypedArrayOf<double>>();
  options.scalars.reserve(numbers.ElementLength());
  for (size_t i = 0; i < numbers.ElementLength(); i++) options.scalars.emplace_back(numbers[i]);
  if (!info[3].IsNull()) {
    const auto tensors = int32_at(info, 3);
    for (size_t i = 0; i < tensors.ElementLength(); i++) {
      if (tensors[i] >= 0) options.scalars[i] = Hyper(environment.tensors.get(tensors[i])).squeezed();
    }
  }
  options.flags = info[4].As<Napi::Number>().Int32Value();
  options.path = static_cast<StepPath>(info[5].As<Napi::Number>().Int32Value());
  options.grad_scale = optional_tensor(environment.tensors, info[6].As<Napi::Number>().Int32Value());
  options.found_inf = optional_tensor(environment.tensors, info[7].As<Napi::Number>().Int32Value());
  return options;
}

bool all_on_cuda(const Tensors& tensors) {
  for (const at::Tensor& tensor : tensors) {
    if (!tensor.is_cuda()) return false;
  }
  return true;
}

std::vector<std::vector<size_t>> by_device_and_dtype(const Tensors& tensors) {
  std::vector<std::vector<size_t>> groups;
  std::map<std::tuple<int, int, int>, size_t> known;
  for (size_t i = 0; i < tensors.size(); i++) {
    const at::Device device = tensors[i].device();
    const std::tuple key{static_cast<int>(device.type()), static_cast<int>(device.index()),
                         static_cast<int>(tensors[i].scalar_type())};
    const auto [found, added] = known.try_emplace(key, groups.size());
    if (added) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  return groups;
}

Tensors select_indices(const Tensors& tensors, const std::vector<size_t>& indices) {
  Tensors result;
  result.reserve(indices.size());
  for (const size_t index : indices) result.push_back(tensors[index]);
  return result;
}

StepLists select_indices(const StepLists& lists, const std::vector<size_t>& indices) {
  StepLists result{lists.kernel, select_indices(lists.params, indices), select_indices(lists.grads, indices)};
  result.state.reserve(lists.state.size());
  for (const Tensors& column : lists.state) result.state.push_back(select_indices(column, indices));
  return result;
}

void check_fused(const Tensors& params) {
  for (const at::Tensor& param : params) {
    const at::DeviceType type = param.device().type();
    TORCH_CHECK(param.unsafeGetTensorImpl()->is_non_overlapping_and_dense(),
                "`fused=True` requires all the params to be dense in memory");
    TORCH_CHECK(has_trait(type, &DeviceTraits::fused) && param.is_floating_point(),
                "`fused=True` requires all the params to be floating point Tensors of supported devices: [",
                names_with(&DeviceTraits::fused), "] but torch.", c10::getDtypeNames(param.scalar_type()).first,
                " and ", at::DeviceTypeName(type, /*lower_case=*/true));
  }
}

void check_unscaled(const StepOptions& options) {
  TORCH_CHECK(!options.scaled(), "Expected grad_scale and found_inf to be None");
}

Scaling scaling_on(const StepOptions& options, const at::Device& device) {
  const auto there = [&](const at::Tensor& tensor) {
    return tensor.defined() ? std::make_optional(tensor.to(tensor.options().device(device), /*non_blocking=*/true))
                            : std::nullopt;
  };
  return {there(options.grad_scale), there(options.found_inf)};
}

void take_back(const Tensors& steps, const Scaling& scaling) {
  if (scaling.found_inf) at::_foreach_sub_(steps, Tensors(steps.size(), *scaling.found_inf));
}

at::Tensor with_layout_of_param(const at::Tensor& grad, const at::Tensor& param) {
  if (grad.sizes() == param.sizes() && grad.strides() == param.strides() && grad.scalar_type() == param.scalar_type()) {
    return grad;
  }
  return at::empty_like(param).copy_(grad);
}

void check_state_layout(const at::Tensor& state, const at::Tensor& param, const char* optimizer, const char* name) {
  TORCH_CHECK(state.layout() == at::kStrided && state.sizes() == param.sizes() && state.strides() == param.strides() &&
                  state.scalar_type() == param.scalar_type() && state.device() == param.device(),
              optimizer, ": '", name, "' of the state must be like its parameter, ", param.toString(), param.sizes(),
              ", but is ", state.toString(), state.sizes());
}

namespace {

/// A float32 on the CPU, which is the rule for counts of steps, needs no operator.
bool is_plain_count(const at::Tensor& step) {
  // One that a mapped file holds may lie anywhere.
  return step.is_cpu() && step.scalar_type() == at::kFloat && step.dim() == 0 &&
         reinterpret_cast<uintptr_t>(step.const_data_ptr()) % alignof(float) == 0;
}

}  // namespace

double item_of(const at::Tensor& scalar) {
  return is_plain_count(scalar) ? *scalar.const_data_ptr<float>() : scalar.item().toDouble();
}

void increment(const at::Tensor& step) {
  if (is_plain_count(step) && !step.requires_grad()) {
    *step.mutable_data_ptr<float>() += 1;
    step.unsafeGetTensorImpl()->bump_version();
    return;
  }
  step.add_(1);
}

void increment(const Tensors& steps) {
  if (steps[0].is_cpu()) {
    at::_foreach_add_(steps, at::scalar_tensor(1.0, at::dtype(at::get_default_dtype())), 1.0);
  } else {
    at::_foreach_add_(steps, 1);
  }
}

Hyper count_of(const at::Tensor& step, bool as_tensor) { return as_tensor ? Hyper(step) : Hyper(item_of(step)); }

at::Tensor effective_grad(const at::Tensor& grad, const at::Tensor& param, const Hyper& weight_decay, bool maximize) {
  at::Tensor turned = maximize ? grad.neg() : grad;
  if (!weight_decay) return turned;
  return turned.add(param, weight_decay.scalar("add(): argument 'alpha'"));
}

EffectiveGrads effective_grads(const Tensors& grads, const Tensors& params, const Hyper& weight_decay, bool maximize) {
  EffectiveGrads result{maximize ? at::_foreach_neg(grads) : grads, maximize};
  if (!weight_decay) return result;
  const at::Scalar alpha = weight_decay.scalar("_foreach_add(): argument 'alpha'");
  if (maximize) {
    at::_foreach_add_(result.grads, params, alpha);
  } else {
    result = {at::_foreach_add(grads, params, alpha), true};
  }
  return result;
}

void shrink(const Tensors& params, const Hyper& factor) {
  if (factor.is_tensor()) {
    at::_foreach_mul_(params, factor.tensor());
  } else {
    at::_foreach_mul_(params, factor.number());
  }
}

void view_as_real(at::Tensor& tensor) {
  if (tensor.defined() && tensor.is_complex()) tensor = at::view_as_real(tensor);
}

void view_as_real(Tensors& tensors) {
  for (at::Tensor& tensor : tensors) view_as_real(tensor);
}

void view_as_real(StepLists& lists) {
  view_as_real(lists.params);
  view_as_real(lists.grads);
  for (Tensors& column : lists.state) view_as_real(column);
}

}  // namespace torch_node
