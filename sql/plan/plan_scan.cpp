// Tables: which columns are read, through which index, and what is left to be filtered.

#include <algorithm>
#include <array>

#include "sql/exec/row_reference.hpp"
#include "sql/plan/comparison_kind.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

namespace {

/// The columns between `first` and `end` that an expression reads, from 0; `others`: any besides.
void columns_read(const Expr* expr, int first, int end, std::vector<bool>& read, bool& others) {
  if (expr->kind == ExprKind::kColumn) {
    if (expr->index >= first && expr->index < end) {
      read[static_cast<size_t>(expr->index - first)] = true;
    } else {
      others = true;
    }
  }
  for (const Expr* argument : expr->arguments) columns_read(argument, first, end, read, others);
}

bool reads_columns(const Expr* expr) {
  if (expr->kind == ExprKind::kColumn) return true;
  return std::any_of(expr->arguments.begin(), expr->arguments.end(), reads_columns);
}

bool is_volatile(const Expr* expr) {
  if (expr->function != nullptr && expr->function->volatility == Volatility::kVolatile) return true;
  if (expr->kind == ExprKind::kSubquery) return true;
  return std::any_of(expr->arguments.begin(), expr->arguments.end(), is_volatile);
}

/// Can it be worked out once, before the scan?
bool is_bound_value(const Expr* expr) {
  return !reads_columns(expr) && !is_volatile(expr);
}

/// Values of one type may be looked for among keys of the other.
bool same_keys(const Type& column, const Type& value) {
  if (column.oid == value.oid) return true;
  auto among = [&](std::initializer_list<base::Oid> set) {
    auto has = [&](base::Oid oid) { return std::find(set.begin(), set.end(), oid) != set.end(); };
    return has(column.oid) && has(value.oid);
  };
  return among({types::kInt2, types::kInt4, types::kInt8}) ||
         among({types::kText, types::kVarchar, types::kName}) ||
         among({types::kFloat4, types::kFloat8});
}

KeyBound::Kind bound_kind(ComparisonKind kind) {
  switch (kind) {
    case ComparisonKind::kEqual:
      return KeyBound::Kind::kEqual;
    case ComparisonKind::kLess:
      return KeyBound::Kind::kLess;
    case ComparisonKind::kLessEqual:
      return KeyBound::Kind::kLessEqual;
    case ComparisonKind::kGreater:
      return KeyBound::Kind::kGreater;
    case ComparisonKind::kGreaterEqual:
      return KeyBound::Kind::kGreaterEqual;
    case ComparisonKind::kNone:
    case ComparisonKind::kLike:
      return KeyBound::Kind::kPrefix;
  }
  return KeyBound::Kind::kPrefix;
}

ComparisonKind commuted(ComparisonKind kind) {
  switch (kind) {
    case ComparisonKind::kLess:
      return ComparisonKind::kGreater;
    case ComparisonKind::kLessEqual:
      return ComparisonKind::kGreaterEqual;
    case ComparisonKind::kGreater:
      return ComparisonKind::kLess;
    case ComparisonKind::kGreaterEqual:
      return ComparisonKind::kLessEqual;
    case ComparisonKind::kLike:
      return ComparisonKind::kNone;
    case ComparisonKind::kEqual:
    case ComparisonKind::kNone:
      return kind;
  }
  return kind;
}

}  // namespace

/// What a condition says of one column or expression: value OP key, in the index's terms.
struct Planner::KeyCondition {
  KeyBound::Kind kind;
  const Expr* key;    ///< over the item's columns
  const Expr* value;  ///< null for kIsNull and kNotNull
  const Type* type;   ///< of the value, of one element with kAnyOf
  Expr* condition;
  bool exact = true;  ///< the range says all of the condition
};

std::optional<Planner::KeyCondition> Planner::key_condition(Expr* condition) {
  auto make = [&](KeyBound::Kind kind, const Expr* key, const Expr* value, const Type* type) {
    return KeyCondition{kind, key, value, type, condition, kind != KeyBound::Kind::kPrefix};
  };
  switch (condition->kind) {
    case ExprKind::kIsNull:
      return make(condition->index == 0 ? KeyBound::Kind::kIsNull : KeyBound::Kind::kNotNull,
                  condition->arguments[0], nullptr, nullptr);
    case ExprKind::kAnyArray: {
      const Expr* array = condition->arguments[1];
      const Expr* key = condition->arguments[0];
      if (comparison_kind(condition->function) != ComparisonKind::kEqual) break;
      if (!is_bound_value(array) || !reads_columns(key)) break;
      const Type* element = find_type(array->type->element_type);
      if (element == nullptr || !same_keys(*key->type, *element)) break;
      return make(KeyBound::Kind::kAnyOf, key, array, element);
    }
    case ExprKind::kCall: {
      ComparisonKind kind = comparison_kind(condition->function);
      if (kind == ComparisonKind::kNone) break;
      const Expr* key = condition->arguments[0];
      const Expr* value = condition->arguments[1];
      if (!reads_columns(key)) {
        std::swap(key, value);
        kind = commuted(kind);
      }
      if (kind == ComparisonKind::kNone || !reads_columns(key) || !is_bound_value(value)) break;
      if (!same_keys(*key->type, *value->type)) break;
      return make(bound_kind(kind), key, value, value->type);
    }
    default:
      break;
  }
  return std::nullopt;
}

