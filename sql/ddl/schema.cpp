#include "sql/ddl/schema.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/ddl/initial_acl.hpp"

namespace isolde::sql {

Oid role_of(Definer& d, const PgQuery__RoleSpec& spec) {
  switch (spec.roletype) {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING:
      return role_by_name(d.image(), spec.rolename);
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC:
      fail(base::sqlstate::kUndefinedObject, "role \"public\" does not exist");
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER:
      return role_by_name(d.image(), d.services().user());
    default:
      return d.role();
  }
}

void create_schema(Definer& d, const PgQuery__CreateSchemaStmt& statement) {
  Oid owner = statement.authrole == nullptr ? d.role() : role_of(d, *statement.authrole);
  std::string name(text_or_empty(statement.schemaname));
  if (name.empty()) name = role_name(d.image(), owner);
  require_privilege(d.image(), d.role(), *d.image().find(ObjectKind::kDatabase, d.database()),
                    Privilege::kCreate);
  if (!is_member_of_role(d.image(), d.role(), owner)) {
    fail(base::sqlstate::kInsufficientPrivilege,
         "must be member of role " + quoted(role_name(d.image(), owner)));
  }
  if (is_reserved_name(name)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kReservedName, "unacceptable schema name " + quoted(name))
            .detail("The prefix \"pg_\" is reserved for system schemas."));
  }
  d.lock_name(ObjectKind::kNamespace, Oid{}, name);
  if (d.image().find(ObjectKind::kNamespace, Oid{}, name) != nullptr) {
    if (!statement.if_not_exists) {
      fail(base::sqlstate::kDuplicateSchema, "schema " + quoted(name) + " already exists");
    }
    return d.notice(base::sqlstate::kDuplicateSchema,
                    "schema " + quoted(name) + " already exists, skipping");
  }
  auto schema = std::make_shared<NamespaceObject>();
  schema->oid = d.new_oid();
  schema->name = name;
  schema->owner = owner;
  schema->acl = initial_acl(d, *schema);
  d.put(schema);
  if (statement.n_schema_elts > 0) {
    fail(base::sqlstate::kFeatureNotSupported,
         "CREATE SCHEMA with schema elements is not supported");
  }
}

}  // namespace isolde::sql
