#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lock_session.hpp"

namespace isolde::txn {
namespace {

using namespace hierarchy_mode;
using namespace std::chrono_literals;

constexpr AcquireOptions kWaitDie{.policy = DeadlockPolicy::kWaitDie};
constexpr AcquireOptions kWoundWait{.policy = DeadlockPolicy::kWoundWait};
constexpr AcquireOptions kNoWait{.policy = DeadlockPolicy::kNoWait};

class LockPolicyTest : public testing::Test {
 protected:
  LockPolicyTest() {
    old.locker().set_age(1);
    middle.locker().set_age(2);
    young.locker().set_age(3);
  }

  LockManager locks;
  LockSession old{locks, 1}, middle{locks, 2}, young{locks, 3};
};

TEST_F(LockPolicyTest, NoWaitEndsAtOnce) {
  old.lock(kTable, kExclusive);
  auto refused = locks.acquire(young.locker(), kTable, kShared, kNoWait);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().state().code(), "40P01");
  EXPECT_EQ(refused.error().fields().detail,
            "Process 3 asks for S on relation 16384 of database 5; blocked by process 1. "
            "isolde.deadlock_policy is no_wait.");
  old.end();
  EXPECT_TRUE(locks.acquire(young.locker(), kTable, kShared, kNoWait));
}

TEST_F(LockPolicyTest, WaitDieLetsTheOlderWait) {
  young.lock(kTable, kExclusive);
  old.start(kTable, kExclusive, kWaitDie);
  EXPECT_TRUE(old.waits());
  young.end();
  EXPECT_TRUE(old.finish());
}

TEST_F(LockPolicyTest, WaitDieEndsTheYounger) {
  old.lock(kTable, kExclusive);
  young.start(kTable, kExclusive, kWaitDie);
  EXPECT_EQ(young.finish_code(), "40P01");
}

TEST_F(LockPolicyTest, WaitDieLooksAtTheQueueToo) {
  young.lock(kTable, kShared);
  old.start(kTable, kExclusive, kWaitDie);
  middle.start(kTable, kShared, kWaitDie);  // fits beside young, but would wait behind old
  EXPECT_EQ(middle.finish_code(), "40P01");
  young.end();
  EXPECT_TRUE(old.finish());
}

TEST_F(LockPolicyTest, WoundWaitLetsTheYoungerWait) {
  old.lock(kTable, kExclusive);
  young.start(kTable, kExclusive, kWoundWait);
  EXPECT_TRUE(young.waits());
  EXPECT_TRUE(old.locker().check_wounded());
  old.end();
  EXPECT_TRUE(young.finish());
}

TEST_F(LockPolicyTest, WoundWaitTellsTheYoungerToGo) {
  std::vector<int32_t> told;
  locks.set_wound_handler([&](SessionId session) { told.push_back(session.value); });
  young.lock(kTable, kExclusive);
  old.start(kTable, kExclusive, kWoundWait);
  ASSERT_TRUE(old.waits());
  EXPECT_THAT(told, testing::ElementsAre(3));
  base::Status wounded = young.locker().check_wounded();
  ASSERT_FALSE(wounded);
  EXPECT_EQ(wounded.error().state().code(), "40P01");
  EXPECT_EQ(wounded.error().fields().detail,
            "Process 1 waits for process 3 and is older. isolde.deadlock_policy is wound_wait.");
  EXPECT_FALSE(locks.acquire(young.locker(), table_tag(2), kShared));
  young.end();
  EXPECT_TRUE(old.finish());
  EXPECT_TRUE(young.locker().check_wounded());  // forgotten with its transaction
}

TEST_F(LockPolicyTest, AWoundEndsAWait) {
  young.lock(table_tag(1), kExclusive);
  middle.lock(table_tag(2), kExclusive);
  young.start(table_tag(2), kExclusive, kWoundWait);
  ASSERT_TRUE(young.waits());
  old.start(table_tag(1), kExclusive, kWoundWait);
  EXPECT_EQ(young.finish_code(), "40P01");
  young.end();
  EXPECT_TRUE(old.finish());
}

TEST_F(LockPolicyTest, WoundsThoseInFrontInTheQueue) {
  middle.lock(kTable, kExclusive);
  young.start(kTable, kExclusive, kWoundWait);
  old.start(kTable, kExclusive, kWoundWait);
  EXPECT_EQ(young.finish_code(), "40P01");
  EXPECT_FALSE(middle.locker().check_wounded());
  middle.end();
  EXPECT_TRUE(old.finish());
}

TEST_F(LockPolicyTest, WithoutAnAgeNobodyIsWounded) {
  LockSession worker(locks, 4);
  worker.lock(kTable, kExclusive);
  old.start(kTable, kExclusive, kWoundWait);
  EXPECT_TRUE(worker.locker().check_wounded());
  worker.end();
  EXPECT_TRUE(old.finish());
}

}  // namespace
}  // namespace isolde::txn
