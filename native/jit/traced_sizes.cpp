// Sizes in traces: JavaScript's numbers have no place in libtorch's tracer, so what was computed of sizes is a constant
// of the graph. lib/jit/traced_sizes.ts finds which arguments of which calls these are; here they become sizes of
// traced tensors.
#include "jit/traced_sizes.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ATen/record_function.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/ir/ir.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

namespace tracer = torch::jit::tracer;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// A size: of which of the sources, and which dimension.
struct Size {
  size_t source = 0;
  int64_t dim = 0;
};

/// `floor((constant + sum of factor * product of sizes) / divisor)`, in place of an argument, or of an element of a
/// list.
struct Use {
  size_t argument = 0;
  int64_t element = -1;  ///< -1 where the argument is no list
  int64_t constant = 0;
  int64_t divisor = 1;
  std::vector<std::pair<int64_t, std::vector<Size>>> terms;
};

struct Kept {
  size_t output = 0;
  size_t source = 0;
};

struct Following {
  std::vector<std::string> names;   ///< of the calls that are expected
  std::vector<at::Tensor> sources;  ///< undefined until the call that makes them
  std::unordered_map<size_t, std::vector<Use>> uses;
  std::unordered_map<size_t, std::vector<Kept>> kept;
  size_t next = 0;
  size_t missed = 0;
  bool differs = false;
  int depth = 0;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
};

std::unique_ptr<Following>& following_here() {
  thread_local std::unique_ptr<Following> following;
  return following;
}

struct InCall final : at::ObserverContext {
  bool outermost = false;
  size_t index = 0;
  Node* mark = nullptr;         ///< the last node before those of the call
  std::vector<Value*> numbers;  ///< for each use; null where the size is not to be had
};

/// Adds the nodes that compute a number; null where a source is not traced.
Value* number_of(Graph& graph, Following& following, const Use& use) {
  const auto& state = tracer::getTracingState();
  Value* sum = nullptr;
  for (const auto& [factor, sizes] : use.terms) {
    Value* term = nullptr;
    for (const Size& size : sizes) {
      const at::Tensor& source = following.sources.at(size.source);
      if (!source.defined() || !state->hasValue(source) || size.dim >= source.dim()) return nullptr;
      Value* number = graph.insert(c10::aten::size, {tracer::getValueTrace(source), size.dim});
      term = term == nullptr ? number : graph.insert(c10::aten::mul, {term, number});
    }
    if (term == nullptr) return nullptr;
    if (factor != 1) term = graph.insert(c10::aten::mul, {term, factor});
    sum = sum == nullptr ? term : graph.insert(c10::aten::add, {sum, term});
  }
  if (sum != nullptr && use.constant != 0) sum = graph.insert(c10::aten::add, {sum, use.constant});
  if (sum != nullptr && use.divisor != 1) sum = graph.insert(c10::aten::floordiv, {sum, use.divisor});
  return sum;
}

std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction& fn) {
  Following* following = following_here().get();
  const auto name = fn.operator_name();
  if (following == nullptr) return nullptr;
  auto context = std::make_unique<InCall>();
  const auto& state = tracer::getTracingState();
  if (following->depth == 0 && name && state) {
    context->outermost = true;
    context->index = following->next++;
    const bool expected =
        context->index < following->names.size() && following->names[context->index] == c10::toString(*name);
    if (!expected) following->differs = true;
    const auto uses = following->uses.find(context->index);
    if (!following->differs && uses != following->uses.end()) {
      for (const Use& use : uses->second) context->numbers.push_back(number_of(*state->graph, *following, use));
      context->mark = state->graph->insertPoint()->prev();
    }
  }
  ++following->depth;
  return context;
}

/// Puts a number where the constant is; false where it is not found.
bool replace(Graph& graph, Node* node, const Use& use, Value* number) {
  if (number == nullptr || use.argument >= node->inputs().size()) return false;
  Node* user = node;
  size_t at = use.argument;
  if (use.element >= 0) {
    user = node->input(use.argument)->node();
    at = static_cast<size_t>(use.element);
    if (user->kind() != c10::prim::ListConstruct || at >= user->inputs().size()) return false;
  }
  const c10::TypeKind kind = user->input(at)->type()->kind();
  if (kind == c10::TypeKind::TensorType) {
    torch::jit::WithInsertPoint before(node);
    user->replaceInput(at, graph.insertNode(graph.createNumToTensor(number))->output());
    return true;
  }
  if (kind != c10::TypeKind::IntType) return false;
  user->replaceInput(at, number);
  return true;
}

/// The node of an operator among the last ones; in place or not.
Node* node_of(Graph& graph, Node* mark, const std::string& operator_name) {
  std::string name = operator_name.substr(0, operator_name.find('.'));
  const auto in_place = c10::Symbol::fromQualString(name);
  if (!name.empty() && name.back() == '_') name.pop_back();
  const auto kind = c10::Symbol::fromQualString(name);
  for (Node* node = graph.insertPoint()->prev(); node != mark; node = node->prev()) {
    if (node->kind() == in_place || node->kind() == kind) return node;
  }
  return nullptr;
}

