#pragma once

#include <optional>

#include "txn/conflict_graph.hpp"
#include "txn/read_tracker.hpp"
#include "txn/transaction.hpp"

// SERIALIZABLE of `mvcc`: what its transactions share, and what each of them does about it.
//
//      begin_statement()   the snapshot is taken; the transaction enters the graph
//      scan, fetch         SIREAD locks on what is read; conflicts to who writes there meanwhile
//      insert, update ...  conflicts from those who have read there
//      commit              the last check; locks stay until nobody overlaps

namespace isolde::txn {

/// A row of pg_locks with mode SIReadLock.
struct SireadView {
  PredicateTarget target;
  std::optional<KeyRange> range;  ///< of keys of the index `target.relation`
  base::SessionId session;        ///< 0: prepared, or nobody's any more
  TxnId top_id;
};

/// The serializable transactions of all sessions.
class Serializables {
 public:
  explicit Serializables(const PredicateLimits& limits = {}) : limits_(limits), locks_(limits) {}

  ConflictGraph& graph() { return graph_; }
  PredicateLocks& locks() { return locks_; }

  /// Where there are too many locks, forgets details: first of those who have committed, the
  /// earliest first, then of `me`.
  void make_room(SsiTransaction& me);
  void make_room_for_transaction();
  void finish(SsiTransaction& me, ConflictGraph::End end, bool wrote);
  /// Whether a write of the one serializable transaction that there is need not be looked at.
  bool only_one() const { return graph_.size() == 1 && locks_.disowned() == 0; }

  // --- for views; any thread
  std::vector<SireadView> siread_locks();
  std::vector<SsiView> transactions() { return graph_.views(); }
  /// As pg_safe_snapshot_blocking_pids.
  std::vector<base::SessionId> safe_snapshot_blockers(base::SessionId session) {
    return graph_.blocks_safety_of(session);
  }

 private:
  void release_unneeded();

  const PredicateLimits limits_;
  PredicateLocks locks_;
  ConflictGraph graph_;
  std::atomic<uint32_t> ended_{0};
  std::atomic<uint64_t> released_through_{0};
};

/// One serializable transaction's side.
class SsiTracking final : public ReadTracker {
 public:
  SsiTracking(Transaction& transaction, Serializables& all)
      : transaction_(transaction), all_(all) {}

  /// Takes the snapshot. DEFERRABLE: waits for one that is safe.
  base::Status begin(std::optional<Snapshot>& snapshot);

  /// Who is to hear of reads of this table: null when nobody need.
  ReadTracker* reads_of(const Table& table);
  base::Status reads_table(const Table& table) override;
  base::Status reads_page(const Table& table, storage::BlockNumber block) override;
  base::Result<uint64_t> reads_range(const Table& table, const Index& index,
                                     const KeyRange& range) override;
  void reads_less(uint64_t note, const KeyRange& part) override;
  base::Status saw(const storage::VersionHeader& header, const Snapshot& snapshot,
                   bool seen) override;
  base::Result<bool> took(const Table& table, const storage::VersionView& version) override;

  /// Before anything is written under this id.
  void writes_under(TxnId id);
  // After the write:
  base::Status overwrote(const Table& table, TupleId version);
  base::Status inserted(const Table& table);
  base::Status inserted_key(const Table& table, const Index& index, ByteSpan key);

  base::Status validate();
  void ended(bool committed);
  /// The transaction is prepared, and no session's any more.
  void handed_over() {
    if (me_ != nullptr) me_->session = base::SessionId{};
  }

 private:
  bool tracks(const Table& table);
  base::Status check_doomed(const char* when) const;
  base::Result<bool> begin_writing(const Table& table);
  void leave(ConflictGraph::End end);
  bool lock(const PredicateTarget& target);

  Transaction& transaction_;
  Serializables& all_;
  SsiTransaction* me_ = nullptr;  ///< null: nobody need know what it does
  TxnId writes_under_;
  TxnId read_past_;  ///< the latest whose conflict is settled
  bool wrote_ = false;
};

}  // namespace isolde::txn
