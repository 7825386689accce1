#include "sql/plan/planner.hpp"

#include <algorithm>
#include <utility>

#include "sql/expr/compiler.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

const Plan* make_plan(Query& query, PlanMemory& memory, PlanPool& plans,
                      const PlannerSettings& settings) {
  return Planner(memory, plans, settings).plan(query);
}

void compile_rules(WriteRules& rules, const Modification& modify, PlanMemory& memory,
                   PlanPool& plans) {
  Planner(memory, plans, {}).compile_rules(rules, modify);
}

const Plan* Planner::plan(Query& query) {
  WantedOrder wanted;
  wanted.query = &query;
  WantedOrder* outer = std::exchange(wanted_, query.sort.empty() ? nullptr : &wanted);
  const Plan* source = rows(query);
  wanted_ = outer;
  if (query.distinct && query.distinct_on.empty()) source = unique(source, query);
  if (!query.sort.empty() && !wanted.met) source = sorted(source, query);
  if (!query.distinct_on.empty()) source = unique(source, query);
  if (query.locks) source = locked(source, query);
  if (query.limit != nullptr || query.offset != nullptr) source = limited(source, query);
  if (!query.with.empty()) source = with_tables(source, query);
  return source;
}

Plan* Planner::make(Plan::Kind kind, std::vector<const Plan*> children) {
  Plan& plan = plans_.emplace_back();
  plan.kind = kind;
  plan.children = std::move(children);
  return &plan;
}

Plan* Planner::over(Plan::Kind kind, const Plan* child) {
  Plan* plan = make(kind, {child});
  plan->width = child->width;
  plan->rows = child->rows;
  plan->types = child->types;
  return plan;
}

void Planner::shape(Plan* plan, const Query& query) {
  plan->width = static_cast<int>(query.targets.size());
  for (const Target& target : query.targets) plan->types.push_back(target.value->type);
}

Program Planner::program(std::span<const Expr* const> expressions, std::span<const int> place) {
  auto subquery = [this](const Query& query) {
    bool outer = std::exchange(reads_forgotten_, false);
    const Plan*& made = subplans_[&query];
    if (made != nullptr) reads_forgotten_ = made->reads_forgotten;
    if (made == nullptr) made = plan(const_cast<Query&>(query));  // of the same statement
    if (reads_forgotten_) const_cast<Plan*>(made)->reads_forgotten = true;
    reads_forgotten_ |= outer;
    return made;
  };
  return compile(expressions, subquery, place);
}

const Plan* Planner::rows(Query& query) {
  switch (query.kind) {
    case Query::Kind::kSelect:
      return select(query);
    case Query::Kind::kValues:
      return values(query);
    case Query::Kind::kSetOperation:
      return set_operation(query);
    case Query::Kind::kModify:
      return modification(query);
    case Query::Kind::kInput: {
      Plan* plan = make(Plan::Kind::kInput, {});
      shape(plan, query);
      return plan;
    }
  }
  return nullptr;
}

const Plan* Planner::values(Query& query) {
  Plan* plan = make(Plan::Kind::kValues, {});
  shape(plan, query);
  for (const auto& row : query.rows) plan->programs.push_back(program(row));
  plan->rows = static_cast<double>(query.rows.size());
  return plan;
}

const Plan* Planner::set_operation(Query& query) {
  bool append = query.operation == Query::SetOperation::kUnion;
  const Plan* left = this->plan(*query.left);
  const Plan* right = this->plan(*query.right);
  Plan* plan = make(append ? Plan::Kind::kAppend : Plan::Kind::kSetOperation, {left, right});
  shape(plan, query);
  plan->visible = query.visible_targets();
  plan->operation = query.operation;
  plan->all = query.all;
  plan->rows = append ? left->rows + right->rows : left->rows;
  if (!append || query.all) return plan;
  Plan* distinct = over(Plan::Kind::kUnique, plan);
  distinct->visible = query.visible_targets();
  return distinct;
}

const Plan* Planner::select(Query& query) {
  std::optional<Rows> ends = query.grouped ? extremes(query) : std::nullopt;
  Rows source = ends ? std::move(*ends) : from(query);
  if (query.grouped) {
    if (!ends) source = {aggregated(source, query)};
    if (query.having != nullptr) source = filtered(source, query.having);
  }
  if (!query.window_calls.empty()) source = windowed(source, query);
  source = with_sets(source, query);
  std::vector<Expr*> outputs;
  for (const Target& target : query.targets) outputs.push_back(target.value);
  Plan* plan = make(Plan::Kind::kProject, {source.plan});
  shape(plan, query);
  plan->rows = source.plan->rows;
  plan->output = program(outputs, source);
  return plan;
}

void Planner::put_subqueries_last(std::vector<Expr*>& conditions) {
  std::stable_partition(conditions.begin(), conditions.end(), [](Expr* condition) {
    bool simple = true;
    visit_parts(*condition, [&](Expr& part) { simple = simple && part.subquery == nullptr; });
    return simple;
  });
}

Planner::Rows Planner::filtered(Rows source, std::vector<Expr*> conditions) {
  put_subqueries_last(conditions);
  return filtered(std::move(source), all_of(conditions));
}

Planner::Rows Planner::filtered(Rows source, Expr* condition) {
  Plan* plan = over(Plan::Kind::kFilter, source.plan);
  plan->condition = program(condition, source);
  source.plan = plan;
  return source;
}

/// Makes columns of expressions: those that are columns already stay where they are, others are
/// added behind. Returns where each stands.
std::vector<int> Planner::as_columns(Rows& rows, const std::vector<Expr*>& exprs) {
  std::vector<int> where;
  std::vector<Expr*> added;
  for (Expr* expr : exprs) {
    if (expr->kind == ExprKind::kColumn) {
      where.push_back(rows.place_of(expr->index));
      continue;
    }
    auto same = [&](const Expr* other) { return same_expression(other, expr); };
    auto at = std::find_if(added.begin(), added.end(), same);
    where.push_back(rows.plan->width + static_cast<int>(at - added.begin()));
    if (at == added.end()) added.push_back(expr);
  }
  if (!added.empty()) rows.plan = appended(rows, added);
  return where;
}

/// The rows with the values of expressions behind them.
const Plan* Planner::appended(const Rows& rows, const std::vector<Expr*>& exprs) {
  Plan* plan = make(Plan::Kind::kProject, {rows.plan});
  plan->types = rows.plan->types;
  std::vector<Expr*> outputs;
  Rows named = rows;
  named.name_columns();
  std::vector<int> place = std::move(named.place);
  size_t logical = place.size();
  for (int i = 0; i < rows.plan->width; ++i) {
    outputs.push_back(memory_.expr(ExprKind::kColumn, plan->types[static_cast<size_t>(i)], -1));
    outputs.back()->index = static_cast<int>(logical) + i;  // names that nothing else uses
    place.push_back(i);
  }
  for (Expr* expr : exprs) {
    outputs.push_back(expr);
    plan->types.push_back(expr->type);
  }
  plan->width = static_cast<int>(outputs.size());
  plan->rows = rows.plan->rows;
  plan->output = program(outputs, Rows{rows.plan, place});
  return plan;
}

}  // namespace isolde::sql
