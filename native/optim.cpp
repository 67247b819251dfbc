// Optimizer steps: the operator sequences of torch/optim over whole parameter lists, one Node-API call a step. The
// order of the operators, and of the scalar arithmetic in doubles, is Python's: the results equal Python's to the bit.
#include <cmath>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include "environment.h"

namespace torch_node {
namespace {

using Tensors = std::vector<at::Tensor>;

Napi::TypedArrayOf<int32_t> handles_in(const Napi::CallbackInfo& info, size_t index) {
  return info[index].As<Napi::TypedArrayOf<int32_t>>();
}

at::Tensor optional_tensor(const TensorTable& tensors, Handle handle) {
  return handle < 0 ? at::Tensor() : tensors.get(handle);
}

double number_in(const at::Tensor& scalar) {
  if (scalar.is_cpu() && scalar.scalar_type() == at::kFloat && scalar.dim() == 0) return *scalar.const_data_ptr<float>();
  return scalar.item().toDouble();
}

/// `step += 1`. A float32 on the CPU, which is the rule, needs no operator.
void increment(const at::Tensor& step) {
  if (step.is_cpu() && step.scalar_type() == at::kFloat && step.dim() == 0) {
    *step.mutable_data_ptr<float>() += 1;
    step.unsafeGetTensorImpl()->bump_version();
    return;
  }
  step.add_(1);
}

/// The parameters that have a gradient, with their state, as parallel lists.
struct AdamLists {
  Tensors params, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, steps;
};

struct AdamOptions {
  double lr, beta1, beta2, eps, weight_decay;
  bool amsgrad, maximize, capturable, decoupled_weight_decay;
};

// Shared with lib/optim/adam.ts.
enum AdamFlag : int32_t { kAmsgrad = 1, kMaximize = 2, kCapturable = 4, kDecoupled = 8 };
enum class Path : int32_t { kDefault = 0, kSingle = 1, kForeach = 2, kFused = 3 };
constexpr int32_t kAdamColumns = 5;  // param, step, exp_avg, exp_avg_sq, max_exp_avg_sq

void view_as_real(at::Tensor& tensor) {
  if (tensor.defined() && tensor.is_complex()) tensor = at::view_as_real(tensor);
}

void single_tensor_adam(const AdamLists& lists, const AdamOptions& options) {
  for (size_t i = 0; i < lists.params.size(); i++) {
    at::Tensor param = lists.params[i];
    at::Tensor grad = options.maximize ? lists.grads[i].neg() : lists.grads[i];
    at::Tensor exp_avg = lists.exp_avgs[i];
    at::Tensor exp_avg_sq = lists.exp_avg_sqs[i];
    at::Tensor max_exp_avg_sq = options.amsgrad ? lists.max_exp_avg_sqs[i] : at::Tensor();
    increment(lists.steps[i]);

    if (options.weight_decay != 0) {
      if (options.decoupled_weight_decay) {
        param.mul_(1 - options.lr * options.weight_decay);
      } else {
        grad = grad.add(param, options.weight_decay);
      }
    }
    for (at::Tensor* tensor : {&grad, &exp_avg, &exp_avg_sq, &max_exp_avg_sq, &param}) view_as_real(*tensor);

    exp_avg.lerp_(grad, 1 - options.beta1);
    exp_avg_sq.mul_(options.beta2).addcmul_(grad, grad, 1 - options.beta2);

    // Python's `**` on floats is C's pow; sqrt would round differently here and there.
    const double step = number_in(lists.steps[i]);
    const double step_size = options.lr / (1 - std::pow(options.beta1, step));
    const double bias_correction2_sqrt = std::pow(1 - std::pow(options.beta2, step), 0.5);
    if (options.amsgrad) at::maximum_out(max_exp_avg_sq, max_exp_avg_sq, exp_avg_sq);
    at::Tensor denominator = (options.amsgrad ? max_exp_avg_sq : exp_avg_sq).sqrt();
    denominator.div_(bias_correction2_sqrt).add_(options.eps);
    param.addcdiv_(exp_avg, denominator, -step_size);
  }
}

/// -lr / (1 - beta1^t) and sqrt(1 - beta2^t) as tensors on the device, for steps captured in a graph.
std::pair<Tensors, Tensors> capturable_corrections(const AdamLists& lists, const AdamOptions& options) {
  Tensors step_size = at::_foreach_pow(options.beta1, lists.steps);
  Tensors bias_correction2_sqrt = at::_foreach_pow(options.beta2, lists.steps);
  at::_foreach_sub_(step_size, 1);
  at::_foreach_sub_(bias_correction2_sqrt, 1);
  at::_foreach_neg_(bias_correction2_sqrt);
  at::_foreach_div_(step_size, options.lr);
  at::_foreach_reciprocal_(step_size);
  at::_foreach_sqrt_(bias_correction2_sqrt);
  return {std::move(step_size), std::move(bias_correction2_sqrt)};
}

void multi_tensor_adam(AdamLists lists, const AdamOptions& options) {
  for (Tensors* list : {&lists.params, &lists.grads, &lists.exp_avgs, &lists.exp_avg_sqs, &lists.max_exp_avg_sqs}) {
    for (at::Tensor& tensor : *list) view_as_real(tensor);
  }
  Tensors grads = options.maximize ? at::_foreach_neg(lists.grads) : lists.grads;
  if (lists.steps[0].is_cpu()) {
    at::_foreach_add_(lists.steps, at::scalar_tensor(1.0, at::dtype(at::get_default_dtype())), 1.0);
  } else {
    at::_foreach_add_(lists.steps, 1);
  }
  if (options.weight_decay != 0) {
    if (options.decoupled_weight_decay) {
      at::_foreach_mul_(lists.params, 1 - options.lr * options.weight_decay);
    } else if (options.maximize) {
      at::_foreach_add_(grads, lists.params, options.weight_decay);
    } else {
      grads = at::_foreach_add(grads, lists.params, options.weight_decay);
    }
  }
  at::_foreach_lerp_(lists.exp_avgs, grads, 1 - options.beta1);
  at::_foreach_mul_(lists.exp_avg_sqs, options.beta2);
  at::_foreach_addcmul_(lists.exp_avg_sqs, grads, grads, 1 - options.beta2);
  grads.clear();

  const auto denominators = [&] {
    if (!options.amsgrad) return at::_foreach_sqrt(lists.exp_avg_sqs);
    at::_foreach_maximum_(lists.max_exp_avg_sqs, lists.exp_avg_sqs);
    return at::_foreach_sqrt(lists.max_exp_avg_sqs);
  };
  if (options.capturable) {
    const auto [step_size, bias_correction2_sqrt] = capturable_corrections(lists, options);
    const Tensors denominator = denominators();
    at::_foreach_div_(denominator, bias_correction2_sqrt);
    at::_foreach_add_(denominator, options.eps);
    at::_foreach_div_(denominator, step_size);
    at::_foreach_addcdiv_(lists.params, lists.exp_avgs, denominator);
    return;
  }
  std::vector<at::Scalar> step_size;
  std::vector<at::Scalar> bias_correction2_sqrt;
  for (const at::Tensor& tensor : lists.steps) {
    const double step = number_in(tensor);
    step_size.emplace_back(options.lr / (1 - std::pow(options.beta1, step)) * -1);
    bias_correction2_sqrt.emplace_back(std::pow(1 - std::pow(options.beta2, step), 0.5));
  }
  const Tensors denominator = denominators();
  at::_foreach_div_(denominator, bias_correction2_sqrt);
  at::_foreach_add_(denominator, options.eps);
  at::_foreach_addcdiv_(lists.params, lists.exp_avgs, denominator, step_size);
}

void fused_adam(const AdamLists& lists, const AdamOptions& options, const at::Tensor& lr) {
  at::_foreach_add_(lists.steps, 1);
  const auto run = [&](auto&& rate) {
    if (options.decoupled_weight_decay) {
      at::_fused_adamw_(lists.params, lists.grads, lists.exp_avgs, lists.exp_avg_sqs, lists.max_exp_avg_sqs,
                        lists.steps, rate, options.beta1, options.beta2, options.weight_decay, options.eps,
                        options.amsgrad, options.maximize);
    } else {
      at::_fused_adam_(lists.params, lists.grads, lists.exp_avgs, lists.exp_avg_sqs, lists.max_exp_avg_sqs,
                       lists.steps, rate, options.beta1, options.beta2, options.weight_decay, options.eps,
                       options.amsgrad, options.maximize);
    }
  };
  if (!lr.defined()) return run(options.lr);
  const at::Device device = lists.params[0].device();
  run(lr.is_cpu() ? lr : lr.to(device, lr.scalar_type(), /*non_blocking=*/true));
}

std::tuple<int, int, int> device_and_dtype(const at::Tensor& tensor) {
  return {static_cast<int>(tensor.device().type()), static_cast<int>(tensor.device().index()),
          static_cast<int>(tensor.scalar_type())};
}

/// The multi-tensor operators want lists of one device and dtype each.
std::vector<AdamLists> by_device_and_dtype(const AdamLists& all) {
  std::vector<AdamLists> groups;
  std::map<std::tuple<int, int, int>, size_t> known;
  for (size_t i = 0; i < all.params.size(); i++) {
    const at::Tensor& param = all.params[i];
    const auto [found, added] = known.try_emplace(device_and_dtype(param), groups.size());
    if (added) groups.emplace_back();
    AdamLists& group = groups[found->second];
    group.params.push_back(param);
    group.grads.push_back(all.grads[i]);
    group.exp_avgs.push_back(all.exp_avgs[i]);
    group.exp_avg_sqs.push_back(all.exp_avg_sqs[i]);
    if (!all.max_exp_avg_sqs.empty()) group.max_exp_avg_sqs.push_back(all.max_exp_avg_sqs[i]);
    group.steps.push_back(all.steps[i]);
  }
  return groups;
}

bool all_on_cuda(const Tensors& tensors) {
  for (const at::Tensor& tensor : tensors) {
    if (!tensor.is_cuda()) return false;
  }
  return true;
}

/// adam_step(handles, [lr, beta1, beta2, eps, weight_decay], flags, path, lr tensor or -1): how many parameters have a
/// gradient but no state yet. Unless that is 0 nothing was done: give them their state and call again.
Napi::Value adam_step(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = handles_in(info, 0);
  const double* scalars = info[1].As<Napi::TypedArrayOf<double>>().Data();
  const int32_t flags = info[2].As<Napi::Number>().Int32Value();
  Path path = static_cast<Path>(info[3].As<Napi::Number>().Int32Value());
  const at::Tensor lr = optional_tensor(environment.tensors, info[4].As<Napi::Number>().Int32Value());
  const AdamOptions options{
      .lr = scalars[0],
      .beta1 = scalars[1],
      .beta2 = scalars[2],
      .eps = scalars[3],
      .weight_decay = scalars[4],
      .amsgrad = (flags & kAmsgrad) != 0,
      .maximize = (flags & kMaximize) != 0,
      .capturable = (flags & kCapturable) != 0,
      .decoupled_weight_decay = (flags & kDecoupled) != 0,
  };

  const at::AutoGradMode no_grad(false);
  AdamLists lists;
  int32_t missing = 0;
  for (size_t i = 0; i + kAdamColumns <= handles.ElementLength(); i += kAdamColumns) {
    const at::Tensor& param = environment.tensors.get(handles[i]);
    const at::Tensor& grad = param.grad();
    if (!grad.defined()) continue;
    TORCH_CHECK(!grad.is_sparse(), "Adam does not support sparse gradients, please consider SparseAdam instead");
    if (handles[i + 1] < 0 || (options.amsgrad && handles[i + 4] < 0)) {
      missing++;
      continue;
    }
    lists.params.push_back(param);
    lists.grads.push_back(grad);
    lists.steps.push_back(environment.tensors.get(handles[i + 1]));
    lists.exp_avgs.push_back(environment.tensors.get(handles[i + 2]));
    lists.exp_avg_sqs.push_back(environment.tensors.get(handles[i + 3]));
    if (options.amsgrad) lists.max_exp_avg_sqs.push_back(environment.tensors.get(handles[i + 4]));
  }
  if (missing > 0 || lists.params.empty()) return Napi::Number::New(info.Env(), missing);

  if (path == Path::kDefault) path = all_on_cuda(lists.params) ? Path::kForeach : Path::kSingle;
  if (path == Path::kSingle) {
    single_tensor_adam(lists, options);
  } else {
    for (AdamLists& group : by_device_and_dtype(lists)) {
      if (path == Path::kFused) {
        fused_adam(group, options, lr);
      } else {
        multi_tensor_adam(std::move(group), options);
      }
    }
  }
  return Napi::Number::New(info.Env(), 0);
}

struct SgdOptions {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, maximize;
};

enum SgdFlag : int32_t { kNesterov = 1, kSgdMaximize = 2, kSgdFused = 4 };
constexpr int32_t kSgdColumns = 2;  // param, momentum_buffer or -1

struct SgdLists {
  bool first_step = false;
  Tensors params{}, grads{}, buffers{};
};

void single_tensor_sgd(const SgdLists& lists, const SgdOptions& options) {
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::Tensor& param = lists.params[i];
    at::Tensor grad = options.maximize ? lists.grads[i].neg() : lists.grads[i];
    if (options.weight_decay != 0) grad = grad.add(param, options.weight_decay);
    if (options.momentum != 0) {
      const at::Tensor& buffer = lists.buffers[i];
      if (lists.first_step) {
        buffer.copy_(grad);
      } else {
        buffer.mul_(options.momentum).add_(grad, 1 - options.dampening);
      }
      grad = options.nesterov ? grad.add(buffer, options.momentum) : buffer;
    }
    param.add_(grad, -options.lr);
  }
}

void fused_sgd(const SgdLists& lists, const SgdOptions& options) {
  for (const at::Tensor& grad : lists.grads) {
    TORCH_CHECK(!grad.is_sparse(), "`_fused_sgd` does not support sparse gradients");
  }
  std::map<std::tuple<int, int, int>, SgdLists> groups;
  for (size_t i = 0; i < lists.params.size(); i++) {
    SgdLists& group = groups[device_and_dtype(lists.params[i])];
    group.params.push_back(lists.params[i]);
    group.grads.push_back(lists.grads[i]);
    if (options.momentum != 0) group.buffers.push_back(lists.buffers[i]);
  }
  for (const auto& [key, group] : groups) {
    at::_fused_sgd_(group.params, group.grads, group.buffers, options.weight_decay, options.momentum, options.lr,
                    options.dampening, options.nesterov, options.maximize, lists.first_step);
  }
}

/// sgd_step(handles, [lr, momentum, dampening, weight_decay], flags): the momentum buffers made, by the number of their
/// parameter: [index, wrapped tensor, ...].
Napi::Value sgd_step(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = handles_in(info, 0);
  const double* scalars = info[1].As<Napi::TypedArrayOf<double>>().Data();
  const int32_t flags = info[2].As<Napi::Number>().Int32Value();
  const SgdOptions options{
      .lr = scalars[0],
      .momentum = scalars[1],
      .dampening = scalars[2],
      .weight_decay = scalars[3],
      .nesterov = (flags & kNesterov) != 0,
      .maximize = (flags & kSgdMaximize) != 0,
  };

  const at::AutoGradMode no_grad(false);
  SgdLists fresh{.first_step = true};
  SgdLists known;
  Napi::Array made = Napi::Array::New(info.Env());
  for (size_t i = 0; i + kSgdColumns <= handles.ElementLength(); i += kSgdColumns) {
    const at::Tensor& param = environment.tensors.get(handles[i]);
    const at::Tensor& grad = param.grad();
    if (!grad.defined()) continue;
    at::Tensor buffer = optional_tensor(environment.tensors, handles[i + 1]);
    SgdLists& lists = buffer.defined() || options.momentum == 0 ? known : fresh;
    if (&lists == &fresh) {
      buffer = at::empty_like(grad);
      made.Set(made.Length(), Napi::Number::New(info.Env(), static_cast<double>(i / kSgdColumns)));
      made.Set(made.Length(), Napi::Number::New(info.Env(), environment.tensors.put(buffer)));
    }
    lists.params.push_back(param);
    lists.grads.push_back(grad);
    lists.buffers.push_back(buffer);
  }
  for (const SgdLists* lists : {&fresh, &known}) {
    if (lists->params.empty()) continue;
    if ((flags & kSgdFused) != 0) {
      fused_sgd(*lists, options);
    } else {
      single_tensor_sgd(*lists, options);
    }
  }
  return made;
}

/// zero_grad(handles, set_to_none)
Napi::Value zero_grad(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = handles_in(info, 0);
  const bool set_to_none = info[1].ToBoolean().Value();
  for (size_t i = 0; i < handles.ElementLength(); i++) {
    const at::Tensor& param = environment.tensors.get(handles[i]);
    at::Tensor& grad = param.mutable_grad();
    if (!grad.defined()) continue;
    if (set_to_none) {
      grad.reset();
      continue;
    }
    if (grad.grad_fn()) {
      grad.detach_();
    } else {
      grad.requires_grad_(false);
    }
    grad.zero_();
  }
  return info.Env().Undefined();
}

/// Python's `base ** exponent` on floats; V8's Math.pow rounds differently.
Napi::Value power(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::pow(info[0].As<Napi::Number>().DoubleValue(),
                                                info[1].As<Napi::Number>().DoubleValue()));
}

}  // namespace

void export_optim(Exports& exports) {
  exports.add<adam_step>("adam_step");
  exports.add<sgd_step>("sgd_step");
  exports.add<zero_grad>("zero_grad");
  exports.add<power>("power");
}

}  // namespace torch_node
