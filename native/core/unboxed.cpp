// Which signatures there are, and how each argument is read (see unboxed.h).
#include "core/unboxed.h"

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <c10/util/SmallVector.h>

#include "core/dispatch.h"

namespace torch_node {
namespace {

using c10::TypeKind;
using Step = Plan::Step;

/// A letter for a type of C++, the same as `letter_of` gives for the type in a schema; whether an argument can be read
/// as that type; what is read, which outlives the call; and what the operator takes of it.
template <typename T>
struct Argument;

struct Tensors {
  static bool fits(const Step& step) {
    return step.conversion == Conversion::kTensor || step.conversion == Conversion::kNumberToTensor;
  }
  static at::Tensor read(const Step& step, const Slots& slots, const TensorTable& tensors) {
    const double number = *slots.of(step.source);
    if (step.conversion == Conversion::kTensor) return tensors.get(static_cast<Handle>(number));
    return wrapped_number(scalar_of(number, step.kind));
  }
  static at::Tensor& pass(at::Tensor& tensor) { return tensor; }
};

template <>
struct Argument<const at::Tensor&> : Tensors {
  static constexpr char kLetter = 'T';
};

template <>
struct Argument<at::Tensor&> : Tensors {
  static constexpr char kLetter = 'W';
  static bool fits(const Step& step) { return step.conversion == Conversion::kTensor; }
};

template <>
struct Argument<const std::optional<at::Tensor>&> {
  static constexpr char kLetter = 'O';
  static bool fits(const Step& step) {
    if (step.source < 0) return step.default_value.isNone();
    return step.conversion == Conversion::kTensor || step.conversion == Conversion::kNone;
  }
  static std::optional<at::Tensor> read(const Step& step, const Slots& slots, const TensorTable& tensors) {
    if (step.source < 0 || step.conversion == Conversion::kNone) return std::nullopt;
    return tensors.get(static_cast<Handle>(*slots.of(step.source)));
  }
  static std::optional<at::Tensor>& pass(std::optional<at::Tensor>& tensor) { return tensor; }
};

template <>
struct Argument<std::string_view> {
  static constexpr char kLetter = 'x';
  static bool fits(const Step& step) { return step.source < 0 || step.conversion == Conversion::kString; }
  static std::string_view read(const Step& step, const Slots& slots, const TensorTable&) {
    if (step.source < 0) return step.default_value.toStringView();
    return slots.texts.at(static_cast<size_t>(*slots.of(step.source)));
  }
  static std::string_view pass(std::string_view text) { return text; }
};

/// Of numbers and what is passed like one: `from(default)` and `from(slot, kind)`.
template <typename T, char letter, Conversion conversion, typename From>
struct Plain {
  static constexpr char kLetter = letter;
  static bool fits(const Step& step) { return step.source < 0 || step.conversion == conversion; }
  static T read(const Step& step, const Slots& slots, const TensorTable&) {
    if (step.source < 0) return From::value(step.default_value);
    return From::number(*slots.of(step.source), step.kind);
  }
  static T& pass(T& value) { return value; }
};

struct ScalarFrom {
  static at::Scalar value(const c10::IValue& value) { return value.toScalar(); }
  static at::Scalar number(double number, Kind kind) { return scalar_of(number, kind); }
};
template <>
struct Argument<const at::Scalar&> : Plain<at::Scalar, 'S', Conversion::kScalar, ScalarFrom> {};

struct IntFrom {
  static int64_t value(const c10::IValue& value) { return value.toInt(); }
  static int64_t number(double number, Kind) { return static_cast<int64_t>(number); }
};
template <>
struct Argument<int64_t> : Plain<int64_t, 'i', Conversion::kInt, IntFrom> {};
template <>
struct Argument<c10::SymInt> : Plain<c10::SymInt, 'y', Conversion::kInt, IntFrom> {};

struct BoolFrom {
  static bool value(const c10::IValue& value) { return value.toBool(); }
  static bool number(double number, Kind) { return number != 0; }
};
template <>
struct Argument<bool> : Plain<bool, 'b', Conversion::kBool, BoolFrom> {};

struct DoubleFrom {
  static double value(const c10::IValue& value) { return value.toDouble(); }
  static double number(double number, Kind) { return number; }
};
template <>
struct Argument<double> : Plain<double, 'd', Conversion::kFloat, DoubleFrom> {};

struct ScalarTypeFrom {
  static at::ScalarType value(const c10::IValue& value) { return value.toScalarType(); }
  static at::ScalarType number(double number, Kind) { return static_cast<at::ScalarType>(static_cast<int>(number)); }
};
template <>
struct Argument<at::ScalarType> : Plain<at::ScalarType, 'k', Conversion::kInt, ScalarTypeFrom> {};

/// Of what may be None, which is also the default.
template <typename T, char letter, Conversion conversion, typename From>
struct Optional {
  static constexpr char kLetter = letter;
  static bool fits(const Step& step) {
    if (step.source < 0) return step.default_value.isNone();
    return step.conversion == conversion || step.conversion == Conversion::kNone;
  }
  static std::optional<T> read(const Step& step, const Slots& slots, const TensorTable&) {
    if (step.source < 0 || step.conversion == Conversion::kNone) return std::nullopt;
    return From::number(*slots.of(step.source), step.kind);
  }
  static std::optional<T>& pass(std::optional<T>& value) { return value; }
};

template <typename T>
struct CodeFrom {
  static T number(double number, Kind) { return static_cast<T>(static_cast<int>(number)); }
};
template <>
struct Argument<std::optional<at::ScalarType>>
    : Optional<at::ScalarType, 'c', Conversion::kInt, CodeFrom<at::ScalarType>> {};
template <>
struct Argument<std::optional<at::Layout>> : Optional<at::Layout, 'u', Conversion::kInt, CodeFrom<at::Layout>> {};
template <>
struct Argument<std::optional<at::MemoryFormat>>
    : Optional<at::MemoryFormat, 'm', Conversion::kInt, CodeFrom<at::MemoryFormat>> {};
template <>
struct Argument<std::optional<int64_t>> : Optional<int64_t, 'j', Conversion::kInt, IntFrom> {};
template <>
struct Argument<std::optional<double>> : Optional<double, 'e', Conversion::kFloat, DoubleFrom> {};
template <>
struct Argument<std::optional<bool>> : Optional<bool, 'w', Conversion::kBool, BoolFrom> {};
template <>
struct Argument<const std::optional<at::Scalar>&> : Optional<at::Scalar, 's', Conversion::kScalar, ScalarFrom> {};
// A device that is given comes as a text.
template <>
struct Argument<std::optional<at::Device>> : Optional<at::Device, 'v', Conversion::kNone, CodeFrom<at::DeviceType>> {};

using Ints = c10::SmallVector<int64_t, 8>;

Ints ints_of(const Step& step, const Slots& slots) {
  Ints list;
  if (step.source < 0) {
    const auto given = step.default_value.toIntVector();
    list.append(given.begin(), given.end());
    return list;
  }
  const double* numbers = slots.of(step.source);
  auto length = static_cast<size_t>(step.variadic);
  if (step.conversion == Conversion::kIntToList) {
    list.append(step.list_length, static_cast<int64_t>(numbers[0]));
    return list;
  }
  if (step.variadic == 0) length = static_cast<size_t>(*numbers++);
  for (size_t i = 0; i < length; ++i) list.push_back(static_cast<int64_t>(numbers[i]));
  return list;
}

struct IntLists {
  static bool fits(const Step& step) {
    if (step.source < 0) return step.default_value.isIntList();
    return step.conversion == Conversion::kIntList || step.conversion == Conversion::kIntToList;
  }
  static Ints read(const Step& step, const Slots& slots, const TensorTable&) { return ints_of(step, slots); }
};
template <>
struct Argument<at::IntArrayRef> : IntLists {
  static constexpr char kLetter = 'L';
  static at::IntArrayRef pass(const Ints& list) { return list; }
};
template <>
struct Argument<c10::SymIntArrayRef> : IntLists {
  static constexpr char kLetter = 'M';
  static c10::SymIntArrayRef pass(const Ints& list) { return c10::fromIntArrayRefSlow(list); }
};
template <>
struct Argument<at::OptionalIntArrayRef> {
  static constexpr char kLetter = 'l';
  static bool none(const Step& step) {
    return step.source < 0 ? step.default_value.isNone() : step.conversion == Conversion::kNone;
  }
  static bool fits(const Step& step) { return none(step) || IntLists::fits(step); }
  static std::optional<Ints> read(const Step& step, const Slots& slots, const TensorTable&) {
    return none(step) ? std::nullopt : std::make_optional(ints_of(step, slots));
  }
  static at::OptionalIntArrayRef pass(const std::optional<Ints>& list) {
    return list.has_value() ? at::OptionalIntArrayRef(at::IntArrayRef(*list)) : std::nullopt;
  }
};

struct TensorLists {
  static constexpr char kLetter = 'V';
  static bool fits(const Step& step) { return step.source >= 0 && step.conversion == Conversion::kTensorList; }
  static c10::SmallVector<at::Tensor, 8> read(const Step& step, const Slots& slots, const TensorTable& tensors) {
    const double* numbers = slots.of(step.source);
    const auto length = static_cast<size_t>(*numbers++);
    c10::SmallVector<at::Tensor, 8> list;
    list.reserve(length);
    for (size_t i = 0; i < length; ++i) list.push_back(tensors.get(static_cast<Handle>(numbers[i])));
    return list;
  }
};
template <>
struct Argument<at::TensorList> : TensorLists {
  static at::TensorList pass(const c10::SmallVector<at::Tensor, 8>& list) { return list; }
};
template <>
struct Argument<const at::ITensorListRef&> : TensorLists {
  static at::ITensorListRef pass(const c10::SmallVector<at::Tensor, 8>& list) { return at::TensorList(list); }
};

char letter_of_list(const c10::Type& list, bool optional) {
  switch (list.castRaw<c10::ListType>()->getElementType()->kind()) {
    case TypeKind::IntType:
      return optional ? 'l' : 'L';
    case TypeKind::SymIntType:
      return optional ? '?' : 'M';
    case TypeKind::TensorType:
      return optional ? '?' : 'V';
    default:
      return '?';
  }
}

char letter_of(const c10::Argument& argument) {
  const c10::TypePtr& declared = argument.real_type();
  const bool optional = declared->kind() == TypeKind::OptionalType;
  const c10::TypePtr& type = optional ? declared->castRaw<c10::OptionalType>()->getElementType() : declared;
  switch (type->kind()) {
    case TypeKind::TensorType:
      if (optional) return 'O';
      return argument.alias_info() != nullptr && argument.alias_info()->isWrite() ? 'W' : 'T';
    case TypeKind::NumberType:
      return optional ? 's' : 'S';
    case TypeKind::IntType:
      return optional ? 'j' : 'i';
    case TypeKind::SymIntType:
      return optional ? '?' : 'y';
    case TypeKind::BoolType:
      return optional ? 'w' : 'b';
    case TypeKind::FloatType:
      return optional ? 'e' : 'd';
    case TypeKind::StringType:
      return optional ? '?' : 'x';
    case TypeKind::ScalarTypeType:
      return optional ? 'c' : 'k';
    case TypeKind::LayoutType:
      return optional ? 'u' : '?';
    case TypeKind::MemoryFormatType:
      return optional ? 'm' : '?';
    case TypeKind::DeviceObjType:
      return optional ? 'v' : '?';
    case TypeKind::ListType:
      return letter_of_list(*type, optional);
    default:
      return '?';
  }
}

template <typename... Tensors, size_t... i>
UnboxedCall::Several listed(std::tuple<Tensors...>&& tuple, std::index_sequence<i...>) {
  UnboxedCall::Several tensors;
  (tensors.push_back(std::move(std::get<i>(tuple))), ...);
  return tensors;
}

template <typename... Tensors>
UnboxedCall::Several listed(std::tuple<Tensors...>&& tuple) {
  return listed(std::move(tuple), std::index_sequence_for<Tensors...>());
}

UnboxedCall::Several listed(std::vector<at::Tensor>&& list) {
  return {std::make_move_iterator(list.begin()), std::make_move_iterator(list.end())};
}

template <typename Result, typename... Arguments>
class Call final : public UnboxedCall {
 public:
  explicit Call(const Plan& plan) : operator_(plan.op.typed<Result(Arguments...)>()) {}

