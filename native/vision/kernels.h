// The operators of torchvision that libtorch itself does not have: their kernels for the CPU, and the same composed of
// libtorch's own operators for other devices.
#pragma once

#include <array>
#include <tuple>

#include <ATen/ATen.h>

namespace torch_node::vision {

/// How regions are pooled.
struct Pooling {
  double spatial_scale;
  int64_t height;
  int64_t width;
  /// Samples in each direction of a bin; as many as it has pixels where not positive.
  int64_t sampling_ratio = -1;
  /// Whether coordinates are those of corners of pixels, not of their centers.
  bool aligned = false;
};

/// The sizes of the images that regions are taken from.
using Sizes = std::array<int64_t, 4>;

/// How a deformable convolution goes over an image.
struct Deformation {
  int64_t stride_h, stride_w;
  int64_t pad_h, pad_w;
  int64_t dilation_h, dilation_w;
  int64_t groups, offset_groups;
  bool use_mask;
};

// ---- Boxes ----

at::Tensor nms(const at::Tensor& dets, const at::Tensor& scores, double iou_threshold);
at::Tensor box_iou_rotated(const at::Tensor& boxes1, const at::Tensor& boxes2);

// ---- Regions of interest; those that return two tensors return the indices, or channels, that the gradient needs ----

at::Tensor roi_align(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
at::Tensor roi_align_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                              const Sizes& sizes);
std::tuple<at::Tensor, at::Tensor> roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
at::Tensor roi_pool_backward(const at::Tensor& grad, const at::Tensor& rois, const at::Tensor& argmax,
                             const Sizes& sizes);
std::tuple<at::Tensor, at::Tensor> ps_roi_align(const at::Tensor& input, const at::Tensor& rois,
                                                const Pooling& pooling);
at::Tensor ps_roi_align_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                                 const Sizes& sizes);
std::tuple<at::Tensor, at::Tensor> ps_roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
at::Tensor ps_roi_pool_backward(const at::Tensor& grad, const at::Tensor& rois, const Pooling& pooling,
                                const Sizes& sizes);

// ---- Deformable convolution ----

/// Throws unless the tensors fit together; returns the height and the width of the output.
std::array<int64_t, 2> check_deformation(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how);
at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how);
/// The gradients of input, weight, offset, mask and bias.
std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor, at::Tensor> deform_conv2d_backward(
    const at::Tensor& grad, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
    const at::Tensor& mask, const at::Tensor& bias, const Deformation& how);

/// Throws unless there are regions `(K, 5)` of images `(N, C, H, W)` of the same dtype and device. On the CPU it also
/// asks whether each region is of one of the images.
void check_regions(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
/// Throws unless the channels of an image can be shared out among the bins.
void check_position_sensitive(int64_t channels, const Pooling& pooling);

/// The same of operators that have kernels and gradients on every device.
namespace composed {

at::Tensor nms(const at::Tensor& dets, const at::Tensor& scores, double iou_threshold);
at::Tensor box_iou_rotated(const at::Tensor& boxes1, const at::Tensor& boxes2);
at::Tensor roi_align(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
std::tuple<at::Tensor, at::Tensor> roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
std::tuple<at::Tensor, at::Tensor> ps_roi_align(const at::Tensor& input, const at::Tensor& rois,
                                                const Pooling& pooling);
std::tuple<at::Tensor, at::Tensor> ps_roi_pool(const at::Tensor& input, const at::Tensor& rois, const Pooling& pooling);
at::Tensor deform_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& offset,
                         const at::Tensor& mask, const at::Tensor& bias, const Deformation& how);

}  // namespace composed

}  // namespace torch_node::vision
