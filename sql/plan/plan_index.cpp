// Which index a table is read through, if any.
//
// Every way costs what it reads: an entry whose key says all that is wanted is cheap, a row that is
// fetched from somewhere in the table is dear, a table read from end to end is in between. Who
// wants rows in an order pays for sorting them, unless the index has that order; who wants only the
// first of them pays for those.
//
// Small tables are read through an index wherever one helps, by rule: a point, then more
// equalities, then a range. So a plan that is kept while its table grows stays good, and engines
// that lock what is read lock no more than was asked for.

#include <algorithm>
#include <array>
#include <cmath>

#include "sql/plan/join_costs.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/types/array.hpp"

namespace isolde::sql {

namespace {

constexpr double kSmallTable = 10'000;  // rows
constexpr double kUnknownLimit = 100;   // LIMIT $1

using Rank = std::array<int, 5>;

Rank rank_of(const IndexChoice& c) {
  return {c.point ? 1 : 0, c.equalities, static_cast<int>(c.used.size()), c.ordered ? 1 : 0,
          -static_cast<int>(c.index->columns.size())};
}

double sort_cost(double rows, std::optional<double> first) {
  if (first) return rows * kCompareCost;
  return rows * kSortRowCost + rows * std::log2(std::max(rows, 2.0)) * kSortCost;
}

/// How many ranges of keys a choice looks up.
double searches(const IndexChoice& choice) {
  constexpr double kUnknownItems = 10;
  for (const KeyCondition* used : choice.used) {
    if (used->kind != KeyBound::Kind::kAnyOf) continue;
    if (used->value->kind == ExprKind::kArray) {
      return static_cast<double>(used->value->arguments.size());
    }
    bool known = used->value->kind == ExprKind::kConst && !used->value->value.is_null();
    return known ? static_cast<double>(ArrayView(used->value->value).size()) : kUnknownItems;
  }
  return 1;
}

/// What the choices are compared by.
struct ScanCosts {
  const PlannerSettings& settings;
  const Estimator& estimator;
  const WantedOrder* order;
  double rows;      ///< of the table
  double selected;  ///< that meet all conditions

  double of_pages() const {
    double cost = rows * kRowCost;
    return cost + (order != nullptr ? sorting() : 0);
  }

  double of(const IndexChoice& choice) const {
    double part = choice.point ? 0 : 1;
    for (const KeyCondition* used : choice.used) part *= estimator.selectivity(*used->condition);
    const double entries = std::max(1.0, rows * part);
    double reading = entries * (choice.covering ? kEntryCost : kFetchCost);
    if (order != nullptr && choice.ordered && order->first) {
      reading *= std::min(1.0, *order->first / std::max(1.0, selected));
    }
    double cost = searches(choice) * kIndexCost + reading;
    if (order != nullptr && !choice.ordered) cost += sorting();
    return cost;
  }

  double sorting() const {
    return sort_cost(selected, order->first) + (settings.sort ? 0 : kForbidden);
  }
};

}  // namespace

WantedOrder Planner::order_wanted(const Query& query) {
  WantedOrder wanted;
  wanted.query = &query;
  if (query.grouped || !query.window_calls.empty()) return wanted;
  for (const SortItem& item : query.sort) {
    const Expr* value = query.targets[static_cast<size_t>(item.target)].value;
    wanted.keys.push_back({value, item.descending, item.nulls_first});
  }
  if (query.limit != nullptr && !query.distinct && query.distinct_on.empty()) {
    double offset = query.offset == nullptr ? 0 : known_number(*query.offset).value_or(0);
    wanted.first = known_number(*query.limit).value_or(kUnknownLimit) + offset;
  }
  return wanted;
}

std::optional<IndexChoice> Planner::choose_index(const FromItem& item,
                                                 const std::vector<KeyCondition>& conditions,
                                                 const std::vector<bool>& needed,
                                                 const ScanWish& wish, double selected) {
  const ScanCosts costs{settings_, wish.estimator, wish.order, row_estimate(item), selected};
  const bool small = costs.rows < kSmallTable;
  std::optional<IndexChoice> best;
  double least = costs.of_pages();
  for (const IndexInfo& index : item.info->indexes) {
    if (!index.usable() || index.description().predicate) continue;
    IndexChoice choice = try_index(item, index, conditions);
    match_columns(item, choice, needed);
    if (wish.order != nullptr) match_order(item, choice, *wish.order);
    if (!choice.selective() && !choice.ordered) continue;
    const bool by_rule = small && choice.selective();
    const bool best_by_rule = small && best && best->selective();
    const double cost = costs.of(choice);
    bool better = false;
    if (by_rule) {
      better = !best_by_rule || rank_of(choice) > rank_of(*best);
    } else if (!best_by_rule) {
      better = cost < least || (best && cost == least && rank_of(choice) > rank_of(*best));
    }
    if (!better) continue;
    best = choice;
    least = cost;
  }
  return best;
}

bool Planner::can_look_up(const FromItem& item, const std::vector<Expr*>& own,
                          const std::vector<Expr*>& joined) {
  std::vector<Expr*> all = own;
  all.insert(all.end(), joined.begin(), joined.end());
  const std::vector<KeyCondition> usable = key_conditions(all);
  std::optional<IndexChoice> best;
  for (const IndexInfo& index : item.info->indexes) {
    if (!index.usable() || index.description().predicate) continue;
    IndexChoice choice = try_index(item, index, usable);
    if (!choice.selective()) continue;
    if (!best || rank_of(choice) > rank_of(*best)) best = choice;
  }
  if (!best) return false;
  return std::any_of(best->used.begin(), best->used.end(), [&](const KeyCondition* used) {
    return used->kind == KeyBound::Kind::kEqual &&
           std::find(joined.begin(), joined.end(), used->condition) != joined.end();
  });
}

}  // namespace isolde::sql
