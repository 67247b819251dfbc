// Variants of Adam: Adamax, NAdam and RAdam.
#include "optim/step.h"

namespace torch_node {
namespace {

constexpr const char* kValue = "addcdiv_(): argument 'value'";

// Scalars and columns are shared with the files of the same names in lib/optim/.

namespace adamax {

enum Scalar { kLr, kBeta1, kBeta2, kEps, kWeightDecay };
enum Column { kStep, kExpAvg, kExpInf };

/// exp_inf = max(beta2 * exp_inf, |grad| + eps)
void update_exp_inf(const at::Tensor& exp_inf, const at::Tensor& grad, const StepOptions& options) {
  multiply_(exp_inf, options[kBeta2]);
  const at::Tensor size = grad.abs().add_(options[kEps].number());
  if (options.differentiable()) {
    exp_inf.copy_(at::amax(at::cat({exp_inf.unsqueeze(0), size.unsqueeze(0)}, 0), 0));
  } else {
    at::Tensor result = exp_inf;
    at::maximum_out(result, exp_inf, size);
  }
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1];
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    const at::Tensor& step = lists.state[kStep][i];
    at::Tensor exp_avg = lists.state[kExpAvg][i];
    at::Tensor exp_inf = lists.state[kExpInf][i];
    increment(step);
    at::Tensor grad = effective_grad(lists.grads[i], param, options[kWeightDecay], options.maximize());
    for (at::Tensor* tensor : {&param, &grad, &exp_avg, &exp_inf}) view_as_real(*tensor);

    lerp_(exp_avg, grad, 1 - beta1);
    update_exp_inf(exp_inf, grad, options);
    const Hyper power_of_beta1 = power(beta1, count_of(step, options.capturable()));
    if (options.capturable()) {
      param.addcdiv_(exp_avg, exp_inf.mul(((power_of_beta1 - 1) / lr).tensor()));
    } else {
      param.addcdiv_(exp_avg, exp_inf, (-(lr / (1 - power_of_beta1))).scalar(kValue));
    }
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  view_as_real(lists);
  increment(lists.state[kStep]);
  auto [grads, fresh] = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize());
  const double beta1 = options[kBeta1].number();
  const Tensors& exp_infs = lists.state[kExpInf];
  at::_foreach_lerp_(lists.state[kExpAvg], grads, 1 - beta1);
  at::_foreach_mul_(exp_infs, options[kBeta2].number());
  if (fresh) {
    at::_foreach_abs_(grads);
  } else {
    grads = at::_foreach_abs(grads);
  }
  at::_foreach_add_(grads, options[kEps].number());
  at::_foreach_maximum_(exp_infs, grads);
  std::vector<at::Scalar> step_size;
  for (const at::Tensor& step : lists.state[kStep]) {
    step_size.emplace_back((options[kLr].number() / (1 - power(beta1, item_of(step)).number())) * -1);
  }
  at::_foreach_addcdiv_(lists.params, lists.state[kExpAvg], exp_infs, step_size);
}

}  // namespace adamax

namespace nadam {

enum Scalar { kLr, kBeta1, kBeta2, kEps, kWeightDecay, kMomentumDecay };
enum Column { kStep, kMuProduct, kExpAvg, kExpAvgSq };
enum Flag : int32_t { kDecoupled = kFirstOwnFlag };

Hyper momentum_at(const Hyper& step, const StepOptions& options) {
  return options[kBeta1] * (1.0 - 0.5 * power(0.96, step * options[kMomentumDecay]));
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1], &beta2 = options[kBeta2];
  const Hyper& weight_decay = options[kWeightDecay];
  const bool decoupled = options.has(kDecoupled);
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = lists.grads[i];
    at::Tensor exp_avg = lists.state[kExpAvg][i];
    at::Tensor exp_avg_sq = lists.state[kExpAvgSq][i];
    const at::Tensor& mu_product = lists.state[kMuProduct][i];
    for (at::Tensor* tensor : {&param, &grad, &exp_avg, &exp_avg_sq}) view_as_real(*tensor);
    increment(lists.state[kStep][i]);
    const Hyper step = count_of(lists.state[kStep][i], options.capturable());
    const Hyper bias_correction2 = 1 - power(beta2, step);
    if (decoupled && weight_decay) multiply_(param, 1 - lr * weight_decay);
    grad = effective_grad(grad, param, decoupled ? Hyper(0) : weight_decay, options.maximize());

