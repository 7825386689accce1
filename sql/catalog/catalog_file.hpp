#pragma once

#include <set>
#include <vector>

#include "sql/catalog/object_set.hpp"
#include "storage/heap.hpp"

namespace isolde::sql {

/// The table in which a catalog keeps its objects. An object is one row, or several when it does
/// not fit on a page:
///
///      | kind | oid | part | parts | bytes of encode_object ...
///
/// Which version of a row counts is asked only once, when the file is read at its opening; from
/// then on whoever changes an object knows where its rows are.
class CatalogFile {
 public:
  CatalogFile(storage::Store& store, storage::RelationId relation, storage::VersionJudge* judge)
      : heap_(store, relation, judge) {}

  /// All committed objects. Nobody may be changing any.
  base::Result<std::vector<EntryPtr>> read();
  base::Result<std::vector<storage::TupleId>> insert(storage::TxnId by, storage::CommandId command,
                                                     const CatalogObject& object);
  base::Status remove(storage::TxnId by, storage::CommandId command,
                      std::span<const storage::TupleId> rows);
  /// Makes room where versions have died, if it is known that some may have.
  base::Status clean(std::span<const storage::TupleId> rows);

  storage::RelationId relation() const { return heap_.relation(); }

 private:
  base::Result<bool> committed(const storage::VersionHeader& version);

  storage::Heap heap_;
};

}  // namespace isolde::sql
