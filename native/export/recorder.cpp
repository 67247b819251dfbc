// Recording which operators a function calls: the outermost calls, as they leave for libtorch's dispatcher, which is
// the level of the programs of torch.export before decompositions.
#include "export/recorder.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/record_function.h>

#include "core/convert.h"
#include "core/environment.h"

namespace torch_node {
namespace {

struct RecordedCall {
  std::string name;  ///< `aten::add.Tensor`
  std::vector<c10::IValue> inputs;
  std::vector<c10::IValue> outputs;
  bool grad_mode = false;
};

struct Recording {
  std::shared_ptr<JsReferences::Strong> capture;  ///< keeps where in the program this moment is
  std::vector<RecordedCall> calls;
  std::vector<at::Tensor> tensors;  ///< kept, so that none has the address of another
  std::unordered_map<const c10::TensorImpl*, uint32_t> numbers;
  int depth = 0;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;

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
    capture(*recording, call.name);
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

/// record_begin(capture, tensors): records the outermost calls of this thread. `capture` is called with the name at the
/// begin of each; the tensors get the first numbers.
Napi::Value record_begin(const Napi::CallbackInfo& info, Environment& environment) {
  TORCH_CHECK(!recording_here(), "export(): another export is under way in this thread");
  auto recording = std::make_unique<Recording>();
  recording->capture = environment.references.strong(info[0]);
  for (const at::Tensor& tensor : to_variables(info.Env(), info[1], environment.tensors)) recording->number_of(tensor);
  recording->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                                       .needsInputs(true)
                                                       .needsOutputs(true)
                                                       .scopes({at::RecordScope::FUNCTION}));
  recording_here() = std::move(recording);
  return info.Env().Undefined();
}

/// record_end(tensors) -> [calls: [name, inputs, outputs, grad mode], all tensors, the numbers of the given ones]
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
    numbers.Set(count++, recording->number_of(tensor));
  }
  Napi::Array result = Napi::Array::New(env, 3);
  result.Set(0u, calls);
  result.Set(1u, handles_of(env, environment.tensors, recording->tensors));
  result.Set(2u, numbers);
  return result;
}

}  // namespace

RecordingPaused::RecordingPaused() {
  if (recording_here()) ++recording_here()->depth;
}

RecordingPaused::~RecordingPaused() {
  if (recording_here() && recording_here()->depth > 0) --recording_here()->depth;
}

void note_values_read(const at::Tensor& tensor) {
  const auto& recording = recording_here();
  if (recording && recording->depth == 0 && tensor.defined()) capture(*recording, "read");
}

void export_recorder(Exports& exports) {
  exports.add<record_begin>("record_begin");
  exports.add<record_end>("record_end");
}

}  // namespace torch_node
