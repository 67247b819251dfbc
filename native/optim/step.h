// What the steps of all optimizers share: hyperparameters that may be tensors, the lists of a group, and the choice
// between the forms of a step. native/optim/optim.cpp has the entry; the optimizers are in native/optim/, by family.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/ATen.h>
#include <napi.h>

#include "core/environment.h"
#include "core/shared_numbers.h"

namespace torch_node {

using Tensors = std::vector<at::Tensor>;

/// A number, or a tensor of one element instead, with Python's arithmetic: numbers are doubles, and whatever meets
/// a tensor is computed by libtorch in the tensor's dtype.
class Hyper {
 public:
  Hyper(double number) : number_(number) {}
  Hyper(int number) : number_(number) {}
  Hyper(at::Tensor tensor) : tensor_(std::move(tensor)) {}

  bool is_tensor() const { return tensor_.defined(); }
  bool requires_grad() const { return is_tensor() && tensor_.requires_grad(); }
  const at::Tensor& tensor() const { return tensor_; }
  double number() const { return is_tensor() ? tensor_.item().toDouble() : number_; }
  /// As the number argument of an operator, which a tensor that requires grad cannot be.
  at::Scalar scalar(const char* argument) const;
  /// The one-element tensor as it meets others: without dimensions.
  Hyper squeezed() const { return is_tensor() && tensor_.dim() != 0 ? Hyper(tensor_.squeeze()) : *this; }
  explicit operator bool() const { return is_tensor() ? tensor_.item().toBool() : number_ != 0; }

 private:
  double number_ = 0;
  at::Tensor tensor_;
};

Hyper operator-(const Hyper& a);
Hyper operator+(const Hyper& a, const Hyper& b);
Hyper operator-(const Hyper& a, const Hyper& b);
Hyper operator*(const Hyper& a, const Hyper& b);
Hyper operator/(const Hyper& a, const Hyper& b);
Hyper power(const Hyper& base, const Hyper& exponent);

/// A product with a number rounds in half precision as Python's does, which C++'s `mul` with a Scalar does not.
at::Tensor multiply(const at::Tensor& tensor, const Hyper& factor);
const at::Tensor& multiply_(const at::Tensor& tensor, const Hyper& factor);
at::Tensor divide(const at::Tensor& tensor, const Hyper& divisor);
void lerp_(const at::Tensor& tensor, const at::Tensor& end, const Hyper& weight);

/// One value for each tensor of a list, either all numbers or all tensors: how multi-tensor operators take them.
class HyperList {
 public:
  void push_back(const Hyper& value);
  /// operation(list of numbers) or operation(list of tensors)
  template <typename Operation>
  auto apply(Operation&& operation) const {
    return tensors_.empty() ? operation(numbers_) : operation(tensors_);
  }

 private:
  std::vector<at::Scalar> numbers_;
  Tensors tensors_;
};

struct StepOptions {
  std::vector<Hyper> scalars;
  int32_t flags = 0;
  StepPath path = StepPath::kDefault;
  at::Tensor grad_scale;  ///< what a GradScaler has multiplied the gradients with; undefined where it has not
  at::Tensor found_inf;   ///< 1 where a gradient is infinite or NaN, and the step must not be taken; or undefined

  bool has(int32_t flag) const { return (flags & flag) != 0; }
  bool maximize() const { return has(kMaximize); }
  bool capturable() const { return has(kCapturable); }
  bool differentiable() const { return has(kDifferentiable); }
  bool scaled() const { return grad_scale.defined() || found_inf.defined(); }
  const Hyper& operator[](size_t index) const { return scalars[index]; }
};

struct StepKernel;

/// The parameters that have a gradient, with their state, as parallel lists; state that is not there is undefined.
struct StepLists {
  const StepKernel* kernel;
  Tensors params{}, grads{};
  std::vector<Tensors> state{};  ///< by column

