// libtorch's warnings as JavaScript's: they go to a function of lib/_internal/warnings.ts instead of the terminal.
#include "core/warnings.h"

#include <variant>

#include "core/environment.h"

namespace torch_node {

Warnings::Warnings(std::shared_ptr<JsReferences::Strong> sink) : sink_(std::move(sink)) {
  // The handler belongs to the thread: autograd's own threads keep libtorch's.
  c10::WarningUtils::set_warning_handler(this);
}

Warnings::~Warnings() {
  if (c10::WarningUtils::get_warning_handler() == this) c10::WarningUtils::set_warning_handler(nullptr);
}

void Warnings::process(const c10::Warning& warning) {
  const napi_env env = sink_->env();
  const bool deprecated = std::holds_alternative<c10::DeprecationWarning>(warning.type());
  napi_value arguments[2];
  napi_value receiver;
  const bool told =
      napi_get_undefined(env, &receiver) == napi_ok &&
      napi_create_string_utf8(env, warning.msg().data(), warning.msg().size(), &arguments[0]) == napi_ok &&
      napi_get_boolean(env, deprecated, &arguments[1]) == napi_ok &&
      napi_call_function(env, receiver, sink_->value(), 2, arguments, nullptr) == napi_ok;
  if (!told) c10::WarningHandler::process(warning);
}

namespace {

/// set_warning_sink((message, deprecated) => void)
Napi::Value set_warning_sink(const Napi::CallbackInfo& info, Environment& environment) {
  environment.warnings = std::make_unique<Warnings>(environment.references.strong(info[0]));
  return info.Env().Undefined();
}

}  // namespace

void export_warnings(Exports& exports) { exports.add<set_warning_sink>("set_warning_sink"); }

}  // namespace torch_node
