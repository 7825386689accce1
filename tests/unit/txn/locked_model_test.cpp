#include <mutex>
#include <random>

#include "tests/unit/txn/engine_harness.hpp"
#include "tests/unit/txn/lock_session.hpp"

// Random transactions at SERIALIZABLE, in parallel, against a model. Where locks are held to the
// end, the order of the moments just before commit is a serial order: each transaction must have
// seen exactly what is there when they run in that order one after the other.

namespace isolde::txn {
namespace {

using Rows = std::map<std::string, std::string>;

/// What a transaction did, as far as it can be told afterwards.
struct Step {
  enum class Kind : uint8_t { kRead, kUpdate, kInsert, kRemove } kind;
  std::string from, to;  ///< of kRead; else `from` is the key
  Rows seen;             ///< of kRead
  std::string value;     ///< written
  Outcome outcome = Outcome::kDone;
};
struct Done {
  uint64_t ticket = 0;
  std::vector<Step> steps;
};

Rows range_of(const Rows& rows, const std::string& from, const std::string& to) {
  Rows found;
  for (const auto& [key, value] : rows) {
    if (key >= from && key <= to) found.emplace(key, value);
  }
  return found;
}

class Worker {
 public:
  Worker(EngineHarness& h, int pid, uint64_t seed, std::atomic<uint64_t>& tickets)
      : session_(h, pid), random_(seed), pid_(pid), tickets_(tickets) {
    session_.settings().deadlock_timeout = std::chrono::milliseconds(1);
    session_.settings().rows_before_page_lock = 8;
  }

  void run(int transactions) {
    for (int i = 0; i < transactions; ++i) {
      session_.begin(IsolationLevel::kSerializable);
      Done done;
      bool good = true;
      const int steps = 1 + pick(4);
      for (int k = 0; k < steps && good; ++k) good = step(done);
      if (!good || pick(10) == 0) {
        session_.roll_back();
        continue;
      }
      done.ticket = tickets_.fetch_add(1);
      if (session_.commit()) finished.push_back(std::move(done));
    }
  }

  std::vector<Done> finished;

 private:
  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  std::string key() { return std::string(1, static_cast<char>('a' + pick(12))); }

  bool step(Done& done) {
    Step step;
    const int what = pick(10);
    step.from = key();
    step.value = std::to_string(pid_) + "." + std::to_string(++writes_);
    if (what < 5) return read(what, step, done);
    if (what < 7) return update(step, done);
    return insert_or_remove(what == 9, step, done);
  }

  bool read(int what, Step& step, Done& done) {
    step.kind = Step::Kind::kRead;
    ScanSpec spec;
    step.to = what == 0 ? step.from : std::string(1, static_cast<char>(step.from[0] + pick(4)));
    if (what < 4) {
      spec = session_.between(step.from, step.to);
      spec.backward = what == 3;
    } else {
      step.from = "a";
      step.to = "z";
    }
    auto seen = session_.select(spec);
    if (!seen) return false;
    step.seen = *seen;
    done.steps.push_back(step);
    return true;
  }

  bool update(Step& step, Done& done) {
    step.kind = Step::Kind::kUpdate;
    std::string old;
    auto updated = session_.update(
        step.from,
        [&](const std::string& before) {
          old = before;
          return step.value;
        },
        pick(2) == 0);
    if (!updated) return false;
    step.outcome = *updated;
    if (*updated == Outcome::kDone) step.seen.emplace(step.from, old);
    done.steps.push_back(step);
    return true;
  }

  bool insert_or_remove(bool removes, Step& step, Done& done) {
    if (removes) {
      step.kind = Step::Kind::kRemove;
      auto removed = session_.remove(step.from);
      if (!removed) return false;
      step.outcome = *removed;
    } else {
      step.kind = Step::Kind::kInsert;
      auto inserted = session_.insert(step.from + "=" + step.value);
      if (!inserted) return false;
      step.outcome = inserted->outcome;
    }
    done.steps.push_back(step);
    return true;
  }

  TestSession session_;
  std::mt19937_64 random_;
  const int pid_;
  int writes_ = 0;
  std::atomic<uint64_t>& tickets_;
};

void replay(const Done& done, Rows& model) {
  for (const Step& step : done.steps) {
    const bool there = model.contains(step.from);
    switch (step.kind) {
      case Step::Kind::kRead:
        EXPECT_EQ(step.seen, range_of(model, step.from, step.to)) << step.from << ".." << step.to;
        break;
      case Step::Kind::kUpdate:
        EXPECT_EQ(step.outcome, there ? Outcome::kDone : Outcome::kGone) << step.from;
        EXPECT_EQ(step.seen, range_of(model, step.from, step.from));
        if (there) model[step.from] = step.value;
        break;
      case Step::Kind::kInsert:
        EXPECT_EQ(step.outcome, there ? Outcome::kDuplicate : Outcome::kDone) << step.from;
        if (!there) model[step.from] = step.value;
        break;
      case Step::Kind::kRemove:
        EXPECT_EQ(step.outcome, there ? Outcome::kDone : Outcome::kGone) << step.from;
        model.erase(step.from);
        break;
    }
  }
}

class LockedModel : public testing::TestWithParam<const char*> {};

TEST_P(LockedModel, EachTransactionSeesWhatASerialOrderShows) {
  base::configure_log({.threshold = base::Severity::kFatal, .file = {}});
  const uint64_t seed = random_seed();
  SCOPED_TRACE("ISOLDE_TEST_SEED=" + std::to_string(seed));
  EngineHarness h(GetParam());
  std::atomic<uint64_t> tickets{0};
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 4; ++i)
    workers.push_back(std::make_unique<Worker>(h, i + 1, seed + static_cast<uint64_t>(i), tickets));
  std::vector<std::thread> threads;
  for (auto& worker : workers) threads.emplace_back([&worker] { worker->run(400); });
  for (std::thread& thread : threads) thread.join();

  std::vector<Done> all;
  for (auto& worker : workers)
    all.insert(all.end(), worker->finished.begin(), worker->finished.end());
  std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.ticket < b.ticket; });
  EXPECT_GT(all.size(), 200U);
  Rows model;
  for (const Done& done : all) {
    replay(done, model);
    if (HasFailure()) return;
  }
  TestSession last(h, 9);
  last.begin();
  EXPECT_EQ(last.rows(), model);
  EXPECT_EQ(last.rows(true), model);
  last.roll_back();
  expect_sound(h.locks);
  EXPECT_TRUE(h.locks.snapshot().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, LockedModel, testing::Values("locking", "nextkey", "serial"));

}  // namespace
}  // namespace isolde::txn
