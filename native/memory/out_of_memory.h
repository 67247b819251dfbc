// Devices whose memory is full. Libraries with reference counts have freed by then what nothing refers to; here garbage
// may fill it, since V8 does not see that memory.
#pragma once

#include "memory/tensor_table.h"

namespace torch_node {

/// Frees what is garbage, and gives memory that allocators keep for reuse back to the devices.
void make_room(TensorTable& tensors);

/// Before work that cannot be repeated, such as a pass of the engine: frees what is garbage where the current device
/// has less memory left than its tensors take, since so much may be garbage, and so much may be needed.
void make_room_if_short(TensorTable& tensors);

}  // namespace torch_node
