#include <cstdlib>
#include <limits>
#include <numeric>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"

// Arithmetic and bits of smallint, integer and bigint. Mixed operands give the wider type, so one
// template a result type serves them all.

namespace isolde::sql {

namespace {

template <typename T>
Datum add(CallContext&, const Datum* args) {
  int64_t sum;
  if (__builtin_add_overflow(args[0].as_int(), args[1].as_int(), &sum)) fail_integer_range<T>();
  return integer_result<T>(sum);
}

template <typename T>
Datum subtract(CallContext&, const Datum* args) {
  int64_t difference;
  if (__builtin_sub_overflow(args[0].as_int(), args[1].as_int(), &difference)) {
    fail_integer_range<T>();
  }
  return integer_result<T>(difference);
}

template <typename T>
Datum multiply(CallContext&, const Datum* args) {
  int64_t product;
  if (__builtin_mul_overflow(args[0].as_int(), args[1].as_int(), &product)) {
    fail_integer_range<T>();
  }
  return integer_result<T>(product);
}

template <typename T>
Datum divide(CallContext&, const Datum* args) {
  int64_t divisor = args[1].as_int();
  if (divisor == 0) fail_division_by_zero();
  if (divisor == -1) {
    // The one quotient that does not fit, and that traps on x86.
    if (args[0].as_int() == std::numeric_limits<T>::min()) fail_integer_range<T>();
    return Datum::of_int(-args[0].as_int());
  }
  return integer_result<T>(args[0].as_int() / divisor);
}

template <typename T>
Datum modulo(CallContext&, const Datum* args) {
  int64_t divisor = args[1].as_int();
  if (divisor == 0) fail_division_by_zero();
  return Datum::of_int(divisor == -1 ? 0 : args[0].as_int() % divisor);
}

template <typename T>
Datum negate(CallContext&, const Datum* args) {
  if (args[0].as_int() == std::numeric_limits<T>::min()) fail_integer_range<T>();
  return Datum::of_int(-args[0].as_int());
}

Datum same(CallContext&, const Datum* args) {
  return args[0];
}

template <typename T>
Datum absolute(CallContext& context, const Datum* args) {
  return args[0].as_int() < 0 ? negate<T>(context, args) : args[0];
}

Datum bit_and(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_int() & args[1].as_int());
}
Datum bit_or(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_int() | args[1].as_int());
}
Datum bit_xor(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_int() ^ args[1].as_int());
}
Datum bit_not(CallContext&, const Datum* args) {
  return Datum::of_int(~args[0].as_int());
}

/// Shifts by what the machine does with the low bits of the count: int2 and int4 are shifted as 32
/// bits, int8 as 64.
template <typename T>
constexpr int kShiftMask = sizeof(T) == 8 ? 63 : 31;

template <typename T>
Datum shift_left(CallContext&, const Datum* args) {
  auto shifted = static_cast<uint64_t>(args[0].as_int()) << (args[1].as_int() & kShiftMask<T>);
  return Datum::of_int(static_cast<T>(shifted));
}
template <typename T>
Datum shift_right(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_int() >> (args[1].as_int() & kShiftMask<T>));
}

uint64_t magnitude(int64_t v) {
  return v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
}

template <typename T>
Datum gcd(CallContext&, const Datum* args) {
  uint64_t divisor = std::gcd(magnitude(args[0].as_int()), magnitude(args[1].as_int()));
  if (divisor > static_cast<uint64_t>(std::numeric_limits<T>::max())) fail_integer_range<T>();
  return Datum::of_int(static_cast<int64_t>(divisor));
}

template <typename T>
Datum lcm(CallContext&, const Datum* args) {
  uint64_t a = magnitude(args[0].as_int());
  uint64_t b = magnitude(args[1].as_int());
  if (a == 0 || b == 0) return Datum::of_int(0);
  uint64_t multiple;
  if (__builtin_mul_overflow(a / std::gcd(a, b), b, &multiple) ||
      multiple > static_cast<uint64_t>(std::numeric_limits<T>::max())) {
    fail_integer_range<T>();
  }
  return Datum::of_int(static_cast<int64_t>(multiple));
}

