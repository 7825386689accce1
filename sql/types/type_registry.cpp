#include "sql/types/type_registry.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/check.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

using base::Oid;

/// oid, name, sql_name, size, alignment, kind, category, preferred, delimiter, array_type,
/// element_type, storage, functions. Arrays follow from their element types.
const Type kTypes[] = {
    // clang-format off
    {Oid(16), "bool", "boolean", 1, 'c', TypeKind::kBase, 'B', true, ',', Oid(1000), Oid(0), Storage::kBool, &kBoolFunctions},
    {Oid(17), "bytea", "bytea", -1, 'i', TypeKind::kBase, 'U', false, ',', Oid(1001), Oid(0), Storage::kBytes, &kByteaFunctions},
    {Oid(18), "char", "\"char\"", 1, 'c', TypeKind::kBase, 'Z', false, ',', Oid(1002), Oid(0), Storage::kInteger, &kCharFunctions},
    {Oid(19), "name", "name", 64, 'c', TypeKind::kBase, 'S', false, ',', Oid(1003), Oid(18), Storage::kBytes, &kNameFunctions},
    {Oid(20), "int8", "bigint", 8, 'd', TypeKind::kBase, 'N', false, ',', Oid(1016), Oid(0), Storage::kInteger, &kInt8Functions},
    {Oid(21), "int2", "smallint", 2, 's', TypeKind::kBase, 'N', false, ',', Oid(1005), Oid(0), Storage::kInteger, &kInt2Functions},
    {Oid(22), "int2vector", "int2vector", -1, 'i', TypeKind::kBase, 'A', false, ',', Oid(1006), Oid(21), Storage::kBytes, &kVectorFunctions},
    {Oid(23), "int4", "integer", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(1007), Oid(0), Storage::kInteger, &kInt4Functions},
    {Oid(24), "regproc", "regproc", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(1008), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(25), "text", "text", -1, 'i', TypeKind::kBase, 'S', true, ',', Oid(1009), Oid(0), Storage::kBytes, &kTextFunctions},
    {Oid(26), "oid", "oid", 4, 'i', TypeKind::kBase, 'N', true, ',', Oid(1028), Oid(0), Storage::kInteger, &kOidFunctions},
    {Oid(27), "tid", "tid", 6, 's', TypeKind::kBase, 'U', false, ',', Oid(1010), Oid(0), Storage::kBytes, &kTidFunctions},
    {Oid(28), "xid", "xid", 4, 'i', TypeKind::kBase, 'U', false, ',', Oid(1011), Oid(0), Storage::kInteger, &kXidFunctions},
    {Oid(29), "cid", "cid", 4, 'i', TypeKind::kBase, 'U', false, ',', Oid(1012), Oid(0), Storage::kInteger, &kXidFunctions},
    {Oid(30), "oidvector", "oidvector", -1, 'i', TypeKind::kBase, 'A', false, ',', Oid(1013), Oid(26), Storage::kBytes, &kVectorFunctions},
    {Oid(114), "json", "json", -1, 'i', TypeKind::kBase, 'U', false, ',', Oid(199), Oid(0), Storage::kBytes, &kJsonFunctions},
    {Oid(194), "pg_node_tree", "pg_node_tree", -1, 'i', TypeKind::kBase, 'Z', false, ',', Oid(0), Oid(0), Storage::kBytes, &kTextFunctions},
    {Oid(650), "cidr", "cidr", -1, 'i', TypeKind::kBase, 'I', false, ',', Oid(651), Oid(0), Storage::kBytes, &kInetFunctions},
    {Oid(700), "float4", "real", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(1021), Oid(0), Storage::kFloat, &kFloat4Functions},
    {Oid(701), "float8", "double precision", 8, 'd', TypeKind::kBase, 'N', true, ',', Oid(1022), Oid(0), Storage::kFloat, &kFloat8Functions},
    {Oid(705), "unknown", "unknown", -2, 'c', TypeKind::kPseudo, 'X', false, ',', Oid(0), Oid(0), Storage::kBytes, &kUnknownFunctions},
    {Oid(869), "inet", "inet", -1, 'i', TypeKind::kBase, 'I', true, ',', Oid(1041), Oid(0), Storage::kBytes, &kInetFunctions},
    {Oid(1033), "aclitem", "aclitem", 12, 'i', TypeKind::kBase, 'U', false, ',', Oid(1034), Oid(0), Storage::kBytes, &kAclItemFunctions},
    {Oid(1042), "bpchar", "character", -1, 'i', TypeKind::kBase, 'S', false, ',', Oid(1014), Oid(0), Storage::kBytes, &kBpcharFunctions},
    {Oid(1043), "varchar", "character varying", -1, 'i', TypeKind::kBase, 'S', false, ',', Oid(1015), Oid(0), Storage::kBytes, &kVarcharFunctions},
    {Oid(1082), "date", "date", 4, 'i', TypeKind::kBase, 'D', false, ',', Oid(1182), Oid(0), Storage::kInteger, &kDateFunctions},
    {Oid(1083), "time", "time without time zone", 8, 'd', TypeKind::kBase, 'D', false, ',', Oid(1183), Oid(0), Storage::kInteger, &kTimeFunctions},
    {Oid(1114), "timestamp", "timestamp without time zone", 8, 'd', TypeKind::kBase, 'D', false, ',', Oid(1115), Oid(0), Storage::kInteger, &kTimestampFunctions},
    {Oid(1184), "timestamptz", "timestamp with time zone", 8, 'd', TypeKind::kBase, 'D', true, ',', Oid(1185), Oid(0), Storage::kInteger, &kTimestamptzFunctions},
    {Oid(1186), "interval", "interval", 16, 'd', TypeKind::kBase, 'T', true, ',', Oid(1187), Oid(0), Storage::kBytes, &kIntervalFunctions},
    {Oid(1266), "timetz", "time with time zone", 12, 'd', TypeKind::kBase, 'D', false, ',', Oid(1270), Oid(0), Storage::kBytes, &kTimetzFunctions},
    {Oid(1700), "numeric", "numeric", -1, 'i', TypeKind::kBase, 'N', false, ',', Oid(1231), Oid(0), Storage::kBytes, &kNumericFunctions},
    {Oid(1790), "refcursor", "refcursor", -1, 'i', TypeKind::kBase, 'U', false, ',', Oid(2201), Oid(0), Storage::kBytes, &kTextFunctions},
    {Oid(2202), "regprocedure", "regprocedure", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(2207), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(2203), "regoper", "regoper", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(2208), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(2204), "regoperator", "regoperator", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(2209), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(2205), "regclass", "regclass", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(2210), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(2206), "regtype", "regtype", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(2211), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(2249), "record", "record", -1, 'd', TypeKind::kPseudo, 'P', false, ',', Oid(2287), Oid(0), Storage::kBytes, &kRecordFunctions},
    {Oid(2275), "cstring", "cstring", -2, 'c', TypeKind::kPseudo, 'P', false, ',', Oid(1263), Oid(0), Storage::kBytes, &kUnknownFunctions},
    {Oid(2276), "any", "\"any\"", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2277), "anyarray", "anyarray", -1, 'd', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2278), "void", "void", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kInteger, &kVoidFunctions},
    {Oid(2279), "trigger", "trigger", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2281), "internal", "internal", 8, 'd', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2283), "anyelement", "anyelement", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2776), "anynonarray", "anynonarray", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(2950), "uuid", "uuid", 16, 'c', TypeKind::kBase, 'U', false, ',', Oid(2951), Oid(0), Storage::kBytes, &kUuidFunctions},
    {Oid(2970), "txid_snapshot", "txid_snapshot", -1, 'd', TypeKind::kBase, 'U', false, ',', Oid(2949), Oid(0), Storage::kBytes, &kSnapshotTypeFunctions},
    {Oid(3220), "pg_lsn", "pg_lsn", 8, 'd', TypeKind::kBase, 'U', false, ',', Oid(3221), Oid(0), Storage::kInteger, &kPgLsnFunctions},
    {Oid(3500), "anyenum", "anyenum", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(3802), "jsonb", "jsonb", -1, 'i', TypeKind::kBase, 'U', false, ',', Oid(3807), Oid(0), Storage::kBytes, &kJsonbFunctions},
    {Oid(4089), "regnamespace", "regnamespace", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(4090), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(4096), "regrole", "regrole", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(4097), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(4191), "regcollation", "regcollation", 4, 'i', TypeKind::kBase, 'N', false, ',', Oid(4192), Oid(0), Storage::kInteger, &kRegFunctions},
    {Oid(5038), "pg_snapshot", "pg_snapshot", -1, 'd', TypeKind::kBase, 'U', false, ',', Oid(5039), Oid(0), Storage::kBytes, &kSnapshotTypeFunctions},
    {Oid(5069), "xid8", "xid8", 8, 'd', TypeKind::kBase, 'U', false, ',', Oid(271), Oid(0), Storage::kInteger, &kXid8Functions},
    {Oid(5077), "anycompatible", "anycompatible", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(5078), "anycompatiblearray", "anycompatiblearray", -1, 'd', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    {Oid(5079), "anycompatiblenonarray", "anycompatiblenonarray", 4, 'i', TypeKind::kPseudo, 'P', false, ',', Oid(0), Oid(0), Storage::kBytes, &kPseudoFunctions},
    // clang-format on
};

