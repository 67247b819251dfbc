// Free lists for small storages (see small_blocks.h).
#include "small_blocks.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#if !defined(_WIN32)
#include <sys/mman.h>
#endif

namespace torch_node::small_blocks {
namespace {

constexpr size_t kClasses = kLargest / kUnit;
constexpr size_t kSlab = 64 * 1024;
constexpr size_t kRange = size_t{1} << 31;  // addresses only; memory is taken slab by slab
constexpr int kKeptByThread = 4096;         // blocks of a size; more go back to the shared list

struct Free {
  Free* next;
};

struct Shared {
  char* base = nullptr;
  size_t slabs = 0;
  std::mutex mutex;
  std::array<Free*, kClasses> free{};
  std::array<uint8_t, kRange / kSlab> class_of_slab{};

  Shared() {
#if !defined(_WIN32)
    void* range = mmap(nullptr, kRange, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range != MAP_FAILED) base = static_cast<char*>(range);
#endif
  }
};

/// Never destroyed: tensors may be freed while the process ends.
Shared& shared() {
  static Shared* instance = new Shared;
  return *instance;
}

struct Local {
  std::array<Free*, kClasses> free{};
  std::array<int, kClasses> count{};
  bool closed = false;
};

thread_local Local local;

/// Gives a thread's blocks back when it ends.
struct Closer {
  ~Closer() {
    const std::lock_guard<std::mutex> lock(shared().mutex);
    for (size_t c = 0; c < kClasses; ++c) {
      while (Free* block = local.free[c]) {
        local.free[c] = block->next;
        block->next = shared().free[c];
        shared().free[c] = block;
      }
    }
    local.closed = true;
  }
};

size_t class_of(size_t bytes) { return (bytes + kUnit - 1) / kUnit - 1; }

/// Fills an empty list: from the shared list, else with a new slab.
void* refill(size_t c) {
  thread_local Closer closer;
  Shared& all = shared();
  const std::lock_guard<std::mutex> lock(all.mutex);
  if (all.base == nullptr) return nullptr;
  const size_t size = (c + 1) * kUnit;
  size_t wanted = kSlab / size;
  if (all.free[c] == nullptr) {
    if (all.slabs == kRange / kSlab) return nullptr;
    all.class_of_slab[all.slabs] = static_cast<uint8_t>(c);
    char* slab = all.base + all.slabs++ * kSlab;
    for (size_t i = kSlab / size; i-- > 0;) {
      Free* block = reinterpret_cast<Free*>(slab + i * size);
      block->next = all.free[c];
      all.free[c] = block;
    }
  }
  Free* taken = all.free[c];
  all.free[c] = taken->next;
  if (local.closed) return taken;
  while (--wanted > 0 && all.free[c] != nullptr) {
    Free* block = all.free[c];
    all.free[c] = block->next;
    block->next = local.free[c];
    local.free[c] = block;
    ++local.count[c];
  }
  return taken;
}

}  // namespace

void* allocate(size_t bytes) {
  const size_t c = class_of(bytes);
  Local& mine = local;
  Free* block = mine.free[c];
  if (block == nullptr) return refill(c);
  mine.free[c] = block->next;
  --mine.count[c];
  return block;
}

bool owns(const void* block) {
  const char* base = shared().base;
  const char* address = static_cast<const char*>(block);
  return base != nullptr && address >= base && address < base + kRange;
}

size_t size_of(const void* block) {
  const Shared& all = shared();
  const size_t slab = static_cast<size_t>(static_cast<const char*>(block) - all.base) / kSlab;
  return (all.class_of_slab[slab] + size_t{1}) * kUnit;
}

void release(void* block) {
  const size_t c = size_of(block) / kUnit - 1;
  Free* freed = static_cast<Free*>(block);
  Local& mine = local;
  if (mine.closed || mine.count[c] >= kKeptByThread) {
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

}  // namespace torch_node::small_blocks
