// JavaScript values <-> c10::IValue, by schema type: the only file that handles both.
// lib/_C/dispatch.ts classifies each argument into a Kind; the kinds choose overload and Conversion
// once, then values are converted without looking at their types again.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>
#include <napi.h>

#include "core/shared_numbers.h"
#include "memory/tensor_table.h"

namespace torch_node {

enum class Conversion : uint8_t {
  kNone,
  kTensor,
  kNumberToTensor,
  kScalar,
  kTensorToScalar,
  kInt,
  kTensorToInt,
  kFloat,
  kTensorToFloat,
  kBool,
  kString,
  kDevice,
  kGenerator,
  kIntList,
  kIntToList,
  kFloatList,
  kFloatToList,
  kBoolList,
  kTensorList,
  kOptionalTensorList,
  kStringList,
  kScalarList,
};

struct Matching {
  bool numbers_as_tensors = false;  ///< a number may stand for a Tensor, as in torch.add(x, 2)
  bool lenient = false;             ///< 0-dim tensors may stand for numbers
};

/// How a value of `kind` becomes `argument`, or nothing when it does not fit.
std::optional<Conversion> conversion_for(const c10::Argument& argument, Kind kind, Matching matching);

/// Converts; `length` is the fixed size of the list, or 0.
c10::IValue to_ivalue(napi_env env, napi_value value, Conversion conversion, int32_t length,
                      const TensorTable& tensors);

/// Converts a result. Tensors become what TensorTable::put returns; lists and tuples become arrays.
napi_value to_js(napi_env env, const c10::IValue& value, TensorTable& tensors);

/// Why a tagged value is not of the type it should be.
struct ValueMismatch : std::exception {
  ValueMismatch(std::string wanted, std::string given) : expected(std::move(wanted)), found(std::move(given)) {}
  const char* what() const noexcept override { return "a value of another type was expected"; }

  std::string expected;
  std::string found;
  std::string path;  ///< where in the value, as in `[2]['name']`; empty for the value itself
};

/// Values of any type, nested to any depth, are passed tagged: `[Kind, payload]`, where the payload of a list is an
/// array of tagged values, and that of a dict an array of tagged keys and values by turns (lib/jit/values.ts). Throws
/// ValueMismatch when the value is not of `type`.
c10::IValue tagged_to_ivalue(napi_env env, napi_value tagged, const c10::TypePtr& type, const TensorTable& tensors);
napi_value to_tagged(napi_env env, const c10::IValue& value, TensorTable& tensors);
/// For error texts: what a tagged value is.
std::string tagged_name(napi_env env, napi_value tagged);

/// An integer that fits in 64 bits; throws for all else.
int64_t to_int64(napi_env env, napi_value value);
/// The same, where Python takes unsigned numbers too.
uint64_t to_seed(napi_env env, napi_value value);
std::string to_string(napi_env env, napi_value value);
std::vector<int64_t> to_int_vector(napi_env env, napi_value list);

/// An array of what TensorTable::put returns for each tensor.
Napi::Array handles_of(napi_env env, TensorTable& tensors, const std::vector<at::Tensor>& list);

/// The tensors behind an array of handles; -1 stands for an undefined one, and anything but an array for none.
std::vector<at::Tensor> to_variables(napi_env env, napi_value handles, const TensorTable& tensors);
at::Scalar to_scalar(napi_env env, napi_value value);
/// What a number in the argument memory is that was of such a kind.
inline at::Scalar scalar_of(double number, Kind kind) {
  if (kind == Kind::kBool) return {number != 0};
  if (kind == Kind::kInt) return {static_cast<int64_t>(number)};
  return {number};
}
/// A tensor that counts as a number in type promotion.
at::Tensor wrapped_number(const at::Scalar& scalar);
napi_value from_int64(napi_env env, int64_t value);
napi_value from_string(napi_env env, const std::string& text);
napi_value from_scalar(napi_env env, const at::Scalar& value);
napi_value from_ints(napi_env env, c10::ArrayRef<int64_t> values);
napi_value from_tensors(napi_env env, c10::ArrayRef<at::Tensor> list, TensorTable& tensors);
std::vector<at::Tensor> to_tensors(napi_env env, napi_value handles, const TensorTable& tensors);

/// For error texts: the Python name of an argument's type, and of what was given.
std::string expected_name(const c10::Argument& argument);
const char* kind_name(Kind kind);

}  // namespace torch_node
