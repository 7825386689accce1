#include <gtest/gtest.h>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/heap.hpp"

namespace isolde::storage {
namespace {

using base::FaultEnv;
namespace sqlstate = base::sqlstate;

class PreparedTest : public testing::Test {
 protected:
  PreparedTest() { start(); }
  void start() {
    store_.reset();
    StoreOptions options;
    options.shared_buffers = 64 * kPageSize;
    options.wal.segment_size = 128 << 10;
    options.wal.buffer_size = 256 << 10;
    options.wal.background_flusher = false;
    options.max_wal_size = 1 << 20;
    options.background_writer = false;
    auto opened = Store::open(env_, "/data", std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }
  void crash() {
    env_.crash_now();
    store_.reset();
    env_.restart(FaultEnv::AfterCrash::kDropUnsynced, 1);
    start();
  }
  TxnTable& txns() { return store_->txns(); }
  TxnId begin() { return *txns().begin(); }
  void commit(TxnId txn) {
    auto status = txns().commit(task_, txn, {});
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  TxnId prepare(std::string_view state) {
    const TxnId txn = begin();
    const ByteSpan bytes = as_bytes(state);
    auto status = txns().prepare(task_, txn, Bytes(bytes.begin(), bytes.end()));
    EXPECT_TRUE(status.ok()) << status.error().message();
    return txn;
  }
  std::string state_of(TxnId txn) {
    auto all = txns().prepared();
    auto found = all.find(txn);
    return found == all.end() ? "none"
                              : std::string(reinterpret_cast<const char*>(found->second.data()),
                                            found->second.size());
  }
  TxnFate fate(TxnId txn) { return txns().state(txn)->fate; }

  FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
};

TEST_F(PreparedTest, SurvivesCrashesAndCheckpoints) {
  const TxnId a = prepare("gid a"), b = prepare(""), lost = begin();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(state_of(a), "gid a");
    EXPECT_EQ(state_of(b), "");
    EXPECT_EQ(txns().prepared().size(), 2u);
    EXPECT_EQ(fate(a), TxnFate::kInProgress);
    EXPECT_EQ(fate(b), TxnFate::kInProgress);
    // Enough log for the segment of the first record to be used again.
    for (int i = 0; i < 3000; ++i) commit(begin());
    ASSERT_TRUE(store_->checkpoint().ok());
    ASSERT_TRUE(store_->checkpoint().ok());
    crash();
    EXPECT_EQ(fate(lost), TxnFate::kAborted);
  }
  ASSERT_TRUE(store_->close().ok());
  start();
  commit(a);
  ASSERT_TRUE(txns().abort_prepared(task_, b).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(fate(a), TxnFate::kCommitted);
    EXPECT_EQ(fate(b), TxnFate::kAborted);
    EXPECT_TRUE(txns().prepared().empty());
    crash();
  }
}

TEST_F(PreparedTest, SubTransactionsAndFilesShareItsFate) {
  const TxnId top = begin(), sub = *txns().begin_sub(top), undone = *txns().begin_sub(top);
  const RelationId file = *txns().create_file(sub, 1), other = *txns().create_file(undone, 1);
  ASSERT_TRUE(txns().abort(undone).ok());
  ASSERT_TRUE(txns().prepare(task_, top, {}).ok());
  const TxnId top2 = begin();
  const RelationId file2 = *txns().create_file(*txns().begin_sub(top2), 1);
  ASSERT_TRUE(txns().prepare(task_, top2, {}).ok());
  for (int round = 0; round < 2; ++round) {
    crash();
    EXPECT_TRUE(*store_->files().exists(file));
    EXPECT_TRUE(*store_->files().exists(file2));
    EXPECT_FALSE(*store_->files().exists(other));
    EXPECT_EQ(fate(sub), TxnFate::kInProgress);
    EXPECT_EQ(fate(undone), TxnFate::kAborted);
    ASSERT_TRUE(store_->checkpoint().ok());
  }
  commit(top);
  ASSERT_TRUE(txns().abort_prepared(task_, top2).ok());
  EXPECT_FALSE(*store_->files().exists(file2));
  crash();
  EXPECT_EQ(fate(sub), TxnFate::kCommitted);
  EXPECT_TRUE(*store_->files().exists(file));
  EXPECT_FALSE(*store_->files().exists(file2));
}

TEST_F(PreparedTest, AnOldOneLeavesItsSuccessorInTheRingAlone) {
  const TxnId old_plain = begin(), old_prepared = prepare("x");
  for (int i = 0; i < (1 << 16) - 2; ++i) begin();
  const TxnId neighbour = begin(), neighbour2 = begin();
  ASSERT_EQ(neighbour.value - old_plain.value, uint64_t{1} << 16);
  commit(old_plain);
  ASSERT_TRUE(txns().abort_prepared(task_, old_prepared).ok());
  EXPECT_EQ(fate(old_plain), TxnFate::kCommitted);
  EXPECT_EQ(fate(old_prepared), TxnFate::kAborted);
  EXPECT_EQ(fate(neighbour), TxnFate::kInProgress);
  EXPECT_EQ(fate(neighbour2), TxnFate::kInProgress);
}

TEST_F(PreparedTest, TooMuchStateIsRefused) {
  const TxnId txn = begin();
  auto status = txns().prepare(task_, txn, Bytes(size_t{1} << 20));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().state(), sqlstate::kProgramLimitExceeded);
  EXPECT_TRUE(txns().prepared().empty());
  EXPECT_TRUE(txns().abort(txn).ok());
}

TEST_F(PreparedTest, AFailedSyncPreparesNothingForSure) {
  const TxnId txn = begin();
  env_.fail_sync(1);
  EXPECT_FALSE(txns().prepare(task_, txn, {}).ok());
  EXPECT_FALSE(txns().abort_prepared(task_, txn).ok()) << "it may come back";
  crash();
  EXPECT_TRUE(txns().prepared().empty()) << "the sync that failed lost the record";
}

}  // namespace
}  // namespace isolde::storage
