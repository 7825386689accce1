// ON CONFLICT: which unique indexes settle it, and what happens then.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

/// What is checked at the end of the transaction can settle nothing now.
void refuse_deferrable(const TableInfo& table, const IndexInfo& index) {
  if (index.description().immediate) return;
  base::Error error(base::sqlstate::kObjectNotInPrerequisiteState,
                    "ON CONFLICT does not support deferrable unique constraints/exclusion "
                    "constraints as arbiters");
  error.fields().table_name = table.name();
  error.fields().constraint_name = index.relation->name;
  throw base::SqlException(std::move(error));
}

}  // namespace

std::vector<int> Binder::constraint_arbiter(const Modification& modify, std::string_view name) {
  const TableInfo& table = *modify.table;
  for (const ObjectPtr& part : input_.names->image->parts_of(table.oid())) {
    if (part->kind != ObjectKind::kConstraint || part->name != name) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    for (size_t i = 0; i < table.indexes.size(); ++i) {
      if (table.indexes[i].relation->oid != constraint.index ||
          constraint.constraint_kind == ConstraintKind::kForeignKey) {
        continue;
      }
      refuse_deferrable(table, table.indexes[i]);
      return {static_cast<int>(i)};
    }
    fail_at(-1, base::sqlstate::kWrongObjectType,
            "constraint in ON CONFLICT clause has no associated index");
  }
  fail_at(-1, base::sqlstate::kUndefinedObject,
          "constraint " + quoted(name) + " for table " + quoted(table.name()) + " does not exist");
}

/// The unique indexes whose columns and expressions are those of ON CONFLICT (...), in any order.
std::vector<int> Binder::inferred_arbiters(const Modification& modify,
                                           const PgQuery__InferClause& infer, Scope& scope) {
  const TableInfo& table = *modify.table;
  std::vector<int> columns;
  std::vector<Expr*> expressions;
  const bool lifting = std::exchange(lifting_, false);  // constants are compared with the index's
  for (size_t i = 0; i < infer.n_index_elems; ++i) {
    const PgQuery__IndexElem& element = *infer.index_elems[i]->index_elem;
    if (element.name != nullptr && element.name[0] != '\0') {
      int place = table.find(element.name);
      if (place < 0) {
        fail_at(infer.location, base::sqlstate::kUndefinedColumn,
                "column " + quoted(element.name) + " does not exist");
      }
      columns.push_back(place);
      continue;
    }
    Expr* made = bind(*element.expr, scope, Clause::kIndexExpression);
    bool column = made->kind == ExprKind::kColumn;
    if (column) columns.push_back(table.live[static_cast<size_t>(made->index)]);
    if (!column) expressions.push_back(made);
  }
  Expr* where = infer.where_clause == nullptr
                    ? nullptr
                    : to_bool(bind(*infer.where_clause, scope, Clause::kIndexPredicate), "WHERE");
  lifting_ = lifting;
  std::vector<int> found;
  for (size_t i = 0; i < table.indexes.size(); ++i) {
    const IndexInfo& index = table.indexes[i];
    const RowRules::Index& rules = modify.rules.indexes[i];
    if (!index.description().unique || !index.usable()) continue;
    std::vector<int> own_columns;
    size_t own_expressions = 0;
    bool all = true;
    for (size_t k = 0; k < index.columns.size(); ++k) {
      if (index.columns[k] >= 0) {
        own_columns.push_back(index.columns[k]);
        all = all && std::find(columns.begin(), columns.end(), index.columns[k]) != columns.end();
      } else {
        ++own_expressions;
        auto same = [&](const Expr* e) { return same_expression(e, rules.expressions[k]); };
        all = all && std::any_of(expressions.begin(), expressions.end(), same);
      }
    }
    for (int column : columns) {
      all = all && std::find(own_columns.begin(), own_columns.end(), column) != own_columns.end();
    }
    if (!all || own_expressions < expressions.size()) continue;
    if (rules.predicate != nullptr &&
        (where == nullptr || !same_expression(where, rules.predicate))) {
      continue;
    }
    refuse_deferrable(table, index);
    found.push_back(static_cast<int>(i));
  }
  if (found.empty()) {
    fail_at(-1, base::sqlstate::kInvalidColumnReference,
            "there is no unique or exclusion constraint matching the ON CONFLICT specification");
  }
  return found;
}

void Binder::bind_conflict(Query& query, const PgQuery__OnConflictClause& clause, FromItem& target,
                           Scope& scope) {
  Modification& modify = *query.modify;
  ConflictRule& rule = modify.conflict;
  bool update = clause.action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_UPDATE;
  rule.action = update ? ConflictRule::Action::kUpdate : ConflictRule::Action::kNothing;
  if (clause.infer != nullptr) {
    bool named = clause.infer->conname != nullptr && clause.infer->conname[0] != '\0';
    rule.arbiters = named ? constraint_arbiter(modify, clause.infer->conname)
                          : inferred_arbiters(modify, *clause.infer, scope);
  } else if (update) {
    fail_at(clause.location,
            base::Error(base::sqlstate::kSyntaxError,
                        "ON CONFLICT DO UPDATE requires inference specification or constraint name")
                .hint("For example, ON CONFLICT (column_name)."));
  } else {
    for (const IndexInfo& index : modify.table->indexes) {
      if (index.description().unique) refuse_deferrable(*modify.table, index);
    }
  }
  if (!update) return;
  // The row in the way, then the row that was to be inserted.
  FromItem& excluded = memory_.from_items.emplace_back();
  excluded.alias = "excluded";
  excluded.offset = target.width();
  excluded.columns = target.columns;
  Scope both;
  both.parent = scope.parent;
  both.passed = scope.passed;
  both.passed_slots = scope.passed_slots;
  add_target(both, modify);
  if (modify.view == nullptr) {
    add_table(both, excluded);
  } else {
    add_excluded(both, modify, excluded.offset);
  }
  use_target(modify, Privilege::kUpdate | Privilege::kSelect);
  rule.assignments = bind_assignments(modify, clause.target_list, clause.n_target_list, both);
  if (clause.where_clause != nullptr) {
    rule.where = to_bool(bind(*clause.where_clause, both, Clause::kWhere), "WHERE");
  }
}

}  // namespace isolde::sql
