// Hooks on nodes of the autograd graph: before and after a node's backward, and after a leaf has accumulated its
// gradient.
#include <algorithm>
#include <array>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/engine_callbacks.h"
#include "autograd/graph.h"
#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

using torch::autograd::variable_list;

class PostHook final : public torch::autograd::FunctionPostHook {
 public:
  PostHook(EngineCallback callback, Environment& environment)
      : callback_(std::move(callback)), environment_(environment) {}

  variable_list operator()(const variable_list& outputs, const variable_list& inputs) override {
    variable_list result = outputs;
    if (!callback_.alive()) return result;
    callback_.run([&](const JsReferences::Strong& function) {
      const Napi::Env env(function.env());
      const Napi::HandleScope scope(env);
      TensorTable& tensors = environment_.tensors;
      const Napi::Value answer = Napi::Function(env, function.value())
                                     .Call({handles_of(env, tensors, outputs), handles_of(env, tensors, inputs)});
      if (!answer.IsArray()) return;
      result = to_variables(env, answer, tensors);
      TORCH_CHECK(result.size() == outputs.size(), "hook: returned ", result.size(), " gradients, but expected ",
                  outputs.size());
    });
    return result;
  }

 private:
  EngineCallback callback_;
  Environment& environment_;
};

/// register_node_hook(handle, callback): the callback runs after the backward of the node that made the tensor. It gets
/// handles of the gradients that the node computed (grad_inputs) and of those it received (grad_outputs), and returns
/// an array of handles that replace the former, or nothing.
Napi::Value register_node_hook(const Napi::CallbackInfo& info, Environment& environment) {
  const auto& node = tensor_at(info, 0, environment).grad_fn();
  TORCH_CHECK(node, "the tensor has no grad_fn");
  node->add_post_hook(std::make_unique<PostHook>(EngineCallback(environment.references.strong(info[1])), environment));
  return info.Env().Undefined();
}

/// node_keys(handle): the node that made the tensor and those that it leads to, as numbers; 0 where there is none.
Napi::Value node_keys(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const auto& node = tensor_at(info, 0, environment).grad_fn();
  Napi::Array keys = Napi::Array::New(env);
  const auto add = [&](const torch::autograd::Node* key) {
    keys[keys.Length()] = Napi::BigInt::New(env, static_cast<uint64_t>(reinterpret_cast<uintptr_t>(key)));
  };
  add(node.get());
  if (node)
    for (const auto& edge : node->next_edges()) add(edge.function.get());
  return keys;
}

/// Functions by number, in the order in which they were added.
class Functions {
 public:
  double add(EngineCallback callback) {
    entries_.emplace_back(++last_, std::move(callback));
    return last_;
  }

  void remove(double id) {
    std::erase_if(entries_, [id](const auto& entry) { return entry.first == id; });
  }

  /// Calls each with what `arguments` makes of the gradients; what it returns replaces them.
  template <typename Arguments>
  variable_list run(Environment& environment, variable_list gradients, Arguments arguments) const {
    // A hook may remove itself or another one.
    const auto entries = entries_;
    for (const auto& [id, callback] : entries) {
      if (!callback.alive()) continue;
      callback.run([&](const JsReferences::Strong& function) {
        const Napi::Env env(function.env());
        const Napi::HandleScope scope(env);
        std::vector<napi_value> given;
        {
          const TensorTable::InFlight in_flight(environment.tensors);
          for (const variable_list* list : arguments(gradients))
            given.push_back(handles_of(env, environment.tensors, *list));
        }
        const Napi::Value answer = Napi::Function(env, function.value()).Call(given);
        if (!answer.IsArray()) return;
        variable_list replaced = to_variables(env, answer, environment.tensors);
        TORCH_CHECK(replaced.size() == gradients.size(),
                    "hook '<function>' has returned an incorrect number of values (got ", replaced.size(),
                    ", but expected ", gradients.size(), ")");
        gradients = std::move(replaced);
      });
    }
    return gradients;
  }

 private:
  double last_ = 0;
  std::vector<std::pair<double, EngineCallback>> entries_;
};

/// Hooks that `grad_fn.register_hook` adds: after a node's backward.
class RemovablePostHooks final : public torch::autograd::FunctionPostHook {
 public:
  explicit RemovablePostHooks(Environment& environment) : environment_(environment) {}

  variable_list operator()(const variable_list& outputs, const variable_list& inputs) override {
    return functions.run(environment_, outputs, [&](const variable_list& now) { return std::array{&now, &inputs}; });
  }

  Functions functions;

 private:
  Environment& environment_;
};

/// Hooks that `grad_fn.register_prehook` adds: before a node's backward.
class RemovablePreHooks final : public torch::autograd::FunctionPreHook {
 public:
  explicit RemovablePreHooks(Environment& environment) : environment_(environment) {}

  variable_list operator()(const variable_list& inputs) override {
    return functions.run(environment_, inputs, [](const variable_list& now) { return std::array{&now}; });
  }

  Functions functions;

