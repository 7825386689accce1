#include <cmath>
#include <limits>
#include <numbers>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/float_types.hpp"

// Arithmetic and mathematics of real and double precision. An infinity out of finite operands is an
// overflow, a zero out of others than zero an underflow; both are errors.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_overflow() {
  fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: overflow");
}
[[noreturn]] void fail_underflow() {
  fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: underflow");
}
[[noreturn]] void fail_input() {
  fail(base::sqlstate::kNumericValueOutOfRange, "input is out of range");
}

double argument(const Datum* args, size_t i) {
  return args[i].as_float();
}

// In the precision of the result's type.

template <typename T>
Datum add(CallContext&, const Datum* args) {
  auto a = static_cast<T>(argument(args, 0));
  auto b = static_cast<T>(argument(args, 1));
  T sum = a + b;
  if (std::isinf(sum) && !std::isinf(a) && !std::isinf(b)) fail_overflow();
  return Datum::of_float(sum);
}
template <typename T>
Datum subtract(CallContext&, const Datum* args) {
  auto a = static_cast<T>(argument(args, 0));
  auto b = static_cast<T>(argument(args, 1));
  T difference = a - b;
  if (std::isinf(difference) && !std::isinf(a) && !std::isinf(b)) fail_overflow();
  return Datum::of_float(difference);
}
template <typename T>
Datum multiply(CallContext&, const Datum* args) {
  auto a = static_cast<T>(argument(args, 0));
  auto b = static_cast<T>(argument(args, 1));
  T product = a * b;
  if (std::isinf(product) && !std::isinf(a) && !std::isinf(b)) fail_overflow();
  if (product == 0 && a != 0 && b != 0) fail_underflow();
  return Datum::of_float(product);
}
template <typename T>
Datum divide(CallContext&, const Datum* args) {
  auto a = static_cast<T>(argument(args, 0));
  auto b = static_cast<T>(argument(args, 1));
  if (b == 0 && !std::isnan(a)) fail_division_by_zero();
  T quotient = a / b;
  if (std::isinf(quotient) && !std::isinf(a)) fail_overflow();
  if (quotient == 0 && a != 0 && !std::isinf(b)) fail_underflow();
  return Datum::of_float(quotient);
}

template <double (*f)(double)>
Datum simple(CallContext&, const Datum* args) {
  return Datum::of_float(f(argument(args, 0)));
}
double negate(double v) {
  return -v;
}
double absolute(double v) {
  return std::fabs(v);
}
double ceiling(double v) {
  return std::ceil(v);
}
double floored(double v) {
  return std::floor(v);
}
double rounded(double v) {
  return std::rint(v);
}
double cut(double v) {
  return std::trunc(v);
}
double sign_of(double v) {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}
double to_degrees(double v) {
  return v / (std::numbers::pi / 180);
}
double to_radians(double v) {
  return v * (std::numbers::pi / 180);
}

template <double (*f)(double)>
Datum checked(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  double result = f(v);
  if (std::isinf(result) && !std::isinf(v)) fail_overflow();
  if (result == 0 && v != 0 && std::isfinite(v)) fail_underflow();
  return Datum::of_float(result);
}
double cube_root(double v) {
  return std::cbrt(v);
}

Datum exponential(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  double result = std::exp(v);
  if (std::isinf(result) && !std::isinf(v)) fail_overflow();
  if (result == 0 && !std::isinf(v)) fail_underflow();
  return Datum::of_float(result);
}

Datum square_root(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  if (v < 0) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "cannot take square root of a negative number");
  }
  return Datum::of_float(std::sqrt(v));
}

template <double (*f)(double)>
Datum logarithm(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  if (v == 0) fail(base::sqlstate::kInvalidArgumentForLog, "cannot take logarithm of zero");
  if (v < 0) {
    fail(base::sqlstate::kInvalidArgumentForLog, "cannot take logarithm of a negative number");
  }
  return Datum::of_float(f(v));
}
double natural(double v) {
  return std::log(v);
}
double decimal(double v) {
  return std::log10(v);
}

