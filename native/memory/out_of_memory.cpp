// Makes room on devices (see out_of_memory.h).
#include "memory/out_of_memory.h"

#include <map>

#include <ATen/DeviceAccelerator.h>
#include <c10/core/CachingDeviceAllocator.h>

namespace torch_node {
namespace {

/// The allocator of the accelerator, if it is one that keeps memory for reuse and is in use.
c10::DeviceAllocator* caching_allocator() {
  const auto type = at::accelerator::getAccelerator(false);
  if (!type) return nullptr;
  auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(*type));
  return allocator != nullptr && allocator->initialized() ? allocator : nullptr;
}

}  // namespace

void make_room(TensorTable& tensors) {
  tensors.free_garbage();
  if (auto* allocator = caching_allocator()) allocator->emptyCache();
}

void make_room_if_short(TensorTable& tensors) {
  // Asking a driver takes some microseconds.
  constexpr int64_t kWorthAsking = int64_t{128} * 1024 * 1024;
  auto* allocator = caching_allocator();
  if (allocator == nullptr) return;
  const c10::DeviceIndex device = at::accelerator::getDeviceIndex();
  const auto stats = allocator->getDeviceStats(device);
  const c10::CachingAllocator::Stat& allocated = stats.allocated_bytes[0];
  if (allocated.current < kWorthAsking) return;
  const int64_t left = static_cast<int64_t>(allocator->getMemoryInfo(device).first) + stats.reserved_bytes[0].current -
                       allocated.current;
  // How much garbage there can be, for what has been allocated since the last time.
  thread_local std::map<c10::DeviceIndex, int64_t> allocated_before;
  int64_t& before = allocated_before[device];
  if (allocated.allocated < before) before = 0;
  if (left >= allocated.current || allocated.allocated - before < left / 4) return;
  before = allocated.allocated;
  tensors.free_garbage();
}

}  // namespace torch_node
