#include "sql/catalog/privileges.hpp"

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/membership.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

AclKind acl_kind(const CatalogObject& object) {
  switch (object.kind) {
    case ObjectKind::kRelation:
      switch (static_cast<const RelationObject&>(object).relation_kind) {
        case RelationKind::kTable:
          return AclKind::kTable;
        case RelationKind::kSequence:
          return AclKind::kSequence;
        case RelationKind::kMaterializedView:
          return AclKind::kMaterializedView;
        case RelationKind::kView:
          return AclKind::kView;
        case RelationKind::kIndex:
          return AclKind::kIndex;
        case RelationKind::kComposite:
          return AclKind::kType;
      }
      return AclKind::kTable;
    case ObjectKind::kNamespace:
      return AclKind::kSchema;
    case ObjectKind::kDatabase:
      return AclKind::kDatabase;
    case ObjectKind::kType:
      return static_cast<const TypeObject&>(object).sort == TypeObject::Sort::kDomain
                 ? AclKind::kDomain
                 : AclKind::kType;
    case ObjectKind::kFunction:
      return static_cast<const FunctionObject&>(object).procedure ? AclKind::kProcedure
                                                                  : AclKind::kFunction;
    case ObjectKind::kConstraint:
    case ObjectKind::kRole:
    case ObjectKind::kMembership:
    case ObjectKind::kSettings:
    case ObjectKind::kDefaultAcl:
    case ObjectKind::kCounter:
      break;
  }
  return AclKind::kTable;
}

std::string_view acl_kind_name(AclKind kind) {
  switch (kind) {
    case AclKind::kTable:
      return "table";
    case AclKind::kSequence:
      return "sequence";
    case AclKind::kView:
      return "view";
    case AclKind::kMaterializedView:
      return "materialized view";
    case AclKind::kIndex:
      return "index";
    case AclKind::kType:
      return "type";
    case AclKind::kDomain:
      return "domain";
    case AclKind::kSchema:
      return "schema";
    case AclKind::kDatabase:
      return "database";
    case AclKind::kFunction:
      return "function";
    case AclKind::kProcedure:
      return "procedure";
  }
  return "";
}

uint32_t all_privileges(AclKind kind) {
  using enum Privilege;
  switch (kind) {
    case AclKind::kTable:
    case AclKind::kView:
    case AclKind::kMaterializedView:
    case AclKind::kIndex:
      return kInsert | kSelect | kUpdate | kDelete | kTruncate | kReferences | kTrigger;
    case AclKind::kSequence:
      return kUsage | kSelect | kUpdate;
    case AclKind::kSchema:
      return kUsage | kCreate;
    case AclKind::kDatabase:
      return kCreate | kCreateTemp | kConnect;
    case AclKind::kFunction:
    case AclKind::kProcedure:
      return bit(kExecute);
    case AclKind::kType:
    case AclKind::kDomain:
      return bit(kUsage);
  }
  return 0;
}

std::vector<AclEntry> default_acl(AclKind kind, Oid owner) {
  using enum Privilege;
  uint32_t everybody = 0;
  switch (kind) {
    case AclKind::kDatabase:
      everybody = kCreateTemp | kConnect;
      break;
    case AclKind::kFunction:
    case AclKind::kProcedure:
      everybody = bit(kExecute);
      break;
    case AclKind::kType:
    case AclKind::kDomain:
      everybody = bit(kUsage);
      break;
    case AclKind::kTable:
    case AclKind::kSequence:
    case AclKind::kView:
    case AclKind::kMaterializedView:
    case AclKind::kIndex:
    case AclKind::kSchema:
      break;
  }
  std::vector<AclEntry> entries;
  if (everybody != 0) entries.push_back({Oid{}, owner, everybody, 0});
  entries.push_back({owner, owner, all_privileges(kind), 0});
  return entries;
}

std::vector<AclEntry> acl_of(const CatalogObject& object) {
  return object.acl ? *object.acl : default_acl(acl_kind(object), object.owner);
}

bool is_superuser(const CatalogImage& image, Oid role) {
  auto found = image.get<RoleObject>(ObjectKind::kRole, role);
  return found != nullptr && found->superuser;
}

