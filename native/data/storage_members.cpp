// Members of storages beside their bytes: size and file name.
#include <ATen/ATen.h>
#include <ATen/MapAllocator.h>
#include <ATen/native/Resize.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

/// Throws Python's error where there is none.
const c10::Storage& storage_of(const at::Tensor& tensor) { return tensor.storage(); }

/// storage_resizable(handle): false once a JavaScript array is a view of the memory, or when it is not libtorch's.
Napi::Value storage_resizable(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::StorageImpl* storage = storage_of(tensor_at(info, 0, environment)).unsafeGetStorageImpl();
  return Napi::Boolean::New(info.Env(), storage->resizable() && storage->allocator() != nullptr);
}

/// storage_resize(handle, bytes): keeps the content that fits.
Napi::Value storage_resize(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::Storage& storage = storage_of(tensor_at(info, 0, environment));
  const int64_t bytes = to_int64(info.Env(), info[1]);
  c10::StorageImpl* impl = storage.unsafeGetStorageImpl();
  TORCH_CHECK(impl->resizable() && impl->allocator() != nullptr, "Trying to resize storage that is not resizable");
  TORCH_CHECK(bytes >= 0, "resize_: the size must not be negative, got ", bytes);
  if (storage.device_type() != at::kCUDA) {
    at::native::resize_bytes_nocuda(storage, bytes);
    return info.Env().Undefined();
  }
  // The addon names no symbol of CUDA: operators copy.
  const at::NoGradGuard no_grad;
  const at::TensorOptions options = at::TensorOptions(at::kByte).device(storage.device());
  const at::Tensor fresh = at::empty({bytes}, options);
  const int64_t kept = std::min(bytes, static_cast<int64_t>(storage.nbytes()));
  const at::Tensor old = at::empty({0}, options).set_(storage, 0, {kept}, {1});
  fresh.narrow(0, 0, kept).copy_(old);
  c10::StorageImpl* source = fresh.storage().unsafeGetStorageImpl();
  at::DataPtr memory = source->set_data_ptr(at::DataPtr(nullptr, storage.device()));
  source->set_nbytes(0);
  impl->set_data_ptr_noswap(std::move(memory));
  impl->set_nbytes(bytes);
  return info.Env().Undefined();
}

/// storage_filename(handle): of a mapped file, else null.
Napi::Value storage_filename(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::Storage& storage = storage_of(tensor_at(info, 0, environment));
  const auto* map = storage.device().is_cpu() ? at::MapAllocator::fromDataPtr(storage.data_ptr()) : nullptr;
  return map == nullptr ? info.Env().Null() : Napi::Value(Napi::String::New(info.Env(), map->filename()));
}

}  // namespace

void export_storage_members(Exports& exports) {
  exports.add<storage_resizable>("storage_resizable");
  exports.add<storage_resize>("storage_resize");
  exports.add<storage_filename>("storage_filename");
}

}  // namespace torch_node
