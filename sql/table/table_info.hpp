#pragma once

#include <memory>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/table/key_codec.hpp"
#include "sql/table/row_shape.hpp"
#include "sql/types/type_registry.hpp"
#include "txn/table.hpp"

namespace isolde::sql {

/// One index of a table: how keys are made of its rows.
struct IndexInfo {
  RelationPtr relation;
  txn::Index* index = nullptr;
  KeyCodec codec;
  /// By key column: its place in the table's shape, or -1 for an expression.
  std::vector<int> columns;

  const IndexObject& description() const { return *relation->index; }
  bool has_expressions() const;
  /// Can the planner look things up in it?
  bool usable() const { return description().valid; }
  /// Stands for a column being referenced by foreign keys: unique, total, of plain columns.
  bool is_candidate_key() const;
};

/// A table with all that reading and writing its rows needs. Made for one state of the catalog and
/// immutable; statements keep those they use.
struct TableInfo {
  RelationPtr relation;
  txn::TablePtr table;
  RowShape shape;  ///< by attnum - 1
  std::vector<IndexInfo> indexes;
  /// Places in `shape` of the columns that are not dropped: what a query sees, in order.
  std::vector<int> live;

  Oid oid() const { return relation->oid; }
  const std::string& name() const { return relation->name; }
  const ColumnObject& column(int place) const {
    return relation->columns[static_cast<size_t>(place)];
  }
  bool has_dropped() const { return live.size() != shape.size(); }
  /// The place of a live column by name, or -1.
  int find(std::string_view name) const;
  std::string schema_name(const CatalogImage& image) const;
};
using TableInfoPtr = std::shared_ptr<const TableInfo>;

/// `table` has the indexes that `image` has.
TableInfoPtr make_table_info(const CatalogImage& image, RelationPtr relation, txn::TablePtr table,
                             const TypeSource& types);
/// How an index's keys are encoded.
KeyCodec key_codec(const IndexObject& index, const TypeSource& types);

}  // namespace isolde::sql
