#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include <string>
#include <string_view>
#include <vector>

#include "sql/table/table_info.hpp"
#include "txn/lock_tag.hpp"

namespace isolde::sql {

class SessionServices;

/// What locks are on, for people: tables, indexes, key values. Known of tables of the session's own
/// database; of others there are only numbers, and of tables that the user may not read no values.
/// Reads without locks, so it shows what is there now.
class LockPlaces {
 public:
  explicit LockPlaces(SessionServices& services, Arena& arena);

  struct Place {
    const TableInfo* table = nullptr;
    const IndexInfo* index = nullptr;  ///< of keys and gaps; null: of the table as a whole
    std::string schema;
    bool readable = false;  ///< by the user
  };
  /// Of relations, pages, rows, keys and gaps; otherwise, or if unknown, empty.
  const Place& of(const txn::LockTag& tag);

  /// The values of a key of an index, which is the lock's label: "10, 'a'". A part is left out that
  /// cannot be read back.
  std::string key_values(const Place& place, std::string_view label);
  /// The rows with this key of an index: the places where they begin.
  static std::vector<storage::TupleId> rows_with(const Place& place, std::string_view label);
  /// What names a row: its primary key's values, or its place as InnoDB's hidden row id. Empty when
  /// it has gone.
  std::string row_values(const Place& place, storage::TupleId root);
  static const IndexInfo* primary_key(const TableInfo& table);

 private:
  TableInfoPtr table_info(Oid relation);
  void append_value(std::string& text, const Type& type, Datum value) const;

  SessionServices& services_;
  Arena& arena_;
  absl::node_hash_map<Oid, Place> places_;
  absl::flat_hash_map<Oid, TableInfoPtr> tables_;
};

}  // namespace isolde::sql
