#include <algorithm>
#include <vector>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/array.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/function_tables.hpp"
#include "txn/lock_manager.hpp"
#include "txn/serializable.hpp"
#include "txn/transaction_manager.hpp"

// Who blocks whom.

namespace isolde::sql {

namespace {

std::vector<base::SessionId> blockers_of(CallContext& context, Datum pid) {
  base::SessionId session(static_cast<int32_t>(pid.as_int()));
  return context.services->instance().locks().blocking_pids(session);
}

/// Whom a session waits for that has asked for a safe snapshot (DEFERRABLE).
std::vector<base::SessionId> snapshot_blockers_of(CallContext& context, Datum pid) {
  base::SessionId session(static_cast<int32_t>(pid.as_int()));
  return context.services->instance().transactions().serializables().safe_snapshot_blockers(
      session);
}

Datum pid_array(CallContext& context, const std::vector<base::SessionId>& sessions) {
  std::vector<Datum> pids;
  for (base::SessionId pid : sessions) pids.push_back(Datum::of_int(pid.value));
  const Type& type = type_of(types::kInt4);
  return pids.empty() ? empty_array(type, context.arena) : make_array(type, pids, context.arena);
}

Datum blocking_pids(CallContext& context, const Datum* args) {
  return pid_array(context, blockers_of(context, args[0]));
}

Datum safe_snapshot_blocking_pids(CallContext& context, const Datum* args) {
  return pid_array(context, snapshot_blockers_of(context, args[0]));
}

/// Does one of these sessions keep that one waiting? isolationtester asks.
Datum test_session_is_blocked(CallContext& context, const Datum* args) {
  ArrayView others(args[1]);
  std::vector<base::SessionId> blockers = blockers_of(context, args[0]);
  for (base::SessionId pid : snapshot_blockers_of(context, args[0])) blockers.push_back(pid);
  for (base::SessionId pid : blockers) {
    for (int32_t i = 0; i < others.size(); ++i) {
      if (!others[i].is_null() && others[i].as_int() == pid.value) return Datum::of_bool(true);
    }
  }
  return Datum::of_bool(false);
}

constexpr FunctionRow kRows[] = {
    {2561, "pg_blocking_pids(int4) int4[]", blocking_pids, kVolatile},
    {3376, "pg_safe_snapshot_blocking_pids(int4) int4[]", safe_snapshot_blocking_pids, kVolatile},
    {3378, "pg_isolation_test_session_is_blocked(int4, int4[]) bool", test_session_is_blocked,
     kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kBlockingFunctions = kRows;

}  // namespace isolde::sql
