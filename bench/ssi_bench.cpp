// What SERIALIZABLE of mvcc costs beside REPEATABLE READ, below SQL:
//
//   ssi_bench [sessions] [seconds]    short transactions, 90 % read one row by its key, 10 % update
//   one
//
// The two levels take turns; the last line compares the medians.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "bench/must.hpp"
#include "txn/engines/registry.hpp"
#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

namespace {

using namespace isolde;
using namespace isolde::txn;

constexpr int kRows = 100'000;

ByteSpan bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string key_of(int row) {
  std::string digits = std::to_string(row);
  return std::string(8 - digits.size(), '0') + digits;
}

class OneEntry final : public IndexEntries {
 public:
  OneEntry(Index& index, std::string_view key) : entry_{&index, bytes_of(key), false} {}
  std::span<const IndexEntry> entries() override { return {&entry_, 1}; }

 private:
  IndexEntry entry_;
};

/// A store in memory and a table of numbered rows.
class Bench {
 public:
  Bench() {
    storage::StoreOptions options;
    options.shared_buffers = size_t{64} << 20;
    store_ = must(storage::Store::open(env_, "/data", options));
    manager_ = std::make_unique<TransactionManager>(*store_, locks_);
    engine_ = find_engine("mvcc")->make(*manager_);
    base::ThreadTask task;
    const TxnId txn = must(store_->txns().begin());
    const auto heap = must(store_->txns().create_file(txn, 1));
    const auto tree = must(store_->txns().create_file(txn, 1));
    table_ = std::make_unique<Table>(Oid{1}, Oid{heap.number}, "t", *store_, heap, manager_.get());
    table_->indexes.push_back(std::make_unique<Index>(Oid{tree.number}, "t_pkey", *store_, tree));
    table_->indexes[0]->unique = true;
    must(table_->indexes[0]->tree.create());
    must(store_->txns().commit(task, txn, {}));
    fill();
  }

  /// Transactions a second, and how many failed.
  std::pair<double, uint64_t> run(IsolationLevel level, int sessions, double seconds) {
    const auto length = std::chrono::duration_cast<base::SteadyTime::duration>(
        std::chrono::duration<double>(seconds));
    const base::SteadyTime end = base::steady_now() + length;
    std::atomic<uint64_t> done = 0, failed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < sessions; ++i) {
      threads.emplace_back([&, i] {
        Session session(*this, i + 1);
        uint64_t mine = 0, lost = 0;
        while (base::steady_now() < end) ++(session.transaction(level) ? mine : lost);
        done += mine;
        failed += lost;
      });
    }
    for (std::thread& thread : threads) thread.join();
    return {static_cast<double>(done) / seconds, failed};
  }

 private:
  class Session {
   public:
    Session(Bench& bench, int number)
        : bench_(bench),
          slot_(*bench.manager_),
          locker_(bench.locks_.open(task_, base::SessionId{number}, Oid{1})),
          random_(static_cast<unsigned>(number)) {}

    bool transaction(IsolationLevel level) {
      auto txn = begin(level);
      base::Status s = step(*txn);
      if (s) s = txn->commit(false);
      if (!s) txn->roll_back();
      return s.ok();
    }

    std::unique_ptr<EngineTransaction> begin(IsolationLevel level) {
      return bench_.engine_->begin({*bench_.manager_, *locker_, slot_, task_, Oid{1}},
                                   {level, false, false});
    }

   private:
    base::Status step(EngineTransaction& txn) {
      if (base::Status s = txn.begin_statement(); !s) return s;
      const std::string key = key_of(static_cast<int>(random_() % kRows));
      const bool update = random_() % 10 == 0;
      ScanSpec spec;
      spec.index = bench_.table_->indexes[0].get();
      spec.range.lower.assign(bytes_of(key).begin(), bytes_of(key).end());
      spec.range.upper = spec.range.lower;
      spec.range.has_lower = spec.range.has_upper = spec.range.unique_point = true;
      spec.intent = update ? RowIntent::kUpdate : RowIntent::kRead;
      auto scan = must(txn.scan(*bench_.table_, spec));
      auto rows = scan->next();
      if (!rows) return rows.take_error();
      if (!update) return {};
      const std::string made = key + " is the row's new content of some bytes";
      OneEntry entry(*spec.index, key);
      auto written = txn.update(*bench_.table_, rows->front(), {bytes_of(made), &entry, false},
                                RowLock::kNoKeyUpdate, true);
      return written ? base::Status() : base::Status(written.take_error());
    }

    Bench& bench_;
    base::ThreadTask task_;
    SnapshotSlot slot_;
    LockerPtr locker_;
    std::mt19937 random_;
  };

  void fill() {
    Session session(*this, 1);
    auto txn = session.begin(IsolationLevel::kReadCommitted);
    must(txn->begin_statement());
    for (int i = 0; i < kRows; ++i) {
      const std::string key = key_of(i);
      const std::string row = key + " is the row's first content of some bytes";
      OneEntry entry(*table_->indexes[0], key);
      must(txn->insert(*table_, {bytes_of(row), &entry, false}));
    }
    must(txn->commit(false));
  }

  base::FaultEnv env_;
  std::unique_ptr<storage::Store> store_;
  LockManager locks_;
  std::unique_ptr<TransactionManager> manager_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Table> table_;
};

}  // namespace

int main(int argc, char** argv) {
  const int sessions = argc > 1 ? std::atoi(argv[1]) : 2;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 1;
  Bench bench;
  std::map<IsolationLevel, std::vector<double>> rates;
  uint64_t failed = 0;
  for (int round = 0; round < 7; ++round) {
    for (auto level : {IsolationLevel::kRepeatableRead, IsolationLevel::kSerializable}) {
      const auto [rate, failures] = bench.run(level, sessions, seconds);
      rates[level].push_back(rate);
      if (level == IsolationLevel::kSerializable) failed += failures;
    }
  }
  const auto median = [&](IsolationLevel level) {
    std::vector<double>& all = rates[level];
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  };
  const double plain = median(IsolationLevel::kRepeatableRead);
  const double serializable = median(IsolationLevel::kSerializable);
  std::printf(
      "REPEATABLE READ %.0f/s, SERIALIZABLE %.0f/s: %.1f %%, %.0f ns a transaction; %llu failed\n",
      plain, serializable, 100 * serializable / plain,
      sessions * 1e9 * (1 / serializable - 1 / plain), static_cast<unsigned long long>(failed));
  return 0;
}
