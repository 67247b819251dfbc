// JPEG files decoded in the calling thread: baseline ones here, others by the libvips that the npm package sharp has
// loaded into the process, which takes twice the time.
#include "vision/jpeg.h"

#include <cstring>
#include <mutex>
#include <string>

#ifdef __linux__
#include <dlfcn.h>
#include <link.h>
#endif

namespace torch_node::vision {
namespace {

/// libvips's functions, by its interface in C: those of its C++ classes change from version to version.
struct Libvips {
  int (*jpegload_buffer)(void* bytes, size_t length, void** image, ...);
  int (*get_width)(const void* image);
  int (*get_height)(const void* image);
  int (*get_bands)(const void* image);
  int (*get_format)(const void* image);
  int (*get_interpretation)(const void* image);
  void* (*region_new)(void* image);
  /// Computes a part of the image in this thread.
  unsigned char* (*region_fetch)(void* region, int left, int top, int width, int height, size_t* length);
  void (*error_clear)();
  void (*unref)(void* object);
  void (*free)(void* memory);
};

// Numbers of enums of libvips.
constexpr int kSequential = 1;
constexpr int kFailOnError = 2;
constexpr int kUchar = 0;
constexpr int kGray = 1;
constexpr int kRgb = 22;

#ifdef __linux__
/// The path of the library that is loaded; empty when there is none.
std::string loaded_path() {
  std::string found;
  dl_iterate_phdr(
      [](dl_phdr_info* library, size_t, void* result) {
        const std::string path(library->dlpi_name == nullptr ? "" : library->dlpi_name);
        const size_t slash = path.rfind('/');
        if (path.compare(slash == std::string::npos ? 0 : slash + 1, 11, "libvips-cpp") != 0) return 0;
        *static_cast<std::string*>(result) = path;
        return 1;
      },
      &found);
  return found;
}

template <typename F>
bool find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, Libvips& vips) {
  return find(library, "vips_jpegload_buffer", vips.jpegload_buffer) &&
         find(library, "vips_image_get_width", vips.get_width) &&
         find(library, "vips_image_get_height", vips.get_height) &&
         find(library, "vips_image_get_bands", vips.get_bands) &&
         find(library, "vips_image_get_format", vips.get_format) &&
         find(library, "vips_image_get_interpretation", vips.get_interpretation) &&
         find(library, "vips_region_new", vips.region_new) && find(library, "vips_region_fetch", vips.region_fetch) &&
         find(library, "vips_error_clear", vips.error_clear) && find(library, "g_object_unref", vips.unref) &&
         find(library, "g_free", vips.free);
}

const Libvips* loaded() {
  const std::string path = loaded_path();
  if (path.empty()) return nullptr;
  // It stays when a thread that had loaded sharp ends.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  static Libvips vips;
  return library != nullptr && find_all(library, vips) ? &vips : nullptr;
}
#else
const Libvips* loaded() { return nullptr; }
#endif

/// Null until sharp is loaded.
const Libvips* libvips() {
  static std::mutex mutex;
  static const Libvips* found = nullptr;
  const std::lock_guard<std::mutex> lock(mutex);
  if (found == nullptr) found = loaded();
  return found;
}

/// The pixels of an image of 8 bits, grey or RGB, as (H, W, C); undefined for others, and where a part cannot be
/// decoded.
at::Tensor pixels_of(const Libvips& vips, void* image) {
  const int interpretation = vips.get_interpretation(image);
  const int bands = vips.get_bands(image);
  const bool plain = (bands == 3 && interpretation == kRgb) || (bands == 1 && interpretation == kGray);
  if (vips.get_format(image) != kUchar || !plain) return {};
  const int width = vips.get_width(image);
  const int height = vips.get_height(image);
  void* region = vips.region_new(image);
  if (region == nullptr) return {};
  size_t length = 0;
  unsigned char* bytes = vips.region_fetch(region, 0, 0, width, height, &length);
  vips.unref(region);
  if (bytes == nullptr) return {};
  at::Tensor pixels = at::empty({height, width, bands}, at::TensorOptions(at::kByte));
  const bool whole = length == pixels.nbytes();
  if (whole) std::memcpy(pixels.mutable_data_ptr(), bytes, length);
  vips.free(bytes);
  return whole ? pixels : at::Tensor();
}

/// The pixels (H, W, C) of what libvips reads.
at::Tensor decode_by_libvips(const uint8_t* bytes, size_t length) {
  const Libvips* vips = libvips();
  if (vips == nullptr) return {};
  void* image = nullptr;
  // It reads the bytes, and declares them as memory that it may write.
  const int failed = vips->jpegload_buffer(const_cast<uint8_t*>(bytes), length, &image, "access", kSequential,
                                           "fail_on", kFailOnError, nullptr);
  at::Tensor pixels;
  if (failed == 0) {
    pixels = pixels_of(*vips, image);
    vips->unref(image);
  }
  if (!pixels.defined()) vips->error_clear();
  return pixels;
}

at::Tensor decode_here(BaselineJpeg& file, const Part& part, bool by_planes) {
  const int64_t channels = file.channels();
  const at::TensorOptions options(at::kByte);
  at::Tensor pixels = by_planes ? at::empty({channels, part.height, part.width}, options)
                                : at::empty({part.height, part.width, channels}, options);
  if (!file.decode(part, by_planes, pixels.mutable_data_ptr<uint8_t>())) return {};
  return by_planes ? pixels : pixels.permute({2, 0, 1});
}

}  // namespace

std::optional<std::array<int64_t, 2>> jpeg_size(const uint8_t* bytes, size_t length) {
  const auto file = BaselineJpeg::open(bytes, length);
  if (file == nullptr) return {};
  return {{file->height(), file->width()}};
}

at::Tensor decode_jpeg(const uint8_t* bytes, size_t length, bool by_planes, const std::optional<Part>& part) {
  if (const auto file = BaselineJpeg::open(bytes, length)) {
    const int64_t height = file->height();
    const int64_t width = file->width();
    const Part wanted = part.value_or(Part{0, 0, height, width});
    TORCH_CHECK(wanted.top >= 0 && wanted.left >= 0 && wanted.height > 0 && wanted.width > 0 &&
                    wanted.height <= height - wanted.top && wanted.width <= width - wanted.left,
                "decode_jpeg: the part is not within the image");
    at::Tensor pixels = decode_here(*file, wanted, by_planes);
    if (pixels.defined()) return pixels;
  }
  at::Tensor pixels = decode_by_libvips(bytes, length);
  if (!pixels.defined()) return {};
  pixels = pixels.permute({2, 0, 1});
  if (part) pixels = pixels.narrow(1, part->top, part->height).narrow(2, part->left, part->width);
  return by_planes ? pixels.contiguous() : pixels;
}

}  // namespace torch_node::vision
