// From the description of a program (lib/export/compile.ts) to a graph that runs, and its calls.
#include <ATen/ATen.h>
#include <map>

#include "core/background.h"
#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"
#include "export/program.h"
#include "memory/out_of_memory.h"

namespace torch_node {
namespace {

using c10::IValue;
using c10::TypeKind;
using c10::TypePtr;

// Graphs within graphs, and lists within lists: more is not what an export writes.
constexpr int kDeepest = 64;

/// What each argument of a higher-order operator is: a graph, a list of operands, or a value; then operands to the end.
struct HigherOrder {
  Action action;
  std::string arguments;
  bool operands_follow;
};

const HigherOrder* higher_order(const std::string& target) {
  static const std::map<std::string, HigherOrder> all = {
      {"torch.ops.higher_order.cond", {Action::kCond, "vggl", false}},
      {"torch.ops.higher_order.while_loop", {Action::kWhileLoop, "ggll", false}},
      {"torch.ops.higher_order.map_impl", {Action::kMap, "gll", false}},
      {"torch.ops.higher_order.scan", {Action::kScan, "glll", false}},
      {"torch.ops.higher_order.wrap_with_set_grad_enabled", {Action::kWithGradMode, "vg", true}},
      {"torch.ops.higher_order.wrap_with_autocast", {Action::kWithAutocast, "vvvvg", true}},
      {"torch.ops.higher_order.tag_activation_checkpoint", {Action::kCall, "g", true}},
      {"torch.ops.higher_order.wrap_activation_checkpoint", {Action::kCall, "g", true}},
      {"torch.ops.higher_order.invoke_subgraph", {Action::kCall, "gv", true}},
      {"torch.ops.higher_order.strict_mode", {Action::kCall, "gl", false}},
  };
  const auto found = all.find(target);
  return found == all.end() ? nullptr : &found->second;
}

/// The type below optionals.
const TypePtr& required(const TypePtr& type) {
  return type->kind() == TypeKind::OptionalType ? type->castRaw<c10::OptionalType>()->getElementType() : type;
}

/// Of dtypes and the like, which are ints to the dispatcher, how many there are: libtorch looks them up in tables
/// without asking whether they are there. 0 of other arguments.
int64_t enumerators_of(const c10::Argument& declared) {
  switch (required(declared.real_type())->kind()) {
    case TypeKind::ScalarTypeType:
      return static_cast<int64_t>(c10::ScalarType::NumOptions);
    case TypeKind::LayoutType:
      return static_cast<int64_t>(c10::Layout::NumOptions);
    case TypeKind::MemoryFormatType:
      return static_cast<int64_t>(c10::MemoryFormat::NumOptions);
    default:
      return 0;
  }
}

Wanted wanted_for(const TypePtr& type) {
  switch (required(type)->kind()) {
    case TypeKind::TensorType:
      return Wanted::kTensor;
    case TypeKind::NumberType:
      return Wanted::kNumber;
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      return Wanted::kInt;
    case TypeKind::FloatType:
    case TypeKind::SymFloatType:
      return Wanted::kFloat;
    case TypeKind::BoolType:
    case TypeKind::SymBoolType:
      return Wanted::kBool;
    default:
      TORCH_CHECK(false, "a value that is computed cannot be of the type ", type->repr_str());
  }
}

class Builder {
 public:
  Builder(Napi::Env env, const TensorTable& tensors) : env_(env), tensors_(tensors) {}

  std::shared_ptr<const Graph> graph(const Napi::Object& described) {
    const Deeper deeper(depth_);
    auto graph = std::make_shared<Graph>();
    const int64_t slots = to_int64(env_, described.Get("slots"));
    TORCH_CHECK(slots >= 0 && slots < (int64_t{1} << 31), "a program has no ", slots, " slots");
    const size_t outside = slots_;
    slots_ = static_cast<size_t>(slots);
    graph->slots = slots_;
    for_each(described.Get("inputs"), [&](const Napi::Value& slot) { graph->inputs.push_back(slot_of(slot)); });
    for_each(described.Get("nodes"),
             [&](const Napi::Value& node) { graph->nodes.push_back(this->node(node.As<Napi::Object>())); });
    for_each(described.Get("outputs"), [&](const Napi::Value& output) { graph->outputs.push_back(operand(output)); });
    slots_ = outside;
    return graph;
  }

