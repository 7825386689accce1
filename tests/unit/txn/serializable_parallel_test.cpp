#include <algorithm>
#include <random>

#include "tests/unit/txn/ssi_harness.hpp"

// Sessions on threads of their own, as fast as they can. Every write replaces a value that the same
// transaction has read, by one that is unique: so the versions of a key are a chain, and who read
// which, who replaced which, and who read what was replaced afterwards make a graph of those that
// committed. It must have no cycle.

namespace isolde::txn {
namespace {

using Key = std::string;

struct Done {
  std::map<Key, std::string> read;
  std::map<Key, std::string> written;
};

/// The committed transactions of a run, and who must come before whom.
class History {
 public:
  void add(Done done) {
    std::lock_guard lock(mutex_);
    all_.push_back(std::move(done));
  }
  size_t size() const { return all_.size(); }

  bool has_cycle() {
    link();
    colour_.assign(all_.size(), 0);
    for (size_t i = 0; i < all_.size(); ++i) {
      if (colour_[i] == 0 && reaches_itself(i)) return true;
    }
    return false;
  }

 private:
  using Version = std::pair<Key, std::string>;

  void link() {
    std::map<Version, size_t> maker, replacer;
    for (size_t i = 0; i < all_.size(); ++i) {
      for (const auto& [key, value] : all_[i].written) {
        maker[{key, value}] = i;
        replacer[{key, all_[i].read.at(key)}] = i;
      }
    }
    after_.assign(all_.size(), {});
    for (size_t i = 0; i < all_.size(); ++i) {
      for (const auto& version : all_[i].read) {
        if (auto made = maker.find(version); made != maker.end()) after_[made->second].push_back(i);
        if (auto gone = replacer.find(version); gone != replacer.end() && gone->second != i)
          after_[i].push_back(gone->second);
      }
    }
  }

  bool reaches_itself(size_t from) {
    colour_[from] = 1;
    for (size_t to : after_[from]) {
      if (colour_[to] == 1 || (colour_[to] == 0 && reaches_itself(to))) return true;
    }
    colour_[from] = 2;
    return false;
  }

  std::mutex mutex_;
  std::vector<Done> all_;
  std::vector<std::vector<size_t>> after_;
  std::vector<int> colour_;
};

constexpr int kKeys = 12;
constexpr int kRounds = 400;

class Worker {
 public:
  Worker(EngineHarness& h, int number, IsolationLevel level, History& history)
      : session_(h, number),
        number_(number),
        level_(level),
        history_(history),
        random_(static_cast<unsigned>(number)) {}

  void run() {
    for (int round = 0; round < kRounds; ++round) {
      session_.TestSession::begin(level_, random_() % 6 == 0);
      Done done;
      base::Status s = steps(done, std::to_string(number_) + "." + std::to_string(round));
      if (s) s = session_.commit();
      if (s) {
        history_.add(std::move(done));
        continue;
      }
      const auto state = s.error().state();
      EXPECT_TRUE(state == base::sqlstate::kTRSerializationFailure ||
                  state == base::sqlstate::kTRDeadlockDetected)
          << s.error().message();
      if (session_.txn) session_.roll_back();
    }
  }

 private:
  Key some_key() { return std::string(1, static_cast<char>('a' + random_() % kKeys)); }

  base::Status steps(Done& done, const std::string& value) {
    const bool by_range = random_() % 3 == 0;
    const Key low = some_key(), high = some_key();
    if (by_range && low < high) {
      auto rows = session_.read(low, high);
      if (!rows) return rows.take_error();
      done.read = *rows;
    } else {
      for (const Key& key : {low, high}) {
        auto found = session_.get(key);
        if (!found) return found.take_error();
        done.read[key] = *found;
      }
    }
    if (session_.txn->modes().read_only || done.read.empty()) return {};
    auto at = done.read.begin();
    std::advance(at, static_cast<ptrdiff_t>(random_() % done.read.size()));
    auto set = session_.set(at->first, value, random_() % 2 == 0);
    if (!set) return set.take_error();
    done.written[at->first] = value;
    return {};
  }

  SsiSession session_;
  const int number_;
  const IsolationLevel level_;
  History& history_;
  std::mt19937 random_;
};

bool finds_cycle(IsolationLevel level, const PredicateLimits& limits) {
  EngineHarness h("mvcc", limits);
  SsiSession first(h, 1);
  first.begin();
  for (int i = 0; i < kKeys; ++i)
    EXPECT_TRUE(first.insert(std::string(1, static_cast<char>('a' + i)) + "=0"));
  EXPECT_TRUE(first.commit());
  History history;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&, i] { Worker(h, 10 + i, level, history).run(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(history.size(), size_t{kRounds});
  Serializables& all = h.manager->serializables();
  EXPECT_EQ(all.graph().size(), 0U);
  EXPECT_EQ(all.locks().count(), 0U);
  return history.has_cycle();
}

TEST(SerializableParallel, NoCycle) {
  EXPECT_FALSE(finds_cycle(IsolationLevel::kSerializable, {}));
}
TEST(SerializableParallel, NoCycleWithLittleMemory) {
  EXPECT_FALSE(finds_cycle(IsolationLevel::kSerializable, {.max_locks = 8}));
  EXPECT_FALSE(finds_cycle(IsolationLevel::kSerializable, {.max_transactions = 4}));
}
/// The check would notice.
TEST(SerializableParallel, RepeatableReadHasCycles) {
  EXPECT_TRUE(finds_cycle(IsolationLevel::kRepeatableRead, {}));
}

}  // namespace
}  // namespace isolde::txn
