#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace isolde::base {

void check_failed(const char* condition, const char* reason, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", file, line, reason, condition);
  std::abort();
}

}  // namespace isolde::base
