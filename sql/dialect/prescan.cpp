#include <algorithm>
#include <array>
#include <span>

#include "sql/dialect/rewrite.hpp"
#include "sql/parser/lexer.hpp"

namespace isolde::sql {

namespace {

/// Words without which none of a dialect's rules can match, and marks of one character.
struct Triggers {
  std::string_view marks;
  std::span<const std::string_view> words;
};

constexpr std::string_view kMysqlWords[] = {
    "autocommit",
    "connection_id",
    "global",
    "ignore",
    "innodb_lock_wait_timeout",
    "kill",
    "last_insert_id",
    "lock",
    "session",
    "show",
    "sleep",
    "snapshot",
    "table",
    "transaction_isolation",
    "tx_isolation",
    "unlock",
};

constexpr std::string_view kSqlServerWords[] = {
    "getdate",      "go",          "identity", "implicit_transactions",
    "lock_timeout", "nocount",     "save",     "scope_identity",
    "snapshot",     "sysdatetime", "top",      "tran",
    "transaction",  "waitfor",     "with",     "xact_abort",
};

constexpr Triggers kMysql{"`#@", kMysqlWords};
constexpr Triggers kSqlServer{"[@", kSqlServerWords};

enum : uint8_t { kPlain, kWordByte, kMark };

constexpr std::array<uint8_t, 256> classes_of(std::string_view marks) {
  std::array<uint8_t, 256> classes{};
  for (int c = '0'; c <= '9'; ++c) classes[c] = kWordByte;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = kWordByte;
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = kWordByte;
  for (int c = 128; c < 256; ++c) classes[c] = kWordByte;
  classes['_'] = kWordByte;
  classes['$'] = kWordByte;
  for (char c : marks) classes[static_cast<uint8_t>(c)] = kMark;
  return classes;
}

constexpr std::array<uint8_t, 256> kMysqlClasses = classes_of(kMysql.marks);
constexpr std::array<uint8_t, 256> kSqlServerClasses = classes_of(kSqlServer.marks);

/// For each length and first letter (five bits of it), whether some word has both: most words of
/// ordinary statements end here.
constexpr size_t kLongest = 32;
using Filter = std::array<uint32_t, kLongest>;

constexpr uint32_t letter_bit(char c) {
  return uint32_t{1} << (static_cast<uint8_t>(c) & 31);
}

constexpr Filter filter_of(std::span<const std::string_view> words) {
  Filter filter{};
  for (std::string_view word : words) filter[word.size()] |= letter_bit(word.front());
  return filter;
}

constexpr Filter kMysqlFilter = filter_of(kMysqlWords);
constexpr Filter kSqlServerFilter = filter_of(kSqlServerWords);

bool is_trigger(std::string_view word, const Triggers& triggers, const Filter& filter) {
  if (word.size() >= kLongest || (filter[word.size()] & letter_bit(word[0])) == 0) return false;
  return std::any_of(triggers.words.begin(), triggers.words.end(),
                     [&](std::string_view trigger) { return is_keyword(word, trigger); });
}

bool scan(std::string_view text, const Triggers& triggers, const std::array<uint8_t, 256>& classes,
          const Filter& filter) {
  size_t at = 0;
  while (at < text.size()) {
    switch (classes[static_cast<uint8_t>(text[at])]) {
      case kPlain:
        ++at;
        break;
      case kMark:
        if (text[at] != '@' || text.substr(at, 2) == "@@") return true;
        ++at;
        break;
      default:
        size_t begin = at;
        while (at < text.size() && classes[static_cast<uint8_t>(text[at])] == kWordByte) ++at;
        if (is_trigger(text.substr(begin, at - begin), triggers, filter)) return true;
    }
  }
  return false;
}

}  // namespace

bool may_rewrite(std::string_view text, Dialect dialect) {
  switch (dialect) {
    case Dialect::kPostgres:
      return false;
    case Dialect::kMysql:
      return scan(text, kMysql, kMysqlClasses, kMysqlFilter);
    case Dialect::kSqlServer:
      return scan(text, kSqlServer, kSqlServerClasses, kSqlServerFilter);
  }
  return false;
}

}  // namespace isolde::sql
