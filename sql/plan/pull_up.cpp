// Subqueries that need no plan of their own.
//
//   FROM a, (SELECT b.x + 1 AS y FROM b WHERE b.z > 0) t WHERE a.k = t.y
//
// becomes FROM a, b WHERE a.k = b.x + 1 AND b.z > 0. Below an outer join only plain columns may be
// passed through, as x + 1 would be NULL there while a constant would not.
//
//   WHERE EXISTS (SELECT FROM b WHERE b.k = a.k)      semi join of a with b on b.k = a.k
//   WHERE NOT EXISTS (...)                            anti join
//   WHERE a.k IN (SELECT b.k FROM b)                  semi join; NOT IN is none, as NULLs count

#include <algorithm>
#include <utility>

#include "sql/plan/join_tree.hpp"
#include "sql/plan/planner_impl.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

namespace {

bool has_kind(Expr& expr, ExprKind kind) {
  bool found = false;
  visit_parts(expr, [&](Expr& part) { found = found || part.kind == kind; });
  return found;
}

/// A SELECT of rows of FROM that meet WHERE, and nothing else.
bool is_plain(const Query& query) {
  return query.kind == Query::Kind::kSelect && !query.grouped && query.window_calls.empty() &&
         !query.distinct && query.limit == nullptr && query.offset == nullptr &&
         query.with.empty() && !query.from.empty() && !query.locks;
}

/// The values of outer slots, as the query around gives them.
std::function<Expr*(const Expr&)> values_of(const std::vector<int>& slots,
                                            const std::vector<Expr*>& values) {
  return [&slots, &values](const Expr& expr) -> Expr* {
    if (expr.kind != ExprKind::kOuterValue) return nullptr;
    auto at = std::find(slots.begin(), slots.end(), expr.index);
    return at == slots.end() ? nullptr : values[static_cast<size_t>(at - slots.begin())];
  };
}

}  // namespace

bool JoinTreeBuilder::can_pull_up(const FromItem& item, bool nullable) const {
  bool common = item.kind == FromItem::Kind::kCommonTable && !item.work_table &&
                Planner::in_place(*item.common);
  if (item.kind != FromItem::Kind::kSubquery && !common) return false;
  Query& query = common ? *item.common->query : *item.query;
  if (!is_plain(query) || !query.sort.empty()) return false;
  return std::all_of(query.targets.begin(), query.targets.end(), [&](const Target& target) {
    if (nullable && target.value->kind != ExprKind::kColumn) return false;
    return !has_kind(*target.value, ExprKind::kSetCall) &&
           !has_kind(*target.value, ExprKind::kSubquery) && !is_volatile(*target.value);
  });
}

JoinTree* JoinTreeBuilder::pull_up(FromItem& item, bool nullable) {
  bool common = item.kind == FromItem::Kind::kCommonTable;
  Query& inner = common ? *item.common->query : *item.query;
  int base = add_columns(inner.row_width);
  move_columns(inner, base);
  // Values that were handed down are at hand now.
  auto handed = values_of(item.passed_slots, item.passed);
  auto in_place = [&](Expr*& expr) { expr = replaced(expr, handed); };
  for (FromItem* from : inner.from) {
    visit_item(*from, in_place);
  }
  if (inner.where != nullptr) in_place(inner.where);
  for (Target& target : inner.targets) in_place(target.value);
  int first = item.offset;
  auto last = first + static_cast<int>(inner.targets.size());
  replace_in_query([&](const Expr& expr) -> Expr* {
    bool own = expr.kind == ExprKind::kColumn && expr.index >= first && expr.index < last;
    if (!own) return nullptr;
    return retyped(inner.targets[static_cast<size_t>(expr.index - first)].value, *expr.type);
  });
  JoinTree* tree = make(JoinTree::Kind::kInner);
  if (inner.where != nullptr) split(inner.where, tree->quals);
  query_.from.insert(query_.from.end(), inner.from.begin(), inner.from.end());
  for (FromItem* from : inner.from) tree->parts.push_back(tree_of(*from, nullable));
  return tree;
}

