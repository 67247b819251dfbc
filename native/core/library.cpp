// Operators whose kernels are JavaScript: torch.library (lib/library.ts). The dispatcher belongs to the process, a
// JavaScript function to one environment: a kernel of the dispatcher holds the functions that the environments have
// given for it, and calls that of the thread it is on. What has been defined stays known to the dispatcher, since plans
// hold on to operators.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <c10/core/DispatchKeySet.h>
#include <torch/csrc/jit/frontend/function_schema_parser.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/js_kernel.h"

namespace torch_node {
namespace {

using c10::OperatorHandle;
using c10::OperatorName;
using torch::jit::Stack;

/// Whether JavaScript lives on this thread: then only its own functions will do.
bool& has_environment() {
  thread_local bool has = false;
  return has;
}

std::atomic<int> environments = 0;

/// The functions behind one kernel, one for each environment.
class Functions {
 public:
  void set(std::shared_ptr<JsKernel> implementation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(all_, [](const auto& each) { return !each->alive() || each->strong->on_own_thread(); });
    all_.push_back(std::move(implementation));
  }

  /// Drops the function of this thread; whether none is left.
  bool remove() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(all_, [](const auto& each) { return !each->alive() || each->strong->on_own_thread(); });
    return all_.empty();
  }

  /// The function for a call on this thread; threads of libtorch's get that of an environment that waits for them.
  std::shared_ptr<JsKernel> pick() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::shared_ptr<JsKernel> any;
    for (const auto& each : all_) {
      if (!each->alive()) continue;
      if (each->strong->on_own_thread()) return each;
      if (any == nullptr) any = each;
    }
    return has_environment() ? nullptr : any;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<JsKernel>> all_;
};

/// A kernel whose work a function in JavaScript does.
class FunctionKernel final : public c10::OperatorKernel {
 public:
  explicit FunctionKernel(std::shared_ptr<Functions> functions) : functions_(std::move(functions)) {}

  void operator()(const OperatorHandle& op, c10::DispatchKeySet, Stack* stack) const {
    const std::shared_ptr<JsKernel> found = functions_->pick();
    TORCH_CHECK(found != nullptr, op.schema().name(),
                ": this thread has not registered an implementation: each thread registers its own");
    found->call(op, stack);
  }

 private:
  std::shared_ptr<Functions> functions_;
};

template <typename Predicate>
bool any_tensor(const Stack& stack, size_t count, Predicate predicate) {
  for (size_t i = stack.size() - count; i < stack.size(); ++i) {
    const c10::IValue& value = stack[i];
    if (value.isTensor()) {
      if (predicate(value.toTensor())) return true;
    } else if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) {
        if (predicate(tensor)) return true;
      }
    } else if (value.isList()) {
      for (const c10::IValue& element : value.toListRef()) {
        if (element.isTensor() && predicate(element.toTensor())) return true;
      }
    }
  }
  return false;
}

/// The kernel for Autograd: JavaScript is asked only where there is something to record.
class AutogradKernel final : public c10::OperatorKernel {
 public:
  explicit AutogradKernel(std::shared_ptr<Functions> functions) : functions_(std::move(functions)) {}

  void operator()(const OperatorHandle& op, c10::DispatchKeySet keys, Stack* stack) const {
    const size_t count = op.schema().arguments().size();
    TORCH_CHECK(stack->size() >= count, op.schema().name(), ": the call is for another schema");
    const auto records = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
    if (at::GradMode::is_enabled() && any_tensor(*stack, count, records)) {
      if (const std::shared_ptr<JsKernel> found = functions_->pick()) return found->call(op, stack);
    }
    const at::AutoDispatchBelowAutograd guard;
    op.redispatchBoxed(keys & c10::after_autograd_keyset, stack);
  }

 private:
  std::shared_ptr<Functions> functions_;
};

/// Counts that the arguments which the operator writes have changed.
void bump_versions(const OperatorHandle& op, c10::DispatchKeySet keys, Stack* stack) {
  const auto& arguments = op.schema().arguments();
  TORCH_CHECK(stack->size() >= arguments.size(), op.schema().name(), ": the call is for another schema");
  const auto bump = [](const at::Tensor& tensor) {
    if (tensor.defined() && !tensor.is_inference()) tensor.unsafeGetTensorImpl()->bump_version();
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    const auto* alias = arguments[i].alias_info();
    if (alias == nullptr || !alias->isWrite()) continue;
    const c10::IValue& value = torch::jit::peek(*stack, i, arguments.size());
    if (value.isTensor()) bump(value.toTensor());
    if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) bump(tensor);
    }
  }
  op.redispatchBoxed(keys & c10::after_ADInplaceOrView_keyset, stack);
}

