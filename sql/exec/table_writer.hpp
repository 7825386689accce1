#pragma once

#include <vector>

#include "sql/constraints/row_events.hpp"
#include "sql/exec/exec_context.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

/// Writes rows of one table: generated columns, NOT NULL and CHECK, the bytes, the index keys.
/// Rows are given by live column, with room for the reference behind them.
class TableWriter {
 public:
  TableWriter(const WriteRules& rules, ExecContext& exec);

  const TableInfo& table() const { return *rules_.table; }
  size_t columns() const { return table().live.size(); }

  /// Completes a new row and checks it, before anyone asks what stands in its way.
  void check_new(Datum* row);
  /// kDone, or kDuplicate.
  txn::WriteResult insert(Datum* row);
  /// Whether rows may be written many at a time: nothing is to be noted of each.
  bool can_batch() const { return !rules_.has_key_rules(); }
  /// The same as insert(), row by row and then all at once: checks the row and gives its bytes,
  /// which live until the next call.
  txn::NewRow prepare(Datum* row);
  /// Up to the first that is not kDone; `done` gets its number.
  txn::WriteResult insert_many(std::span<const txn::NewRow> rows, size_t& done);
  /// The index entries of a row that is given by its bytes.
  class EntriesOf final : public txn::IndexEntries {
   public:
    EntriesOf(TableWriter& writer, storage::ByteSpan payload)
        : writer_(writer), payload_(payload) {}
    std::span<const txn::IndexEntry> entries() override {
      writer_.entry_row_ = nullptr;
      writer_.entry_payload_ = payload_;
      return writer_.make_entries();
    }

   private:
    TableWriter& writer_;
    storage::ByteSpan payload_;
  };
  bool has_indexes() const { return !rules_.indexes.empty(); }
  /// `row` has the values of `assigned` columns, and of those that the rules read.
  txn::WriteResult update(const txn::Row& old, Datum* row, const std::vector<int>& assigned);
  txn::WriteResult remove(const txn::Row& old);
  /// How strongly an update of these columns may have to lock.
  txn::RowLock strength_for(const std::vector<int>& assigned) const;

  /// Looks for a row in the way of this one in the given indexes (or, with none, in all unique
  /// ones). Valid until the next call of the transaction.
  bool find_conflict(const Datum* row, const std::vector<int>& indexes, txn::Row& found);
  bool is_arbiter(const txn::WriteResult& result, const std::vector<int>& indexes) const;
  /// 23505, for the row that was given last.
  [[noreturn]] void fail_duplicate(const txn::Index& index, const Datum* row);

  /// The key of a version in one index; false when a partial index leaves it out.
  bool key_of(const txn::Row& version, size_t index, storage::Bytes& key, bool& unlike_any);
  /// "(a, b)=(1, 2)", for messages about the version of the last key_of.
  std::string shown_key(size_t index, const Datum* row);
  const Datum* key_row() const { return key_row_.data(); }

  /// All live columns of a version; values live until the next call.
  void decode(const txn::Row& version, Datum* row);
  /// The reference to a version that this statement has written.
  Datum written(txn::TupleId id, Arena& arena);

 private:
  /// The keys of the row at hand, made when asked for.
  class Keys final : public txn::IndexEntries {
   public:
    explicit Keys(TableWriter& writer) : writer_(writer) {}
    std::span<const txn::IndexEntry> entries() override { return writer_.make_entries(); }

   private:
    TableWriter& writer_;
  };

  void complete(Datum* row);
  void check(const Datum* row, const txn::Row* old, const std::vector<int>* assigned);
  storage::ByteSpan encode(const Datum* row, const txn::Row* old, const std::vector<int>* assigned);
  [[noreturn]] void fail_row(base::SqlState state, std::string message, std::string_view column,
                             std::string_view constraint, const Datum* row, const txn::Row* old,
                             const std::vector<int>* assigned);
  std::span<const txn::IndexEntry> make_entries();
  bool make_key(size_t index, const Datum* row, storage::Bytes& key, bool& unlike_any);
  bool changes(int column, const Datum* old, const Datum* row) const;
  base::TxnId write_id();

  const WriteRules& rules_;
  ExecContext& exec_;
  storage::Overflow overflow_;
  RowEncoder encoder_;
  Arena arena_;      ///< of one row
  Arena old_arena_;  ///< of decoded versions
  OutsideReader outside_;
  Evaluator generation_;
  Evaluator conditions_;
  RowEvents events_;
  struct IndexPrograms {
    Evaluator keys;
    Evaluator predicate;
  };
  std::vector<IndexPrograms> indexes_;

  std::vector<Datum> by_place_;  ///< values in the order of the shape, where columns were dropped
  std::vector<bool> changed_;
  std::vector<Datum> old_row_;
  std::vector<Datum> key_row_;
  const Datum* entry_row_ = nullptr;  ///< what entries are made of; null: `entry_payload_`
  storage::ByteSpan entry_payload_;
  Keys keys_{*this};
  std::vector<storage::Bytes> key_bytes_;
  std::vector<txn::IndexEntry> entries_;
};

}  // namespace isolde::sql
