#include "sql/plan/join_tree.hpp"

#include "base/error.hpp"
#include "sql/plan/walk.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

int row_width(const FromItem& item) {
  const Query* query = item.query;
  if (item.common != nullptr && item.common->recursive == nullptr) query = item.common->query;
  return query == nullptr ? item.width() : query->width();
}

JoinTreeBuilder::JoinTreeBuilder(Query& query, PlanMemory& memory)
    : query_(query), memory_(memory) {
  // The columns of window functions come after those of the rows.
  size_t behind = query.grouped ? 0 : query.window_calls.size();
  relation_of_.assign(static_cast<size_t>(query.row_width) + behind, -1);
}

JoinTree* JoinTreeBuilder::build() {
  root_ = make(JoinTree::Kind::kInner);
  if (query_.where != nullptr) split(query_.where, root_->quals);
  std::vector<FromItem*> from = query_.from;  // more come when subqueries are pulled up
  for (FromItem* item : from) root_->parts.push_back(tree_of(*item, false));
  update_sets(*root_);
  hoist(*root_);
  JoinTree* tree = with_sublinks(root_);
  update_sets(*tree);
  tree = reduce(tree, {});
  flatten(*tree);
  update_sets(*tree);
  push_down(*tree);
  return tree;
}

JoinTree* JoinTreeBuilder::make(JoinTree::Kind kind) {
  JoinTree& tree = pool_.emplace_back();
  tree.kind = kind;
  return &tree;
}

void JoinTreeBuilder::split(Expr* condition, std::vector<Expr*>& quals) {
  if (condition->kind != ExprKind::kAnd) {
    quals.push_back(condition);
    return;
  }
  for (Expr* argument : condition->arguments) split(argument, quals);
}

/// `nullable`: an outer join can put NULLs in place of the item's rows.
JoinTree* JoinTreeBuilder::tree_of(FromItem& item, bool nullable) {
  if (item.kind == FromItem::Kind::kJoin) return tree_of_join(item, nullable);
  if (can_pull_up(item, nullable)) return pull_up(item, nullable);
  return leaf(item);
}

JoinTree* JoinTreeBuilder::tree_of_join(FromItem& item, bool nullable) {
  bool left_nullable = item.join == FromItem::Join::kRight || item.join == FromItem::Join::kFull;
  bool right_nullable = item.join == FromItem::Join::kLeft || item.join == FromItem::Join::kFull;
  JoinTree::Kind kind = JoinTree::Kind::kInner;
  if (item.join == FromItem::Join::kFull) kind = JoinTree::Kind::kFull;
  if (item.join == FromItem::Join::kLeft || item.join == FromItem::Join::kRight) {
    kind = JoinTree::Kind::kLeft;
  }
  JoinTree* tree = make(kind);
  if (item.condition != nullptr) split(item.condition, tree->quals);
  JoinTree* left = tree_of(*item.left, nullable || left_nullable);
  JoinTree* right = tree_of(*item.right, nullable || right_nullable);
  if (item.join == FromItem::Join::kRight) std::swap(left, right);
  tree->parts = {left, right};
  return tree;
}

JoinTree* JoinTreeBuilder::leaf(FromItem& item) {
  JoinTree* tree = make(JoinTree::Kind::kItem);
  tree->item = &item;
  if (items_.size() == kMaxRelations) {
    fail(base::sqlstate::kProgramLimitExceeded, "too many range table entries");
  }
  auto number = static_cast<int>(items_.size());
  items_.push_back(&item);
  own_columns(number, item.offset, row_width(item));
  tree->set.set(static_cast<size_t>(number));
  // TABLESAMPLE.
  if (item.condition != nullptr) tree->quals.push_back(item.condition);
  return tree;
}

int JoinTreeBuilder::add_columns(int count) {
  auto first = static_cast<int>(relation_of_.size());
  relation_of_.resize(relation_of_.size() + static_cast<size_t>(count), -1);
  return first;
}

void JoinTreeBuilder::own_columns(int relation, int offset, int count) {
  for (int i = 0; i < count; ++i) relation_of_[static_cast<size_t>(offset + i)] = relation;
}

RelSet JoinTreeBuilder::relations(const Expr& expr) const {
  RelSet set;
  // Expressions of subqueries and of array elements are over other rows.
  if (expr.kind == ExprKind::kColumn) {
    int relation = relation_of_[static_cast<size_t>(expr.index)];
    if (relation >= 0) set.set(static_cast<size_t>(relation));
  }
  for (const Expr* argument : expr.arguments) set |= relations(*argument);
  return set;
}

void JoinTreeBuilder::update_sets(JoinTree& tree) {
  if (tree.kind == JoinTree::Kind::kItem) return;
  tree.set.reset();
  for (JoinTree* part : tree.parts) {
    update_sets(*part);
    tree.set |= part->set;
  }
}

/// A subquery that was LATERAL may have brought conditions that read relations beside its own: they
/// go up to the first join that has all of them. Returns those that this tree has no place for.
std::vector<Expr*> JoinTreeBuilder::hoist(JoinTree& tree) {
  using Kind = JoinTree::Kind;
  std::vector<Expr*> up;
  for (size_t i = 0; i < tree.parts.size(); ++i) {
    if (tree.kind == Kind::kFull) {
      hoist_into(*tree.parts[i]);
      continue;
    }
    std::vector<Expr*> quals = hoist(*tree.parts[i]);
    // What filters the side that an outer join keeps can as well filter the join's rows.
    bool past = i == 0 && tree.kind != Kind::kInner;
    std::vector<Expr*>& to = past ? up : tree.quals;
    to.insert(to.end(), quals.begin(), quals.end());
  }
  if (tree.kind != Kind::kInner) return up;
  std::erase_if(tree.quals, [&](Expr* qual) {
    bool out = !within(relations(*qual), tree.set);
    if (out) up.push_back(qual);
    return out;
  });
  return up;
}

/// The same where nothing can leave the tree: the planner hands the values down.
void JoinTreeBuilder::hoist_into(JoinTree& tree) {
  std::vector<Expr*> quals = hoist(tree);
  if (tree.kind == JoinTree::Kind::kInner) {
    tree.quals.insert(tree.quals.end(), quals.begin(), quals.end());
  } else if (!quals.empty()) {
    JoinTree* inside = make(tree.kind);
    *inside = tree;
    tree.kind = JoinTree::Kind::kInner;
    tree.item = nullptr;
    tree.parts = {inside};
    tree.quals = std::move(quals);
  }
}

/// Inner joins directly inside an inner join are part of it.
void JoinTreeBuilder::flatten(JoinTree& tree) {
  std::vector<JoinTree*> parts;
  for (JoinTree* part : tree.parts) {
    flatten(*part);
    if (tree.kind == JoinTree::Kind::kInner && part->kind == JoinTree::Kind::kInner) {
      parts.insert(parts.end(), part->parts.begin(), part->parts.end());
      tree.quals.insert(tree.quals.end(), part->quals.begin(), part->quals.end());
    } else {
      parts.push_back(part);
    }
  }
  tree.parts = std::move(parts);
}

}  // namespace isolde::sql
