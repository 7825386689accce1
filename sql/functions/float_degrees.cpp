#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sql/functions/declaration.hpp"
#include "sql/functions/random_state.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/numeric.hpp"

// Trigonometry in degrees, exact where the mathematical value is: sind(30) is 0.5. Each function is
// scaled so that it is exact at 30, 45 or 60 degrees; angles are brought to the first quadrant
// first. Also random numbers, and width_bucket for numeric.

namespace isolde::sql {

namespace {

constexpr double kPerDegree = std::numbers::pi / 180;

// volatile keeps the compiler from folding: the constants must be what the library gives.
double library_sine(double degrees) {
  volatile double radians = degrees * kPerDegree;
  return std::sin(radians);
}
double library_cosine(double degrees) {
  volatile double radians = degrees * kPerDegree;
  return std::cos(radians);
}

/// From 0 to 30 degrees.
double small_sine(double x) {
  static const double kSine30 = library_sine(30);
  volatile double sine = library_sine(x);
  return (sine / kSine30) / 2;
}
/// From 0 to 60 degrees.
double small_cosine(double x) {
  static const double kOneMinusCosine60 = 1 - library_cosine(60);
  volatile double one_minus = 1 - library_cosine(x);
  return 1 - (one_minus / kOneMinusCosine60) / 2;
}
double quadrant_sine(double x) {
  return x <= 30 ? small_sine(x) : small_cosine(90 - x);
}
double quadrant_cosine(double x) {
  return x <= 60 ? small_cosine(x) : small_sine(90 - x);
}
double tangent_of_45() {
  static const double kTangent = quadrant_sine(45) / quadrant_cosine(45);
  return kTangent;
}
double cotangent_of_45() {
  static const double kCotangent = quadrant_cosine(45) / quadrant_sine(45);
  return kCotangent;
}

double finite_angle(double x) {
  if (std::isinf(x)) fail(base::sqlstate::kNumericValueOutOfRange, "input is out of range");
  return std::fmod(x, 360);
}

double sine(double x) {
  x = finite_angle(x);
  double sign = x < 0 ? -1 : 1;
  x = std::fabs(x);
  if (x > 180) {
    x = 360 - x;
    sign = -sign;
  }
  if (x > 90) x = 180 - x;
  return sign * quadrant_sine(x);
}
double cosine(double x) {
  x = std::fabs(finite_angle(x));
  double sign = 1;
  if (x > 180) x = 360 - x;
  if (x > 90) {
    x = 180 - x;
    sign = -1;
  }
  return sign * quadrant_cosine(x);
}

/// Sign and angle of the first quadrant, for functions of period 180.
struct Folded {
  double sign;
  double angle;
};
Folded fold(double x) {
  x = finite_angle(x);
  Folded f{x < 0 ? -1.0 : 1.0, std::fabs(x)};
  if (f.angle > 180) f = {-f.sign, 360 - f.angle};
  if (f.angle > 90) f = {-f.sign, 180 - f.angle};
  return f;
}
double tangent(double x) {
  Folded f = fold(x);
  double result = quadrant_sine(f.angle) / quadrant_cosine(f.angle);
  result = f.sign * (result / tangent_of_45());
  return result == 0 ? 0.0 : result;  // no minus zero
}
double cotangent(double x) {
  Folded f = fold(x);
  double result = quadrant_cosine(f.angle) / quadrant_sine(f.angle);
  result = f.sign * (result / cotangent_of_45());
  return result == 0 ? 0.0 : result;
}

double library_arc_sine(double x) {
  volatile double y = x;
  return std::asin(y);
}
double library_arc_cosine(double x) {
  volatile double y = x;
  return std::acos(y);
}
double library_arc_tangent(double x) {
  volatile double y = x;
  return std::atan(y);
}

/// From 0 to 1.
double quadrant_arc_sine(double x) {
  if (x <= 0.5) return library_arc_sine(x) / library_arc_sine(0.5) * 30;
  return 90 - library_arc_cosine(x) / library_arc_cosine(0.5) * 60;
}
double quadrant_arc_cosine(double x) {
  if (x <= 0.5) return 90 - library_arc_sine(x) / library_arc_sine(0.5) * 30;
  return library_arc_cosine(x) / library_arc_cosine(0.5) * 60;
}
void check_ratio(double x) {
  if (x < -1 || x > 1) fail(base::sqlstate::kNumericValueOutOfRange, "input is out of range");
}
double arc_sine(double x) {
  check_ratio(x);
  return x >= 0 ? quadrant_arc_sine(x) : -quadrant_arc_sine(-x);
}
double arc_cosine(double x) {
  check_ratio(x);
  return x >= 0 ? quadrant_arc_cosine(x) : 90 + quadrant_arc_sine(-x);
}
double arc_tangent(double x) {
  return library_arc_tangent(x) / library_arc_tangent(1) * 45;
}

template <double (*f)(double)>
Datum of_one(CallContext&, const Datum* args) {
  double x = args[0].as_float();
  return std::isnan(x) ? args[0] : Datum::of_float(f(x));
}
Datum arc_tangent2(CallContext&, const Datum* args) {
  double y = args[0].as_float();
  double x = args[1].as_float();
  if (std::isnan(x) || std::isnan(y)) return Datum::of_float(std::nan(""));
  volatile double radians = std::atan2(y, x);
  return Datum::of_float(radians / library_arc_tangent(1) * 45);
}

Datum same(CallContext&, const Datum* args) {
  return args[0];
}

// --- random

RandomState& state_of(CallContext& context) {
  thread_local RandomState outside_of_sessions;
  return context.services != nullptr ? context.services->random_state() : outside_of_sessions;
}
Datum random(CallContext& context, const Datum*) {
  return Datum::of_float(state_of(context).next_fraction());
}
Datum set_seed(CallContext& context, const Datum* args) {
  double seed = args[0].as_float();
  if (std::isnan(seed) || seed < -1 || seed > 1) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("setseed parameter {} is out of allowed range [-1,1]",
                     std::isnan(seed) ? "NaN" : fmt::format("{:g}", seed)));
  }
  state_of(context).seed_fraction(seed);
  return Datum::of_bytes("");
}

