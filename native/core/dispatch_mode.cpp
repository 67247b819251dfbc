// Modes that see each operator on its way to its kernel, below autograd: libtorch's stack of dispatch modes. It hands
// an operator to the "interpreter" that pushed the mode on top, which is Python in Python; here it is this addon.
#include <algorithm>
#include <atomic>

#include <c10/core/SafePyObject.h>
#include <c10/core/impl/TorchDispatchModeTLS.h>

#include "core/environment.h"
#include "core/js_kernel.h"

namespace torch_node {
namespace {

using c10::OperatorHandle;
using c10::impl::PyInterpreter;
using c10::impl::PyObject_TorchDispatchMode;
using c10::impl::TorchDispatchModeTLS;
using torch::jit::Stack;

/// What libtorch takes for an object of the interpreter.
struct Mode {
  explicit Mode(Environment& environment, const Napi::Value& handler) : kernel(environment, handler) {}

  std::atomic<size_t> references = 1;
  JsKernel kernel;
};

Mode* mode_behind(PyObject* object) { return reinterpret_cast<Mode*>(object); }

PyInterpreter& interpreter();

/// Takes the mode on top off the stack, so that what the handler calls goes to the next one, and puts it back.
class TopOffStack {
 public:
  TopOffStack() : mode(TorchDispatchModeTLS::pop_stack()) {}
  ~TopOffStack() { TorchDispatchModeTLS::push_non_infra_mode_onto_stack(mode); }
  TopOffStack(const TopOffStack&) = delete;
  TopOffStack& operator=(const TopOffStack&) = delete;

  const std::shared_ptr<PyObject_TorchDispatchMode> mode;
};

/// Only modes come this way: no tensor here is an object of the interpreter. The methods are those of all minor
/// versions, so none says `override`.
struct Interpreter final : c10::impl::PyInterpreterVTable {
  std::string name() const { return "torch-node"; }
  void incref(PyObject* object) const { ++mode_behind(object)->references; }
  void decref(PyObject* object) const {
    Mode* mode = mode_behind(object);
    if (--mode->references == 0) delete mode;
  }
  bool try_incref(const c10::impl::PyObjectSlot&) const { return false; }
  size_t refcnt(PyObject* object) const { return mode_behind(object)->references; }

  void dispatch(const OperatorHandle& op, Stack* stack) const {
    const TopOffStack top;
    if (takes_opaque(op)) return op.callBoxed(stack);
    const Mode* mode = mode_behind(top.mode->ptr(&interpreter()));
    TORCH_CHECK(mode->kernel.alive(), op.schema().name(), ": the thread of the mode has ended");
    mode->kernel.call(op, stack, /*named=*/true);
  }

