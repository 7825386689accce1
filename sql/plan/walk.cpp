#include "sql/plan/walk.hpp"

namespace isolde::sql {

namespace {

void visit_modification(Modification& modify, const std::function<void(Expr*&)>& visit) {
  auto assignments = [&](std::vector<Assignment>& list) {
    for (Assignment& one : list) visit(one.value);
  };
  for (Expr*& value : modify.row) visit(value);
  assignments(modify.assignments);
  assignments(modify.conflict.assignments);
  if (modify.conflict.where != nullptr) visit(modify.conflict.where);
  for (MergeAction& action : modify.actions) {
    if (action.condition != nullptr) visit(action.condition);
    for (Expr*& value : action.row) visit(value);
    assignments(action.assignments);
  }
}

void visit_from_queries(FromItem& item, const std::function<void(Query&)>& visit) {
  if (item.query != nullptr) visit(*item.query);
  if (item.left != nullptr) visit_from_queries(*item.left, visit);
  if (item.right != nullptr) visit_from_queries(*item.right, visit);
}

}  // namespace

void visit_item(FromItem& item, const std::function<void(Expr*&)>& visit) {
  if (item.function != nullptr) visit(item.function);
  for (Expr*& value : item.passed) visit(value);
  if (item.condition != nullptr) visit(item.condition);
  if (item.left != nullptr) visit_item(*item.left, visit);
  if (item.right != nullptr) visit_item(*item.right, visit);
}

void visit_upper_clauses(Query& query, const std::function<void(Expr*&)>& visit) {
  auto all = [&](std::vector<Expr*>& exprs) {
    for (Expr*& expr : exprs) visit(expr);
  };
  all(query.group_by);
  all(query.aggregates);
  if (query.grouped) return;  // the others are over groups
  for (WindowSpec* window : query.windows) {
    all(window->partition);
    for (Expr::Order& order : window->order) visit(order.value);
  }
  all(query.window_calls);
  for (Target& target : query.targets) visit(target.value);
  if (query.modify != nullptr) visit_modification(*query.modify, visit);
}

void visit_row_clauses(Query& query, const std::function<void(Expr*&)>& visit) {
  for (FromItem* item : query.from) visit_item(*item, visit);
  if (query.where != nullptr) visit(query.where);
  visit_upper_clauses(query, visit);
}

void visit_clauses(Query& query, const std::function<void(Expr*&)>& visit) {
  auto all = [&](std::vector<Expr*>& exprs) {
    for (Expr*& expr : exprs) visit(expr);
  };
  auto maybe = [&](Expr*& expr) {
    if (expr != nullptr) visit(expr);
  };
  for (FromItem* item : query.from) visit_item(*item, visit);
  if (query.modify != nullptr) visit_modification(*query.modify, visit);
  maybe(query.where);
  all(query.group_by);
  all(query.aggregates);
  maybe(query.having);
  for (WindowSpec* window : query.windows) {
    all(window->partition);
    for (Expr::Order& order : window->order) visit(order.value);
    maybe(window->start_offset);
    maybe(window->end_offset);
  }
  all(query.window_calls);
  for (auto& row : query.rows) all(row);
  for (Target& target : query.targets) visit(target.value);
  maybe(query.limit);
  maybe(query.offset);
}

void visit_parts(Expr& expr, const std::function<void(Expr&)>& visit) {
  visit(expr);
  for (Expr* argument : expr.arguments) visit_parts(*argument, visit);
  for (Expr::Order& order : expr.order) visit_parts(*order.value, visit);
  if (expr.filter != nullptr) visit_parts(*expr.filter, visit);
  if (expr.element != nullptr) visit_parts(*expr.element, visit);
  if (expr.subquery != nullptr && expr.subquery->test != nullptr) {
    visit_parts(*expr.subquery->test, visit);
  }
}

void visit_inner_queries(Query& query, const std::function<void(Query&)>& visit) {
  for (CommonTable* table : query.with) {
    if (table->query != nullptr) visit(*table->query);
    if (table->recursive != nullptr) visit(*table->recursive);
  }
  for (FromItem* item : query.from) visit_from_queries(*item, visit);
  if (query.modify != nullptr && query.modify->source != nullptr) visit(*query.modify->source);
  if (query.left != nullptr) visit(*query.left);
  if (query.right != nullptr) visit(*query.right);
  visit_clauses(query, [&](Expr*& expr) {
    visit_parts(*expr, [&](Expr& part) {
      if (part.subquery != nullptr) visit(*part.subquery->query);
    });
  });
}

bool is_volatile(Expr& expr) {
  bool found = false;
  visit_parts(expr, [&](Expr& part) {
    found =
        found || (part.function != nullptr && part.function->volatility == Volatility::kVolatile);
    if (part.subquery != nullptr) found = found || is_volatile(*part.subquery->query);
  });
  return found;
}

bool is_volatile(Query& query) {
  bool found = false;
  visit_clauses(query, [&](Expr*& expr) { found = found || is_volatile(*expr); });
  visit_inner_queries(query, [&](Query& inner) { found = found || is_volatile(inner); });
  return found;
}

}  // namespace isolde::sql
