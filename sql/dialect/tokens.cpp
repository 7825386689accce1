#include "sql/dialect/tokens.hpp"

#include <algorithm>

#include "sql/parser/lexer.hpp"
#include "sql/settings/text_case.hpp"

// PostgreSQL's grammar has uses of its own for the characters that quote names and begin comments
// elsewhere, and the programs that connect (psql, drivers) make use of them:
//
//      a # b, j #>> '{x}'       # is an operator
//      a[1], ARRAY[x, y], int[] brackets are subscripts and constructors
//      tsv @@ query             @@ is an operator
//
// So # begins a comment only where a line or a statement begins, a bracket quotes a name only where
// a name may stand and a subscript may not, and @@ begins a variable only with a name right after.

namespace isolde::sql::dialect {

namespace {

/// After these words comes a name or an expression, never a subscript.
constexpr std::string_view kBeforeName[] = {
    "add",       "all",    "and",        "apply",     "as",         "asc",         "between",
    "by",        "case",   "check",      "column",    "constraint", "database",    "default",
    "delete",    "desc",   "distinct",   "drop",      "else",       "end",         "except",
    "exists",    "from",   "having",     "if",        "in",         "index",       "insert",
    "intersect", "into",   "join",       "key",       "like",       "not",         "on",
    "or",        "over",   "references", "returning", "save",       "schema",      "select",
    "set",       "table",  "then",       "to",        "tran",       "transaction", "truncate",
    "union",     "unique", "update",     "using",     "values",     "view",        "when",
    "where",     "with",
};

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 128;
}
bool is_word_part(char c) {
  return is_word_start(c) || (c >= '0' && c <= '9') || c == '$';
}

class Scanner {
 public:
  Scanner(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect), lexer_(text) {}

  std::vector<Token> run() {
    for (sql::Token token = lexer_.next(); token.kind != TokenKind::kEnd; token = lexer_.next()) {
      take(token);
    }
    return std::move(tokens_);
  }

