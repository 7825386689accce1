#include "storage/heap.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/check.hpp"
#include "storage/overflow.hpp"
#include "storage/vacuum.hpp"
#include "storage/waldump.hpp"

namespace isolde::storage {
namespace {

/// Committed is seen, deleted by a committed one is dead: as with no snapshot in the way.
class PlainJudge final : public VersionJudge {
 public:
  explicit PlainJudge(TxnTable& txns) : txns_(txns) {}
  VersionFate judge(const VersionHeader& v) override {
    auto fate = [this](TxnId id) { return txns_.state(id)->fate; };
    if (fate(v.xmin) == TxnFate::kInProgress) return VersionFate::kNeeded;
    if (fate(v.xmin) == TxnFate::kAborted) return VersionFate::kDead;
    if (v.xmax == TxnId{} || fate(v.xmax) == TxnFate::kAborted) return VersionFate::kAllSee;
    return fate(v.xmax) == TxnFate::kCommitted ? VersionFate::kDead : VersionFate::kNeeded;
  }

 private:
  TxnTable& txns_;
};

class HeapTest : public testing::Test {
 protected:
  HeapTest() {
    start();
    const TxnId txn = begin();
    table_ = *store_->txns().create_file(txn, 1);
    commit(txn);
    heap_ = std::make_unique<Heap>(*store_, table_, judge_.get());
  }
  void start() {
    StoreOptions options;
    options.shared_buffers = 256 * kPageSize;
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    store_ = *Store::open(env_, "/data", options);
    judge_ = std::make_unique<PlainJudge>(store_->txns());
  }
  void restart() {
    ASSERT_TRUE(store_->close().ok());
    heap_.reset();
    judge_.reset();
    store_.reset();
    start();
    heap_ = std::make_unique<Heap>(*store_, table_, judge_.get());
  }
  TxnId begin() { return *store_->txns().begin(); }
  void commit(TxnId txn) { ASSERT_TRUE(store_->txns().commit(task_, txn, {}).ok()); }
  TupleId insert(TxnId txn, const std::string& payload) {
    return *heap_->insert({txn, CommandId{}, as_bytes(payload), 0});
  }
  UpdateResult update(TxnId txn, TupleId old, const std::string& payload, bool hot = true) {
    auto mark = [&](const VersionHeader&) { return std::optional(VersionMark{txn, {}, {}, 0}); };
    return *heap_->update(old, {txn, CommandId{}, as_bytes(payload), 0}, hot, mark);
  }
  std::string text(const VersionView& v) {
    return {reinterpret_cast<const char*>(v.payload.data()), v.payload.size()};
  }
  void expect_sound() {
    auto wrong = verify_heap(*store_, table_);
    ASSERT_TRUE(wrong.ok());
    ASSERT_FALSE(wrong->has_value()) << **wrong;
  }

