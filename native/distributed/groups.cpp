// Process groups and their collectives (lib/distributed/process_group.ts). A group dispatches its operators
// (c10d::allreduce_ and the like) to the backend that is registered for the tensors' device, as Python's does.
#include "core/environment.h"

#if defined(TORCH_NODE_C10D)

#include <torch/csrc/distributed/c10d/debug.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupWrapper.hpp>

#include "core/versions.h"
#include "distributed/c10d.h"

namespace torch_node {

namespace {

// 2.13 renamed them.
#if TORCH_NODE_SINCE(13)
constexpr auto kAllGatherSingle = &c10d::ProcessGroup::all_gather_single;
constexpr auto kReduceScatterSingle = &c10d::ProcessGroup::reduce_scatter_single;
constexpr auto kAllToAllSingle = &c10d::ProcessGroup::all_to_all_single;
#else
constexpr auto kAllGatherSingle = &c10d::ProcessGroup::_allgather_base;
constexpr auto kReduceScatterSingle = &c10d::ProcessGroup::_reduce_scatter_base;
constexpr auto kAllToAllSingle = &c10d::ProcessGroup::alltoall_base;
#endif

/// The group behind a JavaScript object. One that was not destroyed explicitly stays alive to the end of the process:
/// its destructor waits for collectives that may never end, which a garbage collector, or the end of a thread, must not
/// do.
struct OwnedGroup {
  GroupPointer group;
  /// The group is told when this backend is there: from 2.14 on it asks it for rank and size.
  c10d::ProcessGroup::BackendType default_backend;

  OwnedGroup(GroupPointer pointer, c10d::ProcessGroup::BackendType backend)
      : group(std::move(pointer)), default_backend(backend) {}
  OwnedGroup(OwnedGroup&&) noexcept = default;
  OwnedGroup(const OwnedGroup&) = delete;
  OwnedGroup& operator=(const OwnedGroup&) = delete;
  OwnedGroup& operator=(OwnedGroup&&) = delete;
  ~OwnedGroup() { static_cast<void>(group.release()); }
};

OwnedGroup& owned_from(const Napi::Value& value) {
  return from_external<OwnedGroup>(value.Env(), value, kGroupTag, "a process group");
}

std::vector<std::vector<at::Tensor>> to_tensor_lists(const Napi::Value& lists, const TensorTable& tensors) {
  const Napi::Array array = lists.As<Napi::Array>();
  std::vector<std::vector<at::Tensor>> result;
  result.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) result.push_back(to_tensors(lists.Env(), array.Get(i), tensors));
  return result;
}

std::vector<at::Tensor> tensors_at(const Napi::CallbackInfo& info, size_t i, Environment& environment) {
  return to_tensors(info.Env(), info[i], environment.tensors);
}

c10d::ReduceOp to_reduce_op(const Napi::Value& value) {
  const int64_t number = to_int64(value.Env(), value);
  TORCH_CHECK(number >= 0 && number < c10d::ReduceOp::PREMUL_SUM, "invalid reduction ", number);
  return {static_cast<c10d::ReduceOp::RedOpType>(number)};
}

int64_t integer_at(const Napi::CallbackInfo& info, size_t i) { return to_int64(info.Env(), info[i]); }

c10d::ProcessGroup::BackendType to_backend_type(const std::string& name) {
  return name == "nccl" ? c10d::ProcessGroup::BackendType::NCCL : c10d::ProcessGroup::BackendType::GLOO;
}

c10::intrusive_ptr<c10d::ProcessGroupGloo> new_gloo(const StorePointer& store, int rank, int size,
                                                    std::chrono::milliseconds timeout) {
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size,
                                                     c10d::ProcessGroupGloo::Options::create_default(timeout));
}

/// group_new(store, rank, size, default backend: "gloo" or "nccl") -> group, without backends yet
Napi::Value group_new(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  auto group = c10::make_intrusive<c10d::ProcessGroup>(store_from(info[0]), static_cast<int>(integer_at(info, 1)),
                                                       static_cast<int>(integer_at(info, 2)));
  return {env, own_as_external(env, OwnedGroup(std::move(group), to_backend_type(to_string(env, info[3]))), kGroupTag)};
}

/// group_set_name(group, name, description): its backends keep them, so that they come first
Napi::Value group_set_name(const Napi::CallbackInfo& info, Environment&) {
  const GroupPointer& group = group_from(info[0]);
  group->setGroupName(to_string(info.Env(), info[1]));
  group->setGroupDesc(to_string(info.Env(), info[2]));
  return info.Env().Undefined();
}

