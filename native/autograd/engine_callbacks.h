// JavaScript that the autograd engine calls: hooks and the backward functions of custom Functions. It must run on its
// environment's thread. The engine runs CPU nodes on the thread that called backward, but those of an accelerator on
// threads of its own: then the pass is started on a helper thread while the environment's thread serves the calls.
#pragma once

#include <functional>
#include <memory>

#include "core/js_references.h"

namespace torch_node {

/// Runs a backward pass from the environment's thread.
void run_engine(const std::function<void()>& pass);

/// A JavaScript function that the engine may call from any thread. Make it on the environment's thread.
class EngineCallback {
 public:
  explicit EngineCallback(std::shared_ptr<JsReferences::Strong> function);
  /// False once the environment is gone: then the function cannot be called.
  bool alive() const { return !function_->closed(); }
  /// Runs `task` on the environment's thread, with the grad mode of the calling one, and waits for it.
  void run(const std::function<void(const JsReferences::Strong& function)>& task) const;

 private:
  std::shared_ptr<JsReferences::Strong> function_;
  std::shared_ptr<class CallServer> server_;
};

}  // namespace torch_node
