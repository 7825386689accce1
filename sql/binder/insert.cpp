// INSERT.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

/// A value for a column that the view computes.
[[noreturn]] void refuse_computed(const TargetView& view, size_t place) {
  throw base::SqlException(
      base::Error(base::sqlstate::kFeatureNotSupported,
                  "cannot insert into column \"" + view.columns[place].name + "\" of view \"" +
                      view.view->name + "\"")
          .detail("View columns that are not columns of their base relation are not "
                  "updatable."));
}

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

bool is_default(const PgQuery__Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
}

}  // namespace

/// The columns that an INSERT names, or all of them.
std::vector<int> Binder::insert_columns(const Modification& modify,
                                        const PgQuery__InsertStmt& insert) {
  std::vector<int> columns;
  for (size_t i = 0; i < insert.n_cols; ++i) {
    const PgQuery__ResTarget& target = *insert.cols[i]->res_target;
    int column = target_column(modify, target);
    bool again = std::find(columns.begin(), columns.end(), column) != columns.end();
    if (again && target.n_indirection == 0) {
      fail_at(target.location, base::sqlstate::kDuplicateColumn,
              "column " + quoted(target.name) + " specified more than once");
    }
    columns.push_back(column);
  }
  if (insert.n_cols > 0) return columns;
  if (modify.view != nullptr) {
    for (const TargetView::Column& column : modify.view->columns) columns.push_back(column.column);
    return columns;  // -1: what the view computes
  }
  for (size_t i = 0; i < modify.table->live.size(); ++i) columns.push_back(static_cast<int>(i));
  return columns;
}

/// Checks the number of values against the columns; without a list of columns, the last may lack.
void Binder::check_insert_width(const PgQuery__InsertStmt& insert, size_t values,
                                int extra_location, std::vector<int>& columns) {
  if (values > columns.size()) {
    fail_at(extra_location, base::sqlstate::kSyntaxError,
            "INSERT has more expressions than target columns");
  }
  if (values < columns.size() && insert.n_cols > 0) {
    fail_at(insert.cols[values]->res_target->location, base::sqlstate::kSyntaxError,
            "INSERT has more target columns than expressions");
  }
  columns.resize(values);
}

/// May a value other than DEFAULT go into this column? `overridden`: it is thrown away.
bool Binder::check_insertable(const Modification& modify, int column,
                              const PgQuery__InsertStmt& insert, int location) {
  const TableInfo& table = *modify.table;
  const ColumnObject& about = table.column(table.live[static_cast<size_t>(column)]);
  auto refuse = [&](std::string detail, std::string hint) {
    base::Error error =
        base::Error(base::sqlstate::kGeneratedAlways,
                    "cannot insert a non-DEFAULT value into column " + quoted(about.name))
            .detail(std::move(detail));
    error.fields().hint = std::move(hint);
    static_cast<void>(location);
    throw base::SqlException(std::move(error));
  };
  if (about.generated) refuse("Column " + quoted(about.name) + " is a generated column.", "");
  if (about.identity != Identity::kNone &&
      insert.override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE) {
    return false;
  }
  if (about.identity == Identity::kAlways &&
      insert.override != PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE) {
    refuse("Column " + quoted(about.name) + " is an identity column defined as GENERATED ALWAYS.",
           "Use OVERRIDING SYSTEM VALUE to override.");
  }
  return true;
}

/// One list of VALUES: by column, null where nothing is said.
std::vector<Expr*> Binder::insert_row(const Modification& modify, const PgQuery__InsertStmt& insert,
                                      const PgQuery__List& list, const std::vector<int>& columns,
                                      Scope& scope) {
  std::vector<Expr*> row(modify.table->live.size(), nullptr);
  for (size_t i = 0; i < list.n_items; ++i) {
    const PgQuery__Node& node = *list.items[i];
    bool part = insert.n_cols > 0 && insert.cols[i]->res_target->n_indirection > 0;
    if (is_default(node) && part) refuse_part_default(*insert.cols[i]->res_target);
    if (is_default(node)) continue;
    auto column = static_cast<size_t>(columns[i]);
    Expr* value = bind(node, scope, Clause::kInsertValues);
    if (columns[i] < 0) refuse_computed(*modify.view, i);
    if (!check_insertable(modify, columns[i], insert, value->location)) continue;
    row[column] = part ? part_assigned(*modify.table, columns[i], *insert.cols[i]->res_target,
                                       value, row[column], scope)
                       : assigned(*modify.table, columns[i], value);
  }
  return row;
}

