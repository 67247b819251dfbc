// Hooks around what operators save for backward (torch.autograd.graph.saved_tensors_hooks), and anomaly mode. libtorch
// asks its engine for the active hooks, so the addon installs a subclass of the engine that has them.
#include <memory>
#include <vector>

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include "autograd/engine_callbacks.h"
#include "autograd/graph.h"
#include "core/environment.h"

namespace torch_node {
namespace {

struct HookPair {
  EngineCallback pack;    // handle -> object
  EngineCallback unpack;  // object -> handle
  Environment* environment;
};

/// The active pairs of this thread, innermost last.
std::vector<std::shared_ptr<HookPair>>& active_pairs() {
  thread_local std::vector<std::shared_ptr<HookPair>> pairs;
  return pairs;
}

class PackedTensor final : public torch::autograd::SavedVariableHooks {
 public:
  explicit PackedTensor(std::shared_ptr<HookPair> pair) : pair_(std::move(pair)) {}

  void call_pack_hook(const at::Tensor& tensor) override {
    pair_->pack.run([&](const JsReferences::Strong& pack) {
      const Napi::Env env(pack.env());
      const Napi::HandleScope scope(env);
      const Napi::Value handle = Napi::Number::New(env, pair_->environment->tensors.put(tensor));
      packed_ = pair_->environment->references.strong(Napi::Function(env, pack.value()).Call({handle}));
    });
  }

  at::Tensor call_unpack_hook() override {
    TORCH_CHECK(pair_->unpack.alive(), "saved_tensors_hooks: the thread that packed the tensor has ended");
    at::Tensor tensor;
    pair_->unpack.run([&](const JsReferences::Strong& unpack) {
      const Napi::Env env(unpack.env());
      const Napi::HandleScope scope(env);
      const Napi::Value answer = Napi::Function(env, unpack.value()).Call({Napi::Value(env, packed_->value())});
      tensor = pair_->environment->tensors.get(answer.As<Napi::Number>().Int32Value());
    });
    return tensor;
  }

 private:
  std::shared_ptr<HookPair> pair_;
  std::shared_ptr<JsReferences::Strong> packed_;
};

napi_env& environment_of_thread() {
  thread_local napi_env env = nullptr;
  return env;
}

/// Remembers where in the program a node was made, for anomaly mode.
class ProgramTrace final : public NodeMetadata {
 public:
  void store_stack() override {
    if (environment_of_thread() == nullptr) return;  // made by a thread of the engine
    const Napi::Env env(environment_of_thread());
    const Napi::HandleScope scope(env);
    const Napi::Object error = env.Global().Get("Error").As<Napi::Function>().New({});
    const std::string text = error.Get("stack").ToString().Utf8Value();
    stack_ = text.substr(std::min(text.find('\n'), text.size()));
  }
  void print_stack(const std::string& node) override {
    // Printed at once: the Error that follows may end the process before Node emits its warnings.
    const c10::WarningUtils::WarningHandlerGuard to_terminal(nullptr);
    TORCH_WARN("Error detected in ", node, ". ",
               stack_.empty() ? std::string("No forward pass information available.")
                              : "Traceback of forward call that caused the error:" + stack_);
  }

 private:
  std::string stack_;
};

class HookingEngine final : public torch::autograd::Engine {
 public:
  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<ProgramTrace>();
  }
  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    const auto& pairs = active_pairs();
    return pairs.empty() ? nullptr : std::make_unique<PackedTensor>(pairs.back());
  }
};

torch::autograd::Engine& hooking_engine() {
  // Its threads may outlive everything else.
  static auto* engine = new HookingEngine();
  return *engine;
}

/// saved_hooks_push(pack, unpack): active until saved_hooks_pop.
Napi::Value saved_hooks_push(const Napi::CallbackInfo& info, Environment& environment) {
  active_pairs().push_back(
      std::make_shared<HookPair>(HookPair{EngineCallback(environment.references.strong(info[0])),
                                          EngineCallback(environment.references.strong(info[1])), &environment}));
  return info.Env().Undefined();
}

Napi::Value saved_hooks_pop(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!active_pairs().empty(), "saved_tensors_hooks: no hooks are active");
  active_pairs().pop_back();
  return info.Env().Undefined();
}

Napi::Value anomaly_enabled(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), torch::autograd::AnomalyMode::is_enabled());
}

Napi::Value anomaly_checks_nan(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), torch::autograd::AnomalyMode::should_check_nan());
}

Napi::Value set_anomaly(const Napi::CallbackInfo& info, Environment&) {
  torch::autograd::AnomalyMode::set_enabled(info[0].ToBoolean().Value(), info[1].ToBoolean().Value());
  return info.Env().Undefined();
}

}  // namespace

void export_saved_tensor_hooks(Exports& exports) {
  torch::autograd::set_default_engine_stub(hooking_engine);
  environment_of_thread() = exports.env();
  exports.add<saved_hooks_push>("saved_hooks_push");
  exports.add<saved_hooks_pop>("saved_hooks_pop");
  exports.add<anomaly_enabled>("anomaly_enabled");
  exports.add<anomaly_checks_nan>("anomaly_checks_nan");
  exports.add<set_anomaly>("set_anomaly");
}

}  // namespace torch_node
