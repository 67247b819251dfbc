// Elementwise functions that are compiled from C++ when they run.
#include <ATen/core/Tensor.h>
#include <ATen/cuda/jiterator.h>

#include "cuda/capsules.h"

namespace torch_node::cuda {
namespace {

c10::SmallVector<at::Scalar> scalars_at(const Napi::CallbackInfo& info, size_t i) {
  const Napi::Array values = info[i].As<Napi::Array>();
  c10::SmallVector<at::Scalar> scalars;
  for (uint32_t k = 0; k < values.Length(); ++k) {
    const Napi::Value value = values.Get(k);
    if (value.IsBoolean()) {
      scalars.emplace_back(value.As<Napi::Boolean>().Value());
    } else if (value.IsBigInt()) {
      bool lossless = false;
      scalars.emplace_back(value.As<Napi::BigInt>().Int64Value(&lossless));
    } else {
      scalars.emplace_back(value.ToNumber().DoubleValue());
    }
  }
  return scalars;
}

/// jiterator_launch(code, name, by_reference, outputs, inputs, scalars) -> capsules of the results
Napi::Value jiterator_launch(const Napi::CallbackInfo& info) {
  const std::vector<at::Tensor> given = tensors_at(info, 4);
  const c10::SmallVector<at::Tensor> inputs(given.begin(), given.end());
  const auto results =
      at::cuda::CompileAndLaunchKernel(text_at(info, 0), text_at(info, 1), static_cast<int>(integer_at(info, 3)),
                                       inputs, scalars_at(info, 5), info[2].ToBoolean().Value());
  Napi::Array capsules = Napi::Array::New(info.Env(), results.size());
  for (uint32_t i = 0; i < results.size(); ++i) capsules[i] = capsule_of(info.Env(), results[i]);
  return capsules;
}

}  // namespace

void export_jiterator(Napi::Object& exports) { add<jiterator_launch>(exports, "jiterator_launch"); }

}  // namespace torch_node::cuda
