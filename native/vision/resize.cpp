// Resampling with the numbers of Pillow: weights of 22 bits after the point, rows and columns one after the other,
// rounded to bytes each time. libtorch's kernel for bytes has weights of 16 bits, which differs by 1 in some pixels of
// a thousand.
#include "vision/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/Parallel.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "vision/simd.h"

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

/// A plane of bytes whose rows are so far apart.
struct Plane {
  const uint8_t* bytes;
  int64_t stride;
  int64_t rows;
  int64_t width;
};

constexpr int64_t kTile = 32;

/// Of each column of a plane as many bytes as there are weights; `to` has no gaps between its rows.
TORCH_NODE_INLINE void down(const Plane& from, const Weights& weights, uint8_t* to) {
  const int64_t whole = from.width - from.width % kTile;
  for (int64_t y = 0; y < static_cast<int64_t>(weights.first.size()); ++y, to += from.width) {
    const uint8_t* top = from.bytes + weights.first[y] * from.stride;
    const int32_t* values = &weights.values[y * weights.stride];
    const int64_t count = weights.count[y];
    for (int64_t x = 0; x < whole; x += kTile) {
      int32_t sums[kTile];
      for (int64_t j = 0; j < kTile; ++j) sums[j] = 1 << (kBits - 1);
      for (int64_t i = 0; i < count; ++i) {
        const uint8_t* row = top + i * from.stride + x;
        for (int64_t j = 0; j < kTile; ++j) sums[j] += row[j] * values[i];
      }
      for (int64_t j = 0; j < kTile; ++j) to[x + j] = rounded(sums[j]);
    }
    for (int64_t x = whole; x < from.width; ++x) {
      int32_t sum = 1 << (kBits - 1);
      for (int64_t i = 0; i < count; ++i) sum += top[i * from.stride + x] * values[i];
      to[x] = rounded(sum);
    }
  }
}

TORCH_NODE_AVX2 void down_avx2(const Plane& from, const Weights& weights, uint8_t* to) { down(from, weights, to); }
void down_plain(const Plane& from, const Weights& weights, uint8_t* to) { down(from, weights, to); }

void resample_down(const Plane& from, const Weights& weights, uint8_t* to) {
  if (has_avx2()) {
    down_avx2(from, weights, to);
  } else {
    down_plain(from, weights, to);
  }
}

/// Eight rows of eight bytes as columns.
void transpose_block(const uint8_t* from, int64_t stride, uint8_t* to, int64_t to_stride) {
#ifdef __SSE2__
  const auto row = [&](int y) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + y * stride)); };
  const __m128i a = _mm_unpacklo_epi8(row(0), row(1));
  const __m128i b = _mm_unpacklo_epi8(row(2), row(3));
  const __m128i c = _mm_unpacklo_epi8(row(4), row(5));
  const __m128i d = _mm_unpacklo_epi8(row(6), row(7));
  const __m128i ab[] = {_mm_unpacklo_epi16(a, b), _mm_unpackhi_epi16(a, b)};
  const __m128i cd[] = {_mm_unpacklo_epi16(c, d), _mm_unpackhi_epi16(c, d)};
  for (int half = 0; half < 2; ++half) {
    const __m128i pairs[] = {_mm_unpacklo_epi32(ab[half], cd[half]), _mm_unpackhi_epi32(ab[half], cd[half])};
    for (int i = 0; i < 2; ++i) {
      uint8_t* column = to + (half * 4 + i * 2) * to_stride;
      _mm_storel_epi64(reinterpret_cast<__m128i*>(column), pairs[i]);
      _mm_storel_epi64(reinterpret_cast<__m128i*>(column + to_stride), _mm_unpackhi_epi64(pairs[i], pairs[i]));
    }
  }
#else
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) to[x * to_stride + y] = from[y * stride + x];
  }
#endif
}

/// The columns of a plane as rows without gaps.
void transpose(const Plane& from, uint8_t* to) {
  const int64_t rows = from.rows - from.rows % 8;
  const int64_t width = from.width - from.width % 8;
  for (int64_t y = 0; y < rows; y += 8) {
    for (int64_t x = 0; x < width; x += 8) {
      transpose_block(from.bytes + y * from.stride + x, from.stride, to + x * from.rows + y, from.rows);
    }
  }
  for (int64_t y = 0; y < from.rows; ++y) {
    for (int64_t x = y < rows ? width : 0; x < from.width; ++x) to[x * from.rows + y] = from.bytes[y * from.stride + x];
  }
}

/// Of each row of a plane as many bytes as there are weights. As columns, rows are computed many at a time.
void resample_across(const Plane& from, const Weights& weights, uint8_t* to) {
  const auto width = static_cast<int64_t>(weights.first.size());
  std::vector<uint8_t> columns(from.rows * from.width);
  std::vector<uint8_t> made(from.rows * width);
  transpose(from, columns.data());
  resample_down({columns.data(), from.rows, from.width, from.rows}, weights, made.data());
  transpose({made.data(), from.rows, width, from.rows}, to);
}

/// The place that each place of a result is taken from; steps are added up, as Pillow does.
std::vector<int64_t> nearest(int64_t from, int64_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  std::vector<int64_t> places(to);
  double at = step * 0.5;
  for (int64_t i = 0; i < to; ++i, at += step) places[i] = std::min(static_cast<int64_t>(at), from - 1);
  return places;
}

void pick(const Plane& from, const std::vector<int64_t>& rows, const std::vector<int64_t>& columns, uint8_t* to) {
  for (const int64_t y : rows) {
    for (const int64_t x : columns) *to++ = from.bytes[y * from.stride + x];
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
  // A part of an image is read where it is.
  const at::Tensor source = image.stride(2) == 1 && image.stride(1) >= 0 ? image : image.contiguous();
  at::Tensor result = at::empty({channels, height, width}, source.options());
  const auto plane_of = [&, from = source.const_data_ptr<uint8_t>()](int64_t c) {
    return Plane{from + c * source.stride(0), source.stride(1), rows, columns};
  };
  auto* to = result.mutable_data_ptr<uint8_t>();
  if (filter == "nearest") {
    const std::vector<int64_t> y = nearest(rows, height);
    const std::vector<int64_t> x = nearest(columns, width);
    for (int64_t c = 0; c < channels; ++c) pick(plane_of(c), y, x, to + c * height * width);
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
      const Plane plane = plane_of(c);
      uint8_t* out = to + c * height * width;
      if (width == columns && height == rows) {
        for (int64_t y = 0; y < rows; ++y) std::copy_n(plane.bytes + y * plane.stride, width, out + y * width);
      } else if (width == columns) {
        resample_down(plane, vertical, out);
      } else if (height == rows) {
        resample_across(plane, horizontal, out);
      } else if (rows_first) {
        resample_down(plane, vertical, between.data());
        resample_across({between.data(), columns, height, columns}, horizontal, out);
      } else {
        resample_across(plane, horizontal, between.data());
        resample_down({between.data(), width, rows, width}, vertical, out);
      }
    }
  });
  return result;
}

}  // namespace torch_node::vision
