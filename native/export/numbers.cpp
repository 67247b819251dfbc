#include "export/numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <ATen/ATen.h>

namespace torch_node {
namespace {

using c10::IValue;
using Numbers = std::vector<IValue>;

bool is_integral(const IValue& value) { return value.isInt() || value.isBool(); }

int64_t integer(const IValue& value) {
  if (value.isBool()) return value.toBool() ? 1 : 0;
  TORCH_CHECK_TYPE(value.isInt(), "a program needs an int, but has ", value.tagKind());
  return value.toInt();
}

double real(const IValue& value) {
  if (value.isDouble()) return value.toDouble();
  return static_cast<double>(integer(value));
}

int64_t whole(double value, const char* name) {
  TORCH_CHECK_VALUE(!std::isnan(value), "cannot convert float NaN to integer");
  // 2^63 is the first double that is too large.
  TORCH_CHECK(std::abs(value) < 9223372036854775808.0, name, ": the result does not fit in 64 bits");
  return static_cast<int64_t>(value);
}

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

/// Python's ints have no limit; those of tensors' sizes do.
void check_fits(bool fits, const char* name) { TORCH_CHECK(fits, name, ": the result does not fit in 64 bits"); }

int64_t sum(int64_t a, int64_t b, const char* name) {
  check_fits(b >= 0 ? a <= kMost - b : a >= kLeast - b, name);
  return a + b;
}

int64_t product(int64_t a, int64_t b, const char* name) {
  if (a == 0 || b == 0) return 0;
  if (a > 0) {
    check_fits(b > 0 ? a <= kMost / b : b >= kLeast / a, name);
  } else {
    check_fits(b > 0 ? a >= kLeast / b : b >= kMost / a, name);
  }
  return a * b;
}

IValue add(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1])) return real(x[0]) + real(x[1]);
  return sum(integer(x[0]), integer(x[1]), "add");
}

IValue sub(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1])) return real(x[0]) - real(x[1]);
  const int64_t a = integer(x[0]);
  const int64_t b = integer(x[1]);
  check_fits(b >= 0 ? a >= kLeast + b : a <= kMost + b, "sub");
  return a - b;
}

IValue mul(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1])) return real(x[0]) * real(x[1]);
  return product(integer(x[0]), integer(x[1]), "mul");
}

IValue truediv(const Numbers& x) {
  TORCH_CHECK(real(x[1]) != 0, is_integral(x[0]) && is_integral(x[1]) ? "division by zero" : "float division by zero");
  return real(x[0]) / real(x[1]);
}

void check_divisor(int64_t a, int64_t b) {
  TORCH_CHECK(b != 0, "integer division or modulo by zero");
  TORCH_CHECK(b != -1 || a != kLeast, "floordiv: the result does not fit in 64 bits");
}

/// The remainder with the sign of the divisor.
double float_mod(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest == 0) return std::copysign(0.0, b);
  if ((rest < 0) != (b < 0)) rest += b;
  return rest;
}

IValue floordiv(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1])) {
    const double a = real(x[0]);
    const double b = real(x[1]);
    TORCH_CHECK(b != 0, "float floor division by zero");
    // As Python computes it, so that a quotient that is rounded up is not taken for the next integer.
    const double quotient = (a - float_mod(a, b)) / b;
    if (quotient == 0) return std::copysign(0.0, a / b);
    const double floored = std::floor(quotient);
    return quotient - floored > 0.5 ? floored + 1 : floored;
  }
  const int64_t a = integer(x[0]);
  const int64_t b = integer(x[1]);
  check_divisor(a, b);
  const int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

IValue mod(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1])) {
    TORCH_CHECK(real(x[1]) != 0, "float modulo by zero");
    return float_mod(real(x[0]), real(x[1]));
  }
  const int64_t a = integer(x[0]);
  const int64_t b = integer(x[1]);
  check_divisor(a, b);
  const int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

IValue pow(const Numbers& x) {
  if (!is_integral(x[0]) || !is_integral(x[1]) || integer(x[1]) < 0) {
    TORCH_CHECK(real(x[0]) != 0 || real(x[1]) >= 0, "0.0 cannot be raised to a negative power");
    const double result = std::pow(real(x[0]), real(x[1]));
    const bool finite = std::isfinite(real(x[0])) && std::isfinite(real(x[1]));
    TORCH_CHECK(!finite || !std::isnan(result), "pow: the result is a complex number");
    TORCH_CHECK(!finite || !std::isinf(result), "(34, 'Numerical result out of range')");
    return result;
  }
  int64_t base = integer(x[0]);
  int64_t result = 1;
  for (int64_t exponent = integer(x[1]); exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = product(result, base, "pow");
    if (exponent > 1) base = product(base, base, "pow");
  }
  return result;
}

IValue lshift(const Numbers& x) {
  const int64_t by = integer(x[1]);
  TORCH_CHECK_VALUE(by >= 0, "negative shift count");
  const int64_t value = integer(x[0]);
  if (value == 0) return value;
  if (by == 63 && value == -1) return kLeast;
  check_fits(by < 63, "lshift");
  return product(value, int64_t{1} << by, "lshift");
}

