// Steps of a decoder: codes of Huffman to coefficients, these to blocks of samples, chroma to the size of luma, and
// colors. Each rounds as libjpeg's does with its defaults: the accurate integer transform and smooth upsampling.
#include "vision/baseline_jpeg.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "vision/simd.h"

namespace torch_node::vision {
namespace {

constexpr int kBlock = 8;
constexpr int kCoefficients = 64;

/// Where a coefficient of the file, which has them in the order of a zigzag, is in its block.
constexpr std::array<uint8_t, kCoefficients> kPlaces = [] {
  std::array<uint8_t, kCoefficients> places{};
  int x = 0;
  int y = 0;
  for (uint8_t& place : places) {
    place = static_cast<uint8_t>(y * kBlock + x);
    const bool rises = (x + y) % 2 == 0;
    if (rises && x == kBlock - 1) {
      ++y;
    } else if (rises && y == 0) {
      ++x;
    } else if (!rises && y == kBlock - 1) {
      ++x;
    } else if (!rises && x == 0) {
      ++y;
    } else {
      x += rises ? 1 : -1;
      y += rises ? -1 : 1;
    }
  }
  return places;
}();

// ---- Codes --------------------------------------------------------------------------------------------------------

constexpr int kLongest = 16;
constexpr int kWindow = 10;

/// What the next bits begin with: a code alone, or a code with the value behind it where both fit into the window.
struct Entry {
  int16_t value = 0;
  /// Zeros before the value, and above them the bits of a value that is still to be read.
  uint8_t symbol = 0;
  /// Bits of the code, and of the value that is here; 0 where the code is longer than the window.
  uint8_t bits = 0;
};

/// The number that `size` bits, at least one, stand for: with a 0 in front they are below 0.
TORCH_NODE_INLINE int value_of(uint32_t bits, int size) {
  const int below = static_cast<int>(bits >> (size - 1)) - 1;
  return static_cast<int>(bits) + (below & (1 - (1 << size)));
}

struct Codes {
  std::array<Entry, 1 << kWindow> windows;
  /// For each length the first code that is too large for it, as 16 bits, and what to add to a code for its symbol.
  std::array<uint32_t, kLongest + 1> ends{};
  std::array<int, kLongest + 1> offsets{};
  std::array<uint8_t, 256> symbols{};

  /// Whether the counts of codes by length make a table.
  bool build(const uint8_t* counts, const uint8_t* values, int total) {
    std::copy(values, values + total, symbols.begin());
    uint32_t code = 0;
    int at = 0;
    for (int bits = 1; bits <= kLongest; ++bits, code <<= 1) {
      offsets[bits] = at - static_cast<int>(code);
      for (int i = 0; i < counts[bits - 1]; ++i, ++code, ++at) {
        if (bits <= kWindow && code < (1U << bits)) fill(code, bits, symbols[at]);
      }
      if (code > (1U << bits)) return false;
      ends[bits] = code << (kLongest - bits);
    }
    return true;
  }

 private:
  void fill(uint32_t code, int bits, uint8_t symbol) {
    const int rest = kWindow - bits;
    const int size = symbol & 15;
    for (uint32_t behind = 0; behind < (1U << rest); ++behind) {
      Entry& entry = windows[(code << rest) | behind];
      entry = {0, symbol, static_cast<uint8_t>(bits)};
      if (size == 0 || size > rest) continue;
      entry.symbol = symbol & 0xF0;
      entry.bits = static_cast<uint8_t>(bits + size);
      entry.value = static_cast<int16_t>(value_of(behind >> (rest - size), size));
    }
  }
};

/// The bits between two markers.
class Bits {
 public:
  Bits(const uint8_t* at, const uint8_t* end) : at_(at), end_(end) {}

