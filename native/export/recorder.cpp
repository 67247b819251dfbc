// Recording which operators a function calls: the outermost calls, as they leave for libtorch's dispatcher, which is
// the level of the programs of torch.export before decompositions.
#include "export/recorder.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <ATen/record_function.h>
#include <c10/core/DispatchKeySet.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include "core/convert.h"
#include "core/environment.h"
#include "jit/trace.h"

namespace torch_node {
namespace {

struct RecordedCall {
  std::string name;  ///< `aten::add.Tensor`
  std::vector<c10::IValue> inputs;
  std::vector<c10::IValue> outputs;
  bool grad_mode = false;
};

/// Where a tensor comes from that no recorded call has made; lib/export/record.ts has the same numbers.
enum class Origin { kUnknown = 0, kBefore = 1, kData = 2 };

/// A tensor that no recorded call has made, as it was when the first call took it.
struct Constant {
  uint32_t number = 0;
  Origin origin = Origin::kUnknown;
  at::Tensor value;
  uint32_t version = 0;
};

struct Recording {
  std::shared_ptr<JsReferences::Strong> capture;  ///< keeps where in the program this moment is
  std::vector<at::Tensor> before;                 ///< what JavaScript had when it began
  std::unordered_map<const c10::TensorImpl*, Origin> origins;
  std::vector<at::Tensor> from_data;  ///< kept, so that none has the address of another
  std::vector<Constant> constants;
  std::vector<RecordedCall> calls;
  std::vector<at::Tensor> tensors;  ///< kept, so that none has the address of another
  std::unordered_map<const c10::TensorImpl*, uint32_t> numbers;
  int depth = 0;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;

  bool knows(const at::Tensor& tensor) const { return numbers.count(tensor.unsafeGetTensorImpl()) > 0; }

  uint32_t number_of(const at::Tensor& tensor) {
    const auto [at, is_new] = numbers.emplace(tensor.unsafeGetTensorImpl(), tensors.size());
    if (is_new) tensors.push_back(tensor);
    return at->second;
  }
};

std::unique_ptr<Recording>& recording_here() {
  thread_local std::unique_ptr<Recording> recording;
  return recording;
}

void capture(const Recording& recording, const std::string& name) {
  const Napi::Env env(recording.capture->env());
  const Napi::HandleScope scope(env);
  Napi::Function(env, recording.capture->value()).Call({Napi::String::New(env, name)});
}

template <typename F>
void for_each_tensor(const c10::IValue& value, const F& visit) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) visit(value.toTensor());
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) for_each_tensor(element, visit);
  }
}

/// Keeps the values of an argument that no recorded call has made: later calls may change them in place.
void note_argument(Recording& recording, const at::Tensor& tensor) {
  if (recording.knows(tensor) || tensor.unsafeGetTensorImpl()->is_wrapped_number()) return;
  Constant constant;
  constant.number = recording.number_of(tensor);
  const auto origin = recording.origins.find(tensor.unsafeGetTensorImpl());
  if (origin != recording.origins.end()) {
    constant.origin = origin->second;
    ++recording.depth;
    const at::NoGradGuard no_grad;
    try {
      constant.value = tensor.detach().clone();
    } catch (...) {
      --recording.depth;
      throw;
    }
    --recording.depth;
    constant.version = tensor.is_inference() ? 0 : tensor._version();
  }
  recording.constants.push_back(std::move(constant));
}

bool autocast_is_on() {
  return !c10::impl::tls_local_dispatch_key_set().excluded_.has_all(c10::autocast_dispatch_keyset);
}

struct InCall final : at::ObserverContext {
  bool outermost = false;
  size_t index = 0;
};

