#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

#include "lock_session.hpp"

namespace isolde::txn {
namespace {

using namespace std::chrono_literals;

/// Who runs what, as the transaction manager would know it.
class Owners : public TransactionOwners {
 public:
  Locker* owner_if_running(TxnId txn) override {
    std::lock_guard guard(mutex_);
    auto at = running_.find(txn);
    return at == running_.end() ? nullptr : at->second;
  }
  void begin(TxnId txn, Locker& owner) {
    std::lock_guard guard(mutex_);
    running_[txn] = &owner;
  }
  void end(LockManager& locks, TxnId txn) {
    Locker* owner = owner_if_running(txn);
    {
      std::lock_guard guard(mutex_);
      running_.erase(txn);
    }
    if (owner->take_awaited()) locks.transaction_ended(txn);
  }

 private:
  std::mutex mutex_;
  std::map<TxnId, Locker*> running_;
};

class LockTransactionTest : public testing::Test {
 protected:
  void TearDown() override { expect_sound(locks); }

  void start_waiting(LockSession& session, TxnId txn) {
    session.start_with(
        [&, txn] { return locks.wait_for_transaction(session.locker(), txn, owners); });
  }

  LockManager locks;
  Owners owners;
};

TEST_F(LockTransactionTest, WhatHasEndedIsNotWaitedFor) {
  LockSession a(locks, 1);
  EXPECT_EQ(*locks.wait_for_transaction(a.locker(), TxnId{744}, owners), Granted::kNew);
  EXPECT_TRUE(locks.snapshot().empty());
}

TEST_F(LockTransactionTest, AllWhoWaitAreWokenAtItsEnd) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  owners.begin(TxnId{744}, a.locker());
  EXPECT_FALSE(a.locker().awaited());
  start_waiting(b, TxnId{744});
  start_waiting(c, TxnId{744});
  ASSERT_TRUE(b.waits() && c.waits());
  EXPECT_TRUE(a.locker().awaited());
  EXPECT_THAT(locks.blocking_pids(b.pid()), testing::ElementsAre(a.pid()));
  const std::vector<LockView> views = locks.snapshot();
  ASSERT_EQ(views.size(), 3U);
  EXPECT_EQ(describe(views[0].tag), "transaction 744");
  EXPECT_EQ(lock_mode_name(views[0].mode), "ExclusiveLock");
  EXPECT_TRUE(views[0].materialised);
  EXPECT_EQ(lock_mode_name(views[1].mode), "ShareLock");
  owners.end(locks, TxnId{744});
  EXPECT_EQ(*b.finish(), Granted::kNew);
  EXPECT_EQ(*c.finish(), Granted::kNew);
  EXPECT_TRUE(locks.snapshot().empty());
}

TEST_F(LockTransactionTest, NoWaitSaysThatItRuns) {
  LockSession a(locks, 1), b(locks, 2);
  owners.begin(TxnId{744}, a.locker());
  EXPECT_EQ(*locks.wait_for_transaction(b.locker(), TxnId{744}, owners, {.wait = false}),
            Granted::kNotAvailable);
  owners.end(locks, TxnId{744});
}

TEST_F(LockTransactionTest, ASubtransactionEndsAlone) {
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  owners.begin(TxnId{744}, a.locker());
  owners.begin(TxnId{745}, a.locker());
  start_waiting(b, TxnId{744});
  start_waiting(c, TxnId{745});
  owners.end(locks, TxnId{745});
  EXPECT_TRUE(c.finish());
  EXPECT_TRUE(b.waits());
  a.locker().take_awaited();
  locks.transaction_ended(TxnId{744});
  EXPECT_TRUE(b.finish());
}

TEST_F(LockTransactionTest, TimeOutsEndTheWait) {
  LockSession a(locks, 1), b(locks, 2);
  owners.begin(TxnId{744}, a.locker());
  auto waited = locks.wait_for_transaction(b.locker(), TxnId{744}, owners, {.lock_timeout = 1ms});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().state().code(), "55P03");
  owners.end(locks, TxnId{744});
}

TEST_F(LockTransactionTest, DeadlocksAreFoundAcrossTransactionsAndTables) {
  LockSession a(locks, 1), b(locks, 2);
  owners.begin(TxnId{744}, a.locker());
  b.lock(kTable, table_mode::kExclusive);
  a.start(kTable, table_mode::kShare);
  b.settings().deadlock_timeout = 0us;
  auto waited = locks.wait_for_transaction(b.locker(), TxnId{744}, owners);
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().fields().detail,
            "Process 2 waits for ShareLock on transaction 744; blocked by process 1.\n"
            "Process 1 waits for ShareLock on relation 16384 of database 5; blocked by process 2.");
  b.end();
  EXPECT_TRUE(a.finish());
  owners.end(locks, TxnId{744});
}

TEST_F(LockTransactionTest, APreparedTransactionIsWaitedForInItsOwnName) {
  LockSession a(locks, 1), b(locks, 2);
  owners.begin(TxnId{744}, a.locker());
  b.lock(kTable, table_mode::kExclusive);
  start_waiting(b, TxnId{744});
  LockerPtr prepared = locks.open_prepared(TxnId{744}, kDatabase);
  owners.begin(TxnId{744}, *prepared);
  const TxnId ids[] = {TxnId{744}};
  ASSERT_TRUE(locks.transfer_transaction(a.locker(), *prepared, ids));
  EXPECT_THAT(locks.blocking_pids(b.pid()), testing::ElementsAre(SessionId{0}));
  // The session that was its owner waits for b now, and b no longer for the session.
  a.settings().deadlock_timeout = 0us;
  a.start(kTable, table_mode::kShare);
  EXPECT_TRUE(a.waits());
  owners.end(locks, TxnId{744});
  EXPECT_TRUE(b.finish());
  b.end();
  EXPECT_TRUE(a.finish());
}

// Begin, end and waits race; no wake-up may be lost.
TEST_F(LockTransactionTest, NoWakeUpIsLost) {
  constexpr int kRounds = 1000;
  LockSession a(locks, 1), b(locks, 2), c(locks, 3);
  std::atomic<uint64_t> current{0};
  auto wait_for_each = [&](LockSession& session) {
    for (uint64_t last = 0; last < kRounds;) {
      const uint64_t now = current.load();
      if (now == last) {
        std::this_thread::yield();
        continue;
      }
      EXPECT_TRUE(locks.wait_for_transaction(session.locker(), TxnId{now}, owners));
      last = now;
    }
  };
  std::thread second([&] { wait_for_each(b); }), third([&] { wait_for_each(c); });
  for (uint64_t txn = 1; txn <= kRounds; ++txn) {
    owners.begin(TxnId{txn}, a.locker());
    current = txn;
    if (txn % 3 == 0) std::this_thread::yield();
    owners.end(locks, TxnId{txn});
  }
  second.join();
  third.join();
  EXPECT_TRUE(locks.snapshot().empty());
}

}  // namespace
}  // namespace isolde::txn
