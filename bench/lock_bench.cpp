// What the lock manager can do on this machine, as numbers for bench/README.md:
//
//   lock_bench           all of these
//   lock_bench pairs     acquire and release on one thread
//   lock_bench sweep     transactions that lock many rows and release them at their end
//   lock_bench threads   two threads, on different rows and sharing one table
//   lock_bench wake      1,000 sessions that wait for one row, woken one after the other
//   lock_bench deadlock  the search over 1,000 waiters

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/thread_task.hpp"
#include "server/runtime/session_task.hpp"
#include "txn/lock_manager.hpp"

namespace {

using namespace isolde;
using namespace isolde::txn;

constexpr Oid kDatabase{5}, kRelation{16384};
constexpr int kWaiters = 1000;

double seconds_since(base::SteadyTime begin) {
  return std::chrono::duration<double>(base::steady_now() - begin).count();
}

LockTag row(uint32_t number) {
  return LockTag::of_tuple(
      kDatabase, kRelation,
      {storage::BlockNumber{number / 100}, storage::Slot{static_cast<uint16_t>(number % 100)}});
}

struct Session {
  Session(LockManager& locks, int pid) : locker(locks.open(task, SessionId{pid}, kDatabase)) {}
  base::ThreadTask task;
  LockerPtr locker;
};

void must(const base::Result<Granted>& granted) {
  if (granted) return;
  std::fprintf(stderr, "%s\n", granted.error().message().c_str());
  std::exit(1);
}

void bench_pairs() {
  constexpr uint32_t kPairs = 5'000'000;
  LockManager locks;
  Session session(locks, 1);
  auto measure = [&](const char* what, auto&& pair) {
    const auto begin = base::steady_now();
    for (uint32_t n = 0; n < kPairs; ++n) pair(n);
    std::printf("%s: %.1f million pairs a second\n", what, kPairs / seconds_since(begin) / 1e6);
  };
  measure("lock and unlock a row, always another", [&](uint32_t n) {
    must(locks.acquire(*session.locker, row(n), hierarchy_mode::kExclusive));
    locks.release(*session.locker, row(n), hierarchy_mode::kExclusive);
  });
  measure("lock and unlock one table", [&](uint32_t) {
    const LockTag table = LockTag::of_relation(kDatabase, kRelation);
    must(locks.acquire(*session.locker, table, table_mode::kAccessShare));
    locks.release(*session.locker, table, table_mode::kAccessShare);
  });
  must(locks.acquire(*session.locker, LockTag::of_relation(kDatabase, kRelation),
                     table_mode::kAccessShare));
  measure("lock and unlock what one holds already", [&](uint32_t) {
    const LockTag table = LockTag::of_relation(kDatabase, kRelation);
    must(locks.acquire(*session.locker, table, table_mode::kAccessShare));
    locks.release(*session.locker, table, table_mode::kAccessShare);
  });
  locks.release_transaction(*session.locker);
}

void bench_sweep() {
  LockManager locks;
  Session session(locks, 1);
  for (uint32_t rows : {10U, 1000U, 1'000'000U}) {
    const uint32_t rounds = 2'000'000 / rows;
    const auto begin = base::steady_now();
    for (uint32_t round = 0; round < rounds; ++round) {
      for (uint32_t n = 0; n < rows; ++n)
        must(locks.acquire(*session.locker, row(n), hierarchy_mode::kExclusive));
      locks.release_transaction(*session.locker);
    }
    std::printf("transactions of %u row locks: %.1f million locks a second\n", rows,
                rounds * static_cast<double>(rows) / seconds_since(begin) / 1e6);
  }
}

void bench_threads() {
  constexpr uint32_t kTransactions = 500'000;
  LockManager locks;
  std::vector<std::thread> threads;
  const auto begin = base::steady_now();
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      Session session(locks, t + 1);
      for (uint32_t n = 0; n < kTransactions; ++n) {
        must(locks.acquire(*session.locker, LockTag::of_relation(kDatabase, kRelation),
                           hierarchy_mode::kIntentExclusive));
        for (uint32_t step = 0; step < 3; ++step)
          must(locks.acquire(*session.locker, row(n * 8 + step * 2 + static_cast<uint32_t>(t)),
                             hierarchy_mode::kExclusive));
        locks.release_transaction(*session.locker);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf(
      "two threads, a shared table and three rows of their own: %.1f million locks a second\n",
      2.0 * kTransactions * 4 / seconds_since(begin) / 1e6);
}

/// Waiting sessions: coroutines on as many threads as there are cores, as in the server.
class Crowd {
 public:
  Crowd(LockManager& locks, const LockTag& tag, LockMode mode, int first_pid)
      : granted_(kWaiters), done_(kWaiters) {
    for (unsigned n = 0; n < std::max(1U, std::thread::hardware_concurrency()); ++n) {
      workers_.push_back(std::make_unique<server::Worker>());
      workers_.back()->start();
    }
    for (int n = 0; n < kWaiters; ++n) {
      server::Worker& worker = *workers_[static_cast<size_t>(n) % workers_.size()];
      auto task = std::make_shared<server::SessionTask>(worker);
      const SessionId pid{first_pid + n};
      worker.post([this, task, n, pid, tag, mode, &locks] {
        task->start([this, task, n, pid, tag, mode, &locks] {
          {
            LockerPtr locker = locks.open(*task, pid, kDatabase);
            locker->settings().deadlock_timeout = std::chrono::hours(1);
            must(locks.acquire(*locker, tag, mode));
            granted_[static_cast<size_t>(n)] = base::steady_now();
            locks.release_transaction(*locker);
          }
          done_.count_down();
        });
      });
      while (!locks.is_waiting(pid)) std::this_thread::yield();
    }
  }
  /// When each had the lock, in the order of the queue.
  const std::vector<base::SteadyTime>& finish() {
    done_.wait();
    return granted_;
  }

 private:
  std::vector<base::SteadyTime> granted_;
  std::latch done_;
  std::vector<std::unique_ptr<server::Worker>> workers_;
};

void bench_wake() {
  LockManager locks;
  Session holder(locks, 1);
  must(locks.acquire(*holder.locker, row(0), hierarchy_mode::kExclusive));
  Crowd crowd(locks, row(0), hierarchy_mode::kExclusive, 2);
  auto last = base::steady_now();
  locks.release_transaction(*holder.locker);
  bool in_order = true;
  std::vector<double> gaps;
  for (base::SteadyTime granted : crowd.finish()) {
    in_order = in_order && granted >= last;
    gaps.push_back(std::chrono::duration<double, std::micro>(granted - last).count());
    last = granted;
  }
  std::sort(gaps.begin(), gaps.end());
  std::printf("%d waiters for one row: woken %s, median %.0f us, 99 %% %.0f us, longest %.0f us\n",
              kWaiters, in_order ? "in order" : "OUT OF ORDER", gaps[gaps.size() / 2],
              gaps[gaps.size() * 99 / 100], gaps.back());
}

/// How long a session that waits behind (or among) a thousand others takes to see that it is no
/// deadlock, and to see that it is one.
void bench_deadlock() {
  LockManager locks;
  base::configure_log({.threshold = base::Severity::kFatal, .format = {}, .file = {}});
  Session holder(locks, 1), looker(locks, 2);
  must(locks.acquire(*holder.locker, row(0), hierarchy_mode::kExclusive));
  must(locks.acquire(*looker.locker, row(1), hierarchy_mode::kExclusive));
  Crowd crowd(locks, row(0), hierarchy_mode::kExclusive, 3);
  looker.locker->settings().deadlock_timeout = std::chrono::microseconds(0);
  auto look = [&](const char* what) {
    const auto begin = base::steady_now();
    static_cast<void>(locks.acquire(*looker.locker, row(0), hierarchy_mode::kExclusive,
                                    {.lock_timeout = std::chrono::microseconds(1)}));
    std::printf("%s among %d waiters: %.2f ms\n", what, kWaiters, seconds_since(begin) * 1e3);
  };
  look("no deadlock");
  holder.locker->settings().deadlock_timeout = std::chrono::hours(1);
  std::thread waits([&] {
    must(locks.acquire(*holder.locker, row(1), hierarchy_mode::kExclusive));
    locks.release_transaction(*holder.locker);
  });
  while (!locks.is_waiting(SessionId{1})) std::this_thread::yield();
  look("a deadlock");
  const auto begin = base::steady_now();
  const size_t rows = locks.snapshot().size();
  std::printf("snapshot of %zu locks: %.2f ms\n", rows, seconds_since(begin) * 1e3);
  locks.release_transaction(*looker.locker);
  waits.join();
  crowd.finish();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what.empty() || what == "pairs") bench_pairs();
  if (what.empty() || what == "sweep") bench_sweep();
  if (what.empty() || what == "threads") bench_threads();
  if (what.empty() || what == "wake") bench_wake();
  if (what.empty() || what == "deadlock") bench_deadlock();
  return 0;
}
