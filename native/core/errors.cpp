// From C++ exceptions to Errors of JavaScript (see errors.h).
#include "core/errors.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include <c10/util/Exception.h>

namespace torch_node {

namespace {

/// An Error with the name of a class of Python; lib/_C/device_errors.ts and lib/distributed/errors.ts know it by that.
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
  } catch (...) {
    // Functions of Node-API for objects throw for null and undefined, beside what they return; what the caller then
    // threw says more, and an Error that is made while another one is pending ends the process.
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    napi_value cleared = nullptr;
    if (pending) napi_get_and_clear_last_exception(env, &cleared);
  }
  try {
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
  } catch (const c10::DistQueueEmptyError& error) {
    // Classes of torch.distributed: lib/distributed/errors.ts.
    throw named(env, text(error), "QueueEmptyError");
  } catch (const c10::DistStoreError& error) {
    throw named(env, text(error), "DistStoreError");
  } catch (const c10::DistNetworkError& error) {
    throw named(env, text(error), "DistNetworkError");
  } catch (const c10::DistBackendError& error) {
    throw named(env, text(error), "DistBackendError");
  } catch (const c10::DistError& error) {
    throw named(env, text(error), "DistError");
  } catch (const c10::Error& error) {
    throw Napi::Error::New(env, text(error));
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  } catch (...) {
    throw Napi::Error::New(env, "an unknown C++ exception");
  }
}

}  // namespace torch_node
