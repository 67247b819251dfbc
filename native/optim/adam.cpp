// Adam and AdamW.
#include <utility>

#include "optim/step.h"

namespace torch_node {
namespace {

// Shared with lib/optim/adam.ts.
enum Scalar { kLr, kBeta1, kBeta2, kEps, kWeightDecay };
enum Column { kStep, kExpAvg, kExpAvgSq, kMaxExpAvgSq };
enum Flag : int32_t { kAmsgrad = kFirstOwnFlag, kDecoupled = kFirstOwnFlag * 2 };

/// Scales the average of squares by the corrections, and takes the step, where the count of steps is a tensor: in a
/// captured or differentiable step.
void step_by_tensors(const at::Tensor& param, const at::Tensor& exp_avg, const at::Tensor& squares,
                     const at::Tensor& step, const StepOptions& options) {
  const bool differentiable = options.differentiable();
  const auto correction = [&](const Hyper& beta) {
    return 1 - power(beta, differentiable && beta.requires_grad() ? step.clone() : step);
  };
  const Hyper step_size_neg = -(options[kLr] / correction(options[kBeta1]));
  const at::Tensor bias_correction2_sqrt = correction(options[kBeta2]).tensor().sqrt();
  const at::Tensor denominator = squares.sqrt().div(bias_correction2_sqrt.mul(step_size_neg.tensor()));
  denominator.add_((options[kEps] / step_size_neg).tensor());
  param.addcdiv_(differentiable ? exp_avg.clone() : exp_avg, denominator);
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1], &beta2 = options[kBeta2];
  const bool amsgrad = options.has(kAmsgrad);
  const bool differentiable = options.differentiable();
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = options.maximize() ? lists.grads[i].neg() : lists.grads[i];
    const at::Tensor& step = lists.state[kStep][i];
    at::Tensor exp_avg = lists.state[kExpAvg][i];
    at::Tensor exp_avg_sq = lists.state[kExpAvgSq][i];
    at::Tensor max_exp_avg_sq = amsgrad ? lists.present(kMaxExpAvgSq, i) : at::Tensor();
    increment(step);

    if (const Hyper& weight_decay = options[kWeightDecay]) {
      if (options.has(kDecoupled)) {
        multiply_(param, 1 - lr * weight_decay);
      } else if (differentiable && weight_decay.requires_grad()) {
        grad = grad.addcmul_(param.clone(), weight_decay.tensor());
      } else {
        grad = grad.add(param, weight_decay.scalar("add(): argument 'alpha'"));
      }
    }
    for (at::Tensor* tensor : {&grad, &exp_avg, &exp_avg_sq, &max_exp_avg_sq, &param}) view_as_real(*tensor);

    lerp_(exp_avg, grad, 1 - (beta1.is_tensor() ? Hyper(beta1.tensor().to(param.options())) : beta1));
    if (differentiable && beta2.requires_grad()) {
      lerp_(exp_avg_sq, grad.square(), 1 - beta2);
    } else {
      multiply_(exp_avg_sq, beta2).addcmul_(grad, grad, (1 - beta2).scalar("addcmul_(): argument 'value'"));
    }

    if (options.capturable() || differentiable) {
      if (amsgrad) {
        max_exp_avg_sq.copy_(at::maximum(differentiable ? max_exp_avg_sq.clone() : max_exp_avg_sq, exp_avg_sq));
      }
      step_by_tensors(param, exp_avg, amsgrad ? max_exp_avg_sq : exp_avg_sq, step, options);
      continue;
    }
    const Hyper count = item_of(step);
    const Hyper step_size = lr / (1 - power(beta1, count));
    const Hyper bias_correction2_sqrt = power(1 - power(beta2, count), 0.5);
    if (amsgrad) at::maximum_out(max_exp_avg_sq, max_exp_avg_sq, exp_avg_sq);
    at::Tensor denominator = (amsgrad ? max_exp_avg_sq : exp_avg_sq).sqrt();
    if (bias_correction2_sqrt.is_tensor()) {
      denominator = denominator.div(bias_correction2_sqrt.tensor());
    } else {
      denominator.div_(bias_correction2_sqrt.number());
    }
    denominator.add_(options[kEps].number());
    param.addcdiv_(exp_avg, denominator, (-step_size).scalar("addcdiv_(): argument 'value'"));
  }
}

/// lr / (beta1^t - 1) and sqrt(1 - beta2^t) as tensors on the device, for steps captured in a graph.
std::pair<Tensors, Tensors> capturable_corrections(const Tensors& steps, const StepOptions& options) {
  const auto powers = [&](const Hyper& beta) {
    if (!beta.is_tensor()) return at::_foreach_pow(at::Scalar(beta.number()), steps);
    Tensors result;
    for (const at::Tensor& step : steps) result.push_back(at::pow(beta.tensor(), step));
    return result;
  };
  Tensors step_size = powers(options[kBeta1]);
  Tensors bias_correction2_sqrt = powers(options[kBeta2]);
  at::_foreach_sub_(step_size, 1);
  at::_foreach_sub_(bias_correction2_sqrt, 1);
  at::_foreach_neg_(bias_correction2_sqrt);
  if (const Hyper& lr = options[kLr]; lr.is_tensor()) {
    at::_foreach_div_(step_size, lr.tensor());
  } else {
    at::_foreach_div_(step_size, lr.number());
  }
  at::_foreach_reciprocal_(step_size);
  at::_foreach_sqrt_(bias_correction2_sqrt);
  return {std::move(step_size), std::move(bias_correction2_sqrt)};
}

