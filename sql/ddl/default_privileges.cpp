// ALTER DEFAULT PRIVILEGES: what the new objects of a role start with.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/acl_change.hpp"
#include "sql/ddl/grant.hpp"
#include "sql/ddl/schema.hpp"

namespace isolde::sql {

namespace {

struct Target {
  char type = 'r';
  AclKind kind = AclKind::kTable;
  std::string_view word;
};

Target target_of(const PgQuery__GrantStmt& action) {
  switch (action.objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return {'r', AclKind::kTable, "relation"};
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return {'S', AclKind::kSequence, "sequence"};
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      return {'f', AclKind::kFunction, "function"};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      return {'T', AclKind::kType, "type"};
    default:
      return {'n', AclKind::kSchema, "schema"};
  }
}

std::shared_ptr<const DefaultAclObject> find_rule(Definer& d, Oid role, Oid schema, char type) {
  std::shared_ptr<const DefaultAclObject> found;
  d.image().for_each(ObjectKind::kDefaultAcl, [&](const ObjectPtr& one) {
    auto rule = std::static_pointer_cast<const DefaultAclObject>(one);
    if (rule->role == role && rule->name_space == schema && rule->object_type == type) {
      found = std::move(rule);
    }
  });
  return found;
}

bool same(const std::vector<AclEntry>& a, const std::vector<AclEntry>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.grantee == y.grantee && x.grantor == y.grantor && x.privileges == y.privileges &&
           x.grant_options == y.grant_options;
  });
}

/// For all schemas a rule begins with the usual privileges, for one with none: those are added.
void change_rule(Definer& d, const PgQuery__GrantStmt& action, Oid role, Oid schema) {
  Target target = target_of(action);
  if (target.type == 'n' && schema != Oid{}) {
    fail(base::sqlstate::kInvalidGrantOperation,
         "cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS");
  }
  uint32_t privileges = privileges_of(action, all_privileges(target.kind), target.word);
  std::vector<AclEntry> usual;
  if (schema == Oid{}) usual = default_acl(target.kind, role);
  auto before = find_rule(d, role, schema, target.type);
  std::vector<AclEntry> entries = before == nullptr ? usual : before->entries;
  for (Oid grantee : grantees_of(d, action)) {
    if (action.is_grant) {
      uint32_t options = action.grant_option && grantee != role ? privileges : 0;
      add_grant(entries, {grantee, role, privileges, options});
    } else {
      AclEntry entry{grantee, role, action.grant_option ? 0 : privileges, privileges};
      static_cast<void>(take_grant(entries, entry, role, true));
    }
  }
  drop_empty(entries);
  if (same(entries, usual)) {
    if (before != nullptr) d.drop(*before);
    return;
  }
  auto made = before != nullptr ? d.edit(*before) : std::make_shared<DefaultAclObject>();
  if (before == nullptr) made->oid = d.new_oid();
  made->role = role;
  made->name_space = schema;
  made->object_type = target.type;
  made->entries = std::move(entries);
  made->needs.clear();
  if (schema != Oid{}) made->needs.push_back(schema);
  d.put(made);
}

}  // namespace

void alter_default_privileges(Definer& d, const PgQuery__AlterDefaultPrivilegesStmt& statement) {
  std::vector<Oid> roles, schemas;
  for (size_t i = 0; i < statement.n_options; ++i) {
    const PgQuery__DefElem& option = *statement.options[i]->def_elem;
    const PgQuery__List& list = *option.arg->list;
    for (size_t j = 0; j < list.n_items; ++j) {
      if (std::string_view(option.defname) == "schemas") {
        schemas.push_back(d.schema(string_of(*list.items[j])));
      } else {
        roles.push_back(role_of(d, *list.items[j]->role_spec));
      }
    }
  }
  if (roles.empty()) roles.push_back(d.role());
  if (schemas.empty()) schemas.push_back(Oid{});
  for (Oid role : roles) {
    if (!has_privileges_of(d.image(), d.role(), role)) {
      fail(base::sqlstate::kInsufficientPrivilege,
           "must be member of role " + quoted(role_name(d.image(), role)));
    }
    for (Oid schema : schemas) change_rule(d, *statement.action, role, schema);
  }
}

}  // namespace isolde::sql
