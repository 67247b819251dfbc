// See algorithm.h.
#pragma once

#include <chrono>
#include <memory>

namespace gloo {

namespace transport {
class UnboundBuffer;
}  // namespace transport

class Context {
 public:
  // Named in an inline method of c10d's, which only libtorch's own virtual table refers to.
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
