#include "txn/engines/locking.hpp"

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
class Locking : public testing::Test {
 protected:
  Locking() : h("locking"), a(h, 1), b(h, 2), c(h, 3) {
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
  EngineHarness h;
  TestSession a, b, c;
};

TEST_F(Locking, NothingIsHeldBetweenTransactions) {
  for (Level level : kLevels) {
    a.begin(level);
    a.rows();
    a.rows(true);
    EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
    EXPECT_EQ(*a.remove("f"), Outcome::kDone);
    EXPECT_FALSE(locks_of(h, 1).empty());
    a.roll_back();
    EXPECT_TRUE(h.locks.snapshot().empty());
  }
  EXPECT_EQ(now(), (Rows{{"c", "1"}, {"f", "1"}, {"k", "1"}}));
}

TEST_F(Locking, ADirtyReadVanishesWithItsWriter) {
  a.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(*a.update("f", plus_one, false), Outcome::kDone);
  EXPECT_EQ(*a.remove("k"), Outcome::kDone);
  EXPECT_EQ(a.insert("z=9")->outcome, Outcome::kDone);
  b.begin(Level::kReadUncommitted);
  for (bool by_index : {false, true})
    EXPECT_EQ(b.rows(by_index), (Rows{{"c", "2"}, {"f", "2"}, {"z", "9"}}));
  EXPECT_EQ(locks_of(h, 2), Locks{});
  a.roll_back();
  for (bool by_index : {false, true})
    EXPECT_EQ(b.rows(by_index), (Rows{{"c", "1"}, {"f", "1"}, {"k", "1"}}));
}

TEST_F(Locking, AReaderWaitsForTheWriterAndSeesTheNewRow) {
  for (bool hot : {true, false}) {
    for (bool by_index : {true, false}) {
      a.begin();
      b.begin();
      EXPECT_EQ(*a.update("f", plus_one, hot), Outcome::kDone);
      Rows seen;
      {
        Blocked reader(b, [&] { seen = b.rows(by_index); });
        ASSERT_TRUE(a.commit());
      }
      EXPECT_EQ(seen.size(), 3U) << hot << by_index;
      EXPECT_EQ(seen, b.rows(by_index));
      EXPECT_EQ(locks_of(h, 2), Locks{});
      b.roll_back();
    }
  }
  EXPECT_EQ(now()["f"], "5");
}

TEST_F(Locking, AReaderOfARowThatIsDeletedWaitsToo) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.remove("f"), Outcome::kDone);
  EXPECT_EQ(a.insert("g=1")->outcome, Outcome::kDone);
  Rows seen;
  {
    Blocked reader(b, [&] { seen = b.rows(true); });
    a.roll_back();
  }
  EXPECT_EQ(seen, (Rows{{"c", "1"}, {"f", "1"}, {"k", "1"}}));
}

TEST_F(Locking, AWriterWaitsForReadersOfRepeatableRead) {
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(a.between("c", "c"))->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "IS page", "IS relation", "S tuple"}));
  b.begin();
  {
    Blocked writer(b, [&] { EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone); });
    EXPECT_EQ(locks_of(h, 2),
              (Locks{"IX database", "IX page", "IX relation", "U tuple", "waits for X tuple"}));
    EXPECT_EQ(*a.select(a.between("c", "c")), (Rows{{"c", "1"}}));
    ASSERT_TRUE(a.commit());
  }
  ASSERT_TRUE(b.commit());
}

// Both read, both write what they made of it.
TEST_F(Locking, ALostUpdateIsPossibleAtReadCommitted) {
  for (Level level : {Level::kReadUncommitted, Level::kReadCommitted}) {
    a.begin(level);
    b.begin(level);
    EXPECT_EQ(*a.select(a.between("c", "c")), *b.select(b.between("c", "c")));
    EXPECT_EQ(*a.update("c", set_to("10")), Outcome::kDone);
    {
      Blocked second(b, [&] { EXPECT_EQ(*b.update("c", set_to("20")), Outcome::kDone); });
      ASSERT_TRUE(a.commit());
    }
    ASSERT_TRUE(b.commit());
    EXPECT_EQ(now()["c"], "20");
    a.begin();
    EXPECT_EQ(*a.update("c", set_to("1")), Outcome::kDone);
    ASSERT_TRUE(a.commit());
  }
}

