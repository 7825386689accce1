#pragma once

#include "sql/functions/function.hpp"
#include "sql/views/innodb_locks.hpp"

// What innodb_trx and the report of isolde.innodb_status() have in common.

namespace isolde::sql {

/// What one session's transaction holds and waits for.
struct InnodbSummary {
  const InnodbLock* waiting = nullptr;
  int64_t locks = 0;
  int64_t tables = 0;
  int64_t rows = 0;
};
InnodbSummary innodb_summary(const InnodbLocks& locks, base::SessionId session);

/// isolde.innodb_status()
Datum innodb_status(CallContext& context, const Datum* args);

}  // namespace isolde::sql
