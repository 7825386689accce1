// ALTER ... RENAME TO and SET SCHEMA of what is no relation.

#include "sql/ddl/named_object.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/ddl/copy_object.hpp"
#include "sql/ddl/database.hpp"
#include "sql/ddl/role.hpp"
#include "sql/ddl/routine.hpp"
#include "sql/ddl/type_name.hpp"

namespace isolde::sql {

namespace {

NameParts type_name(const PgQuery__Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
    return name_parts(node.type_name->names, node.type_name->n_names);
  }
  return name_parts(node.list->items, node.list->n_items);
}

NamedObject type_named(Definer& d, const PgQuery__Node& node, bool domain) {
  NameParts name = type_name(node);
  ObjectPtr found = d.find_type_object(name.schema, name.name);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedObject, "type " + quoted(name.written()) + " does not exist");
  }
  if (found->kind == ObjectKind::kRelation) {
    const auto& relation = static_cast<const RelationObject&>(*found);
    if (relation.relation_kind != RelationKind::kComposite) {
      throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                           d.shown_name(*found) + " is a table's row type")
                                   .hint("Use ALTER TABLE instead."));
    }
  } else if (domain && static_cast<const TypeObject&>(*found).sort != TypeObject::Sort::kDomain) {
    fail(base::sqlstate::kWrongObjectType, d.shown_name(*found) + " is not a domain");
  }
  return {found, domain ? "DOMAIN" : "TYPE"};
}

NamedObject routine_named(Definer& d, int object_type, const PgQuery__ObjectWithArgs& name) {
  ObjectPtr found = find_routine(d, name, object_type, false);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedFunction, missing_routine_message(d, name, object_type));
  }
  if (object_type == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE) return {found, "PROCEDURE"};
  if (object_type == PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE) return {found, "ROUTINE"};
  return {found, "FUNCTION"};
}

/// The name is free in the schema for an object of this kind.
void require_free(Definer& d, const CatalogObject& object, Oid schema, std::string_view name) {
  if (object.kind == ObjectKind::kFunction) {
    const auto& function = static_cast<const FunctionObject&>(object);
    for (const ObjectPtr& other : d.image().named(ObjectKind::kFunction, schema, name)) {
      const auto& there = static_cast<const FunctionObject&>(*other);
      if (there.argument_types != function.argument_types) continue;
      auto renamed = std::make_shared<FunctionObject>(function);
      renamed->name = name;
      std::string shown = d.describe(*renamed).substr(std::string_view("function ").size());
      ObjectPtr where = d.image().find(ObjectKind::kNamespace, schema);
      fail(base::sqlstate::kDuplicateFunction,
           "function " + shown + " already exists in schema " + quoted(where->name));
    }
    return;
  }
  d.lock_name(ObjectKind::kRelation, schema, name);
  require_free_type_name(d, schema, name);
}

void rename_plain(Definer& d, const CatalogObject& object, std::string_view to) {
  d.require_owner(object);
  d.lock(object, txn::table_mode::kAccessExclusive);
  require_free(d, object, object.name_space, to);
  auto changed = copy_object(*d.image().find(object.kind, object.oid));
  changed->name = to;
  d.put(changed);
}

void rename_schema(Definer& d, std::string_view from, std::string_view to) {
  ObjectPtr found = d.image().find(ObjectKind::kNamespace, d.schema(from));
  d.require_owner(*found);
  require_privilege(d.image(), d.role(), *d.image().find(ObjectKind::kDatabase, d.database()),
                    Privilege::kCreate);
  if (is_reserved_name(to)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kReservedName, "unacceptable schema name " + quoted(to))
            .detail("The prefix \"pg_\" is reserved for system schemas."));
  }
  d.lock_name(ObjectKind::kNamespace, Oid{}, to);
  if (d.image().find(ObjectKind::kNamespace, Oid{}, to) != nullptr) {
    fail(base::sqlstate::kDuplicateSchema, "schema " + quoted(to) + " already exists");
  }
  d.lock(*found, txn::table_mode::kAccessExclusive);
  auto changed = copy_object(*found);
  changed->name = to;
  d.put(changed);
}

void rename_domain_constraint(Definer& d, const PgQuery__RenameStmt& statement) {
  ObjectPtr domain = type_named(d, *statement.object, true).object;
  d.require_owner(*domain);
  for (const ObjectPtr& part : d.image().parts_of(domain->oid)) {
    if (part->kind != ObjectKind::kConstraint || part->name != statement.subname) continue;
    auto changed = copy_object(*part);
    changed->name = statement.newname;
    return d.put(changed);
  }
  fail(base::sqlstate::kUndefinedObject, "constraint " + quoted(statement.subname) +
                                             " for domain " + d.shown_name(*domain) +
                                             " does not exist");
}

}  // namespace

NamedObject object_named(Definer& d, int object_type, const PgQuery__Node& name) {
  switch (object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      return type_named(d, name, false);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return type_named(d, name, true);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return routine_named(d, object_type, *name.object_with_args);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return {d.image().find(ObjectKind::kNamespace, d.schema(string_of(name))), "SCHEMA"};
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      return {database_named(d, string_of(name)), "DATABASE"};
    default:
      fail(base::sqlstate::kFeatureNotSupported, "ALTER of this kind of object is not supported");
  }
}

std::string_view rename_object(Definer& d, const PgQuery__RenameStmt& statement) {
  switch (statement.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      rename_role(d, statement.subname, statement.newname);
      return "ROLE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      rename_database(d, statement.subname, statement.newname);
      return "DATABASE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      rename_schema(d, statement.subname, statement.newname);
      return "SCHEMA";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
      rename_domain_constraint(d, statement);
      return "DOMAIN";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: {
      NamedObject named = object_named(d, statement.rename_type, *statement.object);
      rename_plain(d, *named.object, statement.newname);
      return named.word;
    }
    default:
      return {};
  }
}

std::string_view move_object(Definer& d, const PgQuery__AlterObjectSchemaStmt& statement) {
  if (statement.object == nullptr) return {};
  NamedObject named = object_named(d, statement.object_type, *statement.object);
  d.require_owner(*named.object);
  Oid schema = d.creation_schema(statement.newschema);
  if (schema == named.object->name_space) return named.word;
  d.lock(*named.object, txn::table_mode::kAccessExclusive);
  require_free(d, *named.object, schema, named.object->name);
  auto changed = copy_object(*d.image().find(named.object->kind, named.object->oid));
  changed->name_space = schema;
  d.put(changed);
  return named.word;
}

}  // namespace isolde::sql
