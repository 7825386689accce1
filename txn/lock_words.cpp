#include "txn/lock_words.hpp"

#include "base/check.hpp"

namespace isolde::txn {

namespace {

using Words = std::array<std::string_view, kMaxLockModes>;

// By method, then by mode.

constexpr Words kInnodbTables[kLockMethods] = {
    {"", "", "", "", "S", "X", "X", "X"},
    {"S", "S", "X", "X"},
    {"IS", "IX", "S", "X", "X", "X", "S", "X", "IX", "X"},
    {"IS", "IX", "S", "X", "AUTO_INC"},
};

constexpr Words kInnodbRecords[kLockMethods] = {
    {"S,REC_NOT_GAP", "S,REC_NOT_GAP", "X,REC_NOT_GAP", "X,REC_NOT_GAP", "S,REC_NOT_GAP",
     "X,REC_NOT_GAP", "X,REC_NOT_GAP", "X,REC_NOT_GAP"},
    {"S,REC_NOT_GAP", "S,REC_NOT_GAP", "X,REC_NOT_GAP", "X,REC_NOT_GAP"},
    {"IS", "IX", "S,REC_NOT_GAP", "X,REC_NOT_GAP", "X,REC_NOT_GAP", "X,REC_NOT_GAP", "S", "X",
     "X,GAP,INSERT_INTENTION", "X"},
    {"", "", "", "", "", "S,REC_NOT_GAP", "S,GAP", "S", "X,REC_NOT_GAP", "X,GAP", "X",
     "X,GAP,INSERT_INTENTION"},
};

constexpr Words kSqlServer[kLockMethods] = {
    {"Sch-S", "Sch-S", "Sch-S", "U", "S", "SIX", "X", "Sch-M"},
    {"S", "S", "U", "X"},
    {"IS", "IX", "S", "SIX", "U", "X", "RangeS-S", "RangeS-U", "RangeI-N", "RangeX-X"},
    {"IS", "IX", "S", "X", "X", "S", "RangeS-S", "RangeS-S", "X", "RangeX-X", "RangeX-X",
     "RangeI-N"},
};

bool is_supremum(const LockTag& tag) {
  return tag == LockTag::of_supremum(tag.database, tag.relation);
}

/// There is no record above the gap, so nothing else than the gap can be meant.
std::string_view without_gap(std::string_view mode) {
  if (mode == "X,GAP,INSERT_INTENTION") return "X,INSERT_INTENTION";
  return mode.substr(0, 1);
}

}  // namespace

std::string_view innodb_mode(const LockTag& tag, LockMode mode) {
  const auto method = static_cast<size_t>(mode.method);
  switch (tag.kind) {
    case LockKind::kTuple:
    case LockKind::kKey:
      return kInnodbRecords[method][mode.index];
    case LockKind::kGap: {
      const std::string_view name = kInnodbRecords[method][mode.index];
      return is_supremum(tag) && !name.empty() ? without_gap(name) : name;
    }
    case LockKind::kRelation:
    case LockKind::kExtend:
    case LockKind::kPage:
    case LockKind::kTransaction:
    case LockKind::kVirtualTransaction:
    case LockKind::kObject:
    case LockKind::kDatabase:
    case LockKind::kAdvisory:
      return kInnodbTables[method][mode.index];
  }
  ISOLDE_CHECK(false, "a lock kind without words");
}

std::string_view sql_server_mode(LockMode mode) {
  return kSqlServer[static_cast<size_t>(mode.method)][mode.index];
}

std::string_view sql_server_resource(LockKind kind) {
  switch (kind) {
    case LockKind::kRelation:
      return "OBJECT";
    case LockKind::kExtend:
      return "EXTENT";
    case LockKind::kPage:
      return "PAGE";
    case LockKind::kTuple:
      return "RID";
    case LockKind::kKey:
    case LockKind::kGap:
      return "KEY";
    case LockKind::kTransaction:
    case LockKind::kVirtualTransaction:
      return "XACT";
    case LockKind::kObject:
      return "METADATA";
    case LockKind::kDatabase:
      return "DATABASE";
    case LockKind::kAdvisory:
      return "APPLICATION";
  }
  ISOLDE_CHECK(false, "a lock kind without words");
}

}  // namespace isolde::txn
