// Types of devices that libtorch asks through hooks of their own: Metal (MPS) and MTIA. Builds without them answer with
// the texts of libtorch; see lib/mps/ and lib/mtia/.
#include <exception>

#include <ATen/Context.h>
#include <ATen/detail/MPSHooksInterface.h>
#include <ATen/detail/MTIAHooksInterface.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/random.h"
#include "core/type_tags.h"

namespace torch_node {
namespace {

const at::MPSHooksInterface& mps() { return at::detail::getMPSHooks(); }
const at::MTIAHooksInterface& mtia() { return at::detail::getMTIAHooks(); }

uint32_t unsigned_at(const Napi::CallbackInfo& info, size_t i) {
  return static_cast<uint32_t>(to_int64(info.Env(), info[i]));
}

Napi::Value mps_available(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), mps().hasMPS());
}

Napi::Value mps_built(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), at::Context::hasMPS() || mps().isBuilt());
}

Napi::Value mps_on_macos(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), mps().isOnMacOSorNewer(unsigned_at(info, 0), unsigned_at(info, 1)));
}

Napi::Value mps_synchronize(const Napi::CallbackInfo& info, Environment&) {
  mps().deviceSynchronize();
  return info.Env().Undefined();
}

Napi::Value mps_empty_cache(const Napi::CallbackInfo& info, Environment&) {
  mps().emptyCache();
  return info.Env().Undefined();
}

/// mps_memory(which) -> bytes; `which` is 'current', 'driver' or 'recommended'.
Napi::Value mps_memory(const Napi::CallbackInfo& info, Environment&) {
  const std::string which = info[0].ToString().Utf8Value();
  const size_t bytes = which == "current"  ? mps().getCurrentAllocatedMemory()
                       : which == "driver" ? mps().getDriverAllocatedMemory()
                                           : mps().getRecommendedMaxMemory();
  return Napi::Number::New(info.Env(), static_cast<double>(bytes));
}

Napi::Value mps_set_memory_fraction(const Napi::CallbackInfo& info, Environment&) {
  mps().setMemoryFraction(info[0].ToNumber().DoubleValue());
  return info.Env().Undefined();
}

Napi::Value mps_generator(const Napi::CallbackInfo& info, Environment&) {
  return {info.Env(), generator_to_js(info.Env(), mps().getDefaultGenerator())};
}

Napi::Value mps_profiler_start(const Napi::CallbackInfo& info, Environment&) {
  mps().profilerStartTrace(info[0].ToString().Utf8Value(), info[1].ToBoolean().Value());
  return info.Env().Undefined();
}

Napi::Value mps_profiler_stop(const Napi::CallbackInfo& info, Environment&) {
  mps().profilerStopTrace();
  return info.Env().Undefined();
}

/// An event of Metal, which goes back to libtorch when it is collected.
struct MetalEvent {
  explicit MetalEvent(bool enable_timing) : id(mps().acquireEvent(enable_timing)) {}
  MetalEvent(const MetalEvent&) = delete;
  MetalEvent& operator=(const MetalEvent&) = delete;
  ~MetalEvent() {
    try {
      mps().releaseEvent(id);
    } catch (const std::exception& error) {
      TORCH_WARN("an event of Metal is lost: ", error.what());
    }
  }
  const uint32_t id;
};

uint32_t event_at(const Napi::CallbackInfo& info, size_t i) {
  return from_external<std::unique_ptr<MetalEvent>>(info.Env(), info[i], kMetalEventTag, "an event of Metal")->id;
}

Napi::Value mps_event_new(const Napi::CallbackInfo& info, Environment&) {
  auto event = std::make_unique<MetalEvent>(info[0].ToBoolean().Value());
  return {info.Env(), own_as_external(info.Env(), std::move(event), kMetalEventTag)};
}

Napi::Value mps_event_record(const Napi::CallbackInfo& info, Environment&) {
  mps().recordEvent(event_at(info, 0));
  return info.Env().Undefined();
}

Napi::Value mps_event_wait(const Napi::CallbackInfo& info, Environment&) {
  mps().waitForEvent(event_at(info, 0));
  return info.Env().Undefined();
}

Napi::Value mps_event_query(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), mps().queryEvent(event_at(info, 0)));
}

Napi::Value mps_event_synchronize(const Napi::CallbackInfo& info, Environment&) {
  mps().synchronizeEvent(event_at(info, 0));
  return info.Env().Undefined();
}

Napi::Value mps_event_elapsed_time(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), mps().elapsedTimeOfEvents(event_at(info, 0), event_at(info, 1)));
}

Napi::Value mtia_current_device(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), mtia().getCurrentDevice());
}

Napi::Value mtia_set_device(const Napi::CallbackInfo& info, Environment&) {
  mtia().setCurrentDevice(static_cast<c10::DeviceIndex>(to_int64(info.Env(), info[0])));
  return info.Env().Undefined();
}

Napi::Value mtia_synchronize(const Napi::CallbackInfo& info, Environment&) {
  mtia().deviceSynchronize(static_cast<c10::DeviceIndex>(to_int64(info.Env(), info[0])));
  return info.Env().Undefined();
}

Napi::Value mtia_empty_cache(const Napi::CallbackInfo& info, Environment&) {
  mtia().emptyCache();
  return info.Env().Undefined();
}

}  // namespace

void export_device_hooks(Exports& exports) {
  exports.add<mps_available>("mps_available");
  exports.add<mps_built>("mps_built");
  exports.add<mps_on_macos>("mps_on_macos");
  exports.add<mps_synchronize>("mps_synchronize");
  exports.add<mps_empty_cache>("mps_empty_cache");
  exports.add<mps_memory>("mps_memory");
  exports.add<mps_set_memory_fraction>("mps_set_memory_fraction");
  exports.add<mps_generator>("mps_generator");
  exports.add<mps_profiler_start>("mps_profiler_start");
  exports.add<mps_profiler_stop>("mps_profiler_stop");
  exports.add<mps_event_new>("mps_event_new");
  exports.add<mps_event_record>("mps_event_record");
  exports.add<mps_event_wait>("mps_event_wait");
  exports.add<mps_event_query>("mps_event_query");
  exports.add<mps_event_synchronize>("mps_event_synchronize");
  exports.add<mps_event_elapsed_time>("mps_event_elapsed_time");
  exports.add<mtia_current_device>("mtia_current_device");
  exports.add<mtia_set_device>("mtia_set_device");
  exports.add<mtia_synchronize>("mtia_synchronize");
  exports.add<mtia_empty_cache>("mtia_empty_cache");
}

}  // namespace torch_node
