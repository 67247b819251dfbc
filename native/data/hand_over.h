// Tensors on their way from one thread to another. Each environment has a table of its own, so a tensor goes across by
// a number: the sender leaves an alias in a registry of the process, the receiver takes it out. What a thread has left
// when it ends stays, since its message may be on its way; it is an orphan then, and can be released as such.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace torch_node {

/// An environment's part in the registry.
class HandedOver {
 public:
  HandedOver() = default;
  ~HandedOver();
  HandedOver(const HandedOver&) = delete;
  HandedOver& operator=(const HandedOver&) = delete;

  /// Leaves a tensor; the result is never 0 and never the same.
  uint64_t leave(at::Tensor tensor);
};

}  // namespace torch_node