/// Numbers the columns of a query that becomes part of this one.
void JoinTreeBuilder::move_columns(Query& inner, int by) {
  std::function<Expr*(const Expr&)> moved = [&](const Expr& expr) -> Expr* {
    if (expr.kind != ExprKind::kColumn) return nullptr;
    Expr* column = &memory_.exprs.emplace_back(expr);
    column->index += by;
    return column;
  };
  for (FromItem* item : inner.from) {
    visit_item(*item, [&](Expr*& expr) { expr = replaced(expr, moved); });
    shift(*item, by);
  }
  if (inner.where != nullptr) inner.where = replaced(inner.where, moved);
  for (Target& target : inner.targets) target.value = replaced(target.value, moved);
}

void JoinTreeBuilder::shift(FromItem& item, int by) {
  item.offset += by;
  if (item.left != nullptr) shift(*item.left, by);
  if (item.right != nullptr) shift(*item.right, by);
}

Expr* JoinTreeBuilder::replaced(Expr* expr, const std::function<Expr*(const Expr&)>& value_of) {
  if (Expr* value = value_of(*expr)) return value;
  Expr* copy = nullptr;
  auto own = [&]() -> Expr& {
    if (copy == nullptr) copy = &memory_.exprs.emplace_back(*expr);
    return *copy;
  };
  for (size_t i = 0; i < expr->arguments.size(); ++i) {
    Expr* made = replaced(expr->arguments[i], value_of);
    if (made != expr->arguments[i]) own().arguments[i] = made;
  }
  for (size_t i = 0; i < expr->order.size(); ++i) {
    Expr* made = replaced(expr->order[i].value, value_of);
    if (made != expr->order[i].value) own().order[i].value = made;
  }
  if (expr->filter != nullptr) {
    Expr* made = replaced(expr->filter, value_of);
    if (made != expr->filter) own().filter = made;
  }
  return copy == nullptr ? expr : copy;
}

/// In all that is computed over the query's rows.
void JoinTreeBuilder::replace_in_query(const std::function<Expr*(const Expr&)>& value_of) {
  auto visit = [&](Expr*& expr) { expr = replaced(expr, value_of); };
  visit_row_clauses(query_, visit);
  for (JoinTree& tree : pool_) {
    for (Expr*& qual : tree.quals) visit(qual);
    if (tree.item != nullptr) visit_item(*tree.item, visit);
  }
}

Expr* JoinTreeBuilder::retyped(Expr* value, const Type& type) {
  if (value->type == &type) return value;
  bool leaf = value->kind == ExprKind::kConst || value->kind == ExprKind::kColumn ||
              value->kind == ExprKind::kParameter || value->kind == ExprKind::kOuterValue;
  if (leaf) {
    Expr* copy = &memory_.exprs.emplace_back(*value);
    copy->type = &type;
    return copy;
  }
  Expr* around = memory_.expr(ExprKind::kCoalesce, &type, value->location);
  around->arguments = {value};
  return around;
}

// --- EXISTS and IN

JoinTree* JoinTreeBuilder::with_sublinks(JoinTree* tree) {
  JoinTree* top = tree;
  std::vector<Expr*> quals = std::move(tree->quals);
  tree->quals.clear();
  std::vector<Expr*> kept;
  update_sets(*tree);
  for (Expr* qual : quals) {
    if (!add_sublink(top, *qual)) kept.push_back(qual);
  }
  tree->quals.insert(tree->quals.end(), kept.begin(), kept.end());
  for (JoinTree* part : tree->parts) {
    if (part->kind == JoinTree::Kind::kInner) {
      JoinTree*& place = *std::find(tree->parts.begin(), tree->parts.end(), part);
      place = with_sublinks(part);
    }
  }
  return top;
}

