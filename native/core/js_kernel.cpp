// How the arguments of an operator go to a function of JavaScript, and its results come back.
#include "core/js_kernel.h"

#include <optional>

#include <ATen/ThreadLocalState.h>

#include "core/convert.h"

namespace torch_node {

using torch::jit::Stack;

void JsKernel::call(const c10::OperatorHandle& op, Stack* stack, bool named) const {
  const c10::FunctionSchema& schema = op.schema();
  const size_t count = schema.arguments().size();
  TORCH_CHECK(stack->size() >= count, schema.name(), ": the call is for another schema");
  Stack arguments(std::make_move_iterator(stack->end() - static_cast<ptrdiff_t>(count)),
                  std::make_move_iterator(stack->end()));
  torch::jit::drop(*stack, count);
  Stack results;
  // What is switched on this thread, such as dispatch below autograd, holds for the function on its own one too.
  std::optional<at::ThreadLocalState> state;
  if (!strong->on_own_thread()) state.emplace();
  callback.run([&](const JsReferences::Strong& function) {
    std::optional<at::ThreadLocalStateGuard> as_here;
    if (state) as_here.emplace(*state);
    const Napi::Env env(function.env());
    const Napi::HandleScope scope(env);
    TensorTable& tensors = environment.tensors;
    Napi::Array given = Napi::Array::New(env, count);
    {
      const TensorTable::InFlight in_flight(tensors);
      const c10::impl::ExcludeDispatchKeyGuard past_modes(c10::DispatchKey::Python);
      for (c10::IValue& argument : arguments) {
        // In a mode a number is a number again, as in Python.
        if (named && argument.isTensor() && argument.toTensor().unsafeGetTensorImpl()->is_wrapped_number()) {
          argument = argument.toTensor().item();
        }
      }
      for (uint32_t i = 0; i < count; ++i) given[i] = Napi::Value(env, to_tagged(env, arguments[i], tensors));
    }
    const Napi::Function callee(env, function.value());
    const Napi::Value answer =
        named ? callee.Call({Napi::String::New(env, c10::toString(op.operator_name())), given}) : callee.Call({given});
    const auto& returns = schema.returns();
    for (uint32_t i = 0; i < returns.size(); ++i) {
      const Napi::Value tagged = answer.As<Napi::Array>().Get(i);
      // Of several gradients, backward passes leave out those that are not asked for.
      if (named && returns.size() > 1 && returns[i].alias_info() == nullptr &&
          returns[i].type()->kind() == c10::TypeKind::TensorType && tagged_name(env, tagged) == "NoneType") {
        results.emplace_back(at::Tensor());
        continue;
      }
      try {
        results.push_back(tagged_to_ivalue(env, tagged, returns[i].type(), tensors));
      } catch (const ValueMismatch& error) {
        TORCH_CHECK_TYPE(false, schema.name(), "(): the function must return ", error.expected, ", not ", error.found);
      }
    }
  });
  for (c10::IValue& result : results) stack->push_back(std::move(result));
}

}  // namespace torch_node