 private:
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  void add(Kind kind, size_t begin, size_t end) { tokens_.push_back({kind, begin, end}); }
  /// Adds a token that the lexer does not know, and goes on behind it.
  void add_own(Kind kind, size_t begin, size_t end) {
    add(kind, begin, end);
    lexer_.seek(end);
  }
  std::string_view words(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  bool last_is(std::string_view mark) const {
    return !tokens_.empty() && tokens_.back().kind == Kind::kMark && words(tokens_.back()) == mark;
  }

  void take(const sql::Token& token);
  void take_marks(const sql::Token& token);
  bool take_special(size_t i, size_t begin);
  void take_bracket(const sql::Token& token);
  bool begins_line(size_t i) const;
  bool is_batch_line(const sql::Token& token) const;
  bool begins_comment(size_t i) const;
  size_t variable_end(size_t i) const;
  size_t quoted_end(size_t begin, char close) const;
  bool name_may_stand(size_t i) const;
  bool closes_top() const;

  std::string_view text_;
  Dialect dialect_;
  Lexer lexer_;
  std::vector<Token> tokens_;
  int subscripts_ = 0;  ///< brackets open that are no names
};

bool Scanner::begins_line(size_t i) const {
  while (i > 0 && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) --i;
  return i == 0 || text_[i - 1] == '\n' || text_[i - 1] == '\r';
}

bool Scanner::is_batch_line(const sql::Token& token) const {
  if (!is_keyword(lexer_.text(token), "go") || !begins_line(token.begin)) return false;
  size_t end = text_.find_first_not_of(" \t", token.end);
  return end == std::string_view::npos || text_[end] == '\n' || text_[end] == '\r';
}

bool Scanner::begins_comment(size_t i) const {
  constexpr std::string_view kOperators = ">-#=<*/+!@&|~^%?";
  if (kOperators.find(at(i + 1)) != std::string_view::npos) return false;
  return begins_line(i) || tokens_.empty() || last_is(";") || tokens_.back().kind == Kind::kComment;
}

/// Behind @@name or @@scope.name; 0 when there is none.
size_t Scanner::variable_end(size_t i) const {
  if (at(i + 1) != '@' || !is_word_start(at(i + 2)) || (i > 0 && text_[i - 1] == '@')) return 0;
  size_t end = i + 2;
  while (is_word_part(at(end))) ++end;
  if (at(end) != '.' || !is_word_start(at(end + 1))) return end;
  ++end;
  while (is_word_part(at(end))) ++end;
  return end;
}

/// Behind the quote that closes a name, which may be doubled inside; 0 when there is none or the
/// name is empty.
size_t Scanner::quoted_end(size_t begin, char close) const {
  for (size_t i = begin + 1; i < text_.size(); ++i) {
    if (text_[i] == '\n') return 0;
    if (text_[i] != close) continue;
    if (at(i + 1) != close) return i > begin + 1 ? i + 1 : 0;
    ++i;
  }
  return 0;
}

/// The closing parenthesis before belongs to TOP (n).
bool Scanner::closes_top() const {
  int depth = 0;
  for (size_t i = tokens_.size(); i > 0; --i) {
    std::string_view word = words(tokens_[i - 1]);
    if (word == ")") ++depth;
    if (word == "(" && --depth == 0) return i >= 2 && is_keyword(words(tokens_[i - 2]), "top");
  }
  return false;
}

bool Scanner::name_may_stand(size_t i) const {
  if (tokens_.empty()) return true;
  const Token& last = tokens_.back();
  switch (last.kind) {
    case Kind::kWord:
      return std::any_of(std::begin(kBeforeName), std::end(kBeforeName),
                         [&](std::string_view word) { return is_keyword(words(last), word); });
    case Kind::kMark:
      if (words(last) == ")") return closes_top();
      return words(last) != "]";
    case Kind::kForeignName:
      return last.end < i;  // an alias
    case Kind::kInteger:    // SELECT TOP 5 [name]
    case Kind::kBatch:
    case Kind::kComment:
      return true;
    case Kind::kQuotedWord:
    case Kind::kVariable:
    case Kind::kDecimal:
    case Kind::kString:
    case Kind::kParameter:
      return false;
  }
  return false;
}

void Scanner::take_bracket(const sql::Token& token) {
  if (text_[token.begin] == ']') {
    subscripts_ = std::max(0, subscripts_ - 1);
    add(Kind::kMark, token.begin, token.end);
    return;
  }
  size_t end = quoted_end(token.begin, ']');
  if (subscripts_ == 0 && end != 0 && name_may_stand(token.begin)) {
    add_own(Kind::kForeignName, token.begin, end);
    return;
  }
  ++subscripts_;
  add(Kind::kMark, token.begin, token.end);
}

/// What begins at `i` inside a run of operator characters that began at `begin`.
bool Scanner::take_special(size_t i, size_t begin) {
  auto special = [&](Kind kind, size_t end) {
    if (i > begin) add(Kind::kMark, begin, i);
    add_own(kind, i, end);
    return true;
  };
  char c = text_[i];
  if (c == '@') {
    size_t end = variable_end(i);
    return end != 0 && special(Kind::kVariable, end);
  }
  if (dialect_ != Dialect::kMysql) return false;
  if (c == '`') {
    size_t end = quoted_end(i, '`');
    return end != 0 && special(Kind::kForeignName, end);
  }
  if (c == '#' && i == begin && begins_comment(i)) {
    return special(Kind::kComment, std::min(text_.find('\n', i), text_.size()));
  }
  return false;
}

void Scanner::take_marks(const sql::Token& token) {
  for (size_t i = token.begin; i < token.end; ++i) {
    if (take_special(i, token.begin)) return;
  }
  add(Kind::kMark, token.begin, token.end);
}

void Scanner::take(const sql::Token& token) {
  bool bracket = text_[token.begin] == '[' || text_[token.begin] == ']';
  switch (token.kind) {
    case TokenKind::kEnd:
      return;
    case TokenKind::kWord:
      if (dialect_ == Dialect::kSqlServer && is_batch_line(token)) {
        return add(Kind::kBatch, token.begin, token.end);
      }
      return add(Kind::kWord, token.begin, token.end);
    case TokenKind::kQuotedWord:
      return add(Kind::kQuotedWord, token.begin, token.end);
    case TokenKind::kInteger:
      return add(Kind::kInteger, token.begin, token.end);
    case TokenKind::kDecimal:
      return add(Kind::kDecimal, token.begin, token.end);
    case TokenKind::kString:
    case TokenKind::kOtherString:
      return add(Kind::kString, token.begin, token.end);
    case TokenKind::kParameter:
      return add(Kind::kParameter, token.begin, token.end);
    case TokenKind::kPunctuation:
      if (dialect_ == Dialect::kSqlServer && bracket) return take_bracket(token);
      return add(Kind::kMark, token.begin, token.end);
    case TokenKind::kOperator:
      return take_marks(token);
  }
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text, Dialect dialect) {
  return Scanner(text, dialect).run();
}

}  // namespace isolde::sql::dialect
