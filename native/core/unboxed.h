// Calls of operators with one of the common signatures without boxing their arguments, straight from the argument
// memory.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <c10/util/SmallVector.h>

#include "memory/tensor_table.h"

namespace torch_node {

struct Plan;

/// The arguments of a call in the argument memory.
struct Slots {
  const double* first;
  const uint16_t* starts;  ///< where each argument begins, or null when each takes one number
  const std::deque<std::string>& texts;

  const double* of(int32_t source) const { return first + (starts == nullptr ? source : starts[source]); }
};

class UnboxedCall {
 public:
  using Several = c10::SmallVector<at::Tensor, 4>;

  virtual ~UnboxedCall() = default;
  /// Of an operator that gives one tensor.
  virtual at::Tensor one(const Plan& plan, const Slots& slots, const TensorTable& tensors) const = 0;
  /// Of an operator that gives a tuple or a list of tensors.
  virtual Several several(const Plan& plan, const Slots& slots, const TensorTable& tensors) const = 0;
};

/// Null when the operator has another signature, or an argument comes as something else.
std::unique_ptr<UnboxedCall> unboxed_call(const Plan& plan);

}  // namespace torch_node
