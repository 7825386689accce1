#include <algorithm>

#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// min and max of any ordered type, string_agg, array_agg.

namespace isolde::sql {

namespace {

enum class Pick : uint8_t { kLeast, kGreatest };

template <Pick pick>
bool better(std::strong_ordering order) {
  // Of equal values, as 1.0 and 1.00, the last one stays.
  return pick == Pick::kLeast ? order <= 0 : order >= 0;
}

template <Pick pick>
struct ExtremeInteger {
  int64_t value;
  bool any;
  void add(int64_t v) {
    if (!any || better<pick>(v <=> value)) value = v;
    any = true;
  }
  void step(CallContext&, const Datum* args) { add(args[0].as_int()); }
  Datum finish(CallContext&) { return any ? Datum::of_int(value) : Datum::null(); }
  void combine(CallContext&, const ExtremeInteger& other) {
    if (other.any) add(other.value);
  }
};

/// Any type, by its own order; byte strings are copied into a buffer that is used again.
template <Pick pick>
struct Extreme {
  Datum value;  // zero bytes are not a null datum: `any` tells
  GrowingBytes bytes;
  bool any;

  void step(CallContext& context, const Datum* args) {
    const Type& type = context.argument_type(0);
    if (any && !better<pick>(type.compare(args[0], value))) return;
    any = true;
    value = args[0];
    if (type.storage != Storage::kBytes) return;
    bytes.size = 0;
    bytes.append(context.arena, args[0].as_bytes());
    value = Datum::of_bytes({bytes.data, bytes.size});
  }
  Datum finish(CallContext&) { return any ? value : Datum::null(); }
};

/// string_agg(value, separator): the separator of a row goes before its value.
struct JoinedStrings {
  GrowingBytes text;
  bool any;
  void step(CallContext& context, const Datum* args) {
    if (args[0].is_null()) return;
    if (any && !args[1].is_null()) text.append(context.arena, args[1].as_bytes());
    text.append(context.arena, args[0].as_bytes());
    any = true;
  }
  Datum finish(CallContext&) {
    return any ? Datum::of_bytes({text.data == nullptr ? "" : text.data, text.size})
               : Datum::null();
  }
};

struct CollectedArray {
  GrowingBytes elements;  // Datum after Datum
  void step(CallContext& context, const Datum* args) {
    Datum kept = args[0];
    if (!kept.is_null() && context.argument_type(0).storage == Storage::kBytes) {
      kept = context.arena.bytes(kept.as_bytes());
    }
    elements.append(context.arena, {reinterpret_cast<const char*>(&kept), sizeof kept});
  }
  Datum finish(CallContext& context) {
    size_t count = elements.size / sizeof(Datum);
    if (count == 0) return Datum::null();
    std::span<const Datum> values(reinterpret_cast<const Datum*>(elements.data), count);
    return make_array(element_type_of(*context.site->result_type), values, context.arena);
  }
};

/// array_agg of arrays: one more dimension, over arrays of one shape.
struct StackedArrays {
  CollectedArray arrays;
  void step(CallContext& context, const Datum* args) {
    if (args[0].is_null()) {
      fail(base::sqlstate::kNullValueNotAllowed, "cannot accumulate null arrays");
    }
    ArrayView array(args[0]);
    if (array.size() == 0) {
      fail(base::sqlstate::kArraySubscriptError, "cannot accumulate empty arrays");
    }
    if (arrays.elements.size > 0) check_shape(array);
    arrays.step(context, args);
  }
  void check_shape(const ArrayView& array) const {
    ArrayView first(*reinterpret_cast<const Datum*>(arrays.elements.data));
    bool same = first.dimensions() == array.dimensions();
    for (int i = 0; same && i < first.dimensions(); ++i) {
      same = first.dimension(i) == array.dimension(i);
    }
    if (!same) {
      fail(base::sqlstate::kArraySubscriptError,
           "cannot accumulate arrays of different dimensionality");
    }
  }
  Datum finish(CallContext& context) {
    size_t count = arrays.elements.size / sizeof(Datum);
    if (count == 0) return Datum::null();
    const Datum* all = reinterpret_cast<const Datum*>(arrays.elements.data);
    ArrayView first(all[0]);
    std::vector<ArrayDimension> dimensions{{static_cast<int32_t>(count)}};
    for (int i = 0; i < first.dimensions(); ++i) dimensions.push_back(first.dimension(i));
    std::vector<Datum> values;
    for (size_t a = 0; a < count; ++a) {
      ArrayView array(all[a]);
      for (int32_t i = 0; i < array.size(); ++i) values.push_back(array[i]);
    }
    return make_array(element_type_of(*context.site->result_type), values, dimensions,
                      context.arena);
  }
};

constexpr auto least = Pick::kLeast, greatest = Pick::kGreatest;

constexpr FunctionRow kRows[] = {
    {2133, "min(int2) int2", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2117, "max(int2) int2", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2132, "min(int4) int4", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2116, "max(int4) int4", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2131, "min(int8) int8", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2115, "max(int8) int8", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2134, "min(oid) oid", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2118, "max(oid) oid", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2135, "min(float4) float4", &kAggregate<Extreme<least>>, 0, FastOp::kMinFloat},
    {2119, "max(float4) float4", &kAggregate<Extreme<greatest>>, 0, FastOp::kMaxFloat},
    {2136, "min(float8) float8", &kAggregate<Extreme<least>>, 0, FastOp::kMinFloat},
    {2120, "max(float8) float8", &kAggregate<Extreme<greatest>>, 0, FastOp::kMaxFloat},
    {2146, "min(numeric) numeric", &kAggregate<Extreme<least>>},
    {2130, "max(numeric) numeric", &kAggregate<Extreme<greatest>>},
    {2145, "min(text) text", &kAggregate<Extreme<least>>},
    {2129, "max(text) text", &kAggregate<Extreme<greatest>>},
    {2245, "min(bpchar) bpchar", &kAggregate<Extreme<least>>},
    {2244, "max(bpchar) bpchar", &kAggregate<Extreme<greatest>>},
    {2051, "min(anyarray) anyarray", &kAggregate<Extreme<least>>},
    {2050, "max(anyarray) anyarray", &kAggregate<Extreme<greatest>>},
    {3538, "string_agg(text, text) text", &kAggregate<JoinedStrings>, kCalledOnNull},
    {3545, "string_agg(bytea, bytea) bytea", &kAggregate<JoinedStrings>, kCalledOnNull},
    {2335, "array_agg(anynonarray) anyarray", &kAggregate<CollectedArray>, kCalledOnNull},
    {4053, "array_agg(anyarray) anyarray", &kAggregate<StackedArrays>, kCalledOnNull},
    {2138, "min(date) date", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2122, "max(date) date", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2139, "min(time) time", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2123, "max(time) time", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2142, "min(timestamp) timestamp", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2126, "max(timestamp) timestamp", &kAggregate<ExtremeInteger<greatest>>, 0, FastOp::kMaxInt},
    {2143, "min(timestamptz) timestamptz", &kAggregate<ExtremeInteger<least>>, 0, FastOp::kMinInt},
    {2127, "max(timestamptz) timestamptz", &kAggregate<ExtremeInteger<greatest>>, 0,
     FastOp::kMaxInt},
    {2140, "min(timetz) timetz", &kAggregate<Extreme<least>>},
    {2124, "max(timetz) timetz", &kAggregate<Extreme<greatest>>},
    {2144, "min(interval) interval", &kAggregate<Extreme<least>>},
    {2128, "max(interval) interval", &kAggregate<Extreme<greatest>>},
    {2798, "min(tid) tid", &kAggregate<Extreme<least>>},
    {2797, "max(tid) tid", &kAggregate<Extreme<greatest>>},
    {4190, "min(pg_lsn) pg_lsn", &kAggregate<Extreme<least>>},
    {4189, "max(pg_lsn) pg_lsn", &kAggregate<Extreme<greatest>>},
    {5100, "min(xid8) xid8", &kAggregate<Extreme<least>>},
    {5099, "max(xid8) xid8", &kAggregate<Extreme<greatest>>},
    {3527, "min(anyenum) anyenum", &kAggregate<Extreme<least>>},
    {3526, "max(anyenum) anyenum", &kAggregate<Extreme<greatest>>},
    {3565, "min(inet) inet", &kAggregate<Extreme<least>>},
    {3564, "max(inet) inet", &kAggregate<Extreme<greatest>>},
};

}  // namespace

const std::span<const FunctionRow> kValueAggregates = kRows;

}  // namespace isolde::sql
