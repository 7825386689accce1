#include "sql/parser/parse.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace isolde::sql {

namespace {

base::Error error_of(std::string_view text) {
  auto result = parse_query(text);
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? base::Error(base::sqlstate::kInternalError, "none") : result.take_error();
}

TEST(Parse, SplitsStatements) {
  auto parsed = parse_query(" SELECT 1 ; ; SELECT 2 -- x\n;");
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ((*parsed)->size(), 2u);
  EXPECT_EQ((*parsed)->statement_text(0), "SELECT 1");
  EXPECT_TRUE((*parsed)->statement_text(1).starts_with("SELECT 2"));
}

TEST(Parse, NothingIsNoStatement) {
  for (const char* text : {"", " ", ";", " ;; ", "-- comment", "/* a */"}) {
    auto parsed = parse_query(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ((*parsed)->size(), 0u) << text;
  }
}

TEST(Parse, PositionsCountCharacters) {
  base::Error error = error_of("SELECT 'é' FROM FROM");
  EXPECT_EQ(error.message(), "syntax error at or near \"FROM\"");
  EXPECT_EQ(error.fields().position, 17);
  EXPECT_EQ(error.state().code(), "42601");
  EXPECT_EQ(character_position("é b", 3), 3);
  EXPECT_EQ(character_position("abc", -1), 0);
}

TEST(Parse, HintsAreKept) {
  EXPECT_EQ(error_of("SELECT * FROM (SELECT 1)").fields().hint,
            "For example, FROM (SELECT ...) [AS] foo.");
  EXPECT_EQ(error_of("CREATE ASSERTION a CHECK (true)").state().code(), "0A000");
}

TEST(Parse, ManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(parse_query("SELECT a, b FROM t WHERE c = " + std::to_string(i)).ok());
        EXPECT_FALSE(parse_query("SELECT a FROM").ok());
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace

}  // namespace isolde::sql
