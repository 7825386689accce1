#include "sql/session/prepared_transactions.hpp"

#include "sql/session/instance.hpp"
#include "sql/types/errors.hpp"
#include "txn/prepared_state.hpp"
#include "txn/recovered_transaction.hpp"

namespace isolde::sql {

void PreparedTransaction::publish_at_end() {
  transaction->before_release = [this](bool committed) {
    if (committed && changes && !changes->empty()) database->catalog().publish(*changes);
  };
}

PreparedTransactions::~PreparedTransactions() {
  for (auto& [name, one] : all_) {
    if (one->transaction != nullptr) one->transaction->abandon();
  }
}

base::Status PreparedTransactions::recover(Instance& instance) {
  for (const auto& [id, state] : instance.store().txns().prepared()) {
    if (base::Status s = recover(instance, id, state); !s) return s;
  }
  return {};
}

base::Status PreparedTransactions::recover(Instance& instance, base::TxnId id,
                                           storage::ByteSpan bytes) {
  auto state = txn::PreparedState::decode(bytes);
  if (!state) {
    return base::Error(
        base::sqlstate::kDataCorrupted,
        "the log has a damaged state of prepared transaction " + std::to_string(id.value));
  }
  auto database = instance.databases().open(state->database);
  if (!database) return database.take_error();
  auto one = std::make_unique<PreparedTransaction>();
  one->name = state->name;
  one->owner = state->owner;
  one->database = *database;
  one->prepared_at = state->prepared_at;
  one->busy = false;
  one->locker = instance.locks().open_prepared(id, state->database);
  one->slot = std::make_unique<txn::SnapshotSlot>(instance.transactions());
  one->transaction = std::make_unique<txn::RecoveredTransaction>(
      txn::TransactionContext{instance.transactions(), *one->locker, *one->slot, nobody_,
                              state->database},
      *state);
  one->changes.emplace(*one->transaction);
  if (!one->changes->decode(state->catalog)) {
    one->transaction->abandon();
    return base::Error(base::sqlstate::kDataCorrupted,
                       "the log has damaged changes of the catalog in prepared transaction \"" +
                           state->name + "\"");
  }
  one->publish_at_end();
  all_[state->name] = std::move(one);
  return {};
}

PreparedTransaction& PreparedTransactions::reserve(std::string name, size_t limit) {
  std::lock_guard lock(mutex_);
  if (all_.contains(name)) {
    fail(base::sqlstate::kDuplicateObject,
         "transaction identifier \"" + name + "\" is already in use");
  }
  if (all_.size() >= limit) {
    throw base::SqlException(
        base::Error(base::sqlstate::kOutOfMemory, "maximum number of prepared transactions reached")
            .hint("Increase max_prepared_transactions (currently " + std::to_string(limit) + ")."));
  }
  auto& place = all_[name];
  place = std::make_unique<PreparedTransaction>();
  place->name = std::move(name);
  return *place;
}

void PreparedTransactions::settle(PreparedTransaction& one) {
  std::lock_guard lock(mutex_);
  one.busy = false;
}

PreparedTransaction& PreparedTransactions::take(const std::string& name, Oid role, bool superuser,
                                                Oid database) {
  std::lock_guard lock(mutex_);
  auto found = all_.find(name);
  // One that is being prepared has no transaction yet, and may never have one.
  if (found == all_.end() || found->second->transaction == nullptr) {
    fail(base::sqlstate::kUndefinedObject,
         "prepared transaction with identifier \"" + name + "\" does not exist");
  }
  PreparedTransaction& one = *found->second;
  if (one.busy) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "prepared transaction with identifier \"" + name + "\" is busy");
  }
  if (one.owner != role && !superuser) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInsufficientPrivilege,
                    "permission denied to finish prepared transaction")
            .hint("Must be superuser or the user that prepared the transaction."));
  }
  if (one.database->oid() != database) {
    throw base::SqlException(
        base::Error(base::sqlstate::kFeatureNotSupported,
                    "prepared transaction belongs to another database")
            .hint("Connect to the database where the transaction was prepared to finish it."));
  }
  one.busy = true;
  return one;
}

void PreparedTransactions::remove(const PreparedTransaction& one) {
  std::unique_ptr<PreparedTransaction> gone;
  std::lock_guard lock(mutex_);
  auto found = all_.find(one.name);
  gone = std::move(found->second);
  all_.erase(found);
}

std::vector<PreparedTransactions::View> PreparedTransactions::views() {
  std::lock_guard lock(mutex_);
  std::vector<View> views;
  for (const auto& [name, one] : all_) {
    if (one->transaction == nullptr || one->busy) continue;
    views.push_back(
        {one->transaction->top_id(), name, one->prepared_at, one->owner, one->database->name()});
  }
  return views;
}

}  // namespace isolde::sql
