#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "lock_session.hpp"

// Random acquires, releases, savepoints and cancels, compared step by step with a model of the
// rules that is as plain as possible; then the same in parallel, without a model, under deadlocks.

namespace isolde::txn {
namespace {

using namespace std::chrono_literals;

/// The rules of lock_manager.hpp over sets, for one lock.
class ModelLock {
 public:
  struct Waiter {
    int who;
    LockMode mode;
  };
  enum class Answer { kGranted, kWaits, kDeadlock };

  Answer acquire(int who, LockMode mode) {
    if (covered(who, mode) || (!blocked(who, mode) && !any_conflict(mode, queue_.size()))) {
      take(who, mode);
      return Answer::kGranted;
    }
    size_t place = queue_.size();
    for (size_t at = 0; at < queue_.size(); ++at) {
      if (!conflicts_with_holder(queue_[at].mode, who)) continue;
      if (conflicts_with_holder(mode, queue_[at].who)) return Answer::kDeadlock;
      if (!blocked(who, mode) && !any_conflict(mode, at)) {
        take(who, mode);
        return Answer::kGranted;
      }
      place = at;
      break;
    }
    queue_.insert(queue_.begin() + static_cast<ptrdiff_t>(place), {who, mode});
    return Answer::kWaits;
  }
  void release(int who, uint8_t mode) {
    std::erase(held_[who], mode);
    grant();
  }
  /// One by one, the latest first: where modes conflict one way only, others see what is in
  /// between.
  void release_all(int who) {
    while (!held_[who].empty()) {
      held_[who].pop_back();
      grant();
    }
  }
  void cancel(int who) {
    std::erase_if(queue_, [&](const Waiter& waiter) { return waiter.who == who; });
    grant();
  }
  bool waits(int who) const {
    return std::any_of(queue_.begin(), queue_.end(),
                       [&](const Waiter& waiter) { return waiter.who == who; });
  }
  const std::vector<uint8_t>& held(int who) { return held_[who]; }

 private:
  void take(int who, LockMode mode) {
    std::vector<uint8_t>& modes = held_[who];
    if (std::find(modes.begin(), modes.end(), mode.index) == modes.end())
      modes.push_back(mode.index);
  }
  bool covered(int who, LockMode mode) {
    for (uint8_t held : held_[who]) {
      if ((lock_method(mode.method).covers[held] & mode.bit()) != 0) return true;
    }
    return false;
  }
  bool conflicts_with_holder(LockMode mode, int holder) {
    for (uint8_t held : held_[holder]) {
      if (lock_modes_conflict(mode, {mode.method, held})) return true;
    }
    return false;
  }
  bool blocked(int who, LockMode mode) {
    for (auto& [holder, modes] : held_) {
      if (holder != who && conflicts_with_holder(mode, holder)) return true;
    }
    return false;
  }
  bool any_conflict(LockMode mode, size_t ahead) const {
    for (size_t at = 0; at < ahead; ++at) {
      if (lock_modes_conflict(mode, queue_[at].mode)) return true;
    }
    return false;
  }
  void grant() {
    for (size_t at = 0; at < queue_.size();) {
      const Waiter waiter = queue_[at];
      if (blocked(waiter.who, waiter.mode) || any_conflict(waiter.mode, at)) {
        ++at;
        continue;
      }
      take(waiter.who, waiter.mode);
      queue_.erase(queue_.begin() + static_cast<ptrdiff_t>(at));
    }
  }

  /// Modes in the order of their acquisition.
  std::map<int, std::vector<uint8_t>> held_;
  std::deque<Waiter> queue_;
};

constexpr int kSessions = 6, kTags = 2;

class ModelRun {
 public:
  ModelRun(LockMethodId method, uint64_t seed) : method_(method), random_(seed) {
    for (int n = 0; n < kSessions; ++n)
      sessions_.push_back(std::make_unique<LockSession>(locks_, n + 1));
  }