  /// Makes at least 48 bits readable, of zeros where the data end.
  void refill() {
    if (count_ >= 32) return;
    if (end_ - at_ >= 8) {
      uint64_t next = 0;
      std::memcpy(&next, at_, 8);
      // No byte of it is 255.
      const uint64_t low = ~next;
      if (((low - 0x0101010101010101ULL) & ~low & 0x8080808080808080ULL) == 0) {
        const int bytes = (64 - count_) / 8;
        held_ |= swapped(next) >> count_;
        count_ += bytes * 8;
        // What does not fit is read again.
        held_ &= count_ == 64 ? ~0ULL : ~(~0ULL >> count_);
        at_ += bytes;
        return;
      }
    }
    while (count_ <= 56) {
      uint64_t byte = 0;
      if (at_ < end_ && *at_ != 0xFF) {
        byte = *at_++;
      } else if (end_ - at_ >= 2 && at_[1] == 0) {
        byte = 0xFF;
        at_ += 2;
      } else {
        added_ += 8;
      }
      held_ |= byte << (56 - count_);
      count_ += 8;
    }
  }

  uint32_t peek(int bits) const { return static_cast<uint32_t>(held_ >> (64 - bits)); }
  void skip(int bits) {
    held_ <<= bits;
    count_ -= bits;
  }
  /// The number in the next bits, of which there is at least one.
  int value(int size) {
    const uint32_t bits = peek(size);
    skip(size);
    return value_of(bits, size);
  }

  /// Whether all bits were there, and the data end with the byte that the last bits are in.
  bool is_at_end() const {
    const int left = count_ - added_;
    return left >= 0 && left < 8 && (at_ >= end_ || (at_[0] == 0xFF && (end_ - at_ < 2 || at_[1] != 0)));
  }
  const uint8_t* at() const { return at_; }

 private:
  static uint64_t swapped(uint64_t value) {
    value = ((value & 0x00FF00FF00FF00FFULL) << 8) | ((value >> 8) & 0x00FF00FF00FF00FFULL);
    value = ((value & 0x0000FFFF0000FFFFULL) << 16) | ((value >> 16) & 0x0000FFFF0000FFFFULL);
    return (value << 32) | (value >> 32);
  }

