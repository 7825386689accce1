// DROP TABLE, INDEX, SEQUENCE, VIEW, SCHEMA, TYPE, DOMAIN, FUNCTION: finding what is named.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/ddl/constraint.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/routine.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// What a statement calls one kind of relation.
struct RelationWord {
  RelationKind kind;
  std::string_view word;          ///< "table"
  std::string_view with_article;  ///< "a table"
  std::string_view drop;          ///< "DROP TABLE"
  base::SqlState missing;
};

const RelationWord kRelationWords[] = {
    {RelationKind::kTable, "table", "a table", "DROP TABLE", base::sqlstate::kUndefinedTable},
    {RelationKind::kIndex, "index", "an index", "DROP INDEX", base::sqlstate::kUndefinedObject},
    {RelationKind::kSequence, "sequence", "a sequence", "DROP SEQUENCE",
     base::sqlstate::kUndefinedTable},
    {RelationKind::kView, "view", "a view", "DROP VIEW", base::sqlstate::kUndefinedTable},
    {RelationKind::kMaterializedView, "materialized view", "a materialized view",
     "DROP MATERIALIZED VIEW", base::sqlstate::kUndefinedTable},
    {RelationKind::kComposite, "type", "a type", "DROP TYPE", base::sqlstate::kUndefinedObject},
};

const RelationWord& word_of(RelationKind kind) {
  for (const RelationWord& word : kRelationWords) {
    if (word.kind == kind) return word;
  }
  return kRelationWords[0];
}

/// A name of up to two parts.
struct QualifiedName {
  std::string schema, name;
  std::string written() const { return schema.empty() ? name : schema + "." + name; }
};

QualifiedName name_of(PgQuery__Node* const* parts, size_t count) {
  QualifiedName made;
  made.name = string_of(*parts[count - 1]);
  if (count > 1) made.schema = string_of(*parts[count - 2]);
  return made;
}

QualifiedName name_of(const PgQuery__Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_LIST)
    return name_of(node.list->items, node.list->n_items);
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
    return name_of(node.type_name->names, node.type_name->n_names);
  }
  return {"", std::string(string_of(node))};
}

