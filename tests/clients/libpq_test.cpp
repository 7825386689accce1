// libpq without pipelines: single-row mode, cancel, COPY, notices, error fields.

#include <chrono>
#include <string>
#include <vector>

#include "libpq_fixture.hpp"

namespace isolde::clients {
namespace {

TEST_F(LibpqTest, SingleRowMode) {
  ASSERT_EQ(PQsendQuery(pg(), "SELECT i FROM generate_series(1, 1000) AS g(i)"), 1);
  ASSERT_EQ(PQsetSingleRowMode(pg()), 1);
  for (int i = 1; i <= 1000; ++i) {
    Result row = own(PQgetResult(pg()));
    ASSERT_EQ(PQresultStatus(row.get()), PGRES_SINGLE_TUPLE);
    ASSERT_EQ(PQgetvalue(row.get(), 0, 0), std::to_string(i));
  }
  EXPECT_EQ(PQresultStatus(own(PQgetResult(pg())).get()), PGRES_TUPLES_OK);
  EXPECT_EQ(PQgetResult(pg()), nullptr);
}

TEST_F(LibpqTest, SingleRowModeEndsWithAnError) {
  ASSERT_EQ(PQsendQuery(pg(), "SELECT 10 / (3 - i) FROM generate_series(1, 5) AS g(i)"), 1);
  ASSERT_EQ(PQsetSingleRowMode(pg()), 1);
  for (const char* wanted : {"5", "10"}) {
    Result row = own(PQgetResult(pg()));
    ASSERT_EQ(PQresultStatus(row.get()), PGRES_SINGLE_TUPLE);
    EXPECT_STREQ(PQgetvalue(row.get(), 0, 0), wanted);
  }
  EXPECT_EQ(sqlstate(own(PQgetResult(pg()))), "22012");
  EXPECT_EQ(PQgetResult(pg()), nullptr);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(LibpqTest, CancelReturnsAtOnce) {
  auto began = std::chrono::steady_clock::now();
  ASSERT_EQ(PQsendQuery(pg(), "SELECT pg_sleep(60)"), 1);
  cancel_until_answered();
  EXPECT_EQ(sqlstate(own(PQgetResult(pg()))), "57014");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(1));
  EXPECT_EQ(PQgetResult(pg()), nullptr);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(LibpqTest, CopyOut) {
  Result copy =
      own(PQexec(pg(), "COPY (SELECT i, i * 2 FROM generate_series(1, 1000) AS g(i)) TO STDOUT"));
  ASSERT_EQ(PQresultStatus(copy.get()), PGRES_COPY_OUT);
  EXPECT_EQ(PQnfields(copy.get()), 2);
  EXPECT_EQ(PQbinaryTuples(copy.get()), 0);
  char* line = nullptr;
  int i = 0;
  int size = 0;
  while ((size = PQgetCopyData(pg(), &line, 0)) > 0) {
    ++i;
    EXPECT_EQ(std::string(line, static_cast<size_t>(size)),
              std::to_string(i) + "\t" + std::to_string(2 * i) + "\n");
    PQfreemem(line);
  }
  EXPECT_EQ(size, -1);
  EXPECT_EQ(i, 1000);
  Result end = own(PQgetResult(pg()));
  EXPECT_STREQ(PQcmdTuples(end.get()), "1000");
  EXPECT_EQ(PQgetResult(pg()), nullptr);
}

TEST_F(LibpqTest, NoticesArriveBesideResults) {
  std::vector<std::string> heard;
  PQsetNoticeReceiver(
      pg(),
      [](void* heard, const PGresult* notice) {
        static_cast<std::vector<std::string>*>(heard)->emplace_back(
            PQresultErrorField(notice, PG_DIAG_SQLSTATE));
      },
      &heard);
  own(PQexec(pg(), "BEGIN; BEGIN; COMMIT; COMMIT"));
  EXPECT_EQ(heard, (std::vector<std::string>{"25001", "25P01"}));
}

TEST_F(LibpqTest, ParameterStatusFollowsSet) {
  own(PQexec(pg(), "SET application_name = 'one'; SET TimeZone = 'Asia/Tokyo'"));
  EXPECT_STREQ(PQparameterStatus(pg(), "application_name"), "one");
  EXPECT_STREQ(PQparameterStatus(pg(), "TimeZone"), "Asia/Tokyo");
  EXPECT_GE(PQserverVersion(pg()), 150'000);
  EXPECT_LT(PQserverVersion(pg()), 160'000);
}

TEST_F(LibpqTest, ErrorFields) {
  Result result = own(PQexec(pg(), "SELECT no_such_column"));
  auto field = [&](int code) { return std::string(PQresultErrorField(result.get(), code)); };
  EXPECT_EQ(field(PG_DIAG_SEVERITY_NONLOCALIZED), "ERROR");
  EXPECT_EQ(field(PG_DIAG_SQLSTATE), "42703");
  EXPECT_EQ(field(PG_DIAG_MESSAGE_PRIMARY), "column \"no_such_column\" does not exist");
  EXPECT_EQ(field(PG_DIAG_STATEMENT_POSITION), "8");
}

TEST_F(LibpqTest, DescribePortalAndCursor) {
  own(PQexec(pg(), "BEGIN; DECLARE c CURSOR FOR SELECT 1::int8 AS big, 'x'::text AS t"));
  Result result = own(PQdescribePortal(pg(), "c"));
  ASSERT_EQ(PQnfields(result.get()), 2);
  EXPECT_STREQ(PQfname(result.get(), 0), "big");
  EXPECT_EQ(PQftype(result.get(), 0), 20U);
  EXPECT_EQ(PQfsize(result.get(), 0), 8);
  EXPECT_EQ(PQfsize(result.get(), 1), -1);
}

TEST_F(LibpqTest, ConnectionIsResetAfterTermination) {
  own(PQexec(pg(), "SELECT pg_terminate_backend(pg_backend_pid())"));
  EXPECT_EQ(PQstatus(pg()), CONNECTION_BAD);
  PQreset(pg());
  EXPECT_EQ(PQstatus(pg()), CONNECTION_OK);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(LibpqTest, PingAnswers) {
  EXPECT_EQ(PQping(""), PQPING_OK);
}

}  // namespace
}  // namespace isolde::clients
