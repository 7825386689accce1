#include "txn/transaction.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "txn/lock_manager.hpp"
#include "txn/prepared_state.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;

Transaction::Transaction(TransactionContext context, const TransactionModes& modes)
    : manager_(context.manager),
      locker_(&context.locker),
      slot_(&context.slot),
      task_(&context.task),
      database_(context.database),
      modes_(modes) {
  slot_->transaction_began();
}

Transaction::Transaction(TransactionContext context, const PreparedState& state)
    : Transaction(context, TransactionModes{state.isolation}) {
  slot_->transaction_ended();
  ids_ = state.ids;
  dropped_files_ = state.dropped_files;
  prepared_ = true;
  manager().recover_ids(ids_, locker());
}

Transaction::~Transaction() {
  ISOLDE_ASSERT(over_, "a transaction must be committed or rolled back before it goes");
}

bool Transaction::is_among_ids(TxnId id) const {
  if (ids_.size() <= 8) return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
  return std::binary_search(ids_.begin(), ids_.end(), id);
}

Result<TxnId> Transaction::ensure_top_id() {
  if (ids_.empty()) {
    auto id = manager().begin_id(locker());
    if (!id) return id;
    ids_.push_back(*id);
  }
  return ids_.front();
}

Result<TxnId> Transaction::write_id() {
  if (auto top = ensure_top_id(); !top) return top;
  // A savepoint's id names its parent, so those around it come first.
  TxnId parent = ids_.front();
  for (Level& level : levels_) {
    if (!level.has_id) {
      auto id = manager().begin_sub_id(parent, locker());
      if (!id) return id;
      level.ids_before = ids_.size();
      level.has_id = true;
      level.id = *id;
      ids_.push_back(*id);
    }
    parent = level.id;
  }
  return parent;
}

// ---- snapshots

Snapshot Transaction::take_snapshot() {
  const Snapshot snapshot = manager().snapshot(*slot_, command_);
  held_.push_back(snapshot.seq);
  return snapshot;
}

void Transaction::hold_snapshot(const Snapshot& snapshot) {
  held_.push_back(snapshot.seq);
}

void Transaction::release_snapshot(const Snapshot& snapshot) {
  auto at = std::find(held_.begin(), held_.end(), snapshot.seq);
  if (at == held_.end()) return;  // all were released when the transaction ended
  *at = held_.back();
  held_.pop_back();
  settle_slot();
}

void Transaction::settle_slot() {
  if (held_.empty()) {
    manager().clear(*slot_);
  } else {
    manager().set_oldest(*slot_, *std::min_element(held_.begin(), held_.end()));
  }
}

// ---- savepoints

void Transaction::define_savepoint() {
  levels_.push_back({ids_.size(), false, TxnId{}, dropped_files_.size(), locker().mark()});
  savepoint_defined();
}

void Transaction::release_savepoints(size_t at) {
  ISOLDE_ASSERT(at < levels_.size(), "a savepoint is released that is not defined");
  levels_.resize(at);
  savepoints_released(at);
}

void Transaction::roll_back_to_savepoint(size_t at) {
  ISOLDE_ASSERT(at < levels_.size(), "rolling back to a savepoint that is not defined");
  const Level level = levels_[at];
  if (level.ids_before < ids_.size()) {
    const std::vector<TxnId> gone(ids_.begin() + static_cast<ptrdiff_t>(level.ids_before),
                                  ids_.end());
    ids_.resize(level.ids_before);
    // Innermost first; each says so itself, because released ones no longer have a level of their
    // own.
    for (auto id = gone.rbegin(); id != gone.rend(); ++id) {
      static_cast<void>(manager().txns().abort(*id));
    }
    manager().end_ids(gone);
    if (locker().awaited()) {
      for (TxnId id : gone) manager().locks().transaction_ended(id);
    }
  }
  dropped_files_.resize(level.files_before);
  levels_.resize(at);
  if (!keeps_locks_at_savepoints()) manager().locks().release_since(locker(), level.lock_mark);
  // The savepoint itself lives on, and gets a new id when it writes again.
  levels_.push_back({ids_.size(), false, TxnId{}, dropped_files_.size(), level.lock_mark});
  next_command();
  rolled_back_to_savepoint(at);
}

// ---- the end

void Transaction::drop_file_at_commit(storage::RelationId file) {
  dropped_files_.push_back(file);
}

Status Transaction::commit(bool wait_for_disk) {
  ISOLDE_ASSERT(!over_, "a transaction ends once");
  if (!prepared_) {
    if (Status s = validate(); !s) return s;
  }
  if (!ids_.empty()) {
    Status s =
        manager().txns().commit(task(), ids_.front(), {wait_for_disk, std::move(dropped_files_)});
    if (!s) return s;
  }
  finish(true);
  return {};
}

void Transaction::roll_back() {
  if (over_) return;
  // What cannot be logged is aborted all the same: a restart finds no commit.
  if (!ids_.empty()) {
    for (auto id = ids_.rbegin(); id != ids_.rend(); ++id) {
      static_cast<void>(manager().txns().abort(*id));
    }
  }
  finish(false);
}

void Transaction::finish(bool committed) {
  over_ = true;
  ended(committed);
  const std::vector<TxnId> ids = std::move(ids_);
  if (!ids.empty()) manager().end_ids(ids);
  if (before_release) before_release(committed);
  if (locker().take_awaited()) {
    for (TxnId id : ids) manager().locks().transaction_ended(id);
  }
  manager().locks().release_transaction(locker());
  leave_slot();
}

void Transaction::leave_slot() {
  held_.clear();
  manager().clear(*slot_);
  slot_->transaction_ended();
}

// ---- two-phase commit

Status Transaction::prepare(Locker& to, SnapshotSlot& slot, PreparedState state) {
  ISOLDE_ASSERT(!over_ && !ids_.empty(), "a prepared transaction has an id");
  if (Status s = validate(); !s) return s;
  // Who waits for it from now on waits for the new owner.
  manager().change_owner(ids_, to);
  if (Status s = manager().locks().transfer_transaction(locker(), to, ids_); !s) {
    manager().change_owner(ids_, locker());
    return s;
  }
  locker_ = &to;
  leave_slot();
  slot_ = &slot;
  levels_.clear();
  state.isolation = modes_.isolation;
  state.ids = ids_;
  state.locks = manager().locks().held(to);
  state.dropped_files = dropped_files_;
  if (Status s = manager().txns().prepare(task(), top_id(), state.encode()); !s) return s;
  prepared_ = true;
  handed_over();
  return {};
}

Status Transaction::roll_back_prepared() {
  if (Status s = manager().txns().abort_prepared(task(), top_id()); !s) return s;
  finish(false);
  return {};
}

}  // namespace isolde::txn
