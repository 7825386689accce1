#pragma once

#include <absl/container/flat_hash_map.h>

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "base/task.hpp"
#include "txn/brief_mutex.hpp"
#include "txn/predicate_locks.hpp"

// Serializable snapshot isolation: which serializable transaction has read what another overwrote.
//
// A history under snapshot isolation is not serializable only if it contains
//
//      T0 --rw--> pivot --rw--> T2      T0 and pivot, pivot and T2 run at the same time, T0 may be
//      T2,
//                                       and of the three T2 is the first to commit
//
// where a --rw--> b: a read a version that b replaced (or did not see a row that b wrote). Write
// skew is the smallest such structure:
//
//      A  reads x, y          writes x                    A --rw--> B --rw--> A
//      B          reads x, y            writes y
//
// Every rw-conflict is noted when it comes up, by whoever of the two comes second; if the noted
// conflicts then contain such a structure, one transaction is ended with 40001: the pivot where it
// is still possible, so that a retry can succeed.
//
// If T0 only reads, the structure does harm only if T2 committed before T0 took its snapshot. So a
// READ ONLY transaction becomes *safe* once all writers that ran when it began are over without
// such a T2: then it needs no tracking any more. DEFERRABLE waits for that before it begins.
//
// Moments are numbers from one counter, which counts on at each attempt to commit (`prepared_at`)
// and each end of a commit (`committed_at`).
//
// Where room is short, the earliest committed transactions are summarised: their locks lose the
// owner, their ids keep only the moment of their earliest conflict out, and their partners keep a
// flag. All checks then assume the worst.
//
// Papers: Cahill, Roehm, Fekete, Serializable Isolation for Snapshot Databases (2008); Ports and
// Grittner, Serializable Snapshot Isolation in PostgreSQL (2012). Which transaction ends, and when,
// is as in PostgreSQL.
//
// Everything of this file is guarded by the graph's mutex, except what is said to be atomic.

namespace isolde::txn {

using base::TxnId;

inline constexpr uint64_t kNever = UINT64_MAX;

/// One serializable transaction, as long as others may need to know of it.
struct SsiTransaction : PredicateOwner {
  enum Flag : uint32_t {
    kReadOnly = 1,  ///< declared so, or committed without having written
    kDoomed = 2,    ///< must not commit
    kPrepared = 4,  ///< has passed the check at commit; stays set
    kCommitted = 8,
    kConflictOut = 16,  ///< to somebody who committed before it; since when: earliest_out
    kSummaryIn = 32,    ///< a conflict with somebody who is summarised
    kSummaryOut = 64,
    kUnsafe = 128,
    kSafe = 256,
    kGone = 512,  ///< nobody needs it: its locks are being removed
  };

  SsiTransaction(base::SessionId session_, Oid database_, bool read_only)
      : session(session_), database(database_), declared_read_only(read_only) {}

  bool has(uint32_t any) const { return (flags.load(std::memory_order_relaxed) & any) != 0; }
  void set(uint32_t flag) { flags.fetch_or(flag, std::memory_order_relaxed); }
  bool committed() const { return has(kCommitted); }

  std::atomic<base::SessionId> session;  ///< 0 once it is prepared for two-phase commit
  const Oid database;
  const bool declared_read_only;
  std::atomic<uint32_t> flags{0};
  std::atomic<uint64_t> top_id{0};
  std::atomic<uint64_t> committed_at{kNever};
  uint64_t prepared_at = kNever;
  uint64_t snapshot_at = 0;          ///< what had ended by then is in its snapshot
  uint64_t earliest_out = kNever;    ///< with kConflictOut
  std::vector<SsiTransaction*> in;   ///< who have read what it overwrote
  std::vector<SsiTransaction*> out;  ///< who have overwritten what it read
  /// Of a read-only one: the writers that may make it unsafe. Of a writer: who watches it so.
  std::vector<SsiTransaction*> watched;
  std::vector<TxnId> ids;
  base::Task* waits_for_safety = nullptr;
  std::list<std::shared_ptr<SsiTransaction>>::iterator place;  ///< in the graph's lists
};

/// For isolde.transactions.
struct SsiView {
  base::SessionId session;
  Oid database;
  TxnId top_id;
  uint32_t flags = 0;
  std::vector<base::SessionId> in, out;
};

class ConflictGraph {
  using List = std::list<std::shared_ptr<SsiTransaction>>;

