#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/snapshot_type.hpp"
#include "sql/views/function_tables.hpp"
#include "txn/concurrency_control.hpp"
#include "txn/transaction_manager.hpp"

// Transactions by their numbers: the session's own, what became of others, and which of them a
// snapshot takes for running.

namespace isolde::sql {

namespace {

using base::TxnId;
using storage::TxnFate;

Datum of_id(TxnId id) {
  return Datum::of_int(static_cast<int64_t>(id.value));
}

Datum current_id(CallContext& context, const Datum*) {
  txn::EngineTransaction& transaction = context.services->transaction();
  if (transaction.top_id() == TxnId{}) base::value_or_throw(transaction.write_id());
  return of_id(transaction.top_id());
}

Datum current_id_if_assigned(CallContext& context, const Datum*) {
  TxnId id = context.services->transaction().top_id();
  return id == TxnId{} ? Datum::null() : of_id(id);
}

std::string_view fate_name(TxnFate fate) {
  switch (fate) {
    case TxnFate::kInProgress:
      return "in progress";
    case TxnFate::kCommitted:
      return "committed";
    case TxnFate::kAborted:
      return "aborted";
  }
  return "";
}

Datum status(CallContext& context, const Datum* args) {
  txn::TransactionManager& manager = context.services->instance().transactions();
  const TxnId id(static_cast<uint64_t>(args[0].as_int()));
  if (id >= manager.txns().next()) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("transaction ID {} is in the future", id.value));
  }
  constexpr uint64_t kFirst = 3;  // those before are of the system, and always committed
  if (id.value == 0) return Datum::null();
  if (id.value < kFirst) return Datum::of_bytes(fate_name(TxnFate::kCommitted));
  return Datum::of_bytes(fate_name(manager.state(id).fate));
}

/// What the session's snapshot sees, in terms of ids. Snapshots are moments in the order of
/// commits; an id counts as running when its commit, if any, came later.
Datum current_snapshot(CallContext& context, const Datum*) {
  txn::TransactionManager& manager = context.services->instance().transactions();
  auto held = context.services->transaction().oldest_snapshot();
  const base::CommitSeq moment = held ? *held : manager.txns().published();
  const TxnId next = manager.txns().next();
  std::vector<txn::TransactionView> views = manager.views();
  TxnId oldest = next;
  for (const txn::TransactionView& view : views) {
    if (view.id != TxnId{}) oldest = std::min(oldest, view.id);
    if (view.session == context.services->pid() && view.xmin != TxnId{}) {
      oldest = std::min(oldest, view.xmin);
    }
  }
  SnapshotValue snapshot;
  for (uint64_t id = oldest.value; id < next.value; ++id) {
    context.poll();
    const storage::TxnState state = manager.state(TxnId(id));
    const bool over = state.fate == TxnFate::kAborted ||
                      (state.fate == TxnFate::kCommitted && state.seq <= moment);
    if (!over) snapshot.running.push_back(static_cast<int64_t>(id));
  }
  // Ids from xmax on need not be listed.
  snapshot.xmax = static_cast<int64_t>(next.value);
  while (!snapshot.running.empty() && snapshot.running.back() == snapshot.xmax - 1) {
    snapshot.running.pop_back();
    --snapshot.xmax;
  }
  snapshot.xmin = snapshot.running.empty() ? snapshot.xmax : snapshot.running.front();
  return snapshot.write(context.arena);
}

/// How many ids ago; those of the system are older than all.
Datum age_of_id(CallContext& context, const Datum* args) {
  constexpr int64_t kFirst = 3;
  if (args[0].as_int() < kFirst) return Datum::of_int(INT32_MAX);
  const uint64_t next = context.services->instance().transactions().txns().next().value;
  return Datum::of_int(
      static_cast<int32_t>(static_cast<uint32_t>(next) - static_cast<uint32_t>(args[0].as_int())));
}

/// There are no multixacts: the next would be the first.
Datum age_of_multixact(CallContext&, const Datum* args) {
  if (args[0].as_int() == 0) return Datum::of_int(INT32_MAX);
  return Datum::of_int(static_cast<int32_t>(1U - static_cast<uint32_t>(args[0].as_int())));
}

constexpr FunctionRow kRows[] = {
    {1181, "age(xid) int4", age_of_id, kStable},
    {3939, "mxid_age(xid) int4", age_of_multixact, kStable},
    {5059, "pg_current_xact_id() xid8", current_id, kStable},
    {5060, "pg_current_xact_id_if_assigned() xid8", current_id_if_assigned, kStable},
    {5061, "pg_current_snapshot() pg_snapshot", current_snapshot, kStable},
    {5066, "pg_xact_status(xid8) text", status, kVolatile},
    {2943, "txid_current() int8", current_id, kStable},
    {3348, "txid_current_if_assigned() int8", current_id_if_assigned, kStable},
    {2944, "txid_current_snapshot() txid_snapshot", current_snapshot, kStable},
    {3360, "txid_status(int8) text", status, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kTransactionFunctions = kRows;

}  // namespace isolde::sql
