// Edges of the autograd graph as the ends of a backward pass: torch.autograd.graph.GradientEdge; and what belongs to
// it, the accumulators of leaves, and two tensors that exchange what they are.
#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/engine_callbacks.h"
#include "autograd/graph.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"

namespace torch_node {
namespace {

using torch::autograd::Edge;
using torch::autograd::edge_list;
using torch::autograd::variable_list;

// Nodes are owned by std::shared_ptr or by c10::intrusive_ptr, as libtorch's version has it.
using NodePointer = decltype(Edge::function);

/// The edge behind `[handle, path, index]`: a path of edges leads from the node of the tensor to the one that is meant.
Edge to_edge(napi_env env, napi_value value, const Environment& environment) {
  const Napi::Array parts = Napi::Value(env, value).As<Napi::Array>();
  const at::Tensor& tensor = environment.tensors.get(parts.Get(0u).As<Napi::Number>().Int32Value());
  NodePointer node = torch::autograd::impl::gradient_edge(tensor).function;
  for (const int64_t step : to_int_vector(env, parts.Get(1u))) {
    TORCH_CHECK(node && step >= 0 && step < static_cast<int64_t>(node->num_outputs()),
                "the graph has changed: this node is not in it any more");
    node = node->next_edge(step).function;
  }
  return {std::move(node), parts.Get(2u).As<Napi::Number>().Uint32Value()};
}

edge_list to_edges(napi_env env, napi_value values, const Environment& environment) {
  const Napi::Array list = Napi::Value(env, values).As<Napi::Array>();
  edge_list edges;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const Napi::HandleScope scope(env);
    edges.push_back(to_edge(env, list.Get(i), environment));
  }
  return edges;
}

/// The gradient of a root: ones for a number where none is given.
at::Tensor root_gradient(const Edge& root, const at::Tensor& given, size_t place) {
  TORCH_CHECK(root.function, "element ", place, " of tensors does not require grad and does not have a grad_fn");
  const auto& metadata = root.function->input_metadata(root.input_nr);
  const at::IntArrayRef sizes = c10::asIntArrayRefSlow(metadata.shape_as_dim_vector(), __FILE__, __LINE__);
  if (given.defined()) {
    TORCH_CHECK(given.sizes() == sizes, "Mismatch in shape: grad_output[", place, "] has a shape of torch.Size(",
                given.sizes(), ") and output[", place, "] has a shape of torch.Size(", sizes, ").");
    return given;
  }
  TORCH_CHECK(c10::multiply_integers(sizes) == 1, "grad can be implicitly created only for scalar outputs");
  return at::ones(sizes, metadata.options());
}

/// gradients_of_edges(roots, gradients, retain_graph or undefined, create_graph, inputs, accumulate, allow_unused) ->
/// handles, one for each input; none where the gradients are accumulated into the leaves.
Napi::Value gradients_of_edges(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const edge_list roots = to_edges(env, info[0], environment);
  variable_list gradients = to_variables(env, info[1], environment.tensors);
  gradients.resize(roots.size());
  const bool create_graph = info[3].ToBoolean().Value();
  const bool retain_graph = info[2].IsBoolean() ? info[2].As<Napi::Boolean>().Value() : create_graph;
  edge_list inputs = to_edges(env, info[4], environment);
  const bool accumulate = info[5].ToBoolean().Value();
  const bool allow_unused = info[6].ToBoolean().Value();
  for (const Edge& input : inputs) {
    TORCH_CHECK(input.function, "One of the differentiated Tensors does not require grad");
  }
  for (size_t i = 0; i < roots.size(); ++i) gradients[i] = root_gradient(roots[i], gradients[i], i);
  variable_list result;
  run_engine([&] {
    result = torch::autograd::Engine::get_default_engine().execute(roots, gradients, retain_graph, create_graph,
                                                                   accumulate, inputs);
  });
  if (accumulate) result.clear();  // a pass into leaves has none to give
  for (const at::Tensor& gradient : result) {
    TORCH_CHECK(gradient.defined() || allow_unused,
                "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True "
                "if this is the desired behavior.");
  }
  const Napi::Array handles = handles_of(env, environment.tensors, result);
  environment.tensors.close_graph_page();
  return handles;
}

/// keep_accumulator(handle): what keeps the node alive that accumulates the gradient of a leaf; nodes of the graph own
/// it otherwise.
Napi::Value keep_accumulator(const Napi::CallbackInfo& info, Environment& environment) {
  NodePointer node = torch::autograd::impl::grad_accumulator(tensor_at(info, 0, environment));
  return {info.Env(), own_as_external(info.Env(), std::move(node), kAccumulatorTag)};
}

/// same_tensor(handle): another slot for the same tensor.
Napi::Value same_tensor(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor tensor = tensor_at(info, 0, environment);
  const int32_t slot = environment.tensors.put(tensor);
  environment.tensors.scope_keep(slot >> 2);
  return Napi::Number::New(info.Env(), slot);
}

/// use_count(handle): how many owners a tensor has; JavaScript's are one for each slot.
Napi::Value use_count(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(tensor_at(info, 0, environment).use_count()));
}

/// Whether gradients get the layout of their leaves; in libtorch before 2.13 they always do.
template <typename State>
bool set_layout_policy(State& state, bool enabled) {
  if constexpr (requires { state.set_grad_layout_enforcement_enabled(enabled); }) {
    const bool before = state.get_grad_layout_enforcement_enabled();
    state.set_grad_layout_enforcement_enabled(enabled);
    return before;
  } else {
    return true;
  }
}

/// set_grad_layout_policy(enabled): what it was before.
Napi::Value set_grad_layout_policy(const Napi::CallbackInfo& info, Environment&) {
  const bool before = set_layout_policy(c10::AutogradState::get_tls_state(), info[0].ToBoolean().Value());
  return Napi::Boolean::New(info.Env(), before);
}

}  // namespace

void export_edges(Exports& exports) {
  exports.add<gradients_of_edges>("gradients_of_edges");
  exports.add<keep_accumulator>("keep_accumulator");
  exports.add<same_tensor>("same_tensor");
  exports.add<use_count>("use_count");
  exports.add<set_grad_layout_policy>("set_grad_layout_policy");
}

}  // namespace torch_node
