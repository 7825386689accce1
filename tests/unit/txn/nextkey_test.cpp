#include "txn/engines/nextkey.hpp"

#include "tests/unit/txn/engine_harness.hpp"

namespace isolde::txn {
namespace {

using Rows = std::map<std::string, std::string>;
using Locks = std::vector<std::string>;
using Level = IsolationLevel;
constexpr Level kLevels[] = {Level::kReadUncommitted, Level::kReadCommitted, Level::kRepeatableRead,
                             Level::kSerializable};

std::string plus_one(const std::string& value) {
  return std::to_string(std::stoi(value) + 1);
}
auto set_to(std::string value) {
  return [value](const std::string&) { return value; };
}

/// Rows c=1, f=1, k=1 in a table with a unique index.
class NextKey : public testing::Test {
 protected:
  NextKey() : h("nextkey"), a(h, 1), b(h, 2), c(h, 3) {
    a.begin();
    for (const char* row : {"c=1", "f=1", "k=1"}) EXPECT_EQ(a.insert(row)->outcome, Outcome::kDone);
    EXPECT_TRUE(a.commit());
  }
  Rows now() {
    c.begin();
    Rows rows = c.rows();
    EXPECT_TRUE(c.commit());
    return rows;
  }
  /// SELECT ... FOR UPDATE over a range.
  ScanSpec for_update(std::string_view from, std::string_view to) {
    ScanSpec spec = a.between(from, to);
    spec.intent = RowIntent::kLock;
    spec.strength = RowLock::kUpdate;
    return spec;
  }
  /// An insertion that has to wait, and is cancelled.
  void expect_insert_waits(const char* row) {
    b.begin();
    {
      Blocked writer(b, [&] { EXPECT_EQ(b.insert(row).error().state().code(), "57014") << row; });
      b.task.interrupt(base::Interrupt::kCancel);
    }
    b.roll_back();
  }
  void expect_insert_goes_on(const char* row) {
    b.begin();
    EXPECT_EQ(b.insert(row)->outcome, Outcome::kDone) << row;
    b.roll_back();
  }
  EngineHarness h;
  TestSession a, b, c;
};

TEST_F(NextKey, ADirtyReadVanishesWithItsWriter) {
  a.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(*a.remove("k"), Outcome::kDone);
  EXPECT_EQ(a.insert("z=9")->outcome, Outcome::kDone);
  b.begin(Level::kReadUncommitted);
  for (bool by_index : {false, true})
    EXPECT_EQ(b.rows(by_index), (Rows{{"c", "2"}, {"f", "1"}, {"z", "9"}}));
  a.roll_back();
  EXPECT_EQ(b.rows(), (Rows{{"c", "1"}, {"f", "1"}, {"k", "1"}}));
}

/// What others have written since the snapshot is not seen, what was written over it is: once.
TEST_F(NextKey, ARowThatWasWrittenOverANewerOneIsSeenOnce) {
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(b.rows(), (Rows{{"c", "1"}, {"f", "1"}, {"k", "1"}}));
  a.begin();
  for (const char* row : {"c", "f", "k"}) EXPECT_EQ(*a.update(row, set_to("20")), Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(*b.remove("f"), Outcome::kDone);
  b.txn->define_savepoint();
  EXPECT_EQ(*b.remove("k"), Outcome::kDone);
  EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone);
  for (bool by_index : {false, true}) EXPECT_EQ(b.rows(by_index), (Rows{{"c", "22"}}));
  b.txn->roll_back_to_savepoint(0);
  for (bool by_index : {false, true}) EXPECT_EQ(b.rows(by_index), (Rows{{"c", "21"}, {"k", "1"}}));
  EXPECT_TRUE(b.commit());
}

TEST_F(NextKey, PlainReadsWaitForNobodyAndLockNothing) {
  for (Level level : {Level::kReadCommitted, Level::kRepeatableRead}) {
    a.begin();
    b.begin(level);
    EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
    const std::string before = now()["c"];
    EXPECT_EQ(b.rows()["c"], before);
    EXPECT_EQ(locks_of(h, 2), Locks{});
    ASSERT_TRUE(a.commit());
    EXPECT_EQ(b.rows(true)["c"], level == Level::kReadCommitted ? plus_one(before) : before);
    b.roll_back();
  }
}

TEST_F(NextKey, TheSnapshotBeginsWithTheFirstRead) {
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(*b.update("k", plus_one), Outcome::kDone);
  a.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(b.rows(), (Rows{{"c", "2"}, {"f", "1"}, {"k", "2"}}));
}

TEST_F(NextKey, ALockingReadShowsThePresentBesideTheSnapshot) {
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(b.rows()["c"], "1");
  a.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(a.insert("d=5")->outcome, Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(*b.select(for_update("c", "d")), (Rows{{"c", "2"}, {"d", "5"}}));
  EXPECT_EQ(*b.select(b.between("c", "d")), (Rows{{"c", "1"}}));
  // What it changes itself, it sees.
  EXPECT_EQ(*b.update("d", plus_one), Outcome::kDone);
  EXPECT_EQ(*b.select(b.between("c", "d")), (Rows{{"c", "1"}, {"d", "6"}}));
}

TEST_F(NextKey, ALostUpdateIsPossibleAtRepeatableRead) {
  a.begin(Level::kRepeatableRead);
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.rows()["c"], b.rows()["c"]);
  EXPECT_EQ(*a.update("c", set_to("10")), Outcome::kDone);
  {
    Blocked second(b, [&] { EXPECT_EQ(*b.update("c", set_to("20")), Outcome::kDone); });
    ASSERT_TRUE(a.commit());
  }
  ASSERT_TRUE(b.commit());
  EXPECT_EQ(now()["c"], "20");
}

TEST_F(NextKey, SnapshotConflictsMakeTheFirstUpdaterWin) {
  for (bool deletes : {false, true}) {
    b.begin(Level::kRepeatableRead, false, false, true);
    EXPECT_EQ(b.rows().size(), 3U);
    a.begin();
    EXPECT_EQ(*(deletes ? a.remove("c") : a.update("c", set_to("10"))), Outcome::kDone);
    ASSERT_TRUE(a.commit());
    auto late = b.update("c", set_to("20"));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().state().code(), "40001");
    EXPECT_EQ(late.error().message(), deletes
                                          ? "could not serialize access due to concurrent delete"
                                          : "could not serialize access due to concurrent update");
    b.roll_back();
  }
}

TEST_F(NextKey, ALostUpdateEndsInADeadlockAtSerializable) {
  a.begin(Level::kSerializable);
  b.begin(Level::kSerializable);
  EXPECT_EQ(*a.select(a.between("c", "c")), *b.select(b.between("c", "c")));
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS relation", "S,REC_NOT_GAP tuple"}));
  base::Result<Outcome> first = Outcome::kSkip;
  std::thread other([&] {
    first = a.update("c", set_to("10"));
    a.roll_back();
  });
  auto second = b.update("c", set_to("20"));
  b.roll_back();
  other.join();
  EXPECT_NE(first.ok(), second.ok());
  EXPECT_EQ((first ? second : first).error().state().code(), "40P01");
}

TEST_F(NextKey, WriteSkewIsPreventedBySerializableOnly) {
  for (Level level : kLevels) {
    a.begin(level);
    b.begin(level);
    EXPECT_EQ(a.select(a.between("c", "f"))->size(), 2U);
    EXPECT_EQ(b.select(b.between("c", "f"))->size(), 2U);
    base::Result<Outcome> first = Outcome::kSkip;
    std::thread other([&] {
      first = a.update("c", plus_one);
      if (first) {
        EXPECT_TRUE(a.commit());
      } else {
        a.roll_back();
      }
    });
    auto second = b.update("f", plus_one);
    if (second) {
      EXPECT_TRUE(b.commit());
    } else {
      b.roll_back();
    }
    other.join();
    EXPECT_EQ(first.ok() && second.ok(), level != Level::kSerializable);
  }
}

TEST_F(NextKey, APointThatIsThereLocksTheRecordAlone) {
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(for_update("f", "f"))->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IX relation", "X,REC_NOT_GAP tuple"}));
  expect_insert_goes_on("e=1");
  expect_insert_goes_on("g=1");
}

TEST_F(NextKey, APointThatIsNotThereLocksItsGap) {
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(for_update("g", "g"))->size(), 0U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"X,GAP gap k"}));
  expect_insert_waits("g=1");
  expect_insert_waits("j=1");
  expect_insert_goes_on("e=1");
  expect_insert_goes_on("l=1");
  b.begin();
  EXPECT_EQ(*b.update("k", plus_one), Outcome::kDone);  // the record is free
  b.roll_back();
}

