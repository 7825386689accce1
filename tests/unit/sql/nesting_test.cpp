#include "sql/parser/nesting.hpp"

#include <gtest/gtest.h>

#include <string>

#include "sql/parser/parse.hpp"
#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

std::string repeated(std::string_view piece, size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) all += piece;
  return all;
}

TEST(Nesting, FlatListsStayShallow) {
  EXPECT_LT(measure("VALUES " + repeated("(1, 2), ", 10'000) + "(1, 2)").depth, 20u);
  EXPECT_LT(measure("SELECT 1 WHERE " + repeated("a = 1 OR ", 10'000) + "a = 2").depth, 20u);
  EXPECT_LT(measure("SELECT " + repeated("a, ", 10'000) + "b").depth, 20u);
  EXPECT_LT(measure(repeated("SELECT 1;", 10'000)).depth, 20u);
  EXPECT_EQ(measure("SELECT 1, 'a'").tokens, 4u);
}

TEST(Nesting, ChainsAreDeep) {
  EXPECT_GE(measure("SELECT 1" + repeated("+1", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT " + repeated("- ", 1000) + "1").depth, 1000u);
  EXPECT_GE(measure("SELECT " + repeated("(", 1000) + "1" + repeated(")", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT 1, 2" + repeated(" UNION SELECT 1, 2", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT * FROM a" + repeated(" JOIN b ON x AND y", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT a" + repeated(" BETWEEN 1 AND 2 IS NULL", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT " + repeated("CASE WHEN a AND b THEN ", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT a" + repeated("::int", 1000)).depth, 1000u);
  EXPECT_GE(measure("SELECT a" + repeated(" IS NULL", 1000)).depth, 1000u);
}

/// A statement that nests `depth` times, in one of the ways that there are.
struct Shape {
  const char* name;
  const char* before;
  const char* core;
  const char* after;
};

constexpr Shape kShapes[] = {
    {"parentheses", "(", "1", ")"},
    {"sums", "", "1", "+1"},
    {"signs", "- ", "1", ""},
    {"not", "NOT ", "true", ""},
    {"case", "CASE WHEN true THEN ", "1", " END"},
    {"calls", "abs(", "1", ")"},
    {"subqueries", "(SELECT ", "1", ")"},
    {"arrays", "ARRAY[", "1", "]"},
    {"casts", "", "1", "::int"},
    {"tests", "", "true", " IS TRUE"},
    {"concatenation", "", "'a'", "||'b'"},
    {"between", "", "true", " BETWEEN false AND true IS TRUE"},
    {"coalesce", "coalesce(", "1", ")"},
    {"exists", "EXISTS (SELECT ", "1", ")"},
    {"in", "(1 IN (", "1", "))::int"},
    {"derived", "(SELECT x FROM (SELECT ", "1", " AS x) t)"},
    {"rows", "ROW(", "1", ")"},
    {"conjunctions in brackets", "(true AND ", "true", ")"},
};

TEST(Nesting, NoShapeOfAnyDepthCrashes) {
  for (const Shape& shape : kShapes) {
    TestSession session;
    for (size_t depth : {10u, 300u, 2'000u, 5'000u, 9'000u, 100'000u, 1'000'000u}) {
      std::string text =
          "SELECT " + repeated(shape.before, depth) + shape.core + repeated(shape.after, depth);
      auto answer = session.query(text);
      ASSERT_FALSE(answer.empty()) << shape.name << " " << depth;
      if (depth == 10) {
        EXPECT_TRUE(answer.back().starts_with("C:") || shape.name == std::string_view("arrays"))
            << shape.name << ": " << answer.back();
      }
      if (depth >= 100'000) {
        EXPECT_EQ(answer.back().substr(0, 50), "E: ERROR|54001|stack depth limit exceeded||H=Incre")
            << shape.name;
      }
      EXPECT_EQ(session.value("SELECT 1"), "1");
    }
  }
}

TEST(Nesting, DeepButLegalWorks) {
  TestSession session;
  EXPECT_EQ(session.value("SELECT 1" + repeated("+1", 2'000)), "2001");
  EXPECT_EQ(session.value("SELECT " + repeated("(", 2'000) + "1" + repeated(")", 2'000)), "1");
  EXPECT_EQ(session.value("SELECT " + repeated("abs(", 500) + "-1" + repeated(")", 500)), "1");
  EXPECT_EQ(session.value("SELECT length(''" + repeated("||'x'", 3'000) + ")"), "3000");
  EXPECT_EQ(session.value("SELECT 1 WHERE " + repeated("1 = 2 OR ", 20'000) + "true"), "1");
}

TEST(Nesting, LargeTexts) {
  TestSession session;
  size_t megabytes = size_t{50} << 20;
  EXPECT_EQ(session.value("SELECT length('" + repeated("x", megabytes) + "')"),
            std::to_string(megabytes));
  EXPECT_TRUE(session.value("SELECT 1" + repeated("+1", megabytes / 2))
                  .starts_with("E: ERROR|54001|stack depth limit exceeded"));
  EXPECT_TRUE(session.value("VALUES (1)" + repeated(",(1)", megabytes / 4))
                  .starts_with("E: ERROR|54000|statement is too long"));
  EXPECT_EQ(session.value("SELECT count(*) FROM (VALUES (1)" + repeated(",(1)", 20'000) + ") v"),
            "20001");
}

}  // namespace

}  // namespace isolde::sql
