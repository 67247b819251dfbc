// What exported programs do with numbers (sizes, and what `item()` gave): Python's operators on ints, floats and bools.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/ivalue.h>

namespace torch_node {

using NumberFunction = c10::IValue (*)(const std::vector<c10::IValue>& arguments);

struct NumberOperator {
  NumberFunction function = nullptr;
  size_t arguments = 0;
};

/// The operator that programs name so (`_operator.floordiv`, `torch.sym_max`, `math.trunc`); nullptr for no such one.
const NumberOperator* number_operator(const std::string& target);

/// Whether a value counts as true. Throws unless it is a number, or a tensor with one element.
bool is_true(const c10::IValue& value);

}  // namespace torch_node
