// Random operations on a heap and an index, by several writers and readers at once, with vacuum,
// checkpoints and evictions going on, against std::map. Then the machine stops, and what is there
// after the restart is compared again.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "base/fault_env.hpp"
#include "base/thread_task.hpp"
#include "storage/check.hpp"
#include "storage/vacuum.hpp"

namespace isolde::storage {
namespace {

constexpr uint64_t kWriters = 3, kReaders = 2, kKeysOfAWriter = 150;
constexpr int kTransactions = 400;

using Value = std::optional<std::string>;  // none: no such row

/// Wide enough that a few dozen fill a page.
Bytes key_bytes(uint64_t key) {
  Bytes bytes(120);
  store(bytes.data(), __builtin_bswap64(key));
  return bytes;
}
std::string payload_of(uint64_t key, const std::string& value) {
  std::string payload(8, '\0');
  std::memcpy(payload.data(), &key, 8);
  return payload + value;
}

/// Which snapshots are in use: a number of the commit order each.
class Snapshots {
 public:
  explicit Snapshots(TxnTable& txns) : txns_(txns) {}
  CommitSeq take(size_t reader) {
    std::lock_guard lock(mutex_);
    taken_[reader] = txns_.published();
    return *taken_[reader];
  }
  void give_back(size_t reader) {
    std::lock_guard lock(mutex_);
    taken_[reader].reset();
  }
  /// What ended before this is of use to nobody.
  void renew_horizon() {
    std::lock_guard lock(mutex_);
    CommitSeq oldest = txns_.published();
    for (const auto& seq : taken_) oldest = std::min(oldest, seq.value_or(oldest));
    horizon_.store(oldest.value);
  }
  CommitSeq horizon() const { return CommitSeq{horizon_.load()}; }

 private:
  TxnTable& txns_;
  std::mutex mutex_;
  std::optional<CommitSeq> taken_[kReaders];
  std::atomic<uint64_t> horizon_{0};
};

class ModelJudge final : public VersionJudge {
 public:
  ModelJudge(TxnTable& txns, Snapshots& snapshots) : txns_(txns), snapshots_(snapshots) {}
  VersionFate judge(const VersionHeader& v) override {
    const CommitSeq horizon = snapshots_.horizon();
    const TxnState made = *txns_.state(v.xmin);
    if (made.fate == TxnFate::kAborted) return VersionFate::kDead;
    if (made.fate == TxnFate::kInProgress || made.seq > horizon) return VersionFate::kNeeded;
    if (v.xmax == TxnId{}) return VersionFate::kAllSee;
    const TxnState ended = *txns_.state(v.xmax);
    if (ended.fate == TxnFate::kAborted) return VersionFate::kAllSee;
    if (ended.fate == TxnFate::kInProgress || ended.seq > horizon) return VersionFate::kNeeded;
    return VersionFate::kDead;
  }

 private:
  TxnTable& txns_;
  Snapshots& snapshots_;
};

class ModelTest : public testing::Test {
 protected:
  ModelTest() {
    start();
    const TxnId txn = *store_->txns().begin();
    table_ = *store_->txns().create_file(txn, 1);
    index_id_ = *store_->txns().create_file(txn, 1);
    static_cast<void>(store_->txns().commit(task_, txn, {}));
    attach();
    static_cast<void>(index_->create());
  }
  void start() {
    StoreOptions options;
    options.shared_buffers = 64 * kPageSize;  // pages come and go
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    options.max_wal_size = 4 << 20;
    auto opened = Store::open(env_, "/data", options);
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = std::move(*opened);
  }
  void attach() {
    snapshots_ = std::make_unique<Snapshots>(store_->txns());
    judge_ = std::make_unique<ModelJudge>(store_->txns(), *snapshots_);
    heap_ = std::make_unique<Heap>(*store_, table_, judge_.get());
    index_ = std::make_unique<Btree>(*store_, index_id_);
  }
  void detach() {
    index_.reset();
    heap_.reset();
    judge_.reset();
    snapshots_.reset();
  }