struct SqlName {
  std::string_view sql;
  std::string_view name;
};
/// What the grammar says beside format_type's names.
constexpr SqlName kSqlNames[] = {
    {"int", "int4"},
    {"dec", "numeric"},
    {"decimal", "numeric"},
    {"float", "float8"},
    {"char", "bpchar"},
    {"nchar", "bpchar"},
    {"national character", "bpchar"},
    {"national char", "bpchar"},
    {"char varying", "varchar"},
    {"national character varying", "varchar"},
    {"time", "time"},
    {"timestamp", "timestamp"},
};

/// All types; found by OID through an array as long as the greatest built-in OID.
class TypeTable {
 public:
  TypeTable() {
    for (const Type& type : kTypes) add(&type);
    for (const Type& type : kTypes) {
      if (type.array_type.value != 0) add(array_of(type));
    }
    std::sort(in_order_.begin(), in_order_.end(),
              [](const Type* a, const Type* b) { return a->oid < b->oid; });
    for (const SqlName& alias : kSqlNames) {
      if (auto at = by_name_.find(alias.name); at != by_name_.end()) {
        by_sql_name_[alias.sql] = at->second;
      }
    }
  }

  const Type* find(Oid oid) const {
    return oid.value < by_oid_.size() ? by_oid_[oid.value] : nullptr;
  }
  const Type* find(std::string_view name) const { return look_up(by_name_, name); }
  const Type* find_sql(std::string_view name) const {
    const Type* type = look_up(by_sql_name_, name);
    return type != nullptr ? type : find(name);
  }
  std::span<const Type* const> all() const { return in_order_; }

