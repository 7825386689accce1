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
};

}  // namespace isolde::txn