TEST_F(NextKey, ARangeLocksRecordsGapsAndTheSupremum) {
  a.begin(Level::kRepeatableRead);
  ScanSpec spec = for_update("f", "z");
  EXPECT_EQ(a.select(spec)->size(), 2U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IX relation", "X,GAP gap f", "X,GAP gap k", "X,GAP supremum",
                                   "X,REC_NOT_GAP tuple", "X,REC_NOT_GAP tuple"}));
  for (const char* row : {"d=1", "g=1", "l=1"}) expect_insert_waits(row);
  expect_insert_goes_on("b=1");
  b.begin();
  {
    Blocked writer(b, [&] { EXPECT_EQ(b.insert("g=1")->outcome, Outcome::kDone); });
    EXPECT_EQ(locks_of(h, 2), (Locks{"IX relation", "waits for X,GAP,INSERT_INTENTION gap k"}));
    EXPECT_EQ(a.select(spec)->size(), 2U);
    a.roll_back();
  }
}

TEST_F(NextKey, WithoutAnIndexEveryRowAndGapIsLocked) {
  a.begin(Level::kRepeatableRead);
  ScanSpec spec;
  spec.intent = RowIntent::kUpdate;
  const auto only_f = [](const std::string& key, const std::string&) { return key == "f"; };
  EXPECT_EQ(a.select(spec, only_f)->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IX relation", "X,GAP supremum", "X,REC_NOT_GAP tuple",
                                   "X,REC_NOT_GAP tuple", "X,REC_NOT_GAP tuple"}));
  for (const char* row : {"a=1", "z=1"}) expect_insert_waits(row);
  EXPECT_EQ(a.select(spec, only_f)->size(), 1U);
}

