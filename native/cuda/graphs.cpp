// Graphs of work on a device, captured once and replayed.
#include <memory>

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGraphsC10Utils.h>

#include "core/owned_external.h"
#include "core/versions.h"
#include "cuda/cuda_addon.h"
#include "cuda/graph_nodes.h"

namespace torch_node::cuda {
namespace {

/// A graph whose failed capture ends for the allocator of memory too. libtorch leaves it recording then, and a pool of
/// memory that is freed while it records ends the process.
struct CapturedGraph : at::cuda::CUDAGraph {
  using CUDAGraph::CUDAGraph;

  void end_capture() {
    try {
      capture_end();
    } catch (const c10::Error&) {
      try {
        c10::cuda::CUDACachingAllocator::endAllocateToPool(capture_dev_, mempool_id_);
      } catch (const c10::Error&) {
        // It had ended: the capture failed later.
      }
      throw;
    }
  }
};

using Graph = std::unique_ptr<CapturedGraph>;

CapturedGraph& graph_at(const Napi::CallbackInfo& info) {
  return *from_external<Graph>(info.Env(), info[0], kCudaGraphTag, "a graph of CUDA");
}

Napi::Value graph_new(const Napi::CallbackInfo& info) {
  auto graph = std::make_unique<CapturedGraph>(info[0].ToBoolean().Value());
  return {info.Env(), own_as_external<Graph>(info.Env(), std::move(graph), kCudaGraphTag)};
}

cudaStreamCaptureMode capture_mode(const std::string& name) {
  if (name == "global") return cudaStreamCaptureModeGlobal;
  if (name == "thread_local") return cudaStreamCaptureModeThreadLocal;
  TORCH_CHECK(name == "relaxed", "Unknown capture error mode. Expected `global`, `thread_local`, or `relaxed`, got ",
              name);
  return cudaStreamCaptureModeRelaxed;
}

/// graph_capture_begin(graph, pool or null, mode)
Napi::Value graph_capture_begin(const Napi::CallbackInfo& info) {
  c10::MempoolId_t pool{0, 0};
  if (!info[1].IsNull()) {
    const Napi::Array numbers = info[1].As<Napi::Array>();
    const auto at = [&](uint32_t i) {
      return static_cast<c10::CaptureId_t>(numbers.Get(i).As<Napi::Number>().Int64Value());
    };
    pool = {at(0), at(1)};
  }
  graph_at(info).capture_begin(pool, capture_mode(text_at(info, 2)));
  return info.Env().Undefined();
}

Napi::Value graph_capture_end(const Napi::CallbackInfo& info) {
  graph_at(info).end_capture();
  return info.Env().Undefined();
}

Napi::Value graph_instantiate(const Napi::CallbackInfo& info) {
  graph_at(info).instantiate();
  return info.Env().Undefined();
}

Napi::Value graph_replay(const Napi::CallbackInfo& info) {
  graph_at(info).replay();
  return info.Env().Undefined();
}

Napi::Value graph_reset(const Napi::CallbackInfo& info) {
  graph_at(info).reset();
  return info.Env().Undefined();
}

Napi::Value graph_pool(const Napi::CallbackInfo& info) { return pool_to_js(info.Env(), graph_at(info).pool()); }

Napi::Value graph_enable_debug_mode(const Napi::CallbackInfo& info) {
  graph_at(info).enable_debug_mode();
  return info.Env().Undefined();
}

Napi::Value graph_debug_dump(const Napi::CallbackInfo& info) {
#if TORCH_NODE_SINCE(14)
  const std::string path = text_at(info, 1);
  C10_CUDA_CHECK(cudaGraphDebugDotPrint(graph_at(info).raw_cuda_graph(), path.c_str(), cudaGraphDebugDotFlagsVerbose));
#else
  graph_at(info).debug_dump(text_at(info, 1));
#endif
  return info.Env().Undefined();
}

Napi::Value graph_raw(const Napi::CallbackInfo& info) {
  return pointer_to_js(info.Env(), graph_at(info).raw_cuda_graph());
}

Napi::Value graph_raw_exec(const Napi::CallbackInfo& info) {
  return pointer_to_js(info.Env(), graph_at(info).raw_cuda_graph_exec());
}

Napi::Value graph_get_data(const Napi::CallbackInfo& info) {
  CapturedGraph& graph = graph_at(info);
  return graph_data(info.Env(), graph.raw_cuda_graph(), [&] { return graph.raw_cuda_graph_exec(); });
}

Napi::Value graph_pool_handle(const Napi::CallbackInfo& info) {
  return pool_to_js(info.Env(), at::cuda::graph_pool_handle());
}

Napi::Value is_capturing(const Napi::CallbackInfo& info) {
  const bool capturing = c10::cuda::currentStreamCaptureStatusMayInitCtx() != c10::cuda::CaptureStatus::None;
  return Napi::Boolean::New(info.Env(), capturing);
}

}  // namespace

void export_graphs(Napi::Object& exports) {
  add<graph_new>(exports, "graph_new");
  add<graph_capture_begin>(exports, "graph_capture_begin");
  add<graph_capture_end>(exports, "graph_capture_end");
  add<graph_instantiate>(exports, "graph_instantiate");
  add<graph_replay>(exports, "graph_replay");
  add<graph_reset>(exports, "graph_reset");
  add<graph_pool>(exports, "graph_pool");
  add<graph_enable_debug_mode>(exports, "graph_enable_debug_mode");
  add<graph_debug_dump>(exports, "graph_debug_dump");
  add<graph_raw>(exports, "graph_raw");
  add<graph_raw_exec>(exports, "graph_raw_exec");
  add<graph_get_data>(exports, "graph_data");
  add<graph_pool_handle>(exports, "graph_pool_handle");
  add<is_capturing>(exports, "is_capturing");
}

}  // namespace torch_node::cuda
