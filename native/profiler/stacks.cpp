// Where in the program operators are called, for profiles with stacks: a callback beside the profiler's own counts the
// same calls, and asks JavaScript for its stack at each call that is in no other one; see lib/autograd/stacks.ts.
#include <memory>
#include <vector>

#include <ATen/record_function.h>

#include "core/environment.h"

namespace torch_node {
namespace {

struct Stacks {
  std::shared_ptr<JsReferences::Strong> capture;  ///< keeps the stack of this moment
  std::vector<int32_t> of_calls;                  ///< which of the stacks each call has
  int32_t captured = 0;
  int depth = 0;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
};

/// Of the thread of JavaScript only: those of the engine have no stacks.
std::unique_ptr<Stacks>& stacks_here() {
  thread_local std::unique_ptr<Stacks> stacks;
  return stacks;
}

struct InCall final : at::ObserverContext {};

std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction&) {
  Stacks* stacks = stacks_here().get();
  if (stacks == nullptr) return nullptr;
  if (stacks->depth == 0) {
    const Napi::Env env(stacks->capture->env());
    const Napi::HandleScope scope(env);
    Napi::Function(env, stacks->capture->value()).Call({});
    ++stacks->captured;
  }
  stacks->of_calls.push_back(stacks->captured - 1);
  ++stacks->depth;
  return std::make_unique<InCall>();
}

void end_call(const at::RecordFunction&, at::ObserverContext* context) {
  Stacks* stacks = stacks_here().get();
  if (stacks != nullptr && context != nullptr && stacks->depth > 0) --stacks->depth;
}

/// stacks_begin(capture): calls `capture` at the begin of each outermost call, until stacks_end.
Napi::Value stacks_begin(const Napi::CallbackInfo& info, Environment& environment) {
  TORCH_CHECK(!stacks_here(), "stacks are being recorded in this thread");
  auto stacks = std::make_unique<Stacks>();
  stacks->capture = environment.references.strong(info[0]);
  stacks->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call));
  stacks_here() = std::move(stacks);
  return info.Env().Undefined();
}

/// stacks_end() -> [thread, the number of the captured stack of each call, in the order of their begin]
Napi::Value stacks_end(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  Napi::Array of_calls = Napi::Array::New(env);
  if (auto& stacks = stacks_here()) {
    at::removeCallback(stacks->callback);
    for (size_t i = 0; i < stacks->of_calls.size(); ++i) of_calls.Set(i, stacks->of_calls[i]);
    stacks = nullptr;
  }
  Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, static_cast<double>(at::RecordFunction::currentThreadId()));
  result.Set(1u, of_calls);
  return result;
}

}  // namespace

void export_stacks(Exports& exports) {
  exports.add<stacks_begin>("stacks_begin");
  exports.add<stacks_end>("stacks_end");
}

}  // namespace torch_node
