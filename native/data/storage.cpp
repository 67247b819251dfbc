// Storages as bytes, and tensors over them: what files are read into and written from.
#include <ATen/ATen.h>
#include <c10/util/safe_numerics.h>

#include "core/convert.h"
#include "core/environment.h"
#include "data/shared_memory.h"
#include "export/recorder.h"

namespace torch_node {
namespace {

/// Throws Python's error where there is none.
const c10::Storage& storage_of(const at::Tensor& tensor) { return tensor.storage(); }

/// storage_bytes(handle): the whole storage as a uint8 tensor that shares it.
Napi::Value storage_bytes(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const c10::Storage& storage = storage_of(tensor);
  const auto bytes = static_cast<int64_t>(storage.nbytes());
  at::Tensor view = at::empty({0}, at::TensorOptions(at::kByte).device(tensor.device()));
  view.set_(storage, 0, {bytes}, {1});
  return wrapped(info.Env(), environment, std::move(view));
}

/// storage_id(handle) -> bigint: equal for tensors that share a storage; 0 where there is none.
Napi::Value storage_id(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const c10::StorageImpl* storage = tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(reinterpret_cast<uintptr_t>(storage)));
}

Napi::Value storage_nbytes(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), static_cast<double>(storage_of(tensor_at(info, 0, environment)).nbytes()));
}

Napi::Value storage_data_ptr(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::Storage& storage = storage_of(tensor_at(info, 0, environment));
  return Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(storage.data()));
}

struct Part {
  char* start;
  size_t length;
};

Part part_of(const Napi::CallbackInfo& info, const c10::Storage& storage) {
  const int64_t offset = to_int64(info.Env(), info[1]);
  const int64_t length = to_int64(info.Env(), info[2]);
  const auto bytes = static_cast<int64_t>(storage.nbytes());
  TORCH_CHECK_INDEX(offset >= 0 && length >= 0 && offset <= bytes && length <= bytes - offset, "bytes ", offset, " to ",
                    offset + length, " are not in a storage of ", bytes, " bytes");
  TORCH_CHECK_TYPE(storage.device().is_cpu(), "the storage is on ", storage.device(), ", not in CPU memory");
  if (length == 0) return {nullptr, 0};
  TORCH_CHECK(storage.data() != nullptr, "the storage is unallocated");
  return {static_cast<char*>(storage.mutable_data()) + offset, static_cast<size_t>(length)};
}

/// storage_memory(handle, offset, length) -> ArrayBuffer over a part of the storage, which it keeps alive. Resizing
/// a storage replaces its memory: the caller must not resize it while it uses the buffer.
Napi::Value storage_memory(const Napi::CallbackInfo& info, Environment& environment) {
  note_values_read(tensor_at(info, 0, environment));
  const c10::Storage storage = storage_of(tensor_at(info, 0, environment));
  const Part part = part_of(info, storage);
  return buffer_over(info.Env(), environment, storage, part.start, part.length);
}

/// storage_slice(handle, offset, length): a part of the storage as a storage of its own, in a uint8 tensor. It keeps
/// the whole alive; no byte is copied.
Napi::Value storage_slice(const Napi::CallbackInfo& info, Environment& environment) {
  const c10::Storage whole = storage_of(tensor_at(info, 0, environment));
  const Part part = part_of(info, whole);
  at::Tensor slice =
      part.length == 0 ? at::empty({0}, at::TensorOptions(at::kByte)) : slice_over(whole, part.start, part.length);
  return wrapped(info.Env(), environment, std::move(slice));
}

int64_t bits_of(at::ScalarType type) {
  if (type == at::kQUInt4x2) return 4;
  if (type == at::kQUInt2x4) return 2;
  return static_cast<int64_t>(c10::elementSize(type)) * 8;
}

