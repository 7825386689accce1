#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/btree.hpp"
#include "storage/heap.hpp"

// Tables, indexes and rows, as the executor and the engines pass them to each other. Values and
// types are unknown here: a row is bytes, an index key is bytes that sort as the key does.

namespace isolde::txn {

using base::Oid;
using storage::Bytes;
using storage::ByteSpan;
using storage::TupleId;

/// One index of an open table. Keys compare as bytes; those of a prefix of the columns are
/// prefixes.
struct Index {
  Oid oid;
  std::string name;
  storage::Btree tree;
  bool unique = false;
  bool primary = false;
  /// Uniqueness is checked by the insertion itself, not at the end of the statement or transaction.
  bool immediate = true;

  Index(Oid oid_, std::string name_, storage::Store& store, storage::RelationId relation)
      : oid(oid_), name(std::move(name_)), tree(store, relation) {}
};

/// A table opened for use: immutable, shared by sessions until DDL replaces it.
struct Table : std::enable_shared_from_this<Table> {
  Oid database;
  Oid oid;
  std::string name;
  storage::Heap heap;
  std::vector<std::unique_ptr<Index>> indexes;

  Table(Oid database_, Oid oid_, std::string name_, storage::Store& store,
        storage::RelationId relation, storage::VersionJudge* judge)
      : database(database_), oid(oid_), name(std::move(name_)), heap(store, relation, judge) {}
};
using TablePtr = std::shared_ptr<Table>;

/// One version of a row, as a scan or a look-up found it.
struct Row {
  TupleId id;    ///< of the version: ctid
  TupleId root;  ///< of its chain on the page: what index entries name
  storage::VersionHeader header;
  ByteSpan payload;
  ByteSpan key;  ///< the index entry it was found by, if any
};

/// An entry that a row needs in an index.
struct IndexEntry {
  Index* index = nullptr;
  ByteSpan key;
  bool unlike_any = false;  ///< a NULL in it makes it different from every other
};

/// Works out a row's index entries when they are needed: an update that stays in its page and
/// changes no indexed column (HOT) never asks.
class IndexEntries {
 public:
  virtual ~IndexEntries() = default;
  virtual std::span<const IndexEntry> entries() = 0;
};

/// A row to be written.
struct NewRow {
  ByteSpan payload;
  IndexEntries* entries = nullptr;
  bool has_overflow = false;  ///< the payload refers to values kept out of line
};

/// A range of index keys. Bounds may be prefixes of keys: a key is compared by as many bytes as the
/// bound has, so an inclusive upper bound takes in all keys that begin with it.
struct KeyRange {
  Bytes lower, upper;
  bool has_lower = false, has_upper = false;
  bool lower_inclusive = true, upper_inclusive = true;
  /// All columns of a unique index are given by equality: at most one live row.
  bool unique_point = false;
};

}  // namespace isolde::txn
