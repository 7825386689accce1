#include <absl/container/flat_hash_map.h>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/viewer.hpp"
#include "sql/views/views.hpp"
#include "txn/concurrency_control.hpp"
#include "txn/engines/registry.hpp"
#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

// isolde.engines and isolde.transactions.

namespace isolde::sql {

namespace {

std::optional<base::TxnId> unless_zero(base::TxnId id) {
  if (id == base::TxnId{}) return std::nullopt;
  return id;
}

}  // namespace

void fill_isolde_engines(SessionServices&, VirtualRows& rows) {
  for (const txn::EngineEntry& entry : txn::all_engines()) {
    const txn::EngineTraits& engine = entry.traits;
    rows.row(engine.name, engine.like, engine.prevents[0], engine.prevents[1], engine.prevents[2],
             engine.prevents[3], engine.blocks_on, engine.paper);
  }
}

void fill_isolde_transactions(SessionServices& services, VirtualRows& rows) {
  absl::flat_hash_map<int32_t, Activity> activities;
  if (ActivitySource* source = services.instance().activity()) {
    source->for_each([&](const Activity& one) { activities[one.pid.value] = one; });
  }
  absl::flat_hash_map<int32_t, int64_t> held;
  absl::flat_hash_map<int32_t, std::string> waits;
  for (const txn::LockView& lock : services.instance().locks().snapshot()) {
    if (lock.granted) {
      ++held[lock.session.value];
    } else {
      waits[lock.session.value] =
          std::string(txn::lock_mode_name(lock.mode)) + " on " + txn::describe(lock.tag);
    }
  }
  const Viewer viewer(services);
  for (const txn::TransactionView& one : services.instance().transactions().views()) {
    if (!one.open) continue;
    Activity& activity = activities[one.session.value];
    if (!viewer.sees(activity.user)) activity.query = "<insufficient privilege>";
    std::optional<std::string> wait;
    if (auto found = waits.find(one.session.value); found != waits.end()) wait = found->second;
    rows.row(one.session, activity.database,
             std::to_string(one.session.value) + "/" + std::to_string(one.number),
             unless_zero(one.id), unless_zero(one.xmin), activity.state, held[one.session.value],
             wait, activity.query);
  }
}

}  // namespace isolde::sql
