// torch.profiler: libtorch's profiler and Kineto are switched here, and what they recorded is read; see lib/profiler/.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <ATen/Context.h>
#include <torch/csrc/autograd/profiler_kineto.h>
#include <torch/csrc/autograd/record_function_ops.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "memory/allocation.h"

namespace torch::autograd::profiler {
// Declared in a header that needs Kineto's own.
TORCH_API void addMetadataJson(const std::string& key, const std::string& value);
}  // namespace torch::autograd::profiler

namespace torch_node {
namespace {

namespace profiler = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;
using torch::profiler::impl::ExperimentalConfig;
using torch::profiler::impl::ProfilerConfig;
using torch::profiler::impl::ProfilerState;

constexpr napi_type_tag result_tag = {0x3f0a5b1cc2d64e8b, 0x94d7e6a1b0c35f21};
constexpr napi_type_tag range_tag = {0x6b1de02f8a7c4935, 0xa2c94f7d13e8b056};

using Result = std::unique_ptr<profiler::ProfilerResult>;
using Range = c10::intrusive_ptr<profiler::PythonRecordFunction>;

/// Whether the profiler of this thread is on, and whether it hears of allocations.
struct Switched {
  bool on = false;
  bool with_memory = false;
};
Switched& switched() {
  thread_local Switched state;
  return state;
}

bool flag(const Napi::Object& options, const char* name) { return options.Get(name).ToBoolean().Value(); }

/// What is recorded: by Kineto, or as ranges that another profiler shows.
ProfilerState state_from(const Napi::Object& options) {
  if (flag(options, "nvtx")) return ProfilerState::NVTX;
  if (flag(options, "itt")) return ProfilerState::ITT;
  return flag(options, "gpu_fallback") ? ProfilerState::KINETO_GPU_FALLBACK : ProfilerState::KINETO;
}

ProfilerConfig config_from(const Napi::Object& options) {
  ExperimentalConfig experimental;
  experimental.verbose = flag(options, "verbose");
  // What later versions of libtorch have.
  const auto capture = [&](auto& config) {
    if constexpr (requires { config.capture_overload_names; }) {
      config.capture_overload_names = flag(options, "capture_overload_names");
    }
  };
  capture(experimental);
  return ProfilerConfig(state_from(options), flag(options, "record_shapes"), flag(options, "profile_memory"),
                        flag(options, "with_stack"), flag(options, "with_flops"), flag(options, "with_modules"),
                        std::move(experimental), options.Get("trace_id").ToString().Utf8Value());
}

std::set<ActivityType> activities_from(Napi::Env env, const Napi::Value& names) {
  std::set<ActivityType> activities;
  const Napi::Array list = names.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const std::string name = list.Get(i).ToString().Utf8Value();
    if (name == "CPU") {
      activities.insert(ActivityType::CPU);
    } else if (name == "CUDA") {
      activities.insert(ActivityType::CUDA);
    } else {
      TORCH_CHECK(false, "profile: the activity ", name, " is not supported");
    }
  }
  return activities;
}

/// profiler_prepare(options, activities): starts Kineto, so that the trace begins without a delay.
Napi::Value profiler_prepare(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!switched().on, "Profiler is already enabled on this thread");
  profiler::prepareProfiler(config_from(info[0].As<Napi::Object>()), activities_from(info.Env(), info[1]));
  return info.Env().Undefined();
}

/// profiler_enable(options, activities)
Napi::Value profiler_enable(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(!switched().on, "Profiler is already enabled on this thread");
  const Napi::Object options = info[0].As<Napi::Object>();
  profiler::enableProfiler(config_from(options), activities_from(info.Env(), info[1]));
  switched() = {true, flag(options, "profile_memory")};
  if (switched().with_memory) report_allocations_to_profiler(true);
  return info.Env().Undefined();
}

/// profiler_disable() -> the result
Napi::Value profiler_disable(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(switched().on, "Can't disable Kineto profiler when it's not running");
  if (switched().with_memory) report_allocations_to_profiler(false);
  switched() = {};
  return Napi::Value(info.Env(), own_as_external<Result>(info.Env(), profiler::disableProfiler(), result_tag));
}

/// profiler_toggle(enable, activities)
Napi::Value profiler_toggle(const Napi::CallbackInfo& info, Environment&) {
  profiler::toggleCollectionDynamic(info[0].ToBoolean().Value(), activities_from(info.Env(), info[1]));
  return info.Env().Undefined();
}

/// profiler_add_metadata(key, json)
Napi::Value profiler_add_metadata(const Napi::CallbackInfo& info, Environment&) {
  profiler::addMetadataJson(info[0].ToString().Utf8Value(), info[1].ToString().Utf8Value());
  return info.Env().Undefined();
}

const Result& result_at(const Napi::CallbackInfo& info, size_t i) {
  return from_external<Result>(info.Env(), info[i], result_tag, "a result of the profiler");
}

/// profiler_save(result, path): writes the trace of Kineto
Napi::Value profiler_save(const Napi::CallbackInfo& info, Environment&) {
  result_at(info, 0)->save(info[1].ToString().Utf8Value());
  return info.Env().Undefined();
}

template <typename Numbers>
Napi::Array numbers_to_js(Napi::Env env, const Numbers& numbers) {
  Napi::Array list = Napi::Array::New(env, numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) list.Set(i, Napi::Number::New(env, static_cast<double>(numbers[i])));
  return list;
}

template <typename Texts>
Napi::Array texts_to_js(Napi::Env env, const Texts& texts) {
  Napi::Array list = Napi::Array::New(env, texts.size());
  for (size_t i = 0; i < texts.size(); ++i) list.Set(i, Napi::String::New(env, texts[i]));
  return list;
}

