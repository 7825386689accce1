#pragma once

#include <string>

#include "base/error.hpp"

namespace isolde::txn {

/// 40001 of SSI, in PostgreSQL's words.
inline base::Error serialization_failure(const std::string& reason) {
  return base::Error(base::sqlstate::kTRSerializationFailure,
                     "could not serialize access due to read/write dependencies among transactions")
      .detail("Reason code: " + reason)
      .hint("The transaction might succeed if retried.");
}

inline base::Error pivot_failure(const std::string& when) {
  return serialization_failure("Canceled on identification as a pivot, " + when);
}

}  // namespace isolde::txn
