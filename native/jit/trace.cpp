// Tracing: libtorch's tracer records the operators of one call. They become a method of a module of TorchScript
// (lib/jit/trace.ts), or are described to JavaScript, with the scopes of the modules and the sizes of what goes between
// the nodes (lib/utils/tensorboard/graph.ts).
#include "jit/trace.h"

#include <memory>
#include <string>
#include <vector>

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/canonicalize.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/shape_analysis.h>

#include "core/convert.h"
#include "core/environment.h"
#include "jit/modules.h"
#include "jit/traced_sizes.h"

namespace torch_node {
namespace {

namespace tracer = torch::jit::tracer;
using c10::IValue;
using torch::jit::Module;
using torch::jit::Node;
using torch::jit::Value;

/// What the tracer warns of in this thread.
std::vector<std::string>& warnings_here() {
  thread_local std::vector<std::string> warnings;
  return warnings;
}

void note_warning(const std::string& text) { warnings_here().push_back(text); }

Napi::Array take_warnings(Napi::Env env) {
  Napi::Array array = Napi::Array::New(env);
  for (const std::string& text : warnings_here()) array.Set(array.Length(), text);
  warnings_here().clear();
  return array;
}

/// A module of TorchScript with the structure of one of JavaScript: `{ name, training, tensors: [name, handle,
/// is_buffer][], children: [name, module][] }`.
Module module_of(const Napi::Object& given, Environment& environment,
                 const std::shared_ptr<torch::jit::CompilationUnit>& unit) {
  Module module(c10::QualifiedName("__torch__." + given.Get("name").ToString().Utf8Value()), unit, true);
  const Napi::Array tensors = given.Get("tensors").As<Napi::Array>();
  for (uint32_t i = 0; i < tensors.Length(); ++i) {
    const Napi::Array entry = tensors.Get(i).As<Napi::Array>();
    const std::string name = entry.Get(0u).ToString().Utf8Value();
    const at::Tensor tensor = environment.tensors.get(entry.Get(1u).ToNumber().Int32Value());
    if (entry.Get(2u).ToBoolean()) {
      module.register_buffer(name, tensor);
    } else {
      module.register_parameter(name, tensor, false);
    }
  }
  module.register_attribute("training", c10::BoolType::get(), given.Get("training").ToBoolean().Value());
  const Napi::Array children = given.Get("children").As<Napi::Array>();
  for (uint32_t i = 0; i < children.Length(); ++i) {
    const Napi::Array entry = children.Get(i).As<Napi::Array>();
    module.register_module(entry.Get(0u).ToString().Utf8Value(),
                           module_of(entry.Get(1u).As<Napi::Object>(), environment, unit));
  }
  return module;
}

/// A dict of tensors, or of what else one type has.
IValue dict_of(const std::vector<std::string>& keys, const std::vector<IValue>& values) {
  const c10::TypePtr type = values.empty() ? c10::TensorType::get() : values.front().type();
  for (const IValue& value : values) {
    TORCH_CHECK(value.type()->isSubtypeOf(*type) || (value.isTensor() && values.front().isTensor()),
                "the values of a traced dict must have one type, but are ", type->repr_str(), " and ",
                value.type()->repr_str());
  }
  c10::impl::GenericDict dict(c10::StringType::get(),
                              values.empty() || values.front().isTensor() ? c10::TensorType::get() : type);
  for (size_t i = 0; i < keys.size(); ++i) dict.insert(keys[i], values[i]);
  return dict;
}

/// The values of JavaScript: a tensor's handle, an array for a tuple, `{ keys, values }` for a dict.
IValue from_js(const Napi::Value& value, Environment& environment) {
  if (value.IsNumber()) return environment.tensors.get(value.ToNumber().Int32Value());
  const bool is_tuple = value.IsArray();
  const Napi::Array parts =
      is_tuple ? value.As<Napi::Array>() : value.As<Napi::Object>().Get("values").As<Napi::Array>();
  std::vector<IValue> values;
  for (uint32_t i = 0; i < parts.Length(); ++i) values.push_back(from_js(parts.Get(i), environment));
  if (is_tuple) return c10::ivalue::Tuple::create(std::move(values));
  std::vector<std::string> keys;
  const Napi::Array names = value.As<Napi::Object>().Get("keys").As<Napi::Array>();
  for (uint32_t i = 0; i < names.Length(); ++i) keys.push_back(names.Get(i).ToString().Utf8Value());
  return dict_of(keys, values);
}

Napi::Value to_js(Napi::Env env, Environment& environment, const IValue& value) {
  if (value.isTensor()) return wrapped(env, environment, value.toTensor());
  Napi::Array parts = Napi::Array::New(env);
  if (value.isTuple()) {
    for (const IValue& part : value.toTupleRef().elements()) parts.Set(parts.Length(), to_js(env, environment, part));
    return parts;
  }
  Napi::Array keys = Napi::Array::New(env);
  for (const auto& entry : value.toGenericDict()) {
    keys.Set(keys.Length(), entry.key().toStringRef());
    parts.Set(parts.Length(), to_js(env, environment, entry.value()));
  }
  Napi::Object dict = Napi::Object::New(env);
  dict.Set("keys", keys);
  dict.Set("values", parts);
  return dict;
}

/// Records what `function` calls: it gets the traced inputs as an array, and returns its results.
std::shared_ptr<torch::jit::Graph> record(Environment& environment, const Napi::Value& inputs,
                                          const Napi::Function& function, bool strict, bool force_outplace,
                                          Module* self, const std::vector<std::string>& names) {
  const Napi::Env env = function.Env();
  warnings_here().clear();
  tracer::setWarn(note_warning);
  const IValue given = from_js(inputs, environment);
  const auto call = [&](torch::jit::Stack stack) -> torch::jit::Stack {
    Napi::Array arguments = Napi::Array::New(env, stack.size());
    for (uint32_t i = 0; i < stack.size(); ++i) arguments.Set(i, to_js(env, environment, stack[i]));
    return {from_js(function.Call({arguments}), environment)};
  };
  const auto unnamed = [](const torch::autograd::Variable&) { return std::string(); };
  torch::jit::Stack stack = given.toTupleRef().elements().vec();
  return tracer::trace(std::move(stack), call, unnamed, strict, force_outplace, self, names).first->graph;
}

/// The sizes of a value; null where they are not known, undefined for what is not a tensor.
Napi::Value sizes_of(Napi::Env env, const Value* value, bool complete) {
  const auto type = value->type()->cast<c10::TensorType>();
  if (!type) return env.Undefined();
  const auto sizes = type->sizes().concrete_sizes();
  if (!sizes || (complete && !value->isCompleteTensor())) return env.Null();
  Napi::Array array = Napi::Array::New(env, sizes->size());
  for (size_t i = 0; i < sizes->size(); ++i) array.Set(i, Napi::Number::New(env, static_cast<double>((*sizes)[i])));
  return array;
}

Napi::Array names_of(Napi::Env env, at::ArrayRef<Value*> values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); ++i) array.Set(i, values[i]->debugName());
  return array;
}

