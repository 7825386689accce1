#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sql/catalog/catalog_image.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/all_locks.hpp"
#include "sql/views/lock_places.hpp"
#include "sql/views/views.hpp"
#include "txn/lock_manager.hpp"

// The lock table as pg_locks and isolde.locks show it.

namespace isolde::sql {

namespace {

using txn::LockKind;
using txn::LockTag;
using txn::LockView;
using txn::TransactionView;

/// The columns of pg_locks that say what is locked.
struct Place {
  std::optional<Oid> database, relation, classid, objid;
  std::optional<int64_t> page, tuple, transaction, part;
  std::optional<std::string> virtual_transaction;

  explicit Place(const LockTag& tag) {
    const bool of_transaction =
        tag.kind == LockKind::kTransaction || tag.kind == LockKind::kVirtualTransaction;
    if (!of_transaction) database = tag.database;
    const auto first = static_cast<int64_t>(tag.word0);
    const auto second = static_cast<int64_t>(tag.word1);
    switch (tag.kind) {
      case LockKind::kTuple:
        tuple = second + 1;
        [[fallthrough]];
      case LockKind::kPage:
        page = first;
        [[fallthrough]];
      case LockKind::kRelation:
      case LockKind::kExtend:
      case LockKind::kKey:
      case LockKind::kGap:
        relation = tag.relation;
        return;
      case LockKind::kTransaction:
        transaction = first;
        return;
      case LockKind::kVirtualTransaction:
        virtual_transaction = virtual_id(base::SessionId(static_cast<int32_t>(first)), tag.word1);
        return;
      case LockKind::kObject:
        classid = tag.relation;
        objid = Oid(static_cast<uint32_t>(tag.word0));
        part = second;
        return;
      case LockKind::kDatabase:
        return;
      case LockKind::kAdvisory:
        classid = Oid(static_cast<uint32_t>(tag.word0 >> 32));
        objid = Oid(static_cast<uint32_t>(tag.word0));
        part = second;
        return;
    }
  }
};

std::string relation_name(const CatalogImage& image, const LockTag& tag) {
  if (tag.relation == Oid{} || tag.kind == LockKind::kObject) return "";
  RelationPtr found = tag.database == image.database() ? image.relation(tag.relation) : nullptr;
  return found == nullptr ? std::to_string(tag.relation.value) : found->name;
}

template <typename T>
std::optional<T> unless_empty(T text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

void fill_pg_locks(SessionServices& services, VirtualRows& rows) {
  AllLocks all(services.instance());
  for (const LockView& lock : all.locks) {
    const Place place(lock.tag);
    std::optional<base::SessionId> pid;
    if (lock.prepared == base::TxnId{}) pid = lock.session;
    rows.row(txn::lock_kind_name(lock.tag.kind), place.database, place.relation, place.page,
             place.tuple, place.virtual_transaction, place.transaction, place.classid, place.objid,
             place.part, all.owner_of(lock), pid, txn::lock_mode_name(lock.mode), lock.granted,
             false, lock.wait_start);
  }
}

void fill_isolde_locks(SessionServices& services, VirtualRows& rows) {
  AllLocks all(services.instance());
  auto image = services.catalog_image();
  LockPlaces places(services, rows.arena());
  for (const LockView& lock : all.locks) {
    std::vector<int64_t> blockers;
    if (!lock.granted) {
      for (base::SessionId pid : services.instance().locks().blocking_pids(lock.session)) {
        blockers.push_back(pid.value);
      }
    }
    const TransactionView* transaction = all.transaction_of(lock);
    std::optional<base::TxnId> id;
    if (transaction != nullptr && transaction->id != base::TxnId{}) id = transaction->id;
    rows.row(lock.session, id, txn::lock_kind_name(lock.tag.kind),
             unless_empty(relation_name(*image, lock.tag)), txn::describe(lock.tag),
             unless_empty(places.key_values(places.of(lock.tag), lock.label)),
             txn::lock_method(lock.mode.method).name, txn::lock_mode_name(lock.mode), lock.granted,
             lock.scope == txn::LockScope::kSession ? "session" : "transaction", lock.wait_start,
             blockers);
  }
}

}  // namespace isolde::sql
