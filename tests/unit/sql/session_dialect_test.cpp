// isolde.dialect seen from a client: results, positions of errors, levels.

#include <gtest/gtest.h>

#include "sql/session/session.hpp"
#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

using Lines = std::vector<std::string>;

TEST(SessionDialect, IsOffAtFirst) {
  TestSession session;
  EXPECT_EQ(session.query("SELECT `a`")[0].substr(0, 15), "E: ERROR|42601|");
  EXPECT_EQ(session.query("SELECT 1 AS [a]")[0].substr(0, 15), "E: ERROR|42601|");
}

TEST(SessionDialect, TakesForeignWords) {
  TestSession session;
  session.query("SET isolde.dialect = mysql");
  EXPECT_EQ(session.query("SELECT @@version_comment LIMIT 1; # none"),
            (Lines{"T: @@version_comment:25", "D: Isolde", "C: SELECT 1"}));
  EXPECT_EQ(session.value("SELECT `A` FROM (SELECT 5 AS a) AS `T`"), "5");
  session.query("SET isolde.dialect = sqlserver");
  EXPECT_EQ(session.value("SELECT TOP 2 [A] FROM (VALUES (3), (4), (5)) AS v([A])"), "3, 4");
}

TEST(SessionDialect, PositionsAreTheClients) {
  TestSession session;
  session.query("SET isolde.dialect = mysql");
  EXPECT_EQ(session.query("SELECT @@version_comment, `nope`"),
            Lines{"E: ERROR|42703|column \"nope\" does not exist|27"});
  EXPECT_EQ(session.query("SELECT @@version_comment, FROM"),
            Lines{"E: ERROR|42601|syntax error at or near \"FROM\"|27"});
  EXPECT_EQ(session.query("SELECT @@version_comment, int 'x'"),
            Lines{"E: ERROR|22P02|invalid input syntax for type integer: \"x\"|31"});
  EXPECT_EQ(session.query("SET autocommit = 0")[0].substr(0, 49),
            "E: ERROR|0A000|autocommit cannot be turned off|1|");
  // The next text is mapped by itself.
  EXPECT_EQ(session.query("SELECT nope"), Lines{"E: ERROR|42703|column \"nope\" does not exist|8"});
}

TEST(SessionDialect, ExtendedProtocolToo) {
  TestSession session;
  session.query("SET isolde.dialect = mysql");
  auto status = session.session().parse("", "SELECT @@version_comment, `nope`", {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.take_error().fields().position, 27);
  ASSERT_TRUE(session.session().parse("", "SELECT $1::int AS `n`", {}));
  auto shape = session.session().describe_statement("");
  ASSERT_TRUE(shape);
  EXPECT_EQ((*shape->columns)[0].name, "n");
}

TEST(SessionDialect, TextsWithOtherHintsAreOtherStatements) {
  TestSession session;
  session.query("SET isolde.dialect = sqlserver");
  std::string table = "(VALUES (1)) AS t";
  EXPECT_EQ(session.value("SELECT 1 FROM " + table), "1");
  EXPECT_EQ(session.query("SELECT 1 FROM nope WITH (NOLOCK, XLOCK)"),
            Lines{"E: ERROR|42601|conflicting locking hints specified|20"});
  EXPECT_EQ(session.query("SELECT 1 FROM nope WITH (NOLOCK)"),
            Lines{"E: ERROR|42P01|relation \"nope\" does not exist|15"});
}

std::string level(TestSession& session) {
  return session.value("SHOW transaction_isolation");
}

TEST(SessionDialect, MysqlSetsTheNextTransaction) {
  TestSession session;
  session.query("SET isolde.dialect = mysql");
  EXPECT_EQ(session.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"), Lines{"C: SET"});
  session.query("START TRANSACTION");
  EXPECT_EQ(level(session), "serializable");
  session.query("COMMIT");
  EXPECT_EQ(level(session), "read committed");
  session.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  EXPECT_EQ(session.value("SELECT @@transaction_isolation"), "REPEATABLE-READ");
  session.query("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
  session.query("SELECT 1");  // the next transaction
  EXPECT_EQ(level(session), "repeatable read");
  session.query("BEGIN");
  session.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  EXPECT_EQ(level(session), "serializable");
  session.query("ROLLBACK");
  EXPECT_EQ(level(session), "repeatable read");
}

TEST(SessionDialect, SqlServerSetsAllToCome) {
  TestSession session;
  session.query("SET isolde.dialect = sqlserver");
  EXPECT_EQ(session.query("SET TRANSACTION ISOLATION LEVEL SNAPSHOT"), Lines{"C: SET"});
  EXPECT_EQ(level(session), "repeatable read");
  session.query("BEGIN TRAN");
  EXPECT_EQ(level(session), "repeatable read");
  EXPECT_EQ(session.value("SELECT @@TRANCOUNT"), "1");
  session.query("COMMIT TRAN");
  EXPECT_EQ(session.value("SELECT @@TRANCOUNT"), "0");
  EXPECT_EQ(level(session), "repeatable read");
}

}  // namespace

}  // namespace isolde::sql
