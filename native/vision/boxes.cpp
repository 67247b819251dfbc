// Non-maximum suppression, and the overlap of rotated boxes, on the CPU.
#include <cmath>

#include <ATen/Dispatch.h>

#include "vision/kernels.h"

namespace torch_node::vision {
namespace {

void check_detections(const at::Tensor& dets, const at::Tensor& scores) {
  TORCH_CHECK(dets.dim() == 2, "boxes should be a 2d tensor, got ", dets.dim(), "D");
  TORCH_CHECK(dets.size(1) == 4, "boxes should have 4 elements in dimension 1, got ", dets.size(1));
  TORCH_CHECK(scores.dim() == 1, "scores should be a 1d tensor, got ", scores.dim(), "D");
  TORCH_CHECK(dets.size(0) == scores.size(0),
              "boxes and scores should have same number of elements in dimension 0, got ", dets.size(0), " and ",
              scores.size(0));
  TORCH_CHECK(dets.scalar_type() == scores.scalar_type(), "dets should have the same type as scores");
}

/// Goes over the boxes from the highest score down, and leaves out each that overlaps one that was kept before.
template <typename T>
std::vector<int64_t> kept_boxes(const at::Tensor& dets, const at::Tensor& order, double iou_threshold) {
  const auto box = dets.accessor<T, 2>();
  const auto by_score = order.accessor<int64_t, 1>();
  const int64_t count = order.size(0);
  const auto area = [&](int64_t i) { return (box[i][2] - box[i][0]) * (box[i][3] - box[i][1]); };
  std::vector<bool> suppressed(static_cast<size_t>(count), false);
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t best = by_score[i];
    if (suppressed[static_cast<size_t>(best)]) continue;
    kept.push_back(best);
    const T best_area = area(best);
    for (int64_t j = i + 1; j < count; ++j) {
      const int64_t other = by_score[j];
      if (suppressed[static_cast<size_t>(other)]) continue;
      const T width = std::min(box[best][2], box[other][2]) - std::max(box[best][0], box[other][0]);
      const T height = std::min(box[best][3], box[other][3]) - std::max(box[best][1], box[other][1]);
      const T shared = std::max(T(0), width) * std::max(T(0), height);
      if (shared / (best_area + area(other) - shared) > iou_threshold) suppressed[static_cast<size_t>(other)] = true;
    }
  }
  return kept;
}

struct Point {
  double x, y;
};

/// Twice the area of the triangle a b c, positive where c lies to the left of the line from a to b.
double cross(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/// A box by its center, relative to another point, its sides and its angle in degrees, counterclockwise on the screen.
struct RotatedBox {
  double cx, cy, width, height, angle;

  /// The corners, clockwise on the screen, which is counterclockwise where y points up.
  std::array<Point, 4> corners() const {
    const double radians = angle * M_PI / 180;
    const Point along{std::cos(radians) * width / 2, -std::sin(radians) * width / 2};
    const Point across{std::sin(radians) * height / 2, std::cos(radians) * height / 2};
    return {Point{cx - along.x - across.x, cy - along.y - across.y},
            Point{cx + along.x - across.x, cy + along.y - across.y},
            Point{cx + along.x + across.x, cy + along.y + across.y},
            Point{cx - along.x + across.x, cy - along.y + across.y}};
  }
};

/// What of a polygon lies to the left of the line from a to b.
std::vector<Point> clipped(const std::vector<Point>& polygon, const Point& a, const Point& b) {
  std::vector<Point> inside;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& from = polygon[i];
    const Point& to = polygon[(i + 1) % polygon.size()];
    const double at_from = cross(a, b, from);
    const double at_to = cross(a, b, to);
    if (at_from >= 0) inside.push_back(from);
    if ((at_from > 0 && at_to < 0) || (at_from < 0 && at_to > 0)) {
      const double part = at_from / (at_from - at_to);
      inside.push_back({from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)});
    }
  }
  return inside;
}

double overlap(const RotatedBox& first, const RotatedBox& second) {
  const double area1 = first.width * first.height;
  const double area2 = second.width * second.height;
  if (!(area1 >= 1e-14) || !(area2 >= 1e-14)) return 0;
  const auto corners1 = first.corners();
  const auto corners2 = second.corners();
  std::vector<Point> shared(corners1.begin(), corners1.end());
  for (size_t i = 0; i < 4 && !shared.empty(); ++i) shared = clipped(shared, corners2[i], corners2[(i + 1) % 4]);
  double twice = 0;
  for (size_t i = 2; i < shared.size(); ++i) twice += cross(shared[0], shared[i - 1], shared[i]);
  const double intersection = std::abs(twice) / 2;
  return intersection / (area1 + area2 - intersection);
}

}  // namespace

at::Tensor nms(const at::Tensor& dets, const at::Tensor& scores, double iou_threshold) {
  check_detections(dets, scores);
  if (dets.numel() == 0) return at::empty({0}, dets.options().dtype(at::kLong));
  const at::Tensor order = std::get<1>(scores.sort(/*stable=*/true, /*dim=*/0, /*descending=*/true));
  std::vector<int64_t> kept;
  AT_DISPATCH_FLOATING_TYPES(dets.scalar_type(), "nms_kernel",
                             [&] { kept = kept_boxes<scalar_t>(dets, order, iou_threshold); });
  return at::tensor(kept, dets.options().dtype(at::kLong));
}

at::Tensor box_iou_rotated(const at::Tensor& boxes1, const at::Tensor& boxes2) {
  TORCH_CHECK(boxes1.dim() == 2 && boxes1.size(1) == 5, "boxes1 should have shape [N, 5], got ", boxes1.sizes());
  TORCH_CHECK(boxes2.dim() == 2 && boxes2.size(1) == 5, "boxes2 should have shape [M, 5], got ", boxes2.sizes());
  TORCH_CHECK(boxes1.scalar_type() == boxes2.scalar_type(), "boxes1 should have the same type as boxes2");
  // float32 whatever the boxes are, as torchvision has it.
  at::Tensor result = at::empty({boxes1.size(0), boxes2.size(0)}, boxes1.options().dtype(at::kFloat));
  AT_DISPATCH_FLOATING_TYPES(boxes1.scalar_type(), "box_iou_rotated_kernel", [&] {
    const auto a = boxes1.accessor<scalar_t, 2>();
    const auto b = boxes2.accessor<scalar_t, 2>();
    auto to = result.accessor<float, 2>();
    for (int64_t i = 0; i < a.size(0); ++i) {
      for (int64_t j = 0; j < b.size(0); ++j) {
        // About a point between the two, so that far from the origin nothing is lost.
        const double x = (static_cast<double>(a[i][0]) + b[j][0]) / 2;
        const double y = (static_cast<double>(a[i][1]) + b[j][1]) / 2;
        to[i][j] = static_cast<float>(overlap({a[i][0] - x, a[i][1] - y, a[i][2], a[i][3], a[i][4]},
                                              {b[j][0] - x, b[j][1] - y, b[j][2], b[j][3], b[j][4]}));
      }
    }
  });
  return result;
}

}  // namespace torch_node::vision
