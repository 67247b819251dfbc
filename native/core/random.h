// Generators as JavaScript sees them: an External that owns an at::Generator.
#pragma once

#include <ATen/core/Generator.h>
#include <napi.h>

namespace torch_node {

at::Generator& generator_from(napi_env env, napi_value value);
napi_value generator_to_js(napi_env env, at::Generator generator);

}  // namespace torch_node