TEST_F(Locking, ALostUpdateEndsInADeadlockAboveThat) {
  for (Level level : {Level::kRepeatableRead, Level::kSerializable}) {
    a.begin(level);
    b.begin(level);
    EXPECT_EQ(*a.select(a.between("c", "c")), *b.select(b.between("c", "c")));
    base::Result<Outcome> first = Outcome::kSkip;
    std::thread other([&] {
      first = a.update("c", set_to("10"));
      if (first) {
        EXPECT_TRUE(a.commit());
      } else {
        a.roll_back();
      }
    });
    auto second = b.update("c", set_to("10"));
    if (second) {
      EXPECT_TRUE(b.commit());
    } else {
      b.roll_back();
    }
    other.join();
    EXPECT_NE(first.ok(), second.ok());
    EXPECT_EQ((first ? second : first).error().state().code(), "40P01");
  }
}

TEST_F(Locking, RelativeUpdatesAreNeverLost) {
  for (Level level : kLevels) {
    a.begin(level);
    b.begin(level);
    const int before = std::stoi(now()["c"]);
    EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
    {
      Blocked second(b, [&] { EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone); });
      ASSERT_TRUE(a.commit());
    }
    ASSERT_TRUE(b.commit());
    EXPECT_EQ(now()["c"], std::to_string(before + 2));
  }
}

TEST_F(Locking, WriteSkewIsPossibleAtReadCommittedOnly) {
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
    const bool both = first.ok() && second.ok();
    EXPECT_EQ(both, level <= Level::kReadCommitted);
  }
}

TEST_F(Locking, PhantomsComeAtRepeatableReadOnly) {
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(a.between("c", "k"))->size(), 3U);
  b.begin();
  EXPECT_EQ(b.insert("d=1")->outcome, Outcome::kDone);
  ASSERT_TRUE(b.commit());
  EXPECT_EQ(a.select(a.between("c", "k"))->size(), 4U);
  ASSERT_TRUE(a.commit());

  a.begin(Level::kSerializable);
  EXPECT_EQ(a.select(a.between("c", "k"))->size(), 4U);
  b.begin();
  {
    Blocked writer(b, [&] { EXPECT_EQ(b.insert("e=1")->outcome, Outcome::kDone); });
    EXPECT_EQ(locks_of(h, 2), (Locks{"IX database", "IX relation", "waits for RangeI-N key f"}));
    EXPECT_EQ(a.select(a.between("c", "k"))->size(), 4U);
    ASSERT_TRUE(a.commit());
  }
  ASSERT_TRUE(b.commit());
}

TEST_F(Locking, KeyRangesReachToTheNextKeyAndNoFurther) {
  a.begin(Level::kSerializable);
  EXPECT_EQ(a.select(a.between("d", "e"))->size(), 0U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"RangeS-S key f"}));
  b.begin();
  EXPECT_EQ(b.insert("b=1")->outcome, Outcome::kDone);  // below c
  EXPECT_EQ(b.insert("g=1")->outcome, Outcome::kDone);  // above f
  EXPECT_EQ(*b.update("f", plus_one), Outcome::kDone);  // the row itself is not locked
  Blocked writer(b, [&] { EXPECT_EQ(b.insert("d=1")->outcome, Outcome::kDone); });
  a.roll_back();
}

