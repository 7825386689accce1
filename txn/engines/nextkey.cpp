#include "txn/engines/nextkey.hpp"

#include <algorithm>

#include "base/sqlstate.hpp"
#include "txn/lock_manager.hpp"
#include "txn/own_writes_scan.hpp"
#include "txn/snapshot_scan.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;
using storage::TxnFate;
using storage::VersionView;
using State = CurrentRow::State;

NextKeyTransaction::NextKeyTransaction(NextKeyEngine& engine, TransactionContext context,
                                       const TransactionModes& modes)
    : CurrentTransaction(context, modes), engine_(engine) {
  if (locker().age() == 0) locker().set_age(++engine_.starts_);
}

void NextKeyTransaction::ended(bool committed) {
  CurrentTransaction::ended(committed);
  if (committed) locker().set_age(0);
}

// ---- reading

Status NextKeyTransaction::begin_statement() {
  next_command();
  if (!snapshot_) return {};
  if (locks_gaps()) {
    snapshot_->command = command();
  } else {
    release_snapshot(*snapshot_);
    snapshot_.reset();
  }
  return {};
}

/// The statement's or the transaction's snapshot, taken when first needed.
const Snapshot& NextKeyTransaction::view() {
  if (!snapshot_) snapshot_ = take_snapshot();
  return *snapshot_;
}

Result<std::unique_ptr<Scan>> NextKeyTransaction::plain_scan(Table& table, const ScanSpec& spec) {
  if (spec.view == ScanView::kStatement) {
    auto scan = make_snapshot_scan(*this, table, spec, view());
    return with_own_writes(*this, table, spec, view().command, std::move(scan));
  }
  Snapshot now = take_snapshot();
  now.command.value = command().value + 1;
  auto scan = make_snapshot_scan(*this, table, spec, now);
  release_snapshot(now);
  return scan;
}

ReadRule NextKeyTransaction::rule_for(const ScanSpec& spec) const {
  ReadRule rule;
  rule.ranges = locks_gaps();
  switch (spec.intent) {
    case RowIntent::kRead:
      if (modes().isolation == IsolationLevel::kReadUncommitted) {
        rule.locks = false;
        rule.dirty = Dirty::kYes;
      }
      return rule;
    case RowIntent::kUpdate:
    case RowIntent::kDelete:
      rule.use = RowUse::kMayChange;
      rule.shows_committed = !locks_gaps();
      return rule;
    case RowIntent::kLock:
      rule.use = spec.strength >= RowLock::kNoKeyUpdate ? RowUse::kMayChange : RowUse::kRead;
      rule.wait = spec.wait == LockWait::kWait;
      rule.skips = spec.wait == LockWait::kSkip;
      return rule;
  }
  return rule;
}

Result<std::unique_ptr<Scan>> NextKeyTransaction::scan(Table& table, const ScanSpec& spec) {
  const IsolationLevel level = modes().isolation;
  const bool dirty = level == IsolationLevel::kReadUncommitted && spec.view == ScanView::kStatement;
  const bool plain =
      spec.intent == RowIntent::kRead && !dirty && level != IsolationLevel::kSerializable;
  if (plain) return plain_scan(table, spec);
  return make_locked_scan(*this, table, spec, rule_for(spec));
}

Result<bool> NextKeyTransaction::fetch_current(Table& table, TupleId id, TupleId root, Dirty dirty,
                                               Row& into) {
  auto row = read_current(*this, command(), table, root, fetched_, dirty);
  if (!row) return row.take_error();
  if (row->state != State::kPresent || row->version->id != id) return false;
  into = row_of(*row->version, root);
  return true;
}

/// What the transaction has locked it has seen as it is now; everything else, as it reads.
Result<bool> NextKeyTransaction::fetch(Table& table, TupleId id, Row& into) {
  auto root = table.heap.root_of(id);
  if (!root) return root.take_error();
  if (modes().isolation == IsolationLevel::kReadUncommitted)
    return fetch_current(table, id, *root, Dirty::kYes, into);
  if (modes().isolation == IsolationLevel::kSerializable) {
    auto locked = lock_row(table, *root, RowUse::kRead, true);
    if (!locked) return locked.take_error();
  }
  if (manager().locks().holds(locker(), row_tag(table, *root), next_key_mode::kSharedRecord))
    return fetch_current(table, id, *root, Dirty::kNo, into);
  auto found = table.heap.read(id, fetched_);
  if (!found || !*found) return found;
  const VersionView& version = fetched_.versions().front();
  uint16_t hints = 0;
  if (version.id != id || !visible(*this, view(), version.header, hints)) return false;
  auto overwritten = is_overwritten(*this, table, version.header, view().command);
  if (!overwritten) return overwritten.take_error();
  if (*overwritten) return false;
  into = row_of(version, *root);
  return true;
}

