#include "sql/dialect/phrase.hpp"

#include <algorithm>

#include "sql/parser/lexer.hpp"
#include "sql/parser/parse.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql::dialect {

std::string_view Phrase::words(size_t i) const {
  return is_end(i) ? std::string_view() : words(i, i);
}

std::string_view Phrase::words(size_t first, size_t last) const {
  return text_.substr(tokens_[first].begin, tokens_[last].end - tokens_[first].begin);
}

int Phrase::character(size_t i) const {
  return character_position(text_, static_cast<int>(begin(i)));
}

bool Phrase::is(size_t i, std::string_view word) const {
  bool plain = is_kind(i, Kind::kWord) || is_kind(i, Kind::kMark);
  return plain && is_keyword(words(i), word);
}

bool Phrase::is_any(size_t i, std::initializer_list<std::string_view> candidates) const {
  return std::any_of(candidates.begin(), candidates.end(),
                     [&](std::string_view word) { return is(i, word); });
}

bool Phrase::are(size_t i, std::initializer_list<std::string_view> expected) const {
  return std::all_of(expected.begin(), expected.end(),
                     [&](std::string_view word) { return is(i++, word); });
}

bool Phrase::is_name(size_t i) const {
  return is_kind(i, Kind::kWord) || is_kind(i, Kind::kQuotedWord) || is_kind(i, Kind::kForeignName);
}

size_t Phrase::name_end(size_t i) const {
  if (!is_name(i)) return i;
  while (is(i + 1, ".") && is_name(i + 2)) i += 2;
  return i + 1;
}

size_t Phrase::closing(size_t i) const {
  int depth = 0;
  for (; i < size(); ++i) {
    if (is(i, "(")) ++depth;
    if (is(i, ")") && --depth == 0) return i;
  }
  return size();
}

std::string Phrase::in_postgres(size_t first, size_t last) const {
  std::string result;
  size_t copied = begin(first);
  for (size_t i = first; i <= last; ++i) {
    if (!is_kind(i, Kind::kForeignName)) continue;
    result += text_.substr(copied, begin(i) - copied);
    result += in_postgres_quotes(words(i));
    copied = end(i);
  }
  result += text_.substr(copied, end(last) - copied);
  return result;
}

void Phrase::replace(size_t first, size_t last, std::string text) {
  edits_.replace(begin(first), end(last), std::move(text));
}

void Phrase::insert_before(size_t i, std::string text) {
  edits_.replace(begin(i), begin(i), std::move(text));
}

void Phrase::insert_after(size_t i, std::string text) {
  edits_.replace(end(i), end(i), std::move(text));
}

std::string as_quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string as_literal(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

std::string in_postgres_quotes(std::string_view foreign_name) {
  char close = foreign_name.back();
  std::string name;
  for (size_t i = 1; i + 1 < foreign_name.size(); ++i) {
    name += to_lower(foreign_name[i]);
    if (foreign_name[i] == close) ++i;
  }
  return as_quoted_name(name);
}

}  // namespace isolde::sql::dialect
