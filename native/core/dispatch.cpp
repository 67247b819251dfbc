// Operator lookup, overload choice and calls (see dispatch.h).
#include "core/dispatch.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string_view>
#include <unordered_set>

#include <ATen/ATen.h>

#include "core/environment.h"
#include "memory/out_of_memory.h"

namespace torch_node {
namespace {

bool is_tensor_options(const c10::Argument& argument) {
  const std::string& name = argument.name();
  return argument.kwarg_only() && (name == "dtype" || name == "layout" || name == "device" || name == "pin_memory");
}

bool is_factory(const c10::FunctionSchema& schema) {
  bool layout = false;
  bool pin_memory = false;
  for (const c10::Argument& argument : schema.arguments()) {
    layout |= argument.name() == "layout";
    pin_memory |= argument.name() == "pin_memory";
  }
  return layout && pin_memory;
}

/// Whether Python calls it below autograd, as what makes tensors: torch.zeros, torch.zeros_like.
bool creates_tensor(const c10::FunctionSchema& schema) {
  if (!is_factory(schema)) return false;
  return schema.name().ends_with("_like") ||
         std::none_of(schema.arguments().begin(), schema.arguments().end(), [](const c10::Argument& argument) {
           // Of a list or an optional, its element.
           const c10::Type* type = argument.type().get();
           while (!type->containedTypes().empty()) type = type->containedTypes()[0].get();
           return type->kind() == c10::TypeKind::TensorType;
         });
}

/// Below autograd where `creates` says so.
class CreationGuard {
 public:
  explicit CreationGuard(bool creates) {
    if (creates) guard_.emplace();
  }

 private:
  std::optional<at::AutoDispatchBelowADInplaceOrView> guard_;
};

const std::string& python_name(const c10::Argument& argument) {
  static const std::string input = "input";
  return argument.name() == "self" ? input : argument.name();
}

bool answers_to(const c10::Argument& argument, const std::string& name) {
  return argument.name() == name || python_name(argument) == name;
}

/// numpy's names of arguments, as Python's argument parser takes them (numpy_compatibility_arg_names).
bool answers_to_numpy_name(const c10::Argument& argument, const std::string& name) {
  const std::string& own = python_name(argument);
  if (name == "axis") return own == "dim";
  if (name == "keepdims") return own == "keepdim";
  if (name == "x" || name == "a" || name == "x1") return own == "input";
  return name == "x2" && own == "other";
}

bool is_output(const c10::Argument& argument) { return argument.is_out(); }

std::string describe(const c10::FunctionSchema& schema, bool method) {
  std::ostringstream text;
  text << '(';
  bool first = true;
  bool keyword = false;
  for (const c10::Argument& argument : schema.arguments()) {
    if (method && &argument == &schema.arguments().front()) continue;
    if (!first) text << ", ";
    if (argument.kwarg_only() && !keyword) {
      text << "*, ";
      keyword = true;
    }
    text << expected_name(argument) << ' ' << python_name(argument);
    if (argument.default_value()) text << " = " << *argument.default_value();
    first = false;
  }
  text << ')';
  return text.str();
}

char return_letter(const c10::Argument& result) {
  const c10::TypePtr& type = result.type();
  if (type->kind() == c10::TypeKind::TensorType) return 'T';
  if (type->kind() == c10::TypeKind::ListType &&
      type->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::TensorType) {
    return 'L';
  }
  return 'V';
}

bool is_list(Kind kind) { return kind >= Kind::kEmptyList && kind <= Kind::kOptionalTensorList; }

/// Whether numbers say all that the arguments of a plan say.
bool fits_in_memory(const Plan& plan, const std::vector<Kind>& kinds) {
  constexpr Kind kNumbers[] = {Kind::kNone,   Kind::kTensor, Kind::kInt,    Kind::kFloat,  Kind::kBool,
                               Kind::kString, Kind::kDtype,  Kind::kLayout, Kind::kDevice, Kind::kMemoryFormat};
  const bool numbers = std::all_of(kinds.begin(), kinds.end(), [&](Kind kind) {
    return is_list(kind) || std::find(std::begin(kNumbers), std::end(kNumbers), kind) != std::end(kNumbers);
  });
  return numbers && std::none_of(plan.steps.begin(), plan.steps.end(), [](const Plan::Step& step) {
           return step.conversion == Conversion::kScalarList || step.conversion == Conversion::kStringList ||
                  step.outputs > 0;
         });
}

bool has_geometry(const c10::IValue& value) {
  if (!value.isTensor()) return false;
  const at::Tensor& tensor = value.toTensor();
  return tensor.defined() && tensor.has_storage() && !tensor.is_nested();
}

/// What libtorch gives a tensor before it finds that the storage cannot grow: without this, the tensor would reach
/// beyond it.
class Geometry {
 public:
  explicit Geometry(at::Tensor tensor)
      : tensor_(std::move(tensor)),
        storage_(tensor_.storage()),
        sizes_(tensor_.sizes().vec()),
        strides_(tensor_.strides().vec()),
        offset_(tensor_.storage_offset()) {}

