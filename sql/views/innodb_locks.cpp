#include "sql/views/innodb_locks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "txn/lock_words.hpp"

namespace isolde::sql {

using storage::TupleId;
using txn::LockKind;
using txn::LockTag;
using txn::LockView;

namespace {

constexpr std::string_view kSupremum = "supremum pseudo-record";

std::string type_name(LockKind kind) {
  switch (kind) {
    case LockKind::kRelation:
      return "TABLE";
    case LockKind::kTuple:
    case LockKind::kKey:
    case LockKind::kGap:
      return "RECORD";
    case LockKind::kPage:
      return "PAGE";
    case LockKind::kTransaction:
      return "TRANSACTION";
    case LockKind::kDatabase:
      return "DATABASE";
    case LockKind::kExtend:
    case LockKind::kVirtualTransaction:
    case LockKind::kObject:
    case LockKind::kAdvisory:
      return "";
  }
  return "";
}

TupleId tuple_of(const LockTag& tag) {
  return {storage::BlockNumber{static_cast<uint32_t>(tag.word0)},
          storage::Slot{static_cast<uint16_t>(tag.word1)}};
}

std::string name_of(const IndexInfo* index) {
  if (index == nullptr) return "GEN_CLUST_INDEX";
  return index->description().primary ? "PRIMARY" : index->relation->name;
}

bool is_key(LockKind kind) {
  return kind == LockKind::kKey || kind == LockKind::kGap;
}

}  // namespace

uint64_t InnodbLocks::transaction_id(const txn::TransactionView& transaction) {
  if (transaction.id != base::TxnId{}) return transaction.id.value;
  return (uint64_t{1} << 48) + static_cast<uint64_t>(transaction.session.value);
}

InnodbLocks::InnodbLocks(SessionServices& services, Arena& arena)
    : all_(services.instance()), places_(services, arena) {
  std::erase_if(all_.locks, [](const LockView& view) {
    const bool own = view.tag.kind == LockKind::kTransaction && !view.materialised && view.granted;
    return own || type_name(view.tag.kind).empty() || innodb_mode(view.tag, view.mode).empty();
  });
  for (const LockView& view : all_.locks) {
    const LockTag& tag = view.tag;
    if (tag.kind != LockKind::kTuple || !view.granted) continue;
    held_rows_[{view.session.value, tag.relation.value, tag.word0, tag.word1,
                innodb_mode(tag, view.mode).front()}] = &view;
  }
  for (const LockView& view : all_.locks) {
    if (is_key(view.tag.kind)) add_gap(view);
  }
  for (const LockView& view : all_.locks) {
    if (!is_key(view.tag.kind)) add(view);
  }
  std::ranges::stable_sort(locks_, {}, &InnodbLock::transaction);
}

InnodbLock InnodbLocks::start(const LockView& view) const {
  InnodbLock lock;
  const txn::TransactionView* transaction = all_.transaction_of(view);
  if (transaction != nullptr) lock.transaction = transaction_id(*transaction);
  lock.session = view.session;
  lock.type = type_name(view.tag.kind);
  lock.mode = innodb_mode(view.tag, view.mode);
  lock.granted = view.granted;
  lock.wait_start = view.wait_start;
  lock.tag = view.tag;
  return lock;
}

void InnodbLocks::finish(InnodbLock lock, std::string_view where) {
  lock.id = fmt::format("{}:{}{}:{}{}", lock.transaction, lock.tag.relation.value, where, lock.mode,
                        lock.granted ? "" : ":waiting");
  locks_.push_back(std::move(lock));
}

void InnodbLocks::add(const LockView& view) {
  if (view.tag.kind == LockKind::kTuple) {
    if (!merged_.contains(&view)) add_row(view);
    return;
  }
  InnodbLock lock = start(view);
  const LockPlaces::Place& place = places_.of(view.tag);
  if (place.table != nullptr) {
    lock.schema = place.schema;
    lock.table = place.table->name();
  } else if (view.tag.kind == LockKind::kRelation) {
    return;  // of a catalog, or of another database
  }
  if (view.tag.kind == LockKind::kTransaction) lock.data = std::to_string(view.tag.word0);
  if (view.tag.kind == LockKind::kPage) lock.data = std::to_string(view.tag.word0);
  const bool whole = view.tag.kind == LockKind::kRelation || view.tag.kind == LockKind::kDatabase;
  finish(std::move(lock), whole ? "" : fmt::format(":{}", view.tag.word0));
}

/// Rows are locked where they lie: in the index that InnoDB calls the clustered one.
void InnodbLocks::add_row(const LockView& view) {
  InnodbLock lock = start(view);
  const LockPlaces::Place& place = places_.of(view.tag);
  if (place.table != nullptr) {
    lock.schema = place.schema;
    lock.table = place.table->name();
    lock.index = name_of(LockPlaces::primary_key(*place.table));
    lock.data = places_.row_values(place, tuple_of(view.tag));
  }
  finish(std::move(lock), fmt::format(":{}:{}", view.tag.word0, view.tag.word1 + 1));
}

void InnodbLocks::add_gap(const LockView& view) {
  InnodbLock lock = start(view);
  const LockPlaces::Place& place = places_.of(view.tag);
  const IndexInfo* index = place.index;
  if (place.table != nullptr) {
    lock.schema = place.schema;
    lock.table = place.table->name();
    lock.index = name_of(index != nullptr ? index : LockPlaces::primary_key(*place.table));
  }
  const bool supremum = view.tag == LockTag::of_supremum(view.tag.database, view.tag.relation);
  if (supremum) {
    lock.data = kSupremum;
  } else if (index != nullptr) {
    lock.data = places_.key_values(place, view.label);
    const std::vector<TupleId> rows = LockPlaces::rows_with(place, view.label);
    if (!index->description().primary && !rows.empty() && place.readable) {
      lock.data += ", " + places_.row_values(place, rows.front());
    }
    if (const LockView* row = row_lock_with(view, place.table->oid(), rows)) {
      lock.mode = lock.mode.substr(0, 1);
      if (index->description().primary) {
        merged_.insert(row);
        lock.row = row->tag;
      }
    }
  }
  finish(std::move(lock), fmt::format(":{:012x}", view.tag.word0 >> 16));
}

const LockView* InnodbLocks::row_lock_with(const LockView& gap, Oid table,
                                           const std::vector<TupleId>& rows) const {
  const std::string_view mode = innodb_mode(gap.tag, gap.mode);
  if (!gap.granted || !mode.ends_with(",GAP")) return nullptr;
  for (TupleId row : rows) {
    auto found = held_rows_.find(
        {gap.session.value, table.value, row.block.value, row.slot.value, mode.front()});
    if (found != held_rows_.end()) return found->second;
  }
  return nullptr;
}

std::vector<InnodbLocks::Wait> InnodbLocks::waits(SessionServices& services) const {
  std::vector<Wait> waits;
  for (const InnodbLock& requested : locks_) {
    if (requested.granted) continue;
    for (base::SessionId pid : services.instance().locks().blocking_pids(requested.session)) {
      const InnodbLock* blocking = nullptr;
      for (const InnodbLock& one : locks_) {
        if (one.session != pid || !one.is_on(requested.tag)) continue;
        if (blocking == nullptr || one.granted) blocking = &one;
      }
      if (blocking != nullptr) waits.push_back({&requested, blocking});
    }
  }
  return waits;
}

}  // namespace isolde::sql
