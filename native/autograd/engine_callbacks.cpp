// The server of engine callbacks (see engine_callbacks.h).
#include "autograd/engine_callbacks.h"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>

#include "core/device_types.h"
#include "core/environment.h"
#include "memory/allocation.h"

namespace torch_node {
namespace {

/// The current device of the accelerator, and the current stream of each, of the thread that makes this.
class CurrentStreams {
 public:
  CurrentStreams() {
    const auto type = at::accelerator::getAccelerator(false);
    if (!type || !c10::impl::hasDeviceGuardImpl(*type)) return;
    const c10::impl::VirtualGuardImpl guard(*type);
    const auto& hooks = at::globalContext().getAcceleratorHooksInterface(*type);
    for (c10::DeviceIndex i = 0; i < guard.deviceCount(); ++i) {
      if (hooks.hasPrimaryContext(i)) streams_.push_back(guard.getStream({*type, i}));
    }
    if (!streams_.empty()) device_ = guard.getDevice();
  }

  /// Makes them those of the calling thread.
  void set() const {
    if (!device_) return;
    const c10::impl::VirtualGuardImpl guard(device_->type());
    for (const c10::Stream& stream : streams_) guard.exchangeStream(stream);
    guard.uncheckedSetDevice(*device_);
  }

 private:
  std::vector<c10::Stream> streams_;
  std::optional<c10::Device> device_;
};

/// While one lives, the current device and streams are those of another thread.
class WithStreamsOf {
 public:
  explicit WithStreamsOf(const CurrentStreams& other) { other.set(); }
  ~WithStreamsOf() { before_.set(); }
  WithStreamsOf(const WithStreamsOf&) = delete;
  WithStreamsOf& operator=(const WithStreamsOf&) = delete;

 private:
  CurrentStreams before_;
};

/// What JavaScript has thrown, on its way through threads of the engine, where a Napi::Error must not be destroyed.
class Thrown final : public std::exception {
 public:
  explicit Thrown(const Napi::Error& error)
      : text_(error.Message()), value_(error.Env().GetInstanceData<Environment>()->references.strong(error.Value())) {}
  const char* what() const noexcept override { return text_.c_str(); }
  /// On the environment's thread.
  [[noreturn]] void rethrow() const { throw Napi::Error(value_->env(), value_->value()); }

 private:
  std::string text_;
  std::shared_ptr<JsReferences::Strong> value_;
};

}  // namespace

class CallServer {
 public:
  /// From an engine thread: runs `task` on the serving thread, and what passes it starts on this one, which may be the
  /// only thread of the engine for its device.
  void run(const std::function<void()>& task) {
    Request request{&task};
    std::unique_lock<std::mutex> lock(mutex_);
    TORCH_CHECK(serving_ > 0,
                "a hook in JavaScript was reached from a thread that JavaScript does not wait for: backward "
                "passes within a call in the background must not meet hooks");
    requests_.push_back(&request);
    changed_.notify_all();
    while (true) {
      changed_.wait(lock, [&] { return request.finished || request.pass != nullptr; });
      if (request.finished) break;
      Pass* pass = std::exchange(request.pass, nullptr);
      lock.unlock();
      pass->run();
      lock.lock();
      pass->done = true;
      changed_.notify_all();
    }
    if (request.error) std::rethrow_exception(request.error);
  }

  /// On the environment's thread: runs `work` on another thread, and serves until it is done. A pass that a callback
  /// starts runs on the thread that waits for the callback; others on a thread of their own.
  void serve(const std::function<void()>& work) {
    Pass pass(work);
    std::thread helper;
    std::unique_lock<std::mutex> lock(mutex_);
    serving_++;
    if (served_.empty()) {
      helper = std::thread([&] {
        pass.run();
        const std::lock_guard<std::mutex> end(mutex_);
        pass.done = true;
        changed_.notify_all();
      });
    } else {
      served_.back()->pass = &pass;
      changed_.notify_all();
    }
    while (true) {
      changed_.wait(lock, [&] { return pass.done || !requests_.empty(); });
      if (requests_.empty()) break;
      Request* request = requests_.front();
      requests_.pop_front();
      served_.push_back(request);
      lock.unlock();
      std::exception_ptr error;
      try {
        (*request->task)();
      } catch (const Napi::Error& thrown) {
        error = std::make_exception_ptr(Thrown(thrown));
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      served_.pop_back();
      request->error = std::move(error);
      request->finished = true;
      changed_.notify_all();
    }
    serving_--;
    lock.unlock();
    if (helper.joinable()) helper.join();
    add_allocations(pass.allocated);
    if (!pass.error) return;
    try {
      std::rethrow_exception(pass.error);
    } catch (const Thrown& thrown) {
      thrown.rethrow();
    }
  }

 private:
  /// A pass of the engine that runs on another thread than the one that started it, as if it ran there.
  struct Pass {
    explicit Pass(const std::function<void()>& pass) : work(&pass) {}

    void run() {
      const at::ThreadLocalStateGuard state_guard(state);
      const WithStreamsOf streams_guard(streams);
      const AllocationCounts before = thread_allocations();
      try {
        (*work)();
      } catch (...) {
        error = std::current_exception();
      }
      const AllocationCounts& after = thread_allocations();
      allocated = {after.allocated - before.allocated, after.freed - before.freed};
    }

    const std::function<void()>* work;
    at::ThreadLocalState state;
    CurrentStreams streams;
    AllocationCounts allocated;
    bool done = false;
    std::exception_ptr error;
  };
  struct Request {
    const std::function<void()>* task;
    Pass* pass = nullptr;  // that the task has started, for the waiting thread to run
    bool finished = false;
    std::exception_ptr error{};
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request*> requests_;
  std::vector<Request*> served_;  // on the environment's thread, innermost last
  int serving_ = 0;               // hooks may start passes of their own
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
  const CurrentStreams streams;
  server_->run([&] {
    const at::AutoGradMode guard(grad_mode);
    const WithStreamsOf streams_guard(streams);
    const Serving serving(pass);
    task(*function_);
  });
}

}  // namespace torch_node
