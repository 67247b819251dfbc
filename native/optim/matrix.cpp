// Optimizers that treat parameters as matrices: Adafactor and Muon.
#include <algorithm>
#include <cmath>
#include <limits>

#include <ATen/Dispatch.h>

#include "optim/step.h"

namespace torch_node {
namespace {

// Scalars and columns are shared with the files of the same names in lib/optim/.

namespace adafactor {

enum Scalar { kLr, kBeta2Decay, kEps1, kEps2, kClip, kWeightDecay };  // kEps1 is NaN for that of the dtype
enum Column { kStep, kRowVar, kColVar, kVariance };

double machine_epsilon(at::ScalarType type) {
  return AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, type, "Adafactor",
                                         [] { return static_cast<double>(std::numeric_limits<scalar_t>::epsilon()); });
}

double root_mean_square(const at::Tensor& tensor) {
  return at::linalg_vector_norm(tensor, 2).item().toDouble() / std::pow(static_cast<double>(tensor.numel()), 0.5);
}

at::Tensor mean_square(const at::Tensor& grad, int64_t dim) {
  return at::linalg_vector_norm(grad, 2, dim, /*keepdim=*/true).square_().div_(grad.size(dim));
}

struct Rates {
  Hyper alpha;  ///< the relative step size, times that of the parameter
  double one_minus_beta2;
};

Rates rates_at(const at::Tensor& step, const at::Tensor& param, const StepOptions& options) {
  const double count = item_of(step);
  const double inverse_root = 1 / std::pow(count, 0.5);
  const Hyper& lr = options[kLr];
  // Compared in the dtype of a learning rate that is a tensor, as Python does.
  const bool by_count = lr.is_tensor() ? lr.tensor().gt(inverse_root).item().toBool() : inverse_root < lr.number();
  return {std::max(options[kEps2].number(), root_mean_square(param)) * (by_count ? Hyper(inverse_root) : lr),
          std::pow(count, options[kBeta2Decay].number())};
}

/// The clipped step along `update`: how much of it is added to the parameter.
Hyper size_of(const at::Tensor& update, const Hyper& alpha, const StepOptions& options) {
  const double norm = at::linalg_vector_norm(update, 2).item().toDouble();
  const double whole = std::pow(static_cast<double>(update.numel()), 0.5) * options[kClip].number();
  return -alpha / std::max(1.0, norm / whole);
}

void check_state(const StepLists& lists) {
  for (size_t i = 0; i < lists.grads.size(); i++) {
    if (lists.grads[i].dim() > 1) {
      lists.present(kRowVar, i);
      lists.present(kColVar, i);
    } else {
      lists.present(kVariance, i);
    }
  }
}

/// The first parameter decides for a group, as in Python.
double first_epsilon(const StepLists& lists, const StepOptions& options) {
  const double given = options[kEps1].number();
  return std::isnan(given) ? machine_epsilon(lists.params[0].scalar_type()) : given;
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  check_state(lists);
  const double eps1 = first_epsilon(lists, options);
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::Tensor& param = lists.params[i];
    const at::Tensor grad = options.maximize() ? lists.grads[i].neg() : lists.grads[i];
    increment(lists.state[kStep][i]);
    const auto [alpha, one_minus_beta2] = rates_at(lists.state[kStep][i], param, options);
    if (options[kWeightDecay]) multiply_(param, 1 - options[kLr] * options[kWeightDecay]);
    at::Tensor variance;
    if (grad.dim() > 1) {
      const at::Tensor& row_var = lists.state[kRowVar][i];
      const at::Tensor& col_var = lists.state[kColVar][i];
      row_var.lerp_(mean_square(grad, -1), one_minus_beta2);
      col_var.lerp_(mean_square(grad, -2), one_minus_beta2);
      variance = row_var.matmul(col_var).div_(row_var.mean(-2, /*keepdim=*/true).clamp_min_(eps1));
    } else {
      lists.state[kVariance][i].lerp_(grad.mul(grad), one_minus_beta2);
      variance = lists.state[kVariance][i].clone();
    }
    const at::Tensor update = variance.clamp_min_(eps1 * eps1).rsqrt_().mul_(grad);
    param.add_(update, size_of(update, alpha, options).scalar("add_(): argument 'alpha'"));
  }
}

Tensors mean_squares(const Tensors& grads, int64_t dim) {
  Tensors means;
  std::vector<at::Scalar> sizes;
  for (const at::Tensor& grad : grads) {
    means.push_back(at::linalg_vector_norm(grad, 2, dim, /*keepdim=*/true));
    sizes.emplace_back(grad.size(dim));
  }
  at::_foreach_mul_(means, means);
  at::_foreach_div_(means, sizes);
  return means;
}

Tensors estimated_variances(const StepLists& lists, const Tensors& grads, const std::vector<at::Scalar>& weights,
                            double eps1) {
  Tensors variances;
  if (grads[0].dim() <= 1) {
    at::_foreach_lerp_(lists.state[kVariance], at::_foreach_mul(grads, grads), weights);
    for (const at::Tensor& variance : lists.state[kVariance]) variances.push_back(variance.clone());
    return variances;
  }
  at::_foreach_lerp_(lists.state[kRowVar], mean_squares(grads, -1), weights);
  at::_foreach_lerp_(lists.state[kColVar], mean_squares(grads, -2), weights);
  Tensors means;
  for (size_t i = 0; i < grads.size(); i++) {
    const at::Tensor& row_var = lists.state[kRowVar][i];
    variances.push_back(row_var.matmul(lists.state[kColVar][i]));
    means.push_back(row_var.mean(-2, /*keepdim=*/true));
  }
  at::_foreach_clamp_min_(means, eps1);
  at::_foreach_div_(variances, means);
  return variances;
}

/// Vectors, or matrices, of one device and dtype.
void multi_tensor_group(const StepLists& lists, const StepOptions& options, double eps1) {
  const Tensors grads = options.maximize() ? at::_foreach_neg(lists.grads) : lists.grads;
  increment(lists.state[kStep]);
  std::vector<Hyper> alphas;
  std::vector<at::Scalar> weights;
  for (size_t i = 0; i < grads.size(); i++) {
    const auto [alpha, one_minus_beta2] = rates_at(lists.state[kStep][i], lists.params[i], options);
    alphas.push_back(alpha);
    weights.emplace_back(one_minus_beta2);
  }
  if (options[kWeightDecay]) shrink(lists.params, 1 - options[kLr] * options[kWeightDecay]);
  const Tensors updates = estimated_variances(lists, grads, weights, eps1);
  at::_foreach_clamp_min_(updates, eps1 * eps1);
  at::_foreach_rsqrt_(updates);
  at::_foreach_mul_(updates, grads);
  HyperList sizes;
  // A tensor of numbers and tensors is a list of tensors: libtorch wants them alike.
  for (size_t i = 0; i < updates.size(); i++) {
    const Hyper size = size_of(updates[i], alphas[i], options);
    sizes.push_back(options[kLr].is_tensor() && !size.is_tensor() ? Hyper(at::scalar_tensor(size.number())) : size);
  }
  sizes.apply([&](const auto& list) { at::_foreach_mul_(updates, list); });
  at::_foreach_add_(lists.params, updates);
}

void multi_tensor(StepLists lists, const StepOptions& options) {
  check_state(lists);
  const double eps1 = first_epsilon(lists, options);
  for (const bool matrices : {true, false}) {
    std::vector<size_t> indices;
    for (size_t i = 0; i < lists.grads.size(); i++) {
      if ((lists.grads[i].dim() > 1) == matrices) indices.push_back(i);
    }
    if (!indices.empty()) multi_tensor_group(select_indices(lists, indices), options, eps1);
  }
}

}  // namespace adafactor