  base::FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<PlainJudge> judge_;
  RelationId table_;
  std::unique_ptr<Heap> heap_;
};

TEST_F(HeapTest, InsertsAndReads) {
  const TxnId txn = begin();
  TupleId id = *heap_->insert({txn, CommandId{7}, as_bytes("hello"), 0x100});
  VersionBatch batch;
  ASSERT_TRUE(*heap_->read(id, batch));
  const VersionView& v = batch.versions()[0];
  EXPECT_EQ(text(v), "hello");
  EXPECT_EQ(v.header.xmin, txn);
  EXPECT_EQ(v.header.cmin, CommandId{7});
  EXPECT_EQ(v.header.xmax, TxnId{});
  EXPECT_EQ(v.header.infomask, 0x100);
  EXPECT_FALSE(v.header.next.valid());
  EXPECT_FALSE(*heap_->read({id.block, Slot{99}}, batch));
}

TEST_F(HeapTest, HotChainIsReadPrunedAndReused) {
  TxnId txn = begin();
  const TupleId root = insert(txn, "v0");
  commit(txn);
  TupleId last = root;
  for (int i = 1; i <= 3; ++i) {
    txn = begin();
    auto next = update(txn, last, "v" + std::to_string(i));
    EXPECT_TRUE(next.hot);
    last = next.id;
    commit(txn);
  }
  VersionBatch chain;
  ASSERT_TRUE(*heap_->read_chain(root, chain));
  ASSERT_EQ(chain.versions().size(), 4u);
  EXPECT_EQ(text(chain.versions()[3]), "v3");

  auto pruned = heap_->prune(root.block);
  ASSERT_TRUE(pruned.ok());
  EXPECT_EQ(pruned->removed, 3u);
  EXPECT_TRUE(pruned->dead.empty()) << "the root still leads to the row";
  ASSERT_TRUE(*heap_->read_chain(root, chain));
  ASSERT_EQ(chain.versions().size(), 1u);
  EXPECT_EQ(text(chain.versions()[0]), "v3");
  expect_sound();
  txn = begin();
  EXPECT_LT(insert(txn, "new").slot, last.slot) << "pruned slots are filled again";
}

TEST_F(HeapTest, AStaleLinkIsNotFollowed) {
  TxnId txn = begin();
  const TupleId row = insert(txn, "row");
  commit(txn);
  const TxnId aborted = begin();
  const TupleId gone = update(aborted, row, "never").id;
  ASSERT_TRUE(store_->txns().abort(aborted).ok());
  ASSERT_EQ(heap_->prune(row.block)->removed, 1u);
  // The same transaction deletes the row and puts another into the slot that the link names.
  txn = begin();
  auto deletion = [&](const VersionHeader& old) {
    return std::optional(VersionMark{txn, {}, old.next, 0});
  };
  ASSERT_TRUE(*heap_->mark(txn, row, deletion));
  ASSERT_EQ(insert(txn, "other"), gone);
  VersionBatch chain;
  ASSERT_TRUE(*heap_->read_chain(row, chain));
  EXPECT_EQ(chain.versions().size(), 1u);
  expect_sound();
}

TEST_F(HeapTest, PrivateVersionIsLinkedLater) {
  TxnId txn = begin();
  const TupleId row = insert(txn, "old");
  commit(txn);
  txn = begin();
  const TupleId mine = insert(txn, "new");
  VersionBatch batch;
  ASSERT_TRUE(*heap_->read(row, batch));
  EXPECT_EQ(batch.versions()[0].header.xmax, TxnId{});
  ASSERT_TRUE(*heap_->mark(txn, row, [&](const VersionHeader&) {
    return std::optional(VersionMark{txn, {}, mine, 0});
  }));
  ASSERT_TRUE(*heap_->read(row, batch));
  EXPECT_EQ(batch.versions()[0].header.next, mine);
  EXPECT_FALSE(*heap_->mark(txn, row, [](const VersionHeader&) { return std::nullopt; }));
}

TEST_F(HeapTest, UpdatesMoveToOtherPagesWhenTheirsIsFull) {
  TxnId txn = begin();
  std::vector<TupleId> rows;
  for (int i = 0; i < 40; ++i) rows.push_back(insert(txn, std::string(180, 'a')));
  commit(txn);
  txn = begin();
  bool moved = false;
  for (TupleId row : rows) {
    auto next = update(txn, row, std::string(1500, 'b'));
    ASSERT_TRUE(next.done);
    if (next.id.block != row.block) {
      EXPECT_FALSE(next.hot);
      moved = true;
    }
  }
  EXPECT_TRUE(moved);
  commit(txn);
  expect_sound();
  auto too_big = heap_->insert({begin(), {}, as_bytes(std::string(9000, 'x')), 0});
  EXPECT_EQ(too_big.error().state(), base::sqlstate::kProgramLimitExceeded);
}

TEST_F(HeapTest, VacuumEmptiesATableAndItsIndex) {
  TxnId txn = begin();
  Btree index(*store_, *store_->txns().create_file(txn, 1));
  ASSERT_TRUE(index.create().ok());
  std::vector<TupleId> rows;
  for (uint32_t i = 0; i < 2000; ++i) {
    rows.push_back(insert(txn, "some payload"));
    Bytes key(8);
    storage::store(key.data(), __builtin_bswap64(i));
    ASSERT_TRUE(index.insert(txn, key, rows.back()).ok());
  }
  commit(txn);
  Btree* indexes[] = {&index};
  auto stats = vacuum(task_, *heap_, indexes, {});
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->versions_removed, 0u);
  EXPECT_TRUE(*heap_->all_visible(BlockNumber{0}));
  EXPECT_EQ(vacuum(task_, *heap_, indexes, {})->pages_skipped, 0u) << "too short a run";
  VacuumOptions hasty;
  hasty.skip_runs_of = 4;
  hasty.life = [](const VersionHeader& version) {
    return version.xmax == TxnId{} ? VersionLife::kLive : VersionLife::kEnded;
  };
  stats = vacuum(task_, *heap_, indexes, hasty);
  EXPECT_GT(stats->pages_skipped, 10u);
  EXPECT_EQ(stats->pages_all_visible, stats->pages);
  EXPECT_EQ(stats->blocks_in_use, *heap_->block_count());
  hasty.skip_runs_of = 0;
  EXPECT_EQ(vacuum(task_, *heap_, indexes, hasty)->rows, 2000u);

