// What a captured graph is made of: its nodes, the names of their kernels, and what waits for what. The numbers by
// which profilers know the nodes are newer than the headers, so their functions are asked of the driver.
#include "cuda/graph_nodes.h"

#include <array>
#include <unordered_map>
#include <vector>

#include <c10/cuda/CUDAException.h>
#include <cuda.h>

namespace torch_node::cuda {
namespace {

/// A function of the driver, as version `since` of CUDA has it; null where it is not there.
template <typename Function>
Function* of_driver(const char* name, unsigned int since) {
  void* found = nullptr;
  cudaDriverEntryPointQueryResult answer{};
  const cudaError_t error = cudaGetDriverEntryPointByVersion(name, &found, since, cudaEnableDefault, &answer);
  if (error != cudaSuccess) cudaGetLastError();
  return error == cudaSuccess && answer == cudaDriverEntryPointSuccess ? reinterpret_cast<Function*>(found) : nullptr;
}

using ToolsId = CUresult(CUgraphNode, unsigned long long*);
using ExecId = CUresult(CUgraphExec, unsigned int*);
using KernelParams = CUresult(CUgraphNode, CUDA_KERNEL_NODE_PARAMS_v2*);
using FunctionName = CUresult(const char**, CUfunction);

constexpr unsigned int kIdsSince = 13010;

std::string type_name(cudaGraphNodeType type) {
  switch (type) {
    case cudaGraphNodeTypeKernel:
      return "kernel";
    case cudaGraphNodeTypeMemcpy:
      return "memcpy";
    case cudaGraphNodeTypeMemset:
      return "memset";
    case cudaGraphNodeTypeHost:
      return "host";
    case cudaGraphNodeTypeGraph:
      return "child_graph";
    case cudaGraphNodeTypeEmpty:
      return "empty";
    case cudaGraphNodeTypeWaitEvent:
      return "wait_event";
    case cudaGraphNodeTypeEventRecord:
      return "event_record";
    case cudaGraphNodeTypeMemAlloc:
      return "mem_alloc";
    case cudaGraphNodeTypeMemFree:
      return "mem_free";
    default:
      return std::to_string(static_cast<int>(type));
  }
}

/// The name of the kernel of a node, or null.
Napi::Value kernel_name(Napi::Env env, cudaGraphNode_t node) {
  static auto* const parameters_of = of_driver<KernelParams>("cuGraphKernelNodeGetParams", 12000);
  static auto* const name_of = of_driver<FunctionName>("cuFuncGetName", 12030);
  CUDA_KERNEL_NODE_PARAMS_v2 parameters{};
  const char* name = nullptr;
  if (parameters_of == nullptr || name_of == nullptr || parameters_of(node, &parameters) != CUDA_SUCCESS ||
      parameters.func == nullptr || name_of(&name, parameters.func) != CUDA_SUCCESS || name == nullptr) {
    return env.Null();
  }
  return Napi::String::New(env, name);
}

struct Edges {
  std::vector<cudaGraphNode_t> from;
  std::vector<cudaGraphNode_t> to;
};

Edges edges_of(cudaGraph_t graph) {
  size_t count = 0;
  Edges edges;
  // The fourth argument, what an edge is of, is only in the function of CUDA 13.
  const auto ask = [&](cudaGraphNode_t* from, cudaGraphNode_t* to) {
#if CUDART_VERSION >= 13000
    std::vector<cudaGraphEdgeData> data(count);
    C10_CUDA_CHECK(cudaGraphGetEdges(graph, from, to, from == nullptr ? nullptr : data.data(), &count));
#else
    C10_CUDA_CHECK(cudaGraphGetEdges(graph, from, to, &count));
#endif
  };
  ask(nullptr, nullptr);
  edges.from.resize(count);
  edges.to.resize(count);
  if (count > 0) ask(edges.from.data(), edges.to.data());
  return edges;
}

}  // namespace

Napi::Value graph_data(Napi::Env env, cudaGraph_t graph, const std::function<cudaGraphExec_t()>& exec) {
  auto* const tools_id = of_driver<ToolsId>("cuGraphNodeGetToolsId", kIdsSince);
  auto* const exec_id = of_driver<ExecId>("cuGraphExecGetId", kIdsSince);
  TORCH_CHECK(tools_id != nullptr && exec_id != nullptr,
              "get_graph_data requires cudaGraphNodeGetToolsId which needs CUDA driver >= 13.1 "
              "(or cuda-compat >= 13.1 in LD_LIBRARY_PATH)");
  size_t count = 0;
  C10_CUDA_CHECK(cudaGraphGetNodes(graph, nullptr, &count));
  std::vector<cudaGraphNode_t> nodes(count);
  if (count > 0) C10_CUDA_CHECK(cudaGraphGetNodes(graph, nodes.data(), &count));
  unsigned int graph_id = 0;
  TORCH_CHECK(exec_id(exec(), &graph_id) == CUDA_SUCCESS, "the graph has no number");

  std::unordered_map<cudaGraphNode_t, uint32_t> places;
  Napi::Array described = Napi::Array::New(env, count);
  std::vector<std::array<Napi::Array, 2>> neighbours;
  for (uint32_t i = 0; i < count; ++i) {
    places.emplace(nodes[i], i);
    cudaGraphNodeType type{};
    C10_CUDA_CHECK(cudaGraphNodeGetType(nodes[i], &type));
    unsigned long long id = 0;
    TORCH_CHECK(tools_id(nodes[i], &id) == CUDA_SUCCESS, "a node of the graph has no number");
    const auto node_id = static_cast<uint32_t>(id);
    Napi::Object one = Napi::Object::New(env);
    one["index"] = Napi::Number::New(env, i);
    one["node_type"] = Napi::String::New(env, type_name(type));
    one["tools_id"] = Napi::BigInt::New(env, (uint64_t{graph_id} << 32) | node_id);
    one["graph_id"] = Napi::Number::New(env, graph_id);
    one["node_id"] = Napi::Number::New(env, node_id);
    one["kernel_name"] = type == cudaGraphNodeTypeKernel ? kernel_name(env, nodes[i]) : env.Null();
    neighbours.push_back({Napi::Array::New(env), Napi::Array::New(env)});
    one["dependencies"] = neighbours.back()[0];
    one["dependents"] = neighbours.back()[1];
    described[i] = one;
  }
  const Edges edges = edges_of(graph);
  for (size_t i = 0; i < edges.from.size(); ++i) {
    const auto from = places.find(edges.from[i]);
    const auto to = places.find(edges.to[i]);
    if (from == places.end() || to == places.end()) continue;
    const auto append = [&](Napi::Array& list, uint32_t place) {
      list.Set(list.Length(), Napi::Number::New(env, place));
    };
    append(neighbours[from->second][1], to->second);
    append(neighbours[to->second][0], from->second);
  }
  Napi::Object data = Napi::Object::New(env);
  data["exec_graph_id"] = Napi::Number::New(env, graph_id);
  data["nodes"] = described;
  return data;
}

}  // namespace torch_node::cuda