/// Does the condition's key stand for this column of the index?
bool Planner::is_key(const FromItem& item, const IndexInfo& index, size_t column,
                     const KeyCondition& condition) {
  int place = index.columns[column];
  const Expr* key = condition.key;
  if (place < 0 || key->kind != ExprKind::kColumn) return false;
  int at = key->index - item.offset;
  if (at < 0 || static_cast<size_t>(at) >= item.info->live.size()) return false;
  if (item.info->live[static_cast<size_t>(at)] != place) return false;
  const KeyColumn& about = index.codec.columns()[column];
  if (condition.kind == KeyBound::Kind::kPrefix) return about.form == KeyForm::kText;
  return condition.value == nullptr || key_form(*key->type) == about.form;
}

/// The conditions that an index can serve, as its range.
Planner::IndexChoice Planner::try_index(const FromItem& item, const IndexInfo& index,
                                        const std::vector<KeyCondition>& conditions) {
  IndexChoice choice;
  choice.index = &index;
  bool any_of = false;
  for (size_t column = 0; column < index.columns.size(); ++column) {
    const KeyCondition* equal = nullptr;
    for (const KeyCondition& one : conditions) {
      bool equality = one.kind == KeyBound::Kind::kEqual || one.kind == KeyBound::Kind::kIsNull ||
                      (one.kind == KeyBound::Kind::kAnyOf && !any_of);
      if (!equality || !is_key(item, index, column, one)) continue;
      if (equal == nullptr || equal->kind == KeyBound::Kind::kAnyOf) equal = &one;
    }
    if (equal != nullptr) {
      any_of = any_of || equal->kind == KeyBound::Kind::kAnyOf;
      choice.used.push_back(equal);
      choice.columns.push_back(static_cast<int>(column));
      ++choice.equalities;
      continue;
    }
    const KeyCondition* lower = nullptr;
    const KeyCondition* upper = nullptr;
    const KeyCondition* other = nullptr;
    for (const KeyCondition& one : conditions) {
      if (!is_key(item, index, column, one)) continue;
      bool below = one.kind == KeyBound::Kind::kLess || one.kind == KeyBound::Kind::kLessEqual;
      bool above =
          one.kind == KeyBound::Kind::kGreater || one.kind == KeyBound::Kind::kGreaterEqual;
      if (below && upper == nullptr) upper = &one;
      if (above && lower == nullptr) lower = &one;
      if (one.kind == KeyBound::Kind::kPrefix || one.kind == KeyBound::Kind::kNotNull) other = &one;
    }
    for (const KeyCondition* one : {lower, upper}) {
      if (one == nullptr) continue;
      choice.used.push_back(one);
      choice.columns.push_back(static_cast<int>(column));
    }
    if (lower == nullptr && upper == nullptr && other != nullptr) {
      choice.used.push_back(other);
      choice.columns.push_back(static_cast<int>(column));
    }
    choice.bounded = lower != nullptr && upper != nullptr;
    break;
  }
  choice.point = index.description().unique && !any_of &&
                 choice.equalities == static_cast<int>(index.columns.size());
  return choice;
}

/// Without statistics: a unique point, then more equalities, then a range, else the pages.
std::optional<Planner::IndexChoice> Planner::choose_index(
    const FromItem& item, const std::vector<KeyCondition>& conditions) {
  std::optional<IndexChoice> best;
  auto rank = [](const IndexChoice& c) {
    return std::array<int, 4>{c.point ? 1 : 0, c.equalities, static_cast<int>(c.used.size()),
                              -static_cast<int>(c.index->columns.size())};
  };
  for (const IndexInfo& index : item.info->indexes) {
    if (!index.usable() || index.description().predicate) continue;
    IndexChoice choice = try_index(item, index, conditions);
    if (choice.used.empty()) continue;
    bool not_null_only =
        choice.used.size() == 1 && choice.used[0]->kind == KeyBound::Kind::kNotNull;
    if (not_null_only) continue;
    if (!best || rank(choice) > rank(*best)) best = choice;
  }
  return best;
}

bool Planner::can_look_up(const FromItem& item, const std::vector<Expr*>& own,
                          const std::vector<Expr*>& joined) {
  std::vector<KeyCondition> usable;
  for (const auto* list : {&own, &joined}) {
    for (Expr* condition : *list) {
      if (auto one = key_condition(condition)) usable.push_back(*one);
    }
  }
  auto choice = choose_index(item, usable);
  if (!choice) return false;
  return std::any_of(choice->used.begin(), choice->used.end(), [&](const KeyCondition* used) {
    return used->kind == KeyBound::Kind::kEqual &&
           std::find(joined.begin(), joined.end(), used->condition) != joined.end();
  });
}