  txn = begin();
  for (TupleId row : rows) {
    ASSERT_TRUE(*heap_->mark(txn, row, [&](const VersionHeader&) {
      return std::optional(VersionMark{txn, {}, {}, 0});
    }));
  }
  EXPECT_FALSE(*heap_->all_visible(BlockNumber{0})) << "a change takes the bit away";
  commit(txn);
  VacuumOptions options;
  options.truncate = true;
  options.max_dead_rows = 500;
  stats = vacuum(task_, *heap_, indexes, options);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->versions_removed, 2000u);
  EXPECT_EQ(stats->index_entries_removed, 2000u);
  EXPECT_EQ(stats->blocks_left.value, 0u);
  expect_sound();
}

TEST_F(HeapTest, HintsDoNotMakePagesDirtyAndSurviveNothing) {
  const TxnId txn = begin();
  const TupleId id = insert(txn, "x");
  commit(txn);
  VersionBatch seen;
  ASSERT_TRUE(*heap_->read(id, seen));
  // What was learnt of another xmax says nothing of the one that is there now.
  VersionHeader stale = seen.versions()[0].header;
  stale.xmax = TxnId{stale.xmax.value + 1};
  heap_->hint(id, stale, kXmaxAborted);
  heap_->hint(id, seen.versions()[0].header, kXminCommitted);
  VersionBatch batch;
  ASSERT_TRUE(*heap_->read(id, batch));
  EXPECT_TRUE(batch.versions()[0].header.infomask & kXminCommitted);
  EXPECT_FALSE(batch.versions()[0].header.infomask & kXmaxAborted);
}

TEST_F(HeapTest, ATableLargerThanThePool) {
  const TxnId txn = begin();
  std::map<TupleId, std::string> model;
  for (int i = 0; i < 4000; ++i) {
    std::string payload = std::to_string(i) + std::string(2000, 'p');
    model[insert(txn, payload)] = payload;
  }
  commit(txn);
  EXPECT_GT(heap_->block_count()->value, store_->pool().frame_count() * 4 - 40);
  VersionBatch batch;
  ScanRing ring;
  size_t seen = 0;
  for (uint32_t b = 0; b < heap_->block_count()->value; ++b) {
    ASSERT_TRUE(heap_->read_page(BlockNumber{b}, batch, &ring).ok());
    for (const VersionView& v : batch.versions()) {
      ASSERT_EQ(text(v), model.at(v.id));
      ++seen;
    }
  }
  EXPECT_EQ(seen, model.size());
}