 private:
  Environment& environment_;
};

template <typename Wanted, typename List>
Wanted* find_among(const List& hooks) {
  for (const auto& hook : hooks) {
    if (auto* found = dynamic_cast<Wanted*>(hook.get())) return found;
  }
  return nullptr;
}

Functions* functions_of(torch::autograd::Node& node, bool before) {
  if (before) {
    auto* hooks = find_among<RemovablePreHooks>(node.pre_hooks());
    return hooks == nullptr ? nullptr : &hooks->functions;
  }
  auto* hooks = find_among<RemovablePostHooks>(node.post_hooks());
  return hooks == nullptr ? nullptr : &hooks->functions;
}

/// add_node_hook(handle, path, before, callback) -> number: the callback gets arrays of handles, and may give one back.
Napi::Value add_node_hook(const Napi::CallbackInfo& info, Environment& environment) {
  torch::autograd::Node& node = node_at(info, environment);
  const bool before = info[2].ToBoolean().Value();
  if (functions_of(node, before) == nullptr) {
    if (before)
      node.add_pre_hook(std::make_unique<RemovablePreHooks>(environment));
    else
      node.add_post_hook(std::make_unique<RemovablePostHooks>(environment));
  }
  return Napi::Number::New(info.Env(),
                           functions_of(node, before)->add(EngineCallback(environment.references.strong(info[3]))));
}

/// remove_node_hook(handle, path, before, number)
Napi::Value remove_node_hook(const Napi::CallbackInfo& info, Environment& environment) {
  if (environment.tensors.is_disposed(info[0].As<Napi::Number>().Int32Value())) return info.Env().Undefined();
  Functions* functions = functions_of(node_at(info, environment), info[2].ToBoolean().Value());
  if (functions != nullptr) functions->remove(info[3].As<Napi::Number>().DoubleValue());
  return info.Env().Undefined();
}

class AccumulatedHooks final : public torch::autograd::PostAccumulateGradHook {
 public:
  struct Hook {
    EngineCallback callback;
    std::shared_ptr<JsReferences::Strong> wrapper;  // weak: the tensor must not keep its own wrapper alive
  };

  explicit AccumulatedHooks(Environment& environment) : environment_(environment) {}

  void operator()(const at::Tensor& tensor) override {
    // A hook may remove itself or another one.
    const auto hooks = hooks_;
    for (const auto& [id, hook] : hooks) {
      if (!hook.callback.alive()) continue;
      hook.callback.run([&, &wrapper = hook.wrapper](const JsReferences::Strong& function) {
        const Napi::Env env(function.env());
        const Napi::HandleScope scope(env);
        napi_value argument = wrapper->value();
        if (argument == nullptr) argument = Napi::Number::New(env, environment_.tensors.put(tensor));
        Napi::Function(env, function.value()).Call({argument});
      });
    }
  }

  double add(Hook hook) {
    hooks_.emplace_back(++last_, std::move(hook));
    return last_;
  }

  void remove(double id) {
    std::erase_if(hooks_, [id](const auto& entry) { return entry.first == id; });
  }

 private:
  Environment& environment_;
  double last_ = 0;
  std::vector<std::pair<double, Hook>> hooks_;
};

AccumulatedHooks* accumulated_hooks(const at::Tensor& tensor) {
  return dynamic_cast<AccumulatedHooks*>(torch::autograd::impl::post_acc_grad_hooks(tensor).get());
}

/// register_accumulated_hook(handle, wrapper, callback) -> number: the callback gets the wrapper or, when it is dead,
/// what TensorTable::put returns for the leaf.
Napi::Value register_accumulated_hook(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  // The accumulator is made here at the latest: it looks for the hooks when it runs.
  torch::autograd::impl::grad_accumulator(tensor);
  AccumulatedHooks* hooks = accumulated_hooks(tensor);
  if (hooks == nullptr) {
    auto made = std::make_unique<AccumulatedHooks>(environment);
    hooks = made.get();
    torch::autograd::impl::set_post_acc_grad_hooks(tensor, std::move(made));
  }
  return Napi::Number::New(info.Env(), hooks->add({EngineCallback(environment.references.strong(info[2])),
                                                   environment.references.weak(info[1])}));
}

Napi::Value remove_accumulated_hook(const Napi::CallbackInfo& info, Environment& environment) {
  AccumulatedHooks* hooks = accumulated_hooks(tensor_at(info, 0, environment));
  if (hooks != nullptr) hooks->remove(info[1].As<Napi::Number>().DoubleValue());
  return info.Env().Undefined();
}

}  // namespace

void export_node_hooks(Exports& exports) {
  exports.add<register_node_hook>("register_node_hook");
  exports.add<node_keys>("node_keys");
  exports.add<add_node_hook>("add_node_hook");
  exports.add<remove_node_hook>("remove_node_hook");
  exports.add<register_accumulated_hook>("register_accumulated_hook");
  exports.add<remove_accumulated_hook>("remove_accumulated_hook");
}

}  // namespace torch_node