  /// A tensor of state that a flag asks for. Throws when an older state dict has brought none.
  const at::Tensor& present(size_t column, size_t i) const;
  /// The same for all of a column.
  const Tensors& present(size_t column) const;
};

/// An optimizer: how a step of it is done, and what its state is.
struct StepKernel {
  const char* name;
  std::vector<const char*> columns;  ///< names of the state, for error texts
  /// Parameter after parameter: what Python does by default on the CPU.
  void (*single)(const StepLists& lists, const StepOptions& options) = nullptr;
  /// Lists of one device and dtype, by libtorch's multi-tensor operators.
  void (*multi)(StepLists lists, const StepOptions& options) = nullptr;
  /// Lists of one device and dtype, by a kernel of libtorch.
  void (*fused)(const StepLists& lists, const StepOptions& options) = nullptr;
  uint32_t optional = 0;                            ///< columns that need not be there, as bits
  bool multi_on_cuda = true;                        ///< the default when all parameters are on CUDA
  bool multi_captures = false;                      ///< whether `multi` knows `capturable`
  bool xla = true;                                  ///< whether Python captures `single` on XLA
  bool sparse = false;                              ///< whether gradients may be sparse
  bool complex = true;                              ///< whether parameters may be complex
  const char* instead = "";                         ///< what to use for sparse gradients
  const char* captured = "params and state_steps";  ///< what `capturable` wants on an accelerator
};

/// Registers an optimizer's step by name when the addon is loaded, so that an optimizer is one file. JavaScript finds
/// it by `optimizer_kernel(name)`, and calls it by `optimizer_step`; the arguments are those of `call` in
/// lib/optim/native_optimizer.ts.
class RegisteredStep {
 public:
  /// The rows of `kernel.columns`; the result says how many parameters have a gradient, but no state yet.
  explicit RegisteredStep(StepKernel kernel);
  /// A step that reads its rows itself.
  RegisteredStep(const char* name, Method step);
  RegisteredStep(const RegisteredStep&) = delete;
  RegisteredStep& operator=(const RegisteredStep&) = delete;

  const char* name() const { return kernel_.name; }
  Napi::Value operator()(const Napi::CallbackInfo& info, Environment& environment) const;

  /// All of this process; the index of one is its number in JavaScript.
  static const std::vector<const RegisteredStep*>& all();

 private:
  StepKernel kernel_;
  Method step_ = nullptr;
};

/// The arguments of a step after the number of its kernel.
Napi::TypedArrayOf<int32_t> handles_of(const Napi::CallbackInfo& info);
StepOptions read_options(const Napi::CallbackInfo& info, const Environment& environment);
at::Tensor optional_tensor(const TensorTable& tensors, Handle handle);

bool all_on_cuda(const Tensors& tensors);
/// The multi-tensor operators want lists of one device and dtype each: the indices of each such list.
std::vector<std::vector<size_t>> by_device_and_dtype(const Tensors& tensors);
Tensors select_indices(const Tensors& tensors, const std::vector<size_t>& indices);
StepLists select_indices(const StepLists& lists, const std::vector<size_t>& indices);
/// Throws for what libtorch's fused kernels do not support.
void check_fused(const Tensors& params);
/// Throws for scaled gradients, which the fused kernels alone take.
void check_unscaled(const StepOptions& options);
/// `grad_scale` and `found_inf` as the fused kernels take them.
struct Scaling {
  std::optional<at::Tensor> grad_scale;
  std::optional<at::Tensor> found_inf;
};
Scaling scaling_on(const StepOptions& options, const at::Device& device);
/// Takes back the count of a step that a fused kernel has left out.
void take_back(const Tensors& steps, const Scaling& scaling);

/// The fused kernels ignore strides: the gradient with those of its parameter, and a check that state has them.
at::Tensor with_layout_of_param(const at::Tensor& grad, const at::Tensor& param);
void check_state_layout(const at::Tensor& state, const at::Tensor& param, const char* optimizer, const char* name);

double item_of(const at::Tensor& scalar);
/// `step += 1`.
void increment(const at::Tensor& step);
/// The same for a list, as Python's multi-tensor form does it.
void increment(const Tensors& steps);
/// The count of steps as the formulas take it: a number, or for a captured step the tensor itself.
Hyper count_of(const at::Tensor& step, bool as_tensor);

/// The gradient as the formulas take it: negated for `maximize`, with the L2 penalty.
at::Tensor effective_grad(const at::Tensor& grad, const at::Tensor& param, const Hyper& weight_decay, bool maximize);
/// The same for lists. `fresh` says whether they are ours to change.
struct EffectiveGrads {
  Tensors grads;
  bool fresh;
};
EffectiveGrads effective_grads(const Tensors& grads, const Tensors& params, const Hyper& weight_decay, bool maximize);

/// Weight decay that does not go through the gradient, for lists.
void shrink(const Tensors& params, const Hyper& factor);

void view_as_real(at::Tensor& tensor);
void view_as_real(Tensors& tensors);
/// Lists of a multi-tensor step: all complex tensors as pairs of reals.
void view_as_real(StepLists& lists);

}  // namespace torch_node