struct Definition {
  std::string schema;
  std::set<const Environment*> owners;
  std::optional<c10::RegistrationHandleRAII> handle;
  /// Keeps the operator known when its definition is gone: plans may still point to it.
  std::optional<c10::RegistrationHandleRAII> anchor;
};

enum class KernelKind { kFunction, kAutograd, kFallthrough, kVersions };

struct Kernel {
  KernelKind kind = KernelKind::kFunction;
  std::shared_ptr<Functions> functions;
  std::optional<c10::RegistrationHandleRAII> handle;
};

using KernelKey = std::pair<std::string, std::string>;

/// What the addon has told the dispatcher. It is never destroyed: the dispatcher may be gone by then.
struct Registry {
  std::mutex mutex;
  std::map<std::string, Definition> definitions;
  std::map<KernelKey, Kernel> kernels;
};

Registry& registry() {
  static auto& made = *new Registry;
  return made;
}

OperatorName operator_name(const std::string& qualified) {
  const size_t dot = qualified.find('.', qualified.find("::"));
  if (dot == std::string::npos) return {qualified, ""};
  return {qualified.substr(0, dot), qualified.substr(dot + 1)};
}

constexpr const char* kDebug = "torch.library of torch-node";

/// library_define(namespace, schema): the operator is the caller's environment's too when another one has defined the
/// same.
Napi::Value library_define(const Napi::CallbackInfo& info, Environment& environment) {
  const std::string ns = info[0].ToString().Utf8Value();
  c10::FunctionSchema schema = torch::jit::parseSchema(info[1].ToString().Utf8Value(), /*allow_typevars=*/false);
  schema.setNamespaceIfNotSet(ns.c_str());
  schema.setAliasAnalysis(c10::AliasAnalysisKind::FROM_SCHEMA);
  const OperatorName name = schema.operator_name();
  const std::string qualified = c10::toString(name);
  const std::string text = c10::str(schema);
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  Definition& definition = all.definitions[qualified];
  const bool others = !definition.owners.empty() && !definition.owners.contains(&environment);
  if (others && definition.schema == text) {
    definition.owners.insert(&environment);
    return Napi::String::New(info.Env(), qualified);
  }
  TORCH_CHECK(definition.schema.empty() || definition.schema == text || (!others && environments == 1), qualified,
              " has been defined as ", definition.schema,
              ": it cannot have another schema while several threads use torch-node");
  if (!definition.anchor) {
    definition.anchor = c10::Dispatcher::singleton().registerImpl(name, c10::DispatchKey::TESTING_ONLY_GenericMode,
                                                                  c10::KernelFunction::makeFallthrough(), std::nullopt,
                                                                  nullptr, kDebug);
  }
  // What only threads had defined that have ended.
  if (definition.owners.empty()) definition.handle.reset();
  c10::RegistrationHandleRAII handle = c10::Dispatcher::singleton().registerDef(std::move(schema), kDebug);
  definition.handle.emplace(std::move(handle));
  definition.schema = text;
  definition.owners.insert(&environment);
  return Napi::String::New(info.Env(), qualified);
}

/// library_undefine(qualified): the caller's environment needs it no more.
Napi::Value library_undefine(const Napi::CallbackInfo& info, Environment& environment) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.definitions.find(info[0].ToString().Utf8Value());
  if (found == all.definitions.end() || found->second.owners.erase(&environment) == 0) return info.Env().Undefined();
  if (found->second.owners.empty()) found->second.handle.reset();
  return info.Env().Undefined();
}

c10::KernelFunction kernel_function(KernelKind kind, const std::shared_ptr<Functions>& functions) {
  switch (kind) {
    case KernelKind::kFunction:
      return c10::KernelFunction::makeFromBoxedFunctor(std::make_unique<FunctionKernel>(functions));
    case KernelKind::kAutograd:
      return c10::KernelFunction::makeFromBoxedFunctor(std::make_unique<AutogradKernel>(functions));
    case KernelKind::kVersions:
      return c10::KernelFunction::makeFromBoxedFunction<&bump_versions>();
    case KernelKind::kFallthrough:
      break;
  }
  return c10::KernelFunction::makeFallthrough();
}

/// The kernel of an operator for a key, told to the dispatcher unless it was before.
Kernel& kernel_of(const std::string& qualified, const std::string& key, KernelKind kind) {
  const c10::DispatchKey parsed = c10::parseDispatchKey(key);
  Kernel& kernel = registry().kernels[{qualified, key}];
  if (kernel.handle && kernel.kind == kind) return kernel;
  kernel.handle.reset();
  kernel.kind = kind;
  kernel.functions = std::make_shared<Functions>();
  kernel.handle.emplace(c10::Dispatcher::singleton().registerImpl(
      operator_name(qualified), parsed, kernel_function(kind, kernel.functions), std::nullopt, nullptr, kDebug));
  return kernel;
}

