// The operators of torchvision for devices that are not the CPU, of operators that libtorch has on each of them, with
// the gradients of those. What they cost beside a kernel of their own is said at each.
#include "vision/kernels.h"

namespace torch_node::vision::composed {
namespace {

/// The length of each of so many bins, as the kernels round it: a division by a number is a product with its reciprocal
/// on some devices, which can move a bin's edge by a pixel.
at::Tensor length_of_bin(const at::Tensor& length, int64_t bins) {
  return length.div(at::full_like(length, static_cast<double>(bins)));
}

/// How much each of `size` pixels weighs in each bin, `(K, bins, size)`: pooling by averages goes by rows and by
/// columns alike, so that two matrix products do it.
at::Tensor average_weights(const at::Tensor& from, const at::Tensor& to, int64_t bins, int64_t size,
                           const Pooling& pooling, bool shifted, bool at_least_one) {
  const at::Tensor start = from.mul(pooling.spatial_scale).sub(shifted ? 0.5 : 0.0);
  at::Tensor length = to.mul(pooling.spatial_scale).sub(shifted ? 0.5 : 0.0).sub(start);
  if (at_least_one) length = length.clamp_min(1);
  const at::Tensor bin = length_of_bin(length, bins).view({-1, 1, 1});
  const at::Tensor samples = pooling.sampling_ratio > 0
                                 ? at::full_like(bin, static_cast<double>(pooling.sampling_ratio))
                                 : bin.ceil().clamp_min(0);
  const int64_t most =
      pooling.sampling_ratio > 0 ? pooling.sampling_ratio : std::max<int64_t>(samples.max().item().toLong(), 1);
  const at::Tensor index = at::arange(bins, from.options()).view({1, -1, 1});
  const at::Tensor sample = at::arange(most, from.options()).view({1, 1, -1});
  at::Tensor place = start.view({-1, 1, 1}).add(index.mul(bin)).add(sample.add(0.5).mul(bin.div(samples)));
  const at::Tensor counts =
      sample.lt(samples).logical_and(place.ge(-1)).logical_and(place.le(static_cast<double>(size)));
  place = place.clamp(0, static_cast<double>(size - 1));
  const at::Tensor low = place.floor();
  const at::Tensor above = place.sub(low);
  const at::Tensor share = counts.to(from.scalar_type()).div(samples.clamp_min(1));
  const at::Tensor low_index = low.nan_to_num().to(at::kLong);
  const at::Tensor high_index = low_index.add(1).clamp_max(size - 1);
  return at::zeros({from.size(0), bins, size}, from.options())
      .scatter_add(2, low_index, share.mul(above.neg().add(1)).nan_to_num())
      .scatter_add(2, high_index, share.mul(above).nan_to_num());
}

/// The first and the last pixel of each region, as columns of `(K)`.
struct Pixels {
  Pixels(const at::Tensor& rois, double scale) {
    const at::Tensor rounded = round_away(rois.mul(scale));
    left = rounded.select(1, 1);
    top = rounded.select(1, 2);
    right = rounded.select(1, 3);
    bottom = rounded.select(1, 4);
  }

  /// C's rounding; that of tensors rounds halves to even numbers.
  static at::Tensor round_away(const at::Tensor& values) {
    const at::Tensor whole = values.trunc();
    return whole.add(values.sub(whole).abs().ge(0.5).mul(values.sign()));
  }

