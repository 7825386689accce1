#include "sql/parser/lexer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace isolde::sql {

namespace {

std::string tokens(std::string_view text) {
  static constexpr const char* kNames[] = {"end",    "word",    "quoted", "int", "decimal",
                                           "string", "ostring", "param",  "op",  "punct"};
  std::string all;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    if (!all.empty()) all += ' ';
    all += std::string(kNames[static_cast<size_t>(token.kind)]) + "<" +
           std::string(lexer.text(token)) + ">";
  }
  return all;
}

TEST(Lexer, TellsTokensApart) {
  EXPECT_EQ(tokens("SELECT a1, \"b c\" FROM t;"),
            "word<SELECT> word<a1> punct<,> quoted<\"b c\"> word<FROM> word<t> punct<;>");
  EXPECT_EQ(tokens("1 23. .5 1e5 1.5E-3 1..2"),
            "int<1> decimal<23.> decimal<.5> decimal<1e5> decimal<1.5E-3> int<1> punct<.> "
            "decimal<.2>");
  EXPECT_EQ(tokens("'it''s' E'a\\'b' B'01' U&'x' U&\"y\" $$a'b$$ $t$ $$ $t$"),
            "string<'it''s'> ostring<E'a\\'b'> ostring<B'01'> ostring<U&'x'> quoted<U&\"y\"> "
            "ostring<$$a'b$$> ostring<$t$ $$ $t$>");
  EXPECT_EQ(tokens("a<=b::int $1 -1"),
            "word<a> op<<=> word<b> op<::> word<int> param<$1> op<-> int<1>");
}

TEST(Lexer, SkipsComments) {
  EXPECT_EQ(tokens("1 -- x\n+ /* a /* nested */ b */ 2"), "int<1> op<+> int<2>");
  EXPECT_EQ(tokens("1+--x\n2"), "int<1> op<+> int<2>");
}

TEST(Lexer, EndsWithUnfinishedText) {
  for (const char* text : {"'abc", "\"abc", "/* a", "$x$ abc", "E'\\", "$", "U&'"}) {
    Lexer lexer(text);
    int count = 0;
    while (lexer.next().kind != TokenKind::kEnd) ++count;
    EXPECT_LE(count, 2) << text;
  }
}

TEST(Lexer, KeywordsInAnyCase) {
  EXPECT_TRUE(is_keyword("BeTween", "between"));
  EXPECT_FALSE(is_keyword("betwee", "between"));
}

}  // namespace

}  // namespace isolde::sql
