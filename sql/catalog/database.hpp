#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "sql/catalog/catalog.hpp"
#include "txn/concurrency_control.hpp"

namespace isolde::sql {

/// One database in use: its objects and its concurrency control. What is said about it (its name,
/// who may connect, its limit) is its DatabaseObject, which can change.
class Database {
 public:
  Database(const DatabaseObject& description, std::unique_ptr<txn::Engine> engine,
           txn::TransactionManager& transactions, ServerCatalog& server);

  Oid oid() const { return catalog_.database(); }
  /// As it was when it was opened.
  const std::string& name() const { return name_; }
  txn::Engine& engine() { return *engine_; }
  Catalog& catalog() { return catalog_; }

 private:
  std::string name_;
  std::unique_ptr<txn::Engine> engine_;
  Catalog catalog_;
};
using DatabasePtr = std::shared_ptr<Database>;

/// All databases of the server, opened when first needed. Thread safe.
class Databases {
 public:
  Databases(txn::TransactionManager& transactions, ServerCatalog& server)
      : transactions_(transactions), server_(server) {}

  /// 3D000 when there is none of this name.
  base::Result<DatabasePtr> open(std::string_view name);
  base::Result<DatabasePtr> open(Oid database);
  ServerCatalog& server() { return server_; }
  /// How many sessions (or others) use it, besides this class.
  size_t users(Oid database);
  /// After it was dropped, or its engine changed: the next open reads it anew. Nobody uses it.
  void forget(Oid database);

 private:
  base::Result<DatabasePtr> open(const DatabaseObject& description);

  txn::TransactionManager& transactions_;
  ServerCatalog& server_;
  std::mutex mutex_;
  std::unordered_map<Oid, DatabasePtr> open_;  // guarded by mutex_
};

}  // namespace isolde::sql
