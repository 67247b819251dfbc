// Recording which operators a function calls, for torch.export.export (lib/export/record.ts), and what libtorch's
// tracer must not see or should warn of.
#pragma once

#include <functional>
#include <optional>

#include <ATen/core/Tensor.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

namespace torch_node {

class Exports;

/// While one lives, what this thread calls is not recorded, nor traced: tensors that are made from data are constants
/// of a program.
class RecordingPaused {
 public:
  RecordingPaused();
  ~RecordingPaused();
  RecordingPaused(const RecordingPaused&) = delete;
  RecordingPaused& operator=(const RecordingPaused&) = delete;

 private:
  std::function<void()> resume_tracing_;
  /// While functional tensors are on: they have no memory that data could be copied to.
  std::optional<c10::impl::ExcludeDispatchKeyGuard> plain_;
};

/// Says that a tensor is made of data that JavaScript has: a constant of the program.
void note_made_from_data(const at::Tensor& tensor);

/// Records a call of an operator that has one argument, where its result was made without the dispatcher.
void note_call(const char* name, const at::Tensor& input, const at::Tensor& output);

/// Says that a tensor gets other data, which no operator does.
void note_data_replaced();

/// Says that JavaScript reads the values of a tensor, which a recorded program cannot do.
void note_values_read(const at::Tensor& tensor);

/// Functional tensors (functionalization.cpp), with which programs are recorded again, below autograd.
void export_functionalization(Exports& exports);

}  // namespace torch_node
