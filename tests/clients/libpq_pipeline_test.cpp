// libpq's pipeline mode.

#include <arpa/inet.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "libpq_fixture.hpp"

namespace isolde::clients {
namespace {

/// In pipeline mode from the start; sends and takes results one by one.
class PipelineTest : public LibpqTest {
 protected:
  void SetUp() override {
    LibpqTest::SetUp();
    ASSERT_EQ(PQenterPipelineMode(pg()), 1);
  }

  void send(const std::string& sql, std::vector<const char*> values = {}, int format = kText) {
    ASSERT_EQ(PQsendQueryParams(pg(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                values.data(), nullptr, nullptr, format),
              1)
        << PQerrorMessage(pg());
  }

  void send_prepared(const char* name, std::vector<const char*> values) {
    ASSERT_EQ(PQsendQueryPrepared(pg(), name, static_cast<int>(values.size()), values.data(),
                                  nullptr, nullptr, kText),
              1)
        << PQerrorMessage(pg());
  }

  void sync() { ASSERT_EQ(PQpipelineSync(pg()), 1) << PQerrorMessage(pg()); }

  Result take() { return own(PQgetResult(pg())); }

  /// The next result is of this kind, and the last of its statement.
  Result expect(ExecStatusType status) {
    Result result = take();
    EXPECT_NE(result, nullptr);
    EXPECT_EQ(PQresultStatus(result.get()), status) << PQresultErrorMessage(result.get());
    if (status != PGRES_PIPELINE_SYNC) {
      EXPECT_EQ(take(), nullptr);
    }
    return result;
  }

  void expect_value(const std::string& wanted) {
    Result result = expect(PGRES_TUPLES_OK);
    ASSERT_EQ(PQntuples(result.get()), 1);
    EXPECT_EQ(PQgetvalue(result.get(), 0, 0), wanted);
  }

  void expect_error(const std::string& state) {
    EXPECT_EQ(sqlstate(expect(PGRES_FATAL_ERROR)), state);
  }

  void expect_sync() { expect(PGRES_PIPELINE_SYNC); }
  void expect_aborted() { expect(PGRES_PIPELINE_ABORTED); }

  void leave() {
    EXPECT_EQ(PQexitPipelineMode(pg()), 1) << PQerrorMessage(pg());
    EXPECT_EQ(value("SELECT 'left'"), "left");
  }
};

TEST_F(PipelineTest, OneStatement) {
  send("SELECT $1::text", {"x"});
  sync();
  expect_value("x");
  expect_sync();
  leave();
}

TEST_F(PipelineTest, ManyStatementsOneSync) {
  for (int i = 0; i < 500; ++i) send("SELECT $1::int4 + 1", {std::to_string(i).c_str()});
  sync();
  for (int i = 0; i < 500; ++i) expect_value(std::to_string(i + 1));
  expect_sync();
  leave();
}

TEST_F(PipelineTest, SeveralSyncs) {
  for (int i = 0; i < 50; ++i) {
    send("SELECT " + std::to_string(i));
    sync();
  }
  for (int i = 0; i < 50; ++i) {
    expect_value(std::to_string(i));
    expect_sync();
  }
  leave();
}

TEST_F(PipelineTest, SyncsWithNothingBetween) {
  for (int i = 0; i < 5; ++i) sync();
  for (int i = 0; i < 5; ++i) expect_sync();
  leave();
}

TEST_F(PipelineTest, ErrorInTheMiddleSkipsToSync) {
  send("SELECT 1");
  send("SELECT 1/0");
  send("SELECT 2");
  send("SELECT 3");
  sync();
  send("SELECT 4");
  sync();
  expect_value("1");
  expect_error("22012");
  EXPECT_EQ(PQpipelineStatus(pg()), PQ_PIPELINE_ABORTED);
  expect_aborted();
  expect_aborted();
  expect_sync();
  EXPECT_EQ(PQpipelineStatus(pg()), PQ_PIPELINE_ON);
  expect_value("4");
  expect_sync();
  leave();
}

TEST_F(PipelineTest, ErrorFirstAndLast) {
  send("SELEC");
  send("SELECT 1");
  sync();
  send("SELECT 2");
  send("SELECT no_such_column");
  sync();
  expect_error("42601");
  expect_aborted();
  expect_sync();
  expect_value("2");
  expect_error("42703");
  expect_sync();
  leave();
}

TEST_F(PipelineTest, ErrorUndoesItsBatchAlone) {
  send("SET work_mem = '11MB'");
  sync();
  send("SET work_mem = '12MB'");
  send("SELECT 1/0");
  sync();
  expect(PGRES_COMMAND_OK);
  expect_sync();
  expect(PGRES_COMMAND_OK);
  expect_error("22012");
  expect_sync();
  ASSERT_EQ(PQexitPipelineMode(pg()), 1);
  EXPECT_EQ(value("SHOW work_mem"), "11MB");
}

TEST_F(PipelineTest, BlockOverSeveralSyncs) {
  send("BEGIN");
  sync();
  send("SELECT 1/0");
  sync();
  send("SELECT 1");
  sync();
  send("ROLLBACK");
  send("SELECT 2");
  sync();
  expect(PGRES_COMMAND_OK);
  expect_sync();
  expect_error("22012");
  expect_sync();
  expect_error("25P02");
  expect_sync();
  expect(PGRES_COMMAND_OK);
  expect_value("2");
  expect_sync();
  EXPECT_EQ(PQtransactionStatus(pg()), PQTRANS_IDLE);
  leave();
}

TEST_F(PipelineTest, FlushRequestBringsResultsWithoutSync) {
  send("SELECT 1");
  send("SELECT 2");
  ASSERT_EQ(PQsendFlushRequest(pg()), 1);
  ASSERT_EQ(PQflush(pg()), 0);
  expect_value("1");
  expect_value("2");
  send("SELECT 3");
  ASSERT_EQ(PQsendFlushRequest(pg()), 1);
  ASSERT_EQ(PQflush(pg()), 0);
  expect_value("3");
  sync();
  expect_sync();
  leave();
}

TEST_F(PipelineTest, PreparedAndUnpreparedMixed) {
  ASSERT_EQ(PQsendPrepare(pg(), "add", "SELECT $1::int4 + $2::int4", 0, nullptr), 1);
  for (int i = 0; i < 20; ++i) {
    send_prepared("add", {std::to_string(i).c_str(), "100"});
    send("SELECT $1::text", {"between"});
  }
  ASSERT_EQ(PQsendDescribePrepared(pg(), "add"), 1);
  sync();
  expect(PGRES_COMMAND_OK);
  for (int i = 0; i < 20; ++i) {
    expect_value(std::to_string(i + 100));
    expect_value("between");
  }
  Result described = expect(PGRES_COMMAND_OK);
  EXPECT_EQ(PQnparams(described.get()), 2);
  EXPECT_EQ(PQparamtype(described.get(), 0), 23U);
  EXPECT_EQ(PQftype(described.get(), 0), 23U);
  expect_sync();
  leave();
}

TEST_F(PipelineTest, StatementPreparedInAFailedBatchBeforeTheErrorStays) {
  ASSERT_EQ(PQsendPrepare(pg(), "kept", "SELECT 7", 0, nullptr), 1);
  send("SELECT 1/0");
  ASSERT_EQ(PQsendPrepare(pg(), "skipped", "SELECT 8", 0, nullptr), 1);
  sync();
  send_prepared("kept", {});
  sync();
  send_prepared("skipped", {});
  sync();
  expect(PGRES_COMMAND_OK);
  expect_error("22012");
  expect_aborted();
  expect_sync();
  expect_value("7");
  expect_sync();
  expect_error("26000");
  expect_sync();
  leave();
}

TEST_F(PipelineTest, BinaryResults) {
  for (uint32_t i = 0; i < 100; ++i) send("SELECT " + std::to_string(i * 65'537), {}, kBinary);
  sync();
  for (uint32_t i = 0; i < 100; ++i) {
    Result result = expect(PGRES_TUPLES_OK);
    ASSERT_EQ(PQfformat(result.get(), 0), kBinary);
    ASSERT_EQ(PQgetlength(result.get(), 0, 0), 4);
    uint32_t bytes = 0;
    std::memcpy(&bytes, PQgetvalue(result.get(), 0, 0), sizeof bytes);
    EXPECT_EQ(ntohl(bytes), i * 65'537);
  }
  expect_sync();
  leave();
}

TEST_F(PipelineTest, SingleRowModeInside) {
  send("SELECT i FROM generate_series(1, 5) AS g(i)");
  send("SELECT 7");
  sync();
  ASSERT_EQ(PQsetSingleRowMode(pg()), 1);
  for (int i = 1; i <= 5; ++i) {
    Result row = take();
    ASSERT_EQ(PQresultStatus(row.get()), PGRES_SINGLE_TUPLE);
    EXPECT_EQ(PQgetvalue(row.get(), 0, 0), std::to_string(i));
  }
  Result end = expect(PGRES_TUPLES_OK);
  EXPECT_EQ(PQntuples(end.get()), 0);
  expect_value("7");
  expect_sync();
  leave();
}

TEST_F(PipelineTest, EmptyQuery) {
  send("");
  send("SELECT 1");
  sync();
  expect(PGRES_EMPTY_QUERY);
  expect_value("1");
  expect_sync();
  leave();
}

// More requests and answers than both sockets' buffers hold: a server that only reads, or only
// writes, would stop here for ever.
TEST_F(PipelineTest, LargePipelineOfANonBlockingClient) {
  constexpr int kStatements = 20'000;
  ASSERT_EQ(PQsetnonblocking(pg(), 1), 0);
  const std::string filler(500, 'x');
  int sent = 0;
  int received = 0;
  bool synced = false;
  while (received < kStatements) {
    pollfd ready{PQsocket(pg()), POLLIN, 0};
    if (sent < kStatements || PQflush(pg()) != 0) ready.events |= POLLOUT;
    ASSERT_GT(poll(&ready, 1, 60'000), 0) << "stuck after " << sent << " sent, " << received;
    if ((ready.revents & POLLOUT) != 0) {
      for (int i = 0; i < 100 && sent < kStatements; ++i, ++sent) {
        send("SELECT $1::int4, $2::text", {std::to_string(sent).c_str(), filler.c_str()});
      }
      if (sent == kStatements && !std::exchange(synced, true)) sync();
      ASSERT_GE(PQflush(pg()), 0);
    }
    if ((ready.revents & POLLIN) == 0) continue;
    ASSERT_EQ(PQconsumeInput(pg()), 1);
    while (received < kStatements && PQisBusy(pg()) == 0) {
      Result result = take();
      if (result == nullptr) continue;
      ASSERT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK);
      ASSERT_EQ(PQgetvalue(result.get(), 0, 0), std::to_string(received));
      ++received;
    }
  }
  ASSERT_EQ(PQsetnonblocking(pg(), 0), 0);
  EXPECT_EQ(take(), nullptr);
  expect_sync();
  leave();
}

TEST_F(PipelineTest, LargeResultsBetweenSmallOnes) {
  for (int i = 0; i < 10; ++i) {
    send("SELECT repeat('x', 1000000)");
    send("SELECT 1");
  }
  sync();
  for (int i = 0; i < 10; ++i) {
    Result large = expect(PGRES_TUPLES_OK);
    EXPECT_EQ(PQgetlength(large.get(), 0, 0), 1'000'000);
    expect_value("1");
  }
  expect_sync();
  leave();
}

TEST_F(PipelineTest, CancelInsideAPipeline) {
  send("SELECT 1");
  ASSERT_EQ(PQsendFlushRequest(pg()), 1);
  ASSERT_EQ(PQflush(pg()), 0);
  expect_value("1");
  send("SELECT pg_sleep(60)");
  send("SELECT 2");
  sync();
  cancel_until_answered();
  expect_error("57014");
  expect_aborted();
  expect_sync();
  leave();
}

}  // namespace
}  // namespace isolde::clients