template <typename T, typename Make>
Napi::Array array_of(Napi::Env env, const std::vector<T>& values, Make make) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); ++i) array.Set(i, make(values[i]));
  return array;
}

Napi::Value attribute_of(Napi::Env env, Environment& environment, Node* node, c10::Symbol name) {
  const auto number = [env](auto value) -> Napi::Value { return Napi::Number::New(env, static_cast<double>(value)); };
  const auto text = [env](const std::string& value) -> Napi::Value { return Napi::String::New(env, value); };
  // A float that is whole would be an integer in JavaScript.
  const auto real = [env](double value) -> Napi::Value {
    Napi::Object holder = Napi::Object::New(env);
    holder.Set("float", Napi::Number::New(env, value));
    return holder;
  };
  switch (node->kindOf(name)) {
    case torch::jit::AttributeKind::i:
      return number(node->i(name));
    case torch::jit::AttributeKind::f:
      return real(node->f(name));
    case torch::jit::AttributeKind::s:
      return text(node->s(name));
    case torch::jit::AttributeKind::is:
      return array_of(env, node->is(name), number);
    case torch::jit::AttributeKind::fs:
      return array_of(env, node->fs(name), real);
    case torch::jit::AttributeKind::ss:
      return array_of(env, node->ss(name), text);
    case torch::jit::AttributeKind::t: {
      Napi::Object holder = Napi::Object::New(env);
      holder.Set("tensor", Napi::Number::New(env, environment.tensors.put(node->t(name))));
      return holder;
    }
    default:
      return env.Null();
  }
}

