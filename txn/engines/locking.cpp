#include "txn/engines/locking.hpp"

#include "txn/snapshot_scan.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;
using State = CurrentRow::State;

LockingTransaction::LockingTransaction(LockingEngine& engine, TransactionContext context,
                                       const TransactionModes& modes)
    : CurrentTransaction(context, modes), engine_(engine), ladder_(*this) {
  if (locker().age() == 0) locker().set_age(++engine_.starts_);
}

void LockingTransaction::ended(bool committed) {
  CurrentTransaction::ended(committed);
  if (committed) locker().set_age(0);
}

// ---- reading

Status LockingTransaction::begin_statement() {
  next_command();
  return {};
}

ReadRule LockingTransaction::rule_for(const ScanSpec& spec) const {
  const IsolationLevel level = modes().isolation;
  ReadRule rule;
  rule.ranges = level == IsolationLevel::kSerializable;
  switch (spec.intent) {
    case RowIntent::kRead:
      if (level == IsolationLevel::kReadUncommitted && spec.view == ScanView::kStatement) {
        rule.locks = false;
        rule.dirty = Dirty::kYes;
      }
      rule.keeps = keeps_reads();
      rule.peeks = !rule.keeps;
      return rule;
    case RowIntent::kUpdate:
    case RowIntent::kDelete:
      rule.use = RowUse::kMayChange;
      return rule;
    case RowIntent::kLock:
      rule.wait = spec.wait == LockWait::kWait;
      rule.skips = spec.wait == LockWait::kSkip;
      if (spec.wait == LockWait::kNoWait) {
        // Rows that cannot even be read are refused now; the lock itself is asked for by lock(),
        // for the rows that the statement wants.
        rule.keeps = keeps_reads();
      } else if (spec.strength >= RowLock::kNoKeyUpdate) {
        rule.use = RowUse::kMayChange;
      }
      return rule;
  }
  return rule;
}

Result<std::unique_ptr<Scan>> LockingTransaction::scan(Table& table, const ScanSpec& spec) {
  return make_locked_scan(*this, table, spec, rule_for(spec));
}

Result<bool> LockingTransaction::fetch(Table& table, TupleId id, Row& into) {
  const bool dirty = modes().isolation == IsolationLevel::kReadUncommitted;
  auto root = table.heap.root_of(id);
  if (!root) return root.take_error();
  Granted granted = Granted::kHeldAlready;
  if (!dirty) {
    auto locked = lock_row(table, *root, RowUse::kRead, true);
    if (!locked) return locked.take_error();
    granted = *locked;
  }
  auto row = read_current(*this, command(), table, *root, fetched_, Dirty{dirty});
  if (granted == Granted::kNew) reject_row(table, *root, RowUse::kRead);
  if (!row) return row.take_error();
  if (row->state != State::kPresent || row->version->id != id) return false;
  into = row_of(*row->version, *root);
  return true;
}

// ---- rows and tables

Result<Granted> LockingTransaction::lock_row(Table& table, TupleId root, RowUse use, bool wait) {
  return ladder_.lock_row(table, root, use, wait);
}

void LockingTransaction::unlock_row(Table& table, TupleId root, RowUse use) {
  ladder_.release_row(table, root, use);
}

/// What was read stays locked at the higher levels, wanted or not.
void LockingTransaction::reject_row(Table& table, TupleId root, RowUse use) {
  if (!keeps_reads()) {
    ladder_.release_row(table, root, use);
  } else if (use == RowUse::kMayChange) {
    // Should that fail, the stronger lock stays.
    static_cast<void>(ladder_.weaken_row(table, root));
  }
}

Status LockingTransaction::pass_page(Table& table, storage::BlockNumber block) {
  return ladder_.pass_page(table, block);
}

Status LockingTransaction::lock_all(Table& table, RowUse use) {
  return ladder_.lock_table(
      table, use == RowUse::kRead ? hierarchy_mode::kShared : hierarchy_mode::kUpdate);
}

