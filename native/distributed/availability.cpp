// Whether this addon, and the libtorch that it runs with, have c10d. Where they have not, each function of this folder
// throws.
#include "core/environment.h"

#if defined(TORCH_NODE_C10D) && !defined(_WIN32)
#include <dlfcn.h>
#endif

namespace torch_node {

#if defined(TORCH_NODE_C10D)
void export_groups(Exports& exports);
void export_reducer(Exports& exports);
void export_stores(Exports& exports);
void export_works(Exports& exports);
#endif

namespace {

/// The addon may run with a libtorch that was built from source without c10d: its symbols are then missing.
bool has_c10d() {
#if !defined(TORCH_NODE_C10D)
  return false;
#elif defined(_WIN32)
  return true;
#else
  return dlsym(RTLD_DEFAULT, "_ZN4c10d11debug_levelEv") != nullptr;
#endif
}

Napi::Value distributed_available(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), has_c10d());
}

}  // namespace

void export_distributed(Exports& exports) {
  exports.add<distributed_available>("distributed_available");
#if defined(TORCH_NODE_C10D)
  export_groups(exports);
  export_reducer(exports);
  export_stores(exports);
  export_works(exports);
#endif
}

}  // namespace torch_node
