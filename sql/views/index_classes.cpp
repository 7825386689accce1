#include "sql/views/index_classes.hpp"

#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

constexpr IndexClass kClasses[] = {
    // clang-format off
    {10000, "array_ops", 397, "array_ops", 2277, true},
    {10003, "bool_ops", 424, "bool_ops", 16, true},
    {10004, "bpchar_ops", 426, "bpchar_ops", 1042, true},
    {4219, "bpchar_pattern_ops", 2097, "bpchar_pattern_ops", 1042, false},
    {10006, "bytea_ops", 428, "bytea_ops", 17, true},
    {10007, "char_ops", 429, "char_ops", 18, true},
    {10009, "cidr_ops", 1974, "network_ops", 869, false},
    {3122, "date_ops", 434, "datetime_ops", 1082, true},
    {10069, "enum_ops", 3522, "enum_ops", 3500, true},
    {10012, "float4_ops", 1970, "float_ops", 700, true},
    {3123, "float8_ops", 1970, "float_ops", 701, true},
    {10015, "inet_ops", 1974, "network_ops", 869, true},
    {1979, "int2_ops", 1976, "integer_ops", 21, true},
    {1978, "int4_ops", 1976, "integer_ops", 23, true},
    {3124, "int8_ops", 1976, "integer_ops", 20, true},
    {10022, "interval_ops", 1982, "interval_ops", 1186, true},
    {10088, "jsonb_ops", 4033, "jsonb_ops", 3802, true},
    {10028, "name_ops", 1994, "text_ops", 19, true},
    {3125, "numeric_ops", 1988, "numeric_ops", 1700, true},
    {1981, "oid_ops", 1989, "oid_ops", 26, true},
    {10032, "oidvector_ops", 1991, "oidvector_ops", 30, true},
    {10067, "pg_lsn_ops", 3253, "pg_lsn_ops", 3220, true},
    {10034, "record_ops", 2994, "record_ops", 2249, true},
    {3126, "text_ops", 1994, "text_ops", 25, true},
    {4217, "text_pattern_ops", 2095, "text_pattern_ops", 25, false},
    {10050, "tid_ops", 2789, "tid_ops", 27, true},
    {10038, "time_ops", 1996, "time_ops", 1083, true},
    {3128, "timestamp_ops", 434, "datetime_ops", 1114, true},
    {3127, "timestamptz_ops", 434, "datetime_ops", 1184, true},
    {10041, "timetz_ops", 2000, "timetz_ops", 1266, true},
    {10065, "uuid_ops", 2968, "uuid_ops", 2950, true},
    {10044, "varchar_ops", 1994, "text_ops", 25, false},
    {4218, "varchar_pattern_ops", 2095, "text_pattern_ops", 25, false},
    {10053, "xid8_ops", 5067, "xid8_ops", 5069, true},
    // clang-format on
};

/// The type whose operators serve this one.
Oid served_as(Oid oid) {
  const Type* type = find_type(oid);
  if (oid == types::kVarchar) return types::kText;
  if (type == nullptr) return types::kAnyEnum;
  return type->element != nullptr ? types::kAnyArray : oid;
}

}  // namespace

std::span<const IndexClass> index_classes() {
  return kClasses;
}

Oid index_class(const IndexKeyObject& key) {
  const Oid type = served_as(key.type);
  for (const IndexClass& one : kClasses) {
    const bool meant =
        key.opclass.empty() ? one.is_default && one.type == type.value : one.name == key.opclass;
    if (meant) return Oid{one.oid};
  }
  return Oid{};
}

}  // namespace isolde::sql