  void restore() const {
    c10::TensorImpl* impl = tensor_.unsafeGetTensorImpl();
    if (impl->has_symbolic_sizes_strides() || !impl->allow_tensor_metadata_change()) return;
    if (!storage_.is_alias_of(tensor_.storage())) impl->set_storage_keep_dtype(storage_);
    impl->set_sizes_and_strides(sizes_, strides_, offset_);
  }

 private:
  at::Tensor tensor_;
  c10::Storage storage_;
  std::vector<int64_t> sizes_;
  std::vector<int64_t> strides_;
  int64_t offset_;
};

/// Whether an operator in place takes all memory that it needs before it writes. What is made of several such operators
/// counts the changes of each.
bool writes_last(const c10::OperatorHandle& op) {
  static const std::unordered_set<std::string_view> kOthers = {
      "aten::copy_",           "aten::cumprod_", "aten::cumsum_",    "aten::index_put_",
      "aten::masked_scatter_", "aten::resize_",  "aten::resize_as_",
  };
  return op.hasTag(at::Tag::pointwise) ? op.schema().name().starts_with("aten::")
                                       : kOthers.contains(op.schema().name());
}

/// A tensor of a device that an operator changes in place, and whether it has done so yet.
class Unchanged {
 public:
  Unchanged() = default;
  explicit Unchanged(const at::Tensor& tensor) {
    if (tensor.is_cpu() || !tensor.defined() || tensor.is_inference()) return;
    tensor_ = tensor;
    version_ = tensor._version();
  }

  [[nodiscard]] bool holds() const {
    return tensor_.defined() && static_cast<uint32_t>(tensor_._version()) == version_;
  }

 private:
  at::Tensor tensor_;
  uint32_t version_ = 0;
};

}  // namespace

int32_t Operators::packet(std::string display, const std::vector<std::string>& names, bool numbers_as_tensors,
                          bool method) {
  Packet packet;
  packet.display = std::move(display);
  packet.numbers_as_tensors = numbers_as_tensors;
  packet.method = method;
  for (const std::string& name : names) {
    const size_t dot = name.find('.');
    const std::string base = name.substr(0, dot);
    const std::string overload = dot == std::string::npos ? "" : name.substr(dot + 1);
    auto op = c10::Dispatcher::singleton().findSchema({base.c_str(), overload.c_str()});
    if (op) packet.overloads.push_back(*op);
  }
  if (packet.overloads.empty()) return -1;
  packets_.push_back(std::move(packet));
  return static_cast<int32_t>(packets_.size()) - 1;
}

std::vector<std::string> Operators::overloads_of(const std::string& qualified) {
  // The list is long, and only torch.ops asks for it.
  if (names_.empty()) {
    for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
      if (c10::Dispatcher::singleton().findSchema(name)) names_[name.name].push_back(name.overload_name);
    }
    for (auto& [base, overloads] : names_) std::sort(overloads.begin(), overloads.end());
  }
  if (qualified.empty()) {
    std::vector<std::string> bases;
    for (const auto& [base, overloads] : names_) {
      for (const std::string& overload : overloads)
        bases.push_back(overload.empty() ? base : c10::str(base, '.', overload));
    }
    return bases;
  }
  const auto found = names_.find(qualified);
  if (found != names_.end()) return found->second;
  return {};
}

int32_t Operators::packet_of_all(const std::string& qualified) {
  std::vector<std::string> names;
  for (const std::string& overload : overloads_of(qualified)) {
    names.push_back(overload.empty() ? qualified : c10::str(qualified, '.', overload));
  }
  if (names.empty()) return -1;
  // Functional forms first, those that write into `out` last.
  std::stable_sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    const auto writes = [](const std::string& name) { return name.size() > 3 && name.ends_with("out"); };
    return writes(a) < writes(b);
  });
  const size_t colons = qualified.find("::");
  const int32_t made = packet(qualified.substr(colons + 2), names, false);
  if (made >= 0) packets_[made].numpy_names = false;
  return made;
}

