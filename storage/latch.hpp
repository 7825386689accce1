#pragma once

#include <atomic>
#include <cstdint>

#include "base/latch_count.hpp"

namespace isolde::storage {

/// A readers-writer latch of four bytes, held for microseconds and never across a task's wait.
/// A writer that waits keeps new readers out, so a thread must not take it shared twice.
class RwLatch {
 public:
  void lock_shared() {
    uint32_t state = state_.load(std::memory_order_relaxed);
    for (;;) {
      if ((state & (kWriter | kWriterWaits)) != 0) {
        state = pause(state);
      } else if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire)) {
        break;
      }
    }
    base::note_latch(1);
  }

  void unlock_shared() {
    base::note_latch(-1);
    uint32_t before = state_.fetch_sub(1, std::memory_order_release);
    if (before == (kWriterWaits | 1)) state_.notify_all();
  }

  void lock() {
    uint32_t state = state_.load(std::memory_order_relaxed);
    for (;;) {
      if ((state & ~kWriterWaits) == 0) {
        if (state_.compare_exchange_weak(state, kWriter, std::memory_order_acquire)) break;
      } else if ((state & kWriterWaits) == 0) {
        if (state_.compare_exchange_weak(state, state | kWriterWaits, std::memory_order_relaxed))
          state = pause(state | kWriterWaits);
      } else {
        state = pause(state);
      }
    }
    base::note_latch(1);
  }

  bool try_lock() {
    uint32_t idle = 0;
    bool got = state_.compare_exchange_strong(idle, kWriter, std::memory_order_acquire);
    if (got) base::note_latch(1);
    return got;
  }

  /// From shared to exclusive when nobody else holds it or waits; else stays shared.
  bool try_upgrade() {
    uint32_t alone = 1;
    return state_.compare_exchange_strong(alone, kWriter, std::memory_order_acquire);
  }
  void downgrade() {
    state_.store(1, std::memory_order_release);
    state_.notify_all();
  }

  void unlock() {
    base::note_latch(-1);
    uint32_t before = state_.fetch_and(~kWriter, std::memory_order_release);
    static_cast<void>(before);
    state_.notify_all();
  }

 private:
  static constexpr uint32_t kWriter = uint32_t{1} << 31;
  static constexpr uint32_t kWriterWaits = uint32_t{1} << 30;

  uint32_t pause(uint32_t seen) {
    state_.wait(seen, std::memory_order_relaxed);
    return state_.load(std::memory_order_relaxed);
  }

  std::atomic<uint32_t> state_{0};
};

}  // namespace isolde::storage
