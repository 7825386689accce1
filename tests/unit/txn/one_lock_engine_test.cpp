#include "tests/unit/txn/engine_harness.hpp"
#include "txn/lock_manager.hpp"
#include "txn/locked_scan.hpp"
#include "txn/snapshot_scan.hpp"

// An engine as an exercise: one lock a table, shared to read and exclusive to write, to the end of
// the transaction. Every level is serializable. What it takes besides the hooks is nothing.

namespace isolde::txn {
namespace {

class OneLockTransaction final : public CurrentTransaction {
 public:
  OneLockTransaction(GapWatch& gaps, TransactionContext context, const TransactionModes& modes)
      : CurrentTransaction(context, modes), gaps_(gaps) {}

  base::Status begin_statement() override {
    next_command();
    return {};
  }
  base::Result<std::unique_ptr<Scan>> scan(Table& table, const ScanSpec& spec) override {
    ReadRule rule;
    rule.use = spec.intent == RowIntent::kRead ? RowUse::kRead : RowUse::kChange;
    auto locked = lock_row(table, {}, rule.use, true);
    if (!locked) return locked.take_error();
    return make_locked_scan(*this, table, spec, rule);
  }
  base::Result<bool> fetch(Table& table, TupleId id, Row& into) override {
    auto root = table.heap.root_of(id);
    if (!root) return root.take_error();
    auto locked = lock_row(table, *root, RowUse::kRead, true);
    if (!locked) return locked.take_error();
    auto row = read_current(*this, command(), table, *root, fetched_);
    if (!row) return row.take_error();
    if (row->state != CurrentRow::State::kPresent || row->version->id != id) return false;
    into = row_of(*row->version, *root);
    return true;
  }

  base::Result<Granted> lock_row(Table& table, TupleId, RowUse use, bool wait) override {
    AcquireOptions options;
    options.wait = wait;
    auto locked = manager().locks().acquire(
        locker(), LockTag::of_relation(database(), table.oid),
        use == RowUse::kRead ? hierarchy_mode::kShared : hierarchy_mode::kExclusive, options);
    if (locked && *locked == Granted::kNew) return Granted::kHeldAlready;  // nothing is given back
    return locked;
  }
  void unlock_row(Table&, TupleId, RowUse) override {}
  void reject_row(Table&, TupleId, RowUse) override {}

 protected:
  GapWatch& gap_watch() override { return gaps_; }
  base::Status enter_table(Table& table) override {
    auto locked = lock_row(table, {}, RowUse::kChange, true);
    return locked ? base::Status() : base::Status(locked.take_error());
  }
  base::Status made_row(Table&, TupleId) override { return {}; }
  bool gap_is_free(Index&, const ByteSpan*) override { return true; }
  base::Status await_gap(Index&, const ByteSpan*) override { return {}; }
  base::Status inherit_gap(Index&, ByteSpan) override { return {}; }

 private:
  GapWatch& gaps_;
  storage::VersionBatch fetched_;
};

class OneLockEngine final : public Engine {
 public:
  const EngineTraits& traits() const override {
    static const EngineTraits traits{
        .name = "one-lock",
        .like = "a table lock for everything",
        .prevents = {"everything", "everything", "everything", "everything"},
        .blocks_on = "any user of the table, unless both only read",
        .paper = "",
    };
    return traits;
  }
  std::unique_ptr<EngineTransaction> begin(TransactionContext context,
                                           const TransactionModes& modes) override {
    return std::make_unique<OneLockTransaction>(gaps_, context, modes);
  }

 private:
  GapWatch gaps_;
};

std::string plus_one(const std::string& value) {
  return std::to_string(std::stoi(value) + 1);
}

TEST(OneLockEngine, ReadersShareAndWritersAreAlone) {
  EngineHarness h("mvcc");
  h.engine = std::make_unique<OneLockEngine>();
  TestSession a(h, 1), b(h, 2);
  a.begin();
  EXPECT_EQ(a.insert("x=1")->outcome, Outcome::kDone);
  EXPECT_EQ(a.insert("y=1")->outcome, Outcome::kDone);
  EXPECT_EQ(a.insert("y=2")->outcome, Outcome::kDuplicate);
  EXPECT_EQ(*a.update("x", plus_one, false), Outcome::kDone);
  EXPECT_EQ(*a.remove("y"), Outcome::kDone);
  b.begin();
  std::map<std::string, std::string> seen;
  {
    Blocked reader(b, [&] { seen = b.rows(true); });
    EXPECT_TRUE(a.commit());
  }
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"x", "2"}}));
  a.begin();
  EXPECT_EQ(a.rows(), seen);
  {
    Blocked writer(a, [&] { EXPECT_EQ(*a.update("x", plus_one), Outcome::kDone); });
    EXPECT_TRUE(b.commit());
  }
  a.roll_back();
  b.begin();
  EXPECT_EQ(b.rows(), seen);
}

}  // namespace
}  // namespace isolde::txn
