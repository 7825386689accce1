#include <algorithm>
#include <cmath>

#include "sql/functions/declaration.hpp"
#include "sql/functions/verdict.hpp"
#include "sql/types/float_types.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// The comparison operators. Values that are integers, floats or plain bytes are compared here;
// other types by their own order.

namespace isolde::sql {

namespace {

template <Is is>
Datum ints(CallContext&, const Datum* args) {
  return verdict<is>(args[0].as_int() <=> args[1].as_int());
}
template <Is is>
Datum unsigneds(CallContext&, const Datum* args) {
  return verdict<is>(static_cast<uint64_t>(args[0].as_int()) <=>
                     static_cast<uint64_t>(args[1].as_int()));
}
template <Is is>
Datum floats(CallContext&, const Datum* args) {
  return verdict<is>(compare_floats(args[0].as_float(), args[1].as_float()));
}
template <Is is>
Datum bytes(CallContext&, const Datum* args) {
  return verdict<is>(compare_bytes(args[0].as_bytes(), args[1].as_bytes()));
}
/// By the order of a type; both arguments are of it.
template <Is is, uint32_t oid>
Datum typed(CallContext&, const Datum* args) {
  static const Type& type = type_of(base::Oid(oid));
  return verdict<is>(type.compare(args[0], args[1]));
}
/// By the order of the type that the call has; arrays and records.
template <Is is>
Datum by_site(CallContext& context, const Datum* args) {
  return verdict<is>(context.argument_type(0).compare(args[0], args[1]));
}
/// Equality alone, for types without an order.
template <bool equal>
Datum same_integer(CallContext&, const Datum* args) {
  return Datum::of_bool((args[0].as_int() == args[1].as_int()) == equal);
}

constexpr Is eq = Is::kEq, ne = Is::kNe, lt = Is::kLt, le = Is::kLe, gt = Is::kGt, ge = Is::kGe;

constexpr FunctionRow kRows[] = {
    {64, "int2lt(int2, int2) bool", ints<lt>, 0, FastOp::kIntLt},
    {148, "int2le(int2, int2) bool", ints<le>, 0, FastOp::kIntLe},
    {145, "int2ne(int2, int2) bool", ints<ne>, 0, FastOp::kIntNe},
    {63, "int2eq(int2, int2) bool", ints<eq>, 0, FastOp::kIntEq},
    {146, "int2gt(int2, int2) bool", ints<gt>, 0, FastOp::kIntGt},
    {151, "int2ge(int2, int2) bool", ints<ge>, 0, FastOp::kIntGe},
    {160, "int24lt(int2, int4) bool", ints<lt>, 0, FastOp::kIntLt},
    {166, "int24le(int2, int4) bool", ints<le>, 0, FastOp::kIntLe},
    {164, "int24ne(int2, int4) bool", ints<ne>, 0, FastOp::kIntNe},
    {158, "int24eq(int2, int4) bool", ints<eq>, 0, FastOp::kIntEq},
    {162, "int24gt(int2, int4) bool", ints<gt>, 0, FastOp::kIntGt},
    {168, "int24ge(int2, int4) bool", ints<ge>, 0, FastOp::kIntGe},
    {1852, "int28lt(int2, int8) bool", ints<lt>, 0, FastOp::kIntLt},
    {1854, "int28le(int2, int8) bool", ints<le>, 0, FastOp::kIntLe},
    {1851, "int28ne(int2, int8) bool", ints<ne>, 0, FastOp::kIntNe},
    {1850, "int28eq(int2, int8) bool", ints<eq>, 0, FastOp::kIntEq},
    {1853, "int28gt(int2, int8) bool", ints<gt>, 0, FastOp::kIntGt},
    {1855, "int28ge(int2, int8) bool", ints<ge>, 0, FastOp::kIntGe},
    {161, "int42lt(int4, int2) bool", ints<lt>, 0, FastOp::kIntLt},
    {167, "int42le(int4, int2) bool", ints<le>, 0, FastOp::kIntLe},
    {165, "int42ne(int4, int2) bool", ints<ne>, 0, FastOp::kIntNe},
    {159, "int42eq(int4, int2) bool", ints<eq>, 0, FastOp::kIntEq},
    {163, "int42gt(int4, int2) bool", ints<gt>, 0, FastOp::kIntGt},
    {169, "int42ge(int4, int2) bool", ints<ge>, 0, FastOp::kIntGe},
    {66, "int4lt(int4, int4) bool", ints<lt>, 0, FastOp::kIntLt},
    {149, "int4le(int4, int4) bool", ints<le>, 0, FastOp::kIntLe},
    {144, "int4ne(int4, int4) bool", ints<ne>, 0, FastOp::kIntNe},
    {65, "int4eq(int4, int4) bool", ints<eq>, 0, FastOp::kIntEq},
    {147, "int4gt(int4, int4) bool", ints<gt>, 0, FastOp::kIntGt},
    {150, "int4ge(int4, int4) bool", ints<ge>, 0, FastOp::kIntGe},
    {854, "int48lt(int4, int8) bool", ints<lt>, 0, FastOp::kIntLt},
    {856, "int48le(int4, int8) bool", ints<le>, 0, FastOp::kIntLe},
    {853, "int48ne(int4, int8) bool", ints<ne>, 0, FastOp::kIntNe},
    {852, "int48eq(int4, int8) bool", ints<eq>, 0, FastOp::kIntEq},
    {855, "int48gt(int4, int8) bool", ints<gt>, 0, FastOp::kIntGt},
    {857, "int48ge(int4, int8) bool", ints<ge>, 0, FastOp::kIntGe},
    {1858, "int82lt(int8, int2) bool", ints<lt>, 0, FastOp::kIntLt},
    {1860, "int82le(int8, int2) bool", ints<le>, 0, FastOp::kIntLe},
    {1857, "int82ne(int8, int2) bool", ints<ne>, 0, FastOp::kIntNe},
    {1856, "int82eq(int8, int2) bool", ints<eq>, 0, FastOp::kIntEq},
    {1859, "int82gt(int8, int2) bool", ints<gt>, 0, FastOp::kIntGt},
    {1861, "int82ge(int8, int2) bool", ints<ge>, 0, FastOp::kIntGe},
    {476, "int84lt(int8, int4) bool", ints<lt>, 0, FastOp::kIntLt},
    {478, "int84le(int8, int4) bool", ints<le>, 0, FastOp::kIntLe},
    {475, "int84ne(int8, int4) bool", ints<ne>, 0, FastOp::kIntNe},
    {474, "int84eq(int8, int4) bool", ints<eq>, 0, FastOp::kIntEq},
    {477, "int84gt(int8, int4) bool", ints<gt>, 0, FastOp::kIntGt},
    {479, "int84ge(int8, int4) bool", ints<ge>, 0, FastOp::kIntGe},
    {469, "int8lt(int8, int8) bool", ints<lt>, 0, FastOp::kIntLt},
    {471, "int8le(int8, int8) bool", ints<le>, 0, FastOp::kIntLe},
    {468, "int8ne(int8, int8) bool", ints<ne>, 0, FastOp::kIntNe},
    {467, "int8eq(int8, int8) bool", ints<eq>, 0, FastOp::kIntEq},
    {470, "int8gt(int8, int8) bool", ints<gt>, 0, FastOp::kIntGt},
    {472, "int8ge(int8, int8) bool", ints<ge>, 0, FastOp::kIntGe},
    {295, "float8lt(float8, float8) bool", floats<lt>, 0, FastOp::kFloatLt},
    {296, "float8le(float8, float8) bool", floats<le>, 0, FastOp::kFloatLe},
    {294, "float8ne(float8, float8) bool", floats<ne>, 0, FastOp::kFloatNe},
    {293, "float8eq(float8, float8) bool", floats<eq>, 0, FastOp::kFloatEq},
    {297, "float8gt(float8, float8) bool", floats<gt>, 0, FastOp::kFloatGt},
    {298, "float8ge(float8, float8) bool", floats<ge>, 0, FastOp::kFloatGe},
    {289, "float4lt(float4, float4) bool", floats<lt>, 0, FastOp::kFloatLt},
    {290, "float4le(float4, float4) bool", floats<le>, 0, FastOp::kFloatLe},
    {288, "float4ne(float4, float4) bool", floats<ne>, 0, FastOp::kFloatNe},
    {287, "float4eq(float4, float4) bool", floats<eq>, 0, FastOp::kFloatEq},
    {291, "float4gt(float4, float4) bool", floats<gt>, 0, FastOp::kFloatGt},
    {292, "float4ge(float4, float4) bool", floats<ge>, 0, FastOp::kFloatGe},
    {301, "float48lt(float4, float8) bool", floats<lt>, 0, FastOp::kFloatLt},
    {302, "float48le(float4, float8) bool", floats<le>, 0, FastOp::kFloatLe},
    {300, "float48ne(float4, float8) bool", floats<ne>, 0, FastOp::kFloatNe},
    {299, "float48eq(float4, float8) bool", floats<eq>, 0, FastOp::kFloatEq},
    {303, "float48gt(float4, float8) bool", floats<gt>, 0, FastOp::kFloatGt},
    {304, "float48ge(float4, float8) bool", floats<ge>, 0, FastOp::kFloatGe},
    {307, "float84lt(float8, float4) bool", floats<lt>, 0, FastOp::kFloatLt},
    {308, "float84le(float8, float4) bool", floats<le>, 0, FastOp::kFloatLe},
    {306, "float84ne(float8, float4) bool", floats<ne>, 0, FastOp::kFloatNe},
    {305, "float84eq(float8, float4) bool", floats<eq>, 0, FastOp::kFloatEq},
    {309, "float84gt(float8, float4) bool", floats<gt>, 0, FastOp::kFloatGt},
    {310, "float84ge(float8, float4) bool", floats<ge>, 0, FastOp::kFloatGe},
    {716, "oidlt(oid, oid) bool", unsigneds<lt>, 0, FastOp::kIntLt},
    {717, "oidle(oid, oid) bool", unsigneds<le>, 0, FastOp::kIntLe},
    {185, "oidne(oid, oid) bool", unsigneds<ne>, 0, FastOp::kIntNe},
    {184, "oideq(oid, oid) bool", unsigneds<eq>, 0, FastOp::kIntEq},
    {1638, "oidgt(oid, oid) bool", unsigneds<gt>, 0, FastOp::kIntGt},
    {1639, "oidge(oid, oid) bool", unsigneds<ge>, 0, FastOp::kIntGe},
    {56, "boollt(bool, bool) bool", ints<lt>},
    {1691, "boolle(bool, bool) bool", ints<le>},
    {84, "boolne(bool, bool) bool", ints<ne>},
    {60, "booleq(bool, bool) bool", ints<eq>},
    {57, "boolgt(bool, bool) bool", ints<gt>},
    {1692, "boolge(bool, bool) bool", ints<ge>},
    {740, "text_lt(text, text) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {741, "text_le(text, text) bool", bytes<le>, 0, FastOp::kBytesLe},
    {157, "textne(text, text) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {67, "texteq(text, text) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {742, "text_gt(text, text) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {743, "text_ge(text, text) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {68, "xideq(xid, xid) bool", same_integer<true>},
    {3308, "xidneq(xid, xid) bool", same_integer<false>},
    {1319, "xideqint4(xid, int4) bool", same_integer<true>},
    {3309, "xidneqint4(xid, int4) bool", same_integer<false>},
    {69, "cideq(cid, cid) bool", same_integer<true>},
    {5034, "xid8lt(xid8, xid8) bool", unsigneds<lt>},
    {5036, "xid8le(xid8, xid8) bool", unsigneds<le>},
    {5085, "xid8ne(xid8, xid8) bool", unsigneds<ne>},
    {5084, "xid8eq(xid8, xid8) bool", unsigneds<eq>},
    {5035, "xid8gt(xid8, xid8) bool", unsigneds<gt>},
    {5037, "xid8ge(xid8, xid8) bool", unsigneds<ge>},
    {391, "array_lt(anyarray, anyarray) bool", by_site<lt>},
    {393, "array_le(anyarray, anyarray) bool", by_site<le>},
    {390, "array_ne(anyarray, anyarray) bool", by_site<ne>},
    {744, "array_eq(anyarray, anyarray) bool", by_site<eq>},
    {392, "array_gt(anyarray, anyarray) bool", by_site<gt>},
    {396, "array_ge(anyarray, anyarray) bool", by_site<ge>},
    {655, "namelt(name, name) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {656, "namele(name, name) bool", bytes<le>, 0, FastOp::kBytesLe},
    {659, "namene(name, name) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {62, "nameeq(name, name) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {657, "namegt(name, name) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {658, "namege(name, name) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {241, "namelttext(name, text) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {242, "nameletext(name, text) bool", bytes<le>, 0, FastOp::kBytesLe},
    {245, "namenetext(name, text) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {240, "nameeqtext(name, text) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {244, "namegttext(name, text) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {243, "namegetext(name, text) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {248, "textltname(text, name) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {249, "textlename(text, name) bool", bytes<le>, 0, FastOp::kBytesLe},
    {252, "textnename(text, name) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {247, "texteqname(text, name) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {251, "textgtname(text, name) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {250, "textgename(text, name) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {1246, "charlt(char, char) bool", ints<lt>, 0, FastOp::kIntLt},
    {72, "charle(char, char) bool", ints<le>, 0, FastOp::kIntLe},
    {70, "charne(char, char) bool", ints<ne>, 0, FastOp::kIntNe},
    {61, "chareq(char, char) bool", ints<eq>, 0, FastOp::kIntEq},
    {73, "chargt(char, char) bool", ints<gt>, 0, FastOp::kIntGt},
    {74, "charge(char, char) bool", ints<ge>, 0, FastOp::kIntGe},
    {1049, "bpcharlt(bpchar, bpchar) bool", typed<lt, 1042>},
    {1050, "bpcharle(bpchar, bpchar) bool", typed<le, 1042>},
    {1053, "bpcharne(bpchar, bpchar) bool", typed<ne, 1042>},
    {1048, "bpchareq(bpchar, bpchar) bool", typed<eq, 1042>},
    {1051, "bpchargt(bpchar, bpchar) bool", typed<gt, 1042>},
    {1052, "bpcharge(bpchar, bpchar) bool", typed<ge, 1042>},
    {1949, "bytealt(bytea, bytea) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {1950, "byteale(bytea, bytea) bool", bytes<le>, 0, FastOp::kBytesLe},
    {1953, "byteane(bytea, bytea) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {1948, "byteaeq(bytea, bytea) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {1951, "byteagt(bytea, bytea) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {1952, "byteage(bytea, bytea) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {1722, "numeric_lt(numeric, numeric) bool", typed<lt, 1700>},
    {1723, "numeric_le(numeric, numeric) bool", typed<le, 1700>},
    {1719, "numeric_ne(numeric, numeric) bool", typed<ne, 1700>},
    {1718, "numeric_eq(numeric, numeric) bool", typed<eq, 1700>},
    {1720, "numeric_gt(numeric, numeric) bool", typed<gt, 1700>},
    {1721, "numeric_ge(numeric, numeric) bool", typed<ge, 1700>},
    {1087, "date_lt(date, date) bool", ints<lt>, 0, FastOp::kIntLt},
    {1088, "date_le(date, date) bool", ints<le>, 0, FastOp::kIntLe},
    {1091, "date_ne(date, date) bool", ints<ne>, 0, FastOp::kIntNe},
    {1086, "date_eq(date, date) bool", ints<eq>, 0, FastOp::kIntEq},
    {1089, "date_gt(date, date) bool", ints<gt>, 0, FastOp::kIntGt},
    {1090, "date_ge(date, date) bool", ints<ge>, 0, FastOp::kIntGe},
    {1102, "time_lt(time, time) bool", ints<lt>, 0, FastOp::kIntLt},
    {1103, "time_le(time, time) bool", ints<le>, 0, FastOp::kIntLe},
    {1106, "time_ne(time, time) bool", ints<ne>, 0, FastOp::kIntNe},
    {1145, "time_eq(time, time) bool", ints<eq>, 0, FastOp::kIntEq},
    {1104, "time_gt(time, time) bool", ints<gt>, 0, FastOp::kIntGt},
    {1105, "time_ge(time, time) bool", ints<ge>, 0, FastOp::kIntGe},
    {2054, "timestamp_lt(timestamp, timestamp) bool", ints<lt>, 0, FastOp::kIntLt},
    {2055, "timestamp_le(timestamp, timestamp) bool", ints<le>, 0, FastOp::kIntLe},
    {2053, "timestamp_ne(timestamp, timestamp) bool", ints<ne>, 0, FastOp::kIntNe},
    {2052, "timestamp_eq(timestamp, timestamp) bool", ints<eq>, 0, FastOp::kIntEq},
    {2057, "timestamp_gt(timestamp, timestamp) bool", ints<gt>, 0, FastOp::kIntGt},
    {2056, "timestamp_ge(timestamp, timestamp) bool", ints<ge>, 0, FastOp::kIntGe},
    {1154, "timestamptz_lt(timestamptz, timestamptz) bool", ints<lt>, 0, FastOp::kIntLt},
    {1155, "timestamptz_le(timestamptz, timestamptz) bool", ints<le>, 0, FastOp::kIntLe},
    {1153, "timestamptz_ne(timestamptz, timestamptz) bool", ints<ne>, 0, FastOp::kIntNe},
    {1152, "timestamptz_eq(timestamptz, timestamptz) bool", ints<eq>, 0, FastOp::kIntEq},
    {1157, "timestamptz_gt(timestamptz, timestamptz) bool", ints<gt>, 0, FastOp::kIntGt},
    {1156, "timestamptz_ge(timestamptz, timestamptz) bool", ints<ge>, 0, FastOp::kIntGe},
    {1354, "timetz_lt(timetz, timetz) bool", typed<lt, 1266>},
    {1355, "timetz_le(timetz, timetz) bool", typed<le, 1266>},
    {1353, "timetz_ne(timetz, timetz) bool", typed<ne, 1266>},
    {1352, "timetz_eq(timetz, timetz) bool", typed<eq, 1266>},
    {1357, "timetz_gt(timetz, timetz) bool", typed<gt, 1266>},
    {1356, "timetz_ge(timetz, timetz) bool", typed<ge, 1266>},
    {1164, "interval_lt(interval, interval) bool", typed<lt, 1186>},
    {1165, "interval_le(interval, interval) bool", typed<le, 1186>},
    {1163, "interval_ne(interval, interval) bool", typed<ne, 1186>},
    {1162, "interval_eq(interval, interval) bool", typed<eq, 1186>},
    {1167, "interval_gt(interval, interval) bool", typed<gt, 1186>},
    {1166, "interval_ge(interval, interval) bool", typed<ge, 1186>},
    {2954, "uuid_lt(uuid, uuid) bool", bytes<lt>, 0, FastOp::kBytesLt},
    {2955, "uuid_le(uuid, uuid) bool", bytes<le>, 0, FastOp::kBytesLe},
    {2959, "uuid_ne(uuid, uuid) bool", bytes<ne>, 0, FastOp::kBytesNe},
    {2956, "uuid_eq(uuid, uuid) bool", bytes<eq>, 0, FastOp::kBytesEq},
    {2958, "uuid_gt(uuid, uuid) bool", bytes<gt>, 0, FastOp::kBytesGt},
    {2957, "uuid_ge(uuid, uuid) bool", bytes<ge>, 0, FastOp::kBytesGe},
    {3231, "pg_lsn_lt(pg_lsn, pg_lsn) bool", unsigneds<lt>},
    {3232, "pg_lsn_le(pg_lsn, pg_lsn) bool", unsigneds<le>},
    {3236, "pg_lsn_ne(pg_lsn, pg_lsn) bool", unsigneds<ne>},
    {3233, "pg_lsn_eq(pg_lsn, pg_lsn) bool", unsigneds<eq>},
    {3235, "pg_lsn_gt(pg_lsn, pg_lsn) bool", unsigneds<gt>},
    {3234, "pg_lsn_ge(pg_lsn, pg_lsn) bool", unsigneds<ge>},
    {2791, "tidlt(tid, tid) bool", typed<lt, 27>},
    {2793, "tidle(tid, tid) bool", typed<le, 27>},
    {1265, "tidne(tid, tid) bool", typed<ne, 27>},
    {1292, "tideq(tid, tid) bool", typed<eq, 27>},
    {2790, "tidgt(tid, tid) bool", typed<gt, 27>},
    {2792, "tidge(tid, tid) bool", typed<ge, 27>},
    {677, "oidvectorlt(oidvector, oidvector) bool", typed<lt, 30>},
    {678, "oidvectorle(oidvector, oidvector) bool", typed<le, 30>},
    {619, "oidvectorne(oidvector, oidvector) bool", typed<ne, 30>},
    {679, "oidvectoreq(oidvector, oidvector) bool", typed<eq, 30>},
    {681, "oidvectorgt(oidvector, oidvector) bool", typed<gt, 30>},
    {680, "oidvectorge(oidvector, oidvector) bool", typed<ge, 30>},
    {4039, "jsonb_lt(jsonb, jsonb) bool", typed<lt, 3802>},
    {4041, "jsonb_le(jsonb, jsonb) bool", typed<le, 3802>},
    {4038, "jsonb_ne(jsonb, jsonb) bool", typed<ne, 3802>},
    {4043, "jsonb_eq(jsonb, jsonb) bool", typed<eq, 3802>},
    {4040, "jsonb_gt(jsonb, jsonb) bool", typed<gt, 3802>},
    {4042, "jsonb_ge(jsonb, jsonb) bool", typed<ge, 3802>},
    {2983, "record_lt(record, record) bool", by_site<lt>},
    {2985, "record_le(record, record) bool", by_site<le>},
    {2982, "record_ne(record, record) bool", by_site<ne>},
    {2981, "record_eq(record, record) bool", by_site<eq>},
    {2984, "record_gt(record, record) bool", by_site<gt>},
    {2986, "record_ge(record, record) bool", by_site<ge>},
    {3510, "enum_lt(anyenum, anyenum) bool", by_site<lt>},
    {3512, "enum_le(anyenum, anyenum) bool", by_site<le>},
    {3509, "enum_ne(anyenum, anyenum) bool", by_site<ne>},
    {3508, "enum_eq(anyenum, anyenum) bool", by_site<eq>},
    {3511, "enum_gt(anyenum, anyenum) bool", by_site<gt>},
    {3513, "enum_ge(anyenum, anyenum) bool", by_site<ge>},
};

}  // namespace

const std::span<const FunctionRow> kComparison = kRows;

}  // namespace isolde::sql
