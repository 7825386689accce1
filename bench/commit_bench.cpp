// Group commit as the server does it: sessions are coroutines on as many threads as there are
// cores, and one thread writes and syncs the log for all of them.
//
//   commit_bench [seconds a case] [--rows]     with --rows each transaction inserts a row

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <latch>

#include "bench/must.hpp"
#include "server/runtime/session_task.hpp"
#include "storage/heap.hpp"

namespace {

using namespace isolde;
using namespace isolde::storage;

struct Rate {
  double commits = 0;  ///< a second
  double syncs = 0;
};

class Bench {
 public:
  Bench(Store& store, bool rows) : store_(store), rows_(rows) {
    const TxnId txn = must(store.txns().begin());
    heap_ = std::make_unique<Heap>(store, must(store.txns().create_file(txn, 1)));
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      workers_.push_back(std::make_unique<server::Worker>());
      workers_.back()->start();
    }
  }

  Rate run(int sessions, double seconds) {
    std::atomic<uint64_t> commits{0};
    std::latch done(sessions);
    const auto begin = base::steady_now();
    const auto end = begin + std::chrono::microseconds(static_cast<int64_t>(seconds * 1e6));
    const uint64_t syncs = store_.wal().syncs();
    for (int s = 0; s < sessions; ++s) {
      server::Worker& worker = *workers_[static_cast<size_t>(s) % workers_.size()];
      auto task = std::make_shared<server::SessionTask>(worker);
      worker.post([this, task, end, &commits, &done] {
        task->start([this, task, end, &commits, &done] {
          commits += work(*task, end);
          done.count_down();
        });
      });
    }
    done.wait();
    const double took = std::chrono::duration<double>(base::steady_now() - begin).count();
    return {static_cast<double>(commits.load()) / took,
            static_cast<double>(store_.wal().syncs() - syncs) / took};
  }

 private:
  uint64_t work(base::Task& task, base::SteadyTime end) {
    const std::string payload(40, 'x');
    uint64_t count = 0;
    for (; base::steady_now() < end; ++count) {
      const TxnId txn = must(store_.txns().begin());
      if (rows_) must(heap_->insert({txn, CommandId{}, as_bytes(payload), 0}));
      must(store_.txns().commit(task, txn, {}));
    }
    return count;
  }

  Store& store_;
  const bool rows_;
  std::unique_ptr<Heap> heap_;
  std::vector<std::unique_ptr<server::Worker>> workers_;
};

void run(double seconds, bool rows) {
  const std::string dir = "commit_bench_data_" + std::to_string(::getpid());
  {
    auto store = must(Store::open(base::posix_env(), dir, {}));
    Bench bench(*store, rows);
    static_cast<void>(bench.run(64, seconds / 2));  // log segments for later
    for (int round = 0; round < 3; ++round) {
      const Rate one = bench.run(1, seconds), many = bench.run(64, seconds);
      std::printf("1 session %.0f commits a second, 64 sessions %.0f in %.0f syncs: %.1f times\n",
                  one.commits, many.commits, many.syncs, many.commits / one.commits);
    }
  }
  std::filesystem::remove_all(dir);
}

}  // namespace

int main(int argc, char** argv) {
  const bool rows = argc > 1 && std::strcmp(argv[argc - 1], "--rows") == 0;
  run(argc > 1 && std::atof(argv[1]) > 0 ? std::atof(argv[1]) : 2, rows);
  return 0;
}