template <typename F>
void for_each_tensor(const c10::IValue& value, const F& visit) {
  if (value.isTensor()) {
    visit(value.toTensor());
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) for_each_tensor(element, visit);
  }
}

void end_call(const at::RecordFunction& fn, at::ObserverContext* context) {
  Following* following = following_here().get();
  const auto* call = static_cast<InCall*>(context);
  if (following == nullptr || call == nullptr) return;
  if (following->depth > 0) --following->depth;
  const auto& state = tracer::getTracingState();
  if (!call->outermost || following->differs || !state) return;
  const auto uses = following->uses.find(call->index);
  if (uses != following->uses.end() && call->mark != nullptr) {
    Node* node = node_of(*state->graph, call->mark, following->names[call->index]);
    for (size_t i = 0; i < uses->second.size(); ++i) {
      if (node == nullptr || !replace(*state->graph, node, uses->second[i], call->numbers[i])) ++following->missed;
    }
  }
  const auto kept = following->kept.find(call->index);
  if (kept == following->kept.end()) return;
  size_t at = 0;
  for (const c10::IValue& output : fn.outputs()) {
    for_each_tensor(output, [&](const at::Tensor& tensor) {
      for (const Kept& its : kept->second) {
        if (its.output == at) following->sources.at(its.source) = tensor;
      }
      ++at;
    });
  }
}

int64_t integer_at(const Napi::Array& array, uint32_t i) { return array.Get(i).ToNumber().Int64Value(); }

Use use_of(const Napi::Array& given) {
  Use use;
  use.argument = static_cast<size_t>(integer_at(given, 1));
  use.element = integer_at(given, 2);
  use.constant = integer_at(given, 3);
  use.divisor = integer_at(given, 4);
  const Napi::Array terms = given.Get(5u).As<Napi::Array>();
  for (uint32_t i = 0; i < terms.Length(); ++i) {
    const Napi::Array term = terms.Get(i).As<Napi::Array>();
    const Napi::Array sizes = term.Get(1u).As<Napi::Array>();
    std::vector<Size> factors;
    for (uint32_t j = 0; j < sizes.Length(); ++j) {
      const Napi::Array size = sizes.Get(j).As<Napi::Array>();
      factors.push_back({static_cast<size_t>(integer_at(size, 0)), integer_at(size, 1)});
    }
    use.terms.emplace_back(integer_at(term, 0), std::move(factors));
  }
  return use;
}

/// trace_sizes_begin(inputs, names of the calls, kept: [call, output][], uses: [call, argument, element or -1,
/// constant, divisor, terms: [factor, [source, dim][]][]][]): sources are the inputs, and behind them what is kept.
Napi::Value trace_sizes_begin(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  TORCH_CHECK(!following_here(), "trace(): another trace is under way in this thread");
  auto following = std::make_unique<Following>();
  following->sources = to_variables(env, info[0], environment.tensors);
  const Napi::Array names = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < names.Length(); ++i) following->names.push_back(to_string(env, names.Get(i)));
  const Napi::Array kept = info[2].As<Napi::Array>();
  for (uint32_t i = 0; i < kept.Length(); ++i) {
    const Napi::Array its = kept.Get(i).As<Napi::Array>();
    following->kept[static_cast<size_t>(integer_at(its, 0))].push_back(
        {static_cast<size_t>(integer_at(its, 1)), following->sources.size()});
    following->sources.emplace_back();
  }
  const Napi::Array uses = info[3].As<Napi::Array>();
  for (uint32_t i = 0; i < uses.Length(); ++i) {
    const Napi::Array its = uses.Get(i).As<Napi::Array>();
    following->uses[static_cast<size_t>(integer_at(its, 0))].push_back(use_of(its));
  }
  following->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                                       .needsInputs(false)
                                                       .needsOutputs(true)
                                                       .scopes({at::RecordScope::FUNCTION}));
  following_here() = std::move(following);
  return env.Undefined();
}

/// trace_sizes_end() -> whether all calls were the expected ones, and all sizes are followed
Napi::Value trace_sizes_end(const Napi::CallbackInfo& info, Environment&) {
  const std::unique_ptr<Following> following = std::move(following_here());
  if (!following) return Napi::Boolean::New(info.Env(), false);
  at::removeCallback(following->callback);
  const bool complete = !following->differs && following->missed == 0 && following->next == following->names.size();
  return Napi::Boolean::New(info.Env(), complete);
}

}  // namespace

void export_traced_sizes(Exports& exports) {
  exports.add<trace_sizes_begin>("trace_sizes_begin");
  exports.add<trace_sizes_end>("trace_sizes_end");
}

}  // namespace torch_node
