#include "storage/btree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"

namespace isolde::storage {
namespace {

Bytes int_key(uint64_t value) {
  Bytes key(8);
  store(key.data(), __builtin_bswap64(value));
  return key;
}
uint64_t int_of(ByteSpan key) {
  return __builtin_bswap64(load<uint64_t>(key.data()));
}
TupleId row(uint32_t n) {
  return {BlockNumber{n / 100}, Slot{static_cast<uint16_t>(n % 100)}};
}

class BtreeTest : public testing::Test {
 protected:
  BtreeTest() {
    start();
    const TxnId txn = *store_->txns().begin();
    relation_ = *store_->txns().create_file(txn, 1);
    static_cast<void>(store_->txns().commit(task_, txn, {}));
    tree_ = std::make_unique<Btree>(*store_, relation_);
  }
  void start() {
    StoreOptions options;
    options.shared_buffers = 512 * kPageSize;
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    options.wal.background_flusher = false;
    options.wal.fsync = false;
    options.background_writer = false;
    store_ = *Store::open(env_, "/data", options);
  }
  void create() { ASSERT_TRUE(tree_->create().ok()); }
  void insert(ByteSpan key, TupleId id) {
    auto done = tree_->insert(TxnId{3}, key, id);
    ASSERT_TRUE(done.ok()) << done.error().message();
    ASSERT_TRUE(done->inserted);
  }
  BtreeVacuumStats vacuum(base::FunctionRef<bool(TupleId)> dead) {
    auto done = tree_->vacuum(task_, dead);
    EXPECT_TRUE(done.ok());
    return done ? *done : BtreeVacuumStats{};
  }
  uint32_t blocks() { return store_->files().block_count(relation_, Fork::kMain)->value; }
  std::vector<uint64_t> all_keys() {
    std::vector<uint64_t> keys;
    BtreeCursor cursor(*tree_);
    EXPECT_TRUE(cursor.seek_first().ok());
    while (cursor.valid()) {
      keys.push_back(int_of(cursor.key()));
      EXPECT_TRUE(cursor.next().ok());
    }
    return keys;
  }
  void expect_sound() {
    auto wrong = tree_->verify();
    ASSERT_TRUE(wrong.ok()) << wrong.error().message();
    ASSERT_FALSE(wrong->has_value()) << **wrong;
  }

