#include "txn/lock_manager.hpp"

#include <gtest/gtest.h>

#include "base/thread_task.hpp"

namespace isolde::txn {
namespace {

const LockTag kRelation = LockTag::of_relation(Oid{5}, Oid{16384});

TEST(LockManager, AcquiresAndReleases) {
  LockManager locks;
  base::ThreadTask task;
  LockerPtr one = locks.open(task, SessionId{1}, Oid{5}),
            two = locks.open(task, SessionId{2}, Oid{5});
  EXPECT_EQ(*locks.acquire(*one, kRelation, table_mode::kShare), Granted::kNew);
  EXPECT_EQ(*locks.acquire(*one, kRelation, table_mode::kShare), Granted::kHeldAlready);
  EXPECT_EQ(*locks.acquire(*two, kRelation, table_mode::kExclusive, {.wait = false}),
            Granted::kNotAvailable);
  EXPECT_TRUE(locks.release(*one, kRelation, table_mode::kShare));
  EXPECT_TRUE(locks.holds(*one, kRelation, table_mode::kShare));
  locks.release_transaction(*one);
  EXPECT_EQ(*locks.acquire(*two, kRelation, table_mode::kExclusive, {.wait = false}),
            Granted::kNew);
  locks.release_transaction(*two);
}

}  // namespace
}  // namespace isolde::txn
