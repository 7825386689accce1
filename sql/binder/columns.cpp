#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"

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

/// The table of a name, with its schema or without; nullptr when this query has none.
const ScopeTable* Binder::table_in(const Scope& scope, std::string_view schema,
                                   std::string_view table, int location) const {
  const ScopeTable* found = nullptr;
  for (const ScopeTable& candidate : scope.tables) {
    if (candidate.alias != table) continue;
    if (!schema.empty() && !is_plainly(candidate.item, schema, table)) continue;
    if (found != nullptr) {
      fail_at(location, base::sqlstate::kAmbiguousAlias,
              "table reference \"" + std::string(table) + "\" is ambiguous");
    }
    found = &candidate;
  }
  return found;
}

Expr* Binder::find_in_table(Scope& scope, std::string_view schema, std::string_view table,
                            std::string_view column, int location, bool* table_found) {
  if (const ScopeTable* found = table_in(scope, schema, table, location)) {
    *table_found = true;
    for (const ScopeColumn& one : found->columns) {
      if (one.name != column) continue;
      Expr* expr = column_expr(one, location);
      if (one.merged == nullptr) expr->literal = found->alias + "." + one.name;
      return expr;
    }
    return system_column_of(*found, column, location);
  }
  if (scope.parent == nullptr) return nullptr;
  Expr* outer = find_in_table(*scope.parent, schema, table, column, location, table_found);
  return outer == nullptr || scope.passed == nullptr ? outer : handed_down(scope, outer);
}

/// The schema in schema.table.column, "" when there is none.
std::string_view Binder::schema_of_reference(const PgQuery__ColumnRef& ref) {
  if (ref.n_fields < 3) return {};
  std::string written = joined_name(ref.fields, ref.n_fields);
  if (ref.n_fields > 4) {
    fail_at(ref.location, base::sqlstate::kSyntaxError,
            "improper qualified name (too many dotted names): " + written);
  }
  if (ref.n_fields == 4 && input_.names != nullptr &&
      string_of(*ref.fields[0]) != input_.names->database) {
    fail_at(ref.location, base::sqlstate::kFeatureNotSupported,
            "cross-database references are not implemented: " + written);
  }
  return string_of(*ref.fields[ref.n_fields - 3]);
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
    // Only a parameter of the function around can be meant.
    std::string_view last = string_of(*ref.fields[ref.n_fields - 1]);
    Expr* parameter =
        ref.n_fields == 1
            ? parameter_named(last, ref.location)
            : parameter_of_routine(string_of(*ref.fields[ref.n_fields - 2]), last, ref.location);
    if (parameter != nullptr) return parameter;
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
    fail_missing_column("", name, ref.location);
  }
  std::string_view schema = schema_of_reference(ref);
  std::string_view table = string_of(*ref.fields[ref.n_fields - 2]);
  if (Expr* column = find_in_table(scope, schema, table, name, ref.location, &found)) return column;
  if (found) fail_missing_column(table, name, ref.location);
  if (Expr* parameter = parameter_of_routine(table, name, ref.location)) return parameter;
  fail_missing_table(schema, table, scope, ref.location);
}

}  // namespace isolde::sql
