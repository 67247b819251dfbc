// Pointers to nodes of the autograd graph: before 2.13 libtorch counts their owners in std::shared_ptr, since then in
// the nodes themselves.
#pragma once

#include <memory>
#include <utility>

#include <torch/csrc/autograd/function.h>

#include "core/versions.h"

namespace torch_node {

#if TORCH_NODE_SINCE(13)

template <typename T>
using NodePointer = c10::intrusive_ptr<T>;
template <typename T>
using WeakNodePointer = c10::weak_intrusive_ptr<T>;

template <typename T, typename... Arguments>
NodePointer<T> make_node(Arguments&&... arguments) {
  return c10::make_intrusive<T>(std::forward<Arguments>(arguments)...);
}

inline NodePointer<torch::autograd::Node> pointer_to(torch::autograd::Node& node) {
  return NodePointer<torch::autograd::Node>::unsafe_reclaim_from_nonowning(&node);
}

#else

template <typename T>
using NodePointer = std::shared_ptr<T>;
template <typename T>
using WeakNodePointer = std::weak_ptr<T>;

/// libtorch's deleter takes a long graph apart without recursion.
template <typename T, typename... Arguments>
NodePointer<T> make_node(Arguments&&... arguments) {
  return NodePointer<T>(new T(std::forward<Arguments>(arguments)...), torch::autograd::deleteNode);
}

inline NodePointer<torch::autograd::Node> pointer_to(torch::autograd::Node& node) { return node.getptr(); }

#endif

}  // namespace torch_node
