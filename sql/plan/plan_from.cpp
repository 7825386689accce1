// FROM: scans. How they are joined: join_planner.cpp.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "sql/catalog/objects.hpp"
#include "sql/functions/rows_from.hpp"
#include "sql/functions/run_routine.hpp"
#include "sql/plan/join_planner.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/plan/relation_stats.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

/// The rows of FROM that meet WHERE.
Planner::Rows Planner::from(Query& query) {
  if (!query.from.empty()) return JoinPlanner(*this, query).plan();
  Rows rows{make(Plan::Kind::kResult, {})};
  return query.where == nullptr ? rows : filtered(rows, query.where);
}

const Plan* Planner::item_rows(FromItem& item, std::vector<Expr*>& conditions,
                               const ScanWish& wish) {
  switch (item.kind) {
    case FromItem::Kind::kFunction:
      return function_scan(item);
    case FromItem::Kind::kSubquery:
      return this->plan(*item.query);
    case FromItem::Kind::kVirtualTable: {
      Plan* plan = make(Plan::Kind::kVirtualScan, {});
      plan->table = item.table;
      plan->rows = row_estimate(item);
      item_shape(plan, item);
      return plan;
    }
    case FromItem::Kind::kCommonTable:
      return common_table(item);
    case FromItem::Kind::kTable:
      put_subqueries_last(conditions);
      return table_scan(item, std::exchange(conditions, {}), wish);
    case FromItem::Kind::kJoin:
      break;
  }
  ISOLDE_CHECK(false, "joins are planned as trees");
}

namespace {

/// As many a page as when it was analysed, or as many as such rows fill a page; never analysed, it
/// counts as a table that is going to be used.
double table_rows(const TableInfo& info) {
  constexpr double kFewestRows = 1000;
  constexpr double kRowHead = 40;
  constexpr double kVaryingWidth = 32;
  const RelationStatistics& known = info.relation->statistics;
  auto blocks = info.table->heap.block_count();
  if (!blocks) return std::max(known.rows, kFewestRows);
  const auto pages = static_cast<double>(blocks->value);
  if (known.rows >= 0 && known.pages > 0) {
    return std::max(1.0, known.rows / static_cast<double>(known.pages) * pages);
  }
  double width = kRowHead;
  for (const RowColumn& column : info.shape) {
    width += column.fixed() ? column.width : kVaryingWidth;
  }
  return std::max(kFewestRows, pages * static_cast<double>(storage::kPageSize) / width);
}

}  // namespace

std::optional<double> Planner::known_number(const Expr& expr) {
  // A literal that became a parameter still tells what it was when the plan was made.
  bool fixed = expr.kind == ExprKind::kConst || expr.kind == ExprKind::kParameter;
  bool number = fixed && !expr.value.is_null() && expr.type->storage == Storage::kInteger;
  if (!number) return std::nullopt;
  return static_cast<double>(expr.value.as_int());
}

double Planner::row_estimate(const FromItem& item) {
  constexpr double kFunctionRows = 1000;
  constexpr double kViewRows = 100;
  if (item.stats != nullptr) return item.stats->rows();
  if (item.kind == FromItem::Kind::kTable) return table_rows(*item.info);
  if (item.kind != FromItem::Kind::kFunction) return kViewRows;
  if (item.function->kind != ExprKind::kSetCall) return 1;
  const auto& arguments = item.function->arguments;
  bool series = item.function->function->name == "generate_series" && arguments.size() >= 2;
  auto first = series ? known_number(*arguments[0]) : std::nullopt;
  auto last = series ? known_number(*arguments[1]) : std::nullopt;
  if (!first || !last || arguments.size() != 2) return kFunctionRows;
  return std::max(1.0, *last - *first + 1);
}

void Planner::item_shape(Plan* plan, const FromItem& item) {
  plan->width = item.width();
  for (const ColumnInfo& column : item.columns) plan->types.push_back(column.type);
}

const Plan* Planner::function_scan(FromItem& item) {
  Plan* plan = make(Plan::Kind::kFunctionScan, {});
  item_shape(plan, item);
  plan->ordinality = item.ordinality;
  plan->rows = row_estimate(item);
  if (item.function->function != &rows_from_function()) {
    add_table_call(plan, *item.function, item.width() - (item.ordinality ? 1 : 0));
    return plan;
  }
  for (const Expr* call : item.function->arguments) add_table_call(plan, *call, call->index);
  return plan;
}

/// A call whose rows are columns of their own.
void Planner::add_table_call(Plan* plan, const Expr& function, int width) {
  add_call(plan, function, width, {});
  Plan::Call& call = plan->calls.back();
  call.row = nullptr;
  const Type& type = base_of(*function.type);
  bool shaped = type.oid == types::kRecord && &type != find_type(types::kRecord);
  bool one_value = call.scalar || call.function->set == run_routine_set;
  if (type.kind == TypeKind::kComposite || (shaped && one_value)) {
    call.row = static_cast<const CompositeType*>(&type);
    call.expand = true;
  }
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
  if (expr.type->oid == types::kRecord && expr.type != find_type(types::kRecord) &&
      expr.function->out_columns.size() > 1) {
    call.row = static_cast<const CompositeType*>(expr.type);
  } else if (expr.function->out_columns.size() > 1) {
    std::vector<CompositeField> fields;
    for (const OutColumn& column : expr.function->out_columns) {
      fields.push_back({std::string(column.name), &type_of(column.type)});
    }
    call.row = &memory_.row_shapes.emplace_back(std::move(fields));
  }
}

Expr* Planner::shifted(const Expr* expr, int by) {
  Expr* copy = &memory_.exprs.emplace_back(*expr);  // others may use the same expression
  if (copy->kind == ExprKind::kColumn) copy->index -= by;
  for (Expr*& argument : copy->arguments) argument = shifted(argument, by);
  return copy;
}

}  // namespace isolde::sql
