#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/range_entries.hpp"

namespace isolde::sql {

namespace {

bool is_set(const char* text) {
  return text != nullptr && text[0] != '\0';
}

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace

Query* Binder::bind_query(const PgQuery__SelectStmt& select) {
  return bind_any(select, nullptr, nullptr, nullptr);
}

void Binder::refuse_clauses(const PgQuery__SelectStmt& select) {
  if (select.into_clause != nullptr) unsupported("SELECT INTO", -1);
}

Query* Binder::bind_any(const PgQuery__SelectStmt& select, Scope* parent,
                        std::vector<Expr*>* passed, std::vector<int>* passed_slots) {
  enter();
  refuse_clauses(select);
  bool lifting = lifting_;
  // Where expressions are compared with each other, their literals matter.
  if (select.n_group_clause > 0 || select.n_distinct_clause > 0) lifting_ = false;
  Query* outer = current_;
  Query* query = nullptr;
  WithFrame frame;
  if (select.with_clause != nullptr) {
    open_with(frame, *select.with_clause, parent, passed, passed_slots);
  }
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE) {
    query = bind_set_operation(select, parent, passed, passed_slots);
    if (select.n_locking_clause > 0) bind_locking(*query, select);
  } else {
    Scope scope;
    scope.parent = parent;
    scope.passed = passed;
    scope.passed_slots = passed_slots;
    query = &memory_.queries.emplace_back();
    current_ = query;
    RangeEntries entries{entries_, {}};
    RangeEntries* around = std::exchange(entries_, &entries);
    query =
        select.n_values_lists > 0 ? bind_values(select, scope) : bind_select(select, parent, scope);
    entries_ = around;
    if (keep_unknown_ != &select) settle_unknown_targets(*query);
  }
  if (select.with_clause != nullptr) close_with(frame, *query);
  current_ = outer;
  lifting_ = lifting;
  leave();
  return query;
}

Query* Binder::bind_select(const PgQuery__SelectStmt& select, Scope*, Scope& scope) {
  Query& query = *current_;
  for (size_t i = 0; i < select.n_from_clause; ++i) {
    query.from.push_back(bind_from(*select.from_clause[i], scope, query.row_width));
  }
  bind_window_clause(select, scope);
  bind_targets(query, select, scope);
  if (select.where_clause != nullptr) {
    query.where = to_bool(bind(*select.where_clause, scope, Clause::kWhere), "WHERE");
  }
  if (select.having_clause != nullptr) {
    query.grouped = true;
    query.having = to_bool(bind(*select.having_clause, scope, Clause::kHaving), "HAVING");
  }
  bind_sort(query, select, scope);
  bind_group_by(query, select, scope);
  bind_distinct(query, select, scope);
  bind_limits(query, select, scope);
  if (select.n_locking_clause > 0) bind_locking(query, select);
  if (query.grouped) group_by_dependents(query);
  if (query.grouped) collect_aggregates(query);
  auto recursive = [](const FromItem* item) { return item->work_table; };
  if (!query.aggregates.empty() && std::any_of(query.from.begin(), query.from.end(), recursive)) {
    fail_at(query.aggregates[0]->location, base::sqlstate::kInvalidRecursion,
            "aggregate functions are not allowed in a recursive query's recursive term");
  }
  if (!query.windows.empty()) collect_windows(query);
  return &query;
}

void Binder::bind_targets(Query& query, const PgQuery__SelectStmt& select, Scope& scope) {
  for (size_t i = 0; i < select.n_target_list; ++i) {
    bind_target_entry(query, *select.target_list[i]->res_target, scope, Clause::kSelect);
  }
  if (query.targets.size() > 1664) {
    fail_at(-1, base::sqlstate::kTooManyColumns, "target lists can have at most 1664 entries");
  }
}

/// One expression of a select list, or all columns that its star means.
void Binder::bind_target_entry(Query& query, const PgQuery__ResTarget& target, Scope& scope,
                               Clause clause) {
  const PgQuery__Node& value = *target.val;
  if (value.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    const PgQuery__ColumnRef& ref = *value.column_ref;
    if (ref.fields[ref.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR) {
      for (Target& one : star_targets(ref, scope)) query.targets.push_back(std::move(one));
      return;
    }
  }
  if (value.node_case == PG_QUERY__NODE__NODE_A_INDIRECTION) {
    const PgQuery__AIndirection& steps = *value.a_indirection;
    if (steps.indirection[steps.n_indirection - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR) {
      return bind_row_star(query, steps, scope, clause);
    }
  }
  Expr* bound = bind(value, scope, clause);
  query.targets.push_back(
      {bound, is_set(target.name) ? std::string(target.name) : column_name_of(value), false});
}

namespace {

/// A column by its table's name, for messages.
void qualify(Expr& expr, const ScopeColumn& column, const Scope& scope) {
  for (const ScopeTable& table : scope.tables) {
    for (const ScopeColumn& own : table.columns) {
      if (own.merged == nullptr && own.index == column.index && !table.alias.empty()) {
        expr.literal = table.alias + "." + own.name;
      }
    }
  }
}

}  // namespace

/// * or t.*: the columns that it stands for.
std::vector<Target> Binder::star_targets(const PgQuery__ColumnRef& ref, Scope& scope) {
  std::vector<Target> targets;
  auto add = [&](const std::vector<ScopeColumn>& columns) {
    for (const ScopeColumn& column : columns) {
      targets.push_back({column_expr(column, ref.location), column.name, false});
      if (column.merged == nullptr) qualify(*targets.back().value, column, scope);
    }
  };
  if (ref.n_fields == 1) {
    if (scope.tables.empty()) {
      fail_at(ref.location, base::sqlstate::kSyntaxError,
              "SELECT * with no tables specified is not valid");
    }
    add(scope.columns);
    return targets;
  }
  std::string_view table = string_of(*ref.fields[ref.n_fields - 2]);
  std::string_view schema = schema_of_reference(ref);
  if (const ScopeTable* found = table_in(scope, schema, table, ref.location)) {
    add(found->columns);
    return targets;
  }
  fail_missing_table(schema, table, scope, ref.location);
}

/// What is still an unknown literal or parameter in a result is text.
void Binder::settle_unknown_targets(Query& query) {
  if (query.kind != Query::Kind::kSelect && query.kind != Query::Kind::kModify) return;
  for (Target& target : query.targets) {
    if (target.value->kind == ExprKind::kRow) settle_row(*target.value);
    if (target.value->type->oid == types::kUnknown) {
      target.value = coerce_type(target.value, type_of(types::kText), CastContext::kImplicit);
    }
  }
}

Query* Binder::bind_values(const PgQuery__SelectStmt& select, Scope& scope) {
  Query& query = *current_;
  query.kind = Query::Kind::kValues;
  size_t width = select.values_lists[0]->list->n_items;
  for (size_t r = 0; r < select.n_values_lists; ++r) {
    const PgQuery__List& list = *select.values_lists[r]->list;
    if (list.n_items != width) {
      fail_at(location_of(*select.values_lists[r]), base::sqlstate::kSyntaxError,
              "VALUES lists must all be the same length");
    }
    query.rows.push_back(bind_all(list.items, list.n_items, scope, Clause::kValues));
  }
  for (size_t c = 0; c < width; ++c) {
    std::vector<Expr*> column;
    for (auto& row : query.rows) column.push_back(row[c]);
    const Type& type = common_type(column, "VALUES");
    make_common(column, type, "VALUES");
    int32_t typmod = column[0]->typmod;
    for (size_t r = 0; r < query.rows.size(); ++r) {
      query.rows[r][c] = column[r];
      if (column[r]->typmod != typmod) typmod = -1;
    }
    Expr* shape = memory_.expr(ExprKind::kColumn, &type, column[0]->location);
    shape->index = static_cast<int>(c);
    shape->typmod = typmod;
    query.targets.push_back({shape, "column" + std::to_string(c + 1), false});
  }
  bind_sort(query, select, scope);
  bind_limits(query, select, scope);
  return &query;
}

// --- ORDER BY, GROUP BY, DISTINCT

std::optional<int> Binder::target_by_name_or_number(Query& query, const PgQuery__Node& node,
                                                    Clause clause, Scope* scope) {
  auto visible = static_cast<size_t>(query.visible_targets());
  if (node.node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node.column_ref->n_fields == 1) {
    std::string_view name = string_of(*node.column_ref->fields[0]);
    if (name.empty()) return std::nullopt;
    if (clause == Clause::kGroupBy) {
      for (const ScopeColumn& column : scope->columns) {
        if (column.name == name) return std::nullopt;  // input columns come first here
      }
    }
    std::optional<int> found;
    for (size_t i = 0; i < visible; ++i) {
      if (query.targets[i].name != name) continue;
      if (found && !same_expression(query.targets[static_cast<size_t>(*found)].value,
                                    query.targets[i].value)) {
        fail_at(node.column_ref->location, base::sqlstate::kAmbiguousColumn,
                std::string(clause_name(clause)) + " " + quoted(name) + " is ambiguous");
      }
      if (!found) found = static_cast<int>(i);
    }
    return found;
  }
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST || node.a_const->isnull) return std::nullopt;
  if (node.a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL) {
    fail_at(node.a_const->location, base::sqlstate::kSyntaxError,
            "non-integer constant in " + std::string(clause_name(clause)));
  }
  int number = node.a_const->ival->ival;
  if (number < 1 || static_cast<size_t>(number) > visible) {
    fail_at(node.a_const->location, base::sqlstate::kInvalidColumnReference,
            std::string(clause_name(clause)) + " position " + std::to_string(number) +
                " is not in select list");
  }
  return number - 1;
}

int Binder::find_or_add_sort_target(Query& query, const PgQuery__Node& node, Scope& scope,
                                    Clause clause) {
  if (auto found = target_by_name_or_number(query, node, clause, &scope)) return *found;
  if (query.kind != Query::Kind::kSelect) unsupported("ORDER BY an expression over VALUES", -1);
  Expr* value = bind(node, scope, clause);
  if (value->type->oid == types::kUnknown) {
    value = coerce_type(value, type_of(types::kText), CastContext::kImplicit);
  }
  for (size_t i = 0; i < query.targets.size(); ++i) {
    if (same_expression(query.targets[i].value, value)) return static_cast<int>(i);
  }
  query.targets.push_back({value, "?column?", true});
  return static_cast<int>(query.targets.size()) - 1;
}

void Binder::bind_sort(Query& query, const PgQuery__SelectStmt& select, Scope& scope) {
  for (size_t i = 0; i < select.n_sort_clause; ++i) {
    const PgQuery__SortBy& sort = *select.sort_clause[i]->sort_by;
    SortItem item;
    item.target = find_or_add_sort_target(query, *sort.node, scope, Clause::kOrderBy);
    Target& target = query.targets[static_cast<size_t>(item.target)];
    if (target.value->type->oid == types::kUnknown) {
      target.value = coerce_type(target.value, type_of(types::kText), CastContext::kImplicit);
    }
    if (!target.value->type->is_ordered()) {
      fail_at(location_of(*sort.node),
              base::Error(base::sqlstate::kUndefinedFunction,
                          "could not identify an ordering operator for type " +
                              format_type(*target.value->type))
                  .hint("Use an explicit ordering operator or modify the query."));
    }
    item.descending = is_descending(sort);
    item.nulls_first =
        sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
        (sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT && item.descending);
    auto same = [&](const SortItem& s) { return s.target == item.target; };
    if (std::none_of(query.sort.begin(), query.sort.end(), same)) query.sort.push_back(item);
  }
}

void Binder::bind_group_by(Query& query, const PgQuery__SelectStmt& select, Scope& scope) {
  if (select.n_group_clause > 0) query.grouped = true;
  for (size_t i = 0; i < select.n_group_clause; ++i) {
    const PgQuery__Node& node = *select.group_clause[i];
    if (node.node_case == PG_QUERY__NODE__NODE_GROUPING_SET) {
      if (node.grouping_set->kind == PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_EMPTY) continue;
      unsupported("GROUPING SETS", node.grouping_set->location);
    }
    auto target = target_by_name_or_number(query, node, Clause::kGroupBy, &scope);
    Expr* key = target ? query.targets[static_cast<size_t>(*target)].value
                       : bind(node, scope, Clause::kGroupBy);
    if (key->type->oid == types::kUnknown) {
      key = coerce_type(key, type_of(types::kText), CastContext::kImplicit);
    }
    if (!key->type->is_hashable() || !key->type->is_ordered()) {
      fail_at(location_of(node), base::Error(base::sqlstate::kUndefinedFunction,
                                             "could not identify an equality operator for type " +
                                                 format_type(*key->type)));
    }
    auto same = [&](const Expr* other) { return same_expression(other, key); };
    if (std::none_of(query.group_by.begin(), query.group_by.end(), same)) {
      query.group_by.push_back(key);
    }
  }
}

void Binder::bind_distinct(Query& query, const PgQuery__SelectStmt& select, Scope& scope) {
  if (select.n_distinct_clause == 0) return;
  query.distinct = true;
  settle_unknown_targets(query);
  // DISTINCT alone is a list of one empty node.
  bool on = select.distinct_clause[0]->node_case != PG_QUERY__NODE__NODE__NOT_SET;
  if (!on) {
    for (const Target& target : query.targets) {
      if (target.hidden) {
        fail_at(target.value->location, base::sqlstate::kInvalidColumnReference,
                "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
      }
      if (!target.value->type->is_hashable() || !target.value->type->is_ordered()) {
        fail_at(
            target.value->location, base::sqlstate::kUndefinedFunction,
            "could not identify an equality operator for type " + format_type(*target.value->type));
      }
    }
    return;
  }
  for (size_t i = 0; i < select.n_distinct_clause; ++i) {
    query.distinct_on.push_back(
        find_or_add_sort_target(query, *select.distinct_clause[i], scope, Clause::kDistinctOn));
  }
  size_t leading = std::min(query.distinct_on.size(), query.sort.size());
  for (size_t i = 0; i < leading; ++i) {
    const auto& on_targets = query.distinct_on;
    if (std::find(on_targets.begin(), on_targets.end(), query.sort[i].target) == on_targets.end()) {
      fail_at(location_of(*select.distinct_clause[0]), base::sqlstate::kInvalidColumnReference,
              "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
    }
  }
}

// --- LIMIT

Expr* Binder::bind_limit(const PgQuery__Node& node, Clause clause, Scope&) {
  if (node.node_case == PG_QUERY__NODE__NODE_A_CONST && node.a_const->isnull) return nullptr;
  Scope empty;
  Expr* value = bind(node, empty, clause);
  Expr* coerced = coerce(value, type_of(types::kInt8), -1, CastContext::kAssignment);
  if (coerced != nullptr) return coerced;
  fail_at(location_of(node), base::sqlstate::kDatatypeMismatch,
          "argument of " + std::string(clause_name(clause)) + " must be type bigint, not type " +
              format_type(*value->type));
}

void Binder::bind_limits(Query& query, const PgQuery__SelectStmt& select, Scope& scope) {
  if (select.limit_offset != nullptr) {
    query.offset = bind_limit(*select.limit_offset, Clause::kOffset, scope);
  }
  if (select.limit_count != nullptr) {
    query.limit = bind_limit(*select.limit_count, Clause::kLimit, scope);
  }
  query.with_ties = select.limit_option == PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES;
}

}  // namespace isolde::sql