  const uint8_t* at_;
  const uint8_t* end_;
  uint64_t held_ = 0;
  int count_ = 0;
  int added_ = 0;
};

/// The entry of a code that is longer than the window; without bits where no code begins with these.
Entry long_entry(const Codes& codes, const Bits& bits) {
  const uint32_t next = bits.peek(kLongest);
  for (int length = kWindow + 1; length <= kLongest; ++length) {
    if (next >= codes.ends[length]) continue;
    const int at = static_cast<int>(next >> (kLongest - length)) + codes.offsets[length];
    if (at < 0 || at > 255) return {};
    return {0, codes.symbols[at], static_cast<uint8_t>(length)};
  }
  return {};
}

TORCH_NODE_INLINE Entry next_entry(const Codes& codes, Bits& bits) {
  bits.refill();
  Entry entry = codes.windows[bits.peek(kWindow)];
  if (entry.bits == 0) entry = long_entry(codes, bits);
  bits.skip(entry.bits);
  return entry;
}

constexpr int kDamaged = -1;

/// Reads the coefficients of a block, times those of the table, into a block of zeros. Gives the place of the last one
/// in the order of the file, or kDamaged.
TORCH_NODE_INLINE int read_block(Bits& bits, const Codes& first, const Codes& others,
                                 const std::array<uint16_t, kCoefficients>& table, int& previous, int16_t* block) {
  const Entry mean = next_entry(first, bits);
  if (mean.bits == 0 || mean.symbol > 11) return kDamaged;
  previous += mean.symbol == 0 ? mean.value : bits.value(mean.symbol);
  if (previous < -32768 || previous > 32767) return kDamaged;
  block[0] = static_cast<int16_t>(previous * table[0]);
  int last = 0;
  for (int k = 1; k < kCoefficients; ++k) {
    const Entry entry = next_entry(others, bits);
    k += entry.symbol >> 4;
    int value = entry.value;
    if (value == 0) {
      const int size = entry.symbol & 15;
      if (size == 0) {
        if (entry.bits == 0) return kDamaged;
        if (entry.symbol == 0) return last;
        // Sixteen zeros, of which the loop counts one.
        if (entry.symbol != 0xF0 || k >= kCoefficients) return kDamaged;
        continue;
      }
      value = bits.value(size);
    }
    if (k >= kCoefficients) return kDamaged;
    block[kPlaces[k]] = static_cast<int16_t>(value * table[k]);
    last = k;
  }
  return last;
}

// ---- Blocks -------------------------------------------------------------------------------------------------------

uint8_t byte_of(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

constexpr int kBits = 13;
constexpr int kExtra = 2;
constexpr uint32_t fixed(double factor) { return static_cast<uint32_t>(factor * (1 << kBits) + 0.5); }

/// The inverse cosine transform of each column, by the method of Loeffler, Ligtenberg and Moschytz. Sums of damaged
/// files wrap around.
template <int kDrop, typename From>
TORCH_NODE_INLINE void transform(const From* from, int32_t* to) {
  for (int x = 0; x < kBlock; ++x) {
    const auto in = [&](int row) { return static_cast<uint32_t>(static_cast<int32_t>(from[row * kBlock + x])); };
    const uint32_t turned = (in(2) + in(6)) * fixed(0.541196100);
    const uint32_t even2 = turned - in(6) * fixed(1.847759065);
    const uint32_t even3 = turned + in(2) * fixed(0.765366865);
    const uint32_t sum = ((in(0) + in(4)) << kBits) + (1U << (kDrop - 1));
    const uint32_t difference = ((in(0) - in(4)) << kBits) + (1U << (kDrop - 1));
    const std::array<uint32_t, 4> even = {sum + even3, difference + even2, difference - even2, sum - even3};

    const uint32_t shared = (in(7) + in(3) + in(5) + in(1)) * fixed(1.175875602);
    const uint32_t z1 = (in(7) + in(1)) * fixed(0.899976223);
    const uint32_t z2 = (in(5) + in(3)) * fixed(2.562915447);
    const uint32_t z3 = shared - (in(7) + in(3)) * fixed(1.961570560);
    const uint32_t z4 = shared - (in(5) + in(1)) * fixed(0.390180644);
    const std::array<uint32_t, 4> odd = {in(1) * fixed(1.501321110) - z1 + z4, in(3) * fixed(3.072711026) - z2 + z3,
                                         in(5) * fixed(2.053119869) - z2 + z4, in(7) * fixed(0.298631336) - z1 + z3};
    for (int i = 0; i < 4; ++i) {
      to[i * kBlock + x] = static_cast<int32_t>(even[i] + odd[i]) >> kDrop;
      to[(kBlock - 1 - i) * kBlock + x] = static_cast<int32_t>(even[i] - odd[i]) >> kDrop;
    }
  }
}

TORCH_NODE_INLINE void transpose(const int32_t* from, int32_t* to) {
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) to[x * kBlock + y] = from[y * kBlock + x];
  }
}

TORCH_NODE_INLINE void block_samples(const int16_t* block, uint8_t* to, int64_t stride) {
  alignas(32) int32_t columns[kCoefficients];
  alignas(32) int32_t turned[kCoefficients];
  transform<kBits - kExtra>(block, columns);
  transpose(columns, turned);
  transform<kBits + kExtra + 3>(turned, columns);
  transpose(columns, turned);
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) to[y * stride + x] = byte_of(turned[y * kBlock + x] + 128);
  }
}

TORCH_NODE_AVX2 void block_samples_avx2(const int16_t* block, uint8_t* to, int64_t stride) {
  block_samples(block, to, stride);
}

void block_samples_plain(const int16_t* block, uint8_t* to, int64_t stride) { block_samples(block, to, stride); }

/// A block of which only the mean is not 0.
void even_samples(int16_t mean, uint8_t* to, int64_t stride) {
  const int32_t column = static_cast<int32_t>(mean) * (1 << kExtra);
  const uint8_t sample = byte_of(((column + (1 << (kExtra + 2))) >> (kExtra + 3)) + 128);
  for (int y = 0; y < kBlock; ++y) std::memset(to + y * stride, sample, kBlock);
}

// ---- Rows ---------------------------------------------------------------------------------------------------------

/// A row of chroma with twice as many samples: each is three parts of the nearer and one part of the farther.
TORCH_NODE_INLINE void widened(const uint8_t* from, int64_t width, uint8_t* to) {
  to[0] = from[0];
  to[2 * width - 1] = from[width - 1];
  for (int64_t x = 1; x < width; ++x) {
    to[2 * x - 1] = static_cast<uint8_t>((3 * from[x - 1] + from[x] + 2) >> 2);
    to[2 * x] = static_cast<uint8_t>((3 * from[x] + from[x - 1] + 1) >> 2);
  }
}

