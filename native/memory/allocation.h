// Counts the bytes that libtorch allocates on the CPU, by thread and in the whole process: the
// figures that decide when to look for dead tensors, and that are reported to V8 as external memory.
// They include what autograd graphs save, which no walk over JavaScript-visible tensors would find.
#pragma once

#include <cstddef>
#include <cstdint>

namespace torch_node {

struct AllocationCounts {
  uint64_t allocated = 0;  ///< bytes allocated on this thread, ever
  uint64_t freed = 0;      ///< bytes freed on this thread, ever
};

/// Puts the counting allocator in front of libtorch's CPU allocator; once a process.
void install_counting_allocator();

/// The counts of the calling thread.
const AllocationCounts& thread_allocations();

/// Counts memory that another thread has allocated and this one will free. Where the other one frees it after all, the
/// thread seems to hold more than it does, which costs a garbage collection; the reverse would keep garbage alive.
void count_taken_over(size_t bytes);
/// Adds to the counts of the calling thread what another one, which has no tensor table, did on its behalf.
void add_allocations(const AllocationCounts& done);

/// Bytes that are allocated now, in the whole process.
uint64_t process_live_bytes();

}  // namespace torch_node