Napi::Object node_to_js(Napi::Env env, Environment& environment, Node* node) {
  Napi::Object described = Napi::Object::New(env);
  described.Set("kind", std::string(node->kind().toQualString()));
  described.Set("scope", node->scopeName());
  described.Set("inputs", names_of(env, node->inputs()));
  described.Set("outputs", names_of(env, node->outputs()));
  Napi::Array sizes = Napi::Array::New(env, node->outputs().size());
  for (size_t i = 0; i < node->outputs().size(); ++i) sizes.Set(i, sizes_of(env, node->outputs()[i], true));
  described.Set("sizes", sizes);
  described.Set("is_module", node->outputs().size() == 1 && node->output()->type()->kind() == c10::TypeKind::ClassType);
  Napi::Array attributes = Napi::Array::New(env);
  for (const c10::Symbol name : node->attributeNames()) {
    Napi::Array pair = Napi::Array::New(env, 2);
    pair.Set(0u, std::string(name.toUnqualString()));
    pair.Set(1u, attribute_of(env, environment, node, name));
    attributes.Set(attributes.Length(), pair);
  }
  described.Set("attributes", attributes);
  return described;
}

/// trace(module, inputs, function, strict) -> { inputs, nodes, outputs, warnings }
Napi::Value trace(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Module module = module_of(info[0].As<Napi::Object>(), environment, std::make_shared<torch::jit::CompilationUnit>());
  const auto traced =
      record(environment, info[1], info[2].As<Napi::Function>(), info[3].ToBoolean().Value(), false, &module, {});
  torch::jit::Graph& graph = *traced;
  torch::jit::Inline(graph);
  Napi::Object described = Napi::Object::New(env);
  Napi::Array given = Napi::Array::New(env);
  for (const Value* input : graph.inputs()) {
    if (!input->hasUses() || input->type()->kind() == c10::TypeKind::ClassType) continue;
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", input->debugName());
    entry.Set("sizes", sizes_of(env, input, false));
    given.Set(given.Length(), entry);
  }
  described.Set("inputs", given);
  Napi::Array nodes = Napi::Array::New(env);
  for (Node* node : graph.nodes()) nodes.Set(nodes.Length(), node_to_js(env, environment, node));
  described.Set("nodes", nodes);
  Napi::Array outputs = Napi::Array::New(env);
  for (const Value* output : graph.outputs()) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", output->debugName());
    entry.Set("sizes", sizes_of(env, output, false));
    outputs.Set(outputs.Length(), entry);
  }
  described.Set("outputs", outputs);
  described.Set("warnings", take_warnings(env));
  return described;
}

/// jit_trace_method(module, name, inputs, function, names of the inputs, strict, force_outplace) -> warnings: what the
/// function calls becomes a method.
Napi::Value trace_method(const Napi::CallbackInfo& info, Environment& environment) {
  Module module = module_at(info, 0);
  const std::string name = to_string(info.Env(), info[1]);
  std::vector<std::string> names;
  const Napi::Array given = info[4].As<Napi::Array>();
  for (uint32_t i = 0; i < given.Length(); ++i) names.push_back(given.Get(i).ToString().Utf8Value());
  const auto graph = record(environment, info[2], info[3].As<Napi::Function>(), info[5].ToBoolean().Value(),
                            info[6].ToBoolean().Value(), &module, names);
  torch::jit::Function* method =
      module._ivalue()->compilation_unit()->create_function(c10::QualifiedName(*module.type()->name(), name), graph);
  module.type()->addMethod(method);
  return take_warnings(info.Env());
}

/// jit_trace_function(name, inputs, function, names of the inputs, strict, force_outplace) -> [module, warnings]: a
/// module whose forward calls what a function called. Beside it, the function is in the module's unit.
Napi::Value trace_function(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  std::vector<std::string> names;
  const Napi::Array given = info[3].As<Napi::Array>();
  for (uint32_t i = 0; i < given.Length(); ++i) names.push_back(given.Get(i).ToString().Utf8Value());
  const auto graph = record(environment, info[1], info[2].As<Napi::Function>(), info[4].ToBoolean().Value(),
                            info[5].ToBoolean().Value(), nullptr, names);
  const auto unit = std::make_shared<torch::jit::CompilationUnit>();
  unit->create_function(c10::QualifiedName(to_string(env, info[0])), graph);
  Module module(c10::QualifiedName("__torch__.PlaceholderModule"), unit);
  // Python's scripts of functions have it, too: modules that are loaded always do.
  module.register_attribute("training", c10::BoolType::get(), true);
  const auto of_module = graph->copy();
  of_module->insertInput(0, "self")->setType(module.type());
  module.type()->addMethod(unit->create_function(c10::QualifiedName(*module.type()->name(), "forward"), of_module));
  Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, Napi::Value(env, own_module(env, module)));
  result.Set(1u, take_warnings(env));
  return result;
}

