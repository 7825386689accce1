#include <random>

#include "tests/unit/txn/engine_harness.hpp"

namespace isolde::txn {
namespace {

using Rows = std::map<std::string, std::string>;

std::string plus_one(const std::string& value) {
  return std::to_string(std::stoi(value) + 1);
}

class Mvcc : public testing::Test {
 protected:
  Mvcc() : h("mvcc"), a(h, 1), b(h, 2) {
    a.begin();
    EXPECT_EQ(a.insert("x=1")->outcome, Outcome::kDone);
    EXPECT_EQ(a.insert("y=1")->outcome, Outcome::kDone);
    EXPECT_TRUE(a.commit());
  }
  EngineHarness h;
  TestSession a, b;
};

TEST_F(Mvcc, WhatIsNotCommittedIsSeenByItsMakerAlone) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  EXPECT_EQ(a.insert("z=5")->outcome, Outcome::kDone);
  EXPECT_EQ(*a.remove("y"), Outcome::kDone);
  for (bool by_index : {false, true}) {
    EXPECT_EQ(a.rows(by_index), (Rows{{"x", "2"}, {"z", "5"}}));
    EXPECT_EQ(b.rows(by_index), (Rows{{"x", "1"}, {"y", "1"}}));
  }
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(b.rows(), (Rows{{"x", "2"}, {"z", "5"}}));
}

TEST_F(Mvcc, ASnapshotStaysAtHigherLevels) {
  a.begin();
  b.begin(IsolationLevel::kRepeatableRead);
  EXPECT_EQ(b.rows(), (Rows{{"x", "1"}, {"y", "1"}}));
  EXPECT_EQ(*a.update("x", plus_one, false), Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(b.rows(), (Rows{{"x", "1"}, {"y", "1"}}));
  auto late = b.update("x", plus_one);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().message(), "could not serialize access due to concurrent update");
}

TEST_F(Mvcc, TheSecondWriterWaitsAndLooksAgain) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  std::thread second([&] { EXPECT_EQ(*b.update("x", plus_one), Outcome::kDone); });
  wait_until_blocked(b);
  ASSERT_TRUE(a.commit());
  second.join();
  ASSERT_TRUE(b.commit());
  a.begin();
  EXPECT_EQ(a.rows(), (Rows{{"x", "3"}, {"y", "1"}}));
}

TEST_F(Mvcc, TheSecondWriterGoesOnWhenTheFirstRollsBack) {
  a.begin();
  b.begin(IsolationLevel::kRepeatableRead);
  EXPECT_EQ(*a.remove("x"), Outcome::kDone);
  std::thread second([&] { EXPECT_EQ(*b.update("x", plus_one), Outcome::kDone); });
  wait_until_blocked(b);
  a.roll_back();
  second.join();
  ASSERT_TRUE(b.commit());
  a.begin();
  EXPECT_EQ(a.rows(true), (Rows{{"x", "2"}, {"y", "1"}}));
}

TEST_F(Mvcc, AKeyIsUniqueAndItsRivalWaits) {
  a.begin();
  b.begin();
  EXPECT_EQ(a.insert("z=1")->outcome, Outcome::kDone);
  EXPECT_EQ(a.insert("x=7")->outcome, Outcome::kDuplicate);
  std::thread second([&] { EXPECT_EQ(b.insert("z=2")->outcome, Outcome::kDuplicate); });
  wait_until_blocked(b);
  ASSERT_TRUE(a.commit());
  second.join();
  EXPECT_EQ(b.rows(), (Rows{{"x", "1"}, {"y", "1"}, {"z", "1"}}));
}

TEST_F(Mvcc, RowLocksExcludeEachOtherByTheTable) {
  for (int held = 0; held < 4; ++held) {
    for (int wanted = 0; wanted < 4; ++wanted) {
      a.begin();
      b.begin();
      EXPECT_EQ(*a.lock("x", static_cast<RowLock>(held)), Outcome::kDone);
      auto got = b.lock("x", static_cast<RowLock>(wanted), LockWait::kSkip);
      EXPECT_EQ(*got, compatible(static_cast<RowLock>(held), static_cast<RowLock>(wanted))
                          ? Outcome::kDone
                          : Outcome::kSkip)
          << held << " " << wanted;
      a.roll_back();
      b.roll_back();
    }
  }
}

TEST_F(Mvcc, AWriterWaitsForEachOfSeveralHolders) {
  TestSession c(h, 3);
  a.begin();
  b.begin();
  c.begin();
  EXPECT_EQ(*a.lock("x", RowLock::kKeyShare), Outcome::kDone);
  EXPECT_EQ(*b.lock("x", RowLock::kShare), Outcome::kDone);
  EXPECT_EQ(*c.lock("x", RowLock::kUpdate, LockWait::kSkip), Outcome::kSkip);
  a.roll_back();
  EXPECT_EQ(*c.lock("x", RowLock::kUpdate, LockWait::kSkip), Outcome::kSkip);
  EXPECT_EQ(*c.lock("x", RowLock::kNoKeyUpdate, LockWait::kSkip), Outcome::kSkip);
  b.roll_back();
  EXPECT_EQ(*c.lock("x", RowLock::kUpdate, LockWait::kSkip), Outcome::kDone);
}

