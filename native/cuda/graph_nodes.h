// What a captured graph is made of.
#pragma once

#include <functional>

#include <cuda_runtime_api.h>

#include "cuda/cuda_addon.h"

namespace torch_node::cuda {

/// The nodes of a graph, as `torch.cuda.CUDAGraph.get_graph_data` has them. @param exec gives what replays run
Napi::Value graph_data(Napi::Env env, cudaGraph_t graph, const std::function<cudaGraphExec_t()>& exec);

}  // namespace torch_node::cuda
