#include "storage/store.hpp"

#include <gtest/gtest.h>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/heap.hpp"

namespace isolde::storage {
namespace {

using base::FaultEnv;
using AfterCrash = FaultEnv::AfterCrash;
namespace sqlstate = base::sqlstate;

StoreOptions small_options() {
  StoreOptions options;
  options.shared_buffers = 64 * kPageSize;
  options.wal.segment_size = 128 << 10;
  options.wal.buffer_size = 256 << 10;
  options.wal.background_flusher = false;
  options.max_wal_size = 1 << 20;
  options.background_writer = false;
  return options;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() { start(); }
  void start() {
    store_.reset();
    auto opened = Store::open(env_, "/data", small_options());
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }
  void crash(AfterCrash what = AfterCrash::kDropUnsynced) {
    env_.crash_now();
    store_.reset();
    env_.restart(what, 1);
    start();
  }
  std::string refused(StoreOptions options = small_options()) {
    auto opened = Store::open(env_, "/data", std::move(options));
    EXPECT_FALSE(opened.ok());
    return opened.ok() ? "" : opened.error().message();
  }
  TxnId begin() { return *store_->txns().begin(); }
  void commit(TxnId txn, CommitOptions options = {}) {
    auto status = store_->txns().commit(task_, txn, options);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  TxnFate fate(TxnId txn) { return store_->txns().state(txn)->fate; }

  FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, CommittedAndAbortedSurviveACrash) {
  TxnId a = begin(), b = begin(), c = begin();
  EXPECT_EQ(fate(a), TxnFate::kInProgress);
  commit(a);
  EXPECT_TRUE(store_->txns().abort(b).ok());
  EXPECT_EQ(fate(a), TxnFate::kCommitted);
  EXPECT_EQ(fate(b), TxnFate::kAborted);
  CommitSeq seq = store_->txns().state(a)->seq;
  TxnId d = begin();
  commit(d);
  crash();
  EXPECT_EQ(fate(a), TxnFate::kCommitted);
  EXPECT_EQ(store_->txns().state(a)->seq, seq);
  EXPECT_GT(store_->txns().state(d)->seq, seq);
  EXPECT_EQ(fate(b), TxnFate::kAborted);
  EXPECT_EQ(fate(c), TxnFate::kAborted) << "in progress when the machine stopped";
  EXPECT_GT(begin(), d);
}

TEST_F(StoreTest, SubTransactionsFollowTheirParent) {
  TxnId top = begin();
  TxnId kept = *store_->txns().begin_sub(top);
  TxnId nested = *store_->txns().begin_sub(kept);
  TxnId rolled_back = *store_->txns().begin_sub(top);
  EXPECT_TRUE(store_->txns().abort(rolled_back).ok());
  EXPECT_EQ(fate(nested), TxnFate::kInProgress);
  commit(top);
  for (int round = 0; round < 2; ++round, crash()) {
    EXPECT_EQ(fate(kept), TxnFate::kCommitted);
    EXPECT_EQ(fate(nested), TxnFate::kCommitted);
    EXPECT_EQ(store_->txns().state(nested)->seq, store_->txns().state(top)->seq);
    EXPECT_EQ(fate(rolled_back), TxnFate::kAborted);
  }
}

TEST_F(StoreTest, ManyTransactionsOutgrowTheRing) {
  TxnId old_committed = begin(), old_aborted = begin(), old_open = begin();
  commit(old_committed, {false, {}});
  EXPECT_TRUE(store_->txns().abort(old_aborted).ok());
  for (int i = 0; i < 70'000; ++i) begin();
  EXPECT_EQ(fate(old_committed), TxnFate::kCommitted);
  EXPECT_EQ(fate(old_aborted), TxnFate::kAborted);
  EXPECT_EQ(fate(old_open), TxnFate::kInProgress);
  commit(old_open);
  EXPECT_EQ(fate(old_open), TxnFate::kCommitted);
}

TEST_F(StoreTest, ACommitThatDidNotWaitIsVisibleButNotDurable) {
  TxnId a = begin();
  commit(a, {false, {}});
  EXPECT_EQ(fate(a), TxnFate::kCommitted);
  EXPECT_FALSE(store_->txns().state(a)->durable);
  TxnId b = begin();
  commit(b);
  EXPECT_TRUE(store_->txns().state(a)->durable);
  EXPECT_TRUE(store_->txns().state(b)->durable);
}

TEST_F(StoreTest, FilesComeAndGoWithTheirTransactions) {
  TxnId a = begin();
  RelationId kept = *store_->txns().create_file(a, 5);
  commit(a);
  TxnId b = begin();
  RelationId undone = *store_->txns().create_file(b, 5);
  EXPECT_TRUE(store_->txns().abort(b).ok());
  TxnId c = begin();
  RelationId unfinished = *store_->txns().create_file(c, 5);
  EXPECT_TRUE(store_->checkpoint().ok()) << "the checkpoint must remember who was creating";
  TxnId d = begin();
  RelationId dropped = *store_->txns().create_file(d, 5);
  commit(d);
  TxnId e = begin();
  commit(e, {true, {dropped}});
  EXPECT_FALSE(*store_->files().exists(dropped));
  EXPECT_FALSE(*store_->files().exists(undone));
  crash();
  EXPECT_TRUE(*store_->files().exists(kept));
  for (RelationId gone : {undone, unfinished, dropped})
    EXPECT_FALSE(*store_->files().exists(gone)) << gone.number;
  TxnId f = begin();
  EXPECT_GT(*store_->txns().create_file(f, 5), dropped) << "file numbers are never used again";
}

TEST_F(StoreTest, AFailedSyncRefusesWritesForGoodAndKeepsReading) {
  TxnId a = begin();
  commit(a);
  TxnId b = begin();
  env_.fail_sync(1);
  auto failed = store_->txns().commit(task_, b, {});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().state(), sqlstate::kIoError);
  EXPECT_EQ(fate(a), TxnFate::kCommitted);
  EXPECT_EQ(fate(b), TxnFate::kInProgress) << "nobody may see what may be lost";
  TxnId c = begin();
  EXPECT_FALSE(store_->txns().commit(task_, c, {}).ok());
  EXPECT_TRUE(store_->txns().abort(c).ok());
  EXPECT_EQ(fate(c), TxnFate::kAborted);
  crash();
  EXPECT_EQ(fate(a), TxnFate::kCommitted);
}

TEST_F(StoreTest, AFullDiskRefusesAndThenGoesOn) {
  TxnId create = begin();
  RelationId relation = *store_->txns().create_file(create, 1);
  commit(create);
  Heap heap(*store_, relation);
  std::string payload(2000, 'x');
  env_.set_capacity(env_.used());
  TxnId a = begin();
  base::Status status;
  for (int i = 0; i < 1000 && status; ++i) {
    auto id = heap.insert({a, CommandId{}, as_bytes(payload), 0});
    if (!id) status = id.take_error();
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().state(), sqlstate::kDiskFull) << status.error().message();
  EXPECT_TRUE(store_->txns().abort(a).ok());
  env_.set_capacity(UINT64_MAX);
  TxnId b = begin();
  EXPECT_TRUE(heap.insert({b, CommandId{}, as_bytes(payload), 0}).ok());
  commit(b);
  crash();
  EXPECT_EQ(fate(a), TxnFate::kAborted);
  EXPECT_EQ(fate(b), TxnFate::kCommitted);
}

TEST_F(StoreTest, ASecondServerIsRefused) {
  EXPECT_EQ(refused(), "lock file \"/data/isolde.lock\" already exists");
}

TEST_F(StoreTest, OtherDirectoriesAreRefusedInOneLine) {
  EXPECT_TRUE(store_->close().ok());
  store_.reset();
  auto control = *base::read_file(env_, "/data/control");
  std::string newer = control;
  newer.replace(newer.find("format 1"), 8, "format 9");
  ASSERT_TRUE(base::write_file_atomically(env_, "/data/control", newer).ok());
  EXPECT_EQ(refused(), "data directory \"/data\" has format 9, this server reads format 1");
  ASSERT_TRUE(base::write_file_atomically(env_, "/data/control", control + "x").ok());
  EXPECT_EQ(refused(), "control file \"/data/control\" is damaged");
  ASSERT_TRUE(env_.remove("/data/control").ok());
  ASSERT_TRUE(env_.open("/data/PG_VERSION", base::OpenMode::kCreate).ok());
  EXPECT_EQ(refused(), "directory \"/data\" exists but is not an Isolde data directory");
}

TEST_F(StoreTest, AReadOnlyDirectoryIsRefused) {
  store_.reset();
  env_.set_read_only(true);
  EXPECT_EQ(refused(), "could not open file \"/data/isolde.lock\": Read-only file system");
}

TEST_F(StoreTest, AMissingLogSegmentIsNamed) {
  for (int i = 0; i < 3000; ++i) commit(begin());
  store_.reset();
  auto names = *env_.list("/data/wal");
  ASSERT_GT(names.size(), 2u);
  ASSERT_TRUE(env_.remove("/data/wal/" + names[1]).ok());
  EXPECT_EQ(refused(), "write-ahead log segment \"" + names[1] + "\" is missing");
}

/// Pages know that the log went on: what they hold is not taken for something that was committed.
TEST_F(StoreTest, ALogThatHasLostItsEndIsNoticed) {
  const TxnId a = begin();
  const RelationId relation = *store_->txns().create_file(a, 1);
  Heap heap(*store_, relation);
  std::string payload(3000, 'x');
  ASSERT_TRUE(heap.insert({a, {}, as_bytes(payload), 0}).ok());
  commit(a);
  ASSERT_TRUE(store_->checkpoint().ok());
  const uint64_t segment = small_options().wal.segment_size;
  const std::string first = segment_name(store_->wal().insert_lsn().value / segment);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(heap.insert({begin(), {}, as_bytes(payload), 0}).ok());
  ASSERT_TRUE(store_->pool().write_back().ok());
  env_.crash_now();
  store_.reset();
  env_.restart(AfterCrash::kKeepAll, 1);
  const auto names = *env_.list("/data/wal");
  for (const std::string& name : names) {
    if (name <= first) continue;
    ASSERT_TRUE(env_.remove("/data/wal/" + name).ok());
  }
  const std::string reason = refused();
  EXPECT_TRUE(reason.starts_with("block ")) << reason;
  EXPECT_NE(reason.find(" was changed at 0/"), std::string::npos) << reason;
  EXPECT_NE(reason.find(", but the write-ahead log ends at 0/"), std::string::npos) << reason;
}

TEST_F(StoreTest, APageFromBehindTheLogsEndIsReportedAndOthersServed) {
  const TxnId a = begin();
  const RelationId relation = *store_->txns().create_file(a, 1);
  Heap heap(*store_, relation);
  std::string payload(3000, 'x');
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(heap.insert({a, {}, as_bytes(payload), 0}).ok());
  commit(a);
  ASSERT_TRUE(store_->close().ok());
  store_.reset();
  const std::string path = "/data/" + relation_path(relation, Fork::kMain);
  auto file = *env_.open(path, base::OpenMode::kReadWrite);
  Bytes page(kPageSize);
  ASSERT_TRUE(file->read_at(kPageSize, page).ok());
  const PageId id{relation, Fork::kMain, BlockNumber{1}};
  PageEditor(page.data()).set_lsn(Lsn{0x7fff'0000});
  set_page_checksum(page.data(), id);
  ASSERT_TRUE(file->write_at(kPageSize, page).ok());
  start();
  Heap again(*store_, relation);
  VersionBatch batch;
  auto bad = again.read_page(BlockNumber{1}, batch);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().state(), sqlstate::kDataCorrupted);
  EXPECT_TRUE(bad.error().message().starts_with(
      "block 1 of relation " + relation_path(relation, Fork::kMain) +
      " was changed at 0/7FFF0000, but the write-ahead log ends at "))
      << bad.error().message();
  EXPECT_TRUE(again.read_page(BlockNumber{0}, batch).ok());
}

/// What a killed process has written is in the system's cache alone; the next one builds upon it,
/// and then the machine stops.
TEST_F(StoreTest, AKilledProcessAndThenAPowerCutLoseNothing) {
  const TxnId a = begin();
  const RelationId relation = *store_->txns().create_file(a, 1);
  commit(a);
  const std::string payload(3000, 'x');
  const TxnId b = begin();
  ASSERT_TRUE(Heap(*store_, relation).insert({b, {}, as_bytes(payload), 0}).ok());
  commit(b);
  ASSERT_TRUE(store_->pool().write_back().ok());  // not synced
  crash(AfterCrash::kKillProcess);
  crash(AfterCrash::kDropUnsynced);
  VersionBatch batch;
  ASSERT_TRUE(Heap(*store_, relation).read_page(BlockNumber{0}, batch).ok());
  EXPECT_EQ(batch.versions().size(), 1u);
}

TEST_F(StoreTest, ADamagedPageIsReportedAndOthersServed) {
  TxnId a = begin();
  RelationId relation = *store_->txns().create_file(a, 1);
  Heap heap(*store_, relation);
  std::string payload(3000, 'x');
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(heap.insert({a, {}, as_bytes(payload), 0}).ok());
  commit(a);
  ASSERT_TRUE(store_->close().ok());
  const std::string file = "/data/" + relation_path(relation, Fork::kMain);
  for (uint64_t offset : {0UL, 8UL, 20UL, 25UL, 4000UL, 8191UL}) {
    store_.reset();
    env_.corrupt(file, kPageSize + offset, 0x10);
    start();
    Heap again(*store_, relation);
    VersionBatch batch;
    auto bad = again.read_page(BlockNumber{1}, batch);
    ASSERT_FALSE(bad.ok()) << offset;
    EXPECT_EQ(bad.error().state(), sqlstate::kDataCorrupted);
    EXPECT_EQ(bad.error().message(),
              "invalid page in block 1 of relation " + relation_path(relation, Fork::kMain));
    EXPECT_TRUE(again.read_page(BlockNumber{0}, batch).ok());
    EXPECT_EQ(batch.versions().size(), 2u);
    env_.corrupt(file, kPageSize + offset, 0x10);
  }
}

TEST_F(StoreTest, OddFileSizes) {
  TxnId a = begin();
  RelationId relation = *store_->txns().create_file(a, 1);
  Heap heap(*store_, relation);
  std::string payload(3000, 'x');
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(heap.insert({a, {}, as_bytes(payload), 0}).ok());
  commit(a);
  ASSERT_TRUE(store_->close().ok());
  for (uint64_t size : {0UL, 1UL, kPageSize * 2 - 1}) {
    store_.reset();
    auto file =
        *env_.open("/data/" + relation_path(relation, Fork::kMain), base::OpenMode::kReadWrite);
    ASSERT_TRUE(file->truncate(size).ok());
    start();
    Heap again(*store_, relation);
    EXPECT_EQ(again.block_count()->value, size / kPageSize);
    VersionBatch batch;
    auto bad = again.read_page(BlockNumber{1}, batch);
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().state(), sqlstate::kDataCorrupted);
    TxnId b = begin();
    EXPECT_TRUE(again.insert({b, {}, as_bytes(payload), 0}).ok());
    ASSERT_TRUE(store_->close().ok());
  }
}

}  // namespace
}  // namespace isolde::storage
