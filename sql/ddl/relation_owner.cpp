#include "sql/ddl/relation_owner.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/rename_relation.hpp"
#include "sql/ddl/schema.hpp"

namespace isolde::sql {

namespace {

/// Visits what belongs to a relation: indexes, owned sequences, constraints.
template <typename F>
void for_each_part(Definer& d, Oid relation, F&& visit) {
  for (const ObjectPtr& part : d.image().parts_of(relation)) {
    if (part->kind == ObjectKind::kRelation) {
      auto changed = d.edit(static_cast<const RelationObject&>(*part));
      visit(*changed);
      d.put(changed);
    } else if (part->kind == ObjectKind::kConstraint) {
      auto changed = d.edit(static_cast<const ConstraintObject&>(*part));
      visit(*changed);
      d.put(changed);
    }
  }
}

/// A sequence that a column owns goes where its table goes.
void refuse_owned_sequence(Definer& d, const RelationObject& relation, std::string_view what) {
  if (!relation.sequence || relation.sequence->owner_table == Oid{}) return;
  RelationPtr table = d.image().relation(relation.sequence->owner_table);
  throw base::SqlException(base::Error(base::sqlstate::kFeatureNotSupported, std::string(what))
                               .detail("Sequence " + quoted(relation.name) +
                                       " is linked to table " + quoted(table->name) + "."));
}

}  // namespace

void change_owner(Definer& d, Oid oid, const PgQuery__RoleSpec& spec) {
  const Oid owner = role_of(d, spec);
  RelationPtr relation = d.image().relation(oid);
  if (relation->owner == owner) return;
  if (relation->index) {
    d.services().notice(base::Error(base::sqlstate::kWrongObjectType,
                                    "cannot change owner of index " + quoted(relation->name))
                            .hint("Change the ownership of the index's table, instead.")
                            .severity(base::Severity::kWarning));
    return;
  }
  refuse_owned_sequence(d, *relation, "cannot change owner of sequence " + quoted(relation->name));
  if (!d.superuser()) {
    d.require_owner(*relation);
    if (!is_member_of_role(d.image(), d.role(), owner)) {
      fail(base::sqlstate::kInsufficientPrivilege,
           "must be member of role " + quoted(role_name(d.image(), owner)));
    }
    require_privilege(d.image(), owner,
                      *d.image().find(ObjectKind::kNamespace, relation->name_space),
                      Privilege::kCreate);
  }
  auto changed = d.edit(*relation);
  // What the old owner had by being that, the new one has.
  auto follow = [&](CatalogObject& object) {
    if (object.acl) {
      for (AclEntry& entry : *object.acl) {
        if (entry.grantee == object.owner) entry.grantee = owner;
        if (entry.grantor == object.owner) entry.grantor = owner;
      }
    }
    object.owner = owner;
  };
  follow(*changed);
  d.put(changed);
  for_each_part(d, oid, follow);
}

bool set_relation_schema(Definer& d, const PgQuery__AlterObjectSchemaStmt& statement,
                         std::string& tag) {
  switch (statement.object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      tag = "ALTER TABLE";
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      tag = "ALTER VIEW";
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      tag = "ALTER MATERIALIZED VIEW";
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      tag = "ALTER SEQUENCE";
      break;
    default:
      return false;
  }
  auto check = [&](const RelationObject& relation) {
    check_relation_type(relation, statement.object_type);
    d.require_owner(relation);
    if (relation.index) {
      throw base::SqlException(
          base::Error(base::sqlstate::kWrongObjectType,
                      "cannot move index " + quoted(relation.name) + " to another schema")
              .hint("Change the schema of the index's table, instead."));
    }
  };
  RelationPtr found = relation_or_notice(d, *statement.relation, statement.missing_ok != 0, check);
  if (found == nullptr) return true;
  refuse_owned_sequence(d, *found, "cannot move an owned sequence into another schema");
  require_no_pending_events(d, *found, "ALTER TABLE");
  const Oid schema = d.schema(statement.newschema);
  require_privilege(d.image(), d.role(), *d.image().find(ObjectKind::kNamespace, schema),
                    Privilege::kCreate);
  if (schema == found->name_space) return true;
  const bool temporary = schema == d.path().temporary;
  if (temporary || found->persistence == Persistence::kTemporary) {
    fail(base::sqlstate::kFeatureNotSupported,
         "cannot move objects into or out of temporary schemas");
  }
  auto refuse_taken = [&](const CatalogObject& object) {
    if (object.kind != ObjectKind::kRelation) return;
    d.lock_name(ObjectKind::kRelation, schema, object.name);
    if (d.image().relation(schema, object.name) == nullptr) return;
    fail(base::sqlstate::kDuplicateTable, "relation " + quoted(object.name) +
                                              " already exists in schema " +
                                              quoted(statement.newschema));
  };
  refuse_taken(*found);
  for (const ObjectPtr& part : d.image().parts_of(found->oid)) refuse_taken(*part);
  ViewTexts views(d, found->oid);
  auto changed = d.edit(*found);
  changed->name_space = schema;
  d.put(changed);
  for_each_part(d, found->oid, [&](CatalogObject& object) { object.name_space = schema; });
  views.rewrite();
  return true;
}

}  // namespace isolde::sql
