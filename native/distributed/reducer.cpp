// c10d's reducer, which averages gradients over a group while backward runs, and its logger
// (lib/nn/parallel/distributed.ts).
#include "core/environment.h"

#if defined(TORCH_NODE_C10D)

#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/distributed/c10d/comm.hpp>
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include "autograd/engine_callbacks.h"
#include "core/versions.h"
#include "distributed/c10d.h"

namespace torch_node {

namespace {

struct OwnedReducer {
  std::shared_ptr<c10d::Reducer> reducer;
  std::shared_ptr<c10d::Logger> logger;
  /// True while buckets are reduced outside of the engine's nodes: then a hook's result is waited for at once.
  std::shared_ptr<bool> at_once = std::make_shared<bool>(false);
};

/// Sets a flag for its own life.
class Raised {
 public:
  explicit Raised(std::shared_ptr<bool> flag) : flag_(std::move(flag)) { *flag_ = true; }
  ~Raised() { *flag_ = false; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

 private:
  std::shared_ptr<bool> flag_;
};

Napi::Value from_sizes(Napi::Env env, const std::vector<size_t>& sizes) {
  Napi::Array array = Napi::Array::New(env, sizes.size());
  for (uint32_t i = 0; i < sizes.size(); ++i) array[i] = Napi::Number::New(env, static_cast<double>(sizes[i]));
  return array;
}

/// A function of JavaScript that sends buckets. It is called with (index, whether it is the last, [buffer], indices of
/// the parameters among those of the module) when a bucket is ready, and returns a function that waits and gives the
/// result. That one is called at the end of the pass, before the reducer asks for the result: futures of JavaScript
/// cannot be waited for on other threads.
class JsCommHook final : public c10d::CommHookInterface {
 public:
  JsCommHook(EngineCallback callback, Environment& environment, std::shared_ptr<bool> at_once,
             const std::vector<at::Tensor>& parameters)
      : callback_(std::move(callback)), environment_(environment), at_once_(std::move(at_once)) {
    for (const at::Tensor& parameter : parameters) indices_.emplace(parameter.unsafeGetTensorImpl(), indices_.size());
  }

  c10::intrusive_ptr<c10::ivalue::Future> runHook(c10d::GradBucket& bucket) override {
    auto future = c10::make_intrusive<c10::ivalue::Future>(c10::TensorType::get());
    TORCH_CHECK(callback_.alive(), "the communication hook ended with its thread");
    std::shared_ptr<EngineCallback> finish;
    callback_.run([&](const JsReferences::Strong& function) {
      const Napi::Env env(function.env());
      const Napi::HandleScope scope(env);
      std::vector<napi_value> given{Napi::Number::New(env, static_cast<double>(bucket.getIndex())),
                                    Napi::Boolean::New(env, bucket.isLast())};
      given.push_back(handles_of(env, environment_.tensors, {bucket.getBuffer()}));
      std::vector<size_t> indices;
      for (const at::Tensor& parameter : bucket.getParameters())
        indices.push_back(indices_.at(parameter.unsafeGetTensorImpl()));
      given.push_back(from_sizes(env, indices));
      finish = std::make_shared<EngineCallback>(
          environment_.references.strong(Napi::Function(env, function.value()).Call(given)));
    });
    auto complete = [future, finish = std::move(finish), &environment = environment_] {
      TORCH_CHECK(finish->alive(), "the communication hook ended with its thread");
      finish->run([&](const JsReferences::Strong& function) {
        const Napi::Env env(function.env());
        const Napi::HandleScope scope(env);
        const Napi::Value result = Napi::Function(env, function.value()).Call({});
        future->markCompleted(to_tensors(env, result, environment.tensors).at(0));
      });
    };
    if (*at_once_) {
      complete();
    } else {
      torch::autograd::Engine::get_default_engine().queue_callback(std::move(complete));
    }
    return future;
  }

  at::Tensor parseHookResult(const c10::IValue& result) override { return result.toTensor(); }

