#include "txn/recovered_transaction.hpp"

#include "base/check.hpp"
#include "txn/lock_manager.hpp"
#include "txn/prepared_state.hpp"
#include "txn/serializable.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::txn {

RecoveredTransaction::RecoveredTransaction(TransactionContext context, const PreparedState& state)
    : Transaction(context, state) {
  for (const HeldLock& lock : state.locks) {
    AcquireOptions options;
    options.wait = false;
    options.label = lock.label;
    // Nobody else holds anything yet but others like this one, beside whom it held it before.
    auto held = manager().locks().acquire(locker(), lock.tag, lock.mode, options);
    ISOLDE_ASSERT(held && *held != Granted::kNotAvailable, "a prepared lock is free at the start");
  }
  if (state.isolation == IsolationLevel::kSerializable) recover_reads(state);
}

void RecoveredTransaction::recover_reads(const PreparedState& state) {
  Serializables& all = manager().serializables();
  reads_ = all.graph().recover(database(), ids());
  for (const HeldLock& lock : state.locks) {
    if (lock.tag.kind != LockKind::kRelation) continue;
    all.locks().lock(*reads_, PredicateTarget::of_relation(lock.tag.database, lock.tag.relation));
  }
}

void RecoveredTransaction::ended(bool committed) {
  if (reads_ == nullptr) return;
  using End = ConflictGraph::End;
  manager().serializables().finish(*reads_, committed ? End::kCommit : End::kRollback, true);
  reads_ = nullptr;
}

}  // namespace isolde::txn
