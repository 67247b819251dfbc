// Per-environment state of the addon (one per worker_thread) and the wrapper that turns every
// C++ exception into a JavaScript Error. No globals: everything hangs off the environment.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <napi.h>

#include "core/dispatch.h"
#include "core/errors.h"
#include "core/js_references.h"
#include "core/scratch.h"
#include "core/warnings.h"
#include "data/transfer.h"
#include "memory/tensor_table.h"

namespace torch_node {

class Environment {
 public:
  explicit Environment(napi_env env)
      : references(env), tensors(env, references), operators(tensors, scratch, arguments) {}

  JsReferences references;
  TensorTable tensors;
  Scratch scratch;
  ArgumentMemory arguments;
  Operators operators;
  std::unique_ptr<Warnings> warnings;
  Transfers transfers;
};

/// The tensor whose handle is the argument at `i`.
inline const at::Tensor& tensor_at(const Napi::CallbackInfo& info, size_t i, Environment& environment) {
  return environment.tensors.get(info[i].As<Napi::Number>().Int32Value());
}

/// A tensor as a result: the number that lib/_tensor.ts wraps.
inline Napi::Value wrapped(Napi::Env env, Environment& environment, at::Tensor tensor) {
  return Napi::Number::New(env, environment.tensors.put(std::move(tensor)));
}

using Method = Napi::Value (*)(const Napi::CallbackInfo&, Environment&);

template <Method method>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return method(info, *static_cast<Environment*>(info.Data()));
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    rethrow_as_js_error(info.Env());
  }
}

/// Collects the functions of one subject on the addon's exports.
class Exports {
 public:
  Exports(Napi::Object exports, Environment& environment) : exports_(exports), environment_(environment) {}

  template <Method method>
  void add(const char* name) {
    exports_.Set(name, Napi::Function::New<guarded<method>>(exports_.Env(), name, &environment_));
  }
  void add_raw(const char* name, napi_callback callback);
  napi_env env() const { return exports_.Env(); }

 private:
  Napi::Object exports_;
  Environment& environment_;
};

void export_autocast(Exports& exports);
void export_autograd(Exports& exports);
void export_autograd_function(Exports& exports);
void export_background(Exports& exports);
void export_clip(Exports& exports);
void export_context(Exports& exports);
void export_data(Exports& exports);
void export_device(Exports& exports);
void export_device_hooks(Exports& exports);
void export_dispatch(Exports& exports);
void export_dispatch_mode(Exports& exports);
void export_distributed(Exports& exports);
void export_dlpack(Exports& exports);
void export_edges(Exports& exports);
void export_executor(Exports& exports);
void export_functorch(Exports& exports);
void export_graph(Exports& exports);
void export_graph_task(Exports& exports);
void export_transfer(Exports& exports);
void export_indexing(Exports& exports);
void export_inductor(Exports& exports);
void export_jit(Exports& exports);
void export_library(Exports& exports);
void export_node_hooks(Exports& exports);
void export_nvml(Exports& exports);
void export_operator_watch(Exports& exports);
void export_optim(Exports& exports);
void export_processes(Exports& exports);
void export_profiler(Exports& exports);
void export_program(Exports& exports);
void export_python_math(Exports& exports);
void export_random(Exports& exports);
void export_recorder(Exports& exports);
void export_saved_tensor_hooks(Exports& exports);
void export_shared_memory(Exports& exports);
void export_stacks(Exports& exports);
void export_storage(Exports& exports);
void export_storage_members(Exports& exports);
void export_streams(Exports& exports);
void export_tensor(Exports& exports);
void export_tensor_table(Exports& exports);
void export_trace(Exports& exports);
void export_vision(Exports& exports);
void export_warnings(Exports& exports);

}  // namespace torch_node
