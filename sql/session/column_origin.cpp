#include "sql/session/column_origin.hpp"

#include "sql/table/table_info.hpp"
#include "sql/views/virtual_table.hpp"

namespace isolde::sql {

namespace {

const FromItem* item_at(const FromItem& item, int index) {
  if (item.kind == FromItem::Kind::kJoin) {
    const FromItem* found = item_at(*item.left, index);
    return found != nullptr ? found : item_at(*item.right, index);
  }
  return index >= item.offset && index < item.offset + item.width() ? &item : nullptr;
}

ColumnOrigin of_table(const TableInfo& table, size_t column) {
  if (column >= table.live.size()) return {};
  return {table.oid(), static_cast<int16_t>(table.live[column] + 1)};
}

/// Through a subquery to what it takes its column from.
ColumnOrigin of_target(const Query& query, size_t column) {
  if (column >= query.targets.size()) return {};
  return origin_of(query, *query.targets[column].value);
}

/// Of a column over the rows that FROM gives.
ColumnOrigin of_row(const Query& query, const Expr& value) {
  if (value.kind != ExprKind::kColumn) return {};
  const FromItem* item = nullptr;
  if (query.kind == Query::Kind::kModify && query.modify->kind == Modification::Kind::kInsert) {
    return of_table(*query.modify->table, static_cast<size_t>(value.index));
  }
  if (query.kind != Query::Kind::kSelect && query.kind != Query::Kind::kModify) return {};
  for (const FromItem* one : query.from) {
    if (item == nullptr) item = item_at(*one, value.index);
  }
  if (item == nullptr) return {};
  const auto column = static_cast<size_t>(value.index - item->offset);
  if (item->view != nullptr) return {item->view->oid, static_cast<int16_t>(column + 1)};
  switch (item->kind) {
    case FromItem::Kind::kTable:
      return of_table(*item->info, column);
    case FromItem::Kind::kSubquery:
      return of_target(*item->query, column);
    case FromItem::Kind::kCommonTable:
      return item->work_table ? ColumnOrigin() : of_target(*item->common->query, column);
    default:
      return {};
  }
}

}  // namespace

ColumnOrigin origin_of(const Query& query, const Expr& value) {
  if (!query.grouped) return of_row(query, value);
  // The columns of a group are its keys, then the aggregates.
  const bool key =
      value.kind == ExprKind::kColumn && static_cast<size_t>(value.index) < query.group_by.size();
  return key ? of_row(query, *query.group_by[static_cast<size_t>(value.index)]) : ColumnOrigin();
}

}  // namespace isolde::sql
