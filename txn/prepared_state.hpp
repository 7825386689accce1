#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "storage/bytes.hpp"
#include "txn/isolation_level.hpp"
#include "txn/lock_method.hpp"
#include "txn/lock_tag.hpp"

namespace isolde::txn {

/// A lock that a transaction holds, so that it can be taken again.
struct HeldLock {
  LockTag tag;
  LockMode mode;
  std::string label;
};

/// What the log keeps of a prepared transaction. Its rows are in the tables already.
struct PreparedState {
  std::string name;  ///< the client's identifier
  base::Oid owner;
  base::Oid database;
  base::Timestamp prepared_at;
  IsolationLevel isolation = IsolationLevel::kReadCommitted;
  std::vector<TxnId> ids;  ///< ascending; the first is the transaction's own
  std::vector<HeldLock> locks;
  std::vector<storage::RelationId> dropped_files;
  storage::Bytes catalog;  ///< what it has done to the catalog; empty: nothing

  storage::Bytes encode() const;
  /// Nothing when the bytes are not what encode() makes.
  static std::optional<PreparedState> decode(storage::ByteSpan bytes);
};

}  // namespace isolde::txn
