// TorchScript modules (lib/jit/): loading, saving, their attributes and the calls of their methods, here or in the
// background.
#include <algorithm>
#include <memory>
#include <shared_mutex>
#include <unordered_set>

#include <caffe2/serialize/in_memory_adapter.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/python_print.h>

#include "core/background.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"
#include "jit/modules.h"

namespace torch_node {
namespace {

using c10::IValue;
using torch::jit::Method;
using torch::jit::Module;

bool is_mutable(const c10::TypePtr& type) {
  switch (type->kind()) {
    case c10::TypeKind::ListType:
    case c10::TypeKind::DictType:
    case c10::TypeKind::ClassType:
    case c10::TypeKind::InterfaceType:
    case c10::TypeKind::FutureType:
    case c10::TypeKind::AnyType:
      return true;
    default:
      break;
  }
  const auto parts = type->containedTypes();
  return std::any_of(parts.begin(), parts.end(), is_mutable);
}

bool assigns_attributes(torch::jit::Block* block) {
  for (torch::jit::Node* node : block->nodes()) {
    if (node->kind() == torch::jit::prim::SetAttr) return true;
    for (torch::jit::Block* inner : node->blocks()) {
      if (assigns_attributes(inner)) return true;
    }
  }
  return false;
}

/// Whether a call may change what the attributes hold, beyond the elements of tensors.
bool may_assign_attributes(const Module& root) {
  for (const Module& module : root.modules()) {
    const c10::ClassTypePtr type = module.type();
    for (size_t i = 0; i < type->numAttributes(); ++i) {
      if (!type->getAttribute(i)->is_module() && is_mutable(type->getAttribute(i))) return true;
    }
    std::vector<torch::jit::Function*> functions = type->methods();
    for (const auto& hooks : {type->getForwardHooks(), type->getForwardPreHooks()}) {
      functions.insert(functions.end(), hooks.begin(), hooks.end());
    }
    for (torch::jit::Function* function : functions) {
      if (assigns_attributes(torch::jit::toGraphFunction(*function).graph()->block())) return true;
    }
  }
  return false;
}

/// What the modules of one archive share: who may touch their attributes. Calls in the background read them, and those
/// of a module that may assign its attributes write them.
class Access {
 public:
  explicit Access(const Module& root) : exclusive_(may_assign_attributes(root)) {}

  /// Whether two calls may never run at once.
  bool exclusive() const { return exclusive_; }

  /// A call on a thread of the pool.
  template <typename Run>
  auto call_in_background(Run run) {
    if (exclusive_) {
      const std::unique_lock<std::shared_mutex> lock(mutex_);
      return run();
    }
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return run();
  }

  // On the environment's thread. A call may come back to JavaScript (hooks), which may touch the module again.

  template <typename Run>
  auto call(Run run) {
    if (entered_ > 0) return run();
    const Entered entered(entered_);
    return call_in_background(run);
  }

  template <typename Read>
  auto read(Read read) {
    if (entered_ > 0) return read();
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return read();
  }

  template <typename Write>
  auto write(Write write) {
    if (entered_ > 0 && exclusive_) return write();
    TORCH_CHECK(entered_ == 0, "a module cannot be changed from within a call of it");
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    return write();
  }

