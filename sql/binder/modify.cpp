// What INSERT, UPDATE and DELETE have in common: the target, the rules of its rows, RETURNING.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/key_rules.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/range_entries.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

const PgQuery__WithClause* with_clause_of(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return node.insert_stmt->with_clause;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return node.update_stmt->with_clause;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return node.delete_stmt->with_clause;
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return node.merge_stmt->with_clause;
    default:
      return nullptr;
  }
}

}  // namespace

Query* Binder::bind_statement(const PgQuery__Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_SELECT_STMT) return bind_query(*node.select_stmt);
  Query* query = bind_modification(node, nullptr, nullptr, nullptr);
  query->modify->counts = true;
  return query;
}

Query* Binder::bind_modification(const PgQuery__Node& node, Scope* parent,
                                 std::vector<Expr*>* passed, std::vector<int>* passed_slots) {
  enter();
  Query* outer = current_;
  Query& query = memory_.queries.emplace_back();
  query.kind = Query::Kind::kModify;
  query.modify = &memory_.modifications.emplace_back();
  current_ = &query;
  Scope scope;
  scope.parent = parent;
  scope.passed = passed;
  scope.passed_slots = passed_slots;
  WithFrame frame;
  RangeEntries entries{entries_, {}};
  RangeEntries* around = std::exchange(entries_, &entries);
  const PgQuery__WithClause* with = with_clause_of(node);
  if (with != nullptr) open_with(frame, *with, parent, passed, passed_slots);
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      bind_insert(query, *node.insert_stmt, scope);
      break;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      bind_update(query, *node.update_stmt, scope);
      break;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      bind_delete(query, *node.delete_stmt, scope);
      break;
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      bind_merge(query, *node.merge_stmt, scope);
      break;
    default:
      unsupported("this statement", -1);
  }
  if (with != nullptr) close_with(frame, query);
  entries_ = around;
  current_ = outer;
  leave();
  return &query;
}

/// The table to be changed, as the first thing in the query's row.
FromItem& Binder::bind_target(Query& query, const PgQuery__RangeVar& var, Modification::Kind kind,
                              uint32_t privilege) {
  RelationPtr relation = find_relation(var);
  if (relation->relation_kind == RelationKind::kView && kind == Modification::Kind::kMerge) {
    throw base::SqlException(
        base::Error(base::sqlstate::kFeatureNotSupported,
                    "cannot execute MERGE on relation " + quoted(relation->name))
            .detail("This operation is not supported for views."));
  }
  if (relation->relation_kind == RelationKind::kView) {
    return bind_view_target(query, var, relation, kind, privilege);
  }
  if (relation->relation_kind == RelationKind::kMaterializedView) {
    fail_at(-1, base::sqlstate::kWrongObjectType,
            "cannot change materialized view " + quoted(relation->name));
  }
  if (relation->relation_kind != RelationKind::kTable) {
    fail_at(relation->relation_kind == RelationKind::kSequence ? -1 : var.location,
            base::sqlstate::kWrongObjectType,
            relation->relation_kind == RelationKind::kSequence
                ? "cannot change sequence " + quoted(relation->name)
                : quoted(relation->name) + " is not a table");
  }
  use_relation(relation->oid, txn::table_mode::kRowExclusive, privilege);
  FromItem& item = table_item(relation, var.alias, query.row_width);
  Modification& modify = *query.modify;
  modify.kind = kind;
  modify.table = item.info;
  modify.schema = item.info->schema_name(*input_.names->image);
  modify.target = &item;
  note_entry(item);
  return item;
}

/// The column (by its number among the live ones) that an assignment names.
int Binder::target_column(const Modification& modify, const PgQuery__ResTarget& target) {
  if (modify.view != nullptr) return view_column(modify, target);
  const TableInfo& table = *modify.table;
  for (size_t i = 0; i < table.live.size(); ++i) {
    if (table.column(table.live[i]).name == target.name) return static_cast<int>(i);
  }
  std::string_view name = target.name;
  if (name == "ctid" || name == "xmin" || name == "xmax" || name == "cmin" || name == "cmax" ||
      name == "tableoid") {
    fail_at(target.location, base::sqlstate::kFeatureNotSupported,
            "cannot assign to system column " + quoted(name));
  }
  fail_at(target.location, base::sqlstate::kUndefinedColumn,
          "column " + quoted(name) + " of relation " + quoted(table.name()) + " does not exist");
}

/// A value on its way into a column.
Expr* Binder::assigned(const TableInfo& table, int column, Expr* value) {
  int place = table.live[static_cast<size_t>(column)];
  const ColumnObject& to = table.column(place);
  const Type& type = *table.shape[static_cast<size_t>(place)].type;
  if (value->kind == ExprKind::kSetCall) {
    fail_at(value->location, base::sqlstate::kFeatureNotSupported,
            "set-returning functions are not allowed in " +
                std::string(current_->modify != nullptr &&
                                    current_->modify->kind == Modification::Kind::kUpdate
                                ? "UPDATE"
                                : "VALUES"));
  }
  const Type& before = *value->type;
  Expr* made = coerce(value, type, to.typmod, CastContext::kAssignment);
  if (made != nullptr) return made;
  fail_at(value->location,
          base::Error(base::sqlstate::kDatatypeMismatch,
                      "column " + quoted(to.name) + " is of type " + format_type(type) +
                          " but expression is of type " + format_type(before))
              .hint("You will need to rewrite or cast the expression."));
}

