#pragma once

#include <mutex>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "txn/table.hpp"

namespace isolde::sql {

/// A table in its opened form, kept beside its description. Indexes come and go without changing
/// the table's own description, so it remembers which ones it was opened with.
class OpenRelation {
 public:
  txn::TablePtr get(const CatalogImage& image, const RelationObject& relation,
                    storage::Store& store, storage::VersionJudge& judge);

 private:
  std::mutex mutex_;
  txn::TablePtr table_;  // guarded by mutex_
  std::vector<ObjectPtr> indexes_;
};

/// An object's entry; of a relation, with room for its opened form.
EntryPtr make_entry(ObjectPtr object, std::vector<storage::TupleId> rows);

}  // namespace isolde::sql
