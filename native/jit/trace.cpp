// Tracing of modules (lib/utils/tensorboard/graph.ts): libtorch's tracer records the operators of one call, and the
// graph is described to JavaScript, with the scopes of the modules and the sizes of what goes between its nodes.
#include <memory>
#include <string>
#include <vector>

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/inliner.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

using c10::IValue;
using torch::jit::Module;
using torch::jit::Node;
using torch::jit::Value;

/// A module of TorchScript with the structure of one of JavaScript: `{ name, tensors: [name, handle, is_buffer][],
/// children: [name, module][] }`.
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
  const Napi::Array children = given.Get("children").As<Napi::Array>();
  for (uint32_t i = 0; i < children.Length(); ++i) {
    const Napi::Array entry = children.Get(i).As<Napi::Array>();
    module.register_module(entry.Get(0u).ToString().Utf8Value(),
                           module_of(entry.Get(1u).As<Napi::Object>(), environment, unit));
  }
  return module;
}

/// Nested arrays of tensors, as the function returns them.
IValue result_of(const Napi::Value& value, Environment& environment) {
  if (value.IsNumber()) return environment.tensors.get(value.ToNumber().Int32Value());
  const Napi::Array parts = value.As<Napi::Array>();
  std::vector<IValue> values;
  for (uint32_t i = 0; i < parts.Length(); ++i) values.push_back(result_of(parts.Get(i), environment));
  return c10::ivalue::Tuple::create(std::move(values));
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

/// trace(module, handles of the inputs, function, strict) -> { inputs, nodes, outputs }. The function is called with
/// the handles of the traced inputs, and returns those of the results.
Napi::Value trace(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  Module module = module_of(info[0].As<Napi::Object>(), environment, std::make_shared<torch::jit::CompilationUnit>());
  torch::jit::Stack inputs;
  for (const at::Tensor& tensor : to_tensors(env, info[1], environment.tensors)) inputs.emplace_back(tensor);
  const Napi::Function function = info[2].As<Napi::Function>();
  const auto call = [&](torch::jit::Stack stack) -> torch::jit::Stack {
    Napi::Array handles = Napi::Array::New(env, stack.size());
    for (size_t i = 0; i < stack.size(); ++i) handles.Set(i, wrapped(env, environment, stack[i].toTensor()));
    return {result_of(function.Call({handles}), environment)};
  };
  const auto unnamed = [](const torch::autograd::Variable&) { return std::string(); };
  const auto traced =
      torch::jit::tracer::trace(std::move(inputs), call, unnamed, info[3].ToBoolean().Value(), false, &module);
  torch::jit::Graph& graph = *traced.first->graph;
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
  return described;
}

/// trace_push_scope(name): what is recorded from now on belongs to this module.
Napi::Value push_scope(const Napi::CallbackInfo& info, Environment&) {
  const auto& state = torch::jit::tracer::getTracingState();
  TORCH_CHECK(state, "nothing is being traced");
  state->graph->push_scope(info[0].ToString().Utf8Value());
  return info.Env().Undefined();
}

Napi::Value pop_scope(const Napi::CallbackInfo& info, Environment&) {
  const auto& state = torch::jit::tracer::getTracingState();
  TORCH_CHECK(state, "nothing is being traced");
  state->graph->pop_scope();
  return info.Env().Undefined();
}

}  // namespace

void export_trace(Exports& exports) {
  exports.add<trace>("trace");
  exports.add<push_scope>("trace_push_scope");
  exports.add<pop_scope>("trace_pop_scope");
}

}  // namespace torch_node
