#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/server_catalog.hpp"
#include "txn/table.hpp"
#include "txn/transaction_manager.hpp"

// The catalog of one database. Its objects are rows of one table of its own
// (DatabaseObject::catalog), written under the rules of multi-version concurrency control whatever
// the database's engine, so that DDL commits and rolls back with its transaction and looking at
// pg_class takes part in no experiment.
//
//      session of transaction T                     other sessions
//      put(table t)      row written, xmin = T
//      image(): with t                              image(): without t
//      COMMIT            T published, then the
//                        committed image replaced   image(): with t
//
// What a transaction has done is a log of changes, laid over the newest committed state whenever
// that or the log has moved; a savepoint is a length of the log.
//
// Changes of one object exclude each other by relation locks and object locks that last until the
// end of the transaction, so a row of the catalog never has two writers.

namespace isolde::txn {
class Transaction;
}

namespace isolde::sql {

/// The changes that one transaction has made to the catalog. Owned by the session's transaction.
class CatalogChanges {
 public:
  explicit CatalogChanges(txn::Transaction& transaction);
  bool empty() const { return log_.empty(); }

  /// For a transaction that is to outlive a restart.
  storage::Bytes encode() const;
  /// False when the bytes are not what encode() makes.
  bool decode(storage::ByteSpan bytes);

 private:
  friend class Catalog;

  txn::Transaction& transaction_;
  std::vector<ObjectChange> log_;
  std::vector<size_t> savepoints_;              ///< the log's length at each
  std::vector<storage::TupleId> dead_rows_[2];  ///< marked as removed: the database's, the server's
  // The image of all this, as long as nothing has moved.
  mutable CatalogImagePtr image_;
  mutable CatalogImage::SetPtr over_own_, over_server_;
};

class Catalog {
 public:
  Catalog(Oid database, txn::TransactionManager& transactions, ServerCatalog& server,
          storage::RelationId file);

  /// Reads everything; nobody uses the database yet.
  base::Status load() { return own_.load(); }

  /// What the transaction sees now: the newest committed state with its own changes. Without
  /// changes (null, or none yet): the committed state.
  CatalogImagePtr image(const CatalogChanges* changes);
  /// An image without changes is still the newest if this has not moved since before it was taken.
  uint64_t epoch() const { return server_.epoch(); }

  /// Adds or replaces an object; throws on a full disk and the like.
  void put(CatalogChanges& changes, ObjectPtr object);
  void drop(CatalogChanges& changes, const CatalogObject& object);

  // Follow the transaction's savepoints and its end.
  void define_savepoint(CatalogChanges& changes);
  void release_savepoints(CatalogChanges& changes, size_t at);
  void roll_back_to_savepoint(CatalogChanges& changes, size_t at);
  /// After the commit is visible, before locks are released.
  void publish(CatalogChanges& changes);

  /// A number never used before, here or elsewhere in the server; or the first of several.
  Oid new_oid() { return server_.new_oids(1); }
  Oid new_oids(uint32_t count) { return server_.new_oids(count); }

  /// A table opened for reading and writing rows, with its indexes; kept as long as it and they
  /// stay what they are.
  txn::TablePtr open(const CatalogImagePtr& image, Oid relation);

  ServerCatalog& server() { return server_; }
  txn::TransactionManager& transactions() { return transactions_; }
  Oid database() const { return database_; }
  storage::RelationId file() { return own_.file().relation(); }

 private:
  CatalogSpace& space_of(ObjectKind kind) { return is_server_wide(kind) ? server_.space() : own_; }
  CatalogImagePtr committed_image();
  void remove_rows(CatalogChanges& changes, ObjectKind kind, Oid oid);

  const Oid database_;
  txn::TransactionManager& transactions_;
  ServerCatalog& server_;
  CatalogSpace own_;

  std::mutex mutex_;
  CatalogImagePtr committed_;  // guarded by mutex_; the newest, if its two sets are
};

}  // namespace isolde::sql
