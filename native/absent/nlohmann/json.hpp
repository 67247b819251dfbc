// libtorch's functorch headers include nlohmann/json, which the wheel does not carry, to write interpreters down as text.
// Nothing here does that: declarations are enough to compile. Where libtorch has the real header, that comes first.
#pragma once

#include <string>

namespace nlohmann {

struct json {
  json();
  template <typename T>
  json(const T&);
  std::string dump() const;
  static json parse(const std::string&);
  template <typename T>
  T get() const;
};

}  // namespace nlohmann
