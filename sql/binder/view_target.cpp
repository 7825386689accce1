// INSERT, UPDATE and DELETE through a view. A view of one table (or one such view), without
// grouping and the like, is a window on that table: the statement changes the table, the view's
// condition joins that of the statement, and the view's columns stand for the table's.
//
//      CREATE VIEW v AS SELECT a AS x, b + 1 AS y FROM t WHERE a > 0
//      UPDATE v SET x = 5 WHERE y = 3     =>     UPDATE t SET a = 5 WHERE a > 0 AND b + 1 = 3

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/updatable.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/parser/parse.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

bool has(const Expr* expr, ExprKind kind) {
  return expr->kind == kind ||
         std::ranges::any_of(expr->arguments, [&](const Expr* one) { return has(one, kind); });
}

bool has_option(const RelationObject& view, std::string_view option) {
  return std::ranges::find(view.options, option) != view.options.end();
}

struct Action {
  std::string_view done;     ///< "insert into"
  std::string_view doing;    ///< "inserting into"
  std::string_view trigger;  ///< "INSERT"
};

Action action_of(Modification::Kind kind) {
  switch (kind) {
    case Modification::Kind::kInsert:
      return {"insert into", "inserting into", "INSERT"};
    case Modification::Kind::kUpdate:
      return {"update", "updating", "UPDATE"};
    case Modification::Kind::kDelete:
      return {"delete from", "deleting from", "DELETE"};
    case Modification::Kind::kMerge:
      return {"merge into", "merging into", "MERGE"};
  }
  return {};
}

}  // namespace

std::string_view why_not_updatable(const PgQuery__SelectStmt& select, const Query* bound) {
  if (select.n_distinct_clause > 0) {
    return "Views containing DISTINCT are not automatically updatable.";
  }
  if (select.n_group_clause > 0) {
    return "Views containing GROUP BY are not automatically updatable.";
  }
  if (select.having_clause != nullptr) {
    return "Views containing HAVING are not automatically updatable.";
  }
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE) {
    return "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.";
  }
  if (select.with_clause != nullptr) {
    return "Views containing WITH are not automatically updatable.";
  }
  if (select.limit_count != nullptr || select.limit_offset != nullptr) {
    return "Views containing LIMIT or OFFSET are not automatically updatable.";
  }
  if (bound != nullptr) {
    if (bound->grouped) {
      return "Views that return aggregate functions are not automatically updatable.";
    }
    for (const Target& target : bound->targets) {
      if (has(target.value, ExprKind::kAggregate)) {
        return "Views that return aggregate functions are not automatically updatable.";
      }
      if (has(target.value, ExprKind::kWindow)) {
        return "Views that return window functions are not automatically updatable.";
      }
      if (has(target.value, ExprKind::kSetCall)) {
        return "Views that return set-returning functions are not automatically updatable.";
      }
    }
  }
  if (select.n_from_clause != 1 ||
      select.from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) {
    return "Views that do not select from a single table or view are not automatically updatable.";
  }
  return {};
}

void Binder::refuse_view(const RelationObject& view, Modification::Kind kind,
                         std::string_view why) {
  Action action = action_of(kind);
  throw base::SqlException(
      base::Error(base::sqlstate::kObjectNotInPrerequisiteState,
                  "cannot " + std::string(action.done) + " view " + quoted(view.name))
          .detail(std::string(why))
          .hint("To enable " + std::string(action.doing) + " the view, provide an INSTEAD OF " +
                std::string(action.trigger) + " trigger or an unconditional ON " +
                std::string(action.trigger) + " DO INSTEAD rule."));
}

/// The table under a view as the target, and the view in Modification::view.
FromItem& Binder::bind_view_target(Query& query, const PgQuery__RangeVar& var,
                                   const RelationPtr& view, Modification::Kind kind,
                                   uint32_t privilege) {
  use_relation(view->oid, txn::table_mode::kRowExclusive, privilege);
  auto parsed = base::value_or_throw(parse_query(view->definition));
  memory_.texts.push_back(parsed);
  const PgQuery__SelectStmt& select = *parsed->statement(0)->select_stmt;
  if (auto why = why_not_updatable(select, nullptr); !why.empty()) refuse_view(*view, kind, why);
  enter();
  bool lifting = std::exchange(lifting_, false);
  Oid as_role = std::exchange(as_role_, role_inside(*view));
  size_t first = memory_.exprs.size();
  FromItem& item = bind_target(query, *select.from_clause[0]->range_var, kind,
                               privilege | bit(Privilege::kSelect));
  auto made = std::make_shared<TargetView>();
  if (query.modify->view != nullptr) made->levels = query.modify->view->levels;
  Scope scope;
  add_target(scope, *query.modify);
  Query& shown = memory_.queries.emplace_back();
  Query* outer = std::exchange(current_, &shown);
  bind_targets(shown, select, scope);
  settle_unknown_targets(shown);
  Expr* where = nullptr;
  if (select.where_clause != nullptr) {
    where = to_bool(bind(*select.where_clause, scope, Clause::kWhere), "WHERE");
  }
  current_ = outer;
  forget_locations(first);
  as_role_ = as_role;
  lifting_ = lifting;
  leave();
  if (auto why = why_not_updatable(select, &shown); !why.empty()) refuse_view(*view, kind, why);
  bool named = var.alias != nullptr && var.alias->aliasname != nullptr;
  made->view = view;
  made->alias = named ? var.alias->aliasname : view->name;
  name_view_columns(*made, shown, *query.modify, kind);
  bool cascaded = has_option(*view, "check_option=cascaded");
  if (cascaded) {
    for (TargetView::Level& level : made->levels) level.checked = true;
  }
  made->levels.push_back({view->name, where, cascaded || has_option(*view, "check_option=local")});
  query.modify->view = std::move(made);
  return item;
}

