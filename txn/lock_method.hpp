#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

// What lock modes there are and which of them exclude each other, as data. A lock method is one
// tradition's set of modes. Locks of different methods on the same thing never meet.
//
// `conflicts[requested]` is the set of modes that the request waits for when another holds one of
// them. It need not be symmetric: InnoDB's insert intention waits for gap locks, and no gap lock
// waits for an insert intention.
//
// `covers[held]` is the set of modes that the holder of `held` gets without looking at others: each
// asks for no more than `held` gives. tests/unit/txn/lock_method_test.cpp proves that of every
// cell, and that the tables in README.md are these.

namespace isolde::txn {

enum class LockMethodId : uint8_t { kTable, kRow, kHierarchy, kNextKey };
inline constexpr int kLockMethods = 4;
inline constexpr int kMaxLockModes = 12;

/// Some modes of one method, a bit each.
using LockModeSet = uint16_t;

/// One mode of one method.
struct LockMode {
  LockMethodId method = LockMethodId::kTable;
  uint8_t index = 0;
  constexpr bool operator==(const LockMode&) const = default;
  constexpr LockModeSet bit() const { return static_cast<LockModeSet>(1U << index); }
};

/// PostgreSQL's modes: of relations, and of everything else that it locks (rows in its lock table,
/// transactions, objects, advisory locks).
namespace table_mode {
inline constexpr LockMode kAccessShare{LockMethodId::kTable, 0};
inline constexpr LockMode kRowShare{LockMethodId::kTable, 1};
inline constexpr LockMode kRowExclusive{LockMethodId::kTable, 2};
inline constexpr LockMode kShareUpdateExclusive{LockMethodId::kTable, 3};
inline constexpr LockMode kShare{LockMethodId::kTable, 4};
inline constexpr LockMode kShareRowExclusive{LockMethodId::kTable, 5};
inline constexpr LockMode kExclusive{LockMethodId::kTable, 6};
inline constexpr LockMode kAccessExclusive{LockMethodId::kTable, 7};
}  // namespace table_mode

/// PostgreSQL's four strengths of row locks.
namespace row_mode {
inline constexpr LockMode kForKeyShare{LockMethodId::kRow, 0};
inline constexpr LockMode kForShare{LockMethodId::kRow, 1};
inline constexpr LockMode kForNoKeyUpdate{LockMethodId::kRow, 2};
inline constexpr LockMode kForUpdate{LockMethodId::kRow, 3};
}  // namespace row_mode

/// Gray's multiple granularity, with SQL Server's update lock and key ranges.
namespace hierarchy_mode {
inline constexpr LockMode kIntentShared{LockMethodId::kHierarchy, 0};
inline constexpr LockMode kIntentExclusive{LockMethodId::kHierarchy, 1};
inline constexpr LockMode kShared{LockMethodId::kHierarchy, 2};
inline constexpr LockMode kSharedIntentExclusive{LockMethodId::kHierarchy, 3};
inline constexpr LockMode kUpdate{LockMethodId::kHierarchy, 4};
inline constexpr LockMode kExclusive{LockMethodId::kHierarchy, 5};
/// Range modes are of a key and the gap before it: the gap's mode, then the key's.
inline constexpr LockMode kRangeSharedShared{LockMethodId::kHierarchy, 6};
inline constexpr LockMode kRangeSharedUpdate{LockMethodId::kHierarchy, 7};
inline constexpr LockMode kRangeInsertNull{LockMethodId::kHierarchy, 8};
inline constexpr LockMode kRangeExclusiveExclusive{LockMethodId::kHierarchy, 9};
}  // namespace hierarchy_mode

/// InnoDB's. The first five are of tables; the rest of index records and the gap before each.
namespace next_key_mode {
inline constexpr LockMode kIntentShared{LockMethodId::kNextKey, 0};
inline constexpr LockMode kIntentExclusive{LockMethodId::kNextKey, 1};
inline constexpr LockMode kShared{LockMethodId::kNextKey, 2};
inline constexpr LockMode kExclusive{LockMethodId::kNextKey, 3};
inline constexpr LockMode kAutoInc{LockMethodId::kNextKey, 4};
inline constexpr LockMode kSharedRecord{LockMethodId::kNextKey, 5};
inline constexpr LockMode kSharedGap{LockMethodId::kNextKey, 6};
inline constexpr LockMode kSharedNextKey{LockMethodId::kNextKey, 7};
inline constexpr LockMode kExclusiveRecord{LockMethodId::kNextKey, 8};
inline constexpr LockMode kExclusiveGap{LockMethodId::kNextKey, 9};
inline constexpr LockMode kExclusiveNextKey{LockMethodId::kNextKey, 10};
inline constexpr LockMode kInsertIntention{LockMethodId::kNextKey, 11};
}  // namespace next_key_mode

struct LockMethod {
  /// Two modes held together that have a name of their own.
  struct Join {
    uint8_t first, second, both;
  };

  std::string_view name;
  std::array<const char*, kMaxLockModes> mode_names;
  std::array<LockModeSet, kMaxLockModes> conflicts;
  std::array<LockModeSet, kMaxLockModes> covers;
  uint8_t modes;
  /// Views show a holder's strongest modes only, joined where there is a name for it; else all.
  bool shows_strongest;
  std::span<const Join> joins;

  /// As views show it: what a holder of all these modes has.
  LockModeSet shown(LockModeSet held) const;
  /// The modes whose holder gets `mode` without looking at others; `mode` itself among them.
  LockModeSet covered_by(LockMode mode) const;
};

const LockMethod& lock_method(LockMethodId id);

/// "ShareLock", "RangeS-U", "X,GAP", ...
std::string_view lock_mode_name(LockMode mode);

/// Whether a request waits for a lock that somebody else holds on the same thing.
bool lock_modes_conflict(LockMode requested, LockMode held);

}  // namespace isolde::txn
