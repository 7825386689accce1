#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "sql/catalog/catalog_space.hpp"

namespace isolde::sql {

/// The objects of the whole server: roles, databases, memberships, settings of ALTER ROLE and ALTER
/// DATABASE, and how far object numbers are given out. They are in the only file of space 1664, as
/// global/ is PostgreSQL's tablespace of that number.
class ServerCatalog {
 public:
  static constexpr uint32_t kSpace = 1664;

  /// Reads it, or makes that of a new data directory: the role postgres, the databases template0,
  /// template1, postgres and one an engine.
  static base::Result<std::unique_ptr<ServerCatalog>> open(storage::Store& store,
                                                           storage::VersionJudge& judge);

  CatalogSpace& space() { return space_; }
  CatalogSpace::SetPtr objects() const { return space_.objects(); }

  /// The first of `count` numbers in a row that were never used before.
  Oid new_oids(uint32_t count);

  /// Grows with every committed change of any catalog of the server. An image is the newest as long
  /// as this has not moved.
  uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  void changed() { epoch_.fetch_add(1, std::memory_order_acq_rel); }
  uint64_t new_image_version() { return image_version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  ServerCatalog(storage::Store& store, storage::RelationId file, storage::VersionJudge& judge);
  base::Status load();
  base::Status extend_oids(uint32_t to);

  storage::Store& store_;
  CatalogSpace space_;
  std::atomic<uint64_t> epoch_{1};
  std::atomic<uint64_t> image_version_{1};

  std::mutex oid_mutex_;
  uint32_t next_oid_ = 0;   // guarded by oid_mutex_, as all below
  uint32_t oid_bound_ = 0;  ///< numbers below are used up as far as the file is concerned
  EntryPtr counter_;
};

/// Makes the file of a new database and writes what every database has. The database's row gets the
/// file's number; writing the row itself is left to the caller.
base::Status create_database_catalog(storage::Store& store, storage::TxnId by,
                                     storage::CommandId command, DatabaseObject& database);

}  // namespace isolde::sql
