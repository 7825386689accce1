#include "txn/lock_manager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lock_session.hpp"

namespace isolde::txn {
namespace {

using namespace std::chrono_literals;
using namespace table_mode;
using testing::ElementsAre;

class LockManagerTest : public testing::Test {
 protected:
  void TearDown() override { expect_sound(locks); }

  LockManager locks;
};

TEST_F(LockManagerTest, CountsWhatIsAcquiredSeveralTimes) {
  LockSession a(locks, 1), b(locks, 2);
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kShare), Granted::kNew);
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kShare), Granted::kHeldAlready);
  EXPECT_TRUE(a.unlock(kTable, kShare));
  EXPECT_FALSE(b.try_lock(kTable, kExclusive));
  EXPECT_TRUE(a.unlock(kTable, kShare));
  EXPECT_FALSE(a.unlock(kTable, kShare));
  EXPECT_TRUE(b.try_lock(kTable, kExclusive));
}

TEST_F(LockManagerTest, OwnLocksNeverConflict) {
  LockSession a(locks, 1);
  a.lock(kTable, kAccessExclusive);
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kShare), Granted::kHeldAlready);
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kAccessExclusive, {.scope = LockScope::kSession}),
            Granted::kHeldAlready);
  EXPECT_EQ(a.locker().held_count(), 3U);
  EXPECT_TRUE(a.holds(kTable, kRowExclusive));
}

TEST_F(LockManagerTest, AStrongerModeIsANewLock) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kAccessShare);
  b.lock(kTable, kAccessShare);
  EXPECT_FALSE(a.try_lock(kTable, kAccessExclusive));
  b.end();
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kAccessExclusive), Granted::kNew);
}

TEST_F(LockManagerTest, MethodsDoNotMeet) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kAccessExclusive);
  EXPECT_TRUE(b.try_lock(kTable, hierarchy_mode::kExclusive));
}

TEST_F(LockManagerTest, AWaiterIsGrantedAtTheRelease) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kExclusive);
  b.start(kTable, kExclusive);
  ASSERT_TRUE(b.waits());
  while (b.task().waiting_for() == nullptr) std::this_thread::yield();
  EXPECT_STREQ(b.task().waiting_for()->name, "relation");
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
  EXPECT_TRUE(b.holds(kTable, kExclusive));
}

TEST_F(LockManagerTest, TheQueueIsFair) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3), d(locks, 4);
  a.lock(kTable, kShare);
  b.start(kTable, kExclusive);
  c.start(kTable, kShare);  // would fit beside a, but b was first
  EXPECT_TRUE(c.waits());
  EXPECT_FALSE(d.try_lock(kTable, kShare));
  EXPECT_TRUE(d.try_lock(kTable, kAccessShare));  // conflicts with nobody
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
  EXPECT_TRUE(c.waits());
  b.end();
  EXPECT_EQ(*c.finish(), Granted::kNew);
}

TEST_F(LockManagerTest, WhoHoldsAPartGoesBeforeThoseWhoWaitForIt) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  a.lock(kTable, kShare);
  b.start(kTable, kExclusive);
  // b waits for a's lock, so a must not wait behind b.
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kRowShare), Granted::kHeldAlready);
  EXPECT_EQ(*locks.acquire(a.locker(), kTable, kShareUpdateExclusive), Granted::kNew);
  c.start(kTable, kExclusive);
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
  b.end();
  EXPECT_EQ(*c.finish(), Granted::kNew);
}

TEST_F(LockManagerTest, AnUpgradeGoesToItsPlaceInTheQueue) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3), d(locks, 4);
  a.lock(kTable, kRowShare);
  d.lock(kTable, kRowExclusive);
  b.start(kTable, kExclusive);  // waits for a and d
  c.start(kTable, kAccessExclusive);
  a.start(kTable, kShare);  // waits for d; before b, who waits for a
  ASSERT_TRUE(a.waits());
  EXPECT_THAT(locks.blocking_pids(b.pid()), ElementsAre(a.pid(), d.pid()));
  d.end();
  EXPECT_EQ(*a.finish(), Granted::kNew);
  EXPECT_TRUE(b.waits());
  a.end();
  EXPECT_EQ(*b.finish(), Granted::kNew);
  b.end();
  EXPECT_EQ(*c.finish(), Granted::kNew);
}

