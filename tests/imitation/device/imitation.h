// An imitation of an accelerator: two devices whose memory is the computer's and whose kernels are the CPU's, behind
// the interfaces that libtorch asks of a backend (PrivateUse1, renamed to `imitation`). What a GPU does to the addon
// can be tested with it on any machine: threads of the engine, memory that V8 does not see and that ends, work that is
// not done yet when a call returns.
#pragma once

#include <functional>

#include <ATen/Tensor.h>
#include <ATen/core/Generator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Device.h>
#include <c10/core/Stream.h>

namespace imitation {

inline constexpr c10::DeviceIndex kDevices = 2;

/// Throws for a device that there is not.
void check_device(c10::DeviceIndex index);
c10::DeviceIndex current_device();

/// The allocator of the devices; see memory.cpp.
c10::DeviceAllocator& device_allocator();
/// The allocator of memory of the CPU that copies need not wait for.
c10::Allocator& pinned_allocator();
bool is_pinned(const void* address);

/// Puts work at the end of the current stream of a device. It runs when someone waits for it, or with the next kernel.
void enqueue(c10::DeviceIndex device, std::function<void()> work);
/// Runs all that is left to do in the current stream of a device.
void finish_current_stream(c10::DeviceIndex device);

/// The generator of the CPU that draws for a generator of a device, or for the default one.
at::Generator drawing_generator(const at::Generator& generator);
const at::Generator& default_generator(c10::DeviceIndex device);
at::Generator new_generator(c10::DeviceIndex device);

}  // namespace imitation