    const Hyper mu = momentum_at(step, options);
    const Hyper mu_next = momentum_at(step + 1, options);
    multiply_(mu_product, mu);
    lerp_(exp_avg, grad, 1 - beta1);
    multiply_(exp_avg_sq, beta2).addcmul_(grad, grad, (1 - beta2).number());
    const at::Tensor root = divide(exp_avg_sq, bias_correction2).sqrt();
    if (options.differentiable() || options.capturable()) {
      const at::Tensor denominator = root.add(options[kEps].number());
      const Hyper product = mu_product;
      const Hyper product_next = product * mu_next;
      param.addcdiv_(multiply(grad, -lr * (1.0 - mu) / (1.0 - product)), denominator);
      param.addcdiv_(multiply(exp_avg, -lr * mu_next / (1.0 - product_next)), denominator);
    } else {
      const Hyper product = item_of(mu_product);
      root.add_(options[kEps].number());
      param.addcdiv_(grad, root, (-lr * (1.0 - mu) / (1.0 - product)).scalar(kValue));
      param.addcdiv_(exp_avg, root, (-lr * mu_next / (1.0 - product * mu_next)).scalar(kValue));
    }
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const double lr = options[kLr].number();
  const double beta1 = options[kBeta1].number();
  const double beta2 = options[kBeta2].number();
  view_as_real(lists);
  const Tensors& steps = lists.state[kStep];
  increment(steps);
  const bool decoupled = options.has(kDecoupled);
  const Hyper& weight_decay = options[kWeightDecay];
  if (decoupled && weight_decay) shrink(lists.params, 1 - options[kLr] * weight_decay);
  const Tensors grads =
      effective_grads(lists.grads, lists.params, decoupled ? Hyper(0) : weight_decay, options.maximize()).grads;
  at::_foreach_lerp_(lists.state[kExpAvg], grads, 1 - beta1);
  at::_foreach_mul_(lists.state[kExpAvgSq], beta2);
  at::_foreach_addcmul_(lists.state[kExpAvgSq], grads, grads, 1 - beta2);

  std::vector<at::Scalar> root_of_correction, mus, grad_sizes, average_sizes;
  std::vector<double> next;
  for (const at::Tensor& step : steps) {
    const Hyper count = item_of(step);
    root_of_correction.emplace_back(power(1 - power(beta2, count), 0.5).number());
    mus.emplace_back(momentum_at(count, options).number());
    next.push_back(momentum_at(count + 1, options).number());
  }
  const Tensors denominator = at::_foreach_sqrt(lists.state[kExpAvgSq]);
  at::_foreach_mul_(lists.state[kMuProduct], mus);
  at::_foreach_div_(denominator, root_of_correction);
  at::_foreach_add_(denominator, options[kEps].number());
  for (size_t i = 0; i < steps.size(); i++) {
    const double product = item_of(lists.state[kMuProduct][i]);
    grad_sizes.emplace_back(lr * (1.0 - mus[i].toDouble()) / (1.0 - product) * -1);
    average_sizes.emplace_back(lr * next[i] / (1.0 - product * next[i]) * -1);
  }
  at::_foreach_addcdiv_(lists.params, grads, denominator, grad_sizes);
  at::_foreach_addcdiv_(lists.params, lists.state[kExpAvg], denominator, average_sizes);
}

}  // namespace nadam

namespace radam {

enum Scalar { kLr, kBeta1, kBeta2, kEps, kWeightDecay };
enum Column { kStep, kExpAvg, kExpAvgSq };
enum Flag : int32_t { kDecoupled = kFirstOwnFlag };

/// rho_t, the length of the approximated simple moving average; above 5 the step is rectified.
Hyper rho_at(const Hyper& step, const Hyper& beta2, double limit) {
  return limit - 2 * step * power(beta2, step) / (1 - power(beta2, step));
}

Hyper rectification(const Hyper& length, double limit) {
  return power((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length), 0.5);
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1], &beta2 = options[kBeta2];
  const Hyper& weight_decay = options[kWeightDecay];
  const bool decoupled = options.has(kDecoupled);
  const double limit = 2 / (1 - beta2.number()) - 1;
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = lists.grads[i];
    at::Tensor exp_avg = lists.state[kExpAvg][i];
    at::Tensor exp_avg_sq = lists.state[kExpAvgSq][i];
    for (at::Tensor* tensor : {&param, &grad, &exp_avg, &exp_avg_sq}) view_as_real(*tensor);
    increment(lists.state[kStep][i]);
    const Hyper step = count_of(lists.state[kStep][i], options.capturable());
    if (decoupled && weight_decay) multiply_(param, 1 - lr * weight_decay);
    grad = effective_grad(grad, param, decoupled ? Hyper(0) : weight_decay, options.maximize());

