#include <gtest/gtest.h>

#include <cstdlib>

#include "crash_harness.hpp"

// ISOLDE_LONG_TESTS=1 in the environment: twenty times as many cut points.

namespace isolde::crash {
namespace {

using AfterCrash = base::FaultEnv::AfterCrash;

bool long_run() {
  const char* value = std::getenv("ISOLDE_LONG_TESTS");
  return value != nullptr && *value != '\0' && *value != '0';
}
int cut_points() {
  return long_run() ? 20'000 : 1'000;
}

constexpr AfterCrash kModes[] = {AfterCrash::kDropUnsynced, AfterCrash::kTearLast,
                                 AfterCrash::kRandomSubset, AfterCrash::kKeepAll};

std::string describe(const Experiment& e) {
  return "seed " + std::to_string(e.workload.seed) + ", cut " + std::to_string(e.cut) + ", mode " +
         std::to_string(static_cast<int>(e.after)) + ", crash seed " + std::to_string(e.seed) +
         ", cut in recovery " + std::to_string(e.cut_in_recovery) +
         (e.killed ? ", process killed first" : "");
}

/// Cuts workload after workload at each of its changes, in every mode, until `points` are done.
std::optional<std::string> sweep(Experiment base, int points) {
  int done = 0;
  for (uint64_t seed = 1; done < points; ++seed) {
    base.workload.seed = seed;
    base.cut = base.cut_in_recovery = 0;
    base.killed = false;
    uint64_t changes = 0;
    if (auto wrong = run_experiment(base, &changes)) return *wrong + " (" + describe(base) + ")";
    for (base.cut = 1; base.cut <= changes && done < points; ++base.cut, ++done) {
      base.seed = base.cut * 31 + seed;
      base.after = kModes[(base.cut + seed) % 4];
      base.killed = base.cut % 3 == 0;
      base.cut_in_recovery = base.cut % 5 == 0 ? 1 + base.cut % 61 : 0;
      if (auto wrong = run_experiment(base)) return *wrong + " (" + describe(base) + ")";
    }
  }
  return std::nullopt;
}

TEST(Crash, AtEveryWriteSyncAndRename) {
  auto wrong = sweep({}, cut_points());
  EXPECT_FALSE(wrong.has_value()) << *wrong;
}

TEST(Crash, AtEveryLogRecord) {
  WorkloadOptions options;
  options.checkpoints = false;
  options.buffer_pages = 256;  // no page is written: the log alone makes the state
  int done = 0;
  const int wanted = long_run() ? 5'000 : 500;
  for (uint64_t seed = 1; done < wanted; ++seed) {
    options.seed = seed;
    bool exists = true;
    for (size_t record = 0; exists && done < wanted; ++record, ++done) {
      auto wrong = run_log_cut(options, record, exists);
      ASSERT_FALSE(wrong.has_value())
          << *wrong << " (seed " << seed << ", record " << record << ")";
    }
  }
}

TEST(CrashHarness, WritesRecordsOfEveryKind) {
  using storage::RecordKind;
  const auto kinds = kinds_of_records(20);
  for (RecordKind kind :
       {RecordKind::kHeapInsert, RecordKind::kHeapUpdate, RecordKind::kHeapMark,
        RecordKind::kHeapPrune, RecordKind::kVisibility, RecordKind::kIndexInsert,
        RecordKind::kIndexSplit, RecordKind::kIndexVacuum, RecordKind::kIndexUnlink,
        RecordKind::kPageInit, RecordKind::kTxnBegin, RecordKind::kCommit, RecordKind::kAbort,
        RecordKind::kCreateFile, RecordKind::kTruncate, RecordKind::kOverflow, RecordKind::kPrepare,
        RecordKind::kSequence})
    EXPECT_TRUE(kinds.contains(kind)) << record_kind_name(kind);
}

TEST(CrashHarness, FindsASkippedSyncOfTheLog) {
  Experiment planted;
  planted.skip_syncs_of = [](const std::string& path) {
    return path.find("/wal/") != std::string::npos;
  };
  EXPECT_TRUE(sweep(planted, 1'000).has_value());
}

TEST(CrashHarness, FindsASkippedSyncOfTheTable) {
  Experiment planted;
  planted.skip_syncs_of = [](const std::string& path) {
    return path.find("/base/1/16384") != std::string::npos;
  };
  EXPECT_TRUE(sweep(planted, 1'000).has_value());
}

TEST(CrashHarness, FindsASkippedSyncOfADirectory) {
  Experiment planted;
  planted.skip_syncs_of = [](const std::string& path) { return path.ends_with("/base/1"); };
  EXPECT_TRUE(sweep(planted, 1'000).has_value());
}

TEST(CrashHarness, FindsAMissingPageImage) {
  Experiment planted;
  planted.workload.omit_image = [](const storage::PageId& id) {
    return id.relation.number == 16384 && id.fork == storage::Fork::kMain;
  };
  EXPECT_TRUE(sweep(planted, 1'000).has_value());
}

}  // namespace
}  // namespace isolde::crash
