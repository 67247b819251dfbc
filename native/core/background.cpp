// Calls on libuv's pool (see background.h).
#include "core/background.h"

#include <exception>
#include <memory>

#include <ATen/ThreadLocalState.h>
#include <ATen/functorch/DynamicLayer.h>

#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"
#include "memory/allocation.h"

namespace torch_node {
namespace {

struct Pending {
  BackgroundCall call;
  at::ThreadLocalState state;
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  std::exception_ptr error;
  AllocationCounts counts;
};

std::shared_ptr<Pending>& pending_from(const Napi::Value& value) {
  return from_external<std::shared_ptr<Pending>>(value.Env(), value, kCallTag, "a call");
}

void execute(napi_env, void* data) {
  Pending& pending = **static_cast<std::shared_ptr<Pending>*>(data);
  const AllocationCounts before = thread_allocations();
  try {
    const at::ThreadLocalStateGuard guard(pending.state);
    pending.call.run();
  } catch (...) {
    pending.error = std::current_exception();
  }
  pending.counts.allocated = thread_allocations().allocated - before.allocated;
  pending.counts.freed = thread_allocations().freed - before.freed;
}

void settle_promise(napi_env env, Pending& pending, napi_status status) {
  if (!may_run_javascript(env)) return;
  try {
    TORCH_CHECK(status != napi_cancelled, "the call was cancelled");
    if (pending.error) std::rethrow_exception(pending.error);
    napi_resolve_deferred(env, pending.deferred, pending.call.finish(env));
    return;
  } catch (...) {
    try {
      rethrow_as_js_error(env);
    } catch (const Napi::Error& error) {
      napi_reject_deferred(env, pending.deferred, error.Value());
    }
  }
}

void complete(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<std::shared_ptr<Pending>> owned(static_cast<std::shared_ptr<Pending>*>(data));
  Pending& pending = **owned;
  add_allocations(pending.counts);
  settle_promise(env, pending, status);
  napi_delete_async_work(env, pending.work);
  pending.work = nullptr;
  // Arguments and results are freed here, instead of when the object is collected.
  pending.call = {};
  pending.error = nullptr;
}

/// background_start(call) -> a promise of its result.
Napi::Value start(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<Pending>& pending = pending_from(info[0]);
  TORCH_CHECK(pending->call.run && pending->work == nullptr, "the call was started before");
  napi_value promise = nullptr;
  napi_create_promise(env, &pending->deferred, &promise);
  auto* owned = new std::shared_ptr<Pending>(pending);
  napi_create_async_work(env, nullptr, Napi::String::New(env, "torch_node.background"), execute, complete, owned,
                         &pending->work);
  if (napi_queue_async_work(env, pending->work) != napi_ok) {
    napi_delete_async_work(env, pending->work);
    pending->work = nullptr;
    delete owned;
    TORCH_CHECK(false, "the call could not be started");
  }
  return {env, promise};
}

/// background_cancel(call) -> whether it will not run, because no thread had begun with it.
Napi::Value cancel(const Napi::CallbackInfo& info, Environment&) {
  const std::shared_ptr<Pending>& pending = pending_from(info[0]);
  if (pending->work != nullptr) {
    return Napi::Boolean::New(info.Env(), napi_cancel_async_work(info.Env(), pending->work) == napi_ok);
  }
  pending->call = {};
  return Napi::Boolean::New(info.Env(), true);
}

}  // namespace

bool may_run_javascript(napi_env env) {
  napi_value global = nullptr;
  bool has = false;
  return napi_get_global(env, &global) == napi_ok && napi_has_named_property(env, global, "Object", &has) == napi_ok;
}

napi_value prepare_background_call(napi_env env, BackgroundCall call) {
  TORCH_CHECK(!at::functorch::maybeCurrentDynamicLayer(),
              "a call in the background cannot be part of vmap or torch.func");
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(call);
  return own_as_external(env, std::move(pending), kCallTag);
}

void export_background(Exports& exports) {
  exports.add<start>("background_start");
  exports.add<cancel>("background_cancel");
}

}  // namespace torch_node
