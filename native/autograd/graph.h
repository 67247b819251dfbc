// Nodes of the autograd graph, by a tensor and a path of edges from its grad_fn.
#pragma once

#include <memory>

#include <napi.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/function.h>

#include "core/js_references.h"

namespace torch_node {

class Environment;
class Exports;

/// What passes.cpp exports.
void export_passes(Exports& exports);

/// The node at (handle, path), the first two arguments.
torch::autograd::Node& node_at(const Napi::CallbackInfo& info, Environment& environment);

/// What a node knows beside its operator: every node's metadata is one (saved_tensor_hooks.cpp makes them).
class NodeMetadata : public torch::autograd::AnomalyMetadata {
 public:
  /// The object that `grad_fn.metadata` gives; made when it is first asked for.
  std::shared_ptr<JsReferences::Strong> object;
};

}  // namespace torch_node
