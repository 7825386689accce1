#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_set>
#include <vector>

#include "base/task.hpp"
#include "storage/change.hpp"

// What became of each transaction, and in which order they committed.
//
// Every transaction has a word of 8 bytes, on status pages (relations of space 0) for ever and in a
// ring in memory for the latest 65,536:
//
//      0              in progress
//      1              aborted
//      seq    << 2|2  committed, as the seq-th
//      parent << 2|3  a sub-transaction: as its parent
//
// Commit order is log order: the commit record, which sets the word on the status page, is appended
// under order_mutex_ together with the choice of seq. Visible is what is *published*:
//
//      seq:    ... 41  42  43  44         published = 42: every snapshot taken now sees 41 and 42
//      durable      y   y   n   n         43 is published once the log is durable up to its record,
//                                         and 44 after 43, even if 44 does not wait for the disk
//
// Invariants
//  1. A snapshot is a number: the published seq at its time. What it sees never changes: words of
//     seqs up to it are in place before it can be taken.
//  2. state() reports kCommitted only for published transactions.
//  3. A word that leaves the ring is on its status page.
//  4. After a crash, a transaction without a word is aborted, unless it was prepared: ids start
//  above
//     all that were used.
//
// A prepared transaction is a log record with the caller's bytes. A checkpoint writes that record
// again behind its redo place, so recovery finds every one of them, however old.

namespace isolde::storage {

enum class TxnFate : uint8_t { kInProgress, kCommitted, kAborted };

struct TxnState {
  TxnFate fate = TxnFate::kInProgress;
  CommitSeq seq;         ///< of committed ones
  bool durable = false;  ///< the outcome survives a crash: a hint bit may say so on a page
};

struct CommitOptions {
  bool wait_for_disk = true;           ///< synchronous_commit
  std::vector<RelationId> drop_files;  ///< to be removed once the commit is durable
};

/// The part of a checkpoint that is not pages.
struct CheckpointData {
  Lsn redo;
  TxnId next_txn{3};
  CommitSeq next_seq{2};
  uint32_t next_file = 16384;
  std::vector<std::pair<RelationId, TxnId>> created;  ///< by transactions that are in progress
  std::vector<RelationId> dropped;                    ///< committed, perhaps not removed yet
  /// Found by recovery, not part of the record: begin_checkpoint() logs each one anew.
  std::map<TxnId, Bytes> prepared;
  Bytes encode() const;
  static bool decode(ByteSpan bytes, CheckpointData& into);
};

/// A commit or abort record's main data.
struct TxnEnd {
  CommitSeq seq;
  int64_t time_micros = 0;
  std::vector<RelationId> drop_files;
  Bytes encode() const;
  static bool decode(ByteSpan bytes, TxnEnd& into);
};

/// The word on the status page, as it was left: for recovery. 0 when there is no such page.
base::Result<uint64_t> status_word(BufferPool& pool, TxnId txn);

class TxnTable {
 public:
  TxnTable(BufferPool& pool, Wal& wal, const CheckpointData& from);

  base::Result<TxnId> begin();
  base::Result<TxnId> begin_sub(TxnId parent);
  /// Not interruptible once the record is in the log. On success the commit is published (and, if
  /// asked for, durable). A failure before the record: the transaction is still in progress. After
  /// it (wal().broken()): nobody sees it, and what a restart will find is unknown.
  base::Status commit(base::Task& task, TxnId txn, const CommitOptions& options);
  /// Never waits. Files that the transaction created are removed.
  base::Status abort(TxnId txn);

  /// From now on the transaction outlives a crash: it stays in progress until someone commits or
  /// aborts it, after any number of restarts. `state` is the caller's (its name, owner, locks).
  /// 54000 when that is too long for a log record. Not interruptible, as commit().
  base::Status prepare(base::Task& task, TxnId txn, Bytes state);
  std::map<TxnId, Bytes> prepared() const;
  /// Durable when it returns. A failure before the record: it is still prepared.
  base::Status abort_prepared(base::Task& task, TxnId txn);

  /// Sub-transactions answer as their top one does, unless aborted themselves.
  base::Result<TxnState> state(TxnId txn);
  CommitSeq published() const { return CommitSeq{published_.load(std::memory_order_acquire)}; }
  TxnId next() const { return TxnId{next_.load(std::memory_order_acquire)}; }

  /// Files created by a transaction vanish with it; also after a crash.
  base::Result<RelationId> create_file(TxnId txn, uint32_t space);

  /// Starts a checkpoint: marks its place in the log and says what must be known there.
  base::Result<CheckpointData> begin_checkpoint();

 private:
  static constexpr uint64_t kRing = uint64_t{1} << 16;
  struct Unpublished {
    uint64_t seq, lsn;
    bool wait_for_disk;
  };

  void remember_locked(TxnId txn, uint64_t word);
  base::Result<Lsn> log_abort_locked(TxnId txn, const std::vector<RelationId>& files);
  void forget_aborted_locked(TxnId txn, const std::vector<RelationId>& files);
  base::Result<Lsn> log_prepared_locked(TxnId txn, const Bytes& state);
  base::Result<uint64_t> word_of(TxnId txn);
  base::Result<uint64_t> word_on_page(TxnId txn);
  base::Result<Lsn> log_word(RecordKind kind, TxnId txn, uint64_t word, Bytes main);
  base::Result<ExclusivePage> status_page(TxnId txn);
  base::Result<ExclusivePage> make_status_page(TxnId txn);
  base::Result<TxnId> next_id_locked();
  base::Result<uint64_t> append_commit(TxnId txn, const CommitOptions& options, uint64_t& seq);
  void publish();
  base::Status remove_files(const std::vector<RelationId>& files);
  std::vector<RelationId> created_by(TxnId txn);
  base::Result<std::vector<TxnId>> line_of(TxnId txn);

  BufferPool& pool_;
  Wal& wal_;
  const uint64_t first_of_this_run_;

  mutable std::mutex order_mutex_;  // taken before any page latch; guards up to the next blank line
  uint64_t next_seq_;
  uint32_t next_file_;
  std::deque<Unpublished> unpublished_;
  std::deque<Unpublished> not_durable_;               // published ahead of the disk
  std::map<RelationId, std::vector<TxnId>> created_;  // by a transaction and its parents
  std::set<RelationId> dropped_;
  std::unordered_set<uint64_t> aborted_unlogged_;  // the log could not take them
  std::map<TxnId, Bytes> prepared_;

  std::atomic<uint64_t> next_;
  std::atomic<uint64_t> published_;
  std::atomic<uint64_t> durable_seq_;
  std::atomic<bool> exceptions_;  // aborted_unlogged_ or prepared_ has, or had, members
  std::unique_ptr<std::atomic<uint64_t>[]> ring_;
};

}  // namespace isolde::storage