/// Registers a backend for types of devices. Where TORCH_DISTRIBUTED_DEBUG is DETAIL, a group of its own over
/// `helper_store` checks its collectives.
void set_backend(const Napi::Value& value, const std::string& name, c10::intrusive_ptr<c10d::Backend> backend,
                 const std::vector<std::string>& types, const StorePointer& helper_store,
                 std::chrono::milliseconds timeout) {
  const GroupPointer& group = group_from(value);
  if (c10d::debug_level() == c10d::DebugLevel::Detail) {
    backend = c10::make_intrusive<c10d::ProcessGroupWrapper>(
        backend, new_gloo(helper_store, group->getRank(), group->getSize(), timeout));
  }
  const auto backend_type = to_backend_type(name);
  for (const std::string& type : types) group->setBackend(c10::Device(type).type(), backend_type, backend);
  if (backend_type == owned_from(value).default_backend) group->setDefaultBackend(backend_type);
}

/// group_add_gloo(group, store, helper_store, device types, timeout, name, ranks)
Napi::Value group_add_gloo(const Napi::CallbackInfo& info, Environment&) {
  const GroupPointer& group = group_from(info[0]);
  const std::chrono::milliseconds timeout = to_milliseconds(info[4]);
  auto gloo = new_gloo(store_from(info[1]), group->getRank(), group->getSize(), timeout);
  const std::vector<int64_t> ranks = to_int_vector(info.Env(), info[6]);
  gloo->getOptions()->global_ranks_in_group.assign(ranks.begin(), ranks.end());
  gloo->getOptions()->group_name = to_string(info.Env(), info[5]);
#if !TORCH_NODE_SINCE(14)
  gloo->setSequenceNumberForGroup();
#endif
  set_backend(info[0], "gloo", std::move(gloo), to_strings(info[3]), store_from(info[2]), timeout);
  return info.Env().Undefined();
}

/// group_add_backend(group, name, backend, helper_store, device types, timeout): a backend that another addon has made
Napi::Value group_add_backend(const Napi::CallbackInfo& info, Environment&) {
  const Napi::Env env = info.Env();
  auto& backend = from_external<c10::intrusive_ptr<c10d::Backend>>(env, info[2], kBackendTag, "a backend");
  set_backend(info[0], to_string(env, info[1]), backend, to_strings(info[4]), store_from(info[3]),
              to_milliseconds(info[5]));
  return env.Undefined();
}

/// group_bind(group, device): the device of a group that uses only one
Napi::Value group_bind(const Napi::CallbackInfo& info, Environment&) {
  group_from(info[0])->setBoundDeviceId(c10::Device(to_string(info.Env(), info[1])));
  return info.Env().Undefined();
}

/// group_coalesces(group, device type): whether sends and receives can be started together
Napi::Value group_coalesces(const Napi::CallbackInfo& info, Environment&) {
  const c10::DeviceType type = c10::Device(to_string(info.Env(), info[1])).type();
  return Napi::Boolean::New(info.Env(), group_from(info[0])->getBackend(type)->supportsCoalescing());
}

/// group_start_coalescing(group, device type)
Napi::Value group_start_coalescing(const Napi::CallbackInfo& info, Environment&) {
  group_from(info[0])->startCoalescing(c10::Device(to_string(info.Env(), info[1])).type());
  return info.Env().Undefined();
}

/// group_end_coalescing(group, device type) -> the work of all that was started since
Napi::Value group_end_coalescing(const Napi::CallbackInfo& info, Environment&) {
  return from_work(info.Env(), group_from(info[0])->endCoalescing(c10::Device(to_string(info.Env(), info[1])).type()));
}

/// group_destroy(group): shuts the group down; waits for what is queued.
Napi::Value group_destroy(const Napi::CallbackInfo& info, Environment&) {
  OwnedGroup& owned = owned_from(info[0]);
  if (!owned.group) return info.Env().Undefined();
  owned.group->shutdown();
  owned.group.reset();
  return info.Env().Undefined();
}

Napi::Value group_abort(const Napi::CallbackInfo& info, Environment&) {
  group_from(info[0])->abort();
  return info.Env().Undefined();
}

/// group_set_timeout(group, milliseconds)
Napi::Value group_set_timeout(const Napi::CallbackInfo& info, Environment&) {
  group_from(info[0])->setTimeout(to_milliseconds(info[1]));
  return info.Env().Undefined();
}

Napi::Value group_sequence_number(const Napi::CallbackInfo& info, Environment&) {
  return {info.Env(), from_int64(info.Env(), static_cast<int64_t>(group_from(info[0])->getSequenceNumberForGroup()))};
}