/// library_impl(qualified, dispatch key, function or null for a fallthrough, whether it is called only where there is
/// something to record): in this environment the function replaces the one that was registered before.
Napi::Value library_impl(const Napi::CallbackInfo& info, Environment& environment) {
  const bool given = info[2].IsFunction();
  const KernelKind kind = !given                        ? KernelKind::kFallthrough
                          : info[3].ToBoolean().Value() ? KernelKind::kAutograd
                                                        : KernelKind::kFunction;
  const std::lock_guard<std::mutex> lock(registry().mutex);
  Kernel& kernel = kernel_of(info[0].ToString().Utf8Value(), info[1].ToString().Utf8Value(), kind);
  if (given) kernel.functions->set(std::make_shared<JsKernel>(environment, info[2]));
  return info.Env().Undefined();
}

/// library_unimpl(qualified, dispatch key)
Napi::Value library_unimpl(const Napi::CallbackInfo& info, Environment&) {
  Registry& all = registry();
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.kernels.find({info[0].ToString().Utf8Value(), info[1].ToString().Utf8Value()});
  if (found != all.kernels.end() && found->second.functions->remove()) all.kernels.erase(found);
  return info.Env().Undefined();
}

/// library_bump_versions(qualified): its calls count as changes of what it writes.
Napi::Value library_bump_versions(const Napi::CallbackInfo& info, Environment&) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  kernel_of(info[0].ToString().Utf8Value(), "ADInplaceOrView", KernelKind::kVersions);
  return info.Env().Undefined();
}

/// The letters of an argument or result, those of a list's elements among them: what has one in common may share
/// memory.
Napi::Array alias_sets(const Napi::CallbackInfo& info, const c10::AliasInfo* alias) {
  Napi::Array letters = Napi::Array::New(info.Env());
  const auto add = [&](const c10::AliasInfo& each) {
    for (const auto& letter : each.beforeSets()) letters.Set(letters.Length(), std::string(letter.toUnqualString()));
  };
  if (alias == nullptr) return letters;
  add(*alias);
  for (const c10::AliasInfo& contained : alias->containedTypes()) add(contained);
  return letters;
}

Napi::Object described(const Napi::CallbackInfo& info, const c10::Argument& argument, Environment& environment) {
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("name", argument.name());
  result.Set("type", argument.real_type()->str());
  result.Set("keyword_only", argument.kwarg_only());
  const auto* alias = argument.alias_info();
  result.Set("aliases", alias != nullptr);
  result.Set("written", alias != nullptr && alias->isWrite());
  result.Set("alias_sets", alias_sets(info, alias));
  if (argument.default_value()) {
    result.Set("default",
               Napi::Value(info.Env(), to_tagged(info.Env(), *argument.default_value(), environment.tensors)));
  }
  return result;
}

/// library_has_kernel(qualified, dispatch key): whether one is registered for exactly this key
Napi::Value library_has_kernel(const Napi::CallbackInfo& info, Environment&) {
  const auto op = c10::Dispatcher::singleton().findSchema(operator_name(info[0].ToString().Utf8Value()));
  const c10::DispatchKey key = c10::parseDispatchKey(info[1].ToString().Utf8Value());
  return Napi::Boolean::New(info.Env(), op.has_value() && op->hasKernelForDispatchKey(key));
}

/// library_parse(schema) -> what a schema says
Napi::Value library_parse(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::FunctionSchema schema = torch::jit::parseSchema(info[0].ToString().Utf8Value(), /*allow_typevars=*/false);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("text", c10::str(schema));
  Napi::Array arguments = Napi::Array::New(info.Env());
  for (const c10::Argument& argument : schema.arguments()) {
    arguments.Set(arguments.Length(), described(info, argument, environment));
  }
  Napi::Array returns = Napi::Array::New(info.Env());
  for (const c10::Argument& argument : schema.returns()) {
    returns.Set(returns.Length(), described(info, argument, environment));
  }
  result.Set("arguments", arguments);
  result.Set("returns", returns);
  return result;
}

