// The default CPU generator of a thread other than the main one.
#pragma once

#include <ATen/core/Generator.h>

namespace torch_node {

/// Lets operators take the generator of their thread; called when the addon is loaded, before operators run.
void prepare_thread_generators();

/// Gives the calling thread a default CPU generator of its own, seeded from the system's entropy, unless it has one.
void own_thread_generator();

/// The generator that draws on the CPU in this thread when none is named.
const at::Generator& default_cpu_generator();

}  // namespace torch_node
