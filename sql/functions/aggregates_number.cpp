#include <cmath>

#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/numeric.hpp"

// count, sum, avg and the variances.

namespace isolde::sql {

namespace {

struct CountRows {
  int64_t rows;
  void step(CallContext&, const Datum*) { ++rows; }
  Datum finish(CallContext&) { return Datum::of_int(rows); }
  void combine(CallContext&, const CountRows& other) { rows += other.rows; }
};

/// sum of int2 and int4: an int8.
struct SumToInt8 {
  int64_t sum;
  bool any;
  void step(CallContext&, const Datum* args) {
    if (__builtin_add_overflow(sum, args[0].as_int(), &sum)) fail_integer_range<int64_t>();
    any = true;
  }
  Datum finish(CallContext&) { return any ? Datum::of_int(sum) : Datum::null(); }
  void combine(CallContext&, const SumToInt8& other) {
    if (__builtin_add_overflow(sum, other.sum, &sum)) fail_integer_range<int64_t>();
    any |= other.any;
  }
};

/// 128 bits in two words, as states are aligned to 8.
struct Wide {
  uint64_t low;
  uint64_t high;
  void add(__int128 v) { set(get() + v); }
  __int128 get() const {
    return static_cast<__int128>(static_cast<unsigned __int128>(high) << 64 | low);
  }
  void set(__int128 v) {
    low = static_cast<uint64_t>(v);
    high = static_cast<uint64_t>(static_cast<unsigned __int128>(v) >> 64);
  }
};

struct IntegerSums {
  int64_t rows;
  Wide sum;
  void step(CallContext&, const Datum* args) {
    ++rows;
    sum.add(args[0].as_int());
  }
  void combine(CallContext&, const IntegerSums& other) {
    rows += other.rows;
    sum.add(other.sum.get());
  }
};

/// sum of int8: a numeric.
struct SumToNumeric : IntegerSums {
  Datum finish(CallContext& context) {
    return rows == 0 ? Datum::null() : Numeric::of_int128(sum.get()).write(context.arena);
  }
};
struct AverageOfIntegers : IntegerSums {
  Datum finish(CallContext& context) {
    if (rows == 0) return Datum::null();
    return (Numeric::of_int128(sum.get()) / Numeric::of(rows)).write(context.arena);
  }
};

template <typename T>
struct SumOfFloats {
  double sum;
  bool any;
  void step(CallContext&, const Datum* args) { add(args[0].as_float()); }
  void add(double value) {
    T total = static_cast<T>(sum) + static_cast<T>(value);
    if (std::isinf(total) && !std::isinf(sum) && !std::isinf(value)) {
      fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: overflow");
    }
    sum = any ? total : value;
    any = true;
  }
  Datum finish(CallContext&) { return any ? Datum::of_float(sum) : Datum::null(); }
  void combine(CallContext&, const SumOfFloats& other) {
    if (other.any) add(other.sum);
  }
};

/// Youngs and Cramer's way: the sum of squares around the running mean.
struct FloatMoments {
  double rows;
  double sum;
  double squares;
  void step(CallContext&, const Datum* args) {
    double value = args[0].as_float();
    rows += 1;
    sum += value;
    if (rows > 1) {
      double deviation = value * rows - sum;
      squares += deviation * deviation / (rows * (rows - 1));
    } else if (!std::isfinite(value)) {
      squares = std::nan("");
    }
    if (std::isinf(sum) || std::isinf(squares)) check_overflow(value);
  }
  void check_overflow(double value) {
    if (std::isfinite(value) && !seen_infinity()) {
      fail(base::sqlstate::kNumericValueOutOfRange, "value out of range: overflow");
    }
    squares = std::nan("");
  }
  bool seen_infinity() const { return std::isnan(squares); }
};
struct AverageOfFloats : FloatMoments {
  Datum finish(CallContext&) { return rows == 0 ? Datum::null() : Datum::of_float(sum / rows); }
};

enum class Spread : uint8_t {
  kVariancePopulation,
  kVarianceSample,
  kDeviationPopulation,
  kDeviationSample
};
constexpr bool is_sample(Spread s) {
  return s == Spread::kVarianceSample || s == Spread::kDeviationSample;
}
constexpr bool is_deviation(Spread s) {
  return s == Spread::kDeviationPopulation || s == Spread::kDeviationSample;
}

template <Spread spread>
struct SpreadOfFloats : FloatMoments {
  Datum finish(CallContext&) {
    double divisor = is_sample(spread) ? rows - 1 : rows;
    if (divisor <= 0) return Datum::null();
    double variance = squares / divisor;
    return Datum::of_float(is_deviation(spread) ? std::sqrt(variance) : variance);
  }
};

/// sum of numerics: kept as a stored value, in place while it fits.
struct NumericSum {
  int64_t rows;
  GrowingBytes stored;

