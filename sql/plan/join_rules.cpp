// Where conditions go.
//
// A condition that is never true when the columns of a relation are NULL undoes an outer join that
// makes them NULL: it becomes an inner join. Then each condition sinks to the lowest place where
// all that it reads is there, but not below an outer join that could bring the row back with NULLs.

#include "sql/plan/join_tree.hpp"
#include "sql/plan/walk.hpp"

namespace isolde::sql {

/// The relations whose NULLs make an expression NULL.
RelSet JoinTreeBuilder::null_if_null(const Expr& expr) const {
  switch (expr.kind) {
    case ExprKind::kColumn:
      return relations(expr);
    case ExprKind::kCall: {
      if (!expr.function->strict) return {};
      RelSet all;
      for (const Expr* argument : expr.arguments) all |= null_if_null(*argument);
      return all;
    }
    case ExprKind::kNot:
    case ExprKind::kViaText:
    case ExprKind::kEachElement:
      return null_if_null(*expr.arguments[0]);
    default:
      return {};
  }
}

/// The relations whose NULLs make a condition false or NULL.
RelSet JoinTreeBuilder::rejects_null(const Expr& expr) const {
  switch (expr.kind) {
    case ExprKind::kAnd: {
      RelSet all;
      for (const Expr* argument : expr.arguments) all |= rejects_null(*argument);
      return all;
    }
    case ExprKind::kOr: {
      RelSet all = rejects_null(*expr.arguments[0]);
      for (const Expr* argument : expr.arguments) all &= rejects_null(*argument);
      return all;
    }
    case ExprKind::kIsNull:
      return expr.index == 1 ? null_if_null(*expr.arguments[0]) : RelSet();
    case ExprKind::kIsTrue:
      if (expr.index == 1) return rejects_null(*expr.arguments[0]);
      return expr.index == 0 ? null_if_null(*expr.arguments[0]) : RelSet();
    case ExprKind::kAnyArray:
      return expr.function->strict ? null_if_null(*expr.arguments[0]) : RelSet();
    default:
      return null_if_null(expr);
  }
}

JoinTree* JoinTreeBuilder::reduce(JoinTree* tree, RelSet not_null) {
  using Kind = JoinTree::Kind;
  RelSet by_quals;
  for (const Expr* qual : tree->quals) by_quals |= rejects_null(*qual);
  if (tree->kind == Kind::kFull) {
    bool left = (not_null & tree->parts[0]->set).any();
    bool right = (not_null & tree->parts[1]->set).any();
    if (left || right) tree->kind = left && right ? Kind::kInner : Kind::kLeft;
    if (right && !left) std::swap(tree->parts[0], tree->parts[1]);
  }
  if (tree->kind == Kind::kLeft && (not_null & tree->parts[1]->set).any()) {
    tree->kind = Kind::kInner;
  }
  switch (tree->kind) {
    case Kind::kItem:
      break;
    case Kind::kInner:
      for (JoinTree*& part : tree->parts) part = reduce(part, not_null | by_quals);
      break;
    case Kind::kLeft:
    case Kind::kAnti:
      tree->parts[0] = reduce(tree->parts[0], not_null);
      tree->parts[1] = reduce(tree->parts[1], by_quals);
      break;
    case Kind::kSemi:
      tree->parts[0] = reduce(tree->parts[0], not_null | by_quals);
      tree->parts[1] = reduce(tree->parts[1], by_quals);
      break;
    case Kind::kFull:
      tree->parts[0] = reduce(tree->parts[0], {});
      tree->parts[1] = reduce(tree->parts[1], {});
      break;
  }
  return tree;
}

/// Moves a condition into a part, if it can be applied there; with `above`, on top of the part's
/// join if not deeper.
bool JoinTreeBuilder::push_into(JoinTree*& part, Expr* qual, bool above) {
  using Kind = JoinTree::Kind;
  if (!within(relations(*qual), part->set)) return false;
  switch (part->kind) {
    case Kind::kItem:
    case Kind::kInner:
      part->quals.push_back(qual);
      return true;
    case Kind::kLeft:
    case Kind::kSemi:
    case Kind::kAnti:
      if (push_into(part->parts[0], qual, true)) return true;
      break;
    case Kind::kFull:
      break;
  }
  if (!above) return false;
  JoinTree* filter = make(Kind::kInner);
  filter->parts = {part};
  filter->quals = {qual};
  filter->set = part->set;
  part = filter;
  return true;
}

void JoinTreeBuilder::push_down(JoinTree& tree) {
  using Kind = JoinTree::Kind;
  if (tree.kind == Kind::kItem) return;
  std::vector<Expr*> kept;
  for (Expr* qual : tree.quals) {
    bool moved = false;
    bool nowhere = relations(*qual).none();
    for (size_t i = 0; i < tree.parts.size() && !moved && !nowhere; ++i) {
      // The condition of an outer join does not remove rows of the side that it keeps.
      bool movable = tree.kind == Kind::kInner || tree.kind == Kind::kSemi ||
                     ((tree.kind == Kind::kLeft || tree.kind == Kind::kAnti) && i == 1);
      bool already_above = tree.kind == Kind::kInner && tree.parts.size() == 1;
      moved = movable && push_into(tree.parts[i], qual, !already_above);
    }
    if (!moved) kept.push_back(qual);
  }
  tree.quals = std::move(kept);
  for (JoinTree* part : tree.parts) push_down(*part);
}

}  // namespace isolde::sql