void LockingTransaction::done_reading(Table& table) {
  if (!over() && !keeps_reads()) ladder_.done_reading(table);
}

Status LockingTransaction::enter_table(Table& table) {
  return ladder_.enter_table(table);
}

Status LockingTransaction::made_row(Table& table, TupleId root) {
  auto locked = ladder_.lock_row(table, root, RowUse::kChange, true);
  return locked ? Status() : Status(locked.take_error());
}

// ---- key ranges

LockTag LockingTransaction::key_tag(const Index& index, const ByteSpan* key) const {
  return key == nullptr ? LockTag::of_supremum(database(), index.oid)
                        : LockTag::of_key(database(), index.oid, *key);
}

Status LockingTransaction::lock_key(const Index& index, const ByteSpan* key, LockMode mode) {
  AcquireOptions options;
  options.policy = locker().settings().deadlock_policy;
  if (key != nullptr) options.label = {reinterpret_cast<const char*>(key->data()), key->size()};
  auto locked = manager().locks().acquire(locker(), key_tag(index, key), mode, options);
  return locked ? Status() : Status(locked.take_error());
}

class LockingTransaction::KeyRanges final : public GapLocks {
 public:
  KeyRanges(LockingTransaction& transaction, Table& table, Index& index, RowUse use)
      : transaction_(transaction), table_(table), index_(index), use_(use) {
    transaction_.watch_gaps(index.oid);
  }

  Status lock_gap(const ByteSpan* key) override {
    if (transaction_.ladder_.covers_table(table_.oid, use_)) return {};
    const LockMode mode = use_ == RowUse::kRead ? hierarchy_mode::kRangeSharedShared
                                                : hierarchy_mode::kRangeSharedUpdate;
    return transaction_.lock_key(index_, key, mode);
  }

  Result<bool> is_stable(TupleId root) override { return transaction_.is_stable_row(table_, root); }

 private:
  LockingTransaction& transaction_;
  Table& table_;
  Index& index_;
  const RowUse use_;
};

std::unique_ptr<GapLocks> LockingTransaction::gap_locks(Table& table, Index& index, RowUse use) {
  return std::make_unique<KeyRanges>(*this, table, index, use);
}

GapWatch& LockingTransaction::gap_watch() {
  return engine_.gaps_;
}

bool LockingTransaction::gap_is_free(Index& index, const ByteSpan* key) {
  return manager().locks().is_free(locker(), key_tag(index, key), hierarchy_mode::kRangeInsertNull);
}

Status LockingTransaction::await_gap(Index& index, const ByteSpan* key) {
  return lock_key(index, key, hierarchy_mode::kRangeInsertNull);
}

void LockingTransaction::release_gap(Index& index, const ByteSpan* key) {
  manager().locks().release(locker(), key_tag(index, key), hierarchy_mode::kRangeInsertNull);
}

Status LockingTransaction::inherit_gap(Index& index, ByteSpan key) {
  return lock_key(index, &key, hierarchy_mode::kRangeSharedShared);
}

// ---- the engine

const EngineTraits& LockingEngine::static_traits() {
  static const EngineTraits traits{
      .name = "locking",
      .like = "SQL Server, DB2",
      .prevents = {"dirty writes", "dirty writes, dirty reads", "all but phantoms", "everything"},
      .blocks_on = "readers and writers of the same row, range or table",
      .paper = "Gray and others, Granularity of Locks and Degrees of Consistency (1976)",
      .wants_verdicts = true,
      .deadlocks_at_once = true,
      .dialect = "sqlserver",
  };
  return traits;
}

std::unique_ptr<EngineTransaction> LockingEngine::begin(TransactionContext context,
                                                        const TransactionModes& modes) {
  return std::make_unique<LockingTransaction>(*this, context, modes);
}

}  // namespace isolde::txn
