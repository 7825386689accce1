#include "txn/deadlock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lock_session.hpp"

namespace isolde::txn {
namespace {

using namespace std::chrono_literals;
using namespace table_mode;

class DeadlockTest : public testing::Test {
 protected:
  void TearDown() override { expect_sound(locks); }

  /// The session looks for a deadlock as soon as it has to wait.
  static void look_at_once(LockSession& session) { session.settings().deadlock_timeout = 0us; }

  LockManager locks;
};

TEST_F(DeadlockTest, TwoSessionsTwoTables) {
  LockSession a(locks, 11), b(locks, 12);
  locks.set_statement_lookup(
      [](SessionId pid) { return "statement of " + std::to_string(pid.value); });
  a.lock(table_tag(1), kExclusive);
  b.lock(table_tag(2), kExclusive);
  a.start(table_tag(2), kShare);
  look_at_once(b);
  auto found = locks.acquire(b.locker(), table_tag(1), kExclusive);
  ASSERT_FALSE(found);
  const base::Error::Fields& fields = found.error().fields();
  EXPECT_EQ(fields.state.code(), "40P01");
  EXPECT_EQ(fields.message, "deadlock detected");
  EXPECT_EQ(
      fields.detail,
      "Process 12 waits for ExclusiveLock on relation 1 of database 5; blocked by process 11.\n"
      "Process 11 waits for ShareLock on relation 2 of database 5; blocked by process 12.");
  EXPECT_EQ(fields.hint, "See server log for query details.");
  EXPECT_EQ(locks.deadlocks(kDatabase), 1U);
  EXPECT_TRUE(a.waits());
  b.end();
  EXPECT_EQ(*a.finish(), Granted::kNew);
}

TEST_F(DeadlockTest, IsFoundAfterDeadlockTimeout) {
  LockSession a(locks, 11), b(locks, 12);
  a.lock(table_tag(1), kExclusive);
  b.lock(table_tag(2), kExclusive);
  b.settings().deadlock_timeout = 20ms;
  b.start(table_tag(1), kExclusive);  // no cycle yet, when it begins to wait
  a.settings().deadlock_timeout = 2ms;
  a.start(table_tag(2), kExclusive);
  EXPECT_EQ(a.finish_code(), "40P01");
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
}

TEST_F(DeadlockTest, ThreeSessionsAcrossKindsOfLocks) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  const LockTag row = LockTag::of_tuple(kDatabase, Oid{7}, {storage::BlockNumber{0}, {}});
  const LockTag advisory = LockTag::of_advisory(kDatabase, int64_t{1});
  const LockTag key = LockTag::of_key(kDatabase, Oid{8}, {});
  a.lock(row, kExclusive);
  b.lock(advisory, kExclusive, {.scope = LockScope::kSession});
  c.lock(key, hierarchy_mode::kRangeSharedShared);
  a.start(advisory, kShare);
  b.start(key, hierarchy_mode::kRangeInsertNull);
  look_at_once(c);
  auto found = locks.acquire(c.locker(), row, kExclusive);
  ASSERT_FALSE(found);
  EXPECT_THAT(
      found.error().fields().detail,
      testing::MatchesRegex(
          "Process 13 waits for ExclusiveLock on tuple \\(0,1\\) of relation 7 of database 5; "
          "blocked by process 11.\n"
          "Process 11 waits for ShareLock on advisory lock \\[5,0,1,1\\]; blocked by process 12.\n"
          "Process 12 waits for RangeI-N on key \\([0-9a-f]+\\) of relation 8 of database 5; "
          "blocked by process 13."));
  c.end();
  EXPECT_TRUE(b.finish());
  locks.release_session(b.locker());
  EXPECT_TRUE(a.finish());
}

TEST_F(DeadlockTest, TwoWhoUpgradeAreToldAtOnce) {
  LockSession a(locks, 11), b(locks, 12);
  a.lock(kTable, kShare);
  b.lock(kTable, kShare);
  a.start(kTable, kExclusive);
  auto found = locks.acquire(b.locker(), kTable, kExclusive);  // deadlock_timeout is an hour
  ASSERT_FALSE(found);
  EXPECT_EQ(
      found.error().fields().detail,
      "Process 12 waits for ExclusiveLock on relation 16384 of database 5; blocked by process "
      "11.\nProcess 11 waits for ExclusiveLock on relation 16384 of database 5; blocked by "
      "process 12.");
  b.end();
  EXPECT_TRUE(a.finish());
}

TEST_F(DeadlockTest, AWaiterIsNoDeadlock) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  a.lock(kTable, kExclusive);
  look_at_once(b);
  look_at_once(c);
  b.start(kTable, kExclusive);
  c.start(kTable, kExclusive);
  EXPECT_TRUE(b.waits());
  a.end();
  EXPECT_TRUE(b.finish());
  b.end();
  EXPECT_TRUE(c.finish());
  EXPECT_EQ(locks.deadlocks(kDatabase), 0U);
}

