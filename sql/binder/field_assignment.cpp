// SET column.field = value: the whole row anew, of which one field is another.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

/// `base` is the row as it was; null: all fields are NULL.
Expr* Binder::with_field(const Type& type, std::string_view column, PgQuery__Node* const* path,
                         size_t count, Expr* base, Expr* value, int location) {
  std::string name(string_of(*path[0]));
  std::string place =
      "cannot assign to field \"" + name + "\" of column \"" + std::string(column) + "\" because ";
  const Type& row = base_of(type);
  if (row.kind != TypeKind::kComposite) {
    fail_at(location, base::sqlstate::kDatatypeMismatch,
            place + "its type " + format_type(type) + " is not a composite type");
  }
  const auto& composite = static_cast<const CompositeType&>(row);
  int number = composite.find(name);
  if (number < 0) {
    fail_at(location, base::sqlstate::kUndefinedColumn,
            place + "there is no such column in data type " + format_type(type));
  }
  std::vector<Expr*> fields;
  for (size_t i = 0; i < composite.fields.size(); ++i) {
    const CompositeField& field = composite.fields[i];
    Expr* before = base == nullptr || field.dropped ? constant(*field.type, Datum::null(), location)
                                                    : row_field(base, field.name, location);
    if (static_cast<int>(i) != number) {
      fields.push_back(before);
      continue;
    }
    Expr* after = count > 1
                      ? with_field(*field.type, name, path + 1, count - 1, before, value, location)
                      : coerce(value, *field.type, field.typmod, CastContext::kAssignment);
    if (after == nullptr) {
      fail_at(value->location,
              base::Error(base::sqlstate::kDatatypeMismatch,
                          "subfield \"" + name + "\" is of type " + format_type(*field.type) +
                              " but expression is of type " + format_type(*value->type))
                  .hint("You will need to rewrite or cast the expression."));
    }
    fields.push_back(after);
  }
  Expr* made = call1(ExprKind::kRow, row, location, std::move(fields));
  return &row == &type ? made : coerce_type(made, type, CastContext::kAssignment);
}

Expr* Binder::field_assigned(const TableInfo& table, int column, const PgQuery__ResTarget& target,
                             Expr* value, Expr* base) {
  auto place = static_cast<size_t>(table.live[static_cast<size_t>(column)]);
  return with_field(*table.shape[place].type, table.column(static_cast<int>(place)).name,
                    target.indirection, target.n_indirection, base, value, target.location);
}

}  // namespace isolde::sql
