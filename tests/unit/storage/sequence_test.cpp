#include "storage/sequence.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"

namespace isolde::storage {
namespace {

using base::FaultEnv;
using AfterCrash = FaultEnv::AfterCrash;

StoreOptions small_options() {
  StoreOptions options;
  options.shared_buffers = 64 * kPageSize;
  options.wal.segment_size = 128 << 10;
  options.wal.buffer_size = 256 << 10;
  options.wal.background_flusher = false;
  options.background_writer = false;
  return options;
}

class SequenceTest : public testing::Test {
 protected:
  SequenceTest() {
    start();
    const TxnId txn = *store_->txns().begin();
    relation_ = *store_->txns().create_file(txn, 1);
    EXPECT_TRUE(Sequence(*store_, relation_).create(1).ok());
    EXPECT_TRUE(store_->txns().commit(task_, txn, {}).ok());
  }
  void start() {
    store_.reset();
    auto opened = Store::open(env_, "/data", small_options());
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }
  void crash(AfterCrash what = AfterCrash::kDropUnsynced, uint64_t seed = 1) {
    env_.crash_now();
    store_.reset();
    env_.restart(what, seed);
    start();
  }
  Sequence sequence() { return Sequence(*store_, relation_); }
  std::optional<int64_t> next(const SequenceRules& rules = {}) {
    auto number = sequence().advance(rules);
    EXPECT_TRUE(number.ok()) << number.error().message();
    return number->value;
  }
  /// A number that a client has been told.
  int64_t told() {
    auto number = sequence().advance({});
    EXPECT_TRUE(number.ok());
    EXPECT_TRUE(store_->wal().wait_flushed(task_, number->lsn).ok());
    return number->value.value_or(-1);
  }

  FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
  RelationId relation_;
};

TEST_F(SequenceTest, Counts) {
  EXPECT_FALSE(sequence().read()->is_called);
  for (int64_t i = 1; i <= 100; ++i) EXPECT_EQ(next(), i);
  EXPECT_EQ(sequence().read()->last_value, 100);
  EXPECT_TRUE(sequence().read()->is_called);
}

TEST_F(SequenceTest, MostNumbersNeedNoLogRecord) {
  next();
  const Lsn before = store_->wal().insert_lsn();
  for (int i = 0; i < 32; ++i) next();
  EXPECT_EQ(store_->wal().insert_lsn(), before);
  next();
  EXPECT_GT(store_->wal().insert_lsn(), before);
}

TEST_F(SequenceTest, EndsAtItsBounds) {
  const SequenceRules up{2, 1, 5, false};
  EXPECT_EQ(next(up), 1);
  EXPECT_EQ(next(up), 3);
  EXPECT_EQ(next(up), 5);
  EXPECT_EQ(next(up), std::nullopt);
  EXPECT_EQ(sequence().read()->last_value, 5);
  const SequenceRules round{2, 1, 5, true};
  EXPECT_EQ(next(round), 1);
  EXPECT_EQ(next(round), 3);

  ASSERT_TRUE(sequence().set(-1, true).ok());
  const SequenceRules down{-1, -3, -1, false};
  EXPECT_EQ(next(down), -2);
  EXPECT_EQ(next(down), -3);
  EXPECT_EQ(next(down), std::nullopt);
  EXPECT_EQ(next({-1, -3, -1, true}), -1);
}

TEST_F(SequenceTest, EndsAtTheLargestAndSmallestNumber) {
  ASSERT_TRUE(sequence().set(INT64_MAX - 1, true).ok());
  EXPECT_EQ(next(), INT64_MAX);
  EXPECT_EQ(next(), std::nullopt);
  ASSERT_TRUE(sequence().set(INT64_MIN + 1, true).ok());
  const SequenceRules down{-5, INT64_MIN, -1, false};
  EXPECT_EQ(next(down), std::nullopt);
  EXPECT_EQ(next({-1, INT64_MIN, -1, false}), INT64_MIN);
  EXPECT_EQ(next({-1, INT64_MIN, -1, true}), -1);
}

TEST_F(SequenceTest, SetSaysWhetherTheNumberIsUsed) {
  ASSERT_TRUE(sequence().set(50, false).ok());
  EXPECT_EQ(next(), 50);
  ASSERT_TRUE(sequence().set(70, true).ok());
  EXPECT_EQ(next(), 71);
}

TEST_F(SequenceTest, GoesOnExactlyAfterACleanStop) {
  for (int i = 0; i < 5; ++i) next();
  ASSERT_TRUE(store_->close().ok());
  start();
  EXPECT_EQ(next(), 6);
}

TEST_F(SequenceTest, ASetNumberThatIsFlushedSurvives) {
  for (int i = 0; i < 40; ++i) next();
  auto lsn = sequence().set(1000, true);
  ASSERT_TRUE(lsn.ok());
  ASSERT_TRUE(store_->wal().wait_flushed(task_, *lsn).ok());
  crash();
  EXPECT_EQ(next(), 1001);
}

/// Whatever happens in between: crash, checkpoint, write-back, clean stop.
TEST_F(SequenceTest, NoNumberIsToldTwice) {
  const auto seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  int64_t last = 0;
  for (int round = 0; round < 300; ++round) {
    for (uint64_t n = random() % 70; n > 0; --n) {
      const int64_t now = told();
      ASSERT_GT(now, last);
      last = now;
    }
    switch (random() % 6) {
      case 0:
        crash(AfterCrash::kDropUnsynced, random());
        break;
      case 1:
        crash(AfterCrash::kRandomSubset, random());
        break;
      case 2:
        ASSERT_TRUE(store_->pool().write_back().ok());
        break;
      case 3:
        ASSERT_TRUE(store_->close().ok());
        start();
        break;
      case 4:
        env_.crash_at(1 + random() % 8);
        static_cast<void>(store_->checkpoint());
        crash(AfterCrash::kRandomSubset, random());
        break;
      default:
        ASSERT_TRUE(store_->checkpoint().ok());
    }
  }
}

TEST_F(SequenceTest, ThreadsShareIt) {
  constexpr int kThreads = 4, kEach = 2000;
  std::vector<std::vector<int64_t>> got(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : got) {
    threads.emplace_back([&] {
      Sequence own(*store_, relation_);
      for (int i = 0; i < kEach; ++i) mine.push_back(own.advance({})->value.value_or(-1));
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(store_->checkpoint().ok());
  for (auto& thread : threads) thread.join();
  std::set<int64_t> all;
  for (const auto& mine : got) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
  EXPECT_EQ(*all.rbegin(), kThreads * kEach);
}

TEST_F(SequenceTest, AFileOfAnotherKindIsRefused) {
  const TxnId txn = *store_->txns().begin();
  const RelationId other = *store_->txns().create_file(txn, 1);
  ASSERT_TRUE(store_->pool().extend(other, Fork::kMain).ok());
  auto read = Sequence(*store_, other).read();
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().state(), base::sqlstate::kDataCorrupted);
}

}  // namespace
}  // namespace isolde::storage
