#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "sql/types/type.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

/// The built-in type of an OID, or nullptr. One array access.
const Type* find_type(base::Oid oid);
/// The same for an OID known to exist.
const Type& type_of(base::Oid oid);
/// By pg_type.typname ("int4", "_int4"), as stored.
const Type* find_type(std::string_view name);
/// What the SQL grammar calls a built-in type: "integer", "double precision", "character varying",
/// "timestamp with time zone", "dec", ... in lower case and with single spaces, as well as every
/// typname. Null when there is none.
const Type* find_type_by_sql_name(std::string_view name);
/// All built-in types, in order of OID: pg_type's first rows.
std::span<const Type* const> builtin_types();

/// Where types come from: the built-in ones, and those that a catalog adds. This class knows the
/// built-in ones; a catalog overrides added() and added_named().
///
/// Types that it hands out live at least as long as every statement that was bound with them.
class TypeSource {
 public:
  virtual ~TypeSource() = default;
  const Type* find(base::Oid oid) const {
    const Type* type = find_type(oid);
    return type != nullptr ? type : added(oid);
  }
  /// By pg_type.typname; an empty schema means the search path, in which pg_catalog is first.
  const Type* find(std::string_view schema, std::string_view name) const;
  /// A domain's base type, or the type itself.
  base::Oid base_type(base::Oid oid) const;

 protected:
  virtual const Type* added(base::Oid) const { return nullptr; }
  virtual const Type* added_named(std::string_view /*schema*/, std::string_view /*name*/) const {
    return nullptr;
  }
};
const TypeSource& builtin_type_source();

/// "character varying(10)", "numeric(8,2)", "timestamp(3) without time zone", "integer[]". Without
/// a typmod (or -1) the bare name; nullopt is format_type(oid, NULL), which says "character" where
/// a typmod of -1 says "bpchar".
std::string format_type(const Type& type, std::optional<int32_t> typmod = std::nullopt);

/// The typmod of "varchar(10)", "numeric(8,2)", ...: throws 22023 for numbers out of range and
/// 42601 for types that take no modifier.
int32_t typmod_from_modifiers(const Type& type, std::span<const int32_t> modifiers);
/// pg_type.typmodin is set: the type takes modifiers.
bool takes_modifiers(const Type& type);

}  // namespace isolde::sql