TEST_F(Locking, TheLastRangeReachesToTheEndOfTheIndex) {
  for (bool backward : {false, true}) {
    a.begin(Level::kSerializable);
    ScanSpec spec;
    spec.index = &h.index();
    spec.backward = backward;
    EXPECT_EQ(a.select(spec)->size(), 3U);
    EXPECT_EQ(locks_of(h, 1),
              (Locks{"IS database", "IS page", "IS relation", "RangeS-S key c", "RangeS-S key f",
                     "RangeS-S key k", "RangeS-S supremum", "S tuple", "S tuple", "S tuple"}));
    b.begin();
    Blocked writer(b, [&] { EXPECT_EQ(b.insert("z=1").error().state().code(), "57014"); });
    b.task.interrupt(base::Interrupt::kCancel);
    writer.join();
    b.roll_back();
    a.roll_back();
  }
}

TEST_F(Locking, ABackwardScanThatStopsLocksNoMoreThanItHasSeen) {
  a.begin(Level::kSerializable);
  ASSERT_TRUE(a.txn->begin_statement());
  ScanSpec spec = a.between("d", "g");
  spec.backward = true;
  EXPECT_EQ(a.select(spec)->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "IS page", "IS relation", "RangeS-S key f",
                                   "RangeS-S key k", "S tuple"}));
  a.roll_back();
}

TEST_F(Locking, APointThatIsThereNeedsNoRangeAndOneThatIsNotDoes) {
  a.begin(Level::kSerializable);
  EXPECT_EQ(a.select(a.between("f", "f"))->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "IS page", "IS relation", "S tuple"}));
  EXPECT_EQ(a.select(a.between("g", "g"))->size(), 0U);
  EXPECT_EQ(locks_of(h, 1),
            (Locks{"IS database", "IS page", "IS relation", "RangeS-S key k", "S tuple"}));
  a.roll_back();
}

TEST_F(Locking, ARangeEndsAtAKeyThatStays) {
  // g is not committed: should it go, the gap below it opens up to k.
  b.begin();
  EXPECT_EQ(b.insert("g=1")->outcome, Outcome::kDone);
  a.begin(Level::kSerializable);
  EXPECT_EQ(a.select(a.between("f", "ff"))->size(), 1U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "IS page", "IS relation", "RangeS-S key f",
                                   "RangeS-S key g", "RangeS-S key k", "S tuple"}));
  b.roll_back();
  c.begin();
  {
    Blocked writer(c, [&] { EXPECT_EQ(c.insert("fe=1")->outcome, Outcome::kDone); });
    a.roll_back();
  }
  c.roll_back();
}

TEST_F(Locking, WhoInsertsIntoItsOwnRangeKeepsBothHalves) {
  a.begin(Level::kSerializable);
  EXPECT_EQ(a.select(a.between("d", "e"))->size(), 0U);
  EXPECT_EQ(a.insert("dd=1")->outcome, Outcome::kDone);
  for (const char* row : {"d=1", "de=1"}) {
    b.begin();
    Blocked writer(b, [&] {
      auto inserted = b.insert(row);
      EXPECT_EQ(inserted.error().state().code(), "57014");
    });
    b.task.interrupt(base::Interrupt::kCancel);
    writer.join();
    b.roll_back();
  }
}

TEST_F(Locking, AWholeTableIsOneRange) {
  a.begin(Level::kSerializable);
  EXPECT_EQ(a.rows().size(), 3U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "S relation"}));
  b.begin();
  Blocked writer(b, [&] { EXPECT_EQ(b.insert("z=1")->outcome, Outcome::kDone); });
  EXPECT_EQ(locks_of(h, 2), (Locks{"IX database", "waits for IX relation"}));
  a.roll_back();
}

TEST_F(Locking, UpdatersOfARangeQueueUpInsteadOfDeadlocking) {
  ScanSpec spec = a.between("c", "f");
  spec.intent = RowIntent::kUpdate;
  a.begin(Level::kSerializable);
  b.begin(Level::kSerializable);
  EXPECT_EQ(a.select(spec)->size(), 2U);
  Blocked second(b, [&] { EXPECT_EQ(b.select(spec)->size(), 2U); });
  EXPECT_EQ(locks_of(h, 2), (Locks{"waits for RangeS-U key c"}));
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  ASSERT_TRUE(a.commit());
}

