#include "sql/ddl/comment.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/constraint.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/routine.hpp"

namespace isolde::sql {

namespace {

class Comment {
 public:
  Comment(Definer& d, const PgQuery__CommentStmt& statement) : d_(d), statement_(statement) {
    if (!text_or_empty(statement.comment).empty()) text_ = statement.comment;
  }

  void run() {
    switch (statement_.objtype) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
        return on_relation(RelationKind::kTable, "a table");
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        return on_relation(RelationKind::kIndex, "an index");
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
        return on_relation(RelationKind::kSequence, "a sequence");
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
        return on_relation(RelationKind::kView, "a view");
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        return on_relation(RelationKind::kMaterializedView, "a materialized view");
      case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        return on_column();
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
        return on_constraint();
      case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
        return on_domain_constraint();
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        return set<NamespaceObject>(ObjectKind::kNamespace,
                                    d_.schema(string_of(*statement_.object)));
      case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
        return on_database();
      case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
        return on_role();
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        return on_type(*statement_.object->type_name);
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
        return on_routine();
      default:
        fail(base::sqlstate::kFeatureNotSupported,
             "COMMENT ON this kind of object is not supported");
    }
  }

 private:
  template <typename T>
  void put(const T& object) {
    auto changed = d_.edit(object);
    changed->comment = text_;
    d_.put(changed);
  }

  /// An object that has no lock of its own kind yet.
  template <typename T>
  void set(ObjectKind kind, Oid oid) {
    ObjectPtr object = d_.image().find(kind, oid);
    d_.require_owner(*object);
    d_.lock(*object, txn::table_mode::kShareUpdateExclusive);
    put(static_cast<const T&>(*object));
  }

  /// The relation that the first `count` parts of a name mean.
  RelationPtr relation_named(PgQuery__Node* const* parts, size_t count) {
    std::string name(string_of(*parts[count - 1]));
    std::string schema(count > 1 ? string_of(*parts[count - 2]) : std::string_view());
    PgQuery__RangeVar var = PG_QUERY__RANGE_VAR__INIT;
    var.relname = name.data();
    var.schemaname = schema.data();
    return d_.relation(var, txn::table_mode::kShareUpdateExclusive,
                       [&](const RelationObject& relation) { d_.require_owner(relation); });
  }

  void on_relation(RelationKind kind, std::string_view what) {
    const PgQuery__List& list = *statement_.object->list;
    RelationPtr relation = relation_named(list.items, list.n_items);
    if (relation->relation_kind != kind) {
      fail(base::sqlstate::kWrongObjectType,
           quoted(relation->name) + " is not " + std::string(what));
    }
    put(*relation);
  }

  void on_column() {
    const PgQuery__List& list = *statement_.object->list;
    if (list.n_items < 2) fail(base::sqlstate::kSyntaxError, "column name must be qualified");
    RelationPtr relation = relation_named(list.items, list.n_items - 1);
    if (relation->relation_kind == RelationKind::kIndex ||
        relation->relation_kind == RelationKind::kSequence) {
      throw base::SqlException(
          base::Error(base::sqlstate::kWrongObjectType,
                      "cannot set comment on relation " + quoted(relation->name))
              .detail("This operation is not supported for " +
                      std::string(relation_kind_plural(*relation)) + "."));
    }
    const int16_t number = column_number(*relation, string_of(*list.items[list.n_items - 1]));
    auto changed = d_.edit(*relation);
    changed->columns[static_cast<size_t>(number - 1)].comment = text_;
    d_.put(changed);
  }

  void on_constraint() {
    const PgQuery__List& list = *statement_.object->list;
    RelationPtr table = relation_named(list.items, list.n_items - 1);
    std::string name(string_of(*list.items[list.n_items - 1]));
    auto constraint = find_constraint(d_.image(), table->oid, name);
    if (constraint == nullptr) {
      fail(base::sqlstate::kUndefinedObject,
           "constraint " + quoted(name) + " for table " + quoted(table->name) + " does not exist");
    }
    put(*constraint);
  }

  void on_domain_constraint() {
    const PgQuery__List& list = *statement_.object->list;
    const PgQuery__TypeName& name = *list.items[0]->type_name;
    ObjectPtr domain = find_type(name);
    std::string wanted(string_of(*list.items[1]));
    for (const ObjectPtr& part : d_.image().parts_of(domain->oid)) {
      if (part->kind != ObjectKind::kConstraint || part->name != wanted) continue;
      return put(static_cast<const ConstraintObject&>(*part));
    }
    fail(base::sqlstate::kUndefinedObject, "constraint " + quoted(wanted) + " for domain " +
                                               d_.shown_name(*domain) + " does not exist");
  }

  void on_database() {
    std::string_view name = string_of(*statement_.object);
    ObjectPtr database = d_.image().find(ObjectKind::kDatabase, Oid{}, name);
    if (database == nullptr) {
      // A dump may be restored where the database has another name.
      return d_.services().notice(base::Error(base::sqlstate::kUndefinedDatabase,
                                              "database " + quoted(name) + " does not exist")
                                      .severity(base::Severity::kWarning));
    }
    set<DatabaseObject>(ObjectKind::kDatabase, database->oid);
  }

  void on_role() {
    const Oid role = role_by_name(d_.image(), string_of(*statement_.object));
    if (!d_.superuser() && role != d_.role()) {
      fail(base::sqlstate::kInsufficientPrivilege,
           "must be member of role " + quoted(string_of(*statement_.object)));
    }
    ObjectPtr object = d_.image().find(ObjectKind::kRole, role);
    d_.lock(*object, txn::table_mode::kShareUpdateExclusive);
    put(static_cast<const RoleObject&>(*object));
  }

  ObjectPtr find_type(const PgQuery__TypeName& name) {
    std::string_view last = string_of(*name.names[name.n_names - 1]);
    std::string_view schema =
        name.n_names > 1 ? string_of(*name.names[name.n_names - 2]) : std::string_view();
    ObjectPtr found = d_.find_type_object(schema, last);
    if (found == nullptr) {
      fail(base::sqlstate::kUndefinedObject,
           "type " + quoted(joined_name(name.names, name.n_names)) + " does not exist");
    }
    d_.require_owner(*found);
    return found;
  }

  void on_type(const PgQuery__TypeName& name) {
    ObjectPtr found = find_type(name);
    if (found->kind == ObjectKind::kRelation)
      return put(static_cast<const RelationObject&>(*found));
    set<TypeObject>(ObjectKind::kType, found->oid);
  }

  void on_routine() {
    auto found = find_routine(d_, *statement_.object->object_with_args, statement_.objtype, false);
    if (found == nullptr) {
      fail(base::sqlstate::kUndefinedFunction,
           missing_routine_message(d_, *statement_.object->object_with_args, statement_.objtype));
    }
    set<FunctionObject>(ObjectKind::kFunction, found->oid);
  }

  Definer& d_;
  const PgQuery__CommentStmt& statement_;
  std::optional<std::string> text_;
};

}  // namespace

void comment_on(Definer& d, const PgQuery__CommentStmt& statement) {
  Comment(d, statement).run();
}

}  // namespace isolde::sql
