#include "sql/functions/declaration.hpp"

namespace isolde::sql {

namespace {

// clang-format off
constexpr CastRow kRows[] = {
    {10000, "int8 -> int2", 714, CastContext::kAssignment},
    {10001, "int8 -> int4", 480, CastContext::kAssignment},
    {10002, "int8 -> float4", 652, CastContext::kImplicit},
    {10003, "int8 -> float8", 482, CastContext::kImplicit},
    {10004, "int8 -> numeric", 1781, CastContext::kImplicit},
    {10005, "int2 -> int8", 754, CastContext::kImplicit},
    {10006, "int2 -> int4", 313, CastContext::kImplicit},
    {10007, "int2 -> float4", 236, CastContext::kImplicit},
    {10008, "int2 -> float8", 235, CastContext::kImplicit},
    {10009, "int2 -> numeric", 1782, CastContext::kImplicit},
    {10010, "int4 -> int8", 481, CastContext::kImplicit},
    {10011, "int4 -> int2", 314, CastContext::kAssignment},
    {10012, "int4 -> float4", 318, CastContext::kImplicit},
    {10013, "int4 -> float8", 316, CastContext::kImplicit},
    {10014, "int4 -> numeric", 1740, CastContext::kImplicit},
    {10015, "float4 -> int8", 653, CastContext::kAssignment},
    {10016, "float4 -> int2", 238, CastContext::kAssignment},
    {10017, "float4 -> int4", 319, CastContext::kAssignment},
    {10018, "float4 -> float8", 311, CastContext::kImplicit},
    {10019, "float4 -> numeric", 1742, CastContext::kAssignment},
    {10020, "float8 -> int8", 483, CastContext::kAssignment},
    {10021, "float8 -> int2", 237, CastContext::kAssignment},
    {10022, "float8 -> int4", 317, CastContext::kAssignment},
    {10023, "float8 -> float4", 312, CastContext::kAssignment},
    {10024, "float8 -> numeric", 1743, CastContext::kAssignment},
    {10025, "numeric -> int8", 1779, CastContext::kAssignment},
    {10026, "numeric -> int2", 1783, CastContext::kAssignment},
    {10027, "numeric -> int4", 1744, CastContext::kAssignment},
    {10028, "numeric -> float4", 1745, CastContext::kImplicit},
    {10029, "numeric -> float8", 1746, CastContext::kImplicit},
    {10034, "int4 -> bool", 2557, CastContext::kExplicit},
    {10035, "bool -> int4", 2558, CastContext::kExplicit},
    {10036, "xid8 -> xid", 5071, CastContext::kExplicit},
    {10037, "int8 -> oid", 1287, CastContext::kImplicit},
    {10038, "int2 -> oid", 313, CastContext::kImplicit},
    {10039, "int4 -> oid", 0, CastContext::kImplicit, CastMethod::kBinary},
    {10040, "oid -> int8", 1288, CastContext::kAssignment},
    {10041, "oid -> int4", 0, CastContext::kAssignment, CastMethod::kBinary},
    {10125, "text -> bpchar", 0, CastContext::kImplicit, CastMethod::kBinary},
    {10126, "text -> varchar", 0, CastContext::kImplicit, CastMethod::kBinary},
    {10127, "bpchar -> text", 401, CastContext::kImplicit},
    {10128, "bpchar -> varchar", 401, CastContext::kImplicit},
    {10129, "varchar -> text", 0, CastContext::kImplicit, CastMethod::kBinary},
    {10130, "varchar -> bpchar", 0, CastContext::kImplicit, CastMethod::kBinary},
    {10131, "char -> text", 946, CastContext::kImplicit},
    {10132, "char -> bpchar", 860, CastContext::kAssignment},
    {10133, "char -> varchar", 946, CastContext::kAssignment},
    {10134, "name -> text", 406, CastContext::kImplicit},
    {10135, "name -> bpchar", 408, CastContext::kAssignment},
    {10136, "name -> varchar", 1401, CastContext::kAssignment},
    {10137, "text -> char", 944, CastContext::kAssignment},
    {10138, "bpchar -> char", 944, CastContext::kAssignment},
    {10139, "varchar -> char", 944, CastContext::kAssignment},
    {10140, "text -> name", 407, CastContext::kImplicit},
    {10141, "bpchar -> name", 409, CastContext::kImplicit},
    {10142, "varchar -> name", 1400, CastContext::kImplicit},
    {10143, "char -> int4", 77, CastContext::kExplicit},
    {10144, "int4 -> char", 78, CastContext::kExplicit},
    {10191, "bool -> text", 2971, CastContext::kAssignment},
    {10196, "bool -> varchar", 2971, CastContext::kAssignment},
    {10201, "bool -> bpchar", 2971, CastContext::kAssignment},
    {10204, "bpchar -> bpchar", 668, CastContext::kImplicit},
    {10205, "varchar -> varchar", 669, CastContext::kImplicit},
    {10213, "numeric -> numeric", 1703, CastContext::kImplicit},
};
// clang-format on

}  // namespace

const std::span<const CastRow> kCasts = kRows;

}  // namespace isolde::sql
