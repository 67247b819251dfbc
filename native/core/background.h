// Calls that run on a thread of libuv's pool while JavaScript goes on (lib/_C/call_queue.ts). The pool knows nothing of
// the environment: arguments are converted before, results after, on the environment's own thread.
#pragma once

#include <functional>

#include <napi.h>

namespace torch_node {

struct BackgroundCall {
  std::function<void()> run;                   ///< on a thread of the pool
  std::function<napi_value(napi_env)> finish;  ///< on the environment's thread, once `run` has succeeded
};

/// An object for `background_start` and `background_cancel`. The call runs with the grad mode, inference mode and
/// other thread-local state of now. It holds what its functions hold until it has run or was cancelled.
napi_value prepare_background_call(napi_env env, BackgroundCall call);

/// False while the environment is being torn down: then a promise cannot be settled.
bool may_run_javascript(napi_env env);

}  // namespace torch_node
