#include <optional>
#include <string>

#include "sql/dialect/rules.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql::dialect {

namespace {

struct HintWord {
  std::string_view word;
  TableHint hint;
};

constexpr HintWord kHintWords[] = {
    {"holdlock", TableHint::kHoldLock},
    {"nolock", TableHint::kNoLock},
    {"nowait", TableHint::kNoWait},
    {"paglock", TableHint::kPageLock},
    {"readcommitted", TableHint::kReadCommitted},
    {"readcommittedlock", TableHint::kReadCommitted},
    {"readpast", TableHint::kReadPast},
    {"readuncommitted", TableHint::kNoLock},
    {"repeatableread", TableHint::kRepeatableRead},
    {"rowlock", TableHint::kRowLock},
    {"serializable", TableHint::kHoldLock},
    {"snapshot", TableHint::kSnapshot},
    {"tablock", TableHint::kTableLock},
    {"tablockx", TableHint::kTableLockX},
    {"updlock", TableHint::kUpdLock},
    {"xlock", TableHint::kXLock},
};

constexpr uint16_t bit(TableHint hint) {
  return static_cast<uint16_t>(hint);
}

/// Of each of these, a table can have at most one.
constexpr uint16_t kExclusive[] = {
    bit(TableHint::kNoLock) | bit(TableHint::kReadCommitted) | bit(TableHint::kRepeatableRead) |
        bit(TableHint::kHoldLock) | bit(TableHint::kSnapshot),
    bit(TableHint::kNoLock) | bit(TableHint::kRowLock) | bit(TableHint::kPageLock) |
        bit(TableHint::kTableLock) | bit(TableHint::kTableLockX),
    bit(TableHint::kNoLock) | bit(TableHint::kUpdLock),
    bit(TableHint::kNoLock) | bit(TableHint::kXLock),
    bit(TableHint::kNoLock) | bit(TableHint::kReadPast),
    bit(TableHint::kHoldLock) | bit(TableHint::kReadPast),
};

bool contradict(TableHints hints) {
  for (uint16_t group : kExclusive) {
    unsigned chosen = hints.bits() & group;
    if ((chosen & (chosen - 1)) != 0) return true;
  }
  return false;
}

/// The words between parentheses, commas or none between them; nothing when there is another word.
std::optional<TableHints> hints_between(const Phrase& phrase, size_t open, size_t close) {
  TableHints hints;
  for (size_t i = open + 1; i < close; ++i) {
    if (phrase.is(i, ",")) continue;
    bool known = false;
    for (const HintWord& word : kHintWords) {
      if (!phrase.is(i, word.word)) continue;
      hints.add(word.hint);
      known = true;
    }
    if (!known) return std::nullopt;
  }
  if (hints.empty()) return std::nullopt;
  return hints;
}

/// Where the name of the table begins that ends, perhaps with an alias, before `with`.
std::optional<size_t> table_before(const Phrase& phrase, size_t with) {
  if (with == 0 || !phrase.is_name(with - 1)) return std::nullopt;
  size_t last = with - 1;
  bool introduced = last == 0 || phrase.is_any(last - 1, {"from", "join", "update", "into",
                                                          "delete", "apply", "using", "merge"});
  if (!introduced && phrase.is(last - 1, "as")) {
    if (last < 2) return std::nullopt;
    last -= 2;
  } else if (!introduced && phrase.is_name(last - 1)) {
    --last;
  }
  if (!phrase.is_name(last)) return std::nullopt;
  while (last >= 2 && phrase.is(last - 1, ".") && phrase.is_name(last - 2)) last -= 2;
  return last;
}

std::string comment_of(const Phrase& phrase, size_t open, size_t close) {
  std::string words;
  for (size_t i = open + 1; i < close; ++i) {
    if (phrase.is(i, ",")) continue;
    words += (words.empty() ? "" : ", ") + raised(phrase.words(i));
  }
  return "/*" + words + "*/";
}

}  // namespace

base::Status rewrite_table_hints(Phrase& phrase) {
  for (size_t i = 1; i < phrase.size(); ++i) {
    if (!phrase.is(i, "with") || !phrase.is(i + 1, "(")) continue;
    size_t close = phrase.closing(i + 1);
    if (phrase.is_end(close)) return {};
    auto hints = hints_between(phrase, i + 1, close);
    auto table = table_before(phrase, i);
    if (!hints || !table) continue;
    if (contradict(*hints)) {
      return base::Error(base::sqlstate::kSyntaxError, "conflicting locking hints specified")
          .at(phrase.character(i));
    }
    phrase.replace(i, close, comment_of(phrase, i + 1, close));
    phrase.hint(*table, *hints);
  }
  return {};
}

}  // namespace isolde::sql::dialect
