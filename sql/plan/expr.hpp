#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sql/functions/function.hpp"
#include "sql/types/datum.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

struct Query;

/// What an expression does once its names and types are settled.
enum class ExprKind : uint8_t {
  kConst,
  kParameter,   ///< `index`: of the client's, or behind them of the statement's own literals
  kColumn,      ///< `index` in the row that the expression is evaluated over
  kOuterValue,  ///< `index` among the values handed down to a subquery, see SubqueryExpr
  kCall,        ///< `function` over `arguments`
  kAggregate,   ///< the same, over the rows of a group; gone after grouping is planned
  kWindow,      ///< reserved to window functions
  kSetCall,     ///< a set-returning function in the select list; gone after planning
  kAnd,
  kOr,
  kNot,
  kCase,  ///< WHEN, THEN, WHEN, THEN, ..., ELSE; `index` 1: CASE x WHEN, of which WHENs are x = ...
  kCoalesce,
  kGreatest,
  kLeast,
  kNullIf,  ///< `function` is equality; the arguments are coerced in `comparands`
  kIsNull,
  kIsTrue,    ///< `index` 1, 0, -1: IS TRUE, IS FALSE, IS UNKNOWN
  kDistinct,  ///< IS DISTINCT FROM; `function` is equality
  kArray,     ///< ARRAY[...]
  kAnyArray,  ///< left `function` ANY (right)
  kAllArray,
  kSubscript,  ///< array[...]
  kSlice,      ///< array[lower:upper]...: the array, then two bounds a dimension; `index`: a bit
               ///< for each bound that is there
  kRow,
  kViaText,      ///< a cast by output and input function
  kEachElement,  ///< a cast of every element of an array; `element` is over column 0
  kSubquery,
  kLet,  ///< the second argument, in which the first is known as kLetValue `index`
  kLetValue,
};

/// How a call was written, for those who write it back (sql/deparse). Of casts, whatever their
/// kind.
enum class CallForm : uint8_t {
  kPlain,         ///< f(x)
  kOperator,      ///< a + b
  kExplicitCast,  ///< x::type
  kImplicitCast,  ///< not written by the user
  kSyntax,        ///< EXTRACT(... FROM ...), SUBSTRING, AT TIME ZONE, ...
  kValue,         ///< CURRENT_DATE, ...: as `literal` says
};

/// EXISTS, scalar and ARRAY subqueries, and left operator ANY|ALL (subquery). `passed` are values
/// of the surrounding row that the subquery reads as kOuterValue `passed_slots[i]`.
struct SubqueryExpr {
  /// kRow: `test` over the only row, NULL when there is none.
  enum class Mode : uint8_t { kExists, kScalar, kArray, kAny, kAll, kRow };
  Mode mode = Mode::kScalar;
  Query* query = nullptr;
  std::vector<int> passed_slots;
  /// For kAny, kAll and kRow: over the subquery's row, with the left side as an outer value.
  struct Expr* test = nullptr;
  size_t tested = 0;  ///< so many of the last values handed down are only for `test`
};

/// A typed expression. Lives in a PlanMemory; pointers to others are within the same one.
struct Expr {
  ExprKind kind = ExprKind::kConst;
  const Type* type = nullptr;
  int32_t typmod = -1;
  int location = -1;  ///< byte offset in the query text
  int index = 0;
  Datum value;          ///< of kConst
  std::string literal;  ///< of a kConst of type unknown: its text
  int lifted = -1;      ///< of a literal in the text: its number; see sql/plan/literals.hpp
  std::vector<Expr*> arguments;
  const Function* function = nullptr;
  Expr* element = nullptr;
  SubqueryExpr* subquery = nullptr;
  // Of aggregates.
  bool distinct = false;
  Expr* filter = nullptr;
  struct Order {
    Expr* value;
    bool descending;
    bool nulls_first;
  };
  std::vector<Order> order;
  bool variadic_array = false;
  CallForm form = CallForm::kPlain;
};

/// Whether two bound expressions say the same, wherever they stand.
bool same_expression(const Expr* a, const Expr* b);

}  // namespace isolde::sql
