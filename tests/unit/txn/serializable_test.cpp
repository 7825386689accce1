#include "tests/unit/txn/ssi_harness.hpp"

namespace isolde::txn {
namespace {

const std::string kDuringCommit = "identification as a pivot, during commit attempt.";
const std::string kDuringWrite = "identification as a pivot, during write.";
const std::string kDuringIn = "identification as a pivot, during conflict in checking.";
const std::string kDuringOut = "identification as a pivot, during conflict out checking.";

class Serializable : public testing::Test {
 protected:
  explicit Serializable(const PredicateLimits& limits = {})
      : h("mvcc", limits), a(h, 1), b(h, 2), c(h, 3), d(h, 4) {
    a.begin();
    for (const char* row : {"a=0", "c=0", "e=0", "g=0", "x=0", "y=0", "z=0"})
      EXPECT_EQ(a.insert(row)->outcome, Outcome::kDone);
    EXPECT_TRUE(a.commit());
  }
  Serializables& all() { return h.manager->serializables(); }
  void expect_nothing_left() {
    EXPECT_EQ(all().graph().size(), 0U);
    EXPECT_EQ(all().locks().count(), 0U);
    EXPECT_EQ(all().locks().disowned(), 0U);
  }
  size_t locks_of(int session, bool (PredicateTarget::*kind)() const) {
    size_t count = 0;
    for (const SireadView& lock : all().siread_locks())
      count += lock.session.value == session && !lock.range && (lock.target.*kind)();
    return count;
  }

  EngineHarness h;
  SsiSession a, b, c, d;
};

TEST_F(Serializable, WriteSkew) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.get("x") + *a.get("y"), "00");
  EXPECT_EQ(*b.get("x") + *b.get("y"), "00");
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(a.commit());
  base::Status late = b.commit();
  EXPECT_EQ(reason(late), kDuringCommit);
  EXPECT_EQ(late.error().state(), base::sqlstate::kTRSerializationFailure);
  EXPECT_EQ(late.error().message(),
            "could not serialize access due to read/write dependencies among transactions");
  EXPECT_EQ(late.error().fields().hint, "The transaction might succeed if retried.");
  expect_nothing_left();
}

TEST_F(Serializable, WriteSkewWhereTheFirstCommitsEarly) {
  for (bool by_table : {false, true}) {
    a.begin();
    b.begin();
    const auto range = by_table ? std::nullopt : std::optional(range_of("x", "y"));
    EXPECT_TRUE(a.read(range));
    EXPECT_TRUE(b.read(range));
    EXPECT_TRUE(a.set("x", "1", false));
    EXPECT_TRUE(a.commit());
    EXPECT_EQ(reason(b.set("y", "1", false)), kDuringWrite);
    b.roll_back();
  }
  expect_nothing_left();
}

TEST_F(Serializable, ADoomedTransactionLearnsOfItAtItsNextStep) {
  for (int step = 0; step < 2; ++step) {
    a.begin();
    b.begin();
    EXPECT_TRUE(a.read("x", "y"));
    EXPECT_TRUE(b.read("x", "y"));
    EXPECT_TRUE(a.set("x", "1"));
    EXPECT_TRUE(b.set("y", "1"));
    EXPECT_TRUE(a.commit());
    EXPECT_EQ(step == 0 ? reason(b.get("a")) : reason(b.insert("b=1")),
              step == 0 ? kDuringOut : kDuringIn);
    b.roll_back();
  }
}

