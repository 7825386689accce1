#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "lock_session.hpp"

// What waits leave in the server's log, in PostgreSQL's words.

namespace isolde::txn {
namespace {

using namespace std::chrono_literals;
using namespace table_mode;
using testing::HasSubstr;

class LockWaitLogTest : public testing::Test {
 protected:
  LockWaitLogTest() {
    std::filesystem::remove(path);
    for (LockSession* session : {&a, &b, &c}) session->settings().log_lock_waits = true;
    base::configure_log({.threshold = base::Severity::kLog, .format = {}, .file = path});
  }
  ~LockWaitLogTest() override {
    base::configure_log({.threshold = base::Severity::kFatal, .format = {}, .file = {}});
    std::filesystem::remove(path);
  }

  /// The log so far, with every time replaced.
  std::string logged() {
    base::flush_log();
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return std::regex_replace(text.str(), std::regex("after [0-9]+\\.[0-9]{3} ms"), "after T ms");
  }

  const std::string path = testing::TempDir() + "lock_wait_test.log";
  LockManager locks;
  LockSession a{locks, 11}, b{locks, 12}, c{locks, 13};
};

TEST_F(LockWaitLogTest, StillWaitingThenAcquired) {
  a.lock(kTable, kShare);
  b.start(kTable, kExclusive);
  c.settings().deadlock_timeout = 0us;
  c.start(kTable, kExclusive);
  while (c.task().waiting_for() == nullptr) std::this_thread::yield();
  a.end();
  EXPECT_TRUE(b.finish());
  b.end();
  EXPECT_TRUE(c.finish());
  EXPECT_THAT(logged(), HasSubstr("LOG:  process 13 still waiting for ExclusiveLock on relation "
                                  "16384 of database 5 after T ms\n"
                                  "DETAIL:  Process holding the lock: 11. Wait queue: 12, 13."));
  EXPECT_THAT(logged(), HasSubstr("LOG:  process 13 acquired ExclusiveLock on relation 16384 of "
                                  "database 5 after T ms"));
  EXPECT_THAT(logged(), testing::Not(HasSubstr("process 12")));
}

TEST_F(LockWaitLogTest, Deadlocks) {
  locks.set_statement_lookup([](SessionId pid) { return "LOCK " + std::to_string(pid.value); });
  a.lock(table_tag(1), kExclusive);
  b.lock(table_tag(2), kExclusive);
  a.start(table_tag(2), kShare);
  b.settings().deadlock_timeout = 0us;
  EXPECT_FALSE(locks.acquire(b.locker(), table_tag(1), kExclusive));
  b.end();
  EXPECT_TRUE(a.finish());
  EXPECT_THAT(logged(), HasSubstr("process 12 detected deadlock while waiting for ExclusiveLock on "
                                  "relation 1 of database 5 after T ms"));
  EXPECT_THAT(logged(), HasSubstr("blocked by process 12.\nProcess 12: LOCK 12\n"
                                  "Process 11: LOCK 11\n"));
}

TEST_F(LockWaitLogTest, AvoidedDeadlocks) {
  a.lock(table_tag(1), kShare);
  c.lock(table_tag(2), kExclusive);
  b.start(table_tag(1), kExclusive);
  a.start(table_tag(2), kShare);
  c.settings().deadlock_timeout = 0us;
  EXPECT_TRUE(locks.acquire(c.locker(), table_tag(1), kShare));
  c.end();
  EXPECT_TRUE(a.finish());
  a.end();
  EXPECT_TRUE(b.finish());
  EXPECT_THAT(logged(), HasSubstr("process 13 avoided deadlock for ShareLock on relation 1 of "
                                  "database 5 by rearranging queue order after T ms"));
  EXPECT_THAT(logged(), HasSubstr("process 13 acquired ShareLock on relation 1 of database 5"));
}

}  // namespace
}  // namespace isolde::txn
