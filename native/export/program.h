// Graphs of operators that `torch.export` wrote (lib/export/), ready to run: operators are looked up, constants are in
// the form that the operators take, and each value has a slot, which is emptied by its last use.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include "export/numbers.h"

namespace torch_node {

class Graph;

/// The type to which a value is converted that another node has made, as Python's binding of operators does.
enum class Wanted : uint8_t { kAnything, kTensor, kNumber, kInt, kFloat, kBool };

/// What a node takes.
struct NodeArgument {
  enum class Source : uint8_t { kConstant, kSlot, kList, kGraph };
  Source source = Source::kConstant;
  Wanted wanted = Wanted::kAnything;
  bool last = false;  ///< the last use of the slot
  int32_t slot = -1;
  c10::IValue constant;
  std::vector<NodeArgument> elements;
  c10::TypePtr element_type;  ///< of a list; null for operands of a higher-order operator
  std::shared_ptr<const Graph> graph;
};

/// Where a result goes: a slot, -1 for nowhere, or the slots of the elements of a list.
struct NodeResult {
  int32_t slot = -1;
  bool list = false;
  std::vector<int32_t> elements;
};

/// What a node does.
enum class Action : uint8_t {
  kOperator,
  kNumbers,
  kSize,    ///< of a dimension of an input, for a guard
  kAssert,  ///< throws unless its argument is true
  kCond,
  kWhileLoop,
  kMap,
  kScan,
  kCall,  ///< of a graph
  kWithGradMode,
  kWithAutocast,
};

struct GraphNode {
  Action action = Action::kOperator;
  std::optional<c10::OperatorHandle> op;
  NumberFunction numbers = nullptr;
  std::vector<NodeArgument> arguments;
  std::vector<NodeResult> results;
  std::string text;  ///< what an assertion says, or the name of the operator
};

class Graph {
 public:
  using Values = std::vector<c10::IValue>;

  std::vector<int32_t> inputs;  ///< the slot of each, or -1
  std::vector<GraphNode> nodes;
  std::vector<NodeArgument> outputs;
  size_t slots = 0;

  /// Safe on any thread, and on several at once.
  Values run(Values given) const;
};

}  // namespace torch_node
