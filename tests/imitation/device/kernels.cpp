// The kernels of the imitation: a few of its own, which leave no trace on the CPU; the others are the CPU's on copies.
#include <sys/mman.h>

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/ExpandUtils.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/native/Resize.h>
#include <ATen/native/TensorFactories.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/resize_native.h>
#include <ATen/ops/set_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include "imitation.h"

namespace imitation {
namespace {

using at::Tensor;

c10::Device device_of(std::optional<c10::Device> device) {
  return device && device->has_index() ? *device : c10::Device(c10::DeviceType::PrivateUse1, current_device());
}

Tensor empty_memory_format(at::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                           std::optional<at::Device> device, std::optional<bool>,
                           std::optional<at::MemoryFormat> format) {
  const c10::DeviceGuard guard(device_of(device));
  return at::detail::empty_generic(size, &device_allocator(), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(dtype), format);
}

Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride, std::optional<at::ScalarType> dtype,
                     std::optional<at::Layout>, std::optional<at::Device> device, std::optional<bool>) {
  const c10::DeviceGuard guard(device_of(device));
  return at::detail::empty_strided_generic(size, stride, &device_allocator(),
                                           c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(dtype));
}

/// The memory of a tensor as one of the CPU, which keeps it alive.
Tensor on_cpu(const Tensor& tensor) {
  return at::from_blob(
      tensor.data_ptr(), tensor.sizes(), tensor.strides(), [storage = tensor.storage()](void*) {},
      at::TensorOptions(tensor.scalar_type()));
}

bool is_here(const Tensor& tensor) { return tensor.device().type() == c10::DeviceType::PrivateUse1; }

/// Before a kernel reads or writes the memory of a tensor.
void wait_for(const Tensor& tensor) {
  if (is_here(tensor)) finish_current_stream(tensor.device().index());
}

Tensor copy_from(const Tensor& from, const Tensor& to, bool non_blocking) {
  if (from.numel() == 0) return to;
  const Tensor source = on_cpu(from);
  const Tensor target = on_cpu(to);
  const auto copy = [source, target] {
    const at::AutoDispatchBelowADInplaceOrView guard;
    Tensor written = target;
    written.copy_(source);
  };
  // As on other devices, memory that is not pinned is read and written at once.
  const auto can_wait = [](const Tensor& tensor) { return is_here(tensor) || is_pinned(tensor.storage().data()); };
  if (non_blocking && can_wait(from) && can_wait(to)) {
    enqueue((is_here(to) ? to : from).device().index(), copy);
    return to;
  }
  wait_for(from);
  wait_for(to);
  copy();
  return to;
}

Tensor copy_from_and_resize(const Tensor& from, const Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

at::Scalar local_scalar_dense(const Tensor& tensor) {
  wait_for(tensor);
  return on_cpu(tensor).item();
}

Tensor& set_storage(Tensor& self, at::Storage source, int64_t offset, at::IntArrayRef size, at::IntArrayRef stride) {
  return at::native::set_storage_cpu_(self, std::move(source), offset, size, stride);
}

Tensor& set_source(Tensor& self, at::Storage source) {
  const auto count = static_cast<int64_t>(source.nbytes() / self.dtype().itemsize());
  return at::native::set_storage_cpu_(self, std::move(source), 0, {count}, {1});
}

Tensor& fill(Tensor& self, const at::Scalar& value) {
  wait_for(self);
  on_cpu(self).fill_(value);
  return self;
}

/// Large tensors are given back to the system, which gives zeros, so that tests can make them cheaply.
Tensor& zero(Tensor& self) {
  wait_for(self);
  constexpr size_t kLarge = size_t{1} << 20;
  const size_t bytes = self.storage().nbytes();
  if (bytes >= kLarge && self.nbytes() == bytes && self.is_contiguous()) {
    madvise(self.storage().mutable_data(), bytes, MADV_DONTNEED);
  } else {
    on_cpu(self).zero_();
  }
  return self;
}

Tensor mul(const Tensor& a, const Tensor& b) {
  wait_for(a);
  wait_for(b);
  const Tensor& here = is_here(a) ? a : b;
  const c10::DeviceGuard guard(here.device());
  const Tensor result = at::empty(at::infer_size(a.sizes(), b.sizes()), here.options().dtype(at::result_type(a, b)));
  Tensor written = on_cpu(result);
  at::mul_out(written, is_here(a) ? on_cpu(a) : a, is_here(b) ? on_cpu(b) : b);
  return result;
}

Tensor sin(const Tensor& x) {
  wait_for(x);
  const c10::DeviceGuard guard(x.device());
  const Tensor result = at::empty(x.sizes(), x.options());
  Tensor written = on_cpu(result);
  at::sin_out(written, on_cpu(x));
  return result;
}

Tensor cos(const Tensor& x) {
  wait_for(x);
  const c10::DeviceGuard guard(x.device());
  const Tensor result = at::empty(x.sizes(), x.options());
  Tensor written = on_cpu(result);
  at::cos_out(written, on_cpu(x));
  return result;
}

bool takes_generator(const c10::Argument& argument) {
  return argument.type()->str().find("Generator") != std::string::npos;
}

/// The first device among the arguments on the stack.
c10::Device device_among(const torch::jit::Stack& stack, size_t first) {
  for (size_t i = first; i < stack.size(); ++i) {
    if (stack[i].isTensor() && stack[i].toTensor().defined() && is_here(stack[i].toTensor())) {
      return stack[i].toTensor().device();
    }
    if (stack[i].isDevice()) return device_of(stack[i].toDevice());
  }
  return device_of(std::nullopt);
}

/// The CPU's kernel on copies. What draws numbers draws them from the generator of the device.
void on_copies(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  const auto& arguments = op.schema().arguments();
  const size_t first = stack->size() - arguments.size();
  const c10::Device device = device_among(*stack, first);
  const c10::DeviceGuard guard(device);
  at::Generator locked;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!takes_generator(arguments[i])) continue;
    c10::IValue& given = (*stack)[first + i];
    locked = given.isNone() ? default_generator(device.index()) : given.toGenerator();
    given = drawing_generator(locked);
  }
  std::unique_lock<std::mutex> lock;
  if (locked.defined()) lock = std::unique_lock<std::mutex>(locked.mutex());
  at::native::cpu_fallback(op, stack);
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&on_copies>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", empty_memory_format);
  library.impl("empty_strided", empty_strided);
  library.impl("_copy_from", copy_from);
  library.impl("_copy_from_and_resize", copy_from_and_resize);
  library.impl("_local_scalar_dense", local_scalar_dense);
  library.impl("as_strided", at::native::as_strided_tensorimpl);
  library.impl("view", at::native::view);
  library.impl("_reshape_alias", at::native::_reshape_alias);
  library.impl("unfold", at::native::unfold);
  library.impl("resize_", at::native::resize_);
  library.impl("set_.source_Storage_storage_offset", set_storage);
  library.impl("set_.source_Storage", set_source);
  library.impl("set_.source_Tensor", at::native::set_tensor_);
  library.impl("fill_.Scalar", fill);
  library.impl("zero_", zero);
  library.impl("mul.Tensor", mul);
  library.impl("sin", sin);
  library.impl("cos", cos);
}

TORCH_LIBRARY_FRAGMENT(imitation, library) {
  library.def("add_then_run_out_of_memory(Tensor(a!) x) -> ()", [](const Tensor& x) {
    Tensor written = x;
    written.add_(1);
    TORCH_CHECK_WITH(OutOfMemoryError, false, "imitation out of memory. Tried to allocate 1.00 MiB.");
  });
}

}  // namespace
}  // namespace imitation