/// One DROP statement.
class DropStatement {
 public:
  DropStatement(Definer& d, const PgQuery__DropStmt& statement)
      : d_(d),
        statement_(statement),
        dropper_(d, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {}

  void run() {
    if (statement_.concurrent) d_.require_no_block("DROP INDEX CONCURRENTLY");
    for (size_t i = 0; i < statement_.n_objects; ++i) add(*statement_.objects[i]);
    if (any_) dropper_.run();
  }

 private:
  void add(const PgQuery__Node& node) {
    ObjectPtr found = find(node);
    if (found == nullptr) return;
    any_ = true;
    dropper_.add(std::move(found));
  }

  ObjectPtr find(const PgQuery__Node& node) {
    switch (statement_.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
        return relation(name_of(node), RelationKind::kTable);
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        return relation(name_of(node), RelationKind::kIndex);
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
        return relation(name_of(node), RelationKind::kSequence);
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
        return relation(name_of(node), RelationKind::kView);
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        return relation(name_of(node), RelationKind::kMaterializedView);
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        return schema(std::string(string_of(node)));
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
        return type(name_of(node), false);
      case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        return type(name_of(node), true);
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
        return function(node);
      default:
        return other(node);
    }
  }

  /// Objects of kinds that there are none of: they do not exist, whatever the name.
  ObjectPtr other(const PgQuery__Node& node) {
    std::string_view word;
    switch (statement_.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
        word = "extension";
        if (name_of(node).name == "isolde") {
          fail(base::sqlstate::kDependentObjectsStillExist,
               "cannot drop extension isolde because it is required by the database system");
        }
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
        word = "foreign table";
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
        word = "collation";
        break;
      default:
        fail(base::sqlstate::kFeatureNotSupported, "DROP of this kind of object is not supported");
    }
    QualifiedName name = name_of(node);
    return missing(base::sqlstate::kUndefinedObject,
                   std::string(word) + " " + quoted(name.written()) + " does not exist");
  }

  ObjectPtr missing(base::SqlState state, std::string message) {
    if (!statement_.missing_ok) fail(state, std::move(message));
    d_.notice(base::sqlstate::kSuccessfulCompletion, std::move(message) + ", skipping");
    return nullptr;
  }

  bool schema_is_missing(const QualifiedName& name) {
    if (name.schema.empty() || d_.path().schema(d_.image(), name.schema) != Oid{}) return false;
    missing(base::sqlstate::kUndefinedSchema, "schema " + quoted(name.schema) + " does not exist");
    return true;
  }

  ObjectPtr relation(const QualifiedName& name, RelationKind kind) {
    if (schema_is_missing(name)) return nullptr;
    const RelationWord& word = word_of(kind);
    for (Oid locked;;) {
      RelationPtr found = d_.path().relation(d_.image(), name.schema, name.name);
      if (found == nullptr) {
        return missing(word.missing,
                       std::string(word.word) + " " + quoted(name.written()) + " does not exist");
      }
      check_kind(*found, word);
      if (is_system_object(found->oid)) {
        fail(base::sqlstate::kInsufficientPrivilege,
             "permission denied: " + quoted(found->name) + " is a system catalog");
      }
      check_owner(*found);
      if (found->oid == locked) {
        check_independent(*found);
        return found;
      }
      locked = found->oid;
      // Whoever drops an index needs its table.
      if (found->index) d_.lock(found->index->table, txn::table_mode::kAccessExclusive);
      d_.lock(locked, txn::table_mode::kAccessExclusive);
    }
  }

  void check_kind(const RelationObject& found, const RelationWord& wanted) {
    if (found.relation_kind == wanted.kind) return;
    const RelationWord& is = word_of(found.relation_kind);
    throw base::SqlException(
        base::Error(base::sqlstate::kWrongObjectType,
                    quoted(found.name) + " is not " + std::string(wanted.with_article))
            .hint("Use " + std::string(is.drop) + " to remove " + std::string(is.with_article) +
                  "."));
  }

  /// The owner of the schema may drop what is in it, too.
  void check_owner(const CatalogObject& object) {
    if (object.name_space != Oid{}) {
      ObjectPtr schema = d_.image().find(ObjectKind::kNamespace, object.name_space);
      if (schema != nullptr && owns(d_.image(), d_.role(), *schema)) return;
    }
    d_.require_owner(object);
  }

  [[noreturn]] void refuse_part(const CatalogObject& part, const std::string& whole) {
    throw base::SqlException(
        base::Error(base::sqlstate::kDependentObjectsStillExist,
                    "cannot drop " + d_.describe(part) + " because " + whole + " requires it")
            .hint("You can drop " + whole + " instead."));
  }

  /// The index of a constraint and the sequence of an identity column go with those only.
  void check_independent(const RelationObject& relation) {
    if (relation.index) {
      for (const ObjectPtr& part : d_.image().parts_of(relation.index->table)) {
        if (part->kind != ObjectKind::kConstraint) continue;
        const auto& constraint = static_cast<const ConstraintObject&>(*part);
        bool its = constraint.index == relation.oid &&
                   constraint.constraint_kind != ConstraintKind::kForeignKey;
        if (its) refuse_part(relation, d_.describe(constraint));
      }
    }
    if (relation.sequence && relation.sequence->owner_table != Oid{}) {
      RelationPtr table = d_.image().relation(relation.sequence->owner_table);
      int16_t column = relation.sequence->owner_column;
      if (table != nullptr &&
          table->columns[static_cast<size_t>(column - 1)].identity != Identity::kNone) {
        refuse_part(relation, d_.describe(*table, column));
      }
    }
  }

  ObjectPtr schema(const std::string& name) {
    ObjectPtr found = d_.image().find(ObjectKind::kNamespace, Oid{}, name);
    if (found == nullptr) {
      return missing(base::sqlstate::kUndefinedSchema,
                     "schema " + quoted(name) + " does not exist");
    }
    d_.require_owner(*found);
    if (found->oid.value < oids::kFirstUser.value && found->oid != oids::kPublic) {
      fail(base::sqlstate::kDependentObjectsStillExist,
           "cannot drop schema " + name + " because it is required by the database system");
    }
    d_.lock(*found, txn::table_mode::kAccessExclusive);
    return d_.image().find(ObjectKind::kNamespace, found->oid);
  }

  ObjectPtr type(const QualifiedName& name, bool domain) {
    if (schema_is_missing(name)) return nullptr;
    ObjectPtr found = d_.find_type_object(name.schema, name.name);
    if (found == nullptr) {
      const Type* builtin = name.schema.empty() || name.schema == "pg_catalog"
                                ? find_type(std::string_view(name.name))
                                : nullptr;
      if (builtin != nullptr) {
        fail(base::sqlstate::kInsufficientPrivilege,
             "must be owner of type " + std::string(builtin->name));
      }
      return missing(base::sqlstate::kUndefinedObject,
                     "type " + quoted(name.written()) + " does not exist");
    }
    check_owner(*found);
    if (found->kind == ObjectKind::kRelation) {
      const auto& relation = static_cast<const RelationObject&>(*found);
      if (relation.relation_kind != RelationKind::kComposite) {
        std::string whole = d_.describe(relation);
        throw base::SqlException(base::Error(base::sqlstate::kDependentObjectsStillExist,
                                             "cannot drop type " + d_.shown_name(*found) +
                                                 " because " + whole + " requires it")
                                     .hint("You can drop " + whole + " instead."));
      }
      d_.lock(found->oid, txn::table_mode::kAccessExclusive);
      return found;
    }
    const auto& about = static_cast<const TypeObject&>(*found);
    if (domain && about.sort != TypeObject::Sort::kDomain) {
      fail(base::sqlstate::kWrongObjectType, quoted(name.name) + " is not a domain");
    }
    d_.lock(*found, txn::table_mode::kAccessExclusive);
    return found;
  }

  ObjectPtr function(const PgQuery__Node& node) {
    const PgQuery__ObjectWithArgs& args = *node.object_with_args;
    QualifiedName name = name_of(args.objname, args.n_objname);
    if (schema_is_missing(name)) return nullptr;
    auto found = find_routine(d_, args, statement_.remove_type, statement_.missing_ok);
    if (found == nullptr) {
      return missing(base::sqlstate::kUndefinedFunction,
                     missing_routine_message(d_, args, statement_.remove_type));
    }
    check_owner(*found);
    d_.lock(*found, txn::table_mode::kAccessExclusive);
    return found;
  }

  Definer& d_;
  const PgQuery__DropStmt& statement_;
  Dropper dropper_;
  bool any_ = false;
};

}  // namespace

void drop_objects(Definer& d, const PgQuery__DropStmt& statement) {
  DropStatement(d, statement).run();
}

}  // namespace isolde::sql