constexpr FunctionRow kRows[] = {
    {176, "int2pl(int2, int2) int2", add<int16_t>},
    {180, "int2mi(int2, int2) int2", subtract<int16_t>},
    {152, "int2mul(int2, int2) int2", multiply<int16_t>},
    {153, "int2div(int2, int2) int2", divide<int16_t>},
    {155, "int2mod(int2, int2) int2", modulo<int16_t>},
    {940, "mod(int2, int2) int2", modulo<int16_t>},
    {177, "int4pl(int4, int4) int4", add<int32_t>, 0, FastOp::kInt4Add},
    {181, "int4mi(int4, int4) int4", subtract<int32_t>, 0, FastOp::kInt4Sub},
    {141, "int4mul(int4, int4) int4", multiply<int32_t>, 0, FastOp::kInt4Mul},
    {154, "int4div(int4, int4) int4", divide<int32_t>, 0, FastOp::kInt4Div},
    {156, "int4mod(int4, int4) int4", modulo<int32_t>, 0, FastOp::kInt4Mod},
    {941, "mod(int4, int4) int4", modulo<int32_t>, 0, FastOp::kInt4Mod},
    {463, "int8pl(int8, int8) int8", add<int64_t>, 0, FastOp::kInt8Add},
    {464, "int8mi(int8, int8) int8", subtract<int64_t>, 0, FastOp::kInt8Sub},
    {465, "int8mul(int8, int8) int8", multiply<int64_t>, 0, FastOp::kInt8Mul},
    {466, "int8div(int8, int8) int8", divide<int64_t>, 0, FastOp::kInt8Div},
    {945, "int8mod(int8, int8) int8", modulo<int64_t>, 0, FastOp::kInt8Mod},
    {947, "mod(int8, int8) int8", modulo<int64_t>, 0, FastOp::kInt8Mod},
    {178, "int24pl(int2, int4) int4", add<int32_t>, 0, FastOp::kInt4Add},
    {182, "int24mi(int2, int4) int4", subtract<int32_t>, 0, FastOp::kInt4Sub},
    {170, "int24mul(int2, int4) int4", multiply<int32_t>, 0, FastOp::kInt4Mul},
    {172, "int24div(int2, int4) int4", divide<int32_t>, 0, FastOp::kInt4Div},
    {179, "int42pl(int4, int2) int4", add<int32_t>, 0, FastOp::kInt4Add},
    {183, "int42mi(int4, int2) int4", subtract<int32_t>, 0, FastOp::kInt4Sub},
    {171, "int42mul(int4, int2) int4", multiply<int32_t>, 0, FastOp::kInt4Mul},
    {173, "int42div(int4, int2) int4", divide<int32_t>, 0, FastOp::kInt4Div},
    {841, "int28pl(int2, int8) int8", add<int64_t>, 0, FastOp::kInt8Add},
    {942, "int28mi(int2, int8) int8", subtract<int64_t>, 0, FastOp::kInt8Sub},
    {943, "int28mul(int2, int8) int8", multiply<int64_t>, 0, FastOp::kInt8Mul},
    {948, "int28div(int2, int8) int8", divide<int64_t>, 0, FastOp::kInt8Div},
    {837, "int82pl(int8, int2) int8", add<int64_t>, 0, FastOp::kInt8Add},
    {838, "int82mi(int8, int2) int8", subtract<int64_t>, 0, FastOp::kInt8Sub},
    {839, "int82mul(int8, int2) int8", multiply<int64_t>, 0, FastOp::kInt8Mul},
    {840, "int82div(int8, int2) int8", divide<int64_t>, 0, FastOp::kInt8Div},
    {1278, "int48pl(int4, int8) int8", add<int64_t>, 0, FastOp::kInt8Add},
    {1279, "int48mi(int4, int8) int8", subtract<int64_t>, 0, FastOp::kInt8Sub},
    {1280, "int48mul(int4, int8) int8", multiply<int64_t>, 0, FastOp::kInt8Mul},
    {1281, "int48div(int4, int8) int8", divide<int64_t>, 0, FastOp::kInt8Div},
    {1274, "int84pl(int8, int4) int8", add<int64_t>, 0, FastOp::kInt8Add},
    {1275, "int84mi(int8, int4) int8", subtract<int64_t>, 0, FastOp::kInt8Sub},
    {1276, "int84mul(int8, int4) int8", multiply<int64_t>, 0, FastOp::kInt8Mul},
    {1277, "int84div(int8, int4) int8", divide<int64_t>, 0, FastOp::kInt8Div},
    {213, "int2um(int2) int2", negate<int16_t>},
    {1911, "int2up(int2) int2", same},
    {1253, "int2abs(int2) int2", absolute<int16_t>},
    {1398, "abs(int2) int2", absolute<int16_t>},
    {1892, "int2and(int2, int2) int2", bit_and},
    {1893, "int2or(int2, int2) int2", bit_or},
    {1894, "int2xor(int2, int2) int2", bit_xor},
    {1895, "int2not(int2) int2", bit_not},
    {1896, "int2shl(int2, int4) int2", shift_left<int16_t>},
    {1897, "int2shr(int2, int4) int2", shift_right<int16_t>},
    {212, "int4um(int4) int4", negate<int32_t>},
    {1912, "int4up(int4) int4", same},
    {1251, "int4abs(int4) int4", absolute<int32_t>},
    {1397, "abs(int4) int4", absolute<int32_t>},
    {1898, "int4and(int4, int4) int4", bit_and},
    {1899, "int4or(int4, int4) int4", bit_or},
    {1900, "int4xor(int4, int4) int4", bit_xor},
    {1901, "int4not(int4) int4", bit_not},
    {1902, "int4shl(int4, int4) int4", shift_left<int32_t>},
    {1903, "int4shr(int4, int4) int4", shift_right<int32_t>},
    {5044, "gcd(int4, int4) int4", gcd<int32_t>},
    {5046, "lcm(int4, int4) int4", lcm<int32_t>},
    {462, "int8um(int8) int8", negate<int64_t>},
    {1910, "int8up(int8) int8", same},
    {1230, "int8abs(int8) int8", absolute<int64_t>},
    {1396, "abs(int8) int8", absolute<int64_t>},
    {1904, "int8and(int8, int8) int8", bit_and},
    {1905, "int8or(int8, int8) int8", bit_or},
    {1906, "int8xor(int8, int8) int8", bit_xor},
    {1907, "int8not(int8) int8", bit_not},
    {1908, "int8shl(int8, int4) int8", shift_left<int64_t>},
    {1909, "int8shr(int8, int4) int8", shift_right<int64_t>},
    {5045, "gcd(int8, int8) int8", gcd<int64_t>},
    {5047, "lcm(int8, int8) int8", lcm<int64_t>},
};

}  // namespace

const std::span<const FunctionRow> kIntMath = kRows;

}  // namespace isolde::sql