TEST_F(NextKey, ReadCommittedLocksNoGapsAndOnlyTheRowsThatMatch) {
  a.begin(Level::kReadCommitted);
  const auto only_f = [](const std::string& key, const std::string&) { return key == "f"; };
  for (bool by_index : {false, true}) {
    ScanSpec spec;
    if (by_index) spec.index = &h.index();
    spec.intent = RowIntent::kUpdate;
    EXPECT_EQ(a.select(spec, only_f)->size(), 1U);
    EXPECT_EQ(locks_of(h, 1), (Locks{"IX relation", "X,REC_NOT_GAP tuple"}));
  }
  expect_insert_goes_on("e=1");
  // An update passes over rows that others have locked, unless it wants them.
  b.begin(Level::kReadCommitted);
  ScanSpec spec;
  spec.intent = RowIntent::kUpdate;
  EXPECT_EQ(b.select(spec, [](auto& key, auto&) { return key == "k"; })->size(), 1U);
  EXPECT_EQ(*a.update("f", plus_one), Outcome::kDone);
  {
    Blocked second(b, [&] { EXPECT_EQ(*b.update("f", plus_one), Outcome::kDone); });
    ASSERT_TRUE(a.commit());
  }
  ASSERT_TRUE(b.commit());
  EXPECT_EQ(now()["f"], "3");
}

TEST_F(NextKey, GapLocksGoTogetherAndInsertersThenDeadlock) {
  a.begin(Level::kRepeatableRead);
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(for_update("g", "g"))->size(), 0U);
  EXPECT_EQ(b.select(for_update("h", "h"))->size(), 0U);
  base::Result<WriteResult> first = WriteResult{};
  std::thread other([&] {
    first = a.insert("g=1");
    a.roll_back();
  });
  auto second = b.insert("h=1");
  b.roll_back();
  other.join();
  EXPECT_NE(first.ok(), second.ok());
  EXPECT_EQ((first ? second : first).error().state().code(), "40P01");
}

TEST_F(NextKey, WhoInsertsIntoItsOwnGapKeepsBothHalves) {
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(for_update("g", "g"))->size(), 0U);
  EXPECT_EQ(a.insert("h=1")->outcome, Outcome::kDone);
  expect_insert_waits("g=1");
  expect_insert_waits("i=1");
  expect_insert_goes_on("e=1");
}

TEST_F(NextKey, ARowThatWasJustInsertedIsLocked) {
  a.begin();
  EXPECT_EQ(a.insert("h=1")->outcome, Outcome::kDone);
  b.begin();
  Blocked second(b, [&] { EXPECT_EQ(b.select(for_update("h", "h"))->size(), 1U); });
  ASSERT_TRUE(a.commit());
}

TEST_F(NextKey, SkipLockedAndNowait) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.lock("c", RowLock::kUpdate), Outcome::kDone);
  ScanSpec spec = for_update("a", "z");
  spec.wait = LockWait::kSkip;
  EXPECT_EQ(*b.select(spec), (Rows{{"f", "1"}, {"k", "1"}}));
  spec.wait = LockWait::kNoWait;
  EXPECT_EQ(b.select(spec).error().state().code(), "55P03");
}

TEST_F(NextKey, ASavepointUndoesRowsButKeepsLocks) {
  a.begin(Level::kRepeatableRead);
  a.txn->define_savepoint();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(a.select(for_update("g", "g"))->size(), 0U);
  const Locks before = locks_of(h, 1);
  a.txn->roll_back_to_savepoint(0);
  EXPECT_EQ(locks_of(h, 1), before);
  EXPECT_EQ(a.rows()["c"], "1");
  expect_insert_waits("g=1");
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(now()["c"], "2");
}

TEST_F(NextKey, RelativeUpdatesAreNeverLost) {
  for (Level level : kLevels) {
    a.begin(level);
    b.begin(level);
    const int before = std::stoi(now()["c"]);
    EXPECT_EQ(*a.update("c", plus_one, false), Outcome::kDone);
    {
      Blocked second(b, [&] { EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone); });
      ASSERT_TRUE(a.commit());
    }
    ASSERT_TRUE(b.commit());
    EXPECT_EQ(now()["c"], std::to_string(before + 2));
  }
}

}  // namespace
}  // namespace isolde::txn
