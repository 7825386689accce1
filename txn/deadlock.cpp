#include "txn/deadlock.hpp"

#include <algorithm>

namespace isolde::txn {

/// A waiter whose blockers are being looked at.
struct DeadlockSearch::Frame {
  LockerCore* who;
  LockModeSet conflicts = 0;
  Hold* hold = nullptr;  ///< the next one to look at
  const std::vector<LockerCore*>* order = nullptr;
  uint32_t at = 0, end = 0;  ///< of the waiters to look at
  LockerCore* blocker = nullptr;
  bool soft = false;
};

DeadlockSearch::Outcome DeadlockSearch::run(LockerCore* start) {
  if (!solve(start)) {
    wanted_.clear();
    const bool found = find_cycle(start, cycle_);
    ISOLDE_CHECK(found, "a deadlock has disappeared while nothing moves");
    return Outcome::kDeadlock;
  }
  if (wanted_.empty()) return Outcome::kNone;
  apply();
  return Outcome::kResolved;
}

/// Whether the constraints, or some more, leave no cycle; then `wanted_` has the orders.
bool DeadlockSearch::solve(LockerCore* start) {
  Edges soft;
  bool hard = false;
  if (!test(start, soft, hard)) return !hard;
  if (constraints_.size() >= kMaxConstraints || frames_ > kMaxFrames) return false;
  for (const Edge& edge : soft) {
    constraints_.push_back(edge);
    if (solve(start)) return true;
    constraints_.pop_back();
  }
  return false;
}

/// Looks for cycles under the present constraints. True when there is one that a further constraint
/// may break, with its soft edges; else `hard` says whether the constraints are no good.
bool DeadlockSearch::test(LockerCore* start, Edges& soft, bool& hard) {
  hard = true;
  if (!order_queues()) return false;
  Edges edges;
  auto check = [&](LockerCore* who) {
    if (!find_cycle(who, edges)) return true;
    Edges found;
    std::copy_if(edges.begin(), edges.end(), std::back_inserter(found),
                 [](const Edge& edge) { return edge.soft; });
    if (found.empty()) return false;
    soft = std::move(found);
    return true;
  };
  for (const Edge& constraint : constraints_) {
    if (!check(constraint.waiter) || !check(constraint.blocker)) return false;
  }
  if (!check(start)) return false;
  hard = false;
  return !soft.empty();
}

/// Depth first, without recursion: a chain of waits can be longer than the stack of a session.
bool DeadlockSearch::find_cycle(LockerCore* start, Edges& edges) {
  edges.clear();
  ++round_;
  const uint64_t visit = table_.next_visit();
  std::vector<Frame> path;
  start->visited = visit;
  path.push_back(open_frame(start));
  while (!path.empty()) {
    LockerCore* blocker = next_blocker(path.back());
    if (blocker == nullptr) {
      path.pop_back();
    } else if (blocker == start) {
      for (const Frame& frame : path) edges.push_back({frame.who, frame.blocker, frame.soft});
      return true;
    } else if (blocker->visited != visit) {
      blocker->visited = visit;
      path.push_back(open_frame(blocker));
    }
  }
  return false;
}

DeadlockSearch::Frame DeadlockSearch::open_frame(LockerCore* who) {
  ++frames_;
  Frame frame{who};
  const LockWaitState& wait = who->wait;
  if (wait.lock == nullptr) return frame;
  frame.conflicts = wait.lock->conflicts_of(wait.mode);
  Queue& queue = queue_of(wait.lock);
  const auto bit = static_cast<LockModeSet>(1U << wait.mode);
  if ((queue.holders_seen & bit) == 0) {
    frame.hold = wait.lock->holds.front();
    // It leaves itself out, so if it is among the holders the next one has to look again.
    if ((frame.conflicts & wait.own_modes) == 0) queue.holders_seen |= bit;
  }
  frame.order = queue.order;
  frame.at = queue.waiters_seen[wait.mode];
  frame.end = who->position;
  queue.waiters_seen[wait.mode] = std::max(frame.at, frame.end);
  return frame;
}

/// Holders before waiters: who is both is a hard edge.
LockerCore* DeadlockSearch::next_blocker(Frame& frame) {
  while (frame.hold != nullptr) {
    const Hold* hold = frame.hold;
    frame.hold = frame.who->wait.lock->holds.next(hold);
    if (hold->owner == frame.who || (frame.conflicts >> hold->mode & 1) == 0) continue;
    frame.soft = false;
    return frame.blocker = hold->owner;
  }
  while (frame.at < frame.end) {
    LockerCore* waiter = (*frame.order)[frame.at++];
    if ((frame.conflicts >> waiter->wait.mode & 1) == 0) continue;
    frame.soft = true;
    return frame.blocker = waiter;
  }
  return nullptr;
}

DeadlockSearch::Queue& DeadlockSearch::queue_of(Lock* lock) {
  Queue& queue = queues_[lock];
  if (queue.round == round_) return queue;
  queue = {};
  queue.round = round_;
  if (auto wanted = wanted_.find(lock); wanted != wanted_.end()) {
    queue.order = &wanted->second;
  } else {
    auto [actual, added] = actual_.try_emplace(lock);
    if (added) actual->second = lock->waiters();
    queue.order = &actual->second;
  }
  uint32_t position = 0;
  for (LockerCore* waiter : *queue.order) waiter->position = position++;
  return queue;
}

bool DeadlockSearch::order_queues() {
  wanted_.clear();
  for (const Edge& constraint : constraints_) {
    Lock* lock = constraint.waiter->wait.lock;
    auto [order, added] = wanted_.try_emplace(lock);
    if (added && !order_queue(lock, order->second)) return false;
  }
  return true;
}

/// Fills the order from its end: each time the last waiter of the queue who need not stand before
/// one that is still to be placed. False when the constraints contradict each other.
bool DeadlockSearch::order_queue(Lock* lock, std::vector<LockerCore*>& order) const {
  std::vector<LockerCore*> left = lock->waiters();
  std::vector<Edge> open;
  for (const Edge& constraint : constraints_) {
    if (constraint.waiter->wait.lock == lock) open.push_back(constraint);
  }
  while (!left.empty()) {
    auto may_be_last = [&](LockerCore* waiter) {
      return std::none_of(open.begin(), open.end(),
                          [&](const Edge& edge) { return edge.waiter == waiter; });
    };
    auto last = std::find_if(left.rbegin(), left.rend(), may_be_last);
    if (last == left.rend()) return false;
    LockerCore* placed = *last;
    left.erase(std::next(last).base());
    order.push_back(placed);
    std::erase_if(open, [&](const Edge& edge) { return edge.blocker == placed; });
  }
  std::reverse(order.begin(), order.end());
  return true;
}

void DeadlockSearch::apply() {
  for (auto& [lock, order] : wanted_) {
    for (LockerCore* waiter : order) {
      lock->queue.remove(waiter);
      lock->queue.push_back(waiter);
    }
    lock->wake_waiters();
  }
}

}  // namespace isolde::txn