// The example of deadlock.hpp: c overtakes b.
TEST_F(DeadlockTest, ASoftDeadlockIsSolvedByReordering) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  const LockTag x = table_tag(1), y = table_tag(2);
  a.lock(x, kShare);
  c.lock(y, kExclusive);
  b.start(x, kExclusive);
  c.start(x, kShare);  // behind b
  ASSERT_TRUE(c.waits());
  look_at_once(a);
  a.start(y, kShare);
  EXPECT_EQ(*c.finish(), Granted::kNew);
  EXPECT_TRUE(b.waits());
  c.end();
  EXPECT_EQ(*a.finish(), Granted::kNew);
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
  EXPECT_EQ(locks.deadlocks(kDatabase), 0U);
}

// The one who looks is also the one who has to overtake.
TEST_F(DeadlockTest, TheOneWhoLooksMayOvertake) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  const LockTag x = table_tag(1), y = table_tag(2);
  a.lock(x, kShare);
  c.lock(y, kExclusive);
  b.start(x, kExclusive);
  a.start(y, kShare);
  look_at_once(c);
  EXPECT_EQ(*locks.acquire(c.locker(), x, kShare), Granted::kNew);
  c.end();
  EXPECT_TRUE(a.finish());
  a.end();
  EXPECT_TRUE(b.finish());
}

// Two queues at once: a waits for y behind d, and c for x behind b; b and d wait for what a and c
// hold.
TEST_F(DeadlockTest, TwoQueuesAreReordered) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13), d(locks, 14);
  const LockTag x = table_tag(1), y = table_tag(2);
  a.lock(x, kShare);
  c.lock(y, kShare);
  b.start(x, kExclusive);
  d.start(y, kExclusive);
  c.start(x, kShare);
  look_at_once(a);
  a.start(y, kShare);
  // Turning one of the two soft edges round is enough.
  while (a.waits() && c.waits()) std::this_thread::yield();
  const bool a_first = !a.waits();
  LockSession& first = a_first ? a : c;
  LockSession& second = a_first ? c : a;
  EXPECT_TRUE(first.finish());
  first.end();
  LockSession& blocker = a_first ? b : d;
  EXPECT_TRUE(blocker.finish());
  blocker.end();
  EXPECT_TRUE(second.finish());
  second.end();
  EXPECT_TRUE((a_first ? d : b).finish());
  EXPECT_EQ(locks.deadlocks(kDatabase), 0U);
}

// Overtaking would help c, but b then closes another cycle that no order opens: c holds what b
// wants.
TEST_F(DeadlockTest, WhatReorderingCannotSolveIsADeadlock) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  const LockTag x = table_tag(1), y = table_tag(2);
  a.lock(x, kExclusive);
  c.lock(y, kExclusive);
  b.start(x, kExclusive);
  c.start(x, kShare);  // waits for b softly and for a
  look_at_once(a);
  EXPECT_FALSE(locks.acquire(a.locker(), y, kShare));
  EXPECT_EQ(locks.deadlocks(kDatabase), 1U);
  a.end();
  EXPECT_TRUE(b.finish());
  b.end();
  EXPECT_TRUE(c.finish());
}

TEST_F(DeadlockTest, AVictimsPlaceInTheQueueIsFreed) {
  LockSession a(locks, 11), b(locks, 12), c(locks, 13);
  a.lock(table_tag(1), kShare);
  b.lock(table_tag(2), kExclusive);
  a.start(table_tag(2), kShare);
  b.settings().deadlock_timeout = 5ms;
  b.start(table_tag(1), kExclusive);
  c.start(table_tag(1), kShare);  // behind b, who is to be the victim
  EXPECT_EQ(b.finish_code(), "40P01");
  EXPECT_EQ(*c.finish(), Granted::kNew);
  b.end();
  EXPECT_TRUE(a.finish());
}

TEST_F(DeadlockTest, ObserversGetTheCycle) {
  struct Listener : LockObserver {
    std::vector<DeadlockReport> reports;
    void granted(SessionId, const LockTag&, LockMode) override {}
    void waiting(SessionId, const LockTag&, LockMode) override {}
    void waited(SessionId, const LockTag&, LockMode, bool, std::chrono::microseconds) override {}
    void deadlock(const DeadlockReport& report) override { reports.push_back(report); }
  } listener;
  locks.set_observer(&listener);
  locks.set_statement_lookup([](SessionId pid) { return "S" + std::to_string(pid.value); });
  LockSession a(locks, 11), b(locks, 12);
  a.lock(table_tag(1), kExclusive);
  b.lock(table_tag(2), kExclusive);
  a.start(table_tag(2), kShare, {.label = "(7)"});
  look_at_once(b);
  EXPECT_FALSE(locks.acquire(b.locker(), table_tag(1), kExclusive));
  ASSERT_EQ(listener.reports.size(), 1U);
  const DeadlockReport& report = listener.reports[0];
  EXPECT_EQ(report.victim, b.pid());
  ASSERT_EQ(report.steps.size(), 2U);
  EXPECT_EQ(report.steps[0].statement, "S12");
  EXPECT_EQ(report.steps[1].session, a.pid());
  EXPECT_EQ(report.steps[1].tag, table_tag(2));
  EXPECT_EQ(report.steps[1].mode, kShare);
  EXPECT_EQ(report.steps[1].blocked_by, b.pid());
  EXPECT_EQ(report.steps[1].label, "(7)");
  b.end();
  EXPECT_TRUE(a.finish());
}

}  // namespace
}  // namespace isolde::txn