namespace {

/// The owner of the database is a member of pg_database_owner without anybody having said so.
bool is_database_owner(const CatalogImage& image, Oid role, bool inheriting) {
  ObjectPtr database = image.find(ObjectKind::kDatabase, image.database());
  return database != nullptr && is_member_of(*image.server(), role, database->owner, inheriting);
}

bool is_member(const CatalogImage& image, Oid role, Oid other, bool inheriting) {
  if (is_superuser(image, role)) return true;
  if (is_member_of(*image.server(), role, other, inheriting)) return true;
  return other == oids::kDatabaseOwner && is_database_owner(image, role, inheriting);
}

/// Without what superusers may do.
uint32_t granted(const CatalogImage& image, Oid role, const std::vector<AclEntry>& acl,
                 uint32_t wanted) {
  uint32_t found = 0;
  for (const AclEntry& entry : acl) {
    if ((entry.privileges & wanted & ~found) == 0) continue;
    if (entry.grantee == Oid{} || has_privileges_of(image, role, entry.grantee)) {
      found |= entry.privileges & wanted;
    }
  }
  return found;
}

/// pg_read_all_data and pg_write_all_data.
uint32_t predefined(const CatalogImage& image, Oid role, AclKind kind) {
  using enum Privilege;
  bool table = kind == AclKind::kTable || kind == AclKind::kView ||
               kind == AclKind::kMaterializedView || kind == AclKind::kSequence;
  if (!table && kind != AclKind::kSchema) return 0;
  uint32_t found = 0;
  if (has_privileges_of(image, role, oids::kReadAllData)) {
    found |= bit(table ? kSelect : kUsage);
  }
  if (has_privileges_of(image, role, oids::kWriteAllData)) {
    found |= table ? kInsert | kUpdate | kDelete : bit(kUsage);
  }
  return found;
}

}  // namespace

bool has_privileges_of(const CatalogImage& image, Oid role, Oid other) {
  return role == other || is_member(image, role, other, true);
}

bool is_member_of_role(const CatalogImage& image, Oid role, Oid other) {
  return role == other || is_member(image, role, other, false);
}

bool owns(const CatalogImage& image, Oid role, const CatalogObject& object) {
  return has_privileges_of(image, role, object.owner);
}

uint32_t privileges_on(const CatalogImage& image, Oid role, const CatalogObject& object,
                       uint32_t wanted) {
  if (is_superuser(image, role)) return wanted;
  uint32_t found = granted(image, role, acl_of(object), wanted);
  if (found == wanted) return found;
  return found | (predefined(image, role, acl_kind(object)) & wanted);
}

bool has_privilege(const CatalogImage& image, Oid role, const CatalogObject& object,
                   Privilege privilege) {
  return privileges_on(image, role, object, bit(privilege)) != 0;
}

bool has_column_privilege(const CatalogImage& image, Oid role, const RelationObject& table,
                          size_t place, Privilege privilege) {
  if (has_privilege(image, role, table, privilege)) return true;
  const auto& acl = table.columns[place].acl;
  return acl && granted(image, role, *acl, bit(privilege)) != 0;
}

void deny(AclKind kind, std::string_view name) {
  fail(base::sqlstate::kInsufficientPrivilege,
       "permission denied for " + std::string(acl_kind_name(kind)) + " " + std::string(name));
}

void require_privilege(const CatalogImage& image, Oid role, const CatalogObject& object,
                       Privilege privilege) {
  if (!has_privilege(image, role, object, privilege)) deny(acl_kind(object), object.name);
}

void require_ownership(const CatalogImage& image, Oid role, const CatalogObject& object) {
  if (owns(image, role, object)) return;
  fail(base::sqlstate::kInsufficientPrivilege,
       "must be owner of " + std::string(acl_kind_name(acl_kind(object))) + " " + object.name);
}

std::string role_name(const CatalogImage& image, Oid role) {
  ObjectPtr found = image.find(ObjectKind::kRole, role);
  return found == nullptr ? "unknown (OID=" + std::to_string(role.value) + ")" : found->name;
}

Oid role_by_name(const CatalogImage& image, std::string_view name) {
  ObjectPtr found = image.find(ObjectKind::kRole, Oid{}, name);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedObject, "role \"" + std::string(name) + "\" does not exist");
  }
  return found->oid;
}

}  // namespace isolde::sql
