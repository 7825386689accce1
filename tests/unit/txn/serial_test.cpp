// One transaction at a time.

#include "tests/unit/txn/engine_harness.hpp"

namespace isolde::txn {
namespace {

// A statement that touches no table does not wait for its turn. What it sees must not be what the
// transaction sees when its turn has come.
TEST(Serial, SeesWhatCameBeforeItsTurn) {
  EngineHarness harness("serial");
  TestSession a(harness, 1), b(harness, 2);
  for (IsolationLevel level : {IsolationLevel::kReadCommitted, IsolationLevel::kRepeatableRead,
                               IsolationLevel::kSerializable}) {
    const std::string row = std::to_string(static_cast<int>(level));
    b.begin(level);
    ASSERT_TRUE(b.txn->enter(false).ok());
    ASSERT_TRUE(b.txn->begin_statement().ok());  // SELECT 1
    a.begin(level);
    ASSERT_TRUE(a.insert(row + "=a").ok());
    ASSERT_TRUE(a.commit().ok());
    EXPECT_EQ(b.rows().count(row), 1U);
    auto changed = b.update(row, [](const std::string&) { return "b"; });
    ASSERT_TRUE(changed.ok()) << changed.error().message();
    EXPECT_EQ(*changed, Outcome::kDone);
    ASSERT_TRUE(b.commit().ok());
  }
}

TEST(Serial, WaitsForItsTurn) {
  EngineHarness harness("serial");
  TestSession a(harness, 1), b(harness, 2);
  a.begin();
  ASSERT_TRUE(a.insert("1=a").ok());
  b.begin();
  {
    Blocked waits(b, [&] { EXPECT_EQ(b.rows().count("1"), 1U); });
    ASSERT_TRUE(a.commit().ok());
  }
  ASSERT_TRUE(b.commit().ok());
}

TEST(Serial, ThoseThatOnlyReadRunTogether) {
  EngineHarness harness("serial");
  TestSession a(harness, 1), b(harness, 2);
  a.begin(IsolationLevel::kReadCommitted, true);
  EXPECT_TRUE(a.rows().empty());
  b.begin(IsolationLevel::kReadCommitted, true);
  EXPECT_TRUE(b.rows().empty());
  ASSERT_TRUE(a.commit().ok());
  ASSERT_TRUE(b.commit().ok());
}

}  // namespace
}  // namespace isolde::txn
