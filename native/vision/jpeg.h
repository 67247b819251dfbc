// JPEG files decoded in the calling thread.
#pragma once

#include <cstdint>

#include <ATen/ATen.h>

namespace torch_node::vision {

/// The pixels (H, W, C) of a grey or RGB file. Undefined for other and damaged files, and where the process has not
/// loaded libvips: the caller then decodes it otherwise, which also says what is wrong with it.
at::Tensor decode_jpeg(const uint8_t* bytes, size_t length);

}  // namespace torch_node::vision
