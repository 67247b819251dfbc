// What the rest of the addon says to the tracer (torch.jit.trace).
#pragma once

#include <ATen/core/Tensor.h>

namespace torch_node {

/// Warns, in a trace, that JavaScript reads the values of a traced tensor.
void warn_of_values(const at::Tensor& tensor);

/// Warns, in a trace, that a tensor is made of data that JavaScript has.
void warn_of_constructor();

}  // namespace torch_node