TEST_F(LockManagerTest, ACancelLeavesTheQueueCleanly) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  a.lock(kTable, kShare);
  b.start(kTable, kExclusive);
  c.start(kTable, kShare);
  b.task().interrupt(base::Interrupt::kCancel);
  EXPECT_EQ(b.finish_code(), "57014");
  EXPECT_EQ(*c.finish(), Granted::kNew);  // b was all that stood in its way
  EXPECT_EQ(b.locker().held_count(), 0U);
}

TEST_F(LockManagerTest, LockTimeoutEndsTheWait) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare);
  b.settings().lock_timeout = 2ms;
  auto waited = locks.acquire(b.locker(), kTable, kExclusive);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().state().code(), "55P03");
  EXPECT_EQ(waited.error().message(), "canceling statement due to lock timeout");
  b.settings().lock_timeout = 0ms;
  EXPECT_FALSE(locks.acquire(b.locker(), kTable, kExclusive, {.lock_timeout = 1ms}));
  EXPECT_FALSE(b.task().interrupt_pending());
}

TEST_F(LockManagerTest, StatementTimeoutEndsTheWait) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare);
  b.task().set_timeout(base::Interrupt::kStatementTimeout, base::steady_now() + 2ms);
  auto waited = locks.acquire(b.locker(), kTable, kExclusive);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message(), "canceling statement due to statement timeout");
}

TEST_F(LockManagerTest, SavepointsReleaseWhatCameAfterThem) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare);
  const LockMark mark = a.locker().mark();
  a.lock(kTable, kShare);
  a.lock(kTable, kExclusive);
  a.lock(table_tag(2), kExclusive);
  a.lock(table_tag(3), kExclusive, {.scope = LockScope::kSession});
  const LockMark inner = a.locker().mark();
  a.lock(table_tag(4), kExclusive);
  locks.release_since(a.locker(), inner);
  EXPECT_TRUE(b.try_lock(table_tag(4), kExclusive));
  locks.release_since(a.locker(), mark);
  EXPECT_TRUE(b.try_lock(table_tag(2), kExclusive));
  EXPECT_FALSE(b.try_lock(table_tag(3), kExclusive));  // session level
  EXPECT_TRUE(b.try_lock(kTable, kShare));
  EXPECT_FALSE(b.try_lock(kTable, kRowExclusive));
}

TEST_F(LockManagerTest, SessionLocksOutliveTheTransaction) {
  LockSession a(locks, 1), b(locks, 2);
  const LockTag advisory = LockTag::of_advisory(kDatabase, int64_t{1});
  a.lock(advisory, kExclusive, {.scope = LockScope::kSession});
  a.lock(advisory, kExclusive);
  a.end();
  EXPECT_FALSE(b.try_lock(advisory, kShare));
  EXPECT_FALSE(locks.release(a.locker(), advisory, kExclusive));
  EXPECT_EQ(locks.release_session(a.locker(), LockKind::kRelation), 0U);
  EXPECT_EQ(locks.release_session(a.locker(), LockKind::kAdvisory), 1U);
  EXPECT_TRUE(b.try_lock(advisory, kShare));
}

TEST_F(LockManagerTest, TransferKeepsEverythingLocked) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare);
  a.lock(table_tag(2), kExclusive);
  b.start(kTable, kExclusive);
  LockerPtr prepared = locks.open_prepared(TxnId{744}, kDatabase);
  ASSERT_TRUE(locks.transfer_transaction(a.locker(), *prepared, {}));
  EXPECT_EQ(a.locker().held_count(), 0U);
  EXPECT_TRUE(locks.verify(*prepared).empty());
  EXPECT_FALSE(a.try_lock(table_tag(2), kShare));
  EXPECT_THAT(locks.blocking_pids(b.pid()), ElementsAre(SessionId{0}));
  locks.release_transaction(*prepared);
  EXPECT_EQ(*b.finish(), Granted::kNew);
}