  /// What autograd saves is detached past the dispatcher; modes see it as the operator, as in Python.
  c10::intrusive_ptr<c10::TensorImpl> detach(const c10::TensorImpl* self) const {
    static const OperatorHandle op = c10::Dispatcher::singleton().findSchemaOrThrow("aten::detach", "");
    Stack stack;
    stack.emplace_back(
        at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(
            const_cast<c10::TensorImpl*>(self))));
    dispatch(op, &stack);
    return stack.back().toTensor().unsafeReleaseIntrusivePtr();
  }
  void reportErrorCallback(PyObject*, c10::DispatchKey) const { refuse(); }
  void python_op_registration_trampoline(const OperatorHandle&, c10::DispatchKey, c10::DispatchKeySet, Stack*, bool,
                                         bool) const {
    refuse();
  }
  void throw_abstract_impl_not_imported_error(std::string, const char*, const char*) const { refuse(); }
  void python_dispatcher(const OperatorHandle&, c10::DispatchKeySet, Stack*) const { refuse(); }
  bool is_contiguous(const c10::TensorImpl*, at::MemoryFormat) const { refuse(); }
  c10::SymBool sym_is_contiguous(const c10::TensorImpl*, at::MemoryFormat) const { refuse(); }
  bool is_strides_like(const c10::TensorImpl*, at::MemoryFormat) const { refuse(); }
  bool is_non_overlapping_and_dense(const c10::TensorImpl*) const { refuse(); }
  c10::Device device(const c10::TensorImpl*) const { refuse(); }
  int64_t dim(const c10::TensorImpl*) const { refuse(); }
  c10::IntArrayRef strides(const c10::TensorImpl*) const { refuse(); }
  c10::IntArrayRef sizes(const c10::TensorImpl*) const { refuse(); }
  c10::SymIntArrayRef sym_sizes(const c10::TensorImpl*) const { refuse(); }
  c10::Layout layout(const c10::TensorImpl*) const { refuse(); }
  int64_t numel(const c10::TensorImpl*) const { refuse(); }
  c10::SymInt sym_numel(const c10::TensorImpl*) const { refuse(); }
  c10::SymIntArrayRef sym_strides(const c10::TensorImpl*) const { refuse(); }
  c10::SymInt sym_storage_offset(const c10::TensorImpl*) const { refuse(); }
  void trace_gpu_event_creation(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_event_deletion(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_event_record(c10::DeviceType, uintptr_t, uintptr_t) const {}
  void trace_gpu_event_wait(c10::DeviceType, uintptr_t, uintptr_t) const {}
  void trace_gpu_memory_allocation(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_memory_deallocation(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_stream_creation(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_device_synchronization(c10::DeviceType) const {}
  void trace_gpu_stream_synchronization(c10::DeviceType, uintptr_t) const {}
  void trace_gpu_event_synchronization(c10::DeviceType, uintptr_t) const {}
  void reset_backward_hooks(const c10::TensorImpl*) const {}

 private:
  /// Whether an argument is of a kind that operators do not take from JavaScript, such as the storage of set_.
  static bool takes_opaque(const OperatorHandle& op) {
    const auto& arguments = op.schema().arguments();
    return std::any_of(arguments.begin(), arguments.end(), [](const c10::Argument& argument) {
      const c10::TypeKind kind = argument.real_type()->kind();
      return kind == c10::TypeKind::StorageType || kind == c10::TypeKind::StreamObjType;
    });
  }

  [[noreturn]] static void refuse() { TORCH_CHECK(false, "tensors of torch-node are not objects of an interpreter"); }
};

/// Never destroyed: snapshots of libtorch's may hold modes until the process ends.
PyInterpreter& interpreter() {
  static const auto& table = *new Interpreter;
  static auto& made = *new PyInterpreter(&table);
  return made;
}

/// dispatch_mode_push(handler): operators of this thread go to the handler, which gets the name and the arguments
Napi::Value dispatch_mode_push(const Napi::CallbackInfo& info, Environment& environment) {
  auto* object = reinterpret_cast<PyObject*>(new Mode(environment, info[0]));
  TorchDispatchModeTLS::push_non_infra_mode_onto_stack(
      std::make_shared<PyObject_TorchDispatchMode>(object, &interpreter()));
  return info.Env().Undefined();
}

/// dispatch_mode_pop(): takes off the mode on top
Napi::Value dispatch_mode_pop(const Napi::CallbackInfo& info, Environment&) {
  TORCH_CHECK(TorchDispatchModeTLS::stack_len() > 0, "there is no dispatch mode to leave");
  TorchDispatchModeTLS::pop_stack();
  return info.Env().Undefined();
}

/// detach_beside(handle) -> a tensor without a history that counts its changes with the given one, also below autograd
Napi::Value detach_beside(const Napi::CallbackInfo& info, Environment& environment) {
  const at::Tensor& tensor = tensor_at(info, 0, environment);
  constexpr auto kKey = c10::DispatchKey::ADInplaceOrView;
  const bool excluded = c10::impl::tls_is_dispatch_key_excluded(kKey);
  c10::impl::tls_set_dispatch_key_excluded(kKey, false);
  at::Tensor detached;
  try {
    detached = tensor.detach();
  } catch (...) {
    c10::impl::tls_set_dispatch_key_excluded(kKey, excluded);
    throw;
  }
  c10::impl::tls_set_dispatch_key_excluded(kKey, excluded);
  return wrapped(info.Env(), environment, std::move(detached));
}

/// tensor_identity(handle) -> a number that tensors of JavaScript share which are one tensor of libtorch
Napi::Value tensor_identity(const Napi::CallbackInfo& info, Environment& environment) {
  const auto address = reinterpret_cast<uintptr_t>(tensor_at(info, 0, environment).unsafeGetTensorImpl());
  return Napi::Number::New(info.Env(), static_cast<double>(address));
}

}  // namespace

void export_dispatch_mode(Exports& exports) {
  exports.add<dispatch_mode_push>("dispatch_mode_push");
  exports.add<dispatch_mode_pop>("dispatch_mode_pop");
  exports.add<detach_beside>("detach_beside");
  exports.add<tensor_identity>("tensor_identity");
}

}  // namespace torch_node
