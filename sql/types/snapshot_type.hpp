#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

/// A value of pg_snapshot: which transactions were running.
///
/// Storage: int64 xmin, int64 xmax, then the transactions between them that were running, as int64,
/// in ascending order.
struct SnapshotValue {
  int64_t xmin = 0;
  int64_t xmax = 0;
  std::vector<int64_t> running;

  static SnapshotValue read(Datum stored);
  Datum write(Arena& arena) const;
  /// Whether a transaction had ended before the snapshot was taken.
  bool shows(int64_t transaction) const;
};

}  // namespace isolde::sql
