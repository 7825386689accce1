#include "txn/advisory_locks.hpp"

#include <gtest/gtest.h>

#include "lock_session.hpp"

namespace isolde::txn {
namespace {

constexpr auto kSession = LockScope::kSession;
constexpr auto kTransaction = LockScope::kTransaction;
constexpr auto kShared = AdvisoryStrength::kShared;
constexpr auto kExclusive = AdvisoryStrength::kExclusive;

class AdvisoryLocksTest : public testing::Test {
 protected:
  void TearDown() override { expect_sound(locks); }

  bool try_lock(LockSession& session, AdvisoryKey key, AdvisoryStrength strength, LockScope scope) {
    return *try_lock_advisory(locks, session.locker(), key, strength, scope);
  }
  bool unlock(LockSession& session, AdvisoryKey key, AdvisoryStrength strength) {
    return unlock_advisory(locks, session.locker(), key, strength);
  }

  LockManager locks;
  LockSession a{locks, 1}, b{locks, 2};
  const AdvisoryKey key{int64_t{42}};
};

TEST_F(AdvisoryLocksTest, SharedOnesGoTogetherExclusiveOnesAlone) {
  EXPECT_TRUE(try_lock(a, key, kShared, kSession));
  EXPECT_TRUE(try_lock(b, key, kShared, kTransaction));
  EXPECT_FALSE(try_lock(a, key, kExclusive, kSession));
  b.end();
  EXPECT_TRUE(try_lock(a, key, kExclusive, kSession));
  EXPECT_FALSE(try_lock(b, key, kShared, kSession));
}

TEST_F(AdvisoryLocksTest, ABigintAndTwoIntsNeverMeet) {
  EXPECT_TRUE(try_lock(a, AdvisoryKey(int64_t{1} << 32 | 2), kExclusive, kSession));
  EXPECT_TRUE(try_lock(b, AdvisoryKey(1, 2), kExclusive, kSession));
}

TEST_F(AdvisoryLocksTest, UnlockAsOftenAsLocked) {
  EXPECT_TRUE(try_lock(a, key, kExclusive, kSession));
  EXPECT_TRUE(try_lock(a, key, kExclusive, kSession));
  EXPECT_TRUE(unlock(a, key, kExclusive));
  EXPECT_FALSE(try_lock(b, key, kExclusive, kSession));
  EXPECT_TRUE(unlock(a, key, kExclusive));
  EXPECT_TRUE(try_lock(b, key, kExclusive, kSession));
  EXPECT_FALSE(unlock(a, key, kExclusive));
}

TEST_F(AdvisoryLocksTest, UnlockNamesTheStrengthAndOnlyTheSessionsLevel) {
  EXPECT_TRUE(try_lock(a, key, kShared, kSession));
  EXPECT_FALSE(unlock(a, key, kExclusive));
  EXPECT_TRUE(unlock(a, key, kShared));
  EXPECT_TRUE(try_lock(a, key, kExclusive, kTransaction));
  EXPECT_FALSE(unlock(a, key, kExclusive));
  const base::Error warning = not_held_warning(kExclusive);
  EXPECT_EQ(warning.severity(), base::Severity::kWarning);
  EXPECT_EQ(warning.state().code(), "01000");
  EXPECT_EQ(warning.message(), "you don't own a lock of type ExclusiveLock");
}

TEST_F(AdvisoryLocksTest, UnlockAllLeavesTheTransactionsOnes) {
  EXPECT_TRUE(try_lock(a, key, kExclusive, kSession));
  EXPECT_TRUE(try_lock(a, key, kExclusive, kSession));
  EXPECT_TRUE(try_lock(a, AdvisoryKey(1, 2), kShared, kTransaction));
  unlock_all_advisory(locks, a.locker());
  EXPECT_TRUE(try_lock(b, key, kExclusive, kSession));
  EXPECT_FALSE(try_lock(b, AdvisoryKey(1, 2), kExclusive, kSession));
}

TEST_F(AdvisoryLocksTest, TheEndOfASessionReleasesThem) {
  {
    LockSession c(locks, 3);
    EXPECT_TRUE(try_lock(c, key, kExclusive, kSession));
    EXPECT_TRUE(try_lock(c, AdvisoryKey(1, 2), kShared, kTransaction));
  }
  EXPECT_TRUE(try_lock(b, key, kExclusive, kSession));
  EXPECT_TRUE(try_lock(b, AdvisoryKey(1, 2), kExclusive, kSession));
}

TEST_F(AdvisoryLocksTest, LocksWaitAndSayWhatFor) {
  EXPECT_TRUE(try_lock(a, key, kExclusive, kTransaction));
  b.start_with([&]() -> base::Result<Granted> {
    base::Status locked = lock_advisory(locks, b.locker(), key, kShared, kSession);
    if (!locked) return locked.take_error();
    return Granted::kNew;
  });
  while (b.task().waiting_for() == nullptr) std::this_thread::yield();
  EXPECT_STREQ(b.task().waiting_for()->name, "advisory");
  a.end();
  EXPECT_TRUE(b.finish());
}

}  // namespace
}  // namespace isolde::txn