void Planner::use_index(TableScan& scan, const IndexChoice& choice) {
  scan.index = choice.index;
  scan.unique_point = choice.point;
  std::vector<const Expr*> values;
  for (size_t i = 0; i < choice.used.size(); ++i) {
    const KeyCondition& used = *choice.used[i];
    if (used.exact) scan.ranged.push_back(used.condition);
    KeyBound& bound = scan.keys.emplace_back();
    bound.kind = used.kind;
    bound.column = choice.columns[i];
    bound.type = used.type;
    if (used.value != nullptr) {
      bound.value = static_cast<int>(values.size());
      values.push_back(used.value);
    }
  }
  scan.bounds = program(std::span<const Expr* const>(values.data(), values.size()), {});
}

/// ctid = value, ctid = ANY (values).
bool Planner::use_places(TableScan& scan, const std::vector<Expr*>& conditions) {
  for (Expr* condition : conditions) {
    bool any = condition->kind == ExprKind::kAnyArray;
    if (!any && condition->kind != ExprKind::kCall) continue;
    if (comparison_kind(condition->function) != ComparisonKind::kEqual) continue;
    const Expr* key = condition->arguments[0];
    const Expr* value = condition->arguments[1];
    if (!any && key->type->oid == types::kTid && !reads_columns(key)) std::swap(key, value);
    bool ctid = key->kind == ExprKind::kCall && key->function == system_column("ctid");
    if (!ctid || !is_bound_value(value)) continue;
    scan.by_place = true;
    scan.ranged = {condition};
    scan.places_array = any;
    scan.bounds = program(value);
    return true;
  }
  return false;
}

/// The columns of the table that are read, in two steps: what the filter needs, then the rest.
void Planner::choose_columns(TableScan& scan, const FromItem& item,
                             const std::vector<Expr*>& filter,
                             const std::vector<Expr*>& conditions) {
  const size_t live = item.info->live.size();
  std::vector<bool> first(item.columns.size(), false);
  std::vector<bool> any(item.used, item.used + item.columns.size());
  bool others = false;
  for (const Expr* condition : conditions) {
    columns_read(condition, item.offset, item.offset + item.width(), any, others);
  }
  for (const Expr* condition : filter) {
    columns_read(condition, item.offset, item.offset + item.width(), first, others);
  }
  std::vector<int> places[2], outputs[2];
  for (size_t i = 0; i < live; ++i) {
    if (!any[i]) continue;
    int step = first[i] || filter.empty() ? 0 : 1;
    places[step].push_back(item.info->live[i]);
    outputs[step].push_back(static_cast<int>(i));
  }
  scan.filter_columns = RowDecoder(item.info->shape, std::move(places[0]), outputs[0]);
  scan.other_columns = RowDecoder(item.info->shape, std::move(places[1]), outputs[1]);
  scan.reference = any[live] || item.keep_payload ? static_cast<int>(live) : -1;
  scan.reference_payload = item.keep_payload;
  scan.reference_filtered = first[live];
}

Expr* Planner::all_of(const std::vector<Expr*>& conditions) {
  if (conditions.size() == 1) return conditions[0];
  Expr* made = memory_.expr(ExprKind::kAnd, &type_of(types::kBool), -1);
  made->arguments = conditions;
  return made;
}

/// A scan of a table that gives the rows for which all conditions hold. The conditions are over the
/// row of the query, and read of it this item alone.
const Plan* Planner::table_scan(FromItem& item, std::vector<Expr*> conditions) {
  auto scan = std::make_shared<TableScan>();
  scan->table = item.info;
  scan->alias = item.alias;
  scan->number = item.number;
  scan->intent = item.intent;
  scan->strength = item.strength;
  scan->wait = item.wait;
  std::vector<Expr*> filter = conditions;
  if (!use_places(*scan, conditions)) {
    std::vector<KeyCondition> usable;
    for (Expr* condition : conditions) {
      if (auto one = key_condition(condition)) usable.push_back(*one);
    }
    if (auto choice = choose_index(item, usable)) {
      use_index(*scan, *choice);
      for (const KeyCondition* used : choice->used) {
        if (used->exact) std::erase(filter, used->condition);
      }
    }
  }
  choose_columns(*scan, item, filter, conditions);
  auto over_item = [&](const std::vector<Expr*>& list) {
    return program(shifted(all_of(list), item.offset));
  };
  scan->item = &item;
  scan->filtered.assign(filter.begin(), filter.end());
  scan->has_filter = !filter.empty();
  scan->has_recheck = !conditions.empty();
  if (scan->has_filter) scan->filter = over_item(filter);
  if (scan->has_recheck) scan->recheck = over_item(conditions);
  Plan* plan = make(Plan::Kind::kTableScan, {});
  plan->rows = row_estimate(item);
  item_shape(plan, item);
  plan->scan = std::move(scan);
  return plan;
}

}  // namespace isolde::sql