 private:
  struct Deeper {
    explicit Deeper(int& count) : depth(count) {
      TORCH_CHECK(depth < kDeepest, "a program that is nested deeper than ", kDeepest, " is refused");
      ++depth;
    }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    int& depth;
  };

  template <typename Each>
  void for_each(const Napi::Value& list, Each each) {
    TORCH_CHECK_TYPE(list.IsArray(), "expected an Array");
    const Napi::Array array = list.As<Napi::Array>();
    const uint32_t length = array.Length();
    for (uint32_t i = 0; i < length; ++i) {
      const Napi::HandleScope scope(env_);
      each(array.Get(i));
    }
  }

  Kind kind_of(const Napi::Value& tagged) {
    TORCH_CHECK_TYPE(tagged.IsArray(), "expected a tagged value");
    return static_cast<Kind>(to_int64(env_, tagged.As<Napi::Array>().Get(0u)));
  }

  int32_t slot_of(const Napi::Value& number) {
    const int64_t slot = to_int64(env_, number);
    TORCH_CHECK(slot >= -1 && slot < static_cast<int64_t>(slots_), "a program has no slot ", slot);
    return static_cast<int32_t>(slot);
  }

  NodeArgument from_slot(const Napi::Value& tagged, Wanted wanted) {
    NodeArgument argument;
    argument.source = NodeArgument::Source::kSlot;
    argument.wanted = wanted;
    argument.slot = slot_of(tagged.As<Napi::Array>().Get(1u));
    TORCH_CHECK(argument.slot >= 0, "a program takes a value that nothing makes");
    argument.last = tagged.As<Napi::Array>().Get(2u).ToBoolean().Value();
    return argument;
  }

  static NodeArgument from_constant(IValue value) {
    NodeArgument argument;
    argument.constant = std::move(value);
    return argument;
  }

  bool has_slots(const Napi::Value& tagged) {
    const Kind kind = kind_of(tagged);
    if (kind == Kind::kSlot) return true;
    if (kind != Kind::kList) return false;
    bool found = false;
    for_each(tagged.As<Napi::Array>().Get(1u),
             [&](const Napi::Value& element) { found = found || has_slots(element); });
    return found;
  }

  /// What an operator takes for an argument of its schema.
  NodeArgument argument(const Napi::Value& tagged, const TypePtr& type, int32_t fixed) {
    const Deeper deeper(depth_);
    const Kind kind = kind_of(tagged);
    const TypePtr& inner = required(type);
    if (kind == Kind::kSlot) {
      if (inner->kind() == TypeKind::ListType && fixed > 0) {
        return list_of(std::vector<Napi::Value>(fixed, tagged), inner->castRaw<c10::ListType>()->getElementType());
      }
      return from_slot(tagged, wanted_for(type));
    }
    if (inner->kind() == TypeKind::ListType) {
      const TypePtr& element = inner->castRaw<c10::ListType>()->getElementType();
      if (kind == Kind::kList && (has_slots(tagged) || element->kind() == TypeKind::NumberType)) {
        std::vector<Napi::Value> elements;
        const Napi::Array list = tagged.As<Napi::Array>().Get(1u).As<Napi::Array>();
        for (uint32_t i = 0; i < list.Length(); ++i) elements.push_back(list.Get(i));
        return list_of(elements, element);
      }
      if (kind != Kind::kList && kind != Kind::kNone && fixed > 0) {
        return list_of(std::vector<Napi::Value>(fixed, tagged), element);
      }
    }
    const bool number = kind == Kind::kInt || kind == Kind::kBigint || kind == Kind::kFloat || kind == Kind::kBool ||
                        kind == Kind::kComplex;
    if (number && (inner->kind() == TypeKind::TensorType || inner->kind() == TypeKind::NumberType)) {
      // A float without a fraction stays a float.
      const TypePtr its = kind == Kind::kFloat ? TypePtr(c10::FloatType::get()) : TypePtr(c10::NumberType::get());
      const at::Scalar scalar = tagged_to_ivalue(env_, tagged, its, tensors_).toScalar();
      if (inner->kind() == TypeKind::NumberType) return from_constant(scalar);
      return from_constant(wrapped_number(scalar));
    }
    // The types of dtypes and the like are ints to the dispatcher, but not to a reader of values.
    return from_constant(tagged_to_ivalue(env_, tagged, type, tensors_));
  }

