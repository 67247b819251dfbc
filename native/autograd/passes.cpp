// The backward pass that the engine runs, as hooks in JavaScript see it.
#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/variable.h>

#include "autograd/engine_callbacks.h"
#include "autograd/graph.h"
#include "autograd/node_pointers.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"

namespace torch_node {
namespace {

using torch::autograd::Node;

using WeakTensor = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

/// Where the gradient of a tensor is computed: by the node that made it, or for a leaf by the one that accumulates,
/// which is made again with each graph. Neither is kept alive: hooks hold this, and the graph holds hooks.
class GradientPlace {
 public:
  explicit GradientPlace(const at::Tensor& tensor)
      : tensor_(tensor.getIntrusivePtr()), node_(tensor.grad_fn()), leaf_(!tensor.grad_fn()) {}

  NodePointer<Node> node() const {
    if (!leaf_) return node_.lock();
    const auto impl = tensor_.lock();
    return impl ? torch::autograd::impl::try_get_grad_accumulator(at::Tensor(impl)) : NodePointer<Node>();
  }

 private:
  WeakTensor tensor_;
  WeakNodePointer<Node> node_;
  bool leaf_;
};

using GradientPlaces = std::vector<GradientPlace>;

/// pass_id(): a number of the pass that runs now; -1 outside of passes.
Napi::Value pass_id(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), running_pass().id);
}

/// gradient_places(handles): where the gradients of tensors are computed.
Napi::Value gradient_places(const Napi::CallbackInfo& info, Environment& environment) {
  GradientPlaces places;
  for (const at::Tensor& tensor : to_tensors(info.Env(), info[0], environment.tensors)) places.emplace_back(tensor);
  return {info.Env(), own_as_external(info.Env(), std::move(places), kGradientPlacesTag)};
}

/// places_in_pass(places): at how many of the places the pass that runs now computes a gradient.
Napi::Value places_in_pass(const Napi::CallbackInfo& info, Environment&) {
  const auto& places =
      from_external<GradientPlaces>(info.Env(), info[0], kGradientPlacesTag, "what gradient_places returned");
  const RunningPass pass = running_pass();
  TORCH_CHECK(pass.nodes != nullptr, "expected this hook to be called inside a backward call");
  int64_t count = 0;
  for (const GradientPlace& place : places) {
    const NodePointer<Node> node = place.node();
    if (!node || !pass.nodes->contains(node.get())) continue;
    if (!pass.exec_info->empty()) {
      const auto found = pass.exec_info->find(node.get());
      if (found == pass.exec_info->end() || !found->second.should_execute()) continue;
      TORCH_CHECK(!(node->topological_nr() == 0 && found->second.captures_),
                  "A leaf node was passed to _will_engine_execute_node but we are currently running autograd.grad(). "
                  "This is currently not supported.");
    }
    count++;
  }
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Value multithreading_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), c10::AutogradState::get_tls_state().get_multithreading_enabled());
}

/// set_multithreading_enabled(enabled): what it was before.
Napi::Value set_multithreading_enabled(const Napi::CallbackInfo& info, Environment&) {
  c10::AutogradState& state = c10::AutogradState::get_tls_state();
  const bool before = state.get_multithreading_enabled();
  state.set_multithreading_enabled(info[0].ToBoolean());
  return Napi::Boolean::New(info.Env(), before);
}

}  // namespace

void export_passes(Exports& exports) {
  exports.add<pass_id>("pass_id");
  exports.add<gradient_places>("gradient_places");
  exports.add<places_in_pass>("places_in_pass");
  exports.add<multithreading_enabled>("multithreading_enabled");
  exports.add<set_multithreading_enabled>("set_multithreading_enabled");
}

}  // namespace torch_node
