// Deformable convolution on the CPU: the samples that the kernel needs at each place of the output become a column, and
// the convolution a product of matrices.
#include <cmath>

#include <ATen/Dispatch.h>

#include "vision/kernels.h"

namespace torch_node::vision {
namespace {

/// The sizes of one deformable convolution.
struct Geometry {
  Geometry(const at::Tensor& input, const at::Tensor& weight, const Deformation& deformation,
           const std::array<int64_t, 2>& output)
      : how(deformation),
        channels(input.size(1)),
        height(input.size(2)),
        width(input.size(3)),
        kernel_h(weight.size(2)),
        kernel_w(weight.size(3)),
        out_h(output[0]),
        out_w(output[1]) {}

  int64_t taps() const { return kernel_h * kernel_w; }
  int64_t places() const { return out_h * out_w; }
  int64_t channels_per_offset() const { return channels / how.offset_groups; }

  const Deformation& how;
  int64_t channels, height, width;
  int64_t kernel_h, kernel_w;
  int64_t out_h, out_w;
};

/// A place between four pixels; those outside of the image count as 0.
template <typename T>
struct Sample {
  Sample(T row, T column, const Geometry& sizes) : width(sizes.width) {
    inside =
        row > T(-1) && row < static_cast<T>(sizes.height) && column > T(-1) && column < static_cast<T>(sizes.width);
    // What is far away, or not a number, has no pixels around it.
    if (!(std::abs(row) < T(1 << 30) && std::abs(column) < T(1 << 30))) return;
    top = static_cast<int64_t>(std::floor(row));
    left = static_cast<int64_t>(std::floor(column));
    down = row - static_cast<T>(top);
    right = column - static_cast<T>(left);
    has_top = top >= 0 && top < sizes.height;
    has_bottom = top + 1 >= 0 && top + 1 < sizes.height;
    has_left = left >= 0 && left < sizes.width;
    has_right = left + 1 >= 0 && left + 1 < sizes.width;
  }

  T top_left(const T* plane) const { return has_top && has_left ? plane[top * width + left] : T(0); }
  T top_right(const T* plane) const { return has_top && has_right ? plane[top * width + left + 1] : T(0); }
  T bottom_left(const T* plane) const { return has_bottom && has_left ? plane[(top + 1) * width + left] : T(0); }
  T bottom_right(const T* plane) const { return has_bottom && has_right ? plane[(top + 1) * width + left + 1] : T(0); }

  T value(const T* plane) const {
    if (!inside) return T(0);
    return (1 - down) * (1 - right) * top_left(plane) + (1 - down) * right * top_right(plane) +
           down * (1 - right) * bottom_left(plane) + down * right * bottom_right(plane);
  }

  /// The derivative of the value by the row.
  T by_row(const T* plane) const {
    return right * (bottom_right(plane) - top_right(plane)) + (1 - right) * (bottom_left(plane) - top_left(plane));
  }

  /// The derivative of the value by the column.
  T by_column(const T* plane) const {
    return down * (bottom_right(plane) - bottom_left(plane)) + (1 - down) * (top_right(plane) - top_left(plane));
  }

  /// Adds the gradient of the value to those of the pixels.
  void add(T grad, T* plane) const {
    if (!inside) return;
    if (has_top && has_left) plane[top * width + left] += grad * (1 - down) * (1 - right);
    if (has_top && has_right) plane[top * width + left + 1] += grad * (1 - down) * right;
    if (has_bottom && has_left) plane[(top + 1) * width + left] += grad * down * (1 - right);
    if (has_bottom && has_right) plane[(top + 1) * width + left + 1] += grad * down * right;
  }

