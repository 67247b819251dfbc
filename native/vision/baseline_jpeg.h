// JPEG files of the usual kind: baseline, one scan, grey or YCbCr. Pixels are those of libjpeg-turbo to the last bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace torch_node::vision {

/// The part of an image that is wanted.
struct Part {
  int64_t top;
  int64_t left;
  int64_t height;
  int64_t width;
};

class BaselineJpeg {
 public:
  /// Reads the headers of a file. Null for one of another kind, and where something is unusual or damaged.
  static std::unique_ptr<BaselineJpeg> open(const uint8_t* bytes, size_t length);
  virtual ~BaselineJpeg() = default;

  virtual int64_t width() const = 0;
  virtual int64_t height() const = 0;
  /// 1 for grey, 3 for colors.
  virtual int64_t channels() const = 0;

  /// Decodes the file and writes a part of the image: by planes (C, H, W), or by pixels (H, W, C). False where the data
  /// are damaged.
  virtual bool decode(const Part& part, bool by_planes, uint8_t* pixels) = 0;
};

}  // namespace torch_node::vision
