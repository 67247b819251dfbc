// Optimizer steps: the operator sequences of torch.optim over whole parameter lists, one Node-API call a step. The
// order of the operators, and of the scalar arithmetic in doubles, is Python's: the results equal Python's to the bit.
// The optimizers are in the other files, which register their steps; this one has the common entry, zero_grad, and
// functions of C's math library that lib/optim/ uses.
#include <algorithm>
#include <cmath>
#include <string>

#include <c10/core/GradMode.h>

#include "core/device_types.h"
#include "memory/out_of_memory.h"
#include "optim/step.h"

namespace torch_node {
namespace {

void check_sparse(const StepKernel& kernel, const at::Tensor& param, const at::Tensor& grad) {
  TORCH_CHECK(kernel.complex || !param.is_complex(), kernel.name, " does not support complex parameters");
  TORCH_CHECK(kernel.sparse || !grad.is_sparse(), kernel.name, " does not support sparse gradients", kernel.instead);
}

/// Reads the rows. The result says how many parameters have a gradient but no state.
int32_t read_rows(const Napi::TypedArrayOf<int32_t>& handles, const TensorTable& tensors, StepLists& lists) {
  const StepKernel& kernel = *lists.kernel;
  const size_t width = kernel.columns.size();
  const size_t rows = handles.ElementLength() / (width + 1);
  lists.params.reserve(rows);
  lists.grads.reserve(rows);
  lists.state.resize(width);
  for (Tensors& column : lists.state) column.reserve(rows);
  int32_t missing = 0;
  for (size_t at = 0; at + width < handles.ElementLength(); at += width + 1) {
    const at::Tensor& param = tensors.get(handles[at]);
    const at::Tensor& grad = param.grad();
    if (!grad.defined()) continue;
    check_sparse(kernel, param, grad);
    bool any = false;
    for (size_t column = 0; column < width; column++) any = any || handles[at + 1 + column] >= 0;
    if (!any) {
      missing++;
      continue;
    }
    lists.params.push_back(param);
    lists.grads.push_back(grad);
    for (size_t column = 0; column < width; column++) {
      lists.state[column].push_back(optional_tensor(tensors, handles[at + 1 + column]));
      if ((kernel.optional >> column & 1) == 0) lists.present(column, lists.params.size() - 1);
    }
  }
  return missing;
}

/// Whether a step may be captured in a graph: then the count of steps is on the device too.
void check_capturable(const StepKernel& kernel, const StepLists& lists, StepPath path) {
  const bool xla = kernel.xla && path == StepPath::kSingle;
  for (size_t i = 0; i < lists.params.size(); i++) {
    const at::DeviceType type = lists.params[i].device().type();
    const bool supported = has_trait(type, &DeviceTraits::captures) || (xla && type == at::kXLA);
    TORCH_CHECK(supported && lists.state[0][i].device().type() == type, "If capturable=True, ", kernel.captured,
                " must be on supported devices: [", names_with(&DeviceTraits::captures), xla ? ", 'xla'" : "", "].");
  }
}

StepPath choose_path(const StepKernel& kernel, const StepLists& lists, const StepOptions& options) {
  if (options.path != StepPath::kDefault) return options.path;
  const bool multi = kernel.multi != nullptr && kernel.multi_on_cuda && !options.differentiable() &&
                     (options.capturable() || !kernel.multi_captures || !options.scalars[0].is_tensor());
  return multi && all_on_cuda(lists.params) ? StepPath::kForeach : StepPath::kSingle;
}

void run_fused(const StepKernel& kernel, StepLists lists, const StepOptions& options) {
  for (size_t i = 0; i < lists.params.size(); i++) {
    lists.grads[i] = with_layout_of_param(lists.grads[i], lists.params[i]);
    for (size_t column = 1; column < lists.state.size(); column++) {
      const at::Tensor& tensor = lists.state[column][i];
      if (tensor.defined()) check_state_layout(tensor, lists.params[i], kernel.name, kernel.columns[column]);
    }
  }
  kernel.fused(lists, options);
}

void run(const StepKernel& kernel, const StepLists& lists, const StepOptions& options) {
  const StepPath path = choose_path(kernel, lists, options);
  if (kernel.fused != nullptr && path != StepPath::kFused) check_unscaled(options);
  if (options.capturable()) check_capturable(kernel, lists, path);
  if (path == StepPath::kSingle || (path == StepPath::kForeach && options.capturable() && !kernel.multi_captures)) {
    return kernel.single(lists, options);
  }
  if (path == StepPath::kFused) {
    TORCH_CHECK(kernel.fused != nullptr, kernel.name, " has no fused form");
    TORCH_CHECK(!options.differentiable(), kernel.name, " with fused=True does not support differentiable=True");
    check_fused(lists.params);
  } else {
    TORCH_CHECK(kernel.multi != nullptr, kernel.name, " has no foreach form");
    TORCH_CHECK(!options.differentiable(), "_foreach ops don't support autograd");
  }
  for (const auto& indices : by_device_and_dtype(lists.params)) {
    if (path == StepPath::kFused) {
      run_fused(kernel, select_indices(lists, indices), options);
    } else {
      kernel.multi(select_indices(lists, indices), options);
    }
  }
}

/// How many parameters have a gradient but no state yet. Unless that is 0 nothing was done: give them their state and
/// call again.
Napi::Value step_of_rows(const StepKernel& kernel, const Napi::CallbackInfo& info, Environment& environment) {
  const StepOptions options = read_options(info, environment);
  const at::AutoGradMode grad_mode(options.differentiable());
  StepLists lists{&kernel};
  const int32_t missing = read_rows(handles_of(info), environment.tensors, lists);
  if (missing == 0 && !lists.params.empty()) {
    make_room_if_short(environment.tensors);
    run(kernel, lists, options);
  }
  return Napi::Number::New(info.Env(), missing);
}

std::vector<const RegisteredStep*>& registered() {
  // Filled by the initializers of other files, so it is made when the first of them needs it. It is never destroyed:
  // worker threads may take steps while the process ends.
  static auto* steps = new std::vector<const RegisteredStep*>;
  return *steps;
}

/// optimizer_kernel(name): the number of a registered step.
Napi::Value optimizer_kernel(const Napi::CallbackInfo& info, Environment&) {
  const std::string name = info[0].As<Napi::String>().Utf8Value();
  const auto& steps = RegisteredStep::all();
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const RegisteredStep* step) { return step->name() == name; });
  TORCH_CHECK(found != steps.end(), "no optimizer is registered in native/optim/ as '", name, "'");
  return Napi::Number::New(info.Env(), static_cast<double>(found - steps.begin()));
}