// --- width_bucket

[[noreturn]] void fail_bucket(const char* message) {
  fail(base::sqlstate::kInvalidArgumentForWidthBucketFunction, message);
}
Datum width_bucket(CallContext&, const Datum* args) {
  Numeric operand = Numeric::read(args[0]);
  Numeric low = Numeric::read(args[1]);
  Numeric high = Numeric::read(args[2]);
  int64_t count = args[3].as_int();
  if (count <= 0) fail_bucket("count must be greater than zero");
  if (operand.is_nan() || low.is_nan() || high.is_nan()) {
    fail_bucket("operand, lower bound, and upper bound cannot be NaN");
  }
  if (low.is_infinite() || high.is_infinite()) {
    fail_bucket("lower and upper bounds must be finite");
  }
  auto order = compare(low, high);
  if (order == 0) fail_bucket("lower bound cannot equal upper bound");
  bool ascending = order < 0;
  auto to_low = compare(operand, low);
  auto to_high = compare(operand, high);
  if (ascending ? to_low < 0 : to_low > 0) return Datum::of_int(0);
  if (ascending ? to_high >= 0 : to_high <= 0) return integer_result<int32_t>(count + 1);
  int64_t bucket = 0;
  Numeric::divide((operand - low) * Numeric::of(count), high - low, 0, false).to_int64(bucket);
  return integer_result<int32_t>(bucket + 1);
}

constexpr FunctionRow kRows[] = {
    {2735, "sind(float8) float8", of_one<sine>},
    {2736, "cosd(float8) float8", of_one<cosine>},
    {2737, "tand(float8) float8", of_one<tangent>},
    {2738, "cotd(float8) float8", of_one<cotangent>},
    {2732, "acosd(float8) float8", of_one<arc_cosine>},
    {2731, "asind(float8) float8", of_one<arc_sine>},
    {2733, "atand(float8) float8", of_one<arc_tangent>},
    {2734, "atan2d(float8, float8) float8", arc_tangent2},
    {1913, "float4up(float4) float4", same},
    {1914, "float8up(float8) float8", same},
    {1598, "random() float8", random, kVolatile},
    {1599, "setseed(float8) void", set_seed, kVolatile},
    {2170, "width_bucket(numeric, numeric, numeric, int4) int4", width_bucket},
};

}  // namespace

const std::span<const FunctionRow> kFloatDegrees = kRows;

}  // namespace isolde::sql
