// Nodes of the graph whose backward is JavaScript: torch.autograd.Function (lib/autograd/function.ts).
#include <unordered_set>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>

#include "autograd/engine_callbacks.h"
#include "autograd/node_pointers.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/versions.h"

namespace torch_node {
namespace {

using torch::autograd::Node;
using torch::autograd::variable_list;

class FunctionNode final : public Node {
 public:
  FunctionNode(std::string name, EngineCallback callback, Environment& environment, size_t inputs, bool materialize)
      : name_(std::move(name)),
        callback_(std::move(callback)),
        environment_(environment),
        inputs_(inputs),
        materialize_(materialize) {}

  std::string name() const override { return name_; }

  void save(const variable_list& tensors) {
    for (const at::Tensor& tensor : tensors) {
      saved_.emplace_back(tensor, /*is_output=*/tensor.defined() && tensor.grad_fn().get() == this);
    }
  }

  void describe_outputs(const std::vector<std::optional<at::Tensor>>& outputs) {
    for (const auto& output : outputs) output_info_.emplace_back(output.value_or(at::Tensor()));
  }

  variable_list apply(variable_list&& gradients) override {
    TORCH_CHECK(callback_.alive(), name_, ": the thread that defined it has ended");
    TORCH_CHECK(!released_ || saved_.empty(), torch::autograd::ERR_BACKWARD_TWICE);
    if (materialize_) {
      at::OptionalDeviceGuard guard;
      for (size_t i = 0; i < gradients.size(); ++i) {
        if (!gradients[i].defined()) gradients[i] = output_info_[i].zeros(guard);
      }
    }
    variable_list saved;
    const NodePointer<Node> self = pointer_to(*this);
    for (const auto& variable : saved_) saved.push_back(variable.unpack(self));
    variable_list result;
    callback_.run([&](const JsReferences::Strong& function) { result = call(function, gradients, saved); });
    return result;
  }

  void release_variables() override {
    released_ = true;
    for (auto& variable : saved_) variable.reset_data();
  }

 private:
  variable_list call(const JsReferences::Strong& function, const variable_list& gradients, const variable_list& saved) {
    const Napi::Env env(function.env());
    const Napi::HandleScope scope(env);
    TensorTable& tensors = environment_.tensors;
    const Napi::Value answer = Napi::Function(env, function.value())
                                   .Call({from_tensors(env, gradients, tensors), from_tensors(env, saved, tensors)});
    variable_list result = to_variables(env, answer, tensors);
    TORCH_CHECK(result.size() == inputs_, name_, ": expected ", inputs_, " gradients, got ", result.size());
    return result;
  }

  std::string name_;
  EngineCallback callback_;
  Environment& environment_;
  size_t inputs_;
  bool materialize_;
  bool released_ = false;
  std::vector<torch::autograd::SavedVariable> saved_;
  std::vector<torch::autograd::VariableInfo> output_info_;
};

std::unordered_set<at::TensorImpl*> identities(const variable_list& tensors) {
  std::unordered_set<at::TensorImpl*> set;
  for (const at::Tensor& tensor : tensors) set.insert(tensor.unsafeGetTensorImpl());
  return set;
}

/// function_apply(name, inputs, outputs, not differentiable, dirty, saved, materialize, backward, jvp or null) ->
/// outputs, with the node in their history; -1 for those that are the very tensors given. `backward` gets handles of
/// gradients and of saved tensors, and gives one for each input; `jvp` gets handles of tangents, and gives one for each
/// output.
Napi::Value function_apply(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const std::string name = info[0].As<Napi::String>().Utf8Value();
  const auto list = [&](size_t i) { return to_variables(env, info[i], environment.tensors); };
  const variable_list inputs = list(1);
  const variable_list outputs = list(2);
  const auto not_differentiable = identities(list(3));
  const auto dirty = identities(list(4));
  const variable_list saved = list(5);
  const bool materialize = info[6].ToBoolean().Value();

  const bool recorded = at::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);
  NodePointer<FunctionNode> node;
  if (recorded) {
    node = make_node<FunctionNode>(name, EngineCallback(environment.references.strong(info[7])), environment,
                                   inputs.size(), materialize);
    node->set_next_edges(torch::autograd::collect_next_edges(inputs));
    node->clear_input_metadata();
  }
  for (at::TensorImpl* impl : dirty) impl->bump_version();
  std::vector<std::optional<at::Tensor>> raw(outputs.begin(), outputs.end());
  const auto jvp = [&](const variable_list& primals, variable_list tangents) -> variable_list {
    TORCH_CHECK(info[8].IsFunction(), name, ": forward-mode differentiation needs a static jvp of this Function");
    for (size_t i = 0; materialize && i < tangents.size(); ++i) {
      if (!tangents[i].defined()) tangents[i] = at::zeros_like(primals[i]);
    }
    const Napi::Value answer = info[8].As<Napi::Function>().Call({handles_of(env, environment.tensors, tangents)});
    variable_list result = to_variables(env, answer, environment.tensors);
    TORCH_CHECK(result.size() == outputs.size(), name, ": expected ", outputs.size(), " tangents from jvp, got ",
                result.size());
    return result;
  };
  const auto view_as_self = [](const at::Tensor& x) { return x.view_as(x); };
#if TORCH_NODE_SINCE(14)
  NodePointer<Node> attached_node;
  const auto wrapped = torch::autograd::_wrap_outputs(inputs, not_differentiable, dirty, raw, node, jvp, {},
                                                      view_as_self, false, attached_node);
#else
  const auto wrapped =
      torch::autograd::_wrap_outputs(inputs, not_differentiable, dirty, raw, node, jvp, {}, view_as_self, false);
#endif
  variable_list results;
  results.reserve(wrapped.size());
  for (size_t i = 0; i < wrapped.size(); ++i) {
    results.push_back(wrapped[i].has_value() && wrapped[i]->is_same(outputs[i]) ? at::Tensor()
                                                                                : wrapped[i].value_or(at::Tensor()));
  }
  if (recorded) {
    node->describe_outputs(wrapped);
    node->save(saved);
  }
  return {env, from_tensors(env, results, environment.tensors)};
}

}  // namespace

void export_autograd_function(Exports& exports) { exports.add<function_apply>("function_apply"); }

}  // namespace torch_node
