// The types of devices: one row for each, with what libtorch's own kernels and engine do there.
// lib/types/device_types.ts has what the rest of lib/ asks about them.
#pragma once

#include <string>

#include <c10/core/DeviceType.h>

namespace torch_node {

struct DeviceTraits {
  c10::DeviceType type;
  bool captures = false;       ///< steps of optimizers may be captured in a graph
  bool fused = false;          ///< optimizers have fused kernels
  bool engine_thread = false;  ///< backward runs on a thread of the engine, where JavaScript must not
};

/// In the order in which error texts name them.
inline constexpr DeviceTraits kDeviceTypes[] = {
    {.type = c10::DeviceType::MPS, .fused = true, .engine_thread = true},
    {.type = c10::DeviceType::CUDA, .captures = true, .fused = true, .engine_thread = true},
    {.type = c10::DeviceType::XPU, .captures = true, .fused = true, .engine_thread = true},
    {.type = c10::DeviceType::HPU, .captures = true, .fused = true, .engine_thread = true},
    {.type = c10::DeviceType::CPU, .fused = true},
    {.type = c10::DeviceType::MTIA, .fused = true, .engine_thread = true},
    {.type = c10::DeviceType::PrivateUse1, .captures = true, .fused = true, .engine_thread = true},
};

/// Whether a type of device has a trait, as `has_trait(type, &DeviceTraits::fused)`.
inline bool has_trait(c10::DeviceType type, bool DeviceTraits::* trait) {
  for (const DeviceTraits& row : kDeviceTypes) {
    if (row.type == type) return row.*trait;
  }
  return false;
}

/// The names of those that have a trait, as Python prints a list without its brackets.
inline std::string names_with(bool DeviceTraits::* trait) {
  std::string names;
  for (const DeviceTraits& row : kDeviceTypes) {
    if (!(row.*trait)) continue;
    names += (names.empty() ? "'" : ", '") + c10::DeviceTypeName(row.type, /*lower_case=*/true) + "'";
  }
  return names;
}

}  // namespace torch_node
