#include "txn/transaction_manager.hpp"

#include <algorithm>

#include "txn/serializable.hpp"
#include "txn/version_rules.hpp"

namespace isolde::txn {

using base::Result;
using storage::TxnFate;
using storage::TxnState;
using storage::VersionFate;

namespace {
/// The horizon is renewed once in so many ends of transactions.
constexpr uint32_t kEndsPerHorizon = 64;
}  // namespace

// ---- slots and the horizon

SnapshotSlot::SnapshotSlot(TransactionManager& manager, SessionId session)
    : session_(session), manager_(manager) {
  std::lock_guard lock(manager_.slots_mutex_);
  manager_.slots_.push_back(this);
}

SnapshotSlot::~SnapshotSlot() {
  std::lock_guard lock(manager_.slots_mutex_);
  std::erase(manager_.slots_, this);
}

TransactionManager::TransactionManager(storage::Store& store, LockManager& locks,
                                       const PredicateLimits& limits)
    : store_(store), locks_(locks), serializables_(std::make_unique<Serializables>(limits)) {
  over_below_.store(store.txns().next().value);
  horizon_.store(store.txns().published().value);
}

TransactionManager::~TransactionManager() = default;

Snapshot TransactionManager::snapshot(SnapshotSlot& slot, CommandId command) {
  // The oldest running id first: what had ended then is in what is published now.
  const TxnId over_below{over_below_.load(std::memory_order_acquire)};
  for (;;) {
    const uint64_t seq = txns().published().value;
    if (slot.oldest_.load(std::memory_order_relaxed) <= seq)
      return {CommitSeq{seq}, over_below, command};
    slot.over_below_.store(over_below.value, std::memory_order_relaxed);
    slot.oldest_.store(seq, std::memory_order_seq_cst);
    if (candidate_.load(std::memory_order_seq_cst) <= seq)
      return {CommitSeq{seq}, over_below, command};
  }
}

void TransactionManager::set_oldest(SnapshotSlot& slot, CommitSeq oldest) {
  slot.oldest_.store(oldest.value, std::memory_order_seq_cst);
}

void TransactionManager::clear(SnapshotSlot& slot) {
  slot.oldest_.store(SnapshotSlot::kNone, std::memory_order_release);
}

CommitSeq TransactionManager::renew_horizon() {
  std::lock_guard lock(slots_mutex_);
  uint64_t horizon = txns().published().value;
  candidate_.store(horizon, std::memory_order_seq_cst);
  for (const SnapshotSlot* slot : slots_)
    horizon = std::min(horizon, slot->oldest_.load(std::memory_order_seq_cst));
  horizon = std::max(horizon, horizon_.load(std::memory_order_relaxed));
  horizon_.store(horizon, std::memory_order_release);
  return CommitSeq{horizon};
}

// ---- running transactions

void TransactionManager::note_oldest() {
  while (!running_.empty() && running_.front().owner == nullptr) running_.pop_front();
  const TxnId oldest = running_.empty() ? txns().next() : running_.front().id;
  over_below_.store(oldest.value, std::memory_order_release);
}

Result<TxnId> TransactionManager::begin_id(Locker& owner) {
  std::lock_guard lock(mutex_);
  auto id = txns().begin();
  if (id) running_.push_back({*id, &owner});
  return id;
}

Result<TxnId> TransactionManager::begin_sub_id(TxnId parent, Locker& owner) {
  std::lock_guard lock(mutex_);
  auto id = txns().begin_sub(parent);
  if (id) running_.push_back({*id, &owner});
  return id;
}

std::deque<TransactionManager::Running>::iterator TransactionManager::find_running(TxnId id) {
  auto at = std::lower_bound(running_.begin(), running_.end(), id,
                             [](const Running& a, TxnId b) { return a.id < b; });
  return at != running_.end() && at->id == id ? at : running_.end();
}

void TransactionManager::end_ids(std::span<const TxnId> ids) {
  {
    std::lock_guard lock(mutex_);
    for (TxnId id : ids) {
      if (auto at = find_running(id); at != running_.end()) at->owner = nullptr;
    }
    note_oldest();
  }
  if (ended_.fetch_add(1, std::memory_order_relaxed) % kEndsPerHorizon == 0) renew_horizon();
}

Locker* TransactionManager::owner_if_running(TxnId id) {
  std::lock_guard lock(mutex_);
  auto at = find_running(id);
  return at == running_.end() ? nullptr : at->owner;
}

void TransactionManager::change_owner(std::span<const TxnId> ids, Locker& owner) {
  std::lock_guard lock(mutex_);
  for (TxnId id : ids) {
    if (auto at = find_running(id); at != running_.end()) at->owner = &owner;
  }
}

void TransactionManager::recover_ids(std::span<const TxnId> ids, Locker& owner) {
  std::lock_guard lock(mutex_);
  for (TxnId id : ids) running_.push_back({id, &owner});
  std::sort(running_.begin(), running_.end(),
            [](const Running& a, const Running& b) { return a.id < b.id; });
  note_oldest();
}

TxnState TransactionManager::state(TxnId id) {
  auto state = txns().state(id);
  return state ? *state : TxnState{};
}

std::vector<TransactionView> TransactionManager::views() {
  std::vector<TransactionView> views;
  {
    std::lock_guard lock(slots_mutex_);
    for (const SnapshotSlot* slot : slots_) {
      TransactionView& view = views.emplace_back();
      view.session = slot->session_;
      view.number = slot->number_.load(std::memory_order_relaxed);
      view.open = slot->open_.load(std::memory_order_relaxed);
      const uint64_t oldest = slot->oldest_.load(std::memory_order_relaxed);
      if (oldest == SnapshotSlot::kNone) continue;
      view.snapshot = CommitSeq{oldest};
      view.xmin = TxnId{slot->over_below_.load(std::memory_order_relaxed)};
    }
  }
  const size_t sessions = views.size();
  std::lock_guard lock(mutex_);
  for (const Running& one : running_) {
    if (one.owner == nullptr) continue;
    if (one.owner->prepared() != TxnId{}) {
      if (one.owner->prepared() != one.id) continue;
      TransactionView& view = views.emplace_back();
      view.open = true;
      view.id = one.id;
      continue;
    }
    for (size_t i = 0; i < sessions; ++i) {
      // The first one is the transaction's own, others are those of its savepoints.
      if (views[i].session == one.owner->session() && views[i].id == TxnId{}) views[i].id = one.id;
    }
  }
  return views;
}

// ---- who needs a version?

VersionFate TransactionManager::judge(const storage::VersionHeader& version) {
  if ((version.infomask & (kRetracted | storage::kXminAborted)) != 0) return VersionFate::kDead;
  const TxnState made = state(version.xmin);
  if (made.fate == TxnFate::kAborted) return VersionFate::kDead;
  if (made.fate == TxnFate::kInProgress) return VersionFate::kNeeded;
  const CommitSeq oldest = horizon();
  const bool all_see = made.seq <= oldest;
  if (only_locks(version)) return all_see ? VersionFate::kAllSee : VersionFate::kNeeded;
  const TxnState ended = state(version.xmax);
  switch (ended.fate) {
    case TxnFate::kInProgress:
      return VersionFate::kNeeded;
    case TxnFate::kAborted:
      return all_see ? VersionFate::kAllSee : VersionFate::kNeeded;
    case TxnFate::kCommitted:
      return ended.seq <= oldest ? VersionFate::kDead : VersionFate::kNeeded;
  }
  return VersionFate::kNeeded;
}

}  // namespace isolde::txn
