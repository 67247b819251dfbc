// Storages: who owns their memory, and tensors and array buffers over it.
#pragma once

#include <memory>

#include <ATen/core/Tensor.h>
#include <napi.h>

#include "core/js_references.h"

namespace torch_node {

/// Whether all of the tensor's memory belongs to libtorch, so that any thread may use it for as long as it likes.
/// Memory of a typed array is freed with the thread that made the array.
bool owns_its_memory(const at::Tensor& tensor);

/// The memory of a storage as it was allocated, behind what share_memory has put around it.
const at::DataPtr& shared_origin(const c10::StorageImpl& storage);

class Environment;

/// An array buffer over memory of a storage, which lives for as long as the buffer is reachable.
Napi::Value buffer_over(Napi::Env env, Environment& environment, const c10::Storage& storage, void* start,
                        size_t bytes);

/// A tensor over memory that belongs to a JavaScript value; it keeps the value alive.
at::Tensor over_javascript(void* start, at::IntArrayRef sizes, at::IntArrayRef strides, at::ScalarType type,
                           std::shared_ptr<JsReferences::Strong> owner);

/// A part of a storage's memory as bytes of a storage of its own, which keeps the whole alive.
at::Tensor slice_over(const c10::Storage& whole, void* start, size_t bytes);

/// Bytes of CPU memory behind the tensor.
size_t cpu_bytes_of(const at::Tensor& tensor);

}  // namespace torch_node
