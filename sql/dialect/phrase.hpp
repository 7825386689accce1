#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect/edits.hpp"
#include "sql/dialect/tokens.hpp"

namespace isolde::sql::dialect {

/// One statement as tokens, numbered from 0, with the changes that rules make to it. Any number
/// beyond the last token may be asked about: it is nothing.
class Phrase {
 public:
  Phrase(std::string_view text, std::span<const Token> tokens, Edits& edits,
         std::vector<HintedTable>& hinted, std::vector<size_t>& snapshots)
      : text_(text), tokens_(tokens), edits_(edits), hinted_(hinted), snapshots_(snapshots) {}

  size_t size() const { return tokens_.size(); }
  bool is_end(size_t i) const { return i >= tokens_.size(); }
  bool is_kind(size_t i, Kind kind) const { return !is_end(i) && tokens_[i].kind == kind; }
  std::string_view words(size_t i) const;
  /// The client's text from one token to another.
  std::string_view words(size_t first, size_t last) const;
  size_t begin(size_t i) const { return tokens_[i].begin; }
  size_t end(size_t i) const { return tokens_[i].end; }
  /// Where token i stands, for the position of an error.
  int character(size_t i) const;

  /// Token i is this word, given in lower case; or this mark.
  bool is(size_t i, std::string_view word) const;
  bool is_any(size_t i, std::initializer_list<std::string_view> words) const;
  /// The words follow each other from i on.
  bool are(size_t i, std::initializer_list<std::string_view> words) const;
  bool is_name(size_t i) const;
  /// Behind a name with dots that begins at i; i when there is none.
  size_t name_end(size_t i) const;
  /// The parenthesis that closes the one at i; size() when none does.
  size_t closing(size_t i) const;
  /// A name, or a piece of text with names in it, in PostgreSQL's quotes.
  std::string in_postgres(size_t first, size_t last) const;

  void replace(size_t first, size_t last, std::string text);
  void erase(size_t first, size_t last) { replace(first, last, ""); }
  void insert_before(size_t i, std::string text);
  void insert_after(size_t i, std::string text);
  /// Everything.
  void replace_all(std::string text) { replace(0, size() - 1, std::move(text)); }

  /// What has no words in PostgreSQL's grammar: see Rewritten.
  void hint(size_t name, TableHints hints) { hinted_.push_back({begin(name), hints}); }
  void take_snapshot() { snapshots_.push_back(begin(0)); }

 private:
  std::string_view text_;
  std::span<const Token> tokens_;
  Edits& edits_;
  std::vector<HintedTable>& hinted_;
  std::vector<size_t>& snapshots_;
};

/// A name in PostgreSQL's quotes. Those who write `Name` or [Name] do not mean the case, so it is
/// folded as if there were no quotes.
std::string in_postgres_quotes(std::string_view foreign_name);
/// 'text' as a string literal.
std::string as_literal(std::string_view text);
std::string as_quoted_name(std::string_view name);

}  // namespace isolde::sql::dialect