TEST_F(Serializable, OneConflictAloneEndsNobody) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.get("x"), "0");
  EXPECT_TRUE(b.set("x", "1"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(*a.get("x"), "0");
  EXPECT_TRUE(a.set("y", "1"));
  EXPECT_TRUE(a.commit());
  expect_nothing_left();
}

TEST_F(Serializable, RepeatableReadLetsWriteSkewPass) {
  a.TestSession::begin(IsolationLevel::kRepeatableRead);
  b.TestSession::begin(IsolationLevel::kRepeatableRead);
  EXPECT_TRUE(a.read("x", "y"));
  EXPECT_TRUE(b.read("x", "y"));
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(a.commit());
  EXPECT_TRUE(b.commit());
}

/// Fekete, O'Neil and O'Neil: a and b alone would fit into an order; c sees what does not.
TEST_F(Serializable, TheReadOnlyAnomaly) {
  for (bool declared : {false, true}) {
    a.begin();
    EXPECT_TRUE(a.read("x", "y"));
    b.begin();
    EXPECT_TRUE(b.get("y"));
    EXPECT_TRUE(b.set("y", "20"));
    EXPECT_TRUE(b.commit());
    c.begin(declared);
    EXPECT_TRUE(c.read("x", "y"));
    EXPECT_TRUE(c.commit());
    EXPECT_EQ(reason(a.set("x", "-11")), kDuringWrite);
    a.roll_back();
    expect_nothing_left();
  }
}

TEST_F(Serializable, AReaderBeforeTheFirstCommitDoesNoHarm) {
  a.begin();
  EXPECT_TRUE(a.read("x", "y"));
  b.begin();
  EXPECT_TRUE(b.set("y", "20"));
  c.begin(true);
  EXPECT_EQ(*c.get("y"), "0");
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(*c.get("x"), "0");
  EXPECT_TRUE(c.commit());
  EXPECT_TRUE(a.set("x", "-11"));
  EXPECT_TRUE(a.commit());
  expect_nothing_left();
}

TEST_F(Serializable, ReadOnlyAloneIsNotTracked) {
  a.begin(true);
  EXPECT_EQ(*a.get("x"), "0");
  EXPECT_EQ(all().graph().size(), 0U);
  EXPECT_TRUE(a.commit());
}

TEST_F(Serializable, ASafeReaderStopsBeingTracked) {
  a.begin();
  EXPECT_TRUE(a.set("x", "1"));
  b.begin(true);
  EXPECT_EQ(*b.get("x"), "0");
  EXPECT_EQ(all().graph().size(), 2U);
  EXPECT_TRUE(a.commit());
  EXPECT_EQ(*b.get("x"), "0");
  expect_nothing_left();
  EXPECT_TRUE(b.commit());
}

TEST_F(Serializable, DeferrableWaitsUntilItIsSafe) {
  a.begin();
  EXPECT_TRUE(a.set("x", "1"));
  std::thread waiter([&] {
    b.begin(true, true);
    EXPECT_EQ(*b.get("x"), "0");  // the snapshot is the one from before the wait
    EXPECT_EQ(all().graph().size(), 0U);
    EXPECT_TRUE(b.commit());
  });
  wait_until_blocked(b);
  EXPECT_EQ(all().safe_snapshot_blockers(base::SessionId{2}),
            std::vector<base::SessionId>{base::SessionId{1}});
  EXPECT_TRUE(a.commit());
  waiter.join();
  EXPECT_TRUE(all().safe_snapshot_blockers(base::SessionId{2}).empty());
}

TEST_F(Serializable, DeferrableTriesAgainWhereTheSnapshotIsNotSafe) {
  a.begin();
  EXPECT_TRUE(a.read("x", "y"));
  b.begin();
  EXPECT_TRUE(b.set("y", "20"));
  EXPECT_TRUE(b.commit());
  std::thread waiter([&] {
    c.begin(true, true);
    EXPECT_EQ(*c.read("x", "y"), (Rows{{"x", "-11"}, {"y", "20"}}));
    EXPECT_TRUE(c.commit());
  });
  wait_until_blocked(c);
  EXPECT_TRUE(a.set("x", "-11"));
  EXPECT_TRUE(a.commit());
  waiter.join();
  expect_nothing_left();
}

TEST_F(Serializable, AWaitForSafetyCanBeCancelled) {
  a.begin();
  EXPECT_TRUE(a.set("x", "1"));
  std::thread waiter([&] {
    b.begin(true, true);
    EXPECT_EQ(b.get("x").error().state(), base::sqlstate::kQueryCanceled);
    b.roll_back();
  });
  wait_until_blocked(b);
  b.task.interrupt(base::Interrupt::kCancel);
  waiter.join();
  EXPECT_TRUE(a.commit());
  expect_nothing_left();
}

// ---- phantoms

TEST_F(Serializable, PhantomsOfARangeAreFound) {
  for (bool hot : {false, true}) {
    a.begin();
    b.begin();
    EXPECT_EQ(a.read("c", "e")->size(), 2U);
    EXPECT_EQ(b.read("c", "e")->size(), 2U);
    EXPECT_EQ(a.insert("d1=1")->outcome, Outcome::kDone);
    EXPECT_TRUE(a.commit());
    EXPECT_EQ(hot ? reason(b.set("c", "7")) : reason(b.insert("d2=1")), kDuringWrite);
    b.roll_back();
    a.begin();
    EXPECT_TRUE(a.remove("d1"));
    EXPECT_TRUE(a.commit());
  }
  expect_nothing_left();
}

TEST_F(Serializable, DisjointRangesDoNotConflict) {
  a.begin();
  b.begin();
  EXPECT_EQ(a.read("a", "c")->size(), 2U);
  EXPECT_EQ(b.read("e", "g")->size(), 2U);
  EXPECT_EQ(a.insert("b=1")->outcome, Outcome::kDone);
  EXPECT_EQ(b.insert("f=1")->outcome, Outcome::kDone);
  EXPECT_TRUE(a.set("c", "1", false));
  EXPECT_TRUE(b.set("e", "1", false));
  EXPECT_TRUE(a.commit());
  EXPECT_TRUE(b.commit());
}

TEST_F(Serializable, AScanThatEndsEarlyHasReadNoMore) {
  for (bool backward : {false, true}) {
    a.begin();
    b.begin();
    EXPECT_EQ(a.read(KeyRange{}, 2, false)->size(), 2U);                      // a, c, e
    EXPECT_EQ(b.read(range_of("c1", "zz"), 1, true)->count("z"), 1U);         // z
    EXPECT_EQ(a.insert(backward ? "y1=1" : "d=1")->outcome, Outcome::kDone);  // read by neither
    EXPECT_EQ(b.insert(backward ? "f=1" : "h=1")->outcome, Outcome::kDone);
    EXPECT_TRUE(a.commit());
    EXPECT_TRUE(b.commit());
  }
  a.begin();
  b.begin();
  EXPECT_EQ(a.read(KeyRange{}, 2)->size(), 2U);
  EXPECT_EQ(b.read(range_of("c1", "zz"), 2, true)->size(), 2U);
  EXPECT_EQ(a.insert("yy=1")->outcome, Outcome::kDone);
  EXPECT_EQ(b.insert("bb=1")->outcome, Outcome::kDone);
  EXPECT_TRUE(a.commit());
  EXPECT_EQ(reason(b.commit()), kDuringCommit);
}

TEST_F(Serializable, AKeyThatIsNotThereIsRead) {
  a.begin();
  b.begin();
  EXPECT_EQ(*a.get("m"), "");
  EXPECT_EQ(*b.get("m"), "");
  EXPECT_EQ(a.insert("m=1")->outcome, Outcome::kDone);
  EXPECT_TRUE(a.commit());
  // Not a duplicate key: b has seen that there was none.
  EXPECT_EQ(reason(b.insert("m=2")), kDuringWrite);
  b.roll_back();
  a.begin();
  EXPECT_EQ(a.insert("m=3")->outcome, Outcome::kDuplicate);
  a.roll_back();
}

TEST_F(Serializable, RowsThatGoAreReadToo) {
  a.begin();
  b.begin();
  EXPECT_EQ(a.read("c", "e")->size(), 2U);
  EXPECT_EQ(b.read("c", "e")->size(), 2U);
  EXPECT_TRUE(a.remove("c"));
  EXPECT_TRUE(b.remove("e"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(reason(a.commit()), kDuringCommit);
}

// ---- structures

TEST_F(Serializable, ACycleOfThree) {
  a.begin();
  b.begin();
  c.begin();
  EXPECT_TRUE(a.get("x"));
  EXPECT_TRUE(b.get("y"));
  EXPECT_TRUE(c.get("z"));
  EXPECT_TRUE(a.set("y", "1"));  // b -> a
  EXPECT_TRUE(b.set("z", "1"));  // c -> b
  EXPECT_TRUE(c.set("x", "1"));  // a -> c
  EXPECT_TRUE(a.commit());
  const bool second = b.commit().ok();
  const bool third = c.commit().ok();
  EXPECT_EQ(second + third, 1);
  expect_nothing_left();
}

TEST_F(Serializable, WhereTheLastOfThreeCommitsLastNobodyEnds) {
  a.begin();
  b.begin();
  c.begin();
  EXPECT_TRUE(a.get("x"));
  EXPECT_TRUE(b.get("y"));
  EXPECT_TRUE(b.set("x", "1"));  // a -> b
  EXPECT_TRUE(c.set("y", "1"));  // b -> c
  EXPECT_TRUE(a.commit());
  EXPECT_TRUE(b.commit());
  EXPECT_TRUE(c.commit());
  expect_nothing_left();
}

TEST_F(Serializable, AConflictOutToACommittedPivotEndsTheReader) {
  a.begin();
  EXPECT_TRUE(a.get("a"));
  b.begin();
  EXPECT_TRUE(b.get("y"));
  c.begin();
  EXPECT_TRUE(c.set("y", "1"));  // b -> c
  EXPECT_TRUE(c.commit());
  EXPECT_TRUE(b.set("x", "1"));
  EXPECT_TRUE(b.commit());
  EXPECT_TRUE(reason(a.get("x")).starts_with("conflict out to pivot "));
  a.roll_back();
  expect_nothing_left();
}

TEST_F(Serializable, WhoRollsBackConflictsWithNobody) {
  a.begin();
  b.begin();
  EXPECT_TRUE(a.read("x", "y"));
  EXPECT_TRUE(b.read("x", "y"));
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_TRUE(b.set("y", "1"));
  a.roll_back();
  EXPECT_TRUE(b.commit());
  expect_nothing_left();
}

TEST_F(Serializable, OtherLevelsTakeNoPart) {
  a.begin();
  b.TestSession::begin(IsolationLevel::kRepeatableRead);
  EXPECT_TRUE(a.read("x", "y"));
  EXPECT_TRUE(b.read("x", "y"));
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(a.commit());
  EXPECT_TRUE(b.commit());
}

// ---- savepoints

TEST_F(Serializable, WhatWasReadInASavepointStaysRead) {
  a.begin();
  b.begin();
  EXPECT_TRUE(a.get("a"));
  a.txn->define_savepoint();
  EXPECT_TRUE(a.get("y"));
  a.txn->roll_back_to_savepoint(0);
  EXPECT_TRUE(b.get("x"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(reason(a.set("x", "1")), kDuringWrite);
  a.roll_back();
}

TEST_F(Serializable, AWriteThatASavepointUndoesLeavesTheReadLocked) {
  a.begin();
  b.begin();
  EXPECT_TRUE(a.get("y"));
  a.txn->define_savepoint();
  EXPECT_TRUE(a.set("y", "5"));
  a.txn->roll_back_to_savepoint(0);
  EXPECT_TRUE(b.get("x"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(reason(a.set("x", "1")), kDuringWrite);
  a.roll_back();
}

TEST_F(Serializable, SubtransactionsConflictAsTheirTransaction) {
  a.begin();
  b.begin();
  EXPECT_TRUE(b.get("x"));
  a.txn->define_savepoint();
  EXPECT_TRUE(a.get("y"));
  EXPECT_TRUE(a.set("x", "1"));
  a.txn->release_savepoints(0);
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_EQ(*b.get("x"), "0");
  EXPECT_TRUE(a.commit());
  EXPECT_EQ(reason(b.commit()), kDuringCommit);
}

// ---- versions, locks and memory

TEST_F(Serializable, ARowOfItsOwnNeedsNoLock) {
  a.begin();
  b.begin();  // so that there are two
  EXPECT_TRUE(a.get("x"));
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 1U);
  EXPECT_TRUE(b.get("a"));
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_EQ(*a.get("x"), "1");
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 0U);
}

TEST_F(Serializable, HotVersionsAreLockedWhereTheyAre) {
  a.begin();
  EXPECT_TRUE(a.set("x", "1"));
  EXPECT_TRUE(a.set("x", "2"));
  EXPECT_TRUE(a.commit());
  a.begin();
  b.begin();
  EXPECT_EQ(*a.get("x"), "2");
  EXPECT_EQ(*b.get("y"), "0");
  EXPECT_TRUE(b.set("x", "3"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(reason(a.set("y", "1")), kDuringWrite);
  a.roll_back();
}

TEST_F(Serializable, ManyRowsOfAPageBecomeThePageThenTheTable) {
  a.begin();
  b.begin();
  EXPECT_TRUE(a.get("a"));
  EXPECT_TRUE(a.get("c"));
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 2U);
  EXPECT_TRUE(a.get("e"));
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 0U);
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_page), 1U);
  EXPECT_TRUE(a.read(std::nullopt));
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_page), 0U);
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_relation), 1U);
  EXPECT_TRUE(a.get("g"));
  EXPECT_EQ(all().locks().count(), 1U);
}

