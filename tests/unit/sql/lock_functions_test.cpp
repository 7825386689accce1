// Advisory locks, who blocks whom, transactions by number, and how the views show them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {
namespace {

TEST(AdvisoryFunctions, LockAndUnlockAsOftenAsTheyWereLocked) {
  TestSession session;
  EXPECT_EQ(session.value("SELECT pg_try_advisory_lock(1)"), "t");
  EXPECT_EQ(session.value("SELECT pg_try_advisory_lock(1)"), "t");
  EXPECT_EQ(session.value("SELECT pg_advisory_unlock(1)"), "t");
  EXPECT_EQ(session.value("SELECT pg_advisory_unlock(1)"), "t");
  EXPECT_THAT(session.query("SELECT pg_advisory_unlock(1)"),
              testing::Contains("N: WARNING|01000|you don't own a lock of type ExclusiveLock|"));
}

TEST(AdvisoryFunctions, ExcludeOtherSessions) {
  TestSession one;
  TestSession two(one);
  EXPECT_EQ(one.value("SELECT pg_try_advisory_lock(1, 2)"), "t");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock(1, 2)"), "f");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock((1::bigint << 32) + 2)"), "t");
  EXPECT_EQ(one.value("SELECT pg_advisory_unlock_all()"), "");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock_shared(1, 2)"), "t");
  EXPECT_EQ(one.value("SELECT pg_try_advisory_lock_shared(1, 2)"), "t");
  EXPECT_EQ(one.value("SELECT pg_try_advisory_xact_lock(1, 2)"), "f");
}

TEST(AdvisoryFunctions, OfTransactionsEndWithThem) {
  TestSession one;
  TestSession two(one);
  one.query("BEGIN");
  one.query("SELECT pg_advisory_xact_lock(9)");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock(9)"), "f");
  one.query("COMMIT");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock(9)"), "t");
  // Without a block the transaction ends with the statement.
  one.query("SELECT pg_advisory_xact_lock(10)");
  EXPECT_EQ(two.value("SELECT pg_try_advisory_lock(10)"), "t");
}

TEST(PgLocks, ShowsAdvisoryLocksAndTheTransactionsOwn) {
  TestSession session;
  session.query("BEGIN");
  session.query("SELECT pg_advisory_lock(3, 4)");
  EXPECT_EQ(session.value("SELECT classid || ' ' || objid || ' ' || objsubid || ' ' || mode "
                          "FROM pg_locks WHERE locktype = 'advisory'"),
            "3 4 2 ExclusiveLock");
  EXPECT_EQ(session.value("SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid'"), "0");
  session.query("SELECT txid_current()");
  EXPECT_EQ(session.value("SELECT mode || ' ' || granted FROM pg_locks WHERE locktype = "
                          "'transactionid' AND transactionid::text = txid_current()::text"),
            "ExclusiveLock true");
  EXPECT_EQ(session.value("SELECT count(*) FROM pg_locks WHERE locktype = 'virtualxid' AND "
                          "virtualxid = virtualtransaction AND pid = pg_backend_pid()"),
            "1");
}

TEST(TransactionFunctions, TellIdsAndFates) {
  TestSession session;
  session.query("BEGIN");
  EXPECT_EQ(session.value("SELECT pg_current_xact_id_if_assigned()"), "\\N");
  const std::string id = session.value("SELECT pg_current_xact_id()");
  EXPECT_EQ(session.value("SELECT txid_current_if_assigned()"), id);
  EXPECT_EQ(session.value("SELECT pg_xact_status('" + id + "')"), "in progress");
  session.query("COMMIT");
  EXPECT_EQ(session.value("SELECT txid_status(" + id + ")"), "committed");
  session.query("BEGIN");
  const std::string other = session.value("SELECT txid_current()");
  session.query("ROLLBACK");
  EXPECT_EQ(session.value("SELECT txid_status(" + other + ")"), "aborted");
  EXPECT_NE(session.value("SELECT txid_status(1000000000)").find("is in the future"),
            std::string::npos);
}

TEST(TransactionFunctions, ASnapshotListsWhoRuns) {
  TestSession one;
  TestSession two(one);
  one.query("BEGIN");
  const std::string id = one.value("SELECT txid_current()");
  EXPECT_EQ(two.value("SELECT txid_snapshot_xmin(txid_current_snapshot())"), id);
  EXPECT_EQ(two.value("SELECT txid_visible_in_snapshot(" + id + ", txid_current_snapshot())"), "f");
  one.query("COMMIT");
  EXPECT_EQ(two.value("SELECT txid_visible_in_snapshot(" + id + ", txid_current_snapshot())"), "t");
}

TEST(RowVersions, ShowsWhatAnUpdateLeavesBehind) {
  TestSession session;
  session.query("CREATE TABLE t (a int, b text)");
  session.query("INSERT INTO t VALUES (1, 'x')");
  session.query("BEGIN");
  session.query("UPDATE t SET b = 'y'");
  EXPECT_EQ(session.value("SELECT \"row\" || ' ' || kind || ' ' || xmin_state FROM "
                          "isolde.row_versions('t') ORDER BY ctid"),
            "(1,x) updated committed, (1,y) newest, hot in progress");
}

}  // namespace
}  // namespace isolde::sql