    lerp_(exp_avg, grad, 1 - beta1);
    multiply_(exp_avg_sq, beta2).addcmul_(grad, grad, (1 - beta2).number());
    const Hyper bias_correction2 = 1 - power(beta2, step);
    const at::Tensor update = multiply(divide(exp_avg, 1 - power(beta1, step)), lr);
    const auto adaptive = [&] {
      const at::Tensor root = exp_avg_sq.sqrt();
      const at::Tensor denominator =
          options.differentiable() ? root.add(options[kEps].number()) : root.add_(options[kEps].number());
      return (power(bias_correction2, 0.5) / Hyper(denominator)).tensor();
    };
    const Hyper length = rho_at(step, beta2, limit);
    if (length.is_tensor()) {
      const at::Tensor rectified = rectification(length, limit).tensor().mul(adaptive());
      param.add_(update.mul(at::where(length.tensor().gt(5.0), rectified, 1.0)), -1.0);
    } else if (length.number() > 5.0) {
      param.add_(multiply(update.mul(adaptive()), rectification(length, limit)), -1.0);
    } else {
      param.add_(update, -1.0);
    }
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1], &beta2 = options[kBeta2];
  view_as_real(lists);
  const Tensors& steps = lists.state[kStep];
  increment(steps);
  const bool decoupled = options.has(kDecoupled);
  const Hyper& weight_decay = options[kWeightDecay];
  if (decoupled && weight_decay) shrink(lists.params, 1 - lr * weight_decay);
  const Tensors grads =
      effective_grads(lists.grads, lists.params, decoupled ? Hyper(0) : weight_decay, options.maximize()).grads;
  at::_foreach_lerp_(lists.state[kExpAvg], grads, 1 - beta1.number());
  at::_foreach_mul_(lists.state[kExpAvgSq], beta2.number());
  at::_foreach_addcmul_(lists.state[kExpAvgSq], grads, grads, 1 - beta2.number());

  const double limit = 2 / (1 - beta2.number()) - 1;
  const Tensors buffer = at::_foreach_sqrt(lists.state[kExpAvgSq]);
  at::_foreach_add_(buffer, options[kEps].number());
  HyperList sizes, unrectified_sizes;
  for (const at::Tensor& tensor : steps) {
    const Hyper step = item_of(tensor);
    const Hyper length = rho_at(step, beta2, limit);
    const Hyper rectified = length.number() > 5 ? rectification(length, limit) : Hyper(0);
    const Hyper bias_correction1 = 1 - power(beta1, step);
    unrectified_sizes.push_back(lr * Hyper(rectified.number() > 0 ? 0 : 1) / bias_correction1 * -1);
    sizes.push_back(power(1 - power(beta2, step), 0.5) * (lr * rectified / bias_correction1) * -1);
  }
  sizes.apply([&](const auto& list) { at::_foreach_div_(buffer, list); });
  at::_foreach_reciprocal_(buffer);
  unrectified_sizes.apply([&](const auto& list) { at::_foreach_add_(buffer, list); });
  at::_foreach_addcmul_(lists.params, lists.state[kExpAvg], buffer, 1);
}

}  // namespace radam
const RegisteredStep kAdamax({
    .name = "Adamax",
    .columns = {"step", "exp_avg", "exp_inf"},
    .single = adamax::single_tensor,
    .multi = adamax::multi_tensor,
});

const RegisteredStep kNAdam({
    .name = "NAdam",
    .columns = {"step", "mu_product", "exp_avg", "exp_avg_sq"},
    .single = nadam::single_tensor,
    .multi = nadam::multi_tensor,
    .captured = "params, mu_products and state_steps",
});

const RegisteredStep kRAdam({
    .name = "RAdam",
    .columns = {"step", "exp_avg", "exp_avg_sq"},
    .single = radam::single_tensor,
    .multi = radam::multi_tensor,
});

}  // namespace
}  // namespace torch_node
