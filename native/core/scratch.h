// A few numbers that a call leaves for JavaScript to read, in memory that both see: cheaper than an array a call.
#pragma once

#include <cstddef>

#include <napi.h>

namespace torch_node {

class Scratch {
 public:
  static constexpr size_t kLength = 64;

  /// The Float64Array over the memory, made at the first call; it lives as long as the environment.
  napi_value array(Napi::Env env) {
    napi_value found = nullptr;
    if (kept_ != nullptr) {
      napi_get_reference_value(env, kept_, &found);
      return found;
    }
    auto buffer = Napi::ArrayBuffer::New(env, kLength * sizeof(double));
    found = Napi::Float64Array::New(env, kLength, buffer, 0);
    napi_create_reference(env, found, 1, &kept_);
    numbers_ = static_cast<double*>(buffer.Data());
    return found;
  }
  /// Whether so many numbers can be left here.
  bool holds(size_t count) const { return numbers_ != nullptr && count <= kLength; }
  double& operator[](size_t i) { return numbers_[i]; }

 private:
  double* numbers_ = nullptr;
  napi_ref kept_ = nullptr;
};

}  // namespace torch_node
