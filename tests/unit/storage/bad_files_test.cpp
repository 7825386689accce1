// Files that are empty, short, damaged or gone: each gives a message that names it, none a crash,
// and what is sound is served.

#include <gtest/gtest.h>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/btree.hpp"
#include "storage/check.hpp"
#include "storage/heap.hpp"
#include "storage/overflow.hpp"
#include "storage/sequence.hpp"

namespace isolde::storage {
namespace {

namespace sqlstate = base::sqlstate;

class BadFilesTest : public testing::Test {
 protected:
  BadFilesTest() { start(); }
  void start() {
    store_.reset();
    StoreOptions options;
    options.shared_buffers = 128 * kPageSize;
    options.wal.segment_size = 4 << 20;
    options.wal.buffer_size = 1 << 20;
    options.wal.background_flusher = false;
    options.max_wal_size = 4 << 20;
    options.background_writer = false;
    auto opened = Store::open(env_, "/data", std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }
  void stop() {
    ASSERT_TRUE(store_->close().ok());
    store_.reset();
  }
  RelationId create() {
    const TxnId txn = *store_->txns().begin();
    const RelationId relation = *store_->txns().create_file(txn, 1);
    EXPECT_TRUE(store_->txns().commit(task_, txn, {}).ok());
    return relation;
  }
  /// Eight to a page or one, as the size wants it.
  void fill(RelationId relation, int rows, size_t size) {
    Heap heap(*store_, relation);
    const std::string payload(size, 'x');
    const TxnId txn = *store_->txns().begin();
    for (int i = 0; i < rows; ++i) {
      ASSERT_TRUE(heap.insert({txn, CommandId{}, as_bytes(payload), 0}).ok());
      if (i % 400 == 399) {
        ASSERT_TRUE(store_->checkpoint().ok());
      }
    }
    ASSERT_TRUE(store_->txns().commit(task_, txn, {}).ok());
  }
  size_t rows(RelationId relation) {
    Heap heap(*store_, relation);
    VersionBatch batch;
    size_t count = 0;
    const uint32_t blocks = heap.block_count()->value;
    for (uint32_t block = 0; block < blocks; ++block) {
      if (heap.read_page(BlockNumber{block}, batch)) count += batch.versions().size();
    }
    return count;
  }
  std::string path_of(RelationId relation, Fork fork = Fork::kMain) {
    return "/data/" + relation_path(relation, fork);
  }
  void cut(const std::string& path, uint64_t size) {
    auto file = env_.open(path, base::OpenMode::kReadWrite);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->truncate(size).ok());
    ASSERT_TRUE((*file)->sync(base::SyncMethod::kFsync).ok());
  }
  /// The checker's lines about a stopped store.
  std::vector<std::string> problems() {
    std::vector<std::string> lines;
    auto report = check_data_directory(env_, "/data",
                                       [&](const std::string& line) { lines.push_back(line); });
    EXPECT_TRUE(report.ok()) << report.error().message();
    return lines;
  }
  static constexpr Fork kMain = Fork::kMain;

