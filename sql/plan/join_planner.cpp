// Joins of two inputs.
//
// Equalities between the sides make a hash join: the side with fewer rows is kept in a table, the
// other one looks its rows up. Other conditions, and items that depend on values of the other side
// (LATERAL), make a nested loop. A join keeps only the columns that something above still reads.

#include "sql/plan/join_planner.hpp"

#include <algorithm>
#include <cmath>

#include "sql/plan/join_costs.hpp"
#include "sql/plan/operators_of.hpp"
#include "sql/plan/walk.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

JoinPlanner::JoinPlanner(Planner& planner, Query& query)
    : planner_(planner),
      query_(query),
      memory_(planner.memory_),
      builder_(query, planner.memory_),
      estimator_(builder_) {}

PlannedRows JoinPlanner::plan() {
  JoinTree& tree = *builder_.build();
  uses_.assign(static_cast<size_t>(builder_.columns()), 0);
  visit_upper_clauses(query_, [this](Expr*& expr) { count_uses(*expr, 1); });
  count_tree_uses(tree);
  if (query_.modify != nullptr) keep_tables();
  only_item_ = only_item(tree);
  return plan(tree).rows;
}

/// The one thing in FROM, when it is one.
const FromItem* JoinPlanner::only_item(const JoinTree& tree) {
  if (tree.kind == Kind::kItem) return tree.item;
  bool one = tree.kind == Kind::kInner && tree.parts.size() == 1;
  return one ? only_item(*tree.parts[0]) : nullptr;
}

/// A query that reads one table may want its rows in an order.
Planner::ScanWish JoinPlanner::wish_for(const FromItem& item) {
  WantedOrder* wanted = planner_.wanted_;
  bool ordered = wanted != nullptr && wanted->query == &query_ && &item == only_item_;
  if (ordered) *wanted = Planner::order_wanted(query_);
  return {estimator_, ordered && !wanted->keys.empty() ? wanted : nullptr};
}

/// A modification needs all of its target, side by side, and the references of the others.
void JoinPlanner::keep_tables() {
  for (const FromItem* item : builder_.items()) {
    if (item->kind != FromItem::Kind::kTable) continue;
    bool target = item == query_.modify->target;
    for (int i = target ? 0 : item->width() - 1; i < item->width(); ++i) {
      ++uses_[static_cast<size_t>(item->offset + i)];
    }
  }
}

void JoinPlanner::count_uses(const Expr& expr, int by) {
  visit_parts(const_cast<Expr&>(expr), [&](Expr& part) {
    bool own = part.kind == ExprKind::kColumn && static_cast<size_t>(part.index) < uses_.size();
    if (own) uses_[static_cast<size_t>(part.index)] += by;
  });
}

void JoinPlanner::count_tree_uses(const JoinTree& tree) {
  for (const Expr* qual : tree.quals) count_uses(*qual, 1);
  if (tree.item != nullptr) {
    for (const Expr* value : tree.item->passed) count_uses(*value, 1);
  }
  for (const JoinTree* part : tree.parts) count_tree_uses(*part);
}

JoinInput JoinPlanner::plan(JoinTree& tree) {
  switch (tree.kind) {
    case Kind::kItem:
      return item(tree);
    case Kind::kInner:
    case Kind::kLeft:
    case Kind::kFull:
    case Kind::kSemi:
    case Kind::kAnti:
      break;
  }
  JoinInput made = tree.kind == Kind::kInner ? inner(tree) : plan_join(tree);
  for (JoinInput::Need& need : made.outside) made.needed |= builder_.relations(*need.value);
  made.needs.insert(made.needs.end(), made.outside.begin(), made.outside.end());
  made.outside.clear();
  return made;
}

