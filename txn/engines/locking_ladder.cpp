#include "txn/engines/locking_ladder.hpp"

#include <algorithm>

namespace isolde::txn {

using base::Result;
using base::Status;
using storage::BlockNumber;

namespace {

LockMode mode_of(RowUse use) {
  switch (use) {
    case RowUse::kRead:
      return hierarchy_mode::kShared;
    case RowUse::kMayChange:
      return hierarchy_mode::kUpdate;
    case RowUse::kChange:
      return hierarchy_mode::kExclusive;
  }
  return hierarchy_mode::kExclusive;
}

LockMode intent_of(RowUse use) {
  return use == RowUse::kRead ? hierarchy_mode::kIntentShared : hierarchy_mode::kIntentExclusive;
}

bool covered(LockModeSet held, LockMode mode) {
  return held != 0 && (held & lock_method(LockMethodId::kHierarchy).covered_by(mode)) != 0;
}

}  // namespace

LockTag LockLadder::table_tag(const Table& table) const {
  return LockTag::of_relation(transaction_.database(), table.oid);
}
LockTag LockLadder::page_tag(const Table& table, uint32_t block) const {
  return LockTag::of_page(transaction_.database(), table.oid, BlockNumber{block});
}
LockTag LockLadder::row_tag(const Table& table, TupleId root) const {
  return LockTag::of_tuple(transaction_.database(), table.oid, root);
}

/// False: without waiting it cannot be had.
Result<bool> LockLadder::acquire(const LockTag& tag, LockMode mode, LockModeSet& held, bool wait) {
  if (covered(held, mode)) return true;
  AcquireOptions options;
  options.wait = wait;
  options.policy = transaction_.locker().settings().deadlock_policy;
  auto granted = locks().acquire(transaction_.locker(), tag, mode, options);
  if (!granted) return granted.take_error();
  if (*granted == Granted::kNotAvailable) return false;
  held |= mode.bit();
  return true;
}

void LockLadder::release_all(const LockTag& tag, LockModeSet& held) {
  for (unsigned rest = held; rest != 0; rest &= rest - 1) {
    const auto mode = static_cast<uint8_t>(__builtin_ctz(rest));
    locks().release(transaction_.locker(), tag, {LockMethodId::kHierarchy, mode});
  }
  held = 0;
}

Result<bool> LockLadder::enter(const Table& table, HeldTable& held, LockMode intent, bool wait) {
  if (covered(held.modes, intent)) return true;
  auto database = acquire(LockTag::of_database(transaction_.database()), intent, database_, wait);
  if (!database || !*database) return database;
  return acquire(table_tag(table), intent, held.modes, wait);
}

Result<Granted> LockLadder::lock_row(const Table& table, TupleId root, RowUse use, bool wait) {
  HeldTable& held = tables_[table.oid.value];
  const LockMode mode = mode_of(use);
  const LockMode intent = intent_of(use);
  if (covered(held.modes, mode)) return Granted::kHeldAlready;
  auto entered = enter(table, held, intent, wait);
  if (!entered) return entered.take_error();
  if (!*entered) return Granted::kNotAvailable;
  const uint32_t block = root.block.value;
  HeldPage& page = held.pages[block];
  if (covered(page.modes, mode)) return Granted::kHeldAlready;
  entered = acquire(page_tag(table, block), intent, page.modes, wait);
  if (!entered) return entered.take_error();
  if (!*entered) return Granted::kNotAvailable;

  auto row = std::find_if(page.rows.begin(), page.rows.end(),
                          [&](const HeldRow& one) { return one.slot == root.slot; });
  const bool is_new = row == page.rows.end();
  if (!is_new && covered(row->modes, mode)) return Granted::kHeldAlready;
  LockModeSet modes = is_new ? LockModeSet{0} : row->modes;
  auto locked = acquire(row_tag(table, root), mode, modes, wait);
  if (!locked) return locked.take_error();
  if (!*locked) return Granted::kNotAvailable;
  if (!is_new) {
    row->modes = modes;
  } else {
    page.rows.push_back({root.slot, modes});
    ++held.rows;
  }
  held.strongest = std::max(held.strongest, use);
  escalate(table, held, block, page);
  return Granted::kNew;
}

void LockLadder::release_row(const Table& table, TupleId root, RowUse use) {
  auto at = tables_.find(table.oid.value);
  if (at == tables_.end()) return;
  HeldTable& held = at->second;
  auto page = held.pages.find(root.block.value);
  if (page == held.pages.end()) return;
  auto& rows = page->second.rows;
  auto row = std::find_if(rows.begin(), rows.end(),
                          [&](const HeldRow& one) { return one.slot == root.slot; });
  const LockMode mode = mode_of(use);
  if (row == rows.end() || (row->modes & mode.bit()) == 0) return;
  locks().release(transaction_.locker(), row_tag(table, root), mode);
  row->modes &= static_cast<LockModeSet>(~mode.bit());
  if (row->modes != 0) return;
  *row = rows.back();
  rows.pop_back();
  --held.rows;
  if (!rows.empty() || page->second.modes != hierarchy_mode::kIntentShared.bit()) return;
  release_all(page_tag(table, root.block.value), page->second.modes);
  held.pages.erase(page);
}

Status LockLadder::weaken_row(const Table& table, TupleId root) {
  auto at = tables_.find(table.oid.value);
  if (at == tables_.end()) return {};
  auto page = at->second.pages.find(root.block.value);
  if (page == at->second.pages.end()) return {};
  for (HeldRow& row : page->second.rows) {
    if (row.slot != root.slot || (row.modes & hierarchy_mode::kUpdate.bit()) == 0) continue;
    // Whoever holds U may read: this does not wait.
    auto shared =
        locks().acquire(transaction_.locker(), row_tag(table, root), hierarchy_mode::kShared);
    if (!shared) return shared.take_error();
    row.modes |= hierarchy_mode::kShared.bit();
    release_row(table, root, RowUse::kMayChange);
    break;
  }
  return {};
}

Status LockLadder::lock_table(const Table& table, LockMode mode) {
  HeldTable& held = tables_[table.oid.value];
  if (covered(held.modes, mode)) return {};
  const LockMode intent = mode == hierarchy_mode::kShared ? hierarchy_mode::kIntentShared
                                                          : hierarchy_mode::kIntentExclusive;
  auto database = acquire(LockTag::of_database(transaction_.database()), intent, database_, true);
  if (!database) return database.take_error();
  auto locked = acquire(table_tag(table), mode, held.modes, true);
  return locked ? Status() : Status(locked.take_error());
}

Status LockLadder::enter_table(const Table& table) {
  auto entered = enter(table, tables_[table.oid.value], hierarchy_mode::kIntentExclusive, true);
  return entered ? Status() : Status(entered.take_error());
}

Status LockLadder::pass_page(const Table& table, BlockNumber block) {
  HeldTable& held = tables_[table.oid.value];
  auto entered = enter(table, held, hierarchy_mode::kIntentShared, true);
  if (!entered) return entered.take_error();
  const LockTag tag = page_tag(table, block.value);
  const LockMode mode = hierarchy_mode::kIntentShared;
  if (covered(held.modes, hierarchy_mode::kShared) || held.pages.contains(block.value) ||
      locks().is_free(transaction_.locker(), tag, mode))
    return {};
  LockModeSet here = 0;
  auto locked = acquire(tag, mode, here, true);
  if (!locked) return locked.take_error();
  release_all(tag, here);
  return {};
}

bool LockLadder::covers_table(Oid table, RowUse use) const {
  auto at = tables_.find(table.value);
  return at != tables_.end() && covered(at->second.modes, mode_of(use));
}

void LockLadder::done_reading(const Table& table) {
  constexpr LockModeSet kOnlyReading = hierarchy_mode::kIntentShared.bit();
  auto at = tables_.find(table.oid.value);
  if (at == tables_.end() || at->second.modes != kOnlyReading || !at->second.pages.empty()) return;
  release_all(table_tag(table), at->second.modes);
  tables_.erase(at);
  if (tables_.empty() && database_ == kOnlyReading)
    release_all(LockTag::of_database(transaction_.database()), database_);
}

// ---- escalation

void LockLadder::release_rows(const Table& table, uint32_t block, HeldPage& page) {
  for (HeldRow& row : page.rows)
    release_all(row_tag(table, {BlockNumber{block}, row.slot}), row.modes);
  page.rows.clear();
}

void LockLadder::escalate(const Table& table, HeldTable& held, uint32_t block, HeldPage& page) {
  const LockSettings& settings = transaction_.locker().settings();
  const uint32_t most = settings.rows_before_page_lock;
  if (most != 0 && page.rows.size() > most) {
    LockModeSet together = 0;
    for (const HeldRow& row : page.rows) together |= row.modes;
    const LockMode mode =
        (together & hierarchy_mode::kExclusive.bit()) != 0 ? hierarchy_mode::kExclusive
        : (together & hierarchy_mode::kUpdate.bit()) != 0  ? hierarchy_mode::kUpdate
                                                           : hierarchy_mode::kShared;
    auto locked = acquire(page_tag(table, block), mode, page.modes, false);
    if (locked && *locked) release_rows(table, block, page);
  }
  const uint32_t most_of_table = settings.rows_before_table_lock;
  if (most_of_table != 0 && held.rows > std::max(most_of_table, held.next_try))
    escalate_table(table, held);
}

void LockLadder::escalate_table(const Table& table, HeldTable& held) {
  held.next_try = held.rows + held.rows / 4;
  auto locked = acquire(table_tag(table), mode_of(held.strongest), held.modes, false);
  if (!locked || !*locked) return;
  for (auto& [block, page] : held.pages) {
    release_rows(table, block, page);
    release_all(page_tag(table, block), page.modes);
  }
  held.pages.clear();
  held.rows = 0;
}

}  // namespace isolde::txn