 private:
  struct Entered {
    explicit Entered(int& count) : count_(count) { ++count_; }
    ~Entered() { --count_; }
    int& count_;
  };
  const bool exclusive_;
  std::shared_mutex mutex_;
  int entered_ = 0;
};

struct Loaded {
  Module module;
  std::shared_ptr<Access> access;
};

Loaded& loaded_at(const Napi::CallbackInfo& info, size_t i = 0) {
  return from_external<Loaded>(info.Env(), info[i], kModuleTag, "a ScriptModule");
}

std::string text_at(const Napi::CallbackInfo& info, size_t i) { return to_string(info.Env(), info[i]); }

std::vector<std::string> texts_of(const Napi::Value& list) {
  std::vector<std::string> texts;
  const Napi::Array array = list.As<Napi::Array>();
  texts.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) texts.push_back(to_string(list.Env(), Napi::Value(array[i])));
  return texts;
}

bool has_hooks(const c10::ClassType& type) {
  return !type.getForwardHooks().empty() || !type.getForwardPreHooks().empty();
}

// --- loading and saving ------------------------------------------------------------------------------

/// jit_load(path or bytes, device or null, names of extra files) -> [module, ...contents of the extra files]
Napi::Value load(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  std::optional<c10::Device> device;
  if (info[1].IsString()) device = c10::Device(text_at(info, 1));
  const std::vector<std::string> names = texts_of(info[2]);
  torch::jit::ExtraFilesMap files;
  for (const std::string& name : names) files[name] = "";
  Module module;
  if (info[0].IsString()) {
    module = torch::jit::load(text_at(info, 0), device, files);
  } else {
    const Napi::Uint8Array bytes = info[0].As<Napi::Uint8Array>();
    module = torch::jit::load(
        std::make_shared<caffe2::serialize::MemoryReadAdapter>(bytes.Data(), static_cast<off_t>(bytes.ByteLength())),
        device, files);
  }
  Napi::Array result = Napi::Array::New(env, names.size() + 1);
  result[0u] = Napi::Value(env, own_module(env, std::move(module)));
  for (uint32_t i = 0; i < names.size(); ++i) {
    const std::string& content = files[names[i]];
    result[i + 1] = Napi::Buffer<char>::Copy(env, content.data(), content.size());
  }
  return result;
}

/// jit_save(module, write, names and contents of extra files by turns): calls `write` with the bytes, piece by piece.
Napi::Value save(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  const Loaded& loaded = loaded_at(info);
  const Napi::Function write = info[1].As<Napi::Function>();
  torch::jit::ExtraFilesMap files;
  const Napi::Array extra = info[2].As<Napi::Array>();
  for (uint32_t i = 0; i + 1 < extra.Length(); i += 2) {
    const auto content = Napi::Value(extra[i + 1]).As<Napi::Uint8Array>();
    files[to_string(env, Napi::Value(extra[i]))] =
        std::string(reinterpret_cast<const char*>(content.Data()), content.ByteLength());
  }
  // libtorch's writer must be finalized even after an error.
  std::unique_ptr<Napi::Error> failure;
  const auto write_piece = [&](const void* data, size_t size) {
    if (failure != nullptr) return size;
    const Napi::HandleScope scope(env);
    try {
      write.Call({Napi::Buffer<char>::Copy(env, static_cast<const char*>(data), size)});
    } catch (const Napi::Error& error) {
      failure = std::make_unique<Napi::Error>(error);
    }
    return size;
  };
  loaded.access->read([&] { torch::jit::ExportModule(loaded.module, write_piece, files); });
  if (failure != nullptr) throw *failure;
  return env.Undefined();
}

/// jit_freeze(module, preserved names or null, optimize_numerics) -> a new module
Napi::Value freeze(const Napi::CallbackInfo& info, Environment&) {
  const Loaded& loaded = loaded_at(info);
  std::optional<std::vector<std::string>> preserved;
  if (info[1].IsArray()) preserved = texts_of(info[1]);
  const bool numerics = info[2].ToBoolean().Value();
  return {info.Env(), own_module(info.Env(), loaded.access->read([&] {
            return torch::jit::freeze(loaded.module, preserved, numerics);
          }))};
}

/// jit_optimize_for_inference(module, names of other methods) -> a new module
Napi::Value optimize_for_inference(const Napi::CallbackInfo& info, Environment&) {
  Loaded& loaded = loaded_at(info);
  const std::vector<std::string> methods = texts_of(info[1]);
  return {info.Env(), own_module(info.Env(), loaded.access->write([&] {
            return torch::jit::optimize_for_inference(loaded.module, methods);
          }))};
}

// --- what a module has ---------------------------------------------------------------------------------

Napi::Value original_name(const Napi::CallbackInfo& info, Environment&) {
  const auto name = loaded_at(info).module.type()->name();
  return Napi::String::New(info.Env(), name ? name->name() : "");
}

/// jit_identity(module): the same number for handles of the same module.
Napi::Value identity(const Napi::CallbackInfo& info, Environment&) {
  return Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(loaded_at(info).module._ivalue().get()));
}

