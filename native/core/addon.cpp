// Module initialisation and per-environment state; nothing else.
#include "core/environment.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <c10/util/Exception.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace torch_node {

namespace {

/// An Error with the name of a class of Python; lib/_C/device_errors.ts knows it by that.
Napi::Error named(Napi::Env env, const std::string& text, const char* name) {
  const Napi::Error made = Napi::Error::New(env, text);
  made.Value().DefineProperty(
      Napi::PropertyDescriptor::Value("name", Napi::String::New(env, name), napi_default_method));
  return made;
}

}  // namespace

void rethrow_as_js_error(Napi::Env env) {
  static const bool with_stack = [] {
    const char* value = std::getenv("TORCH_SHOW_CPP_STACKTRACES");
    return value != nullptr && std::strcmp(value, "1") == 0;
  }();
  const auto text = [](const c10::Error& error) {
    std::string whole = with_stack ? error.what() : error.what_without_backtrace();
    // The dispatcher appends a hundred lines: the source file of each backend's registration.
    if (!with_stack && whole.starts_with("Could not run '")) whole.erase(std::min(whole.find("\n\n"), whole.size()));
    return whole;
  };
  try {
    throw;
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::TypeError& error) {
    throw Napi::TypeError::New(env, text(error));
  } catch (const c10::IndexError& error) {
    throw Napi::RangeError::New(env, text(error));
  } catch (const c10::LinAlgError& error) {
    // lib/_C/dispatch.ts makes a torch.linalg.LinAlgError of it.
    Napi::Error made = Napi::Error::New(env, text(error));
    made.Set("kind", "LinAlgError");
    throw made;
  } catch (const c10::OutOfMemoryError& error) {
    throw named(env, text(error), "OutOfMemoryError");
  } catch (const c10::AcceleratorError& error) {
    const Napi::Error made = named(env, text(error), "AcceleratorError");
    made.Value().Set("error_code", error.get_error_code());
    throw made;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(env, text(error));
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  } catch (...) {
    throw Napi::Error::New(env, "an unknown C++ exception");
  }
}

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
  export_operator_watch(collected);
  export_optim(collected);
  export_profiler(collected);
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
  export_warnings(collected);
  return exports;
}

}  // namespace

NODE_API_MODULE(torch_node, init)

}  // namespace torch_node
