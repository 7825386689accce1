#pragma once

#include <string>

#include "base/error.hpp"
#include "txn/lock_observer.hpp"

namespace isolde::txn {

/// 40P01 in PostgreSQL's words, with a DETAIL line for each step of the cycle.
base::Error deadlock_error(const DeadlockReport& report);

/// The same for the server's log, with the statements.
std::string deadlock_log_text(const DeadlockReport& report);

}  // namespace isolde::txn
