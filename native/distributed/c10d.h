// What the files of this folder share: JavaScript's opaque stores, groups and works, and times in milliseconds.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>

#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"

namespace torch_node {

using StorePointer = c10::intrusive_ptr<c10d::Store>;
using GroupPointer = c10::intrusive_ptr<c10d::ProcessGroup>;
using WorkPointer = c10::intrusive_ptr<c10d::Work>;

inline StorePointer& store_from(const Napi::Value& value) {
  return from_external<StorePointer>(value.Env(), value, kStoreTag, "a store");
}

/// Null pointers stand for a group that was destroyed.
GroupPointer& group_from(const Napi::Value& value);

WorkPointer& work_from(const Napi::Value& value);

inline std::chrono::milliseconds to_milliseconds(const Napi::Value& value) {
  return std::chrono::milliseconds(to_int64(value.Env(), value));
}

/// A work as a result; null where libtorch gives none.
Napi::Value from_work(Napi::Env env, WorkPointer work);

std::vector<std::string> to_strings(const Napi::Value& list);

}  // namespace torch_node