/// jit_module(module) -> a module of TorchScript without methods, with the tensors of one of JavaScript
Napi::Value make_module(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), own_module(info.Env(), module_of(info[0].As<Napi::Object>(), environment,
                                                       std::make_shared<torch::jit::CompilationUnit>()))};
}

/// jit_canonical(module, method) -> [graph as text, [node as text, kind, handle of a constant tensor or null][]]: with
/// the graphs of the methods that it calls, without sizes, and with numbered values, so that two can be compared
Napi::Value canonical(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const auto graph = torch::jit::Canonicalize(module_at(info, 0).get_method(to_string(env, info[1])).graph());
  torch::jit::Inline(*graph);
  torch::jit::EraseShapeInformation(graph);
  Napi::Array nodes = Napi::Array::New(env);
  for (Node* node : graph->nodes()) {
    const c10::Symbol value = c10::attr::value;
    const bool is_tensor = node->kind() == c10::prim::Constant && node->hasAttribute(value) &&
                           node->kindOf(value) == torch::jit::AttributeKind::t;
    Napi::Array entry = Napi::Array::New(env, 3);
    entry.Set(0u, c10::str(*node));
    entry.Set(1u, std::string(node->kind().toQualString()));
    entry.Set(2u, is_tensor ? wrapped(env, environment, node->t(value)) : env.Null());
    nodes.Set(nodes.Length(), entry);
  }
  Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, graph->toString(false));
  result.Set(1u, nodes);
  return result;
}

/// jit_nondeterministic(module, method) -> the nodes with random results, as text
Napi::Value nondeterministic(const Napi::CallbackInfo& info, Environment&) {
  Napi::Array found = Napi::Array::New(info.Env());
  for (Node* node : module_at(info, 0).get_method(to_string(info.Env(), info[1])).graph()->nodes()) {
    if (node->isNondeterministic()) found.Set(found.Length(), c10::str(*node));
  }
  return found;
}

Napi::Value is_tracing(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), tracer::isTracing());
}

/// trace_push_scope(name): what is recorded from now on belongs to this module.
Napi::Value push_scope(const Napi::CallbackInfo& info, Environment&) {
  const auto& state = tracer::getTracingState();
  TORCH_CHECK(state, "nothing is being traced");
  state->graph->push_scope(info[0].ToString().Utf8Value());
  return info.Env().Undefined();
}

Napi::Value pop_scope(const Napi::CallbackInfo& info, Environment&) {
  const auto& state = tracer::getTracingState();
  TORCH_CHECK(state, "nothing is being traced");
  state->graph->pop_scope();
  return info.Env().Undefined();
}

}  // namespace

void warn_of_values(const at::Tensor& tensor) {
  const auto& state = tracer::getTracingState();
  if (!state || !tensor.defined() || !state->hasValue(tensor)) return;
  tracer::warn("Converting a tensor to a JavaScript value",
               " might cause the trace to be incorrect. We can't record the data flow of JavaScript values, so this "
               "value will be treated as a constant in the future. This means that the trace might not generalize to "
               "other inputs!");
}

void warn_of_constructor() { tracer::warn("torch.tensor", tracer::WARN_CONSTRUCTOR); }

void export_trace(Exports& exports) {
  exports.add<trace>("trace");
  exports.add<make_module>("jit_module");
  exports.add<trace_method>("jit_trace_method");
  exports.add<trace_function>("jit_trace_function");
  exports.add<canonical>("jit_canonical");
  exports.add<nondeterministic>("jit_nondeterministic");
  exports.add<is_tracing>("jit_is_tracing");
  exports.add<push_scope>("trace_push_scope");
  exports.add<pop_scope>("trace_pop_scope");
  export_traced_sizes(exports);
}

}  // namespace torch_node
