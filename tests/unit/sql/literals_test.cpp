#include "sql/session/literals.hpp"

#include <gtest/gtest.h>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

std::string shape(std::string_view text) {
  std::string out;
  std::vector<LiteralToken> literals;
  shape_of(text, out, literals);
  for (char& c : out) {
    if (c == '\0') c = '?';
  }
  return out;
}

TEST(Literals, ShapesTellKindsApart) {
  EXPECT_EQ(shape("SELECT 1, 'a', 2.5"), "SELECT ?i, ?s, ?n");
  EXPECT_EQ(shape("SELECT 2147483647, 2147483648, 9223372036854775808"), "SELECT ?i, ?I, ?n");
  EXPECT_EQ(shape("SELECT 0000000000000000000000001"), "SELECT ?i");
  EXPECT_EQ(shape("SELECT 'a'\n'b', E'x', $1, \"c 'd\" -- 5"),
            "SELECT 'a'\n'b', E'x', $1, \"c 'd\" -- 5");
}

/// Runs two texts of one shape and checks that the second, from the cache, says the right thing.
TEST(Literals, CachedStatementsAnswerForTheirOwnLiterals) {
  TestSession session;
  struct Pair {
    const char* text;
    const char* value;
  };
  const Pair pairs[] = {
      {"SELECT 1", "1"},
      {"SELECT 2", "2"},
      {"SELECT 'a'", "a"},
      {"SELECT 'it''s'", "it's"},
      {"SELECT 1 + 1", "2"},
      {"SELECT 2 + 5", "7"},
      {"SELECT -5", "-5"},
      {"SELECT -6", "-6"},
      {"SELECT '1'::int", "1"},
      {"SELECT '22'::int", "22"},
      {"SELECT 'abcd'::varchar(2)", "ab"},
      {"SELECT 'abcd'::varchar(3)", "abc"},
      {"SELECT x FROM generate_series(1, 3) x ORDER BY 1", "1, 2, 3"},
      {"SELECT x FROM generate_series(1, 3) x LIMIT 2", "1, 2"},
      {"SELECT x FROM generate_series(1, 3) x LIMIT 1", "1"},
      {"SELECT x FROM generate_series(2, 5) x LIMIT 3", "2, 3, 4"},
      {"SELECT 5 IN (1, 2, 5)", "t"},
      {"SELECT 5 IN (1, 2, 6)", "f"},
      {"SELECT 3 BETWEEN 1 AND 4", "t"},
      {"SELECT 3 BETWEEN 4 AND 5", "f"},
      {"SELECT CASE WHEN 1 = 1 THEN 'x' ELSE 'y' END", "x"},
      {"SELECT CASE WHEN 1 = 2 THEN 'x' ELSE 'z' END", "z"},
      {"SELECT count(*) FROM generate_series(1, 10) x GROUP BY x % 2", "5, 5"},
      {"SELECT count(*) FROM generate_series(1, 10) x GROUP BY x % 1", "10"},
      {"SELECT x % 2 FROM generate_series(1, 2) x GROUP BY x % 2 ORDER BY 1", "0, 1"},
      {"SELECT DISTINCT x / 2 FROM generate_series(2, 3) x", "1"},
      {"SELECT DISTINCT x / 1 FROM generate_series(2, 3) x ORDER BY 1", "2, 3"},
      {"SELECT x FROM (VALUES (2, 'a'), (1, 'b')) v(x, y) ORDER BY 1", "1, 2"},
      {"SELECT y FROM (VALUES (2, 'a'), (1, 'b')) v(x, y) ORDER BY 1", "a, b"},
      {"SELECT date '2024-02-29'", "2024-02-29"},
      {"SELECT date '2023-01-01'", "2023-01-01"},
      {"SELECT '1.50'::numeric(5,1)", "1.5"},
      {"SELECT '1.57'::numeric(5,2)", "1.57"},
      {"SELECT (SELECT 3) + 4", "7"},
      {"SELECT (SELECT 30) + 40", "70"},
  };
  for (int round = 0; round < 2; ++round) {
    for (const Pair& pair : pairs) EXPECT_EQ(session.value(pair.text), pair.value) << pair.text;
  }
}

TEST(Literals, ErrorsPointIntoTheTextAtHand) {
  TestSession session;
  EXPECT_EQ(session.value("SELECT 1, '2'::int"), "1|2");
  EXPECT_EQ(session.value("SELECT 10000, 'x'::int"),
            "E: ERROR|22P02|invalid input syntax for type integer: \"x\"|15");
  EXPECT_EQ(session.value("SELECT 1, 'y'::int"),
            "E: ERROR|22P02|invalid input syntax for type integer: \"y\"|11");
}

TEST(Literals, StyleIsThatOfTheExecution) {
  TestSession session;
  EXPECT_EQ(session.value("SELECT '01/02/2024'::date"), "2024-01-02");
  session.query("SET datestyle = 'ISO, DMY'");
  EXPECT_EQ(session.value("SELECT '01/02/2024'::date"), "2024-02-01");
}

}  // namespace

}  // namespace isolde::sql
