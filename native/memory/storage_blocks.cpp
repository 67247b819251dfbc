// Size classes, free lists and the cache of large blocks (see storage_blocks.h).
#include "memory/storage_blocks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#if !defined(_WIN32)
#include <sys/mman.h>
#endif

namespace torch_node::storage_blocks {

#if defined(_WIN32) || defined(__SANITIZE_ADDRESS__)

// Windows keeps to libtorch's own allocator; so does a build with AddressSanitizer, which then sees each storage.
void* allocate(size_t) { return nullptr; }
size_t size_of(const void*) { return 0; }
void release(void*, size_t) {}

#else

namespace {

constexpr size_t kUnit = 64;
constexpr size_t kLinear = 1024;                // up to here a class for each multiple of 64
constexpr size_t kSlabbed = size_t{64} * 1024;  // up to here blocks are cut from slabs; larger ones are mapped alone
constexpr size_t kSteps = 8;                    // classes a doubling: at most an eighth is wasted
constexpr size_t kSlabUnit = size_t{64} * 1024;
constexpr size_t kRange = size_t{1} << 35;  // addresses only; memory is taken as it is used
constexpr size_t kKeptBytes = 128u << 20;   // of large blocks, beside half of what is in use

constexpr size_t kLinearClasses = kLinear / kUnit;
constexpr size_t kSlabClasses = kLinearClasses + 6 * kSteps;  // 1 KiB to 64 KiB are six doublings

/// The class of a size: 0, 1, 2, ... with growing block sizes.
size_t class_of(size_t bytes) {
  if (bytes <= kLinear) return (bytes + kUnit - 1) / kUnit - 1;
  const size_t doubling = static_cast<size_t>(std::bit_width(bytes - 1)) - 1;  // 2^doubling < bytes <= 2^(doubling + 1)
  const size_t base = size_t{1} << doubling;
  const size_t step = (bytes - base + base / kSteps - 1) / (base / kSteps);
  return kLinearClasses + (doubling - 10) * kSteps + step - 1;
}

size_t size_of_class(size_t c) {
  if (c < kLinearClasses) return (c + 1) * kUnit;
  const size_t above = c - kLinearClasses;
  const size_t base = kLinear << (above / kSteps);
  return base + (above % kSteps + 1) * (base / kSteps);
}

struct Free {
  Free* next;
};

struct Shared {
  char* base = nullptr;
  uint8_t* classes = nullptr;  // of each 64 KiB of the range, plus one; 0 where nothing was cut
  size_t used = 0;             // bytes of the range
  std::mutex mutex;
  std::array<Free*, kSlabClasses> free{};

  std::unordered_map<const void*, size_t> large;         // every large block in use, and its size
  std::unordered_map<size_t, std::vector<void*> > kept;  // large blocks for reuse, by size
  size_t large_bytes = 0;
  size_t kept_bytes = 0;

  Shared() {
    base = static_cast<char*>(reserve(kRange));
    classes = static_cast<uint8_t*>(reserve(kRange / kSlabUnit));
    if (classes == nullptr) base = nullptr;
  }

