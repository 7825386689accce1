#pragma once

#include <memory>
#include <string_view>

#include "sql/catalog/catalog_image.hpp"
#include "txn/concurrency_control.hpp"

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
// Changes of one object exclude each other by relation locks and object locks that last until the
// end of the transaction, so a row of the catalog never has two writers.

namespace isolde::sql {

/// The changes that one transaction has made to the catalog. Owned by the session's transaction.
class CatalogChanges;

class Catalog {
 public:
  virtual ~Catalog() = default;

  /// What the transaction sees now: the newest committed state with its own changes. Without
  /// changes (null): the committed state.
  virtual CatalogImagePtr image(const CatalogChanges* changes) = 0;

  virtual std::unique_ptr<CatalogChanges> start_changes(txn::Transaction& transaction) = 0;
  /// Adds or replaces an object; throws on a full disk and the like.
  virtual void put(CatalogChanges& changes, ObjectPtr object) = 0;
  virtual void drop(CatalogChanges& changes, const CatalogObject& object) = 0;
  // Follow the transaction's savepoints and its end.
  virtual void define_savepoint(CatalogChanges& changes) = 0;
  virtual void release_savepoints(CatalogChanges& changes, size_t at) = 0;
  virtual void roll_back_to_savepoint(CatalogChanges& changes, size_t at) = 0;
  /// After the commit is visible, before locks are released.
  virtual void publish(CatalogChanges& changes) = 0;

  /// A number never used before, here or elsewhere in the server.
  virtual Oid new_oid() = 0;

  /// A table or index opened for reading and writing rows; cached as long as its description lives.
  virtual txn::TablePtr open(const CatalogImagePtr& image, Oid relation) = 0;
};

}  // namespace isolde::sql
