#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// percentile_cont, percentile_disc, mode, rank and its kin: aggregates over rows that come in
// order. A row has the direct arguments first, then the value.

namespace isolde::sql {

namespace {

Datum call(CallContext& context, uint32_t function, Datum a, Datum b) {
  Datum arguments[] = {a, b};
  return FunctionRegistry::instance().function(base::Oid(function))->scalar(context, arguments);
}

double checked_fraction(Datum fraction) {
  double p = fraction.as_float();
  if (p >= 0 && p <= 1) return p;
  char text[64];
  std::snprintf(text, sizeof text, "percentile value %g is not between 0 and 1", p);
  fail(base::sqlstate::kNumericValueOutOfRange, text);
}

/// The value of a rank that counts from 0.
struct Discrete {
  static Datum pick(CallContext&, std::span<const Datum> values, double p) {
    auto rank = static_cast<int64_t>(std::ceil(p * static_cast<double>(values.size())));
    return values[static_cast<size_t>(std::max<int64_t>(rank, 1) - 1)];
  }
};

/// Between two neighbours, in proportion.
template <typename Between>
struct Continuous {
  static Datum pick(CallContext& context, std::span<const Datum> values, double p) {
    double rank = p * static_cast<double>(values.size() - 1);
    auto low = static_cast<size_t>(std::floor(rank));
    auto high = static_cast<size_t>(std::ceil(rank));
    if (low == high) return values[low];
    return Between::at(context, values[low], values[high], rank - static_cast<double>(low));
  }
};

struct BetweenFloats {
  static Datum at(CallContext&, Datum low, Datum high, double part) {
    return Datum::of_float(low.as_float() + part * (high.as_float() - low.as_float()));
  }
};

struct BetweenIntervals {
  static Datum at(CallContext& context, Datum low, Datum high, double part) {
    constexpr uint32_t minus = 1170, times = 1618, plus = 1169;
    Datum distance = call(context, minus, high, low);
    return call(context, plus, low, call(context, times, distance, Datum::of_float(part)));
  }
};

/// All values of a group, and the direct argument.
struct Values {
  GrowingBytes values;
  Datum direct;  // zero bytes are not a null datum: `any` tells
  bool any;

  static Datum kept(CallContext& context, Datum value, const Type& type) {
    bool bytes = !value.is_null() && type.storage == Storage::kBytes;
    return bytes ? context.arena.bytes(value.as_bytes()) : value;
  }
  void add(CallContext& context, Datum value, const Type& type) {
    Datum copy = kept(context, value, type);
    values.append(context.arena, {reinterpret_cast<const char*>(&copy), sizeof copy});
  }
  void step(CallContext& context, const Datum* args) {
    if (!any) direct = kept(context, args[0], context.argument_type(0));
    any = true;
    add(context, args[1], context.argument_type(1));
  }
  std::span<const Datum> all() const {
    return {reinterpret_cast<const Datum*>(values.data), values.size / sizeof(Datum)};
  }
};

template <typename Pick>
struct Percentile : Values {
  Datum finish(CallContext& context) {
    return any ? Pick::pick(context, all(), checked_fraction(direct)) : Datum::null();
  }
};

/// The same for an array of fractions.
template <typename Pick>
struct Percentiles : Values {
  Datum finish(CallContext& context) {
    if (!any) return Datum::null();
    ArrayView fractions(direct);
    std::vector<Datum> picked;
    for (int32_t i = 0; i < fractions.size(); ++i) {
      Datum fraction = fractions[i];
      bool null = fraction.is_null();
      picked.push_back(null ? Datum::null()
                            : Pick::pick(context, all(), checked_fraction(fraction)));
    }
    const Type& element = type_of(context.site->result_type->element_type);
    std::vector<ArrayDimension> dimensions;
    for (int i = 0; i < fractions.dimensions(); ++i) dimensions.push_back(fractions.dimension(i));
    if (picked.empty()) return empty_array(element, context.arena);
    return make_array(element, picked, dimensions, context.arena);
  }
};

/// The most frequent value; of several, the first in order.
struct Mode {
  GrowingBytes best_bytes, last_bytes;
  Datum best, last;
  int64_t best_count, last_count;

