#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/views/virtual_table.hpp"

namespace isolde::sql {

namespace {

bool is_set(const char* text) {
  return text != nullptr && text[0] != '\0';
}

std::string alias_of(const PgQuery__Alias* alias, std::string_view otherwise) {
  return alias != nullptr && is_set(alias->aliasname) ? alias->aliasname : std::string(otherwise);
}

/// What a name means when that is a relation of the system whose rows code makes; or null.
const VirtualTable* system_table(const TableNames* names, std::string_view schema,
                                 std::string_view name) {
  if (names == nullptr) return nullptr;
  RelationPtr found = names->path.relation(*names->image, schema, name);
  return found == nullptr ? nullptr : find_virtual_table(found->oid);
}

}  // namespace

FromItem* Binder::bind_from(const PgQuery__Node& node, Scope& scope, int& width) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
      return bind_range_function(*node.range_function, scope, width);
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
      return bind_range_subselect(*node.range_subselect, scope, width);
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      return bind_range_var(*node.range_var, scope, width);
    case PG_QUERY__NODE__NODE_JOIN_EXPR:
      return bind_join(*node.join_expr, scope, width);
    default:
      unsupported("this kind of FROM item", -1);
  }
}

/// Column aliases: FROM t AS a (x, y).
void Binder::alias_columns(FromItem& item, const PgQuery__Alias* alias) {
  if (alias == nullptr) return;
  if (alias->n_colnames > item.columns.size()) {
    fail_at(-1, base::sqlstate::kInvalidColumnReference,
            "table \"" + item.alias + "\" has " + std::to_string(item.columns.size()) +
                " columns available but " + std::to_string(alias->n_colnames) +
                " columns specified");
  }
  for (size_t i = 0; i < alias->n_colnames; ++i) {
    item.columns[i].name = string_of(*alias->colnames[i]);
  }
}

void Binder::add_table(Scope& scope, FromItem& item) {
  ScopeTable table;
  table.alias = item.alias;
  table.scalar_function = item.whole_row_is_column;
  for (size_t i = 0; i < item.columns.size(); ++i) {
    const ColumnInfo& column = item.columns[i];
    if (item.kind == FromItem::Kind::kVirtualTable && i + 1 == item.columns.size()) {
      if (!item.table->is_table()) continue;
      table.hidden.push_back({column.name, item.offset + static_cast<int>(i), column.type});
      continue;
    }
    if (column.type == &kRowReferenceType) {
      table.reference = item.offset + static_cast<int>(i);
      if (item.used != nullptr) table.reference_used = &item.used[i];
      continue;
    }
    table.columns.push_back({column.name, item.offset + static_cast<int>(i), column.type,
                             column.typmod, nullptr,
                             item.used == nullptr ? nullptr : &item.used[i]});
  }
  for (const ScopeTable& other : scope.tables) {
    if (!table.alias.empty() && other.alias == table.alias) {
      fail_at(-1, base::sqlstate::kDuplicateAlias,
              "table name \"" + table.alias + "\" specified more than once");
    }
  }
  scope.columns.insert(scope.columns.end(), table.columns.begin(), table.columns.end());
  scope.tables.push_back(std::move(table));
}

/// FROM f(...) AS t(a int, b text), for a function that returns "record".
void Binder::define_columns(const PgQuery__RangeFunction& function, Expr& call, int location) {
  bool record = call.kind == ExprKind::kCall || call.kind == ExprKind::kSetCall;
  record = record && call.type == find_type(types::kRecord);
  if (function.n_coldeflist == 0) return;
  location = function.coldeflist[0]->column_def->location;
  if (record && !call.function->out_columns.empty()) {
    fail_at(location, base::sqlstate::kSyntaxError,
            "a column definition list is redundant for a function with OUT parameters");
  }
  if (!record) {
    fail_at(location, base::sqlstate::kSyntaxError,
            "a column definition list is only allowed for functions returning \"record\"");
  }
  std::vector<CompositeField> fields;
  for (size_t i = 0; i < function.n_coldeflist; ++i) {
    const PgQuery__ColumnDef& column = *function.coldeflist[i]->column_def;
    CompositeField& field = fields.emplace_back();
    field.name = column.colname;
    field.type = &type_named(*column.type_name, &field.typmod);
  }
  call.type = &memory_.row_shapes.emplace_back(std::move(fields));
  if (call.function->set != nullptr) call.kind = ExprKind::kSetCall;
}

