// JavaScript that the autograd engine calls: hooks and the backward functions of custom Functions. It must run on its
// environment's thread. The engine runs CPU nodes on the thread that called backward, but those of an accelerator on
// threads of its own: then the pass is started on a helper thread while the environment's thread serves the calls, as a
// pass within such a call is on the thread that waits for the call.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include <torch/csrc/autograd/graph_task.h>

#include "core/js_references.h"

namespace torch_node {

/// A pass of the engine, as libtorch tells of the one that runs on a thread. Outside of passes the id is -1, and the
/// rest null.
struct RunningPass {
  int id = -1;
  const std::unordered_map<torch::autograd::Node*, torch::autograd::GraphTask::ExecInfo>* exec_info = nullptr;
  const std::unordered_set<torch::autograd::Node*>* nodes = nullptr;
};

/// The pass that runs now: of a callback from another thread, the one that runs there.
RunningPass running_pass();

/// Runs a backward pass from the environment's thread.
void run_engine(const std::function<void()>& pass);

/// A JavaScript function that the engine may call from any thread. Make it on the environment's thread.
class EngineCallback {
 public:
  explicit EngineCallback(std::shared_ptr<JsReferences::Strong> function);
  /// False once the environment is gone: then the function cannot be called.
  bool alive() const { return !function_->closed(); }
  /// Runs `task` on the environment's thread, with the grad mode, device and streams of the calling one, and waits for
  /// it.
  void run(const std::function<void(const JsReferences::Strong& function)>& task) const;

 private:
  std::shared_ptr<JsReferences::Strong> function_;
  std::shared_ptr<class CallServer> server_;
};

}  // namespace torch_node
