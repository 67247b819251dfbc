// Pooling of regions of interest on the CPU, with gradients: the average of interpolated samples (roi_align), the
// largest element (roi_pool), and their forms in which each bin has channels of its own (ps_*).
#include <cmath>

#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>

#include "vision/kernels.h"

namespace torch_node::vision {
namespace {

using at::opmath_type;

/// The part of an image that a region covers, before it is divided into bins.
template <typename T>
struct Span {
  T start;
  T bin;
  int64_t samples;

  /// The coordinate of a sample of a bin.
  T at(int64_t index, int64_t sample) const {
    return start + static_cast<T>(index) * bin + (static_cast<T>(sample) + T(0.5)) * bin / static_cast<T>(samples);
  }
};

/// Where roi_align and ps_roi_align take samples, in one direction.
template <typename T>
Span<T> sampled_span(T from, T to, int64_t bins, const Pooling& pooling, bool shifted, bool at_least_one) {
  const T scale = static_cast<T>(pooling.spatial_scale);
  const T shift = shifted ? T(0.5) : T(0);
  const T start = from * scale - shift;
  T length = to * scale - shift - start;
  if (at_least_one) length = std::max(length, T(1));
  const T per_bin = std::ceil(length / static_cast<T>(bins));
  int64_t samples = pooling.sampling_ratio;
  // What is not a number, or beyond all images, has no samples.
  if (samples <= 0) samples = per_bin > T(0) && per_bin < T(1 << 30) ? static_cast<int64_t>(per_bin) : 0;
  return {start, length / static_cast<T>(bins), samples};
}

/// The two pixels that a coordinate lies between, with their weights. Outside of the image there are none.
template <typename T>
struct Between {
  int64_t low = 0, high = 0;
  T low_weight = 0, high_weight = 0;
  bool inside = false;

