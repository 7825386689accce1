#include "sql/ddl/owner.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/acl_change.hpp"
#include "sql/ddl/copy_object.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/named_object.hpp"
#include "sql/ddl/role_use.hpp"
#include "sql/ddl/schema.hpp"

namespace isolde::sql {

namespace {

void rename_in(std::optional<std::vector<AclEntry>>& acl, Oid from, Oid to) {
  if (!acl) return;
  std::vector<AclEntry> made;
  for (AclEntry entry : *acl) {
    if (entry.grantee == from) entry.grantee = to;
    if (entry.grantor == from) entry.grantor = to;
    add_grant(made, entry);
  }
  acl = std::move(made);
}

/// Without what is granted to the role or by it.
bool forget_role(std::optional<std::vector<AclEntry>>& acl, Oid role) {
  if (!acl) return false;
  size_t before = acl->size();
  std::erase_if(*acl, [&](const AclEntry& e) { return e.grantee == role || e.grantor == role; });
  return acl->size() != before;
}

std::vector<Oid> roles_of(Definer& d, PgQuery__Node* const* nodes, size_t count) {
  std::vector<Oid> roles;
  for (size_t i = 0; i < count; ++i) {
    Oid role = role_of(d, *nodes[i]->role_spec);
    if (!has_privileges_of(d.image(), d.role(), role)) {
      fail(base::sqlstate::kInsufficientPrivilege, "permission denied to reassign objects");
    }
    roles.push_back(role);
  }
  return roles;
}

/// What belongs to nothing else, of this database; with the databases themselves.
std::vector<ObjectPtr> owned_by(Definer& d, const std::vector<Oid>& roles, bool databases) {
  std::vector<ObjectPtr> found;
  for_each_owned(d.image(), [&](const ObjectPtr& object) {
    if (object->kind == ObjectKind::kDatabase && !databases) return;
    if (object->part_of != Oid{}) return;
    if (std::ranges::find(roles, object->owner) != roles.end()) found.push_back(object);
  });
  return found;
}

}  // namespace

void change_owner(Definer& d, const CatalogObject& object, Oid owner) {
  ObjectPtr now = d.image().find(object.kind, object.oid);
  if (now == nullptr || now->owner == owner) return;
  auto changed = copy_object(*now);
  changed->owner = owner;
  rename_in(changed->acl, now->owner, owner);
  if (changed->kind == ObjectKind::kRelation) {
    for (ColumnObject& column : static_cast<RelationObject&>(*changed).columns) {
      rename_in(column.acl, now->owner, owner);
    }
  }
  d.put(changed);
  if (object.kind == ObjectKind::kDatabase || object.kind == ObjectKind::kNamespace) return;
  for (const ObjectPtr& part : d.image().parts_of(object.oid)) {
    if (part->kind == ObjectKind::kRelation) change_owner(d, *part, owner);
  }
}

void require_may_give(Definer& d, const CatalogObject& object, Oid owner) {
  d.require_owner(object);
  if (d.superuser()) return;
  if (!is_member_of_role(d.image(), d.role(), owner)) {
    fail(base::sqlstate::kInsufficientPrivilege,
         "must be member of role " + quoted(role_name(d.image(), owner)));
  }
  if (ObjectPtr schema = d.image().find(ObjectKind::kNamespace, object.name_space)) {
    require_privilege(d.image(), owner, *schema, Privilege::kCreate);
  }
}

std::string_view alter_owner(Definer& d, const PgQuery__AlterOwnerStmt& statement) {
  Oid owner = role_of(d, *statement.newowner);
  NamedObject named = object_named(d, statement.object_type, *statement.object);
  require_may_give(d, *named.object, owner);
  d.lock(*named.object, txn::table_mode::kAccessExclusive);
  change_owner(d, *named.object, owner);
  return named.word;
}

void reassign_owned(Definer& d, const PgQuery__ReassignOwnedStmt& statement) {
  std::vector<Oid> roles = roles_of(d, statement.roles, statement.n_roles);
  Oid owner = role_of(d, *statement.newrole);
  if (!has_privileges_of(d.image(), d.role(), owner)) {
    fail(base::sqlstate::kInsufficientPrivilege, "permission denied to reassign objects");
  }
  for (const ObjectPtr& object : owned_by(d, roles, true)) {
    d.lock(*object, txn::table_mode::kAccessExclusive);
    change_owner(d, *object, owner);
  }
}

void drop_owned(Definer& d, const PgQuery__DropOwnedStmt& statement) {
  std::vector<Oid> roles;
  for (size_t i = 0; i < statement.n_roles; ++i) {
    roles.push_back(role_of(d, *statement.roles[i]->role_spec));
    if (!has_privileges_of(d.image(), d.role(), roles.back())) {
      fail(base::sqlstate::kInsufficientPrivilege, "permission denied to drop objects");
    }
  }
  Dropper dropper(d, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  for (const ObjectPtr& object : owned_by(d, roles, false)) dropper.add(object);
  dropper.run();
  for (Oid role : roles) {
    std::vector<ObjectPtr> granted;
    for_each_owned(d.image(), [&](const ObjectPtr& object) {
      if (grants_to(*object, role) && object->owner != role) granted.push_back(object);
    });
    for (const ObjectPtr& object : granted) {
      auto changed = copy_object(*object);
      forget_role(changed->acl, role);
      if (changed->kind == ObjectKind::kRelation) {
        for (ColumnObject& column : static_cast<RelationObject&>(*changed).columns) {
          forget_role(column.acl, role);
          if (column.acl && column.acl->empty()) column.acl.reset();
        }
      }
      d.put(changed);
    }
    std::vector<ObjectPtr> rules;
    d.image().for_each(ObjectKind::kDefaultAcl,
                       [&](const ObjectPtr& object) { rules.push_back(object); });
    for (const ObjectPtr& object : rules) {
      auto rule = d.edit(static_cast<const DefaultAclObject&>(*object));
      if (rule->role == role) {
        d.drop(*object);
        continue;
      }
      size_t before = rule->entries.size();
      std::erase_if(rule->entries, [&](const AclEntry& e) { return e.grantee == role; });
      if (rule->entries.size() != before) d.put(rule);
    }
  }
}

}  // namespace isolde::sql