std::unique_ptr<Plan> Operators::match(const Packet& packet, const c10::OperatorHandle& op, const Given& given,
                                       Matching matching, std::string* why) const {
  const c10::FunctionSchema& schema = op.schema();
  const auto& arguments = schema.arguments();
  auto plan = std::make_unique<Plan>(op, packet.display);
  plan->steps.resize(arguments.size());
  plan->given = given.kinds.size();

  const auto reject = [&](auto&&... parts) {
    if (why != nullptr) *why = c10::str(packet.display, "()", parts...);
    return nullptr;
  };
  const auto convert = [&](size_t index, size_t source) {
    const std::optional<Conversion> conversion = conversion_for(arguments[index], given.kinds[source], matching);
    if (!conversion) return false;
    plan->steps[index].conversion = *conversion;
    plan->steps[index].source = static_cast<int32_t>(source);
    plan->steps[index].kind = given.kinds[source];
    plan->steps[index].list_length = arguments[index].N().value_or(0);
    return true;
  };

  const auto changes = [](const c10::Argument& argument) {
    return argument.alias_info() != nullptr && argument.alias_info()->isWrite() && !is_output(argument);
  };
  const auto changed = std::count_if(arguments.begin(), arguments.end(), changes);
  plan->repeatable = changed == 0;
  plan->writes_last = changed == 1 && changes(arguments[0]) &&
                      arguments[0].type()->kind() == c10::TypeKind::TensorType && writes_last(op);

  std::vector<size_t> positional;
  size_t outputs = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].kwarg_only()) positional.push_back(i);
    if (is_output(arguments[i])) ++outputs;
  }
  // x.view(2, 3), torch.zeros(2, 3): the last positional parameter is an int list that takes the rest.
  const auto takes_rest = [&](size_t position) {
    const bool after_self = position == 0 || (position == 1 && arguments[positional[0]].name() == "self");
    const bool alone = std::all_of(positional.begin() + static_cast<ptrdiff_t>(position) + 1, positional.end(),
                                   [&](size_t i) { return arguments[i].default_value().has_value(); });
    if (!after_self || !alone || arguments[positional[position]].N()) return false;
    if (position + 1 != positional.size()) return false;
    if (!conversion_for(arguments[positional[position]], Kind::kIntList, matching)) return false;
    return std::all_of(given.kinds.begin() + static_cast<ptrdiff_t>(position),
                       given.kinds.begin() + static_cast<ptrdiff_t>(given.positional()),
                       [](Kind kind) { return kind == Kind::kInt || kind == Kind::kBigint; });
  };

  size_t position = 0;
  while (position < given.positional()) {
    if (position >= positional.size()) {
      const size_t most = positional.size() - packet.method;
      const size_t count = given.positional() - packet.method;
      return reject(" takes ", most, " positional argument", most == 1 ? "" : "s", " but ", count,
                    count == 1 ? " was given" : " were given");
    }
    const size_t index = positional[position];
    const bool scalar_given = given.kinds[position] == Kind::kInt || given.kinds[position] == Kind::kBigint;
    if (scalar_given && takes_rest(position)) {
      plan->steps[index].conversion = Conversion::kIntList;
      plan->steps[index].source = static_cast<int32_t>(position);
      plan->steps[index].variadic = static_cast<int32_t>(given.positional() - position);
      position = given.positional();
      break;
    }
    if (!convert(index, position)) {
      return reject(": argument '", python_name(arguments[index]), "' (position ", position + 1 - packet.method,
                    ") must be ", expected_name(arguments[index]), ", not ", given.shown[position]);
    }
    ++position;
  }

  bool out_given = false;
  for (size_t i = 0; i < given.names.size(); ++i) {
    const std::string& name = given.names[i];
    const size_t source = given.positional() + i;
    if (name == "out" && outputs > 1 && given.kinds[source] == Kind::kTensorList) {
      int32_t output = 0;
      for (size_t a = 0; a < arguments.size(); ++a) {
        if (!is_output(arguments[a])) continue;
        plan->steps[a].conversion = Conversion::kTensor;
        plan->steps[a].source = static_cast<int32_t>(source);
        plan->steps[a].outputs = ++output;
      }
      plan->same_as = static_cast<int32_t>(source);
      out_given = true;
      continue;
    }
    auto found = std::find_if(arguments.begin(), arguments.end(), [&](const c10::Argument& argument) {
      return answers_to(argument, name) || (name == "out" && outputs == 1 && is_output(argument));
    });
    if (found == arguments.end() && packet.numpy_names) {
      found = std::find_if(arguments.begin(), arguments.end(),
                           [&](const c10::Argument& argument) { return answers_to_numpy_name(argument, name); });
    }
    if (found == arguments.end()) {
      if (name == "requires_grad" && is_factory(schema)) {
        // None is False in Python's factories.
        if (given.kinds[source] != Kind::kBool && given.kinds[source] != Kind::kNone) {
          return reject(": argument 'requires_grad' must be bool, not ", given.shown[source]);
        }
        plan->requires_grad = static_cast<int32_t>(source);
        continue;
      }
      // Python's factories ignore null for what they do not have, as in torch.zeros(2, out=None)
      if (name == "out" && given.kinds[source] == Kind::kNone) continue;
      return reject(" got an unexpected keyword argument '", name, "'");
    }
    const size_t index = static_cast<size_t>(found - arguments.begin());
    if (plan->steps[index].source >= 0) return reject(" got multiple values for argument '", name, "'");
    if (given.kinds[source] == Kind::kNone && is_output(*found)) {
      return reject(": argument 'out' must be Tensor, not ", given.shown[source]);
    }
    if (!convert(index, source)) {
      return reject(": argument '", name, "' must be ", expected_name(*found), ", not ", given.shown[source]);
    }
    out_given |= is_output(*found);
  }
  if (outputs > 0 && !out_given) return reject(" missing 1 required keyword-only argument: 'out'");

  std::vector<std::string> missing;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (plan->steps[i].source >= 0) continue;
    if (const auto& value = arguments[i].default_value(); value.has_value()) {
      plan->steps[i].default_value = *value;
    } else if (!is_tensor_options(arguments[i]) &&
               !(arguments[i].kwarg_only() && arguments[i].real_type()->kind() == c10::TypeKind::OptionalType &&
                 arguments[i].name() == "generator")) {
      missing.push_back(c10::str('"', python_name(arguments[i]), '"'));
    }
  }
  // The plural is Python's.
  if (!missing.empty()) {
    return reject(" missing ", missing.size(), " required positional argument", missing.size() == 1 ? "s" : "", ": ",
                  c10::Join(", ", missing));
  }

  const bool changes_geometry = op.hasTag(at::Tag::inplace_view);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const auto* alias = arguments[i].alias_info();
    const bool written = alias != nullptr && alias->isWrite() && plan->steps[i].conversion == Conversion::kTensor;
    if (written && (changes_geometry || is_output(arguments[i]))) plan->reshaped.push_back(i);
  }

  for (const c10::Argument& result : schema.returns()) plan->returns += return_letter(result);
  // In-place and out= forms give back the very object they were given.
  if (plan->same_as < 0 && schema.returns().size() == 1 && schema.returns()[0].alias_info() &&
      schema.returns()[0].alias_info()->isWrite()) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const auto* alias = arguments[i].alias_info();
      if (alias != nullptr && alias->isWrite() && plan->steps[i].source >= 0 &&
          alias->beforeSets() == schema.returns()[0].alias_info()->beforeSets()) {
        plan->same_as = plan->steps[i].source;
      }
    }
  }
  plan->creates = creates_tensor(schema);
  plan->in_memory = fits_in_memory(*plan, given.kinds);
  if (plan->in_memory && std::any_of(given.kinds.begin(), given.kinds.end(), is_list)) plan->kinds = given.kinds;
  plan->unboxed = unboxed_call(*plan);
  return plan;
}

