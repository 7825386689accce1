// What storage can do on this machine, as numbers for bench/README.md:
//
//   storage_bench commit    commits a second of 1 and of 64 sessions (group commit)
//   storage_bench lookup    B+tree point look-ups beside absl::btree_map
//   storage_bench load [n]  rows in key order through heap, index and log
//   storage_bench miss      a table of up to four times shared_buffers, read at random
//   storage_bench recovery  writing some log, and replaying it

#include <absl/container/btree_map.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "base/thread_task.hpp"
#include "bench/must.hpp"
#include "storage/btree.hpp"
#include "storage/check.hpp"
#include "storage/heap.hpp"

namespace {

using namespace isolde;
using namespace isolde::storage;

double seconds_since(base::SteadyTime begin) {
  return std::chrono::duration<double>(base::steady_now() - begin).count();
}

/// A data directory that goes when the benchmark ends.
class Directory {
 public:
  Directory() : path_("storage_bench_data_" + std::to_string(::getpid())) {}
  ~Directory() { std::filesystem::remove_all(path_); }
  std::unique_ptr<Store> open(size_t buffers_mb) {
    StoreOptions options;
    options.shared_buffers = buffers_mb << 20;
    return must(Store::open(base::posix_env(), path_, options));
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Bytes int_key(uint64_t value) {
  Bytes key(8);
  store(key.data(), __builtin_bswap64(value));
  return key;
}

double commits_per_second(Store& store, int sessions, double seconds) {
  std::atomic<uint64_t> commits{0};
  std::vector<std::thread> threads;
  const auto begin = base::steady_now();
  for (int s = 0; s < sessions; ++s) {
    threads.emplace_back([&] {
      base::ThreadTask task;
      while (seconds_since(begin) < seconds) {
        must(store.txns().commit(task, must(store.txns().begin()), {}));
        commits.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return static_cast<double>(commits.load()) / seconds_since(begin);
}

void bench_commit() {
  Directory dir;
  auto store = dir.open(64);
  const double one = commits_per_second(*store, 1, 2), many = commits_per_second(*store, 64, 2);
  std::printf("commits a second: 1 session %.0f, 64 sessions %.0f, ratio %.1f\n", one, many,
              many / one);
}

void bench_lookup() {
  Directory dir;
  auto store = dir.open(256);
  constexpr uint64_t kKeys = 1'000'000, kLookups = 2'000'000;
  const TxnId txn = must(store->txns().begin());
  Btree tree(*store, must(store->txns().create_file(txn, 1)));
  BtreeBuilder builder(tree, txn);
  absl::btree_map<uint64_t, uint64_t> map;
  for (uint64_t k = 0; k < kKeys; ++k) {
    must(builder.add(int_key(k), {BlockNumber{static_cast<uint32_t>(k)}, Slot{0}}));
    map[k] = k;
  }
  must(builder.finish());
  std::mt19937_64 random(1);
  std::vector<uint64_t> wanted(kLookups);
  for (auto& key : wanted) key = random() % kKeys;
  uint64_t sum = 0;
  for (int round = 0; round < 3; ++round) {
    auto begin = base::steady_now();
    for (uint64_t key : wanted) sum += map.find(key)->second;
    const double of_map = kLookups / seconds_since(begin);
    begin = base::steady_now();
    std::vector<TupleId> rows;
    std::byte key[8];
    for (uint64_t value : wanted) {
      storage::store(key, __builtin_bswap64(value));
      must(tree.lookup(key, rows));
      sum += rows[0].block.value;
    }
    const double of_tree = kLookups / seconds_since(begin);
    std::printf("look-ups a second: absl::btree_map %.0f, B+tree %.0f, ratio %.2f (%llu)\n", of_map,
                of_tree, of_tree / of_map, static_cast<unsigned long long>(sum % 10));
  }
}

/// Rows of an integer key and 40 bytes, in batches as COPY hands them over.
RelationId load(Store& store, Btree& index, Heap& heap, TxnId txn, uint64_t rows) {
  constexpr size_t kBatch = 500;
  std::vector<std::string> payloads(kBatch, std::string(48, 'x'));
  std::vector<NewVersion> batch(kBatch);
  for (uint64_t at = 0; at < rows; at += kBatch) {
    for (size_t i = 0; i < kBatch; ++i) {
      const uint64_t key = at + i;
      std::memcpy(payloads[i].data(), &key, 8);
      batch[i] = {txn, CommandId{}, as_bytes(payloads[i]), 0};
    }
    auto ids = must(heap.insert_many(batch));
    for (size_t i = 0; i < kBatch; ++i)
      must(index.insert(txn, int_key(at + i), ids[i], [](TupleId) { return false; }));
  }
  base::ThreadTask task;
  must(store.txns().commit(task, txn, {}));
  return heap.relation();
}

void bench_load(uint64_t rows) {
  Directory dir;
  RelationId table, tree;
  {
    auto store = dir.open(128);
    const TxnId txn = must(store->txns().begin());
    table = must(store->txns().create_file(txn, 1));
    tree = must(store->txns().create_file(txn, 1));
    Heap heap(*store, table);
    Btree index(*store, tree);
    must(index.create());
    const auto begin = base::steady_now();
    load(*store, index, heap, txn, rows);
    const double took = seconds_since(begin);
    std::printf("load of %llu rows: %.2f s, %.0f rows a second\n",
                static_cast<unsigned long long>(rows), took, static_cast<double>(rows) / took);
    must(store->close());
  }
  auto begin = base::steady_now();
  auto store = dir.open(128);
  std::printf("start after it: %.3f s\n", seconds_since(begin));
  begin = base::steady_now();
  Btree index(*store, tree);
  const bool sound = !must(verify_heap(*store, table)) && !must(index.verify());
  std::printf("verify: %s, %.2f s\n", sound ? "sound" : "DAMAGED", seconds_since(begin));
}

void bench_miss() {
  Directory dir;
  auto store = dir.open(32);
  const TxnId txn = must(store->txns().begin());
  Heap heap(*store, must(store->txns().create_file(txn, 1)));
  const std::string payload(2000, 'x');
  const NewVersion version{txn, CommandId{}, as_bytes(payload), 0};
  const size_t frames = store->pool().frame_count();
  std::mt19937_64 random(1);
  VersionBatch batch;
  for (double factor : {0.5, 0.9, 1.5, 2.0, 4.0}) {
    const auto blocks = static_cast<uint32_t>(static_cast<double>(frames) * factor);
    while (must(heap.block_count()).value < blocks) must(heap.insert(version));
    must(store->checkpoint());
    constexpr int kReads = 200'000;
    const uint64_t misses = store->pool().stats().misses;
    const auto begin = base::steady_now();
    for (int i = 0; i < kReads; ++i) {
      const BlockNumber block{static_cast<uint32_t>(random() % blocks)};
      must(heap.read({block, Slot{0}}, batch));
    }
    const double took = seconds_since(begin);
    const double missed = static_cast<double>(store->pool().stats().misses - misses) / kReads;
    std::printf("table of %.1f x shared_buffers: %.2f us a read, %.1f %% misses\n", factor,
                took / kReads * 1e6, missed * 100);
  }
}

void bench_recovery() {
  Directory dir;
  double wrote;
  uint64_t bytes;
  {
    StoreOptions options;
    options.shared_buffers = size_t{256} << 20;
    options.max_wal_size = uint64_t{8} << 30;  // no checkpoint on the way
    auto store = must(Store::open(base::posix_env(), dir.path(), options));
    const TxnId txn = must(store->txns().begin());
    Heap heap(*store, must(store->txns().create_file(txn, 1)));
    Btree index(*store, must(store->txns().create_file(txn, 1)));
    must(index.create());
    const Lsn from = store->wal().insert_lsn();
    const auto begin = base::steady_now();
    load(*store, index, heap, txn, 5'000'000);
    wrote = seconds_since(begin);
    bytes = store->wal().insert_lsn().value - from.value;
  }
  const auto begin = base::steady_now();
  auto store = dir.open(256);
  std::printf("log of %.0f MB: written in %.2f s, replayed in %.2f s (%llu records)\n",
              static_cast<double>(bytes) / 1e6, wrote, seconds_since(begin),
              static_cast<unsigned long long>(store->replayed_records()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "commit") bench_commit();
  if (what == "lookup") bench_lookup();
  if (what == "load") bench_load(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000);
  if (what == "miss") bench_miss();
  if (what == "recovery") bench_recovery();
  return 0;
}
