// MERGE: an outer join of the target with its source, and what to do about each row of it.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

const PgQuery__MergeWhenClause& clause_at(const PgQuery__MergeStmt& merge, size_t i) {
  return *merge.merge_when_clauses[i]->merge_when_clause;
}

MergeAction::Kind kind_of(const PgQuery__MergeWhenClause& clause) {
  switch (clause.command_type) {
    case PG_QUERY__CMD_TYPE__CMD_INSERT:
      return MergeAction::Kind::kInsert;
    case PG_QUERY__CMD_TYPE__CMD_UPDATE:
      return MergeAction::Kind::kUpdate;
    case PG_QUERY__CMD_TYPE__CMD_DELETE:
      return MergeAction::Kind::kDelete;
    default:
      return MergeAction::Kind::kNothing;
  }
}

uint32_t privileges_for(const PgQuery__MergeStmt& merge) {
  uint32_t privileges = bit(Privilege::kSelect);
  for (size_t i = 0; i < merge.n_merge_when_clauses; ++i) {
    switch (kind_of(clause_at(merge, i))) {
      case MergeAction::Kind::kInsert:
        privileges |= bit(Privilege::kInsert);
        break;
      case MergeAction::Kind::kUpdate:
        privileges |= bit(Privilege::kUpdate);
        break;
      case MergeAction::Kind::kDelete:
        privileges |= bit(Privilege::kDelete);
        break;
      case MergeAction::Kind::kNothing:
        break;
    }
  }
  return privileges;
}

}  // namespace

/// What follows a WHEN without a condition is never reached.
void Binder::check_merge_clauses(const PgQuery__MergeStmt& merge) {
  bool last[2] = {false, false};
  for (size_t i = 0; i < merge.n_merge_when_clauses; ++i) {
    const PgQuery__MergeWhenClause& clause = clause_at(merge, i);
    bool& done = last[clause.matched ? 1 : 0];
    if (done) {
      fail_at(-1, base::sqlstate::kSyntaxError,
              "unreachable WHEN clause specified after unconditional WHEN clause");
    }
    done = clause.condition == nullptr;
  }
}

std::vector<Expr*> Binder::merge_row(const Modification& modify,
                                     const PgQuery__MergeWhenClause& clause, Scope& scope) {
  const TableInfo& table = *modify.table;
  PgQuery__InsertStmt insert = PG_QUERY__INSERT_STMT__INIT;
  insert.override = clause.override;
  insert.n_cols = clause.n_target_list;
  insert.cols = clause.target_list;
  std::vector<int> columns = insert_columns(modify, insert);
  std::vector<Expr*> row(table.live.size(), nullptr);
  if (clause.n_values > 0) {
    const int extra =
        columns.size() < clause.n_values ? location_of(*clause.values[columns.size()]) : -1;
    check_insert_width(insert, clause.n_values, extra, columns);
    PgQuery__List values = PG_QUERY__LIST__INIT;
    values.n_items = clause.n_values;
    values.items = clause.values;
    row = insert_row(modify, insert, values, columns, scope);
  }
  RelationUse& use = use_relation(table.oid(), txn::table_mode::kRowExclusive, 0);
  for (size_t i = 0; i < row.size(); ++i) {
    if (row[i] != nullptr) use.written.push_back(table.live[i]);
    if (row[i] == nullptr) row[i] = column_default(table, static_cast<int>(i));
  }
  return row;
}

void Binder::bind_merge(Query& query, const PgQuery__MergeStmt& merge, Scope& scope) {
  check_merge_clauses(merge);
  FromItem& target =
      bind_target(query, *merge.relation, Modification::Kind::kMerge, privileges_for(merge));
  bool inserts = false;
  for (size_t i = 0; i < merge.n_merge_when_clauses; ++i) inserts |= !clause_at(merge, i).matched;
  FromItem& join = memory_.from_items.emplace_back();
  join.kind = FromItem::Kind::kJoin;
  join.join = inserts ? FromItem::Join::kRight : FromItem::Join::kInner;
  join.offset = target.offset;
  join.left = &target;
  Scope source;
  source.parent = scope.parent;
  source.passed = scope.passed;
  source.passed_slots = scope.passed_slots;
  Scope both = source;
  join.right = bind_from(*merge.source_relation, source, query.row_width);
  for (const ScopeTable& table : source.tables) {
    if (table.alias != target.alias) continue;
    fail_at(-1, base::Error(base::sqlstate::kDuplicateAlias,
                            "name " + quoted(table.alias) + " specified more than once")
                    .detail("The name is used both as MERGE target table and data source."));
  }
  add_table(both, target);
  both.tables.insert(both.tables.end(), source.tables.begin(), source.tables.end());
  both.columns.insert(both.columns.end(), source.columns.begin(), source.columns.end());
  join.condition = to_bool(bind(*merge.join_condition, both, Clause::kJoinOn), "JOIN/ON");
  for (const ScopeColumn& column : both.columns) {
    join.columns.push_back({column.name, column.type, column.typmod});
  }
  query.from.push_back(&join);
  Modification& modify = *query.modify;
  for (size_t i = 0; i < merge.n_merge_when_clauses; ++i) {
    const PgQuery__MergeWhenClause& clause = clause_at(merge, i);
    MergeAction action;
    action.kind = kind_of(clause);
    action.matched = clause.matched != 0;
    Scope& sees = action.matched ? both : source;
    if (clause.condition != nullptr) {
      action.condition = to_bool(bind(*clause.condition, sees, Clause::kWhere), "WHEN");
    }
    if (action.kind == MergeAction::Kind::kInsert) action.row = merge_row(modify, clause, sees);
    if (action.kind == MergeAction::Kind::kUpdate) {
      action.assignments = bind_assignments(modify, clause.target_list, clause.n_target_list, sees);
    }
    modify.actions.push_back(std::move(action));
  }
  bind_rules(modify);
}

}  // namespace isolde::sql