  Between(T at, int64_t size) {
    if (!(at >= T(-1) && at <= static_cast<T>(size)) || size == 0) return;
    inside = true;
    at = std::max(at, T(0));
    low = static_cast<int64_t>(at);
    if (low >= size - 1) {
      low = high = size - 1;
      at = static_cast<T>(low);
    } else {
      high = low + 1;
    }
    high_weight = at - static_cast<T>(low);
    low_weight = T(1) - high_weight;
  }
};

/// Calls `visit` with the four pixels around each sample of a bin and their weights.
template <typename T, typename Visit>
void for_samples(const Span<T>& rows, const Span<T>& columns, int64_t row, int64_t column, int64_t height,
                 int64_t width, Visit visit) {
  for (int64_t iy = 0; iy < rows.samples; ++iy) {
    const Between<T> y(rows.at(row, iy), height);
    if (!y.inside) continue;
    for (int64_t ix = 0; ix < columns.samples; ++ix) {
      const Between<T> x(columns.at(column, ix), width);
      if (!x.inside) continue;
      visit(y, x);
    }
  }
}

/// A range of pixels, `[from, to)`.
struct Range {
  int64_t from, to;
};

/// The pixels of a bin of a region whose first and last pixel are given, as far as they are in the image.
template <typename T>
Range pixels_of_bin(int64_t first, int64_t length, int64_t index, int64_t bins, int64_t most) {
  const T bin = static_cast<T>(length) / static_cast<T>(bins);
  const auto from = static_cast<int64_t>(std::floor(static_cast<T>(index) * bin));
  const auto to = static_cast<int64_t>(std::ceil(static_cast<T>(index + 1) * bin));
  return {std::clamp<int64_t>(from + first, 0, most), std::clamp<int64_t>(to + first, 0, most)};
}

/// A coordinate of a region as a pixel; far outside it stays there.
template <typename T>
int64_t pixel(T at, double scale) {
  const T scaled = std::round(at * static_cast<T>(scale));
  if (std::isnan(scaled)) return 0;
  return static_cast<int64_t>(std::clamp<T>(scaled, T(-(1 << 30)), T(1 << 30)));
}

/// The gradient of a position-sensitive pooling needs the channel of each bin.
at::Tensor channel_mapping(int64_t regions, int64_t channels, const Pooling& pooling, const at::Tensor& like) {
  const int64_t bins = pooling.height * pooling.width;
  return at::arange(channels * bins, like.options().dtype(at::kInt))
      .view({1, channels, pooling.height, pooling.width})
      .repeat({regions, 1, 1, 1});
}

/// The image that each region is of.
std::vector<int64_t> images_of(const at::Tensor& rois) {
  const at::Tensor column = rois.select(1, 0).to(at::kLong).contiguous();
  const int64_t* data = column.const_data_ptr<int64_t>();
  return {data, data + column.numel()};
}

/// Throws unless a gradient is of the shape that the regions were pooled to.
void check_gradient(const at::Tensor& grad, const at::Tensor& rois, int64_t channels, const Pooling& pooling) {
  const std::array<int64_t, 4> shape{rois.size(0), channels, pooling.height, pooling.width};
  TORCH_CHECK(grad.sizes() == at::IntArrayRef(shape), "the gradient must have the shape ", at::IntArrayRef(shape),
              ", got ", grad.sizes());
}

}  // namespace

void check_regions(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling) {
  TORCH_CHECK(input.dim() == 4, "input must have shape as Tensor[N, C, H, W], got ", input.dim(), " dimensions");
  TORCH_CHECK(rois.dim() == 2 && rois.size(1) == 5, "rois must have shape as Tensor[K, 5]");
  TORCH_CHECK(input.scalar_type() == rois.scalar_type(), "input should have the same type as rois");
  TORCH_CHECK(input.device() == rois.device(), "input and rois must be on the same device, got ", input.device(),
              " and ", rois.device());
  TORCH_CHECK(pooling.height >= 0 && pooling.width >= 0, "the output size must not be negative, got ", pooling.height,
              " x ", pooling.width);
  if (!rois.is_cpu() || rois.size(0) == 0) return;
  const at::Tensor images = rois.select(1, 0);
  TORCH_CHECK(images.ge(0).logical_and_(images.lt(input.size(0))).all().item<bool>(),
              "the first column of rois must have indices of images, from 0 to ", input.size(0) - 1);
}

void check_position_sensitive(int64_t channels, const Pooling& pooling) {
  const int64_t bins = pooling.height * pooling.width;
  TORCH_CHECK(bins > 0 && channels % bins == 0, "input channels must be a multiple of pooling height * pooling width");
}

// ---- roi_align ----------------------------------------------------------------------------------

at::Tensor roi_align(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  const int64_t regions = rois.size(0);
  at::Tensor output = at::zeros({regions, channels, pooling.height, pooling.width}, input.options());
  if (output.numel() == 0) return output;
  const at::Tensor images = input.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(input.scalar_type(), "roi_align_forward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* pixels = images.const_data_ptr<scalar_t>();
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    scalar_t* out = output.data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    std::vector<std::array<int64_t, 4>> places;
    std::vector<std::array<T, 4>> weights;
    for (int64_t k = 0; k < regions; ++k, roi += 5) {
      const auto rows = sampled_span<T>(roi[2], roi[4], pooling.height, pooling, pooling.aligned, !pooling.aligned);
      const auto columns = sampled_span<T>(roi[1], roi[3], pooling.width, pooling, pooling.aligned, !pooling.aligned);
      const T count = static_cast<T>(std::max<int64_t>(rows.samples * columns.samples, 1));
      const scalar_t* first = pixels + image[static_cast<size_t>(k)] * channels * height * width;
      for (int64_t ph = 0; ph < pooling.height; ++ph) {
        for (int64_t pw = 0; pw < pooling.width; ++pw) {
          places.clear();
          weights.clear();
          for_samples<T>(rows, columns, ph, pw, height, width, [&](const Between<T>& y, const Between<T>& x) {
            places.push_back(
                {y.low * width + x.low, y.low * width + x.high, y.high * width + x.low, y.high * width + x.high});
            weights.push_back({y.low_weight * x.low_weight, y.low_weight * x.high_weight, y.high_weight * x.low_weight,
                               y.high_weight * x.high_weight});
          });
          for (int64_t c = 0; c < channels; ++c) {
            const scalar_t* plane = first + c * height * width;
            T sum = 0;
            for (size_t s = 0; s < places.size(); ++s) {
              const auto& at = places[s];
              const auto& weight = weights[s];
              sum += weight[0] * static_cast<T>(plane[at[0]]) + weight[1] * static_cast<T>(plane[at[1]]) +
                     weight[2] * static_cast<T>(plane[at[2]]) + weight[3] * static_cast<T>(plane[at[3]]);
            }
            out[((k * channels + c) * pooling.height + ph) * pooling.width + pw] = static_cast<scalar_t>(sum / count);
          }
        }
      }
    }
  });
  return output;
}

