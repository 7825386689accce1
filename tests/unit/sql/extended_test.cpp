#include <gtest/gtest.h>

#include <thread>

#include "sql/types/type_ids.hpp"
#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

using Outcome = Session::Outcome;
using Parameters = std::vector<std::optional<std::string_view>>;

class Extended : public testing::Test {
 protected:
  Session& session() { return test_.session(); }

  std::string text_of(const base::Status& status) {
    if (status.ok()) return "ok";
    const auto& fields = status.error().fields();
    return std::string(fields.state.code()) + " " + fields.message;
  }

  std::string parse(std::string_view name, std::string_view text,
                    std::vector<base::Oid> types = {}) {
    return text_of(session().parse(name, text, types));
  }

  std::string bind(std::string_view portal, std::string_view statement,
                   const Parameters& values = {}, const std::vector<int16_t>& formats = {},
                   const std::vector<int16_t>& result_formats = {}) {
    return text_of(session().bind({portal, statement, formats, values, result_formats}));
  }

  /// The values of the rows, then the tag or "suspended".
  std::string execute(std::string_view portal, int64_t rows = 0) {
    auto outcome = session().execute(portal, rows, test_.sink());
    std::string all;
    for (const std::string& line : test_.sink().take()) all += line + ";";
    if (!outcome.ok()) {
      return all + std::string(outcome.error().state().code()) + " " + outcome.error().message();
    }
    if (*outcome == Outcome::kSuspended) all += "suspended";
    if (*outcome == Outcome::kEmpty) all += "empty";
    return all;
  }

  std::string sync() { return text_of(session().sync()); }
  char status() { return static_cast<char>(session().transaction_status()); }

  std::string parameters(std::string_view statement) {
    auto shape = session().describe_statement(statement);
    if (!shape) return shape.error().message();
    std::string all;
    for (base::Oid oid : shape->parameters) all += std::to_string(oid.value) + " ";
    return all;
  }

  TestSession test_;
};

