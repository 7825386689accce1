#pragma once

#include <cstdint>

namespace isolde::txn {

/// The isolation levels of the SQL standard, weakest first. What each prevents is the engine's
/// affair.
enum class IsolationLevel : uint8_t {
  kReadUncommitted,
  kReadCommitted,
  kRepeatableRead,
  kSerializable,
};

struct TransactionModes {
  IsolationLevel isolation = IsolationLevel::kReadCommitted;
  bool read_only = false;
  bool deferrable = false;
  /// First updater wins, in engines that would overwrite what their snapshot does not show.
  bool snapshot_conflicts = false;
};

}  // namespace isolde::txn
