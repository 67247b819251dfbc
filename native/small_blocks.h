// Blocks for the storages of small tensors. JavaScript frees tensors in batches, after a garbage
// collection, and malloc is slow at that: it merges neighbours and splits them again, most of all for
// aligned blocks. Free lists by size, one set a thread, take 47 % of a small operator's time away
// (bench/README.md). Blocks come from one reserved range of addresses, so that ownership is a comparison.
#pragma once

#include <cstddef>

namespace torch_node::small_blocks {

constexpr size_t kLargest = 1024;  ///< bytes of the largest block; a power of two times kUnit
constexpr size_t kUnit = 64;       ///< blocks are multiples of this, and aligned to it

/// A block of at least `bytes` (0 < bytes <= kLargest), or nullptr when the range is used up.
void* allocate(size_t bytes);

/// Whether a pointer came from allocate.
bool owns(const void* block);

/// The size of an owned block.
size_t size_of(const void* block);

void release(void* block);

}  // namespace torch_node::small_blocks