void average_grads(const StepLists& lists, const Tensors& grads, const StepOptions& options) {
  const Hyper weight1 = 1 - options[kBeta1];
  if (weight1.is_tensor()) {
    const at::Tensor weight = weight1.tensor().to(grads[0].device());
    for (size_t i = 0; i < grads.size(); i++) lerp_(lists.state[kExpAvg][i], grads[i], weight);
  } else {
    at::_foreach_lerp_(lists.state[kExpAvg], grads, weight1.number());
  }
  const Hyper& beta2 = options[kBeta2];
  if (beta2.is_tensor()) {
    at::_foreach_mul_(lists.state[kExpAvgSq], beta2.tensor());
    at::_foreach_addcmul_(lists.state[kExpAvgSq], at::_foreach_mul(grads, (1 - beta2).tensor()), grads, 1.0);
  } else {
    at::_foreach_mul_(lists.state[kExpAvgSq], beta2.number());
    at::_foreach_addcmul_(lists.state[kExpAvgSq], grads, grads, (1 - beta2).number());
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const Hyper &lr = options[kLr], &beta1 = options[kBeta1], &beta2 = options[kBeta2];
  const bool capturable = options.capturable();
  for (const auto& [name, value] : {std::pair{"lr", lr}, std::pair{"beta1", beta1}, std::pair{"beta2", beta2}}) {
    TORCH_CHECK(capturable || !value.is_tensor(), name,
                " as a Tensor is not supported for capturable=False and foreach=True");
  }
  const bool amsgrad = options.has(kAmsgrad);
  if (amsgrad) lists.present(kMaxExpAvgSq);
  view_as_real(lists);
  const Tensors& steps = lists.state[kStep];
  increment(steps);
  const Hyper& weight_decay = options[kWeightDecay];
  const bool decoupled = options.has(kDecoupled);
  if (decoupled && weight_decay) {
    shrink(lists.params, 1 - lr * weight_decay);
  }
  average_grads(
      lists, effective_grads(lists.grads, lists.params, decoupled ? Hyper(0) : weight_decay, options.maximize()).grads,
      options);

  const Tensors& squares = lists.state[amsgrad ? kMaxExpAvgSq : kExpAvgSq];
  if (amsgrad) at::_foreach_maximum_(squares, lists.state[kExpAvgSq]);
  const Tensors denominator = at::_foreach_sqrt(squares);
  if (capturable) {
    const auto [step_size, bias_correction2_sqrt] = capturable_corrections(steps, options);
    at::_foreach_div_(denominator, bias_correction2_sqrt);
    at::_foreach_add_(denominator, options[kEps].number());
    at::_foreach_div_(denominator, step_size);
    at::_foreach_addcdiv_(lists.params, lists.state[kExpAvg], denominator);
    return;
  }
  std::vector<at::Scalar> step_size;
  std::vector<at::Scalar> bias_correction2_sqrt;
  for (const at::Tensor& step : steps) {
    const Hyper count = item_of(step);
    step_size.emplace_back((lr / (1 - power(beta1, count)) * -1).number());
    bias_correction2_sqrt.emplace_back(power(1 - power(beta2, count), 0.5).number());
  }
  at::_foreach_div_(denominator, bias_correction2_sqrt);
  at::_foreach_add_(denominator, options[kEps].number());
  at::_foreach_addcdiv_(lists.params, lists.state[kExpAvg], denominator, step_size);
}

void fused(const StepLists& lists, const StepOptions& options) {
  const bool amsgrad = options.has(kAmsgrad);
  const Tensors largest = amsgrad ? lists.present(kMaxExpAvgSq) : Tensors();
  const Scaling scaling = scaling_on(options, lists.params[0].device());
  at::_foreach_add_(lists.state[kStep], 1);
  const auto run = [&](auto&& rate) {
    const auto step = [&](auto&& kernel) {
      kernel(lists.params, lists.grads, lists.state[kExpAvg], lists.state[kExpAvgSq], largest, lists.state[kStep], rate,
             options[kBeta1].number(), options[kBeta2].number(), options[kWeightDecay].number(), options[kEps].number(),
             amsgrad, options.maximize(), scaling.grad_scale, scaling.found_inf);
    };
    if (options.has(kDecoupled)) {
      step([](auto&&... arguments) { at::_fused_adamw_(std::forward<decltype(arguments)>(arguments)...); });
    } else {
      step([](auto&&... arguments) { at::_fused_adam_(std::forward<decltype(arguments)>(arguments)...); });
    }
  };
  if (const Hyper& lr = options[kLr]; !lr.is_tensor()) {
    run(lr.number());
  } else {
    const at::Tensor& rate = lr.tensor();
    run(rate.is_cpu() ? rate : rate.to(lists.params[0].device(), rate.scalar_type(), /*non_blocking=*/true));
  }
  take_back(lists.state[kStep], scaling);
}

const RegisteredStep kAdam({
    .name = "Adam",
    .columns = {"step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"},
    .single = single_tensor,
    .multi = multi_tensor,
    .fused = fused,
    .optional = 1 << kMaxExpAvgSq,
    .multi_captures = true,
    .instead = ", please consider SparseAdam instead",
});

}  // namespace
}  // namespace torch_node
