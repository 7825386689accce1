#include "sql/plan/query.hpp"

#include <algorithm>

namespace isolde::sql {

int Query::visible_targets() const {
  return static_cast<int>(
      std::count_if(targets.begin(), targets.end(), [](const Target& t) { return !t.hidden; }));
}

namespace {

bool same_datum(const Expr& a, const Expr& b) {
  if (a.value.is_null() || b.value.is_null()) return a.value.is_null() == b.value.is_null();
  if (a.type->storage == Storage::kFloat) return a.value.as_float() == b.value.as_float();
  if (a.type->storage == Storage::kBytes) return a.value.as_bytes() == b.value.as_bytes();
  return a.value.as_int() == b.value.as_int();
}

}  // namespace

bool same_expression(const Expr* a, const Expr* b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  if (a->kind != b->kind || a->type != b->type || a->typmod != b->typmod) return false;
  if (a->index != b->index || a->function != b->function || a->lifted != b->lifted) return false;
  if (a->subquery != b->subquery || a->distinct != b->distinct || !a->order.empty()) return false;
  if (a->kind == ExprKind::kConst && !(same_datum(*a, *b) && a->literal == b->literal))
    return false;
  if (!same_expression(a->filter, b->filter) || !same_expression(a->element, b->element)) {
    return false;
  }
  return std::equal(a->arguments.begin(), a->arguments.end(), b->arguments.begin(),
                    b->arguments.end(), same_expression);
}

}  // namespace isolde::sql
