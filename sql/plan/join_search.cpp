// The order of inner joins.
//
// Up to eight inputs: for each set of inputs the cheapest way to join it is found from the cheapest
// ways for its halves (dynamic programming over sets, smallest first). Halves that no condition
// connects are only joined when there is no other way. More inputs: greedily, the pair that gives
// the fewest rows first.
//
// An input that depends on values of others (LATERAL) can only be the right side of a join whose
// left side has them all.

#include <algorithm>
#include <limits>

#include "sql/plan/join_costs.hpp"
#include "sql/plan/join_planner.hpp"
#include "sql/plan/operators_of.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kMaxSearched = 8;
constexpr size_t kMaxGreedy = 64;

}  // namespace

struct JoinPlanner::Search {
  using Mask = uint32_t;
  struct Condition {
    Expr* qual;
    Mask mask;
    double selectivity;
    bool equality;
    Mask indexed;  ///< inputs whose rows can be looked up by it
  };
  struct Best {
    double count = 0;
    double cost = std::numeric_limits<double>::infinity();
    Mask left = 0;
    Mask right = 0;
  };

  JoinPlanner& planner;
  std::vector<JoinInput>& inputs;
  std::vector<Condition> conditions{};
  std::vector<Mask> needs{};
  std::vector<Best> best{};

  Mask mask_of(const RelSet& relations) const {
    Mask mask = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if ((inputs[i].set & relations).any()) mask |= Mask{1} << i;
    }
    return mask;
  }

  Mask indexed_by(Expr* qual) const {
    Mask mask = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      bool part = planner.builder_.relations(*qual) != inputs[i].set &&
                  planner.can_look_up(inputs[i], {qual});
      if (part) mask |= Mask{1} << i;
    }
    return mask;
  }

  /// Whether a condition between them looks up rows of `right`.
  bool looks_up(Mask left, Mask right) const {
    for (const Condition& condition : conditions) {
      bool between = (condition.mask & ~(left | right)) == 0 && (condition.mask & left) != 0;
      if (between && (condition.indexed & right) != 0) return true;
    }
    return false;
  }

  void prepare(const std::vector<Expr*>& quals) {
    for (Expr* qual : quals) {
      conditions.push_back({qual, mask_of(planner.builder_.relations(*qual)),
                            planner.estimator_.selectivity(*qual), is_hashable_equality(*qual),
                            indexed_by(qual)});
    }
    for (const JoinInput& input : inputs) needs.push_back(mask_of(input.needed));
    best.resize(size_t{1} << inputs.size());
    for (Mask set = 1; set < best.size(); ++set) best[set].count = count_of(set);
    for (size_t i = 0; i < inputs.size(); ++i) best[Mask{1} << i].cost = inputs[i].cost;
  }

  double count_of(Mask set) const {
    double count = 1;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if ((set >> i & 1) != 0) count *= inputs[i].count;
    }
    for (const Condition& condition : conditions) {
      if ((condition.mask & ~set) == 0) count *= condition.selectivity;
    }
    return std::max(1.0, count);
  }

  /// What the members of a set need from others.
  Mask needs_of(Mask set) const {
    Mask all = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if ((set >> i & 1) != 0) all |= needs[i];
    }
    return all & ~set;
  }

  bool connected(Mask left, Mask right, bool* equality) const {
    bool any = false;
    for (const Condition& condition : conditions) {
      bool between = (condition.mask & ~(left | right)) == 0 && (condition.mask & left) != 0 &&
                     (condition.mask & right) != 0;
      any |= between;
      *equality |= between && condition.equality;
    }
    return any;
  }

  double cost_of(Mask left, Mask right, bool equality) const {
    const Best& l = best[left];
    const Best& r = best[right];
    double output = best[left | right].count * kRowCost;
    if (needs_of(right) != 0) return l.cost + l.count * (r.cost + r.count * kCompareCost) + output;
    double both = l.cost + r.cost + output;
    double loop = both + l.count * r.count * kCompareCost + r.count * kKeepCost +
                  (planner.planner_.settings_.nestloop ? 0 : kForbidden);
    if (!equality) return loop;
    bool single = (right & (right - 1)) == 0;
    if (single && looks_up(left, right)) {
      loop = std::min(
          loop, l.cost + output + l.count * kIndexCost + best[left | right].count * kIndexRowCost);
    }
    double hash = both + std::min(l.count, r.count) * kKeepCost +
                  std::max(l.count, r.count) * kLookUpCost +
                  (planner.planner_.settings_.hashjoin ? 0 : kForbidden);
    return std::min(loop, hash);
  }

  void try_split(Mask set, Mask left, bool cross) {
    Mask right = set & ~left;
    if (best[left].cost == std::numeric_limits<double>::infinity() || needs_of(left) != 0) return;
    Mask needed = needs_of(right);
    bool single = (right & (right - 1)) == 0;
    if (needed != 0 && (!single || (needed & ~left) != 0)) return;
    if (best[right].cost == std::numeric_limits<double>::infinity()) return;
    bool equality = false;
    bool joined = connected(left, right, &equality) || needed != 0;
    if (!joined && !cross) return;
    double cost = cost_of(left, right, equality);
    if (cost < best[set].cost) best[set] = {best[set].count, cost, left, right};
  }

  void run() {
    for (Mask set = 1; set < best.size(); ++set) {
      if ((set & (set - 1)) == 0 || needs_of(set) != 0) continue;
      for (bool cross : {false, true}) {
        if (cross && best[set].cost != std::numeric_limits<double>::infinity()) break;
        // In order of number, so that of equal ways the one as written is taken.
        for (Mask right = (set - 1) & set; right != 0; right = (right - 1) & set) {
          try_split(set, set & ~right, cross);
        }
      }
    }
  }

  JoinInput build(Mask set) {
    if ((set & (set - 1)) == 0) return std::move(inputs[static_cast<size_t>(__builtin_ctz(set))]);
    Mask left = best[set].left, right = best[set].right;
    std::vector<Expr*> quals;
    for (const Condition& condition : conditions) {
      bool here = (condition.mask & ~set) == 0 && (condition.mask & ~left) != 0 &&
                  (condition.mask & ~right) != 0 && condition.mask != 0;
      if (here) quals.push_back(condition.qual);
    }
    JoinInput l = build(left);
    JoinInput r = build(right);
    return planner.join(std::move(l), std::move(r), Kind::kInner, quals);
  }

  /// More inputs than can be searched: takes the best pair again and again.
  JoinInput greedy(std::vector<Expr*> quals) {
    while (inputs.size() > 1) {
      auto [left, right] = inputs.size() <= kMaxGreedy ? best_pair(quals) : first_pair();
      RelSet both = inputs[left].set | inputs[right].set;
      std::vector<Expr*> here;
      std::erase_if(quals, [&](Expr* qual) {
        RelSet used = planner.builder_.relations(*qual);
        bool now = used.any() && within(used, both);
        if (now) here.push_back(qual);
        return now;
      });
      JoinInput made =
          planner.join(std::move(inputs[left]), std::move(inputs[right]), Kind::kInner, here);
      inputs[left] = std::move(made);
      inputs.erase(inputs.begin() + static_cast<ptrdiff_t>(right));
    }
    return std::move(inputs[0]);
  }

  std::pair<size_t, size_t> first_pair() const {
    for (size_t right = 1; right < inputs.size(); ++right) {
      if (within(inputs[right].needed, inputs[0].set)) return {0, right};
    }
    return {0, 1};
  }

  std::pair<size_t, size_t> best_pair(const std::vector<Expr*>& quals) const {
    std::pair<size_t, size_t> found = first_pair();
    double least = std::numeric_limits<double>::infinity();
    for (size_t left = 0; left < inputs.size(); ++left) {
      for (size_t right = 0; right < inputs.size(); ++right) {
        bool possible = left != right && inputs[left].needed.none() &&
                        within(inputs[right].needed, inputs[left].set);
        if (!possible) continue;
        double rows = pair_rows(inputs[left], inputs[right], quals);
        if (rows < least) {
          least = rows;
          found = {left, right};
        }
      }
    }
    return found;
  }

  double pair_rows(const JoinInput& left, const JoinInput& right,
                   const std::vector<Expr*>& quals) const {
    double rows = left.count * right.count;
    RelSet both = left.set | right.set;
    bool joined = right.needed.any();
    for (const Expr* qual : quals) {
      RelSet used = planner.builder_.relations(*qual);
      if (used.none() || !within(used, both)) continue;
      rows *= planner.estimator_.selectivity(*qual);
      joined = true;
    }
    return joined ? rows : rows * kForbidden;
  }
};

