#include "sql/plan/planner.hpp"

#include "sql/expr/compiler.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

class Planner {
 public:
  Planner(PlanMemory& memory, PlanPool& plans) : memory_(memory), plans_(plans) {}

  const Plan* plan(Query& query) {
    const Plan* source = rows(query);
    if (query.distinct && query.distinct_on.empty()) source = unique(source, query);
    if (!query.sort.empty()) source = sorted(source, query);
    if (!query.distinct_on.empty()) source = unique(source, query);
    if (query.limit != nullptr || query.offset != nullptr) source = limited(source, query);
    return source;
  }

 private:
  Plan* make(Plan::Kind kind, std::vector<const Plan*> children) {
    Plan& plan = plans_.emplace_back();
    plan.kind = kind;
    plan.children = std::move(children);
    return &plan;
  }

  /// An operator whose rows look like its child's.
  Plan* over(Plan::Kind kind, const Plan* child) {
    Plan* plan = make(kind, {child});
    plan->width = child->width;
    plan->types = child->types;
    return plan;
  }

  Program program(std::span<const Expr* const> expressions) {
    return compile(expressions, [this](const Query& query) {
      return plan(const_cast<Query&>(query));  // the subquery belongs to the same statement
    });
  }
  Program program(const Expr* expression) { return program(std::span(&expression, 1)); }
  Program program(const std::vector<Expr*>& expressions) {
    return program(std::span<const Expr* const>(expressions.data(), expressions.size()));
  }

  const Plan* rows(Query& query) {
    switch (query.kind) {
      case Query::Kind::kSelect:
        return select(query);
      case Query::Kind::kValues:
        return values(query);
      case Query::Kind::kSetOperation:
        return set_operation(query);
    }
    return nullptr;
  }

  static void shape(Plan* plan, const Query& query) {
    plan->width = static_cast<int>(query.targets.size());
    for (const Target& target : query.targets) plan->types.push_back(target.value->type);
  }

  const Plan* values(Query& query) {
    Plan* plan = make(Plan::Kind::kValues, {});
    shape(plan, query);
    for (const auto& row : query.rows) plan->programs.push_back(program(row));
    return plan;
  }

  const Plan* set_operation(Query& query) {
    bool append = query.operation == Query::SetOperation::kUnion;
    const Plan* left = this->plan(*query.left);
    const Plan* right = this->plan(*query.right);
    Plan* plan = make(append ? Plan::Kind::kAppend : Plan::Kind::kSetOperation, {left, right});
    shape(plan, query);
    plan->visible = query.visible_targets();
    plan->operation = query.operation;
    plan->all = query.all;
    if (!append || query.all) return plan;
    Plan* distinct = over(Plan::Kind::kUnique, plan);
    distinct->visible = query.visible_targets();
    return distinct;
  }

  const Plan* select(Query& query) {
    const Plan* source = from(query);
    if (query.where != nullptr) source = filtered(source, query.where);
    if (query.grouped) {
      source = aggregated(source, query);
      if (query.having != nullptr) source = filtered(source, query.having);
    }
    source = with_sets(source, query);
    std::vector<Expr*> outputs;
    for (const Target& target : query.targets) outputs.push_back(target.value);
    Plan* plan = make(Plan::Kind::kProject, {source});
    shape(plan, query);
    plan->output = program(outputs);
    return plan;
  }

  const Plan* filtered(const Plan* source, Expr* condition) {
    Plan* plan = over(Plan::Kind::kFilter, source);
    plan->condition = program(condition);
    return plan;
  }

  // --- FROM

  const Plan* from(Query& query) {
    if (query.from.empty()) return make(Plan::Kind::kResult, {});
    const Plan* all = nullptr;
    for (FromItem* item : query.from) {
      const Plan* one = all == nullptr ? first_rows(*item) : item_rows(*item);
      all = all == nullptr ? one : joined(all, one, FromItem::Join::kInner, nullptr, 0, item);
    }
    return all;
  }

  /// The leftmost item: what it reads from queries further out is handed down over an empty row.
  const Plan* first_rows(FromItem& item) {
    const Plan* rows = item_rows(item);
    if (item.passed.empty()) return rows;
    return joined(make(Plan::Kind::kResult, {}), rows, FromItem::Join::kInner, nullptr, 0, &item);
  }