/// What a column gets when nothing is said: its default, a sequence's next value, or NULL.
Expr* Binder::column_default(const TableInfo& table, int column) {
  int place = table.live[static_cast<size_t>(column)];
  const ColumnObject& about = table.column(place);
  const Type& type = *table.shape[static_cast<size_t>(place)].type;
  if (about.identity != Identity::kNone) {
    for (const ObjectPtr& part : input_.names->image->parts_of(table.oid())) {
      if (part->kind != ObjectKind::kRelation) continue;
      const auto& relation = static_cast<const RelationObject&>(*part);
      if (!relation.sequence || relation.sequence->owner_column != place + 1) continue;
      Expr* sequence = constant(type_of(types::kRegclass), Datum::of_int(part->oid.value), -1);
      return assigned(table, column, make_named_call("nextval", {sequence}, -1));
    }
  }
  const std::string* text = about.default_text ? &*about.default_text : domain_default(type);
  if (text != nullptr && !about.generated) {
    Scope none;
    return assigned(table, column, bind_text(*text, none, Clause::kColumnDefault));
  }
  Expr* null = constant(type, Datum::null(), -1);
  return type.kind == TypeKind::kDomain && !about.generated ? constrained_deeply(null) : null;
}

namespace {

/// The table's row where nobody scans it.
FromItem plain_item(const TableInfo& table) {
  FromItem item;
  item.alias = table.name();
  for (int place : table.live) {
    const ColumnObject& column = table.column(place);
    item.columns.push_back(
        {column.name, table.shape[static_cast<size_t>(place)].type, column.typmod});
  }
  item.columns.push_back({"", &kRowReferenceType, -1});
  return item;
}

}  // namespace

void note_key_rules(RowRules& rules, const CatalogImage& image, Oid table) {
  for (const ObjectPtr& part : image.parts_of(table)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    auto constraint = std::static_pointer_cast<const ConstraintObject>(part);
    switch (constraint->constraint_kind) {
      case ConstraintKind::kForeignKey:
        rules.references.push_back(std::move(constraint));
        break;
      case ConstraintKind::kPrimaryKey:
      case ConstraintKind::kUnique:
        if (constraint->deferrable) rules.deferred_keys.push_back(std::move(constraint));
        break;
      case ConstraintKind::kCheck:
        break;
    }
  }
  for (const ObjectPtr& dependent : image.dependents_of(table)) {
    if (dependent->kind != ObjectKind::kConstraint) continue;
    auto constraint = std::static_pointer_cast<const ConstraintObject>(dependent);
    if (constraint->constraint_kind == ConstraintKind::kForeignKey &&
        constraint->referenced == table) {
      rules.referenced_by.push_back(std::move(constraint));
    }
  }
}

/// Generated columns, checks and index keys, over the table's row at the start of a row.
void Binder::bind_rules(Modification& modify) {
  const TableInfo& table = *modify.table;
  FromItem item = plain_item(table);
  RangeEntries* entries = std::exchange(entries_, nullptr);  // nobody names the item of rules
  // What an UPDATE leaves alone is read with the old version.
  item.used = modify.target->used;
  Scope scope;
  add_table(scope, item);
  for (size_t i = 0; i < table.live.size(); ++i) {
    const ColumnObject& column = table.column(table.live[i]);
    if (!column.generated) continue;
    Expr* value = bind_text(*column.default_text, scope, Clause::kGeneratedColumn);
    modify.rules.generated.push_back(
        {static_cast<int>(i), assigned(table, static_cast<int>(i), value)});
  }
  for (const ObjectPtr& part : input_.names->image->parts_of(table.oid())) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.constraint_kind != ConstraintKind::kCheck) continue;
    Expr* condition = bind_text(constraint.expression, scope, Clause::kCheck);
    modify.rules.checks.push_back({constraint.name, to_bool(condition, "CHECK")});
  }
  std::sort(modify.rules.checks.begin(), modify.rules.checks.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  note_key_rules(modify.rules, *input_.names->image, table.oid());
  if (modify.view != nullptr) {
    for (const TargetView::Level& level : modify.view->levels) {
      if (level.checked && level.where != nullptr) {
        modify.rules.checks.push_back({level.name, level.where, true});
      }
    }
  }
  bind_index_rules(modify);
  entries_ = entries;
}

Modification& Binder::indexing_of(const RelationPtr& relation) {
  Modification& modify = memory_.modifications.emplace_back();
  modify.table = table_info(relation);
  modify.schema = modify.table->schema_name(*input_.names->image);
  lifting_ = false;
  Query query;
  current_ = &query;
  bind_index_rules(modify);
  current_ = nullptr;
  return modify;
}

/// The keys' expressions and the predicates of all indexes, over the table's row.
void Binder::bind_index_rules(Modification& modify) {
  const TableInfo& table = *modify.table;
  FromItem item = plain_item(table);
  Scope index_scope;
  add_table(index_scope, item);
  for (const IndexInfo& index : table.indexes) {
    RowRules::Index& rules = modify.rules.indexes.emplace_back();
    for (const IndexKeyObject& key : index.description().keys) {
      rules.expressions.push_back(
          key.column > 0 ? nullptr
                         : bind_text(key.expression, index_scope, Clause::kIndexExpression));
    }
    if (index.description().predicate) {
      rules.predicate = to_bool(
          bind_text(*index.description().predicate, index_scope, Clause::kIndexPredicate), "WHERE");
    }
  }
}

void Binder::bind_returning(Query& query, PgQuery__Node* const* list, size_t count, Scope& scope) {
  for (size_t i = 0; i < count; ++i) {
    bind_target_entry(query, *list[i]->res_target, scope, Clause::kReturning);
  }
  if (count > 0) use_target(*query.modify, bit(Privilege::kSelect));
  settle_unknown_targets(query);
}

}  // namespace isolde::sql