Datum power(CallContext&, const Datum* args) {
  double base = argument(args, 0);
  double exponent = argument(args, 1);
  if (std::isnan(base)) return Datum::of_float(exponent == 0 ? 1 : base);
  if (std::isnan(exponent)) return Datum::of_float(base == 1 ? 1 : exponent);
  if (base == 0 && exponent < 0) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "zero raised to a negative power is undefined");
  }
  if (base < 0 && std::isfinite(exponent) && std::floor(exponent) != exponent) {
    fail(base::sqlstate::kInvalidArgumentForPowerFunction,
         "a negative number raised to a non-integer power yields a complex result");
  }
  double result = std::pow(base, exponent);
  bool finite = std::isfinite(base) && std::isfinite(exponent);
  if (std::isinf(result) && finite) fail_overflow();
  if (result == 0 && finite && base != 0) fail_underflow();
  return Datum::of_float(result);
}

// --- trigonometry: an infinite angle has none

template <double (*f)(double)>
Datum of_angle(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  if (std::isinf(v)) fail_input();
  return Datum::of_float(f(v));
}
double sine(double v) {
  return std::sin(v);
}
double cosine(double v) {
  return std::cos(v);
}
double tangent(double v) {
  return std::tan(v);
}
double cotangent(double v) {
  return 1 / std::tan(v);
}

template <double (*f)(double)>
Datum of_ratio(CallContext&, const Datum* args) {
  double v = argument(args, 0);
  if (v < -1 || v > 1) fail_input();
  return Datum::of_float(f(v));
}
double arc_sine(double v) {
  return std::asin(v);
}
double arc_cosine(double v) {
  return std::acos(v);
}
double arc_tangent(double v) {
  return std::atan(v);
}
double hyperbolic_arc_tangent(double v) {
  return std::atanh(v);
}
double hyperbolic_sine(double v) {
  return std::sinh(v);
}
double hyperbolic_cosine(double v) {
  return std::cosh(v);
}
double hyperbolic_tangent(double v) {
  return std::tanh(v);
}
double hyperbolic_arc_sine(double v) {
  return std::asinh(v);
}
Datum hyperbolic_arc_cosine(CallContext&, const Datum* args) {
  if (argument(args, 0) < 1) fail_input();
  return Datum::of_float(std::acosh(argument(args, 0)));
}
Datum arc_tangent2(CallContext&, const Datum* args) {
  return Datum::of_float(std::atan2(argument(args, 0), argument(args, 1)));
}
Datum pi(CallContext&, const Datum*) {
  return Datum::of_float(std::numbers::pi);
}

// --- histograms

Datum width_bucket(CallContext&, const Datum* args) {
  double operand = argument(args, 0);
  double low = argument(args, 1);
  double high = argument(args, 2);
  int64_t count = args[3].as_int();
  auto fail_bucket = [](const char* message) {
    fail(base::sqlstate::kInvalidArgumentForWidthBucketFunction, message);
  };
  if (count <= 0) fail_bucket("count must be greater than zero");
  if (std::isnan(operand) || std::isnan(low) || std::isnan(high)) {
    fail_bucket("operand, lower bound, and upper bound cannot be NaN");
  }
  if (std::isinf(low) || std::isinf(high)) fail_bucket("lower and upper bounds must be finite");
  if (low == high) fail_bucket("lower bound cannot equal upper bound");
  bool ascending = low < high;
  int64_t bucket = 0;
  if (ascending ? operand < low : operand > low) {
    bucket = 0;
  } else if (ascending ? operand >= high : operand <= high) {
    bucket = count + 1;
  } else {
    double share = (operand - low) / (high - low);
    bucket = static_cast<int64_t>(share * static_cast<double>(count)) + 1;
    bucket = std::min(bucket, count);
  }
  return integer_result<int32_t>(bucket);
}

