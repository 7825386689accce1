// INSERT, UPDATE and DELETE.

#include <algorithm>

#include "sql/plan/planner_impl.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

namespace {

std::vector<int> places_of_live(const TableInfo& table, const std::vector<bool>& wanted,
                                std::vector<int>& outputs) {
  std::vector<int> places;
  for (size_t i = 0; i < table.live.size(); ++i) {
    if (!wanted[i]) continue;
    places.push_back(table.live[i]);
    outputs.push_back(static_cast<int>(i));
  }
  return places;
}

void read_by(const Expr* expr, std::vector<bool>& columns) {
  if (expr->kind == ExprKind::kColumn) columns[static_cast<size_t>(expr->index)] = true;
  for (const Expr* argument : expr->arguments) read_by(argument, columns);
}

std::vector<WriteRules::KeyRule> key_rules(const TableInfo& table,
                                           const RowRules::Constraints& constraints,
                                           bool referenced) {
  std::vector<WriteRules::KeyRule> rules;
  for (const auto& constraint : constraints) {
    WriteRules::KeyRule& rule = rules.emplace_back(WriteRules::KeyRule{constraint, {}});
    for (int16_t number : referenced ? constraint->referenced_columns : constraint->columns) {
      auto live = std::lower_bound(table.live.begin(), table.live.end(), number - 1);
      rule.columns.push_back(static_cast<int>(live - table.live.begin()));
    }
  }
  return rules;
}

}  // namespace

void Planner::compile_rules(WriteRules& rules, const Modification& modify) {
  const TableInfo& table = *modify.table;
  rules.table = modify.table;
  rules.schema = modify.schema;
  std::vector<Expr*> values;
  for (const Assignment& one : modify.rules.generated) {
    rules.generated.push_back(one.column);
    values.push_back(one.value);
  }
  rules.generation = program(values);
  values.clear();
  for (const RowRules::Check& check : modify.rules.checks) {
    rules.checks.push_back(check.name);
    if (!check.of_view) ++rules.table_checks;
    values.push_back(check.condition);
  }
  rules.conditions = program(values);
  rules.indexed.assign(table.shape.size(), false);
  rules.key.assign(table.shape.size(), false);
  std::vector<bool> read(table.live.size() + 1, false);
  for (size_t i = 0; i < modify.rules.indexes.size(); ++i) {
    const IndexInfo& index = table.indexes[i];
    const RowRules::Index& from = modify.rules.indexes[i];
    WriteRules::Index& to = rules.indexes.emplace_back();
    std::vector<Expr*> expressions;
    std::vector<bool> reads(table.live.size() + 1, false);
    for (size_t k = 0; k < index.columns.size(); ++k) {
      to.is_expression.push_back(from.expressions[k] != nullptr);
      if (from.expressions[k] != nullptr) {
        expressions.push_back(from.expressions[k]);
        read_by(from.expressions[k], reads);
        to.has_expressions = true;
        continue;
      }
      auto place = static_cast<size_t>(index.columns[k]);
      rules.indexed[place] = true;
      if (index.is_candidate_key()) rules.key[place] = true;
      auto live = std::find(table.live.begin(), table.live.end(), index.columns[k]);
      reads[static_cast<size_t>(live - table.live.begin())] = true;
    }
    for (int16_t column : index.description().included) {
      rules.indexed[static_cast<size_t>(column - 1)] = true;
    }
    to.keys = program(expressions);
    if (from.predicate != nullptr) {
      read_by(from.predicate, reads);
      to.predicate = program(from.predicate);
      to.has_predicate = true;
    }
    for (size_t c = 0; c < table.live.size(); ++c) {
      if (!reads[c]) continue;
      read[c] = true;
      rules.indexed[static_cast<size_t>(table.live[c])] = true;
    }
  }
  rules.references = key_rules(table, modify.rules.references, false);
  rules.referenced_by = key_rules(table, modify.rules.referenced_by, true);
  rules.deferred_keys = key_rules(table, modify.rules.deferred_keys, false);
  std::vector<int> outputs;
  std::vector<int> places = places_of_live(table, read, outputs);
  rules.index_columns = RowDecoder(table.shape, std::move(places), outputs);
  outputs.clear();
  places = places_of_live(table, std::vector<bool>(table.live.size(), true), outputs);
  rules.all_columns = RowDecoder(table.shape, std::move(places), outputs);
}