JoinInput JoinPlanner::plan_join(JoinTree& tree) {
  JoinInput left = plan(*tree.parts[0]);
  JoinInput right = plan(*tree.parts[1]);
  RelSet inside = left.set | right.set;
  hand_down_from_outside(left, inside);
  hand_down_from_outside(right, inside);
  if (tree.kind == Kind::kFull) check_full_join(left, right, tree.quals);
  return join(std::move(left), std::move(right), tree.kind, tree.quals);
}

void JoinPlanner::check_full_join(const JoinInput& left, const JoinInput& right,
                                  const std::vector<Expr*>& quals) const {
  std::vector<Expr*> equal;
  std::vector<Expr*> rest;
  split_equalities(left, right, quals, equal, rest);
  auto constant = [&](const Expr* qual) { return builder_.relations(*qual).none(); };
  if (equal.empty() && !std::all_of(rest.begin(), rest.end(), constant)) {
    fail(base::sqlstate::kFeatureNotSupported,
         "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
  }
}

JoinInput JoinPlanner::item(JoinTree& tree) {
  FromItem& item = *tree.item;
  JoinInput input;
  std::vector<Expr*> conditions = tree.quals;
  input.rows.plan = planner_.item_rows(item, tree.quals, wish_for(item));
  for (const Expr* one : conditions) {
    bool left = std::find(tree.quals.begin(), tree.quals.end(), one) != tree.quals.end();
    if (!left) count_uses(*one, -1);  // the scan does that
  }
  input.rows.place.assign(uses_.size(), -1);
  for (int i = 0; i < input.rows.plan->width; ++i) {
    input.rows.place[static_cast<size_t>(item.offset + i)] = i;
  }
  input.set = tree.set;
  if (item.kind == FromItem::Kind::kTable && tree.quals.empty()) {
    input.table = &item;
    input.filters = conditions;
  }
  input.count = std::max(1.0, std::round(input.rows.plan->rows));
  input.cost = input.count * kRowCost;
  for (size_t i = 0; i < item.passed.size(); ++i) {
    input.needs.push_back({item.passed_slots[i], item.passed[i]});
    input.needed |= builder_.relations(*item.passed[i]);
  }
  // What the item hands down to itself is all from further out: no other relation is waited for.
  if (!input.needs.empty() && input.needed.none()) input = with_own_needs(std::move(input));
  return filtered(std::move(input), tree.quals);
}

/// Hands values down that need no row of this query.
JoinInput JoinPlanner::with_own_needs(JoinInput input) {
  JoinInput nothing;
  nothing.rows.plan = planner_.make(Plan::Kind::kResult, {});
  nothing.rows.place.assign(uses_.size(), -1);
  return nested_loop(std::move(nothing), std::move(input), Kind::kInner, {});
}

JoinInput JoinPlanner::filtered(JoinInput input, const std::vector<Expr*>& quals) {
  if (quals.empty()) return input;
  input.rows = planner_.filtered(std::move(input.rows), quals);
  for (const Expr* qual : quals) count_uses(*qual, -1);
  input.cost += input.count * kCompareCost * static_cast<double>(quals.size());
  input.count = std::max(1.0, input.count * estimator_.selectivity(quals));
  const_cast<Plan*>(input.rows.plan)->rows = input.count;
  return input;
}

/// The expression with columns of relations outside of a group read from slots instead.
Expr* JoinPlanner::from_slots(Expr* expr, const RelSet& inside,
                              std::vector<JoinInput::Need>& outside) {
  return builder_.replaced(expr, [&](const Expr& part) -> Expr* {
    bool out = part.kind == ExprKind::kColumn && !within(builder_.relations(part), inside);
    if (!out) return nullptr;
    Expr* read = memory_.expr(ExprKind::kOuterValue, part.type, part.location);
    read->index = memory_.outer_values++;
    read->typmod = part.typmod;
    outside.push_back({read->index, &memory_.exprs.emplace_back(part)});
    return read;
  });
}

/// Columns from outside of a group of joins cannot be read inside: they come by slots of their own,
/// which whoever joins the group fills.
void JoinPlanner::hand_down_from_outside(JoinInput& input, const RelSet& inside) {
  if (within(input.needed, inside)) return;
  std::vector<JoinInput::Need> outside;
  for (JoinInput::Need& need : input.needs) {
    need.value = from_slots(need.value, inside, outside);
  }
  input.outside.insert(input.outside.end(), outside.begin(), outside.end());
  input.needed &= inside;
  bool own = input.needed.none() && !input.needs.empty();
  if (own) input = with_own_needs(std::move(input));
}

JoinInput JoinPlanner::joined_shape(const JoinInput& left, const JoinInput& right, Kind kind,
                                    double selectivity) const {
  JoinInput made;
  made.set = left.set | right.set;
  made.rows.place.assign(uses_.size(), -1);
  made.outside = left.outside;
  made.outside.insert(made.outside.end(), right.outside.begin(), right.outside.end());
  double pairs = left.count * right.count * selectivity;
  switch (kind) {
    case Kind::kItem:
    case Kind::kInner:
      made.count = pairs;
      break;
    case Kind::kLeft:
      made.count = std::max(pairs, left.count);
      break;
    case Kind::kFull:
      made.count = std::max(pairs, left.count + right.count);
      break;
    case Kind::kSemi:
      made.count = std::min(left.count, left.count * std::min(1.0, right.count * selectivity));
      break;
    case Kind::kAnti:
      made.count = left.count * std::max(0.1, 1 - right.count * selectivity);
      break;
  }
  made.count = std::max(1.0, std::round(made.count));
  return made;
}

void JoinPlanner::split_equalities(const JoinInput& left, const JoinInput& right,
                                   const std::vector<Expr*>& quals, std::vector<Expr*>& equal,
                                   std::vector<Expr*>& rest) const {
  for (Expr* qual : quals) {
    bool hashes = is_hashable_equality(*qual);
    if (hashes) {
      RelSet a = builder_.relations(*qual->arguments[0]);
      RelSet b = builder_.relations(*qual->arguments[1]);
      bool straight = a.any() && b.any() && within(a, left.set) && within(b, right.set);
      bool crossed = a.any() && b.any() && within(a, right.set) && within(b, left.set);
      hashes = straight || crossed;
    }
    (hashes ? equal : rest).push_back(qual);
  }
}

JoinInput JoinPlanner::join(JoinInput left, JoinInput right, Kind kind,
                            const std::vector<Expr*>& quals) {
  std::vector<Expr*> equal;
  std::vector<Expr*> rest;
  bool depends = right.needed.any();
  if (!depends) split_equalities(left, right, quals, equal, rest);
  double hash = left.cost + right.cost + right.count * kKeepCost + left.count * kLookUpCost +
                (planner_.settings_.hashjoin ? 0 : kForbidden);
  double loop = left.cost + right.cost + left.count * right.count * kCompareCost +
                (planner_.settings_.nestloop ? 0 : kForbidden);
  bool straight = !depends && kind != Kind::kFull && can_look_up(right, quals);
  bool crossed = !depends && kind == Kind::kInner && can_look_up(left, quals);
  double selectivity = estimator_.selectivity(quals);
  double best = std::min(loop, equal.empty() ? loop : hash);
  double by_right = straight ? look_up_cost(left, right, selectivity) : kForbidden;
  double by_left = crossed ? look_up_cost(right, left, selectivity) : kForbidden;
  if (planner_.settings_.nestloop && std::min(by_right, by_left) < best) {
    if (by_left < by_right) std::swap(left, right);
    right = looked_up(std::move(right), quals);
    return nested_loop(std::move(left), std::move(right), kind, {});
  }
  if (depends || equal.empty() || (kind != Kind::kFull && loop < hash)) {
    return nested_loop(std::move(left), std::move(right), kind, quals);
  }
  return hash_join(std::move(left), std::move(right), kind, equal, rest);
}

// --- a table whose rows are looked up by index, for each row of the other side

bool JoinPlanner::can_look_up(const JoinInput& right, const std::vector<Expr*>& quals) {
  if (right.table == nullptr || quals.empty()) return false;
  std::vector<Expr*> joined;
  for (Expr* qual : quals) {
    joined.push_back(builder_.replaced(qual, [&](const Expr& part) -> Expr* {
      bool other = part.kind == ExprKind::kColumn && !within(builder_.relations(part), right.set);
      return other ? memory_.expr(ExprKind::kOuterValue, part.type, part.location) : nullptr;
    }));
  }
  return Planner::can_look_up(*right.table, right.filters, joined);
}

double JoinPlanner::look_up_cost(const JoinInput& left, const JoinInput& right,
                                 double selectivity) const {
  return left.cost + left.count * (kIndexCost + right.count * selectivity * kIndexRowCost);
}

/// The scan of a table under the conditions of a join, with the other side's values handed down.
JoinInput JoinPlanner::looked_up(JoinInput right, const std::vector<Expr*>& quals) {
  std::vector<Expr*> conditions = right.filters;
  for (Expr* qual : quals) {
    conditions.push_back(from_slots(qual, right.set, right.needs));
    count_uses(*qual, -1);
  }
  for (const JoinInput::Need& need : right.needs) count_uses(*need.value, 1);
  right.rows.plan = planner_.item_rows(*right.table, conditions, {estimator_});
  right.cost = kIndexCost;
  right.count = std::max(1.0, right.count * estimator_.selectivity(quals));
  return right;
}

std::vector<int> JoinPlanner::logical_columns(const JoinInput& input) const {
  std::vector<int> columns(static_cast<size_t>(input.rows.plan->width), -1);
  for (size_t i = 0; i < input.rows.place.size(); ++i) {
    if (input.rows.place[i] >= 0)
      columns[static_cast<size_t>(input.rows.place[i])] = static_cast<int>(i);
  }
  return columns;
}

/// The columns of an input that something still reads, or one of these conditions.
std::vector<int> JoinPlanner::kept_columns(const JoinInput& input,
                                           const std::vector<Expr*>& also) const {
  std::vector<bool> wanted(uses_.size(), false);
  for (Expr* expr : also) {
    visit_parts(*expr, [&](Expr& part) {
      bool own = part.kind == ExprKind::kColumn && static_cast<size_t>(part.index) < wanted.size();
      if (own) wanted[static_cast<size_t>(part.index)] = true;
    });
  }
  std::vector<int> kept;
  for (int logical : logical_columns(input)) {
    if (logical < 0) continue;
    auto i = static_cast<size_t>(logical);
    if (uses_[i] > 0 || wanted[i]) kept.push_back(logical);
  }
  return kept;
}

JoinInput JoinPlanner::hash_join(JoinInput left, JoinInput right, Kind kind,
                                 const std::vector<Expr*>& equal, const std::vector<Expr*>& rest) {
  double selectivity = estimator_.selectivity(equal) * estimator_.selectivity(rest);
  JoinInput made = joined_shape(left, right, kind, selectivity);
  // The table is made of the smaller side; for an outer join either side can be the kept one.
  bool swapped = (kind == Kind::kInner || kind == Kind::kLeft) && left.count < right.count;
  JoinInput& probe = swapped ? right : left;
  JoinInput& build = swapped ? left : right;
  for (const Expr* qual : equal) count_uses(*qual, -1);
  for (const Expr* qual : rest) count_uses(*qual, -1);
  Plan* plan = planner_.make(Plan::Kind::kHashJoin, {probe.rows.plan, build.rows.plan});
  switch (kind) {
    case Kind::kItem:
    case Kind::kInner:
      plan->join = FromItem::Join::kInner;
      break;
    case Kind::kLeft:
      plan->join = swapped ? FromItem::Join::kRight : FromItem::Join::kLeft;
      break;
    case Kind::kFull:
      plan->join = FromItem::Join::kFull;
      break;
    case Kind::kSemi:
      plan->join = FromItem::Join::kSemi;
      break;
    case Kind::kAnti:
      plan->join = FromItem::Join::kAnti;
      break;
  }
  std::vector<Expr*> probe_keys;
  std::vector<Expr*> build_keys;
  for (const Expr* qual : equal) {
    bool straight = within(builder_.relations(*qual->arguments[0]), probe.set);
    probe_keys.push_back(qual->arguments[straight ? 0 : 1]);
    build_keys.push_back(qual->arguments[straight ? 1 : 0]);
    plan->order.push_back({0, probe_keys.back()->type, false, false});
  }
  plan->programs.push_back(planner_.program(probe_keys, probe.rows));
  plan->programs.push_back(planner_.program(build_keys, build.rows));
  for (JoinInput* side : {&probe, &build}) {
    std::vector<int>& kept = side == &probe ? plan->left_kept : plan->right_kept;
    for (int logical : kept_columns(*side, rest)) {
      int place = side->rows.place_of(logical);
      kept.push_back(place);
      made.rows.place[static_cast<size_t>(logical)] = plan->width++;
      plan->types.push_back(side->rows.plan->types[static_cast<size_t>(place)]);
    }
  }
  made.rows.plan = plan;
  if (!rest.empty()) {
    plan->condition = planner_.program(planner_.all_of(rest), made.rows);
    plan->has_condition = true;
  }
  plan->rows = made.count;
  made.cost = left.cost + right.cost + build.count * kKeepCost + probe.count * kLookUpCost +
              made.count * kRowCost;
  made.needs = probe.needs;
  made.needed = probe.needed;
  return made;
}

JoinInput JoinPlanner::nested_loop(JoinInput left, JoinInput right, Kind kind,
                                   const std::vector<Expr*>& quals) {
  JoinInput made = joined_shape(left, right, kind, estimator_.selectivity(quals));
  Plan* plan = planner_.make(Plan::Kind::kNestedLoop, {left.rows.plan, right.rows.plan});
  plan->types = left.rows.plan->types;
  plan->types.insert(plan->types.end(), right.rows.plan->types.begin(),
                     right.rows.plan->types.end());
  plan->left_width = left.rows.plan->width;
  plan->width = static_cast<int>(plan->types.size());
  plan->join = kind == Kind::kLeft   ? FromItem::Join::kLeft
               : kind == Kind::kFull ? FromItem::Join::kFull
               : kind == Kind::kSemi ? FromItem::Join::kSemi
               : kind == Kind::kAnti ? FromItem::Join::kAnti
                                     : FromItem::Join::kInner;
  for (size_t i = 0; i < made.rows.place.size(); ++i) {
    int in_left = left.rows.place[i], in_right = right.rows.place[i];
    if (in_left >= 0) made.rows.place[i] = in_left;
    if (in_right >= 0) made.rows.place[i] = plan->left_width + in_right;
  }
  made.rows.plan = plan;
  if (!quals.empty()) {
    plan->condition = planner_.program(planner_.all_of(quals), made.rows);
    plan->has_condition = true;
  }
  for (const Expr* qual : quals) count_uses(*qual, -1);
  std::vector<Expr*> values;
  for (const JoinInput::Need& need : right.needs) {
    plan->passed_slots.push_back(need.slot);
    values.push_back(need.value);
    count_uses(*need.value, -1);
  }
  plan->output = planner_.program(values, left.rows);
  plan->rescan_inner = !right.needs.empty();
  plan->rows = made.count;
  made.needs = left.needs;
  made.needed = left.needed;
  double again = plan->rescan_inner ? left.count * right.cost : right.cost;
  made.cost = left.cost + again + left.count * right.count * kCompareCost + made.count * kRowCost;
  return made;
}

}  // namespace isolde::sql
