// value[1][2:3], value['key'], value.field: what is in an array, a jsonb value or a row.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/functions/row_functions.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

Expr* Binder::bind_subscripts(const PgQuery__AIndirection& node, Scope& scope, Clause clause) {
  if (node.indirection[0]->node_case == PG_QUERY__NODE__NODE_STRING) {
    if (Expr* field = bind_field(node, scope)) return field;
  }
  Expr* base = bind(*node.arg, scope, clause);
  size_t next = 0;
  while (next < node.n_indirection) {
    const PgQuery__Node& step = *node.indirection[next];
    if (step.node_case == PG_QUERY__NODE__NODE_A_INDICES) {
      base = subscripted(base, node.indirection, node.n_indirection, next, scope, clause);
    } else if (step.node_case == PG_QUERY__NODE__NODE_STRING) {
      base = row_field(base, string_of(step), base->location);
      ++next;
    } else {
      unsupported("row expansion via \"*\" here", base->location);
    }
  }
  return base;
}

/// The subscripts from step `next` on, as far as they go in a row. One slice among them makes
/// slices of all: n is 1:n then.
Expr* Binder::subscripted(Expr* base, PgQuery__Node* const* path, size_t count, size_t& next,
                          Scope& scope, Clause clause) {
  const Type& container = base_of(*base->type);
  if (container.oid == types::kJsonb) {
    return jsonb_subscripted(base, path, count, next, scope, clause);
  }
  if (container.oid == types::kName && path[next]->a_indices->is_slice == 0) {
    Expr* place = bind_subscript(path[next++]->a_indices->uidx, scope, clause);
    Expr* letter = call1(ExprKind::kCall, type_of(types::kChar), base->location, {base, place});
    letter->function = &name_letter_function();
    return letter;
  }
  if (!container.is_array()) refuse_subscripts(*base->type, base->location);
  if (&container != base->type) base = coerce_type(base, container, CastContext::kImplicit);
  std::vector<const PgQuery__AIndices*> steps;
  bool slice = false;
  for (; next < count; ++next) {
    const PgQuery__Node& step = *path[next];
    if (step.node_case != PG_QUERY__NODE__NODE_A_INDICES) break;
    steps.push_back(step.a_indices);
    slice |= step.a_indices->is_slice != 0;
  }
  std::vector<Expr*> arguments = {base};
  int present = 0;
  for (const PgQuery__AIndices* indices : steps) {
    if (!slice) {
      arguments.push_back(bind_subscript(indices->uidx, scope, clause));
      continue;
    }
    bool single = indices->is_slice == 0;
    Expr* lower = single ? constant(type_of(types::kInt4), Datum::of_int(1), base->location)
                         : bind_subscript(indices->lidx, scope, clause);
    Expr* upper = bind_subscript(indices->uidx, scope, clause);
    for (Expr* bound : {lower, upper}) {
      if (bound != nullptr) present |= 1 << (arguments.size() - 1);
      arguments.push_back(bound != nullptr ? bound
                                           : constant(type_of(types::kInt4), Datum::null(), -1));
    }
  }
  const Type& type = slice ? *base->type : type_of(base->type->element_type);
  Expr* made = call1(slice ? ExprKind::kSlice : ExprKind::kSubscript, type, base->location,
                     std::move(arguments));
  made->index = present;
  return made;
}

void Binder::refuse_subscripts(const Type& type, int location) {
  fail_at(
      location, base::sqlstate::kDatatypeMismatch,
      "cannot subscript type " + format_type(type) + " because it does not support subscripting");
}

/// A number, or a key as text.
Expr* Binder::jsonb_step(const PgQuery__AIndices& indices, int location, Scope& scope,
                         Clause clause) {
  if (indices.is_slice) {
    const PgQuery__Node* bound = indices.uidx != nullptr ? indices.uidx : indices.lidx;
    fail_at(bound == nullptr ? location : location_of(*bound), base::sqlstate::kDatatypeMismatch,
            "jsonb subscript does not support slices");
  }
  Expr* step = bind(*indices.uidx, scope, clause);
  if (step->type->oid == types::kUnknown) {
    return coerce_type(step, type_of(types::kText), CastContext::kImplicit);
  }
  Expr* number = coerce(step, type_of(types::kInt4), -1, CastContext::kImplicit);
  Expr* key = coerce(step, type_of(types::kText), -1, CastContext::kImplicit);
  if ((number == nullptr) == (key == nullptr)) {
    fail_at(
        step->location,
        base::Error(base::sqlstate::kDatatypeMismatch,
                    "subscript type " + format_type(*step->type) + " is not supported")
            .hint(number == nullptr
                      ? "jsonb subscript must be coercible to either integer or text."
                      : "jsonb subscript must be coercible to only one type, integer or text."));
  }
  return number != nullptr ? number : key;
}

/// value['a'][1] is value #> '{a,1}'.
Expr* Binder::jsonb_subscripted(Expr* base, PgQuery__Node* const* path, size_t count, size_t& next,
                                Scope& scope, Clause clause) {
  std::vector<Expr*> steps;
  for (; next < count && path[next]->node_case == PG_QUERY__NODE__NODE_A_INDICES; ++next) {
    Expr* step = jsonb_step(*path[next]->a_indices, base->location, scope, clause);
    steps.push_back(coerce_type(step, type_of(types::kText), CastContext::kExplicit));
  }
  Expr* all = call1(ExprKind::kArray, type_of(types::kTextArray), base->location, std::move(steps));
  return make_operator("#>", base, all, base->location);
}

/// nullptr for a bound that is left out.
Expr* Binder::bind_subscript(const PgQuery__Node* node, Scope& scope, Clause clause) {
  if (node == nullptr) return nullptr;
  Expr* subscript = bind(*node, scope, clause);
  Expr* number = coerce(subscript, type_of(types::kInt4), -1, CastContext::kAssignment);
  if (number != nullptr) return number;
  fail_at(subscript->location, base::sqlstate::kDatatypeMismatch,
          "array subscript must have type integer");
}

}  // namespace isolde::sql
