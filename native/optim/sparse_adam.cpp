// SparseAdam: Adam on the rows that a sparse gradient has, and on no others.
#include <cmath>

#include "optim/step.h"

namespace torch_node {
namespace {

// Shared with lib/optim/sparse_adam.ts.
enum Scalar { kLr, kBeta1, kBeta2, kEps };
constexpr int32_t kColumns = 4;  // param, step as a number, exp_avg, exp_avg_sq

void step_one(const at::Tensor& param, const at::Tensor& gradient, double count, const at::Tensor& exp_avg,
              const at::Tensor& exp_avg_sq, const StepOptions& options) {
  const double beta1 = options[kBeta1].number();
  const double beta2 = options[kBeta2].number();
  const at::Tensor turned = options.maximize() ? gradient.neg() : gradient;
  const at::Tensor grad = turned.coalesce();  // squares of a sum are wanted, not sums of squares
  const at::Tensor values = grad._values();
  if (values.numel() == 0) return;
  const auto sparse = [&](const at::Tensor& its) { return at::sparse_coo_tensor(grad._indices(), its, grad.sizes()); };

  const at::Tensor old_average = exp_avg.sparse_mask(grad)._values();
  const at::Tensor average = multiply_(values.sub(old_average), 1 - beta1);
  exp_avg.add_(sparse(average));
  const at::Tensor old_squares = exp_avg_sq.sparse_mask(grad)._values();
  const at::Tensor squares = multiply_(values.pow(2).sub_(old_squares), 1 - beta2);
  exp_avg_sq.add_(sparse(squares));

  const at::Tensor numerator = average.add_(old_average);
  const at::Tensor denominator = squares.add_(old_squares).sqrt_().add_(options[kEps].number());
  const double bias_correction1 = (1 - power(beta1, count)).number();
  const double bias_correction2 = (1 - power(beta2, count)).number();
  const Hyper step_size = options[kLr] * std::sqrt(bias_correction2) / bias_correction1;
  param.add_(sparse(multiply(numerator.div_(denominator), -step_size)));
}

/// A parameter that has a gradient has a sparse one, and its state.
Napi::Value sparse_adam_step(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = handles_of(info);
  const StepOptions options = read_options(info, environment);
  const at::AutoGradMode no_grad(false);
  for (size_t i = 0; i + kColumns <= handles.ElementLength(); i += kColumns) {
    const at::Tensor& param = environment.tensors.get(handles[i]);
    if (!param.grad().defined()) continue;
    step_one(param, param.grad(), handles[i + 1], environment.tensors.get(handles[i + 2]),
             environment.tensors.get(handles[i + 3]), options);
  }
  return info.Env().Undefined();
}

const RegisteredStep kSparseAdam("SparseAdam", sparse_adam_step);

}  // namespace
}  // namespace torch_node
