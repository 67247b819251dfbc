// Data in and out: tensors from typed arrays, copied or shared, and typed arrays from tensors.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include <ATen/ATen.h>
#include <c10/util/safe_numerics.h>

#include "core/convert.h"
#include "core/environment.h"
#include "data/shared_memory.h"
#include "export/recorder.h"
#include "jit/trace.h"

namespace torch_node {
namespace {

at::ScalarType element_type(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
      return at::kChar;
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      return at::kByte;
    case napi_int16_array:
      return at::kShort;
    case napi_uint16_array:
      return at::kUInt16;
    case napi_int32_array:
      return at::kInt;
    case napi_uint32_array:
      return at::kUInt32;
    case napi_float32_array:
      return at::kFloat;
    case napi_float64_array:
      return at::kDouble;
    case napi_bigint64_array:
      return at::kLong;
    case napi_biguint64_array:
      return at::kUInt64;
    default:
      TORCH_CHECK_TYPE(false, "unsupported kind of typed array");
  }
}

struct TypedArray {
  at::ScalarType type;
  void* data = nullptr;
  size_t length = 0;
};

TypedArray typed_array(const Napi::Value& value) {
  bool is_typed_array = false;
  napi_is_typedarray(value.Env(), value, &is_typed_array);
  TORCH_CHECK_TYPE(is_typed_array, "expected a typed array");
  TypedArray array;
  napi_typedarray_type type;
  napi_get_typedarray_info(value.Env(), value, &type, &array.length, &array.data, nullptr, nullptr);
  array.type = element_type(type);
  return array;
}

int64_t count_of(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (int64_t size : shape) {
    TORCH_CHECK_VALUE(size >= 0, "negative size ", size);
    TORCH_CHECK_VALUE(!c10::mul_overflows(count, size, &count), "too many elements");
  }
  return count;
}

/// from_data(typed array, shape, element code, dtype code, device, requires_grad): copies. The element code says
/// how to read the array (bool in a Uint8Array, complex as interleaved doubles, float16 as Uint16Array).
Napi::Value from_data(const Napi::CallbackInfo& info, Environment& environment) {
  warn_of_constructor();
  const RecordingPaused paused;
  const TypedArray array = typed_array(info[0]);
  const std::vector<int64_t> shape = to_int_vector(info.Env(), info[1]);
  const auto element = static_cast<at::ScalarType>(info[2].As<Napi::Number>().Int32Value());
  const auto dtype = static_cast<at::ScalarType>(info[3].As<Napi::Number>().Int32Value());
  const size_t bytes = static_cast<size_t>(count_of(shape)) * c10::elementSize(element);
  TORCH_CHECK_VALUE(bytes == array.length * c10::elementSize(array.type), "tensor(): ", array.length,
                    " elements do not fill the shape");
  at::Tensor tensor = at::empty(shape, at::TensorOptions(element));
  if (bytes > 0) std::memcpy(tensor.data_ptr(), array.data, bytes);
  tensor = tensor.to(at::TensorOptions(dtype).device(c10::Device(info[4].As<Napi::String>().Utf8Value())));
  if (info[5].ToBoolean().Value()) tensor.set_requires_grad(true);
  note_made_from_data(tensor);
  return wrapped(info.Env(), environment, std::move(tensor));
}

/// from_scratch(first, second, dtype code, requires_grad): the numbers in the scratch memory, with none to two sizes,
/// of which -1 says that there is none.
Napi::Value from_scratch(const Napi::CallbackInfo& info, Environment& environment) {
  warn_of_constructor();
  const RecordingPaused paused;
  c10::SmallVector<int64_t, 2> sizes;
  int64_t count = 1;
  for (size_t i : {0, 1}) {
    const auto size = info[i].As<Napi::Number>().Int64Value();
    if (size < 0) break;
    sizes.push_back(size);
    TORCH_CHECK(!c10::mul_overflows(count, size, &count), "tensor(): too many numbers");
  }
  const auto dtype = static_cast<at::ScalarType>(info[2].As<Napi::Number>().Int32Value());
  TORCH_CHECK(environment.scratch.holds(static_cast<size_t>(count)), "tensor(): too many numbers");
  at::Tensor tensor = at::empty(sizes, at::TensorOptions(dtype));
  const auto fill = [&](auto* to) {
    const double* from = environment.scratch.data();
    for (int64_t i = 0; i < count; ++i) to[i] = static_cast<std::remove_reference_t<decltype(*to)>>(from[i]);
  };
  if (dtype == at::kLong) {
    fill(tensor.mutable_data_ptr<int64_t>());
  } else if (dtype == at::kDouble) {
    fill(tensor.mutable_data_ptr<double>());
  } else {
    fill(tensor.mutable_data_ptr<float>());
  }
  if (info[3].ToBoolean().Value()) tensor.set_requires_grad(true);
  note_made_from_data(tensor);
  return wrapped(info.Env(), environment, std::move(tensor));
}

/// share_data(typed array, shape, strides, element offset, element code): no copy; the tensor keeps the array alive.
Napi::Value share_data(const Napi::CallbackInfo& info, Environment& environment) {
  const RecordingPaused paused;
  const TypedArray array = typed_array(info[0]);
  const std::vector<int64_t> shape = to_int_vector(info.Env(), info[1]);
  const std::vector<int64_t> strides = to_int_vector(info.Env(), info[2]);
  const int64_t offset = to_int64(info.Env(), info[3]);
  const auto element = static_cast<at::ScalarType>(info[4].As<Napi::Number>().Int32Value());
  const int64_t available =
      static_cast<int64_t>(array.length * c10::elementSize(array.type) / c10::elementSize(element));
  TORCH_CHECK_VALUE(shape.size() == strides.size(), "from_numpy(): shape and strides differ in length");
  int64_t last = offset;
  for (size_t i = 0; i < shape.size(); ++i) {
    TORCH_CHECK_VALUE(strides[i] >= 0, "from_numpy(): negative strides are not supported");
    if (shape[i] > 0) last += (shape[i] - 1) * strides[i];
  }
  TORCH_CHECK_VALUE(offset >= 0 && (count_of(shape) == 0 || last < available),
                    "from_numpy(): the shape reaches beyond the array");
  char* start = static_cast<char*>(array.data) + offset * static_cast<int64_t>(c10::elementSize(element));
  at::Tensor tensor = over_javascript(start, shape, strides, element, environment.references.strong(info[0]));
  note_made_from_data(tensor);
  return wrapped(info.Env(), environment, std::move(tensor));
}

/// read(handle) -> ArrayBuffer: a contiguous copy of the elements, in CPU memory; float16 and bfloat16 as float32.
Napi::Value read(const Napi::CallbackInfo& info, Environment& environment) {
  note_values_read(tensor_at(info, 0, environment));
  const RecordingPaused paused;
  at::Tensor tensor = tensor_at(info, 0, environment).detach();
  TORCH_CHECK_NOT_IMPLEMENTED(!tensor.is_meta(), "Cannot copy out of meta tensor; no data!");
  if (tensor._is_zerotensor()) tensor = at::zeros_like(tensor);
  if (tensor.layout() != at::kStrided) tensor = tensor.to_dense();
  if (tensor.is_quantized()) tensor = tensor.dequantize();
  const at::ScalarType type = tensor.scalar_type();
  if (type == at::kHalf || type == at::kBFloat16 || c10::isFloat8Type(type)) tensor = tensor.to(at::kFloat);
  if (type == at::kComplexHalf) tensor = tensor.to(at::kComplexFloat);
  tensor = tensor.cpu().resolve_conj().resolve_neg().contiguous();
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(info.Env(), tensor.nbytes());
  TORCH_CHECK(tensor.nbytes() == 0 || tensor.const_data_ptr() != nullptr, "the tensor's storage is unallocated");
  if (tensor.nbytes() > 0) std::memcpy(buffer.Data(), tensor.const_data_ptr(), tensor.nbytes());
  return buffer;
}

/// read_numbers(handle): leaves the sizes and the elements of a small tensor in the scratch memory, and gives the
/// number of its dimensions; -1 when they do not fit, or are not numbers that a double holds.
Napi::Value read_numbers(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  note_values_read(tensor);
  const auto count = tensor.is_cpu() && tensor.layout() == at::kStrided ? tensor.numel() : -1;
  const at::ScalarType type = tensor.scalar_type();
  const bool plain = count >= 0 && tensor.has_storage() &&
                     environment.scratch.holds(static_cast<size_t>(count + tensor.dim())) && !tensor.is_neg() &&
                     !tensor._is_zerotensor() && tensor.is_contiguous() && tensor.const_data_ptr() != nullptr;
  // Elements of a storage of bytes may lie anywhere.
  const auto element = [&]<typename T>(const T* from, int64_t i) {
    T value;
    std::memcpy(&value, reinterpret_cast<const std::byte*>(from) + i * static_cast<int64_t>(sizeof(T)), sizeof(T));
    return value;
  };
  const auto copy = [&]<typename T>(const T* from) {
    const int64_t dim = tensor.dim();
    for (int64_t i = 0; i < dim; ++i) environment.scratch[i] = static_cast<double>(tensor.size(i));
    for (int64_t i = 0; i < count; ++i) environment.scratch[dim + i] = static_cast<double>(element(from, i));
    return Napi::Number::New(info.Env(), static_cast<double>(dim));
  };
  if (plain && type == at::kFloat) return copy(tensor.const_data_ptr<float>());
  if (plain && type == at::kDouble) return copy(tensor.const_data_ptr<double>());
  if (plain && type == at::kLong) {
    const auto* from = tensor.const_data_ptr<int64_t>();
    constexpr int64_t kMostExact = int64_t{1} << 53;
    bool exact = true;
    for (int64_t i = 0; i < count; ++i) exact &= element(from, i) < kMostExact && element(from, i) > -kMostExact;
    if (exact) return copy(from);
  }
  return Napi::Number::New(info.Env(), -1);
}

/// memory(handle) -> ArrayBuffer over the tensor's own memory, or all of its storage. Leaves in the scratch memory
/// where its first element is and how many bytes it is from that to its last, then its dimensions, sizes and strides,
/// unless they are too many. The storage lives as long as the buffer, and can no longer be resized, which would give it
/// other memory.
Napi::Value memory(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  note_values_read(tensor);
  TORCH_CHECK_TYPE(tensor.is_cpu(), "can't convert ", tensor.device(),
                   " device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.");
  TORCH_CHECK_TYPE(tensor.layout() == at::kStrided, "can't convert ", tensor.layout(),
                   " layout tensor to numpy. Use Tensor.to_dense() first.");
  TORCH_CHECK(!tensor._is_zerotensor(),
              "Cannot convert a ZeroTensor to numpy. Set force: true if you need the zero array.");
  TORCH_CHECK(!tensor.is_conj(), "Can't call numpy() on Tensor that has conjugate bit set. ",
              "Use tensor.resolve_conj().numpy() instead.");
  TORCH_CHECK(!tensor.is_neg(), "Can't call numpy() on Tensor that has negative bit set. ",
              "Use tensor.resolve_neg().numpy() instead.");
  int64_t last = 0;
  for (int64_t i = 0; i < tensor.dim(); ++i) last += (tensor.size(i) - 1) * tensor.stride(i);
  const size_t bytes = tensor.numel() == 0 ? 0 : static_cast<size_t>(last + 1) * tensor.element_size();
  Scratch& left = environment.scratch;
  const size_t dim = tensor.dim();
  left[0] = 0;
  left[1] = static_cast<double>(bytes);
  left[2] = left.holds(3 + 2 * dim) ? static_cast<double>(dim) : -1;
  for (size_t i = 0; i < dim && left[2] >= 0; ++i) {
    left[3 + i] = static_cast<double>(tensor.size(static_cast<int64_t>(i)));
    left[3 + dim + i] = static_cast<double>(tensor.stride(static_cast<int64_t>(i)));
  }
  if (bytes == 0) return Napi::ArrayBuffer::New(info.Env(), 0);
  TORCH_CHECK(tensor.data_ptr() != nullptr, "numpy(): the tensor's storage is unallocated");
  const c10::Storage storage = tensor.storage();
  storage.unsafeGetStorageImpl()->set_resizable(false);
  // V8 counts all bytes of a buffer: not much more than the tensor's.
  if (storage.nbytes() > std::max<size_t>(4 * bytes, 4096)) {
    return buffer_over(info.Env(), environment, storage, tensor.data_ptr(), bytes);
  }
  left[0] = static_cast<double>(tensor.storage_offset() * static_cast<int64_t>(tensor.element_size()));
  return {info.Env(), environment.tensors.buffer_over(storage)};
}

Napi::Value item(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  note_values_read(tensor);
  const RecordingPaused paused;
  return {info.Env(), from_scalar(info.Env(), tensor.item())};
}

}  // namespace

void export_data(Exports& exports) {
  exports.add<from_data>("from_data");
  exports.add<from_scratch>("from_scratch");
  exports.add<share_data>("share_data");
  exports.add<read>("read");
  exports.add<read_numbers>("read_numbers");
  exports.add<memory>("memory");
  exports.add<item>("item");
}

}  // namespace torch_node
