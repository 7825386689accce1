#pragma once

#include <vector>

#include "sql/ddl/definer.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"

namespace isolde::sql {

/// Adds rows to a table that nobody else has yet, without looking at its rules: a table that is
/// being made or rewritten, whose indexes come later.
class RowAppender {
 public:
  RowAppender(Definer& d, Oid table);
  const TableInfo& table() const { return *table_; }
  /// A value a live column.
  void add(const Datum* row);

 private:
  Definer& d_;
  std::shared_ptr<const TypeSource> types_;
  TableInfoPtr table_;
  storage::Overflow overflow_;
  RowEncoder encoder_;
  std::vector<Datum> by_place_;
};

}  // namespace isolde::sql
