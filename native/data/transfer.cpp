// The registry of tensors between threads (see transfer.h).
#include "data/transfer.h"

#include <mutex>
#include <unordered_map>
#include <vector>

#include <ATen/ATen.h>

#include "core/environment.h"
#include "data/shared_memory.h"
#include "memory/allocation.h"

namespace torch_node {
namespace {

struct Entry {
  at::Tensor tensor;
  const Transfers* sender;  // null when its environment is gone
};

struct Registry {
  std::mutex mutex;
  uint64_t last = 0;
  std::unordered_map<uint64_t, Entry> entries;
};

/// Of the whole process, and never destroyed: threads may end after the main one.
Registry& registry() {
  static auto* made = new Registry;
  return *made;
}

/// Removes an entry and returns its tensor; an undefined tensor when there is none.
at::Tensor take(uint64_t token) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  const auto found = registry().entries.find(token);
  if (found == registry().entries.end()) return {};
  at::Tensor tensor = std::move(found->second.tensor);
  registry().entries.erase(found);
  return tensor;
}

uint64_t token_of(const Napi::Value& value) {
  return value.IsNumber() ? static_cast<uint64_t>(value.As<Napi::Number>().Int64Value()) : 0;
}

/// hand_over(handle) -> token
Napi::Value hand_over(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  TORCH_CHECK(tensor.is_leaf() || !tensor.requires_grad(),
              "hand_over(): a non-leaf Tensor which requires grad cannot go to another thread, since autograd does not "
              "cross threads. If you just want to transfer the data, call detach() on the tensor before.");
  TORCH_CHECK_NOT_IMPLEMENTED(tensor.layout() != at::kMkldnn, "hand_over(): a Tensor of layout ", tensor.layout(),
                              " cannot go to another thread");
  TORCH_CHECK(owns_its_memory(tensor),
              "hand_over(): the Tensor's memory belongs to a JavaScript array, which goes with its thread. Call "
              "share_memory_() on the tensor before, or hand over a clone().");
  // With a version counter of its own, as a tensor of another process has.
  const uint64_t token = environment.transfers.add(tensor.variable_data());
  return Napi::Number::New(info.Env(), static_cast<double>(token));
}

/// take_over(token)
Napi::Value take_over(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor tensor = take(token_of(info[0]));
  TORCH_CHECK(tensor.defined(), "take_over(): the Tensor has been taken or released already");
  count_taken_over(cpu_bytes_of(tensor));
  tensor.unsafeGetTensorImpl()->set_allow_tensor_metadata_change(true);
  return wrapped(info.Env(), environment, std::move(tensor));
}

Napi::Value release_handed_over(const Napi::CallbackInfo& info, Environment&) {
  take(token_of(info[0]));
  return info.Env().Undefined();
}

Napi::Value release_orphans(const Napi::CallbackInfo& info, Environment&) {
  std::vector<at::Tensor> doomed;  // freed when the lock is no longer held
  const std::lock_guard<std::mutex> lock(registry().mutex);
  for (auto entry = registry().entries.begin(); entry != registry().entries.end();) {
    if (entry->second.sender != nullptr) {
      ++entry;
      continue;
    }
    doomed.push_back(std::move(entry->second.tensor));
    entry = registry().entries.erase(entry);
  }
  return info.Env().Undefined();
}

Napi::Value is_handed_over(const Napi::CallbackInfo& info, Environment&) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  return Napi::Boolean::New(info.Env(), registry().entries.count(token_of(info[0])) > 0);
}

/// Whether the thread that sent a tensor has ended before it was taken.
Napi::Value is_orphan(const Napi::CallbackInfo& info, Environment&) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  const auto found = registry().entries.find(token_of(info[0]));
  return Napi::Boolean::New(info.Env(), found != registry().entries.end() && found->second.sender == nullptr);
}

}  // namespace

uint64_t Transfers::add(at::Tensor tensor) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  const uint64_t token = ++registry().last;
  registry().entries.emplace(token, Entry{std::move(tensor), this});
  return token;
}

Transfers::~Transfers() {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  for (auto& [token, entry] : registry().entries) {
    if (entry.sender == this) entry.sender = nullptr;
  }
}

void export_transfer(Exports& exports) {
  exports.add<hand_over>("hand_over");
  exports.add<take_over>("take_over");
  exports.add<release_handed_over>("release_handed_over");
  exports.add<release_orphans>("release_orphans");
  exports.add<is_handed_over>("is_handed_over");
  exports.add<is_orphan>("is_orphan");
}

}  // namespace torch_node
