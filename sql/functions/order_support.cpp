#include "sql/functions/declaration.hpp"
#include "sql/functions/verdict.hpp"
#include "sql/types/float_types.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// Functions that stand behind min and max (int4larger), behind B-trees (btint4cmp), and the
// operators ~<~ and their kin that compare text byte by byte, as this server always does.

namespace isolde::sql {

namespace {

int64_t sign_of(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

Datum compare_ints(CallContext&, const Datum* args) {
  return Datum::of_int(sign_of(args[0].as_int() <=> args[1].as_int()));
}
/// Those of small types give the distance.
Datum subtract_ints(CallContext&, const Datum* args) {
  return Datum::of_int(args[0].as_int() - args[1].as_int());
}
Datum subtract_bools(CallContext&, const Datum* args) {
  return Datum::of_int(int64_t{args[0].as_bool()} - int64_t{args[1].as_bool()});
}
Datum compare_floats_(CallContext&, const Datum* args) {
  return Datum::of_int(sign_of(compare_floats(args[0].as_float(), args[1].as_float())));
}
Datum compare_texts(CallContext&, const Datum* args) {
  return Datum::of_int(sign_of(compare_bytes(args[0].as_bytes(), args[1].as_bytes())));
}
template <uint32_t oid>
Datum compare_typed(CallContext&, const Datum* args) {
  static const Type& type = type_of(base::Oid(oid));
  return Datum::of_int(sign_of(type.compare(args[0], args[1])));
}

template <uint32_t oid, bool greatest>
Datum pick(CallContext&, const Datum* args) {
  static const Type& type = type_of(base::Oid(oid));
  bool less = type.compare(args[0], args[1]) < 0;
  return args[less == greatest ? 1 : 0];
}

template <Is is, bool padded>
Datum by_bytes(CallContext&, const Datum* args) {
  std::string_view a = args[0].as_bytes();
  std::string_view b = args[1].as_bytes();
  auto order = padded ? compare_bytes(without_padding(a), without_padding(b)) : compare_bytes(a, b);
  return verdict<is>(order);
}

constexpr FunctionRow kRows[] = {
    {1693, "btboolcmp(bool, bool) int4", subtract_bools},
    {358, "btcharcmp(char, char) int4", subtract_ints},
    {350, "btint2cmp(int2, int2) int4", subtract_ints},
    {351, "btint4cmp(int4, int4) int4", compare_ints},
    {842, "btint8cmp(int8, int8) int4", compare_ints},
    {2188, "btint48cmp(int4, int8) int4", compare_ints},
    {2189, "btint84cmp(int8, int4) int4", compare_ints},
    {2190, "btint24cmp(int2, int4) int4", compare_ints},
    {2191, "btint42cmp(int4, int2) int4", compare_ints},
    {2192, "btint28cmp(int2, int8) int4", compare_ints},
    {2193, "btint82cmp(int8, int2) int4", compare_ints},
    {356, "btoidcmp(oid, oid) int4", compare_ints},
    {354, "btfloat4cmp(float4, float4) int4", compare_floats_},
    {355, "btfloat8cmp(float8, float8) int4", compare_floats_},
    {2194, "btfloat48cmp(float4, float8) int4", compare_floats_},
    {2195, "btfloat84cmp(float8, float4) int4", compare_floats_},
    {359, "btnamecmp(name, name) int4", compare_texts},
    {246, "btnametextcmp(name, text) int4", compare_texts},
    {253, "bttextnamecmp(text, name) int4", compare_texts},
    {360, "bttextcmp(text, text) int4", compare_texts},
    {2166, "bttext_pattern_cmp(text, text) int4", compare_texts},
    {1078, "bpcharcmp(bpchar, bpchar) int4", compare_typed<1042>},
    {2180, "btbpchar_pattern_cmp(bpchar, bpchar) int4", compare_typed<1042>},
    {1954, "byteacmp(bytea, bytea) int4", compare_texts},
    {2960, "uuid_cmp(uuid, uuid) int4", compare_texts},
    {1769, "numeric_cmp(numeric, numeric) int4", compare_typed<1700>},
    {1092, "date_cmp(date, date) int4", compare_ints},
    {1107, "time_cmp(time, time) int4", compare_ints},
    {1358, "timetz_cmp(timetz, timetz) int4", compare_typed<1266>},
    {2045, "timestamp_cmp(timestamp, timestamp) int4", compare_ints},
    {1314, "timestamptz_cmp(timestamptz, timestamptz) int4", compare_ints},
    {1315, "interval_cmp(interval, interval) int4", compare_typed<1186>},
    {770, "int2larger(int2, int2) int2", pick<21, true>},
    {771, "int2smaller(int2, int2) int2", pick<21, false>},
    {768, "int4larger(int4, int4) int4", pick<23, true>},
    {769, "int4smaller(int4, int4) int4", pick<23, false>},
    {1236, "int8larger(int8, int8) int8", pick<20, true>},
    {1237, "int8smaller(int8, int8) int8", pick<20, false>},
    {1965, "oidlarger(oid, oid) oid", pick<26, true>},
    {1966, "oidsmaller(oid, oid) oid", pick<26, false>},
    {209, "float4larger(float4, float4) float4", pick<700, true>},
    {211, "float4smaller(float4, float4) float4", pick<700, false>},
    {223, "float8larger(float8, float8) float8", pick<701, true>},
    {224, "float8smaller(float8, float8) float8", pick<701, false>},
    {1063, "bpchar_larger(bpchar, bpchar) bpchar", pick<1042, true>},
    {1064, "bpchar_smaller(bpchar, bpchar) bpchar", pick<1042, false>},
    {1138, "date_larger(date, date) date", pick<1082, true>},
    {1139, "date_smaller(date, date) date", pick<1082, false>},
    {1377, "time_larger(time, time) time", pick<1083, true>},
    {1378, "time_smaller(time, time) time", pick<1083, false>},
    {1379, "timetz_larger(timetz, timetz) timetz", pick<1266, true>},
    {1380, "timetz_smaller(timetz, timetz) timetz", pick<1266, false>},
    {2036, "timestamp_larger(timestamp, timestamp) timestamp", pick<1114, true>},
    {2035, "timestamp_smaller(timestamp, timestamp) timestamp", pick<1114, false>},
    {1196, "timestamptz_larger(timestamptz, timestamptz) timestamptz", pick<1184, true>},
    {1195, "timestamptz_smaller(timestamptz, timestamptz) timestamptz", pick<1184, false>},
    {1198, "interval_larger(interval, interval) interval", pick<1186, true>},
    {1197, "interval_smaller(interval, interval) interval", pick<1186, false>},
    {2160, "text_pattern_lt(text, text) bool", by_bytes<Is::kLt, false>},
    {2161, "text_pattern_le(text, text) bool", by_bytes<Is::kLe, false>},
    {2163, "text_pattern_ge(text, text) bool", by_bytes<Is::kGe, false>},
    {2164, "text_pattern_gt(text, text) bool", by_bytes<Is::kGt, false>},
    {2174, "bpchar_pattern_lt(bpchar, bpchar) bool", by_bytes<Is::kLt, true>},
    {2175, "bpchar_pattern_le(bpchar, bpchar) bool", by_bytes<Is::kLe, true>},
    {2177, "bpchar_pattern_ge(bpchar, bpchar) bool", by_bytes<Is::kGe, true>},
    {2178, "bpchar_pattern_gt(bpchar, bpchar) bool", by_bytes<Is::kGt, true>},
};

}  // namespace

const std::span<const FunctionRow> kOrderSupport = kRows;

}  // namespace isolde::sql
