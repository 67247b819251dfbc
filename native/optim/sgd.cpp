// Optimizers that follow the gradient itself, or its sign: SGD, ASGD and Rprop.
#include <algorithm>

#include "optim/step.h"

namespace torch_node {
namespace {

constexpr const char* kAlpha = "add_(): argument 'alpha'";

// Scalars and columns are shared with the files of the same names in lib/optim/.

namespace sgd {

enum Scalar { kLr, kMomentum, kDampening, kWeightDecay };
enum Flag : int32_t { kNesterov = kFirstOwnFlag };
constexpr int32_t kColumns = 2;  // param, momentum_buffer or -1

struct Lists {
  Tensors params{}, grads{}, buffers{};  ///< a momentum buffer is undefined before its first step
};

at::Tensor with_weight_decay(const at::Tensor& grad, const at::Tensor& param, const Hyper& weight_decay,
                             bool maximize) {
  if (!weight_decay.requires_grad()) return effective_grad(grad, param, weight_decay, maximize);
  return (maximize ? grad.neg() : grad).addcmul_(param.clone(), weight_decay.tensor());
}

/// The momentum buffer with the gradient in it; the first gradient is the buffer.
void add_to(at::Tensor& buffer, const at::Tensor& grad, const StepOptions& options) {
  if (buffer.defined()) {
    multiply_(buffer, options[kMomentum]).add_(grad, 1 - options[kDampening].number());
  } else {
    buffer = grad.detach().clone();
  }
}

void single_tensor(Lists& lists, const StepOptions& options) {
  const Hyper& lr = options[kLr];
  const double momentum = options[kMomentum].number();
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::Tensor& param = lists.params[i];
    at::Tensor grad = with_weight_decay(lists.grads[i], param, options[kWeightDecay], options.maximize());
    if (momentum != 0) {
      at::Tensor& buffer = lists.buffers[i];
      add_to(buffer, grad, options);
      grad = options.has(kNesterov) ? grad.add(buffer, momentum) : buffer;
    }
    if (lr.requires_grad()) {
      param.addcmul_(grad, lr.tensor(), -1);
    } else {
      param.add_(grad, (-lr).scalar(kAlpha));
    }
  }
}

void multi_tensor(Lists& lists, const StepOptions& options) {
  const double momentum = options[kMomentum].number();
  Tensors grads = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize()).grads;
  if (momentum != 0) {
    const auto undefined = [](const at::Tensor& buffer) { return !buffer.defined(); };
    if (std::none_of(lists.buffers.begin(), lists.buffers.end(), undefined)) {
      at::_foreach_mul_(lists.buffers, momentum);
      at::_foreach_add_(lists.buffers, grads, 1 - options[kDampening].number());
    } else {
      for (size_t i = 0; i < grads.size(); i++) add_to(lists.buffers[i], grads[i], options);
    }
    if (options.has(kNesterov)) {
      at::_foreach_add_(grads, lists.buffers, momentum);
    } else {
      grads = lists.buffers;
    }
  }
  const at::Scalar rate = (-options[kLr]).scalar(kAlpha);
  const auto sparse = [](const at::Tensor& grad) { return grad.is_sparse(); };
  if (std::none_of(lists.grads.begin(), lists.grads.end(), sparse)) {
    at::_foreach_add_(lists.params, grads, rate);
  } else {
    for (size_t i = 0; i < grads.size(); i++) lists.params[i].add_(grads[i], rate);
  }
}

void fused_group(const Lists& lists, const StepOptions& options, bool first_step) {
  if (lists.params.empty()) return;
  const Scaling scaling = scaling_on(options, lists.params[0].device());
  const auto run = [&](auto&& rate) {
    at::_fused_sgd_(lists.params, lists.grads, lists.buffers, options[kWeightDecay].number(),
                    options[kMomentum].number(), rate, options[kDampening].number(), options.has(kNesterov),
                    options.maximize(), first_step, scaling.grad_scale, scaling.found_inf);
  };
  const Hyper& lr = options[kLr];
  if (!lr.is_tensor()) return run(lr.number());
  run(lr.tensor());
}

/// The kernel fills all momentum buffers or adds to all: parameters at their first step go by themselves.
void fused(Lists& lists, const StepOptions& options) {
  check_fused(lists.params);
  const bool momentum = options[kMomentum].number() != 0;
  Lists fresh, known;
  for (size_t i = 0; i < lists.params.size(); i++) {
    TORCH_CHECK(!lists.grads[i].is_sparse(), "`_fused_sgd` does not support sparse gradients");
    Lists& its = momentum && !lists.buffers[i].defined() ? fresh : known;
    its.params.push_back(lists.params[i]);
    its.grads.push_back(with_layout_of_param(lists.grads[i], lists.params[i]));
    if (!momentum) continue;
    // A first step that is left out leaves its buffer as it is.
    if (&its == &fresh) {
      const at::Tensor& grad = its.grads.back();
      lists.buffers[i] = options.scaled() ? at::zeros_like(grad) : at::empty_like(grad);
    }
    check_state_layout(lists.buffers[i], lists.params[i], "SGD", "momentum_buffer");
    its.buffers.push_back(lists.buffers[i]);
  }
  fused_group(fresh, options, true);
  fused_group(known, options, false);
}

}  // namespace sgd

