#pragma once

#include <functional>

#include "sql/plan/query.hpp"

namespace isolde::sql {

/// Calls `visit` for each expression that a query's own clauses consist of (targets, conditions,
/// values handed down, ...), not for parts of expressions and not for queries inside.
void visit_clauses(Query& query, const std::function<void(Expr*&)>& visit);
/// The same for one thing in FROM, with what it joins.
void visit_item(FromItem& item, const std::function<void(Expr*&)>& visit);
/// The clauses that are computed over the rows that FROM gives, FROM itself and WHERE included.
void visit_row_clauses(Query& query, const std::function<void(Expr*&)>& visit);
/// The same without FROM and WHERE.
void visit_upper_clauses(Query& query, const std::function<void(Expr*&)>& visit);
/// Calls `visit` for an expression and all its parts, parents first; not for queries inside.
void visit_parts(Expr& expr, const std::function<void(Expr&)>& visit);
/// Calls `visit` for the queries directly inside: in FROM, in WITH, sides of set operations,
/// subqueries in expressions.
void visit_inner_queries(Query& query, const std::function<void(Query&)>& visit);

/// Whether an expression (with its subqueries) or a query calls a volatile function.
bool is_volatile(Expr& expr);
bool is_volatile(Query& query);

}  // namespace isolde::sql
