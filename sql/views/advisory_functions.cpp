#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/function_tables.hpp"
#include "txn/advisory_locks.hpp"
#include "txn/concurrency_control.hpp"

// pg_advisory_lock and its family: by one bigint or two integers, for the session or the
// transaction, exclusive or shared, waiting or trying.

namespace isolde::sql {

namespace {

using txn::AdvisoryStrength;
using txn::LockScope;

txn::AdvisoryKey key_of(CallContext& context, const Datum* args) {
  if (context.argument_count() == 1) return txn::AdvisoryKey(args[0].as_int());
  return {static_cast<int32_t>(args[0].as_int()), static_cast<int32_t>(args[1].as_int())};
}

/// Within the transaction, whose end releases what is not the session's.
txn::Locker& locker_of(CallContext& context) {
  context.services->transaction();
  return context.services->locker();
}

txn::LockManager& locks_of(CallContext& context) {
  return context.services->instance().locks();
}

template <AdvisoryStrength strength, LockScope scope>
Datum lock(CallContext& context, const Datum* args) {
  base::value_or_throw(txn::lock_advisory(locks_of(context), locker_of(context),
                                          key_of(context, args), strength, scope));
  return Datum::of_bytes("");
}

template <AdvisoryStrength strength, LockScope scope>
Datum try_lock(CallContext& context, const Datum* args) {
  return Datum::of_bool(base::value_or_throw(txn::try_lock_advisory(
      locks_of(context), locker_of(context), key_of(context, args), strength, scope)));
}

template <AdvisoryStrength strength>
Datum unlock(CallContext& context, const Datum* args) {
  const bool held = txn::unlock_advisory(locks_of(context), context.services->locker(),
                                         key_of(context, args), strength);
  if (!held) context.services->notice(txn::not_held_warning(strength));
  return Datum::of_bool(held);
}

Datum unlock_all(CallContext& context, const Datum*) {
  txn::unlock_all_advisory(locks_of(context), context.services->locker());
  return Datum::of_bytes("");
}

constexpr AdvisoryStrength kAlone = AdvisoryStrength::kExclusive;
constexpr AdvisoryStrength kShared = AdvisoryStrength::kShared;
constexpr LockScope kOfSession = LockScope::kSession;
constexpr LockScope kOfTransaction = LockScope::kTransaction;

constexpr FunctionRow kRows[] = {
    {2880, "pg_advisory_lock(int8) void", lock<kAlone, kOfSession>, kVolatile},
    {2886, "pg_advisory_lock(int4, int4) void", lock<kAlone, kOfSession>, kVolatile},
    {2881, "pg_advisory_lock_shared(int8) void", lock<kShared, kOfSession>, kVolatile},
    {2887, "pg_advisory_lock_shared(int4, int4) void", lock<kShared, kOfSession>, kVolatile},
    {3089, "pg_advisory_xact_lock(int8) void", lock<kAlone, kOfTransaction>, kVolatile},
    {3093, "pg_advisory_xact_lock(int4, int4) void", lock<kAlone, kOfTransaction>, kVolatile},
    {3090, "pg_advisory_xact_lock_shared(int8) void", lock<kShared, kOfTransaction>, kVolatile},
    {3094, "pg_advisory_xact_lock_shared(int4, int4) void", lock<kShared, kOfTransaction>,
     kVolatile},
    {2882, "pg_try_advisory_lock(int8) bool", try_lock<kAlone, kOfSession>, kVolatile},
    {2888, "pg_try_advisory_lock(int4, int4) bool", try_lock<kAlone, kOfSession>, kVolatile},
    {2883, "pg_try_advisory_lock_shared(int8) bool", try_lock<kShared, kOfSession>, kVolatile},
    {2889, "pg_try_advisory_lock_shared(int4, int4) bool", try_lock<kShared, kOfSession>,
     kVolatile},
    {3091, "pg_try_advisory_xact_lock(int8) bool", try_lock<kAlone, kOfTransaction>, kVolatile},
    {3095, "pg_try_advisory_xact_lock(int4, int4) bool", try_lock<kAlone, kOfTransaction>,
     kVolatile},
    {3092, "pg_try_advisory_xact_lock_shared(int8) bool", try_lock<kShared, kOfTransaction>,
     kVolatile},
    {3096, "pg_try_advisory_xact_lock_shared(int4, int4) bool", try_lock<kShared, kOfTransaction>,
     kVolatile},
    {2884, "pg_advisory_unlock(int8) bool", unlock<kAlone>, kVolatile},
    {2890, "pg_advisory_unlock(int4, int4) bool", unlock<kAlone>, kVolatile},
    {2885, "pg_advisory_unlock_shared(int8) bool", unlock<kShared>, kVolatile},
    {2891, "pg_advisory_unlock_shared(int4, int4) bool", unlock<kShared>, kVolatile},
    {2892, "pg_advisory_unlock_all() void", unlock_all, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kAdvisoryFunctions = kRows;

}  // namespace isolde::sql