UpdatePart Planner::update_part(const std::vector<Assignment>& assignments, const Rows& rows) {
  UpdatePart part;
  std::vector<Expr*> values;
  for (const Assignment& one : assignments) {
    part.columns.push_back(one.column);
    values.push_back(one.value);
  }
  part.values = program(values, rows);
  return part;
}

MergeStep Planner::merge_step(const MergeAction& action, const Rows& rows) {
  MergeStep step;
  step.kind = action.kind;
  step.matched = action.matched;
  step.has_condition = action.condition != nullptr;
  if (step.has_condition) step.condition = program(action.condition, rows);
  step.row = program(action.row, rows);
  step.update = update_part(action.assignments, rows);
  return step;
}

/// Every item's rows, so that a row can be evaluated again with others of its parts.
void Planner::mark_items(FromItem& item, std::vector<RowMark>& marks) {
  if (item.kind == FromItem::Kind::kJoin) {
    mark_items(*item.left, marks);
    mark_items(*item.right, marks);
    return;
  }
  if (item.kind != FromItem::Kind::kTable) return;
  item.keep_payload = true;
  RowMark& mark = marks.emplace_back();
  mark.table = item.info;
  mark.number = item.number;
  mark.first = item.offset + item.width() - 1;
  mark.name = item.alias;
}

/// FOR UPDATE and the like: above ORDER BY, below LIMIT.
const Plan* Planner::locked(const Plan* source, const Query& query) {
  Plan* plan = over(Plan::Kind::kLockRows, source);
  for (const auto& [item, target] : query.references) {
    RowMark& mark = plan->marks.emplace_back();
    mark.table = item->info;
    mark.number = item->number;
    mark.first = target;
    mark.lock = item->locked;
    mark.strength = item->strength;
    mark.wait = item->wait;
    mark.name = item->alias;
  }
  plan->width = query.width();
  plan->types.resize(static_cast<size_t>(plan->width));
  return plan;
}

const Plan* Planner::modification(Query& query) {
  Modification& modify = *query.modify;
  auto made = std::make_shared<ModifyPlan>();
  made->kind = modify.kind;
  compile_rules(made->rules, modify);
  Rows source;
  switch (modify.kind) {
    case Modification::Kind::kInsert:
      source = {modify.source == nullptr ? make(Plan::Kind::kResult, {})
                                         : this->plan(*modify.source)};
      made->row = program(modify.row);
      made->has_where = modify.where != nullptr;
      if (made->has_where) made->where = program(modify.where);
      made->conflict = modify.conflict.action;
      made->arbiters = modify.conflict.arbiters;
      made->conflict_update = update_part(modify.conflict.assignments, {});
      made->has_conflict_where = modify.conflict.where != nullptr;
      if (made->has_conflict_where) made->conflict_where = program(modify.conflict.where);
      break;
    case Modification::Kind::kUpdate:
    case Modification::Kind::kDelete:
    case Modification::Kind::kMerge:
      modify.target->intent = modify.kind == Modification::Kind::kDelete ? txn::RowIntent::kDelete
                                                                         : txn::RowIntent::kUpdate;
      for (FromItem* item : query.from) mark_items(*item, made->marks);
      source = from(query);
      for (RowMark& mark : made->marks) mark.first = source.place_of(mark.first);
      made->offset = source.place_of(modify.target->offset);
      made->reference = made->offset + modify.target->width() - 1;
      made->update = update_part(modify.assignments, source);
      for (const MergeAction& action : modify.actions) {
        made->merge.push_back(merge_step(action, source));
      }
      break;
  }
  std::vector<Expr*> outputs;
  for (const Target& target : query.targets) outputs.push_back(target.value);
  made->returns = !outputs.empty();
  bool insert = modify.kind == Modification::Kind::kInsert;
  made->returning = program(outputs, insert ? Rows{} : source);
  made->counts = modify.counts;
  Plan* plan = make(Plan::Kind::kModify, {source.plan});
  shape(plan, query);
  plan->modify = std::move(made);
  return plan;
}

}  // namespace isolde::sql
