// Each worker_thread has a default CPU generator of its own, as each process has in Python.
//
// libtorch has one default generator for the process, and operators that get none take it deep within their kernels. So
// the generator is inserted before that: a thread with a generator of its own includes a dispatch key, and for
// operators whose schema has a generator a kernel under this key fills it in and goes on. What has no generator itself
// (dropout, attention, a script) calls operators that have one, through the dispatcher, and these calls are seen too.
// All other operators skip the key, which costs them nothing. The key is the one that libtorch keeps for modes that are
// defined outside of it.
#include "core/thread_generator.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <c10/util/ThreadLocalDebugInfo.h>

namespace torch_node {
namespace {

constexpr c10::DispatchKey kKey = c10::DispatchKey::TESTING_ONLY_GenericMode;

/// Kept where at::ThreadLocalState finds it: calls in the background draw from the generator of the thread that asked
/// for them.
struct ThreadGenerator : c10::DebugInfoBase {
  explicit ThreadGenerator(at::Generator own) : generator(std::move(own)) {}
  const at::Generator generator;
};

const ThreadGenerator* thread_generator() {
  return static_cast<const ThreadGenerator*>(c10::ThreadLocalDebugInfo::get(c10::DebugInfoKind::TEST_INFO_2));
}

bool is_generator(const c10::Argument& argument) {
  const auto optional = argument.real_type()->cast<c10::OptionalType>();
  return optional && optional->getElementType()->kind() == c10::TypeKind::GeneratorType;
}

/// Where the operator draws: the device of its first tensor, else the one that it was given.
bool draws_on_cpu(const c10::FunctionSchema& schema, c10::ArrayRef<c10::IValue> arguments) {
  for (const c10::IValue& value : arguments) {
    if (value.isTensor() && value.toTensor().defined()) return value.toTensor().device().is_cpu();
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (schema.arguments()[i].name() == "device" && !arguments[i].isNone()) return arguments[i].toDevice().is_cpu();
  }
  return true;
}

void insert_generator(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  const c10::FunctionSchema& schema = op.schema();
  const size_t count = schema.arguments().size();
  const size_t first = stack->size() - count;
  if (const ThreadGenerator* own = thread_generator();
      own != nullptr && draws_on_cpu(schema, c10::ArrayRef<c10::IValue>(stack->data() + first, count))) {
    for (size_t i = 0; i < count; ++i) {
      if (!is_generator(schema.arguments()[i])) continue;
      c10::IValue& given = (*stack)[first + i];
      if (given.isNone() || !given.toGenerator().defined()) given = own->generator;
    }
  }
  op.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey), stack);
}

}  // namespace

void prepare_thread_generators() {
  static std::once_flag once;
  std::call_once(once, [] {
    c10::Dispatcher& dispatcher = c10::Dispatcher::singleton();
    // A second copy of the package in this process finds the kernels registered.
    if (dispatcher.hasBackendFallbackForDispatchKey(kKey)) return;
    // Registrations end with these handles, which therefore live as long as the process.
    static auto* handles = new std::vector<c10::RegistrationHandleRAII>();
    handles->push_back(dispatcher.registerFallback(kKey, c10::KernelFunction::makeFallthrough(), "torch-node"));
    for (const c10::OperatorName& name : dispatcher.getAllOpNames()) {
      const auto op = dispatcher.findSchema(name);
      if (!op) continue;
      const auto& arguments = op->schema().arguments();
      if (std::none_of(arguments.begin(), arguments.end(), is_generator)) continue;
      handles->push_back(dispatcher.registerImpl(name, kKey,
                                                 c10::KernelFunction::makeFromBoxedFunction<&insert_generator>(),
                                                 std::nullopt, nullptr, "torch-node"));
    }
  });
}

void own_thread_generator() {
  if (thread_generator() != nullptr) return;
  auto own =
      std::make_shared<ThreadGenerator>(at::detail::createCPUGenerator(c10::detail::getNonDeterministicRandom()));
  c10::ThreadLocalDebugInfo::_push(c10::DebugInfoKind::TEST_INFO_2, std::move(own));
  c10::impl::tls_set_dispatch_key_included(kKey, true);
}

const at::Generator& default_cpu_generator() {
  const ThreadGenerator* own = thread_generator();
  return own == nullptr ? at::detail::getDefaultCPUGenerator() : own->generator;
}

}  // namespace torch_node
