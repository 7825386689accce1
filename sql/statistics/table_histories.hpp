#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "sql/statistics/table_changes.hpp"

namespace isolde::sql {

struct TableKey {
  base::Oid database;
  base::Oid table;
  bool operator==(const TableKey&) const = default;
};

/// What has happened to a table since the server started: pg_stat_all_tables, and what autovacuum
/// goes by.
struct TableHistory {
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t hot_updated = 0;
  int64_t deleted = 0;
  int64_t live = 0;  ///< estimates, set right by VACUUM and ANALYZE
  int64_t dead = 0;
  int64_t changed_since_analyze = 0;
  int64_t inserted_since_vacuum = 0;
  std::optional<int64_t> all_visible_pages;  ///< when they were counted last

  /// One kind of maintenance.
  struct Care {
    int64_t times = 0;
    std::optional<base::Timestamp> last;
    void done(base::Timestamp now) { ++times, last = now; }
  };
  Care vacuum, autovacuum, analyze, autoanalyze;
};

/// The histories of all tables of the server. Thread safe.
class TableHistories {
 public:
  /// A transaction is over.
  void add(TableKey key, const RowChanges& changes, bool committed);
  /// VACUUM or ANALYZE has counted; `by_worker`: autovacuum did it.
  void vacuumed(TableKey key, int64_t live, int64_t dead, bool by_worker);
  void counted_visible(TableKey key, int64_t pages);
  /// `mine`: what the transaction that analyses has done itself, and will tell at its end.
  void analyzed(TableKey key, int64_t live, int64_t dead, const RowChanges& mine, bool by_worker);
  TableHistory of(TableKey key);
  /// Those of which there is anything to tell.
  std::vector<base::Oid> databases();
  std::vector<base::Oid> tables(base::Oid database);
  /// A whole database, or one table.
  void forget(base::Oid database);
  void forget(TableKey key);

 private:
  static constexpr size_t kParts = 16;
  struct KeyHash {
    size_t operator()(const TableKey& key) const {
      return (uint64_t{key.database.value} << 32 | key.table.value) * 0x9e3779b97f4a7c15U >> 16;
    }
  };
  struct Part {
    std::mutex mutex;
    std::unordered_map<TableKey, TableHistory, KeyHash> tables;  // guarded by mutex
  };
  void change(TableKey key, const std::function<void(TableHistory&)>& change);

  Part parts_[kParts];
};

}  // namespace isolde::sql
