#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/functions/rows_from.hpp"
#include "sql/table/table_info.hpp"
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
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
      return bind_sample(*node.range_table_sample, scope, width);
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

/// Two tables of one name, in different schemas, may stand side by side.
void Binder::check_names(const ScopeTable& one, const ScopeTable& other) const {
  if (other.alias.empty() || one.alias != other.alias) return;
  if (one.item != nullptr && other.item != nullptr && one.item->info != nullptr &&
      other.item->info != nullptr && one.item->info->oid() != other.item->info->oid() &&
      one.item->info->name() == one.alias && other.item->info->name() == one.alias) {
    return;
  }
  fail_at(-1, base::sqlstate::kDuplicateAlias,
          "table name \"" + one.alias + "\" specified more than once");
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
  table.item = &item;
  for (const ScopeTable& other : scope.tables) check_names(other, table);
  note_entry(item);
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

namespace {

/// unnest of several arrays is several unnests.
bool is_wide_unnest(const PgQuery__Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return false;
  const PgQuery__FuncCall& call = *node.func_call;
  return call.n_funcname == 1 && string_of(*call.funcname[0]) == "unnest" && call.n_args > 1 &&
         call.n_agg_order == 0 && call.agg_filter == nullptr && call.over == nullptr &&
         !call.agg_star && !call.agg_distinct && !call.func_variadic;
}

}  // namespace

std::vector<Expr*> Binder::range_calls(const PgQuery__Node& node, Scope& scope) {
  if (!is_wide_unnest(node)) return {bind(node, scope, Clause::kFromFunction)};
  std::vector<Expr*> calls;
  const PgQuery__FuncCall& all = *node.func_call;
  PgQuery__String schema = PG_QUERY__STRING__INIT;
  char catalog[] = "pg_catalog";
  schema.sval = catalog;
  PgQuery__Node first = PG_QUERY__NODE__INIT;
  first.node_case = PG_QUERY__NODE__NODE_STRING;
  first.string = &schema;
  PgQuery__Node* name[] = {&first, all.funcname[0]};
  for (size_t i = 0; i < all.n_args; ++i) {
    PgQuery__FuncCall one = all;
    one.args = all.args + i;
    one.n_args = 1;
    one.funcname = name;
    one.n_funcname = 2;
    calls.push_back(bind_call(one, scope, Clause::kFromFunction));
  }
  return calls;
}

/// What a function in FROM has for columns; true when it is one value.
bool Binder::add_function_columns(FromItem& item, const Expr& function, const std::string& name,
                                  bool defined) {
  const Type& row = base_of(*function.type);
  bool called = function.kind == ExprKind::kSetCall || function.kind == ExprKind::kCall;
  if (called && !function.function->out_columns.empty()) {
    for (const OutColumn& out : function.function->out_columns) {
      item.columns.push_back({std::string(out.name), &type_of(out.type), -1});
    }
    return function.function->out_columns.size() == 1;
  }
  if (row.kind == TypeKind::kComposite || defined ||
      (row.oid == types::kRecord && &row != find_type(types::kRecord))) {
    for (const CompositeField& field : static_cast<const CompositeType&>(row).fields) {
      if (!field.dropped) item.columns.push_back({field.name, field.type, field.typmod});
    }
    return false;
  }
  if (function.type->oid == types::kRecord) {
    fail_at(function.location, base::sqlstate::kSyntaxError,
            "a column definition list is required for functions returning \"record\"");
  }
  item.columns.push_back({name, function.type, function.typmod});
  return true;
}

FromItem* Binder::bind_range_function(const PgQuery__RangeFunction& function, Scope& scope,
                                      int& width) {
  FromItem& item = memory_.from_items.emplace_back();
  item.kind = FromItem::Kind::kFunction;
  item.offset = width;
  item.ordinality = function.ordinality;
  // A function in FROM sees the items before it.
  Scope inner;
  inner.parent = &scope;
  inner.passed = &item.passed;
  inner.passed_slots = &item.passed_slots;
  item.alias = alias_of(function.alias, column_name_of(*function.functions[0]->list->items[0]));
  bool single = function.n_functions == 1;
  std::vector<Expr*> all;
  for (size_t i = 0; i < function.n_functions; ++i) {
    const PgQuery__List& part = *function.functions[i]->list;
    const PgQuery__Node& node = *part.items[0];
    std::vector<Expr*> calls = range_calls(node, inner);
    single &= calls.size() == 1;
    PgQuery__RangeFunction own = function;  // its own list of columns, within ROWS FROM
    if (part.n_items > 1 && part.items[1]->node_case == PG_QUERY__NODE__NODE_LIST) {
      own.coldeflist = part.items[1]->list->items;
      own.n_coldeflist = part.items[1]->list->n_items;
    }
    bool renamed = single && function.alias != nullptr && is_set(function.alias->aliasname);
    for (Expr* call : calls) {
      define_columns(own, *call, location_of(node));
      int before = item.width();
      bool value = add_function_columns(item, *call, renamed ? item.alias : column_name_of(node),
                                        own.n_coldeflist > 0);
      item.whole_row_is_column = single && value;
      bool called = call->kind == ExprKind::kSetCall || call->kind == ExprKind::kCall;
      if (!single && !called) call = call1(ExprKind::kCoalesce, *call->type, -1, {call});
      if (!single) call->index = item.width() - before;
      all.push_back(call);
    }
  }
  item.function = single ? all[0] : call1(ExprKind::kSetCall, *find_type(types::kRecord), -1, all);
  if (!single) item.function->function = &rows_from_function();
  item.lateral = !item.passed.empty();
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
    item.query = bind_any(select, &beside, &item.passed, &item.passed_slots);
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
  if (join.join_using_alias != nullptr && is_set(join.join_using_alias->aliasname)) {
    name_common(join, joined);
  }
  if (join.alias != nullptr && is_set(join.alias->aliasname)) {
    name_join(item, *join.alias, joined);
  }
  for (const ScopeTable& table : joined.tables) {
    for (const ScopeTable& other : scope.tables) check_names(other, table);
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

/// JOIN b USING (x) AS j: a name for the common columns alone.
void Binder::name_common(const PgQuery__JoinExpr& join, Scope& joined) {
  ScopeTable table;
  table.alias = join.join_using_alias->aliasname;
  table.columns.assign(joined.columns.begin(),
                       joined.columns.begin() + static_cast<ptrdiff_t>(join.n_using_clause));
  for (const ScopeTable& other : joined.tables) check_names(other, table);
  joined.tables.push_back(std::move(table));
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
