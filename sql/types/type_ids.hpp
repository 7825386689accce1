#pragma once

#include "base/ids.hpp"

// The OIDs of the built-in types, as in PostgreSQL.
namespace isolde::sql::types {

inline constexpr base::Oid kNone{0};
inline constexpr base::Oid kBool{16};
inline constexpr base::Oid kBytea{17};
inline constexpr base::Oid kChar{18};
inline constexpr base::Oid kName{19};
inline constexpr base::Oid kInt8{20};
inline constexpr base::Oid kInt2{21};
inline constexpr base::Oid kInt2Vector{22};
inline constexpr base::Oid kInt4{23};
inline constexpr base::Oid kRegproc{24};
inline constexpr base::Oid kText{25};
inline constexpr base::Oid kOid{26};
inline constexpr base::Oid kTid{27};
inline constexpr base::Oid kXid{28};
inline constexpr base::Oid kCid{29};
inline constexpr base::Oid kOidVector{30};
inline constexpr base::Oid kJson{114};
inline constexpr base::Oid kPgNodeTree{194};
inline constexpr base::Oid kFloat4{700};
inline constexpr base::Oid kFloat8{701};
inline constexpr base::Oid kUnknown{705};
inline constexpr base::Oid kBpchar{1042};
inline constexpr base::Oid kVarchar{1043};
inline constexpr base::Oid kDate{1082};
inline constexpr base::Oid kTime{1083};
inline constexpr base::Oid kTimestamp{1114};
inline constexpr base::Oid kTimestamptz{1184};
inline constexpr base::Oid kInterval{1186};
inline constexpr base::Oid kTimetz{1266};
inline constexpr base::Oid kNumeric{1700};
inline constexpr base::Oid kRefcursor{1790};
inline constexpr base::Oid kRegprocedure{2202};
inline constexpr base::Oid kRegoper{2203};
inline constexpr base::Oid kRegoperator{2204};
inline constexpr base::Oid kRegclass{2205};
inline constexpr base::Oid kRegtype{2206};
inline constexpr base::Oid kRecord{2249};
inline constexpr base::Oid kCstring{2275};
inline constexpr base::Oid kAny{2276};
inline constexpr base::Oid kAnyArray{2277};
inline constexpr base::Oid kVoid{2278};
inline constexpr base::Oid kTrigger{2279};
inline constexpr base::Oid kInternal{2281};
inline constexpr base::Oid kAnyElement{2283};
inline constexpr base::Oid kRecordArray{2287};
inline constexpr base::Oid kAnyNonArray{2776};
inline constexpr base::Oid kUuid{2950};
inline constexpr base::Oid kPgLsn{3220};
inline constexpr base::Oid kAnyEnum{3500};
inline constexpr base::Oid kJsonb{3802};
inline constexpr base::Oid kAnyRange{3831};
inline constexpr base::Oid kRegnamespace{4089};
inline constexpr base::Oid kRegrole{4096};
inline constexpr base::Oid kRegcollation{4191};
inline constexpr base::Oid kXid8{5069};
inline constexpr base::Oid kAnyCompatible{5077};
inline constexpr base::Oid kAnyCompatibleArray{5078};
inline constexpr base::Oid kAnyCompatibleNonArray{5079};

inline constexpr base::Oid kBoolArray{1000};
inline constexpr base::Oid kInt2Array{1005};
inline constexpr base::Oid kInt4Array{1007};
inline constexpr base::Oid kTextArray{1009};
inline constexpr base::Oid kInt8Array{1016};
inline constexpr base::Oid kFloat8Array{1022};
inline constexpr base::Oid kOidArray{1028};

}  // namespace isolde::sql::types