IValue rshift(const Numbers& x) {
  TORCH_CHECK_VALUE(integer(x[1]) >= 0, "negative shift count");
  return integer(x[0]) >> std::min<int64_t>(integer(x[1]), 63);
}

IValue bit_and(const Numbers& x) {
  if (x[0].isBool() && x[1].isBool()) return x[0].toBool() && x[1].toBool();
  return integer(x[0]) & integer(x[1]);
}

IValue bit_or(const Numbers& x) {
  if (x[0].isBool() && x[1].isBool()) return x[0].toBool() || x[1].toBool();
  return integer(x[0]) | integer(x[1]);
}

/// -1, 0 or 1; 2 where one is NaN.
int compared(const IValue& a, const IValue& b) {
  if (is_integral(a) && is_integral(b)) {
    return integer(a) < integer(b) ? -1 : integer(a) > integer(b) ? 1 : 0;
  }
  const double left = real(a);
  const double right = real(b);
  if (left < right) return -1;
  if (left > right) return 1;
  return left == right ? 0 : 2;
}

IValue eq(const Numbers& x) { return compared(x[0], x[1]) == 0; }
IValue ne(const Numbers& x) { return compared(x[0], x[1]) != 0; }
IValue lt(const Numbers& x) { return compared(x[0], x[1]) == -1; }
IValue gt(const Numbers& x) { return compared(x[0], x[1]) == 1; }
IValue le(const Numbers& x) { return compared(x[0], x[1]) <= 0; }
IValue ge(const Numbers& x) {
  const int order = compared(x[0], x[1]);
  return order == 0 || order == 1;
}

IValue neg(const Numbers& x) {
  if (x[0].isDouble()) return -x[0].toDouble();
  return sub({IValue(int64_t{0}), x[0]});
}

IValue pos(const Numbers& x) {
  if (x[0].isDouble()) return x[0];
  return integer(x[0]);
}

IValue trunc(const Numbers& x) {
  if (is_integral(x[0])) return integer(x[0]);
  return whole(std::trunc(real(x[0])), "trunc");
}

IValue floor(const Numbers& x) {
  if (is_integral(x[0])) return integer(x[0]);
  return whole(std::floor(real(x[0])), "floor");
}

IValue ceil(const Numbers& x) {
  if (is_integral(x[0])) return integer(x[0]);
  return whole(std::ceil(real(x[0])), "ceil");
}

IValue to_float(const Numbers& x) { return real(x[0]); }
IValue negated(const Numbers& x) { return !is_true(x[0]); }
IValue choice(const Numbers& x) { return is_true(x[0]) ? x[1] : x[2]; }

IValue promoted(const IValue& chosen, const IValue& other) {
  if (chosen.isDouble() || other.isDouble()) return real(chosen);
  return chosen;
}

IValue maximum(const Numbers& x) { return compared(x[1], x[0]) == 1 ? promoted(x[1], x[0]) : promoted(x[0], x[1]); }

IValue minimum(const Numbers& x) { return compared(x[1], x[0]) == -1 ? promoted(x[1], x[0]) : promoted(x[0], x[1]); }

IValue square_root(const Numbers& x) {
  TORCH_CHECK_VALUE(!(real(x[0]) < 0), "math domain error");
  return std::sqrt(real(x[0]));
}

const std::map<std::string, NumberOperator>& operators() {
  static const std::map<std::string, NumberOperator> all = {
      {"_operator.add", {add, 2}},
      {"_operator.sub", {sub, 2}},
      {"_operator.mul", {mul, 2}},
      {"_operator.truediv", {truediv, 2}},
      {"_operator.floordiv", {floordiv, 2}},
      {"_operator.mod", {mod, 2}},
      {"_operator.pow", {pow, 2}},
      {"_operator.lshift", {lshift, 2}},
      {"_operator.rshift", {rshift, 2}},
      {"_operator.and_", {bit_and, 2}},
      {"_operator.or_", {bit_or, 2}},
      {"_operator.eq", {eq, 2}},
      {"_operator.ne", {ne, 2}},
      {"_operator.lt", {lt, 2}},
      {"_operator.gt", {gt, 2}},
      {"_operator.le", {le, 2}},
      {"_operator.ge", {ge, 2}},
      {"_operator.neg", {neg, 1}},
      {"_operator.pos", {pos, 1}},
      {"math.trunc", {trunc, 1}},
      {"math.floor", {floor, 1}},
      {"math.ceil", {ceil, 1}},
      {"torch.sym_int", {trunc, 1}},
      {"torch.sym_float", {to_float, 1}},
      {"torch.sym_not", {negated, 1}},
      {"torch.sym_ite", {choice, 3}},
      {"torch.sym_max", {maximum, 2}},
      {"torch.sym_min", {minimum, 2}},
      {"torch.sym_sqrt", {square_root, 1}},
      {"torch._sym_sqrt", {square_root, 1}},
  };
  return all;
}

}  // namespace

const NumberOperator* number_operator(const std::string& target) {
  const auto found = operators().find(target);
  return found == operators().end() ? nullptr : &found->second;
}

bool is_true(const IValue& value) {
  if (value.isTensor()) return value.toTensor().item().toBool();
  if (value.isDouble()) return value.toDouble() != 0;
  return integer(value) != 0;
}

}  // namespace torch_node