/// The same of three parts of a row and one of the row beyond, with 4 bits to drop at the end.
TORCH_NODE_INLINE void enlarged(const uint8_t* near, const uint8_t* far, int64_t width, uint16_t* sums, uint8_t* to) {
  for (int64_t x = 0; x < width; ++x) sums[x] = static_cast<uint16_t>(3 * near[x] + far[x]);
  to[0] = static_cast<uint8_t>((4 * sums[0] + 8) >> 4);
  to[2 * width - 1] = static_cast<uint8_t>((4 * sums[width - 1] + 7) >> 4);
  for (int64_t x = 1; x < width; ++x) {
    to[2 * x - 1] = static_cast<uint8_t>((3 * sums[x - 1] + sums[x] + 7) >> 4);
    to[2 * x] = static_cast<uint8_t>((3 * sums[x] + sums[x - 1] + 8) >> 4);
  }
}

constexpr int32_t in_16_bits(double factor) { return static_cast<int32_t>(factor * 65536 + 0.5); }
constexpr int32_t kHalf = 1 << 15;

/// Red, green and blue of a row.
TORCH_NODE_INLINE void colors(const uint8_t* luma, const uint8_t* blue_chroma, const uint8_t* red_chroma, int64_t width,
                              uint8_t* __restrict red, uint8_t* __restrict green, uint8_t* __restrict blue) {
  for (int64_t x = 0; x < width; ++x) {
    const int32_t y = luma[x];
    const int32_t cb = blue_chroma[x] - 128;
    const int32_t cr = red_chroma[x] - 128;
    red[x] = byte_of(y + ((in_16_bits(1.40200) * cr + kHalf) >> 16));
    green[x] = byte_of(y + ((-in_16_bits(0.34414) * cb + kHalf - in_16_bits(0.71414) * cr) >> 16));
    blue[x] = byte_of(y + ((in_16_bits(1.77200) * cb + kHalf) >> 16));
  }
}

struct RowFunctions {
  void (*widened)(const uint8_t*, int64_t, uint8_t*);
  void (*enlarged)(const uint8_t*, const uint8_t*, int64_t, uint16_t*, uint8_t*);
  void (*colors)(const uint8_t*, const uint8_t*, const uint8_t*, int64_t, uint8_t*, uint8_t*, uint8_t*);
  void (*block)(const int16_t*, uint8_t*, int64_t);
};

TORCH_NODE_AVX2 void widened_avx2(const uint8_t* from, int64_t width, uint8_t* to) { widened(from, width, to); }
TORCH_NODE_AVX2 void enlarged_avx2(const uint8_t* near, const uint8_t* far, int64_t width, uint16_t* sums,
                                   uint8_t* to) {
  enlarged(near, far, width, sums, to);
}
TORCH_NODE_AVX2 void colors_avx2(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, int64_t width, uint8_t* red,
                                 uint8_t* green, uint8_t* blue) {
  colors(y, cb, cr, width, red, green, blue);
}
void widened_plain(const uint8_t* from, int64_t width, uint8_t* to) { widened(from, width, to); }
void enlarged_plain(const uint8_t* near, const uint8_t* far, int64_t width, uint16_t* sums, uint8_t* to) {
  enlarged(near, far, width, sums, to);
}
void colors_plain(const uint8_t* y, const uint8_t* cb, const uint8_t* cr, int64_t width, uint8_t* red, uint8_t* green,
                  uint8_t* blue) {
  colors(y, cb, cr, width, red, green, blue);
}

const RowFunctions& row_functions() {
  static const RowFunctions with_avx2 = {widened_avx2, enlarged_avx2, colors_avx2, block_samples_avx2};
  static const RowFunctions plain = {widened_plain, enlarged_plain, colors_plain, block_samples_plain};
  return has_avx2() ? with_avx2 : plain;
}

// ---- Files --------------------------------------------------------------------------------------------------------

int64_t divided_up(int64_t value, int64_t by) { return (value + by - 1) / by; }

