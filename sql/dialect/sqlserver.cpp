#include <charconv>
#include <optional>
#include <string>

#include "sql/dialect/expressions.hpp"
#include "sql/dialect/rules.hpp"

namespace isolde::sql::dialect {

namespace {

/// BEGIN, COMMIT, ROLLBACK and SAVE TRAN, with the name of a transaction or a savepoint. A name
/// given to BEGIN or COMMIT means nothing there either; after ROLLBACK it is a savepoint's.
bool rewrite_transaction(Phrase& phrase) {
  if (!phrase.is_any(1, {"tran", "transaction"})) return false;
  bool named = phrase.size() == 3 && phrase.is_name(2);
  if (phrase.size() > 2 && !named) return false;
  if (phrase.is_any(0, {"begin", "commit"})) {
    if (phrase.is(1, "tran")) phrase.replace(1, 1, "TRANSACTION");
    if (named) phrase.erase(2, 2);
  } else if (phrase.is(0, "rollback")) {
    if (named) phrase.replace(1, 1, "TO SAVEPOINT");
    if (!named && phrase.is(1, "tran")) phrase.replace(1, 1, "TRANSACTION");
  } else if (phrase.is(0, "save") && named) {
    phrase.replace(0, 1, "SAVEPOINT");
  } else {
    return false;
  }
  return true;
}

/// 'hh:mm[:ss[.fraction]]' as seconds; nothing when it is not that.
std::optional<double> seconds_of(std::string_view literal) {
  if (literal.size() < 3 || literal.front() != '\'') return std::nullopt;
  std::string_view left = literal.substr(1, literal.size() - 2);
  double seconds = 0;
  double unit = 3600;
  while (!left.empty()) {
    double part = 0;
    auto [end, error] =
        std::from_chars(left.data(), left.data() + left.size(), part, std::chars_format::fixed);
    if (error != std::errc() || part < 0 || unit < 1) return std::nullopt;
    seconds += part * unit;
    unit /= 60;
    left.remove_prefix(static_cast<size_t>(end - left.data()));
    if (!left.empty() && left.front() != ':') return std::nullopt;
    if (!left.empty()) left.remove_prefix(1);
  }
  if (unit > 60) return std::nullopt;
  return seconds;
}

bool rewrite_waitfor(Phrase& phrase) {
  if (phrase.size() != 3 || !phrase.are(0, {"waitfor", "delay"})) return false;
  auto seconds = seconds_of(phrase.words(2));
  if (!seconds) return false;
  char number[32];
  auto end = std::to_chars(number, number + sizeof number, *seconds).ptr;
  phrase.replace_all("SELECT FROM pg_sleep(" + std::string(number, end) + ") OFFSET 1");
  return true;
}

/// In milliseconds; -1 waits for ever and 0 not at all, where PostgreSQL's 0 waits for ever.
bool rewrite_lock_timeout(Phrase& phrase) {
  if (!phrase.are(0, {"set", "lock_timeout"})) return false;
  if (phrase.size() == 4 && phrase.is(2, "-") && phrase.words(3) == "1") {
    phrase.replace_all("SET lock_timeout = 0");
    return true;
  }
  if (phrase.size() != 3 || !phrase.is_kind(2, Kind::kInteger)) return false;
  bool at_once = phrase.words(2) == "0";
  phrase.replace_all("SET lock_timeout = " + (at_once ? "1" : std::string(phrase.words(2))));
  return true;
}

base::Result<bool> rewrite_set(Phrase& phrase) {
  if (phrase.size() != 3 || !phrase.is(0, "set") || !phrase.is_any(2, {"on", "off"})) {
    return rewrite_lock_timeout(phrase);
  }
  bool on = phrase.is(2, "on");
  if (phrase.is(1, "implicit_transactions") && on) {
    return base::Error(base::sqlstate::kFeatureNotSupported,
                       "implicit transactions cannot be turned on")
        .hint("Begin a transaction with BEGIN TRAN.")
        .at(phrase.character(0));
  }
  bool as_it_is =
      phrase.is_any(1, {"nocount", "implicit_transactions"}) || (phrase.is(1, "xact_abort") && on);
  if (!as_it_is) return false;
  phrase.replace_all("SET isolde.dialect = 'sqlserver'");  // as it is: nothing changes
  return true;
}

void rewrite_snapshot_level(Phrase& phrase) {
  for (size_t i = 0; i < phrase.size(); ++i) {
    if (phrase.are(i, {"isolation", "level", "snapshot"})) {
      phrase.replace(i + 2, i + 2, "REPEATABLE READ");
    }
  }
}

/// IDENTITY or IDENTITY(start, step) of a column: (n, n), where each n may have a sign.
void rewrite_identity(Phrase& phrase) {
  if (!phrase.is_any(0, {"create", "alter"})) return;
  for (size_t i = 3; i < phrase.size(); ++i) {
    if (!phrase.is(i, "identity")) continue;
    if (phrase.is_any(i - 1, {"as", "restart", "continue", "drop"})) continue;
    size_t last = i;
    std::string options;
    size_t close = phrase.is(i + 1, "(") ? phrase.closing(i + 1) : i;
    for (size_t comma = i + 2; comma < close; ++comma) {
      if (!phrase.is(comma, ",") || comma == i + 2 || comma + 1 == close) continue;
      options = " (START WITH " + std::string(phrase.words(i + 2, comma - 1)) + " INCREMENT BY " +
                std::string(phrase.words(comma + 1, close - 1)) + ")";
      last = close;
    }
    phrase.replace(i, last, "GENERATED ALWAYS AS IDENTITY" + options);
  }
}

}  // namespace

base::Status rewrite_sqlserver(Phrase& phrase) {
  auto set = rewrite_set(phrase);
  if (!set) return set.take_error();
  if (*set || rewrite_waitfor(phrase)) return {};
  if (auto hints = rewrite_table_hints(phrase); !hints) return hints.take_error();
  if (!rewrite_transaction(phrase)) {
    rewrite_snapshot_level(phrase);
    rewrite_identity(phrase);
    rewrite_top(phrase);
  }
  rewrite_expressions(phrase, Dialect::kSqlServer);
  return {};
}

}  // namespace isolde::sql::dialect