namespace {

/// Whether an overload that writes into `out` is the counterpart of one that returns its result.
bool is_counterpart(const c10::FunctionSchema& writing, const c10::FunctionSchema& schema) {
  std::vector<std::string> names;
  for (const c10::Argument& argument : writing.arguments()) {
    if (!is_output(argument)) names.push_back(argument.name());
  }
  // Those that write take dtype and device from what they write into.
  return std::all_of(schema.arguments().begin(), schema.arguments().end(),
                     [&](const c10::Argument& argument) {
                       return is_tensor_options(argument) ||
                              std::find(names.begin(), names.end(), argument.name()) != names.end();
                     }) &&
         std::none_of(names.begin(), names.end(), [&](const std::string& name) {
           return std::none_of(schema.arguments().begin(), schema.arguments().end(),
                               [&](const c10::Argument& argument) { return argument.name() == name; });
         });
}

/// Whether a function takes `count` arguments, counted as Python's parser counts them: `out` and `requires_grad` belong
/// to it.
bool takes_count(const c10::FunctionSchema& schema, bool has_out, size_t count) {
  size_t least = 0;
  for (const c10::Argument& argument : schema.arguments()) {
    if (!argument.default_value() &&
        !(argument.kwarg_only() && argument.real_type()->kind() == c10::TypeKind::OptionalType)) {
      ++least;
    }
  }
  return count >= least && count <= schema.arguments().size() + has_out + is_factory(schema);
}

}  // namespace