/// Foreign keys rely on it: a row that is referred to may be updated, but not deleted.
TEST_F(Mvcc, AKeyShareLockHoldsTheSuccessorsOfItsVersion) {
  for (bool hot : {true, false}) {
    for (bool lock_first : {true, false}) {
      TestSession c(h, 3);
      auto lock = [&] { EXPECT_EQ(*a.lock("x", RowLock::kKeyShare), Outcome::kDone); };
      a.begin();
      b.begin();
      if (lock_first) lock();
      EXPECT_EQ(*b.update(
                    "x", [](const std::string&) { return "1"; }, hot),
                Outcome::kDone);
      if (!lock_first) lock();
      ASSERT_TRUE(b.commit());
      c.begin();
      EXPECT_EQ(*c.lock("x", RowLock::kUpdate, LockWait::kSkip), Outcome::kSkip)
          << hot << lock_first;
      EXPECT_EQ(*c.lock("x", RowLock::kNoKeyUpdate, LockWait::kSkip), Outcome::kDone);
      a.roll_back();
      EXPECT_EQ(*c.lock("x", RowLock::kUpdate, LockWait::kSkip), Outcome::kDone);
      c.roll_back();
    }
  }
}

TEST_F(Mvcc, ALockUpgradedInASavepointIsStillThereAfterIt) {
  a.begin();
  EXPECT_EQ(*a.lock("x", RowLock::kShare), Outcome::kDone);
  a.txn->define_savepoint();
  EXPECT_EQ(*a.lock("x", RowLock::kUpdate), Outcome::kDone);
  a.txn->roll_back_to_savepoint(0);
  b.begin();
  EXPECT_EQ(*b.lock("x", RowLock::kShare, LockWait::kSkip), Outcome::kDone);
  b.roll_back();
  b.begin();
  EXPECT_EQ(*b.lock("x", RowLock::kNoKeyUpdate, LockWait::kSkip), Outcome::kSkip);
}

TEST_F(Mvcc, RollingBackToASavepointUndoesWhatCameAfterIt) {
  a.begin();
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  a.txn->define_savepoint();
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  EXPECT_EQ(*a.remove("y"), Outcome::kDone);
  a.txn->define_savepoint();
  EXPECT_EQ(a.insert("z=1")->outcome, Outcome::kDone);
  a.txn->release_savepoints(1);
  EXPECT_EQ(a.rows(), (Rows{{"x", "3"}, {"z", "1"}}));
  a.txn->roll_back_to_savepoint(0);
  EXPECT_EQ(a.rows(), (Rows{{"x", "2"}, {"y", "1"}}));
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  ASSERT_TRUE(a.commit());
  b.begin();
  EXPECT_EQ(b.rows(true), (Rows{{"x", "3"}, {"y", "1"}}));
}

TEST_F(Mvcc, ADeadlockEndsOneOfTheTwo) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone);
  EXPECT_EQ(*b.update("y", plus_one), Outcome::kDone);
  std::atomic<int> victims = 0;
  auto cross = [&](TestSession& s, const char* key) {
    auto result = s.update(key, plus_one);
    if (result) return;
    EXPECT_EQ(result.error().state(), base::sqlstate::kTRDeadlockDetected);
    ++victims;
    s.roll_back();
  };
  std::thread other([&] { cross(b, "x"); });
  wait_until_blocked(b);
  cross(a, "y");
  other.join();
  EXPECT_EQ(victims, 1);
}

/// Increments by several sessions, some rolled back, some under savepoints: none may be lost.
TEST_F(Mvcc, NoIncrementIsLost) {
  constexpr int kSessions = 4, kRounds = 200;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kSessions; ++i) {
    threads.emplace_back([&, i] {
      TestSession s(h, 10 + i);
      std::mt19937 random(static_cast<unsigned>(i));
      for (int round = 0; round < kRounds; ++round) {
        s.begin();
        const bool savepoint = random() % 3 == 0, give_up = random() % 4 == 0;
        if (savepoint) s.txn->define_savepoint();
        ASSERT_EQ(*s.update("x", plus_one, random() % 2 == 0), Outcome::kDone);
        if (savepoint && random() % 2 == 0) {
          s.txn->roll_back_to_savepoint(0);
          ASSERT_TRUE(s.commit());
        } else if (give_up) {
          s.roll_back();
        } else {
          ASSERT_TRUE(s.commit());
          ++done;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  a.begin();
  EXPECT_EQ(a.rows(), (Rows{{"x", std::to_string(1 + done)}, {"y", "1"}}));
  EXPECT_EQ(a.rows(true), (Rows{{"x", std::to_string(1 + done)}, {"y", "1"}}));
}

}  // namespace
}  // namespace isolde::txn
