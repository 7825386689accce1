// PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED.

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/database.hpp"
#include "sql/session/prepared_transactions.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"
#include "txn/prepared_state.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kLongestName = 199;

[[noreturn]] void refuse(std::string_view what) {
  fail(base::sqlstate::kFeatureNotSupported,
       "cannot PREPARE a transaction that has " + std::string(what));
}

}  // namespace

/// What belongs to the session cannot be handed to another one.
void Session::Impl::check_preparable() {
  CatalogImagePtr image = driver_.image();
  for (const txn::HeldLock& lock : instance_.locks().held(driver_.locker())) {
    if (lock.tag.kind != txn::LockKind::kRelation) continue;
    auto relation = image->get<RelationObject>(ObjectKind::kRelation, lock.tag.relation);
    if (relation != nullptr && relation->name_space == temporary_schema())
      refuse("operated on temporary objects");
  }
  for (const auto& [name, portal] : portals_) {
    if (portal->cursor && portal->held && !portal->all_kept) refuse("created a cursor WITH HOLD");
  }
  if (!listening_.empty() || !notifying_.empty()) refuse("executed LISTEN, UNLISTEN, or NOTIFY");
}

void Session::Impl::prepare_transaction(const std::string& name) {
  // A failed block, or none at all, is rolled back.
  if (transactions_.status() != TransactionStatus::kInBlock) {
    transactions_.roll_back(false);
    tag_ = "ROLLBACK";
    return;
  }
  struct RollBack {
    Session::Impl& self;
    bool needed = true;
    ~RollBack() {
      if (needed) self.transactions_.roll_back(false);
    }
  } roll_back{*this};
  if (name.size() > kLongestName) {
    sql::fail(base::sqlstate::kInvalidParameterValue,
              "transaction identifier \"" + name + "\" is too long");
  }
  const auto limit =
      static_cast<size_t>(instance_.settings().snapshot()->integer("max_prepared_transactions"));
  if (limit == 0) {
    throw base::SqlException(base::Error(base::sqlstate::kObjectNotInPrerequisiteState,
                                         "prepared transactions are disabled")
                                 .hint("Set max_prepared_transactions to a nonzero value."));
  }
  check_preparable();
  PreparedTransactions& all = instance_.prepared_transactions();
  PreparedTransaction& one = all.reserve(name, limit);
  one.owner = role_;
  one.database = driver_.shared_database();
  driver_.prepares = &one;
  roll_back.needed = false;
  try {
    transactions_.commit(false);
  } catch (...) {
    driver_.prepares = nullptr;
    all.remove(one);
    throw;
  }
  all.settle(one);
  tag_ = "PREPARE TRANSACTION";
}

void Session::Impl::finish_prepared(const std::string& name, bool commit) {
  transactions_.require_no_block(commit ? "COMMIT PREPARED" : "ROLLBACK PREPARED");
  PreparedTransactions& all = instance_.prepared_transactions();
  PreparedTransaction& one = all.take(name, role_, acts_as_superuser(), driver_.database().oid());
  txn::Transaction& transaction = *one.transaction;
  transaction.adopt(task_);
  base::Status ended = commit ? transaction.commit(true) : transaction.roll_back_prepared();
  if (!ended) {
    all.settle(one);
    base::value_or_throw(std::move(ended));
  }
  all.remove(one);
  tag_ = commit ? "COMMIT PREPARED" : "ROLLBACK PREPARED";
}

}  // namespace isolde::sql
