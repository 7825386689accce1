#pragma once

#include "base/check.hpp"

// Counts the page latches that this thread holds, in builds with assertions: a task that would
// suspend with one held is a programmer's error (see storage/README.md, "Latches").

namespace isolde::base {

#ifdef NDEBUG
inline void note_latch(int /*delta*/) {}
inline void assert_no_latch() {}
#else
namespace latch_count_detail {
inline thread_local int held = 0;
}
inline void note_latch(int delta) {
  latch_count_detail::held += delta;
}
inline void assert_no_latch() {
  ISOLDE_ASSERT(latch_count_detail::held == 0, "a task suspends with a page latched");
}
#endif

}  // namespace isolde::base
