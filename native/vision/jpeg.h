// JPEG files decoded in the calling thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <ATen/ATen.h>

#include "vision/baseline_jpeg.h"

namespace torch_node::vision {

/// Height and width of a file that is decoded here by itself; nothing for others.
std::optional<std::array<int64_t, 2>> jpeg_size(const uint8_t* bytes, size_t length);

/// The pixels (C, H, W) of a grey or RGB file, or of a part of it: contiguous, or with the channels last in memory.
/// Undefined for other and damaged files, and for unusual ones where the process has not loaded libvips: the caller
/// then decodes it otherwise, which also says what is wrong with it. Throws for a part that is not within the image.
at::Tensor decode_jpeg(const uint8_t* bytes, size_t length, bool by_planes, const std::optional<Part>& part);

}  // namespace torch_node::vision
