#include <string_view>

#include "sql/deparse/writer.hpp"

// Which operands need brackets when there are as few as possible. PostgreSQL leaves them out where
// the reader sees at once what belongs together: around names, literals and calls, inside of lists,
// and between + - * / % where the precedence is known to all.

namespace isolde::sql {

namespace {

/// 0 for operators whose precedence nobody knows.
int precedence(std::string_view name) {
  if (name == "+" || name == "-") return 1;
  return name == "*" || name == "/" || name == "%" ? 2 : 0;
}

bool is_plain_call(const Expr& expr) {
  return expr.kind == ExprKind::kCall && (expr.form == CallForm::kPlain);
}

/// Parents that separate their operands themselves.
bool separates(const Expr& parent) {
  switch (parent.kind) {
    case ExprKind::kCall:
      return is_plain_call(parent);
    case ExprKind::kSubscript:
    case ExprKind::kArray:
    case ExprKind::kRow:
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
    case ExprKind::kNullIf:
    case ExprKind::kAggregate:
    case ExprKind::kWindow:
    case ExprKind::kSetCall:
    case ExprKind::kCase:
      return true;
    case ExprKind::kCoalesce:
      return !is_relabelling(parent);
    default:
      return false;
  }
}

bool is_boolean(const Expr& expr) {
  return expr.kind == ExprKind::kAnd || expr.kind == ExprKind::kOr || expr.kind == ExprKind::kNot;
}

/// An operator beside or below others.
bool arithmetic_stands_bare(const Expr& expr, const Expr& parent) {
  int own = precedence(operator_name(expr));
  int around = precedence(operator_name(parent));
  if (own == 0 || around == 0 || expr.arguments.size() != 2) return false;
  if (own != around) return own > around;
  return parent.arguments[0] == &expr;  // (a - b) - c, not a - (b - c)
}

}  // namespace

bool Writer::needs_brackets(const Expr& expr, const Expr& parent) const {
  if (!options_.pretty) return false;
  switch (expr.kind) {
    case ExprKind::kCall:
      if (expr.form != CallForm::kOperator) {
        return false;
      }
      if (parent.kind == ExprKind::kCall && parent.form == CallForm::kOperator) {
        return !arithmetic_stands_bare(expr, parent);
      }
      return !separates(parent) && !is_boolean(parent);
    case ExprKind::kIsNull:
    case ExprKind::kIsTrue:
    case ExprKind::kDistinct:
    case ExprKind::kSubquery:
      return !separates(parent) && !is_boolean(parent);
    case ExprKind::kAnd:
      return !separates(parent) && parent.kind != ExprKind::kAnd && parent.kind != ExprKind::kOr;
    case ExprKind::kOr:
      return !separates(parent) && parent.kind != ExprKind::kOr;
    case ExprKind::kNot:
      return !separates(parent) && parent.kind != ExprKind::kAnd && parent.kind != ExprKind::kOr;
    case ExprKind::kAnyArray:
    case ExprKind::kAllArray:
      return true;
    case ExprKind::kViaText:
    case ExprKind::kEachElement:
      return needs_brackets(meant(*expr.arguments[0]), expr);
    case ExprKind::kCoalesce:
      return is_relabelling(expr) && needs_brackets(meant(*expr.arguments[0]), expr);
    default:
      return false;
  }
}

}  // namespace isolde::sql
