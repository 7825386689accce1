// Locks in the words of MySQL and SQL Server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {
namespace {

/// A session in a thread of its own, whose last statement has to wait.
class Waiting {
 public:
  Waiting(TestSession& server, const std::string& database, std::vector<std::string> statements)
      : thread_([this, &server, database, statements = std::move(statements)] {
          TestSession session(server, database);
          for (const std::string& sql : statements) {
            if (&sql == &statements.back()) task_ = &session.task();
            answer_ = session.value(sql);
          }
          task_ = nullptr;
          done_ = true;
        }) {
    while (!done_ && !waits()) std::this_thread::yield();
    EXPECT_FALSE(done_) << "it did not wait: " << answer_;
  }
  ~Waiting() { thread_.join(); }

 private:
  bool waits() {
    TestTask* task = task_;
    return task != nullptr && task->waiting_for() != nullptr;
  }
  std::atomic<bool> done_{false};
  std::atomic<TestTask*> task_{nullptr};
  std::string answer_;
  std::thread thread_;
};

class LockViews : public testing::Test {
 protected:
  void make_table(TestSession& session) {
    session.query("CREATE TABLE t (id int PRIMARY KEY, name text, note text)");
    session.query("CREATE INDEX t_name ON t (name)");
    session.query("INSERT INTO t VALUES (10, 'ann'), (20, 'bob'), (30, 'eve')");
  }
  static std::string data_locks(TestSession& session) {
    return session.value(
        "SELECT concat_ws(' ', lock_type, index_name, lock_mode, lock_status, lock_data) FROM "
        "performance_schema.data_locks WHERE object_name = 't' ORDER BY 1");
  }
  static std::string tran_locks(TestSession& session, const std::string& columns) {
    return session.value("SELECT concat_ws(' ', " + columns +
                         ") FROM sys.dm_tran_locks WHERE resource_type <> 'METADATA' ORDER BY 1");
  }

