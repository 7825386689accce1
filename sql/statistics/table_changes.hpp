#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "base/ids.hpp"

namespace isolde::sql {

class SessionServices;
class TableHistories;

/// What a transaction has done to the rows of a table.
struct RowChanges {
  // Whatever becomes of it.
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t hot_updated = 0;
  int64_t deleted = 0;
  // If it commits.
  bool emptied = false;  ///< by TRUNCATE, before the rest
  int64_t live = 0;      ///< rows more or less
  int64_t dead = 0;      ///< versions that nobody will need
  int64_t changed = 0;
  // If it does not.
  int64_t made = 0;  ///< versions
};

/// The changes of one transaction, savepoint by savepoint, told to the histories at its end.
class TableChanges {
 public:
  TableChanges() { levels_.emplace_back(); }

  void inserted(base::Oid table) {
    RowChanges& now = of(table);
    ++now.inserted, ++now.live, ++now.changed, ++now.made;
  }
  void updated(base::Oid table, bool hot) {
    RowChanges& now = of(table);
    ++now.updated, ++now.dead, ++now.changed, ++now.made;
    if (hot) ++now.hot_updated;
  }
  void deleted(base::Oid table) {
    RowChanges& now = of(table);
    ++now.deleted, --now.live, ++now.dead, ++now.changed;
  }
  void emptied(base::Oid table);
  /// As of now, in all savepoints.
  RowChanges so_far(base::Oid table) const;

  void define_savepoint();
  void release_savepoints(size_t at);
  void roll_back_to_savepoint(size_t at);
  void end(bool committed, base::Oid database, TableHistories& histories);

 private:
  using Level = std::unordered_map<base::Oid, RowChanges>;
  RowChanges& of(base::Oid table) {
    if (last_ == nullptr || last_table_ != table) {
      last_ = &levels_.back()[table];
      last_table_ = table;
    }
    return *last_;
  }
  void close_level(bool kept);

  std::deque<Level> levels_;  ///< of the transaction, then of its savepoints
  base::Oid last_table_;
  RowChanges* last_ = nullptr;  ///< of the innermost level
};

/// Those of the session's transaction: whoever writes rows tells them.
TableChanges& table_changes_of(SessionServices& session);

}  // namespace isolde::sql
