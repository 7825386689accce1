#include "sql/plan/estimate.hpp"

#include <algorithm>

#include "sql/plan/operators_of.hpp"

namespace isolde::sql {

namespace {

constexpr double kEqual = 0.005;
constexpr double kInequality = 0.3333333333333333;
constexpr double kNull = 0.005;
constexpr double kTruth = 0.5;
constexpr double kMatch = 0.005;  // LIKE and regular expressions

}  // namespace

double Estimator::selectivity(const std::vector<Expr*>& conditions) const {
  double all = 1;
  for (const Expr* condition : conditions) all *= selectivity(*condition);
  return all;
}

double Estimator::selectivity(const Expr& condition) const {
  switch (condition.kind) {
    case ExprKind::kConst:
      return !condition.value.is_null() && condition.value.as_bool() ? 1 : 0;
    case ExprKind::kAnd: {
      double all = 1;
      for (const Expr* argument : condition.arguments) all *= selectivity(*argument);
      return all;
    }
    case ExprKind::kOr: {
      double none = 1;
      for (const Expr* argument : condition.arguments) none *= 1 - selectivity(*argument);
      return 1 - none;
    }
    case ExprKind::kNot:
      return 1 - selectivity(*condition.arguments[0]);
    case ExprKind::kIsNull:
      return condition.index == 0 ? kNull : 1 - kNull;
    case ExprKind::kAnyArray: {
      size_t items = condition.arguments[1]->kind == ExprKind::kArray
                         ? condition.arguments[1]->arguments.size()
                         : 10;
      return std::min(1.0, static_cast<double>(items) * of_call(condition));
    }
    case ExprKind::kCall:
      return of_call(condition);
    default:
      return kTruth;
  }
}

/// The column whose values an expression spreads over, or nullptr.
const Expr* Estimator::column_in(const Expr& expr) const {
  if (expr.kind == ExprKind::kColumn) return &expr;
  bool cast = expr.arguments.size() == 1;
  return cast ? column_in(*expr.arguments[0]) : nullptr;
}

double Estimator::distinct(const Expr& expr, double rows) const {
  if (const Expr* column = column_in(expr)) {
    const FromItem& item = tree_.item_of(column->index);
    if (item.stats != nullptr) {
      if (auto known = item.stats->distinct(column->index - item.offset)) return *known;
    }
  }
  return std::max(1.0, std::min(rows, kDefaultDistinct));
}

double Estimator::of_call(const Expr& call) const {
  switch (operator_class(*call.function)) {
    case OperatorClass::kEqual: {
      double values = 0;
      for (const Expr* side : {call.arguments[0], call.arguments[1]}) {
        const Expr* column = column_in(*side);
        if (column == nullptr) continue;
        const FromItem& item = tree_.item_of(column->index);
        values = std::max(values, distinct(*column, item.stats ? item.stats->rows() : 1e9));
      }
      return values > 0 ? 1 / values : kEqual;
    }
    case OperatorClass::kNotEqual:
      return 1 - kEqual;
    case OperatorClass::kLess:
    case OperatorClass::kGreater:
      return kInequality;
    case OperatorClass::kMatch:
      return kMatch;
    case OperatorClass::kOther:
      return kInequality;
  }
  return kInequality;
}

}  // namespace isolde::sql