namespace asgd {

enum Scalar { kLr, kLambd, kDecayPower, kT0, kWeightDecay };
enum Column { kStep, kEta, kMu, kAx };

Hyper eta_at(const Hyper& step, const StepOptions& options) {
  const Hyper& lr = options[kLr];
  return lr / power(1 + options[kLambd] * lr * step, options[kDecayPower]);
}

double mu_at(const at::Tensor& step, const StepOptions& options) {
  return 1 / std::max(1.0, item_of(step) - options[kT0].number());
}

void assign(const at::Tensor& scalar, const Hyper& value) {
  if (value.is_tensor()) {
    scalar.copy_(value.tensor());
  } else {
    scalar.fill_(value.number());
  }
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper& lambd = options[kLambd];
  const bool capturable = options.capturable();
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = lists.grads[i];
    at::Tensor ax = lists.state[kAx][i];
    const at::Tensor& step = lists.state[kStep][i];
    const at::Tensor& eta = lists.state[kEta][i];
    const at::Tensor& mu = lists.state[kMu][i];
    for (at::Tensor* tensor : {&param, &grad, &ax}) view_as_real(*tensor);
    increment(step);
    grad = effective_grad(grad, param, options[kWeightDecay], options.maximize());

    const Hyper rate = count_of(eta, capturable);
    multiply_(param, 1 - lambd * rate);
    if (rate.is_tensor()) {
      param.addcmul_(grad, rate.tensor(), -1);
    } else {
      param.add_(grad, -rate.number());
    }
    if (capturable || item_of(mu) != 1) {
      ax.add_(param.sub(ax).mul_(mu));
    } else {
      ax.copy_(param);
    }
    assign(eta, eta_at(count_of(step, capturable), options));
    if (capturable) {
      mu.copy_((1 / Hyper(at::maximum(step.sub(options[kT0].number()), at::ones_like(step)))).tensor());
    } else {
      assign(mu, mu_at(step, options));
    }
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const at::Scalar lambd = options[kLambd].number();
  view_as_real(lists);
  const Tensors& steps = lists.state[kStep];
  increment(steps);
  auto [grads, fresh] = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize());
  if (options[kWeightDecay]) {
    at::_foreach_add_(grads, lists.params, lambd);
  } else {
    grads = at::_foreach_add(grads, lists.params, lambd);
  }
  at::_foreach_addcmul_(lists.params, grads, lists.state[kEta], -1);
  at::_foreach_addcmul_(lists.state[kAx], at::_foreach_sub(lists.params, lists.state[kAx]), lists.state[kMu], 1);
  for (size_t i = 0; i < steps.size(); i++) {
    // Here Python computes with the tensor, in its dtype.
    assign(lists.state[kEta][i], eta_at(Hyper(steps[i]), options));
    assign(lists.state[kMu][i], mu_at(steps[i], options));
  }
}

}  // namespace asgd

