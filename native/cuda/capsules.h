// Tensors that cross between the two addons as DLPack capsules, which share their memory; native/data/dlpack.cpp makes
// and takes them on the other side.
#pragma once

#include <vector>

#include <ATen/DLConvertor.h>

#include "core/type_tags.h"
#include "cuda/cuda_addon.h"

namespace torch_node::cuda {

/// As native/data/dlpack.cpp lays it out: a managed tensor until it is consumed.
struct Capsule {
  DLManagedTensor* plain = nullptr;
  DLManagedTensorVersioned* versioned = nullptr;
};

/// The tensors of an array of capsules, which are consumed.
inline std::vector<at::Tensor> tensors_at(const Napi::CallbackInfo& info, size_t i) {
  const Napi::Array capsules = info[i].As<Napi::Array>();
  std::vector<at::Tensor> tensors;
  tensors.reserve(capsules.Length());
  for (uint32_t k = 0; k < capsules.Length(); ++k) {
    const Napi::Value value = capsules.Get(k);
    bool ours = false;
    if (value.IsExternal()) napi_check_object_type_tag(info.Env(), value, &kDlpackTag, &ours);
    TORCH_CHECK_TYPE(ours, "expected a DLPack capsule");
    void* data = nullptr;
    napi_get_value_external(info.Env(), value, &data);
    auto* capsule = static_cast<Capsule*>(data);
    TORCH_CHECK(capsule->plain != nullptr, "the DLPack capsule has been consumed");
    tensors.push_back(at::fromDLPack(capsule->plain));
    capsule->plain = nullptr;
  }
  return tensors;
}

/// A capsule of a tensor.
inline Napi::Value capsule_of(Napi::Env env, const at::Tensor& tensor) {
  auto* capsule = new Capsule;
  capsule->plain = at::toDLPack(tensor);
  napi_value external = nullptr;
  napi_create_external(
      env, capsule,
      [](napi_env, void* data, void*) {
        auto* owned = static_cast<Capsule*>(data);
        if (owned->plain != nullptr && owned->plain->deleter != nullptr) owned->plain->deleter(owned->plain);
        delete owned;
      },
      nullptr, &external);
  napi_type_tag_object(env, external, &kDlpackTag);
  return {env, external};
}

}  // namespace torch_node::cuda