TEST_F(Serializable, LocksOutliveTheCommitAsLongAsNeeded) {
  a.begin();
  EXPECT_TRUE(a.get("x"));
  b.begin();
  EXPECT_TRUE(b.get("a"));
  EXPECT_TRUE(a.commit());
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 1U);
  c.begin();
  EXPECT_TRUE(c.get("e"));
  EXPECT_TRUE(b.commit());
  EXPECT_EQ(locks_of(1, &PredicateTarget::is_tuple), 0U);
  EXPECT_EQ(locks_of(2, &PredicateTarget::is_tuple), 1U);
  EXPECT_TRUE(c.commit());
  expect_nothing_left();
}

TEST_F(Serializable, TheViewsShowTransactionsAndConflicts) {
  a.begin();
  b.begin();
  EXPECT_TRUE(a.get("x"));
  EXPECT_TRUE(b.set("x", "1"));
  auto views = all().transactions();
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].session.value, 1);
  EXPECT_EQ(views[0].out, std::vector<base::SessionId>{base::SessionId{2}});
  EXPECT_EQ(views[1].in, std::vector<base::SessionId>{base::SessionId{1}});
  EXPECT_EQ(views[1].top_id, b.txn->top_id());
}

class TinySerializable : public Serializable {
 protected:
  TinySerializable() : Serializable({.max_locks = 2, .max_transactions = 1}) {}
};

