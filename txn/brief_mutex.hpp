#pragma once

#include <mutex>

namespace isolde::txn {

/// For a mutex that everybody needs, but for a tenth of a microsecond only: who finds it taken
/// tries again for about as long before the thread blocks, which costs fifty times as much.
class BriefMutex {
 public:
  void lock() {
    for (int i = 0; i < kTries; ++i) {
      if (mutex_.try_lock()) return;
      pause();
    }
    mutex_.lock();
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  static constexpr int kTries = 40;
  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  std::mutex mutex_;
};

}  // namespace isolde::txn