struct Component {
  uint8_t id = 0;
  /// Blocks of it in each direction of a unit of the scan.
  int across = 1;
  int down = 1;
  int table = 0;
  int first_codes = 0;
  int other_codes = 0;
  int64_t width = 0;
  int64_t height = 0;
  int64_t stride = 0;
  std::vector<uint8_t> samples;
};

class Decoder final : public BaselineJpeg {
 public:
  Decoder(const uint8_t* bytes, size_t length) : at_(bytes), end_(bytes + length) {}

  int64_t width() const override { return width_; }
  int64_t height() const override { return height_; }
  int64_t channels() const override { return static_cast<int64_t>(components_.size()); }

  /// Reads up to the data; false for what is not read here.
  bool read_headers() {
    if (end_ - at_ < 4 || at_[0] != 0xFF || at_[1] != 0xD8) return false;
    at_ += 2;
    for (;;) {
      if (end_ - at_ < 4 || at_[0] != 0xFF) return false;
      const uint8_t marker = at_[1];
      const size_t length = static_cast<size_t>(at_[2]) * 256 + at_[3];
      if (length < 2 || static_cast<size_t>(end_ - at_) < length + 2) return false;
      const uint8_t* body = at_ + 4;
      const size_t size = length - 2;
      at_ += length + 2;
      if (marker == 0xDA) return read_scan(body, size) && has_ycbcr() && has_enough_data();
      if (!read_segment(marker, body, size)) return false;
    }
  }

  bool decode(const Part& part, bool by_planes, uint8_t* pixels) override {
    if (!read_samples(part)) return false;
    if (components_.size() == 1) {
      const Component& gray = components_[0];
      for (int64_t y = 0; y < part.height; ++y) {
        std::memcpy(pixels + y * part.width, &gray.samples[(part.top + y) * gray.stride + part.left], part.width);
      }
    } else {
      write_colors(part, by_planes, pixels);
    }
    return true;
  }

 private:
  bool read_segment(uint8_t marker, const uint8_t* body, size_t size) {
    switch (marker) {
      case 0xC0:
      case 0xC1:
        return read_frame(body, size);
      case 0xC4:
        return read_codes(body, size);
      case 0xDB:
        return read_tables(body, size);
      case 0xDD:
        if (size != 2) return false;
        restart_ = body[0] * 256 + body[1];
        return true;
      case 0xE0:
        if (size >= 12 && std::memcmp(body, "JFIF\0", 5) == 0) is_jfif_ = true;
        return true;
      case 0xEE:
        if (size >= 12 && std::memcmp(body, "Adobe", 5) == 0) adobe_ = body[11];
        return true;
      default:
        // What applications add, and comments.
        return (marker > 0xE0 && marker <= 0xEF) || marker == 0xFE;
    }
  }

  bool read_frame(const uint8_t* body, size_t size) {
    if (!components_.empty() || size < 6 || body[0] != 8) return false;
    height_ = body[1] * 256 + body[2];
    width_ = body[3] * 256 + body[4];
    const size_t count = body[5];
    if (height_ == 0 || width_ == 0 || (count != 1 && count != 3) || size != 6 + 3 * count) return false;
    components_.resize(count);
    for (size_t i = 0; i < count; ++i) {
      const uint8_t* row = body + 6 + 3 * i;
      Component& component = components_[i];
      component.id = row[0];
      component.across = row[1] >> 4;
      component.down = row[1] & 15;
      component.table = row[2];
      if (component.table > 3) return false;
    }
    return set_sizes();
  }

  /// Sizes of components for the samplings that are decoded here.
  bool set_sizes() {
    Component& luma = components_[0];
    if (components_.size() == 1) {
      // Its blocks are one behind the other, however many a unit is said to have.
      if (luma.across < 1 || luma.across > 4 || luma.down < 1 || luma.down > 4) return false;
      luma.across = luma.down = 1;
    }
    across_ = luma.across;
    down_ = luma.down;
    const bool known = (across_ == 1 && down_ == 1) || (across_ == 2 && (down_ == 1 || down_ == 2));
    if (!known) return false;
    units_across_ = divided_up(width_, across_ * kBlock);
    units_down_ = divided_up(height_, down_ * kBlock);
    for (Component& component : components_) {
      if (&component != &luma && (component.across != 1 || component.down != 1)) return false;
      component.width = divided_up(width_ * component.across, across_);
      component.height = divided_up(height_ * component.down, down_);
      component.stride = units_across_ * component.across * kBlock;
    }
    // Narrower ones are not smoothed.
    return across_ == 1 || components_.back().width > 2;
  }

