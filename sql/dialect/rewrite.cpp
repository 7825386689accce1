#include "sql/dialect/rewrite.hpp"

#include <algorithm>

#include "sql/dialect/expressions.hpp"
#include "sql/dialect/rules.hpp"
#include "sql/parser/parse.hpp"

namespace isolde::sql {

namespace dialect {

namespace {

class TextRewriter {
 public:
  TextRewriter(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

  base::Result<std::optional<Rewritten>> run();

 private:
  base::Status rewrite_phrase();
  bool separates(const Token& token) const;
  void take_from_between(const Token& token);
  size_t place_of(const Rewritten& result, size_t client_offset) const;

  std::string_view text_;
  Dialect dialect_;
  Edits edits_;
  std::vector<Token> phrase_;
  std::vector<HintedTable> hinted_;
  std::vector<size_t> snapshots_;
};

bool TextRewriter::separates(const Token& token) const {
  return token.kind == Kind::kBatch ||
         (token.kind == Kind::kMark && text_.substr(token.begin, token.end - token.begin) == ";");
}

/// What belongs to no statement.
void TextRewriter::take_from_between(const Token& token) {
  if (token.kind == Kind::kBatch) edits_.replace(token.begin, token.end, ";");
  if (token.kind == Kind::kComment) edits_.replace(token.begin, token.begin + 1, "--");
}

base::Status TextRewriter::rewrite_phrase() {
  if (phrase_.empty()) return {};
  Phrase phrase(text_, phrase_, edits_, hinted_, snapshots_);
  return dialect_ == Dialect::kMysql ? rewrite_mysql(phrase) : rewrite_sqlserver(phrase);
}

/// Where a place in the client's text went that begins a name.
size_t TextRewriter::place_of(const Rewritten& result, size_t client_offset) const {
  for (size_t i = result.runs.size(); i > 0; --i) {
    const Rewritten::Run& run = result.runs[i - 1];
    if (run.copied && run.client_begin <= client_offset) {
      return run.begin + (client_offset - run.client_begin);
    }
    if (!run.copied && run.client_begin == client_offset) return run.begin;
  }
  return 0;
}

base::Result<std::optional<Rewritten>> TextRewriter::run() {
  for (const Token& token : tokens_of(text_, dialect_)) {
    take_from_between(token);
    if (separates(token)) {
      if (auto status = rewrite_phrase(); !status) return status.take_error();
      phrase_.clear();
    } else if (token.kind != Kind::kComment) {
      phrase_.push_back(token);
    }
  }
  if (auto status = rewrite_phrase(); !status) return status.take_error();
  if (edits_.empty()) return std::optional<Rewritten>();
  Rewritten result = edits_.apply(text_);
  for (const HintedTable& table : hinted_) {
    result.hinted_tables.push_back({place_of(result, table.location), table.hints});
  }
  std::sort(result.hinted_tables.begin(), result.hinted_tables.end(),
            [](const auto& a, const auto& b) { return a.location < b.location; });
  for (size_t begin : snapshots_) {
    result.consistent_snapshots.push_back(place_of(result, begin));
  }
  return std::optional<Rewritten>(std::move(result));
}

}  // namespace

}  // namespace dialect

base::Result<std::optional<Rewritten>> rewrite(std::string_view text, Dialect dialect) {
  if (dialect == Dialect::kPostgres) return std::optional<Rewritten>();
  return dialect::TextRewriter(text, dialect).run();
}

}  // namespace isolde::sql