  at::Tensor left, top, right, bottom;
};

/// Which of `size` pixels are in each bin, `(K, bins, size)`; the bins end at `most`.
at::Tensor pixels_of_bins(const at::Tensor& first, const at::Tensor& length, int64_t bins, int64_t size, int64_t most) {
  const at::Tensor bin = length_of_bin(length, bins).unsqueeze(1);
  const at::Tensor index = at::arange(bins, first.options()).unsqueeze(0);
  const at::Tensor start = index.mul(bin).floor().add(first.unsqueeze(1)).clamp(0, static_cast<double>(most));
  const at::Tensor end = index.add(1).mul(bin).ceil().add(first.unsqueeze(1)).clamp(0, static_cast<double>(most));
  const at::Tensor pixel = at::arange(size, first.options()).view({1, 1, -1});
  return pixel.ge(start.unsqueeze(2)).logical_and(pixel.lt(end.unsqueeze(2)));
}

/// Zeros that depend on the input, where there is nothing to compute.
at::Tensor zeros_of(const at::Tensor& input, at::IntArrayRef shape) { return input.sum().mul(0).expand(shape); }

at::Tensor images_of(const at::Tensor& rois) { return rois.select(1, 0).to(at::kLong); }

/// For each region the weighted sum over its image; each bin has channels of its own.
at::Tensor position_sensitive_sum(const at::Tensor& input, const at::Tensor& rois, const at::Tensor& rows,
                                  const at::Tensor& columns, const Pooling& pooling) {
  const int64_t outputs = input.size(1) / (pooling.height * pooling.width);
  const at::Tensor regions =
      input.index_select(0, images_of(rois))
          .view({rois.size(0), outputs, pooling.height, pooling.width, input.size(2), input.size(3)});
  const at::Tensor by_row = at::einsum("kpy,kcpqyx->kcpqx", {rows, regions});
  return at::einsum("kqx,kcpqx->kcpq", {columns, by_row});
}

at::Tensor channel_mapping(const at::Tensor& rois, int64_t channels, const Pooling& pooling) {
  return at::arange(channels, rois.options().dtype(at::kInt))
      .view({1, channels / (pooling.height * pooling.width), pooling.height, pooling.width})
      .repeat({rois.size(0), 1, 1, 1});
}

}  // namespace

/// Computed by the CPU: a copy of five numbers for each box, and a wait for it.
at::Tensor nms(const at::Tensor& dets, const at::Tensor& scores, double iou_threshold) {
  TORCH_CHECK(dets.device() == scores.device(), "boxes and scores must be on the same device, got ", dets.device(),
              " and ", scores.device());
  return vision::nms(dets.detach().cpu(), scores.detach().cpu(), iou_threshold).to(dets.device());
}

/// As nms.
at::Tensor box_iou_rotated(const at::Tensor& boxes1, const at::Tensor& boxes2) {
  return vision::box_iou_rotated(boxes1.detach().cpu(), boxes2.detach().cpu()).to(boxes1.device());
}

/// A copy of the image of each region, and two products of matrices, of `K C PH H W` and `K C PH W PW` multiplications.
/// Without a sampling ratio it waits for the size of the largest region.
at::Tensor roi_align(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  if (rois.size(0) == 0 || input.numel() == 0 || pooling.height == 0 || pooling.width == 0) {
    return zeros_of(input, {rois.size(0), channels, pooling.height, pooling.width});
  }
  const at::Tensor fixed = rois.detach();
  const at::Tensor rows = average_weights(fixed.select(1, 2), fixed.select(1, 4), pooling.height, height, pooling,
                                          pooling.aligned, !pooling.aligned);
  const at::Tensor columns = average_weights(fixed.select(1, 1), fixed.select(1, 3), pooling.width, width, pooling,
                                             pooling.aligned, !pooling.aligned);
  const at::Tensor regions = input.index_select(0, images_of(fixed));
  return at::matmul(at::matmul(rows.unsqueeze(1), regions), columns.unsqueeze(1).transpose(2, 3));
}

/// A copy of the image of each region for each column of bins.
std::tuple<at::Tensor, at::Tensor> roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling) {
  check_regions(input, rois, pooling);
  const int64_t channels = input.size(1), height = input.size(2), width = input.size(3);
  if (rois.size(0) == 0 || input.numel() == 0 || pooling.height == 0 || pooling.width == 0) {
    const std::array<int64_t, 4> shape{rois.size(0), channels, pooling.height, pooling.width};
    return {zeros_of(input, shape), at::zeros(shape, input.options().dtype(at::kInt))};
  }
  const at::Tensor fixed = rois.detach();
  const Pixels region(fixed, pooling.spatial_scale);
  const at::Tensor rows =
      pixels_of_bins(region.top, region.bottom.sub(region.top).add(1).clamp_min(1), pooling.height, height, height);
  const at::Tensor columns =
      pixels_of_bins(region.left, region.right.sub(region.left).add(1).clamp_min(1), pooling.width, width, width);
  const at::Tensor regions = input.index_select(0, images_of(fixed));
  const double least = -std::numeric_limits<double>::infinity();
  std::vector<at::Tensor> values, places;
  for (int64_t pw = 0; pw < pooling.width; ++pw) {
    const at::Tensor in_column = columns.select(1, pw).view({-1, 1, 1, width});
    const auto [by_row, column] = regions.masked_fill(in_column.logical_not(), least).max(3);
    std::vector<at::Tensor> bins, bin_places;
    for (int64_t ph = 0; ph < pooling.height; ++ph) {
      const at::Tensor in_row = rows.select(1, ph).unsqueeze(1);
      const auto [largest, row] = by_row.masked_fill(in_row.logical_not(), least).max(2);
      bins.push_back(largest);
      bin_places.push_back(row.mul(width).add(column.gather(2, row.unsqueeze(2)).squeeze(2)));
    }
    values.push_back(at::stack(bins, 2));
    places.push_back(at::stack(bin_places, 2));
  }
  const at::Tensor has_pixels =
      rows.any(2).view({-1, 1, pooling.height, 1}).logical_and(columns.any(2).view({-1, 1, 1, pooling.width}));
  return {at::stack(values, 3).masked_fill(has_pixels.logical_not(), 0),
          at::stack(places, 3).masked_fill(has_pixels.logical_not(), -1).to(at::kInt)};
}