FromItem* Binder::bind_range_function(const PgQuery__RangeFunction& function, Scope& scope,
                                      int& width) {
  const PgQuery__List& first = *function.functions[0]->list;
  const PgQuery__Node& call = *first.items[0];
  int location = location_of(call);
  if (function.n_functions > 1) unsupported("ROWS FROM", location);
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kFunction;
  item.offset = width;
  item.ordinality = function.ordinality;
  // A function in FROM sees the items before it.
  Scope inner;
  inner.parent = &scope;
  inner.passed = &item.passed;
  inner.passed_slots = &item.passed_slots;
  item.function = bind(call, inner, Clause::kFromFunction);
  item.lateral = !item.passed.empty();
  std::string name = column_name_of(call);
  item.alias = alias_of(function.alias, name);
  define_columns(function, *item.function, location);
  const Type& row = base_of(*item.function->type);
  const Function* bound =
      item.function->kind == ExprKind::kSetCall || item.function->kind == ExprKind::kCall
          ? item.function->function
          : nullptr;
  if (bound != nullptr && !bound->out_columns.empty()) {
    for (const OutColumn& out : bound->out_columns) {
      item.columns.push_back({std::string(out.name), &type_of(out.type), -1});
    }
    item.whole_row_is_column = bound->out_columns.size() == 1;
  } else if (row.kind == TypeKind::kComposite || function.n_coldeflist > 0 ||
             (row.oid == types::kRecord && &row != find_type(types::kRecord))) {
    for (const CompositeField& field : static_cast<const CompositeType&>(row).fields) {
      if (!field.dropped) item.columns.push_back({field.name, field.type, field.typmod});
    }
  } else if (item.function->type->oid == types::kRecord) {
    fail_at(location, base::sqlstate::kSyntaxError,
            "a column definition list is required for functions returning \"record\"");
  } else {
    bool renamed = function.alias != nullptr && is_set(function.alias->aliasname);
    item.columns.push_back(
        {renamed ? item.alias : name, item.function->type, item.function->typmod});
    item.whole_row_is_column = true;
  }
  if (item.ordinality) item.columns.push_back({"ordinality", &type_of(types::kInt8), -1});
  alias_columns(item, function.alias);
  width += item.width();
  add_table(scope, item);
  return &item;
}

FromItem* Binder::bind_range_subselect(const PgQuery__RangeSubselect& sub, Scope& scope,
                                       int& width) {
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kSubquery;
  item.offset = width;
  item.alias = alias_of(sub.alias, "");
  const PgQuery__SelectStmt& select = *sub.subquery->select_stmt;
  if (sub.lateral) {
    item.query = bind_any(select, &scope, &item.passed, &item.passed_slots);
    item.lateral = !item.passed.empty();
  } else {
    // Not LATERAL: the items beside it are out of sight, the query around is not.
    Scope beside;
    beside.parent = scope.parent;
    beside.passed = scope.passed;
    beside.passed_slots = scope.passed_slots;
    const Scope* hidden = std::exchange(hidden_, &scope);
    item.query = bind_any(select, &beside, &item.passed, &item.passed_slots);
    hidden_ = hidden;
    item.lateral = !item.passed.empty();
  }
  for (const Target& target : item.query->targets) {
    if (target.hidden) break;
    item.columns.push_back({target.name, target.value->type, target.value->typmod});
  }
  // Hidden columns take room in the row.
  alias_columns(item, sub.alias);
  width += item.query->width();
  add_table(scope, item);
  return &item;
}