  int64_t width;
  int64_t top = 0, left = 0;
  T down = 0, right = 0;
  bool inside = false;
  bool has_top = false, has_bottom = false, has_left = false, has_right = false;
};

/// Calls `visit(group, tap, place, sample)` for each sample of an image whose offsets are given.
template <typename T, typename Visit>
void for_samples(const T* offset, const Geometry& sizes, Visit visit) {
  const int64_t taps = sizes.taps();
  const int64_t places = sizes.places();
  for (int64_t group = 0; group < sizes.how.offset_groups; ++group) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      const T* by_row = offset + (group * taps + tap) * 2 * places;
      const T* by_column = by_row + places;
      for (int64_t place = 0; place < places; ++place) {
        const int64_t row =
            place / sizes.out_w * sizes.how.stride_h - sizes.how.pad_h + tap / sizes.kernel_w * sizes.how.dilation_h;
        const int64_t column =
            place % sizes.out_w * sizes.how.stride_w - sizes.how.pad_w + tap % sizes.kernel_w * sizes.how.dilation_w;
        visit(group, tap, place,
              Sample<T>(static_cast<T>(row) + by_row[place], static_cast<T>(column) + by_column[place], sizes));
      }
    }
  }
}

/// The samples of an image, one row for each channel and tap, one column for each place of the output.
template <typename T>
void fill_columns(const T* image, const T* offset, const T* mask, const Geometry& sizes, T* columns) {
  const int64_t taps = sizes.taps();
  const int64_t places = sizes.places();
  const int64_t per_group = sizes.channels_per_offset();
  for_samples<T>(offset, sizes, [&](int64_t group, int64_t tap, int64_t place, const Sample<T>& sample) {
    const T scale = mask != nullptr ? mask[(group * taps + tap) * places + place] : T(1);
    for (int64_t c = group * per_group; c < (group + 1) * per_group; ++c) {
      columns[(c * taps + tap) * places + place] = scale * sample.value(image + c * sizes.height * sizes.width);
    }
  });
}

/// The weight as a matrix for each group.
at::Tensor weight_matrices(const at::Tensor& weight, int64_t groups) {
  return weight.reshape({groups, weight.size(0) / groups, weight.size(1) * weight.size(2) * weight.size(3)});
}

}  // namespace

