#include "sql/catalog/database.hpp"

#include "txn/engines/registry.hpp"

namespace isolde::sql {

Database::Database(const DatabaseObject& description, std::unique_ptr<txn::Engine> engine,
                   txn::TransactionManager& transactions, ServerCatalog& server)
    : name_(description.name),
      engine_(std::move(engine)),
      catalog_(description.oid, transactions, server, description.catalog) {}

base::Result<DatabasePtr> Databases::open(std::string_view name) {
  auto found = server_.objects()->named(ObjectKind::kDatabase, Oid{}, name);
  if (found.empty()) {
    return base::Error(base::sqlstate::kUndefinedDatabase,
                       "database \"" + std::string(name) + "\" does not exist");
  }
  ObjectPtr object = found.front()->object;
  return open(static_cast<const DatabaseObject&>(*object));
}

base::Result<DatabasePtr> Databases::open(Oid database) {
  EntryPtr found = server_.objects()->find(ObjectKind::kDatabase, database);
  if (found == nullptr) {
    return base::Error(base::sqlstate::kUndefinedDatabase,
                       "database " + std::to_string(database.value) + " does not exist");
  }
  return open(static_cast<const DatabaseObject&>(*found->object));
}

base::Result<DatabasePtr> Databases::open(const DatabaseObject& description) {
  std::lock_guard lock(mutex_);
  DatabasePtr& slot = open_[description.oid];
  // Its engine may be another by now (ALTER DATABASE), but not while somebody uses it.
  bool same = slot != nullptr && slot->engine().traits().name == description.concurrency;
  if (slot != nullptr && (same || slot.use_count() > 1)) return slot;
  const txn::EngineEntry* engine = txn::find_engine(description.concurrency);
  if (engine == nullptr) {
    return base::Error(base::sqlstate::kFeatureNotSupported,
                       "database \"" + description.name + "\" wants concurrency control \"" +
                           description.concurrency + "\", which this server does not have");
  }
  auto opened =
      std::make_shared<Database>(description, engine->make(transactions_), transactions_, server_);
  if (base::Status loaded = opened->catalog().load(); !loaded) return loaded.take_error();
  slot = std::move(opened);
  return slot;
}

size_t Databases::users(Oid database) {
  std::lock_guard lock(mutex_);
  auto found = open_.find(database);
  return found == open_.end() || found->second == nullptr
             ? 0
             : static_cast<size_t>(found->second.use_count() - 1);
}

void Databases::forget(Oid database) {
  std::lock_guard lock(mutex_);
  open_.erase(database);
}

}  // namespace isolde::sql
