#include "txn/engines/mvcc.hpp"

#include "base/sqlstate.hpp"
#include "txn/lock_manager.hpp"
#include "txn/snapshot_scan.hpp"
#include "txn/unique_check.hpp"

namespace isolde::txn {

using base::Error;
using base::Result;
using base::Status;
using storage::NewVersion;
using storage::VersionHeader;
using storage::VersionMark;
using storage::VersionView;

namespace {

NewVersion version_of(const NewRow& row, TxnId id, CommandId command) {
  return {id, command, row.payload,
          static_cast<uint16_t>(row.has_overflow ? storage::kHasOverflow : 0)};
}

/// The mode of the row's lock in the lock manager for a strength, as PostgreSQL pairs them.
LockMode queue_mode(RowLock strength) {
  switch (strength) {
    case RowLock::kKeyShare:
      return table_mode::kAccessShare;
    case RowLock::kShare:
      return table_mode::kRowShare;
    case RowLock::kNoKeyUpdate:
      return table_mode::kExclusive;
    case RowLock::kUpdate:
      return table_mode::kAccessExclusive;
  }
  return table_mode::kAccessExclusive;
}

}  // namespace

/// A wish for one row, followed from version to version.
struct MvccTransaction::Change {
  enum class Kind : uint8_t { kUpdate, kRemove, kLock };

  Change(Kind kind_, Table& table_, RowLock strength_)
      : kind(kind_), table(table_), strength(strength_) {}

