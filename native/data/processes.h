// Memory that processes share (see processes.cpp).
#pragma once

#include <cstddef>

#include <c10/core/Allocator.h>

namespace torch_node {

/// Whether this system lets processes share memory by descriptors: Linux.
bool can_share_between_processes();

/// Memory that other processes can map, all zeros. It lives for as long as one of them uses it.
at::DataPtr allocate_shared(size_t bytes);

/// Whether memory came from allocate_shared, or from another process that made it so.
bool is_shared_between_processes(const at::DataPtr& memory);

}  // namespace torch_node