/// A copy of the image of each region, and a product of `K C H W` and of `K C W` numbers.
std::tuple<at::Tensor, at::Tensor> ps_roi_align(const at::Tensor& input, const at::Tensor& rois,
                                                const Pooling& pooling) {
  check_regions(input, rois, pooling);
  check_position_sensitive(input.size(1), pooling);
  const at::Tensor fixed = rois.detach();
  const at::Tensor mapping = channel_mapping(fixed, input.size(1), pooling);
  if (rois.size(0) == 0 || input.numel() == 0) return {zeros_of(input, mapping.sizes()), mapping};
  const at::Tensor rows =
      average_weights(fixed.select(1, 2), fixed.select(1, 4), pooling.height, input.size(2), pooling, true, false);
  const at::Tensor columns =
      average_weights(fixed.select(1, 1), fixed.select(1, 3), pooling.width, input.size(3), pooling, true, false);
  return {position_sensitive_sum(input, fixed, rows, columns, pooling), mapping};
}

/// As ps_roi_align. The gradient is that of the average, which at the border torchvision's is not (see regions.cpp).
std::tuple<at::Tensor, at::Tensor> ps_roi_pool(const at::Tensor& input, const at::Tensor& rois,
                                               const Pooling& pooling) {
  check_regions(input, rois, pooling);
  check_position_sensitive(input.size(1), pooling);
  const int64_t height = input.size(2), width = input.size(3);
  const at::Tensor fixed = rois.detach();
  const at::Tensor mapping = channel_mapping(fixed, input.size(1), pooling);
  if (rois.size(0) == 0 || input.numel() == 0) return {zeros_of(input, mapping.sizes()), mapping};
  const Pixels region(fixed, pooling.spatial_scale);
  const auto averaged = [&](const at::Tensor& inside) {
    const at::Tensor weights = inside.to(input.scalar_type());
    return weights.div(weights.sum(2, /*keepdim=*/true).clamp_min(1));
  };
  const at::Tensor rows = averaged(
      pixels_of_bins(region.top, region.bottom.sub(region.top).clamp_min(1), pooling.height, height, height - 1));
  const at::Tensor columns = averaged(
      pixels_of_bins(region.left, region.right.sub(region.left).clamp_min(1), pooling.width, width, width - 1));
  return {position_sensitive_sum(input, fixed, rows, columns, pooling), mapping};
}

/// The samples of all taps at once, `N C KH KW OH OW` numbers, by libtorch's grid_sampler, and a product of matrices.
/// Coordinates pass through the range from -1 to 1, which rounds their last digit.
at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how) {
  const auto output = check_deformation(input, weight, offset, mask, bias, how);
  const int64_t out_h = output[0], out_w = output[1];
  const int64_t batch = input.size(0), channels = input.size(1), height = input.size(2), width = input.size(3);
  const int64_t kernel_h = weight.size(2), kernel_w = weight.size(3), taps = kernel_h * kernel_w;
  if (batch == 0) return input.new_zeros({0, weight.size(0), out_h, out_w});
  const auto options = input.options();
  const auto line = [&](int64_t taps_in_line, int64_t dilation, int64_t out, int64_t stride, int64_t pad) {
    return at::arange(taps_in_line, options)
        .mul(dilation)
        .unsqueeze(1)
        .add(at::arange(out, options).mul(stride).sub(pad).unsqueeze(0));
  };
  const at::Tensor rows = line(kernel_h, how.dilation_h, out_h, how.stride_h, how.pad_h)
                              .view({kernel_h, 1, out_h, 1})
                              .expand({kernel_h, kernel_w, out_h, out_w});
  const at::Tensor columns = line(kernel_w, how.dilation_w, out_w, how.stride_w, how.pad_w)
                                 .view({1, kernel_w, 1, out_w})
                                 .expand({kernel_h, kernel_w, out_h, out_w});
  const int64_t images = batch * how.offset_groups;
  const at::Tensor moved = offset.reshape({images, taps, 2, out_h, out_w});
  const auto between = [](const at::Tensor& place, int64_t size) {
    return place.add(0.5).mul(2.0 / static_cast<double>(size)).sub(1);
  };
  const at::Tensor y = between(moved.select(2, 0).add(rows.reshape({taps, out_h, out_w})), height);
  const at::Tensor x = between(moved.select(2, 1).add(columns.reshape({taps, out_h, out_w})), width);
  const at::Tensor grid = at::stack({x, y}, -1).view({images, taps * out_h, out_w, 2});
  at::Tensor samples = at::grid_sampler_2d(input.reshape({images, channels / how.offset_groups, height, width}), grid,
                                           /*interpolation_mode=*/0, /*padding_mode=*/0, /*align_corners=*/false);
  samples = samples.view({batch, how.offset_groups, channels / how.offset_groups, taps, out_h, out_w});
  if (how.use_mask) samples = samples.mul(mask.reshape({batch, how.offset_groups, 1, taps, out_h, out_w}));
  samples = samples.reshape({batch, how.groups, channels / how.groups * taps, out_h * out_w});
  const at::Tensor matrices = weight.reshape({how.groups, weight.size(0) / how.groups, channels / how.groups * taps});
  return at::matmul(matrices, samples).view({batch, weight.size(0), out_h, out_w}).add(bias.view({1, -1, 1, 1}));
}

}  // namespace torch_node::vision::composed