 private:
  EngineCallback callback_;
  Environment& environment_;
  std::shared_ptr<bool> at_once_;
  std::unordered_map<const c10::TensorImpl*, size_t> indices_;
};

OwnedReducer& reducer_from(const Napi::Value& value) {
  return from_external<OwnedReducer>(value.Env(), value, kReducerTag, "a reducer");
}

std::vector<size_t> to_sizes(const Napi::Value& list) {
  const std::vector<int64_t> given = to_int_vector(list.Env(), list);
  return {given.begin(), given.end()};
}

std::vector<bool> to_bools(const Napi::Value& list) {
  const Napi::Array array = list.As<Napi::Array>();
  std::vector<bool> bools;
  bools.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) bools.push_back(array.Get(i).ToBoolean());
  return bools;
}

/// bucket_assignment(tensors, limits, whether gradients are sparse) -> [indices of each bucket, limit of each]
Napi::Value bucket_assignment(const Napi::CallbackInfo& info, Environment& environment) {
  const auto [indices, limits] = c10d::compute_bucket_assignment_by_size(
      to_tensors(info.Env(), info[0], environment.tensors), to_sizes(info[1]), to_bools(info[2]));
  Napi::Array buckets = Napi::Array::New(info.Env(), indices.size());
  for (uint32_t i = 0; i < indices.size(); ++i) buckets[i] = from_sizes(info.Env(), indices[i]);
  Napi::Array result = Napi::Array::New(info.Env(), 2);
  result[0u] = buckets;
  result[1u] = from_sizes(info.Env(), limits);
  return result;
}

/// verify_params(group, tensors): an Error unless all ranks have tensors of the same shapes.
Napi::Value verify_params(const Napi::CallbackInfo& info, Environment& environment) {
  c10d::verify_params_across_processes(group_from(info[0]), to_tensors(info.Env(), info[1], environment.tensors), {});
  return info.Env().Undefined();
}

/// broadcast_coalesced(group, tensors, bytes of the buffer, source, keep_versions): with `keep_versions`, autograd does
/// not notice that the tensors change.
Napi::Value broadcast_coalesced(const Napi::CallbackInfo& info, Environment& environment) {
  const std::vector<at::Tensor> tensors = to_tensors(info.Env(), info[1], environment.tensors);
  std::vector<uint32_t> versions;
  const bool keep_versions = info[4].ToBoolean();
  if (keep_versions) {
    for (const at::Tensor& tensor : tensors)
      versions.push_back(torch::autograd::impl::version_counter(tensor).current_version());
  }
  c10d::broadcast_coalesced(group_from(info[0]), tensors, static_cast<size_t>(to_int64(info.Env(), info[2])),
                            static_cast<int>(to_int64(info.Env(), info[3])));
  for (size_t i = 0; i < versions.size(); ++i) {
    // A copy counts for the same tensor.
    c10::VariableVersion counter = torch::autograd::impl::version_counter(tensors[i]);
    counter.set_version(versions[i]);
  }
  return info.Env().Undefined();
}

/// reducer_new(params, buckets, group, sparse, bucket_bytes_cap, find_unused, as_view, names, first_cap, skip_unused,
/// rebuilt_caps, batched_copy)
Napi::Value reducer_new(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const Napi::Array given = info[1].As<Napi::Array>();
  std::vector<std::vector<size_t>> buckets;
  buckets.reserve(given.Length());
  for (uint32_t i = 0; i < given.Length(); ++i) buckets.push_back(to_sizes(given.Get(i)));
  std::unordered_map<size_t, std::string> names;
  for (const std::string& name : to_strings(info[7])) names.emplace(names.size(), name);
#if !TORCH_NODE_SINCE(12)
  TORCH_CHECK_NOT_IMPLEMENTED(!info[11].ToBoolean(),
                              "DistributedDataParallel(): batched_grad_copy needs libtorch 2.12");
#endif
  auto reducer = std::make_shared<c10d::Reducer>(
      to_tensors(env, info[0], environment.tensors), std::move(buckets), group_from(info[2]), to_bools(info[3]),
      to_int64(env, info[4]), info[5].ToBoolean(), info[6].ToBoolean(), std::move(names), to_int64(env, info[8]),
      info[9].ToBoolean(), /*use_python_reducer=*/false, to_int_vector(env, info[10])
#if TORCH_NODE_SINCE(12)
                                                             ,
      info[11].ToBoolean().Value()
#endif
  );
  auto logger = std::make_shared<c10d::Logger>(reducer);
  reducer->set_logger(logger);
  return {env, own_as_external(env, OwnedReducer{std::move(reducer), std::move(logger)}, kReducerTag)};
}

/// reducer_log_construction(reducer, module, devices, output device, broadcast_buffers, sync batch norm, static_graph)
Napi::Value reducer_log_construction(const Napi::CallbackInfo& info, Environment&) {
  const std::vector<int64_t> devices = to_int_vector(info.Env(), info[2]);
  reducer_from(info[0]).logger->set_construction_data_and_log(
      to_string(info.Env(), info[1]), {devices.begin(), devices.end()}, static_cast<int>(to_int64(info.Env(), info[3])),
      info[4].ToBoolean(), info[5].ToBoolean(), info[6].ToBoolean());
  return info.Env().Undefined();
}

/// reducer_logged(reducer) -> what the logger has, by name
Napi::Value reducer_logged(const Napi::CallbackInfo& info, Environment&) {
  const at::DDPLoggingData data = reducer_from(info[0]).logger->get_ddp_logging_data();
  Napi::Object result = Napi::Object::New(info.Env());
  for (const auto& [name, text] : data.strs_map) result.Set(name, Napi::String::New(info.Env(), text));
  for (const auto& [name, number] : data.ints_map)
    result.Set(name, Napi::Value(info.Env(), from_int64(info.Env(), number)));
  return result;
}

/// reducer_prepare_forward(reducer)
Napi::Value reducer_prepare_forward(const Napi::CallbackInfo& info, Environment&) {
  OwnedReducer& owned = reducer_from(info[0]);
  owned.logger->set_runtime_stats_and_log();
  owned.reducer->prepare_for_forward();
  return info.Env().Undefined();
}

/// reducer_rebuild_buckets(reducer) -> whether they were rebuilt
Napi::Value reducer_rebuild_buckets(const Napi::CallbackInfo& info, Environment&) {
  return Napi::Boolean::New(info.Env(), reducer_from(info[0]).reducer->rebuild_buckets());
}

/// reducer_prepare_backward(reducer, outputs)
Napi::Value reducer_prepare_backward(const Napi::CallbackInfo& info, Environment& environment) {
  reducer_from(info[0]).reducer->prepare_for_backward(to_tensors(info.Env(), info[1], environment.tensors));
  return info.Env().Undefined();
}

/// reducer_set_static_graph(reducer)
Napi::Value reducer_set_static_graph(const Napi::CallbackInfo& info, Environment&) {
  OwnedReducer& owned = reducer_from(info[0]);
  owned.reducer->set_static_graph();
  owned.logger->set_static_graph();
  return info.Env().Undefined();
}

/// reducer_delay_all_reduce(reducer): reduces all gradients at the end of the pass that runs now.
Napi::Value reducer_delay_all_reduce(const Napi::CallbackInfo& info, Environment&) {
  torch::autograd::Engine::get_default_engine().queue_callback(
      [reducer = reducer_from(info[0]).reducer, at_once = reducer_from(info[0]).at_once] {
        const Raised raised(at_once);
        reducer->delay_all_reduce();
      });
  return info.Env().Undefined();
}

/// reducer_comm_hook(reducer, hook, name, parameters): see JsCommHook
Napi::Value reducer_comm_hook(const Napi::CallbackInfo& info, Environment& environment) {
  OwnedReducer& owned = reducer_from(info[0]);
  owned.logger->set_comm_hook(to_string(info.Env(), info[2]));
  owned.reducer->register_comm_hook(std::make_unique<JsCommHook>(EngineCallback(environment.references.strong(info[1])),
                                                                 environment, owned.at_once,
                                                                 to_tensors(info.Env(), info[3], environment.tensors)));
  return info.Env().Undefined();
}

/// reducer_set_forward_work(reducer, work, divide_by_initial_world_size): the work tells how many ranks have not
/// joined.
Napi::Value reducer_set_forward_work(const Napi::CallbackInfo& info, Environment&) {
  OwnedReducer& owned = reducer_from(info[0]);
  owned.logger->set_uneven_input_join();
  owned.reducer->set_forward_pass_work_handle(work_from(info[1]), info[2].ToBoolean());
  return info.Env().Undefined();
}

/// reducer_shadow_backward(reducer): the collectives of a backward pass, with
/// zeros for gradients, of a rank that has joined.
Napi::Value reducer_shadow_backward(const Napi::CallbackInfo& info, Environment&) {
  OwnedReducer& owned = reducer_from(info[0]);
  const Raised raised(owned.at_once);
  std::vector<c10::intrusive_ptr<c10::ivalue::Future>> futures;
  for (c10d::GradBucket& bucket : owned.reducer->get_grad_buckets(/*return_zero_tensors=*/true))
    futures.push_back(owned.reducer->run_comm_hook(bucket));
  for (const auto& future : futures) future->waitAndThrow();
  return info.Env().Undefined();
}

/// reducer_local_used_map(reducer) -> handle: which parameters this rank has used
Napi::Value reducer_local_used_map(const Napi::CallbackInfo& info, Environment& environment) {
  return handles_of(info.Env(), environment.tensors, {reducer_from(info[0]).reducer->get_local_used_map_on_device()});
}

/// reducer_push_rebuilt_params(reducer): as if all gradients had come, in the order of the buckets.
Napi::Value reducer_push_rebuilt_params(const Napi::CallbackInfo& info, Environment&) {
  reducer_from(info[0]).reducer->push_rebuilt_params_for_all_indices();
  return info.Env().Undefined();
}

/// reducer_builtin_comm_hook(reducer, number, name)
Napi::Value reducer_builtin_comm_hook(const Napi::CallbackInfo& info, Environment&) {
  OwnedReducer& owned = reducer_from(info[0]);
  owned.logger->set_comm_hook(to_string(info.Env(), info[2]));
  owned.reducer->register_builtin_comm_hook(static_cast<c10d::BuiltinCommHookType>(to_int64(info.Env(), info[1])));
  return info.Env().Undefined();
}

/// reducer_check_finalized(reducer)
Napi::Value reducer_check_finalized(const Napi::CallbackInfo& info, Environment&) {
  reducer_from(info[0]).reducer->check_finalized();
  return info.Env().Undefined();
}

/// reducer_remove_hooks(reducer)
Napi::Value reducer_remove_hooks(const Napi::CallbackInfo& info, Environment&) {
  reducer_from(info[0]).reducer->remove_autograd_hooks();
  return info.Env().Undefined();
}

/// reducer_set_sample_rate(reducer, iterations)
Napi::Value reducer_set_sample_rate(const Napi::CallbackInfo& info, Environment&) {
  reducer_from(info[0]).reducer->set_ddp_runtime_logging_sample_rate(static_cast<int>(to_int64(info.Env(), info[1])));
  return info.Env().Undefined();
}

}  // namespace

void export_reducer(Exports& exports) {
  exports.add<broadcast_coalesced>("broadcast_coalesced");
  exports.add<bucket_assignment>("bucket_assignment");
  exports.add<reducer_builtin_comm_hook>("reducer_builtin_comm_hook");
  exports.add<reducer_check_finalized>("reducer_check_finalized");
  exports.add<reducer_comm_hook>("reducer_comm_hook");
  exports.add<reducer_delay_all_reduce>("reducer_delay_all_reduce");
  exports.add<reducer_local_used_map>("reducer_local_used_map");
  exports.add<reducer_log_construction>("reducer_log_construction");
  exports.add<reducer_logged>("reducer_logged");
  exports.add<reducer_new>("reducer_new");
  exports.add<reducer_prepare_backward>("reducer_prepare_backward");
  exports.add<reducer_prepare_forward>("reducer_prepare_forward");
  exports.add<reducer_push_rebuilt_params>("reducer_push_rebuilt_params");
  exports.add<reducer_rebuild_buckets>("reducer_rebuild_buckets");
  exports.add<reducer_remove_hooks>("reducer_remove_hooks");
  exports.add<reducer_set_forward_work>("reducer_set_forward_work");
  exports.add<reducer_set_sample_rate>("reducer_set_sample_rate");
  exports.add<reducer_set_static_graph>("reducer_set_static_graph");
  exports.add<reducer_shadow_backward>("reducer_shadow_backward");
  exports.add<verify_params>("verify_params");
}

}  // namespace torch_node

#endif