TEST_F(LockManagerTest, WhatIsHeldAtBothLevelsCannotBePrepared) {
  LockSession a(locks, 1);
  a.lock(kTable, kShare);
  a.lock(kTable, kExclusive, {.scope = LockScope::kSession});
  LockerPtr prepared = locks.open_prepared(TxnId{744}, kDatabase);
  base::Status status = locks.transfer_transaction(a.locker(), *prepared, {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().state().code(), "0A000");
  EXPECT_EQ(a.locker().held_count(), 2U);
}

TEST_F(LockManagerTest, GapLocksOfInnoDb) {
  using namespace next_key_mode;
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  const LockTag gap = LockTag::of_supremum(kDatabase, Oid{7});
  a.lock(gap, kExclusiveGap);
  b.lock(gap, kExclusiveGap);  // gap locks do not wait for each other
  a.start(gap, kInsertIntention);
  EXPECT_TRUE(a.waits());
  c.lock(gap, kSharedGap);  // nor for an insert intention, not even one that waits
  c.end();
  b.end();
  EXPECT_EQ(*a.finish(), Granted::kNew);
  b.lock(gap, kExclusiveGap);
}

TEST_F(LockManagerTest, LabelsAreKept) {
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare, {.label = "1, 'x'"});
  b.start(kTable, kExclusive, {.label = "waits"});
  const std::vector<LockView> views = locks.snapshot();
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].label, "1, 'x'");
  EXPECT_TRUE(views[0].granted);
  EXPECT_EQ(views[1].label, "waits");
  EXPECT_FALSE(views[1].granted);
  EXPECT_TRUE(views[1].wait_start.has_value());
  a.end();
  EXPECT_TRUE(b.finish());
}

TEST_F(LockManagerTest, ViewsShowWhatAHolderHas) {
  LockSession a(locks, 1);
  const LockTag page = LockTag::of_page(kDatabase, Oid{7}, storage::BlockNumber{1});
  a.lock(kTable, kAccessShare);
  a.lock(kTable, kRowExclusive);
  a.lock(page, hierarchy_mode::kIntentExclusive);
  a.lock(page, hierarchy_mode::kShared);
  std::vector<std::string> shown;
  for (const LockView& view : locks.snapshot())
    shown.push_back(std::string(lock_kind_name(view.tag.kind)) + " " +
                    std::string(lock_mode_name(view.mode)));
  EXPECT_THAT(shown, testing::UnorderedElementsAre("relation AccessShareLock",
                                                   "relation RowExclusiveLock", "page SIX"));
}

TEST_F(LockManagerTest, BlockersAreHoldersThenWaiters) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3), d(locks, 4);
  a.lock(kTable, kShare);
  b.lock(kTable, kShare);
  c.start(kTable, kExclusive);
  d.start(kTable, kExclusive);
  EXPECT_THAT(locks.blocking_pids(c.pid()), ElementsAre(a.pid(), b.pid()));
  EXPECT_THAT(locks.blocking_pids(d.pid()), ElementsAre(a.pid(), b.pid(), c.pid()));
  EXPECT_THAT(locks.blocking_pids(a.pid()), ElementsAre());
  a.end();
  b.end();
  EXPECT_TRUE(c.finish());
  c.end();
  EXPECT_TRUE(d.finish());
}

TEST_F(LockManagerTest, ObserversHearOfIt) {
  struct Listener : LockObserver {
    std::vector<std::string> heard;
    void granted(SessionId session, const LockTag&, LockMode mode) override {
      heard.push_back(std::to_string(session.value) + " granted " +
                      std::string(lock_mode_name(mode)));
    }
    void waiting(SessionId session, const LockTag&, LockMode) override {
      heard.push_back(std::to_string(session.value) + " waits");
    }
    void waited(SessionId session, const LockTag&, LockMode, bool granted,
                std::chrono::microseconds) override {
      heard.push_back(std::to_string(session.value) + (granted ? " has it" : " gave up"));
    }
    void deadlock(const DeadlockReport&) override {}
  } listener;
  locks.set_observer(&listener);
  LockSession a(locks, 1), b(locks, 2);
  a.lock(kTable, kShare);
  b.start(kTable, kExclusive);
  a.end();
  EXPECT_TRUE(b.finish());
  EXPECT_FALSE(locks.acquire(a.locker(), kTable, kShare, {.lock_timeout = 1ms}));
  EXPECT_THAT(listener.heard,
              ElementsAre("1 granted ShareLock", "2 waits", "2 has it", "1 waits", "1 gave up"));
}

}  // namespace
}  // namespace isolde::txn