std::array<int64_t, 2> check_deformation(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how) {
  TORCH_CHECK(input.dim() == 4, "input must have 4 dimensions, got ", input.dim());
  TORCH_CHECK(offset.dim() == 4, "offset must have 4 dimensions, got ", offset.dim());
  TORCH_CHECK(weight.dim() == 4, "weight must have 4 dimensions, got ", weight.dim());
  TORCH_CHECK(!how.use_mask || mask.dim() == 4, "mask must have 4 dimensions, got ", mask.dim());
  for (const at::Tensor& other : {weight, offset, bias, how.use_mask ? mask : bias}) {
    TORCH_CHECK(other.scalar_type() == input.scalar_type(),
                "input, weight, offset, mask and bias must have one dtype, got ", input.scalar_type(), " and ",
                other.scalar_type());
    TORCH_CHECK(other.device() == input.device(), "input, weight, offset, mask and bias must be on one device, got ",
                input.device(), " and ", other.device());
  }
  TORCH_CHECK(how.stride_h > 0 && how.stride_w > 0, "stride_h: ", how.stride_h, " stride_w: ", how.stride_w);
  TORCH_CHECK(how.pad_h >= 0 && how.pad_w >= 0, "pad_h: ", how.pad_h, " pad_w: ", how.pad_w);
  TORCH_CHECK(how.dilation_h > 0 && how.dilation_w > 0, "dilation_h: ", how.dilation_h,
              " dilation_w: ", how.dilation_w);
  TORCH_CHECK(how.groups > 0 && how.offset_groups > 0, "the numbers of groups must be positive, got ", how.groups,
              " and ", how.offset_groups);
  const int64_t kernel_h = weight.size(2), kernel_w = weight.size(3);
  TORCH_CHECK(kernel_h > 0 && kernel_w > 0, "weight_h: ", kernel_h, " weight_w: ", kernel_w);
  TORCH_CHECK(weight.size(1) * how.groups == input.size(1), "input has ", input.size(1), " channels, but weight takes ",
              weight.size(1) * how.groups);
  TORCH_CHECK(weight.size(0) % how.groups == 0, "the output's channels must be a multiple of the groups, got ",
              weight.size(0), " and ", how.groups);
  TORCH_CHECK(input.size(1) % how.offset_groups == 0,
              "the input's channels must be a multiple of the groups of offsets, got ", input.size(1), " and ",
              how.offset_groups);
  TORCH_CHECK(offset.size(1) == how.offset_groups * 2 * kernel_h * kernel_w,
              "offset.shape[1] is not valid: got: ", offset.size(1),
              " expected: ", how.offset_groups * 2 * kernel_h * kernel_w);
  TORCH_CHECK(!how.use_mask || mask.size(1) == how.offset_groups * kernel_h * kernel_w,
              "mask.shape[1] is not valid: got: ", how.use_mask ? mask.size(1) : 0,
              " expected: ", how.offset_groups * kernel_h * kernel_w);
  TORCH_CHECK(bias.dim() == 1 && bias.size(0) == weight.size(0), "bias must have ", weight.size(0),
              " elements, got the shape ", bias.sizes());
  TORCH_CHECK(offset.size(0) == input.size(0), "invalid batch size of offset: got: ", offset.size(0),
              " expected: ", input.size(0));
  const auto size = [](int64_t length, int64_t pad, int64_t dilation, int64_t kernel, int64_t stride) {
    const int64_t room = length + 2 * pad - (dilation * (kernel - 1) + 1);
    return room < 0 ? 0 : room / stride + 1;
  };
  const int64_t out_h = size(input.size(2), how.pad_h, how.dilation_h, kernel_h, how.stride_h);
  const int64_t out_w = size(input.size(3), how.pad_w, how.dilation_w, kernel_w, how.stride_w);
  TORCH_CHECK(out_h > 0 && out_w > 0, "Calculated output size too small - out_h: ", out_h, " out_w: ", out_w);
  TORCH_CHECK(offset.size(2) == out_h && offset.size(3) == out_w, "offset output dims: (", offset.size(2), ", ",
              offset.size(3), ") - computed output dims: (", out_h, ", ", out_w, ")");
  TORCH_CHECK(!how.use_mask || mask.size(0) == input.size(0), "invalid batch size of mask");
  TORCH_CHECK(!how.use_mask || (mask.size(2) == out_h && mask.size(3) == out_w), "mask output dims: (",
              how.use_mask ? mask.size(2) : 0, ", ", how.use_mask ? mask.size(3) : 0, ") - computed output dims: (",
              out_h, ", ", out_w, ")");
  return {out_h, out_w};
}

at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how) {
  const Geometry sizes(input, weight, how, check_deformation(input, weight, offset, mask, bias, how));
  const int64_t batch = input.size(0);
  at::Tensor output = at::empty({batch, weight.size(0), sizes.out_h, sizes.out_w}, input.options());
  if (output.numel() == 0) return output;
  const at::Tensor images = input.contiguous(), offsets = offset.contiguous(), masks = mask.contiguous();
  const at::Tensor matrices = weight_matrices(weight, how.groups);
  const at::Tensor columns = at::empty({how.groups, matrices.size(2), sizes.places()}, input.options());
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "deformable_im2col", [&] {
    for (int64_t n = 0; n < batch; ++n) {
      fill_columns<scalar_t>(images[n].const_data_ptr<scalar_t>(), offsets[n].const_data_ptr<scalar_t>(),
                             how.use_mask ? masks[n].const_data_ptr<scalar_t>() : nullptr, sizes,
                             columns.data_ptr<scalar_t>());
      output[n].copy_(at::bmm(matrices, columns).view({weight.size(0), sizes.out_h, sizes.out_w}));
    }
  });
  return output.add_(bias.view({1, -1, 1, 1}));
}

