// Marks and ranges for NVIDIA's profilers.
#include <nvtx3/nvToolsExt.h>

#include "cuda/cuda_addon.h"

namespace torch_node::cuda {
namespace {

Napi::Value nvtx_push(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), nvtxRangePushA(text_at(info, 0).c_str()));
}

Napi::Value nvtx_pop(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), nvtxRangePop()); }

Napi::Value nvtx_start(const Napi::CallbackInfo& info) {
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(nvtxRangeStartA(text_at(info, 0).c_str())));
}

Napi::Value nvtx_end(const Napi::CallbackInfo& info) {
  nvtxRangeEnd(static_cast<nvtxRangeId_t>(integer_at(info, 0)));
  return info.Env().Undefined();
}

Napi::Value nvtx_mark(const Napi::CallbackInfo& info) {
  nvtxMarkA(text_at(info, 0).c_str());
  return info.Env().Undefined();
}

}  // namespace

void export_nvtx(Napi::Object& exports) {
  add<nvtx_push>(exports, "nvtx_push");
  add<nvtx_pop>(exports, "nvtx_pop");
  add<nvtx_start>(exports, "nvtx_start");
  add<nvtx_end>(exports, "nvtx_end");
  add<nvtx_mark>(exports, "nvtx_mark");
}

}  // namespace torch_node::cuda