  Kind kind;
  Table& table;
  RowLock strength;
  LockWait wait = LockWait::kWait;
  const NewRow* row = nullptr;  ///< of an update
  bool hot = false;
  TxnId id;
  storage::UpdateResult updated;
  std::optional<TupleId> queued;  ///< the place whose row lock in the lock manager is held
};

// ---- statements and reading

Status MvccTransaction::begin_statement() {
  next_command();
  if (snapshot_ && one_snapshot()) {
    snapshot_->command = command();
    return {};
  }
  if (ssi_) return ssi_->begin(snapshot_);
  const std::optional<Snapshot> before = snapshot_;
  snapshot_ = take_snapshot();
  if (before) release_snapshot(*before);
  return {};
}

void MvccTransaction::forget_snapshot() {
  if (snapshot_) release_snapshot(*snapshot_);
  snapshot_.reset();
}

Result<std::unique_ptr<Scan>> MvccTransaction::scan(Table& table, const ScanSpec& spec) {
  ReadTracker* tracker = ssi_ ? ssi_->reads_of(table) : nullptr;
  if (spec.view == ScanView::kStatement)
    return make_snapshot_scan(*this, table, spec, *snapshot_, tracker);
  // Those who look at a whole table as it is now do so for statistics.
  if (spec.index == nullptr) tracker = nullptr;
  Snapshot now = take_snapshot();
  now.command.value = command().value + 1;
  auto scan = make_snapshot_scan(*this, table, spec, now, tracker);
  release_snapshot(now);
  return scan;
}

Result<bool> MvccTransaction::fetch(Table& table, TupleId id, Row& into) {
  auto found = table.heap.read(id, fetched_);
  if (!found) return found;
  if (!*found) return false;
  const VersionView* version = &fetched_.versions().front();
  if (version->id != id) return false;
  if (ReadTracker* tracker = ssi_ ? ssi_->reads_of(table) : nullptr) {
    auto seen = tracked_version(*this, *snapshot_, table, fetched_, *tracker, latest_);
    if (!seen) return seen.take_error();
    version = *seen;
  } else {
    uint16_t hints = 0;
    if (!visible(*this, *snapshot_, version->header, hints)) version = nullptr;
  }
  if (version != nullptr) into = row_of(*version, id);
  return version != nullptr;
}

// ---- inserting

/// The id to write under, known to those who look for conflicts.
Result<TxnId> MvccTransaction::writer_id() {
  auto id = write_id();
  if (id && ssi_) ssi_->writes_under(*id);
  return id;
}

Result<WriteResult> MvccTransaction::insert(Table& table, const NewRow& row) {
  auto id = writer_id();
  if (!id) return id.take_error();
  auto place = table.heap.insert(version_of(row, *id, command()));
  if (!place) return place.take_error();
  if (ssi_) {
    if (Status s = ssi_->inserted(table); !s) return s.take_error();
  }
  return insert_entries(table, row, *place);
}

Result<WriteResult> MvccTransaction::insert_many(Table& table, std::span<const NewRow> rows,
                                                 size_t& done) {
  done = 0;
  auto id = writer_id();
  if (!id) return id.take_error();
  std::vector<NewVersion> versions;
  versions.reserve(rows.size());
  for (const NewRow& row : rows) versions.push_back(version_of(row, *id, command()));
  auto places = table.heap.insert_many(versions);
  if (!places) return places.take_error();
  if (ssi_) {
    if (Status s = ssi_->inserted(table); !s) return s.take_error();
  }
  for (; done < rows.size(); ++done) {
    auto result = insert_entries(table, rows[done], (*places)[done]);
    if (result && result->outcome == Outcome::kDone) continue;
    for (size_t i = done + 1; i < rows.size(); ++i) {
      if (Status s = retract(table, (*places)[i]); !s) return s.take_error();
    }
    return result;
  }
  return WriteResult{};
}

/// The entries of a version that is in its place. With a duplicate, the version is taken back.
Result<WriteResult> MvccTransaction::insert_entries(Table& table, const NewRow& row, TupleId id) {
  WriteResult result;
  result.id = id;
  if (row.entries == nullptr) return result;
  auto writer = write_id();
  if (!writer) return writer.take_error();
  storage::VersionBatch chain;
  for (const IndexEntry& entry : row.entries->entries()) {
    const bool check = entry.index->unique && entry.index->immediate && !entry.unlike_any;
    for (;;) {
      base::Result<KeyHolder> found = KeyHolder{};
      const auto look = [&](TupleId other) {
        found = examine_key_holder(*this, table, other, chain);
        return !found || found->state != KeyHolder::State::kFree;
      };
      storage::Btree& tree = entry.index->tree;
      auto inserted =
          check ? tree.insert(*writer, entry.key, id, look) : tree.insert(*writer, entry.key, id);
      if (!inserted) return inserted.take_error();
      const bool taken = !inserted->inserted && found && found->state == KeyHolder::State::kTaken;
      // A conflict explains a duplicate that the transaction did not see.
      if (ssi_ && (inserted->inserted || taken)) {
        if (Status s = ssi_->inserted_key(table, *entry.index, entry.key); !s)
          return s.take_error();
      }
      if (inserted->inserted) break;
      if (!found) return found.take_error();
      const KeyHolder holder = *found;
      if (taken) {
        result.outcome = Outcome::kDuplicate;
        result.duplicate = entry.index;
        result.duplicate_row = holder.version;
        if (Status s = retract(table, id); !s) return s.take_error();
        return result;
      }
      auto waited = manager().locks().wait_for_transaction(locker(), holder.wait_for, manager());
      if (!waited) return waited.take_error();
    }
  }
  return result;
}

Status MvccTransaction::retract(Table& table, TupleId id) {
  auto writer = write_id();
  if (!writer) return writer.take_error();
  auto marked =
      table.heap.mark(*writer, id, [](const VersionHeader& header) -> std::optional<VersionMark> {
        return VersionMark{header.xmax, header.cmax, header.next,
                           static_cast<uint16_t>(header.infomask | kRetracted)};
      });
  return marked ? Status() : Status(marked.take_error());
}

Result<bool> MvccTransaction::find_duplicate(Table& table, Index& index, ByteSpan key,
                                             TupleId except, Row& into) {
  std::vector<TupleId> roots;
  storage::VersionBatch chain;
  for (;;) {
    roots.clear();
    if (Status s = index.tree.lookup(key, roots); !s) return s.take_error();
    KeyHolder holder;
    for (TupleId root : roots) {
      if (root == except) continue;
      auto examined = examine_key_holder(*this, table, root, chain);
      if (!examined) return examined.take_error();
      holder = *examined;
      if (holder.state != KeyHolder::State::kFree && holder.version != except) break;
      holder = {};
    }
    if (holder.state == KeyHolder::State::kFree) return false;
    if (holder.state == KeyHolder::State::kTaken) {
      auto found = latest(table, holder.version);
      if (!found) return found.take_error();
      if (found->outcome == Outcome::kGone) continue;
      into = found->latest;
      return true;
    }
    auto waited = manager().locks().wait_for_transaction(locker(), holder.wait_for, manager());
    if (!waited) return waited.take_error();
  }
}

// ---- changing and locking

Result<WriteResult> MvccTransaction::update(Table& table, const Row& old, const NewRow& row,
                                            RowLock strength, bool hot) {
  Change change(Change::Kind::kUpdate, table, strength);
  change.row = &row;
  change.hot = hot;
  return change_row(change, old.id);
}

Result<WriteResult> MvccTransaction::remove(Table& table, const Row& old) {
  Change change(Change::Kind::kRemove, table, RowLock::kUpdate);
  return change_row(change, old.id);
}

Result<WriteResult> MvccTransaction::lock(Table& table, const Row& row, RowLock strength,
                                          LockWait wait) {
  Change change(Change::Kind::kLock, table, strength);
  change.wait = wait;
  return change_row(change, row.id);
}

/// Claims the row of the version at `at` and changes it. When that version was replaced meanwhile,
/// goes on to its successors, locks the newest, and leaves the decision to the caller.
Result<WriteResult> MvccTransaction::change_row(Change& change, TupleId at) {
  auto id = writer_id();
  if (!id) return id.take_error();
  change.id = *id;

  struct Unqueue {
    MvccTransaction& self;
    Change& change;
    ~Unqueue() {
      if (!change.queued) return;
      self.manager().locks().release(
          self.locker(), LockTag::of_tuple(self.database(), change.table.oid, *change.queued),
          queue_mode(change.strength));
    }
  } unqueue{*this, change};

  bool moved = false;
  std::optional<TupleId> locked;  // the version that was asked for, while its successors are, too
  TxnId made_by;  // of a successor: its maker must be who replaced the version before it
  for (;;) {
    Claim claim;
    if (Status s = apply(change, at, moved, made_by, claim); !s) return s.take_error();
    switch (claim.state) {
      case ClaimState::kFree:
        // Whoever is replacing it lets us lock it: then what it is being replaced by, too.
        if (change.kind == Change::Kind::kLock && claim.other_in_xmax &&
            is_replaced(claim.header)) {
          if (!locked) locked = at;
          moved = true;
          made_by = claim.header.xmax;
          at = claim.header.next;
          continue;
        }
        if (locked) return finish_change(change, *locked);
        if (moved) return latest(change.table, at);
        return finish_change(change, at);
      case ClaimState::kOurs: {
        if (locked) return finish_change(change, *locked);
        WriteResult result;
        result.outcome = Outcome::kSelfModified;
        return result;
      }
      case ClaimState::kWait: {
        auto waited = wait_for(claim, change, at);
        if (!waited) return waited.take_error();
        if (*waited) continue;
        WriteResult result;
        result.outcome = Outcome::kSkip;
        return result;
      }
      case ClaimState::kReplaced:
        // A lock that the change would have let pass holds the version that was asked for.
        if (change.kind != Change::Kind::kLock ||
            !compatible(change.strength, strength_of(claim.header))) {
          locked.reset();
        } else if (!moved) {
          locked = at;
        }
        if (one_snapshot() && !locked) return concurrent(false);
        moved = true;
        made_by = claim.header.xmax;
        at = claim.header.next;
        continue;
      case ClaimState::kDeleted:
      case ClaimState::kNoRow: {
        // A successor that was rolled back is none.
        if (locked && claim.state == ClaimState::kNoRow) return finish_change(change, *locked);
        // PostgreSQL speaks of an update when a row was only to be locked.
        if (one_snapshot()) return concurrent(change.kind != Change::Kind::kLock);
        WriteResult result;
        result.outcome = Outcome::kGone;
        return result;
      }
    }
  }
}

/// Tries it once, under the page's latch; the claim says what stood in the way. A row that moved is
/// only locked.
Status MvccTransaction::apply(Change& change, TupleId at, bool moved, TxnId made_by, Claim& claim) {
  const RowClaimer claimer(*this, change.table, change.id);
  const auto kind = moved ? Change::Kind::kLock : change.kind;
  const auto decide = [&](const VersionHeader& header) -> std::optional<VersionMark> {
    if (moved && header.xmin != made_by) return std::nullopt;
    claim = claimer.examine(at, header, change.strength);
    if (claim.state != ClaimState::kFree) return std::nullopt;
    if (kind == Change::Kind::kLock) return claimer.lock(at, claim, change.strength);
    return claimer.write(at, claim, change.strength, kind == Change::Kind::kUpdate);
  };
  if (kind == Change::Kind::kUpdate) {
    auto updated = change.table.heap.update(at, version_of(*change.row, change.id, command()),
                                            change.hot, std::cref(decide));
    if (!updated) return updated.take_error();
    change.updated = *updated;
    // Nothing was written although it was free: the page gave the version up between two looks.
    if (!updated->done && claim.state == ClaimState::kFree) claim.state = ClaimState::kNoRow;
    if (!updated->done || (!claim.others && !claim.other_in_xmax)) return {};
    return claimer.pass_on_holders(at, updated->id);
  }
  auto marked = change.table.heap.mark(change.id, at, std::cref(decide));
  return marked ? Status() : Status(marked.take_error());
}

Result<WriteResult> MvccTransaction::finish_change(Change& change, TupleId at) {
  WriteResult result;
  result.id = at;
  if (ssi_ && change.kind != Change::Kind::kLock) {
    if (Status s = ssi_->overwrote(change.table, at); !s) return s.take_error();
  }
  if (change.kind != Change::Kind::kUpdate) return result;
  if (change.updated.hot) {
    result.id = change.updated.id;
    return result;
  }
  return insert_entries(change.table, *change.row, change.updated.id);
}

/// Waits for who is in the way; false when the caller does not want to wait.
Result<bool> MvccTransaction::wait_for(const Claim& claim, Change& change, TupleId at) {
  LockManager& locks = manager().locks();
  const AcquireOptions options{.wait = change.wait == LockWait::kWait};
  const auto unavailable = [&]() -> Result<bool> {
    if (change.wait == LockWait::kSkip) return false;
    return Error(base::sqlstate::kLockNotAvailable,
                 "could not obtain lock on row in relation \"" + change.table.name + "\"");
  };
  // Who holds the row already does not queue behind those who wait for that.
  if (change.queued != at && !claim.ours) {
    const LockMode mode = queue_mode(change.strength);
    if (change.queued)
      locks.release(locker(), LockTag::of_tuple(database(), change.table.oid, *change.queued),
                    mode);
    change.queued.reset();
    auto queued =
        locks.acquire(locker(), LockTag::of_tuple(database(), change.table.oid, at), mode, options);
    if (!queued) return queued.take_error();
    if (*queued == Granted::kNotAvailable) return unavailable();
    change.queued = at;
  }
  auto ended = locks.wait_for_transaction(locker(), claim.wait_for, manager(), options);
  if (!ended) return ended.take_error();
  if (*ended == Granted::kNotAvailable) return unavailable();
  return true;
}

/// The version at `at`, which is locked, for the caller to look at.
Result<WriteResult> MvccTransaction::latest(Table& table, TupleId at) {
  auto found = table.heap.read(at, latest_);
  if (!found) return found.take_error();
  WriteResult result;
  result.outcome = *found ? Outcome::kReevaluate : Outcome::kGone;
  if (!*found) return result;
  result.id = at;
  result.latest = row_of(latest_.versions().front(), at);
  return result;
}

Error MvccTransaction::concurrent(bool deleted) const {
  return Error(base::sqlstate::kTRSerializationFailure,
               deleted ? "could not serialize access due to concurrent delete"
                       : "could not serialize access due to concurrent update");
}

// ---- the engine

const EngineTraits& MvccEngine::static_traits() {
  static const EngineTraits traits{
      .name = "mvcc",
      .like = "PostgreSQL",
      .prevents = {"dirty writes, dirty reads", "dirty writes, dirty reads",
                   "all but write skew (snapshot isolation)", "everything"},
      .blocks_on = "writers of the same row",
      .paper = "Ports and Grittner, Serializable Snapshot Isolation in PostgreSQL (2012)",
  };
  return traits;
}

std::unique_ptr<EngineTransaction> MvccEngine::begin(TransactionContext context,
                                                     const TransactionModes& modes) {
  return std::make_unique<MvccTransaction>(context, modes, &context.manager.serializables());
}

}  // namespace isolde::txn
