// libpq from C: pipeline mode above all, single-row mode, cancel, COPY, notices, text and binary
// values.
//
// The server is found through PGHOST, PGPORT, PGUSER and PGDATABASE.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr int kText = 0;
constexpr int kBinary = 1;

Result own(PGresult* result) {
  return {result, &PQclear};
}

std::string sqlstate(const Result& result) {
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

class LibpqTest : public ::testing::Test {
 protected:
  void SetUp() override {
    connection_.reset(PQconnectdb(""));
    ASSERT_EQ(PQstatus(pg()), CONNECTION_OK) << PQerrorMessage(pg());
  }

  PGconn* pg() { return connection_.get(); }

  std::string value(const char* sql) {
    Result result = own(PQexec(pg(), sql));
    EXPECT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQerrorMessage(pg());
    return PQntuples(result.get()) == 1 ? PQgetvalue(result.get(), 0, 0) : "";
  }

  /// A cancel that overtakes its statement is forgotten, so it is repeated until there is an
  /// answer.
  void cancel_until_answered() {
    std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel(PQgetCancel(pg()), &PQfreeCancel);
    pollfd ready{PQsocket(pg()), POLLIN, 0};
    do {
      std::array<char, 256> why{};
      ASSERT_EQ(PQcancel(cancel.get(), why.data(), why.size()), 1) << why.data();
    } while (poll(&ready, 1, 100) == 0);
  }

  struct ConnectionCloser {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, ConnectionCloser> connection_;
};

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

// --- other modes

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

// --- a value of each type: as text, and as binary what binary gave
struct TypedValue {
  const char* type;
  const char* text;
};

void PrintTo(const TypedValue& value, std::ostream* out) {
  *out << value.type << " " << value.text;
}

class TypedValueTest : public LibpqTest, public ::testing::WithParamInterface<TypedValue> {
 protected:
  Result ask(const char* data, int size, int format, int result_format) {
    std::string sql = std::string("SELECT $1::") + GetParam().type;
    Result result =
        own(PQexecParams(pg(), sql.c_str(), 1, nullptr, &data, &size, &format, result_format));
    EXPECT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQerrorMessage(pg());
    return result;
  }
};

TEST_P(TypedValueTest, TextAndBinaryAgree) {
  own(PQexec(pg(), "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'"));
  std::string text = GetParam().text;
  int size = static_cast<int>(text.size());
  Result as_text = ask(text.c_str(), size, kText, kText);
  ASSERT_EQ(PQntuples(as_text.get()), 1);
  EXPECT_EQ(PQgetvalue(as_text.get(), 0, 0), text);
  Result as_binary = ask(text.c_str(), size, kText, kBinary);
  ASSERT_EQ(PQntuples(as_binary.get()), 1);
  ASSERT_EQ(PQfformat(as_binary.get(), 0), kBinary);
  const char* bytes = PQgetvalue(as_binary.get(), 0, 0);
  Result back = ask(bytes, PQgetlength(as_binary.get(), 0, 0), kBinary, kText);
  ASSERT_EQ(PQntuples(back.get()), 1);
  EXPECT_EQ(PQgetvalue(back.get(), 0, 0), text);
}

constexpr TypedValue kValues[] = {
    {"int2", "-32768"},
    {"int4", "2147483647"},
    {"int8", "-9223372036854775808"},
    {"float4", "-0.1"},
    {"float4", "NaN"},
    {"float8", "1e-300"},
    {"float8", "Infinity"},
    {"numeric", "0"},
    {"numeric", "0.000"},
    {"numeric", "-12345678901234567890.0123456789"},
    {"numeric", "NaN"},
    {"numeric", "Infinity"},
    {"numeric", "100000000"},
    {"bool", "t"},
    {"text", ""},
    {"text", "naïve ☃"},
    {"varchar", "x"},
    {"bytea", "\\x00ff10"},
    {"bytea", "\\x"},
    {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"date", "2024-02-29"},
    {"date", "0044-03-15 BC"},
    {"date", "infinity"},
    {"timestamp", "1999-12-31 23:59:59.999999"},
    {"timestamp", "-infinity"},
    {"timestamptz", "2024-02-29 12:34:56.789+00"},
    {"interval", "1 year 2 mons -3 days +04:05:06.7"},
    {"json", "{\"b\": 1, \"a\": [null]}"},
    {"jsonb", "{\"a\": [null], \"b\": 1}"},
    {"int4[]", "{1,NULL,3}"},
    {"int4[]", "{}"},
    {"int8[]", "{{1,2},{3,4}}"},
    {"int4[]", "[0:1]={1,2}"},
    {"text[]", "{a,\"b c\",NULL,\"\",\"\\\"\"}"},
    {"numeric[]", "{1.50,NULL}"},
    {"timestamptz[]", "{\"2024-02-29 12:34:56+00\"}"},
};

INSTANTIATE_TEST_SUITE_P(EveryType, TypedValueTest, ::testing::ValuesIn(kValues));

}  // namespace
