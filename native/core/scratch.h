// Numbers that cross between JavaScript and the addon in memory that both see: arguments of a call, and a few that it
// leaves. Cheaper than values of Node-API, each of which costs a call, and than an array a call.
#pragma once

#include <cstddef>

#include <napi.h>

#include "core/shared_numbers.h"

namespace torch_node {

/// So many doubles; the array lives as long as the environment.
class SharedMemory {
 public:
  explicit SharedMemory(size_t length) : length_(length) {}

  /// The Float64Array over the memory, made at the first call.
  napi_value array(Napi::Env env) {
    napi_value found = nullptr;
    if (kept_ != nullptr) {
      napi_get_reference_value(env, kept_, &found);
      return found;
    }
    auto buffer = Napi::ArrayBuffer::New(env, length_ * sizeof(double));
    found = Napi::Float64Array::New(env, length_, buffer, 0);
    napi_create_reference(env, found, 1, &kept_);
    numbers_ = static_cast<double*>(buffer.Data());
    return found;
  }
  /// Whether so many numbers can be left here.
  bool holds(size_t count) const { return numbers_ != nullptr && count <= length_; }
  size_t length() const { return numbers_ == nullptr ? 0 : length_; }
  double& operator[](size_t i) { return numbers_[i]; }
  const double* data() const { return numbers_; }

 private:
  size_t length_;
  double* numbers_ = nullptr;
  napi_ref kept_ = nullptr;
};

/// What a call leaves for JavaScript to read.
class Scratch : public SharedMemory {
 public:
  Scratch() : SharedMemory(64) {}
};

/// What JavaScript leaves for a call to read.
class ArgumentMemory : public SharedMemory {
 public:
  ArgumentMemory() : SharedMemory(kArgumentMemory) {}
};

}  // namespace torch_node