namespace muon {

enum Scalar { kLr, kWeightDecay, kMomentum, kA, kB, kC, kEps, kSteps, kAdjustment };
enum Column { kMomentumBuffer };
enum Flag : int32_t { kNesterov = kFirstOwnFlag };
enum Adjustment { kOriginal = 0, kMatchRmsAdamw = 1 };

/// An orthogonal matrix near `grad`, by Newton-Schulz iterations in bfloat16.
at::Tensor orthogonal(const at::Tensor& grad, const StepOptions& options) {
  const bool tall = grad.size(0) > grad.size(1);
  at::Tensor result = grad.to(at::kBFloat16);
  if (tall) result = result.t();
  result.div_(at::linalg_vector_norm(result, 2).clamp_min(options[kEps].number()));
  for (int64_t i = 0; i < static_cast<int64_t>(options[kSteps].number()); i++) {
    const at::Tensor gram = result.matmul(result.t());
    const at::Tensor update = at::addmm(gram, gram, gram, options[kB].number(), options[kC].number());
    result = at::addmm(result, update, result, options[kA].number());
  }
  return tall ? result.t() : result;
}

Hyper adjusted_rate(const at::Tensor& param, const StepOptions& options) {
  const double rows = static_cast<double>(param.size(0));
  const double columns = static_cast<double>(param.size(1));
  const int adjustment = static_cast<int>(options[kAdjustment].number());
  const double ratio = adjustment == kOriginal        ? std::sqrt(std::max(1.0, rows / columns))
                       : adjustment == kMatchRmsAdamw ? 0.2 * std::sqrt(std::max(rows, columns))
                                                      : 1.0;
  return options[kLr] * ratio;
}

void single_tensor(const StepLists& lists, const StepOptions& options) {
  TORCH_CHECK(options[kSteps].number() < 100, "Number of steps must be less than 100 for computational efficiency");
  const double momentum = options[kMomentum].number();
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::Tensor& param = lists.params[i];
    const at::Tensor& grad = lists.grads[i];
    const at::Tensor& buffer = lists.state[kMomentumBuffer][i];
    TORCH_CHECK(grad.dim() == 2, "Param gradient must be a 2D matrix");
    buffer.lerp_(grad, 1 - momentum);
    const at::Tensor update = orthogonal(options.has(kNesterov) ? grad.lerp(buffer, momentum) : buffer, options);
    multiply_(param, 1 - options[kLr] * options[kWeightDecay]);
    param.add_(update, (-adjusted_rate(param, options)).scalar("add_(): argument 'alpha'"));
  }
}

}  // namespace muon
const RegisteredStep kAdafactor({
    .name = "Adafactor",
    .columns = {"step", "row_var", "col_var", "variance"},
    .single = adafactor::single_tensor,
    .multi = adafactor::multi_tensor,
    .optional = 1 << adafactor::kRowVar | 1 << adafactor::kColVar | 1 << adafactor::kVariance,
    .multi_on_cuda = false,
    .complex = false,
});

const RegisteredStep kMuon({
    .name = "Muon",
    .columns = {"momentum_buffer"},
    .single = muon::single_tensor,
    .complex = false,
});

}  // namespace
}  // namespace torch_node