  base::FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
  RelationId relation_;
  std::unique_ptr<Btree> tree_;
};

TEST_F(BtreeTest, EmptyTree) {
  create();
  std::vector<TupleId> rows;
  EXPECT_TRUE(tree_->lookup(int_key(1), rows).ok());
  EXPECT_TRUE(rows.empty());
  BtreeCursor cursor(*tree_);
  EXPECT_TRUE(cursor.seek_first().ok());
  EXPECT_FALSE(cursor.valid());
  EXPECT_TRUE(cursor.seek_last().ok());
  EXPECT_FALSE(cursor.valid());
  expect_sound();
}

TEST_F(BtreeTest, AgreesWithAModelOfRandomKeysOfAllSizes) {
  create();
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::set<std::pair<std::string, uint32_t>> model;
  auto bytes = [](const std::string& s) { return as_bytes(s); };
  for (uint32_t n = 0; n < 20'000; ++n) {
    if (!model.empty() && random() % 4 == 0) {
      auto at = model.lower_bound({std::string(1, static_cast<char>('a' + random() % 26)), 0});
      if (at == model.end()) at = model.begin();
      auto gone = tree_->erase(TxnId{3}, bytes(at->first), row(at->second));
      ASSERT_TRUE(gone.ok() && *gone);
      model.erase(at);
      continue;
    }
    const size_t length = random() % 200 == 0 ? random() % 2690 : 1 + random() % 30;
    std::string key(length, 'a');
    for (char& c : key) c = static_cast<char>('a' + random() % 26);
    key += '\x01';  // no key is another's prefix
    insert(bytes(key), row(n));
    model.insert({key, n});
  }
  expect_sound();

  BtreeCursor cursor(*tree_);
  ASSERT_TRUE(cursor.seek_first().ok());
  for (const auto& [key, n] : model) {
    ASSERT_TRUE(cursor.valid());
    ASSERT_EQ(compare_entries(cursor.key(), bytes(key)), 0);
    ASSERT_EQ(cursor.row(), row(n));
    ASSERT_TRUE(cursor.next().ok());
  }
  EXPECT_FALSE(cursor.valid());
  ASSERT_TRUE(cursor.seek_last().ok());
  for (auto at = model.rbegin(); at != model.rend(); ++at) {
    ASSERT_TRUE(cursor.valid());
    ASSERT_EQ(cursor.row(), row(at->second));
    ASSERT_TRUE(cursor.prev().ok());
  }
  EXPECT_FALSE(cursor.valid());

  for (int i = 0; i < 500; ++i) {
    std::string from(1 + random() % 3, static_cast<char>('a' + random() % 26));
    ASSERT_TRUE(cursor.seek(bytes(from)).ok());
    auto at = model.lower_bound({from, 0});
    ASSERT_EQ(cursor.valid(), at != model.end());
    if (cursor.valid()) {
      ASSERT_EQ(cursor.row(), row(at->second));
    }
    ASSERT_TRUE(cursor.seek_before(bytes(from)).ok());
    ASSERT_EQ(cursor.valid(), at != model.begin());
    if (cursor.valid()) {
      ASSERT_EQ(cursor.row(), row(std::prev(at)->second));
    }
  }
}

TEST_F(BtreeTest, DuplicatesSpanPages) {
  create();
  for (uint32_t n = 0; n < 3000; ++n) insert(int_key(n % 3), row(n * 7 % 3000));
  expect_sound();
  std::vector<TupleId> rows;
  ASSERT_TRUE(tree_->lookup(int_key(1), rows).ok());
  EXPECT_EQ(rows.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
}

TEST_F(BtreeTest, UniqueCheckSeesEveryRowOfTheKey) {
  create();
  for (uint32_t n = 0; n < 2000; ++n) insert(int_key(7), row(n));
  std::set<TupleId> asked;
  auto remember = [&](TupleId id) {
    asked.insert(id);
    return false;
  };
  auto done = tree_->insert(TxnId{3}, int_key(7), row(5000), remember);
  ASSERT_TRUE(done.ok());
  EXPECT_TRUE(done->inserted);
  EXPECT_EQ(asked.size(), 2000u);
  done = tree_->insert(TxnId{3}, int_key(7), row(5001), [](TupleId id) { return id == row(1500); });
  ASSERT_TRUE(done.ok());
  EXPECT_FALSE(done->inserted);
  EXPECT_EQ(done->stopped_by, row(1500));
  done = tree_->insert(TxnId{3}, int_key(8), row(6000), [](TupleId) { return true; });
  EXPECT_TRUE(done->inserted) << "other keys are not asked about";
  expect_sound();
}

TEST_F(BtreeTest, LargeKeysAreRefused) {
  create();
  Bytes key(kMaxKeySize - 8, std::byte{'k'});
  for (uint32_t n = 0; n < 40; ++n) insert(key, row(n));
  expect_sound();
  key.push_back(std::byte{'k'});
  auto done = tree_->insert(TxnId{3}, key, row(99));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().state(), base::sqlstate::kProgramLimitExceeded);
}

TEST_F(BtreeTest, BuildsFromSortedInput) {
  BtreeBuilder builder(*tree_, TxnId{3});
  for (uint32_t n = 0; n < 50'000; ++n) ASSERT_TRUE(builder.add(int_key(n * 2), row(n)).ok());
  ASSERT_TRUE(builder.finish().ok());
  expect_sound();
  for (uint32_t n = 0; n < 50'000; n += 13) insert(int_key(n * 2 + 1), row(n));
  expect_sound();
  std::vector<TupleId> rows;
  ASSERT_TRUE(tree_->lookup(int_key(84), rows).ok());
  EXPECT_EQ(rows, std::vector<TupleId>{row(42)});
}

TEST_F(BtreeTest, BuildOfNothing) {
  BtreeBuilder builder(*tree_, TxnId{3});
  ASSERT_TRUE(builder.finish().ok());
  expect_sound();
  insert(int_key(1), row(1));
}

TEST_F(BtreeTest, VacuumRemovesDeadRows) {
  create();
  for (uint32_t n = 0; n < 10'000; ++n) insert(int_key(n), row(n));
  EXPECT_EQ(vacuum([](TupleId id) { return id.slot.value % 3 != 0; }).entries_removed, 6600u);
  expect_sound();
  BtreeCursor cursor(*tree_);
  uint32_t left = 0;
  ASSERT_TRUE(cursor.seek_first().ok());
  while (cursor.valid()) {
    ++left;
    ASSERT_TRUE(cursor.next().ok());
  }
  EXPECT_EQ(left, 3400u);
}

TEST_F(BtreeTest, EmptyPagesAreFilledAgain) {
  create();
  uint32_t next = 0, oldest = 0;
  for (; next < 20'000; ++next) insert(int_key(next), row(next));
  const uint32_t blocks_of_a_full_window = blocks();
  for (int round = 0; round < 10; ++round) {  // a queue: new keys come, old ones go
    oldest += 15'000;
    for (; next < oldest + 20'000; ++next) insert(int_key(next), row(next));
    const auto stats = vacuum([&](TupleId id) { return id < row(oldest); });
    EXPECT_EQ(stats.entries_removed, 15'000u);
    EXPECT_GT(stats.pages_removed, 35u);
    expect_sound();
  }
  EXPECT_LT(blocks(), blocks_of_a_full_window * 2);
  EXPECT_EQ(all_keys().size(), 20'000u);
}

TEST_F(BtreeTest, FreePagesAreFoundAgainAfterACrash) {
  create();
  for (uint32_t n = 0; n < 20'000; ++n) insert(int_key(n), row(n));
  EXPECT_GT(vacuum([](TupleId id) { return id < row(15'000); }).pages_removed, 35u);
  const uint32_t before = blocks();
  ASSERT_TRUE(store_->wal().flush(store_->wal().insert_lsn()).ok());
  env_.crash_now();
  tree_.reset();
  store_.reset();
  env_.restart(base::FaultEnv::AfterCrash::kKeepAll, 1);
  start();
  tree_ = std::make_unique<Btree>(*store_, relation_);
  expect_sound();
  EXPECT_EQ(vacuum([](TupleId) { return false; }).entries_removed, 0u);
  for (uint32_t n = 20'000; n < 30'000; ++n) insert(int_key(n), row(n));
  expect_sound();
  EXPECT_LE(blocks(), before + 1);
  EXPECT_EQ(all_keys().size(), 15'000u);
}

/// Two cursors stand on a copy of a page; it and its neighbours leave the tree and come back at the
/// end of it before they go on.
TEST_F(BtreeTest, CursorsAreNotLedAstrayByPagesThatCameBack) {
  create();
  for (uint32_t n = 0; n < 10'000; ++n) insert(int_key(n), row(n));
  const uint32_t before = blocks();
  BtreeCursor up(*tree_), down(*tree_);
  ASSERT_TRUE(up.seek(int_key(5000)).ok());
  ASSERT_TRUE(down.seek(int_key(5000)).ok());
  EXPECT_GT(vacuum([](TupleId id) { return id >= row(3000) && id < row(7000); }).pages_removed, 5u);
  for (uint32_t n = 10'000; n < 12'000; ++n) insert(int_key(n), row(n));
  EXPECT_EQ(blocks(), before) << "they came back";
  expect_sound();

  uint32_t count = 0;
  uint64_t last = 4999;
  while (up.valid()) {
    ASSERT_GT(int_of(up.key()), last);
    last = int_of(up.key());
    if (last >= 7000) ++count;
    ASSERT_TRUE(up.next().ok());
  }
  EXPECT_EQ(count, 5000u);
  count = 0;
  last = 5001;
  while (down.valid()) {
    ASSERT_LT(int_of(down.key()), last);
    last = int_of(down.key());
    if (last < 3000) ++count;
    ASSERT_TRUE(down.prev().ok());
  }
  EXPECT_EQ(count, 3000u);
}

/// Keys that stay are found at every moment, by look-ups and scans both ways, while all around them
/// pages are filled, emptied, and filled again elsewhere.
TEST_F(BtreeTest, ReadersPassPagesThatLeaveAndComeBack) {
  create();
  constexpr uint32_t kSpan = 4000, kStays = 97, kRounds = 25;
  auto stays = [](uint64_t key) { return key % kStays == 0; };
  for (uint32_t n = 0; n < kSpan; n += kStays) insert(int_key(n), row(n));
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (uint32_t w = 0; w < 2; ++w) {
    threads.emplace_back([&, w] {  // stretches of keys, each writer its own parity
      std::mt19937 random(w);
      for (uint32_t round = 0; round < kRounds; ++round) {
        const uint32_t from = random() % (kSpan / 2);
        for (bool inserting : {true, false}) {
          for (uint32_t n = from; n < from + kSpan / 2; ++n) {
            if (n % 2 != w || stays(n)) continue;
            const bool done = inserting ? tree_->insert(TxnId{3}, int_key(n), row(n)).ok()
                                        : *tree_->erase(TxnId{3}, int_key(n), row(n));
            ASSERT_TRUE(done) << n;
          }
        }
      }
    });
  }
  std::thread vacuumer([&] {
    base::ThreadTask task;
    while (!done.load()) ASSERT_TRUE(tree_->vacuum(task, [](TupleId) { return false; }).ok());
  });
  std::thread scanner([&] {
    while (!done.load()) {
      BtreeCursor cursor(*tree_);
      uint64_t last = 0, found = 0;
      ASSERT_TRUE(cursor.seek_first().ok());
      while (cursor.valid()) {
        ASSERT_GE(int_of(cursor.key()), last);
        last = int_of(cursor.key());
        found += stays(last) ? 1 : 0;
        ASSERT_TRUE(cursor.next().ok());
      }
      ASSERT_EQ(found, kSpan / kStays + 1);
      last = UINT64_MAX;
      ASSERT_TRUE(cursor.seek_last().ok());
      while (cursor.valid()) {
        ASSERT_LT(int_of(cursor.key()), last);
        last = int_of(cursor.key());
        found -= stays(last) ? 1 : 0;
        ASSERT_TRUE(cursor.prev().ok());
      }
      ASSERT_EQ(found, 0u);
      std::vector<TupleId> rows;
      for (uint32_t n = 0; n < kSpan; n += kStays) {
        ASSERT_TRUE(tree_->lookup(int_key(n), rows).ok());
        ASSERT_EQ(rows.size(), 1u) << n;
      }
    }
  });
  for (auto& thread : threads) thread.join();
  done = true;
  vacuumer.join();
  scanner.join();
  expect_sound();
  EXPECT_EQ(all_keys().size(), kSpan / kStays + 1);
}

TEST_F(BtreeTest, VerifyFindsADamagedPage) {
  create();
  for (uint32_t n = 0; n < 2000; ++n) insert(int_key(n), row(n));
  auto ref = *store_->pool().fetch({relation_, Fork::kMain, BlockNumber{1}});
  PageEditor page = ref.hint_editor();
  const uint32_t a = page.raw_line(3), b = page.raw_line(4);
  page.set_line(3, b);
  page.set_line(4, a);
  auto wrong = tree_->verify();
  ASSERT_TRUE(wrong.ok());
  EXPECT_TRUE(wrong->has_value());
}

TEST_F(BtreeTest, ReadersPassSplits) {
  create();
  constexpr uint32_t kEach = 8000;
  std::atomic<bool> done{false};
  auto writer = [&](uint32_t which) {
    for (uint32_t n = 0; n < kEach; ++n) {
      const uint32_t value = n * 7919 % kEach * 2 + which;
      ASSERT_TRUE(tree_->insert(TxnId{3}, int_key(value), row(value)).ok());
    }
  };
  std::thread scanner([&] {
    std::mt19937 random(1);
    while (!done.load()) {
      BtreeCursor cursor(*tree_);
      ASSERT_TRUE(cursor.seek(int_key(random() % kEach)).ok());
      uint64_t last = 0;
      for (int i = 0; i < 300 && cursor.valid(); ++i) {
        ASSERT_GE(int_of(cursor.key()), last);
        last = int_of(cursor.key());
        ASSERT_TRUE(cursor.next().ok());
      }
      ASSERT_TRUE(cursor.seek_before(int_key(random() % kEach)).ok());
      last = UINT64_MAX;
      for (int i = 0; i < 300 && cursor.valid(); ++i) {
        ASSERT_LT(int_of(cursor.key()), last);
        last = int_of(cursor.key());
        ASSERT_TRUE(cursor.prev().ok());
      }
    }
  });
  std::thread a(writer, 0), b(writer, 1);
  a.join();
  b.join();
  done = true;
  scanner.join();
  expect_sound();
  std::vector<TupleId> rows;
  for (uint32_t value = 0; value < kEach * 2; ++value) {
    ASSERT_TRUE(tree_->lookup(int_key(value), rows).ok());
    ASSERT_EQ(rows.size(), 1u) << value;
  }
}

}  // namespace
}  // namespace isolde::storage