std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor, at::Tensor> deform_conv2d_backward(
    const at::Tensor& grad, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
    const at::Tensor& mask, const at::Tensor& bias, const Deformation& how) {
  const Geometry sizes(input, weight, how, check_deformation(input, weight, offset, mask, bias, how));
  TORCH_CHECK(grad.dim() == 4 && grad.size(0) == input.size(0) && grad.size(1) == weight.size(0) &&
                  grad.size(2) == sizes.out_h && grad.size(3) == sizes.out_w &&
                  grad.scalar_type() == input.scalar_type(),
              "the gradient must have the shape and the dtype of the output");
  at::Tensor grad_input = at::zeros_like(input, at::MemoryFormat::Contiguous);
  at::Tensor grad_weight = at::zeros_like(weight, at::MemoryFormat::Contiguous);
  at::Tensor grad_offset = at::zeros_like(offset, at::MemoryFormat::Contiguous);
  at::Tensor grad_mask = at::zeros_like(mask, at::MemoryFormat::Contiguous);
  at::Tensor grad_bias = grad.sum({0, 2, 3});
  if (grad.numel() == 0) return {grad_input, grad_weight, grad_offset, grad_mask, grad_bias};
  const at::Tensor images = input.contiguous(), offsets = offset.contiguous(), masks = mask.contiguous();
  const at::Tensor matrices = weight_matrices(weight, how.groups);
  const at::Tensor matrices_grad = weight_matrices(grad_weight, how.groups);
  const at::Tensor columns = at::empty({how.groups, matrices.size(2), sizes.places()}, input.options());
  const int64_t taps = sizes.taps(), places = sizes.places(), per_group = sizes.channels_per_offset();
  const int64_t pixels = sizes.height * sizes.width;
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "deformable_col2im", [&] {
    for (int64_t n = 0; n < input.size(0); ++n) {
      const scalar_t* image = images[n].const_data_ptr<scalar_t>();
      const scalar_t* moved = offsets[n].const_data_ptr<scalar_t>();
      const scalar_t* scale = how.use_mask ? masks[n].const_data_ptr<scalar_t>() : nullptr;
      const at::Tensor output_grad = grad[n].reshape({how.groups, weight.size(0) / how.groups, places});
      const at::Tensor columns_grad = at::bmm(matrices.transpose(1, 2), output_grad).contiguous();
      const scalar_t* by_column = columns_grad.const_data_ptr<scalar_t>();
      scalar_t* to_image = grad_input[n].data_ptr<scalar_t>();
      scalar_t* to_offset = grad_offset[n].data_ptr<scalar_t>();
      scalar_t* to_mask = how.use_mask ? grad_mask[n].data_ptr<scalar_t>() : nullptr;
      for_samples<scalar_t>(moved, sizes,
                            [&](int64_t group, int64_t tap, int64_t place, const Sample<scalar_t>& sample) {
                              const int64_t at = (group * taps + tap) * places + place;
                              const scalar_t factor = scale != nullptr ? scale[at] : scalar_t(1);
                              scalar_t row_grad = 0, column_grad = 0, mask_grad = 0;
                              for (int64_t c = group * per_group; c < (group + 1) * per_group; ++c) {
                                const scalar_t given = by_column[(c * taps + tap) * places + place];
                                const scalar_t* plane = image + c * pixels;
                                sample.add(given * factor, to_image + c * pixels);
                                row_grad += given * factor * sample.by_row(plane);
                                column_grad += given * factor * sample.by_column(plane);
                                mask_grad += given * sample.value(plane);
                              }
                              to_offset[(group * taps + tap) * 2 * places + place] = row_grad;
                              to_offset[((group * taps + tap) * 2 + 1) * places + place] = column_grad;
                              if (to_mask != nullptr) to_mask[at] = mask_grad;
                            });
      fill_columns<scalar_t>(image, moved, scale, sizes, columns.data_ptr<scalar_t>());
      matrices_grad.add_(at::bmm(output_grad, columns.transpose(1, 2)));
    }
  });
  return {grad_input, grad_weight, grad_offset, grad_mask, grad_bias};
}

}  // namespace torch_node::vision
