#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

Expr* Binder::column_expr(const ScopeColumn& column, int location) {
  if (!column.barred.empty()) refuse_barred(column.barred, location);
  if (column.merged != nullptr) return column.merged;
  if (column.used != nullptr) *column.used = true;
  Expr* expr = memory_.expr(ExprKind::kColumn, column.type, location);
  expr->index = column.index;
  expr->typmod = column.typmod;
  expr->literal = column.name;
  return expr;
}

void Binder::refuse_barred(const std::string& table, int location) {
  fail_at(location,
          base::Error(base::sqlstate::kInvalidColumnReference,
                      "invalid reference to FROM-clause entry for table \"" + table + "\"")
              .detail("The combining JOIN type must be INNER or LEFT for a LATERAL "
                      "reference."));
}

/// A value of the query around `scope`, as `scope`'s own query sees it: the surrounding query
/// computes it and hands it down.
Expr* Binder::handed_down(Scope& scope, Expr* outer) {
  int slot = -1;
  for (size_t i = 0; i < scope.passed->size(); ++i) {
    if (same_expression((*scope.passed)[i], outer)) slot = (*scope.passed_slots)[i];
  }
  if (slot < 0) {
    slot = memory_.outer_values++;
    scope.passed->push_back(outer);
    scope.passed_slots->push_back(slot);
  }
  Expr* expr = memory_.expr(ExprKind::kOuterValue, outer->type, outer->location);
  expr->index = slot;
  expr->typmod = outer->typmod;
  expr->literal = outer->literal;
  return expr;
}

/// An unqualified column, in this query or one around it; nullptr when there is none.
Expr* Binder::find_column(Scope& scope, std::string_view name, int location, bool* found) {
  const ScopeColumn* match = nullptr;
  for (const ScopeColumn& column : scope.columns) {
    if (column.name != name) continue;
    if (match != nullptr) {
      fail_at(location, base::sqlstate::kAmbiguousColumn,
              "column reference \"" + std::string(name) + "\" is ambiguous");
    }
    match = &column;
  }
  if (match != nullptr) {
    *found = true;
    Expr* expr = column_expr(*match, location);
    if (match->merged == nullptr) {
      for (const ScopeTable& table : scope.tables) {
        for (const ScopeColumn& column : table.columns) {
          if (column.index == match->index && !table.alias.empty()) {
            expr->literal = table.alias + "." + column.name;
          }
        }
      }
    }
    return expr;
  }
  for (const ScopeTable& table : scope.tables) {
    if (Expr* system = system_column_of(table, name, location)) {
      *found = true;
      return system;
    }
  }
  if (scope.parent == nullptr) return nullptr;
  Expr* outer = find_column(*scope.parent, name, location, found);
  return outer == nullptr || scope.passed == nullptr ? outer : handed_down(scope, outer);
}

Expr* Binder::find_in_table(Scope& scope, std::string_view table, std::string_view column,
                            int location, bool* table_found) {
  for (const ScopeTable& candidate : scope.tables) {
    if (candidate.alias != table) continue;
    *table_found = true;
    for (const ScopeColumn& one : candidate.columns) {
      if (one.name != column) continue;
      Expr* expr = column_expr(one, location);
      expr->literal = candidate.alias + "." + one.name;
      return expr;
    }
    return system_column_of(candidate, column, location);
  }
  if (scope.parent == nullptr) return nullptr;
  Expr* outer = find_in_table(*scope.parent, table, column, location, table_found);
  return outer == nullptr || scope.passed == nullptr ? outer : handed_down(scope, outer);
}

/// With a hint when an item of FROM has such a column but cannot be seen from here.
base::Error Binder::unknown_column(std::string_view name) const {
  base::Error error(base::sqlstate::kUndefinedColumn,
                    "column \"" + std::string(name) + "\" does not exist");
  if (hidden_ == nullptr) return error;
  for (const ScopeTable& table : hidden_->tables) {
    for (const ScopeColumn& column : table.columns) {
      if (column.name != name) continue;
      error.fields().hint = "There is a column named \"" + column.name + "\" in table \"" +
                            table.alias +
                            "\", but it cannot be referenced from this part of the query.";
      return error;
    }
  }
  return error;
}

Expr* Binder::bind_column(const PgQuery__ColumnRef& ref, Scope& scope, Clause clause) {
  if (ref.fields[ref.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR) {
    if (ref.n_fields > 1) {
      std::string_view table = string_of(*ref.fields[ref.n_fields - 2]);
      for (const ScopeTable& candidate : scope.tables) {
        if (candidate.alias == table) return whole_row(candidate, ref.location);
      }
    }
    unsupported("a whole row in an expression", ref.location);
  }
  if (clause == Clause::kLimit || clause == Clause::kOffset || clause == Clause::kFrameRows ||
      clause == Clause::kFrameRange || clause == Clause::kFrameGroups) {
    fail_at(ref.location, base::sqlstate::kInvalidColumnReference,
            "argument of " + std::string(clause_name(clause)) + " must not contain variables");
  }
  std::string_view name = string_of(*ref.fields[ref.n_fields - 1]);
  bool found = false;
  if (ref.n_fields == 1) {
    if (Expr* column = find_column(scope, name, ref.location, &found)) return column;
    for (Scope* at = &scope; at != nullptr; at = at->parent) {
      for (const ScopeTable& table : at->tables) {
        if (table.alias != name) continue;
        if (table.scalar_function && at == &scope) {
          return column_expr(table.columns[0], ref.location);
        }
        if (at == &scope) return whole_row(table, ref.location);
        unsupported("a whole row of a query further out", ref.location);
      }
    }
    if (Expr* parameter = parameter_named(name, ref.location)) return parameter;
    fail_at(ref.location, unknown_column(name));
  }
  std::string_view table = string_of(*ref.fields[ref.n_fields - 2]);
  if (Expr* column = find_in_table(scope, table, name, ref.location, &found)) return column;
  if (found) {
    fail_at(ref.location, base::sqlstate::kUndefinedColumn,
            "column " + std::string(table) + "." + std::string(name) + " does not exist");
  }
  if (Expr* parameter = parameter_of_routine(table, name, ref.location)) return parameter;
  fail_at(ref.location, base::sqlstate::kUndefinedTable,
          "missing FROM-clause entry for table \"" + std::string(table) + "\"");
}

}  // namespace isolde::sql
