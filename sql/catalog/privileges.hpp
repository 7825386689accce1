#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/privilege.hpp"

// Who may do what. A role has a privilege when it, PUBLIC or a role that it inherits from was
// granted it; owners have all of them unless they gave them up, superusers always.

namespace isolde::sql {

/// The kinds of objects that messages and grants tell apart.
enum class AclKind : uint8_t {
  kTable,
  kSequence,
  kView,
  kMaterializedView,
  kIndex,
  kType,
  kDomain,
  kSchema,
  kDatabase,
  kFunction,
  kProcedure,
};
AclKind acl_kind(const CatalogObject& object);
/// "table", "sequence", "schema", ...: as in "permission denied for table t".
std::string_view acl_kind_name(AclKind kind);
/// All privileges that there are on such an object.
uint32_t all_privileges(AclKind kind);

/// What is granted as long as nobody has granted or revoked anything.
std::vector<AclEntry> default_acl(AclKind kind, Oid owner);
std::vector<AclEntry> acl_of(const CatalogObject& object);

bool is_superuser(const CatalogImage& image, Oid role);
/// Can it act with the privileges of `other`: it is that role or inherits from it, or a superuser.
bool has_privileges_of(const CatalogImage& image, Oid role, Oid other);
/// Can it SET ROLE to `other`: also along roles that do not inherit.
bool is_member_of_role(const CatalogImage& image, Oid role, Oid other);
bool owns(const CatalogImage& image, Oid role, const CatalogObject& object);

/// Those of `wanted` that the role has on the object.
uint32_t privileges_on(const CatalogImage& image, Oid role, const CatalogObject& object,
                       uint32_t wanted);
bool has_privilege(const CatalogImage& image, Oid role, const CatalogObject& object,
                   Privilege privilege);
/// Of a column, its table's included. `place` is attnum - 1.
bool has_column_privilege(const CatalogImage& image, Oid role, const RelationObject& table,
                          size_t place, Privilege privilege);

/// 42501 "permission denied for table t".
[[noreturn]] void deny(AclKind kind, std::string_view name);
void require_privilege(const CatalogImage& image, Oid role, const CatalogObject& object,
                       Privilege privilege);
/// 42501 "must be owner of table t".
void require_ownership(const CatalogImage& image, Oid role, const CatalogObject& object);

/// The role's name, or its number where it is gone.
std::string role_name(const CatalogImage& image, Oid role);
/// 42704 'role "x" does not exist'.
Oid role_by_name(const CatalogImage& image, std::string_view name);

}  // namespace isolde::sql
