#include "sql/plan/index_choice.hpp"

#include <algorithm>

#include "sql/plan/comparison_kind.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

bool is_volatile_here(const Expr* expr) {
  if (expr->function != nullptr && expr->function->volatility == Volatility::kVolatile) return true;
  if (expr->kind == ExprKind::kSubquery) return true;
  return std::any_of(expr->arguments.begin(), expr->arguments.end(), is_volatile_here);
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

std::optional<KeyCondition> key_condition(Expr* condition) {
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

/// Does an expression stand for this column of the index?
bool is_key(const FromItem& item, const IndexInfo& index, size_t column, const Expr& expr) {
  int place = index.columns[column];
  if (place < 0 || expr.kind != ExprKind::kColumn) return false;
  int at = expr.index - item.offset;
  if (at < 0 || static_cast<size_t>(at) >= item.info->live.size()) return false;
  return item.info->live[static_cast<size_t>(at)] == place;
}

/// Does the condition's key, in the form that it is compared in?
bool is_key_of(const FromItem& item, const IndexInfo& index, size_t column,
               const KeyCondition& condition) {
  if (!is_key(item, index, column, *condition.key)) return false;
  const KeyColumn& about = index.codec.columns()[column];
  if (condition.kind == KeyBound::Kind::kPrefix) return about.form == KeyForm::kText;
  return condition.value == nullptr || key_form(*condition.key->type) == about.form;
}

/// Can the columns behind such a one be found in a key?
bool can_pass_over(KeyForm form) {
  return form != KeyForm::kNumeric && form != KeyForm::kArray && form != KeyForm::kNone;
}

bool is_fixed(KeyBound::Kind kind) {
  return kind == KeyBound::Kind::kEqual || kind == KeyBound::Kind::kIsNull;
}

}  // namespace

bool reads_columns(const Expr* expr) {
  if (expr->kind == ExprKind::kColumn) return true;
  return std::any_of(expr->arguments.begin(), expr->arguments.end(), reads_columns);
}

bool is_bound_value(const Expr* expr) {
  return !reads_columns(expr) && !is_volatile_here(expr);
}

std::vector<KeyCondition> key_conditions(const std::vector<Expr*>& conditions) {
  std::vector<KeyCondition> usable;
  for (Expr* condition : conditions) {
    if (auto one = key_condition(condition)) usable.push_back(*one);
  }
  return usable;
}

bool IndexChoice::selective() const {
  bool not_null_only = used.size() == 1 && used[0]->kind == KeyBound::Kind::kNotNull;
  return !used.empty() && !not_null_only;
}

IndexChoice try_index(const FromItem& item, const IndexInfo& index,
                      const std::vector<KeyCondition>& conditions) {
  IndexChoice choice;
  choice.index = &index;
  bool any_of = false;
  for (size_t column = 0; column < index.columns.size(); ++column) {
    const KeyCondition* equal = nullptr;
    for (const KeyCondition& one : conditions) {
      bool equality = is_fixed(one.kind) || (one.kind == KeyBound::Kind::kAnyOf && !any_of);
      if (!equality || !is_key_of(item, index, column, one)) continue;
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
      if (!is_key_of(item, index, column, one)) continue;
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
    break;
  }
  const bool any_null =
      std::any_of(choice.used.begin(), choice.used.end(), [](const KeyCondition* used) {
        return used->kind == KeyBound::Kind::kIsNull;  // NULLs are unlike each other
      });
  choice.point = index.description().unique && !any_of && !any_null &&
                 choice.equalities == static_cast<int>(index.columns.size());
  return choice;
}

// Columns of the key that are given by equality are the same in all rows and may be passed over;
// those left must be the wanted ones, all in their direction or all against it. With = ANY, the
// ranges come in the order of their values. NULLs stand where the index has them.
void match_order(const FromItem& item, IndexChoice& choice, const WantedOrder& wanted) {
  const IndexInfo& index = *choice.index;
  choice.ordered = choice.point;
  if (choice.point) return;
  std::vector<bool> fixed(index.columns.size(), false);
  bool nullable = false;  // one of the columns so far: then equal keys need not be one row
  for (size_t i = 0; i < choice.used.size(); ++i) {
    if (!is_fixed(choice.used[i]->kind)) continue;
    fixed[static_cast<size_t>(choice.columns[i])] = true;
    nullable = nullable || choice.used[i]->kind == KeyBound::Kind::kIsNull;
  }
  size_t column = 0;
  bool decided = false;
  bool backward = false;
  for (const WantedOrder::Key& key : wanted.keys) {
    bool constant = false;
    for (size_t i = 0; i < fixed.size(); ++i) {
      constant = constant || (fixed[i] && is_key(item, index, i, *key.value));
    }
    if (constant) continue;
    while (column < fixed.size() && fixed[column]) ++column;
    if (column == fixed.size()) {
      if (index.description().unique && !nullable) break;  // no two rows are equal so far
      return;
    }
    if (!is_key(item, index, column, *key.value)) return;
    const KeyColumn& about = index.codec.columns()[column];
    const bool not_null = item.info->column(index.columns[column]).not_null;
    const bool against = about.descending != key.descending;
    if (decided && against != backward) return;
    if (!not_null && (about.nulls_first != against) != key.nulls_first) return;
    nullable = nullable || !not_null;
    backward = against;
    decided = true;
    ++column;
  }
  choice.ordered = true;
  choice.backward = backward;
}

int key_column_of(const FromItem& item, const IndexInfo& index, int column) {
  auto at = std::find(index.columns.begin(), index.columns.end(),
                      item.info->live[static_cast<size_t>(column)]);
  return at == index.columns.end() ? -1 : static_cast<int>(at - index.columns.begin());
}

void match_columns(const FromItem& item, IndexChoice& choice, const std::vector<bool>& needed) {
  int last = -1;
  for (size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    if (i >= item.info->live.size()) return;  // the reference to the row
    int column = key_column_of(item, *choice.index, static_cast<int>(i));
    if (column < 0 || !choice.index->codec.decodable(static_cast<size_t>(column))) return;
    last = std::max(last, column);
  }
  for (int i = 0; i < last; ++i) {
    if (!can_pass_over(choice.index->codec.columns()[static_cast<size_t>(i)].form)) return;
  }
  choice.covering = true;
}

}  // namespace isolde::sql