Napi::Value exclusive(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), loaded_at(info).access->exclusive());
}

/// jit_members(module) -> [name, kind, ...] in the order of their definition
Napi::Value members(const Napi::CallbackInfo& info, Environment&) {
  const Loaded& loaded = loaded_at(info);
  const c10::ClassTypePtr type = loaded.module.type();
  Napi::Array list = Napi::Array::New(info.Env());
  const auto add = [&](const std::string& name, const char* kind) {
    list[list.Length()] = Napi::String::New(info.Env(), name);
    list[list.Length()] = Napi::String::New(info.Env(), kind);
  };
  const auto kind_of = [&](size_t slot) {
    const c10::TypePtr& declared = type->getAttribute(slot);
    const IValue value = loaded.access->read([&] { return loaded.module._ivalue()->getSlot(slot); });
    if (value.isModule()) return "module";
    if (type->is_parameter(slot) && value.isTensor()) return "parameter";
    if (type->is_buffer(slot) && declared->isSubtypeOf(*c10::TensorType::get())) return "buffer";
    return "attribute";
  };
  for (size_t i = 0; i < type->numAttributes(); ++i) add(type->getAttributeName(i), kind_of(i));
  for (size_t i = 0; i < type->numConstants(); ++i) add(type->getConstantName(i), "constant");
  for (const torch::jit::Function* method : type->methods()) add(method->name(), "method");
  return list;
}

Napi::Value child(const Napi::CallbackInfo& info, Environment&) {
  const Loaded& loaded = loaded_at(info);
  const IValue value = loaded.access->read([&] { return loaded.module.attr(text_at(info, 1)); });
  return {info.Env(), own_as_external(info.Env(), Loaded{value.toModule(), loaded.access}, kModuleTag)};
}

/// jit_tensor(module, name, handle) -> the tensor to wrap, -1 for none, -2 when it is the one behind the handle
Napi::Value tensor(const Napi::CallbackInfo& info, Environment& environment) {
  constexpr int32_t kSame = -2;
  const Loaded& loaded = loaded_at(info);
  const Handle known = info[2].As<Napi::Number>().Int32Value();
  const IValue value = loaded.access->read([&] { return loaded.module.attr(text_at(info, 1)); });
  const at::Tensor tensor = value.isTensor() ? value.toTensor() : at::Tensor();
  if (tensor.defined() && known >= 0 && !environment.tensors.is_disposed(known) &&
      environment.tensors.get(known).is_same(tensor)) {
    return Napi::Number::New(info.Env(), kSame);
  }
  return wrapped(info.Env(), environment, tensor);
}

Napi::Value attribute(const Napi::CallbackInfo& info, Environment& environment) {
  const Loaded& loaded = loaded_at(info);
  const IValue value = loaded.access->read([&] { return loaded.module.attr(text_at(info, 1)); });
  return {info.Env(), to_tagged(info.Env(), value, environment.tensors)};
}

/// jit_set_attribute(module, name, tagged value)
Napi::Value set_attribute(const Napi::CallbackInfo& info, Environment& environment) {
  const Loaded& loaded = loaded_at(info);
  const std::string name = text_at(info, 1);
  const c10::ClassTypePtr type = loaded.module.type();
  TORCH_CHECK(!type->hasConstant(name), "Can't set constant '", name, "'");
  const c10::TypePtr declared = type->getAttribute(name);
  IValue value;
  try {
    value = tagged_to_ivalue(info.Env(), info[2], declared, environment.tensors);
  } catch (const ValueMismatch& mismatch) {
    TORCH_CHECK_TYPE(false, "Could not cast attribute '", name, "' to type ", declared->repr_str(), ": expected '",
                     mismatch.expected, "'", mismatch.path.empty() ? "" : " at " + mismatch.path, ", but found '",
                     mismatch.found, "'");
  }
  loaded.access->write([&] { loaded.module._ivalue()->setAttr(name, std::move(value)); });
  return info.Env().Undefined();
}

// --- methods -------------------------------------------------------------------------------------------