/// group_broadcast(group, tensors, root, async)
Napi::Value group_broadcast(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  c10d::BroadcastOptions options;
  options.rootRank = integer_at(info, 2);
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->broadcast(tensors, options));
}

/// group_allreduce(group, tensors, reduction, async)
Napi::Value group_allreduce(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  c10d::AllreduceOptions options;
  options.reduceOp = to_reduce_op(info[2]);
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->allreduce(tensors, options));
}

/// group_allreduce_coalesced(group, tensors, reduction, async)
Napi::Value group_allreduce_coalesced(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  c10d::AllreduceCoalescedOptions options;
  options.reduceOp = to_reduce_op(info[2]);
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->allreduce_coalesced(tensors, options));
}

/// group_reduce(group, tensors, root, reduction, async)
Napi::Value group_reduce(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  c10d::ReduceOptions options;
  options.rootRank = integer_at(info, 2);
  options.reduceOp = to_reduce_op(info[3]);
  options.asyncOp = info[4].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->reduce(tensors, options));
}

/// group_allgather(group, output lists, inputs, async)
Napi::Value group_allgather(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<std::vector<at::Tensor>> outputs = to_tensor_lists(info[1], environment.tensors);
  std::vector<at::Tensor> inputs = tensors_at(info, 2, environment);
  c10d::AllgatherOptions options;
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->allgather(outputs, inputs, options));
}

/// group_allgather_coalesced(group, output lists, inputs, async)
Napi::Value group_allgather_coalesced(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<std::vector<at::Tensor>> outputs = to_tensor_lists(info[1], environment.tensors);
  std::vector<at::Tensor> inputs = tensors_at(info, 2, environment);
  c10d::AllgatherOptions options;
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->allgather_coalesced(outputs, inputs, options));
}

/// group_allgather_single(group, output, input, async)
Napi::Value group_allgather_single(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor output = tensor_at(info, 1, environment);
  at::Tensor input = tensor_at(info, 2, environment);
  c10d::AllgatherOptions options;
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), ((*group_from(info[0])).*kAllGatherSingle)(output, input, options));
}

/// group_gather(group, output lists, inputs, root, async)
Napi::Value group_gather(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<std::vector<at::Tensor>> outputs = to_tensor_lists(info[1], environment.tensors);
  std::vector<at::Tensor> inputs = tensors_at(info, 2, environment);
  c10d::GatherOptions options;
  options.rootRank = integer_at(info, 3);
  options.asyncOp = info[4].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->gather(outputs, inputs, options));
}

/// group_scatter(group, outputs, input lists, root, async)
Napi::Value group_scatter(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> outputs = tensors_at(info, 1, environment);
  std::vector<std::vector<at::Tensor>> inputs = to_tensor_lists(info[2], environment.tensors);
  c10d::ScatterOptions options;
  options.rootRank = integer_at(info, 3);
  options.asyncOp = info[4].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->scatter(outputs, inputs, options));
}

/// group_reduce_scatter(group, outputs, input lists, reduction, async)
Napi::Value group_reduce_scatter(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> outputs = tensors_at(info, 1, environment);
  std::vector<std::vector<at::Tensor>> inputs = to_tensor_lists(info[2], environment.tensors);
  c10d::ReduceScatterOptions options;
  options.reduceOp = to_reduce_op(info[3]);
  options.asyncOp = info[4].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->reduce_scatter(outputs, inputs, options));
}

/// group_reduce_scatter_single(group, output, input, reduction, async)
Napi::Value group_reduce_scatter_single(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor output = tensor_at(info, 1, environment);
  at::Tensor input = tensor_at(info, 2, environment);
  c10d::ReduceScatterOptions options;
  options.reduceOp = to_reduce_op(info[3]);
  options.asyncOp = info[4].ToBoolean();
  return from_work(info.Env(), ((*group_from(info[0])).*kReduceScatterSingle)(output, input, options));
}

/// group_alltoall(group, outputs, inputs, async)
Napi::Value group_alltoall(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> outputs = tensors_at(info, 1, environment);
  std::vector<at::Tensor> inputs = tensors_at(info, 2, environment);
  c10d::AllToAllOptions options;
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->alltoall(outputs, inputs, options));
}

/// group_alltoall_single(group, output, input, output sizes, input sizes, async)
Napi::Value group_alltoall_single(const Napi::CallbackInfo& info, Environment& environment) {
  at::Tensor output = tensor_at(info, 1, environment);
  at::Tensor input = tensor_at(info, 2, environment);
  std::vector<int64_t> output_sizes = to_int_vector(info.Env(), info[3]);
  std::vector<int64_t> input_sizes = to_int_vector(info.Env(), info[4]);
  c10d::AllToAllOptions options;
  options.asyncOp = info[5].ToBoolean();
  return from_work(info.Env(),
                   ((*group_from(info[0])).*kAllToAllSingle)(output, input, output_sizes, input_sizes, options));
}