void Binder::name_view_columns(TargetView& made, const Query& shown, const Modification& modify,
                               Modification::Kind kind) {
  bool any = false;
  for (size_t i = 0; i < shown.targets.size(); ++i) {
    Expr* value = shown.targets[i].value;
    bool column = value->kind == ExprKind::kColumn &&
                  static_cast<size_t>(value->index) < modify.table->live.size();
    std::string name =
        i < made.view->columns.size() ? made.view->columns[i].name : shown.targets[i].name;
    made.columns.push_back({std::move(name), value, column ? value->index : -1});
    any |= column;
  }
  if (any || kind == Modification::Kind::kDelete) return;
  refuse_view(*made.view, kind,
              "Views that have no updatable columns are not automatically updatable.");
}

/// The target by its names: the table's, or the view's that stands for it.
void Binder::add_target(Scope& scope, const Modification& modify) {
  if (modify.view == nullptr) return add_table(scope, *modify.target);
  const TargetView& view = *modify.view;
  ScopeTable table;
  table.alias = view.alias;
  for (const TargetView::Column& column : view.columns) {
    ScopeColumn& made = table.columns.emplace_back();
    made.name = column.name;
    made.index = column.column;
    made.type = column.value->type;
    made.typmod = column.value->typmod;
    if (column.column < 0) {
      made.merged = column.value;
    } else {
      made.used = &modify.target->used[column.column];
    }
  }
  scope.columns.insert(scope.columns.end(), table.columns.begin(), table.columns.end());
  scope.tables.push_back(std::move(table));
}

/// The row that was to be inserted, by the names of the view's columns; those that are no columns
/// of the table cannot be looked at.
void Binder::add_excluded(Scope& scope, const Modification& modify, int offset) {
  ScopeTable table;
  table.alias = "excluded";
  for (const TargetView::Column& column : modify.view->columns) {
    if (column.column < 0) continue;
    ScopeColumn& made = table.columns.emplace_back();
    made.name = column.name;
    made.index = offset + column.column;
    made.type = column.value->type;
    made.typmod = column.value->typmod;
    scope.columns.push_back(made);
  }
  scope.tables.push_back(std::move(table));
}

/// What the statement itself uses of its target: the view, where there is one.
RelationUse& Binder::use_target(const Modification& modify, uint32_t privileges) {
  Oid relation = modify.view != nullptr ? modify.view->view->oid : modify.table->oid();
  return use_relation(relation, txn::table_mode::kRowExclusive, privileges);
}

/// The condition that rows of the target must meet to be in the view.
Expr* Binder::with_view_condition(const Modification& modify, Expr* where) {
  if (modify.view == nullptr) return where;
  std::vector<Expr*> all;
  for (const TargetView::Level& level : modify.view->levels) {
    if (level.where != nullptr) all.push_back(level.where);
  }
  if (where != nullptr) all.push_back(where);
  if (all.size() <= 1) return all.empty() ? nullptr : all[0];
  return call1(ExprKind::kAnd, type_of(types::kBool), -1, std::move(all));
}

int Binder::view_column(const Modification& modify, const PgQuery__ResTarget& target) {
  const TargetView& view = *modify.view;
  for (const TargetView::Column& column : view.columns) {
    if (column.name != target.name) continue;
    if (column.column >= 0) return column.column;
    bool insert = modify.kind == Modification::Kind::kInsert;
    throw base::SqlException(
        base::Error(base::sqlstate::kFeatureNotSupported,
                    std::string(insert ? "cannot insert into column " : "cannot update column ") +
                        quoted(target.name) + " of view " + quoted(view.view->name))
            .detail("View columns that are not columns of their base relation are not "
                    "updatable."));
  }
  fail_at(target.location, base::sqlstate::kUndefinedColumn,
          "column " + quoted(target.name) + " of relation " + quoted(view.view->name) +
              " does not exist");
}

}  // namespace isolde::sql
