#include "sql/statistics/table_changes.hpp"

#include "sql/statistics/table_histories.hpp"

namespace isolde::sql {

namespace {

void add_totals(RowChanges& to, const RowChanges& from) {
  to.inserted += from.inserted;
  to.updated += from.updated;
  to.hot_updated += from.hot_updated;
  to.deleted += from.deleted;
  to.made += from.made;
}

void follow(RowChanges& to, const RowChanges& then) {
  add_totals(to, then);
  if (then.emptied) {
    to.emptied = true;
    to.live = to.dead = 0;
  }
  to.live += then.live;
  to.dead += then.dead;
  to.changed += then.changed;
}

}  // namespace

void TableChanges::emptied(base::Oid table) {
  RowChanges& now = of(table);
  now.emptied = true;
  now.live = now.dead = 0;
}

RowChanges TableChanges::so_far(base::Oid table) const {
  RowChanges all;
  for (const Level& level : levels_) {
    if (auto found = level.find(table); found != level.end()) follow(all, found->second);
  }
  return all;
}

void TableChanges::define_savepoint() {
  levels_.emplace_back();
  last_ = nullptr;
}

/// What was undone leaves its versions behind as dead ones.
void TableChanges::close_level(bool kept) {
  Level inner = std::move(levels_.back());
  levels_.pop_back();
  last_ = nullptr;
  for (const auto& [table, changes] : inner) {
    RowChanges& outer = levels_.back()[table];
    if (kept) {
      follow(outer, changes);
    } else {
      add_totals(outer, changes);
      outer.dead += changes.made;
    }
  }
}

void TableChanges::release_savepoints(size_t at) {
  while (levels_.size() > at + 1) close_level(true);
}

void TableChanges::roll_back_to_savepoint(size_t at) {
  while (levels_.size() > at + 1) close_level(false);
  define_savepoint();
}

void TableChanges::end(bool committed, base::Oid database, TableHistories& histories) {
  if (levels_.size() > 1) release_savepoints(0);
  for (const auto& [table, changes] : levels_.front()) {
    histories.add({database, table}, changes, committed);
  }
  levels_.front().clear();
  last_ = nullptr;
}

}  // namespace isolde::sql
