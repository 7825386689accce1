#include "txn/conflict_graph.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "txn/serialization_failure.hpp"

// Coming up of conflicts, and the checks. How transactions leave: conflict_graph_end.cpp.

namespace isolde::txn {

using base::Result;
using base::Status;

namespace {

constexpr base::WaitEvent kWaitSafeSnapshot{"IPC", "SafeSnapshot"};

bool is_among(const std::vector<SsiTransaction*>& list, const SsiTransaction* one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool conflict_known(const SsiTransaction& reader, const SsiTransaction& writer) {
  return reader.out.size() <= writer.in.size() ? is_among(reader.out, &writer)
                                               : is_among(writer.in, &reader);
}

/// What the checks ask of a reader, who may be somebody long merged with others.
struct ReaderSide {
  const SsiTransaction* who;
  uint64_t committed_at;

  bool read_only() const { return who != nullptr && who->has(SsiTransaction::kReadOnly); }
};

/// reader -> writer -> T2, with T2 committed first?
bool writer_is_pivot(const ReaderSide& reader, const SsiTransaction& writer) {
  if (writer.has(SsiTransaction::kSummaryOut)) return true;
  if (writer.committed() && writer.has(SsiTransaction::kConflictOut)) return true;
  const uint64_t writer_at = writer.committed_at.load(std::memory_order_relaxed);
  return std::any_of(writer.out.begin(), writer.out.end(), [&](const SsiTransaction* t2) {
    return t2->has(SsiTransaction::kPrepared) && t2->prepared_at <= reader.committed_at &&
           t2->prepared_at <= writer_at &&
           (!reader.read_only() || t2->prepared_at <= reader.who->snapshot_at);
  });
}

/// T0 -> reader -> writer, with the writer committed (or about to) first?
bool reader_is_pivot(const ReaderSide& reader, const SsiTransaction& writer) {
  if (!writer.has(SsiTransaction::kPrepared) || reader.who == nullptr || reader.read_only())
    return false;
  if (reader.who->has(SsiTransaction::kSummaryIn)) return true;
  return std::any_of(reader.who->in.begin(), reader.who->in.end(), [&](const SsiTransaction* t0) {
    return !t0->has(SsiTransaction::kDoomed) &&
           t0->committed_at.load(std::memory_order_relaxed) >= writer.prepared_at &&
           (!t0->has(SsiTransaction::kReadOnly) || t0->snapshot_at >= writer.prepared_at);
  });
}

}  // namespace

// ---- beginning

SsiTransaction* ConflictGraph::add(List& made) {
  SsiTransaction& me = *made.front();
  const bool read_only = me.declared_read_only;
  // Only a writer that runs now can have, or get, a conflict with somebody who committed before.
  if (read_only && writers_ == 0) return nullptr;
  me.snapshot_at = moment_;
  if (read_only) {
    me.set(SsiTransaction::kReadOnly);
    for (const auto& other : running_) {
      if (other->has(SsiTransaction::kDoomed | SsiTransaction::kReadOnly)) continue;
      me.watched.push_back(other.get());
    }
    if (me.watched.empty()) return nullptr;
    for (SsiTransaction* writer : me.watched) writer->watched.push_back(&me);
  } else {
    ++writers_;
  }
  me.place = made.begin();
  running_.splice(running_.end(), made);
  size_.fetch_add(1, std::memory_order_seq_cst);
  return &me;
}

SsiTransaction* ConflictGraph::recover(Oid database, std::span<const TxnId> ids) {
  SsiTransaction* me = begin(base::SessionId{}, database, false, [] {});
  for (TxnId id : ids) add_id(*me, id, ids.front());
  std::lock_guard lock(mutex_);
  me->prepared_at = ++moment_;
  me->set(SsiTransaction::kPrepared | SsiTransaction::kSummaryIn | SsiTransaction::kSummaryOut);
  return me;
}

void ConflictGraph::add_id(SsiTransaction& transaction, TxnId id, TxnId top) {
  std::lock_guard lock(mutex_);
  transaction.top_id.store(top.value, std::memory_order_relaxed);
  transaction.ids.push_back(id);
  by_id_[id] = &transaction;
}

// ---- conflicts

/// Notes reader -> writer, one of which is `me`, unless that must end somebody.
Status ConflictGraph::add_conflict(SsiTransaction* reader, uint64_t reader_committed_at,
                                   SsiTransaction& writer, const SsiTransaction& me) {
  const ReaderSide side{reader, reader_committed_at};
  if (writer_is_pivot(side, writer) || reader_is_pivot(side, writer)) {
    if (&me == &writer) return pivot_failure("during write.");
    if (writer.has(SsiTransaction::kPrepared))
      return serialization_failure("Canceled on conflict out to pivot " +
                                   std::to_string(writer.top_id.load()) + ", during read.");
    writer.set(SsiTransaction::kDoomed);
  }
  if (reader == nullptr) {
    writer.set(SsiTransaction::kSummaryIn);
    return {};
  }
  reader->out.push_back(&writer);
  writer.in.push_back(reader);
  return {};
}

Status ConflictGraph::overwrites(SsiTransaction& me, SsiTransaction* reader,
                                 uint64_t committed_at) {
  if (reader == nullptr) {
    if (committed_at <= me.snapshot_at) return {};
    std::lock_guard lock(mutex_);
    return add_conflict(nullptr, committed_at, me, me);
  }
  constexpr uint32_t kIgnored = SsiTransaction::kDoomed | SsiTransaction::kGone;
  if (reader->has(kIgnored)) return {};
  if (reader->committed_at.load(std::memory_order_acquire) <= me.snapshot_at) return {};
  std::lock_guard lock(mutex_);
  if (reader->has(kIgnored) || conflict_known(*reader, me)) return {};
  return add_conflict(reader, reader->committed_at.load(std::memory_order_relaxed), me, me);
}

Status ConflictGraph::reads_past(SsiTransaction& me, TxnId writer_id) {
  std::lock_guard lock(mutex_);
  auto found = by_id_.find(writer_id);
  if (found == by_id_.end()) {
    auto old = old_writers_.find(writer_id);
    return old == old_writers_.end() ? Status() : reads_past_old(me, old->second);
  }
  SsiTransaction& writer = *found->second;
  if (&writer == &me || writer.has(SsiTransaction::kDoomed)) return {};
  // The summarised one that the writer conflicts with committed first, and who knows when.
  if (writer.has(SsiTransaction::kSummaryOut)) {
    if (writer.has(SsiTransaction::kPrepared))
      return serialization_failure("Canceled on conflict out to old pivot.");
    writer.set(SsiTransaction::kDoomed);
    return {};
  }
  // A read-only transaction that comes before everything the writer depends on.
  if (me.has(SsiTransaction::kReadOnly) && writer.committed() &&
      (!writer.has(SsiTransaction::kConflictOut) || me.snapshot_at < writer.earliest_out))
    return {};
  if (conflict_known(me, writer)) return {};
  return add_conflict(&me, kNever, writer, me);
}

Status ConflictGraph::reads_past_old(SsiTransaction& me, const OldWriter& writer) {
  const std::string id = std::to_string(writer.top.value) + ".";
  if (writer.earliest_out != kNever &&
      (!me.has(SsiTransaction::kReadOnly) || writer.earliest_out <= me.snapshot_at))
    return serialization_failure("Canceled on conflict out to old pivot " + id);
  if (me.has(SsiTransaction::kSummaryIn) || !me.in.empty())
    return pivot_failure("with conflict out to old committed transaction " + id);
  me.set(SsiTransaction::kSummaryOut);
  return {};
}

// ---- the check at commit

/// All that is left to find: T0 -> pivot -> me, where neither of them has committed.
Status ConflictGraph::prepare(SsiTransaction& me) {
  std::lock_guard lock(mutex_);
  if (me.has(SsiTransaction::kDoomed)) return pivot_failure("during commit attempt.");
  for (SsiTransaction* pivot : me.in) {
    if (pivot->has(SsiTransaction::kCommitted | SsiTransaction::kDoomed)) continue;
    const bool dangerous =
        std::any_of(pivot->in.begin(), pivot->in.end(), [&](const SsiTransaction* t0) {
          return t0 == &me || !t0->has(SsiTransaction::kCommitted | SsiTransaction::kReadOnly |
                                       SsiTransaction::kDoomed);
        });
    if (!dangerous) continue;
    if (pivot->has(SsiTransaction::kPrepared))
      return serialization_failure(
          "Canceled on commit attempt with conflict in from prepared pivot.");
    pivot->set(SsiTransaction::kDoomed);
  }
  me.prepared_at = ++moment_;
  me.set(SsiTransaction::kPrepared);
  return {};
}

// ---- safe snapshots

Result<bool> ConflictGraph::wait_until_safe(SsiTransaction& me, base::Task& task) {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      const bool known = me.watched.empty() || me.has(SsiTransaction::kUnsafe);
      me.waits_for_safety = known ? nullptr : &task;
      if (known) return !me.has(SsiTransaction::kUnsafe);
    }
    if (task.wait(kWaitSafeSnapshot) != base::Wake::kInterrupted) continue;
    Status s = task.take_interrupt();
    if (s) continue;
    std::lock_guard lock(mutex_);
    me.waits_for_safety = nullptr;
    return s.take_error();
  }
}

std::vector<base::SessionId> ConflictGraph::blocks_safety_of(base::SessionId session) {
  std::lock_guard lock(mutex_);
  std::vector<base::SessionId> blockers;
  for (const auto& reader : running_) {
    if (reader->session.load() != session || reader->waits_for_safety == nullptr) continue;
    for (const SsiTransaction* writer : reader->watched) blockers.push_back(writer->session);
  }
  return blockers;
}

std::vector<SsiView> ConflictGraph::views() {
  std::lock_guard lock(mutex_);
  std::vector<SsiView> views;
  for (const List* list : {&finished_, &running_}) {
    for (const auto& t : *list) {
      SsiView& view = views.emplace_back();
      view.session = t->session;
      view.database = t->database;
      view.top_id = TxnId{t->top_id.load(std::memory_order_relaxed)};
      view.flags = t->flags.load(std::memory_order_relaxed);
      for (const SsiTransaction* reader : t->in) view.in.push_back(reader->session);
      for (const SsiTransaction* writer : t->out) view.out.push_back(writer->session);
    }
  }
  return views;
}

}  // namespace isolde::txn