at::Tensor roi_align_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                              const Sizes& sizes) {
  const int64_t channels = sizes[1], height = sizes[2], width = sizes[3];
  at::Tensor result = at::zeros(sizes, grad.options());
  if (grad.numel() == 0) return result;
  check_regions(result, rois, pooling);
  check_gradient(grad, rois, channels, pooling);
  const at::Tensor grads = grad.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(grad.scalar_type(), "roi_align_backward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* given = grads.const_data_ptr<scalar_t>();
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    scalar_t* to = result.data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const auto rows = sampled_span<T>(roi[2], roi[4], pooling.height, pooling, pooling.aligned, !pooling.aligned);
      const auto columns = sampled_span<T>(roi[1], roi[3], pooling.width, pooling, pooling.aligned, !pooling.aligned);
      const T count = static_cast<T>(std::max<int64_t>(rows.samples * columns.samples, 1));
      for (int64_t c = 0; c < channels; ++c) {
        scalar_t* plane = to + (image[static_cast<size_t>(k)] * channels + c) * height * width;
        for (int64_t ph = 0; ph < pooling.height; ++ph) {
          for (int64_t pw = 0; pw < pooling.width; ++pw, ++given) {
            const T share = static_cast<T>(*given) / count;
            for_samples<T>(rows, columns, ph, pw, height, width, [&](const Between<T>& y, const Between<T>& x) {
              plane[y.low * width + x.low] += static_cast<scalar_t>(share * y.low_weight * x.low_weight);
              plane[y.low * width + x.high] += static_cast<scalar_t>(share * y.low_weight * x.high_weight);
              plane[y.high * width + x.low] += static_cast<scalar_t>(share * y.high_weight * x.low_weight);
              plane[y.high * width + x.high] += static_cast<scalar_t>(share * y.high_weight * x.high_weight);
            });
          }
        }
      }
    }
  });
  return result;
}

// ---- roi_pool -----------------------------------------------------------------------------------

std::tuple<at::Tensor, at::Tensor> roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  const std::array<int64_t, 4> shape{rois.size(0), channels, pooling.height, pooling.width};
  at::Tensor output = at::zeros(shape, input.options());
  at::Tensor argmax = at::zeros(shape, input.options().dtype(at::kInt));
  if (output.numel() == 0) return {output, argmax};
  const at::Tensor images = input.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(input.scalar_type(), "roi_pool_forward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    scalar_t* out = output.data_ptr<scalar_t>();
    int32_t* where = argmax.data_ptr<int32_t>();
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const int64_t left = pixel<T>(roi[1], pooling.spatial_scale);
      const int64_t top = pixel<T>(roi[2], pooling.spatial_scale);
      const int64_t across = std::max<int64_t>(pixel<T>(roi[3], pooling.spatial_scale) - left + 1, 1);
      const int64_t down = std::max<int64_t>(pixel<T>(roi[4], pooling.spatial_scale) - top + 1, 1);
      for (int64_t c = 0; c < channels; ++c) {
        const scalar_t* plane =
            images.const_data_ptr<scalar_t>() + (image[static_cast<size_t>(k)] * channels + c) * height * width;
        for (int64_t ph = 0; ph < pooling.height; ++ph) {
          const Range rows = pixels_of_bin<T>(top, down, ph, pooling.height, height);
          for (int64_t pw = 0; pw < pooling.width; ++pw, ++out, ++where) {
            const Range columns = pixels_of_bin<T>(left, across, pw, pooling.width, width);
            const bool is_empty = rows.to <= rows.from || columns.to <= columns.from;
            T largest = is_empty ? T(0) : -std::numeric_limits<T>::infinity();
            int64_t at = -1;
            for (int64_t y = rows.from; y < rows.to; ++y) {
              for (int64_t x = columns.from; x < columns.to; ++x) {
                const T value = static_cast<T>(plane[y * width + x]);
                if (!(value > largest)) continue;
                largest = value;
                at = y * width + x;
              }
            }
            *out = static_cast<scalar_t>(largest);
            *where = static_cast<int32_t>(at);
          }
        }
      }
    }
  });
  return {output, argmax};
}

at::Tensor roi_pool_backward(const at::Tensor& grad, const at::Tensor& rois, const at::Tensor& argmax,
                             const Sizes& sizes) {
  const int64_t channels = sizes[1], height = sizes[2], width = sizes[3];
  at::Tensor result = at::zeros(sizes, grad.options());
  if (grad.numel() == 0) return result;
  TORCH_CHECK(argmax.sizes() == grad.sizes() && argmax.scalar_type() == at::kInt,
              "argmax must be an int32 tensor of the shape of the gradient");
  // Where no element was chosen, the gradient of 0 goes to the first one.
  const at::Tensor chosen = argmax.ge(0);
  const at::Tensor places = argmax.clamp_min(0).to(at::kLong).flatten(2);
  const at::Tensor parts = grad.mul(chosen).flatten(2);
  const at::Tensor images = rois.select(1, 0).to(at::kLong);
  const at::Tensor planes = at::zeros({rois.size(0), channels, height * width}, grad.options());
  planes.scatter_add_(2, places, parts);
  return result.index_add_(0, images, planes.view({rois.size(0), channels, height, width}));
}