Napi::Value text(const Napi::CallbackInfo& info, Environment&) {
  const Module& module = loaded_at(info).module;
  const std::string name = text_at(info, 1);
  const std::string what = text_at(info, 2);
  // What torch.jit.trace makes of a function is one of the module's unit, beside the method that calls it.
  const auto method = module.find_method(name);
  torch::jit::Function* const plain =
      method ? nullptr : module._ivalue()->compilation_unit()->find_function(c10::QualifiedName(name));
  torch::jit::Function& function = plain != nullptr ? *plain : module.get_method(name).function();
  std::string result;
  if (what == "code") {
    std::vector<IValue> constants;
    torch::jit::PrintDepsTable classes;
    torch::jit::PythonPrint printer(constants, classes);
    if (plain != nullptr) {
      printer.printFunction(function);
    } else {
      printer.printMethod(function);
    }
    result = printer.str();
  } else if (what == "schema") {
    result = c10::str(function.getSchema());
  } else {
    const auto graph = torch::jit::toGraphFunction(function).graph();
    result = what == "graph" ? graph->toString() : [&] {
      const auto copy = graph->copy();
      torch::jit::Inline(*copy);
      return copy->toString();
    }();
  }
  return Napi::String::New(info.Env(), result);
}

/// jit_parameters_of(module, method) -> [name, whether it takes a dict, ...] without self
Napi::Value parameters_of(const Napi::CallbackInfo& info, Environment&) {
  const Method method = loaded_at(info).module.get_method(text_at(info, 1));
  Napi::Array list = Napi::Array::New(info.Env());
  const auto takes_dict = [](const auto& self, const c10::TypePtr& type) -> bool {
    if (type->kind() == c10::TypeKind::OptionalType || type->kind() == c10::TypeKind::UnionType) {
      const auto members = type->containedTypes();
      return std::any_of(members.begin(), members.end(),
                         [&](const c10::TypePtr& member) { return self(self, member); });
    }
    return type->kind() == c10::TypeKind::DictType || type->kind() == c10::TypeKind::AnyType ||
           (type->kind() == c10::TypeKind::TupleType && type->expectRef<c10::TupleType>().schema() != nullptr);
  };
  const auto& arguments = method.function().getSchema().arguments();
  for (size_t i = 1; i < arguments.size(); ++i) {
    list[list.Length()] = Napi::String::New(info.Env(), arguments[i].name());
    list[list.Length()] = Napi::Boolean::New(info.Env(), takes_dict(takes_dict, arguments[i].type()));
  }
  return list;
}

/// The arguments of a call in the order of the schema, the module itself first; throws Python's errors.
torch::jit::Stack arguments_for(const Method& method, const Napi::Array& positional, const Napi::Array& named,
                                const TensorTable& tensors) {
  const Napi::Env env = positional.Env();
  const c10::FunctionSchema& schema = method.function().getSchema();
  const auto& arguments = schema.arguments();
  TORCH_CHECK_TYPE(positional.Length() < arguments.size(), schema.name(), "() expected at most ", arguments.size() - 1,
                   " argument(s) but received ", positional.Length(), " argument(s). Declaration: ", schema);
  std::vector<Napi::Value> given(arguments.size());
  for (uint32_t i = 0; i < positional.Length(); ++i) given[i + 1] = positional[i];
  for (uint32_t i = 0; i + 1 < named.Length(); i += 2) {
    const std::string name = to_string(env, Napi::Value(named[i]));
    const auto index = schema.argumentIndexWithName(name);
    TORCH_CHECK_TYPE(index && *index > 0, "Unknown keyword argument '", name, "' for operator '", schema.name(),
                     "'. Schema: ", schema);
    TORCH_CHECK_TYPE(given[*index].IsEmpty(), "Argument '", name,
                     "' specified both as positional and keyword argument. Schema: ", schema);
    given[*index] = named[i + 1];
  }
  torch::jit::Stack stack{method.raw_owner()};
  for (size_t i = 1; i < arguments.size(); ++i) {
    const c10::Argument& argument = arguments[i];
    if (given[i].IsEmpty()) {
      TORCH_CHECK_TYPE(argument.default_value(), schema.name(), "() is missing value for argument '", argument.name(),
                       "'. Declaration: ", schema);
      stack.push_back(*argument.default_value());
      continue;
    }
    try {
      stack.push_back(tagged_to_ivalue(env, given[i], argument.type(), tensors));
    } catch (const ValueMismatch& mismatch) {
      const std::string part = mismatch.path.empty() ? ""
                                                     : c10::str("\nIn it, at ", mismatch.path, ": expected '",
                                                                mismatch.expected, "', found '", mismatch.found, "'");
      TORCH_CHECK_TYPE(false, schema.name(), "() Expected a value of type '", argument.type()->repr_str(),
                       "' for argument '", argument.name(), "' but instead found type '",
                       mismatch.path.empty() ? mismatch.found : tagged_name(env, given[i]), "'.\nPosition: ", i, part,
                       "\nDeclaration: ", schema);
    }
  }
  return stack;
}

