#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "txn/lock_table.hpp"

// Finding deadlocks, and getting out of some of them without a victim.
//
// The waits-for graph is not kept, it is read off the lock table when somebody has waited for
// deadlock_timeout, while the table stands still. A waiter has two kinds of edges:
//
//      hard   to whoever holds a mode that its request conflicts with
//      soft   to whoever waits in front of it in the same queue with a mode that it conflicts with
//
// A hard edge goes when a transaction ends. A soft edge goes when the two change places in the
// queue:
//
//      A holds x.    B waits for x, exclusively.     C, behind B, wants to share x.
//      C holds y.    A waits for y.
//
//      A --hard--> C --soft--> B --hard--> A         a cycle, but: let C overtake B, and C goes on
//
// The search (after PostgreSQL's deadlock.c):
//
//   1. Is there a cycle through the waiter? No: done. One of hard edges alone: it is the victim.
//   2. Else try, one after the other, to turn round one soft edge of the cycle: "waiter before
//      blocker" is a constraint on that queue.
//   3. With the constraints so far, sort the queues topologically, moving as little as possible,
//   and
//      look for cycles through the waiter and through all whom the constraints name. No cycle: the
//      queues are re-ordered so. A cycle with soft edges: from 2 again, with one constraint more. A
//      hard cycle, or constraints that contradict each other: back, the next edge.
//   4. When nothing helps the waiter is the victim.
//
// Only cycles through the one who looks are searched for: whoever closes a cycle begins to wait
// last, and looks later than that.
//
// A thousand waiters in one queue have half a million soft edges. All those of one mode wait for
// the same holders, and for a beginning of the same queue, so what one of them has looked at (or is
// about to, being on the way from the start) the next one leaves out.

namespace isolde::txn {

class DeadlockSearch {
 public:
  enum class Outcome : uint8_t {
    kNone,
    kResolved,  ///< queues were re-ordered; whoever can go on has been signalled
    kDeadlock,  ///< see cycle(); the one who looked has to go
  };

  /// The caller makes the table stand still.
  explicit DeadlockSearch(LockTable& table) : table_(table) {}

  Outcome run(LockerCore* start);

  struct Edge {
    LockerCore* waiter;
    LockerCore* blocker;
    bool soft;
  };
  /// Each edge begins where the one before it ends.
  const std::vector<Edge>& cycle() const { return cycle_; }

 private:
  /// A queue as it is or would be, and what of its lock has been looked at in this round.
  struct Queue {
    const std::vector<LockerCore*>* order = nullptr;
    uint64_t round = 0;
    LockModeSet holders_seen = 0;
    std::array<uint32_t, kMaxLockModes> waiters_seen{};
  };
  struct Frame;

  using Edges = std::vector<Edge>;
  /// Frames point into these, so they stay in place.
  using Orders = std::unordered_map<Lock*, std::vector<LockerCore*>>;

  bool solve(LockerCore* start);
  bool test(LockerCore* start, Edges& soft, bool& hard);
  bool find_cycle(LockerCore* start, Edges& edges);
  Frame open_frame(LockerCore* who);
  LockerCore* next_blocker(Frame& frame);
  Queue& queue_of(Lock* lock);
  bool order_queues();
  bool order_queue(Lock* lock, std::vector<LockerCore*>& order) const;
  void apply();

  /// Where the search stops to try orders, and takes it for a deadlock: it holds everybody up.
  static constexpr size_t kMaxConstraints = 100;
  static constexpr size_t kMaxFrames = 100'000;

  LockTable& table_;
  Edges constraints_;
  Orders wanted_;  ///< the orders that the constraints ask for
  Orders actual_;  ///< of the queues seen so far
  absl::flat_hash_map<Lock*, Queue> queues_;
  uint64_t round_ = 0;
  size_t frames_ = 0;
  Edges cycle_;
};

}  // namespace isolde::txn
