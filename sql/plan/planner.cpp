#include "sql/plan/planner.hpp"

#include "sql/expr/compiler.hpp"
#include "sql/plan/planner_impl.hpp"

namespace isolde::sql {

const Plan* make_plan(Query& query, PlanMemory& memory, PlanPool& plans) {
  return Planner(memory, plans).plan(query);
}

const Plan* Planner::plan(Query& query) {
  const Plan* source = rows(query);
  if (query.distinct && query.distinct_on.empty()) source = unique(source, query);
  if (!query.sort.empty()) source = sorted(source, query);
  if (!query.distinct_on.empty()) source = unique(source, query);
  if (query.limit != nullptr || query.offset != nullptr) source = limited(source, query);
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
  plan->types = child->types;
  return plan;
}

void Planner::shape(Plan* plan, const Query& query) {
  plan->width = static_cast<int>(query.targets.size());
  for (const Target& target : query.targets) plan->types.push_back(target.value->type);
}

Program Planner::program(std::span<const Expr* const> expressions) {
  return compile(expressions, [this](const Query& query) {
    return plan(const_cast<Query&>(query));  // the subquery belongs to the same statement
  });
}

const Plan* Planner::rows(Query& query) {
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

const Plan* Planner::values(Query& query) {
  Plan* plan = make(Plan::Kind::kValues, {});
  shape(plan, query);
  for (const auto& row : query.rows) plan->programs.push_back(program(row));
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
  if (!append || query.all) return plan;
  Plan* distinct = over(Plan::Kind::kUnique, plan);
  distinct->visible = query.visible_targets();
  return distinct;
}

const Plan* Planner::select(Query& query) {
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

const Plan* Planner::filtered(const Plan* source, Expr* condition) {
  Plan* plan = over(Plan::Kind::kFilter, source);
  plan->condition = program(condition);
  return plan;
}

}  // namespace isolde::sql
