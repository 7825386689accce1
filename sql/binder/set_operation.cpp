#include "sql/binder/binder.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

namespace {

std::string_view operation_word(Query::SetOperation operation) {
  switch (operation) {
    case Query::SetOperation::kUnion:
      return "UNION";
    case Query::SetOperation::kIntersect:
      return "INTERSECT";
    case Query::SetOperation::kExcept:
      return "EXCEPT";
  }
  return "";
}

Query::SetOperation operation_of(PgQuery__SetOperation op) {
  if (op == PG_QUERY__SET_OPERATION__SETOP_UNION) return Query::Query::SetOperation::kUnion;
  if (op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT) return Query::SetOperation::kIntersect;
  return Query::SetOperation::kExcept;
}

}  // namespace

/// One side. Its targets stay unknown until the columns of both sides are matched.
Query* Binder::bind_side(const PgQuery__SelectStmt& select, Scope* parent,
                         std::vector<Expr*>* passed, std::vector<int>* passed_slots) {
  bool leaf = select.op == PG_QUERY__SET_OPERATION__SETOP_NONE;
  if (!leaf) return bind_any(select, parent, passed, passed_slots);
  refuse_clauses(select);
  WithFrame frame;
  if (select.with_clause != nullptr) {
    open_with(frame, *select.with_clause, parent, passed, passed_slots);
  }
  Scope scope;
  scope.parent = parent;
  scope.passed = passed;
  scope.passed_slots = passed_slots;
  Query* outer = current_;
  current_ = &memory_.queries.emplace_back();
  Query* made =
      select.n_values_lists > 0 ? bind_values(select, scope) : bind_select(select, parent, scope);
  current_ = outer;
  if (select.with_clause != nullptr) close_with(frame, *made);
  return made;
}

/// UNION and its kin.
Query* Binder::bind_set_operation(const PgQuery__SelectStmt& select, Scope* parent,
                                  std::vector<Expr*>* passed, std::vector<int>* passed_slots) {
  enter();
  lifting_ = false;
  auto side = [&](const PgQuery__SelectStmt& of) {
    return bind_side(of, parent, passed, passed_slots);
  };
  const char* no_recursion = no_recursion_;
  auto forbid = [&](bool when, const char* where) {
    if (when) no_recursion_ = where;
  };
  bool intersect = select.op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT;
  bool except = select.op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT;
  forbid(intersect && select.all, "within INTERSECT");
  forbid(except && select.all, "within EXCEPT");
  Query* left = side(*select.larg);
  forbid(except, "within EXCEPT");
  Query* right = side(*select.rarg);
  no_recursion_ = no_recursion;
  Query& query = memory_.queries.emplace_back();
  query.kind = Query::Kind::kSetOperation;
  query.operation = operation_of(select.op);
  query.all = select.all;
  query.left = left;
  query.right = right;
  match_columns(query, operation_word(query.operation));
  Scope scope;
  Query* outer = current_;
  current_ = &query;
  for (size_t i = 0; i < select.n_sort_clause; ++i) {
    const PgQuery__Node& key = *select.sort_clause[i]->sort_by->node;
    if (!target_by_name_or_number(query, key, Clause::kOrderBy, &scope)) {
      if (key.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) bind(key, scope, Clause::kOrderBy);
      fail_at(location_of(key),
              base::Error(base::sqlstate::kFeatureNotSupported,
                          "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
                  .detail("Only result column names can be used, not expressions or functions.")
                  .hint("Add the expression/function to every SELECT, or move the UNION into a "
                        "FROM clause."));
    }
  }
  bind_sort(query, select, scope);
  bind_limits(query, select, scope);
  current_ = outer;
  leave();
  return &query;
}

void Binder::match_columns(Query& query, std::string_view word) {
  auto width = static_cast<size_t>(query.left->visible_targets());
  if (width != static_cast<size_t>(query.right->visible_targets())) {
    int place = query.right->targets.empty() ? -1 : query.right->targets[0].value->location;
    fail_at(place, base::sqlstate::kSyntaxError,
            "each " + std::string(word) + " query must have the same number of columns");
  }
  for (size_t c = 0; c < width; ++c) {
    Expr* sides[] = {query.left->targets[c].value, query.right->targets[c].value};
    const Type& type = common_type(sides, word);
    recast_targets(*query.left, c, type, word);
    recast_targets(*query.right, c, type, word);
    const bool compares = !query.all || query.operation != Query::SetOperation::kUnion;
    if (compares && (!type.is_hashable() || !type.is_ordered())) {
      fail_at(sides[0]->location, base::sqlstate::kUndefinedFunction,
              "could not identify an equality operator for type " + format_type(type));
    }
    const Target& first = query.left->targets[c];
    Expr* shape = memory_.expr(ExprKind::kColumn, &type, first.value->location);
    shape->index = static_cast<int>(c);
    bool same_typmod = first.value->typmod == query.right->targets[c].value->typmod;
    shape->typmod = same_typmod ? first.value->typmod : -1;
    query.targets.push_back({shape, first.name, false});
  }
}

/// Gives a column of one side the common type: in its expressions, or, where those are a shape
/// only, in what the shape stands for.
void Binder::recast_targets(Query& query, size_t column, const Type& type,
                            std::string_view context) {
  Target& target = query.targets[column];
  if (target.value->type == &type) return;
  std::vector<Expr*> one = {target.value};
  switch (query.kind) {
    case Query::Kind::kSelect:
      make_common(one, type, context);
      target.value = one[0];
      return;
    case Query::Kind::kValues:
      for (auto& row : query.rows) {
        one = {row[column]};
        make_common(one, type, context);
        row[column] = one[0];
      }
      break;
    case Query::Kind::kSetOperation:
      recast_targets(*query.left, column, type, context);
      recast_targets(*query.right, column, type, context);
      break;
    case Query::Kind::kModify:
    case Query::Kind::kInput:
      break;
  }
  target.value->type = &type;
}

}  // namespace isolde::sql
