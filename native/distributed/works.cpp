// What a collective that was started gives back (torch.distributed.Work): to wait for, with or without blocking the
// event loop.
#include "core/environment.h"

#if defined(TORCH_NODE_C10D)

#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "core/background.h"
#include "distributed/c10d.h"

namespace torch_node {

namespace {

/// A promise that a thread of its own settles: libuv's pool has four threads, and a collective may wait for minutes.
/// Its environment may end before: then the thread must not touch the function any more, which ends with it.
struct Waiting {
  WorkPointer work;
  std::chrono::milliseconds timeout{};
  napi_deferred deferred = nullptr;
  napi_threadsafe_function done = nullptr;
  std::exception_ptr error;
  std::mutex mutex;
  bool ended = false;
};

/// The environment's part in it.
using Owned = std::shared_ptr<Waiting>;

void end_waiting(void* data) {
  const std::unique_ptr<Owned> owned(static_cast<Owned*>(data));
  const std::lock_guard lock((*owned)->mutex);
  (*owned)->ended = true;
}

void settle(napi_env env, napi_value, void*, void* data) {
  if (env == nullptr) return;  // end_waiting() has run
  const std::unique_ptr<Owned> owned(static_cast<Owned*>(data));
  napi_remove_env_cleanup_hook(env, end_waiting, data);
  Waiting& waiting = **owned;
  // Until the thread has released the function, which may end with the environment once this has returned.
  const std::lock_guard lock(waiting.mutex);
  const Napi::HandleScope scope(env);
  if (!may_run_javascript(env)) return;
  try {
    if (waiting.error) std::rethrow_exception(waiting.error);
    napi_resolve_deferred(env, waiting.deferred, Napi::Boolean::New(env, true));
  } catch (...) {
    try {
      rethrow_as_js_error(env);
    } catch (const Napi::Error& error) {
      napi_reject_deferred(env, waiting.deferred, error.Value());
    }
  }
}

/// work_wait_async(work, timeout) -> a promise
Napi::Value work_wait_async(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  auto waiting = std::make_shared<Waiting>();
  waiting->work = work_from(info[0]);
  waiting->timeout = to_milliseconds(info[1]);
  napi_value promise = nullptr;
  napi_create_promise(env, &waiting->deferred, &promise);
  napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "torch_node.work"), 0, 1, nullptr,
                                  nullptr, nullptr, settle, &waiting->done);
  // Hooks run in the opposite order: this one before that of the function.
  auto* const owned = new Owned(waiting);
  napi_add_env_cleanup_hook(env, end_waiting, owned);
  std::thread([waiting = std::move(waiting), owned] {
    try {
      waiting->work->wait(waiting->timeout);
    } catch (...) {
      waiting->error = std::current_exception();
    }
    const std::lock_guard lock(waiting->mutex);
    if (waiting->ended) return;
    napi_call_threadsafe_function(waiting->done, owned, napi_tsfn_nonblocking);
    napi_release_threadsafe_function(waiting->done, napi_tsfn_release);
  }).detach();
  return {env, promise};
}

/// work_wait(work, timeout)
Napi::Value work_wait(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), work_from(info[0])->wait(to_milliseconds(info[1])));
}

Napi::Value work_is_completed(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), work_from(info[0])->isCompleted());
}

Napi::Value work_is_success(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), work_from(info[0])->isSuccess());
}

Napi::Value work_source_rank(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), work_from(info[0])->sourceRank());
}

/// work_result(work) -> handles
Napi::Value work_result(const Napi::CallbackInfo& info, Environment& environment) {
  return handles_of(info.Env(), environment.tensors, work_from(info[0])->result());
}

/// work_abort(work)
Napi::Value work_abort(const Napi::CallbackInfo& info, Environment&) {
  work_from(info[0])->abort();
  return info.Env().Undefined();
}

}  // namespace

WorkPointer& work_from(const Napi::Value& value) {
  return from_external<WorkPointer>(value.Env(), value, kWorkTag, "a work");
}

Napi::Value from_work(Napi::Env env, WorkPointer work) {
  if (!work) return env.Null();
  return {env, own_as_external(env, std::move(work), kWorkTag)};
}

void export_works(Exports& exports) {
  exports.add<work_abort>("work_abort");
  exports.add<work_is_completed>("work_is_completed");
  exports.add<work_is_success>("work_is_success");
  exports.add<work_result>("work_result");
  exports.add<work_source_rank>("work_source_rank");
  exports.add<work_wait>("work_wait");
  exports.add<work_wait_async>("work_wait_async");
}

}  // namespace torch_node

#endif