  void run(int steps) {
    for (int n = 0; n < steps && !testing::Test::HasFailure(); ++n) {
      step(pick(kSessions));
      compare();
    }
    for (int who = 0; who < kSessions; ++who) cancel(who);
    for (int who = 0; who < kSessions; ++who) end(who);
    expect_sound(locks_);
    EXPECT_TRUE(locks_.snapshot().empty());
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  LockMode any_mode() {
    // The next-key method's table modes and record modes never meet on one thing.
    const int first = method_ == LockMethodId::kNextKey ? 5 : 0;
    const int modes = lock_method(method_).modes;
    return {method_, static_cast<uint8_t>(first + pick(modes - first))};
  }
  bool waiting(int who) {
    return std::any_of(model_, model_ + kTags, [&](ModelLock& lock) { return lock.waits(who); });
  }

  void step(int who) {
    const int what = pick(10);
    if (waiting(who)) {
      if (what < 3) cancel(who);
    } else if (what < 6) {
      acquire(who);
    } else if (what < 8) {
      release_one(who);
    } else {
      end(who);
    }
  }

  void acquire(int who) {
    const int tag = pick(kTags);
    const LockMode mode = any_mode();
    LockSession& session = *sessions_[who];
    const ModelLock::Answer expected = model_[tag].acquire(who, mode);
    session.start(tags_[tag], mode);
    started_.insert(who);
    EXPECT_EQ(session.waits(), expected == ModelLock::Answer::kWaits);
    if (expected != ModelLock::Answer::kDeadlock) return;
    EXPECT_EQ(session.finish_code(), "40P01");
    started_.erase(who);
  }
  void release_one(int who) {
    const int tag = pick(kTags);
    const std::vector<uint8_t> held = model_[tag].held(who);
    if (held.empty()) return;
    const uint8_t mode = held[pick(static_cast<int>(held.size()))];
    while (sessions_[who]->unlock(tags_[tag], {method_, mode})) {
    }
    model_[tag].release(who, mode);
  }
  void end(int who) {
    sessions_[who]->end();
    for (ModelLock& lock : model_) lock.release_all(who);
  }
  void cancel(int who) {
    if (!waiting(who)) return;
    for (ModelLock& lock : model_) lock.cancel(who);
    sessions_[who]->task().interrupt(base::Interrupt::kCancel);
    EXPECT_EQ(sessions_[who]->finish_code(), "57014");
    started_.erase(who);
    compare();
  }

  void compare() {
    for (int who = 0; who < kSessions; ++who) {
      EXPECT_EQ(sessions_[who]->waits(), waiting(who)) << "session " << who + 1;
      if (waiting(who)) continue;
      if (started_.erase(who) != 0) {
        EXPECT_EQ(sessions_[who]->finish_code(), "");
      }
      for (int tag = 0; tag < kTags; ++tag) {
        for (uint8_t mode : model_[tag].held(who))
          EXPECT_TRUE(locks_.holds(sessions_[who]->locker(), tags_[tag], {method_, mode}));
      }
      for (const std::string& problem : locks_.verify(sessions_[who]->locker()))
        ADD_FAILURE() << problem;
    }
    expect_sound(locks_);
  }

  LockMethodId method_;
  std::mt19937_64 random_;
  LockManager locks_;
  const LockTag tags_[kTags] = {table_tag(1), table_tag(2)};
  ModelLock model_[kTags];
  std::vector<std::unique_ptr<LockSession>> sessions_;
  std::set<int> started_;
};

class LockModelTest : public testing::TestWithParam<LockMethodId> {};

TEST_P(LockModelTest, DoesWhatTheModelSays) {
  const uint64_t seed = random_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RecordProperty("seed", std::to_string(seed));
  ModelRun(GetParam(), seed).run(800);
}

INSTANTIATE_TEST_SUITE_P(Methods, LockModelTest,
                         testing::Values(LockMethodId::kTable, LockMethodId::kRow,
                                         LockMethodId::kHierarchy, LockMethodId::kNextKey),
                         [](const auto& info) {
                           std::string name(lock_method(info.param).name);
                           std::erase(name, '-');  // not a part of a test's name
                           return name;
                         });

/// Sessions that lock a few things in any order, under one policy: what is exclusive must be so,
/// and nobody may hang.
void run_in_parallel(DeadlockPolicy policy, uint64_t seed) {
  constexpr int kThreads = 8, kThings = 4, kTransactions = 300;
  LockManager locks;
  std::atomic<int> readers[kThings]{}, writers[kThings]{};
  std::atomic<uint64_t> ages{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      LockSession session(locks, t + 1);
      session.settings().deadlock_timeout = std::chrono::microseconds(t % 4 * 200);
      std::mt19937_64 random(seed + static_cast<uint64_t>(t));
      for (int n = 0; n < kTransactions; ++n) {
        session.locker().set_age(++ages);
        std::set<int> reads, writes;
        for (int step = 0; step < 3; ++step) {
          const int thing = static_cast<int>(random() % kThings);
          const bool write = random() % 2 == 0;
          auto granted = locks.acquire(session.locker(), table_tag(static_cast<uint32_t>(thing)),
                                       write ? hierarchy_mode::kExclusive : hierarchy_mode::kShared,
                                       {.policy = policy});
          if (!granted) {
            EXPECT_EQ(granted.error().state().code(), "40P01");
            break;
          }
          if (write && writes.insert(thing).second) {
            EXPECT_EQ(writers[thing]++, 0);
            EXPECT_EQ(readers[thing], reads.contains(thing) ? 1 : 0);
          } else if (!write && !writes.contains(thing) && reads.insert(thing).second) {
            ++readers[thing];
            EXPECT_EQ(writers[thing], 0);
          }
        }
        for (int thing : reads) --readers[thing];
        for (int thing : writes) --writers[thing];
        session.end();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect_sound(locks);
  EXPECT_TRUE(locks.snapshot().empty());
}

TEST(LockStressTest, ExclusionHoldsUnderEveryPolicy) {
  const uint64_t seed = random_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (DeadlockPolicy policy : {DeadlockPolicy::kDetect, DeadlockPolicy::kWaitDie,
                                DeadlockPolicy::kWoundWait, DeadlockPolicy::kNoWait}) {
    run_in_parallel(policy, seed);
  }
}

}  // namespace
}  // namespace isolde::txn