void Operators::throw_no_match(const Packet& packet, const Given& given, const std::string& why) const {
  std::vector<const c10::OperatorHandle*> functional;
  std::vector<const c10::OperatorHandle*> writing;
  for (const auto& op : packet.overloads) {
    const auto& arguments = op.schema().arguments();
    if (std::none_of(arguments.begin(), arguments.end(), is_output)) {
      functional.push_back(&op);
    } else {
      writing.push_back(&op);
    }
  }
  if (functional.size() <= 1) TORCH_CHECK_TYPE(false, why);
  // As Python: when only one form takes so many arguments, the error is about that one.
  std::vector<const c10::OperatorHandle*> plausible;
  for (const auto* op : functional) {
    const bool has_out = std::any_of(writing.begin(), writing.end(), [&](const c10::OperatorHandle* other) {
      return is_counterpart(other->schema(), op->schema());
    });
    if (takes_count(op->schema(), has_out, given.kinds.size())) plausible.push_back(op);
  }
  if (plausible.size() == 1) {
    std::string reason;
    match(packet, *plausible[0], given, Matching{packet.numbers_as_tensors, true}, &reason);
    TORCH_CHECK_TYPE(false, reason);
  }
  std::ostringstream text;
  text << packet.display << "() received an invalid combination of arguments - got (";
  for (size_t i = packet.method; i < given.kinds.size(); ++i) {
    if (i > packet.method) text << ", ";
    if (i >= given.positional()) text << given.names[i - given.positional()] << '=';
    text << given.shown[i];
  }
  text << "), but expected one of:";
  for (const auto* op : functional) text << "\n * " << describe(op->schema(), packet.method);
  TORCH_CHECK_TYPE(false, text.str());
}

int32_t Operators::resolve(int32_t index, const std::vector<Kind>& kinds, const std::vector<std::string>& names,
                           const std::vector<std::string>& shown) {
  TORCH_CHECK(index >= 0 && static_cast<size_t>(index) < packets_.size(), "no such operator");
  const Packet& packet = packets_[index];
  const Given given{kinds, names, shown};
  std::string why;
  // Exact kinds first for every overload, then with the numbers that Python lets tensors stand for.
  for (const bool lenient : {false, true}) {
    const Matching matching{packet.numbers_as_tensors, lenient};
    for (const auto& op : packet.overloads) {
      const bool first = why.empty();
      if (auto plan = match(packet, op, given, matching, first ? &why : nullptr)) {
        plans_.push_back(std::move(plan));
        return static_cast<int32_t>(plans_.size()) - 1;
      }
    }
  }
  throw_no_match(packet, given, why);
}

bool Operators::leave(const c10::IValue* values, size_t count) {
  if (!scratch_.holds(count)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (!values[i].isTensor()) return false;
  }
  const TensorTable::InFlight in_flight(tensors_);
  for (size_t i = 0; i < count; ++i) scratch_[i] = tensors_.put(values[i].toTensor());
  return true;
}

void Operators::fill(napi_env env, const Plan& plan, const napi_value* arguments, torch::jit::Stack& stack) const {
  stack.clear();
  for (const Plan::Step& step : plan.steps) {
    if (step.source < 0) {
      stack.push_back(step.default_value);
    } else if (step.variadic > 0) {
      std::vector<int64_t> numbers(step.variadic);
      for (int32_t i = 0; i < step.variadic; ++i) numbers[i] = to_int64(env, arguments[step.source + i]);
      stack.emplace_back(std::move(numbers));
    } else if (step.outputs > 0) {
      napi_value output;
      napi_get_element(env, arguments[step.source], step.outputs - 1, &output);
      stack.push_back(to_ivalue(env, output, step.conversion, 0, tensors_));
    } else if (step.conversion == Conversion::kTensor) [[likely]] {
      int32_t handle = -1;
      napi_get_value_int32(env, arguments[step.source], &handle);
      stack.emplace_back(tensors_.get(handle));
    } else {
      stack.push_back(to_ivalue(env, arguments[step.source], step.conversion, step.list_length, tensors_));
    }
  }
}

napi_value Operators::call(napi_env env, int32_t index, const napi_value* arguments, size_t count) {
  TORCH_CHECK(index >= 0 && static_cast<size_t>(index) < plans_.size(), "no such plan");
  const Plan& plan = *plans_[index];
  TORCH_CHECK(count == plan.given, plan.name, "(): the plan is for ", plan.given, " arguments, not ", count);
  bool requires_grad = false;
  if (plan.requires_grad >= 0) napi_get_value_bool(env, arguments[plan.requires_grad], &requires_grad);
  return run_with_room(env, plan, requires_grad, nullptr,
                       [&](torch::jit::Stack& stack) { fill(env, plan, arguments, stack); });
}

