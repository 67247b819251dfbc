// Recording which operators a function calls, for torch.export.export (lib/export/record.ts).
#pragma once

#include <ATen/core/Tensor.h>

namespace torch_node {

/// While one lives, what this thread calls is not recorded: tensors that are made from data are constants of a program.
class RecordingPaused {
 public:
  RecordingPaused();
  ~RecordingPaused();
  RecordingPaused(const RecordingPaused&) = delete;
  RecordingPaused& operator=(const RecordingPaused&) = delete;
};

/// Says that JavaScript reads the values of a tensor, which a recorded program cannot do.
void note_values_read(const at::Tensor& tensor);

}  // namespace torch_node