namespace rprop {

enum Scalar { kEtaMinus, kEtaPlus, kStepSizeMin, kStepSizeMax };
enum Column { kStep, kPrev, kStepSize };

/// In place, from the sign of gradient times previous gradient to the factor of the step size: etaplus, etaminus or 1.
void signs_to_etas_(const at::Tensor& sign, const StepOptions& options) {
  sign.masked_fill_(sign.gt(0), options[kEtaPlus].number());
  sign.masked_fill_(sign.lt(0), options[kEtaMinus].number());
  sign.masked_fill_(sign.eq(0), 1);
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = options.maximize() ? lists.grads[i].neg() : lists.grads[i];
    at::Tensor prev = lists.state[kPrev][i];
    at::Tensor step_size = lists.state[kStepSize][i];
    increment(lists.state[kStep][i]);
    for (at::Tensor* tensor : {&param, &grad, &prev, &step_size}) view_as_real(*tensor);
    const at::Tensor sign = grad.mul(options.differentiable() ? prev.clone() : prev).sign();
    signs_to_etas_(sign, options);
    step_size.mul_(sign).clamp_(options[kStepSizeMin].number(), options[kStepSizeMax].number());
    // Where the sign changed, the parameter skips this step.
    grad = grad.clone(at::MemoryFormat::Preserve);
    grad.masked_fill_(sign.eq(options[kEtaMinus].number()), 0);
    param.addcmul_(grad.sign(), step_size, -1);
    prev.copy_(grad);
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  view_as_real(lists);
  increment(lists.state[kStep]);
  const Tensors& prevs = lists.state[kPrev];
  const Tensors& step_sizes = lists.state[kStepSize];
  const Tensors signs = at::_foreach_mul(lists.grads, prevs);
  if (options.maximize()) at::_foreach_neg_(signs);
  at::_foreach_copy_(prevs, lists.grads);
  if (options.maximize()) at::_foreach_neg_(prevs);
  at::_foreach_sign_(signs);
  for (const at::Tensor& sign : signs) signs_to_etas_(sign, options);
  at::_foreach_mul_(step_sizes, signs);
  for (const at::Tensor& step_size : step_sizes) {
    step_size.clamp_(options[kStepSizeMin].number(), options[kStepSizeMax].number());
  }
  Tensors directions;
  for (size_t i = 0; i < prevs.size(); i++) {
    prevs[i].masked_fill_(signs[i].eq(options[kEtaMinus].number()), 0);
    directions.push_back(prevs[i].sign());
  }
  at::_foreach_addcmul_(lists.params, directions, step_sizes, -1);
}

}  // namespace rprop

/// The result is the momentum buffers made: [index of the parameter, wrapped tensor, ...].
Napi::Value sgd_step(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = handles_of(info);
  const StepOptions options = read_options(info, environment);
  const at::AutoGradMode grad_mode(options.differentiable());
  const bool momentum = options[sgd::kMomentum].number() != 0;
  sgd::Lists lists;
  std::vector<size_t> indices;
  std::vector<bool> known;
  for (size_t i = 0; i + sgd::kColumns <= handles.ElementLength(); i += sgd::kColumns) {
    const at::Tensor& param = environment.tensors.get(handles[i]);
    if (!param.grad().defined()) continue;
    lists.params.push_back(param);
    lists.grads.push_back(param.grad());
    if (momentum) lists.buffers.push_back(optional_tensor(environment.tensors, handles[i + 1]));
    known.push_back(momentum && lists.buffers.back().defined());
    indices.push_back(i / sgd::kColumns);
  }
  if (options.path == StepPath::kFused) {
    TORCH_CHECK(!options.differentiable(), "`fused` does not support `differentiable`");
  } else {
    check_unscaled(options);
  }
  const bool multi =
      options.path == StepPath::kForeach || (options.path == StepPath::kDefault && all_on_cuda(lists.params));
  if (options.path == StepPath::kSingle || (options.path == StepPath::kDefault && !multi)) {
    sgd::single_tensor(lists, options);
  } else {
    for (const auto& group : by_device_and_dtype(lists.params)) {
      sgd::Lists its{select_indices(lists.params, group), select_indices(lists.grads, group),
                     momentum ? select_indices(lists.buffers, group) : Tensors()};
      if (multi) {
        sgd::multi_tensor(its, options);
      } else {
        sgd::fused(its, options);
      }
      for (size_t i = 0; i < its.buffers.size(); i++) lists.buffers[group[i]] = its.buffers[i];
    }
  }
  const TensorTable::InFlight in_flight(environment.tensors);
  Napi::Array made = Napi::Array::New(info.Env());
  for (size_t i = 0; momentum && i < lists.buffers.size(); i++) {
    if (known[i]) continue;
    made.Set(made.Length(), Napi::Number::New(info.Env(), static_cast<double>(indices[i])));
    made.Set(made.Length(), wrapped(info.Env(), environment, lists.buffers[i]));
  }
  return made;
}

const RegisteredStep kSGD("SGD", sgd_step);

const RegisteredStep kASGD({
    .name = "ASGD",
    .columns = {"step", "eta", "mu", "ax"},
    .single = asgd::single_tensor,
    .multi = asgd::multi_tensor,
    .captured = "params, mus, etas, and state_steps",
});

const RegisteredStep kRprop({
    .name = "Rprop",
    .columns = {"step", "prev", "step_size"},
    .single = rprop::single_tensor,
    .multi = rprop::multi_tensor,
});

}  // namespace
}  // namespace torch_node