FromItem* Binder::bind_range_var(const PgQuery__RangeVar& var, Scope& scope, int& width) {
  std::string_view schema = is_set(var.schemaname) ? var.schemaname : "";
  if (schema.empty()) {
    if (FromItem* item = bind_common_table_ref(var)) {
      item->offset = width;
      item->alias = alias_of(var.alias, var.relname);
      alias_columns(*item, var.alias);
      width += item->common->query->width();
      add_table(scope, *item);
      return item;
    }
  }
  const VirtualTable* table = system_table(input_.names, schema, var.relname);
  if (table == nullptr) return bind_table(var, scope, width);
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kVirtualTable;
  item.offset = width;
  item.table = table;
  item.alias = alias_of(var.alias, var.relname);
  item.columns.assign(table->columns().begin(), table->columns().end());
  alias_columns(item, var.alias);
  item.columns.push_back({"tableoid", &type_of(types::kOid), -1});
  width += item.width();
  add_table(scope, item);
  return &item;
}

namespace {

FromItem::Join join_of(PgQuery__JoinType type) {
  if (type == PG_QUERY__JOIN_TYPE__JOIN_LEFT) return FromItem::Join::kLeft;
  if (type == PG_QUERY__JOIN_TYPE__JOIN_RIGHT) return FromItem::Join::kRight;
  if (type == PG_QUERY__JOIN_TYPE__JOIN_FULL) return FromItem::Join::kFull;
  return FromItem::Join::kInner;
}

void append(Scope& to, Scope&& from) {
  for (ScopeTable& table : from.tables) to.tables.push_back(std::move(table));
  for (ScopeColumn& column : from.columns) to.columns.push_back(std::move(column));
}

/// What a RIGHT or FULL join has on its left is in sight of LATERAL items on its right, and may not
/// be looked at: where the left side has no row, there would be nothing to compute them from.
void bar(Scope& scope) {
  for (ScopeTable& table : scope.tables) {
    table.barred = true;
    for (ScopeColumn& column : table.columns) column.barred = table.alias;
  }
  for (ScopeColumn& column : scope.columns) {
    for (const ScopeTable& table : scope.tables) {
      const bool holds =
          std::any_of(table.columns.begin(), table.columns.end(), [&](const ScopeColumn& own) {
            return own.name == column.name &&
                   (column.merged != nullptr || own.index == column.index);
          });
      if (holds) column.barred = table.alias;
    }
  }
}

const ScopeColumn* find_by_name(const std::vector<ScopeColumn>& columns, std::string_view name) {
  for (const ScopeColumn& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace

FromItem* Binder::bind_join(const PgQuery__JoinExpr& join, Scope& scope, int& width) {
  enter();
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kJoin;
  item.join = join_of(join.jointype);
  item.offset = width;
  Scope left;
  left.parent = scope.parent;
  left.passed = scope.passed;
  left.passed_slots = scope.passed_slots;
  Scope right = left;
  const char* no_recursion = no_recursion_;
  bool right_kept = item.join == FromItem::Join::kRight || item.join == FromItem::Join::kFull;
  bool left_kept = item.join == FromItem::Join::kLeft || item.join == FromItem::Join::kFull;
  if (right_kept) no_recursion_ = "within an outer join";
  item.left = bind_from(*join.larg, left, width);
  no_recursion_ = left_kept ? "within an outer join" : no_recursion;
  // The right side may look at the left one when it is LATERAL; plain items do not.
  size_t left_tables = left.tables.size();
  size_t left_columns = left.columns.size();
  Scope both = left;
  if (right_kept) bar(both);
  item.right = bind_from(*join.rarg, both, width);
  std::copy(left.tables.begin(), left.tables.end(), both.tables.begin());
  std::copy(left.columns.begin(), left.columns.end(), both.columns.begin());
  no_recursion_ = no_recursion;
  right.tables.assign(both.tables.begin() + static_cast<ptrdiff_t>(left_tables), both.tables.end());
  right.columns.assign(both.columns.begin() + static_cast<ptrdiff_t>(left_columns),
                       both.columns.end());
  Scope joined = both;
  if (join.is_natural || join.n_using_clause > 0) {
    join_using(join, item, left, right, joined);
  } else if (join.quals != nullptr) {
    item.condition = to_bool(bind(*join.quals, joined, Clause::kJoinOn), "JOIN/ON");
  }
  for (const ScopeColumn& column : joined.columns) {
    item.columns.push_back({column.name, column.type, column.typmod});
  }
  if (join.alias != nullptr && is_set(join.alias->aliasname)) {
    name_join(item, *join.alias, joined);
  }
  for (const ScopeTable& table : joined.tables) {
    for (const ScopeTable& other : scope.tables) {
      if (!table.alias.empty() && other.alias == table.alias) {
        fail_at(-1, base::sqlstate::kDuplicateAlias,
                "table name \"" + table.alias + "\" specified more than once");
      }
    }
  }
  append(scope, std::move(joined));
  leave();
  return &item;
}

/// (a JOIN b ON ...) AS j (x, y): one table instead of those inside.
void Binder::name_join(FromItem& item, const PgQuery__Alias& alias, Scope& joined) {
  item.alias = alias.aliasname;
  alias_columns(item, &alias);
  for (size_t i = 0; i < joined.columns.size(); ++i) joined.columns[i].name = item.columns[i].name;
  joined.tables.clear();
  joined.tables.push_back({item.alias, joined.columns, false});
}

/// JOIN ... USING (a, b) and NATURAL JOIN: the common columns appear once, in front.
void Binder::join_using(const PgQuery__JoinExpr& join, FromItem& item, Scope& left, Scope& right,
                        Scope& joined) {
  std::vector<std::string> names;
  for (size_t i = 0; i < join.n_using_clause; ++i) {
    names.emplace_back(string_of(*join.using_clause[i]));
  }
  if (join.is_natural) {
    for (const ScopeColumn& column : left.columns) {
      if (find_by_name(right.columns, column.name) != nullptr) names.push_back(column.name);
    }
  }
  std::vector<ScopeColumn> merged;
  std::vector<Expr*> conditions;
  for (const std::string& name : names) {
    const ScopeColumn* l = find_by_name(left.columns, name);
    const ScopeColumn* r = find_by_name(right.columns, name);
    if (l == nullptr || r == nullptr) {
      fail_at(-1, base::sqlstate::kUndefinedColumn,
              "column \"" + name + "\" specified in USING clause does not exist in " +
                  (l == nullptr ? "left" : "right") + " table");
    }
    std::vector<Expr*> sides = {column_expr(*l, -1), column_expr(*r, -1)};
    conditions.push_back(make_operator("=", sides[0], sides[1], -1));
    const Type& type = common_type(sides, "JOIN/USING");
    make_common(sides, type, "JOIN/USING");
    Expr* value = item.join == FromItem::Join::kRight ? sides[1] : sides[0];
    if (item.join == FromItem::Join::kFull) value = call1(ExprKind::kCoalesce, type, -1, sides);
    merged.push_back({name, 0, &type, -1, value});
  }
  auto is_merged = [&](const ScopeColumn& column) {
    return std::find(names.begin(), names.end(), column.name) != names.end();
  };
  std::erase_if(joined.columns, is_merged);
  joined.columns.insert(joined.columns.begin(), merged.begin(), merged.end());
  if (conditions.size() == 1) item.condition = conditions[0];
  if (conditions.size() > 1) {
    item.condition = call1(ExprKind::kAnd, type_of(types::kBool), -1, conditions);
  }
}

}  // namespace isolde::sql
