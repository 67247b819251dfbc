// The server of engine callbacks (see engine_callbacks.h).
#include "autograd/engine_callbacks.h"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include <ATen/ThreadLocalState.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/util/Exception.h>

#include "core/device_types.h"

namespace torch_node {

class CallServer {
 public:
  /// From an engine thread: runs `task` on the serving thread and waits for it.
  void run(const std::function<void()>& task) {
    Request request{&task, false, nullptr};
    std::unique_lock<std::mutex> lock(mutex_);
    TORCH_CHECK(serving_ > 0,
                "a hook in JavaScript was reached from a thread that JavaScript does not wait for: backward "
                "passes within a call in the background must not meet hooks");
    requests_.push_back(&request);
    changed_.notify_all();
    changed_.wait(lock, [&] { return request.finished; });
    if (request.error) std::rethrow_exception(request.error);
  }

  /// On the environment's thread: runs `work` on a helper thread and serves until it is done.
  void serve(const std::function<void()>& work) {
    bool done = false;
    std::exception_ptr error;
    const at::ThreadLocalState state;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      serving_++;
    }
    std::thread helper([&] {
      const at::ThreadLocalStateGuard guard(state);
      try {
        work();
      } catch (...) {
        error = std::current_exception();
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      done = true;
      changed_.notify_all();
    });
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return done || !requests_.empty(); });
      if (requests_.empty()) break;
      Request* request = requests_.front();
      requests_.pop_front();
      lock.unlock();
      try {
        (*request->task)();
      } catch (...) {
        request->error = std::current_exception();
      }
      lock.lock();
      request->finished = true;
      changed_.notify_all();
    }
    serving_--;
    lock.unlock();
    helper.join();
    if (error) std::rethrow_exception(error);
  }

 private:
  struct Request {
    const std::function<void()>* task;
    bool finished = false;
    std::exception_ptr error;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request*> requests_;
  int serving_ = 0;  // hooks may start passes of their own
};

namespace {

/// The server of the environment that lives on this thread, shared with its callbacks.
std::shared_ptr<CallServer> call_server() {
  thread_local auto server = std::make_shared<CallServer>();
  return server;
}

bool& callbacks_exist() {
  thread_local bool exist = false;
  return exist;
}

bool has_accelerator() {
  for (const DeviceTraits& row : kDeviceTypes) {
    const c10::DeviceType type = row.type;
    if (row.engine_thread && c10::impl::hasDeviceGuardImpl(type) &&
        c10::impl::getDeviceGuardImpl(type)->deviceCount() > 0)
      return true;
  }
  return false;
}

}  // namespace

void run_engine(const std::function<void()>& pass) {
  // TORCH_NODE_HOOK_THREAD=1 takes the helper thread without an accelerator too, so that it can be tested.
  static const bool forced = std::getenv("TORCH_NODE_HOOK_THREAD") != nullptr;
  if (callbacks_exist() && (forced || has_accelerator())) {
    call_server()->serve(pass);
  } else {
    pass();
  }
}

EngineCallback::EngineCallback(std::shared_ptr<JsReferences::Strong> function)
    : function_(std::move(function)), server_(call_server()) {
  callbacks_exist() = true;
}

namespace {

/// The pass whose callback this thread serves.
RunningPass& served_pass() {
  thread_local RunningPass pass;
  return pass;
}

RunningPass pass_of_thread() {
  return {torch::autograd::get_current_graph_task_id(), torch::autograd::get_current_graph_task_exec_info(),
          torch::autograd::get_current_graph_task_nodes_in_graph()};
}

/// Callbacks may start passes, whose callbacks are served within them.
class Serving {
 public:
  explicit Serving(const RunningPass& pass) : before_(std::exchange(served_pass(), pass)) {}
  ~Serving() { served_pass() = before_; }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

 private:
  RunningPass before_;
};

}  // namespace

RunningPass running_pass() {
  const RunningPass here = pass_of_thread();
  return here.id == -1 ? served_pass() : here;
}

void EngineCallback::run(const std::function<void(const JsReferences::Strong&)>& task) const {
  if (function_->on_own_thread()) return task(*function_);
  const bool grad_mode = at::GradMode::is_enabled();
  const RunningPass pass = pass_of_thread();
  server_->run([&] {
    const at::AutoGradMode guard(grad_mode);
    const Serving serving(pass);
    task(*function_);
  });
}

}  // namespace torch_node