std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction& fn) {
  Recording* recording = recording_here().get();
  if (recording == nullptr) return nullptr;
  auto context = std::make_unique<InCall>();
  const auto name = fn.operator_name();
  if (recording->depth == 0 && name) {
    context->outermost = true;
    context->index = recording->calls.size();
    RecordedCall call;
    call.name = c10::toString(*name);
    call.grad_mode = c10::GradMode::is_enabled();
    const auto inputs = fn.inputs();
    call.inputs.assign(inputs.begin(), inputs.end());
    if (autocast_is_on()) capture(*recording, "autocast");
    capture(*recording, call.name);
    for (const c10::IValue& input : call.inputs) {
      for_each_tensor(input, [&](const at::Tensor& tensor) { note_argument(*recording, tensor); });
    }
    recording->calls.push_back(std::move(call));
  }
  ++recording->depth;
  return context;
}

void end_call(const at::RecordFunction& fn, at::ObserverContext* context) {
  Recording* recording = recording_here().get();
  const auto* call = static_cast<InCall*>(context);
  if (recording == nullptr || call == nullptr) return;
  if (recording->depth > 0) --recording->depth;
  if (!call->outermost || call->index >= recording->calls.size()) return;
  const auto outputs = fn.outputs();
  recording->calls[call->index].outputs.assign(outputs.begin(), outputs.end());
  for (const c10::IValue& output : outputs) {
    for_each_tensor(output, [&](const at::Tensor& tensor) { recording->number_of(tensor); });
  }
}

/// Tensors go to JavaScript by their number in the recording; numbers that were made tensors are numbers again.
Napi::Value to_recorded(Napi::Env env, Environment& environment, Recording& recording, const c10::IValue& value) {
  const auto tagged = [&](Kind kind, const Napi::Value& payload) {
    Napi::Array pair = Napi::Array::New(env, 2);
    pair.Set(0u, static_cast<double>(kind));
    pair.Set(1u, payload);
    return pair;
  };
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined()) return tagged(Kind::kNone, env.Null());
    if (tensor.unsafeGetTensorImpl()->is_wrapped_number()) {
      return {env, to_tagged(env, tensor.item(), environment.tensors)};
    }
    return tagged(Kind::kTensor, Napi::Number::New(env, recording.number_of(tensor)));
  }
  if (value.isList()) {
    const auto list = value.toListRef();
    Napi::Array elements = Napi::Array::New(env, list.size());
    for (uint32_t i = 0; i < list.size(); ++i) elements.Set(i, to_recorded(env, environment, recording, list[i]));
    return tagged(Kind::kList, elements);
  }
  return {env, to_tagged(env, value, environment.tensors)};
}

Napi::Array to_recorded(Napi::Env env, Environment& environment, Recording& recording,
                        const std::vector<c10::IValue>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); ++i) array.Set(i, to_recorded(env, environment, recording, values[i]));
  return array;
}

/// All tensors that JavaScript has, or had until now.
std::vector<at::Tensor> live_tensors(const TensorTable& table) {
  std::vector<at::Tensor> live;
  for (Handle handle = 0; handle < table.end(); ++handle) {
    if (!table.is_disposed(handle)) live.push_back(table.get(handle));
  }
  return live;
}

/// record_begin(capture, tensors): records the outermost calls of this thread. `capture` is called with the name at the
/// begin of each; the tensors get the first numbers.
Napi::Value record_begin(const Napi::CallbackInfo& info, Environment& environment) {
  TORCH_CHECK(!recording_here(), "export(): another export is under way in this thread");
  auto recording = std::make_unique<Recording>();
  recording->capture = environment.references.strong(info[0]);
  for (const at::Tensor& tensor : to_variables(info.Env(), info[1], environment.tensors)) recording->number_of(tensor);
  recording->before = live_tensors(environment.tensors);
  for (const at::Tensor& tensor : recording->before) {
    recording->origins.emplace(tensor.unsafeGetTensorImpl(), Origin::kBefore);
  }
  recording->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                                       .needsInputs(true)
                                                       .needsOutputs(true)
                                                       .scopes({at::RecordScope::FUNCTION}));
  recording_here() = std::move(recording);
  return info.Env().Undefined();
}

