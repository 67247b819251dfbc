// Watching operators: what calls of some operators were given and what they returned, for torch.utils.flop_counter. A
// call counts as Python's TorchDispatchMode would see it: what composite operators call is seen, what the kernels of
// others call is not.
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/graph_task.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

struct SeenCall {
  std::string name;  ///< `aten::mm`
  int graph_task;    ///< the backward pass that it is a part of, or -1
  std::vector<c10::IValue> arguments;
  std::vector<std::pair<std::string, c10::IValue>> named;
  std::vector<c10::IValue> outputs;
};

struct Watch {
  std::map<std::string, bool> names;  ///< whether tensors are wanted themselves, and not their shapes
  std::mutex lock;                    ///< devices run their part of backward on threads of their own
  std::vector<SeenCall> calls;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
};

/// The watch of this thread.
std::shared_ptr<Watch>& own_watch() {
  thread_local std::shared_ptr<Watch> watch;
  return watch;
}

/// The watch that began last in any thread: that of the engine's threads, which take callbacks over but nothing else.
std::shared_ptr<Watch> last_watch;
std::mutex last_watch_lock;

std::shared_ptr<Watch> watch_here() {
  if (own_watch()) return own_watch();
  const std::lock_guard guard(last_watch_lock);
  return last_watch;
}

/// How many calls this thread is in whose kernels hide what they call.
int& hidden() {
  thread_local int depth = 0;
  return depth;
}

struct WatchedCall final : at::ObserverContext {
  std::shared_ptr<Watch> watch;
  bool hides = false;
  bool wanted = false;
  bool raw = false;
  SeenCall call;
};

bool is_composite(const c10::OperatorName& name) {
  thread_local std::unordered_map<std::string, bool> known;
  const std::string key = name.name + "." + name.overload_name;
  if (const auto found = known.find(key); found != known.end()) return found->second;
  const auto op = c10::Dispatcher::singleton().findSchema(name);
  const bool composite = op && op->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
  known.emplace(key, composite);
  return composite;
}

/// Shapes for tensors, unless these are wanted.
c10::IValue kept(const c10::IValue& value, bool raw) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) return {};
    if (raw) return value;
    if (tensor.is_nested()) return {};
    return c10::IValue(tensor.sizes().vec());
  }
  if (value.isTensorList() || value.isOptionalTensorList()) {
    c10::impl::GenericList list(c10::AnyType::get());
    for (const c10::IValue& each : value.toListRef()) list.push_back(kept(each, raw));
    return list;
  }
  return value;
}

void keep_arguments(const at::RecordFunction& fn, WatchedCall& seen) {
  const auto schema = fn.operator_schema();
  if (!schema) return;
  const auto inputs = fn.inputs();
  const auto& arguments = schema->arguments();
  const size_t count = std::min(inputs.size(), arguments.size());
  const auto is_default = [&](size_t i) {
    const auto& value = arguments[i].default_value();
    return value && (inputs[i].isNone() ? value->isNone() : !value->isNone() && *value == inputs[i]);
  };
  size_t positional = 0;
  while (positional < count && !arguments[positional].kwarg_only()) ++positional;
  size_t given = positional;
  while (given > 0 && is_default(given - 1)) --given;
  for (size_t i = 0; i < given; ++i) seen.call.arguments.push_back(kept(inputs[i], seen.raw));
  for (size_t i = positional; i < count; ++i) {
    if (!is_default(i)) seen.call.named.emplace_back(arguments[i].name(), kept(inputs[i], seen.raw));
  }
}

std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction& fn) {
  std::shared_ptr<Watch> watch = watch_here();
  if (!watch) return nullptr;
  const auto name = fn.operator_name();
  if (!name) return nullptr;
  auto seen = std::make_unique<WatchedCall>();
  seen->hides = !is_composite(*name);
  if (hidden() == 0 && seen->hides) {
    const auto found = watch->names.find(name->name);
    if (found != watch->names.end()) {
      seen->wanted = true;
      seen->raw = found->second;
      seen->call.name = name->name;
      seen->call.graph_task = torch::autograd::get_current_graph_task_id();
      keep_arguments(fn, *seen);
    }
  }
  seen->watch = std::move(watch);
  if (seen->hides) ++hidden();
  return seen;
}