/// Joins with the subquery of a condition; false when the condition has none, or cannot be a join.
bool JoinTreeBuilder::add_sublink(JoinTree*& tree, Expr& qual) {
  bool negated = qual.kind == ExprKind::kNot;
  Expr& sublink = negated ? *qual.arguments[0] : qual;
  if (sublink.kind != ExprKind::kSubquery) return false;
  std::vector<Expr*> quals;
  JoinTree* right = nullptr;
  if (sublink.subquery->mode == SubqueryExpr::Mode::kExists) right = exists_tree(sublink, quals);
  if (sublink.subquery->mode == SubqueryExpr::Mode::kAny && !negated) {
    right = any_tree(sublink, quals);
  }
  if (right == nullptr) return false;
  update_sets(*right);
  JoinTree* join = make(negated ? JoinTree::Kind::kAnti : JoinTree::Kind::kSemi);
  join->quals = std::move(quals);
  RelSet used;
  for (const Expr* one : join->quals) used |= relations(*one);
  used &= ~right->set;
  // When a single part is concerned, it is joined before the others are.
  JoinTree** place = &tree;
  if (tree->kind == JoinTree::Kind::kInner) {
    for (JoinTree*& part : tree->parts) {
      if (within(used, part->set)) place = &part;
    }
  }
  join->parts = {*place, right};
  join->set = (*place)->set | right->set;
  *place = join;
  update_sets(*tree);
  return true;
}

JoinTree* JoinTreeBuilder::exists_tree(Expr& sublink, std::vector<Expr*>& quals) {
  SubqueryExpr& sub = *sublink.subquery;
  Query& inner = *sub.query;
  if (!is_plain(inner) || inner.where == nullptr || is_volatile(*inner.where)) return nullptr;
  for (const Target& target : inner.targets) {
    if (has_kind(*target.value, ExprKind::kSetCall) || is_volatile(*target.value)) return nullptr;
  }
  auto handed = values_of(sub.passed_slots, sublink.arguments);
  bool outside = false;
  for (FromItem* item : inner.from) {
    visit_item(*item, [&](Expr*& expr) {
      visit_parts(*expr, [&](Expr& part) { outside = outside || handed(part) != nullptr; });
    });
  }
  if (outside) return nullptr;
  std::vector<Expr*> conditions;
  split(inner.where, conditions);
  bool correlated = std::any_of(conditions.begin(), conditions.end(), [&](Expr* condition) {
    bool found = false;
    visit_parts(*condition, [&](Expr& part) { found = found || handed(part) != nullptr; });
    return found;
  });
  if (!correlated) return nullptr;
  move_columns(inner, add_columns(inner.row_width));
  JoinTree* right = make(JoinTree::Kind::kInner);
  split(inner.where, right->quals);
  query_.from.insert(query_.from.end(), inner.from.begin(), inner.from.end());
  for (FromItem* item : inner.from) right->parts.push_back(tree_of(*item, true));
  conditions = std::exchange(right->quals, {});
  for (Expr* condition : conditions) {
    Expr* joined = replaced(condition, handed);
    (joined == condition ? right->quals : quals).push_back(joined);
  }
  return right;
}

/// left = ANY (subquery) where the subquery reads nothing else from here.
JoinTree* JoinTreeBuilder::any_tree(Expr& sublink, std::vector<Expr*>& quals) {
  SubqueryExpr& sub = *sublink.subquery;
  if (sub.passed_slots.size() != sub.tested || sub.test == nullptr) return nullptr;
  if (relations(sublink).none() || is_volatile(sublink)) return nullptr;
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kSubquery;
  item.query = sub.query;
  for (const Target& target : sub.query->targets) {
    if (!target.hidden) item.columns.push_back({target.name, target.value->type, -1});
  }
  query_.from.push_back(&item);
  item.offset = add_columns(sub.query->width());
  auto handed = values_of(sub.passed_slots, sublink.arguments);
  split(replaced(sub.test,
                 [&](const Expr& expr) -> Expr* {
                   if (expr.kind != ExprKind::kColumn) return handed(expr);
                   Expr* column = &memory_.exprs.emplace_back(expr);
                   column->index += item.offset;
                   return column;
                 }),
        quals);
  // Pulling up changes the quals of trees that are made already: this one's too.
  JoinTree* holder = make(JoinTree::Kind::kInner);
  holder->quals = std::move(quals);
  JoinTree* right = tree_of(item, true);
  quals = std::exchange(holder->quals, {});
  return right;
}

}  // namespace isolde::sql