JoinInput JoinPlanner::inner(JoinTree& tree) {
  std::vector<JoinInput> inputs;
  std::vector<Expr*> quals;
  std::vector<Expr*> constant;
  std::vector<JoinInput::Need> outside;
  for (Expr* qual : tree.quals) {
    qual = from_slots(qual, tree.set, outside);
    (builder_.relations(*qual).none() ? constant : quals).push_back(qual);
  }
  for (JoinTree* part : tree.parts) {
    inputs.push_back(plan(*part));
    hand_down_from_outside(inputs.back(), tree.set);
  }
  JoinInput made;
  if (inputs.size() == 1) {
    made = filtered(std::move(inputs[0]), quals);
  } else {
    Search search{*this, inputs};
    if (inputs.size() <= kMaxSearched) {
      search.prepare(quals);
      search.run();
      made = search.build(static_cast<Search::Mask>((size_t{1} << inputs.size()) - 1));
    } else {
      made = search.greedy(quals);
    }
  }
  made = gated(std::move(made), constant);
  made.outside.insert(made.outside.end(), outside.begin(), outside.end());
  return made;
}

/// Conditions that read no row: unless they are volatile, they are looked at once, before all else.
JoinInput JoinPlanner::gated(JoinInput input, const std::vector<Expr*>& quals) {
  std::vector<Expr*> once;
  std::vector<Expr*> each;
  for (Expr* qual : quals) (is_volatile(*qual) ? each : once).push_back(qual);
  input = filtered(std::move(input), each);
  if (once.empty()) return input;
  double count = input.count;
  input = filtered(std::move(input), once);
  input.count = count;
  const_cast<Plan*>(input.rows.plan)->once = true;
  return input;
}

}  // namespace isolde::sql