// ---- ps_roi_align -------------------------------------------------------------------------------

std::tuple<at::Tensor, at::Tensor> ps_roi_align(const at::Tensor& input, const at::Tensor& rois,
                                                const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  check_position_sensitive(channels, pooling);
  const int64_t bins = pooling.height * pooling.width;
  const int64_t outputs = channels / bins;
  at::Tensor output = at::zeros({rois.size(0), outputs, pooling.height, pooling.width}, input.options());
  at::Tensor mapping = channel_mapping(rois.size(0), outputs, pooling, input);
  if (output.numel() == 0) return {output, mapping};
  const at::Tensor images = input.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(input.scalar_type(), "ps_roi_align_forward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    scalar_t* out = output.data_ptr<scalar_t>();
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const auto rows = sampled_span<T>(roi[2], roi[4], pooling.height, pooling, true, false);
      const auto columns = sampled_span<T>(roi[1], roi[3], pooling.width, pooling, true, false);
      const T count = static_cast<T>(rows.samples * columns.samples);
      const scalar_t* plane =
          images.const_data_ptr<scalar_t>() + image[static_cast<size_t>(k)] * channels * height * width;
      for (int64_t c = 0; c < outputs; ++c) {
        for (int64_t ph = 0; ph < pooling.height; ++ph) {
          for (int64_t pw = 0; pw < pooling.width; ++pw, ++out, plane += height * width) {
            T sum = 0;
            for_samples<T>(rows, columns, ph, pw, height, width, [&](const Between<T>& y, const Between<T>& x) {
              sum += y.low_weight * x.low_weight * static_cast<T>(plane[y.low * width + x.low]) +
                     y.low_weight * x.high_weight * static_cast<T>(plane[y.low * width + x.high]) +
                     y.high_weight * x.low_weight * static_cast<T>(plane[y.high * width + x.low]) +
                     y.high_weight * x.high_weight * static_cast<T>(plane[y.high * width + x.high]);
            });
            *out = static_cast<scalar_t>(sum / count);
          }
        }
      }
    }
  });
  return {output, mapping};
}

at::Tensor ps_roi_align_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                                 const Sizes& sizes) {
  const int64_t channels = sizes[1], height = sizes[2], width = sizes[3];
  at::Tensor result = at::zeros(sizes, grad.options());
  if (grad.numel() == 0) return result;
  check_regions(result, rois, pooling);
  check_position_sensitive(channels, pooling);
  check_gradient(grad, rois, channels / (pooling.height * pooling.width), pooling);
  const at::Tensor grads = grad.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(grad.scalar_type(), "ps_roi_align_backward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* given = grads.const_data_ptr<scalar_t>();
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const auto rows = sampled_span<T>(roi[2], roi[4], pooling.height, pooling, true, false);
      const auto columns = sampled_span<T>(roi[1], roi[3], pooling.width, pooling, true, false);
      const T count = static_cast<T>(rows.samples * columns.samples);
      scalar_t* plane = result.data_ptr<scalar_t>() + image[static_cast<size_t>(k)] * channels * height * width;
      for (int64_t c = 0; c < channels; ++c, ++given, plane += height * width) {
        const int64_t ph = c / pooling.width % pooling.height;
        const int64_t pw = c % pooling.width;
        const T share = static_cast<T>(*given) / count;
        for_samples<T>(rows, columns, ph, pw, height, width, [&](const Between<T>& y, const Between<T>& x) {
          plane[y.low * width + x.low] += static_cast<scalar_t>(share * y.low_weight * x.low_weight);
          plane[y.low * width + x.high] += static_cast<scalar_t>(share * y.low_weight * x.high_weight);
          plane[y.high * width + x.low] += static_cast<scalar_t>(share * y.high_weight * x.low_weight);
          plane[y.high * width + x.high] += static_cast<scalar_t>(share * y.high_weight * x.high_weight);
        });
      }
    }
  });
  return result;
}

// ---- ps_roi_pool --------------------------------------------------------------------------------

