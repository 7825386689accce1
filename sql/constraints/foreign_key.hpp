#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sql/constraints/constraint_queue.hpp"
#include "sql/session/kept_statement.hpp"
#include "sql/session/session_services.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"
#include "txn/concurrency_control.hpp"

namespace isolde::sql {

/// Finds a row by the key that foreign keys refer to, through its index, and locks it KEY SHARE:
/// then nobody can delete it or change its key before this transaction ends.
class KeyFinder {
 public:
  /// `columns` of `table` are the key, in the order of the constraint; `types` are those of the
  /// values that it is looked up by. `usable` only if the index can be asked for these.
  KeyFinder(TableInfoPtr table, Oid index, const std::vector<int16_t>& columns,
            std::span<const Type* const> types);
  bool usable() const { return index_ != nullptr; }
  bool find(SessionServices& session, const Datum* values);
  /// Lets go of the transaction's scan; before it ends, and when it has written something.
  void rest();

 private:
  bool make_key(const Datum* values);
  bool look(SessionServices& session);
  bool same_key(const txn::Row& version);

  TableInfoPtr table_;
  const IndexInfo* index_ = nullptr;
  std::vector<size_t> order_;  ///< by index column: which of the values
  RowDecoder decoder_;         ///< of a version, its key in the order of the index
  storage::Bytes key_, other_key_, found_key_;
  txn::ScanSpec spec_;
  std::unique_ptr<txn::Scan> scan_;
};

/// A table opened by an image of the catalog, its columns' types from `types`.
TableInfoPtr open_table(SessionServices& session, const CatalogImagePtr& image, Oid table,
                        const TypeSource& types);

/// One foreign key with all that checking it needs. Made for one state of the catalog.
struct ForeignKey {
  ForeignKey(SessionServices& session, ConstraintPtr constraint);

  ConstraintPtr about;
  uint64_t catalog_version = 0;
  std::shared_ptr<const TypeSource> catalog_types;  ///< owns what `types` point at
  RelationPtr referencing, referenced;
  std::string referencing_schema, referenced_schema;
  std::vector<const Type*> types;             ///< of its columns
  std::vector<const Type*> referenced_types;  ///< of those it refers to

  std::unique_ptr<KeyFinder> by_reference;  ///< the row referred to, by the referring values
  std::unique_ptr<KeyFinder> by_key;        ///< the same by its own values
  // Each is made when it is first needed. Parameters: the key; of an update also the new one.
  KeptStatement lookup;  ///< where by_reference is not usable
  KeptStatement referring;
  KeptStatement cascade_delete, cascade_update;
  KeptStatement set_on_delete, set_on_update;

  /// "(a, b)=(1, 2)"
  std::string shown(const std::vector<int16_t>& columns, const RelationObject& relation,
                    std::span<const Type* const> types_shown, const Datum* values,
                    const OutputStyle& style) const;
};

/// The texts of its queries; `shown` as PostgreSQL tells them in an error's CONTEXT.
std::string lookup_text(const ForeignKey& key, bool shown);
std::string referring_text(const ForeignKey& key, bool shown);
std::string cascade_delete_text(const ForeignKey& key, bool shown);
std::string cascade_update_text(const ForeignKey& key, bool shown);
/// `value` is NULL or DEFAULT.
std::string set_text(const ForeignKey& key, std::string_view value,
                     const std::vector<int16_t>& columns, bool shown);

}  // namespace isolde::sql
