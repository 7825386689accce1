// How deep can the tree of a text be?
//
// The parser builds its tree without looking at the stack, and packing, unpacking and reading the
// tree recurse as deep as it is. So before a text is parsed, its depth is bounded from its tokens:
// every level of a tree needs an operator, a word or a bracket of its own. Literals and names alone
// make no depth, but a name cannot be told from a keyword here, so words count.
//
//      f ( a + b , c * ( d + 1 ) )
//      1   1 2 3 0 1 2   1 2            counts of the open levels; the bound is the largest sum
//
// Invariants
//  1. A comma ends an element of a flat list: what follows in the same bracket is a sibling, so the
//     bracket's count starts again. Not after UNION, INTERSECT or EXCEPT: their chains nest to the
//     left across commas.
//  2. AND and OR of one level are flat lists too, unless CASE, BETWEEN or JOIN stands in the same
//     bracket: chains of those nest across an AND.
//  3. Erring upwards is harmless; a bound that is too small would be a crash.

#include "sql/parser/nesting.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "sql/parser/lexer.hpp"

namespace isolde::sql {

namespace {

struct Level {
  size_t count = 1;
  bool past_and = false;    ///< chains here nest across AND and OR
  bool past_comma = false;  ///< and across commas
};

class NestingMeter {
 public:
  void add(std::string_view text, const Token& token) {
    ++measure_.tokens;
    switch (token.kind) {
      case TokenKind::kWord:
        word(text.substr(token.begin, token.end - token.begin));
        break;
      case TokenKind::kQuotedWord:
      case TokenKind::kOperator:
        count();
        break;
      case TokenKind::kPunctuation:
        punctuation(text[token.begin]);
        break;
      case TokenKind::kEnd:
      case TokenKind::kInteger:
      case TokenKind::kDecimal:
      case TokenKind::kString:
      case TokenKind::kOtherString:
      case TokenKind::kParameter:
        break;
    }
  }
  TextMeasure result() const { return measure_; }

 private:
  void count() {
    ++levels_.back().count;
    ++sum_;
    measure_.depth = std::max(measure_.depth, sum_);
  }

  void restart() {
    sum_ -= levels_.back().count - 1;
    levels_.back().count = 1;
  }

  void word(std::string_view word) {
    count();
    Level& level = levels_.back();
    if (is_keyword(word, "and") || is_keyword(word, "or")) {
      if (!level.past_and && !level.past_comma) restart();
    } else if (is_keyword(word, "case") || is_keyword(word, "between") ||
               is_keyword(word, "join")) {
      level.past_and = true;
    } else if (is_keyword(word, "union") || is_keyword(word, "intersect") ||
               is_keyword(word, "except")) {
      level.past_comma = true;
    }
  }

  void punctuation(char c) {
    if (c == '(' || c == '[') {
      levels_.push_back({});
      ++sum_;
      measure_.depth = std::max(measure_.depth, sum_);
    } else if (c == ')' || c == ']') {
      if (levels_.size() == 1) return;
      sum_ -= levels_.back().count;
      levels_.pop_back();
      count();
    } else if (c == ',') {
      if (!levels_.back().past_comma) {
        restart();
        levels_.back().past_and = false;
      }
    } else if (c == ';' && levels_.size() == 1) {
      restart();
      levels_.back() = {};
    }
  }

  TextMeasure measure_;
  std::vector<Level> levels_ = {Level{}};
  size_t sum_ = 1;
};

}  // namespace

TextMeasure measure(std::string_view text) {
  NestingMeter meter;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    meter.add(text, token);
  }
  return meter.result();
}

}  // namespace isolde::sql
