#pragma once

#include <memory>
#include <mutex>
#include <span>

#include "sql/catalog/catalog_file.hpp"

namespace isolde::sql {

/// What became of one object.
struct ObjectChange {
  ObjectKind kind;
  Oid oid;
  EntryPtr after;  ///< null: dropped
};

/// A catalog's file together with its newest committed state in memory. Thread safe.
class CatalogSpace {
 public:
  using SetPtr = std::shared_ptr<const ObjectSet>;

  CatalogSpace(storage::Store& store, storage::RelationId relation, storage::VersionJudge* judge)
      : file_(store, relation, judge) {}

  base::Status load();
  SetPtr objects() const;
  /// Once the changes are committed.
  void apply(std::span<const ObjectChange> changes);
  CatalogFile& file() { return file_; }

 private:
  CatalogFile file_;
  mutable std::mutex mutex_;
  SetPtr objects_ = std::make_shared<ObjectSet>();  // guarded by mutex_
};

}  // namespace isolde::sql