  static Datum keep(CallContext& context, GrowingBytes& bytes, Datum value) {
    if (context.argument_type(0).storage != Storage::kBytes) return value;
    bytes.size = 0;
    bytes.append(context.arena, value.as_bytes());
    return Datum::of_bytes({bytes.data, bytes.size});
  }
  void step(CallContext& context, const Datum* args) {
    bool same = last_count > 0 && context.argument_type(0).compare(last, args[0]) == 0;
    if (!same) last = keep(context, last_bytes, args[0]);
    last_count = same ? last_count + 1 : 1;
    if (last_count <= best_count) return;
    if (!same || last_count == best_count + 1) best = keep(context, best_bytes, args[0]);
    best_count = last_count;
  }
  Datum finish(CallContext&) { return best_count > 0 ? best : Datum::null(); }
};

/// What rank() and its kin would be of a row that is not there. A row is a byte for each sort key
/// (1: descending, 2: NULLs first), then the keys of the row that is not there, then its own.
struct Hypothetical {
  int64_t rows, less, equal, distinct;
  const Datum* last;

  void step(CallContext& context, const Datum* args) {
    size_t keys = (context.argument_count() - 1) / 2;
    std::string_view flags = args[0].as_bytes();
    int order = 0;
    for (size_t i = 0; i < keys && order == 0; ++i) {
      order = compare(context.argument_type(1 + i), args[1 + keys + i], args[1 + i], flags[i]);
    }
    ++rows;
    less += order < 0;
    equal += order == 0;
    if (order >= 0) return;
    bool again = last != nullptr;
    for (size_t i = 0; i < keys && again; ++i) {
      size_t at = 1 + keys + i;
      again = compare(context.argument_type(at), args[at], last[at], flags[i]) == 0;
    }
    distinct += !again;
    last = args;  // rows that come in order are kept until the end
  }

  static int compare(const Type& type, Datum a, Datum b, char flags) {
    if (a.is_null() || b.is_null()) {
      if (a.is_null() == b.is_null()) return 0;
      return a.is_null() == ((flags & 2) != 0) ? -1 : 1;
    }
    auto order = type.compare(a, b);
    if (order == 0) return 0;
    return (order < 0) == ((flags & 1) == 0) ? -1 : 1;
  }
};

struct Rank : Hypothetical {
  Datum finish(CallContext&) { return Datum::of_int(less + 1); }
};
struct DenseRank : Hypothetical {
  Datum finish(CallContext&) { return Datum::of_int(distinct + 1); }
};
struct PercentRank : Hypothetical {
  Datum finish(CallContext&) {
    return Datum::of_float(rows == 0 ? 0 : static_cast<double>(less) / static_cast<double>(rows));
  }
};
struct CumeDist : Hypothetical {
  Datum finish(CallContext&) {
    return Datum::of_float(static_cast<double>(less + equal + 1) / static_cast<double>(rows + 1));
  }
};

using Float = Continuous<BetweenFloats>;
using Span = Continuous<BetweenIntervals>;

constexpr FunctionRow kRows[] = {
    {3972, "percentile_disc(float8, anyelement) anyelement", &kAggregate<Percentile<Discrete>>,
     kOrderedSet},
    {3974, "percentile_cont(float8, float8) float8", &kAggregate<Percentile<Float>>, kOrderedSet},
    {3976, "percentile_cont(float8, interval) interval", &kAggregate<Percentile<Span>>,
     kOrderedSet},
    {3978, "percentile_disc(float8[], anyelement) anyarray", &kAggregate<Percentiles<Discrete>>,
     kOrderedSet},
    {3980, "percentile_cont(float8[], float8) float8[]", &kAggregate<Percentiles<Float>>,
     kOrderedSet},
    {3982, "percentile_cont(float8[], interval) interval[]", &kAggregate<Percentiles<Span>>,
     kOrderedSet},
    {3986, "rank(variadic any) int8", &kAggregate<Rank>, kOrderedSet | kCalledOnNull},
    {3988, "percent_rank(variadic any) float8", &kAggregate<PercentRank>,
     kOrderedSet | kCalledOnNull},
    {3990, "cume_dist(variadic any) float8", &kAggregate<CumeDist>, kOrderedSet | kCalledOnNull},
    {3992, "dense_rank(variadic any) int8", &kAggregate<DenseRank>, kOrderedSet | kCalledOnNull},
    {3984, "mode(anyelement) anyelement", &kAggregate<Mode>, kOrderedSet},
};

}  // namespace

const std::span<const FunctionRow> kOrderedSetAggregates = kRows;

}  // namespace isolde::sql