  bool read_codes(const uint8_t* body, size_t size) {
    const uint8_t* end = body + size;
    while (body < end) {
      if (end - body < 17) return false;
      const int kind = body[0] >> 4;
      const int number = body[0] & 15;
      if (kind > 1 || number > 3) return false;
      int total = 0;
      for (int i = 1; i <= kLongest; ++i) total += body[i];
      if (total > 256 || end - body < 17 + total) return false;
      std::unique_ptr<Codes>& codes = codes_[kind][number];
      codes = std::make_unique<Codes>();
      if (!codes->build(body + 1, body + 17, total)) return false;
      body += 17 + total;
    }
    return true;
  }

  bool read_tables(const uint8_t* body, size_t size) {
    const uint8_t* end = body + size;
    while (body < end) {
      const int wide = body[0] >> 4;
      const int number = body[0] & 15;
      const int bytes = kCoefficients * (wide + 1);
      if (wide > 1 || number > 3 || end - body < 1 + bytes) return false;
      ++body;
      for (int i = 0; i < kCoefficients; ++i) {
        tables_[number][i] = wide == 1 ? static_cast<uint16_t>(body[2 * i] * 256 + body[2 * i + 1]) : body[i];
      }
      has_table_[number] = true;
      body += bytes;
    }
    return true;
  }

  bool read_scan(const uint8_t* body, size_t size) {
    const size_t count = components_.size();
    if (count == 0 || size != 4 + 2 * count || body[0] != count) return false;
    for (size_t i = 0; i < count; ++i) {
      Component& component = components_[i];
      component.first_codes = body[2 + 2 * i] >> 4;
      component.other_codes = body[2 + 2 * i] & 15;
      if (body[1 + 2 * i] != component.id || component.first_codes > 3 || component.other_codes > 3) return false;
      if (!codes_[0][component.first_codes] || !codes_[1][component.other_codes] || !has_table_[component.table]) {
        return false;
      }
    }
    const uint8_t* selected = body + 1 + 2 * count;
    return selected[0] == 0 && selected[1] == kCoefficients - 1 && selected[2] == 0;
  }

  /// Whether three components are YCbCr, as libjpeg guesses it.
  bool has_ycbcr() const {
    if (components_.size() == 1 || is_jfif_) return true;
    if (adobe_) return *adobe_ == 1;
    return components_[0].id != 'R' || components_[1].id != 'G' || components_[2].id != 'B';
  }

  /// A block takes two bits at least. Without as many, memory for the pixels would be taken for nothing.
  bool has_enough_data() const {
    int64_t blocks = 0;
    for (const Component& component : components_) blocks += component.across * component.down;
    return blocks * units_across_ * units_down_ <= (end_ - at_) * 4;
  }

  /// Rows or columns of units that are decoded for a range of pixels; smoothing takes those beside it.
  struct Range {
    int64_t begin;
    int64_t end;
  };
  static Range units_of(int64_t from, int64_t count, int64_t size) {
    return {std::max<int64_t>(from - 2, 0) / size, divided_up(from + count + 2, size)};
  }

