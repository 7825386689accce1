#include "sql/catalog/database.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/views/function_tables.hpp"

// pg_stat_get_...: what has happened to one table, number by number; and forgetting it.

namespace isolde::sql {

namespace {

TableKey key_of(CallContext& context, Datum table) {
  return {context.services->current_database().oid(), Oid(static_cast<uint32_t>(table.as_int()))};
}

TableHistory history_of(CallContext& context, Datum table) {
  return context.services->instance().histories().of(key_of(context, table));
}

template <int64_t TableHistory::*number>
Datum number_of(CallContext& context, const Datum* args) {
  return Datum::of_int(history_of(context, args[0]).*number);
}

template <TableHistory::Care TableHistory::*care>
Datum times_of(CallContext& context, const Datum* args) {
  return Datum::of_int((history_of(context, args[0]).*care).times);
}

template <TableHistory::Care TableHistory::*care>
Datum last_of(CallContext& context, const Datum* args) {
  auto last = (history_of(context, args[0]).*care).last;
  return last ? Datum::of_int(last->micros) : Datum::null();
}

/// Transactions tell what they have done at once.
Datum flush(CallContext&, const Datum*) {
  return Datum::of_bytes("");
}

Datum reset(CallContext& context, const Datum*) {
  context.services->instance().histories().forget(context.services->current_database().oid());
  return Datum::of_bytes("");
}

Datum reset_table(CallContext& context, const Datum* args) {
  context.services->instance().histories().forget(key_of(context, args[0]));
  return Datum::of_bytes("");
}

using H = TableHistory;
constexpr FunctionRow kRows[] = {
    {1931, "pg_stat_get_tuples_inserted(oid) int8", number_of<&H::inserted>, kStable},
    {1932, "pg_stat_get_tuples_updated(oid) int8", number_of<&H::updated>, kStable},
    {1933, "pg_stat_get_tuples_deleted(oid) int8", number_of<&H::deleted>, kStable},
    {1972, "pg_stat_get_tuples_hot_updated(oid) int8", number_of<&H::hot_updated>, kStable},
    {2878, "pg_stat_get_live_tuples(oid) int8", number_of<&H::live>, kStable},
    {2879, "pg_stat_get_dead_tuples(oid) int8", number_of<&H::dead>, kStable},
    {3177, "pg_stat_get_mod_since_analyze(oid) int8", number_of<&H::changed_since_analyze>,
     kStable},
    {5053, "pg_stat_get_ins_since_vacuum(oid) int8", number_of<&H::inserted_since_vacuum>, kStable},
    {2781, "pg_stat_get_last_vacuum_time(oid) timestamptz", last_of<&H::vacuum>, kStable},
    {2782, "pg_stat_get_last_autovacuum_time(oid) timestamptz", last_of<&H::autovacuum>, kStable},
    {2783, "pg_stat_get_last_analyze_time(oid) timestamptz", last_of<&H::analyze>, kStable},
    {2784, "pg_stat_get_last_autoanalyze_time(oid) timestamptz", last_of<&H::autoanalyze>, kStable},
    {3054, "pg_stat_get_vacuum_count(oid) int8", times_of<&H::vacuum>, kStable},
    {3055, "pg_stat_get_autovacuum_count(oid) int8", times_of<&H::autovacuum>, kStable},
    {3056, "pg_stat_get_analyze_count(oid) int8", times_of<&H::analyze>, kStable},
    {3057, "pg_stat_get_autoanalyze_count(oid) int8", times_of<&H::autoanalyze>, kStable},
    {2137, "pg_stat_force_next_flush() void", flush, kVolatile},
    {2274, "pg_stat_reset() void", reset, kVolatile},
    {3776, "pg_stat_reset_single_table_counters(oid) void", reset_table, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kStatisticsFunctions = kRows;

}  // namespace isolde::sql
