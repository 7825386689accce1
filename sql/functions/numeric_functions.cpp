#include <cmath>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/float_types.hpp"
#include "sql/types/numeric.hpp"

// Arithmetic, rounding and casts of numeric.

namespace isolde::sql {

namespace {

Numeric argument(const Datum* args, size_t i) {
  return Numeric::read(args[i]);
}

template <Numeric (*op)(const Numeric&, const Numeric&)>
Datum binary(CallContext& context, const Datum* args) {
  return op(argument(args, 0), argument(args, 1)).write(context.arena);
}
Numeric sum(const Numeric& a, const Numeric& b) {
  return a + b;
}
Numeric difference(const Numeric& a, const Numeric& b) {
  return a - b;
}
Numeric product(const Numeric& a, const Numeric& b) {
  return a * b;
}
Numeric quotient(const Numeric& a, const Numeric& b) {
  return a / b;
}
Numeric remainder(const Numeric& a, const Numeric& b) {
  return a % b;
}
Numeric whole_quotient(const Numeric& a, const Numeric& b) {
  if (a.is_finite() && b.is_finite()) return Numeric::divide(a, b, 0, false);
  return (a / b).truncated(0);
}
Numeric greater(const Numeric& a, const Numeric& b) {
  return compare(a, b) > 0 ? a : b;
}
Numeric lesser(const Numeric& a, const Numeric& b) {
  return compare(a, b) < 0 ? a : b;
}

template <Numeric (*op)(const Numeric&)>
Datum unary(CallContext& context, const Datum* args) {
  return op(argument(args, 0)).write(context.arena);
}
Numeric negated(const Numeric& n) {
  return n.negated();
}
Numeric absolute(const Numeric& n) {
  return n.absolute();
}
Numeric ceiling(const Numeric& n) {
  return n.ceil();
}
Numeric floored(const Numeric& n) {
  return n.floor();
}
Numeric sign_of(const Numeric& n) {
  return n.is_nan() ? n : Numeric::of(n.sign());
}
Numeric round_whole(const Numeric& n) {
  return n.rounded(0);
}
Numeric cut_whole(const Numeric& n) {
  return n.truncated(0);
}
Numeric decimal_logarithm(const Numeric& n) {
  return logarithm(Numeric::of(10), n);
}

Datum same(CallContext&, const Datum* args) {
  return args[0];
}

int clamp_scale(int64_t scale) {
  constexpr int64_t kLimit = Numeric::kMaxResultScale * 2;
  return static_cast<int>(std::clamp<int64_t>(scale, -kLimit, kLimit));
}
Datum round_to(CallContext& context, const Datum* args) {
  return argument(args, 0).rounded(clamp_scale(args[1].as_int())).write(context.arena);
}
Datum trunc_to(CallContext& context, const Datum* args) {
  return argument(args, 0).truncated(clamp_scale(args[1].as_int())).write(context.arena);
}
Datum fit(CallContext& context, const Datum* args) {
  return argument(args, 0).fitted(static_cast<int32_t>(args[1].as_int())).write(context.arena);
}

Datum scale_of(CallContext&, const Datum* args) {
  Numeric n = argument(args, 0);
  return n.is_finite() ? Datum::of_int(n.scale()) : Datum::null();
}

/// The decimals needed to show every digit.
int least_scale(const Numeric& n) {
  if (n.digits().empty()) return 0;
  int base_digits = static_cast<int>(n.digits().size()) - 1 - n.weight();
  if (base_digits <= 0) return 0;
  int scale = base_digits * Numeric::kBaseDigits;
  for (int last = n.digits().back(); last % 10 == 0; last /= 10) --scale;
  return scale;
}
Datum min_scale(CallContext&, const Datum* args) {
  Numeric n = argument(args, 0);
  return n.is_finite() ? Datum::of_int(least_scale(n)) : Datum::null();
}
Numeric without_zeros(const Numeric& n) {
  return n.is_finite() ? n.with_scale(least_scale(n)) : n;
}

Numeric greatest_divisor(Numeric a, Numeric b) {
  if (!a.is_finite() || !b.is_finite()) return Numeric(Numeric::Kind::kNan);
  int scale = std::max(a.scale(), b.scale());
  a = a.absolute();
  b = b.absolute();
  while (!b.is_zero()) {
    Numeric rest = a % b;
    a = std::move(b);
    b = std::move(rest);
  }
  return a.with_scale(scale);
}
Numeric gcd(const Numeric& a, const Numeric& b) {
  return greatest_divisor(a, b);
}
Numeric lcm(const Numeric& a, const Numeric& b) {
  if (!a.is_finite() || !b.is_finite()) return Numeric(Numeric::Kind::kNan);
  int scale = std::max(a.scale(), b.scale());
  if (a.is_zero() || b.is_zero()) return Numeric().with_scale(scale);
  Numeric share = Numeric::divide(a, greatest_divisor(a, b), 0, false);
  return (share * b).absolute().with_scale(scale);
}

/// n! for n up to 32177, above which it overflows.
Datum factorial(CallContext& context, const Datum* args) {
  int64_t n = args[0].as_int();
  if (n < 0) {
    fail(base::sqlstate::kNumericValueOutOfRange, "factorial of a negative number is undefined");
  }
  if (n > 32177) fail(base::sqlstate::kNumericValueOutOfRange, "value overflows numeric format");
  Numeric result = Numeric::of(1);
  for (int64_t i = 2; i <= n; ++i) {
    context.poll();
    result = result * Numeric::of(i);
  }
  return result.write(context.arena);
}

// --- casts

Datum of_int(CallContext& context, const Datum* args) {
  return Numeric::of(args[0].as_int()).write(context.arena);
}
template <int digits>
Datum of_float(CallContext& context, const Datum* args) {
  return Numeric::of_float(args[0].as_float(), digits).write(context.arena);
}

template <typename T>
Datum to_int(CallContext&, const Datum* args) {
  Numeric n = argument(args, 0);
  const char* type = sizeof(T) == 2 ? "smallint" : sizeof(T) == 4 ? "integer" : "bigint";
  if (!n.is_finite()) {
    fail(base::sqlstate::kFeatureNotSupported,
         std::string("cannot convert ") + (n.is_nan() ? "NaN" : "infinity") + " to " + type);
  }
  int64_t value = 0;
  if (!n.to_int64(value)) fail_integer_range<T>();
  return integer_result<T>(value);
}

Datum to_float8(CallContext&, const Datum* args) {
  Numeric n = argument(args, 0);
  double value = n.to_double();
  if (n.is_finite() && (std::isinf(value) || (value == 0 && !n.is_zero()))) {
    parse_float8(n.to_string());
  }
  return Datum::of_float(value);
}
Datum to_float4(CallContext&, const Datum* args) {
  return Datum::of_float(parse_float4(argument(args, 0).to_string()));
}

constexpr FunctionRow kRows[] = {
    {1724, "numeric_add(numeric, numeric) numeric", binary<sum>},
    {1725, "numeric_sub(numeric, numeric) numeric", binary<difference>},
    {1726, "numeric_mul(numeric, numeric) numeric", binary<product>},
    {1727, "numeric_div(numeric, numeric) numeric", binary<quotient>},
    {1729, "numeric_mod(numeric, numeric) numeric", binary<remainder>},
    {1728, "mod(numeric, numeric) numeric", binary<remainder>},
    {1973, "div(numeric, numeric) numeric", binary<whole_quotient>},
    {1767, "numeric_larger(numeric, numeric) numeric", binary<greater>},
    {1766, "numeric_smaller(numeric, numeric) numeric", binary<lesser>},
    {1771, "numeric_uminus(numeric) numeric", unary<negated>},
    {1915, "numeric_uplus(numeric) numeric", same},
    {1704, "numeric_abs(numeric) numeric", unary<absolute>},
    {1705, "abs(numeric) numeric", unary<absolute>},
    {1711, "ceil(numeric) numeric", unary<ceiling>},
    {2167, "ceiling(numeric) numeric", unary<ceiling>},
    {1712, "floor(numeric) numeric", unary<floored>},
    {1706, "sign(numeric) numeric", unary<sign_of>},
    {1707, "round(numeric, int4) numeric", round_to},
    {1709, "trunc(numeric, int4) numeric", trunc_to},
    {1708, "round(numeric) numeric", unary<round_whole>},
    {1710, "trunc(numeric) numeric", unary<cut_whole>},
    {1703, "numeric(numeric, int4) numeric", fit},
    {3281, "scale(numeric) int4", scale_of},
    {5042, "min_scale(numeric) int4", min_scale},
    {5043, "trim_scale(numeric) numeric", unary<without_zeros>},
    {5048, "gcd(numeric, numeric) numeric", binary<gcd>},
    {5049, "lcm(numeric, numeric) numeric", binary<lcm>},
    {1376, "factorial(int8) numeric", factorial},
    {1730, "sqrt(numeric) numeric", unary<square_root>},
    {1731, "numeric_sqrt(numeric) numeric", unary<square_root>},
    {1732, "exp(numeric) numeric", unary<exponential>},
    {1733, "numeric_exp(numeric) numeric", unary<exponential>},
    {1734, "ln(numeric) numeric", unary<natural_logarithm>},
    {1735, "numeric_ln(numeric) numeric", unary<natural_logarithm>},
    {1736, "log(numeric, numeric) numeric", binary<logarithm>},
    {1741, "log(numeric) numeric", unary<decimal_logarithm>},
    {1481, "log10(numeric) numeric", unary<decimal_logarithm>},
    {2169, "power(numeric, numeric) numeric", binary<power>},
    {1738, "pow(numeric, numeric) numeric", binary<power>},
    {1739, "numeric_power(numeric, numeric) numeric", binary<power>},
    {1782, "numeric(int2) numeric", of_int},
    {1740, "numeric(int4) numeric", of_int},
    {1781, "numeric(int8) numeric", of_int},
    {1743, "numeric(float8) numeric", of_float<15>},
    {1742, "numeric(float4) numeric", of_float<6>},
    {1783, "int2(numeric) int2", to_int<int16_t>},
    {1744, "int4(numeric) int4", to_int<int32_t>},
    {1779, "int8(numeric) int8", to_int<int64_t>},
    {1746, "float8(numeric) float8", to_float8},
    {1745, "float4(numeric) float4", to_float4},
};

}  // namespace

const std::span<const FunctionRow> kNumericFunctionRows = kRows;

}  // namespace isolde::sql
