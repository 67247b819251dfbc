// The caching allocator of device memory: its settings, what it holds, allocators of other libraries, and pools.
#include <memory>
#include <thread>

#include <ATen/core/CachingHostAllocator.h>
#include <ATen/cuda/MemPool.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <torch/csrc/cuda/CUDAPluggableAllocator.h>

#if !defined(_WIN32)
#include <dlfcn.h>
#endif

#include "core/owned_external.h"
#include "cuda/cuda_addon.h"

namespace torch_node::cuda {
namespace {

namespace caching = c10::cuda::CUDACachingAllocator;
using Allocator = std::shared_ptr<caching::CUDAAllocator>;
using Pool = std::unique_ptr<at::cuda::MemPool>;

/// raw_alloc(bytes, stream) -> pointer
Napi::Value raw_alloc(const Napi::CallbackInfo& info) {
  const auto bytes = static_cast<size_t>(integer_at(info, 0));
  return pointer_to_js(info.Env(), caching::raw_alloc_with_stream(bytes, pointer_at<CUstream_st>(info, 1)));
}

Napi::Value raw_delete(const Napi::CallbackInfo& info) {
  caching::raw_delete(pointer_at<void>(info, 0));
  return info.Env().Undefined();
}

Napi::Value allocator_enable(const Napi::CallbackInfo& info) {
  caching::enable(info[0].ToBoolean().Value());
  return info.Env().Undefined();
}

Napi::Value allocator_enabled(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), caching::isEnabled());
}

Napi::Value allocator_name(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), caching::name()); }

Napi::Value memory_fraction(const Napi::CallbackInfo& info) {
  return number(info.Env(), caching::getMemoryFraction(device_at(info, 0)));
}

Napi::Value set_memory_fraction(const Napi::CallbackInfo& info) {
  caching::setMemoryFraction(info[0].ToNumber().DoubleValue(), device_at(info, 1));
  return info.Env().Undefined();
}

Napi::Object block_to_js(Napi::Env env, const caching::BlockInfo& block, size_t address) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("address", integer_to_js(env, static_cast<int64_t>(address)));
  result.Set("size", integer_to_js(env, static_cast<int64_t>(block.size)));
  result.Set("requested_size", integer_to_js(env, static_cast<int64_t>(block.requested_size)));
  const char* state = block.allocated ? "active_allocated" : block.active ? "active_pending_free" : "inactive";
  result.Set("state", state);
  return result;
}

Napi::Object segment_to_js(Napi::Env env, const caching::SegmentInfo& segment) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("device", number(env, segment.device));
  const std::pair<const char*, size_t> numbers[] = {
      {"address", segment.address},
      {"total_size", segment.total_size},
      {"allocated_size", segment.allocated_size},
      {"active_size", segment.active_size},
      {"requested_size", segment.requested_size},
      {"stream", reinterpret_cast<size_t>(segment.stream)},
  };
  for (const auto& [name, value] : numbers) result.Set(name, integer_to_js(env, static_cast<int64_t>(value)));
  result.Set("segment_type", segment.is_large ? "large" : "small");
  result.Set("segment_pool_id", pool_to_js(env, segment.owner_private_pool_id));
  result.Set("is_expandable", Napi::Boolean::New(env, segment.is_expandable));
  Napi::Array blocks = Napi::Array::New(env, segment.blocks.size());
  size_t address = segment.address;
  for (uint32_t i = 0; i < segment.blocks.size(); ++i) {
    blocks[i] = block_to_js(env, segment.blocks[i], address);
    address += segment.blocks[i].size;
  }
  result.Set("blocks", blocks);
  return result;
}

/// Older versions of libtorch always read the trace; a template, since the parameter may not exist.
template <typename A>
auto snapshot_of(A& allocator, const c10::MempoolId_t& pool, bool include_traces) {
  if constexpr (requires { allocator.snapshot(pool, include_traces); })
    return allocator.snapshot(pool, include_traces);
  else
    return allocator.snapshot(pool);
}

/// snapshot(first, second, include_traces) -> {segments}; the pool {0, 0} stands for all memory.
Napi::Value snapshot(const Napi::CallbackInfo& info) {
  const auto taken = snapshot_of(*caching::get(), pool_at(info, 0), info[2].ToBoolean().Value());
  Napi::Array segments = Napi::Array::New(info.Env(), taken.segments.size());
  for (uint32_t i = 0; i < taken.segments.size(); ++i) segments[i] = segment_to_js(info.Env(), taken.segments[i]);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("segments", segments);
  return result;
}

void* open_library(const std::string& file) {
#if defined(_WIN32)
  TORCH_CHECK_NOT_IMPLEMENTED(false, "allocators of other libraries are not available on Windows");
#else
  void* library = dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
  TORCH_CHECK(library != nullptr, dlerror());
  return library;
#endif
}

template <typename Function>
Function* function_of(void* library, const std::string& name) {
#if defined(_WIN32)
  return nullptr;
#else
  auto* function = reinterpret_cast<Function*>(dlsym(library, name.c_str()));
  TORCH_CHECK(function != nullptr, "the library has no function '", name, "'");
  return function;
#endif
}

/// custom_allocator(file, allocate, release)
Napi::Value custom_allocator(const Napi::CallbackInfo& info) {
  void* library = open_library(text_at(info, 0));
  auto* allocate = function_of<void*(size_t, int, cudaStream_t)>(library, text_at(info, 1));
  auto* release = function_of<void(void*, size_t, int, cudaStream_t)>(library, text_at(info, 2));
  Allocator made = torch::cuda::CUDAPluggableAllocator::createCustomAllocator(allocate, release);
  return {info.Env(), own_as_external<Allocator>(info.Env(), std::move(made), kAllocatorTag)};
}