  NodeArgument list_of(const std::vector<Napi::Value>& elements, const TypePtr& type) {
    NodeArgument list;
    list.source = NodeArgument::Source::kList;
    list.element_type = type;
    for (size_t i = 0; i < elements.size(); ++i) {
      list.elements.push_back(argument(elements[i], type, 0));
      // A slot that stands for each element of int[2] is emptied by none of them.
      if (i > 0 && elements[i] == elements[i - 1]) list.elements[i - 1].last = false;
    }
    return list;
  }

  /// What a higher-order operator or a graph's output takes.
  NodeArgument operand(const Napi::Value& tagged) {
    const Kind kind = kind_of(tagged);
    if (kind == Kind::kSlot) return from_slot(tagged, Wanted::kAnything);
    return from_constant(tagged_to_ivalue(env_, tagged, c10::AnyType::get(), tensors_));
  }

  NodeArgument operands(const Napi::Value& tagged) {
    TORCH_CHECK(kind_of(tagged) == Kind::kList, "a list of operands is needed");
    NodeArgument list;
    list.source = NodeArgument::Source::kList;
    for_each(tagged.As<Napi::Array>().Get(1u),
             [&](const Napi::Value& element) { list.elements.push_back(operand(element)); });
    return list;
  }

  NodeArgument subgraph(const Napi::Value& tagged) {
    TORCH_CHECK(kind_of(tagged) == Kind::kGraph, "a graph is needed");
    NodeArgument argument;
    argument.source = NodeArgument::Source::kGraph;
    argument.graph = graph(tagged.As<Napi::Array>().Get(1u).As<Napi::Object>());
    return argument;
  }

  std::vector<Napi::Value> values_of(const Napi::Object& described) {
    std::vector<Napi::Value> values;
    const Napi::Array list = described.Get("arguments").As<Napi::Array>();
    for (uint32_t i = 0; i < list.Length(); ++i) values.push_back(list.Get(i).As<Napi::Array>().Get(1u));
    return values;
  }

  void add_result(GraphNode& node, const Napi::Value& described) {
    NodeResult result;
    if (described.IsArray()) {
      result.list = true;
      for_each(described, [&](const Napi::Value& slot) { result.elements.push_back(slot_of(slot)); });
    } else {
      result.slot = slot_of(described);
    }
    node.results.push_back(std::move(result));
  }

  GraphNode node(const Napi::Object& described) {
    GraphNode node;
    node.text = to_string(env_, described.Get("target"));
    for_each(described.Get("results"), [&](const Napi::Value& result) { add_result(node, result); });
    if (const NumberOperator* numbers = number_operator(node.text)) {
      fill_numbers(node, *numbers, described);
    } else if (const HigherOrder* operation = higher_order(node.text)) {
      fill_higher_order(node, *operation, described);
    } else if (node.text == "size") {
      node.action = Action::kSize;
      for (const Napi::Value& value : values_of(described)) node.arguments.push_back(operand(value));
      TORCH_CHECK(node.arguments.size() == 2 && node.results.size() == 1 && node.arguments[1].constant.isInt() &&
                      node.arguments[1].constant.toInt() >= 0,
                  "a size is of a dimension of a tensor");
      node.text = to_string(env_, described.Get("text"));
    } else if (node.text == "assert") {
      node.action = Action::kAssert;
      for (const Napi::Value& value : values_of(described)) node.arguments.push_back(operand(value));
      TORCH_CHECK(node.arguments.size() == 1 && node.results.empty(), "an assertion is about one value");
      node.text = to_string(env_, described.Get("text"));
    } else {
      fill_operator(node, described);
    }
    return node;
  }

  void fill_numbers(GraphNode& node, const NumberOperator& numbers, const Napi::Object& described) {
    node.action = Action::kNumbers;
    node.numbers = numbers.function;
    for (const Napi::Value& value : values_of(described)) node.arguments.push_back(operand(value));
    TORCH_CHECK(node.arguments.size() == numbers.arguments && node.results.size() == 1, node.text, " takes ",
                numbers.arguments, " numbers and gives one");
  }

