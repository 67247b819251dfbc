// Transfer of tensors between threads. Each environment has its own tensor table, so a tensor is passed by a token: the
// sender adds an alias to a registry of the process, the receiver removes it. The entries of a thread that has ended
// remain, since its messages may not have been received yet; they are orphans then, and can be released as such.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace torch_node {

/// The tensors that an environment has sent.
class Transfers {
 public:
  Transfers() = default;
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  /// Adds a tensor and returns its token, which is unique and not 0.
  uint64_t add(at::Tensor tensor);
};

}  // namespace torch_node
