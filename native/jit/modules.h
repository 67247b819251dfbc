// Modules of TorchScript as JavaScript has them.
#pragma once

#include <cstddef>

#include <napi.h>
#include <torch/csrc/jit/api/module.h>

namespace torch_node {

/// The object that the functions of jit.cpp take.
napi_value own_module(napi_env env, torch::jit::Module module);

/// What own_module made. @throws for another value
const torch::jit::Module& module_at(const Napi::CallbackInfo& info, size_t i);

}  // namespace torch_node
