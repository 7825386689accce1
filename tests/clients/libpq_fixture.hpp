#pragma once

// A libpq connection for each test. The server is found through PGHOST, PGPORT, PGUSER and
// PGDATABASE.

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <memory>
#include <string>

namespace isolde::clients {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

inline constexpr int kText = 0;
inline constexpr int kBinary = 1;

inline Result own(PGresult* result) {
  return {result, &PQclear};
}

inline std::string sqlstate(const Result& result) {
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

}  // namespace isolde::clients
