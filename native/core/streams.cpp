// The accelerator of this build, its streams and its events, through libtorch's interfaces that name no type of device;
// see lib/accelerator/ and lib/streams.ts. A stream crosses as three numbers: its type of device, index and id.
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/core/CachingHostAllocator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "core/convert.h"
#include "core/environment.h"
#include "core/owned_external.h"
#include "core/type_tags.h"
#include "core/versions.h"

namespace torch_node {
namespace {

Napi::Value large_integer(Napi::Env env, int64_t value) {
  constexpr int64_t kSafe = (int64_t{1} << 53) - 1;
  if (value >= -kSafe && value <= kSafe) return Napi::Number::New(env, static_cast<double>(value));
  return Napi::BigInt::New(env, value);
}

/// Throws libtorch's text when there is none.
c10::DeviceType accelerator_type() {
  const auto type = at::accelerator::getAccelerator(true);
  TORCH_CHECK(type.has_value(), "there is no accelerator");
  return *type;
}

/// The accelerator, ready for use.
c10::DeviceType accelerator() {
  const c10::DeviceType type = accelerator_type();
  at::globalContext().lazyInitDevice(type);
  return type;
}

c10::DeviceIndex index_at(const Napi::CallbackInfo& info, size_t i) {
  const int64_t index = to_int64(info.Env(), info[i]);
  TORCH_CHECK_VALUE(index >= -1 && index <= std::numeric_limits<c10::DeviceIndex>::max(),
                    "the index of a device is a small integer, not ", index);
  return static_cast<c10::DeviceIndex>(index);
}

/// The stream of three numbers from the argument at `i`.
c10::Stream stream_at(const Napi::CallbackInfo& info, size_t i) {
  const auto type = static_cast<c10::DeviceType>(to_int64(info.Env(), info[i]));
  return c10::Stream::unpack3(to_int64(info.Env(), info[i + 2]), index_at(info, i + 1), type);
}

Napi::Value to_js(Napi::Env env, const c10::Stream& stream) {
  Napi::Array numbers = Napi::Array::New(env, 3);
  numbers[0u] = Napi::Number::New(env, static_cast<double>(stream.device_type()));
  numbers[1u] = Napi::Number::New(env, stream.device_index());
  numbers[2u] = large_integer(env, stream.id());
  return numbers;
}

/// accelerator_type() -> the name of the accelerator that libtorch was built with, or null
Napi::Value accelerator_type(const Napi::CallbackInfo& info, Environment&) {
  const auto type = at::accelerator::getAccelerator(false);
  if (!type) return info.Env().Null();
  return Napi::String::New(info.Env(), c10::DeviceTypeName(*type, /*lower_case=*/true));
}

Napi::Value accelerator_index(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  return Napi::Number::New(info.Env(), at::accelerator::getDeviceIndex());
}

/// accelerator_set_index(index); a negative index changes nothing.
Napi::Value accelerator_set_index(const Napi::CallbackInfo& info, Environment&) {
  if (to_int64(info.Env(), info[0]) < 0) return info.Env().Undefined();
  accelerator();
  at::accelerator::setDeviceIndex(index_at(info, 0));
  return info.Env().Undefined();
}

/// accelerator_exchange(index) -> the index before
Napi::Value accelerator_exchange(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  return Napi::Number::New(info.Env(), at::accelerator::exchangeDevice(index_at(info, 0)));
}

/// accelerator_restore(index): goes back to a device without initializing it.
Napi::Value accelerator_restore(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  at::accelerator::maybeExchangeDevice(index_at(info, 0));
  return info.Env().Undefined();
}

Napi::Value accelerator_stream(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  return to_js(info.Env(), at::accelerator::getCurrentStream(index_at(info, 0)));
}

/// accelerator_set_stream(type, index, id): its device becomes the current one.
Napi::Value accelerator_set_stream(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  const c10::Stream stream = stream_at(info, 0);
  if (at::accelerator::getDeviceIndex() != stream.device_index()) {
    at::accelerator::setDeviceIndex(stream.device_index());
  }
  at::accelerator::setCurrentStream(stream);
  return info.Env().Undefined();
}

Napi::Value accelerator_synchronize(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  at::accelerator::synchronizeDevice(index_at(info, 0));
  return info.Env().Undefined();
}

/// accelerator_dtypes(index) -> the codes of the dtypes that the device can store
Napi::Value accelerator_dtypes(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  Napi::Array codes = Napi::Array::New(info.Env());
#if __has_include(<c10/core/DeviceCapability.h>)
  const auto supported = at::accelerator::getDeviceCapability(index_at(info, 0)).capability_data.supported_scalar_types;
#define TORCH_NODE_SUPPORTED(_, name) \
  if (supported.has_##name) codes.Set(codes.Length(), Napi::Number::New(info.Env(), static_cast<int>(at::k##name)));
  AT_FORALL_SCALAR_TYPES_WITH_COMPLEX_AND_QINTS(TORCH_NODE_SUPPORTED)
#undef TORCH_NODE_SUPPORTED
#else
  TORCH_CHECK_NOT_IMPLEMENTED(false, "this version of libtorch does not tell what a device is capable of");
#endif
  return codes;
}

c10::DeviceAllocator* allocator() { return c10::getDeviceAllocator(accelerator_type()); }

/// accelerator_allocator_ready() -> whether memory of the accelerator can have been allocated
Napi::Value accelerator_allocator_ready(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), allocator()->initialized());
}

Napi::Value accelerator_empty_cache(const Napi::CallbackInfo& info, Environment&) {
  allocator()->emptyCache();
  return info.Env().Undefined();
}

Napi::Value accelerator_empty_host_cache(const Napi::CallbackInfo& info, Environment&) {
#if TORCH_NODE_SINCE(13)
  at::accelerator::emptyHostCache();
#else
  at::getHostAllocator(accelerator_type())->empty_cache();
#endif
  return info.Env().Undefined();
}

/// accelerator_memory(index) -> [free, total] bytes
Napi::Value accelerator_memory(const Napi::CallbackInfo& info, Environment&) {
  accelerator();
  const auto [available, total] = allocator()->getMemoryInfo(index_at(info, 0));
  Napi::Array bytes = Napi::Array::New(info.Env(), 2);
  bytes[0u] = Napi::Number::New(info.Env(), static_cast<double>(available));
  bytes[1u] = Napi::Number::New(info.Env(), static_cast<double>(total));
  return bytes;
}

void add_stat(Napi::Object& result, const std::string& name, const c10::CachingAllocator::Stat& stat) {
  const std::pair<const char*, int64_t> values[] = {
      {"current", stat.current}, {"peak", stat.peak}, {"allocated", stat.allocated}, {"freed", stat.freed}};
  for (const auto& [key, value] : values) {
    result.Set(name + "." + key, Napi::Number::New(result.Env(), static_cast<double>(value)));
  }
}

/// accelerator_memory_stats(index) -> what the allocator has counted, by names such as `allocated_bytes.all.peak`
Napi::Value accelerator_memory_stats(const Napi::CallbackInfo& info, Environment&) {
  const auto stats = allocator()->getDeviceStats(index_at(info, 0));
  Napi::Object result = Napi::Object::New(info.Env());
  const std::pair<const char*, int64_t> counts[] = {
      {"num_alloc_retries", stats.num_alloc_retries}, {"num_ooms", stats.num_ooms},
      {"max_split_size", stats.max_split_size},       {"num_sync_all_streams", stats.num_sync_all_streams},
      {"num_device_alloc", stats.num_device_alloc},   {"num_device_free", stats.num_device_free},
  };
  for (const auto& [name, count] : counts) {
    result.Set(name, Napi::Number::New(info.Env(), static_cast<double>(count)));
  }
  const std::pair<const char*, const c10::CachingAllocator::StatArray*> by_pool[] = {
      {"allocation", &stats.allocation},
      {"segment", &stats.segment},
      {"active", &stats.active},
      {"inactive_split", &stats.inactive_split},
      {"allocated_bytes", &stats.allocated_bytes},
      {"reserved_bytes", &stats.reserved_bytes},
      {"active_bytes", &stats.active_bytes},
      {"inactive_split_bytes", &stats.inactive_split_bytes},
      {"requested_bytes", &stats.requested_bytes},
  };
  constexpr const char* pools[] = {"all", "small_pool", "large_pool"};
  for (const auto& [name, array] : by_pool) {
    for (size_t pool = 0; pool < std::size(pools); ++pool) {
      add_stat(result, c10::str(name, ".", pools[pool]), (*array)[pool]);
    }
  }
  add_stat(result, "oversize_allocations", stats.oversize_allocations);
  add_stat(result, "oversize_segments", stats.oversize_segments);
  return result;
}

/// accelerator_reset_stats(index, which): `which` is 'peak' or 'accumulated'.
Napi::Value accelerator_reset_stats(const Napi::CallbackInfo& info, Environment&) {
  const c10::DeviceIndex index = index_at(info, 0);
  if (info[1].ToString().Utf8Value() == "peak") {
    allocator()->resetPeakStats(index);
  } else {
    allocator()->resetAccumulatedStats(index);
  }
  return info.Env().Undefined();
}

/// stream_new(device, priority): of the accelerator, or the CPU where there is none, when `device` is null.
Napi::Value stream_new(const Napi::CallbackInfo& info, Environment&) {
  const int priority = static_cast<int>(to_int64(info.Env(), info[1]));
  if (info[0].IsNull()) {
    const auto type = at::accelerator::getAccelerator(false).value_or(c10::DeviceType::CPU);
    const c10::impl::VirtualGuardImpl guard(type);
    return to_js(info.Env(), guard.getNewStream(guard.getDevice(), priority));
  }
  const c10::Device device(info[0].As<Napi::String>().Utf8Value());
  // Some types of devices make streams of the current device only.
  const c10::DeviceGuard current(device);
  return to_js(info.Env(), c10::impl::VirtualGuardImpl(device.type()).getNewStream(device, priority));
}

/// stream_device(type, index) -> the device as text
Napi::Value stream_device(const Napi::CallbackInfo& info, Environment&) {
  const auto type = static_cast<c10::DeviceType>(to_int64(info.Env(), info[0]));
  TORCH_CHECK(c10::isValidDeviceType(type), "there is no type of device ", static_cast<int>(type));
  return Napi::String::New(info.Env(), c10::Device(type, index_at(info, 1)).str());
}

Napi::Value stream_query(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), stream_at(info, 0).query());
}