  void add(CallContext& context, const Numeric& value) {
    Numeric total =
        rows == 0 ? value : Numeric::read(Datum::of_bytes({stored.data, stored.size})) + value;
    Arena scratch;
    std::string_view bytes = total.write(scratch).as_bytes();
    stored.size = 0;
    stored.append(context.arena, bytes);
    ++rows;
  }
  Numeric value() const { return Numeric::read(Datum::of_bytes({stored.data, stored.size})); }
};

struct SumOfNumerics {
  NumericSum sum;
  void step(CallContext& context, const Datum* args) { sum.add(context, Numeric::read(args[0])); }
  Datum finish(CallContext& context) {
    return sum.rows == 0 ? Datum::null() : sum.value().write(context.arena);
  }
};
struct AverageOfNumerics : SumOfNumerics {
  Datum finish(CallContext& context) {
    if (sum.rows == 0) return Datum::null();
    return (sum.value() / Numeric::of(sum.rows)).write(context.arena);
  }
};

/// From exact sums: (n * sum(x^2) - sum(x)^2) / (n * (n - 1)).
template <Spread spread>
Datum exact_spread(CallContext& context, int64_t rows, const Numeric& sum, const Numeric& squares) {
  if (rows == 0 || (is_sample(spread) && rows == 1)) return Datum::null();
  if (!sum.is_finite() || !squares.is_finite()) {
    return Numeric(Numeric::Kind::kNan).write(context.arena);
  }
  Numeric count = Numeric::of(rows);
  int scale = sum.scale() * 2;
  Numeric numerator = Numeric::multiply(count, squares, scale) - Numeric::multiply(sum, sum, scale);
  if (numerator.sign() <= 0) return Numeric().write(context.arena);
  Numeric divisor = count * Numeric::of(is_sample(spread) ? rows - 1 : rows);
  Numeric variance = numerator / divisor;
  if (!is_deviation(spread)) return variance.write(context.arena);
  return square_root(variance).write(context.arena);
}

template <Spread spread>
struct SpreadOfNumerics {
  NumericSum sum;
  NumericSum squares;
  void step(CallContext& context, const Datum* args) {
    Numeric value = Numeric::read(args[0]);
    sum.add(context, value);
    squares.add(context, value * value);
  }
  Datum finish(CallContext& context) {
    if (sum.rows == 0) return Datum::null();
    return exact_spread<spread>(context, sum.rows, sum.value(), squares.value());
  }
};

/// int2 and int4, whose squares fit 128 bits together.
template <Spread spread>
struct SpreadOfIntegers {
  int64_t rows;
  Wide sum;
  Wide squares;
  void step(CallContext&, const Datum* args) {
    ++rows;
    sum.add(args[0].as_int());
    squares.add(static_cast<__int128>(args[0].as_int()) * args[0].as_int());
  }
  Datum finish(CallContext& context) {
    return exact_spread<spread>(context, rows, Numeric::of_int128(sum.get()),
                                Numeric::of_int128(squares.get()));
  }
};
template <Spread spread>
struct SpreadOfBigints {
  NumericSum sum;
  NumericSum squares;
  void step(CallContext& context, const Datum* args) {
    sum.add(context, Numeric::of(args[0].as_int()));
    squares.add(context,
                Numeric::of_int128(static_cast<__int128>(args[0].as_int()) * args[0].as_int()));
  }
  Datum finish(CallContext& context) {
    if (sum.rows == 0) return Datum::null();
    return exact_spread<spread>(context, sum.rows, sum.value(), squares.value());
  }
};

// --- bits and booleans

enum class Fold : uint8_t { kAnd, kOr, kXor };
template <Fold fold>
struct BitFold {
  int64_t value;
  bool any;
  void add(int64_t v) {
    if (!any) {
      value = v;
    } else if (fold == Fold::kAnd) {
      value &= v;
    } else if (fold == Fold::kOr) {
      value |= v;
    } else {
      value ^= v;
    }
    any = true;
  }
  void step(CallContext&, const Datum* args) { add(args[0].as_int()); }
  Datum finish(CallContext&) { return any ? Datum::of_int(value) : Datum::null(); }
  void combine(CallContext&, const BitFold& other) {
    if (other.any) add(other.value);
  }
};

constexpr auto var_pop = Spread::kVariancePopulation, var_samp = Spread::kVarianceSample;
constexpr auto stddev_pop = Spread::kDeviationPopulation, stddev_samp = Spread::kDeviationSample;

constexpr FunctionRow kRows[] = {
    {2803, "count() int8", &kAggregate<CountRows>, kCalledOnNull, FastOp::kCountStar},
    {2147, "count(any) int8", &kAggregate<CountRows>, 0, FastOp::kCount},
    {2109, "sum(int2) int8", &kAggregate<SumToInt8>, 0, FastOp::kSumInt4},
    {2108, "sum(int4) int8", &kAggregate<SumToInt8>, 0, FastOp::kSumInt4},
    {2107, "sum(int8) numeric", &kAggregate<SumToNumeric>, 0, FastOp::kSumInt8},
    {2110, "sum(float4) float4", &kAggregate<SumOfFloats<float>>},
    {2111, "sum(float8) float8", &kAggregate<SumOfFloats<double>>, 0, FastOp::kSumFloat8},
    {2114, "sum(numeric) numeric", &kAggregate<SumOfNumerics>},
    {2102, "avg(int2) numeric", &kAggregate<AverageOfIntegers>},
    {2101, "avg(int4) numeric", &kAggregate<AverageOfIntegers>},
    {2100, "avg(int8) numeric", &kAggregate<AverageOfIntegers>},
    {2104, "avg(float4) float8", &kAggregate<AverageOfFloats>},
    {2105, "avg(float8) float8", &kAggregate<AverageOfFloats>},
    {2103, "avg(numeric) numeric", &kAggregate<AverageOfNumerics>},
    {2720, "var_pop(int2) numeric", &kAggregate<SpreadOfIntegers<var_pop>>},
    {2719, "var_pop(int4) numeric", &kAggregate<SpreadOfIntegers<var_pop>>},
    {2718, "var_pop(int8) numeric", &kAggregate<SpreadOfBigints<var_pop>>},
    {2721, "var_pop(float4) float8", &kAggregate<SpreadOfFloats<var_pop>>},
    {2722, "var_pop(float8) float8", &kAggregate<SpreadOfFloats<var_pop>>},
    {2723, "var_pop(numeric) numeric", &kAggregate<SpreadOfNumerics<var_pop>>},
    {2643, "var_samp(int2) numeric", &kAggregate<SpreadOfIntegers<var_samp>>},
    {2642, "var_samp(int4) numeric", &kAggregate<SpreadOfIntegers<var_samp>>},
    {2641, "var_samp(int8) numeric", &kAggregate<SpreadOfBigints<var_samp>>},
    {2644, "var_samp(float4) float8", &kAggregate<SpreadOfFloats<var_samp>>},
    {2645, "var_samp(float8) float8", &kAggregate<SpreadOfFloats<var_samp>>},
    {2646, "var_samp(numeric) numeric", &kAggregate<SpreadOfNumerics<var_samp>>},
    {2150, "variance(int2) numeric", &kAggregate<SpreadOfIntegers<var_samp>>},
    {2149, "variance(int4) numeric", &kAggregate<SpreadOfIntegers<var_samp>>},
    {2148, "variance(int8) numeric", &kAggregate<SpreadOfBigints<var_samp>>},
    {2151, "variance(float4) float8", &kAggregate<SpreadOfFloats<var_samp>>},
    {2152, "variance(float8) float8", &kAggregate<SpreadOfFloats<var_samp>>},
    {2153, "variance(numeric) numeric", &kAggregate<SpreadOfNumerics<var_samp>>},
    {2726, "stddev_pop(int2) numeric", &kAggregate<SpreadOfIntegers<stddev_pop>>},
    {2725, "stddev_pop(int4) numeric", &kAggregate<SpreadOfIntegers<stddev_pop>>},
    {2724, "stddev_pop(int8) numeric", &kAggregate<SpreadOfBigints<stddev_pop>>},
    {2727, "stddev_pop(float4) float8", &kAggregate<SpreadOfFloats<stddev_pop>>},
    {2728, "stddev_pop(float8) float8", &kAggregate<SpreadOfFloats<stddev_pop>>},
    {2729, "stddev_pop(numeric) numeric", &kAggregate<SpreadOfNumerics<stddev_pop>>},
    {2714, "stddev_samp(int2) numeric", &kAggregate<SpreadOfIntegers<stddev_samp>>},
    {2713, "stddev_samp(int4) numeric", &kAggregate<SpreadOfIntegers<stddev_samp>>},
    {2712, "stddev_samp(int8) numeric", &kAggregate<SpreadOfBigints<stddev_samp>>},
    {2715, "stddev_samp(float4) float8", &kAggregate<SpreadOfFloats<stddev_samp>>},
    {2716, "stddev_samp(float8) float8", &kAggregate<SpreadOfFloats<stddev_samp>>},
    {2717, "stddev_samp(numeric) numeric", &kAggregate<SpreadOfNumerics<stddev_samp>>},
    {2156, "stddev(int2) numeric", &kAggregate<SpreadOfIntegers<stddev_samp>>},
    {2155, "stddev(int4) numeric", &kAggregate<SpreadOfIntegers<stddev_samp>>},
    {2154, "stddev(int8) numeric", &kAggregate<SpreadOfBigints<stddev_samp>>},
    {2157, "stddev(float4) float8", &kAggregate<SpreadOfFloats<stddev_samp>>},
    {2158, "stddev(float8) float8", &kAggregate<SpreadOfFloats<stddev_samp>>},
    {2159, "stddev(numeric) numeric", &kAggregate<SpreadOfNumerics<stddev_samp>>},
    {2236, "bit_and(int2) int2", &kAggregate<BitFold<Fold::kAnd>>},
    {2238, "bit_and(int4) int4", &kAggregate<BitFold<Fold::kAnd>>},
    {2240, "bit_and(int8) int8", &kAggregate<BitFold<Fold::kAnd>>},
    {2237, "bit_or(int2) int2", &kAggregate<BitFold<Fold::kOr>>},
    {2239, "bit_or(int4) int4", &kAggregate<BitFold<Fold::kOr>>},
    {2241, "bit_or(int8) int8", &kAggregate<BitFold<Fold::kOr>>},
    {6164, "bit_xor(int2) int2", &kAggregate<BitFold<Fold::kXor>>},
    {6165, "bit_xor(int4) int4", &kAggregate<BitFold<Fold::kXor>>},
    {6166, "bit_xor(int8) int8", &kAggregate<BitFold<Fold::kXor>>},
    {2517, "bool_and(bool) bool", &kAggregate<BitFold<Fold::kAnd>>},
    {2519, "every(bool) bool", &kAggregate<BitFold<Fold::kAnd>>},
    {2518, "bool_or(bool) bool", &kAggregate<BitFold<Fold::kOr>>},
};

}  // namespace

const std::span<const FunctionRow> kNumberAggregates = kRows;

}  // namespace isolde::sql