// ---- locks on tables and rows

Result<Granted> NextKeyTransaction::acquire(const LockTag& tag, LockMode mode, bool wait,
                                            const ByteSpan* label) {
  AcquireOptions options;
  options.wait = wait;
  options.policy = locker().settings().deadlock_policy;
  if (label != nullptr)
    options.label = {reinterpret_cast<const char*>(label->data()), label->size()};
  return manager().locks().acquire(locker(), tag, mode, options);
}

/// IS or IX on the table, once. False: without waiting it cannot be had.
Result<bool> NextKeyTransaction::intend(const Table& table, LockMode mode, bool wait) {
  auto at = std::find_if(tables_.begin(), tables_.end(),
                         [&](const auto& one) { return one.first == table.oid; });
  if (at == tables_.end()) at = tables_.insert(at, {table.oid, 0});
  if ((at->second & lock_method(mode.method).covered_by(mode)) != 0) return true;
  auto granted = acquire(LockTag::of_relation(database(), table.oid), mode, wait);
  if (!granted) return granted.take_error();
  if (*granted == Granted::kNotAvailable) return false;
  at->second |= mode.bit();
  return true;
}

Status NextKeyTransaction::enter_table(Table& table) {
  auto entered = intend(table, next_key_mode::kIntentExclusive, true);
  return entered ? Status() : Status(entered.take_error());
}

LockTag NextKeyTransaction::row_tag(const Table& table, TupleId root) const {
  return LockTag::of_tuple(database(), table.oid, root);
}

namespace {
LockMode record_mode(RowUse use) {
  return use == RowUse::kRead ? next_key_mode::kSharedRecord : next_key_mode::kExclusiveRecord;
}
}  // namespace

Result<Granted> NextKeyTransaction::lock_row(Table& table, TupleId root, RowUse use, bool wait) {
  auto entered = intend(
      table, use == RowUse::kRead ? next_key_mode::kIntentShared : next_key_mode::kIntentExclusive,
      wait);
  if (!entered) return entered.take_error();
  if (!*entered) return Granted::kNotAvailable;
  const LockTag tag = row_tag(table, root);
  if (manager().locks().holds(locker(), tag, record_mode(use))) return Granted::kHeldAlready;
  return acquire(tag, record_mode(use), wait);
}

void NextKeyTransaction::unlock_row(Table& table, TupleId root, RowUse use) {
  manager().locks().release(locker(), row_tag(table, root), record_mode(use));
}

void NextKeyTransaction::reject_row(Table& table, TupleId root, RowUse use) {
  if (!locks_gaps()) unlock_row(table, root, use);
}

/// First updater wins, where that is asked for.
Status NextKeyTransaction::accept(const CurrentRow& row) {
  if (!modes().snapshot_conflicts || !snapshot_ || !locks_gaps()) return {};
  const auto unseen = [&](TxnId id) {
    if (is_mine(id)) return false;
    const storage::TxnState state = manager().state(id);
    return state.fate == TxnFate::kCommitted && state.seq > snapshot_->seq;
  };
  bool conflict = false;
  bool deleted = false;
  switch (row.state) {
    case State::kPresent:
      conflict = unseen(row.version->header.xmin);
      break;
    case State::kDeleted:
      deleted = true;
      [[fallthrough]];
    case State::kMoved:
      conflict = unseen(row.by);
      break;
    case State::kAbsent:
    case State::kBusy:
      break;
  }
  if (!conflict) return {};
  return base::Error(base::sqlstate::kTRSerializationFailure,
                     deleted ? "could not serialize access due to concurrent delete"
                             : "could not serialize access due to concurrent update")
      .detail(
          "The row has changed since the transaction's snapshot was taken; "
          "isolde.snapshot_conflicts is on.")
      .hint("The transaction might succeed if retried.");
}

// ---- gaps

