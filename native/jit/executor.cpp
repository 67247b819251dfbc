// How libtorch runs TorchScript: whether it optimizes, and for which sizes it compiles again; see lib/jit/executor.ts.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

using torch::jit::FusionBehavior;
using torch::jit::FusionStrategy;

/// jit_set_optimize(on) -> what it was
Napi::Value set_optimize(const Napi::CallbackInfo& info, Environment&) {
  const bool before = torch::jit::getGraphExecutorOptimize();
  torch::jit::setGraphExecutorOptimize(info[0].ToBoolean().Value());
  return Napi::Boolean::New(info.Env(), before);
}

/// jit_set_fusion_strategy([[dynamic, depth], ...]) -> what it was, in the same form
Napi::Value set_fusion_strategy(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Array given = info[0].As<Napi::Array>();
  FusionStrategy wanted;
  for (uint32_t i = 0; i < given.Length(); ++i) {
    const Napi::Array pair = given.Get(i).As<Napi::Array>();
    const int64_t depth = to_int64(info.Env(), pair.Get(1u));
    TORCH_CHECK(depth >= 0, "the depth of a fusion strategy must not be negative, but is ", depth);
    wanted.emplace_back(pair.Get(0u).ToBoolean().Value() ? FusionBehavior::DYNAMIC : FusionBehavior::STATIC, depth);
  }
  // libtorch exchanges the two.
  const FusionStrategy before = torch::jit::setFusionStrategy(wanted);
  Napi::Array result = Napi::Array::New(info.Env());
  for (const auto& [behavior, depth] : before) {
    Napi::Array pair = Napi::Array::New(info.Env(), 2);
    pair[0u] = Napi::Boolean::New(info.Env(), behavior == FusionBehavior::DYNAMIC);
    pair[1u] = Napi::Number::New(info.Env(), static_cast<double>(depth));
    result.Set(result.Length(), pair);
  }
  return result;
}

}  // namespace

void export_executor(Exports& exports) {
  exports.add<set_optimize>("jit_set_optimize");
  exports.add<set_fusion_strategy>("jit_set_fusion_strategy");
}

}  // namespace torch_node
