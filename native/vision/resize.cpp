// Resampling with the numbers of Pillow: weights of 22 bits after the point, rows and columns one after the other,
// rounded to bytes each time. libtorch's kernel for bytes has weights of 16 bits, which differs by 1 in some pixels of
// a thousand.
#include "vision/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/Parallel.h>

namespace torch_node::vision {
namespace {

constexpr int kBits = 22;
constexpr double kPi = 3.14159265358979323846;

double box(double x) { return x > -0.5 && x <= 0.5 ? 1 : 0; }

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

double sinc(double x) { return x == 0 ? 1 : std::sin(x * kPi) / (x * kPi); }

double hamming(double x) {
  x = std::abs(x);
  if (x == 0) return 1;
  if (x >= 1) return 0;
  x *= kPi;
  return std::sin(x) / x * (0.54 + 0.46 * std::cos(x));
}

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

struct Filter {
  const char* name;
  double (*weight)(double);
  double support;
};

constexpr Filter kFilters[] = {{"box", box, 0.5},
                               {"bilinear", triangle, 1},
                               {"hamming", hamming, 1},
                               {"bicubic", cubic, 2},
                               {"lanczos", lanczos, 3}};

/// For each place of a result the first place that it is made of, how many there are, and their weights.
struct Weights {
  int64_t stride;
  std::vector<int64_t> first;
  std::vector<int64_t> count;
  std::vector<int32_t> values;
};

Weights weights_of(int64_t from, int64_t to, const Filter& filter) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double stretched = std::max(scale, 1.0);
  const double support = filter.support * stretched;
  const auto stride = static_cast<int64_t>(std::ceil(support)) * 2 + 1;
  Weights made{stride, std::vector<int64_t>(to), std::vector<int64_t>(to), std::vector<int32_t>(to * stride)};
  std::vector<double> row(stride);
  for (int64_t at = 0; at < to; ++at) {
    const double center = (static_cast<double>(at) + 0.5) * scale;
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(std::floor(center - support + 0.5)), 0);
    const int64_t end = std::min<int64_t>(static_cast<int64_t>(std::floor(center + support + 0.5)), from);
    const int64_t count = end - first;
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) {
      row[i] = filter.weight((static_cast<double>(i + first) - center + 0.5) * (1 / stretched));
      sum += row[i];
    }
    for (int64_t i = 0; i < count; ++i) {
      const double weight = (sum == 0 ? row[i] : row[i] / sum) * (1 << kBits);
      made.values[at * stride + i] = static_cast<int32_t>(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    made.first[at] = first;
    made.count[at] = count;
  }
  return made;
}

uint8_t rounded(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> kBits, 0, 255)); }

/// Of each row of a plane as many bytes as there are weights.
void across(const uint8_t* from, int64_t rows, int64_t width, const Weights& weights, uint8_t* to) {
  const auto out = static_cast<int64_t>(weights.first.size());
  for (int64_t y = 0; y < rows; ++y) {
    const uint8_t* row = from + y * width;
    for (int64_t x = 0; x < out; ++x) {
      const int32_t* values = &weights.values[x * weights.stride];
      const uint8_t* pixels = row + weights.first[x];
      int32_t sum = 1 << (kBits - 1);
      for (int64_t i = 0; i < weights.count[x]; ++i) sum += pixels[i] * values[i];
      to[y * out + x] = rounded(sum);
    }
  }
}

/// Of each column of a plane as many bytes as there are weights.
void down(const uint8_t* from, int64_t width, const Weights& weights, uint8_t* to) {
  std::vector<int32_t> sums(width);
  for (int64_t y = 0; y < static_cast<int64_t>(weights.first.size()); ++y) {
    std::fill(sums.begin(), sums.end(), 1 << (kBits - 1));
    for (int64_t i = 0; i < weights.count[y]; ++i) {
      const int32_t value = weights.values[y * weights.stride + i];
      const uint8_t* row = from + (weights.first[y] + i) * width;
      for (int64_t x = 0; x < width; ++x) sums[x] += row[x] * value;
    }
    for (int64_t x = 0; x < width; ++x) to[y * width + x] = rounded(sums[x]);
  }
}

/// The place that each place of a result is taken from; steps are added up, as Pillow does.
std::vector<int64_t> nearest(int64_t from, int64_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  std::vector<int64_t> places(to);
  double at = step * 0.5;
  for (int64_t i = 0; i < to; ++i, at += step) places[i] = std::min(static_cast<int64_t>(at), from - 1);
  return places;
}

void pick(const uint8_t* from, int64_t width, const std::vector<int64_t>& rows, const std::vector<int64_t>& columns,
          uint8_t* to) {
  for (const int64_t y : rows) {
    for (const int64_t x : columns) *to++ = from[y * width + x];
  }
}

}  // namespace

at::Tensor resize_as_pillow(const at::Tensor& image, int64_t height, int64_t width, const std::string& filter) {
  TORCH_CHECK(image.dim() == 3 && image.scalar_type() == at::kByte && image.device().is_cpu(),
              "resize: expected bytes of shape (C, H, W) on the CPU");
  TORCH_CHECK(height > 0 && width > 0, "height and width must be > 0");
  const int64_t channels = image.size(0);
  const int64_t rows = image.size(1);
  const int64_t columns = image.size(2);
  TORCH_CHECK(rows > 0 && columns > 0, "resize: the image is empty");
  const at::Tensor source = image.contiguous();
  at::Tensor result = at::empty({channels, height, width}, source.options());
  const auto* from = source.const_data_ptr<uint8_t>();
  auto* to = result.mutable_data_ptr<uint8_t>();
  if (filter == "nearest") {
    const std::vector<int64_t> y = nearest(rows, height);
    const std::vector<int64_t> x = nearest(columns, width);
    for (int64_t c = 0; c < channels; ++c) pick(from + c * rows * columns, columns, y, x, to + c * height * width);
    return result;
  }
  const Filter* found =
      std::find_if(std::begin(kFilters), std::end(kFilters), [&](const Filter& known) { return filter == known.name; });
  TORCH_CHECK(found != std::end(kFilters), "resize: '", filter, "' is not a filter");
  const Weights horizontal = weights_of(columns, width, *found);
  const Weights vertical = weights_of(rows, height, *found);
  // Pillow 13 begins with the rows where their number falls by more than twice as much as that of the columns; older
  // ones never do.
  const bool rows_first = height < rows && rows - height > 2 * (columns - width);
  at::parallel_for(0, channels, 1, [&](int64_t begin, int64_t end) {
    std::vector<uint8_t> between(rows_first ? height * columns : rows * width);
    for (int64_t c = begin; c < end; ++c) {
      const uint8_t* plane = from + c * rows * columns;
      uint8_t* out = to + c * height * width;
      if (width == columns && height == rows) {
        std::copy(plane, plane + rows * columns, out);
      } else if (width == columns) {
        down(plane, columns, vertical, out);
      } else if (height == rows) {
        across(plane, rows, columns, horizontal, out);
      } else if (rows_first) {
        down(plane, columns, vertical, between.data());
        across(between.data(), height, columns, horizontal, out);
      } else {
        across(plane, rows, columns, horizontal, between.data());
        down(between.data(), width, vertical, out);
      }
    }
  });
  return result;
}

}  // namespace torch_node::vision
