#include "txn/lock_manager.hpp"

#include <utility>

#include "txn/lock_request.hpp"
#include "txn/prepared_state.hpp"

namespace isolde::txn {

namespace {

bool is_of(const Hold* hold, uint64_t hash, const LockTag& tag, LockMethodId method) {
  return hold->hash == hash && hold->lock->tag == tag && hold->lock->method == method;
}

Hold* find_hold(const LockerCore& me, const LockTag& tag, LockMode mode, LockScope scope) {
  const uint64_t hash = LockTable::hash(tag, mode.method);
  for (Hold* hold = me.index.first(hash); hold != nullptr; hold = hold->next_in_bucket) {
    if (hold->mode == mode.index && hold->scope == scope && is_of(hold, hash, tag, mode.method))
      return hold;
  }
  return nullptr;
}

}  // namespace

LockManager::Request::Request(Locker& the_locker, LockerCore& core, const LockTag& the_tag,
                              LockMode the_mode, const AcquireOptions& the_options)
    : locker(the_locker),
      me(core),
      tag(the_tag),
      mode(the_mode),
      options(the_options),
      hash(LockTable::hash(the_tag, the_mode.method)) {
  for (Hold* hold = me.index.first(hash); hold != nullptr; hold = hold->next_in_bucket) {
    if (!is_of(hold, hash, tag, mode.method)) continue;
    own_modes |= static_cast<LockModeSet>(1U << hold->mode);
    ++own[hold->mode];
    if (hold->mode == mode.index && hold->scope == options.scope) same = hold;
  }
}

LockManager::LockManager() = default;
LockManager::~LockManager() = default;

LockerPtr LockManager::open(base::Task& task, SessionId session, Oid database) {
  return open(&task, session, database, TxnId{});
}

LockerPtr LockManager::open_prepared(TxnId txn, Oid database) {
  return open(nullptr, SessionId{}, database, txn);
}

LockerPtr LockManager::open(base::Task* task, SessionId session, Oid database, TxnId prepared) {
  std::lock_guard guard(registry_mutex_);
  if (closed_.empty()) {
    lockers_.push_back(std::make_unique<Locker>());
    closed_.push_back(lockers_.back().get());
  }
  Locker* locker = closed_.back();
  closed_.pop_back();
  LockerCore& core = locker->core_;
  core.task = task;
  core.session = session;
  core.database = database;
  core.prepared = prepared;
  core.age = 0;
  core.awaited = false;
  core.wounded = false;
  core.sequence = 0;
  locker->settings_ = {};
  if (session != SessionId{}) by_session_[session] = locker;
  return {locker, LockerCloser{this}};
}

void LockerCloser::operator()(Locker* locker) const {
  manager->close(locker);
}

void LockManager::close(Locker* locker) {
  release_transaction(*locker);
  release_session(*locker);
  std::lock_guard guard(registry_mutex_);
  auto at = by_session_.find(locker->session());
  if (at != by_session_.end() && at->second == locker) by_session_.erase(at);
  closed_.push_back(locker);
}

void LockManager::set_statement_lookup(std::function<std::string(SessionId)> lookup) {
  statement_of_ = std::move(lookup);
}

void LockManager::set_wound_handler(std::function<void(SessionId)> handler) {
  on_wound_ = std::move(handler);
}

base::Result<Granted> LockManager::acquire(Locker& locker, const LockTag& tag, LockMode mode,
                                           const AcquireOptions& options) {
  if (base::Status wounded = locker.check_wounded(); !wounded) return wounded.take_error();
  Request request(locker, locker.core_, tag, mode, options);
  if (request.same != nullptr) {
    ++request.same->count;
    return Granted::kHeldAlready;
  }
  const bool covered = request.covered();
  LockPartition& partition = table_.partition(request.hash);
  Hold* hold = nullptr;
  std::optional<Refusal> refusal;
  {
    std::lock_guard guard(partition.mutex);
    Lock& lock = *partition.find_or_add(request.hash, tag, mode.method);
    const Lock::Place place = covered ? Lock::Place{.now = true}
                                      : lock.place_for(mode.index, request.own_modes, request.own);
    if (place.now) {
      hold = new_hold(partition, request);
      lock.add(hold);
    } else {
      if (!options.wait) return Granted::kNotAvailable;
      refusal = refuse(lock, request, place);
      if (!refusal) enqueue(lock, partition, request, place.before);
    }
  }
  if (refusal) return refused(request, *refusal);
  if (hold == nullptr) return wait_in_queue(request);
  put_away(request.me, hold);
  if (observer_ != nullptr) observer_->granted(locker.session(), tag, mode);
  return covered ? Granted::kHeldAlready : Granted::kNew;
}

Hold* LockManager::new_hold(LockPartition& partition, const Request& request) {
  Hold* hold = partition.hold_pool.take();
  hold->owner = &request.me;
  hold->count = 1;
  hold->mode = request.mode.index;
  hold->scope = request.options.scope;
  if (!request.options.label.empty())
    hold->label = std::make_unique<std::string>(request.options.label);
  return hold;
}

void LockManager::enqueue(Lock& lock, LockPartition& partition, const Request& request,
                          LockerCore* before) {
  LockWaitState& wait = request.me.wait;
  wait.hold = new_hold(partition, request);
  wait.mode = request.mode.index;
  wait.granted = false;
  wait.own = request.own;
  wait.own_modes = request.own_modes;
  wait.since = base::wall_now();
  lock.enqueue(&request.me, before);
}

/// Into the locker's own books.
void LockManager::put_away(LockerCore& me, Hold* hold) {
  hold->sequence = ++me.sequence;
  me.holds(hold->scope).push_back(hold);
  me.index.insert(hold);
}

void LockManager::release_hold(LockerCore& me, Hold* hold) {
  me.holds(hold->scope).remove(hold);
  me.index.remove(hold);
  LockPartition& partition = table_.partition(hold->hash);
  std::lock_guard guard(partition.mutex);
  partition.release(hold);
}

bool LockManager::release(Locker& locker, const LockTag& tag, LockMode mode, LockScope scope) {
  Hold* hold = find_hold(locker.core_, tag, mode, scope);
  if (hold == nullptr) return false;
  if (--hold->count == 0) release_hold(locker.core_, hold);
  return true;
}

bool LockManager::is_free(Locker& locker, const LockTag& tag, LockMode mode) {
  const AcquireOptions options;
  const Request request(locker, locker.core_, tag, mode, options);
  LockPartition& partition = table_.partition(request.hash);
  std::lock_guard guard(partition.mutex);
  const Lock* lock = partition.find(request.hash, tag, mode.method);
  return lock == nullptr || !lock->conflicts_with_granted(mode.index, request.own);
}

bool LockManager::holds(const Locker& locker, const LockTag& tag, LockMode mode) const {
  const LockModeSet enough = lock_method(mode.method).covered_by(mode);
  const uint64_t hash = LockTable::hash(tag, mode.method);
  for (Hold* hold = locker.core_.index.first(hash); hold != nullptr; hold = hold->next_in_bucket) {
    if ((enough >> hold->mode & 1) != 0 && is_of(hold, hash, tag, mode.method)) return true;
  }
  return false;
}

std::vector<HeldLock> LockManager::held(const Locker& locker) const {
  std::vector<HeldLock> locks;
  const HoldList& holds = locker.core_.transaction_holds;
  for (Hold* hold = holds.front(); hold != nullptr; hold = HoldList::next(hold)) {
    locks.push_back({hold->lock->tag,
                     {hold->lock->method, hold->mode},
                     hold->label == nullptr ? std::string() : *hold->label});
  }
  return locks;
}

void LockManager::release_transaction(Locker& locker) {
  release_since(locker, LockMark{});
  locker.core_.wounded.store(false, std::memory_order_relaxed);
  locker.core_.index.trim();
}

void LockManager::release_since(Locker& locker, LockMark mark) {
  LockerCore& me = locker.core_;
  for (Hold* hold = me.transaction_holds.back(); hold != nullptr && hold->sequence > mark.sequence;
       hold = me.transaction_holds.back()) {
    release_hold(me, hold);
  }
}

size_t LockManager::release_session(Locker& locker, std::optional<LockKind> kind) {
  LockerCore& me = locker.core_;
  size_t released = 0;
  for (Hold* hold = me.session_holds.front(); hold != nullptr;) {
    Hold* next = HoldList::next(hold);
    if (!kind || hold->lock->tag.kind == *kind) {
      release_hold(me, hold);
      ++released;
    }
    hold = next;
  }
  return released;
}

base::Status LockManager::transfer_transaction(Locker& from, Locker& to,
                                               std::span<const TxnId> ids) {
  LockerCore &giver = from.core_, &taker = to.core_;
  for (Hold* hold = giver.session_holds.front(); hold != nullptr; hold = HoldList::next(hold)) {
    for (Hold* other = giver.index.first(hold->hash); other != nullptr;
         other = other->next_in_bucket) {
      if (other->lock != hold->lock || other->scope == LockScope::kSession) continue;
      return base::Error(base::sqlstate::kFeatureNotSupported,
                         "cannot PREPARE while holding both session-level and transaction-level "
                         "locks on the same object");
    }
  }
  while (Hold* hold = giver.transaction_holds.front()) {
    giver.transaction_holds.remove(hold);
    giver.index.remove(hold);
    {
      std::lock_guard guard(table_.partition(hold->hash).mutex);
      hold->owner = &taker;
    }
    put_away(taker, hold);
  }
  giver.index.trim();
  if (from.take_awaited()) {
    taker.awaited.store(true);
    for (TxnId id : ids) hand_over(id, taker);
  }
  return {};
}

}  // namespace isolde::txn
