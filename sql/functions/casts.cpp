#include <cmath>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/float_types.hpp"

// Casts among integers, floats, boolean and oid. Those of other types stand with their types.

namespace isolde::sql {

namespace {

Datum same(CallContext&, const Datum* args) {
  return args[0];
}

template <typename T>
Datum narrow(CallContext&, const Datum* args) {
  return integer_result<T>(args[0].as_int());
}

Datum int_to_float8(CallContext&, const Datum* args) {
  return Datum::of_float(static_cast<double>(args[0].as_int()));
}
Datum int_to_float4(CallContext&, const Datum* args) {
  return Datum::of_float(static_cast<float>(args[0].as_int()));
}

/// To the nearest, halves to even; the bounds are exact as doubles.
template <typename T>
Datum float_to_int(CallContext&, const Datum* args) {
  double value = std::rint(args[0].as_float());
  constexpr double kLeast = static_cast<double>(std::numeric_limits<T>::min());
  if (!(value >= kLeast && value < -kLeast)) fail_integer_range<T>();
  return Datum::of_int(static_cast<int64_t>(value));
}

Datum float8_to_float4(CallContext&, const Datum* args) {
  double value = args[0].as_float();
  auto narrowed = static_cast<float>(value);
  if (std::isinf(narrowed) && !std::isinf(value))
    fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: overflow");
  if (narrowed == 0 && value != 0)
    fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: underflow");
  return Datum::of_float(narrowed);
}

Datum int_to_bool(CallContext&, const Datum* args) {
  return Datum::of_bool(args[0].as_int() != 0);
}
Datum bool_to_int(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_bool());
}
Datum bool_to_text(CallContext&, const Datum* args) {
  return Datum::of_bytes(args[0].as_bool() ? "true" : "false");
}

Datum int8_to_oid(CallContext&, const Datum* args) {
  if (args[0].as_int() < 0 || args[0].as_int() > std::numeric_limits<uint32_t>::max()) {
    fail_range("OID");
  }
  return args[0];
}
Datum xid8_to_xid(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<uint32_t>(args[0].as_int()));
}

constexpr FunctionRow kRows[] = {
    {481, "int8(int4) int8", same, 0, FastOp::kSameDatum},
    {754, "int8(int2) int8", same, 0, FastOp::kSameDatum},
    {313, "int4(int2) int4", same, 0, FastOp::kSameDatum},
    {480, "int4(int8) int4", narrow<int32_t>},
    {714, "int2(int8) int2", narrow<int16_t>},
    {314, "int2(int4) int2", narrow<int16_t>},
    {235, "float8(int2) float8", int_to_float8, 0, FastOp::kIntToFloat8},
    {316, "float8(int4) float8", int_to_float8, 0, FastOp::kIntToFloat8},
    {482, "float8(int8) float8", int_to_float8, 0, FastOp::kIntToFloat8},
    {236, "float4(int2) float4", int_to_float4},
    {318, "float4(int4) float4", int_to_float4},
    {652, "float4(int8) float4", int_to_float4},
    {311, "float8(float4) float8", same, 0, FastOp::kSameDatum},
    {312, "float4(float8) float4", float8_to_float4},
    {238, "int2(float4) int2", float_to_int<int16_t>},
    {319, "int4(float4) int4", float_to_int<int32_t>},
    {653, "int8(float4) int8", float_to_int<int64_t>},
    {237, "int2(float8) int2", float_to_int<int16_t>},
    {317, "int4(float8) int4", float_to_int<int32_t>},
    {483, "int8(float8) int8", float_to_int<int64_t>},
    {2557, "bool(int4) bool", int_to_bool},
    {2558, "int4(bool) int4", bool_to_int},
    {2971, "text(bool) text", bool_to_text},
    {1287, "oid(int8) oid", int8_to_oid},
    {1288, "int8(oid) int8", same, 0, FastOp::kSameDatum},
    {5071, "xid(xid8) xid", xid8_to_xid},
};

}  // namespace

const std::span<const FunctionRow> kNumberCasts = kRows;

}  // namespace isolde::sql