LockTag NextKeyTransaction::gap_tag(Oid index, const ByteSpan* key) const {
  return key == nullptr ? LockTag::of_supremum(database(), index)
                        : LockTag::of_gap(database(), index, *key);
}

class NextKeyTransaction::Gaps final : public GapLocks {
 public:
  Gaps(NextKeyTransaction& transaction, Table& table, Index& index, RowUse use)
      : transaction_(transaction), table_(table), index_(index), use_(use) {
    transaction_.watch_gaps(index.oid);
  }

  Status lock_gap(const ByteSpan* key) override {
    const LockMode mode =
        use_ == RowUse::kRead ? next_key_mode::kSharedGap : next_key_mode::kExclusiveGap;
    auto locked = transaction_.acquire(transaction_.gap_tag(index_.oid, key), mode, true, key);
    return locked ? Status() : Status(locked.take_error());
  }

  Result<bool> is_stable(TupleId root) override { return transaction_.is_stable_row(table_, root); }

 private:
  NextKeyTransaction& transaction_;
  Table& table_;
  Index& index_;
  const RowUse use_;
};

std::unique_ptr<GapLocks> NextKeyTransaction::gap_locks(Table& table, Index& index, RowUse use) {
  return std::make_unique<Gaps>(*this, table, index, use);
}

GapWatch& NextKeyTransaction::gap_watch() {
  return engine_.gaps_;
}

/// Without an index new rows come above all others, as in InnoDB's hidden clustered index.
Status NextKeyTransaction::lock_all(Table& table, RowUse use) {
  watch_gaps(table.oid);
  auto locked = acquire(
      gap_tag(table.oid, nullptr),
      use == RowUse::kRead ? next_key_mode::kSharedGap : next_key_mode::kExclusiveGap, true);
  return locked ? Status() : Status(locked.take_error());
}

Status NextKeyTransaction::before_insert(Table& table) {
  if (!engine_.gaps_.any(table.oid)) return {};
  const LockTag tag = gap_tag(table.oid, nullptr);
  if (manager().locks().is_free(locker(), tag, next_key_mode::kInsertIntention)) return {};
  auto waited = acquire(tag, next_key_mode::kInsertIntention, true);
  if (!waited) return waited.take_error();
  manager().locks().release(locker(), tag, next_key_mode::kInsertIntention);
  return {};
}

/// The row itself is locked by being in progress. Once it is there, whoever locks the gap above all
/// rows comes to it; who had locked that before may not have seen it.
Status NextKeyTransaction::made_row(Table& table, TupleId) {
  return before_insert(table);
}

bool NextKeyTransaction::gap_is_free(Index& index, const ByteSpan* key) {
  return manager().locks().is_free(locker(), gap_tag(index.oid, key),
                                   next_key_mode::kInsertIntention);
}

Status NextKeyTransaction::await_gap(Index& index, const ByteSpan* key) {
  auto waited = acquire(gap_tag(index.oid, key), next_key_mode::kInsertIntention, true, key);
  return waited ? Status() : Status(waited.take_error());
}

/// It keeps nobody out, and the next insertion has to ask again.
void NextKeyTransaction::release_gap(Index& index, const ByteSpan* key) {
  manager().locks().release(locker(), gap_tag(index.oid, key), next_key_mode::kInsertIntention);
}

Status NextKeyTransaction::inherit_gap(Index& index, ByteSpan key) {
  auto locked = acquire(gap_tag(index.oid, &key), next_key_mode::kExclusiveGap, true, &key);
  return locked ? Status() : Status(locked.take_error());
}

// ---- the engine

const EngineTraits& NextKeyEngine::static_traits() {
  static const EngineTraits traits{
      .name = "nextkey",
      .like = "MySQL InnoDB",
      .prevents = {"dirty writes", "dirty writes, dirty reads",
                   "what a snapshot prevents, but not lost updates and write skew", "everything"},
      .blocks_on = "writers of the same row; inserters, on locked gaps",
      .paper = "Mohan, ARIES/KVL: A Key-Value Locking Method (1990)",
      .wants_verdicts = true,
      .deadlocks_at_once = true,
      .dialect = "mysql",
  };
  return traits;
}

std::unique_ptr<EngineTransaction> NextKeyEngine::begin(TransactionContext context,
                                                        const TransactionModes& modes) {
  return std::make_unique<NextKeyTransaction>(*this, context, modes);
}

}  // namespace isolde::txn
