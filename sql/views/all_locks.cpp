#include "sql/views/all_locks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sql/session/instance.hpp"

namespace isolde::sql {

using txn::LockTag;
using txn::LockView;
using txn::TransactionView;

std::string virtual_id(base::SessionId session, uint64_t number) {
  return fmt::format("{}/{}", session.value, number);
}

AllLocks::AllLocks(Instance& instance)
    : locks(instance.locks().snapshot()), transactions(instance.transactions().views()) {
  add_own();
}

const TransactionView* AllLocks::transaction_of(const LockView& lock) const {
  for (const TransactionView& one : transactions) {
    if (lock.prepared == base::TxnId{} ? one.session == lock.session : one.id == lock.prepared) {
      return &one;
    }
  }
  return nullptr;
}

std::string AllLocks::owner_of(const LockView& lock) const {
  if (lock.prepared != base::TxnId{}) return fmt::format("-1/{}", lock.prepared.value);
  const TransactionView* transaction = transaction_of(lock);
  return virtual_id(lock.session, transaction == nullptr ? 0 : transaction->number);
}

void AllLocks::add_own() {
  auto shown = [&](const LockTag& tag) {
    return std::ranges::any_of(locks, [&](const LockView& lock) {
      return lock.tag == tag && lock.materialised && lock.granted;
    });
  };
  auto add = [&](const TransactionView& of, const LockTag& tag) {
    LockView& lock = locks.emplace_back();
    lock.tag = tag;
    lock.mode = txn::table_mode::kExclusive;
    lock.session = of.session;
    if (of.session == base::SessionId{}) lock.prepared = of.id;
    lock.granted = true;
  };
  for (const TransactionView& one : transactions) {
    if (one.open && one.session != base::SessionId{}) {
      add(one, LockTag::of_virtual_transaction(one.session, one.number));
    }
    if (one.id != base::TxnId{} && !shown(LockTag::of_transaction(one.id))) {
      add(one, LockTag::of_transaction(one.id));
    }
  }
}

}  // namespace isolde::sql