Napi::Value stream_synchronize(const Napi::CallbackInfo& info, Environment&) {
  stream_at(info, 0).synchronize();
  return info.Env().Undefined();
}

// Members that c10::Stream has since libtorch 2.13; templates, since the names may not exist.
template <typename S>
bool is_capturing(const S& stream) {
  if constexpr (requires { stream.is_capturing(); }) return stream.is_capturing();
  return false;
}

template <typename S>
int64_t native_handle(const S& stream) {
  if constexpr (requires { stream.native_handle(); }) return reinterpret_cast<int64_t>(stream.native_handle());
  TORCH_CHECK_NOT_IMPLEMENTED(false, "this version of libtorch does not give the handle of a stream");
}

Napi::Value stream_is_capturing(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), is_capturing(stream_at(info, 0)));
}

Napi::Value stream_native_handle(const Napi::CallbackInfo& info, Environment&) {
  return large_integer(info.Env(), native_handle(stream_at(info, 0)));
}

/// stream_wait_stream(type, index, id, type, index, id): the first waits for what the second has been given so far.
Napi::Value stream_wait_stream(const Napi::CallbackInfo& info, Environment&) {
  const c10::Stream other = stream_at(info, 3);
  c10::Event event(other.device_type());
  event.record(other);
  stream_at(info, 0).wait(event);
  return info.Env().Undefined();
}

