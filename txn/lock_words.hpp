#pragma once

#include "txn/lock_method.hpp"
#include "txn/lock_tag.hpp"

// What the modes of all lock methods are called by those who are used to InnoDB or to SQL Server. A
// view in somebody's words shows every engine's locks, with the words that come nearest.

namespace isolde::txn {

/// LOCK_MODE of performance_schema.data_locks: "X,REC_NOT_GAP", "S,GAP", "IX", ... Empty for what
/// InnoDB has no locks for: the presence of a table.
std::string_view innodb_mode(const LockTag& tag, LockMode mode);

/// request_mode of sys.dm_tran_locks: "IX", "RangeS-U", "Sch-S", ...
std::string_view sql_server_mode(LockMode mode);

/// resource_type there: "OBJECT", "RID", "KEY", ...
std::string_view sql_server_resource(LockKind kind);

}  // namespace isolde::txn