/// Throws for a geometry that exceeds the storage, which set_ would enlarge instead.
void check_geometry(const c10::Storage& storage, at::ScalarType type, int64_t offset, const std::vector<int64_t>& sizes,
                    const std::vector<int64_t>& strides) {
  TORCH_CHECK(sizes.size() == strides.size(), "sizes and strides of a tensor differ in length: ", sizes.size(), " and ",
              strides.size());
  TORCH_CHECK(offset >= 0, "Tensor: invalid storage offset ", offset);
  int64_t count = 1;
  int64_t last = offset;
  bool overflow = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    TORCH_CHECK(sizes[i] >= 0, "Trying to create tensor with negative dimension ", sizes[i], ": ",
                at::IntArrayRef(sizes));
    TORCH_CHECK(strides[i] >= 0, "a tensor cannot have the negative stride ", strides[i], ": ",
                at::IntArrayRef(strides));
    overflow |= c10::mul_overflows(count, sizes[i], &count);
    int64_t reach = 0;
    overflow |= sizes[i] > 0 && c10::mul_overflows(sizes[i] - 1, strides[i], &reach);
    overflow |= c10::add_overflows(last, reach, &last);
  }
  int64_t bits = 0;
  overflow |= last == INT64_MAX || c10::mul_overflows(last + 1, bits_of(type), &bits);
  TORCH_CHECK(!overflow, "a tensor of sizes ", at::IntArrayRef(sizes), ", strides ", at::IntArrayRef(strides),
              " and storage offset ", offset, " has more elements than memory can hold");
  const int64_t required = count == 0 ? 0 : (bits + 7) / 8;
  TORCH_CHECK(required <= static_cast<int64_t>(storage.nbytes()), "setStorage: sizes ", at::IntArrayRef(sizes),
              ", strides ", at::IntArrayRef(strides), ", storage offset ", offset, ", and itemsize ",
              c10::elementSize(type), " requiring a storage size of ", required,
              " are out of bounds for storage of size ", storage.nbytes());
}

/// over_storage(bytes handle, dtype code, offset, sizes, strides[, quantizer]): a tensor over the storage of `bytes`.
/// The quantizer is [scale, zero point], or [handle of scales, handle of zero points, axis].
Napi::Value over_storage(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const at::Tensor& bytes = tensor_at(info, 0, environment);
  const c10::Storage& storage = storage_of(bytes);
  const auto type = static_cast<at::ScalarType>(info[1].As<Napi::Number>().Int32Value());
  const int64_t offset = to_int64(env, info[2]);
  const std::vector<int64_t> sizes = to_int_vector(env, info[3]);
  const std::vector<int64_t> strides = to_int_vector(env, info[4]);
  check_geometry(storage, type, offset, sizes, strides);
  const auto options = at::TensorOptions(type).device(bytes.device());
  at::Tensor tensor;
  if (!info[5].IsArray()) {
    TORCH_CHECK_TYPE(!c10::isQIntType(type), "a tensor of dtype ", type, " needs a quantizer");
    tensor = at::empty({0}, options);
  } else {
    TORCH_CHECK_TYPE(c10::isQIntType(type), "a tensor of dtype ", type, " has no quantizer");
    const auto quantizer = info[5].As<Napi::Array>();
    if (quantizer.Length() == 2) {
      tensor = at::_empty_affine_quantized({0}, options, Napi::Value(quantizer[0u]).ToNumber().DoubleValue(),
                                           to_int64(env, Napi::Value(quantizer[1u])));
    } else {
      const at::Tensor& scales = environment.tensors.get(Napi::Value(quantizer[0u]).ToNumber().Int32Value());
      const at::Tensor& zero_points = environment.tensors.get(Napi::Value(quantizer[1u]).ToNumber().Int32Value());
      const int64_t axis = to_int64(env, Napi::Value(quantizer[2u]));
      TORCH_CHECK_VALUE(axis >= 0 && axis < static_cast<int64_t>(sizes.size()), "per_channel axis ", axis,
                        " out of range for size ", at::IntArrayRef(sizes));
      TORCH_CHECK_VALUE(scales.dim() == 1 && zero_points.dim() == 1 && scales.numel() == sizes[axis] &&
                            zero_points.numel() == sizes[axis],
                        "per_channel scales/zero_points length must equal size[axis]=", sizes[axis],
                        ", got scales=", scales.numel(), ", zero_points=", zero_points.numel());
      // Only the axis matters to the quantizer: nothing is allocated for the other dimensions.
      std::vector<int64_t> small(sizes.size(), 0);
      small[axis] = sizes[axis];
      tensor = at::_empty_per_channel_affine_quantized(small, scales, zero_points, axis, options);
    }
  }
  tensor.set_(storage, offset, sizes, strides);
  return wrapped(info.Env(), environment, std::move(tensor));
}

}  // namespace

void export_storage(Exports& exports) {
  exports.add<storage_bytes>("storage_bytes");
  exports.add<storage_id>("storage_id");
  exports.add<storage_nbytes>("storage_nbytes");
  exports.add<storage_data_ptr>("storage_data_ptr");
  exports.add<storage_memory>("storage_memory");
  exports.add<storage_slice>("storage_slice");
  exports.add<over_storage>("over_storage");
}

}  // namespace torch_node
