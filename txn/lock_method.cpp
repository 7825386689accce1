#include "txn/lock_method.hpp"

#include "base/check.hpp"

namespace isolde::txn {

namespace {

constexpr LockModeSet set(std::initializer_list<LockMode> modes) {
  LockModeSet bits = 0;
  for (LockMode mode : modes) bits |= mode.bit();
  return bits;
}

constexpr LockMethod make_table_method() {
  using namespace table_mode;
  constexpr LockModeSet exclusive = set({kExclusive, kAccessExclusive});
  LockMethod m{};
  m.name = "table";
  m.modes = 8;
  m.mode_names = {
      "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
      "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
  m.conflicts = {
      set({kAccessExclusive}),
      exclusive,
      set({kShare, kShareRowExclusive}) | exclusive,
      set({kShareUpdateExclusive, kShare, kShareRowExclusive}) | exclusive,
      set({kRowExclusive, kShareUpdateExclusive, kShareRowExclusive}) | exclusive,
      set({kRowExclusive, kShareUpdateExclusive, kShare, kShareRowExclusive}) | exclusive,
      set({kRowShare, kRowExclusive, kShareUpdateExclusive, kShare, kShareRowExclusive}) |
          exclusive,
      0xff,
  };
  m.covers = {
      set({kAccessShare}),
      set({kAccessShare, kRowShare}),
      set({kAccessShare, kRowShare, kRowExclusive}),
      set({kAccessShare, kRowShare, kRowExclusive, kShareUpdateExclusive}),
      set({kAccessShare, kRowShare, kShare}),
      set({kAccessShare, kRowShare, kRowExclusive, kShareUpdateExclusive, kShare,
           kShareRowExclusive}),
      0x7f,
      0xff,
  };
  return m;
}

constexpr LockMethod make_row_method() {
  using namespace row_mode;
  LockMethod m{};
  m.name = "row";
  m.modes = 4;
  m.mode_names = {"FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE"};
  m.conflicts = {
      set({kForUpdate}),
      set({kForNoKeyUpdate, kForUpdate}),
      set({kForShare, kForNoKeyUpdate, kForUpdate}),
      set({kForKeyShare, kForShare, kForNoKeyUpdate, kForUpdate}),
  };
  m.covers = {
      set({kForKeyShare}),
      set({kForKeyShare, kForShare}),
      set({kForKeyShare, kForShare, kForNoKeyUpdate}),
      set({kForKeyShare, kForShare, kForNoKeyUpdate, kForUpdate}),
  };
  m.shows_strongest = true;
  return m;
}

constexpr LockMethod::Join kHierarchyJoins[] = {
    {hierarchy_mode::kIntentExclusive.index, hierarchy_mode::kShared.index,
     hierarchy_mode::kSharedIntentExclusive.index},
    {hierarchy_mode::kUpdate.index, hierarchy_mode::kRangeSharedShared.index,
     hierarchy_mode::kRangeSharedUpdate.index},
};

constexpr LockMethod make_hierarchy_method() {
  using namespace hierarchy_mode;
  constexpr LockMode kIS = kIntentShared, kIX = kIntentExclusive, kS = kShared,
                     kSIX = kSharedIntentExclusive, kU = kUpdate, kX = kExclusive,
                     kRSS = kRangeSharedShared, kRSU = kRangeSharedUpdate, kRIN = kRangeInsertNull,
                     kRXX = kRangeExclusiveExclusive;
  LockMethod m{};
  m.name = "hierarchy";
  m.modes = 10;
  m.mode_names = {"IS", "IX", "S", "SIX", "U", "X", "RangeS-S", "RangeS-U", "RangeI-N", "RangeX-X"};
  m.conflicts = {
      set({kX, kRXX}),
      set({kS, kSIX, kU, kX, kRSS, kRSU, kRXX}),
      set({kIX, kSIX, kX, kRXX}),
      set({kIX, kS, kSIX, kU, kX, kRSS, kRSU, kRXX}),
      set({kIX, kSIX, kU, kX, kRSU, kRXX}),
      set({kIS, kIX, kS, kSIX, kU, kX, kRSS, kRSU, kRXX}),
      set({kIX, kSIX, kX, kRIN, kRXX}),
      set({kIX, kSIX, kU, kX, kRSU, kRIN, kRXX}),
      set({kRSS, kRSU, kRXX}),
      set({kIS, kIX, kS, kSIX, kU, kX, kRSS, kRSU, kRIN, kRXX}),
  };
  m.covers = {
      set({kIS}),           set({kIS, kIX}),
      set({kIS, kS}),       set({kIS, kIX, kS, kSIX}),
      set({kIS, kS, kU}),   set({kIS, kIX, kS, kSIX, kU, kX}),
      set({kIS, kS, kRSS}), set({kIS, kS, kU, kRSS, kRSU}),
      set({kRIN}),          set({kIS, kIX, kS, kSIX, kU, kX, kRSS, kRSU, kRIN, kRXX}),
  };
  m.shows_strongest = true;
  m.joins = kHierarchyJoins;
  return m;
}

constexpr LockMethod make_next_key_method() {
  using namespace next_key_mode;
  LockMethod m{};
  m.name = "next-key";
  m.modes = 12;
  m.mode_names = {"IS",    "IX",       "S",
                  "X",     "AUTO_INC", "S,REC_NOT_GAP",
                  "S,GAP", "S",        "X,REC_NOT_GAP",
                  "X,GAP", "X",        "X,GAP,INSERT_INTENTION"};
  m.conflicts = {
      set({kExclusive}),
      set({kShared, kExclusive}),
      set({kIntentExclusive, kExclusive, kAutoInc}),
      set({kIntentShared, kIntentExclusive, kShared, kExclusive, kAutoInc}),
      set({kShared, kExclusive, kAutoInc}),
      set({kExclusiveRecord, kExclusiveNextKey}),
      0,  // gap locks wait for nobody
      set({kExclusiveRecord, kExclusiveNextKey}),
      set({kSharedRecord, kSharedNextKey, kExclusiveRecord, kExclusiveNextKey}),
      0,
      set({kSharedRecord, kSharedNextKey, kExclusiveRecord, kExclusiveNextKey}),
      set({kSharedGap, kSharedNextKey, kExclusiveGap, kExclusiveNextKey}),
  };
  m.covers = {
      set({kIntentShared}),
      set({kIntentShared, kIntentExclusive}),
      set({kIntentShared, kShared}),
      set({kIntentShared, kIntentExclusive, kShared, kExclusive, kAutoInc}),
      set({kAutoInc}),
      set({kSharedRecord}),
      set({kSharedGap}),
      set({kSharedRecord, kSharedGap, kSharedNextKey}),
      set({kSharedRecord, kExclusiveRecord}),
      set({kSharedGap, kExclusiveGap}),
      set({kSharedRecord, kSharedGap, kSharedNextKey, kExclusiveRecord, kExclusiveGap,
           kExclusiveNextKey}),
      set({kInsertIntention}),
  };
  return m;
}

constexpr LockMethod kMethods[kLockMethods] = {make_table_method(), make_row_method(),
                                               make_hierarchy_method(), make_next_key_method()};

}  // namespace

const LockMethod& lock_method(LockMethodId id) {
  return kMethods[static_cast<int>(id)];
}

LockModeSet LockMethod::covered_by(LockMode mode) const {
  LockModeSet holders = 0;
  for (int held = 0; held < modes; ++held) {
    if ((covers[held] & mode.bit()) != 0) holders |= static_cast<LockModeSet>(1U << held);
  }
  return holders;
}

LockModeSet LockMethod::shown(LockModeSet held) const {
  if (!shows_strongest) return held;
  for (const Join& join : joins) {
    const auto parts = static_cast<LockModeSet>((1U << join.first) | (1U << join.second));
    if ((held & parts) == parts) held |= static_cast<LockModeSet>(1U << join.both);
  }
  LockModeSet strongest = held;
  for (int mode = 0; mode < modes; ++mode) {
    const auto bit = static_cast<LockModeSet>(1U << mode);
    if ((held & bit) != 0) strongest &= static_cast<LockModeSet>(~covers[mode] | bit);
  }
  return strongest;
}

std::string_view lock_mode_name(LockMode mode) {
  return lock_method(mode.method).mode_names[mode.index];
}

bool lock_modes_conflict(LockMode requested, LockMode held) {
  ISOLDE_ASSERT(requested.method == held.method, "modes of different methods never meet");
  return (lock_method(requested.method).conflicts[requested.index] & held.bit()) != 0;
}

}  // namespace isolde::txn