void end_call(const at::RecordFunction& fn, at::ObserverContext* context) {
  auto* seen = static_cast<WatchedCall*>(context);
  if (seen == nullptr) return;
  if (seen->hides) --hidden();
  if (!seen->wanted) return;
  for (const c10::IValue& output : fn.outputs()) seen->call.outputs.push_back(kept(output, seen->raw));
  const std::lock_guard guard(seen->watch->lock);
  seen->watch->calls.push_back(std::move(seen->call));
}

/// Nested arrays; a tensor that is wanted itself is `{ tensor }`, with the number that `wrap` takes.
Napi::Value value_to_js(Napi::Env env, Environment& environment, const c10::IValue& value) {
  if (value.isTensor()) {
    Napi::Object holder = Napi::Object::New(env);
    holder.Set("tensor", Napi::Number::New(env, environment.tensors.put(value.toTensor())));
    return holder;
  }
  if (value.isList()) {
    const auto list = value.toListRef();
    Napi::Array array = Napi::Array::New(env, list.size());
    for (size_t i = 0; i < list.size(); ++i) array.Set(i, value_to_js(env, environment, list[i]));
    return array;
  }
  try {
    return Napi::Value(env, to_js(env, value, environment.tensors));
  } catch (const c10::Error&) {
    return env.Null();  // a kind of value that JavaScript does not have
  }
}

Napi::Array values_to_js(Napi::Env env, Environment& environment, const std::vector<c10::IValue>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); ++i) array.Set(i, value_to_js(env, environment, values[i]));
  return array;
}

/// watch_begin(names, raw): from now on calls of these operators are kept; `raw` says of each whether its tensors are.
Napi::Value watch_begin(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!own_watch(), "operators are being watched in this thread");
  auto watch = std::make_shared<Watch>();
  const Napi::Array names = info[0].As<Napi::Array>();
  const Napi::Array raw = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < names.Length(); ++i) {
    watch->names[names.Get(i).ToString().Utf8Value()] = raw.Get(i).ToBoolean().Value();
  }
  hidden() = 0;
  watch->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                                   .needsInputs(true)
                                                   .needsOutputs(true)
                                                   .scopes({at::RecordScope::FUNCTION}));
  own_watch() = watch;
  const std::lock_guard guard(last_watch_lock);
  last_watch = std::move(watch);
  return info.Env().Undefined();
}

/// watch_take() -> [name, arguments, arguments by name, results, backward pass] of each call since the last time
Napi::Value watch_take(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  std::vector<SeenCall> calls;
  if (const auto& watch = own_watch()) {
    const std::lock_guard guard(watch->lock);
    calls.swap(watch->calls);
  }
  Napi::Array all = Napi::Array::New(env, calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    const Napi::HandleScope scope(env);
    Napi::Object named = Napi::Object::New(env);
    for (const auto& [name, value] : calls[i].named) named.Set(name, value_to_js(env, environment, value));
    Napi::Array call = Napi::Array::New(env, 5);
    call.Set(0u, calls[i].name);
    call.Set(1u, values_to_js(env, environment, calls[i].arguments));
    call.Set(2u, named);
    call.Set(3u, values_to_js(env, environment, calls[i].outputs));
    call.Set(4u, calls[i].graph_task);
    all.Set(i, call);
  }
  return all;
}

Napi::Value watch_end(const Napi::CallbackInfo& info, Environment&) {
  if (own_watch()) {
    at::removeCallback(own_watch()->callback);
    const std::lock_guard guard(last_watch_lock);
    if (last_watch == own_watch()) last_watch = nullptr;
    own_watch() = nullptr;
  }
  return info.Env().Undefined();
}

}  // namespace

void export_operator_watch(Exports& exports) {
  exports.add<watch_begin>("watch_begin");
  exports.add<watch_take>("watch_take");
  exports.add<watch_end>("watch_end");
}

}  // namespace torch_node
