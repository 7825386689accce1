// SET column.field = value, SET column[1] = value: the whole value anew, of which a part is
// another.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/functions/subscript_assignment.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

bool is_subscript(const PgQuery__Node& step) {
  return step.node_case == PG_QUERY__NODE__NODE_A_INDICES;
}

size_t leading_subscripts(PgQuery__Node* const* path, size_t count) {
  size_t steps = 0;
  while (steps < count && is_subscript(*path[steps])) ++steps;
  return steps;
}

bool any_slice(PgQuery__Node* const* path, size_t steps) {
  for (size_t i = 0; i < steps; ++i) {
    if (path[i]->a_indices->is_slice) return true;
  }
  return false;
}

}  // namespace

/// The value of a place, which is `base` until now, once `value` is assigned to what the path leads
/// to in it.
Expr* Binder::with_part(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope) {
  if (place.count > 0) {
    enter();
    Expr* made = is_subscript(*place.path[0]) ? with_element(place, base, value, scope)
                                              : with_field(place, base, value, scope);
    leave();
    return made;
  }
  const Type& before = *value->type;
  Expr* made = coerce(value, *place.type, place.typmod, CastContext::kAssignment);
  if (made != nullptr) return made;
  std::string name = "\"" + place.name + "\"";
  std::string what = place.element ? "subscripted assignment to " + name + " requires type "
                                   : "subfield " + name + " is of type ";
  fail_at(place.location, base::Error(base::sqlstate::kDatatypeMismatch,
                                      what + format_type(*place.type) +
                                          " but expression is of type " + format_type(before))
                              .hint("You will need to rewrite or cast the expression."));
}

Expr* Binder::with_field(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope) {
  std::string name(string_of(*place.path[0]));
  std::string message =
      "cannot assign to field \"" + name + "\" of column \"" + place.name + "\" because ";
  const Type& row = base_of(*place.type);
  if (row.kind != TypeKind::kComposite) {
    fail_at(place.location, base::sqlstate::kDatatypeMismatch,
            message + "its type " + format_type(*place.type) + " is not a composite type");
  }
  const auto& composite = static_cast<const CompositeType&>(row);
  int number = composite.find(name);
  if (number < 0) {
    fail_at(place.location, base::sqlstate::kUndefinedColumn,
            message + "there is no such column in data type " + format_type(*place.type));
  }
  std::vector<Expr*> fields;
  for (size_t i = 0; i < composite.fields.size(); ++i) {
    const CompositeField& field = composite.fields[i];
    Expr* before = base == nullptr || field.dropped
                       ? constant(*field.type, Datum::null(), place.location)
                       : row_field(base, field.name, place.location);
    if (static_cast<int>(i) == number) {
      AssignedPlace inner{name,           field.type, field.typmod, place.path + 1, place.count - 1,
                          place.location, false};
      before = with_part(inner, before, value, scope);
    }
    fields.push_back(before);
  }
  Expr* made = call1(ExprKind::kRow, row, place.location, std::move(fields));
  return &row == place.type ? made : coerce_type(made, *place.type, CastContext::kAssignment);
}

Expr* Binder::with_element(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope) {
  const Type& container = base_of(*place.type);
  if (base == nullptr) base = constant(container, Datum::null(), place.location);
  if (container.oid == types::kJsonb) return with_jsonb_part(place, base, value, scope);
  if (!container.is_array()) refuse_subscripts(*place.type, place.location);
  size_t steps = leading_subscripts(place.path, place.count);
  bool slice = any_slice(place.path, steps);
  size_t next = 0;
  Expr* before = subscripted(base, place.path, steps, next, scope, Clause::kUpdateSet);
  std::vector<Expr*> arguments(before->arguments.begin() + 1, before->arguments.end());
  if (slice) {
    arguments.insert(arguments.begin(),
                     constant(type_of(types::kInt4), Datum::of_int(before->index), -1));
  }
  AssignedPlace inner{place.name,          before->type,   place.typmod, place.path + steps,
                      place.count - steps, place.location, true};
  arguments.insert(arguments.begin(), {base, with_part(inner, before, value, scope)});
  Expr* made = call1(ExprKind::kCall, container, place.location, std::move(arguments));
  made->function = slice ? &array_slice_assignment() : &array_element_assignment();
  made->typmod = place.typmod;
  return &container == place.type ? made : coerce_type(made, *place.type, CastContext::kAssignment);
}

Expr* Binder::with_jsonb_part(const AssignedPlace& place, Expr* base, Expr* value, Scope& scope) {
  const Type& container = base_of(*place.type);
  size_t steps = leading_subscripts(place.path, place.count);
  std::vector<Expr*> path;
  bool number = false;
  for (size_t i = 0; i < steps; ++i) {
    Expr* step = jsonb_step(*place.path[i]->a_indices, place.location, scope, Clause::kUpdateSet);
    if (i == 0) number = step->type->oid == types::kInt4;
    path.push_back(coerce_type(step, type_of(types::kText), CastContext::kExplicit));
  }
  AssignedPlace inner{place.name,          &container,     -1,  place.path + steps,
                      place.count - steps, place.location, true};
  path.insert(path.begin(), {base, with_part(inner, base, value, scope),
                             constant(type_of(types::kBool), Datum::of_bool(number), -1)});
  Expr* made = call1(ExprKind::kCall, container, place.location, std::move(path));
  made->function = &jsonb_assignment();
  return &container == place.type ? made : coerce_type(made, *place.type, CastContext::kAssignment);
}

Expr* Binder::part_assigned(const TableInfo& table, int column, const PgQuery__ResTarget& target,
                            Expr* value, Expr* base, Scope& scope) {
  auto number = static_cast<size_t>(table.live[static_cast<size_t>(column)]);
  const ColumnObject& about = table.column(static_cast<int>(number));
  return with_part({about.name, table.shape[number].type, about.typmod, target.indirection,
                    target.n_indirection, target.location, false},
                   base, value, scope);
}

}  // namespace isolde::sql
