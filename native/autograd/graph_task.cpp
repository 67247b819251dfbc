// The backward pass that is running, as hooks ask for it: torch.utils.flop_counter finds out by it which module a
// gradient belongs to.
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/variable.h>

#include "core/environment.h"

namespace torch_node {
namespace {

/// graph_task_id() -> the number of the backward pass that this thread is in; -1 outside of one
Napi::Value graph_task_id(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), torch::autograd::get_current_graph_task_id());
}

/// will_execute(handle) -> whether the backward pass that is running comes by the node of a tensor
Napi::Value will_execute(const Napi::CallbackInfo& info, Environment& environment) {
  const auto* chosen = torch::autograd::get_current_graph_task_exec_info();
  const auto* nodes = torch::autograd::get_current_graph_task_nodes_in_graph();
  bool will = false;
  if (chosen != nullptr && nodes != nullptr) {
    torch::autograd::Node* node = torch::autograd::impl::gradient_edge(tensor_at(info, 0, environment)).function.get();
    if (chosen->empty()) {
      will = nodes->contains(node);
    } else {
      const auto found = chosen->find(node);
      will = found != chosen->end() && found->second.should_execute();
    }
  }
  return Napi::Boolean::New(info.Env(), will);
}

}  // namespace

void export_graph_task(Exports& exports) {
  exports.add<graph_task_id>("graph_task_id");
  exports.add<will_execute>("will_execute");
}

}  // namespace torch_node
