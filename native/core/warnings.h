// The handler of libtorch's warnings on an environment's own thread; active while the object lives.
#pragma once

#include <memory>

#include <c10/util/Exception.h>

#include "core/js_references.h"

namespace torch_node {

class Warnings : public c10::WarningHandler {
 public:
  explicit Warnings(std::shared_ptr<JsReferences::Strong> sink);
  ~Warnings() override;
  void process(const c10::Warning& warning) override;

 private:
  std::shared_ptr<JsReferences::Strong> sink_;
};

}  // namespace torch_node