  void fill_higher_order(GraphNode& node, const HigherOrder& operation, const Napi::Object& described) {
    node.action = operation.action;
    const std::vector<Napi::Value> values = values_of(described);
    TORCH_CHECK(values.size() == operation.arguments.size() ||
                    (operation.operands_follow && values.size() > operation.arguments.size()),
                node.text, " takes ", operation.arguments.size(), " arguments, and has ", values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      const char kind = i < operation.arguments.size() ? operation.arguments[i] : 'v';
      if (kind == 'g') {
        node.arguments.push_back(subgraph(values[i]));
      } else if (kind == 'l') {
        node.arguments.push_back(operands(values[i]));
      } else {
        node.arguments.push_back(operand(values[i]));
      }
    }
    if (operation.action == Action::kWithAutocast) {
      const Kind dtype = kind_of(values[1]);
      TORCH_CHECK(dtype == Kind::kDtype || dtype == Kind::kNone, node.text, " takes a dtype, not ",
                  tagged_name(env_, values[1]));
    }
    // A graph with its operands behind it, whatever stands between.
    if (operation.action == Action::kCall && operation.arguments == "gv")
      node.arguments.erase(node.arguments.begin() + 1);
    if (operation.action == Action::kCall && operation.arguments == "gl") {
      std::vector<NodeArgument> listed = std::move(node.arguments[1].elements);
      node.arguments.pop_back();
      for (NodeArgument& each : listed) node.arguments.push_back(std::move(each));
    }
  }

  void check_enumerator(const Napi::Value& tagged, const c10::Argument& declared, const std::string& name) {
    const int64_t count = enumerators_of(declared);
    const Kind kind = kind_of(tagged);
    if (count == 0 || kind == Kind::kNone) return;
    bool known = kind == Kind::kDtype || kind == Kind::kLayout || kind == Kind::kMemoryFormat;
    if (kind == Kind::kInt) {
      const int64_t number = to_int64(env_, tagged.As<Napi::Array>().Get(1u));
      known = number >= 0 && number < count;
    }
    TORCH_CHECK(known, name, ": argument '", declared.name(), "' must be ", declared.real_type()->repr_str(), ", not ",
                tagged_name(env_, tagged));
  }

  void fill_operator(GraphNode& node, const Napi::Object& described) {
    node.action = Action::kOperator;
    TORCH_CHECK(described.Get("name").IsString(), "the operator ", node.text, " is not supported");
    const std::string name = to_string(env_, described.Get("name"));
    const std::string overload = to_string(env_, described.Get("overload"));
    node.op = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(node.op.has_value(), "the loaded libtorch has no operator ", name, overload.empty() ? "" : ".",
                overload);
    const c10::FunctionSchema& schema = node.op->schema();
    // Not by for_each, whose handles are gone after each turn.
    std::map<std::string, Napi::Value> given;
    const Napi::Array pairs = described.Get("arguments").As<Napi::Array>();
    for (uint32_t i = 0; i < pairs.Length(); ++i) {
      const Napi::Array pair = pairs.Get(i).As<Napi::Array>();
      const std::string argument = to_string(env_, pair.Get(0u));
      TORCH_CHECK(schema.argumentIndexWithName(argument).has_value(), name, " has no argument '", argument, "'");
      given[argument] = pair.Get(1u);
    }
    for (const c10::Argument& declared : schema.arguments()) {
      const auto found = given.find(declared.name());
      if (found == given.end()) {
        TORCH_CHECK(declared.default_value().has_value(), name, ": argument '", declared.name(), "' is missing");
        node.arguments.push_back(from_constant(*declared.default_value()));
        continue;
      }
      check_enumerator(found->second, declared, name);
      try {
        node.arguments.push_back(argument(found->second, declared.type(), declared.N().value_or(0)));
      } catch (const ValueMismatch& mismatch) {
        TORCH_CHECK(false, name, ": argument '", declared.name(), "' must be ", mismatch.expected, ", not ",
                    mismatch.found);
      }
    }
    const auto& returns = schema.returns();
    TORCH_CHECK(node.results.size() == returns.size() || node.results.empty(), name, " returns ", returns.size(),
                " values, where the program expects ", node.results.size());
    for (size_t i = 0; i < node.results.size(); ++i) {
      TORCH_CHECK(!node.results[i].list || required(returns[i].type())->kind() == TypeKind::ListType, name,
                  " returns no list, where the program expects one");
    }
  }