  const Plan* item_rows(FromItem& item) {
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
      case FromItem::Kind::kJoin:
        return joined(first_rows(*item.left), item_rows(*item.right), item.join, item.condition,
                      item.offset, item.right);
    }
    return nullptr;
  }

  static void item_shape(Plan* plan, const FromItem& item) {
    plan->width = item.width();
    for (const ColumnInfo& column : item.columns) plan->types.push_back(column.type);
  }

  const Plan* function_scan(FromItem& item) {
    Plan* plan = make(Plan::Kind::kFunctionScan, {});
    item_shape(plan, item);
    plan->ordinality = item.ordinality;
    add_call(plan, *item.function, item.width() - (item.ordinality ? 1 : 0));
    return plan;
  }

  void add_call(Plan* plan, const Expr& expr, int width) {
    Plan::Call& call = plan->calls.emplace_back();
    call.width = width;
    call.scalar = expr.kind != ExprKind::kSetCall;
    if (call.scalar) {
      call.arguments = program(&expr);
      return;
    }
    call.function = expr.function;
    call.arguments = program(expr.arguments);
    for (const Expr* argument : expr.arguments) call.site.types.push_back(argument->type);
    call.site.site = {call.site.types, expr.type, expr.typmod, expr.variadic_array};
  }

  /// The columns of a join's condition are counted from the start of the join.
  Expr* shifted(const Expr* expr, int by) {
    Expr* copy = &memory_.exprs.emplace_back(*expr);  // others may use the same expression
    if (copy->kind == ExprKind::kColumn) copy->index -= by;
    for (Expr*& argument : copy->arguments) argument = shifted(argument, by);
    return copy;
  }

  const Plan* joined(const Plan* left, const Plan* right, FromItem::Join join, Expr* condition,
                     int offset, FromItem* right_item) {
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

  // --- GROUP BY

  const Plan* aggregated(const Plan* source, Query& query) {
    Plan* plan = make(Plan::Kind::kAggregate, {source});
    plan->keys = static_cast<int>(query.group_by.size());
    plan->grouped = !query.group_by.empty();
    std::vector<Expr*> inputs = query.group_by;
    for (const Expr* key : query.group_by) plan->types.push_back(key->type);
    for (Expr* aggregate : query.aggregates) {
      add_aggregate(plan, *aggregate, inputs);
      plan->types.push_back(aggregate->type);
    }
    plan->width = static_cast<int>(plan->types.size());
    plan->output = program(inputs);
    return plan;
  }

  static void add_aggregate(Plan* plan, Expr& expr, std::vector<Expr*>& inputs) {
    Plan::AggregateCall& call = plan->aggregates.emplace_back();
    call.aggregate = expr.function->aggregate;
    call.fast = expr.distinct || !expr.order.empty() ? FastOp::kNone : expr.function->fast;
    call.strict = expr.function->strict;
    call.distinct = expr.distinct;
    call.first_argument = static_cast<int>(inputs.size());
    call.arguments = static_cast<int>(expr.arguments.size());
    for (Expr* argument : expr.arguments) {
      inputs.push_back(argument);
      call.site.types.push_back(argument->type);
      call.input_types.push_back(argument->type);
    }
    for (const Expr::Order& order : expr.order) {
      int column = static_cast<int>(inputs.size()) - call.first_argument;
      call.order.push_back({column, order.value->type, order.descending, order.nulls_first});
      call.input_types.push_back(order.value->type);
      inputs.push_back(order.value);
    }
    call.site.site = {call.site.types, expr.type, expr.typmod, expr.variadic_array};
    if (expr.filter != nullptr) {
      call.filter = static_cast<int>(inputs.size());
      inputs.push_back(expr.filter);
    }
  }

  // --- set-returning functions in the select list

  static bool has_set(const Expr* expr) {
    if (expr->kind == ExprKind::kSetCall) return true;
    for (const Expr* argument : expr->arguments) {
      if (has_set(argument)) return true;
    }
    return false;
  }

  /// Takes the innermost set calls out of an expression; each becomes a column of `plan`.
  Expr* take_sets(Expr* expr, Plan* plan) {
    bool inner = false;
    for (Expr*& argument : expr->arguments) {
      if (!has_set(argument)) continue;
      argument = take_sets(argument, plan);
      inner = true;
    }
    if (inner || expr->kind != ExprKind::kSetCall) return expr;
    Expr* column = memory_.expr(ExprKind::kColumn, expr->type, expr->location);
    column->index = plan->width++;
    column->typmod = expr->typmod;
    plan->types.push_back(expr->type);
    add_call(plan, *expr, 1);
    return column;
  }

  /// One stage a level of nesting: the sets of one stage step together.
  const Plan* with_sets(const Plan* source, Query& query) {
    auto any = [&] {
      for (const Target& target : query.targets) {
        if (has_set(target.value)) return true;
      }
      return false;
    };
    while (any()) {
      Plan* plan = over(Plan::Kind::kProjectSet, source);
      for (Target& target : query.targets) {
        if (has_set(target.value)) target.value = take_sets(target.value, plan);
      }
      source = plan;
    }
    return source;
  }

  // --- order, duplicates, limits

  const Plan* sorted(const Plan* source, const Query& query) {
    Plan* plan = over(Plan::Kind::kSort, source);
    for (const SortItem& item : query.sort) {
      plan->order.push_back({item.target,
                             query.targets[static_cast<size_t>(item.target)].value->type,
                             item.descending, item.nulls_first});
    }
    return plan;
  }

  const Plan* unique(const Plan* source, const Query& query) {
    Plan* plan = over(Plan::Kind::kUnique, source);
    plan->visible = query.visible_targets();
    for (int target : query.distinct_on) {
      plan->order.push_back(
          {target, query.targets[static_cast<size_t>(target)].value->type, false, false});
    }
    return plan;
  }

  const Plan* limited(const Plan* source, const Query& query) {
    Plan* plan = over(Plan::Kind::kLimit, source);
    plan->has_limit = query.limit != nullptr;
    plan->has_offset = query.offset != nullptr;
    if (query.limit != nullptr) plan->limit = program(query.limit);
    if (query.offset != nullptr) plan->offset = program(query.offset);
    return plan;
  }

  PlanMemory& memory_;
  PlanPool& plans_;
};

}  // namespace

const Plan* make_plan(Query& query, PlanMemory& memory, PlanPool& plans) {
  return Planner(memory, plans).plan(query);
}

}  // namespace isolde::sql
