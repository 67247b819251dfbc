// The functions of the system's C library behind torch-node/python's `math`: what CPython calls. V8's own differ from
// them in the last bit on some inputs. Errors and all that is exact in any arithmetic is TypeScript
// (lib/python/math.ts).
#include <cmath>
#include <complex>

#include "core/environment.h"

namespace torch_node {
namespace {

double number_at(const Napi::CallbackInfo& info, size_t i) { return info[i].As<Napi::Number>().DoubleValue(); }

template <double (*function)(double)>
Napi::Value of_one(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), function(number_at(info, 0)));
}

template <double (*function)(double, double)>
Napi::Value of_two(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), function(number_at(info, 0), number_at(info, 1)));
}

Napi::Value scaled_by_power_of_two(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::ldexp(number_at(info, 0), info[1].As<Napi::Number>().Int32Value()));
}

Napi::Value fused_multiply_add(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), std::fma(number_at(info, 0), number_at(info, 1), number_at(info, 2)));
}

/// A complex power as [real, imaginary], for NDArrays.
Napi::Value complex_power(const Napi::CallbackInfo& info, Environment&) {
  const auto power = std::pow(std::complex<double>(number_at(info, 0), number_at(info, 1)),
                              std::complex<double>(number_at(info, 2), number_at(info, 3)));
  Napi::Array parts = Napi::Array::New(info.Env(), 2);
  parts.Set(0u, power.real());
  parts.Set(1u, power.imag());
  return parts;
}

}  // namespace

void export_python_math(Exports& exports) {
  exports.add<of_one<std::acos>>("math_acos");
  exports.add<of_one<std::acosh>>("math_acosh");
  exports.add<of_one<std::asin>>("math_asin");
  exports.add<of_one<std::asinh>>("math_asinh");
  exports.add<of_one<std::atan>>("math_atan");
  exports.add<of_one<std::atanh>>("math_atanh");
  exports.add<of_one<std::cbrt>>("math_cbrt");
  exports.add<of_one<std::cos>>("math_cos");
  exports.add<of_one<std::cosh>>("math_cosh");
  exports.add<of_one<std::erf>>("math_erf");
  exports.add<of_one<std::erfc>>("math_erfc");
  exports.add<of_one<std::exp>>("math_exp");
  exports.add<of_one<std::exp2>>("math_exp2");
  exports.add<of_one<std::expm1>>("math_expm1");
  exports.add<of_one<std::log>>("math_log");
  exports.add<of_one<std::log10>>("math_log10");
  exports.add<of_one<std::log1p>>("math_log1p");
  exports.add<of_one<std::log2>>("math_log2");
  exports.add<of_one<std::sin>>("math_sin");
  exports.add<of_one<std::sinh>>("math_sinh");
  exports.add<of_one<std::tan>>("math_tan");
  exports.add<of_one<std::tanh>>("math_tanh");
  exports.add<of_two<std::atan2>>("math_atan2");
  exports.add<of_two<std::fmod>>("math_fmod");
  exports.add<of_two<std::hypot>>("math_hypot");
  exports.add<of_two<std::nextafter>>("math_nextafter");
  exports.add<of_two<std::pow>>("math_pow");
  exports.add<complex_power>("math_complex_pow");
  exports.add<scaled_by_power_of_two>("math_ldexp");
  exports.add<fused_multiply_add>("math_fma");
}

}  // namespace torch_node
