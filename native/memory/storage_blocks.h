// Memory for the storages of CPU tensors, in blocks of set sizes that are kept for reuse.
//
// JavaScript frees tensors in batches, after a garbage collection. malloc handles that badly: it merges the freed
// neighbours and splits them again (47 % of a small operator's time), and a small object that outlives the batch
// spoils the hole it lands in, so that a loop over large tensors grew without bound (docs/design.md). Blocks of a set
// size fit the holes that blocks of that size leave.
#pragma once

#include <cstddef>

namespace torch_node::storage_blocks {

/// A block of at least `bytes` (> 0), aligned to 64; nullptr when the system gives no memory.
void* allocate(size_t bytes);

/// The size of a block, or 0 when it is none of these.
size_t size_of(const void* block);

/// Takes back a block whose size is known from size_of.
void release(void* block, size_t size);

}  // namespace torch_node::storage_blocks
