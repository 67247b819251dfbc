// A function of JavaScript that does the work of operators: of those that torch.library defines, and of all of them
// within a mode.
#pragma once

#include <memory>

#include <ATen/core/dispatch/Dispatcher.h>

#include "autograd/engine_callbacks.h"
#include "core/environment.h"

namespace torch_node {

/// Make it on the environment's thread; it may be dropped on any.
struct JsKernel {
  JsKernel(Environment& its, const Napi::Value& function)
      : environment(its), strong(its.references.strong(function)), callback(strong) {}

  bool alive() const { return !strong->closed(); }

  /// Calls the function with the operator's arguments, each with its kind, which it takes from the stack, and leaves
  /// the results there. With `named`, the operator's name goes before them.
  void call(const c10::OperatorHandle& op, torch::jit::Stack* stack, bool named = false) const;

  Environment& environment;
  std::shared_ptr<JsReferences::Strong> strong;
  EngineCallback callback;
};

}  // namespace torch_node
