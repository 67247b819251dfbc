// DLPack: tensors as capsules that other addons of the process can take, and back.
#include <ATen/ATen.h>
#include <ATen/DLConvertor.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/type_tags.h"
#include "export/recorder.h"

namespace torch_node {
namespace {

/// A managed tensor until it is consumed: then `managed` is null, and the consumer frees it.
struct Capsule {
  DLManagedTensor* plain = nullptr;
  DLManagedTensorVersioned* versioned = nullptr;
};

template <typename Managed>
void free_managed(Managed* managed) {
  if (managed != nullptr && managed->deleter != nullptr) managed->deleter(managed);
}

void finalize_capsule(napi_env, void* data, void*) {
  auto* capsule = static_cast<Capsule*>(data);
  free_managed(capsule->plain);
  free_managed(capsule->versioned);
  delete capsule;
}

/// dlpack_export(handle, versioned, device_type, device_index, copy) -> capsule. `device_type` is -1 for none; `copy`
/// null for as needed.
Napi::Value dlpack_export(const Napi::CallbackInfo& info, Environment& environment) {
  note_values_read(tensor_at(info, 0, environment));
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const bool versioned = info[1].ToBoolean();
  const int64_t device_type = to_int64(info.Env(), info[2]);
  std::optional<DLDevice> device;
  if (device_type >= 0) {
    device = DLDevice{static_cast<DLDeviceType>(device_type), static_cast<int32_t>(to_int64(info.Env(), info[3]))};
  }
  const std::optional<bool> copy =
      info[4].IsBoolean() ? std::optional<bool>(info[4].ToBoolean().Value()) : std::nullopt;
  const at::Tensor source = at::maybeCopyTensor(tensor, device, copy);
  auto* capsule = new Capsule;
  if (versioned) {
    capsule->versioned = at::toDLPackVersioned(source);
    if (!source.is_same(tensor) && source.data_ptr() != tensor.data_ptr())
      capsule->versioned->flags |= DLPACK_FLAG_BITMASK_IS_COPIED;
  } else {
    capsule->plain = at::toDLPack(source);
  }
  napi_value external = nullptr;
  napi_create_external(info.Env(), capsule, finalize_capsule, nullptr, &external);
  napi_type_tag_object(info.Env(), external, versioned ? &kDlpackVersionedTag : &kDlpackTag);
  return {info.Env(), external};
}

/// dlpack_import(capsule) -> tensor. A capsule is taken once.
Napi::Value dlpack_import(const Napi::CallbackInfo& info, Environment& environment) {
  bool plain = false;
  bool versioned = false;
  if (info[0].IsExternal()) {
    napi_check_object_type_tag(info.Env(), info[0], &kDlpackTag, &plain);
    napi_check_object_type_tag(info.Env(), info[0], &kDlpackVersionedTag, &versioned);
  }
  TORCH_CHECK(plain || versioned,
              "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, "
              "so you might have already constructed a tensor from it once.");
  void* data = nullptr;
  napi_get_value_external(info.Env(), info[0], &data);
  auto* capsule = static_cast<Capsule*>(data);
  TORCH_CHECK(capsule->plain != nullptr || capsule->versioned != nullptr,
              "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, "
              "so you might have already constructed a tensor from it once.");
  at::Tensor tensor;
  if (capsule->versioned != nullptr) {
    TORCH_CHECK(capsule->versioned->version.major <= DLPACK_MAJOR_VERSION,
                "from_dlpack: the version of the capsule is ", capsule->versioned->version.major, ".",
                capsule->versioned->version.minor, ", not ", DLPACK_MAJOR_VERSION, ".x");
    tensor = at::fromDLPackVersioned(capsule->versioned);
    capsule->versioned = nullptr;
  } else {
    tensor = at::fromDLPack(capsule->plain);
    capsule->plain = nullptr;
  }
  return wrapped(info.Env(), environment, std::move(tensor));
}

/// dlpack_device(handle) -> [type, index] by DLPack's numbers.
Napi::Value dlpack_device(const Napi::CallbackInfo& info, Environment& environment) {
  const DLDevice device = at::torchDeviceToDLDevice(tensor_at(info, 0, environment).device());
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result[0u] = Napi::Number::New(info.Env(), device.device_type);
  result[1u] = Napi::Number::New(info.Env(), device.device_id);
  return result;
}

/// dlpack_device_of(text) -> [type, index] by DLPack's numbers.
Napi::Value dlpack_device_of(const Napi::CallbackInfo& info, Environment&) {
  const DLDevice device = at::torchDeviceToDLDevice(c10::Device(info[0].As<Napi::String>().Utf8Value()));
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result[0u] = Napi::Number::New(info.Env(), device.device_type);
  result[1u] = Napi::Number::New(info.Env(), device.device_id);
  return result;
}

}  // namespace

void export_dlpack(Exports& exports) {
  exports.add<dlpack_export>("dlpack_export");
  exports.add<dlpack_import>("dlpack_import");
  exports.add<dlpack_device>("dlpack_device");
  exports.add<dlpack_device_of>("dlpack_device_of");
}

}  // namespace torch_node
