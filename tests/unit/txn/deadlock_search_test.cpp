#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <random>
#include <set>

#include "base/thread_task.hpp"
#include "lock_session.hpp"
#include "txn/deadlock.hpp"

// The search over random lock tables, against reachability in a graph and all orders of all queues.

namespace isolde::txn {
namespace {

constexpr int kLockers = 7, kLocks = 3;

/// A lock table without a manager: who holds and who waits is put there by hand.
class RandomTable {
 public:
  explicit RandomTable(uint64_t seed) : random_(seed) {
    for (int n = 0; n < kLockers; ++n) {
      lockers_[n].session = SessionId{n + 1};
      lockers_[n].task = &tasks_[n];
    }
    for (int n = 0; n < kLocks; ++n)
      locks_[n].hash = static_cast<uint64_t>(n) << (64 - LockTable::kPartitionBits);
    for (int n = 0; n < 40; ++n) add_something();
  }

  LockerCore* any_waiter() {
    std::vector<LockerCore*> waiting;
    for (LockerCore& locker : lockers_) {
      if (locker.wait.lock != nullptr) waiting.push_back(&locker);
    }
    return waiting.empty() ? nullptr : waiting[random_() % waiting.size()];
  }

  bool cycle_through(const LockerCore* start) const {
    std::set<const LockerCore*> seen;
    std::function<bool(const LockerCore*)> reaches = [&](const LockerCore* who) {
      bool found = false;
      for_each_edge(who, [&](const LockerCore* to) {
        if (to == start) found = true;
        if (!found && seen.insert(to).second) found = reaches(to);
      });
      return found;
    };
    return reaches(start);
  }
  bool any_cycle() const {
    return std::any_of(std::begin(lockers_), std::end(lockers_),
                       [&](const LockerCore& locker) { return cycle_through(&locker); });
  }

  /// Whether some order of the queues leaves no cycle at all. Leaves the queues as they were.
  bool some_order_helps(int lock = 0) {
    if (lock == kLocks) return !any_cycle();
    const std::vector<LockerCore*> before = locks_[lock].waiters();
    std::vector<LockerCore*> order = before;
    std::sort(order.begin(), order.end());
    bool helps = false;
    do {
      set_order(lock, order);
      helps = some_order_helps(lock + 1);
    } while (!helps && std::next_permutation(order.begin(), order.end()));
    set_order(lock, before);
    return helps;
  }

  LockTable& table() { return table_; }

 private:
  void add_something() {
    LockerCore& who = lockers_[random_() % kLockers];
    Lock& lock = locks_[random_() % kLocks];
    const auto mode = static_cast<uint8_t>(random_() % 8);
    if (who.wait.lock != nullptr) return;
    std::array<uint8_t, kMaxLockModes> own{};
    LockModeSet own_modes = 0;
    for (Hold* hold = lock.holds.front(); hold != nullptr; hold = lock.holds.next(hold)) {
      if (hold->owner != &who) continue;
      ++own[hold->mode];
      own_modes |= static_cast<LockModeSet>(1U << hold->mode);
    }
    holds_.emplace_back();
    Hold* hold = &holds_.back();
    hold->owner = &who;
    hold->mode = mode;
    if (!lock.conflicts_with_granted(mode, own)) {
      lock.add(hold);
    } else {
      who.wait.hold = hold;
      who.wait.mode = mode;
      who.wait.own = own;
      who.wait.own_modes = own_modes;
      lock.enqueue(&who, random_() % 2 == 0 ? nullptr : lock.queue.front());
    }
  }
  void set_order(int lock, const std::vector<LockerCore*>& order) {
    for (LockerCore* waiter : order) {
      locks_[lock].queue.remove(waiter);
      locks_[lock].queue.push_back(waiter);
    }
  }
  template <typename F>
  void for_each_edge(const LockerCore* who, F&& f) const {
    if (who->wait.lock == nullptr) return;
    who->wait.lock->for_each_blocker(who, who->wait.mode, who, [&](LockerCore& to) { f(&to); });
  }

  std::mt19937_64 random_;
  LockTable table_;
  base::ThreadTask tasks_[kLockers];
  LockerCore lockers_[kLockers];
  Lock locks_[kLocks];
  std::deque<Hold> holds_;
};

TEST(DeadlockSearchTest, AgreesWithTheGraph) {
  const uint64_t seed = random_seed();
  int none = 0, resolved = 0, deadlocks = 0;
  for (uint64_t n = 0; n < 4000; ++n) {
    SCOPED_TRACE("seed " + std::to_string(seed + n));
    RandomTable world(seed + n);
    LockerCore* start = world.any_waiter();
    if (start == nullptr) continue;
    const bool cycle = world.cycle_through(start);
    DeadlockSearch search(world.table());
    switch (search.run(start)) {
      case DeadlockSearch::Outcome::kNone:
        EXPECT_FALSE(cycle);
        ++none;
        break;
      case DeadlockSearch::Outcome::kResolved:
        EXPECT_TRUE(cycle);
        EXPECT_FALSE(world.cycle_through(start));
        ++resolved;
        break;
      case DeadlockSearch::Outcome::kDeadlock: {
        EXPECT_TRUE(cycle);
        EXPECT_FALSE(world.some_order_helps());
        const auto& steps = search.cycle();
        EXPECT_EQ(steps.front().waiter, start);
        EXPECT_EQ(steps.back().blocker, start);
        for (size_t at = 1; at < steps.size(); ++at)
          EXPECT_EQ(steps[at].waiter, steps[at - 1].blocker);
        ++deadlocks;
        break;
      }
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(none, 100);
  EXPECT_GT(resolved, 20);
  EXPECT_GT(deadlocks, 100);
}

}  // namespace
}  // namespace isolde::txn
