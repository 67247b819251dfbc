// Module initialisation and per-environment state; nothing else.
#include "core/environment.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace torch_node {

void Exports::add_raw(const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(exports_.Env(), name, NAPI_AUTO_LENGTH, callback, &environment_, &function);
  exports_.Set(name, Napi::Value(exports_.Env(), function));
}

namespace {

/// libtorch keeps pointers into this library (allocator, hooks): it must outlive any one worker_thread.
void stay_loaded() {
#if defined(_WIN32)
  HMODULE here = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&stay_loaded), &here);
#else
  Dl_info here;
  if (dladdr(reinterpret_cast<void*>(&stay_loaded), &here) != 0) {
    dlopen(here.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
#endif
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  stay_loaded();
  auto* environment = new Environment(env);
  env.SetInstanceData(environment);
  Exports collected(exports, *environment);
  export_autocast(collected);
  export_autograd(collected);
  export_autograd_function(collected);
  export_background(collected);
  export_clip(collected);
  export_context(collected);
  export_data(collected);
  export_device(collected);
  export_device_hooks(collected);
  export_dispatch(collected);
  export_dispatch_mode(collected);
  export_distributed(collected);
  export_dlpack(collected);
  export_edges(collected);
  export_executor(collected);
  export_functorch(collected);
  export_graph(collected);
  export_graph_task(collected);
  export_transfer(collected);
  export_indexing(collected);
  export_inductor(collected);
  export_jit(collected);
  export_library(collected);
  export_node_hooks(collected);
  export_nvml(collected);
  export_operator_watch(collected);
  export_optim(collected);
  export_processes(collected);
  export_profiler(collected);
  export_program(collected);
  export_recorder(collected);
  export_python_math(collected);
  export_random(collected);
  export_saved_tensor_hooks(collected);
  export_shared_memory(collected);
  export_stacks(collected);
  export_storage(collected);
  export_storage_members(collected);
  export_streams(collected);
  export_tensor(collected);
  export_tensor_table(collected);
  export_trace(collected);
  export_vision(collected);
  export_warnings(collected);
  return exports;
}

}  // namespace

NODE_API_MODULE(torch_node, init)

}  // namespace torch_node