/// stream_enter(type, index, id) -> the stream that was the current one there, and the device before
Napi::Value stream_enter(const Napi::CallbackInfo& info, Environment&) {
  const c10::Stream stream = stream_at(info, 0);
  if (!at::accelerator::isAccelerator(stream.device_type())) return info.Env().Null();
  accelerator();
  Napi::Array before = Napi::Array::New(info.Env(), 2);
  before[1u] = Napi::Number::New(info.Env(), at::accelerator::exchangeDevice(stream.device_index()));
  before[0u] = to_js(info.Env(), at::accelerator::getCurrentStream(stream.device_index()));
  at::accelerator::setCurrentStream(stream);
  return before;
}

c10::Event& event_at(const Napi::CallbackInfo& info, size_t i) {
  return from_external<c10::Event>(info.Env(), info[i], kEventTag, "a torch.Event");
}

/// event_new(device, enable_timing): of the accelerator, or the CPU where there is none, when `device` is null.
Napi::Value event_new(const Napi::CallbackInfo& info, Environment&) {
  const auto type = info[0].IsNull() ? at::accelerator::getAccelerator(false).value_or(c10::DeviceType::CPU)
                                     : c10::Device(info[0].As<Napi::String>().Utf8Value()).type();
  const auto flag = info[1].ToBoolean().Value() ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT;
  return {info.Env(), own_as_external(info.Env(), c10::Event(type, flag), kEventTag)};
}

