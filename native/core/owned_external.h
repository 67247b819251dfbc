// JavaScript values that own a C++ object: opaque, and recognised by a tag of their type.
#pragma once

#include <utility>

#include <c10/util/Exception.h>
#include <napi.h>

namespace torch_node {

/// An External that owns `object` until it is collected.
template <typename T>
napi_value own_as_external(napi_env env, T object, const napi_type_tag& tag) {
  auto* owned = new T(std::move(object));
  napi_value external = nullptr;
  napi_create_external(
      env, owned, [](napi_env, void* data, void*) { delete static_cast<T*>(data); }, nullptr, &external);
  napi_type_tag_object(env, external, &tag);
  return external;
}

/// The object behind an External made with `tag`; a TypeError for anything else.
template <typename T>
T& from_external(napi_env env, napi_value value, const napi_type_tag& tag, const char* expected) {
  bool ours = false;
  napi_check_object_type_tag(env, value, &tag, &ours);
  TORCH_CHECK_TYPE(ours, "expected ", expected);
  void* data = nullptr;
  napi_get_value_external(env, value, &data);
  return *static_cast<T*>(data);
}

}  // namespace torch_node