TEST_F(TinySerializable, ASummarisedReaderIsStillAReader) {
  b.begin();
  EXPECT_TRUE(b.get("y"));
  a.begin();
  EXPECT_TRUE(a.get("x"));
  EXPECT_TRUE(a.set("y", "1"));  // b -> a
  EXPECT_TRUE(a.commit());
  c.begin();  // for whom a has to go
  EXPECT_TRUE(c.get("g"));
  EXPECT_EQ(all().graph().size(), 2U);
  EXPECT_GE(all().locks().disowned(), 1U);
  EXPECT_NE(reason(b.set("x", "1")), "");  // a -> b
  b.roll_back();
  EXPECT_TRUE(c.commit());
  expect_nothing_left();
}

TEST_F(TinySerializable, ASummarisedWriterIsStillAWriter) {
  a.begin();
  EXPECT_TRUE(a.get("g"));
  b.begin();
  EXPECT_TRUE(b.get("x"));
  EXPECT_TRUE(b.set("y", "1"));
  EXPECT_TRUE(b.commit());
  c.begin();  // for whom b has to go
  EXPECT_TRUE(c.set("a", "1"));
  EXPECT_TRUE(c.commit());
  EXPECT_TRUE(a.get("y"));                    // a -> b
  const bool goes_on = a.set("x", "1").ok();  // b -> a
  EXPECT_FALSE(goes_on && a.commit().ok());
  if (!goes_on) a.roll_back();
  expect_nothing_left();
}

}  // namespace
}  // namespace isolde::txn
