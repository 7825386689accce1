#include "txn/current_transaction.hpp"

#include <algorithm>

#include "base/sqlstate.hpp"
#include "txn/lock_manager.hpp"
#include "txn/row_claim.hpp"
#include "txn/snapshot_scan.hpp"
#include "txn/unique_check.hpp"

namespace isolde::txn {

using base::Error;
using base::Result;
using base::Status;
using storage::GapVerdict;
using storage::NewVersion;
using storage::TxnFate;
using storage::VersionFate;
using storage::VersionHeader;
using storage::VersionMark;
using storage::VersionView;
using State = CurrentRow::State;

namespace {

NewVersion version_of(const NewRow& row, TxnId id, CommandId command) {
  return {id, command, row.payload,
          static_cast<uint16_t>(row.has_overflow ? storage::kHasOverflow : 0)};
}

WriteResult outcome(Outcome what, TupleId id = {}) {
  WriteResult result;
  result.outcome = what;
  result.id = id;
  return result;
}

}  // namespace

/// A wish for one row, followed from root to root.
struct CurrentTransaction::Change {
  enum class Kind : uint8_t { kUpdate, kRemove, kLock };
  Kind kind;
  Table& table;
  RowUse use = RowUse::kChange;
  RowLock strength = RowLock::kUpdate;
  LockWait wait = LockWait::kWait;
  const NewRow* row = nullptr;  ///< of an update
  bool hot = false;
};

// ---- gaps

void CurrentTransaction::watch_gaps(Oid index) {
  if (watches_gaps(index)) return;
  // What is deleted from now on stays, so that gaps keep the keys they are named by.
  if (!stable_since_) stable_since_ = take_snapshot();
  watched_.push_back(index);
  gap_watch().add(index);
}

bool CurrentTransaction::watches_gaps(Oid index) const {
  return std::find(watched_.begin(), watched_.end(), index) != watched_.end();
}

void CurrentTransaction::ended(bool) {
  for (Oid index : watched_) gap_watch().remove(index);
  watched_.clear();
}

Result<bool> CurrentTransaction::is_stable_row(Table& table, TupleId root) {
  storage::VersionBatch chain;
  auto found = table.heap.read_chain(root, chain);
  if (!found) return found;
  for (const VersionView& version : chain.versions()) {
    const VersionHeader& header = version.header;
    if ((header.infomask & (kRetracted | storage::kXminAborted)) != 0) continue;
    if (manager().state(header.xmin).fate != TxnFate::kCommitted) continue;
    if (only_locks(header)) return true;
    const storage::TxnState ended = manager().state(header.xmax);
    if (ended.fate != TxnFate::kCommitted || ended.seq > stable_since_->seq) return true;
  }
  return false;
}

/// Nothing is left of the row for anybody, so its entry does not count.
Result<bool> CurrentTransaction::is_dead(Table& table, TupleId root, storage::VersionBatch& chain) {
  auto found = table.heap.read_chain(root, chain);
  if (!found) return found;
  return std::all_of(chain.versions().begin(), chain.versions().end(), [&](const VersionView& v) {
    return manager().judge(v.header) == VersionFate::kDead;
  });
}

// ---- inserting

Result<WriteResult> CurrentTransaction::insert(Table& table, const NewRow& row) {
  if (Status s = enter_table(table); !s) return s.take_error();
  if (Status s = before_insert(table); !s) return s.take_error();
  if (Status s = await_gaps(table, row, TupleId{}); !s) return s.take_error();
  auto id = write_id();
  if (!id) return id.take_error();
  auto place = table.heap.insert(version_of(row, *id, command()));
  if (!place) return place.take_error();
  if (Status s = made_row(table, *place); !s) return s.take_error();
  return insert_entries(table, row, *place, TupleId{});
}

/// Waits for whoever has locked gaps that the row's entries will come into, while nobody can meet
/// the row yet. It is asked again when the entries are inserted.
Status CurrentTransaction::await_gaps(Table& table, const NewRow& row, TupleId moved_from) {
  const auto watched = [&](const Index& index) { return gap_watch().any(index.oid); };
  const bool any = std::any_of(table.indexes.begin(), table.indexes.end(),
                               [&](const auto& index) { return watched(*index); });
  if (!any || row.entries == nullptr) return {};
  for (const IndexEntry& entry : row.entries->entries()) {
    if (!watched(*entry.index)) continue;
    auto same_key = keeps_key(entry, moved_from);
    if (!same_key) return same_key.take_error();
    if (*same_key) continue;
    storage::BtreeCursor cursor(entry.index->tree);
    Status s = cursor.seek(entry.key);
    for (; s && cursor.valid(); s = cursor.next()) {
      if (std::ranges::equal(cursor.key(), entry.key)) continue;
      auto dead = is_dead(table, cursor.row(), chain_);
      if (!dead) return dead.take_error();
      if (!*dead) break;
    }
    if (!s) return s;
    const Bytes key = cursor.valid() ? Bytes(cursor.key().begin(), cursor.key().end()) : Bytes();
    const ByteSpan name(key);
    const ByteSpan* const gap = cursor.valid() ? &name : nullptr;
    if (gap_is_free(*entry.index, gap)) continue;
    if (s = await_gap(*entry.index, gap); !s) return s;
    release_gap(*entry.index, gap);
  }
  return {};
}

/// The entries of a version that is in its place. With a duplicate, the version is taken back.
Result<WriteResult> CurrentTransaction::insert_entries(Table& table, const NewRow& row, TupleId id,
                                                       TupleId moved_from) {
  if (row.entries == nullptr) return outcome(Outcome::kDone, id);
  for (const IndexEntry& entry : row.entries->entries()) {
    auto inserted = insert_entry(table, entry, id, moved_from);
    if (!inserted) return inserted;
    if (inserted->outcome == Outcome::kDone) continue;
    if (Status s = retract(table, id); !s) return s.take_error();
    return inserted;
  }
  return outcome(Outcome::kDone, id);
}

/// Does a row that moves keep its key in this index? Then nobody who has locked gaps there minds:
/// who has read the row keeps it from moving, and who comes to the old entry goes on to the new.
Result<bool> CurrentTransaction::keeps_key(const IndexEntry& entry, TupleId moved_from) {
  if (!moved_from.valid() || !gap_watch().any(entry.index->oid)) return false;
  std::vector<TupleId> rows;
  if (Status s = entry.index->tree.lookup(entry.key, rows); !s) return s.take_error();
  return std::find(rows.begin(), rows.end(), moved_from) != rows.end();
}

Result<WriteResult> CurrentTransaction::insert_entry(Table& table, const IndexEntry& entry,
                                                     TupleId id, TupleId moved_from) {
  Index& index = *entry.index;
  auto same_key = keeps_key(entry, moved_from);
  if (!same_key) return same_key.take_error();
  auto writer = write_id();
  if (!writer) return writer.take_error();
  if (watches_gaps(index.oid)) {
    if (Status s = inherit_gap(index, entry.key); !s) return s.take_error();
  }
  storage::VersionBatch chain;
  Result<KeyHolder> holder = KeyHolder{};
  const auto look = [&](TupleId other) {
    holder = examine_key_holder(*this, table, other, chain);
    return !holder || holder->state != KeyHolder::State::kFree;
  };
  const storage::UniqueCheck taken(look);
  const bool checks = index.unique && index.immediate && !entry.unlike_any;
  Bytes above;  // the key that names a gap which others have locked
  bool at_end = false;
  const auto ask = [&](const ByteSpan* key, TupleId root) {
    if (*same_key || !gap_watch().any(index.oid)) return GapVerdict::kFree;
    if (key != nullptr) {
      auto dead = is_dead(table, root, chain);
      if (dead && *dead) return GapVerdict::kLookOn;
    }
    if (gap_is_free(index, key)) return GapVerdict::kFree;
    at_end = key == nullptr;
    above = at_end ? Bytes() : Bytes(key->begin(), key->end());
    return GapVerdict::kTaken;
  };
  const storage::GapCheck locked(ask);
  const auto try_it = [&] {
    return index.tree.insert(*writer, entry.key, id, checks ? &taken : nullptr, &locked);
  };
  for (;;) {
    auto inserted = try_it();
    if (!inserted) return inserted.take_error();
    if (inserted->inserted) return outcome(Outcome::kDone, id);
    if (inserted->gap_taken) {
      const Bytes key = above;
      const ByteSpan name(key);
      const ByteSpan* const gap = at_end ? nullptr : &name;
      if (Status s = await_gap(index, gap); !s) return s.take_error();
      inserted = try_it();
      release_gap(index, gap);
      if (!inserted) return inserted.take_error();
      if (inserted->inserted) return outcome(Outcome::kDone, id);
      if (inserted->gap_taken) continue;
    }
    if (!holder) return holder.take_error();
    if (holder->state == KeyHolder::State::kTaken) {
      const KeyHolder found = *holder;
      auto there = lock_holder(table, inserted->stopped_by, found.version, nullptr);
      if (!there) return there.take_error();
      if (!*there) continue;
      WriteResult result = outcome(Outcome::kDuplicate);
      result.duplicate = &index;
      result.duplicate_row = found.version;
      return result;
    }
    auto waited = await_writer(holder->wait_for, true);
    if (!waited) return waited.take_error();
  }
}

Status CurrentTransaction::retract(Table& table, TupleId id) {
  auto writer = write_id();
  if (!writer) return writer.take_error();
  auto marked =
      table.heap.mark(*writer, id, [](const VersionHeader& header) -> std::optional<VersionMark> {
        return VersionMark{header.xmax, header.cmax, header.next,
                           static_cast<uint16_t>(header.infomask | kRetracted)};
      });
  return marked ? Status() : Status(marked.take_error());
}

Result<bool> CurrentTransaction::await_writer(TxnId writer, bool wait) {
  AcquireOptions options;
  options.wait = wait;
  auto over = manager().locks().wait_for_transaction(locker(), writer, manager(), options);
  if (!over) return over.take_error();
  return *over != Granted::kNotAvailable;
}

/// Locks the row that has a key to read it, and gives the lock back where the level does not keep
/// it. False: it is not as it was.
Result<bool> CurrentTransaction::lock_holder(Table& table, TupleId root, TupleId version,
                                             Row* into) {
  auto granted = lock_row(table, root, RowUse::kRead, true);
  if (!granted) return granted.take_error();
  auto row = read_current(*this, CommandId{command().value + 1}, table, root, chain_);
  if (!row) return row.take_error();
  const bool there = row->state == State::kPresent && row->version->id == version;
  if (*granted == Granted::kNew) {
    if (there) {
      reject_row(table, root, RowUse::kRead);
    } else {
      unlock_row(table, root, RowUse::kRead);
    }
  }
  if (there && into != nullptr) *into = row_of(*row->version, root);
  return there;
}

Result<bool> CurrentTransaction::find_duplicate(Table& table, Index& index, ByteSpan key,
                                                TupleId except, Row& into) {
  std::vector<TupleId> roots;
  for (;;) {
    roots.clear();
    if (Status s = index.tree.lookup(key, roots); !s) return s.take_error();
    KeyHolder holder;
    TupleId root;
    for (TupleId one : roots) {
      if (one == except) continue;
      auto examined = examine_key_holder(*this, table, one, chain_);
      if (!examined) return examined.take_error();
      holder = *examined;
      root = one;
      if (holder.state != KeyHolder::State::kFree && holder.version != except) break;
      holder = {};
    }
    if (holder.state == KeyHolder::State::kFree) return false;
    if (holder.state == KeyHolder::State::kUndecided) {
      auto waited = await_writer(holder.wait_for, true);
      if (!waited) return waited.take_error();
      continue;
    }
    auto there = lock_holder(table, root, holder.version, &into);
    if (!there || *there) return there;
  }
}

// ---- changing and locking

Result<WriteResult> CurrentTransaction::update(Table& table, const Row& old, const NewRow& row,
                                               RowLock strength, bool hot) {
  Change change{Change::Kind::kUpdate, table, RowUse::kChange, strength, {}, &row, hot};
  return change_row(change, old);
}

Result<WriteResult> CurrentTransaction::remove(Table& table, const Row& old) {
  Change change{.kind = Change::Kind::kRemove, .table = table};
  return change_row(change, old);
}

Result<WriteResult> CurrentTransaction::lock(Table& table, const Row& row, RowLock strength,
                                             LockWait wait) {
  Change change{.kind = Change::Kind::kLock, .table = table, .strength = strength, .wait = wait};
  change.use = strength >= RowLock::kNoKeyUpdate ? RowUse::kMayChange : RowUse::kRead;
  return change_row(change, row);
}

Result<TupleId> CurrentTransaction::true_root(Table& table, const Row& row) {
  const bool known = row.root.valid() && row.root != row.id;
  if (known) return row.root;
  if ((row.header.infomask & storage::kHeapOnly) == 0 && row.header.xmin != TxnId{}) return row.id;
  return table.heap.root_of(row.id);
}

Result<WriteResult> CurrentTransaction::change_row(Change& change, const Row& old) {
  Table& table = change.table;
  if (change.kind != Change::Kind::kLock) {
    if (Status s = enter_table(table); !s) return s.take_error();
  }
  auto start = true_root(table, old);
  if (!start) return start.take_error();
  TupleId root = *start;
  TxnId moved_by;  // of a successor: its maker must be who moved the row
  const bool wait = change.wait == LockWait::kWait;
  const auto unavailable = [&]() -> Result<WriteResult> {
    if (change.wait == LockWait::kSkip) return outcome(Outcome::kSkip);
    return Error(base::sqlstate::kLockNotAvailable,
                 "could not obtain lock on row in relation \"" + table.name + "\"");
  };
  for (;;) {
    auto granted = lock_row(table, root, change.use, wait);
    if (!granted) return granted.take_error();
    if (*granted == Granted::kNotAvailable) return unavailable();
    auto row = read_current(*this, command(), table, root, chain_);
    if (!row) return row.take_error();
    if (row->state == State::kBusy) {
      if (*granted == Granted::kNew) unlock_row(table, root, change.use);
      auto over = await_writer(row->by, wait);
      if (!over) return over.take_error();
      if (!*over) return unavailable();
      continue;
    }
    const bool other_row = moved_by != TxnId{} && !chain_.versions().empty() &&
                           chain_.versions().front().header.xmin != moved_by;
    if (row->state == State::kAbsent || row->state == State::kDeleted || other_row) {
      if (Status s = accept(*row); !s) return s.take_error();
      return outcome(Outcome::kGone);
    }
    if (Status s = accept(*row); !s) return s.take_error();
    if (row->state == State::kMoved) {
      moved_by = row->by;
      root = row->next;
      continue;
    }
    if (row->version->id != old.id) {
      WriteResult result = outcome(Outcome::kReevaluate, row->version->id);
      result.latest = row_of(*row->version, root);
      return result;
    }
    if (change.kind == Change::Kind::kLock) return outcome(Outcome::kDone, old.id);
    if (change.kind == Change::Kind::kUpdate && !change.hot) {
      if (Status s = await_gaps(table, *change.row, root); !s) return s.take_error();
    }
    auto result = apply(change, root, old.id);
    // Between two looks somebody's lock-free work can have come in the way: look again.
    if (!result || result->outcome != Outcome::kReevaluate) return result;
  }
}

/// Writes; the row is locked. kReevaluate: the version is no longer as it was.
Result<WriteResult> CurrentTransaction::apply(Change& change, TupleId root, TupleId version) {
  auto id = write_id();
  if (!id) return id.take_error();
  const RowClaimer claimer(*this, change.table, *id);
  const bool replaces = change.kind == Change::Kind::kUpdate;
  Claim claim;
  const auto decide = [&](const VersionHeader& header) -> std::optional<VersionMark> {
    claim = claimer.examine(version, header, change.strength);
    if (claim.state != ClaimState::kFree) return std::nullopt;
    return claimer.write(version, claim, change.strength, replaces);
  };
  storage::UpdateResult made;
  if (replaces) {
    auto updated = change.table.heap.update(version, version_of(*change.row, *id, command()),
                                            change.hot, decide);
    if (!updated) return updated.take_error();
    made = *updated;
  } else {
    auto marked = change.table.heap.mark(*id, version, decide);
    if (!marked) return marked.take_error();
    made.done = *marked;
  }
  if (claim.state == ClaimState::kOurs) return outcome(Outcome::kSelfModified);
  if (claim.state == ClaimState::kWait) {
    auto over = await_writer(claim.wait_for, true);
    if (!over) return over.take_error();
  }
  if (!made.done) return outcome(Outcome::kReevaluate);
  if (!replaces) return outcome(Outcome::kDone, version);
  if (made.hot) return outcome(Outcome::kDone, made.id);
  if (Status s = made_row(change.table, made.id); !s) return s.take_error();
  return insert_entries(change.table, *change.row, made.id, root);
}

}  // namespace isolde::txn
