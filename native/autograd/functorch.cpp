// The layers of libtorch's functorch: batches (vmap) and gradients (func.grad) that nest; see lib/func/.
#include <ATen/ATen.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/forward_grad.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

namespace functorch = at::functorch;

int64_t int_at(const Napi::CallbackInfo& info, size_t i) { return to_int64(info.Env(), info[i]); }

/// vmap_enter(batch size, randomness) -> level; randomness as in lib/func/vmap.ts.
Napi::Value vmap_enter(const Napi::CallbackInfo& info, Environment&) {
  const auto randomness = static_cast<functorch::RandomnessType>(int_at(info, 1));
  const int64_t level =
      functorch::initAndPushDynamicLayer(functorch::TransformType::Vmap, c10::SymInt(int_at(info, 0)), randomness);
  return Napi::Number::New(info.Env(), static_cast<double>(level));
}

/// grad_enter() -> level
Napi::Value grad_enter(const Napi::CallbackInfo& info, Environment&) {
  const int64_t level = functorch::initAndPushDynamicLayer(functorch::TransformType::Grad, std::nullopt, std::nullopt,
                                                           at::GradMode::is_enabled());
  return Napi::Number::New(info.Env(), static_cast<double>(level));
}

bool forward_enabled() { return c10::AutogradState::get_tls_state().get_fw_grad_mode(); }

/// jvp_enter() -> level
Napi::Value jvp_enter(const Napi::CallbackInfo& info, Environment&) {
  const int64_t level = functorch::initAndPushDynamicLayer(functorch::TransformType::Jvp, std::nullopt, std::nullopt,
                                                           std::nullopt, forward_enabled());
  return Napi::Number::New(info.Env(), static_cast<double>(level));
}

/// set_forward_enabled(flag): whether operators propagate tangents; returns the previous value.
Napi::Value set_forward_enabled(const Napi::CallbackInfo& info, Environment&) {
  const bool before = forward_enabled();
  c10::AutogradState::get_tls_state().set_fw_grad_mode(info[0].ToBoolean().Value());
  return Napi::Boolean::New(info.Env(), before);
}

/// dual_level_enter() -> level
Napi::Value dual_level_enter(const Napi::CallbackInfo& info, Environment&) {
  const uint64_t level = torch::autograd::ForwardADLevel::get_next_idx();
  return Napi::Number::New(info.Env(), static_cast<double>(level));
}

/// dual_level_exit(level): drops its tangents.
Napi::Value dual_level_exit(const Napi::CallbackInfo& info, Environment&) {
  torch::autograd::ForwardADLevel::release_idx(static_cast<uint64_t>(int_at(info, 0)));
  return info.Env().Undefined();
}

/// layer_exit(): leaves the innermost layer.
Napi::Value layer_exit(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(functorch::maybeCurrentDynamicLayer().has_value(), "there is no functorch layer to leave");
  functorch::popDynamicLayerAndDeleteMetadata();
  return info.Env().Undefined();
}

/// batch_dim_add(handle, dim, level)
Napi::Value batch_dim_add(const Napi::CallbackInfo& info, Environment& environment) {
  return wrapped(info.Env(), environment,
                 functorch::addBatchDim(tensor_at(info, 0, environment), int_at(info, 1), int_at(info, 2)));
}

/// batch_dim_remove(handle, level, batch size, dim): the batch as a dimension; a tensor without it is expanded.
Napi::Value batch_dim_remove(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const int64_t rank = tensor.dim() + 1;
  const int64_t wanted = int_at(info, 3);
  TORCH_CHECK_INDEX(wanted >= -rank && wanted < rank, "Dimension out of range (expected to be in range of [", -rank,
                    ", ", rank - 1, "], but got ", wanted, ")");
  const int64_t dim = wanted < 0 ? wanted + rank : wanted;
  const auto* batched = functorch::maybeGetBatchedImpl(tensor);
  if (batched != nullptr && batched->level() == int_at(info, 1)) {
    return wrapped(info.Env(), environment, batched->value().movedim(batched->bdim(), dim));
  }
  std::vector<int64_t> sizes = tensor.sizes().vec();
  sizes.insert(sizes.begin() + dim, int_at(info, 2));
  return wrapped(info.Env(), environment, tensor.unsqueeze(dim).expand(sizes));
}

/// grad_wrap(handle, level): what the function sees of an input.
Napi::Value grad_wrap(const Napi::CallbackInfo& info, Environment& environment) {
  return wrapped(info.Env(), environment,
                 functorch::makeTensorWrapper(tensor_at(info, 0, environment), int_at(info, 1)));
}

/// grad_unwrap(handle, level): the tensor behind it.
Napi::Value grad_unwrap(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  const auto* wrapper = functorch::maybeGetTensorWrapper(tensor);
  const bool ours = wrapper != nullptr && wrapper->level() == int_at(info, 1);
  return wrapped(info.Env(), environment, ours ? wrapper->value() : tensor);
}

}  // namespace

void export_functorch(Exports& exports) {
  exports.add<vmap_enter>("vmap_enter");
  exports.add<grad_enter>("grad_enter");
  exports.add<jvp_enter>("jvp_enter");
  exports.add<layer_exit>("layer_exit");
  exports.add<set_forward_enabled>("set_forward_enabled");
  exports.add<dual_level_enter>("dual_level_enter");
  exports.add<dual_level_exit>("dual_level_exit");
  exports.add<batch_dim_add>("batch_dim_add");
  exports.add<batch_dim_remove>("batch_dim_remove");
  exports.add<grad_wrap>("grad_wrap");
  exports.add<grad_unwrap>("grad_unwrap");
}

}  // namespace torch_node
