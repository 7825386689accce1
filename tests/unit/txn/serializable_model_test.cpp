#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/unit/txn/ssi_harness.hpp"

// Random histories of a few transactions over a few keys. Whatever commits must be explained by
// some order of the transactions, one after the other: all orders are tried, on a map.
//
// ISOLDE_TEST_SEED=n repeats a run.

namespace isolde::txn {
namespace {

constexpr int kSessions = 4;
constexpr const char* kKeys[] = {"a", "b", "c", "d", "e"};

unsigned seed() {
  const char* given = std::getenv("ISOLDE_TEST_SEED");
  return given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
}

/// One thing that a transaction did, and what it was told.
struct Step {
  enum class Kind : uint8_t { kRead, kSet, kRemove, kInsert } kind = Kind::kRead;
  std::string lower, upper;  ///< the key, of a change
  std::string value;
  Rows found;
};
using Steps = std::vector<Step>;

/// Does it fit, here in the order? Applies it.
bool replay(const Steps& steps, Rows& state) {
  for (const Step& step : steps) {
    switch (step.kind) {
      case Step::Kind::kRead: {
        const Rows now(state.lower_bound(step.lower), state.upper_bound(step.upper));
        if (now != step.found) return false;
        break;
      }
      case Step::Kind::kSet:
        if (!state.contains(step.lower)) return false;
        state[step.lower] = step.value;
        break;
      case Step::Kind::kRemove:
        if (state.erase(step.lower) == 0) return false;
        break;
      case Step::Kind::kInsert:
        if (!state.emplace(step.lower, step.value).second) return false;
        break;
    }
  }
  return true;
}

bool some_order_explains(const std::vector<Steps>& committed, const Rows& before,
                         const Rows& after) {
  std::vector<size_t> order(committed.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    Rows state = before;
    const bool fits = std::all_of(order.begin(), order.end(),
                                  [&](size_t i) { return replay(committed[i], state); });
    if (fits && state == after) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

/// For a failure: what happened, in the order of the steps.
std::string told(const Rows& rows) {
  std::string text = "{";
  for (const auto& [key, value] : rows) text += " " + key + "=" + value;
  return text + " }";
}
std::string told(const Step& step) {
  switch (step.kind) {
    case Step::Kind::kRead:
      return "read " + step.lower + ".." + step.upper + " " + told(step.found);
    case Step::Kind::kSet:
      return "set " + step.lower + "=" + step.value;
    case Step::Kind::kRemove:
      return "remove " + step.lower;
    case Step::Kind::kInsert:
      return "insert " + step.lower + "=" + step.value;
  }
  return "";
}

struct Counts {
  std::string first_unexplained;
  int committed = 0, failed = 0, unexplained = 0;
};

/// Runs histories on one engine; nobody ever waits, because no step is tried that would have to.
class Histories {
 public:
  Histories(unsigned seed, IsolationLevel level, const PredicateLimits& limits)
      : h_("mvcc", limits), random_(seed), level_(level), checker_(h_, 99) {
    for (int i = 0; i < kSessions; ++i) slots_.push_back(std::make_unique<Slot>(h_, i + 1));
    checker_.TestSession::begin();
    for (const char* key : {"a", "c", "e"})
      EXPECT_EQ(checker_.insert(std::string(key) + "=0")->outcome, Outcome::kDone);
    EXPECT_TRUE(checker_.commit());
  }

  void run(int transactions, Counts& counts) {
    const Rows before = state();
    committed_.clear();
    log_ = told(before) + "\n";
    int left = transactions;
    for (;;) {
      std::vector<Slot*> busy;
      for (auto& slot : slots_) {
        if (slot->session.txn == nullptr && left > 0 && pick(2) == 0) {
          --left;
          begin(*slot);
        }
        if (slot->session.txn != nullptr) busy.push_back(slot.get());
      }
      if (busy.empty() && left == 0) break;
      if (!busy.empty()) step(*busy[pick(busy.size())], counts);
    }
    if (!some_order_explains(committed_, before, state()) && counts.unexplained++ == 0)
      counts.first_unexplained = log_;
    const auto broken = h_.locks.verify();
    EXPECT_TRUE(broken.empty());
    Serializables& all = h_.manager->serializables();
    EXPECT_EQ(all.graph().size(), 0U);
    EXPECT_EQ(all.locks().count(), 0U);
  }

 private:
  struct Slot {
    Slot(EngineHarness& h, int pid) : number(pid), session(h, pid) {}
    const int number;
    SsiSession session;
    Steps steps;
    int steps_left = 0;
    bool read_only = false;
    size_t kept = 0;  ///< steps before the savepoint
    bool in_savepoint = false;
    std::map<std::string, bool> changed;  ///< by key; true: in the savepoint
  };

  size_t pick(size_t n) { return random_() % n; }
  std::string some_key() { return kKeys[pick(std::size(kKeys))]; }

  Rows state() {
    checker_.TestSession::begin();
    const Rows rows = checker_.rows(pick(2) == 0);
    EXPECT_TRUE(checker_.commit());
    return rows;
  }

  void begin(Slot& slot) {
    slot.read_only = pick(5) == 0;
    slot.session.TestSession::begin(level_, slot.read_only);
    slot.steps.clear();
    slot.changed.clear();
    slot.in_savepoint = false;
    slot.steps_left = 1 + static_cast<int>(pick(4));
    note(slot, slot.read_only ? "begin read only" : "begin");
  }

  void step(Slot& slot, Counts& counts) {
    base::Status done;
    if (slot.steps_left-- <= 0) {
      done = slot.session.commit();
      if (done) {
        committed_.push_back(slot.steps);
        note(slot, "commit");
        ++counts.committed;
        return;
      }
    } else if (!slot.read_only && pick(6) == 0) {
      savepoint(slot);
      return;
    } else {
      done = slot.read_only || pick(2) == 0 ? read(slot) : change(slot);
      if (done) return;
      slot.session.roll_back();
    }
    EXPECT_EQ(done.error().state(), base::sqlstate::kTRSerializationFailure)
        << done.error().message();
    note(slot, done.error().fields().detail);
    ++counts.failed;
  }

  void note(const Slot& slot, const std::string& what) {
    log_ += std::to_string(slot.number) + " " + what + "\n";
  }
  void done(Slot& slot, const Step& step) {
    slot.steps.push_back(step);
    note(slot, told(step));
  }

  void savepoint(Slot& slot) {
    EngineTransaction& txn = *slot.session.txn;
    if (!slot.in_savepoint) {
      txn.define_savepoint();
      slot.in_savepoint = true;
      note(slot, "savepoint");
      slot.kept = slot.steps.size();
      return;
    }
    slot.in_savepoint = false;
    const bool keep = pick(2) == 0;
    note(slot, keep ? "release" : "roll back to savepoint");
    if (keep) {
      txn.release_savepoints(0);
    } else {
      txn.roll_back_to_savepoint(0);
      txn.release_savepoints(0);
      // What was read stays true; what was changed is undone, and so are reads of it.
      Steps reads;
      for (size_t i = slot.kept; i < slot.steps.size(); ++i) {
        const Step& step = slot.steps[i];
        if (step.kind != Step::Kind::kRead) break;
        reads.push_back(step);
      }
      slot.steps.resize(slot.kept);
      slot.steps.insert(slot.steps.end(), reads.begin(), reads.end());
      std::erase_if(slot.changed, [](const auto& entry) { return entry.second; });
    }
    for (auto& entry : slot.changed) entry.second = false;
  }

  base::Status read(Slot& slot) {
    Step step;
    step.lower = some_key();
    step.upper = pick(2) == 0 ? step.lower : some_key();
    if (step.upper < step.lower) std::swap(step.lower, step.upper);
    const bool whole = pick(6) == 0;
    if (whole) {
      step.lower = "";
      step.upper = "zzz";
    }
    auto found = whole
                     ? slot.session.read(std::nullopt)
                     : slot.session.read(range_of(step.lower, step.upper), SIZE_MAX, pick(2) == 0);
    if (!found) return found.take_error();
    step.found = *found;
    done(slot, step);
    return {};
  }

  /// The key may be changed: nobody else is about to.
  bool free(const Slot& slot, const std::string& key) const {
    return std::none_of(slots_.begin(), slots_.end(), [&](const auto& other) {
      return other.get() != &slot && other->session.txn != nullptr && other->changed.contains(key);
    });
  }

  base::Status change(Slot& slot) {
    Step step;
    step.lower = some_key();
    step.value = std::to_string(++last_value_);
    if (!free(slot, step.lower)) return {};
    switch (pick(4)) {
      case 0: {
        // Not over a row that it sees and somebody else has deleted since: as in PostgreSQL, the
        // check of the key is by what is there now, and then both rows are seen.
        auto there = slot.session.get(step.lower);
        if (!there) return there.take_error();
        if (!there->empty()) return {};
        step.kind = Step::Kind::kInsert;
        auto made = slot.session.insert(step.lower + "=" + step.value);
        if (!made) return made.take_error();
        if (made->outcome == Outcome::kDuplicate) return {};
        break;
      }
      case 1: {
        step.kind = Step::Kind::kRemove;
        auto removed = slot.session.remove(step.lower);
        if (!removed) return removed.take_error();
        if (*removed == Outcome::kGone) return note_absent(slot, step.lower);
        break;
      }
      default: {
        step.kind = Step::Kind::kSet;
        auto set = slot.session.set(step.lower, step.value, pick(2) == 0);
        if (!set) return set.take_error();
        if (*set == Outcome::kGone) return note_absent(slot, step.lower);
        break;
      }
    }
    slot.changed.emplace(step.lower, slot.in_savepoint);
    done(slot, step);
    return {};
  }

  base::Status note_absent(Slot& slot, const std::string& key) {
    Step step;
    step.lower = step.upper = key;
    done(slot, step);
    return {};
  }

  EngineHarness h_;
  std::mt19937 random_;
  const IsolationLevel level_;
  SsiSession checker_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Steps> committed_;
  std::string log_;
  int last_value_ = 0;
};

Counts run_many(unsigned seed, IsolationLevel level, const PredicateLimits& limits, int histories) {
  Counts counts;
  Histories runs(seed, level, limits);
  for (int i = 0; i < histories; ++i) runs.run(6, counts);
  return counts;
}

class SerializableModel : public testing::TestWithParam<PredicateLimits> {};

TEST_P(SerializableModel, WhatCommitsFitsIntoAnOrder) {
  const unsigned seed = isolde::txn::seed();
  SCOPED_TRACE("ISOLDE_TEST_SEED=" + std::to_string(seed));
  const Counts counts = run_many(seed, IsolationLevel::kSerializable, GetParam(), 400);
  EXPECT_EQ(counts.unexplained, 0) << counts.first_unexplained;
  EXPECT_GT(counts.committed, counts.failed);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, SerializableModel,
    testing::Values(PredicateLimits{}, PredicateLimits{.max_locks_per_page = 0},
                    PredicateLimits{.max_locks_per_relation = 0},
                    PredicateLimits{.max_transactions = 1}, PredicateLimits{.max_transactions = 3},
                    PredicateLimits{.max_locks = 1}, PredicateLimits{.max_locks = 4},
                    PredicateLimits{.max_locks = 3, .max_transactions = 2}));

/// The check would notice: a level below lets histories pass that fit into no order.
TEST(SerializableModelCheck, FindsWhatRepeatableReadLetsPass) {
  EXPECT_GT(run_many(seed(), IsolationLevel::kRepeatableRead, {}, 400).unexplained, 0);
}

}  // namespace
}  // namespace isolde::txn
