// Images of bytes in another size, as Pillow computes them.
#pragma once

#include <string>

#include <ATen/ATen.h>

namespace torch_node::vision {

/// An image (C, H, W) of bytes in another size. `filter` is a name of Pillow's: nearest, box, bilinear, hamming,
/// bicubic or lanczos. Throws for others, and for sizes that are not positive.
at::Tensor resize_as_pillow(const at::Tensor& image, int64_t height, int64_t width, const std::string& filter);

}  // namespace torch_node::vision