napi_value Operators::call_in_memory(napi_env env, int32_t index, size_t base) {
  TORCH_CHECK(index >= 0 && static_cast<size_t>(index) < plans_.size(), "no such plan");
  const Plan& plan = *plans_[index];
  TORCH_CHECK(plan.in_memory && base + plan.given <= arguments_.length(), plan.name, "(): not a call in memory");
  const double* slots = arguments_.data() + base;
  // where each argument begins, when lists are among them
  constexpr size_t kFew = 24;
  std::array<uint16_t, kFew> few;
  std::vector<uint16_t> many;
  uint16_t* starts = nullptr;
  if (!plan.kinds.empty()) {
    if (plan.given > kFew) many.resize(plan.given);
    starts = many.empty() ? few.data() : many.data();
    size_t at = 0;
    for (size_t i = 0; i < plan.given; ++i) {
      TORCH_CHECK(base + at < arguments_.length(), plan.name, "(): arguments reach beyond the memory");
      starts[i] = static_cast<uint16_t>(at);
      const double length = is_list(plan.kinds[i]) ? slots[at] : 0;
      TORCH_CHECK(length >= 0 && length <= kArgumentMemory, plan.name, "(): a list of ", length, " elements");
      at += 1 + static_cast<size_t>(length);
    }
    TORCH_CHECK(base + at <= arguments_.length(), plan.name, "(): arguments reach beyond the memory");
  }
  const Slots given{slots, starts, texts_};
  const bool requires_grad = plan.requires_grad >= 0 && *given.of(plan.requires_grad) != 0;
  return run_with_room(env, plan, requires_grad, plan.unboxed == nullptr ? nullptr : &given,
                       [&](torch::jit::Stack& stack) { fill(plan, given, stack); });
}

void Operators::fill(const Plan& plan, const Slots& given, torch::jit::Stack& stack) const {
  stack.clear();
  for (const Plan::Step& step : plan.steps) {
    if (step.source < 0) {
      stack.push_back(step.default_value);
    } else if (step.conversion == Conversion::kTensor) [[likely]] {
      stack.emplace_back(tensors_.get(static_cast<Handle>(*given.of(step.source))));
    } else if (step.variadic > 0) {
      const double* numbers = given.of(step.source);
      c10::List<int64_t> list;
      list.reserve(step.variadic);
      for (int32_t i = 0; i < step.variadic; ++i) list.push_back(static_cast<int64_t>(numbers[i]));
      stack.emplace_back(std::move(list));
    } else {
      stack.push_back(from_memory(given.of(step.source), step));
    }
  }
}

template <typename Fill>
napi_value Operators::run_with_room(napi_env env, const Plan& plan, bool requires_grad, const Slots* unboxed,
                                    Fill fill) {
  Unchanged before;
  try {
    if (unboxed != nullptr) {
      if (plan.writes_last) before = Unchanged(tensors_.get(static_cast<Handle>(*unboxed->of(plan.steps[0].source))));
      return run_unboxed(env, plan, *unboxed, requires_grad);
    }
    // Taken out while in use: a hook may call an operator while this one runs.
    torch::jit::Stack stack = std::move(spare_stack_);
    fill(stack);
    if (plan.writes_last) before = Unchanged(stack[0].toTensor());
    return run(env, plan, std::move(stack), requires_grad);
  } catch (const c10::OutOfMemoryError&) {
    if (!plan.repeatable && !before.holds()) throw;
  }
  // What is on the stack outlives its wrappers, which may be dead already.
  torch::jit::Stack stack;
  fill(stack);
  make_room(tensors_);
  return run(env, plan, std::move(stack), requires_grad);
}

napi_value Operators::leave(napi_env env, UnboxedCall::Several tensors) {
  const TensorTable::InFlight in_flight(tensors_);
  napi_value result = nullptr;
  const auto count = static_cast<uint32_t>(tensors.size());
  if (scratch_.holds(count)) [[likely]] {
    for (uint32_t i = 0; i < count; ++i) scratch_[i] = tensors_.put(std::move(tensors[i]));
    napi_create_uint32(env, count, &result);
    return result;
  }
  napi_create_array_with_length(env, count, &result);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value wrapped = nullptr;
    napi_create_int32(env, tensors_.put(std::move(tensors[i])), &wrapped);
    napi_set_element(env, result, i, wrapped);
  }
  return result;
}

napi_value Operators::run_unboxed(napi_env env, const Plan& plan, const Slots& slots, bool requires_grad) {
  if (plan.returns != "T") return leave(env, plan.unboxed->several(plan, slots, tensors_));
  at::Tensor result = [&] {
    const CreationGuard guard(plan.creates);
    return plan.unboxed->one(plan, slots, tensors_);
  }();
  return wrap_result(env, plan, std::move(result), requires_grad);
}

napi_value Operators::wrap_result(napi_env env, const Plan& plan, at::Tensor result, bool requires_grad) {
  napi_value wrapped = nullptr;
  if (plan.same_as >= 0) {
    // Only those that got their history by this call have to move.
    if (result.requires_grad() && !result.is_leaf()) [[unlikely]] {
      napi_get_boolean(env, true, &wrapped);
    } else {
      napi_get_undefined(env, &wrapped);
    }
    return wrapped;
  }
  if (requires_grad) result.requires_grad_(true);
  napi_create_int32(env, tensors_.put(std::move(result)), &wrapped);
  return wrapped;
}

