// Loops for the vector units that a processor turns out to have, where the compiler is told of the oldest ones.
#pragma once

#if defined(__GNUC__) && defined(__x86_64__)
#define TORCH_NODE_INLINE inline __attribute__((always_inline))
#define TORCH_NODE_AVX2 __attribute__((target("avx2")))
#elif defined(_MSC_VER)
#define TORCH_NODE_INLINE __forceinline
#define TORCH_NODE_AVX2
#else
#define TORCH_NODE_INLINE inline
#define TORCH_NODE_AVX2
#endif

namespace torch_node::vision {

/// Whether functions that are marked TORCH_NODE_AVX2 may be called; elsewhere than on x86-64 they are the plain ones.
inline bool has_avx2() {
#if defined(__GNUC__) && defined(__x86_64__)
  static const bool found = __builtin_cpu_supports("avx2") != 0;
  return found;
#else
  return false;
#endif
}

}  // namespace torch_node::vision
