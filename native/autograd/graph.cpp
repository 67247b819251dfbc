// The autograd graph as JavaScript walks it: a node is identified by a tensor and a path of edges from its grad_fn.
// So JavaScript owns no node, and a graph lives no longer than its tensors.
#include "autograd/graph.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {

using torch::autograd::Node;

Node& node_at(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  Node* node = tensor.grad_fn().get();
  // The accumulator of a leaf lives as long as a graph, or what keep_accumulator returned, owns it.
  if (node == nullptr && tensor.requires_grad()) node = torch::autograd::impl::try_get_grad_accumulator(tensor).get();
  for (const int64_t step : to_int_vector(info.Env(), info[1])) {
    TORCH_CHECK(node != nullptr && step >= 0 && step < static_cast<int64_t>(node->num_outputs()),
                "the graph has changed: this node is not in it any more");
    node = node->next_edge(step).function.get();
  }
  TORCH_CHECK(node != nullptr, "the graph has changed: this node is not in it any more");
  return *node;
}

namespace {

std::string short_name(const Node& node) {
  const std::string name = node.name();
  const size_t scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

Napi::Value grad_fn_name(const Napi::CallbackInfo& info, Environment& environment) {
  const auto& node = tensor_at(info, 0, environment).grad_fn();
  return node ? Napi::Value(Napi::String::New(info.Env(), short_name(*node))) : info.Env().Null();
}

/// Identifies a node while it lives.
double address_of(const Node* node) { return static_cast<double>(reinterpret_cast<uintptr_t>(node)); }

/// grad_fn_key(handle): whether an operator made the tensor. Leaves in the scratch memory the address of its node and
/// the node's number, which tells it from nodes that had the address before.
Napi::Value grad_fn_key(const Napi::CallbackInfo& info, Environment& environment) {
  const Node* node = tensor_at(info, 0, environment).grad_fn().get();
  if (node != nullptr) {
    TORCH_CHECK(environment.scratch.holds(2), "there is no memory for the node's numbers");
    environment.scratch[0] = address_of(node);
    environment.scratch[1] = static_cast<double>(node->sequence_nr());
  }
  return Napi::Boolean::New(info.Env(), node != nullptr);
}

/// node_edges(handle, path) -> [name of the next node or null, which of its inputs, the address of the node, ...]
Napi::Value node_edges(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Napi::Array edges = Napi::Array::New(env);
  for (const torch::autograd::Edge& edge : node_at(info, environment).next_edges()) {
    edges.Set(edges.Length(),
              edge.function ? Napi::Value(Napi::String::New(env, short_name(*edge.function))) : env.Null());
    edges.Set(edges.Length(), Napi::Number::New(env, edge.input_nr));
    edges.Set(edges.Length(), Napi::Number::New(env, address_of(edge.function.get())));
  }
  return edges;
}

/// node_sequence_nr(handle, path): later nodes have larger numbers.
Napi::Value node_sequence_nr(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(node_at(info, environment).sequence_nr()));
}

/// node_variable(handle, path): the leaf of an AccumulateGrad node; -1 for other nodes.
Napi::Value node_variable(const Napi::CallbackInfo& info, Environment& environment) {
  const auto* leaf = dynamic_cast<const torch::autograd::AccumulateGrad*>(&node_at(info, environment));
  return Napi::Number::New(info.Env(), leaf == nullptr ? -1 : environment.tensors.put(leaf->variable));
}

/// node_metadata(handle, path): an object that lives as long as the node.
Napi::Value node_metadata(const Napi::CallbackInfo& info, Environment& environment) {
  auto* metadata = dynamic_cast<NodeMetadata*>(node_at(info, environment).metadata());
  TORCH_CHECK(metadata != nullptr, "the node has metadata of another kind");
  if (!metadata->object) metadata->object = environment.references.strong(Napi::Object::New(info.Env()));
  TORCH_CHECK(metadata->object->on_own_thread(), "the node's metadata belongs to another thread");
  return {info.Env(), metadata->object->value()};
}

/// increment_version(handle): as a change in place does.
Napi::Value increment_version(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  TORCH_CHECK(!tensor.is_inference(), "Inference tensors do not track version counter.");
  tensor.unsafeGetTensorImpl()->bump_version();
  return info.Env().Undefined();
}

}  // namespace

void export_graph(Exports& exports) {
  export_passes(exports);
  exports.add<grad_fn_name>("grad_fn_name");
  exports.add<grad_fn_key>("grad_fn_key");
  exports.add<node_edges>("node_edges");
  exports.add<node_sequence_nr>("node_sequence_nr");
  exports.add<node_variable>("node_variable");
  exports.add<node_metadata>("node_metadata");
  exports.add<increment_version>("increment_version");
}

}  // namespace torch_node