/// record_end(tensors) -> [calls: [name, inputs, outputs, grad mode], all tensors, the numbers of the given ones,
/// constants: [number, origin, whether it has been changed since, its values; a number if the origin is not known]]
Napi::Value record_end(const Napi::CallbackInfo& info, Environment& environment) {
  const Napi::Env env = info.Env();
  const std::unique_ptr<Recording> recording = std::move(recording_here());
  if (!recording) return env.Undefined();
  at::removeCallback(recording->callback);
  Napi::Array calls = Napi::Array::New(env, recording->calls.size());
  for (uint32_t i = 0; i < recording->calls.size(); ++i) {
    const Napi::HandleScope scope(env);
    const RecordedCall& its = recording->calls[i];
    Napi::Array call = Napi::Array::New(env, 4);
    call.Set(0u, its.name);
    call.Set(1u, to_recorded(env, environment, *recording, its.inputs));
    call.Set(2u, to_recorded(env, environment, *recording, its.outputs));
    call.Set(3u, its.grad_mode);
    calls.Set(i, call);
  }
  Napi::Array numbers = Napi::Array::New(env);
  uint32_t count = 0;
  for (const at::Tensor& tensor : to_variables(env, info[0], environment.tensors)) {
    note_argument(*recording, tensor);
    numbers.Set(count++, recording->number_of(tensor));
  }
  Napi::Array constants = Napi::Array::New(env, recording->constants.size());
  for (uint32_t i = 0; i < recording->constants.size(); ++i) {
    const Constant& its = recording->constants[i];
    const at::Tensor& tensor = recording->tensors[its.number];
    const bool changed = its.value.defined() && !tensor.is_inference() && tensor._version() != its.version;
    Napi::Array constant = Napi::Array::New(env, 4);
    constant.Set(0u, its.number);
    constant.Set(1u, static_cast<double>(its.origin));
    constant.Set(2u, changed);
    constant.Set(3u, its.value.defined() ? Napi::Value(wrapped(env, environment, its.value)) : env.Null());
    constants.Set(i, constant);
  }
  Napi::Array result = Napi::Array::New(env, 4);
  result.Set(0u, calls);
  result.Set(1u, handles_of(env, environment.tensors, recording->tensors));
  result.Set(2u, numbers);
  result.Set(3u, constants);
  return result;
}

}  // namespace

RecordingPaused::RecordingPaused() {
  if (c10::impl::tls_is_dispatch_key_included(c10::DispatchKey::Functionalize)) {
    plain_.emplace(c10::DispatchKeySet(
        {c10::DispatchKey::Functionalize, c10::DispatchKey::Python, c10::DispatchKey::PythonTLSSnapshot}));
  }
  if (recording_here()) ++recording_here()->depth;
  if (torch::jit::tracer::isTracing()) resume_tracing_ = torch::jit::tracer::pauseTracing();
}

RecordingPaused::~RecordingPaused() {
  if (recording_here() && recording_here()->depth > 0) --recording_here()->depth;
  if (resume_tracing_) resume_tracing_();
}

void note_made_from_data(const at::Tensor& tensor) {
  const auto& recording = recording_here();
  if (!recording) return;
  recording->origins[tensor.unsafeGetTensorImpl()] = Origin::kData;
  recording->from_data.push_back(tensor);
}

void note_call(const char* name, const at::Tensor& input, const at::Tensor& output) {
  Recording* recording = recording_here().get();
  if (recording == nullptr || recording->depth > 0) return;
  capture(*recording, name);
  note_argument(*recording, input);
  recording->number_of(output);
  recording->calls.push_back({name, {input}, {output}, c10::GradMode::is_enabled()});
}

void note_data_replaced() {
  const auto& recording = recording_here();
  if (recording && recording->depth == 0) capture(*recording, "set_data");
}

void note_values_read(const at::Tensor& tensor) {
  warn_of_values(tensor);
  const auto& recording = recording_here();
  if (recording && recording->depth == 0 && tensor.defined()) capture(*recording, "read");
}

void export_recorder(Exports& exports) {
  exports.add<record_begin>("record_begin");
  exports.add<record_end>("record_end");
  export_functionalization(exports);
}

}  // namespace torch_node