  bool committed(TxnId txn, CommitSeq up_to) {
    const TxnState state = *store_->txns().state(txn);
    return state.fate == TxnFate::kCommitted && state.seq <= up_to;
  }
  /// Its own writes are seen by `me`.
  bool visible(const VersionHeader& v, CommitSeq up_to, TxnId me) {
    auto counts = [&](TxnId txn) { return txn == me || committed(txn, up_to); };
    return counts(v.xmin) && (v.xmax == TxnId{} || !counts(v.xmax));
  }
  struct Found {
    TupleId id;
    std::string value;
  };
  /// By the index.
  std::optional<Found> find(uint64_t key, CommitSeq up_to, TxnId me) {
    std::vector<TupleId> roots;
    EXPECT_TRUE(index_->lookup(key_bytes(key), roots).ok());
    std::optional<Found> found;
    VersionBatch chain;
    for (TupleId root : roots) {
      EXPECT_TRUE(heap_->read_chain(root, chain).ok());
      for (const VersionView& v : chain.versions()) {
        if (load<uint64_t>(v.payload.data()) != key || !visible(v.header, up_to, me)) continue;
        if (found && found->id == v.id) continue;
        EXPECT_FALSE(found) << "two visible versions of row " << key;
        found = {v.id, {reinterpret_cast<const char*>(v.payload.data()) + 8, v.payload.size() - 8}};
      }
    }
    return found;
  }
  /// Has keys of its own, so that no two writers meet at one row; pages they share.
  void write(uint64_t writer, uint64_t seed);
  bool change(TxnId txn, uint64_t key, const Value& old, const Value& wanted);
  void read(size_t reader, uint64_t seed);
  void keep_clean();
  void expect_everything();
  Value value_at(uint64_t key, CommitSeq seq) const;

  static constexpr CommitSeq kNow{UINT64_MAX >> 2};

  struct Event {
    CommitSeq seq;
    Value value;
  };
  struct Sighting {
    CommitSeq seq;
    uint64_t key;
    Value value;
  };

