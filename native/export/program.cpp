// Running exported programs (see program.h).
#include "export/program.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

namespace torch_node {
namespace {

using c10::IValue;
using Values = Graph::Values;

bool is_number(const IValue& value) { return value.isInt() || value.isDouble() || value.isBool(); }

at::Scalar number_of(const IValue& value) {
  if (value.isTensor()) return value.toTensor().item();
  return value.toScalar();
}

/// A number as a tensor that counts as a number in type promotion.
at::Tensor tensor_of(const IValue& number) {
  at::Tensor tensor = at::scalar_tensor(number.toScalar(), at::device(at::kCPU).dtype(number.isDouble() ? at::kDouble
                                                                                      : number.isBool() ? at::kBool
                                                                                                        : at::kLong));
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

IValue converted(IValue value, Wanted wanted) {
  if (value.isNone()) return value;
  switch (wanted) {
    case Wanted::kAnything:
      return value;
    case Wanted::kTensor:
      if (value.isTensor()) return value;
      if (is_number(value)) return tensor_of(value);
      break;
    case Wanted::kNumber:
      if (is_number(value)) return value;
      if (value.isTensor()) return number_of(value);
      break;
    case Wanted::kInt:
      if (value.isInt()) return value;
      if (value.isBool()) return value.toBool() ? int64_t{1} : int64_t{0};
      if (value.isTensor()) return number_of(value).toLong();
      break;
    case Wanted::kFloat:
      if (value.isDouble()) return value;
      if (is_number(value) || value.isTensor()) return number_of(value).toDouble();
      break;
    case Wanted::kBool:
      if (value.isBool()) return value;
      break;
  }
  TORCH_CHECK_TYPE(false, "a value of the program has the type ", value.tagKind(),
                   ", which its operator does not take");
}

/// One run of a graph.
class Run {
 public:
  Run(const Graph& graph, Values given) : graph_(graph), slots_(graph.slots) {
    TORCH_CHECK(given.size() == graph.inputs.size(), "a graph with ", graph.inputs.size(), " inputs was given ",
                given.size());
    for (size_t i = 0; i < given.size(); ++i) {
      if (graph.inputs[i] >= 0) slots_[graph.inputs[i]] = std::move(given[i]);
    }
  }

  Values operator()() {
    for (const GraphNode& node : graph_.nodes) run(node);
    return all(graph_.outputs);
  }

 private:
  IValue value(const NodeArgument& argument) {
    switch (argument.source) {
      case NodeArgument::Source::kSlot:
        return converted(argument.last ? std::move(slots_[argument.slot]) : slots_[argument.slot], argument.wanted);
      case NodeArgument::Source::kList: {
        c10::impl::GenericList list(argument.element_type);
        list.reserve(argument.elements.size());
        for (const NodeArgument& element : argument.elements) list.push_back(value(element));
        return list;
      }
      case NodeArgument::Source::kConstant:
      case NodeArgument::Source::kGraph:
        break;
    }
    return argument.constant;
  }

  Values all(const std::vector<NodeArgument>& arguments, size_t from = 0) {
    Values values;
    values.reserve(arguments.size() - from);
    for (size_t i = from; i < arguments.size(); ++i) values.push_back(value(arguments[i]));
    return values;
  }

  void keep(const NodeResult& result, IValue value) {
    if (!result.list) {
      if (result.slot >= 0) slots_[result.slot] = std::move(value);
      return;
    }
    if (value.isNone() && result.elements.empty()) return;
    TORCH_CHECK(value.isList(), "an operator of the program returned no list, where the program expects one");
    const auto elements = value.toListRef();
    TORCH_CHECK(elements.size() == result.elements.size(), "an operator of the program returned ", elements.size(),
                " values, where the program expects ", result.elements.size());
    for (size_t i = 0; i < elements.size(); ++i) {
      if (result.elements[i] >= 0) slots_[result.elements[i]] = elements[i];
    }
  }

  void keep(const GraphNode& node, Values values) {
    TORCH_CHECK(values.size() == node.results.size(), node.text, " returned ", values.size(),
                " values, where the program expects ", node.results.size());
    for (size_t i = 0; i < values.size(); ++i) keep(node.results[i], std::move(values[i]));
  }

  void run(const GraphNode& node) {
    switch (node.action) {
      case Action::kOperator:
        stack_.clear();
        for (const NodeArgument& argument : node.arguments) stack_.push_back(value(argument));
        node.op->callBoxed(&stack_);
        for (size_t i = 0; i < node.results.size(); ++i) keep(node.results[i], std::move(stack_[i]));
        stack_.clear();
        return;
      case Action::kNumbers:
        keep(node.results[0], node.numbers(all(node.arguments)));
        return;
      case Action::kSize: {
        const IValue tensor = value(node.arguments[0]);
        TORCH_CHECK(tensor.isTensor(), node.text);
        const int64_t dim = node.arguments[1].constant.toInt();
        TORCH_CHECK_INDEX(dim < tensor.toTensor().dim(), "tuple index out of range");
        keep(node.results[0], tensor.toTensor().size(dim));
        return;
      }
      case Action::kAssert:
        TORCH_CHECK(is_true(value(node.arguments[0])), node.text);
        return;
      case Action::kCond: {
        const bool chosen = is_true(value(node.arguments[0]));
        const Graph& branch = *node.arguments[chosen ? 1 : 2].graph;
        keep(node, branch.run(operands(node.arguments[3])));
        return;
      }
      case Action::kWhileLoop:
        keep(node, while_loop(node));
        return;
      case Action::kMap:
        keep(node, map(node));
        return;
      case Action::kScan:
        keep(node, scan(node));
        return;
      case Action::kCall:
        keep(node, node.arguments[0].graph->run(all(node.arguments, 1)));
        return;
      case Action::kWithGradMode: {
        const c10::AutoGradMode mode(is_true(value(node.arguments[0])));
        keep(node, node.arguments[1].graph->run(all(node.arguments, 2)));
        return;
      }
      case Action::kWithAutocast:
        with_autocast(node);
        return;
    }
  }

  Values operands(const NodeArgument& list) { return all(list.elements); }

  static Values joined(const Values& first, const Values& second) {
    Values both(first);
    both.insert(both.end(), second.begin(), second.end());
    return both;
  }

  Values while_loop(const GraphNode& node) {
    const Graph& condition = *node.arguments[0].graph;
    const Graph& body = *node.arguments[1].graph;
    Values carried = operands(node.arguments[2]);
    const Values additional = operands(node.arguments[3]);
    const auto goes_on = [&] {
      const Values answer = condition.run(joined(carried, additional));
      TORCH_CHECK(answer.size() == 1, "cond_fn must return a boolean scalar tensor or a boolean");
      return is_true(answer[0]);
    };
    if (!goes_on()) {
      for (IValue& value : carried) {
        if (value.isTensor()) value = value.toTensor().clone();
      }
      return carried;
    }
    do {
      Values next = body.run(joined(carried, additional));
      TORCH_CHECK(next.size() == carried.size(), "body_fn should return the same number of elements as carried_inputs");
      carried = std::move(next);
    } while (goes_on());
    return carried;
  }

  /// The elements of tensors along their first dimension.
  static std::vector<std::vector<at::Tensor>> unstacked(const Values& stacked, const char* name) {
    std::vector<std::vector<at::Tensor>> columns;
    for (const IValue& value : stacked) {
      TORCH_CHECK(value.isTensor() && value.toTensor().dim() > 0, name, ": a tensor with dimensions is needed");
      columns.push_back(value.toTensor().unbind(0));
      TORCH_CHECK(columns.back().size() == columns.front().size(), name,
                  ": the first dimensions of the tensors must be equal");
    }
    TORCH_CHECK(!columns.empty() && !columns[0].empty(), name, ": there is nothing to go through");
    return columns;
  }

  static void append_row(Values& row, const std::vector<std::vector<at::Tensor>>& columns, size_t i) {
    for (const auto& column : columns) row.emplace_back(column[i]);
  }

  /// Collects the values of each step, to be stacked.
  class Rows {
   public:
    void add(Values::iterator begin, Values::iterator end) {
      if (columns_.empty()) columns_.resize(end - begin);
      TORCH_CHECK(columns_.size() == static_cast<size_t>(end - begin), "the steps return different numbers of values");
      for (size_t i = 0; begin != end; ++begin, ++i) columns_[i].push_back(std::move(*begin));
    }
    void stack_into(Values& values) const {
      for (const Values& column : columns_) {
        if (!column[0].isTensor()) {
          values.push_back(column[0]);
          continue;
        }
        std::vector<at::Tensor> tensors;
        for (const IValue& value : column) tensors.push_back(value.toTensor());
        values.emplace_back(at::stack(tensors));
      }
    }

   private:
    std::vector<Values> columns_;
  };

  Values map(const GraphNode& node) {
    const Graph& step = *node.arguments[0].graph;
    const auto columns = unstacked(operands(node.arguments[1]), "map");
    Values others = operands(node.arguments[2]);
    // What all steps share gets the sum of their gradients at once, as in Python, whose last bit depends on that.
    std::vector<std::pair<size_t, std::vector<at::Tensor>>> shared;
    for (size_t i = 0; i < others.size() && c10::GradMode::is_enabled(); ++i) {
      if (!others[i].isTensor() || !others[i].toTensor().requires_grad()) continue;
      const at::Tensor& tensor = others[i].toTensor();
      std::vector<int64_t> sizes = tensor.sizes().vec();
      sizes.insert(sizes.begin(), static_cast<int64_t>(columns[0].size()));
      shared.emplace_back(i, tensor.unsqueeze(0).expand(sizes).unbind(0));
    }
    Rows rows;
    for (size_t i = 0; i < columns[0].size(); ++i) {
      for (auto& [at, of_steps] : shared) others[at] = std::move(of_steps[i]);
      Values row;
      append_row(row, columns, i);
      Values made = step.run(joined(row, others));
      rows.add(made.begin(), made.end());
    }
    Values results;
    rows.stack_into(results);
    return results;
  }

  Values scan(const GraphNode& node) {
    const Graph& step = *node.arguments[0].graph;
    Values carry = operands(node.arguments[1]);
    const auto columns = unstacked(operands(node.arguments[2]), "scan");
    const Values additional = operands(node.arguments[3]);
    Rows rows;
    for (size_t i = 0; i < columns[0].size(); ++i) {
      Values row = carry;
      append_row(row, columns, i);
      Values made = step.run(joined(row, additional));
      TORCH_CHECK(made.size() >= carry.size(), "scan: a step returns fewer values than it carries");
      const auto outputs = made.begin() + static_cast<ptrdiff_t>(carry.size());
      rows.add(outputs, made.end());
      made.erase(outputs, made.end());
      carry = std::move(made);
    }
    rows.stack_into(carry);
    return carry;
  }

  /// The state of autocast as a region of a program sets it.
  class Autocast {
   public:
    Autocast(c10::DeviceType device, at::ScalarType dtype, bool enabled, bool cache)
        : device_(device),
          enabled_(at::autocast::is_autocast_enabled(device)),
          dtype_(at::autocast::get_autocast_dtype(device)),
          cache_(at::autocast::is_autocast_cache_enabled()) {
      at::autocast::set_autocast_enabled(device, enabled);
      at::autocast::set_autocast_dtype(device, dtype);
      at::autocast::increment_nesting();
      at::autocast::set_autocast_cache_enabled(cache);
    }
    ~Autocast() {
      if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
      at::autocast::set_autocast_enabled(device_, enabled_);
      at::autocast::set_autocast_dtype(device_, dtype_);
      at::autocast::set_autocast_cache_enabled(cache_);
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

   private:
    c10::DeviceType device_;
    bool enabled_;
    at::ScalarType dtype_;
    bool cache_;
  };

  /// Arguments: type of device, dtype or None, whether it is on, whether its cache is or None, the graph, its inputs.
  void with_autocast(const GraphNode& node) {
    const IValue device_text = value(node.arguments[0]);
    TORCH_CHECK(device_text.isString(), "autocast: a type of device is needed");
    const c10::DeviceType device = c10::Device(device_text.toStringRef()).type();
    const IValue dtype = value(node.arguments[1]);
    const IValue enabled = value(node.arguments[2]);
    const IValue cache = value(node.arguments[3]);
    const Autocast region(
        device, dtype.isInt() ? static_cast<at::ScalarType>(dtype.toInt()) : at::autocast::get_autocast_dtype(device),
        is_true(enabled), cache.isNone() ? at::autocast::is_autocast_cache_enabled() : is_true(cache));
    keep(node, node.arguments[4].graph->run(all(node.arguments, 5)));
  }

  const Graph& graph_;
  Values slots_;
  torch::jit::Stack stack_;
};

}  // namespace

Graph::Values Graph::run(Values given) const { return Run(*this, std::move(given))(); }

}  // namespace torch_node
