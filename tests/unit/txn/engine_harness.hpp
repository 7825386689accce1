#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/store.hpp"
#include "txn/engines/registry.hpp"
#include "txn/transaction_manager.hpp"
#include "txn/version_rules.hpp"

// A store in memory, one table with one unique index, and sessions that run transactions on it.
// Rows are "key=value" texts; the index key is the part before '='.

namespace isolde::txn {

inline storage::ByteSpan bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string text_of(storage::ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class EngineHarness {
 public:
  explicit EngineHarness(std::string_view engine, const PredicateLimits& limits = {}) {
    storage::StoreOptions options;
    options.shared_buffers = 256 * storage::kPageSize;
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    store = std::move(*storage::Store::open(env, "/data", options));
    manager = std::make_unique<TransactionManager>(*store, locks, limits);
    this->engine = find_engine(engine)->make(*manager);
    const TxnId txn = *store->txns().begin();
    const auto heap = *store->txns().create_file(txn, 1);
    const auto tree = *store->txns().create_file(txn, 1);
    table = std::make_shared<Table>(Oid{1}, Oid{heap.number}, "t", *store, heap, manager.get());
    table->indexes.push_back(std::make_unique<Index>(Oid{tree.number}, "t_pkey", *store, tree));
    table->indexes[0]->unique = true;
    EXPECT_TRUE(table->indexes[0]->tree.create().ok());
    base::ThreadTask task;
    EXPECT_TRUE(store->txns().commit(task, txn, {}).ok());
  }
  Index& index() { return *table->indexes[0]; }

  base::FaultEnv env;
  std::unique_ptr<storage::Store> store;
  LockManager locks;
  std::unique_ptr<TransactionManager> manager;
  std::unique_ptr<Engine> engine;
  TablePtr table;
};

class OneEntry final : public IndexEntries {
 public:
  OneEntry(Index& index, std::string_view row) : key_(row.substr(0, row.find('='))) {
    entry_ = {&index, bytes_of(key_), false};
  }
  std::span<const IndexEntry> entries() override { return {&entry_, 1}; }

 private:
  std::string key_;
  IndexEntry entry_;
};

/// One session, on whatever thread calls it.
class TestSession {
 public:
  TestSession(EngineHarness& harness, int pid)
      : h(harness),
        slot_(*harness.manager),
        locker_(harness.locks.open(task, base::SessionId{pid}, Oid{1})) {
    locker_->settings().deadlock_timeout = std::chrono::milliseconds(20);
  }
  ~TestSession() {
    if (txn) txn->roll_back();
  }

  void begin(IsolationLevel level = IsolationLevel::kReadCommitted, bool read_only = false,
             bool deferrable = false, bool snapshot_conflicts = false) {
    txn = h.engine->begin({*h.manager, *locker_, slot_, task, Oid{1}},
                          {level, read_only, deferrable, snapshot_conflicts});
  }
  LockSettings& settings() { return locker_->settings(); }
  base::Status commit() {
    base::Status s = txn->commit(true);
    if (!s) txn->roll_back();
    txn.reset();
    return s;
  }
  void roll_back() {
    txn->roll_back();
    txn.reset();
  }

  base::Status begin_statement() {
    if (base::Status s = txn->enter(true); !s) return s;
    return txn->begin_statement();
  }
  base::Result<WriteResult> insert(const std::string& row) {
    if (base::Status s = begin_statement(); !s) return s.take_error();
    OneEntry entry(h.index(), row);
    return txn->insert(*h.table, {bytes_of(row), &entry, false});
  }
  /// All rows, by a scan of the table or of the index.
  std::map<std::string, std::string> rows(bool by_index = false) {
    EXPECT_TRUE(begin_statement().ok());
    ScanSpec spec;
    if (by_index) spec.index = &h.index();
    auto scan = txn->scan(*h.table, spec);
    std::map<std::string, std::string> found;
    for (;;) {
      auto batch = (*scan)->next();
      EXPECT_TRUE(batch.ok());
      if (!batch || batch->empty()) return found;
      for (const Row& row : *batch) {
        const std::string text = text_of(row.payload);
        const size_t at = text.find('=');
        EXPECT_TRUE(found.emplace(text.substr(0, at), text.substr(at + 1)).second) << text;
      }
    }
  }
  /// Rows of a scan that pass the filter, which hears key and value; what it says is the verdict.
  base::Result<std::map<std::string, std::string>> select(
      const ScanSpec& spec,
      const std::function<bool(const std::string&, const std::string&)>& filter = [](auto&, auto&) {
        return true;
      }) {
    if (base::Status s = begin_statement(); !s) return s.take_error();
    auto scan = txn->scan(*h.table, spec);
    if (!scan) return scan.take_error();
    std::map<std::string, std::string> found;
    for (;;) {
      auto batch = (*scan)->next();
      if (!batch) return batch.take_error();
      if (batch->empty()) return found;
      for (const Row& row : *batch) {
        const std::string text = text_of(row.payload);
        const size_t at = text.find('=');
        const std::string key = text.substr(0, at), value = text.substr(at + 1);
        const bool matched = filter(key, value);
        if (h.engine->traits().wants_verdicts) {
          if (base::Status s = (*scan)->verdict(row, matched); !s) return s.take_error();
        }
        if (!matched) continue;
        EXPECT_TRUE(found.emplace(key, value).second) << "twice: " << text;
        if (spec.intent != RowIntent::kLock) continue;
        const Row seen = row;
        auto locked = txn->lock(*h.table, seen, spec.strength, spec.wait);
        if (!locked) return locked.take_error();
        if (locked->outcome == Outcome::kSkip) found.erase(key);
      }
    }
  }
  /// Keys from one to another, both included.
  ScanSpec between(std::string_view from, std::string_view to) {
    ScanSpec spec;
    spec.index = &h.index();
    spec.range.lower.assign(bytes_of(from).begin(), bytes_of(from).end());
    spec.range.upper.assign(bytes_of(to).begin(), bytes_of(to).end());
    spec.range.has_lower = spec.range.has_upper = true;
    spec.range.unique_point = from == to;
    return spec;
  }
  /// UPDATE t SET value = f(value) WHERE key = ...: what happened to the one row, or nothing.
  template <typename F>
  base::Result<Outcome> update(const std::string& key, F f, bool hot = true) {
    if (base::Status s = begin_statement(); !s) return s.take_error();
    return change(key, RowIntent::kUpdate, [&](const Row& row) {
      const std::string old = text_of(row.payload);
      const std::string made = key + "=" + f(old.substr(old.find('=') + 1));
      OneEntry entry(h.index(), made);
      return txn->update(*h.table, row, {bytes_of(made), &entry, false}, RowLock::kNoKeyUpdate,
                         hot);
    });
  }
  base::Result<Outcome> remove(const std::string& key) {
    if (base::Status s = begin_statement(); !s) return s.take_error();
    return change(key, RowIntent::kDelete,
                  [&](const Row& row) { return txn->remove(*h.table, row); });
  }
  base::Result<Outcome> lock(const std::string& key, RowLock strength,
                             LockWait wait = LockWait::kWait) {
    if (base::Status s = begin_statement(); !s) return s.take_error();
    return change(key, RowIntent::kLock, [&](const Row& row) {
      auto locked = txn->lock(*h.table, row, strength, wait);
      if (locked && locked->outcome == Outcome::kReevaluate) locked->outcome = Outcome::kDone;
      return locked;
    });
  }

  EngineHarness& h;
  base::ThreadTask task;
  std::unique_ptr<EngineTransaction> txn;

 private:
  template <typename F>
  base::Result<Outcome> change(const std::string& key, RowIntent intent, F f) {
    ScanSpec spec;
    spec.index = &h.index();
    spec.range.lower.assign(bytes_of(key).begin(), bytes_of(key).end());
    spec.range.upper = spec.range.lower;
    spec.range.has_lower = spec.range.has_upper = spec.range.unique_point = true;
    spec.intent = intent;
    auto scan = txn->scan(*h.table, spec);
    if (!scan) return scan.take_error();
    auto batch = (*scan)->next();
    if (!batch) return batch.take_error();
    if (batch->empty()) return Outcome::kGone;
    Row row = batch->front();
    if (h.engine->traits().wants_verdicts) {
      if (base::Status s = (*scan)->verdict(row, true); !s) return s.take_error();
    }
    std::string payload;
    for (;;) {
      auto result = f(row);
      if (!result) return result.take_error();
      if (result->outcome != Outcome::kReevaluate) return result->outcome;
      row = result->latest;
      payload = text_of(row.payload);
      row.payload = bytes_of(payload);
    }
  }

  SnapshotSlot slot_;
  LockerPtr locker_;
};

/// Waits until a session is blocked by a lock: nothing sleeps, somebody looks.
inline void wait_until_blocked(TestSession& session) {
  while (session.task.waiting_for() == nullptr) std::this_thread::yield();
}

/// Something that a session does in a thread of its own, because it has to wait.
template <typename F>
class Blocked {
 public:
  Blocked(TestSession& session, F work) : thread_([this, work] { work(), done_ = true; }) {
    while (!done_ && session.task.waiting_for() == nullptr) std::this_thread::yield();
    EXPECT_FALSE(done_) << "it did not wait";
  }
  ~Blocked() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

/// "GRANTED mode kind" of each lock of a session, but for those of transaction ids; sorted.
inline std::vector<std::string> locks_of(EngineHarness& h, int pid) {
  std::vector<std::string> found;
  for (const LockView& view : h.locks.snapshot()) {
    if (view.session != base::SessionId{pid} || view.tag.kind == LockKind::kTransaction) continue;
    const bool at_end = view.tag == LockTag::of_supremum(view.tag.database, view.tag.relation);
    found.push_back(std::string(view.granted ? "" : "waits for ") +
                    std::string(lock_mode_name(view.mode)) + " " +
                    (at_end ? "supremum" : std::string(lock_kind_name(view.tag.kind))) +
                    (view.label.empty() ? "" : " " + view.label));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace isolde::txn
