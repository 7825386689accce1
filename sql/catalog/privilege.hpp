#pragma once

#include <cstdint>

namespace isolde::sql {

/// What may be granted, a bit each, in the order in which aclitem writes them: arwdDxtXUCTcsA.
enum class Privilege : uint32_t {
  kInsert = 1U << 0,
  kSelect = 1U << 1,
  kUpdate = 1U << 2,
  kDelete = 1U << 3,
  kTruncate = 1U << 4,
  kReferences = 1U << 5,
  kTrigger = 1U << 6,
  kExecute = 1U << 7,
  kUsage = 1U << 8,
  kCreate = 1U << 9,
  kCreateTemp = 1U << 10,
  kConnect = 1U << 11,
  kSet = 1U << 12,
  kAlterSystem = 1U << 13,
};
constexpr uint32_t bit(Privilege privilege) {
  return static_cast<uint32_t>(privilege);
}
constexpr uint32_t operator|(Privilege a, Privilege b) {
  return bit(a) | bit(b);
}
constexpr uint32_t operator|(uint32_t a, Privilege b) {
  return a | bit(b);
}

}  // namespace isolde::sql