/// event_record(event, type?, index?, id?): in the stream, or in the current one.
Napi::Value event_record(const Napi::CallbackInfo& info, Environment&) {
  c10::Event& event = event_at(info, 0);
  const c10::impl::VirtualGuardImpl guard(event.device_type());
  event.record(info.Length() > 1 ? stream_at(info, 1) : guard.getStream(guard.getDevice()));
  return info.Env().Undefined();
}

/// event_wait(event, type?, index?, id?): the stream, or the current one, waits for the event.
Napi::Value event_wait(const Napi::CallbackInfo& info, Environment&) {
  const c10::Event& event = event_at(info, 0);
  const c10::impl::VirtualGuardImpl guard(event.device_type());
  event.block(info.Length() > 1 ? stream_at(info, 1) : guard.getStream(guard.getDevice()));
  return info.Env().Undefined();
}

Napi::Value event_query(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), event_at(info, 0).query());
}

Napi::Value event_synchronize(const Napi::CallbackInfo& info, Environment&) {
  event_at(info, 0).synchronize();
  return info.Env().Undefined();
}

Napi::Value event_elapsed_time(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), event_at(info, 0).elapsedTime(event_at(info, 1)));
}

/// event_facts(event) -> [device, index, flag, id]
Napi::Value event_facts(const Napi::CallbackInfo& info, Environment&) {
  const c10::Event& event = event_at(info, 0);
  Napi::Array facts = Napi::Array::New(info.Env(), 4);
  facts[0u] = Napi::String::New(info.Env(), event.device().str());
  facts[1u] = Napi::Number::New(info.Env(), event.device_index());
  facts[2u] = Napi::Number::New(info.Env(), static_cast<int>(event.flag()));
  facts[3u] = large_integer(info.Env(), reinterpret_cast<int64_t>(event.eventId()));
  return facts;
}

}  // namespace

void export_streams(Exports& exports) {
  exports.add<accelerator_type>("accelerator_type");
  exports.add<accelerator_index>("accelerator_index");
  exports.add<accelerator_set_index>("accelerator_set_index");
  exports.add<accelerator_exchange>("accelerator_exchange");
  exports.add<accelerator_restore>("accelerator_restore");
  exports.add<accelerator_stream>("accelerator_stream");
  exports.add<accelerator_set_stream>("accelerator_set_stream");
  exports.add<accelerator_synchronize>("accelerator_synchronize");
  exports.add<accelerator_dtypes>("accelerator_dtypes");
  exports.add<accelerator_allocator_ready>("accelerator_allocator_ready");
  exports.add<accelerator_empty_cache>("accelerator_empty_cache");
  exports.add<accelerator_empty_host_cache>("accelerator_empty_host_cache");
  exports.add<accelerator_memory>("accelerator_memory");
  exports.add<accelerator_memory_stats>("accelerator_memory_stats");
  exports.add<accelerator_reset_stats>("accelerator_reset_stats");
  exports.add<stream_new>("stream_new");
  exports.add<stream_device>("stream_device");
  exports.add<stream_query>("stream_query");
  exports.add<stream_synchronize>("stream_synchronize");
  exports.add<stream_is_capturing>("stream_is_capturing");
  exports.add<stream_native_handle>("stream_native_handle");
  exports.add<stream_wait_stream>("stream_wait_stream");
  exports.add<stream_enter>("stream_enter");
  exports.add<event_new>("event_new");
  exports.add<event_record>("event_record");
  exports.add<event_wait>("event_wait");
  exports.add<event_query>("event_query");
  exports.add<event_synchronize>("event_synchronize");
  exports.add<event_elapsed_time>("event_elapsed_time");
  exports.add<event_facts>("event_facts");
}

}  // namespace torch_node