constexpr FunctionRow kRows[] = {
    {204, "float4pl(float4, float4) float4", add<float>},
    {218, "float8pl(float8, float8) float8", add<double>, 0, FastOp::kFloat8Add},
    {281, "float48pl(float4, float8) float8", add<double>, 0, FastOp::kFloat8Add},
    {285, "float84pl(float8, float4) float8", add<double>, 0, FastOp::kFloat8Add},
    {205, "float4mi(float4, float4) float4", subtract<float>},
    {219, "float8mi(float8, float8) float8", subtract<double>, 0, FastOp::kFloat8Sub},
    {282, "float48mi(float4, float8) float8", subtract<double>, 0, FastOp::kFloat8Sub},
    {286, "float84mi(float8, float4) float8", subtract<double>, 0, FastOp::kFloat8Sub},
    {202, "float4mul(float4, float4) float4", multiply<float>},
    {216, "float8mul(float8, float8) float8", multiply<double>, 0, FastOp::kFloat8Mul},
    {279, "float48mul(float4, float8) float8", multiply<double>, 0, FastOp::kFloat8Mul},
    {283, "float84mul(float8, float4) float8", multiply<double>, 0, FastOp::kFloat8Mul},
    {203, "float4div(float4, float4) float4", divide<float>},
    {217, "float8div(float8, float8) float8", divide<double>, 0, FastOp::kFloat8Div},
    {280, "float48div(float4, float8) float8", divide<double>, 0, FastOp::kFloat8Div},
    {284, "float84div(float8, float4) float8", divide<double>, 0, FastOp::kFloat8Div},
    {206, "float4um(float4) float4", simple<negate>},
    {207, "float4abs(float4) float4", simple<absolute>},
    {1394, "abs(float4) float4", simple<absolute>},
    {220, "float8um(float8) float8", simple<negate>},
    {221, "float8abs(float8) float8", simple<absolute>},
    {1395, "abs(float8) float8", simple<absolute>},
    {2308, "ceil(float8) float8", simple<ceiling>},
    {2320, "ceiling(float8) float8", simple<ceiling>},
    {2309, "floor(float8) float8", simple<floored>},
    {1342, "round(float8) float8", simple<rounded>},
    {228, "dround(float8) float8", simple<rounded>},
    {1343, "trunc(float8) float8", simple<cut>},
    {229, "dtrunc(float8) float8", simple<cut>},
    {2310, "sign(float8) float8", simple<sign_of>},
    {1608, "degrees(float8) float8", checked<to_degrees>},
    {1609, "radians(float8) float8", checked<to_radians>},
    {1345, "cbrt(float8) float8", simple<cube_root>},
    {231, "dcbrt(float8) float8", simple<cube_root>},
    {1347, "exp(float8) float8", exponential},
    {233, "dexp(float8) float8", exponential},
    {1344, "sqrt(float8) float8", square_root},
    {230, "dsqrt(float8) float8", square_root},
    {1341, "ln(float8) float8", logarithm<natural>},
    {234, "dlog1(float8) float8", logarithm<natural>},
    {1340, "log(float8) float8", logarithm<decimal>},
    {1194, "log10(float8) float8", logarithm<decimal>},
    {1339, "dlog10(float8) float8", logarithm<decimal>},
    {1604, "sin(float8) float8", of_angle<sine>},
    {1605, "cos(float8) float8", of_angle<cosine>},
    {1606, "tan(float8) float8", of_angle<tangent>},
    {1607, "cot(float8) float8", of_angle<cotangent>},
    {1600, "asin(float8) float8", of_ratio<arc_sine>},
    {1601, "acos(float8) float8", of_ratio<arc_cosine>},
    {1602, "atan(float8) float8", simple<arc_tangent>},
    {2467, "atanh(float8) float8", of_ratio<hyperbolic_arc_tangent>},
    {2462, "sinh(float8) float8", simple<hyperbolic_sine>},
    {2463, "cosh(float8) float8", simple<hyperbolic_cosine>},
    {2464, "tanh(float8) float8", simple<hyperbolic_tangent>},
    {2465, "asinh(float8) float8", simple<hyperbolic_arc_sine>},
    {2466, "acosh(float8) float8", hyperbolic_arc_cosine},
    {1368, "power(float8, float8) float8", power},
    {1346, "pow(float8, float8) float8", power},
    {232, "dpow(float8, float8) float8", power},
    {1603, "atan2(float8, float8) float8", arc_tangent2},
    {1610, "pi() float8", pi},
    {320, "width_bucket(float8, float8, float8, int4) int4", width_bucket},
};

}  // namespace

const std::span<const FunctionRow> kFloatMath = kRows;

}  // namespace isolde::sql
