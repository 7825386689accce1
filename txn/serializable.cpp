#include "txn/serializable.hpp"

#include "txn/locker.hpp"
#include "txn/serialization_failure.hpp"
#include "txn/version_rules.hpp"

namespace isolde::txn {

using base::Result;
using base::Status;

namespace {

/// Tables of the catalog, which are below, are not part of the experiment.
constexpr Oid kFirstTracked{12000};
/// What nobody needs is looked for once in so many ends.
constexpr uint32_t kEndsPerPrune = 32;

/// Finds conflicts from those who have locked what `me` has written.
class Overwriting final : public PredicateVisitor {
 public:
  Overwriting(ConflictGraph& graph, SsiTransaction& me) : graph_(graph), me_(me) {}

  Status visit(PredicateOwner* owner, uint64_t committed_at) override {
    if (owner != &me_)
      return graph_.overwrites(me_, static_cast<SsiTransaction*>(owner), committed_at);
    mine_ = true;
    return {};
  }
  bool found_mine() const { return mine_; }

 private:
  ConflictGraph& graph_;
  SsiTransaction& me_;
  bool mine_ = false;
};

}  // namespace

// ---- shared

void Serializables::make_room(SsiTransaction& me) {
  const auto disown = [this](SsiTransaction& old) {
    locks_.disown(old, old.committed_at.load(std::memory_order_relaxed));
  };
  while (locks_.full() && graph_.summarise(disown)) {
  }
  if (locks_.full()) release_unneeded();
  if (locks_.full() && locks_.disowned() > 0) locks_.coarsen_disowned();
  if (locks_.full()) locks_.coarsen(me);
}

void Serializables::make_room_for_transaction() {
  const auto disown = [this](SsiTransaction& old) {
    locks_.disown(old, old.committed_at.load(std::memory_order_relaxed));
  };
  while (graph_.size() >= limits_.max_transactions && graph_.summarise(disown)) {
  }
}

void Serializables::finish(SsiTransaction& me, ConflictGraph::End end, bool wrote) {
  graph_.finish(me, end, wrote, [this](SsiTransaction& gone) { locks_.release(gone); });
  const bool idle = graph_.size() == 0 && locks_.disowned() > 0;
  if (!idle && ended_.fetch_add(1, std::memory_order_relaxed) % kEndsPerPrune != 0) return;
  release_unneeded();
}

void Serializables::release_unneeded() {
  const uint64_t needed_from = graph_.prune();
  if (locks_.disowned() == 0) return;
  // Looking through all locks pays only where some may go.
  if (released_through_.exchange(needed_from, std::memory_order_relaxed) != needed_from)
    locks_.release_disowned(needed_from);
}

std::vector<SireadView> Serializables::siread_locks() {
  std::vector<SireadView> views;
  locks_.each([&](const PredicateLockView& lock) {
    SireadView& view = views.emplace_back();
    view.target = lock.target;
    if (lock.range != nullptr) view.range = *lock.range;
    if (lock.owner == nullptr) return;
    const auto& owner = static_cast<const SsiTransaction&>(*lock.owner);
    view.session = owner.session;
    view.top_id = TxnId{owner.top_id.load(std::memory_order_relaxed)};
  });
  return views;
}

// ---- beginning

Status SsiTracking::begin(std::optional<Snapshot>& snapshot) {
  const TransactionModes& modes = transaction_.modes();
  for (;;) {
    all_.make_room_for_transaction();
    me_ = all_.graph().begin(transaction_.locker().session(), transaction_.database(),
                             modes.read_only, [&] { snapshot = transaction_.take_snapshot(); });
    if (me_ == nullptr || !modes.read_only || !modes.deferrable) return {};
    auto safe = all_.graph().wait_until_safe(*me_, transaction_.task());
    const bool good = safe && *safe;
    leave(good ? ConflictGraph::End::kSafe : ConflictGraph::End::kRollback);
    if (good) return {};
    transaction_.release_snapshot(*snapshot);
    snapshot.reset();
    if (!safe) return safe.take_error();
  }
}

void SsiTracking::leave(ConflictGraph::End end) {
  all_.finish(*me_, end, wrote_);
  me_ = nullptr;
}

// ---- reading

/// Also the place where a read-only transaction learns that it is safe.
bool SsiTracking::tracks(const Table& table) {
  if (me_ == nullptr || table.oid < kFirstTracked) return false;
  if (!me_->has(SsiTransaction::kSafe)) [[likely]]
    return true;
  leave(ConflictGraph::End::kSafe);
  return false;
}

ReadTracker* SsiTracking::reads_of(const Table& table) {
  return tracks(table) ? this : nullptr;
}

Status SsiTracking::check_doomed(const char* when) const {
  if (!me_->has(SsiTransaction::kDoomed)) [[likely]]
    return {};
  return pivot_failure(when);
}

bool SsiTracking::lock(const PredicateTarget& target) {
  const bool locked = all_.locks().lock(*me_, target);
  if (locked && all_.locks().full()) all_.make_room(*me_);
  return locked;
}

Status SsiTracking::reads_table(const Table& table) {
  if (me_ != nullptr) lock(PredicateTarget::of_relation(table.database, table.oid));
  return {};
}

Status SsiTracking::reads_page(const Table& table, storage::BlockNumber block) {
  if (me_ != nullptr) lock(PredicateTarget::of_page(table.database, table.oid, block));
  return {};
}

Result<uint64_t> SsiTracking::reads_range(const Table& table, const Index& index,
                                          const KeyRange& range) {
  if (me_ == nullptr) return uint64_t{0};
  const uint64_t note = all_.locks().lock_range(*me_, table.database, table.oid, index.oid, range);
  if (note != 0 && all_.locks().full()) all_.make_room(*me_);
  return note;
}

void SsiTracking::reads_less(uint64_t note, const KeyRange& part) {
  if (me_ != nullptr) all_.locks().narrow_range(*me_, note, part);
}

Status SsiTracking::saw(const storage::VersionHeader& header, const Snapshot& snapshot, bool seen) {
  if (me_ == nullptr) return {};
  if (Status s = check_doomed("during conflict out checking."); !s) return s;
  const TxnId writer = unseen_writer(transaction_, snapshot, header, seen);
  if (writer == TxnId{} || writer == read_past_) return {};
  if (Status s = all_.graph().reads_past(*me_, writer); !s) return s;
  read_past_ = writer;
  return {};
}

Result<bool> SsiTracking::took(const Table& table, const storage::VersionView& version) {
  // What it has written itself nobody else can change before it ends.
  if (me_ == nullptr || transaction_.is_mine(version.header.xmin)) return false;
  return lock(PredicateTarget::of_tuple(table.database, table.oid, version.id));
}

// ---- writing

void SsiTracking::writes_under(TxnId id) {
  if (me_ == nullptr || id == writes_under_) return;
  all_.graph().add_id(*me_, id, transaction_.top_id());
  writes_under_ = id;
}

/// False when nobody can be in conflict with the write.
Result<bool> SsiTracking::begin_writing(const Table& table) {
  if (!tracks(table)) return false;
  if (Status s = check_doomed("during conflict in checking."); !s) return s.take_error();
  wrote_ = true;
  return !all_.only_one();
}

Status SsiTracking::overwrote(const Table& table, TupleId version) {
  auto needed = begin_writing(table);
  if (!needed) return needed.take_error();
  if (!*needed) return {};
  PredicateLocks& locks = all_.locks();
  Overwriting visitor(all_.graph(), *me_);
  const auto row = PredicateTarget::of_tuple(table.database, table.oid, version);
  if (Status s = locks.visit(row, visitor); !s) return s;
  // Nobody else can change the row now. In a savepoint the change may yet be undone.
  if (visitor.found_mine() && transaction_.savepoints() == 0) locks.unlock_row(*me_, row);
  Status s =
      locks.visit(PredicateTarget::of_page(table.database, table.oid, version.block), visitor);
  if (!s) return s;
  return locks.visit(PredicateTarget::of_relation(table.database, table.oid), visitor);
}

Status SsiTracking::inserted(const Table& table) {
  auto needed = begin_writing(table);
  if (!needed) return needed.take_error();
  if (!*needed) return {};
  Overwriting visitor(all_.graph(), *me_);
  return all_.locks().visit(PredicateTarget::of_relation(table.database, table.oid), visitor);
}

Status SsiTracking::inserted_key(const Table& table, const Index& index, ByteSpan key) {
  auto needed = begin_writing(table);
  if (!needed) return needed.take_error();
  if (!*needed) return {};
  Overwriting visitor(all_.graph(), *me_);
  return all_.locks().visit_key(table.database, index.oid, key, visitor);
}

// ---- the end

Status SsiTracking::validate() {
  // Who has written nothing is nobody's pivot, and nobody's T2.
  return me_ == nullptr || !wrote_ ? Status() : all_.graph().prepare(*me_);
}

void SsiTracking::ended(bool committed) {
  if (me_ != nullptr)
    leave(committed ? ConflictGraph::End::kCommit : ConflictGraph::End::kRollback);
}

}  // namespace isolde::txn
