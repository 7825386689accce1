// Expressions over one table's row that stand on their own: defaults, checks, index keys.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/catalog/objects.hpp"

namespace isolde::sql {

FromItem Binder::row_item(const RelationObject& relation) const {
  FromItem item;
  item.alias = relation.name;
  for (const ColumnObject& column : relation.columns) {
    if (column.dropped) continue;
    item.columns.push_back({column.name, input_.types->find(column.type), column.typmod});
  }
  return item;
}

/// The value in the form that its place asks for.
Expr* Binder::fitted(Expr* value, Clause clause, const ColumnObject* column) {
  if (clause == Clause::kCheck) return to_bool(value, "CHECK");
  if (clause == Clause::kIndexPredicate) return to_bool(value, "WHERE");
  if (column == nullptr) {
    return value->type->oid == types::kUnknown
               ? coerce(value, type_of(types::kText), -1, CastContext::kImplicit)
               : value;
  }
  const Type& type = *input_.types->find(column->type);
  const Type& before = *value->type;
  Expr* made = coerce(value, type, column->typmod, CastContext::kAssignment);
  if (made != nullptr) return made;
  std::string what = clause == Clause::kGeneratedColumn ? "generation" : "default";
  throw base::SqlException(base::Error(base::sqlstate::kDatatypeMismatch,
                                       "column \"" + column->name + "\" is of type " +
                                           format_type(type) + " but " + what +
                                           " expression is of type " + format_type(before))
                               .hint("You will need to rewrite or cast the expression."));
}

Expr* Binder::bind_row_expression(const PgQuery__Node& node, const RelationObject& relation,
                                  Clause clause, const ColumnObject* column) {
  FromItem item = row_item(relation);
  Scope scope;
  if (clause != Clause::kColumnDefault) add_table(scope, item);
  Query query;
  current_ = &query;
  lifting_ = false;
  Expr* made = fitted(bind(node, scope, clause), clause, column);
  current_ = nullptr;
  return made;
}

Expr* Binder::bind_kept_expression(std::string_view text, const RelationObject& relation,
                                   Clause clause, const ColumnObject* column) {
  FromItem item = row_item(relation);
  Scope scope;
  if (clause != Clause::kColumnDefault) add_table(scope, item);
  Query query;
  current_ = &query;
  Expr* made = fitted(bind_text(text, scope, clause), clause, column);
  current_ = nullptr;
  return made;
}

}  // namespace isolde::sql