TEST_F(Extended, SelectOne) {
  EXPECT_EQ(parse("", "SELECT 1"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "D: 1;C: SELECT 1;");
  EXPECT_EQ(execute(""), "C: SELECT 0;");
  EXPECT_EQ(sync(), "ok");
}

TEST_F(Extended, ParameterTypesAreInferred) {
  EXPECT_EQ(parse("a", "SELECT $1 + 1, $2 || 'x', $3::date"), "ok");
  EXPECT_EQ(parameters("a"), "23 25 1082 ");
  EXPECT_EQ(parse("b", "SELECT $1", {base::Oid{0}}), "ok");
  EXPECT_EQ(parameters("b"), "25 ");
  EXPECT_EQ(parse("c", "SELECT $1 + $2", {types::kInt8}), "ok");
  EXPECT_EQ(parameters("c"), "20 20 ");
  EXPECT_EQ(parse("d", "SELECT $2::int"), "42P18 could not determine data type of parameter $1");
  EXPECT_EQ(parse("e", "SELECT $1 = 1, $1 = 'a'::text"),
            "42883 operator does not exist: integer = text");
}

TEST_F(Extended, TextAndBinaryParameters) {
  EXPECT_EQ(parse("", "SELECT $1::int + 1, $2::text"), "ok");
  EXPECT_EQ(bind("", "", {"41", "x"}), "ok");
  EXPECT_EQ(execute(""), "D: 42|x;C: SELECT 1;");
  EXPECT_EQ(bind("", "", {std::string_view("\0\0\0\7", 4), "y"}, {1, 0}), "ok");
  EXPECT_EQ(execute(""), "D: 8|y;C: SELECT 1;");
  EXPECT_EQ(bind("", "", {std::nullopt, std::nullopt}), "ok");
  EXPECT_EQ(execute(""), "D: \\N|\\N;C: SELECT 1;");
}

TEST_F(Extended, BadParameters) {
  EXPECT_EQ(parse("s", "SELECT $1::int"), "ok");
  EXPECT_EQ(sync(), "ok");
  auto status = session().bind({"", "s", {}, Parameters{"abc"}, {}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message(), "invalid input syntax for type integer: \"abc\"");
  EXPECT_EQ(status.error().fields().context, "unnamed portal parameter $1 = '...'");
  EXPECT_EQ(bind("", "s", {"1", "2"}),
            "08P01 bind message supplies 2 parameters, but prepared statement \"s\" requires 1");
  EXPECT_EQ(bind("", "s", {"1"}, {0, 0}),
            "08P01 bind message has 2 parameter formats but 1 parameters");
  EXPECT_EQ(bind("", "s", {"1"}, {}, {0, 0}),
            "08P01 bind message has 2 result formats but query has 1 columns");
  EXPECT_EQ(bind("", "s", {"1"}, {7}), "22023 unsupported format code: 7");
  EXPECT_EQ(bind("", "s", {std::string_view("\0\0", 2)}, {1}),
            "08P01 insufficient data left in message");
  EXPECT_EQ(bind("", "s", {"\xff"}), "22021 invalid byte sequence for encoding \"UTF8\": 0xff");
}

TEST_F(Extended, NamesOfStatementsAndPortals) {
  EXPECT_EQ(bind("", "nosuch"), "26000 prepared statement \"nosuch\" does not exist");
  EXPECT_EQ(bind("", ""), "26000 unnamed prepared statement does not exist");
  EXPECT_EQ(execute("nosuch"), "34000 portal \"nosuch\" does not exist");
  EXPECT_EQ(parse("a", "SELECT 1"), "ok");
  EXPECT_EQ(parse("a", "SELECT 1"), "42P05 prepared statement \"a\" already exists");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(bind("p", "a"), "ok");
  EXPECT_EQ(bind("p", "a"), "42P03 cursor \"p\" already exists");
  session().close_statement("a");
  EXPECT_EQ(bind("", "a"), "26000 prepared statement \"a\" does not exist");
  EXPECT_EQ(parse("", "SELECT 1; SELECT 2"),
            "42601 cannot insert multiple commands into a prepared statement");
}

TEST_F(Extended, PreparedStatementsAreSharedWithSql) {
  EXPECT_EQ(parse("a", "SELECT $1::int + 1"), "ok");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(test_.value("EXECUTE a(5)"), "6");
  test_.query("PREPARE b(int) AS SELECT $1 * 2");
  EXPECT_EQ(bind("", "b", {"21"}), "ok");
  EXPECT_EQ(execute(""), "D: 42;C: SELECT 1;");
  EXPECT_EQ(sync(), "ok");
  test_.query("DEALLOCATE ALL");
  EXPECT_EQ(bind("", "a"), "26000 prepared statement \"a\" does not exist");
}

TEST_F(Extended, RowLimitsSuspend) {
  EXPECT_EQ(parse("", "SELECT x FROM generate_series(1, 5) x"), "ok");
  EXPECT_EQ(bind("p", ""), "ok");
  EXPECT_EQ(execute("p", 2), "D: 1;D: 2;suspended");
  EXPECT_EQ(execute("p", 3), "D: 3;D: 4;D: 5;suspended");
  EXPECT_EQ(execute("p", 2), "C: SELECT 0;");
  EXPECT_EQ(bind("q", ""), "ok");
  EXPECT_EQ(execute("q", 1), "D: 1;suspended");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(execute("q", 1), "34000 portal \"q\" does not exist");
}

TEST_F(Extended, PortalsOutliveSyncInsideABlock) {
  test_.query("BEGIN");
  EXPECT_EQ(parse("", "SELECT x FROM generate_series(1, 3) x"), "ok");
  EXPECT_EQ(bind("p", ""), "ok");
  EXPECT_EQ(execute("p", 1), "D: 1;suspended");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(execute("p", 1), "D: 2;suspended");
  test_.query("COMMIT");
  EXPECT_EQ(execute("p", 1), "34000 portal \"p\" does not exist");
}

TEST_F(Extended, EmptyQuery) {
  EXPECT_EQ(parse("", ""), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "empty");
  EXPECT_EQ(sync(), "ok");
}

TEST_F(Extended, Describe) {
  EXPECT_EQ(parse("s", "SELECT 1 AS a, 'x' AS b"), "ok");
  auto shape = session().describe_statement("s");
  ASSERT_TRUE(shape.ok());
  ASSERT_TRUE(shape->columns.has_value());
  ASSERT_EQ(shape->columns->size(), 2u);
  EXPECT_EQ((*shape->columns)[0].name, "a");
  EXPECT_EQ((*shape->columns)[1].type->oid, types::kText);
  EXPECT_EQ(bind("p", "s", {}, {}, {1}), "ok");
  auto portal = session().describe_portal("p");
  ASSERT_TRUE(portal.ok());
  EXPECT_EQ(portal->columns->size(), 2u);
  EXPECT_EQ(portal->formats.size(), 1u);
  EXPECT_EQ(portal->query, "SELECT 1 AS a, 'x' AS b");
  EXPECT_EQ(parse("t", "BEGIN"), "ok");
  shape = session().describe_statement("t");
  ASSERT_TRUE(shape.ok());
  EXPECT_FALSE(shape->columns.has_value());
  EXPECT_EQ(parse("u", "SHOW work_mem"), "ok");
  EXPECT_EQ(session().describe_statement("u")->columns->size(), 1u);
}

TEST_F(Extended, UtilityStatements) {
  for (const char* text : {"BEGIN", "SET work_mem = '5MB'", "COMMIT"}) {
    EXPECT_EQ(parse("", text), "ok");
    EXPECT_EQ(bind("", ""), "ok");
    execute("");
  }
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(test_.value("SHOW work_mem"), "5MB");
  EXPECT_EQ(parse("", "SHOW work_mem"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "D: 5MB;C: SHOW;");
}

TEST_F(Extended, ErrorsFailTheBlock) {
  test_.query("BEGIN");
  EXPECT_EQ(parse("", "SELECT nosuch"), "42703 column \"nosuch\" does not exist");
  EXPECT_EQ(status(), 'E');
  EXPECT_EQ(
      parse("", "SELECT 1"),
      "25P02 current transaction is aborted, commands ignored until end of transaction block");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(status(), 'E');
  EXPECT_EQ(parse("", "ROLLBACK"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "C: ROLLBACK;");
  EXPECT_EQ(status(), 'I');
}

TEST_F(Extended, APipelineIsOneTransaction) {
  EXPECT_EQ(parse("", "SET work_mem = '7MB'"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "C: SET;");
  EXPECT_EQ(parse("", "SELECT nosuch"), "42703 column \"nosuch\" does not exist");
  EXPECT_EQ(sync(), "ok");
  EXPECT_NE(test_.value("SHOW work_mem"), "7MB");
}

TEST_F(Extended, DiscardAllInAPipeline) {
  EXPECT_EQ(parse("", "SELECT 1"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "D: 1;C: SELECT 1;");
  EXPECT_EQ(parse("", "DISCARD ALL"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "25001 DISCARD ALL cannot be executed within a pipeline");
  EXPECT_EQ(sync(), "ok");
  EXPECT_EQ(parse("", "DISCARD ALL"), "ok");
  EXPECT_EQ(bind("", ""), "ok");
  EXPECT_EQ(execute(""), "C: DISCARD ALL;");
}

TEST_F(Extended, BadTexts) {
  EXPECT_EQ(parse("", "SELECT '\xff'"), "22021 invalid byte sequence for encoding \"UTF8\": 0xff");
  EXPECT_EQ(parse("", std::string_view("SELECT 1\0", 9)),
            "22021 invalid byte sequence for encoding \"UTF8\": 0x00");
  EXPECT_EQ(test_.value("SELECT '\xc3'"),
            "E: ERROR|22021|invalid byte sequence for encoding \"UTF8\": 0xc3 0x27|");
}

TEST_F(Extended, SleepEndsWhenInterrupted) {
  std::thread other([this] { test_.task().interrupt(base::Interrupt::kCancel); });
  EXPECT_EQ(test_.value("SELECT pg_sleep(600)"),
            "E: ERROR|57014|canceling statement due to user request|");
  other.join();
  EXPECT_EQ(test_.value("SELECT 1"), "1");
}

TEST_F(Extended, StatementTimeout) {
  test_.query("SET statement_timeout = 20");
  EXPECT_EQ(test_.value("SELECT pg_sleep(600)"),
            "E: ERROR|57014|canceling statement due to statement timeout|");
  EXPECT_EQ(test_.value("SELECT count(*) FROM generate_series(1, 1000000000000)"),
            "E: ERROR|57014|canceling statement due to statement timeout|");
  EXPECT_EQ(test_.value("SELECT 1"), "1");
}

TEST_F(Extended, MemoryIsLimited) {
  test_.query("SET isolde.statement_memory = '8MB'");
  EXPECT_TRUE(test_.value("SELECT array_agg(x) FROM generate_series(1, 100000000) x")
                  .starts_with("E: ERROR|53200|"));
  EXPECT_EQ(test_.value("SELECT 1"), "1");
}

TEST_F(Extended, TwoSessionsShareStatementsButNotNames) {
  TestSession other(test_);
  test_.query("PREPARE a AS SELECT 1");
  EXPECT_EQ(other.value("EXECUTE a"), "E: ERROR|26000|prepared statement \"a\" does not exist|");
  EXPECT_EQ(test_.value("SELECT 'x' || 'y'"), "xy");
  EXPECT_EQ(other.value("SELECT 'a' || 'b'"), "ab");
}

}  // namespace

}  // namespace isolde::sql
