// WHERE and ON, taken apart: what concerns one table alone goes to its scan.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

void Planner::split(Expr* condition, std::vector<Expr*>& conditions) {
  if (condition->kind != ExprKind::kAnd) {
    conditions.push_back(condition);
    return;
  }
  for (Expr* argument : condition->arguments) split(argument, conditions);
}

namespace {

/// The range of the query's columns that an expression reads; false when it reads none, or more
/// than columns.
struct ColumnRange {
  int first = INT32_MAX;
  int last = -1;
};

void note_columns(const Expr* expr, ColumnRange& range) {
  if (expr->kind == ExprKind::kColumn) {
    range.first = std::min(range.first, expr->index);
    range.last = std::max(range.last, expr->index);
  }
  for (const Expr* argument : expr->arguments) note_columns(argument, range);
}

/// Where an item's columns begin and end in the query's row.
ColumnRange range_of(const FromItem& item) {
  if (item.kind != FromItem::Kind::kJoin) return {item.offset, item.offset + item.width() - 1};
  return {range_of(*item.left).first, range_of(*item.right).last};
}

bool within(const ColumnRange& inner, const ColumnRange& outer) {
  return inner.first >= outer.first && inner.last <= outer.last;
}

}  // namespace

/// Gives a condition to the table that it concerns, if there is one and the joins on the way allow.
bool Planner::sink(Expr* condition, FromItem& item) {
  ColumnRange read;
  note_columns(condition, read);
  if (read.last < 0 || !within(read, range_of(item))) return false;
  if (item.kind == FromItem::Kind::kTable) {
    item.conditions.push_back(condition);
    return true;
  }
  if (item.kind != FromItem::Kind::kJoin) return false;
  bool left = item.join == FromItem::Join::kInner || item.join == FromItem::Join::kLeft;
  bool right = item.join == FromItem::Join::kInner || item.join == FromItem::Join::kRight;
  return (left && sink(condition, *item.left)) || (right && sink(condition, *item.right));
}

void Planner::push_down(Query& query) {
  if (query.where == nullptr) return;
  std::vector<Expr*> conditions;
  split(query.where, conditions);
  std::erase_if(conditions, [&](Expr* condition) {
    return std::any_of(query.from.begin(), query.from.end(),
                       [&](FromItem* item) { return sink(condition, *item); });
  });
  query.where = conditions.empty() ? nullptr : all_of(conditions);
}

}  // namespace isolde::sql
