#include "sql/ddl/schema.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/catalog_types.hpp"
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

namespace {

/// What stands in a CREATE SCHEMA is made in this order, whatever that of the text: tables before
/// the views of them.
constexpr PgQuery__Node__NodeCase kElementOrder[] = {
    PG_QUERY__NODE__NODE_CREATE_SEQ_STMT, PG_QUERY__NODE__NODE_CREATE_STMT,
    PG_QUERY__NODE__NODE_VIEW_STMT, PG_QUERY__NODE__NODE_INDEX_STMT,
    PG_QUERY__NODE__NODE_GRANT_STMT};

const PgQuery__RangeVar* named_relation(const PgQuery__Node& element) {
  switch (element.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return element.create_seq_stmt->sequence;
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return element.create_stmt->relation;
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return element.view_stmt->view;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return element.index_stmt->relation;
    default:
      return nullptr;
  }
}

/// The session's names, with a schema in front of its search path.
class NamesInside {
 public:
  NamesInside(Definer& outer, Oid schema) : outer_(outer), schema_(schema) {}

  const TableNames& get() {
    const TableNames& now = outer_.names();
    if (names_.image == now.image) return names_;
    names_ = now;
    names_.path.schemas.insert(names_.path.schemas.begin(), schema_);
    names_.path.listed.insert(names_.path.listed.begin(), schema_);
    names_.types = std::make_shared<CatalogTypes>(now.image, names_.path);
    names_.functions = std::make_shared<CatalogFunctions>(now.image, names_.path);
    return names_;
  }

 private:
  Definer& outer_;
  Oid schema_;
  TableNames names_;
};

void create_elements(Definer& d, const PgQuery__CreateSchemaStmt& statement,
                     const NamespaceObject& schema) {
  NamesInside names(d, schema.oid);
  Definer inside({.session = d.services(),
                  .text = d.text(),
                  .names = [&]() -> const TableNames& { return names.get(); },
                  .binder_input =
                      [&] {
                        Binder::Input input = d.binder_input();
                        input.names = &names.get();
                        input.types = input.names->types.get();
                        return input;
                      },
                  .require_no_block = [&](std::string_view what) { d.require_no_block(what); },
                  .role = schema.owner});
  for (size_t i = 0; i < statement.n_schema_elts; ++i) {
    const PgQuery__RangeVar* relation = named_relation(*statement.schema_elts[i]);
    std::string_view other = relation == nullptr ? "" : text_or_empty(relation->schemaname);
    if (other.empty() || other == schema.name) continue;
    fail(base::sqlstate::kInvalidSchemaDefinition,
         "CREATE specifies a schema (" + std::string(other) +
             ") different from the one being created (" + schema.name + ")");
  }
  std::string tag;
  for (PgQuery__Node__NodeCase kind : kElementOrder) {
    for (size_t i = 0; i < statement.n_schema_elts; ++i) {
      const PgQuery__Node& element = *statement.schema_elts[i];
      if (element.node_case == kind) run_definition(inside, element, tag);
    }
  }
}

}  // namespace

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
  if (statement.n_schema_elts > 0) create_elements(d, statement, *schema);
}

}  // namespace isolde::sql