Napi::Value change_allocator(const Napi::CallbackInfo& info) {
  const auto& allocator = from_external<Allocator>(info.Env(), info[0], kAllocatorTag, "an allocator");
  torch::cuda::CUDAPluggableAllocator::changeCurrentAllocator(allocator);
  return info.Env().Undefined();
}

void add_stat(Napi::Object& result, const std::string& name, const c10::CachingAllocator::Stat& stat) {
  const std::pair<const char*, int64_t> values[] = {
      {"current", stat.current}, {"peak", stat.peak}, {"allocated", stat.allocated}, {"freed", stat.freed}};
  for (const auto& [key, value] : values) result.Set(name + "." + key, integer_to_js(result.Env(), value));
}

void add_time(Napi::Object& result, const std::string& name, const c10::CachingAllocator::DurationStat& stat) {
  const std::pair<const char*, int64_t> values[] = {
      {"total", stat.total}, {"max", stat.max}, {"min", stat.min}, {"count", stat.count}};
  for (const auto& [key, value] : values) result.Set(name + "." + key, integer_to_js(result.Env(), value));
  const double average = stat.count == 0 ? 0 : static_cast<double>(stat.total) / static_cast<double>(stat.count);
  result.Set(name + ".avg", number(result.Env(), average));
}

/// What is checked out, where this version of libtorch counts it; a template, since the members may not exist.
template <typename S>
void add_active(Napi::Object& result, const S& stats) {
  if constexpr (requires { stats.active_requests; }) {
    add_stat(result, "active_requests", stats.active_requests);
    add_stat(result, "active_bytes", stats.active_bytes);
  }
}

/// host_stats() -> what the allocator of page-locked memory has counted, by names with dots
Napi::Value host_stats(const Napi::CallbackInfo& info) {
  const at::HostStats stats = at::getHostAllocator(at::kCUDA)->get_stats();
  Napi::Object result = Napi::Object::New(info.Env());
  add_active(result, stats);
  add_stat(result, "allocations", stats.allocations);
  add_stat(result, "allocated_bytes", stats.allocated_bytes);
  add_time(result, "host_alloc_time", stats.host_alloc_time);
  add_time(result, "host_free_time", stats.host_free_time);
  result.Set("num_host_alloc", integer_to_js(info.Env(), stats.num_host_alloc));
  result.Set("num_host_free", integer_to_js(info.Env(), stats.num_host_free));
  return result;
}

Napi::Value reset_host_stats(const Napi::CallbackInfo& info) {
  at::HostAllocator* allocator = at::getHostAllocator(at::kCUDA);
  if (text_at(info, 0) == "peak") {
    allocator->reset_peak_stats();
  } else {
    allocator->reset_accumulated_stats();
  }
  return info.Env().Undefined();
}

/// pool_new(allocator or null, use_on_oom, no_split)
Napi::Value pool_new(const Napi::CallbackInfo& info) {
  Allocator allocator;
  if (!info[0].IsNull()) allocator = from_external<Allocator>(info.Env(), info[0], kAllocatorTag, "an allocator");
  auto pool = std::make_unique<at::cuda::MemPool>(allocator, /*is_user_created=*/true, info[1].ToBoolean().Value(),
                                                  info[2].ToBoolean().Value());
  return {info.Env(), own_as_external<Pool>(info.Env(), std::move(pool), kMemPoolTag)};
}

at::cuda::MemPool& mem_pool_at(const Napi::CallbackInfo& info) {
  return *from_external<Pool>(info.Env(), info[0], kMemPoolTag, "a pool of memory");
}

Napi::Value pool_id(const Napi::CallbackInfo& info) { return pool_to_js(info.Env(), mem_pool_at(info).id()); }

Napi::Value pool_use_count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), mem_pool_at(info).use_count());
}

/// pool_begin(device, first, second): what this thread allocates comes from the pool.
Napi::Value pool_begin(const Napi::CallbackInfo& info) {
  const auto thread = std::this_thread::get_id();
  caching::beginAllocateToPool(device_at(info, 0), pool_at(info, 1),
                               [thread](cudaStream_t) { return std::this_thread::get_id() == thread; });
  return info.Env().Undefined();
}

Napi::Value pool_end(const Napi::CallbackInfo& info) {
  caching::endAllocateToPool(device_at(info, 0), pool_at(info, 1));
  caching::releasePool(device_at(info, 0), pool_at(info, 1));
  return info.Env().Undefined();
}

}  // namespace

void export_memory(Napi::Object& exports) {
  add<raw_alloc>(exports, "raw_alloc");
  add<raw_delete>(exports, "raw_delete");
  add<allocator_enable>(exports, "allocator_enable");
  add<allocator_enabled>(exports, "allocator_enabled");
  add<allocator_name>(exports, "allocator_name");
  add<memory_fraction>(exports, "memory_fraction");
  add<set_memory_fraction>(exports, "set_memory_fraction");
  add<snapshot>(exports, "snapshot");
  add<custom_allocator>(exports, "custom_allocator");
  add<change_allocator>(exports, "change_allocator");
  add<host_stats>(exports, "host_stats");
  add<reset_host_stats>(exports, "reset_host_stats");
  add<pool_new>(exports, "pool_new");
  add<pool_id>(exports, "pool_id");
  add<pool_use_count>(exports, "pool_use_count");
  add<pool_begin>(exports, "pool_begin");
  add<pool_end>(exports, "pool_end");
}

}  // namespace torch_node::cuda