 public:
  /// `forget` is called, without the mutex, for transactions that nobody needs any more.
  using Forget = std::function<void(SsiTransaction&)>;

  ConflictGraph() = default;
  ConflictGraph(const ConflictGraph&) = delete;
  ConflictGraph& operator=(const ConflictGraph&) = delete;

  /// `take_snapshot` is called with the mutex held. Null: nobody runs who could conflict with this
  /// read-only transaction, it need not be tracked.
  template <typename F>
  SsiTransaction* begin(base::SessionId session, Oid database, bool read_only, F&& take_snapshot) {
    List made;
    made.push_back(std::make_shared<SsiTransaction>(session, database, read_only));
    std::lock_guard lock(mutex_);
    take_snapshot();
    return add(made);
  }
  /// A prepared transaction that a restart has found: what is not known of it is assumed.
  SsiTransaction* recover(Oid database, std::span<const TxnId> ids);
  /// Before it writes under this id.
  void add_id(SsiTransaction& transaction, TxnId id, TxnId top);

  /// `me` does not see a version of `writer`, who runs at the same time.
  base::Status reads_past(SsiTransaction& me, TxnId writer);
  /// `me` has overwritten what `reader` (null: of those who are merged, the latest to commit at
  /// `committed_at`) had locked.
  base::Status overwrites(SsiTransaction& me, SsiTransaction* reader, uint64_t committed_at);

  /// Waits, with nothing latched, until a read-only transaction is known to be safe (true) or not.
  base::Result<bool> wait_until_safe(SsiTransaction& me, base::Task& task);

  /// The last check before the commit. 40001: roll back.
  base::Status prepare(SsiTransaction& me);
  enum class End : uint8_t { kCommit, kRollback, kSafe };
  /// `me` is not to be used afterwards.
  void finish(SsiTransaction& me, End end, bool wrote, const Forget& forget);

  /// The earliest committed transaction leaves the graph; false when there is none. `disown` is
  /// called without the mutex before it goes.
  bool summarise(const Forget& disown);
  /// Whoever committed up to then is in every running transaction's snapshot. Also forgets the ids
  /// of summarised ones that nobody needs.
  uint64_t prune();

  /// How many transactions are remembered one by one; atomic.
  size_t size() const { return size_.load(std::memory_order_seq_cst); }
  uint64_t last_moment();

  std::vector<SsiView> views();
  std::vector<base::SessionId> blocks_safety_of(base::SessionId session);

 private:
  struct OldWriter {
    uint64_t earliest_out = kNever;
    uint64_t committed_at = 0;
    TxnId top;
  };

  SsiTransaction* add(List& made);
  base::Status add_conflict(SsiTransaction* reader, uint64_t reader_committed_at,
                            SsiTransaction& writer, const SsiTransaction& me);
  base::Status reads_past_old(SsiTransaction& me, const OldWriter& writer);
  void settle_conflicts(SsiTransaction& me, End end);
  void settle_watched(SsiTransaction& me, End end, bool wrote);
  void make_unsafe(SsiTransaction& reader);
  void drop_conflicts_in(SsiTransaction& transaction, uint32_t flag);
  void drop_conflicts_out(SsiTransaction& transaction, uint32_t flag);
  void retire(SsiTransaction& transaction, List& from, List& gone);
  void clear_finished(List& gone, List& thinned);
  uint64_t needed_from_locked() const;

  mutable BriefMutex mutex_;
  List running_;   ///< by snapshot
  List finished_;  ///< committed, in that order
  absl::flat_hash_map<TxnId, SsiTransaction*> by_id_;
  absl::flat_hash_map<TxnId, OldWriter> old_writers_;
  uint64_t moment_ = 1;
  size_t writers_ = 0;            ///< running, not declared read only
  uint64_t no_writer_since_ = 0;  ///< committed up to then: no running writer overlaps
  uint64_t thinned_through_ = 0;
  uint64_t pruned_to_ = 0;
  std::mutex summary_mutex_;  ///< before mutex_: one at a time
  std::atomic<size_t> size_{0};
};

}  // namespace isolde::txn
