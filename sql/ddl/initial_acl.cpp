#include "sql/ddl/initial_acl.hpp"

#include "sql/catalog/acl_change.hpp"

namespace isolde::sql {

char default_acl_type(AclKind kind) {
  switch (kind) {
    case AclKind::kTable:
    case AclKind::kView:
    case AclKind::kMaterializedView:
      return 'r';
    case AclKind::kSequence:
      return 'S';
    case AclKind::kFunction:
    case AclKind::kProcedure:
      return 'f';
    case AclKind::kType:
    case AclKind::kDomain:
      return 'T';
    case AclKind::kSchema:
      return 'n';
    case AclKind::kIndex:
    case AclKind::kDatabase:
      return 0;
  }
  return 0;
}

/// The entry for all schemas takes the place of the built-in default; that for one schema is added.
std::optional<std::vector<AclEntry>> initial_acl(Definer& d, const CatalogObject& object) {
  AclKind kind = acl_kind(object);
  char type = default_acl_type(kind);
  if (type == 0) return std::nullopt;
  std::optional<std::vector<AclEntry>> global, local;
  d.image().for_each(ObjectKind::kDefaultAcl, [&](const ObjectPtr& one) {
    const auto& rule = static_cast<const DefaultAclObject&>(*one);
    if (rule.role != object.owner || rule.object_type != type) return;
    if (rule.name_space == Oid{}) global = rule.entries;
    if (rule.name_space != Oid{} && rule.name_space == object.name_space) local = rule.entries;
  });
  if (!global && !local) return std::nullopt;
  std::vector<AclEntry> acl = global ? *global : default_acl(kind, object.owner);
  if (local) {
    for (const AclEntry& entry : *local) add_grant(acl, entry);
  }
  return acl;
}

}  // namespace isolde::sql
