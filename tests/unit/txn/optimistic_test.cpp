// What optimistic transactions are validated for, and what they are not.

#include "tests/unit/txn/engine_harness.hpp"

namespace isolde::txn {
namespace {

constexpr IsolationLevel kLevels[] = {
    IsolationLevel::kReadUncommitted, IsolationLevel::kReadCommitted,
    IsolationLevel::kRepeatableRead, IsolationLevel::kSerializable};

class Optimistic : public testing::TestWithParam<IsolationLevel> {
 protected:
  Optimistic() : harness("optimistic"), a(harness, 1), b(harness, 2) {
    a.begin();
    EXPECT_TRUE(a.insert("1=a").ok());
    EXPECT_TRUE(a.insert("2=a").ok());
    EXPECT_TRUE(a.commit().ok());
  }

  std::string value(const std::string& key) {
    b.begin();
    auto rows = b.rows();
    EXPECT_TRUE(b.commit().ok());
    auto found = rows.find(key);
    return found == rows.end() ? "" : found->second;
  }

  EngineHarness harness;
  TestSession a, b;
};

std::function<std::string(std::string)> to(const std::string& made) {
  return [made](const std::string&) { return made; };
}

TEST_P(Optimistic, ARowCanBeUpdatedTwice) {
  for (bool hot : {true, false}) {
    a.begin(GetParam());
    ASSERT_TRUE(a.update("1", to("x"), hot).ok());
    ASSERT_TRUE(a.update("1", to("y"), hot).ok());
    auto done = a.commit();
    EXPECT_TRUE(done.ok()) << done.error().fields().detail;
    EXPECT_EQ(value("1"), "y");
  }
}

TEST_P(Optimistic, ARowCanBeInsertedAndChangedAndDeleted) {
  a.begin(GetParam());
  ASSERT_TRUE(a.insert("3=a").ok());
  ASSERT_TRUE(a.update("3", to("b"), false).ok());
  ASSERT_TRUE(a.commit().ok());
  EXPECT_EQ(value("3"), "b");
  a.begin(GetParam());
  ASSERT_TRUE(a.update("3", to("c"), false).ok());
  ASSERT_TRUE(a.remove("3").ok());
  ASSERT_TRUE(a.insert("3=d").ok());
  ASSERT_TRUE(a.commit().ok());
  EXPECT_EQ(value("3"), "d");
}

TEST_P(Optimistic, AnUndoneUpdateLeavesTheOneBeforeIt) {
  a.begin(GetParam());
  ASSERT_TRUE(a.update("1", to("x"), false).ok());
  a.txn->define_savepoint();
  ASSERT_TRUE(a.update("1", to("y"), false).ok());
  a.txn->roll_back_to_savepoint(0);
  ASSERT_TRUE(a.commit().ok());
  EXPECT_EQ(value("1"), "x");
}

// A foreign key locks FOR KEY SHARE what it refers to.
TEST_P(Optimistic, ARowThatWasReferredToCannotBeDeleted) {
  a.begin(GetParam());
  ASSERT_TRUE(a.lock("1", RowLock::kKeyShare).ok());
  ASSERT_TRUE(a.insert("3=refers to 1").ok());
  b.begin(GetParam());
  ASSERT_TRUE(b.remove("1").ok());
  ASSERT_TRUE(a.commit().ok());
  auto lost = b.commit();
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().state().code(), "40001");
  EXPECT_EQ(value("1"), "a");
}

TEST_P(Optimistic, NorCanItWhenItHasChangedMeanwhile) {
  a.begin(IsolationLevel::kReadCommitted);
  ASSERT_TRUE(a.lock("1", RowLock::kKeyShare).ok());
  ASSERT_TRUE(a.insert("3=refers to 1").ok());
  TestSession c(harness, 3);
  c.begin();
  ASSERT_TRUE(c.update("1", to("changed")).ok());
  ASSERT_TRUE(c.commit().ok());
  b.begin(GetParam());
  ASSERT_TRUE(b.remove("1").ok());
  ASSERT_TRUE(a.commit().ok());
  EXPECT_FALSE(b.commit().ok());
}

TEST_P(Optimistic, WhatRefersToADeletedRowIsLost) {
  a.begin(GetParam());
  ASSERT_TRUE(a.lock("1", RowLock::kKeyShare).ok());
  ASSERT_TRUE(a.insert("3=refers to 1").ok());
  b.begin(GetParam());
  ASSERT_TRUE(b.remove("1").ok());
  ASSERT_TRUE(b.commit().ok());
  EXPECT_FALSE(a.commit().ok());
}

TEST_P(Optimistic, ARowThatWasReferredToCanBeChanged) {
  a.begin(GetParam());
  ASSERT_TRUE(a.lock("1", RowLock::kKeyShare).ok());
  ASSERT_TRUE(a.insert("3=refers to 1").ok());
  b.begin(GetParam());
  ASSERT_TRUE(b.update("1", to("changed")).ok());
  ASSERT_TRUE(a.commit().ok());
  EXPECT_TRUE(b.commit().ok());
  EXPECT_EQ(value("1"), "changed");
}

INSTANTIATE_TEST_SUITE_P(Levels, Optimistic, testing::ValuesIn(kLevels));

}  // namespace
}  // namespace isolde::txn
