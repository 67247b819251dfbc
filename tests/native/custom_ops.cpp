// A library of operators as others write them, for tests/_ops.test.ts.
#include <torch/library.h>

#include <ATen/ATen.h>

namespace {

at::Tensor scaled(const at::Tensor& x, double scale) { return x * scale; }

std::tuple<at::Tensor, int64_t> counted(const at::Tensor& x) { return {x + 1, x.numel()}; }

}  // namespace

TORCH_LIBRARY(torch_node_test, library) {
  library.def("scaled(Tensor x, float scale=2.0) -> Tensor", scaled);
  library.def("counted(Tensor x) -> (Tensor, int)", counted);
}