TEST_F(HeapTest, OverflowValues) {
  Overflow overflow(*store_, table_);
  const TxnId txn = begin();
  std::mt19937_64 random(3);
  for (size_t size : {0UL, 1UL, 8144UL, 8145UL, 100'000UL, 3'000'000UL}) {
    for (bool compressible : {true, false}) {
      Bytes value(size);
      for (auto& b : value) b = static_cast<std::byte>(compressible ? 7 : random());
      auto ref = overflow.write(txn, value);
      ASSERT_TRUE(ref.ok());
      if (size > 1000) {
        EXPECT_EQ(ref->compressed(), compressible);
      }
      EXPECT_EQ(*overflow.read(*ref), value);
      auto part = overflow.read(*ref, size / 3, 100);
      ASSERT_TRUE(part.ok());
      EXPECT_TRUE(
          std::equal(part->begin(), part->end(), value.begin() + static_cast<long>(size / 3)));
      EXPECT_FALSE(overflow.verify(*ref)->has_value());
    }
  }
}

TEST_F(HeapTest, OverflowPagesThatNobodyNamesAreFilledAgain) {
  Overflow overflow(*store_, table_);
  const TxnId txn = begin();
  Bytes value(50'000);
  std::mt19937_64 random(3);
  for (auto& b : value) b = static_cast<std::byte>(random());
  auto kept = *overflow.write(txn, value), lost = *overflow.write(txn, value);
  const BlockNumber blocks = *overflow.block_count();
  EXPECT_EQ(*overflow.free_unnamed({kept.first.value}, [](TxnId) { return false; }), 0u);
  EXPECT_GE(*overflow.free_unnamed({kept.first.value}, [](TxnId) { return true; }), 7u);
  EXPECT_EQ(*overflow.read(kept), value);
  auto gone = overflow.read(lost);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().state(), base::sqlstate::kDataCorrupted);
  ASSERT_TRUE(overflow.write(txn, value).ok());
  EXPECT_EQ(*overflow.block_count(), blocks);
}

TEST_F(HeapTest, FreeOverflowPagesAreFoundAgainAfterARestart) {
  Bytes value(50'000);
  std::mt19937_64 random(3);
  for (auto& b : value) b = static_cast<std::byte>(random());
  const TxnId txn = begin();
  {
    Overflow overflow(*store_, table_);
    ASSERT_TRUE(overflow.write(txn, value).ok());
    ASSERT_TRUE(overflow.write(txn, value).ok());
    EXPECT_GE(*overflow.free_unnamed({}, [](TxnId) { return true; }), 14u);
  }
  restart();
  Overflow overflow(*store_, table_);
  const BlockNumber blocks = *overflow.block_count();
  auto one = overflow.write(txn, value), two = overflow.write(txn, value);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(*overflow.block_count(), blocks);
  EXPECT_EQ(*overflow.read(*one), value);
  EXPECT_EQ(*overflow.read(*two), value);
  ASSERT_TRUE(overflow.write(txn, value).ok());
  EXPECT_GT(*overflow.block_count(), blocks);
}

TEST_F(HeapTest, ManyWritersReadersAndBackgroundWork) {
  constexpr int kWriters = 3, kRounds = 150;
  std::atomic<bool> done{false};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      base::ThreadTask task;
      std::mt19937_64 random(static_cast<uint64_t>(w));
      std::vector<TupleId> mine;
      for (int i = 0; i < kRounds; ++i) {
        const TxnId txn = begin();
        const std::string payload(random() % 900, static_cast<char>('a' + w));
        if (mine.size() < 20) {
          mine.push_back(insert(txn, payload));
        } else {
          TupleId& row = mine[random() % mine.size()];
          auto next = update(txn, row, payload);
          ASSERT_TRUE(next.done);
          row = next.id;
        }
        ASSERT_TRUE(store_->txns().commit(task, txn, {i % 4 == 0, {}}).ok());
      }
    });
  }
  std::thread reader([&] {
    VersionBatch batch;
    while (!done.load()) {
      for (uint32_t b = 0; b < heap_->block_count()->value; ++b) {
        ASSERT_TRUE(heap_->read_page(BlockNumber{b}, batch).ok());
        for (const VersionView& v : batch.versions()) {
          auto state = store_->txns().state(v.header.xmin);
          ASSERT_TRUE(state.ok());
          if (state->fate == TxnFate::kCommitted && state->durable)
            heap_->hint(v.id, v.header, kXminCommitted);
        }
      }
      ASSERT_TRUE(store_->checkpoint().ok());
    }
  });
  for (auto& writer : writers) writer.join();
  done = true;
  reader.join();
  expect_sound();
}

TEST_F(HeapTest, CheckAndDumpOfADirectory) {
  TxnId txn = begin();
  for (int i = 0; i < 100; ++i) insert(txn, std::string(500, 'x'));
  commit(txn);
  ASSERT_TRUE(store_->close().ok());
  store_.reset();
  std::vector<std::string> lines;
  auto print = [&](const std::string& line) { lines.push_back(line); };
  auto report = check_data_directory(env_, "/data", print);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->problems, 0u) << lines.front();
  EXPECT_GT(report->pages, 7u);
  env_.corrupt("/data/" + relation_path(table_, Fork::kMain), 2 * kPageSize + 100, 1);
  report = check_data_directory(env_, "/data", print);
  EXPECT_EQ(report->problems, 1u);
  EXPECT_EQ(lines.back(), relation_path(table_, Fork::kMain) + ", block 2: invalid checksum");

  lines.clear();
  WalDumpOptions from_start;
  from_start.from = Lsn{1 << 20};
  auto count = dump_wal(env_, "/data", from_start, print);
  ASSERT_TRUE(count.ok());
  EXPECT_GT(*count, 100u);
  EXPECT_NE(lines.front().find("CHECKPOINT"), std::string::npos) << lines.front();
  auto has = [&](const char* word) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& l) { return l.find(word) != std::string::npos; });
  };
  EXPECT_TRUE(has("HEAP_INSERT"));
  EXPECT_TRUE(has("PUT 1 (532 bytes)"));
  EXPECT_TRUE(has("seq 2"));
}

}  // namespace
}  // namespace isolde::storage
