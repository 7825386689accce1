// LISTEN and NOTIFY between two sessions.

#include <gtest/gtest.h>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {
namespace {

using Lines = std::vector<std::string>;

class Notify : public testing::Test {
 protected:
  /// What the listening session has to tell its client.
  Lines told() {
    listener.session().deliver_notifications();
    return listener.sink().take();
  }

  TestSession listener;
  TestSession other{listener};
};

TEST_F(Notify, ArrivesWhenTheTransactionCommits) {
  listener.query("LISTEN news");
  other.query("BEGIN");
  other.query("NOTIFY news, 'first'");
  EXPECT_EQ(told(), Lines());
  other.query("COMMIT");
  EXPECT_EQ(told(), Lines{"A: news|first"});
}

TEST_F(Notify, IsForgottenWithItsTransactionOrSavepoint) {
  listener.query("LISTEN news");
  other.query("BEGIN; NOTIFY news, 'no'; ROLLBACK");
  other.query("BEGIN; SAVEPOINT s; NOTIFY news, 'no'; ROLLBACK TO s; NOTIFY news, 'yes'; COMMIT");
  EXPECT_EQ(told(), Lines{"A: news|yes"});
}

TEST_F(Notify, SaysTheSameOnceATransaction) {
  listener.query("LISTEN news");
  other.query("BEGIN; NOTIFY news, 'a'; NOTIFY news, 'a'; NOTIFY news, 'b'; COMMIT");
  EXPECT_EQ(told(), (Lines{"A: news|a", "A: news|b"}));
}

TEST_F(Notify, WaitsForTheEndOfTheListenersBlock) {
  listener.query("LISTEN news");
  listener.query("BEGIN");
  other.query("SELECT pg_notify('news', 'x')");
  EXPECT_EQ(told(), Lines());
  listener.query("COMMIT");
  EXPECT_EQ(told(), Lines{"A: news|x"});
}

TEST_F(Notify, StopsWithUnlisten) {
  listener.query("LISTEN news");
  listener.query("LISTEN more");
  listener.query("UNLISTEN news");
  other.query("NOTIFY news");
  other.query("NOTIFY more");
  EXPECT_EQ(told(), Lines{"A: more|"});
  listener.query("UNLISTEN *");
  other.query("NOTIFY more");
  EXPECT_EQ(told(), Lines());
}

TEST_F(Notify, StaysWithinTheDatabase) {
  TestSession elsewhere(listener, "serial");
  listener.query("LISTEN news");
  elsewhere.query("NOTIFY news, 'x'");
  EXPECT_EQ(told(), Lines());
}

TEST_F(Notify, ChecksNames) {
  EXPECT_EQ(other.query("SELECT pg_notify('', 'x')").back().substr(0, 20), "E: ERROR|22023|chann");
}

}  // namespace
}  // namespace isolde::sql
