#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"

struct PgQuery__Node;
struct PgQuery__ParseResult;

namespace isolde::sql {

class Rewritten;  // sql/dialect/rewrite.hpp

/// The statements of one query text as libpg_query's tree. Owns text and tree; immutable.
class ParsedQuery {
 public:
  struct Memory;
  ParsedQuery(std::string text, std::unique_ptr<Memory> memory, const PgQuery__ParseResult* tree);
  ~ParsedQuery();

  const std::string& text() const { return text_; }
  size_t size() const;
  const PgQuery__Node* statement(size_t i) const;
  /// The statement's own words, without what separates it from its neighbours.
  std::string_view statement_text(size_t i) const;
  /// What a dialect's words have become, with the hints for the tables of this tree; null for a
  /// text that was PostgreSQL's.
  const std::shared_ptr<const Rewritten>& rewritten() const { return rewritten_; }
  void set_rewritten(std::shared_ptr<const Rewritten> rewritten) {
    rewritten_ = std::move(rewritten);
  }

 private:
  std::string text_;
  std::unique_ptr<Memory> memory_;
  const PgQuery__ParseResult* tree_;
  std::shared_ptr<const Rewritten> rewritten_;
};

/// Parses a text of valid UTF-8 without zero bytes. Errors are PostgreSQL's, with the position in
/// characters; text that nests too deep or is too large fails with 54001 or 54000.
base::Result<std::shared_ptr<ParsedQuery>> parse_query(std::string_view text);
/// The same for a session: while a long text is parsed, the session waits and others run.
base::Result<std::shared_ptr<ParsedQuery>> parse_query(std::string_view text, base::Task& task);

/// Limits that parse_query keeps to; see sql/parser/nesting.hpp.
inline constexpr size_t kMaxNesting = 10'000;
inline constexpr size_t kMaxTokens = 4'000'000;

/// The 1-based position in characters of a byte offset of a text; 0 for a negative offset.
int character_position(std::string_view text, int byte_offset);

/// The error of a statement that nests too deep.
base::Error nesting_error();

}  // namespace isolde::sql