/// Sizes or strides of the inputs: a list of numbers for a tensor, of lists for a list of tensors.
template <typename Shapes>
Napi::Array structured_to_js(Napi::Env env, const Shapes& shapes) {
  Napi::Array list = Napi::Array::New(env, shapes.size());
  for (size_t i = 0; i < shapes.size(); ++i) {
    std::visit(
        [&](const auto& shape) {
          if constexpr (std::is_same_v<std::decay_t<decltype(shape)>, std::vector<int64_t>>) {
            list.Set(i, numbers_to_js(env, shape));
          } else {
            Napi::Array inner = Napi::Array::New(env, shape.size());
            for (size_t k = 0; k < shape.size(); ++k) inner.Set(k, numbers_to_js(env, shape[k]));
            list.Set(i, inner);
          }
        },
        shapes[i]);
  }
  return list;
}

/// What the profiler kept of an argument; null for what has no counterpart.
Napi::Value input_to_js(Napi::Env env, Environment& environment, const c10::IValue& value) {
  if (value.isTensor()) return env.Null();
  try {
    return Napi::Value(env, to_js(env, value, environment.tensors));
  } catch (const c10::Error&) {
    return env.Null();
  }
}

/// profiler_events(result) -> an array for each event, in the order of `RawEvent` of lib/autograd/profiler.ts
Napi::Value profiler_events(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const Result& result = result_at(info, 0);
  const uint64_t began = result->trace_start_ns();
  const auto& events = result->events();
  Napi::Array all = Napi::Array::New(env, events.size());
  size_t count = 0;
  for (const profiler::KinetoEvent& event : events) {
    const Napi::HandleScope scope(env);
    const auto number = [&](auto value) { return Napi::Number::New(env, static_cast<double>(value)); };
    const auto relative = [&](uint64_t ns) { return number(static_cast<int64_t>(ns - began)); };
    // Members that later versions of libtorch have.
    const auto hidden = [](const auto& each) {
      if constexpr (requires { each.isHiddenEvent(); }) {
        return each.isHiddenEvent();
      } else {
        return false;
      }
    };
    const auto strides = [&](const auto& each) -> Napi::Value {
      if constexpr (requires { each.structuredInputStrides(); }) {
        return structured_to_js(env, each.structuredInputStrides());
      } else {
        return Napi::Array::New(env);
      }
    };
    const auto sizes = [&](const auto& each) -> Napi::Value {
      if constexpr (requires { each.structuredInputShapes(); }) {
        return structured_to_js(env, each.structuredInputShapes());
      } else {
        return Napi::Array::New(env);
      }
    };
    if (hidden(event)) continue;
    Napi::Array shapes = Napi::Array::New(env, event.shapes().size());
    for (size_t i = 0; i < event.shapes().size(); ++i) shapes.Set(i, numbers_to_js(env, event.shapes()[i]));
    Napi::Array concrete = Napi::Array::New(env);
    if (event.hasConcreteInputs()) {
      for (const c10::IValue& value : event.concreteInputs()) {
        concrete.Set(concrete.Length(), input_to_js(env, environment, value));
      }
    }
    Napi::Object by_name = Napi::Object::New(env);
    if (event.hasKwinputs()) {
      for (const auto& [name, value] : event.kwinputs()) by_name.Set(name, input_to_js(env, environment, value));
    }
    const Napi::Value fields[] = {
        Napi::String::New(env, event.name()),
        Napi::String::New(env, event.overload_name()),
        number(event.startThreadId()),
        number(event.endThreadId()),
        number(event.fwdThreadId()),
        relative(event.startNs()),
        relative(event.endNs()),
        number(event.correlationId()),
        number(event.linkedCorrelationId()),
        number(event.sequenceNr()),
        number(event.scope()),
        number(static_cast<int>(event.deviceType())),
        number(event.deviceIndex()),
        number(event.deviceResourceId()),
        number(event.nBytes()),
        number(event.flops()),
        number(event.activityType()),
        Napi::Boolean::New(env, event.isAsync()),
        Napi::Boolean::New(env, event.isPythonFunction()),
        shapes,
        concrete,
        by_name,
        texts_to_js(env, event.dtypes()),
        texts_to_js(env, event.stack()),
        sizes(event),
        strides(event),
        number(event.cudaElapsedUs()),
    };
    Napi::Array row = Napi::Array::New(env, std::size(fields));
    for (size_t i = 0; i < std::size(fields); ++i) row.Set(i, fields[i]);
    all.Set(count++, row);
  }
  return all;
}

/// range_enter(name, args) -> the range, for range_exit
Napi::Value range_enter(const Napi::CallbackInfo& info, Environment&) {
  std::optional<std::string> args;
  if (info[1].IsString()) args = info[1].ToString().Utf8Value();
  return Napi::Value(
      info.Env(),
      own_as_external<Range>(info.Env(), profiler::record_function_enter_new(info[0].ToString().Utf8Value(), args),
                             range_tag));
}

Napi::Value range_exit(const Napi::CallbackInfo& info, Environment&) {
  from_external<Range>(info.Env(), info[0], range_tag, "a range of record_function")->record.end();
  return info.Env().Undefined();
}

}  // namespace

void export_profiler(Exports& exports) {
  exports.add<profiler_prepare>("profiler_prepare");
  exports.add<profiler_enable>("profiler_enable");
  exports.add<profiler_disable>("profiler_disable");
  exports.add<profiler_toggle>("profiler_toggle");
  exports.add<profiler_add_metadata>("profiler_add_metadata");
  exports.add<profiler_save>("profiler_save");
  exports.add<profiler_events>("profiler_events");
  exports.add<range_enter>("range_enter");
  exports.add<range_exit>("range_exit");
}

}  // namespace torch_node
