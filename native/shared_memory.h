// What stands behind a tensor's elements: which storage, who owns its memory, copies of it.
#pragma once

#include <ATen/core/Tensor.h>

namespace torch_node {

/// Whether all of the tensor's memory belongs to libtorch, so that any thread may use it for as long as it likes.
/// Memory of a typed array goes with the thread that made the array.
bool owns_its_memory(const at::Tensor& tensor);

/// Bytes of CPU memory behind the tensor.
size_t cpu_bytes_of(const at::Tensor& tensor);

}  // namespace torch_node