TEST_F(Locking, RowsThatAnUpdateDoesNotWantAreGivenBack) {
  const auto only_f = [](const std::string& key, const std::string&) { return key == "f"; };
  for (bool by_index : {false, true}) {
    ScanSpec spec;
    if (by_index) spec.index = &h.index();
    spec.intent = RowIntent::kUpdate;
    a.begin(Level::kReadCommitted);
    EXPECT_EQ(a.select(spec, only_f)->size(), 1U);
    EXPECT_EQ(locks_of(h, 1), (Locks{"IX database", "IX page", "IX relation", "U tuple"}));
    a.roll_back();
    a.begin(Level::kRepeatableRead);
    EXPECT_EQ(a.select(spec, only_f)->size(), 1U);
    EXPECT_EQ(locks_of(h, 1),
              (Locks{"IX database", "IX page", "IX relation", "S tuple", "S tuple", "U tuple"}));
    a.roll_back();
  }
}

TEST_F(Locking, ForUpdateForShareNowaitAndSkipLocked) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.lock("c", RowLock::kUpdate), Outcome::kDone);
  EXPECT_EQ(b.rows().size(), 3U);  // U does not keep readers out
  ScanSpec wanted;
  wanted.intent = RowIntent::kLock;
  wanted.strength = RowLock::kUpdate;
  wanted.wait = LockWait::kSkip;
  EXPECT_EQ(*b.select(wanted), (Rows{{"f", "1"}, {"k", "1"}}));
  wanted.wait = LockWait::kNoWait;
  auto refused = b.select(wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().state().code(), "55P03");
  EXPECT_EQ(refused.error().message(), "could not obtain lock on row in relation \"t\"");
  b.roll_back();
  b.begin();
  EXPECT_EQ(*b.lock("c", RowLock::kShare), Outcome::kDone);
  Blocked writer(a, [&] { EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone); });
  b.roll_back();
}

TEST_F(Locking, ManyRowLocksBecomeOneOfThePageThenOfTheTable) {
  a.begin();
  for (int i = 0; i < 60; ++i) {
    std::string row = "r" + std::to_string(100 + i) + "=" + std::string(500, 'x');
    EXPECT_EQ(a.insert(row)->outcome, Outcome::kDone);
  }
  ASSERT_TRUE(a.commit());
  a.settings().rows_before_page_lock = 4;
  a.settings().rows_before_table_lock = 12;
  a.begin(Level::kRepeatableRead);
  EXPECT_EQ(a.select(a.between("r100", "r104"))->size(), 5U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "IS relation", "S page"}));
  EXPECT_EQ(a.rows().size(), 63U);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IS database", "S relation"}));
  a.roll_back();

  // A page of which others hold rows stays as it is.
  b.begin(Level::kRepeatableRead);
  EXPECT_EQ(b.select(b.between("r100", "r100"))->size(), 1U);
  a.begin();
  for (const char* key : {"r101", "r102", "r103", "r104", "r105", "r106"})
    EXPECT_EQ(*a.update(key, set_to("y")), Outcome::kDone);
  EXPECT_EQ(locks_of(h, 1).size(), 9U);
  b.roll_back();
  EXPECT_EQ(*a.update("r107", set_to("y")), Outcome::kDone);
  EXPECT_EQ(locks_of(h, 1), (Locks{"IX database", "IX relation", "X page"}));
  b.begin();
  Blocked reader(b, [&] { EXPECT_EQ(b.select(b.between("r109", "r109"))->size(), 1U); });
  EXPECT_EQ(locks_of(h, 2), (Locks{"IS database", "IS relation", "waits for IS page"}));
  a.roll_back();
}

