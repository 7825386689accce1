#include "sql/session/instance.hpp"

#include "sql/catalog/database.hpp"
#include "txn/lock_manager.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

Instance::Instance(ServerSettings& settings, storage::Store& store, ActivitySource* activity,
                   SessionControl* control)
    : settings_(settings),
      store_(store),
      activity_(activity),
      control_(control),
      locks_(std::make_unique<txn::LockManager>()),
      transactions_(std::make_unique<txn::TransactionManager>(store, *locks_)) {}

Instance::~Instance() = default;

base::Status Instance::start() {
  auto catalog = ServerCatalog::open(store_, *transactions_);
  if (!catalog) return catalog.take_error();
  server_catalog_ = std::move(*catalog);
  databases_ = std::make_unique<Databases>(*transactions_, *server_catalog_);
  return {};
}

base::Result<std::shared_ptr<Database>> Instance::database(std::string_view name) {
  return databases_->open(name);
}

}  // namespace isolde::sql