napi_value Operators::run(napi_env env, const Plan& plan, torch::jit::Stack stack, bool requires_grad) {
  if (plan.reshaped.empty()) [[likely]] {
    const CreationGuard guard(plan.creates);
    plan.op.callBoxed(stack);
  } else {
    std::vector<Geometry> before;
    for (size_t i : plan.reshaped) {
      if (has_geometry(stack[i])) before.emplace_back(stack[i].toTensor());
    }
    try {
      plan.op.callBoxed(stack);
    } catch (...) {
      for (const Geometry& geometry : before) geometry.restore();
      throw;
    }
  }

  napi_value result = nullptr;
  if (plan.same_as >= 0 && plan.returns == "T") {
    result = wrap_result(env, plan, std::move(stack[0]).toTensor(), requires_grad);
  } else if (plan.same_as >= 0 || plan.returns.empty()) {
    napi_get_undefined(env, &result);
  } else if (plan.returns.size() == 1) {
    if (plan.returns[0] == 'T') [[likely]] {
      result = wrap_result(env, plan, std::move(stack[0]).toTensor(), requires_grad);
    } else if (plan.returns[0] == 'L' && leave(stack[0].toListRef().data(), stack[0].toListRef().size())) {
      napi_create_uint32(env, static_cast<uint32_t>(stack[0].toListRef().size()), &result);
    } else {
      result = to_js(env, stack[0], tensors_);
    }
  } else if (leave(stack.data(), stack.size())) {
    napi_create_uint32(env, static_cast<uint32_t>(stack.size()), &result);
  } else {
    const TensorTable::InFlight in_flight(tensors_);
    napi_create_array_with_length(env, stack.size(), &result);
    for (size_t i = 0; i < stack.size(); ++i) napi_set_element(env, result, i, to_js(env, stack[i], tensors_));
  }
  stack.clear();
  spare_stack_ = std::move(stack);
  return result;
}

int32_t Operators::intern(std::string text) {
  texts_.push_back(std::move(text));
  return static_cast<int32_t>(texts_.size()) - 1;
}

namespace {

template <typename T, typename Convert>
c10::List<T> list_of(const double* slots, Convert convert) {
  const auto length = static_cast<size_t>(slots[0]);
  c10::List<T> list;
  list.reserve(length);
  for (size_t i = 1; i <= length; ++i) list.push_back(convert(slots[i]));
  return list;
}

}  // namespace

c10::IValue Operators::from_memory(const double* slots, const Plan::Step& step) const {
  const double number = slots[0];
  const auto tensor = [&](double handle) -> const at::Tensor& { return tensors_.get(static_cast<Handle>(handle)); };
  switch (step.conversion) {
    case Conversion::kTensor:
      return tensor(number);
    case Conversion::kNumberToTensor:
      return wrapped_number(scalar_of(number, step.kind));
    case Conversion::kScalar:
      return scalar_of(number, step.kind);
    case Conversion::kTensorToScalar:
      return tensor(number).item();
    case Conversion::kInt:
      return static_cast<int64_t>(number);
    case Conversion::kTensorToInt:
      return tensor(number).item().toLong();
    case Conversion::kFloat:
      return number;
    case Conversion::kTensorToFloat:
      return tensor(number).item().toDouble();
    case Conversion::kBool:
      return number != 0;
    case Conversion::kString:
      return texts_.at(static_cast<size_t>(number));
    case Conversion::kDevice:
      return c10::Device(texts_.at(static_cast<size_t>(number)));
    case Conversion::kIntList:
      return list_of<int64_t>(slots, [](double element) { return static_cast<int64_t>(element); });
    case Conversion::kIntToList:
      return std::vector<int64_t>(step.list_length, static_cast<int64_t>(number));
    case Conversion::kFloatList:
      return list_of<double>(slots, [](double element) { return element; });
    case Conversion::kFloatToList:
      return std::vector<double>(step.list_length, number);
    case Conversion::kBoolList:
      return list_of<bool>(slots, [](double element) { return element != 0; });
    case Conversion::kTensorList:
      return list_of<at::Tensor>(slots, tensor);
    case Conversion::kOptionalTensorList:
      return list_of<std::optional<at::Tensor>>(
          slots, [&](double handle) { return handle < 0 ? std::nullopt : std::make_optional(tensor(handle)); });
    case Conversion::kNone:
    case Conversion::kGenerator:
    case Conversion::kStringList:
    case Conversion::kScalarList:
      break;
  }
  return {};
}

namespace {

std::vector<std::string> to_string_vector(const Napi::Value& value) {
  std::vector<std::string> texts;
  const Napi::Array array = value.As<Napi::Array>();
  texts.reserve(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) texts.push_back(Napi::Value(array[i]).As<Napi::String>().Utf8Value());
  return texts;
}

Napi::Value packet(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(
      info.Env(), environment.operators.packet(info[0].As<Napi::String>().Utf8Value(), to_string_vector(info[1]),
                                               info[2].ToBoolean().Value(), info[3].ToBoolean().Value()));
}

Napi::Value packet_of_all(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), environment.operators.packet_of_all(info[0].As<Napi::String>().Utf8Value()));
}

