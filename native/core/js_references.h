// Strong references from native objects to JavaScript values. They may be dropped on any thread
// (libtorch frees graphs and storages wherever it likes) and even after the environment is gone;
// the napi_ref itself is only ever deleted on the environment's own thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <napi.h>

namespace torch_node {

class JsReferences {
  struct Shared {
    napi_env env;
    std::thread::id thread = std::this_thread::get_id();
    std::mutex mutex;
    std::vector<napi_ref> dead;
    uint64_t dropped = 0;
    bool closed = false;
  };

 public:
  class Strong {
   public:
    Strong(std::shared_ptr<Shared> shared, napi_ref ref) : shared_(std::move(shared)), ref_(ref) {}
    Strong(const Strong&) = delete;
    Strong& operator=(const Strong&) = delete;
    ~Strong() {
      std::lock_guard<std::mutex> lock(shared_->mutex);
      if (shared_->closed) return;
      ++shared_->dropped;
      if (std::this_thread::get_id() == shared_->thread) {
        napi_delete_reference(shared_->env, ref_);
      } else {
        shared_->dead.push_back(ref_);
      }
    }
    napi_value value() const {
      napi_value value = nullptr;
      napi_get_reference_value(shared_->env, ref_, &value);
      return value;
    }
    napi_env env() const { return shared_->env; }
    bool on_own_thread() const { return std::this_thread::get_id() == shared_->thread; }
    bool closed() const { return shared_->closed; }

   private:
    std::shared_ptr<Shared> shared_;
    napi_ref ref_;
  };

  explicit JsReferences(napi_env env) : shared_(std::make_shared<Shared>()) { shared_->env = env; }
  ~JsReferences() {
    std::lock_guard<std::mutex> lock(shared_->mutex);
    shared_->closed = true;
  }
  JsReferences(const JsReferences&) = delete;
  JsReferences& operator=(const JsReferences&) = delete;

  std::shared_ptr<Strong> strong(napi_value value) {
    napi_ref ref = nullptr;
    napi_create_reference(shared_->env, value, 1, &ref);
    return std::make_shared<Strong>(shared_, ref);
  }

  /// As `strong`, but does not keep the value alive: `value()` is null once it was collected. A WeakRef of JavaScript
  /// would keep it alive until the end of the current job, which may be a whole training.
  std::shared_ptr<Strong> weak(napi_value value) {
    napi_ref ref = nullptr;
    napi_create_reference(shared_->env, value, 0, &ref);
    return std::make_shared<Strong>(shared_, ref);
  }

  /// How many have been dropped so far: what they kept alive dies with the next collection only.
  uint64_t dropped() const {
    const std::lock_guard<std::mutex> lock(shared_->mutex);
    return shared_->dropped;
  }

  /// Deletes what other threads dropped since the last call.
  void drain() {
    std::vector<napi_ref> dead;
    {
      std::lock_guard<std::mutex> lock(shared_->mutex);
      dead.swap(shared_->dead);
    }
    for (napi_ref ref : dead) napi_delete_reference(shared_->env, ref);
  }

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace torch_node