TEST_F(Locking, ASavepointUndoesRowsButKeepsLocks) {
  a.begin(Level::kSerializable);
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  a.txn->define_savepoint();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(*a.update("f", plus_one, false), Outcome::kDone);
  EXPECT_EQ(a.insert("z=1")->outcome, Outcome::kDone);
  const Locks before = locks_of(h, 1);
  a.txn->roll_back_to_savepoint(0);
  EXPECT_EQ(locks_of(h, 1), before);
  EXPECT_EQ(a.rows(true), (Rows{{"c", "2"}, {"f", "1"}, {"k", "1"}}));
  EXPECT_EQ(*a.update("f", plus_one), Outcome::kDone);
  EXPECT_EQ(a.insert("z=2")->outcome, Outcome::kDone);
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(now(), (Rows{{"c", "2"}, {"f", "2"}, {"k", "1"}, {"z", "2"}}));
}

TEST_F(Locking, AKeyIsUniqueAndItsRivalWaits) {
  a.begin();
  b.begin();
  EXPECT_EQ(a.insert("c=7")->outcome, Outcome::kDuplicate);
  EXPECT_EQ(a.insert("z=1")->outcome, Outcome::kDone);
  {
    Blocked second(b, [&] { EXPECT_EQ(b.insert("z=2")->outcome, Outcome::kDuplicate); });
    ASSERT_TRUE(a.commit());
  }
  b.roll_back();
  EXPECT_EQ(now().size(), 4U);
}

TEST_F(Locking, AStatementDoesNotMeetItsOwnWork) {
  a.begin();
  ScanSpec spec;
  spec.intent = RowIntent::kUpdate;
  ASSERT_TRUE(a.txn->begin_statement());
  auto scan = a.txn->scan(*h.table, spec);
  int rows = 0;
  for (auto batch = (*scan)->next(); !batch->empty(); batch = (*scan)->next()) {
    for (const Row& row : *batch) {
      const std::string made = text_of(row.payload) + "1";
      OneEntry entry(h.index(), made);
      auto updated = a.txn->update(*h.table, row, {bytes_of(made), &entry, false},
                                   RowLock::kNoKeyUpdate, rows % 2 == 0);
      EXPECT_EQ(updated->outcome, Outcome::kDone);
      ++rows;
    }
  }
  EXPECT_EQ(rows, 3);
  scan->reset();
  EXPECT_EQ(a.rows(), (Rows{{"c", "11"}, {"f", "11"}, {"k", "11"}}));
  a.roll_back();
}

class LockingPolicy : public Locking {};

TEST_F(LockingPolicy, NoWaitRefusesAtOnce) {
  a.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  b.settings().deadlock_policy = DeadlockPolicy::kNoWait;
  b.begin();
  auto refused = b.update("c", plus_one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().state().code(), "40P01");
}

TEST_F(LockingPolicy, UnderWaitDieTheYoungerOneGoes) {
  for (TestSession* session : {&a, &b})
    session->settings().deadlock_policy = DeadlockPolicy::kWaitDie;
  a.begin();  // the older one
  b.begin();
  EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone);
  EXPECT_EQ(*b.update("f", plus_one), Outcome::kDone);
  EXPECT_FALSE(b.update("c", plus_one));
  Blocked waits(a, [&] { EXPECT_EQ(*a.update("f", plus_one), Outcome::kDone); });
  b.roll_back();
}

TEST_F(LockingPolicy, UnderWoundWaitTheYoungerOneIsToldToGo) {
  for (TestSession* session : {&a, &b})
    session->settings().deadlock_policy = DeadlockPolicy::kWoundWait;
  a.begin();
  b.begin();
  EXPECT_EQ(*b.update("c", plus_one), Outcome::kDone);
  Blocked waits(a, [&] { EXPECT_EQ(*a.update("c", plus_one), Outcome::kDone); });
  auto late = b.commit();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().state().code(), "40P01");
}

}  // namespace
}  // namespace isolde::txn