  bool read_samples(const Part& part) {
    const Range rows = units_of(part.top, part.height, down_ * kBlock);
    const Range columns = units_of(part.left, part.width, across_ * kBlock);
    for (Component& component : components_) {
      component.samples.resize(component.stride * units_down_ * component.down * kBlock);
    }
    const auto transformed = row_functions().block;
    Bits bits(at_, end_);
    std::array<int, 3> previous{};
    int64_t left = restart_;
    int next_marker = 0;
    alignas(32) int16_t block[kCoefficients] = {};
    for (int64_t y = 0; y < units_down_; ++y) {
      for (int64_t x = 0; x < units_across_; ++x) {
        if (restart_ > 0 && left == 0) {
          if (!skip_marker(bits, 0xD0 + next_marker)) return false;
          next_marker = (next_marker + 1) % 8;
          previous = {};
          left = restart_;
        }
        --left;
        const bool wanted = y >= rows.begin && y < rows.end && x >= columns.begin && x < columns.end;
        for (size_t c = 0; c < components_.size(); ++c) {
          Component& component = components_[c];
          const Codes& first = *codes_[0][component.first_codes];
          const Codes& others = *codes_[1][component.other_codes];
          for (int part_y = 0; part_y < component.down; ++part_y) {
            for (int part_x = 0; part_x < component.across; ++part_x) {
              const int last = read_block(bits, first, others, tables_[component.table], previous[c], block);
              if (last == kDamaged) return false;
              uint8_t* to = &component.samples[(y * component.down + part_y) * kBlock * component.stride +
                                               (x * component.across + part_x) * kBlock];
              if (wanted && last == 0) even_samples(block[0], to, component.stride);
              if (wanted && last > 0) transformed(block, to, component.stride);
              if (last == 0) {
                block[0] = 0;
              } else {
                std::memset(block, 0, sizeof block);
              }
            }
          }
        }
      }
    }
    return skip_marker(bits, 0xD9);
  }

  /// Whether all bits were read, and this marker follows; then reading goes on behind it.
  bool skip_marker(Bits& bits, int marker) const {
    if (!bits.is_at_end()) return false;
    const uint8_t* at = bits.at();
    if (end_ - at < 2 || at[1] != marker) return false;
    bits = Bits(at + 2, end_);
    return true;
  }

  void write_colors(const Part& part, bool by_planes, uint8_t* pixels) {
    const RowFunctions& functions = row_functions();
    const Component& luma = components_[0];
    const int64_t chroma_width = components_[1].width;
    std::array<std::vector<uint8_t>, 2> wide;
    for (auto& row : wide) row.resize(2 * chroma_width);
    std::vector<uint16_t> sums(chroma_width);
    std::vector<uint8_t> row(by_planes ? 0 : 3 * part.width);
    const int64_t plane = part.height * part.width;
    for (int64_t y = part.top; y < part.top + part.height; ++y) {
      const uint8_t* chroma[2];
      for (int c = 0; c < 2; ++c) {
        const Component& component = components_[c + 1];
        const auto at = [&](int64_t place) {
          return &component.samples[std::clamp<int64_t>(place, 0, component.height - 1) * component.stride];
        };
        if (across_ == 1) {
          chroma[c] = at(y);
          continue;
        }
        chroma[c] = wide[c].data();
        if (down_ == 1) {
          functions.widened(at(y), chroma_width, wide[c].data());
        } else {
          functions.enlarged(at(y / 2), at(y / 2 + (y % 2 == 0 ? -1 : 1)), chroma_width, sums.data(), wide[c].data());
        }
      }
      uint8_t* out = by_planes ? pixels + (y - part.top) * part.width : row.data();
      const int64_t step = by_planes ? plane : part.width;
      functions.colors(&luma.samples[y * luma.stride + part.left], chroma[0] + part.left, chroma[1] + part.left,
                       part.width, out, out + step, out + 2 * step);
      if (by_planes) continue;
      uint8_t* to = pixels + (y - part.top) * part.width * 3;
      for (int64_t x = 0; x < part.width; ++x) {
        for (int c = 0; c < 3; ++c) to[3 * x + c] = row[c * part.width + x];
      }
    }
  }

  const uint8_t* at_;
  const uint8_t* end_;
  int64_t width_ = 0;
  int64_t height_ = 0;
  std::vector<Component> components_;
  int across_ = 1;
  int down_ = 1;
  int64_t units_across_ = 0;
  int64_t units_down_ = 0;
  std::array<std::array<std::unique_ptr<Codes>, 4>, 2> codes_;
  std::array<std::array<uint16_t, kCoefficients>, 4> tables_{};
  std::array<bool, 4> has_table_{};
  int64_t restart_ = 0;
  bool is_jfif_ = false;
  std::optional<uint8_t> adobe_;
};

}  // namespace

std::unique_ptr<BaselineJpeg> BaselineJpeg::open(const uint8_t* bytes, size_t length) {
  auto decoder = std::make_unique<Decoder>(bytes, length);
  if (!decoder->read_headers()) return nullptr;
  return decoder;
}

}  // namespace torch_node::vision