  TestSession first;
};

TEST_F(LockViews, DataLocksShowsRecordsGapsAndTheSupremum) {
  TestSession one(first, "nextkey"), two(first, "nextkey");
  make_table(one);
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SET enable_seqscan = off");
  one.query("SELECT * FROM t WHERE id = 20 FOR UPDATE");
  EXPECT_EQ(data_locks(two), "RECORD PRIMARY X,REC_NOT_GAP GRANTED 20, TABLE IX GRANTED");
  one.query("SELECT * FROM t WHERE id = 25 FOR UPDATE");
  EXPECT_EQ(data_locks(two),
            "RECORD PRIMARY X,GAP GRANTED 30, RECORD PRIMARY X,REC_NOT_GAP GRANTED 20, "
            "TABLE IX GRANTED");
  one.query("ROLLBACK");
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SELECT * FROM t WHERE id >= 30 FOR SHARE");
  EXPECT_EQ(data_locks(two),
            "RECORD PRIMARY S GRANTED 30, RECORD PRIMARY S GRANTED supremum pseudo-record, "
            "TABLE IS GRANTED");
  one.query("ROLLBACK");
}

TEST_F(LockViews, DataLocksShowsBothIndexesOfASecondaryLookUp) {
  TestSession one(first, "nextkey"), two(first, "nextkey");
  make_table(one);
  one.query("SET enable_seqscan = off");
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SELECT * FROM t WHERE name = 'bob' FOR UPDATE");
  EXPECT_EQ(data_locks(two),
            "RECORD PRIMARY X,REC_NOT_GAP GRANTED 20, RECORD t_name X GRANTED 'bob', 20, "
            "RECORD t_name X,GAP GRANTED 'eve', 30, TABLE IX GRANTED");
  one.query("ROLLBACK");
}

TEST_F(LockViews, AWaitIsShownByAllOfThem) {
  TestSession one(first, "nextkey"), judge(first, "nextkey");
  make_table(one);
  one.query("SET enable_seqscan = off");
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SELECT * FROM t WHERE id = 25 FOR UPDATE");
  {
    Waiting waits(first, "nextkey", {"BEGIN", "INSERT INTO t VALUES (26, 'new')"});
    EXPECT_THAT(data_locks(judge),
                testing::HasSubstr("RECORD PRIMARY X,GAP,INSERT_INTENTION WAITING 30"));
    EXPECT_EQ(judge.value("SELECT r.lock_mode || ' waits for ' || b.lock_mode FROM "
                          "performance_schema.data_lock_waits w JOIN performance_schema.data_locks "
                          "r ON r.engine_lock_id = w.requesting_engine_lock_id JOIN "
                          "performance_schema.data_locks b ON b.engine_lock_id = "
                          "w.blocking_engine_lock_id"),
              "X,GAP,INSERT_INTENTION waits for X,GAP");
    EXPECT_EQ(judge.value("SELECT trx_state FROM information_schema.innodb_trx ORDER BY 1"),
              "LOCK WAIT, RUNNING, RUNNING");
    EXPECT_EQ(judge.value("SELECT lock_mode || ' ' || lock_table || ' ' || lock_data FROM "
                          "information_schema.innodb_locks ORDER BY 1"),
              "X,GAP `public`.`t` 30, X,GAP,INSERT_INTENTION `public`.`t` 30");
    EXPECT_EQ(judge.value("SELECT count(*) FROM information_schema.innodb_lock_waits w JOIN "
                          "information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id JOIN "
                          "information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id"),
              "1");
    EXPECT_THAT(judge.value("SELECT isolde.innodb_status()"),
                testing::HasSubstr("lock_mode X locks gap before rec insert intention waiting"));
    one.query("ROLLBACK");
  }
}

TEST_F(LockViews, TheLastDeadlockIsInTheReport) {
  TestSession one(first, "nextkey");
  make_table(one);
  EXPECT_THAT(one.value("SELECT isolde.innodb_status()"),
              testing::Not(testing::HasSubstr("LATEST DETECTED DEADLOCK")));
  one.query("SET deadlock_timeout = '10ms'");
  one.query("BEGIN");
  one.query("UPDATE t SET note = 'x' WHERE id = 20");
  {
    Waiting waits(
        first, "nextkey",
        {"SET deadlock_timeout = '100s'", "BEGIN", "UPDATE t SET note = 'x' WHERE id = 10",
         "UPDATE t SET note = 'x' WHERE id = 20"});
    EXPECT_THAT(one.value("UPDATE t SET note = 'x' WHERE id = 10"),
                testing::HasSubstr("deadlock detected"));
    one.query("ROLLBACK");
  }
  const std::string report = one.value("SELECT isolde.innodb_status()");
  EXPECT_THAT(report, testing::HasSubstr("LATEST DETECTED DEADLOCK"));
  EXPECT_THAT(report, testing::HasSubstr("HOLDS THE LOCK(S):\\nRECORD LOCKS index PRIMARY of table "
                                         "`public`.`t` trx id"));
  EXPECT_THAT(report, testing::HasSubstr("*** WE ROLL BACK TRANSACTION ("));
  EXPECT_THAT(one.value("SHOW ENGINE INNODB STATUS"), testing::HasSubstr("InnoDB"));
}

TEST_F(LockViews, DmTranLocksShowsTheHierarchy) {
  TestSession one(first, "locking"), judge(first, "locking");
  make_table(one);
  one.query("BEGIN");
  one.query("UPDATE t SET note = 'x' WHERE id = 10");
  const std::string columns = "resource_type, request_mode, request_status";
  EXPECT_EQ(tran_locks(judge, columns),
            "DATABASE IX GRANT, OBJECT IX GRANT, PAGE IX GRANT, "
            "RID X GRANT");
  {
    Waiting waits(first, "locking", {"SELECT * FROM t WHERE id = 10"});
    EXPECT_THAT(tran_locks(judge, columns), testing::HasSubstr("RID S WAIT"));
    one.query("ROLLBACK");
  }
}

TEST_F(LockViews, DmTranLocksShowsKeyRanges) {
  TestSession one(first, "locking"), judge(first, "locking");
  make_table(one);
  one.query("SET enable_seqscan = off");
  one.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
  one.query("SELECT * FROM t WHERE id BETWEEN 15 AND 25");
  EXPECT_THAT(tran_locks(judge, "resource_type, request_mode"),
              testing::HasSubstr("KEY RangeS-S, KEY RangeS-S"));
  one.query("SELECT * FROM t WHERE id > 25");
  EXPECT_THAT(tran_locks(judge, "resource_type, resource_description"),
              testing::HasSubstr("KEY (ffffffffffff)"));
  one.query("ROLLBACK");
}

TEST_F(LockViews, AnUpgradeIsAConversion) {
  TestSession one(first, "locking"), judge(first, "locking");
  make_table(one);
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SELECT * FROM t WHERE id = 10");
  {
    Waiting waits(first, "locking",
                  {"BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT * FROM t WHERE id = 10",
                   "UPDATE t SET note = 'x' WHERE id = 10"});
    EXPECT_THAT(tran_locks(judge, "resource_type, request_mode, request_status"),
                testing::HasSubstr("RID X CONVERT"));
    one.query("ROLLBACK");
  }
}

TEST_F(LockViews, ValuesAreForThoseWhoMayReadTheTable) {
  TestSession one(first, "nextkey"), two(first, "nextkey");
  make_table(one);
  one.query("CREATE ROLE nobody LOGIN");
  one.query("BEGIN");
  one.query("SELECT * FROM t WHERE id = 20 FOR UPDATE");
  two.query("SET SESSION AUTHORIZATION nobody");
  EXPECT_EQ(two.value("SELECT count(*) FROM performance_schema.data_locks WHERE lock_data = '20'"),
            "0");
  two.query("RESET SESSION AUTHORIZATION");
  EXPECT_EQ(two.value("SELECT count(*) FROM performance_schema.data_locks WHERE lock_data = '20'"),
            "1");
  one.query("ROLLBACK");
}

TEST_F(LockViews, TheKeyOfALockIsReadable) {
  TestSession one(first, "nextkey"), two(first, "nextkey");
  make_table(one);
  one.query("SET enable_seqscan = off");
  one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  one.query("SELECT * FROM t WHERE id = 25 FOR UPDATE");
  EXPECT_EQ(two.value("SELECT key FROM isolde.locks WHERE locktype = 'gap'"), "30");
  one.query("ROLLBACK");
}

}  // namespace
}  // namespace isolde::sql
