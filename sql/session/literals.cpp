#include "sql/session/literals.hpp"

#include "sql/parser/lexer.hpp"

namespace isolde::sql {

namespace {

/// The kind of an integer literal is the type that it gets.
char integer_kind(std::string_view digits) {
  size_t zeros = digits.find_first_not_of('0');
  if (zeros == std::string_view::npos) return 'i';
  digits.remove_prefix(zeros);
  if (digits.size() < 10 || (digits.size() == 10 && digits <= "2147483647")) return 'i';
  if (digits.size() < 19 || (digits.size() == 19 && digits <= "9223372036854775807")) return 'I';
  return 'n';
}

}  // namespace

void shape_of(std::string_view text, std::string& shape, std::vector<LiteralToken>& literals) {
  Lexer lexer(text);
  size_t copied = 0;
  Token token = lexer.next();
  while (token.kind != TokenKind::kEnd) {
    Token next = lexer.next();
    char kind = '\0';
    if (token.kind == TokenKind::kInteger) kind = integer_kind(lexer.text(token));
    if (token.kind == TokenKind::kDecimal) kind = 'n';
    if (token.kind == TokenKind::kString && next.kind != TokenKind::kString) kind = 's';
    if (token.kind == TokenKind::kString && next.kind == TokenKind::kString) {
      // 'a' <newline> 'b' is one literal: leave all of it where it is.
      while (next.kind == TokenKind::kString) next = lexer.next();
    }
    if (kind != '\0') {
      shape += text.substr(copied, token.begin - copied);
      shape += '\0';
      shape += kind;
      copied = token.end;
      literals.push_back({token.begin, token.end, kind == 's'});
    }
    token = next;
  }
  shape += text.substr(copied);
}

}  // namespace isolde::sql