/// optimizer_step(kernel, handles, scalars, tensors or null, flags, path, grad_scale or -1, found_inf or -1)
Napi::Value optimizer_step(const Napi::CallbackInfo& info, Environment& environment) {
  const auto& steps = RegisteredStep::all();
  const uint32_t kernel = info[0].As<Napi::Number>().Uint32Value();
  TORCH_CHECK(kernel < steps.size(), "unknown optimizer ", kernel);
  return (*steps[kernel])(info, environment);
}

/// zero_grad(handles, set_to_none)
Napi::Value zero_grad(const Napi::CallbackInfo& info, Environment& environment) {
  const auto handles = info[0].As<Napi::TypedArrayOf<int32_t>>();
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

double number_at(const Napi::CallbackInfo& info, size_t index) { return info[index].As<Napi::Number>().DoubleValue(); }

// Python's `**`, `math.cos` and `math.log` are C's; V8's own round differently.
Napi::Value power_of_numbers(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::pow(number_at(info, 0), number_at(info, 1)));
}

Napi::Value cosine(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::cos(number_at(info, 0)));
}

Napi::Value logarithm(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::log(number_at(info, 0)));
}

}  // namespace

RegisteredStep::RegisteredStep(StepKernel kernel) : kernel_(std::move(kernel)) { registered().push_back(this); }

RegisteredStep::RegisteredStep(const char* name, Method step) : kernel_{.name = name, .columns = {}}, step_(step) {
  registered().push_back(this);
}

Napi::Value RegisteredStep::operator()(const Napi::CallbackInfo& info, Environment& environment) const {
  return step_ != nullptr ? step_(info, environment) : step_of_rows(kernel_, info, environment);
}

const std::vector<const RegisteredStep*>& RegisteredStep::all() { return registered(); }

void export_optim(Exports& exports) {
  exports.add<optimizer_kernel>("optimizer_kernel");
  exports.add<optimizer_step>("optimizer_step");
  exports.add<zero_grad>("zero_grad");
  exports.add<power_of_numbers>("power");
  exports.add<cosine>("cosine");
  exports.add<logarithm>("logarithm");
}

}  // namespace torch_node