  base::FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
};

TEST_F(BadFilesTest, FilesOfZeroOneAnd7999Pages) {
  const RelationId empty = create(), one = create(), large = create();
  fill(one, 1, 8000);
  fill(large, 7999, 8000);
  stop();
  EXPECT_TRUE(problems().empty());
  start();
  EXPECT_EQ(Heap(*store_, empty).block_count()->value, 0u);
  EXPECT_EQ(Heap(*store_, one).block_count()->value, 1u);
  EXPECT_GE(Heap(*store_, large).block_count()->value, 7999u);  // space is taken in runs
  EXPECT_EQ(rows(empty), 0u);
  EXPECT_EQ(rows(one), 1u);
  EXPECT_EQ(rows(large), 7999u);
  for (RelationId relation : {empty, one, large}) fill(relation, 1, 100);
  EXPECT_EQ(rows(empty), 1u);
}

TEST_F(BadFilesTest, AnEmptyFileIsNoIndexAndNoSequence) {
  const RelationId empty = create();
  std::vector<TupleId> found;
  auto looked = Btree(*store_, empty).lookup(as_bytes("key"), found);
  ASSERT_FALSE(looked.ok());
  EXPECT_EQ(looked.error().state(), sqlstate::kDataCorrupted);
  EXPECT_EQ(looked.error().message(), "could not read block 0 in file \"" +
                                          relation_path(empty, kMain) +
                                          "\": the file ends before it");
  EXPECT_FALSE(Sequence(*store_, empty).advance({}).ok());
}

TEST_F(BadFilesTest, ATruncatedFileIsReportedAndItsFirstPagesServed) {
  const RelationId table = create(), other = create();
  fill(table, 5, 8000);
  fill(other, 3, 8000);
  stop();
  cut(path_of(table), 2 * kPageSize + 100);
  EXPECT_EQ(problems(), std::vector<std::string>{relation_path(table, kMain) +
                                                 ": 100 bytes behind the last page"});
  start();
  EXPECT_EQ(rows(table), 2u);
  EXPECT_EQ(rows(other), 3u);
  VersionBatch batch;
  auto lost = Heap(*store_, table).read({BlockNumber{4}, Slot{0}}, batch);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().message(), "could not read block 4 in file \"" +
                                        relation_path(table, kMain) +
                                        "\": the file ends before it");
  fill(table, 3, 8000);
  EXPECT_EQ(rows(table), 5u);
}

TEST_F(BadFilesTest, AMapThatKnowsMorePagesThanThereAreIsReported) {
  struct AllSee final : VersionJudge {
    VersionFate judge(const VersionHeader& /*version*/) override { return VersionFate::kAllSee; }
  } judge;
  const RelationId table = create();
  fill(table, 5, 8000);
  ASSERT_TRUE(Heap(*store_, table, &judge).set_all_visible(BlockNumber{4}).ok());
  stop();
  EXPECT_TRUE(problems().empty());
  cut(path_of(table), 4 * kPageSize);
  EXPECT_EQ(problems(), std::vector<std::string>{relation_path(table, kMain) +
                                                 ": has 4 pages, but its visibility map knows "
                                                 "block 4"});
}

/// Else every transaction would look aborted, and vacuum would remove what they have done.
TEST_F(BadFilesTest, WithoutTransactionStatusNothingStarts) {
  const RelationId table = create();
  fill(table, 1, 100);
  stop();
  const std::string path = path_of({0, 1});
  auto refusal = [&] {
    StoreOptions options;
    options.wal.segment_size = 4 << 20;
    options.background_writer = false;
    auto opened = Store::open(env_, "/data", std::move(options));
    return opened.ok() ? std::string() : opened.error().message();
  };
  cut(path, 0);
  EXPECT_EQ(refusal(), "could not read block 0 in file \"base/0/1\": the file ends before it");
  EXPECT_FALSE(problems().empty());
  ASSERT_TRUE(env_.remove(path).ok());
  EXPECT_EQ(refusal(), "could not open file \"" + path + "\": No such file or directory");
}

TEST_F(BadFilesTest, AMissingFileIsNamed) {
  const RelationId table = create();
  fill(table, 2, 8000);
  stop();
  ASSERT_TRUE(env_.remove(path_of(table)).ok());
  start();
  auto blocks = Heap(*store_, table).block_count();
  ASSERT_FALSE(blocks.ok());
  EXPECT_EQ(blocks.error().message(),
            "could not open file \"" + path_of(table) + "\": No such file or directory");
}

/// A relation of each kind, a bit flipped in its page: XX001 with relation and block.
class FlippedBit : public BadFilesTest {
 protected:
  void expect_found(const std::function<base::Status()>& use, RelationId relation, Fork fork,
                    uint32_t block) {
    const std::string where = relation_path(relation, fork);
    for (uint64_t offset : {0U, 9U, 14U, 30U, 5000U, 8190U}) {
      SCOPED_TRACE(where + " at " + std::to_string(offset));
      stop();
      env_.corrupt("/data/" + where, uint64_t{block} * kPageSize + offset, 4);
      const auto lines = problems();
      ASSERT_FALSE(lines.empty());
      EXPECT_EQ(lines.front(), where + ", block " + std::to_string(block) + ": invalid checksum");
      start();
      auto used = use();
      ASSERT_FALSE(used.ok());
      EXPECT_EQ(used.error().state(), sqlstate::kDataCorrupted);
      EXPECT_EQ(used.error().message(),
                "invalid page in block " + std::to_string(block) + " of relation " + where);
      env_.corrupt("/data/" + where, uint64_t{block} * kPageSize + offset, 4);
      start();
      auto again = use();
      EXPECT_TRUE(again.ok()) << again.error().message();
    }
  }
};

TEST_F(FlippedBit, InATable) {
  const RelationId table = create();
  fill(table, 3, 8000);
  expect_found(
      [&] {
        VersionBatch batch;
        return Heap(*store_, table).read_page(BlockNumber{1}, batch);
      },
      table, kMain, 1);
}

TEST_F(FlippedBit, InAnIndexAndItsMetaPage) {
  const RelationId index = create();
  ASSERT_TRUE(Btree(*store_, index).create().ok());
  ASSERT_TRUE(
      Btree(*store_, index).insert(TxnId{3}, as_bytes("key"), {BlockNumber{1}, Slot{2}}).ok());
  auto look = [&] {
    std::vector<TupleId> found;
    return Btree(*store_, index).lookup(as_bytes("key"), found);
  };
  expect_found(look, index, kMain, 0);
  expect_found(look, index, kMain, 1);
}

TEST_F(FlippedBit, InASequence) {
  const RelationId sequence = create();
  ASSERT_TRUE(Sequence(*store_, sequence).create(1).ok());
  expect_found(
      [&] {
        auto read = Sequence(*store_, sequence).read();
        return read ? base::Status() : base::Status(read.take_error());
      },
      sequence, kMain, 0);
}

TEST_F(FlippedBit, InAVisibilityMap) {
  struct AllSee final : VersionJudge {
    VersionFate judge(const VersionHeader& /*version*/) override { return VersionFate::kAllSee; }
  } judge;
  const RelationId table = create();
  fill(table, 1, 8000);
  ASSERT_TRUE(Heap(*store_, table, &judge).set_all_visible(BlockNumber{0}).ok());
  expect_found(
      [&] {
        auto visible = Heap(*store_, table).all_visible(BlockNumber{0});
        return visible ? base::Status() : base::Status(visible.take_error());
      },
      table, Fork::kVisibility, 0);
}

TEST_F(FlippedBit, InAValueOutOfLine) {
  const RelationId table = create();
  std::string value(20'000, 'x');
  for (size_t i = 0; i < value.size(); ++i) value[i] = static_cast<char>(i * i * 31 + i / 7);
  auto ref = Overflow(*store_, table).write(*store_->txns().begin(), as_bytes(value));
  ASSERT_TRUE(ref.ok());
  expect_found(
      [&] {
        auto read = Overflow(*store_, table).read(*ref);
        return read ? base::Status() : base::Status(read.take_error());
      },
      table, Fork::kOverflow, ref->first.value);
}

TEST_F(FlippedBit, InTheTransactionStatus) {
  const TxnId old = *store_->txns().begin();
  ASSERT_TRUE(store_->txns().commit(task_, old, {}).ok());
  expect_found(
      [&] {
        auto state = store_->txns().state(old);
        return state ? base::Status() : base::Status(state.take_error());
      },
      {0, 1}, kMain, 0);
}

/// Only a hint, so a damaged one counts as empty.
TEST_F(FlippedBit, InAFreeSpaceMapIsMended) {
  const RelationId table = create();
  fill(table, 3, 8000);
  FreeSpace space(store_->pool(), table);
  ASSERT_TRUE(space.record(BlockNumber{0}, 100).ok());
  stop();
  env_.corrupt(path_of(table, Fork::kFreeSpace), 5000, 4);
  EXPECT_EQ(problems(), std::vector<std::string>{relation_path(table, Fork::kFreeSpace) +
                                                 ", block 0: invalid checksum"});
  start();
  fill(table, 3, 8000);
  EXPECT_EQ(rows(table), 6u);
}

}  // namespace
}  // namespace isolde::storage