  static void* reserve(size_t bytes) {
    void* range = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return range == MAP_FAILED ? nullptr : range;
  }
};

/// Never destroyed: tensors may be freed while the process ends.
Shared& shared() {
  static Shared* instance = new Shared;
  return *instance;
}

struct Local {
  std::array<Free*, kSlabClasses> free{};
  std::array<uint32_t, kSlabClasses> count{};
  bool closed = false;
};

thread_local Local local;

/// How many free blocks of a class a thread caches.
uint32_t max_cached_blocks(size_t size) {
  return static_cast<uint32_t>(std::clamp<size_t>((4u << 20) / size, 64, 8192));
}

/// Returns a thread's blocks to the shared lists when it ends.
struct Closer {
  ~Closer() {
    Shared& all = shared();
    const std::lock_guard<std::mutex> lock(all.mutex);
    for (size_t c = 0; c < kSlabClasses; ++c) {
      while (Free* block = local.free[c]) {
        local.free[c] = block->next;
        block->next = all.free[c];
        all.free[c] = block;
      }
    }
    local.closed = true;
  }
};

bool cut_slab(Shared& all, size_t c, size_t size) {
  const size_t slab = std::max(kSlabUnit, (4 * size + kSlabUnit - 1) / kSlabUnit * kSlabUnit);
  if (all.base == nullptr || all.used + slab > kRange) return false;
  char* start = all.base + all.used;
  for (size_t at = 0; at < slab; at += kSlabUnit) {
    all.classes[(all.used + at) / kSlabUnit] = static_cast<uint8_t>(c + 1);
  }
  all.used += slab;
  for (size_t i = slab / size; i-- > 0;) {
    Free* block = reinterpret_cast<Free*>(start + i * size);
    block->next = all.free[c];
    all.free[c] = block;
  }
  return true;
}

/// Fills a thread's empty list: from the shared list, else with a new slab.
void* refill(size_t c) {
  thread_local Closer closer;
  Shared& all = shared();
  const size_t size = size_of_class(c);
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (all.free[c] == nullptr && !cut_slab(all, c, size)) return nullptr;
  Free* taken = all.free[c];
  all.free[c] = taken->next;
  for (size_t more = kSlabUnit / size; more > 1 && all.free[c] != nullptr && !local.closed; --more) {
    Free* block = all.free[c];
    all.free[c] = block->next;
    block->next = local.free[c];
    local.free[c] = block;
    ++local.count[c];
  }
  return taken;
}

void* allocate_large(size_t bytes) {
  // whole pages
  const size_t size = (size_of_class(class_of(bytes)) + 4095) / 4096 * 4096;
  Shared& all = shared();
  const std::lock_guard<std::mutex> lock(all.mutex);
  void* block = nullptr;
  if (const auto found = all.kept.find(size); found != all.kept.end() && !found->second.empty()) {
    block = found->second.back();
    found->second.pop_back();
    all.kept_bytes -= size;
  } else {
    block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return nullptr;
  }
  all.large.emplace(block, size);
  all.large_bytes += size;
  return block;
}

void release_large(void* block, size_t size) {
  Shared& all = shared();
  std::unique_lock<std::mutex> lock(all.mutex);
  all.large.erase(block);
  all.large_bytes -= size;
  if (all.kept_bytes + size <= kKeptBytes + all.large_bytes / 2) {
    all.kept[size].push_back(block);
    all.kept_bytes += size;
    return;
  }
  lock.unlock();
  munmap(block, size);
}

}  // namespace

void* allocate(size_t bytes) {
  if (bytes > kSlabbed) return allocate_large(bytes);
  const size_t c = class_of(bytes);
  Local& mine = local;
  Free* block = mine.free[c];
  if (block == nullptr) return refill(c);
  mine.free[c] = block->next;
  --mine.count[c];
  return block;
}

size_t size_of(const void* block) {
  Shared& all = shared();
  const char* address = static_cast<const char*>(block);
  if (address >= all.base && address < all.base + kRange && all.base != nullptr) {
    return size_of_class(all.classes[static_cast<size_t>(address - all.base) / kSlabUnit] - size_t{1});
  }
  const std::lock_guard<std::mutex> lock(all.mutex);
  const auto found = all.large.find(block);
  return found == all.large.end() ? 0 : found->second;
}

void release(void* block, size_t size) {
  if (size > kSlabbed) {
    release_large(block, size);
    return;
  }
  const size_t c = class_of(size);
  Free* freed = static_cast<Free*>(block);
  Local& mine = local;
  if (mine.closed || mine.count[c] >= max_cached_blocks(size)) {
    Shared& all = shared();
    const std::lock_guard<std::mutex> lock(all.mutex);
    freed->next = all.free[c];
    all.free[c] = freed;
    return;
  }
  freed->next = mine.free[c];
  mine.free[c] = freed;
  ++mine.count[c];
}

#endif

}  // namespace torch_node::storage_blocks
