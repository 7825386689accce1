#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

void Ddl::create_schema(const PgQuery__CreateSchemaStmt& statement) {
  if (statement.n_schema_elts > 0)
    fail(base::sqlstate::kFeatureNotSupported,
         "CREATE SCHEMA with schema elements is not supported");
  const std::string name = statement.schemaname;
  Oid owner = in_.role;
  if (statement.authrole != nullptr && *statement.authrole->rolename != '\0')
    owner = role_by_name(*image(), statement.authrole->rolename);
  const std::string named = name.empty() ? role_name(*image(), owner) : name;
  if (is_reserved_name(named))
    throw base::SqlException(
        base::Error(base::sqlstate::kReservedName, "unacceptable schema name \"" + named + "\"")
            .detail("The prefix \"pg_\" is reserved for system schemas."));
  lock_name(Oid{}, named);
  if (image()->find(ObjectKind::kNamespace, Oid{}, named) != nullptr) {
    if (!statement.if_not_exists)
      fail(base::sqlstate::kDuplicateSchema, "schema \"" + named + "\" already exists");
    notice("schema \"" + named + "\" already exists, skipping");
    return;
  }
  auto schema = std::make_shared<NamespaceObject>();
  schema->oid = catalog().new_oid();
  schema->name = named;
  schema->owner = owner;
  put(schema);
}

}  // namespace isolde::sql