  base::FaultEnv env_;
  base::ThreadTask task_;
  std::unique_ptr<Store> store_;
  RelationId table_, index_id_;
  std::unique_ptr<Snapshots> snapshots_;
  std::unique_ptr<ModelJudge> judge_;
  std::unique_ptr<Heap> heap_;
  std::unique_ptr<Btree> index_;
  std::vector<Event> history_[kWriters * kKeysOfAWriter];  // by key; only its writer adds
  std::vector<Sighting> sightings_[kReaders];
  std::atomic<bool> done_{false};
};

bool ModelTest::change(TxnId txn, uint64_t key, const Value& old, const Value& wanted) {
  const std::string payload = payload_of(key, wanted.value_or(""));
  const NewVersion version{txn, CommandId{}, as_bytes(payload), 0};
  TupleId id;
  if (old) {
    auto at = find(key, kNow, txn);
    EXPECT_TRUE(at) << "row " << key << " is lost";
    if (!at) return false;
    EXPECT_EQ(at->value, *old) << "row " << key;
    auto mark = [&](const VersionHeader& header) {
      return std::optional(VersionMark{txn, CommandId{}, header.next, 0});
    };
    if (!wanted) return *heap_->mark(txn, at->id, mark);
    auto updated = heap_->update(at->id, version, key % 3 != 0, mark);
    if (!updated || !updated->done) return false;
    if (updated->hot) return true;
    id = updated->id;
  } else {
    auto inserted = heap_->insert(version);
    if (!inserted) return false;
    id = *inserted;
  }
  auto entry = index_->insert(txn, key_bytes(key), id);
  return entry && entry->inserted;
}

void ModelTest::write(uint64_t writer, uint64_t seed) {
  base::ThreadTask task;
  std::mt19937_64 random(seed);
  auto my_key = [&](uint64_t n) { return n % kKeysOfAWriter * kWriters + writer; };
  auto now = [&](uint64_t key) {
    return history_[key].empty() ? Value() : history_[key].back().value;
  };
  for (int n = 0; n < kTransactions; ++n) {
    const TxnId txn = *store_->txns().begin();
    std::map<uint64_t, Value> changes;
    const uint64_t from = random();
    if (n % 10 == 0) {  // a stretch goes, so that index pages become empty
      for (uint64_t k = from; k < from + kKeysOfAWriter / 2; ++k) {
        if (now(my_key(k))) changes[my_key(k)] = Value();
      }
    }
    for (uint64_t k = 1 + random() % 6; k > 0; --k) {
      const uint64_t key = my_key(from + random() % 40);
      const size_t length = random() % 20 == 0 ? random() % 3000 : random() % 200;
      if (random() % 4 == 0 && now(key)) {
        changes[key] = Value();
      } else {
        changes[key] = std::string(length, static_cast<char>('a' + random() % 26));
      }
    }
    for (const auto& [key, value] : changes) {
      if (!now(key) && !value) continue;
      ASSERT_TRUE(change(txn, key, now(key), value));
    }
    const bool last = n + 1 == kTransactions;
    if (!last && random() % 8 == 0) {
      ASSERT_TRUE(store_->txns().abort(txn).ok());
      continue;
    }
    ASSERT_TRUE(store_->txns().commit(task, txn, {last || n % 4 == 0, {}}).ok());
    const CommitSeq seq = store_->txns().state(txn)->seq;
    for (const auto& [key, value] : changes) history_[key].push_back({seq, value});
  }
}

/// What a reader has seen is compared in the end, when all that happened is known.
void ModelTest::read(size_t reader, uint64_t seed) {
  std::mt19937_64 random(seed);
  while (!done_.load()) {
    const CommitSeq seq = snapshots_->take(reader);
    for (int n = 0; n < 30; ++n) {
      const uint64_t key = random() % (kWriters * kKeysOfAWriter);
      auto found = find(key, seq, TxnId{});
      sightings_[reader].push_back({seq, key, found ? Value(found->value) : Value()});
    }
    BtreeCursor cursor(*index_);
    ASSERT_TRUE(cursor.seek(key_bytes(random() % (kWriters * kKeysOfAWriter))).ok());
    Bytes last;
    for (int n = 0; n < 100 && cursor.valid(); ++n) {
      const Bytes entry = make_entry(cursor.key(), cursor.row());
      ASSERT_GT(compare_entries(entry, last), 0) << "a scan goes back";
      last = entry;
      ASSERT_TRUE(cursor.next().ok());
    }
    snapshots_->give_back(reader);
  }
}

void ModelTest::keep_clean() {
  base::ThreadTask task;
  while (!done_.load()) {
    snapshots_->renew_horizon();
    Btree* indexes[] = {index_.get()};
    ASSERT_TRUE(vacuum(task, *heap_, indexes, {}).ok());
  }
}

Value ModelTest::value_at(uint64_t key, CommitSeq seq) const {
  Value value;
  for (const Event& event : history_[key]) {
    if (event.seq <= seq) value = event.value;
  }
  return value;
}

void ModelTest::expect_everything() {
  auto wrong = index_->verify();
  ASSERT_TRUE(wrong.ok() && !wrong->has_value()) << wrong->value_or("");
  wrong = verify_heap(*store_, table_);
  ASSERT_TRUE(wrong.ok() && !wrong->has_value()) << wrong->value_or("");
  for (uint64_t key = 0; key < kWriters * kKeysOfAWriter; ++key) {
    auto found = find(key, kNow, TxnId{});
    ASSERT_EQ(found ? Value(found->value) : Value(), value_at(key, kNow)) << "row " << key;
  }
}

TEST_F(ModelTest, AgreesAtEveryMomentAndAfterACrash) {
  const char* wanted = std::getenv("ISOLDE_SEED");
  const uint64_t seed =
      wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : uint64_t{std::random_device{}()};
  SCOPED_TRACE("ISOLDE_SEED=" + std::to_string(seed));
  std::vector<std::thread> writers, others;
  for (uint64_t w = 0; w < kWriters; ++w) writers.emplace_back([=, this] { write(w, seed + w); });
  for (size_t r = 0; r < kReaders; ++r) others.emplace_back([=, this] { read(r, seed + 100 + r); });
  others.emplace_back([this] { keep_clean(); });
  for (auto& writer : writers) writer.join();
  done_ = true;
  for (auto& other : others) other.join();

  size_t compared = 0;
  for (const auto& sightings : sightings_) {
    for (const Sighting& s : sightings) {
      ASSERT_EQ(s.value, value_at(s.key, s.seq)) << "row " << s.key << " at " << s.seq.value;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100u);
  expect_everything();

  detach();
  store_.reset();
  env_.crash_now();
  env_.restart(base::FaultEnv::AfterCrash::kDropUnsynced, seed);
  start();
  attach();
  expect_everything();
  detach();
  ASSERT_TRUE(store_->close().ok());
  store_.reset();
  auto report = check_data_directory(env_, "/data",
                                     [](const std::string& problem) { ADD_FAILURE() << problem; });
  ASSERT_TRUE(report.ok()) << report.error().message();
}

}  // namespace
}  // namespace isolde::storage