/// library_call(qualified, arguments, each with its kind) -> results likewise. Takes what plans do not: objects of
/// classes.
Napi::Value library_call(const Napi::CallbackInfo& info, Environment& environment) {
  const OperatorName name = operator_name(info[0].ToString().Utf8Value());
  const auto op = c10::Dispatcher::singleton().findSchema(name);
  TORCH_CHECK(op.has_value(), "the loaded libtorch has no operator ", c10::toString(name));
  const auto& arguments = op->schema().arguments();
  const Napi::Array given = info[1].As<Napi::Array>();
  TORCH_CHECK_TYPE(given.Length() <= arguments.size(), name.name, "() takes ", arguments.size(), " arguments but ",
                   given.Length(), " were given");
  Stack stack;
  for (uint32_t i = 0; i < arguments.size(); ++i) {
    if (i >= given.Length()) {
      const auto& value = arguments[i].default_value();
      TORCH_CHECK_TYPE(value.has_value(), name.name, "() missing argument '", arguments[i].name(), "'");
      stack.push_back(*value);
      continue;
    }
    try {
      stack.push_back(tagged_to_ivalue(info.Env(), given.Get(i), arguments[i].type(), environment.tensors));
    } catch (const ValueMismatch& error) {
      TORCH_CHECK_TYPE(false, name.name, "(): argument '", arguments[i].name(), "' must be ", error.expected, ", not ",
                       error.found);
    }
  }
  op->callBoxed(stack);
  Napi::Array results = Napi::Array::New(info.Env(), stack.size());
  for (uint32_t i = 0; i < stack.size(); ++i) {
    results[i] = Napi::Value(info.Env(), to_tagged(info.Env(), stack[i], environment.tensors));
  }
  return results;
}

std::vector<std::unique_ptr<at::AutoDispatchBelowAutograd>>& below_autograd() {
  thread_local std::vector<std::unique_ptr<at::AutoDispatchBelowAutograd>> guards;
  return guards;
}

/// below_autograd_enter(): operators record nothing until below_autograd_exit().
Napi::Value below_autograd_enter(const Napi::CallbackInfo& info, Environment&) {
  below_autograd().push_back(std::make_unique<at::AutoDispatchBelowAutograd>());
  return info.Env().Undefined();
}

Napi::Value below_autograd_exit(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!below_autograd().empty(), "nothing to leave");
  below_autograd().pop_back();
  return info.Env().Undefined();
}

std::vector<std::unique_ptr<c10::impl::ExcludeDispatchKeyGuard>>& lowered() {
  thread_local std::vector<std::unique_ptr<c10::impl::ExcludeDispatchKeyGuard>> guards;
  return guards;
}

/// layer_lower() -> [level, batch size, randomness] of the innermost batch; operators do not see it until layer_raise()
Napi::Value layer_lower(const Napi::CallbackInfo& info, Environment&) {
  const auto layer = at::functorch::maybeCurrentDynamicLayer();
  TORCH_CHECK(layer.has_value() && layer->key() == at::functorch::TransformType::Vmap, "there is no batch to leave");
  Napi::Array told = Napi::Array::New(info.Env(), 3);
  told[0u] = Napi::Number::New(info.Env(), static_cast<double>(layer->layerId()));
  told[1u] = Napi::Number::New(info.Env(), static_cast<double>(layer->batchSize().expect_int()));
  told[2u] = Napi::Number::New(info.Env(), static_cast<int>(layer->randomness()));
  lowered().push_back(std::make_unique<c10::impl::ExcludeDispatchKeyGuard>(c10::DispatchKey::FuncTorchBatched));
  return told;
}

Napi::Value layer_raise(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!lowered().empty(), "nothing to go back to");
  lowered().pop_back();
  return info.Env().Undefined();
}

/// batch_unwrap(handle, level) -> [what is behind it, its batch dimension], or null when it is not in that batch
Napi::Value batch_unwrap(const Napi::CallbackInfo& info, Environment& environment) {
  const auto* batched = at::functorch::maybeGetBatchedImpl(tensor_at(info, 0, environment));
  if (batched == nullptr || batched->level() != to_int64(info.Env(), info[1])) return info.Env().Null();
  Napi::Array both = Napi::Array::New(info.Env(), 2);
  both[0u] = wrapped(info.Env(), environment, batched->value());
  both[1u] = Napi::Number::New(info.Env(), static_cast<double>(batched->bdim()));
  return both;
}

}  // namespace

void export_library(Exports& exports) {
  has_environment() = true;
  ++environments;
  // What another thread defines under the same name afterwards is not in its way.
  napi_add_env_cleanup_hook(
      exports.env(),
      [](void* its) {
        --environments;
        Registry& all = registry();
        const std::lock_guard<std::mutex> lock(all.mutex);
        for (auto& [name, definition] : all.definitions) definition.owners.erase(static_cast<Environment*>(its));
      },
      Napi::Env(exports.env()).GetInstanceData<Environment>());
  exports.add<library_define>("library_define");
  exports.add<library_undefine>("library_undefine");
  exports.add<library_impl>("library_impl");
  exports.add<library_unimpl>("library_unimpl");
  exports.add<library_bump_versions>("library_bump_versions");
  exports.add<library_parse>("library_parse");
  exports.add<library_has_kernel>("library_has_kernel");
  exports.add<library_call>("library_call");
  exports.add<below_autograd_enter>("below_autograd_enter");
  exports.add<below_autograd_exit>("below_autograd_exit");
  exports.add<layer_lower>("layer_lower");
  exports.add<layer_raise>("layer_raise");
  exports.add<batch_unwrap>("batch_unwrap");
}

}  // namespace torch_node