void Binder::bind_insert_values(Modification& modify, const PgQuery__InsertStmt& insert,
                                std::vector<int> columns, Scope& scope) {
  const PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
  const TableInfo& table = *modify.table;
  const size_t width = select.values_lists[0]->list->n_items;
  for (size_t r = 0; r < select.n_values_lists; ++r) {
    if (select.values_lists[r]->list->n_items != width) {
      fail_at(location_of(*select.values_lists[r]), base::sqlstate::kSyntaxError,
              "VALUES lists must all be the same length");
    }
  }
  const PgQuery__List& first = *select.values_lists[0]->list;
  int extra = columns.size() < width ? location_of(*first.items[columns.size()]) : -1;
  check_insert_width(insert, width, extra, columns);
  if (select.n_values_lists == 1) {
    modify.row = insert_row(modify, insert, first, columns, scope);
    return;
  }
  Query& source = memory_.queries.emplace_back();
  source.kind = Query::Kind::kValues;
  std::vector<std::vector<Expr*>> rows;
  std::vector<bool> given(table.live.size(), false);
  for (size_t r = 0; r < select.n_values_lists; ++r) {
    rows.push_back(insert_row(modify, insert, *select.values_lists[r]->list, columns, scope));
    for (size_t i = 0; i < rows[r].size(); ++i) given[i] = given[i] || rows[r][i] != nullptr;
  }
  modify.row.assign(table.live.size(), nullptr);
  source.rows.resize(rows.size());
  for (size_t i = 0; i < table.live.size(); ++i) {
    if (!given[i]) continue;
    auto column = static_cast<int>(i);
    const Type* type = table.shape[static_cast<size_t>(table.live[i])].type;
    Expr* value = memory_.expr(ExprKind::kColumn, type, -1);
    value->index = static_cast<int>(source.targets.size());
    source.targets.push_back({value, "", false});
    modify.row[i] = value;
    for (size_t r = 0; r < rows.size(); ++r) {
      Expr* one = rows[r][i] != nullptr ? rows[r][i] : column_default(table, column);
      source.rows[r].push_back(one);
    }
  }
  modify.source = &source;
}

void Binder::bind_insert_select(Modification& modify, const PgQuery__InsertStmt& insert,
                                std::vector<int> columns, Scope& scope) {
  const TableInfo& table = *modify.table;
  keep_unknown_ = &*insert.select_stmt->select_stmt;
  Query& source =
      *bind_any(*insert.select_stmt->select_stmt, scope.parent, scope.passed, scope.passed_slots);
  keep_unknown_ = nullptr;
  auto values = static_cast<size_t>(source.visible_targets());
  int extra = columns.size() < values ? source.targets[columns.size()].value->location : -1;
  check_insert_width(insert, values, extra, columns);
  modify.row.assign(table.live.size(), nullptr);
  for (size_t i = 0; i < values; ++i) {
    Target& target = source.targets[i];
    if (columns[i] < 0) refuse_computed(*modify.view, i);
    if (!check_insertable(modify, columns[i], insert, target.value->location)) continue;
    // A literal takes the column's type, as if it stood in VALUES.
    bool part = insert.n_cols > 0 && insert.cols[i]->res_target->n_indirection > 0;
    Expr*& made = modify.row[static_cast<size_t>(columns[i])];
    const bool literal = target.value->type->oid == types::kUnknown;
    if (literal && part) {
      made =
          part_assigned(table, columns[i], *insert.cols[i]->res_target, target.value, made, scope);
      target.value = coerce_type(target.value, type_of(types::kText), CastContext::kImplicit);
      continue;
    }
    if (literal) target.value = assigned(table, columns[i], target.value);
    Expr* value = memory_.expr(ExprKind::kColumn, target.value->type, target.value->location);
    value->index = static_cast<int>(i);
    value->typmod = target.value->typmod;
    made = part ? part_assigned(table, columns[i], *insert.cols[i]->res_target, value, made, scope)
                : assigned(table, columns[i], value);
  }
  modify.source = &source;
}

void Binder::bind_insert(Query& query, const PgQuery__InsertStmt& insert, Scope& scope) {
  bool lifting = lifting_;
  FromItem& target =
      bind_target(query, *insert.relation, Modification::Kind::kInsert, bit(Privilege::kInsert));
  Modification& modify = *query.modify;
  std::vector<int> columns = insert_columns(modify, insert);
  if (insert.select_stmt == nullptr) {
    modify.row.assign(modify.table->live.size(), nullptr);
  } else {
    const PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
    bool plain = select.n_values_lists > 0 && select.n_sort_clause == 0 &&
                 select.limit_count == nullptr && select.limit_offset == nullptr &&
                 select.with_clause == nullptr && select.n_locking_clause == 0;
    if (plain) {
      bind_insert_values(modify, insert, std::move(columns), scope);
    } else {
      bind_insert_select(modify, insert, std::move(columns), scope);
    }
  }
  RelationUse& use = use_target(modify, 0);
  for (size_t i = 0; i < modify.row.size(); ++i) {
    if (modify.row[i] != nullptr && modify.view == nullptr)
      use.written.push_back(modify.table->live[i]);
    if (modify.row[i] == nullptr) {
      modify.row[i] = column_default(*modify.table, static_cast<int>(i));
    }
  }
  bind_rules(modify);
  add_target(scope, modify);
  if (insert.on_conflict_clause != nullptr) {
    bind_conflict(query, *insert.on_conflict_clause, target, scope);
  }
  bind_returning(query, insert.returning_list, insert.n_returning_list, scope);
  lifting_ = lifting;
}

}  // namespace isolde::sql