  at::Tensor one(const Plan& plan, const Slots& slots, const TensorTable& tensors) const override {
    if constexpr (std::is_same_v<std::remove_reference_t<Result>, at::Tensor>) {
      return call(plan, slots, tensors, std::index_sequence_for<Arguments...>());
    }
    TORCH_INTERNAL_ASSERT(false, plan.name, " gives several tensors");
  }

  Several several(const Plan& plan, const Slots& slots, const TensorTable& tensors) const override {
    if constexpr (!std::is_same_v<std::remove_reference_t<Result>, at::Tensor>) {
      return listed(call(plan, slots, tensors, std::index_sequence_for<Arguments...>()));
    }
    TORCH_INTERNAL_ASSERT(false, plan.name, " gives one tensor");
  }

 private:
  template <size_t... i>
  std::decay_t<Result> call(const Plan& plan, const Slots& slots, const TensorTable& tensors,
                            std::index_sequence<i...>) const {
    auto held = std::tuple(Argument<Arguments>::read(plan.steps[i], slots, tensors)...);
    return operator_.call(Argument<Arguments>::pass(std::get<i>(held))...);
  }

  c10::TypedOperatorHandle<Result(Arguments...)> operator_;
};

/// Letters for what an operator gives, as `Plan::returns` has them.
template <typename Result>
constexpr const char* kResultLetters = "T";
template <>
constexpr const char* kResultLetters<std::tuple<at::Tensor, at::Tensor>> = "TT";
template <>
constexpr const char* kResultLetters<std::tuple<at::Tensor, at::Tensor, at::Tensor>> = "TTT";
template <>
constexpr const char* kResultLetters<std::vector<at::Tensor>> = "L";

using Make = std::function<std::unique_ptr<UnboxedCall>(const Plan&)>;

class Signatures {
 public:
  Signatures() {
    using T = const at::Tensor&;
    using W = at::Tensor&;
    using S = const at::Scalar&;
    using c = std::optional<at::ScalarType>;
    using u = std::optional<at::Layout>;
    using v = std::optional<at::Device>;
    using w = std::optional<bool>;
    using m = std::optional<at::MemoryFormat>;
    using i = int64_t;
    using y = c10::SymInt;
    using L = at::IntArrayRef;
    using M = c10::SymIntArrayRef;
    // element by element, and products of matrices
    add<at::Tensor, T>();
    add<at::Tensor, T, T>();
    add<at::Tensor, T, T, S>();
    add<at::Tensor, T, T, T>();
    add<at::Tensor, T, T, T, S, S>();
    add<at::Tensor, T, S>();
    add<at::Tensor, T, S, S>();
    add<at::Tensor, T, const std::optional<at::Scalar>&, const std::optional<at::Scalar>&>();
    // in place
    add<W, W>();
    add<W, W, T>();
    add<W, W, T, S>();
    add<W, W, T, T, S>();
    add<W, W, T, bool>();
    add<W, W, S>();
    add<W, W, S, S>();
    // views
    add<at::Tensor, T, M>();
    add<at::Tensor, T, M, bool>();
    add<at::Tensor, T, M, M>();
    add<at::Tensor, T, L>();
    add<at::Tensor, T, i>();
    add<at::Tensor, T, i, i>();
    add<at::Tensor, T, i, y>();
    add<at::Tensor, T, i, y, y>();
    // reductions, and what goes along a dimension
    add<at::Tensor, T, c>();
    add<at::Tensor, T, i, c>();
    add<at::Tensor, T, i, T>();
    add<at::Tensor, T, i, bool>();
    add<at::Tensor, T, at::OptionalIntArrayRef, bool, c>();
    add<at::Tensor, T, at::OptionalIntArrayRef, bool>();
    add<at::Tensor, T, std::optional<int64_t>, bool>();
    add<at::Tensor, at::TensorList, i>();
    add<at::Tensor, const at::ITensorListRef&, i>();
    // losses
    add<at::Tensor, T, T, i>();
    // new tensors
    add<at::Tensor, T, m>();
    add<at::Tensor, T, c, u, v, w, m>();
    add<at::Tensor, T, S, c, u, v, w, m>();
    add<at::Tensor, M, c, u, v, w>();
    add<at::Tensor, M, c, u, v, w, m>();
    add<at::Tensor, M, S, c, u, v, w>();
    add<at::Tensor, S, c, u, v, w>();
    add<at::Tensor, S, S, c, u, v, w>();
    add<at::Tensor, S, S, S, c, u, v, w>();
    add<at::Tensor, T, c, bool, bool, m>();
    add<at::Tensor, T, at::ScalarType, bool, bool, m>();
    // modules
    using O = const std::optional<at::Tensor>&;
    using d = double;
    using P2 = std::tuple<at::Tensor, at::Tensor>;
    using P3 = std::tuple<at::Tensor, at::Tensor, at::Tensor>;
    add<at::Tensor, T, T, O>();
    add<at::Tensor, T, T, O, M, M, M, y>();
    add<at::Tensor, T, T, y, bool, bool>();
    add<at::Tensor, T, T, O, i, y>();
    add<at::Tensor, T, T, O, i, y, d>();
    add<at::Tensor, T, T, O, O, i>();
    add<at::Tensor, T, T, T, O, d, bool, std::optional<double>, bool>();
    add<at::Tensor, T, M, O, O, d, bool>();
    add<at::Tensor, T, d, bool>();
    add<at::Tensor, T, bool>();
    add<at::Tensor, T, S, bool>();
    add<at::Tensor, T, L, L, L, L, bool>();
    add<at::Tensor, T, T, T, O, O>();
    add<P2, T, at::TensorList, T, T, O, O>();
    // several results
    using R = std::vector<at::Tensor>;
    add<at::Tensor, T, at::OptionalIntArrayRef, const std::optional<at::Scalar>&, bool>();
    add<P2, T, at::OptionalIntArrayRef, const std::optional<at::Scalar>&, bool>();
    add<P2, T, i>();
    add<P2, T, i, bool>();
    add<P2, T, i, bool, bool>();
    add<P2, T, bool, i, bool>();
    add<P2, T, std::optional<bool>, i, bool>();
    add<P2, T, y, i, bool, bool>();
    add<P2, T, y, i, bool>();
    add<P2, T, std::string_view>();
    add<P2, T, bool>();
    add<P2, T>();
    add<P3, T, bool, bool, bool>();
    add<R, T, i>();
    add<R, T, i, i>();
    add<R, T, y, i>();
    add<R, T, M, i>();
    add<R, at::TensorList>();
  }

