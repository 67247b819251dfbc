// Optimizers that divide by a root of summed or averaged squares: Adadelta, Adagrad and RMSprop.
#include "optim/step.h"

namespace torch_node {
namespace {

constexpr const char* kAlpha = "add_(): argument 'alpha'";
constexpr const char* kValue = "addcdiv_(): argument 'value'";

// Scalars and columns are shared with the files of the same names in lib/optim/.

namespace adadelta {

enum Scalar { kLr, kRho, kEps, kWeightDecay };
enum Column { kStep, kSquareAvg, kAccDelta };

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const double rho = options[kRho].number();
  const double eps = options[kEps].number();
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::Tensor& param = lists.params[i];
    at::Tensor square_avg = lists.state[kSquareAvg][i];
    at::Tensor acc_delta = lists.state[kAccDelta][i];
    increment(lists.state[kStep][i]);
    at::Tensor grad = effective_grad(lists.grads[i], param, options[kWeightDecay], options.maximize());
    for (at::Tensor* tensor : {&square_avg, &acc_delta, &grad}) view_as_real(*tensor);

    multiply_(square_avg, rho).addcmul_(grad, grad, 1 - rho);
    const at::Tensor std = square_avg.add(eps).sqrt_();
    at::Tensor delta = acc_delta.add(eps).sqrt_();
    if (options.differentiable()) delta = delta.clone();
    delta.div_(std).mul_(grad);
    multiply_(acc_delta, rho).addcmul_(delta, delta, 1 - rho);
    param.add_(param.is_complex() ? at::view_as_complex(delta) : delta, (-options[kLr]).scalar(kAlpha));
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const double rho = options[kRho].number();
  view_as_real(lists);
  increment(lists.state[kStep]);
  const Tensors grads = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize()).grads;
  const Tensors& square_avgs = lists.state[kSquareAvg];
  const Tensors& acc_deltas = lists.state[kAccDelta];
  const auto root_of = [&](const Tensors& squares) {
    Tensors root = at::_foreach_add(squares, options[kEps].number());
    at::_foreach_sqrt_(root);
    return root;
  };
  at::_foreach_mul_(square_avgs, rho);
  at::_foreach_addcmul_(square_avgs, grads, grads, 1 - rho);
  const Tensors std = root_of(square_avgs);
  const Tensors deltas = root_of(acc_deltas);
  at::_foreach_div_(deltas, std);
  at::_foreach_mul_(deltas, grads);
  at::_foreach_mul_(acc_deltas, rho);
  at::_foreach_addcmul_(acc_deltas, deltas, deltas, 1 - rho);
  at::_foreach_add_(lists.params, deltas, (-options[kLr]).scalar(kAlpha));
}

}  // namespace adadelta

namespace adagrad {

enum Scalar { kLr, kLrDecay, kWeightDecay, kEps };
enum Column { kStep, kSum };

Hyper rate_at(const Hyper& lr, const at::Tensor& step, const StepOptions& options) {
  return lr / (1 + (item_of(step) - 1) * options[kLrDecay].number());
}

void step_sparse(const at::Tensor& param, const at::Tensor& gradient, const at::Tensor& sum, const Hyper& rate,
                 double eps) {
  const at::Tensor grad = gradient.coalesce();  // squares of a sum are wanted, not sums of squares
  const at::Tensor values = grad._values();
  const auto sparse = [&](const at::Tensor& its) { return at::sparse_coo_tensor(grad._indices(), its, grad.sizes()); };
  sum.add_(sparse(values.pow(2)));
  const at::Tensor std = sum.sparse_mask(grad)._values().sqrt_().add_(eps);
  param.add_(sparse(values.div(std)), (-rate).scalar(kAlpha));
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const Hyper& weight_decay = options[kWeightDecay];
  const double eps = options[kEps].number();
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor sum = lists.state[kSum][i];
    const at::Tensor& step = lists.state[kStep][i];
    increment(step);
    TORCH_CHECK(!lists.grads[i].is_sparse() || !weight_decay,
                "weight_decay option is not compatible with sparse gradients");
    at::Tensor grad = effective_grad(lists.grads[i], param, weight_decay, options.maximize());
    const Hyper rate = rate_at(options[kLr], step, options);
    if (grad.is_sparse()) {
      step_sparse(param, grad, sum, rate, eps);
      continue;
    }
    for (at::Tensor* tensor : {&param, &grad, &sum}) view_as_real(*tensor);
    sum.addcmul_(grad, grad, 1);
    const at::Tensor root = sum.sqrt();
    param.addcdiv_(grad, options.differentiable() ? root.add(eps) : root.add_(eps), (-rate).scalar(kValue));
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  for (const at::Tensor& grad : lists.grads) {
    if (grad.is_sparse()) return single_tensor(lists, options);
  }
  view_as_real(lists);
  increment(lists.state[kStep]);
  auto [grads, fresh] = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize());
  HyperList rates;
  for (const at::Tensor& step : lists.state[kStep]) rates.push_back(rate_at(-options[kLr], step, options));
  at::_foreach_addcmul_(lists.state[kSum], grads, grads, 1);
  const Tensors std = at::_foreach_sqrt(lists.state[kSum]);
  at::_foreach_add_(std, options[kEps].number());
  if (fresh) {
    rates.apply([&](const auto& list) { at::_foreach_mul_(grads, list); });
  } else {
    grads = rates.apply([&](const auto& list) { return at::_foreach_mul(lists.grads, list); });
  }
  at::_foreach_addcdiv_(lists.params, grads, std, 1);
}