/// One call, ready to run on any thread.
class PreparedCall {
 public:
  PreparedCall(const Napi::CallbackInfo& info, Environment& environment)
      : loaded_(loaded_at(info)), method_(loaded_.module.get_method(text_at(info, 1))) {
    stack_ = arguments_for(method_, info[2].As<Napi::Array>(), info[3].As<Napi::Array>(), environment.tensors);
  }

  Access& access() const { return *loaded_.access; }

  IValue run() {
    IValue result;
    if (method_.name() == "forward" && has_hooks(*loaded_.module.type())) {
      stack_.erase(stack_.begin());
      result = loaded_.module(std::move(stack_));
    } else {
      method_.function().run(stack_);
      result = std::move(stack_.back());
    }
    stack_.clear();
    while (result.isFuture()) {
      const auto future = result.toFuture();
      future->waitAndThrow();
      result = future->value();
    }
    return result;
  }

 private:
  Loaded loaded_;
  Method method_;
  torch::jit::Stack stack_;
};

/// jit_call(module, method, tagged arguments, names and tagged values by turns) -> the tagged result
Napi::Value call(const Napi::CallbackInfo& info, Environment& environment) {
  PreparedCall prepared(info, environment);
  const IValue result = prepared.access().call([&] { return prepared.run(); });
  return {info.Env(), to_tagged(info.Env(), result, environment.tensors)};
}

/// jit_prepare(as jit_call) -> a call for background_start
Napi::Value prepare(const Napi::CallbackInfo& info, Environment& environment) {
  const auto prepared = std::make_shared<PreparedCall>(info, environment);
  const auto result = std::make_shared<IValue>();
  BackgroundCall background;
  background.run = [prepared, result] {
    *result = prepared->access().call_in_background([&] { return prepared->run(); });
  };
  background.finish = [result, &environment](napi_env env) { return to_tagged(env, *result, environment.tensors); };
  return {info.Env(), prepare_background_call(info.Env(), std::move(background))};
}

}  // namespace

napi_value own_module(napi_env env, Module module) {
  auto access = std::make_shared<Access>(module);
  return own_as_external(env, Loaded{std::move(module), std::move(access)}, kModuleTag);
}

const Module& module_at(const Napi::CallbackInfo& info, size_t i) { return loaded_at(info, i).module; }

void export_jit(Exports& exports) {
  exports.add<load>("jit_load");
  exports.add<save>("jit_save");
  exports.add<freeze>("jit_freeze");
  exports.add<optimize_for_inference>("jit_optimize_for_inference");
  exports.add<original_name>("jit_original_name");
  exports.add<identity>("jit_identity");
  exports.add<exclusive>("jit_exclusive");
  exports.add<members>("jit_members");
  exports.add<child>("jit_child");
  exports.add<tensor>("jit_tensor");
  exports.add<attribute>("jit_attribute");
  exports.add<set_attribute>("jit_set_attribute");
  exports.add<text>("jit_text");
  exports.add<parameters_of>("jit_parameters_of");
  exports.add<call>("jit_call");
  exports.add<prepare>("jit_prepare");
}

}  // namespace torch_node
