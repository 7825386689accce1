#pragma once

namespace isolde::base {

/// Prints the broken condition with its reason to stderr and aborts the process.
[[noreturn]] void check_failed(const char* condition, const char* reason, const char* file,
                               int line);

}  // namespace isolde::base

/// Stays in every build: for what must hold or else data would be lost.
#define ISOLDE_CHECK(condition, reason) \
  (static_cast<bool>(condition)         \
       ? void()                         \
       : ::isolde::base::check_failed(#condition, reason, __FILE__, __LINE__))

/// For programmer errors; gone in the release build, present in debug, relassert, asan and tsan.
#ifdef NDEBUG
#define ISOLDE_ASSERT(condition, reason) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define ISOLDE_ASSERT(condition, reason) ISOLDE_CHECK(condition, reason)
#endif