void fused(const StepLists& lists, const StepOptions& options) {
  for (const at::Tensor& grad : lists.grads) {
    TORCH_CHECK(!grad.is_sparse(), "`fused` does not support sparse grad or complex param");
  }
  const Scaling scaling = scaling_on(options, lists.params[0].device());
  at::_foreach_add_(lists.state[kStep], 1);
  const auto run = [&](auto&& rate) {
    at::_fused_adagrad_(lists.params, lists.grads, lists.state[kSum], lists.state[kStep], rate,
                        options[kLrDecay].number(), options[kWeightDecay].number(), options[kEps].number(),
                        options.maximize(), scaling.grad_scale, scaling.found_inf);
  };
  if (const Hyper& lr = options[kLr]; !lr.is_tensor()) {
    run(lr.number());
  } else {
    run(lr.tensor().is_cpu() ? lr.tensor() : lr.tensor().to(lists.params[0].device()));
  }
  take_back(lists.state[kStep], scaling);
}

}  // namespace adagrad

namespace rmsprop {

enum Scalar { kLr, kAlphaDecay, kEps, kWeightDecay, kMomentum };
enum Column { kStep, kSquareAvg, kMomentumBuffer, kGradAvg };
enum Flag : int32_t { kCentered = kFirstOwnFlag };

void single_tensor(const StepLists& lists, const StepOptions& options) {
  const double alpha = options[kAlphaDecay].number();
  const double eps = options[kEps].number();
  const double momentum = options[kMomentum].number();
  const Hyper& lr = options[kLr];
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor square_avg = lists.state[kSquareAvg][i];
    increment(lists.state[kStep][i]);
    at::Tensor grad = effective_grad(lists.grads[i], param, options[kWeightDecay], options.maximize());
    for (at::Tensor* tensor : {&param, &grad, &square_avg}) view_as_real(*tensor);

    multiply_(square_avg, alpha).addcmul_(grad, grad, 1 - alpha);
    at::Tensor average;
    if (options.has(kCentered)) {
      at::Tensor grad_avg = lists.present(kGradAvg, i);
      view_as_real(grad_avg);
      grad_avg.lerp_(grad, 1 - alpha);
      average = square_avg.addcmul(grad_avg, grad_avg, -1).sqrt_();
    } else {
      average = square_avg.sqrt();
    }
    average = options.differentiable() ? average.add(eps) : average.add_(eps);
    if (momentum > 0) {
      at::Tensor buffer = lists.present(kMomentumBuffer, i);
      view_as_real(buffer);
      multiply_(buffer, momentum).addcdiv_(grad, average);
      param.add_(buffer, (-lr).scalar(kAlpha));
    } else {
      param.addcdiv_(grad, average, (-lr).scalar(kValue));
    }
  }
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  const double alpha = options[kAlphaDecay].number();
  const double momentum = options[kMomentum].number();
  if (options.has(kCentered)) lists.present(kGradAvg);
  if (momentum > 0) lists.present(kMomentumBuffer);
  view_as_real(lists);
  increment(lists.state[kStep]);
  const Tensors grads = effective_grads(lists.grads, lists.params, options[kWeightDecay], options.maximize()).grads;
  const Tensors& square_avgs = lists.state[kSquareAvg];
  at::_foreach_mul_(square_avgs, alpha);
  at::_foreach_addcmul_(square_avgs, grads, grads, 1 - alpha);
  Tensors average;
  if (options.has(kCentered)) {
    const Tensors& grad_avgs = lists.state[kGradAvg];
    at::_foreach_lerp_(grad_avgs, grads, 1 - alpha);
    average = at::_foreach_addcmul(square_avgs, grad_avgs, grad_avgs, -1);
    at::_foreach_sqrt_(average);
  } else {
    average = at::_foreach_sqrt(square_avgs);
  }
  at::_foreach_add_(average, options[kEps].number());
  const at::Scalar rate = (-options[kLr]).scalar("_foreach_add_(): argument 'alpha'");
  if (momentum > 0) {
    const Tensors& buffers = lists.state[kMomentumBuffer];
    at::_foreach_mul_(buffers, momentum);
    at::_foreach_addcdiv_(buffers, grads, average, 1);
    at::_foreach_add_(lists.params, buffers, rate);
  } else {
    at::_foreach_addcdiv_(lists.params, grads, average, rate);
  }
}

}  // namespace rmsprop
const RegisteredStep kAdadelta({
    .name = "Adadelta",
    .columns = {"step", "square_avg", "acc_delta"},
    .single = adadelta::single_tensor,
    .multi = adadelta::multi_tensor,
    .xla = false,
});

const RegisteredStep kAdagrad({
    .name = "Adagrad",
    .columns = {"step", "sum"},
    .single = adagrad::single_tensor,
    .multi = adagrad::multi_tensor,
    .fused = adagrad::fused,
    .sparse = true,
});

const RegisteredStep kRMSprop({
    .name = "RMSprop",
    .columns = {"step", "square_avg", "momentum_buffer", "grad_avg"},
    .single = rmsprop::single_tensor,
    .multi = rmsprop::multi_tensor,
    .optional = 1 << rmsprop::kMomentumBuffer | 1 << rmsprop::kGradAvg,
});

}  // namespace
}  // namespace torch_node
