// COPY table FROM.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

/// The columns (by number among the live ones) that COPY names, or all that can be copied.
std::vector<int> Binder::copy_columns(const TableInfo& table, const PgQuery__CopyStmt& copy) {
  std::vector<int> columns;
  auto quoted = [](std::string_view name) { return "\"" + std::string(name) + "\""; };
  for (size_t i = 0; i < copy.n_attlist; ++i) {
    std::string_view name = string_of(*copy.attlist[i]);
    auto named = [&](int place) { return table.column(place).name == name; };
    auto found = std::find_if(table.live.begin(), table.live.end(), named);
    if (found == table.live.end()) {
      fail_at(
          -1, base::sqlstate::kUndefinedColumn,
          "column " + quoted(name) + " of relation " + quoted(table.name()) + " does not exist");
    }
    auto column = static_cast<int>(found - table.live.begin());
    if (table.column(*found).generated) {
      fail_at(-1, base::Error(base::sqlstate::kInvalidColumnReference,
                              "column " + quoted(name) + " is a generated column")
                      .detail("Generated columns cannot be used in COPY."));
    }
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      fail_at(-1, base::sqlstate::kDuplicateColumn,
              "column " + quoted(name) + " specified more than once");
    }
    columns.push_back(column);
  }
  if (copy.n_attlist > 0) return columns;
  for (size_t i = 0; i < table.live.size(); ++i) {
    if (!table.column(table.live[i]).generated) columns.push_back(static_cast<int>(i));
  }
  return columns;
}

Query* Binder::bind_copy(const PgQuery__CopyStmt& copy) {
  Query& query = memory_.queries.emplace_back();
  query.kind = Query::Kind::kModify;
  query.modify = &memory_.modifications.emplace_back();
  current_ = &query;
  lifting_ = false;
  utility_ = true;
  RelationPtr relation = find_relation(*copy.relation);
  if (relation->relation_kind == RelationKind::kMaterializedView) {
    fail_at(-1, base::sqlstate::kWrongObjectType,
            "cannot copy to materialized view \"" + relation->name + "\"");
  }
  if (relation->relation_kind == RelationKind::kView) {
    throw base::SqlException(
        base::Error(base::sqlstate::kWrongObjectType,
                    "cannot copy to view \"" + relation->name + "\"")
            .hint("To enable copying to a view, provide an INSTEAD OF INSERT trigger."));
  }
  FromItem& target =
      bind_target(query, *copy.relation, Modification::Kind::kInsert, bit(Privilege::kInsert));
  Modification& modify = *query.modify;
  modify.counts = true;
  const TableInfo& table = *modify.table;
  Query& source = memory_.queries.emplace_back();
  source.kind = Query::Kind::kInput;
  modify.source = &source;
  modify.row.assign(table.live.size(), nullptr);
  RelationUse& use = use_relation(table.oid(), txn::table_mode::kRowExclusive, 0);
  for (int column : copy_columns(table, copy)) {
    const ColumnInfo& about = target.columns[static_cast<size_t>(column)];
    Expr* value = memory_.expr(ExprKind::kColumn, about.type, -1);
    value->index = static_cast<int>(source.targets.size());
    value->typmod = about.typmod;
    source.targets.push_back({value, about.name, false});
    bool domain = about.type->kind == TypeKind::kDomain;
    modify.row[static_cast<size_t>(column)] = domain ? constrained_deeply(value) : value;
    use.written.push_back(table.live[static_cast<size_t>(column)]);
  }
  for (size_t i = 0; i < modify.row.size(); ++i) {
    if (modify.row[i] == nullptr) modify.row[i] = column_default(table, static_cast<int>(i));
  }
  bind_rules(modify);
  if (copy.where_clause != nullptr) {
    Scope scope;
    add_table(scope, target);
    modify.where = to_bool(bind(*copy.where_clause, scope, Clause::kCopyWhere), "WHERE");
  }
  current_ = nullptr;
  return &query;
}

}  // namespace isolde::sql
