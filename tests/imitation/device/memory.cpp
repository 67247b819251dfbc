// Memory of the imitation: mapped from the system, which gives pages when they are touched, with an accounting and a
// limit for each device. What is freed is kept for reuse, and counts against the limit, until emptyCache.
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <torch/library.h>

#include "imitation.h"

namespace imitation {
namespace {

constexpr size_t kPage = 4096;

struct Block {
  c10::DeviceIndex device;
  size_t size;
};

struct Memory {
  std::mutex mutex;
  std::unordered_map<void*, Block> blocks;
  std::array<std::multimap<size_t, void*>, kDevices> cached;
  std::array<c10::CachingDeviceAllocator::DeviceStats, kDevices> stats;
  std::array<int64_t, kDevices> limit{};
  std::array<int64_t, kDevices> emptied{};
  std::set<const void*> pinned;

  Memory() { limit.fill(int64_t{1} << 40); }
};

/// Never destroyed: tensors may be freed after the end of main.
Memory& memory() {
  static auto* const it = new Memory;
  return *it;
}

c10::CachingAllocator::Stat& all(c10::CachingAllocator::StatArray& stats) { return stats[0]; }

std::string readable(int64_t bytes) {
  char text[64];
  const auto count = static_cast<double>(bytes);
  if (bytes < 1 << 10) {
    std::snprintf(text, sizeof text, "%" PRId64 " bytes", bytes);
  } else if (bytes < 1 << 20) {
    std::snprintf(text, sizeof text, "%.2f KiB", count / (1 << 10));
  } else if (bytes < 1 << 30) {
    std::snprintf(text, sizeof text, "%.2f MiB", count / (1 << 20));
  } else {
    std::snprintf(text, sizeof text, "%.2f GiB", count / (1 << 30));
  }
  return text;
}

void release(void* address) {
  if (address == nullptr) return;
  Memory& here = memory();
  const std::lock_guard<std::mutex> lock(here.mutex);
  const auto [device, size] = here.blocks.at(address);
  all(here.stats[device].allocated_bytes).decrease(size);
  all(here.stats[device].allocation).decrease(1);
  here.cached[device].emplace(size, address);
}

class DeviceMemory final : public c10::DeviceAllocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    const c10::DeviceIndex index = current_device();
    const c10::Device device(c10::DeviceType::PrivateUse1, index);
    if (bytes == 0) return {nullptr, nullptr, &release, device};
    const size_t size = (bytes + kPage - 1) / kPage * kPage;
    Memory& here = memory();
    const std::lock_guard<std::mutex> lock(here.mutex);
    auto& stats = here.stats[index];
    void* address = nullptr;
    if (const auto found = here.cached[index].find(size); found != here.cached[index].end()) {
      address = found->second;
      here.cached[index].erase(found);
    } else {
      const int64_t reserved = all(stats.reserved_bytes).current;
      if (reserved + static_cast<int64_t>(size) > here.limit[index]) {
        stats.num_ooms++;
        TORCH_CHECK_WITH(OutOfMemoryError, false, "imitation out of memory. Tried to allocate ",
                         readable(static_cast<int64_t>(bytes)), ". Device ", static_cast<int>(index),
                         " has a total capacity of ", readable(here.limit[index]), " of which ",
                         readable(here.limit[index] - reserved), " is free.");
      }
      address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      TORCH_CHECK(address != MAP_FAILED, "the system has no address space left");
      here.blocks[address] = {index, size};
      all(stats.reserved_bytes).increase(size);
      stats.num_device_alloc++;
    }
    all(stats.allocated_bytes).increase(size);
    all(stats.allocation).increase(1);
    return {address, address, &release, device};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t count) const override { default_copy_data(to, from, count); }

  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t) override {
    Memory& here = memory();
    const std::lock_guard<std::mutex> lock(here.mutex);
    for (c10::DeviceIndex index = 0; index < kDevices; ++index) {
      here.emptied[index]++;
      for (const auto& [size, address] : here.cached[index]) {
        munmap(address, size);
        here.blocks.erase(address);
        all(here.stats[index].reserved_bytes).decrease(size);
        here.stats[index].num_device_free++;
      }
      here.cached[index].clear();
    }
  }
  void recordStream(const c10::DataPtr&, c10::Stream) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex device) override {
    check_device(device);
    const std::lock_guard<std::mutex> lock(memory().mutex);
    return memory().stats[device];
  }
  void resetAccumulatedStats(c10::DeviceIndex device) override {
    check_device(device);
    const std::lock_guard<std::mutex> lock(memory().mutex);
    auto& stats = memory().stats[device];
    for (auto* stat : {&stats.allocated_bytes, &stats.reserved_bytes, &stats.allocation}) {
      all(*stat).reset_accumulated();
    }
  }
  void resetPeakStats(c10::DeviceIndex device) override {
    check_device(device);
    const std::lock_guard<std::mutex> lock(memory().mutex);
    auto& stats = memory().stats[device];
    for (auto* stat : {&stats.allocated_bytes, &stats.reserved_bytes, &stats.allocation}) all(*stat).reset_peak();
  }
  std::pair<size_t, size_t> getMemoryInfo(c10::DeviceIndex device) override {
    check_device(device);
    const std::lock_guard<std::mutex> lock(memory().mutex);
    const int64_t limit = memory().limit[device];
    return {static_cast<size_t>(limit - all(memory().stats[device].reserved_bytes).current),
            static_cast<size_t>(limit)};
  }
};