 private:
  using Names = std::unordered_map<std::string_view, const Type*>;

  static const Type* look_up(const Names& names, std::string_view name) {
    auto at = names.find(name);
    return at == names.end() ? nullptr : at->second;
  }

  void add(const Type* type) {
    if (type->oid.value >= by_oid_.size()) by_oid_.resize(type->oid.value + 1, nullptr);
    by_oid_[type->oid.value] = type;
    by_name_[type->name] = type;
    by_sql_name_[type->sql_name] = type;
    in_order_.push_back(type);
  }

  const Type* array_of(const Type& element) {
    std::string_view name = strings_.emplace_back("_" + std::string(element.name));
    std::string_view sql_name = strings_.emplace_back(std::string(element.sql_name) + "[]");
    bool pseudo = element.kind == TypeKind::kPseudo;
    return &arrays_.emplace_back(
        Type{.oid = element.array_type,
             .name = name,
             .sql_name = sql_name,
             .alignment = element.alignment == 'd' ? 'd' : 'i',
             .kind = pseudo && element.name == "record" ? TypeKind::kPseudo : TypeKind::kBase,
             .category = pseudo && element.name == "record" ? 'P' : 'A',
             .delimiter = element.delimiter,
             .element_type = element.oid,
             .functions = &kArrayFunctions,
             .element = &element});
  }

  std::vector<const Type*> by_oid_;
  std::vector<const Type*> in_order_;
  Names by_name_;
  Names by_sql_name_;
  std::deque<Type> arrays_;
  std::deque<std::string> strings_;
};

const TypeTable& table() {
  static const TypeTable kTable;
  return kTable;
}

}  // namespace

const Type* find_type(Oid oid) {
  return table().find(oid);
}

const Type& type_of(Oid oid) {
  const Type* type = find_type(oid);
  if (type == nullptr) {
    fail(base::sqlstate::kInternalError,
         "cache lookup failed for type " + std::to_string(oid.value));
  }
  return *type;
}

const Type* find_type(std::string_view name) {
  return table().find(name);
}
const Type* find_type_by_sql_name(std::string_view name) {
  return table().find_sql(name);
}
std::span<const Type* const> builtin_types() {
  return table().all();
}

const Type* TypeSource::find(std::string_view schema, std::string_view name) const {
  const Type* type = nullptr;
  if (schema.empty() || schema == "pg_catalog") type = find_type(name);
  return type != nullptr ? type : added_named(schema, name);
}

base::Oid TypeSource::base_type(base::Oid oid) const {
  const Type* type = find(oid);
  return type == nullptr ? oid : base_of(*type).oid;
}

const TypeSource& builtin_type_source() {
  static const TypeSource kSource;
  return kSource;
}

}  // namespace isolde::sql