Napi::Value forget_names(const Napi::CallbackInfo& info, Environment& environment) {
  environment.operators.forget_names();
  return info.Env().Undefined();
}

Napi::Value overloads_of(const Napi::CallbackInfo& info, Environment& environment) {
  const auto names = environment.operators.overloads_of(info[0].As<Napi::String>().Utf8Value());
  Napi::Array result = Napi::Array::New(info.Env(), names.size());
  for (uint32_t i = 0; i < names.size(); ++i) result[i] = Napi::String::New(info.Env(), names[i]);
  return result;
}

Napi::Value schema_of(const Napi::CallbackInfo& info, Environment&) {
  const std::string base = info[0].As<Napi::String>().Utf8Value();
  const std::string overload = info[1].As<Napi::String>().Utf8Value();
  const auto op = c10::Dispatcher::singleton().findSchema({base.c_str(), overload.c_str()});
  if (!op) return info.Env().Null();
  return Napi::String::New(info.Env(), c10::str(op->schema()));
}

Napi::Value argument_memory(const Napi::CallbackInfo& info, Environment& environment) {
  return {info.Env(), environment.arguments.array(info.Env())};
}

Napi::Value intern(const Napi::CallbackInfo& info, Environment& environment) {
  return Napi::Number::New(info.Env(), environment.operators.intern(info[0].As<Napi::String>().Utf8Value()));
}

/// resolve(packet, kinds, names, texts) -> {plan, returns, same_as}
Napi::Value resolve(const Napi::CallbackInfo& info, Environment& environment) {
  std::vector<Kind> kinds;
  for (int64_t kind : to_int_vector(info.Env(), info[1])) kinds.push_back(static_cast<Kind>(kind));
  const int32_t index = environment.operators.resolve(info[0].As<Napi::Number>().Int32Value(), kinds,
                                                      to_string_vector(info[2]), to_string_vector(info[3]));
  const Plan& plan = environment.operators.plan(index);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("plan", index);
  result.Set("returns", plan.returns);
  result.Set("same_as", plan.same_as);
  result.Set("in_memory", plan.in_memory);
  const c10::OperatorName& name = plan.op.operator_name();
  result.Set("operator", name.overload_name.empty() ? name.name : name.name + "." + name.overload_name);
  return result;
}

void throw_in_flight(napi_env env) {
  try {
    rethrow_as_js_error(Napi::Env(env));
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  }
}

/// call(plan * kArgumentMemory + base): the hot path, without node-addon-api's wrappers.
napi_value call(napi_env env, napi_callback_info info) {
  napi_value packed = nullptr;
  size_t count = 1;
  void* data = nullptr;
  napi_get_cb_info(env, info, &count, &packed, nullptr, &data);
  int32_t number = -1;
  napi_get_value_int32(env, packed, &number);
  try {
    TORCH_CHECK(number >= 0, "no such plan");
    return static_cast<Environment*>(data)->operators.call_in_memory(env, number / kArgumentMemory,
                                                                     number % kArgumentMemory);
  } catch (...) {
    throw_in_flight(env);
  }
  return nullptr;
}

/// call_with(plan, ...arguments): with what cannot be in memory.
napi_value call_with(napi_env env, napi_callback_info info) {
  constexpr size_t kFew = 24;
  napi_value few[kFew];
  size_t count = kFew;
  void* data = nullptr;
  napi_get_cb_info(env, info, &count, few, nullptr, &data);
  Environment& environment = *static_cast<Environment*>(data);
  // `count` is now how many there are, `few` only the first of them.
  std::vector<napi_value> many;
  napi_value* arguments = few;
  if (count > kFew) [[unlikely]] {
    many.resize(count);
    arguments = many.data();
    napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  }
  int32_t plan = -1;
  napi_get_value_int32(env, arguments[0], &plan);
  try {
    return environment.operators.call(env, plan, arguments + 1, count - 1);
  } catch (...) {
    throw_in_flight(env);
  }
  return nullptr;
}

}  // namespace

void export_dispatch(Exports& exports) {
  exports.add<packet>("packet");
  exports.add<packet_of_all>("packet_of_all");
  exports.add<overloads_of>("overloads_of");
  exports.add<schema_of>("schema_of");
  exports.add<forget_names>("forget_names");
  exports.add<resolve>("resolve");
  exports.add<argument_memory>("argument_memory");
  exports.add<intern>("intern");
  exports.add_raw("call", call);
  exports.add_raw("call_with", call_with);
}

}  // namespace torch_node
