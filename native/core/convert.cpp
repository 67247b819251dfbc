// Conversions between JavaScript values and IValues (see convert.h).
#include "core/convert.h"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/ScalarOps.h>
#include <ATen/core/Generator.h>
#include <ATen/core/jit_type.h>

#include "core/random.h"

namespace torch_node {
namespace {

using c10::TypeKind;

constexpr double kMaxSafeInteger = 9007199254740991.0;

bool is_number(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kBigint || kind == Kind::kFloat || kind == Kind::kBool ||
         kind == Kind::kComplex;
}

bool is_int(Kind kind) { return kind == Kind::kInt || kind == Kind::kBigint; }

const c10::Type& strip_optional(const c10::TypePtr& type) {
  if (type->kind() == TypeKind::OptionalType) {
    return *type->castRaw<c10::OptionalType>()->getElementType();
  }
  return *type;
}

std::optional<Conversion> list_conversion(const c10::Type& element, Kind kind, int32_t length, Matching matching) {
  const bool empty = kind == Kind::kEmptyList;
  switch (element.kind()) {
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      if (empty || kind == Kind::kIntList) return Conversion::kIntList;
      if (length > 0 && is_int(kind)) return Conversion::kIntToList;
      return std::nullopt;
    case TypeKind::FloatType:
      if (empty || kind == Kind::kFloatList || kind == Kind::kIntList || kind == Kind::kBoolList) {
        return Conversion::kFloatList;
      }
      if (length > 0 && (is_int(kind) || kind == Kind::kFloat)) return Conversion::kFloatToList;
      return std::nullopt;
    case TypeKind::BoolType:
      if (empty || kind == Kind::kBoolList) return Conversion::kBoolList;
      return std::nullopt;
    case TypeKind::TensorType:
      if (empty || kind == Kind::kTensorList) return Conversion::kTensorList;
      return std::nullopt;
    case TypeKind::OptionalType:
      if (empty || kind == Kind::kTensorList || kind == Kind::kOptionalTensorList) {
        return Conversion::kOptionalTensorList;
      }
      return std::nullopt;
    case TypeKind::StringType:
      if (empty || kind == Kind::kStringList) return Conversion::kStringList;
      return std::nullopt;
    case TypeKind::NumberType:
      if (empty || kind == Kind::kIntList || kind == Kind::kFloatList || kind == Kind::kBoolList ||
          kind == Kind::kScalarList) {
        return Conversion::kScalarList;
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

void check(napi_status status, const char* expected) { TORCH_CHECK_TYPE(status == napi_ok, "expected ", expected); }

double to_double(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) == napi_ok) return number;
  return to_scalar(env, value).toDouble();
}

const at::Tensor& to_tensor(napi_env env, napi_value value, const TensorTable& tensors) {
  int32_t handle = -1;
  check(napi_get_value_int32(env, value, &handle), "a Tensor");
  return tensors.get(handle);
}

template <typename Each>
void for_each(napi_env env, napi_value list, Each each) {
  uint32_t length = 0;
  check(napi_get_array_length(env, list, &length), "an Array");
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    napi_get_element(env, list, i, &element);
    each(element);
  }
}

bool is_nullish(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_null || type == napi_undefined;
}

}  // namespace

at::Tensor wrapped_number(const at::Scalar& scalar) {
  at::Tensor tensor = c10::scalar_to_tensor(scalar);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

std::optional<Conversion> conversion_for(const c10::Argument& argument, Kind kind, Matching matching) {
  const c10::TypePtr& declared = argument.real_type();
  if (kind == Kind::kNone) {
    if (declared->kind() == TypeKind::OptionalType || declared->kind() == TypeKind::NoneType) return Conversion::kNone;
    return std::nullopt;
  }
  const c10::Type& type = strip_optional(declared);
  switch (type.kind()) {
    case TypeKind::TensorType:
      if (kind == Kind::kTensor) return Conversion::kTensor;
      if (is_number(kind) && matching.numbers_as_tensors) return Conversion::kNumberToTensor;
      return std::nullopt;
    case TypeKind::NumberType:
      if (is_number(kind)) return Conversion::kScalar;
      if (kind == Kind::kTensor && matching.lenient) return Conversion::kTensorToScalar;
      return std::nullopt;
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      if (is_int(kind)) return Conversion::kInt;
      if (kind == Kind::kTensor && matching.lenient) return Conversion::kTensorToInt;
      return std::nullopt;
    case TypeKind::FloatType:
      // Python's bool is an int, which its parser takes for floats, though not for ints.
      if (is_int(kind) || kind == Kind::kFloat || kind == Kind::kBool) return Conversion::kFloat;
      if (kind == Kind::kTensor && matching.lenient) return Conversion::kTensorToFloat;
      return std::nullopt;
    case TypeKind::BoolType:
      if (kind == Kind::kBool) return Conversion::kBool;
      return std::nullopt;
    case TypeKind::StringType:
      if (kind == Kind::kString) return Conversion::kString;
      return std::nullopt;
    case TypeKind::ScalarTypeType:
      if (kind == Kind::kDtype) return Conversion::kInt;
      return std::nullopt;
    case TypeKind::LayoutType:
      if (kind == Kind::kLayout) return Conversion::kInt;
      return std::nullopt;
    case TypeKind::MemoryFormatType:
      if (kind == Kind::kMemoryFormat) return Conversion::kInt;
      return std::nullopt;
    case TypeKind::DeviceObjType:
      if (kind == Kind::kDevice || kind == Kind::kString) return Conversion::kDevice;
      return std::nullopt;
    case TypeKind::GeneratorType:
      if (kind == Kind::kGenerator) return Conversion::kGenerator;
      return std::nullopt;
    case TypeKind::ListType:
      return list_conversion(*type.castRaw<c10::ListType>()->getElementType(), kind, argument.N().value_or(0),
                             matching);
    default:
      return std::nullopt;
  }
}

int64_t to_int64(napi_env env, napi_value value) {
  double real = 0;
  if (napi_get_value_double(env, value, &real) == napi_ok) {
    // 2^63 is the first double that is too large.
    TORCH_CHECK_TYPE(real == std::trunc(real) && std::abs(real) < 9223372036854775808.0, "expected an integer, not ",
                     real);
    return static_cast<int64_t>(real);
  }
  int64_t number = 0;
  bool lossless = false;
  check(napi_get_value_bigint_int64(env, value, &number, &lossless), "an integer");
  TORCH_CHECK_INDEX(lossless, "Overflow when unpacking long long");
  return number;
}

uint64_t to_seed(napi_env env, napi_value value) {
  uint64_t bits = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(env, value, &bits, &lossless) == napi_ok && lossless) return bits;
  return static_cast<uint64_t>(to_int64(env, value));
}

std::string to_string(napi_env env, napi_value value) {
  size_t length = 0;
  check(napi_get_value_string_utf8(env, value, nullptr, 0, &length), "a string");
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
  return text;
}

std::vector<int64_t> to_int_vector(napi_env env, napi_value list) {
  std::vector<int64_t> numbers;
  for_each(env, list, [&](napi_value element) { numbers.push_back(to_int64(env, element)); });
  return numbers;
}

Napi::Array handles_of(napi_env env, TensorTable& tensors, const std::vector<at::Tensor>& list) {
  const TensorTable::InFlight in_flight(tensors);
  Napi::Array handles = Napi::Array::New(env, list.size());
  for (uint32_t i = 0; i < list.size(); ++i) handles[i] = Napi::Number::New(env, tensors.put(list[i]));
  return handles;
}

std::vector<at::Tensor> to_variables(napi_env env, napi_value handles, const TensorTable& tensors) {
  std::vector<at::Tensor> list;
  bool is_array = false;
  napi_is_array(env, handles, &is_array);
  if (!is_array) return list;
  for (int64_t handle : to_int_vector(env, handles)) {
    list.push_back(handle < 0 ? at::Tensor() : tensors.get(static_cast<Handle>(handle)));
  }
  return list;
}

at::Scalar to_scalar(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  if (type == napi_number) {
    double number = 0;
    napi_get_value_double(env, value, &number);
    if (std::abs(number) <= kMaxSafeInteger && number == std::trunc(number)) {
      return at::Scalar(static_cast<int64_t>(number));
    }
    return at::Scalar(number);
  }
  if (type == napi_boolean) {
    bool flag = false;
    napi_get_value_bool(env, value, &flag);
    return at::Scalar(flag);
  }
  if (type == napi_bigint) {
    int64_t number = 0;
    bool lossless = false;
    napi_get_value_bigint_int64(env, value, &number, &lossless);
    if (lossless) return at::Scalar(number);
    uint64_t bits = 0;
    napi_get_value_bigint_uint64(env, value, &bits, &lossless);
    TORCH_CHECK_INDEX(lossless, "int too big to convert");
    return at::Scalar(bits);
  }
  // a complex number travels as [real, imaginary]
  napi_value part;
  check(napi_get_element(env, value, 0, &part), "a number");
  const double real = to_double(env, part);
  napi_get_element(env, value, 1, &part);
  return at::Scalar(c10::complex<double>(real, to_double(env, part)));
}

std::vector<at::Tensor> to_tensors(napi_env env, napi_value handles, const TensorTable& tensors) {
  std::vector<at::Tensor> list;
  for_each(env, handles, [&](napi_value element) { list.push_back(to_tensor(env, element, tensors)); });
  return list;
}

c10::IValue to_ivalue(napi_env env, napi_value value, Conversion conversion, int32_t length,
                      const TensorTable& tensors) {
  switch (conversion) {
    case Conversion::kNone:
      return {};
    case Conversion::kTensor:
      return to_tensor(env, value, tensors);
    case Conversion::kNumberToTensor:
      return wrapped_number(to_scalar(env, value));
    case Conversion::kScalar:
      return to_scalar(env, value);
    case Conversion::kTensorToScalar:
      return to_tensor(env, value, tensors).item();
    case Conversion::kInt:
      return to_int64(env, value);
    case Conversion::kTensorToInt:
      return to_tensor(env, value, tensors).item().toLong();
    case Conversion::kFloat:
      return to_double(env, value);
    case Conversion::kTensorToFloat:
      return to_tensor(env, value, tensors).item().toDouble();
    case Conversion::kBool: {
      bool flag = false;
      check(napi_get_value_bool(env, value, &flag), "a boolean");
      return flag;
    }
    case Conversion::kString:
      return to_string(env, value);
    case Conversion::kDevice:
      return c10::Device(to_string(env, value));
    case Conversion::kGenerator:
      return generator_from(env, value);
    case Conversion::kIntList:
      return to_int_vector(env, value);
    case Conversion::kIntToList:
      return std::vector<int64_t>(length, to_int64(env, value));
    case Conversion::kFloatList: {
      c10::List<double> list;
      for_each(env, value, [&](napi_value element) { list.push_back(to_double(env, element)); });
      return list;
    }
    case Conversion::kFloatToList:
      return std::vector<double>(length, to_double(env, value));
    case Conversion::kBoolList: {
      c10::List<bool> list;
      for_each(env, value, [&](napi_value element) {
        bool flag = false;
        check(napi_get_value_bool(env, element, &flag), "a boolean");
        list.push_back(flag);
      });
      return list;
    }
    case Conversion::kTensorList: {
      c10::List<at::Tensor> list;
      for_each(env, value, [&](napi_value element) { list.push_back(to_tensor(env, element, tensors)); });
      return list;
    }
    case Conversion::kOptionalTensorList: {
      c10::List<std::optional<at::Tensor>> list;
      for_each(env, value, [&](napi_value element) {
        if (is_nullish(env, element)) {
          list.push_back(std::nullopt);
        } else {
          list.push_back(to_tensor(env, element, tensors));
        }
      });
      return list;
    }
    case Conversion::kStringList: {
      c10::List<std::string> list;
      for_each(env, value, [&](napi_value element) { list.push_back(to_string(env, element)); });
      return list;
    }
    case Conversion::kScalarList: {
      c10::impl::GenericList list(c10::NumberType::get());
      for_each(env, value, [&](napi_value element) { list.push_back(to_scalar(env, element)); });
      return list;
    }
  }
  return {};
}

napi_value from_int64(napi_env env, int64_t value) {
  napi_value result;
  if (std::abs(static_cast<double>(value)) <= kMaxSafeInteger) {
    napi_create_int64(env, value, &result);
  } else {
    napi_create_bigint_int64(env, value, &result);
  }
  return result;
}

napi_value from_string(napi_env env, const std::string& text) {
  napi_value result;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

napi_value from_ints(napi_env env, c10::ArrayRef<int64_t> values) {
  napi_value result;
  napi_create_array_with_length(env, values.size(), &result);
  for (size_t i = 0; i < values.size(); ++i) napi_set_element(env, result, i, from_int64(env, values[i]));
  return result;
}

napi_value from_tensors(napi_env env, c10::ArrayRef<at::Tensor> list, TensorTable& tensors) {
  const TensorTable::InFlight in_flight(tensors);
  napi_value handles = nullptr;
  napi_create_array_with_length(env, list.size(), &handles);
  for (size_t i = 0; i < list.size(); ++i) {
    napi_value handle = nullptr;
    napi_create_int32(env, tensors.put(list[i]), &handle);
    napi_set_element(env, handles, i, handle);
  }
  return handles;
}

namespace {

napi_value from_complex(napi_env env, c10::complex<double> value) {
  // lib/types/scalar.ts turns {re, im} into its Complex
  Napi::Object pair = Napi::Object::New(env);
  pair.Set("re", value.real());
  pair.Set("im", value.imag());
  return pair;
}

}  // namespace

napi_value from_scalar(napi_env env, const at::Scalar& scalar) {
  if (scalar.isComplex()) return from_complex(env, scalar.toComplexDouble());
  napi_value result;
  if (scalar.isBoolean()) {
    napi_get_boolean(env, scalar.toBool(), &result);
    return result;
  }
  if (scalar.type() == c10::ScalarType::UInt64) {
    const uint64_t value = scalar.toUInt64();
    if (value <= static_cast<uint64_t>(kMaxSafeInteger)) return from_int64(env, static_cast<int64_t>(value));
    napi_create_bigint_uint64(env, value, &result);
    return result;
  }
  if (scalar.isIntegral(false)) return from_int64(env, scalar.toLong());
  napi_create_double(env, scalar.toDouble(), &result);
  return result;
}

napi_value to_js(napi_env env, const c10::IValue& value, TensorTable& tensors) {
  const TensorTable::InFlight in_flight(tensors);
  napi_value result = nullptr;
  if (value.isTensor()) {
    napi_create_int32(env, tensors.put(value.toTensor()), &result);
  } else if (value.isNone()) {
    napi_get_null(env, &result);
  } else if (value.isInt()) {
    result = from_int64(env, value.toInt());
  } else if (value.isDouble()) {
    napi_create_double(env, value.toDouble(), &result);
  } else if (value.isBool()) {
    napi_get_boolean(env, value.toBool(), &result);
  } else if (value.isComplexDouble()) {
    result = from_complex(env, value.toComplexDouble());
  } else if (value.isSymInt() || value.isSymFloat() || value.isSymBool()) {
    TORCH_CHECK_NOT_IMPLEMENTED(false, "symbolic results cannot be given to JavaScript");
  } else if (value.isString()) {
    result = from_string(env, value.toStringRef());
  } else if (value.isDevice()) {
    result = from_string(env, value.toDevice().str());
  } else if (value.isGenerator()) {
    result = generator_to_js(env, value.toGenerator());
  } else if (value.isList()) {
    const auto list = value.toListRef();
    napi_create_array_with_length(env, list.size(), &result);
    for (size_t i = 0; i < list.size(); ++i) napi_set_element(env, result, i, to_js(env, list[i], tensors));
  } else if (value.isTuple()) {
    const auto& elements = value.toTupleRef().elements();
    napi_create_array_with_length(env, elements.size(), &result);
    for (size_t i = 0; i < elements.size(); ++i) napi_set_element(env, result, i, to_js(env, elements[i], tensors));
  } else {
    TORCH_CHECK_NOT_IMPLEMENTED(false, "results of type ", value.tagKind(), " cannot be given to JavaScript");
  }
  return result;
}

std::string expected_name(const c10::Argument& argument) {
  const c10::Type& type = strip_optional(argument.real_type());
  const auto plain = [](const c10::Type& of) -> std::string {
    switch (of.kind()) {
      case TypeKind::TensorType:
        return "Tensor";
      case TypeKind::NumberType:
        return "Number";
      case TypeKind::IntType:
      case TypeKind::SymIntType:
        return "int";
      case TypeKind::FloatType:
        return "float";
      case TypeKind::BoolType:
        return "bool";
      case TypeKind::StringType:
        return "str";
      case TypeKind::ScalarTypeType:
        return "torch.dtype";
      case TypeKind::LayoutType:
        return "torch.layout";
      case TypeKind::MemoryFormatType:
        return "torch.memory_format";
      case TypeKind::DeviceObjType:
        return "torch.device";
      case TypeKind::GeneratorType:
        return "torch.Generator";
      default:
        return of.str();
    }
  };
  if (type.kind() == TypeKind::ListType) {
    const c10::Type& element = *type.castRaw<c10::ListType>()->getElementType();
    const c10::Type& inner =
        element.kind() == TypeKind::OptionalType ? *element.castRaw<c10::OptionalType>()->getElementType() : element;
    return "tuple of " + plain(inner) + "s";
  }
  return plain(type);
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "NoneType";
    case Kind::kTensor:
      return "Tensor";
    case Kind::kInt:
      return "int";
    case Kind::kFloat:
      return "float";
    case Kind::kBool:
      return "bool";
    case Kind::kBigint:
      return "int";
    case Kind::kComplex:
      return "complex";
    case Kind::kString:
      return "str";
    case Kind::kDtype:
      return "torch.dtype";
    case Kind::kLayout:
      return "torch.layout";
    case Kind::kMemoryFormat:
      return "torch.memory_format";
    case Kind::kDevice:
      return "torch.device";
    case Kind::kGenerator:
      return "torch._C.Generator";
    case Kind::kEmptyList:
    case Kind::kIntList:
    case Kind::kFloatList:
    case Kind::kBoolList:
    case Kind::kTensorList:
    case Kind::kOptionalTensorList:
    case Kind::kStringList:
    case Kind::kScalarList:
      return "list";
    case Kind::kOther:
    case Kind::kSlot:
    case Kind::kGraph:
      return "object";
    case Kind::kList:
      return "list";
    case Kind::kTuple:
      return "tuple";
    case Kind::kDict:
      return "dict";
    case Kind::kScriptObject:
      return "ScriptObject";
  }
  return "?";
}

}  // namespace torch_node
