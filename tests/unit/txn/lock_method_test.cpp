#include "txn/lock_method.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

// The tables of txn/README.md are the specification; the code must have the same cells.

namespace isolde::txn {
namespace {

constexpr LockMethodId kAll[] = {LockMethodId::kTable, LockMethodId::kRow, LockMethodId::kHierarchy,
                                 LockMethodId::kNextKey};

using Row = std::vector<std::string>;

Row cells(const std::string& line) {
  Row row;
  for (size_t at = 1; at < line.size();) {
    const size_t end = line.find('|', at);
    std::string cell = line.substr(at, end - at);
    cell.erase(0, cell.find_first_not_of(' ') == std::string::npos ? cell.size()
                                                                   : cell.find_first_not_of(' '));
    while (!cell.empty() && cell.back() == ' ') cell.pop_back();
    row.push_back(cell);
    at = end + 1;
  }
  return row;
}

std::filesystem::path readme_path() {
  auto here = std::filesystem::current_path();
  while (!std::filesystem::exists(here / "txn/README.md") && here.has_relative_path())
    here = here.parent_path();
  return here / "txn/README.md";
}

/// The README's table whose first cell is the method's name: its head, then its rows.
std::vector<Row> printed_table(std::string_view method) {
  std::ifstream file(readme_path());
  std::vector<Row> table;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] != '|') {
      if (!table.empty()) break;
      continue;
    }
    Row row = cells(line);
    if (table.empty() ? row[0] == method : row[0] != "---") table.push_back(row);
  }
  return table;
}

TEST(LockMethod, IsWhatTheReadmeSaysCellByCell) {
  int compared = 0;
  for (LockMethodId id : kAll) {
    const LockMethod& method = lock_method(id);
    const std::vector<Row> table = printed_table(method.name);
    ASSERT_EQ(table.size(), method.modes + 1U) << method.name;
    for (uint8_t requested = 0; requested < method.modes; ++requested) {
      const Row& row = table[requested + 1U];
      ASSERT_EQ(row.size(), method.modes + 1U) << row[0];
      EXPECT_EQ(row[0], table[0][requested + 1U]);
      for (uint8_t held = 0; held < method.modes; ++held) {
        const std::string& cell = row[held + 1U];
        const std::string where = row[0] + " while " + table[0][held + 1U] + " is held";
        EXPECT_EQ(cell.find('x') != std::string::npos,
                  lock_modes_conflict({id, requested}, {id, held}))
            << where;
        EXPECT_EQ(cell.find('c') != std::string::npos, (method.covers[held] >> requested & 1) != 0)
            << where;
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 8 * 8 + 4 * 4 + 10 * 10 + 12 * 12);
}

// A request that is granted because of a held mode waits for nothing that this mode would not wait
// for, and nobody waits for it who would not wait for the held one.
TEST(LockMethod, CoveringAsksForNoMore) {
  for (LockMethodId id : kAll) {
    const LockMethod& method = lock_method(id);
    for (uint8_t held = 0; held < method.modes; ++held) {
      EXPECT_NE(method.covers[held] & (1U << held), 0) << "a mode covers itself";
      for (uint8_t mode = 0; mode < method.modes; ++mode) {
        if ((method.covers[held] >> mode & 1) == 0) continue;
        EXPECT_EQ(method.conflicts[mode] & ~method.conflicts[held], 0)
            << method.mode_names[held] << " covers " << method.mode_names[mode];
        for (uint8_t other = 0; other < method.modes; ++other) {
          EXPECT_FALSE(lock_modes_conflict({id, other}, {id, mode}) &&
                       !lock_modes_conflict({id, other}, {id, held}))
              << method.mode_names[held] << " covers " << method.mode_names[mode];
        }
      }
    }
  }
}

TEST(LockMethod, CoveringIsAnOrder) {
  for (LockMethodId id : kAll) {
    const LockMethod& method = lock_method(id);
    for (uint8_t a = 0; a < method.modes; ++a) {
      for (uint8_t b = 0; b < method.modes; ++b) {
        if ((method.covers[a] >> b & 1) == 0) continue;
        EXPECT_EQ(method.covers[b] & ~method.covers[a], 0);
        EXPECT_TRUE(a == b || (method.covers[b] >> a & 1) == 0);
      }
    }
  }
}

TEST(LockMethod, OnlyInnoDbsTableIsNotSymmetric) {
  for (LockMethodId id : {LockMethodId::kTable, LockMethodId::kRow, LockMethodId::kHierarchy}) {
    for (uint8_t a = 0; a < lock_method(id).modes; ++a) {
      for (uint8_t b = 0; b < lock_method(id).modes; ++b)
        EXPECT_EQ(lock_modes_conflict({id, a}, {id, b}), lock_modes_conflict({id, b}, {id, a}));
    }
  }
  using namespace next_key_mode;
  EXPECT_TRUE(lock_modes_conflict(kInsertIntention, kSharedGap));
  EXPECT_FALSE(lock_modes_conflict(kSharedGap, kInsertIntention));
}

TEST(LockMethod, JoinsAskForAsMuchAsTheirParts) {
  const LockMethod& method = lock_method(LockMethodId::kHierarchy);
  for (const LockMethod::Join& join : method.joins) {
    EXPECT_EQ(method.conflicts[join.both],
              method.conflicts[join.first] | method.conflicts[join.second]);
  }
}

TEST(LockMethod, ShownModes) {
  using namespace hierarchy_mode;
  const LockMethod& hierarchy = lock_method(LockMethodId::kHierarchy);
  auto bits = [](std::initializer_list<LockMode> modes) {
    LockModeSet set = 0;
    for (LockMode mode : modes) set |= mode.bit();
    return set;
  };
  EXPECT_EQ(hierarchy.shown(bits({kIntentShared, kShared})), kShared.bit());
  EXPECT_EQ(hierarchy.shown(bits({kIntentExclusive, kShared})), kSharedIntentExclusive.bit());
  EXPECT_EQ(hierarchy.shown(bits({kShared, kUpdate, kExclusive})), kExclusive.bit());
  EXPECT_EQ(hierarchy.shown(bits({kExclusive, kRangeSharedShared})),
            bits({kExclusive, kRangeSharedShared}));
  const LockModeSet both = bits({table_mode::kAccessShare, table_mode::kRowExclusive});
  EXPECT_EQ(lock_method(LockMethodId::kTable).shown(both), both);
}

TEST(LockMethod, NamesAreThoseOfTheirTradition) {
  EXPECT_EQ(lock_mode_name(table_mode::kShareUpdateExclusive), "ShareUpdateExclusiveLock");
  EXPECT_EQ(lock_mode_name(row_mode::kForNoKeyUpdate), "FOR NO KEY UPDATE");
  EXPECT_EQ(lock_mode_name(hierarchy_mode::kRangeSharedUpdate), "RangeS-U");
  EXPECT_EQ(lock_mode_name(next_key_mode::kInsertIntention), "X,GAP,INSERT_INTENTION");
}

}  // namespace
}  // namespace isolde::txn