namespace {

/// The pixels of a bin of a position-sensitive pooling, which is one pixel shorter than that of roi_pool. In
/// torchvision the average leaves out the last row and column of the image (`most_h` and `most_w` are one less than its
/// sizes), but the gradient does not; here they are as there.
template <typename T>
std::array<Range, 2> pixels_of(const std::array<int64_t, 4>& region, int64_t ph, int64_t pw, const Pooling& pooling,
                               int64_t most_h, int64_t most_w) {
  const int64_t across = std::max<int64_t>(region[2] - region[0], 1);
  const int64_t down = std::max<int64_t>(region[3] - region[1], 1);
  return {pixels_of_bin<T>(region[1], down, ph, pooling.height, most_h),
          pixels_of_bin<T>(region[0], across, pw, pooling.width, most_w)};
}

template <typename T, typename S>
std::array<int64_t, 4> region_of(const S* roi, const Pooling& pooling) {
  const double scale = pooling.spatial_scale;
  return {pixel<T>(roi[1], scale), pixel<T>(roi[2], scale), pixel<T>(roi[3], scale), pixel<T>(roi[4], scale)};
}

}  // namespace

std::tuple<at::Tensor, at::Tensor> ps_roi_pool(const at::Tensor& input, const at::Tensor& rois,
                                               const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  check_position_sensitive(channels, pooling);
  const int64_t outputs = channels / (pooling.height * pooling.width);
  at::Tensor output = at::zeros({rois.size(0), outputs, pooling.height, pooling.width}, input.options());
  at::Tensor mapping = channel_mapping(rois.size(0), outputs, pooling, input);
  if (output.numel() == 0 || input.numel() == 0) return {output, mapping};
  const at::Tensor images = input.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(input.scalar_type(), "ps_roi_pool_forward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    scalar_t* out = output.data_ptr<scalar_t>();
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const auto region = region_of<T>(roi, pooling);
      const scalar_t* plane =
          images.const_data_ptr<scalar_t>() + image[static_cast<size_t>(k)] * channels * height * width;
      for (int64_t c = 0; c < channels; ++c, ++out, plane += height * width) {
        const auto bin =
            pixels_of<T>(region, c / pooling.width % pooling.height, c % pooling.width, pooling, height - 1, width - 1);
        const Range rows = bin[0], columns = bin[1];
        const int64_t count = (rows.to - rows.from) * (columns.to - columns.from);
        if (rows.to <= rows.from || columns.to <= columns.from) continue;
        T sum = 0;
        for (int64_t y = rows.from; y < rows.to; ++y) {
          for (int64_t x = columns.from; x < columns.to; ++x) sum += static_cast<T>(plane[y * width + x]);
        }
        *out = static_cast<scalar_t>(sum / static_cast<T>(count));
      }
    }
  });
  return {output, mapping};
}

at::Tensor ps_roi_pool_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                                const Sizes& sizes) {
  const int64_t channels = sizes[1], height = sizes[2], width = sizes[3];
  at::Tensor result = at::zeros(sizes, grad.options());
  if (grad.numel() == 0 || result.numel() == 0) return result;
  check_regions(result, rois, pooling);
  check_position_sensitive(channels, pooling);
  check_gradient(grad, rois, channels / (pooling.height * pooling.width), pooling);
  const at::Tensor grads = grad.contiguous();
  const at::Tensor boxes = rois.contiguous();
  AT_DISPATCH_FLOATING_TYPES_AND_HALF(grad.scalar_type(), "ps_roi_pool_backward_kernel", [&] {
    using T = opmath_type<scalar_t>;
    const scalar_t* given = grads.const_data_ptr<scalar_t>();
    const scalar_t* roi = boxes.const_data_ptr<scalar_t>();
    const std::vector<int64_t> image = images_of(boxes);
    for (int64_t k = 0; k < rois.size(0); ++k, roi += 5) {
      const auto region = region_of<T>(roi, pooling);
      scalar_t* plane = result.data_ptr<scalar_t>() + image[static_cast<size_t>(k)] * channels * height * width;
      for (int64_t c = 0; c < channels; ++c, ++given, plane += height * width) {
        const auto bin =
            pixels_of<T>(region, c / pooling.width % pooling.height, c % pooling.width, pooling, height, width);
        const Range rows = bin[0], columns = bin[1];
        if (rows.to <= rows.from || columns.to <= columns.from) continue;
        const T share = static_cast<T>(*given) / static_cast<T>((rows.to - rows.from) * (columns.to - columns.from));
        for (int64_t y = rows.from; y < rows.to; ++y) {
          for (int64_t x = columns.from; x < columns.to; ++x) plane[y * width + x] += static_cast<scalar_t>(share);
        }
      }
    }
  });
  return result;
}

}  // namespace torch_node::vision
