#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/parser/parse.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

std::string_view clause_name(Clause clause) {
  switch (clause) {
    case Clause::kSelect:
      return "SELECT";
    case Clause::kWhere:
      return "WHERE";
    case Clause::kHaving:
      return "HAVING";
    case Clause::kGroupBy:
      return "GROUP BY";
    case Clause::kOrderBy:
      return "ORDER BY";
    case Clause::kJoinOn:
      return "JOIN/ON";
    case Clause::kLimit:
      return "LIMIT";
    case Clause::kOffset:
      return "OFFSET";
    case Clause::kValues:
      return "VALUES";
    case Clause::kFromFunction:
      return "functions in FROM";
    case Clause::kFilter:
      return "FILTER";
    case Clause::kAggregateArgument:
      return "aggregate arguments";
    case Clause::kExecuteParameter:
      return "EXECUTE";
    case Clause::kDistinctOn:
      return "DISTINCT ON";
    case Clause::kSetArgument:
      return "SET";
    case Clause::kWindowDefinition:
      return "window definitions";
    case Clause::kFrameRows:
      return "ROWS";
    case Clause::kFrameRange:
      return "RANGE";
    case Clause::kFrameGroups:
      return "GROUPS";
    case Clause::kInsertValues:
      return "VALUES";
    case Clause::kUpdateSet:
      return "UPDATE";
    case Clause::kReturning:
      return "RETURNING";
    case Clause::kColumnDefault:
      return "DEFAULT expressions";
    case Clause::kGeneratedColumn:
      return "column generation expressions";
    case Clause::kCheck:
      return "check constraints";
    case Clause::kIndexExpression:
      return "index expressions";
    case Clause::kIndexPredicate:
      return "index predicates";
    case Clause::kCopyWhere:
      return "COPY FROM WHERE conditions";
  }
  return "";
}

/// What is bound keeps its types.
Binder::Binder(Input input, PlanMemory& memory) : input_(std::move(input)), memory_(memory) {
  if (input_.names == nullptr || input_.names->types == nullptr) return;
  input_.types = input_.names->types.get();
  memory_.texts.push_back(input_.names->types);
  memory_.texts.push_back(input_.names->functions);
}

int Binder::position(int location) const {
  return character_position(input_.text, location);
}

void Binder::fail_at(int location, base::SqlState state, std::string message) const {
  throw base::SqlException(base::Error(state, std::move(message)).at(position(location)));
}

void Binder::fail_at(int location, base::Error error) const {
  throw base::SqlException(std::move(error).at(position(location)));
}

void Binder::unsupported(std::string_view what, int location) {
  fail_at(location, base::sqlstate::kFeatureNotSupported, std::string(what) + " is not supported");
}

void Binder::enter() {
  // The parser bounds what a text can nest; this bounds what binding makes of it.
  if (++depth_ > static_cast<int>(kMaxNesting)) throw base::SqlException(nesting_error());
  constexpr size_t kExprsAnyway = 100'000;
  if (memory_.exprs.size() > kExprsAnyway + 8 * input_.text.size()) {
    throw base::SqlException(nesting_error());
  }
}

Expr* Binder::named(Expr* value, std::vector<Expr*>& lets) {
  bool leaf = value->arguments.empty() && value->kind != ExprKind::kSubquery;
  if (leaf && value->kind != ExprKind::kCall) return value;
  Expr* name = memory_.expr(ExprKind::kLetValue, value->type, value->location);
  name->typmod = value->typmod;
  name->index = let_depth_++;
  lets.push_back(value);
  return name;
}

Expr* Binder::give_names(Expr* body, std::vector<Expr*>& lets) {
  for (; !lets.empty(); lets.pop_back()) {
    Expr* let = call1(ExprKind::kLet, *body->type, body->location, {lets.back(), body});
    let->index = --let_depth_;
    let->typmod = body->typmod;
    body = let;
  }
  return body;
}

Expr* Binder::constant(const Type& type, Datum value, int location) {
  Expr* expr = memory_.expr(ExprKind::kConst, &type, location);
  expr->value = value;
  return expr;
}

Expr* Binder::call1(ExprKind kind, const Type& type, int location, std::vector<Expr*> arguments) {
  Expr* expr = memory_.expr(kind, &type, location);
  expr->arguments = std::move(arguments);
  return expr;
}

void Binder::check_parameters() const {
  for (size_t i = 0; i < input_.parameters.size(); ++i) {
    base::Oid type = input_.parameters[i];
    if (type != types::kNone && type != types::kUnknown) continue;
    fail(base::sqlstate::kIndeterminateDatatype,
         "could not determine data type of parameter $" + std::to_string(i + 1));
  }
}

Expr* Binder::bind_value(const PgQuery__Node& node, const Type& type, Clause clause) {
  Scope scope;
  Query query;
  current_ = &query;
  Expr* value = bind(node, scope, clause);
  Expr* coerced = coerce(value, type, -1, CastContext::kAssignment);
  if (coerced != nullptr) return coerced;
  fail_at(location_of(node),
          base::Error(base::sqlstate::kDatatypeMismatch,
                      "parameter of type " + format_type(*value->type) +
                          " cannot be coerced to the expected type " + format_type(type))
              .hint("You will need to rewrite or cast the expression."));
}

}  // namespace isolde::sql
