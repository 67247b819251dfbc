// The counting CPU allocator (see allocation.h).
#include "memory/allocation.h"

#include <atomic>
#include <mutex>

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include "memory/storage_blocks.h"

#if defined(__APPLE__)
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif

namespace torch_node {
namespace {

thread_local AllocationCounts counts;
std::atomic<uint64_t> live_bytes{0};
c10::Allocator* base_allocator = nullptr;
c10::DeleterFnPtr base_delete = nullptr;

size_t block_size(void* block) {
#if defined(__APPLE__)
  return malloc_size(block);
#elif defined(_WIN32)
  return _aligned_msize(block, c10::gAlignment, 0);
#else
  return malloc_usable_size(block);
#endif
}

void count(size_t bytes, bool freed) {
  if (freed) {
    counts.freed += bytes;
    live_bytes.fetch_sub(bytes, std::memory_order_relaxed);
  } else {
    counts.allocated += bytes;
    live_bytes.fetch_add(bytes, std::memory_order_relaxed);
  }
}

void counting_delete(void* block) {
  if (block == nullptr) return;
  if (const size_t size = storage_blocks::size_of(block); size > 0) {
    count(size, true);
    storage_blocks::release(block, size);
    return;
  }
  count(block_size(block), true);
  base_delete(block);
}

class CountingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t nbytes) override {
    void* block = nbytes > 0 ? storage_blocks::allocate(nbytes) : nullptr;
    if (block != nullptr) {
      count(storage_blocks::size_of(block), false);
    } else {
      c10::DataPtr data = base_allocator->allocate(nbytes);
      block = data.get();
      if (block != nullptr) {
        count(block_size(block), false);
        data.release_context();
      }
    }
    return {block, block, &counting_delete, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &counting_delete; }
  void copy_data(void* dest, const void* src, std::size_t count) const override {
    base_allocator->copy_data(dest, src, count);
  }
};

}  // namespace

void install_counting_allocator() {
  static std::once_flag once;
  std::call_once(once, [] {
    c10::Allocator* base = c10::GetCPUAllocator();
    // Only an allocator whose blocks are plain malloc blocks (context == data) can be counted from outside.
    if (base == nullptr || base->raw_deleter() == nullptr) return;
    base_allocator = base;
    base_delete = base->raw_deleter();
    static CountingAllocator allocator;
    c10::SetCPUAllocator(&allocator, 255);
  });
}

const AllocationCounts& thread_allocations() { return counts; }

void count_taken_over(size_t bytes) { counts.allocated += bytes; }
void add_allocations(const AllocationCounts& done) {
  counts.allocated += done.allocated;
  counts.freed += done.freed;
}

uint64_t process_live_bytes() { return live_bytes.load(std::memory_order_relaxed); }

}  // namespace torch_node
