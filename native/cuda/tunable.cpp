// Which kernels of matrix products are fastest: libtorch's TunableOp.
#include <ATen/cuda/tunable/Tunable.h>

#include "cuda/cuda_addon.h"

namespace torch_node::cuda {
namespace {

at::cuda::tunable::TuningContext& tuning() { return *at::cuda::tunable::getTuningContext(); }

/// tunable_get(name) -> a switch, a number or a text
Napi::Value tunable_get(const Napi::CallbackInfo& info) {
  const std::string name = text_at(info, 0);
  const auto truth = [&](bool value) -> Napi::Value { return Napi::Boolean::New(info.Env(), value); };
  if (name == "enable") return truth(tuning().IsTunableOpEnabled());
  if (name == "tuning") return truth(tuning().IsTuningEnabled());
  if (name == "record_untuned") return truth(tuning().IsRecordUntunedEnabled());
  if (name == "max_tuning_duration") return number(info.Env(), tuning().GetMaxTuningDurationMs());
  if (name == "max_tuning_iterations") return number(info.Env(), tuning().GetMaxTuningIterations());
  if (name == "rotating_buffer_size") return number(info.Env(), tuning().GetRotatingBufferSize());
  TORCH_CHECK(name == "filename", "unknown setting '", name, "'");
  return Napi::String::New(info.Env(), tuning().GetFilename());
}

/// tunable_set(name, value)
Napi::Value tunable_set(const Napi::CallbackInfo& info) {
  const std::string name = text_at(info, 0);
  const bool on = info[1].ToBoolean().Value();
  const auto value = static_cast<int>(info[1].ToNumber().Int64Value());
  if (name == "enable") {
    tuning().EnableTunableOp(on);
  } else if (name == "tuning") {
    tuning().EnableTuning(on);
  } else if (name == "record_untuned") {
    tuning().EnableRecordUntuned(on);
  } else if (name == "max_tuning_duration") {
    tuning().SetMaxTuningDurationMs(value);
  } else if (name == "max_tuning_iterations") {
    tuning().SetMaxTuningIterations(value);
  } else {
    TORCH_CHECK(name == "rotating_buffer_size", "unknown setting '", name, "'");
    tuning().SetRotatingBufferSize(value);
  }
  return info.Env().Undefined();
}

Napi::Value tunable_set_filename(const Napi::CallbackInfo& info) {
  tuning().SetFilename(text_at(info, 0), info[1].ToBoolean().Value());
  return info.Env().Undefined();
}

/// tunable_read_file(name or null) -> whether its results could be taken
Napi::Value tunable_read_file(const Napi::CallbackInfo& info) {
  const std::string file = info[0].IsNull() ? tuning().GetFilename() : text_at(info, 0);
  return Napi::Boolean::New(info.Env(), tuning().ReadFile(file));
}

/// tunable_results() -> [operator, parameters, kernel, milliseconds] of each product
Napi::Value tunable_results(const Napi::CallbackInfo& info) {
  Napi::Array results = Napi::Array::New(info.Env());
  for (const auto& [signature, kernels] : tuning().GetTuningResultsManager().Dump()) {
    for (const auto& [parameters, entry] : kernels) {
      Napi::Array one = Napi::Array::New(info.Env(), 4);
      one[0u] = Napi::String::New(info.Env(), signature);
      one[1u] = Napi::String::New(info.Env(), parameters);
      one[2u] = Napi::String::New(info.Env(), entry.GetKey());
      one[3u] = Napi::Number::New(info.Env(), entry.GetTime());
      results.Set(results.Length(), one);
    }
  }
  return results;
}

/// tunable_validators() -> [name, value] of what must be the same for results of a file to be taken
Napi::Value tunable_validators(const Napi::CallbackInfo& info) {
  Napi::Array validators = Napi::Array::New(info.Env());
  for (const auto& [name, value] : tuning().GetTuningResultsValidator().GetAllValidators()) {
    Napi::Array one = Napi::Array::New(info.Env(), 2);
    one[0u] = Napi::String::New(info.Env(), name);
    one[1u] = Napi::String::New(info.Env(), value);
    validators.Set(validators.Length(), one);
  }
  return validators;
}

/// With tolerances where this version of libtorch has them; a template, since the member may not exist.
template <typename C>
void set_tolerances(C& context, bool enable, double atol, double rtol) {
  if constexpr (requires { context.SetNumericalCheckConfig(enable, atol, rtol); }) {
    context.SetNumericalCheckConfig(enable, atol, rtol);
  } else {
    context.EnableNumericsCheck(enable);
  }
}

Napi::Value tunable_set_tolerances(const Napi::CallbackInfo& info) {
  set_tolerances(tuning(), info[0].ToBoolean().Value(), info[1].ToNumber().DoubleValue(),
                 info[2].ToNumber().DoubleValue());
  return info.Env().Undefined();
}

}  // namespace

void export_tunable(Napi::Object& exports) {
  add<tunable_get>(exports, "tunable_get");
  add<tunable_set>(exports, "tunable_set");
  add<tunable_set_filename>(exports, "tunable_set_filename");
  add<tunable_read_file>(exports, "tunable_read_file");
  add<tunable_results>(exports, "tunable_results");
  add<tunable_validators>(exports, "tunable_validators");
  add<tunable_set_tolerances>(exports, "tunable_set_tolerances");
}

}  // namespace torch_node::cuda