  std::unique_ptr<UnboxedCall> find(const Plan& plan) const {
    std::string letters = plan.returns;
    for (const c10::Argument& argument : plan.op.schema().arguments()) letters += letter_of(argument);
    const auto [begin, end] = makers_.equal_range(letters);
    for (auto found = begin; found != end; ++found) {
      if (auto made = found->second(plan)) return made;
    }
    return nullptr;
  }

 private:
  template <typename Result, typename... Arguments>
  void add() {
    const std::string letters = kResultLetters<Result> + std::string{Argument<Arguments>::kLetter...};
    makers_.emplace(letters, [](const Plan& plan) -> std::unique_ptr<UnboxedCall> {
      const Step* step = plan.steps.data();
      if (!(Argument<Arguments>::fits(*step++) && ...)) return nullptr;
      try {
        return std::make_unique<Call<Result, Arguments...>>(plan);
      } catch (const c10::Error&) {
        // The kernels of an operator may have other types for the same schema.
        return nullptr;
      }
    });
  }

  std::unordered_multimap<std::string, Make> makers_;
};

}  // namespace

std::unique_ptr<UnboxedCall> unboxed_call(const Plan& plan) {
  static const Signatures signatures;
  const auto& returns = plan.op.schema().returns();
  if (!plan.in_memory || !plan.reshaped.empty() || returns.empty()) return nullptr;
  return signatures.find(plan);
}

}  // namespace torch_node
