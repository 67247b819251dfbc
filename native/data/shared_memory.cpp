// Ownership of storages (see shared_memory.h), and copies of whole storages.
#include "data/shared_memory.h"

#include <cstring>

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>

#include "core/convert.h"
#include "core/environment.h"
#include "data/processes.h"

namespace torch_node {
namespace {

/// Memory that replaced other memory, of which arrays in JavaScript may still be views.
struct Replaced {
  at::DataPtr memory;
  at::DataPtr before;
};

void delete_replaced(void* replaced) { delete static_cast<Replaced*>(replaced); }

using Owner = std::shared_ptr<JsReferences::Strong>;

void delete_owner(void* owner) { delete static_cast<Owner*>(owner); }
void delete_whole(void* whole) { delete static_cast<c10::Storage*>(whole); }

/// Whether the memory is that of a JavaScript array, or a part of it.
bool is_javascript(const c10::StorageImpl& storage) {
  const c10::DeleterFnPtr deleter = storage.data_ptr().get_deleter();
  if (deleter != &delete_whole) return deleter == &delete_owner;
  return is_javascript(*static_cast<c10::Storage*>(storage.data_ptr().get_context())->unsafeGetStorageImpl());
}

/// The dense tensors that a tensor consists of.
std::vector<at::Tensor> parts_of(const at::Tensor& tensor) {
  switch (tensor.layout()) {
    case at::kSparse:
      return {tensor._indices(), tensor._values()};
    case at::kSparseCsr:
    case at::kSparseBsr:
      return {tensor.crow_indices(), tensor.col_indices(), tensor.values()};
    case at::kSparseCsc:
    case at::kSparseBsc:
      return {tensor.ccol_indices(), tensor.row_indices(), tensor.values()};
    default:
      return {tensor};
  }
}

/// Whether a tensor consists of size, strides and a storage with memory alone.
bool is_plain(const at::Tensor& tensor) {
  if (tensor.is_quantized() || tensor.is_nested() || tensor._is_zerotensor()) return false;
  const c10::StorageImpl* storage = tensor.storage().unsafeGetStorageImpl();
  return storage->nbytes() == 0 || storage->data() != nullptr;
}

/// copy_with_storage(handle, holder): a tensor of the same size and strides over a copy of the whole storage, or,
/// unless `holder` is -1, over the storage of `holder`.
Napi::Value copy_with_storage(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const int32_t holder = info[1].As<Napi::Number>().Int32Value();
  const at::NoGradGuard no_grad;
  if (!is_plain(tensor)) return wrapped(info.Env(), environment, tensor.clone());
  at::Tensor copy = at::empty({0}, tensor.options());
  if (holder >= 0) {
    copy.set_(environment.tensors.get(holder).storage(), tensor.storage_offset(), tensor.sizes(), tensor.strides());
  } else {
    const auto count = static_cast<int64_t>(tensor.storage().nbytes() / tensor.element_size());
    at::Tensor all = at::empty({0}, tensor.options()).set_(tensor.storage(), 0, {count}, {1});
    copy.set_(all.clone().storage(), tensor.storage_offset(), tensor.sizes(), tensor.strides());
  }
  // As in Python, what was a lazy conjugate or negative comes out as a real one, on a storage of its own.
  if (tensor.is_conj()) copy = copy.conj_physical();
  if (tensor.is_neg()) copy = copy.neg();
  return wrapped(info.Env(), environment, std::move(copy));
}

/// Whether all of a tensor's memory belongs to libtorch, so that any thread may use it.
Napi::Value owns_memory(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Boolean::New(info.Env(), owns_its_memory(tensor_at(info, 0, environment)));
}

/// Whether memory is where share_memory would move it.
bool is_where_it_is_shared(const c10::StorageImpl& storage) {
  if (storage.nbytes() == 0 || storage.data() == nullptr || !storage.device().is_cpu()) return true;
  if (!can_share_between_processes()) return !is_javascript(storage);
  return is_shared_between_processes(shared_origin(storage));
}

/// is_shared(handle): as in Python, memory of devices is shared.
Napi::Value is_shared(const Napi::CallbackInfo& info, Environment& environment) {
  for (const at::Tensor& part : parts_of(tensor_at(info, 0, environment))) {
    if (part.has_storage() && !is_where_it_is_shared(*part.storage().unsafeGetStorageImpl()))
      return Napi::Boolean::New(info.Env(), false);
  }
  return Napi::Boolean::New(info.Env(), true);
}

/// share_memory(handle): moves the storage into memory that processes share, or, where there is none, into memory of
/// libtorch, for all its views.
Napi::Value share_memory(const Napi::CallbackInfo& info, Environment& environment) {
  for (const at::Tensor& part : parts_of(tensor_at(info, 0, environment))) {
    if (!part.has_storage()) continue;
    const c10::Storage& holder = part.storage();
    c10::StorageImpl& storage = *holder.unsafeGetStorageImpl();
    if (is_where_it_is_shared(storage)) continue;
    const size_t bytes = storage.nbytes();
    auto replaced = std::make_unique<Replaced>();
    replaced->memory = can_share_between_processes() ? allocate_shared(bytes) : c10::GetCPUAllocator()->allocate(bytes);
    void* memory = replaced->memory.get();
    std::memcpy(memory, storage.mutable_data(), bytes);
    Replaced* context = replaced.release();
    at::DataPtr before = storage.set_data_ptr({memory, context, &delete_replaced, storage.device()});
    // Array buffers over a storage hold it.
    if (holder.use_count() > 1) context->before = std::move(before);
  }
  return info.Env().Undefined();
}

}  // namespace

const at::DataPtr& shared_origin(const c10::StorageImpl& storage) {
  const at::DataPtr& memory = storage.data_ptr();
  if (memory.get_deleter() != &delete_replaced) return memory;
  return static_cast<Replaced*>(memory.get_context())->memory;
}

Napi::Value buffer_over(Napi::Env env, Environment& environment, const c10::Storage& storage, void* start,
                        size_t bytes) {
  if (bytes == 0) return Napi::ArrayBuffer::New(env, 0);
  napi_value buffer;
  const napi_status status = napi_create_external_arraybuffer(env, start, bytes, nullptr, nullptr, &buffer);
  TORCH_CHECK(status == napi_ok, "this runtime does not allow memory shared with native code");
  environment.tensors.hold(storage, buffer);
  return {env, buffer};
}

at::Tensor over_javascript(void* start, at::IntArrayRef sizes, at::IntArrayRef strides, at::ScalarType type,
                           std::shared_ptr<JsReferences::Strong> owner) {
  return at::for_blob(start, sizes)
      .strides(strides)
      .context(new Owner(std::move(owner)), &delete_owner)
      .options(at::TensorOptions(type))
      .make_tensor();
}

at::Tensor slice_over(const c10::Storage& whole, void* start, size_t bytes) {
  return at::for_blob(start, {static_cast<int64_t>(bytes)})
      .context(new c10::Storage(whole), &delete_whole)
      .options(at::TensorOptions(at::kByte))
      .make_tensor();
}

bool owns_its_memory(const at::Tensor& tensor) {
  for (const at::Tensor& part : parts_of(tensor)) {
    if (part.has_storage() && part.storage().nbytes() > 0 && is_javascript(*part.storage().unsafeGetStorageImpl()))
      return false;
  }
  return true;
}

size_t cpu_bytes_of(const at::Tensor& tensor) {
  size_t bytes = 0;
  for (const at::Tensor& part : parts_of(tensor)) {
    if (part.has_storage() && part.is_cpu()) bytes += part.storage().nbytes();
  }
  return bytes;
}

void export_shared_memory(Exports& exports) {
  exports.add<copy_with_storage>("copy_with_storage");
  exports.add<is_shared>("is_shared");
  exports.add<owns_memory>("owns_memory");
  exports.add<share_memory>("share_memory");
}

}  // namespace torch_node