/// group_barrier(group, timeout or null, device, async)
Napi::Value group_barrier(const Napi::CallbackInfo& info, Environment&) {
  c10d::BarrierOptions options;
  if (!info[1].IsNull()) options.timeout = to_milliseconds(info[1]);
  options.device = c10::Device(to_string(info.Env(), info[2]));
  options.asyncOp = info[3].ToBoolean();
  return from_work(info.Env(), group_from(info[0])->barrier(options));
}

/// group_monitored_barrier(group, timeout, wait_all_ranks)
Napi::Value group_monitored_barrier(const Napi::CallbackInfo& info, Environment&) {
  c10d::BarrierOptions options;
  options.timeout = to_milliseconds(info[1]);
  group_from(info[0])->monitoredBarrier(options, info[2].ToBoolean());
  return info.Env().Undefined();
}

/// group_send(group, tensors, destination, tag)
Napi::Value group_send(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  return from_work(info.Env(), group_from(info[0])->send(tensors, static_cast<int>(integer_at(info, 2)),
                                                         static_cast<int>(integer_at(info, 3))));
}

/// group_recv(group, tensors, source or null for any, tag)
Napi::Value group_recv(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<at::Tensor> tensors = tensors_at(info, 1, environment);
  const int tag = static_cast<int>(integer_at(info, 3));
  const GroupPointer& group = group_from(info[0]);
  if (info[2].IsNull()) return from_work(info.Env(), group->recvAnysource(tensors, tag));
  return from_work(info.Env(), group->recv(tensors, static_cast<int>(integer_at(info, 2)), tag));
}

/// distributed_debug_level() -> 0 off, 1 info, 2 detail
Napi::Value distributed_debug_level(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Number::New(info.Env(), static_cast<int>(c10d::debug_level()));
}

/// distributed_set_debug_level(level, or null for what TORCH_DISTRIBUTED_DEBUG says)
Napi::Value distributed_set_debug_level(const Napi::CallbackInfo& info, Environment&) {
  if (info[0].IsNull()) {
    c10d::setDebugLevelFromEnvironment();
  } else {
    c10d::setDebugLevel(static_cast<c10d::DebugLevel>(integer_at(info, 0)));
  }
  return info.Env().Undefined();
}

}  // namespace

GroupPointer& group_from(const Napi::Value& value) {
  GroupPointer& group = owned_from(value).group;
  TORCH_CHECK(group, "the process group has been destroyed");
  return group;
}

void export_groups(Exports& exports) {
  exports.add<distributed_debug_level>("distributed_debug_level");
  exports.add<distributed_set_debug_level>("distributed_set_debug_level");
  exports.add<group_abort>("group_abort");
  exports.add<group_add_backend>("group_add_backend");
  exports.add<group_add_gloo>("group_add_gloo");
  exports.add<group_allgather>("group_allgather");
  exports.add<group_allgather_coalesced>("group_allgather_coalesced");
  exports.add<group_allgather_single>("group_allgather_single");
  exports.add<group_allreduce>("group_allreduce");
  exports.add<group_allreduce_coalesced>("group_allreduce_coalesced");
  exports.add<group_alltoall>("group_alltoall");
  exports.add<group_alltoall_single>("group_alltoall_single");
  exports.add<group_barrier>("group_barrier");
  exports.add<group_bind>("group_bind");
  exports.add<group_broadcast>("group_broadcast");
  exports.add<group_coalesces>("group_coalesces");
  exports.add<group_destroy>("group_destroy");
  exports.add<group_end_coalescing>("group_end_coalescing");
  exports.add<group_gather>("group_gather");
  exports.add<group_monitored_barrier>("group_monitored_barrier");
  exports.add<group_new>("group_new");
  exports.add<group_recv>("group_recv");
  exports.add<group_reduce>("group_reduce");
  exports.add<group_reduce_scatter>("group_reduce_scatter");
  exports.add<group_reduce_scatter_single>("group_reduce_scatter_single");
  exports.add<group_scatter>("group_scatter");
  exports.add<group_send>("group_send");
  exports.add<group_sequence_number>("group_sequence_number");
  exports.add<group_set_name>("group_set_name");
  exports.add<group_set_timeout>("group_set_timeout");
  exports.add<group_start_coalescing>("group_start_coalescing");
}

}  // namespace torch_node

#endif
