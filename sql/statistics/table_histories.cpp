#include "sql/statistics/table_histories.hpp"

#include <algorithm>
#include <set>

namespace isolde::sql {

void TableHistories::change(TableKey key, const std::function<void(TableHistory&)>& change) {
  Part& part = parts_[KeyHash{}(key) % kParts];
  std::lock_guard lock(part.mutex);
  change(part.tables[key]);
}

void TableHistories::add(TableKey key, const RowChanges& changes, bool committed) {
  change(key, [&](TableHistory& table) {
    table.inserted += changes.inserted;
    table.updated += changes.updated;
    table.hot_updated += changes.hot_updated;
    table.deleted += changes.deleted;
    table.inserted_since_vacuum += changes.inserted;
    if (!committed) {
      table.dead += changes.made;
      return;
    }
    if (changes.emptied) table.live = table.dead = table.inserted_since_vacuum = 0;
    table.live = std::max<int64_t>(0, table.live + changes.live);
    table.dead += changes.dead;
    table.changed_since_analyze += changes.changed;
  });
}

void TableHistories::vacuumed(TableKey key, int64_t live, int64_t dead, bool by_worker) {
  change(key, [&](TableHistory& table) {
    table.live = live;
    table.dead = dead;
    table.inserted_since_vacuum = 0;
    (by_worker ? table.autovacuum : table.vacuum).done(base::wall_now());
  });
}

void TableHistories::analyzed(TableKey key, int64_t live, int64_t dead, const RowChanges& mine,
                              bool by_worker) {
  change(key, [&](TableHistory& table) {
    table.live = std::max<int64_t>(0, live - mine.live);
    table.dead = std::max<int64_t>(0, dead - mine.dead);
    table.changed_since_analyze = 0;
    (by_worker ? table.autoanalyze : table.analyze).done(base::wall_now());
  });
}

void TableHistories::counted_visible(TableKey key, int64_t pages) {
  change(key, [&](TableHistory& table) { table.all_visible_pages = pages; });
}

TableHistory TableHistories::of(TableKey key) {
  Part& part = parts_[KeyHash{}(key) % kParts];
  std::lock_guard lock(part.mutex);
  auto found = part.tables.find(key);
  return found == part.tables.end() ? TableHistory() : found->second;
}

std::vector<base::Oid> TableHistories::databases() {
  std::set<base::Oid> found;
  for (Part& part : parts_) {
    std::lock_guard lock(part.mutex);
    for (const auto& [key, history] : part.tables) found.insert(key.database);
  }
  return {found.begin(), found.end()};
}

std::vector<base::Oid> TableHistories::tables(base::Oid database) {
  std::set<base::Oid> found;
  for (Part& part : parts_) {
    std::lock_guard lock(part.mutex);
    for (const auto& [key, history] : part.tables) {
      if (key.database == database) found.insert(key.table);
    }
  }
  return {found.begin(), found.end()};
}

void TableHistories::forget(base::Oid database) {
  for (Part& part : parts_) {
    std::lock_guard lock(part.mutex);
    std::erase_if(part.tables, [&](const auto& one) { return one.first.database == database; });
  }
}

void TableHistories::forget(TableKey key) {
  Part& part = parts_[KeyHash{}(key) % kParts];
  std::lock_guard lock(part.mutex);
  part.tables.erase(key);
}

}  // namespace isolde::sql
