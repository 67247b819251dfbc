// Operator lookup, overload choice and the call itself. Knows no operator by name: everything comes
// from the schemas in libtorch's dispatcher. A packet is a name with its overloads in the order in
// which Python's argument parser tries them; a plan is one overload with the conversion of each
// argument fixed, and is cached by lib/_C/dispatch.ts for each combination of argument kinds.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <napi.h>

#include "core/convert.h"
#include "core/scratch.h"
#include "core/unboxed.h"
#include "memory/tensor_table.h"

namespace torch_node {

struct Plan {
  struct Step {
    Conversion conversion = Conversion::kNone;
    int32_t source = -1;      ///< index of the JavaScript argument, or -1 for the default
    int32_t variadic = 0;     ///< how many JavaScript arguments make this int list (x.view(2, 3))
    int32_t list_length = 0;  ///< of int[2] and the like
    int32_t outputs = 0;      ///< index + 1 into the array given as `out`, for several outputs
    Kind kind = Kind::kNone;  ///< of the JavaScript argument
    c10::IValue default_value;
  };
  Plan(c10::OperatorHandle handle, std::string display) : op(std::move(handle)), name(std::move(display)) {}

  c10::OperatorHandle op;
  std::string name;
  std::vector<Step> steps;
  size_t given = 0;              ///< how many JavaScript arguments it is for
  std::string returns;           ///< one letter a result: T tensor, L tensor list, V value
  int32_t same_as = -1;          ///< the result is this JavaScript argument (in-place and out= forms)
  int32_t requires_grad = -1;    ///< the JavaScript argument `requires_grad` of a factory
  std::vector<size_t> reshaped;  ///< the tensors of the schema whose geometry the operator may change
  bool creates = false;          ///< makes a tensor from nothing, for which there is nothing to differentiate
  bool repeatable = false;       ///< writes into none of its arguments, but for those that it writes whole (out=)
  bool in_memory = false;        ///< whether the arguments can come in the argument memory
  bool writes_last = false;      ///< changes its first argument in place, when it has all memory that it needs
  std::vector<Kind> kinds;       ///< of the JavaScript arguments, where a list is among those in memory
  std::unique_ptr<UnboxedCall> unboxed;
};

class Operators {
 public:
  Operators(TensorTable& tensors, Scratch& scratch, const ArgumentMemory& arguments)
      : tensors_(tensors), scratch_(scratch), arguments_(arguments) {}

  /// `method`: the first argument is `this`, which error texts do not count.
  int32_t packet(std::string display, const std::vector<std::string>& names, bool numbers_as_tensors,
                 bool method = false);
  /// Every overload of `namespace::name`, in registration order; -1 when there is none.
  int32_t packet_of_all(const std::string& qualified);
  std::vector<std::string> overloads_of(const std::string& qualified);
  /// Lets overloads_of look again, after a library has been opened.
  void forget_names() { names_.clear(); }
  /// `shown` says for each argument what error texts call it.
  int32_t resolve(int32_t packet, const std::vector<Kind>& kinds, const std::vector<std::string>& names,
                  const std::vector<std::string>& shown);
  const Plan& plan(int32_t index) const { return *plans_[index]; }
  /// Several tensors are left in the scratch memory, where they fit: then the result is how many they are.
  napi_value call(napi_env env, int32_t plan, const napi_value* arguments, size_t count);
  /// The same with arguments in the argument memory, from `base` on, one after the other: a number is itself, a tensor
  /// its handle, a text its number in `texts`, a list its length and its elements.
  napi_value call_in_memory(napi_env env, int32_t plan, size_t base);
  /// The number of a text that stands for it in the argument memory.
  int32_t intern(std::string text);

 private:
  struct Packet {
    std::string display;
    std::vector<c10::OperatorHandle> overloads;
    bool numbers_as_tensors = false;
    bool method = false;
    bool numpy_names = true;  ///< takes `axis` for `dim` and the like, as Python's functions do and torch.ops does not
  };
  struct Given {
    const std::vector<Kind>& kinds;
    const std::vector<std::string>& names;  // of the trailing arguments, which are given by name
    const std::vector<std::string>& shown;  // what error texts call each argument
    size_t positional() const { return kinds.size() - names.size(); }
  };

  std::unique_ptr<Plan> match(const Packet& packet, const c10::OperatorHandle& op, const Given& given,
                              Matching matching, std::string* why) const;
  [[noreturn]] void throw_no_match(const Packet& packet, const Given& given, const std::string& why) const;

  void fill(napi_env env, const Plan& plan, const napi_value* arguments, torch::jit::Stack& stack) const;
  void fill(const Plan& plan, const Slots& slots, torch::jit::Stack& stack) const;
  napi_value run(napi_env env, const Plan& plan, torch::jit::Stack stack, bool requires_grad);
  /// The same; where a device has no memory left, it makes room and runs once more with what `fill` puts on the stack.
  template <typename Fill>
  napi_value run_with_room(napi_env env, const Plan& plan, bool requires_grad, const Slots* unboxed, Fill fill);
  napi_value run_unboxed(napi_env env, const Plan& plan, const Slots& slots, bool requires_grad);
  napi_value wrap_result(napi_env env, const Plan& plan, at::Tensor result, bool requires_grad);
  c10::IValue from_memory(const double* slots, const Plan::Step& step) const;

  TensorTable& tensors_;
  Scratch& scratch_;
  const ArgumentMemory& arguments_;
  std::deque<std::string> texts_;  // which calls look at: those that there are stay where they are
  /// Leaves tensors in the scratch memory; false when it is too small, or one is not a tensor.
  bool leave(const c10::IValue* values, size_t count);
  /// How many tensors there are in the scratch memory then, or an array of them when it is too small.
  napi_value leave(napi_env env, UnboxedCall::Several tensors);

  std::vector<Packet> packets_;
  std::vector<std::unique_ptr<Plan>> plans_;
  torch::jit::Stack spare_stack_;
  std::map<std::string, std::vector<std::string>> names_;  // overloads by operator
};

}  // namespace torch_node