void release_pinned(void* address) {
  {
    const std::lock_guard<std::mutex> lock(memory().mutex);
    memory().pinned.erase(address);
  }
  std::free(address);
}

class PinnedMemory final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* address = nullptr;
    if (bytes > 0) {
      address = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
      TORCH_CHECK(address != nullptr, "the system has no memory left");
      const std::lock_guard<std::mutex> lock(memory().mutex);
      memory().pinned.insert(address);
    }
    return {address, address, &release_pinned, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release_pinned; }
  void copy_data(void* to, const void* from, size_t count) const override { default_copy_data(to, from, count); }
};

}  // namespace

c10::DeviceAllocator& device_allocator() {
  static auto* const allocator = new DeviceMemory;
  return *allocator;
}

c10::Allocator& pinned_allocator() {
  static auto* const allocator = new PinnedMemory;
  return *allocator;
}

bool is_pinned(const void* address) {
  const std::lock_guard<std::mutex> lock(memory().mutex);
  return memory().pinned.count(address) > 0;
}

namespace {

[[maybe_unused]] const bool registered = [] {
  c10::SetAllocator(c10::DeviceType::PrivateUse1, &device_allocator());
  return true;
}();

c10::CachingDeviceAllocator::DeviceStats stats_of(int64_t device) {
  return device_allocator().getDeviceStats(static_cast<c10::DeviceIndex>(device));
}

TORCH_LIBRARY(imitation, library) {
  library.def("allocated(int device=0) -> int",
              [](int64_t device) { return stats_of(device).allocated_bytes[0].current; });
  library.def("peak(int device=0) -> int", [](int64_t device) { return stats_of(device).allocated_bytes[0].peak; });
  library.def("reserved(int device=0) -> int",
              [](int64_t device) { return stats_of(device).reserved_bytes[0].current; });
  library.def("ooms(int device=0) -> int", [](int64_t device) { return stats_of(device).num_ooms; });
  library.def("emptied(int device=0) -> int", [](int64_t device) {
    check_device(static_cast<c10::DeviceIndex>(device));
    return memory().emptied[device];
  });
  library.def("set_limit(int bytes, int device=0) -> ()", [](int64_t bytes, int64_t device) {
    check_device(static_cast<c10::DeviceIndex>(device));
    memory().limit[device] = bytes;
  });
}

}  // namespace
}  // namespace imitation
