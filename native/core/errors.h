// What both addons do with the exceptions of their functions; of the first addon this needs nothing else.
#pragma once

#include <napi.h>

namespace torch_node {

/// Throws the exception in flight as an Error of JavaScript. Call inside a catch block.
[[noreturn]] void rethrow_as_js_error(Napi::Env env);

}  // namespace torch_node
