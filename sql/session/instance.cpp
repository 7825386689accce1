#include "sql/session/instance.hpp"

#include "sql/catalog/database.hpp"
#include "sql/session/deadlock_log.hpp"
#include "sql/session/notifications.hpp"
#include "sql/session/prepared_transactions.hpp"
#include "sql/statistics/table_histories.hpp"
#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

namespace {

/// As PostgreSQL sizes its shared memory: by the connections that there may be.
txn::PredicateLimits predicate_limits(const SettingsSnapshot& settings) {
  const auto number = [&](std::string_view name) {
    return static_cast<size_t>(settings.integer(name));
  };
  const size_t sessions = number("max_connections") + number("max_prepared_transactions");
  txn::PredicateLimits limits;
  limits.max_locks_per_transaction = number("max_pred_locks_per_transaction");
  limits.max_locks_per_relation = settings.integer("max_pred_locks_per_relation");
  limits.max_locks_per_page = settings.integer("max_pred_locks_per_page");
  limits.max_locks = limits.max_locks_per_transaction * sessions;
  limits.max_transactions = 10 * sessions;
  return limits;
}

std::string statement_of(ActivitySource* activity, base::SessionId session) {
  std::string text;
  if (activity == nullptr) return text;
  activity->for_each([&](const Activity& one) {
    if (one.pid == session) text = one.query;
  });
  return text;
}

}  // namespace

Instance::Instance(ServerSettings& settings, storage::Store& store, ActivitySource* activity,
                   SessionControl* control)
    : settings_(settings),
      store_(store),
      activity_(activity),
      control_(control),
      notifications_(std::make_unique<Notifications>()),
      histories_(std::make_unique<TableHistories>()),
      locks_(std::make_unique<txn::LockManager>()),
      transactions_(std::make_unique<txn::TransactionManager>(
          store, *locks_, predicate_limits(*settings.snapshot()))) {
  locks_->set_statement_lookup(
      [activity](base::SessionId session) { return statement_of(activity, session); });
  DeadlockLog::open(*locks_, *transactions_);
}

Instance::~Instance() {
  DeadlockLog::forget(*locks_);
}

base::Status Instance::start() {
  auto catalog = ServerCatalog::open(store_, *transactions_);
  if (!catalog) return catalog.take_error();
  server_catalog_ = std::move(*catalog);
  databases_ = std::make_unique<Databases>(*transactions_, *server_catalog_);
  prepared_transactions_ = std::make_unique<PreparedTransactions>();
  return prepared_transactions_->recover(*this);
}

base::Result<std::shared_ptr<Database>> Instance::database(std::string_view name) {
  return databases_->open(name);
}

}  // namespace isolde::sql