  Napi::Env env_;
  const TensorTable& tensors_;
  size_t slots_ = 0;
  int depth_ = 0;
};

using Program = std::shared_ptr<const Graph>;

/// export_compile(description) -> a program
Napi::Value compile(const Napi::CallbackInfo& info, Environment& environment) {
  TORCH_CHECK_TYPE(info[0].IsObject(), "expected the description of a program");
  Program program;
  try {
    program = Builder(info.Env(), environment.tensors).graph(info[0].As<Napi::Object>());
  } catch (const ValueMismatch& mismatch) {
    TORCH_CHECK(false, "a value of the program must be ", mismatch.expected, ", not ", mismatch.found);
  }
  return {info.Env(), own_as_external(info.Env(), std::move(program), kProgramTag)};
}

Program program_at(const Napi::CallbackInfo& info, size_t i) {
  return from_external<Program>(info.Env(), info[i], kProgramTag, "a program");
}

/// The inputs of a run: numbers, where those of tensors are handles, and their kinds.
Graph::Values inputs_of(const Napi::CallbackInfo& info, Environment& environment) {
  TORCH_CHECK_TYPE(info[1].IsTypedArray() && info[2].IsTypedArray(), "expected the inputs and their kinds");
  const auto numbers = info[1].As<Napi::Float64Array>();
  const auto kinds = info[2].As<Napi::Uint8Array>();
  TORCH_CHECK_TYPE(numbers.TypedArrayType() == napi_float64_array && kinds.TypedArrayType() == napi_uint8_array &&
                       numbers.ElementLength() == kinds.ElementLength(),
                   "expected the inputs and their kinds");
  Graph::Values values;
  values.reserve(numbers.ElementLength());
  for (size_t i = 0; i < numbers.ElementLength(); ++i) {
    const double number = numbers[i];
    switch (static_cast<Kind>(kinds[i])) {
      case Kind::kTensor:
        values.emplace_back(environment.tensors.get(static_cast<Handle>(number)));
        break;
      case Kind::kInt:
        values.emplace_back(static_cast<int64_t>(number));
        break;
      case Kind::kFloat:
        values.emplace_back(number);
        break;
      case Kind::kBool:
        values.emplace_back(number != 0);
        break;
      default:
        values.emplace_back();
    }
  }
  return values;
}

napi_value to_results(napi_env env, const Graph::Values& values, Environment& environment) {
  const TensorTable::InFlight in_flight(environment.tensors);
  napi_value results = nullptr;
  napi_create_array_with_length(env, values.size(), &results);
  for (size_t i = 0; i < values.size(); ++i) {
    napi_set_element(env, results, i, to_js(env, values[i], environment.tensors));
  }
  return results;
}

/// export_run(program, inputs, their kinds) -> the outputs: tensors as the table gives them, numbers as they are
Napi::Value run(const Napi::CallbackInfo& info, Environment& environment) {
  const Program program = program_at(info, 0);
  Graph::Values inputs = inputs_of(info, environment);
  make_room_if_short(environment.tensors);
  const Graph::Values outputs = program->run(std::move(inputs));
  return {info.Env(), to_results(info.Env(), outputs, environment)};
}

/// export_prepare(as export_run) -> a call for background_start
Napi::Value prepare(const Napi::CallbackInfo& info, Environment& environment) {
  const Program program = program_at(info, 0);
  const auto inputs = std::make_shared<Graph::Values>(inputs_of(info, environment));
  const auto outputs = std::make_shared<Graph::Values>();
  BackgroundCall background;
  background.run = [program, inputs, outputs] { *outputs = program->run(std::move(*inputs)); };
  background.finish = [outputs, &environment](napi_env env) { return to_results(env, *outputs, environment); };
  return {info.Env(), prepare_background_call(info.Env(), std::move(background))};
}

}  // namespace

void export_program(Exports& exports) {
  exports.add<compile>("export_compile");
  exports.add<run>("export_run");
  exports.add<prepare>("export_prepare");
}

}  // namespace torch_node
