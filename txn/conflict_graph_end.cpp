#include <algorithm>

#include "base/check.hpp"
#include "txn/conflict_graph.hpp"

// How transactions leave the graph.
//
//      ROLLBACK    at once, with its locks
//      COMMIT      is kept while somebody runs who took the snapshot before; until then
//                  thinned: when no writer is left who overlaps it, nobody can read past a newer
//                  write, so locks and conflicts in go; conflicts out stay, for read-only ones
//                  summarised: when there is no room

namespace isolde::txn {

namespace {

using Peers = std::vector<SsiTransaction*>;

void erase_one(Peers& list, const SsiTransaction* one) {
  auto at = std::find(list.begin(), list.end(), one);
  ISOLDE_ASSERT(at != list.end(), "the two ends of a conflict disagree");
  *at = list.back();
  list.pop_back();
}

/// Drops the conflicts to those for whom `goes` says so, at both ends.
template <typename Goes>
void drop_peers(SsiTransaction& me, Peers SsiTransaction::*mine, Peers SsiTransaction::*theirs,
                Goes&& goes) {
  std::erase_if(me.*mine, [&](SsiTransaction* peer) {
    if (!goes(*peer)) return false;
    erase_one(peer->*theirs, &me);
    return true;
  });
}

}  // namespace

void ConflictGraph::drop_conflicts_in(SsiTransaction& transaction, uint32_t flag) {
  drop_peers(transaction, &SsiTransaction::in, &SsiTransaction::out, [&](SsiTransaction& reader) {
    reader.set(flag);
    return true;
  });
}

void ConflictGraph::drop_conflicts_out(SsiTransaction& transaction, uint32_t flag) {
  drop_peers(transaction, &SsiTransaction::out, &SsiTransaction::in, [&](SsiTransaction& writer) {
    writer.set(flag);
    return true;
  });
}

/// Which conflicts still matter, now that `me` ends. Notes conflicts out to those who came first.
void ConflictGraph::settle_conflicts(SsiTransaction& me, End end) {
  const bool commits = end == End::kCommit;
  const bool writes = commits && !me.has(SsiTransaction::kReadOnly);
  if (writes && me.has(SsiTransaction::kSummaryOut)) {
    me.earliest_out = 0;
    me.set(SsiTransaction::kConflictOut);
  }
  drop_peers(me, &SsiTransaction::out, &SsiTransaction::in, [&](SsiTransaction& writer) {
    if (writes && writer.committed()) {
      me.earliest_out = std::min(me.earliest_out, writer.prepared_at);
      me.set(SsiTransaction::kConflictOut);
    }
    return !commits || writer.committed() || writer.snapshot_at >= moment_;
  });
  drop_peers(me, &SsiTransaction::in, &SsiTransaction::out, [&](SsiTransaction& reader) {
    return !commits || reader.committed() || reader.has(SsiTransaction::kReadOnly);
  });
}

void ConflictGraph::make_unsafe(SsiTransaction& reader) {
  reader.set(SsiTransaction::kUnsafe);
  drop_peers(reader, &SsiTransaction::watched, &SsiTransaction::watched,
             [](SsiTransaction&) { return true; });
}

/// Tells the read-only transactions that watch this writer; or stops watching.
void ConflictGraph::settle_watched(SsiTransaction& me, End end, bool wrote) {
  const Peers watched = me.watched;
  for (SsiTransaction* peer : watched) {
    const bool unsafe = !me.declared_read_only && end == End::kCommit && wrote &&
                        me.has(SsiTransaction::kConflictOut) &&
                        me.earliest_out <= peer->snapshot_at;
    if (unsafe) {
      make_unsafe(*peer);
    } else {
      erase_one(me.watched, peer);
      erase_one(peer->watched, &me);
    }
    if (me.declared_read_only) continue;
    if (!unsafe && peer->watched.empty()) peer->set(SsiTransaction::kSafe);
    if (peer->waits_for_safety != nullptr &&
        peer->has(SsiTransaction::kSafe | SsiTransaction::kUnsafe))
      peer->waits_for_safety->signal();
  }
}

void ConflictGraph::finish(SsiTransaction& me, End end, bool wrote, const Forget& forget) {
  List gone, thinned;
  {
    std::lock_guard lock(mutex_);
    if (end == End::kCommit) {
      me.committed_at.store(++moment_, std::memory_order_release);
      me.set(SsiTransaction::kCommitted);
      if (!wrote) me.set(SsiTransaction::kReadOnly);
    } else {
      me.set(SsiTransaction::kDoomed);
    }
    if (!me.declared_read_only && --writers_ == 0) no_writer_since_ = moment_;
    settle_conflicts(me, end);
    settle_watched(me, end, wrote);
    if (end == End::kCommit) {
      finished_.splice(finished_.end(), running_, me.place);
    } else {
      retire(me, running_, gone);
    }
    clear_finished(gone, thinned);
  }
  for (const auto& transaction : gone) forget(*transaction);
  for (const auto& transaction : thinned) forget(*transaction);
}

/// Out of the graph: from now on nobody finds it but by its locks, and kGone tells those.
void ConflictGraph::retire(SsiTransaction& transaction, List& from, List& gone) {
  transaction.set(SsiTransaction::kGone);
  drop_conflicts_in(transaction, 0);
  drop_conflicts_out(transaction, 0);
  for (TxnId id : transaction.ids) by_id_.erase(id);
  gone.splice(gone.end(), from, transaction.place);
  size_.fetch_sub(1, std::memory_order_seq_cst);
}

uint64_t ConflictGraph::needed_from_locked() const {
  return running_.empty() ? moment_ : running_.front()->snapshot_at;
}

void ConflictGraph::clear_finished(List& gone, List& thinned) {
  const uint64_t needed_from = needed_from_locked();
  for (auto next = finished_.begin(); next != finished_.end();) {
    SsiTransaction& transaction = **next++;
    const uint64_t at = transaction.committed_at.load(std::memory_order_relaxed);
    const bool overlaps_no_writer = at <= no_writer_since_;
    if (at <= needed_from || (overlaps_no_writer && transaction.has(SsiTransaction::kReadOnly))) {
      retire(transaction, finished_, gone);
    } else if (!overlaps_no_writer) {
      return;
    } else if (at > thinned_through_) {
      drop_conflicts_in(transaction, 0);
      thinned.push_back(*transaction.place);
      thinned_through_ = at;
    }
  }
}

bool ConflictGraph::summarise(const Forget& disown) {
  std::lock_guard one_at_a_time(summary_mutex_);
  List taken;
  {
    std::lock_guard lock(mutex_);
    if (finished_.empty()) return false;
    taken.splice(taken.end(), finished_, finished_.begin());
  }
  SsiTransaction& transaction = *taken.front();
  disown(transaction);
  List gone;
  std::lock_guard lock(mutex_);
  if (!transaction.has(SsiTransaction::kReadOnly)) {
    const TxnId top{transaction.top_id.load(std::memory_order_relaxed)};
    for (TxnId id : transaction.ids)
      old_writers_[id] = {transaction.earliest_out, transaction.committed_at.load(), top};
  }
  drop_conflicts_in(transaction, SsiTransaction::kSummaryOut);
  drop_conflicts_out(transaction, SsiTransaction::kSummaryIn);
  retire(transaction, taken, gone);
  return true;
}

uint64_t ConflictGraph::prune() {
  std::lock_guard lock(mutex_);
  const uint64_t needed_from = needed_from_locked();
  if (needed_from == pruned_to_) return needed_from;
  pruned_to_ = needed_from;
  absl::erase_if(old_writers_,
                 [&](const auto& entry) { return entry.second.committed_at <= needed_from; });
  return needed_from;
}

uint64_t ConflictGraph::last_moment() {
  std::lock_guard lock(mutex_);
  return moment_;
}

}  // namespace isolde::txn
