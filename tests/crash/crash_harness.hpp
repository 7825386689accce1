#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/sequence.hpp"
#include "storage/vacuum.hpp"

// A small table with an index, worked on by transactions whose outcome a model knows, on a file
// system that stops at a given change. After the restart:
//
//  1. the checkers find nothing wrong with any page, the tree, or the files;
//  2. the table's rows are those of the acknowledged transactions, or, if the machine stopped
//     inside a commit, those with that transaction whole;
//  3. index and table agree;
//  4. there are files for the relations that exist, and no others;
//  5. prepared transactions are still that, with their state;
//  6. a sequence goes on behind every number that was used;
//  7. work goes on.

namespace isolde::crash {

/// What the table holds, the relations besides it, and the transactions that are prepared.
struct Model {
  std::map<uint64_t, std::string> rows;
  std::set<storage::RelationId> relations;
  std::map<storage::TxnId, storage::Bytes> prepared;
  int64_t told = 0;  ///< the last number of the sequence that a committed transaction used

  bool operator==(const Model& other) const {
    return rows == other.rows && relations == other.relations && prepared == other.prepared;
  }
};

/// Nobody but us is there: what is not visible now never will be.
class CrashJudge final : public storage::VersionJudge {
 public:
  explicit CrashJudge(storage::TxnTable& txns) : txns_(txns) {}
  storage::VersionFate judge(const storage::VersionHeader& version) override;
  bool visible(const storage::VersionHeader& version);

 private:
  storage::TxnTable& txns_;
};

struct WorkloadOptions {
  uint64_t seed = 1;
  int transactions = 40;
  size_t buffer_pages = 24;
  bool checkpoints = true;
  std::function<bool(const storage::PageId&)> omit_image;
};

/// A database and the model of it. Every step that fails ends the run: the machine has stopped.
class Workload {
 public:
  Workload(base::FaultEnv& env, WorkloadOptions options);

  /// Opens or recovers.
  base::Status start();
  /// Creates the table when there is none, then runs transactions until done or stopped.
  base::Status run(int transactions);
  /// Compares with the model; says what is wrong. Adopts the outcome of a commit in doubt.
  std::optional<std::string> check();
  /// The process is gone.
  void stop();
  base::Status close() { return store_->close(); }

  /// After each acknowledged commit: where its record ended, and what was true then.
  const std::vector<std::pair<storage::Lsn, Model>>& history() const { return history_; }
  const Model& model() const { return now_; }
  void expect(const Model& model);
  storage::Store& store() { return *store_; }

 private:
  struct Row {
    storage::TupleId id;
    std::string value;
  };

  base::Status create_table();
  base::Status transaction();
  base::Status change_rows(storage::TxnId txn, Model& model);
  base::Status insert(storage::TxnId txn, uint64_t key, Model& model);
  base::Status update(storage::TxnId txn, uint64_t key, Model& model);
  base::Status erase(storage::TxnId txn, uint64_t key, Model& model);
  base::Status erase_range(storage::TxnId txn, Model& model);
  base::Status savepoint(storage::TxnId txn, Model& model);
  base::Status create_or_drop(storage::TxnId txn, Model& model, storage::CommitOptions& commit);
  base::Status maintain();
  base::Status use_numbers(Model& model);
  base::Status prepare(storage::TxnId txn, const Model& after);
  base::Status end_prepared();
  void acknowledge(const Model& after);
  base::Status finish(storage::TxnId txn, const Model& after, const storage::CommitOptions& commit);
  base::Result<std::optional<storage::TupleId>> find(uint64_t key, storage::TxnId txn);
  bool mine_or_visible(const storage::VersionHeader& version, storage::TxnId txn);
  std::string random_value();
  struct Payload {
    std::string bytes;
    uint16_t infomask = 0;
  };
  base::Result<Payload> payload(storage::TxnId txn, uint64_t key, const std::string& value);
  base::Result<std::string> value(const storage::VersionView& version);
  void attach();
  base::Result<Model> read_everything();
  std::optional<std::string> check_structures();
  std::optional<std::string> check_index();
  std::optional<std::string> check_sequence();

  base::FaultEnv& env_;
  WorkloadOptions options_;
  std::mt19937_64 random_;
  base::ThreadTask task_;
  std::unique_ptr<storage::Store> store_;
  // Others than these when a crash has undone their creation.
  storage::RelationId table_id_{1, 16384}, index_id_{1, 16385}, sequence_id_{1, 16386};
  std::unique_ptr<CrashJudge> judge_;
  std::unique_ptr<storage::Heap> heap_;
  std::unique_ptr<storage::Btree> index_;
  std::unique_ptr<storage::Sequence> sequence_;
  bool emptied_ = false;     // the table, by the transaction at work
  std::set<uint64_t> subs_;  // of the transaction at work
  struct Ends {
    Model committed, aborted;
  };
  std::map<storage::TxnId, Ends> ends_;  // of the prepared transactions
  Model now_;                            // acknowledged
  std::optional<Model> in_doubt_;
  std::vector<std::pair<storage::Lsn, Model>> history_;
};

/// One experiment: run, stop at the cut-th change, restart, check, go on, check. Says what is
/// wrong. `changes` (if wanted) gets the number of changes an uncut run makes (cut = 0).
struct Experiment {
  WorkloadOptions workload;
  uint64_t cut = 0;
  base::FaultEnv::AfterCrash after = base::FaultEnv::AfterCrash::kDropUnsynced;
  uint64_t seed = 1;
  uint64_t cut_in_recovery = 0;  ///< stops once more while recovering
  bool killed =
      false;  ///< first only the process stops, and then, in or after recovery, the machine
  std::function<bool(const std::string&)> skip_syncs_of;
};
std::optional<std::string> run_experiment(const Experiment& experiment,
                                          uint64_t* changes = nullptr);

/// The kinds of log records that uncut runs of this many seeds write.
std::set<storage::RecordKind> kinds_of_records(uint64_t seeds);

/// Cuts the log itself behind its n-th record; false when it has no so many.
std::optional<std::string> run_log_cut(const WorkloadOptions& options, size_t record, bool& exists);

}  // namespace isolde::crash
