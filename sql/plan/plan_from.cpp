// FROM: scans and joins.

#include "sql/plan/planner_impl.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

Planner::Rows Planner::from(Query& query) {
  if (query.from.empty()) return {make(Plan::Kind::kResult, {})};
  const Plan* all = nullptr;
  for (FromItem* item : query.from) {
    const Plan* one = all == nullptr ? first_rows(*item) : item_rows(*item);
    all = all == nullptr ? one : joined(all, one, FromItem::Join::kInner, nullptr, 0, item);
  }
  return {all};
}

/// The leftmost item: what it reads from queries further out is handed down over an empty row.
const Plan* Planner::first_rows(FromItem& item) {
  const Plan* rows = item_rows(item);
  if (item.passed.empty()) return rows;
  return joined(make(Plan::Kind::kResult, {}), rows, FromItem::Join::kInner, nullptr, 0, &item);
}

const Plan* Planner::item_rows(FromItem& item) {
  switch (item.kind) {
    case FromItem::Kind::kFunction:
      return function_scan(item);
    case FromItem::Kind::kSubquery:
      return this->plan(*item.query);
    case FromItem::Kind::kVirtualTable: {
      Plan* plan = make(Plan::Kind::kVirtualScan, {});
      plan->table = item.table;
      item_shape(plan, item);
      return plan;
    }
    case FromItem::Kind::kCommonTable:
      return common_table(item);
    case FromItem::Kind::kTable:
      return table_scan(item, item.conditions);
    case FromItem::Kind::kJoin:
      return joined(first_rows(*item.left), item_rows(*item.right), item.join, item.condition,
                    item.offset, item.right);
  }
  return nullptr;
}

void Planner::item_shape(Plan* plan, const FromItem& item) {
  plan->width = item.width();
  for (const ColumnInfo& column : item.columns) plan->types.push_back(column.type);
}

const Plan* Planner::function_scan(FromItem& item) {
  Plan* plan = make(Plan::Kind::kFunctionScan, {});
  item_shape(plan, item);
  plan->ordinality = item.ordinality;
  add_call(plan, *item.function, item.width() - (item.ordinality ? 1 : 0), {});
  Plan::Call& call = plan->calls.back();
  call.row = nullptr;
  const Type& type = base_of(*item.function->type);
  if (type.kind == TypeKind::kComposite) {
    call.row = static_cast<const CompositeType*>(&type);
    call.expand = true;
  }
  return plan;
}

void Planner::add_call(Plan* plan, const Expr& expr, int width, const Rows& rows) {
  Plan::Call& call = plan->calls.emplace_back();
  call.width = width;
  call.scalar = expr.kind != ExprKind::kSetCall;
  if (call.scalar) {
    call.arguments = program(&expr, rows);
    return;
  }
  call.function = expr.function;
  call.arguments = program(expr.arguments, rows);
  for (const Expr* argument : expr.arguments) call.site.types.push_back(argument->type);
  call.site.site = {call.site.types, expr.type, expr.typmod, expr.variadic_array};
  if (expr.function->out_columns.size() > 1) {
    std::vector<CompositeField> fields;
    for (const OutColumn& column : expr.function->out_columns) {
      fields.push_back({std::string(column.name), &type_of(column.type)});
    }
    call.row = &memory_.row_shapes.emplace_back(std::move(fields));
  }
}

/// The columns of a join's condition are counted from the start of the join.
Expr* Planner::shifted(const Expr* expr, int by) {
  Expr* copy = &memory_.exprs.emplace_back(*expr);  // others may use the same expression
  if (copy->kind == ExprKind::kColumn) copy->index -= by;
  for (Expr*& argument : copy->arguments) argument = shifted(argument, by);
  return copy;
}

const Plan* Planner::joined(const Plan* left, const Plan* right, FromItem::Join join,
                            Expr* condition, int offset, FromItem* right_item) {
  Plan* plan = make(Plan::Kind::kNestedLoop, {left, right});
  plan->width = left->width + right->width;
  plan->types = left->types;
  plan->types.insert(plan->types.end(), right->types.begin(), right->types.end());
  plan->left_width = left->width;
  plan->join = join;
  if (condition != nullptr) {
    if (offset != 0) condition = shifted(condition, offset);
    plan->condition = program(condition);
    plan->has_condition = true;
  }
  if (offset != 0) {
    for (Expr*& value : right_item->passed) value = shifted(value, offset);
  }
  plan->passed_slots = right_item->passed_slots;
  plan->rescan_inner = right_item->lateral;
  plan->output = program(right_item->passed);
  return plan;
}

}  // namespace isolde::sql
