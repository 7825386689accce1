// Rows as values: ROW(...), whole rows of things in FROM, comparisons and tests, fields.

#include <pg_query/pg_query.pb-c.h>

#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/functions/row_functions.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"

namespace isolde::sql {

namespace {

bool is_star(const PgQuery__Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  const PgQuery__ColumnRef& ref = *node.column_ref;
  return ref.fields[ref.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

}  // namespace

/// The shape of a row of these values, whose fields are called f1, f2, ...
const Type& Binder::anonymous_shape(const std::vector<Expr*>& fields) {
  std::vector<CompositeField> columns;
  for (const Expr* field : fields) {
    columns.push_back({"f" + std::to_string(columns.size() + 1), field->type, field->typmod});
  }
  return memory_.row_shapes.emplace_back(std::move(columns));
}

/// Literals stay of unknown type: what the row is compared with may tell more (see settle_row).
Expr* Binder::bind_row(const PgQuery__RowExpr& row, Scope& scope, Clause clause) {
  std::vector<Expr*> fields;
  for (size_t i = 0; i < row.n_args; ++i) {
    if (is_star(*row.args[i])) {
      for (const Target& target : star_targets(*row.args[i]->column_ref, scope)) {
        fields.push_back(target.value);
      }
    } else {
      fields.push_back(bind(*row.args[i], scope, clause));
    }
  }
  if (fields.size() > 1664) {
    fail_at(row.location, base::sqlstate::kTooManyColumns,
            "ROW expressions can have at most 1664 entries");
  }
  const Type& shape = anonymous_shape(fields);
  return call1(ExprKind::kRow, shape, row.location, std::move(fields));
}

/// The rows of a function with several OUT columns have those as fields.
void Binder::give_shape(Expr& call) {
  if (call.function->out_columns.size() < 2) return;
  std::vector<CompositeField> columns;
  for (const OutColumn& column : call.function->out_columns) {
    columns.push_back({std::string(column.name), &type_of(column.type)});
  }
  call.type = &memory_.row_shapes.emplace_back(std::move(columns));
}

/// Fields that are still unknown when the row is used as a value are text.
void Binder::settle_row(Expr& row) {
  bool changed = false;
  for (Expr*& field : row.arguments) {
    if (field->kind == ExprKind::kRow) settle_row(*field);
    if (field->type->oid != types::kUnknown) continue;
    field = coerce_type(field, type_of(types::kText), CastContext::kImplicit);
    changed = true;
  }
  if (changed) row.type = &anonymous_shape(row.arguments);
}

/// Of a table or view: the type that its rows have.
const Type* Binder::row_type_of(const ScopeTable& table) {
  if (table.columns.empty() || table.columns[0].merged != nullptr) return nullptr;
  for (const FromItem& item : memory_.from_items) {
    if (item.alias != table.alias || item.offset != table.columns[0].index) continue;
    const RelationObject* relation = item.view.get();
    if (item.kind == FromItem::Kind::kTable) relation = item.info->relation.get();
    if (relation == nullptr || relation->row_type == Oid{}) continue;
    if (const Type* type = input_.types->find(relation->row_type)) return type;
  }
  return nullptr;
}

Expr* Binder::whole_row(const ScopeTable& table, int location) {
  std::vector<Expr*> fields;
  std::vector<CompositeField> columns;
  for (const ScopeColumn& column : table.columns) {
    fields.push_back(column_expr(column, location));
    columns.push_back({column.name, fields.back()->type, fields.back()->typmod});
  }
  if (const Type* type = row_type_of(table)) {
    if (static_cast<const CompositeType&>(*type).fields.size() == fields.size()) {
      return call1(ExprKind::kRow, *type, location, std::move(fields));
    }
  }
  const Type& shape = memory_.row_shapes.emplace_back(std::move(columns));
  return call1(ExprKind::kRow, shape, location, std::move(fields));
}

/// (a, b) = (c, d) and its kin, field by field.
Expr* Binder::row_comparison(std::string_view name, const Expr& left, const Expr& right,
                             int location) {
  if (left.arguments.size() != right.arguments.size()) {
    fail_at(location, base::sqlstate::kSyntaxError, "unequal number of entries in row expressions");
  }
  if (left.arguments.empty()) {
    fail_at(location, base::sqlstate::kFeatureNotSupported, "cannot compare rows of zero length");
  }
  const Type& boolean = type_of(types::kBool);
  std::vector<Expr*> fields;
  for (size_t i = 0; i < left.arguments.size(); ++i) {
    fields.push_back(make_operator(name, left.arguments[i], right.arguments[i], location));
  }
  if (fields.size() == 1) return fields[0];
  if (name == "=" || name == "<>") {
    return call1(name == "=" ? ExprKind::kAnd : ExprKind::kOr, boolean, location,
                 std::move(fields));
  }
  const Function* order = row_comparison_function(name);
  if (order == nullptr) {
    fail_at(location,
            base::Error(base::sqlstate::kFeatureNotSupported,
                        "could not determine interpretation of row comparison operator " +
                            std::string(name))
                .hint("Row comparison operators must be associated with btree operator families."));
  }
  // The operators have settled the types in which the fields are compared.
  Expr* sides[2];
  for (size_t side = 0; side < 2; ++side) {
    std::vector<Expr*> values;
    std::vector<CompositeField> columns;
    for (const Expr* field : fields) {
      values.push_back(field->arguments[side]);
      columns.push_back({"", values.back()->type, -1});
    }
    const Type& shape = memory_.row_shapes.emplace_back(std::move(columns));
    sides[side] = call1(ExprKind::kRow, shape, location, std::move(values));
  }
  Expr* made = call1(ExprKind::kCall, boolean, location, {sides[0], sides[1]});
  made->function = order;
  return made;
}

Expr* Binder::row_distinct(const Expr& left, const Expr& right, int location) {
  if (left.arguments.size() != right.arguments.size()) {
    fail_at(location, base::sqlstate::kSyntaxError, "unequal number of entries in row expressions");
  }
  const Type& boolean = type_of(types::kBool);
  std::vector<Expr*> fields;
  for (size_t i = 0; i < left.arguments.size(); ++i) {
    Expr* equal = make_operator("=", left.arguments[i], right.arguments[i], location);
    Expr* field = call1(ExprKind::kDistinct, boolean, location, equal->arguments);
    field->function = equal->function;
    fields.push_back(field);
  }
  if (fields.empty()) return constant(boolean, Datum::of_bool(false), location);
  return fields.size() == 1 ? fields[0]
                            : call1(ExprKind::kOr, boolean, location, std::move(fields));
}

Expr* Binder::row_null_test(Expr* row, bool is_null, int location) {
  Expr* made = call1(ExprKind::kCall, type_of(types::kBool), location, {row});
  made->function = &row_null_test_function(is_null);
  return made;
}

/// (row).name
Expr* Binder::row_field(Expr* row, std::string_view name, int location) {
  const Type& type = base_of(*row->type);
  bool known = is_row_type(type) && &type != find_type(types::kRecord);
  const auto* shape = known ? static_cast<const CompositeType*>(&type) : nullptr;
  int place = shape == nullptr ? -1 : shape->find(name);
  if (!is_row_type(type)) {
    fail_at(location, base::sqlstate::kWrongObjectType,
            "column notation ." + std::string(name) + " applied to type " +
                format_type(*row->type) + ", which is not a composite type");
  }
  if (place < 0 && type.oid == types::kRecord) {
    fail_at(location, base::sqlstate::kUndefinedColumn,
            "could not identify column \"" + std::string(name) + "\" in record data type");
  }
  if (place < 0) {
    fail_at(location, base::sqlstate::kUndefinedColumn,
            "column \"" + std::string(name) + "\" not found in data type " + format_type(type));
  }
  const CompositeField& field = shape->fields[static_cast<size_t>(place)];
  Expr* number = constant(type_of(types::kInt4), Datum::of_int(place), location);
  Expr* made = call1(ExprKind::kCall, *field.type, location, {row, number});
  made->function = &row_field_function();
  made->typmod = field.typmod;
  return made;
}

/// ROW(...)::composite: each field becomes its column's type. Null when the target is "record".
Expr* Binder::row_cast(Expr* row, const Type& target, CastContext context) {
  const Type& base = base_of(target);
  if (base.kind != TypeKind::kComposite) return nullptr;
  const auto& type = static_cast<const CompositeType&>(base);
  auto cannot = [&](std::string detail) {
    fail_at(row->location, base::Error(base::sqlstate::kCannotCoerce,
                                       "cannot cast type record to " + format_type(target))
                               .detail(std::move(detail)));
  };
  std::vector<Expr*> fields;
  size_t next = 0;
  for (const CompositeField& column : type.fields) {
    if (column.dropped) {
      fields.push_back(constant(*column.type, Datum::null(), row->location));
      continue;
    }
    if (next >= row->arguments.size()) cannot("Input has too few columns.");
    Expr* given = row->arguments[next++];
    Expr* field = coerce(given, *column.type, column.typmod, context);
    if (field == nullptr) {
      cannot("Cannot cast type " + format_type(*given->type) + " to " + format_type(*column.type) +
             " in column " + std::to_string(next) + ".");
    }
    fields.push_back(field);
  }
  if (next < row->arguments.size()) cannot("Input has too many columns.");
  return call1(ExprKind::kRow, target, row->location, std::move(fields));
}

/// (name).field, where the name is that of something in FROM: its column. Otherwise null.
Expr* Binder::bind_field(const PgQuery__AIndirection& node, Scope& scope) {
  const PgQuery__Node& base = *node.arg;
  bool name = base.node_case == PG_QUERY__NODE__NODE_COLUMN_REF && base.column_ref->n_fields == 1 &&
              node.n_indirection == 1;
  if (!name) return nullptr;
  bool found = false;
  return find_in_table(scope, "", string_of(*base.column_ref->fields[0]),
                       string_of(*node.indirection[0]), base.column_ref->location, &found);
}

const Type& Binder::type_of(base::Oid oid) const {
  const Type* type = input_.types->find(oid);
  return type != nullptr ? *type : sql::type_of(oid);
}

/// (row).*: the fields that it has, each of the row anew.
void Binder::bind_row_star(Query& query, const PgQuery__AIndirection& row, Scope& scope,
                           Clause clause) {
  PgQuery__AIndirection rest = row;
  --rest.n_indirection;
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_A_INDIRECTION;
  node.a_indirection = &rest;
  const PgQuery__Node& whole = rest.n_indirection == 0 ? *row.arg : node;
  Expr* first = bind(whole, scope, clause);
  const Type& type = base_of(*first->type);
  if (!is_row_type(type) || &type == find_type(types::kRecord)) {
    fail_at(first->location, base::sqlstate::kWrongObjectType,
            type.oid == types::kRecord ? "record type has not been registered"
                                       : "type " + format_type(type) + " is not composite");
  }
  for (const CompositeField& field : static_cast<const CompositeType&>(type).fields) {
    if (field.dropped) continue;
    Expr* value = first != nullptr ? std::exchange(first, nullptr) : bind(whole, scope, clause);
    query.targets.push_back({row_field(value, field.name, value->location), field.name, false});
  }
}

}  // namespace isolde::sql
