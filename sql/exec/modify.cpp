#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <utility>

#include "sql/exec/input_rows.hpp"
#include "sql/exec/operators.hpp"
#include "sql/exec/recheck.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/exec/table_writer.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// INSERT, UPDATE and DELETE: works through all rows of its child when the first row is asked for,
/// whoever reads how much of what RETURNING gives.
class Modify : public RowSource {
 public:
  Modify(const Plan& plan, ExecContext& exec)
      : plan_(plan),
        modify_(*plan.modify),
        exec_(exec),
        child_(make_row_source(*plan.children[0], exec)),
        writer_(modify_.rules, exec),
        arena_(exec.budget),
        kept_(exec.budget),
        returning_(modify_.returning, exec, arena_) {}

  void open() override {
    child_->open();
    done_ = false;
    at_ = 0;
    rows_.clear();
    kept_.reset();
  }

  const Datum* next() override {
    if (!done_) {
      run();
      done_ = true;
    }
    return at_ == rows_.size() ? nullptr : rows_[at_++];
  }

 protected:
  virtual void row(const Datum* row) = 0;
  /// Writes the rows that were put aside.
  virtual void write_batch() {}

  /// A row is written; `row` is what RETURNING is over.
  void wrote(const Datum* row) {
    if (modify_.counts) ++exec_.processed;
    if (modify_.returns) rows_.push_back(copy_row(returning_.run(row), plan_.types, kept_));
  }

  const Plan& plan_;
  const ModifyPlan& modify_;
  ExecContext& exec_;
  RowSourcePtr child_;
  TableWriter writer_;
  Arena arena_;  ///< of one row

 private:
  void run() {
    std::exception_ptr failure;
    try {
      while (const Datum* next = child_->next()) {
        exec_.poll();
        arena_.reset();
        row(next);
      }
    } catch (const base::SqlException&) {
      failure = std::current_exception();
    }
    write_batch();  // what is wrong with an earlier row comes first
    if (failure) std::rethrow_exception(failure);
  }

  Arena kept_;
  Evaluator returning_;
  std::vector<const Datum*> rows_;
  size_t at_ = 0;
  bool done_ = false;
};

// Rows of COPY and of INSERT ... SELECT are put aside, checked and as bytes, and written many at a
// time, unless something is to be done for each.
class Insert final : public Modify {
 public:
  Insert(const Plan& plan, ExecContext& exec)
      : Modify(plan, exec),
        values_(modify_.row, exec, arena_),
        where_(modify_.where, exec, arena_),
        update_values_(modify_.conflict_update.values, exec, arena_),
        update_where_(modify_.conflict_where, exec, arena_),
        row_(writer_.columns() + 1),
        both_(2 * (writer_.columns() + 1)),
        batch_bytes_(exec.budget) {
    const bool many = exec.input != nullptr || plan.children[0]->rows > 1;
    batches_ = many && !modify_.returns && modify_.conflict == ConflictRule::Action::kError &&
               writer_.can_batch();
  }

 private:
  void row(const Datum* from) override {
    const Datum* values = values_.run(from);
    std::copy(values, values + writer_.columns(), row_.begin());
    if (modify_.has_where && !where_.is_true(row_.data())) return;
    if (modify_.conflict != ConflictRule::Action::kError) {
      insert_or_settle();
      return;
    }
    if (batches_) {
      add_to_batch();
      return;
    }
    txn::WriteResult result = writer_.insert(row_.data());
    if (result.outcome == txn::Outcome::kDuplicate) {
      writer_.fail_duplicate(*result.duplicate, row_.data());
    }
    inserted(result);
  }

  void add_to_batch() {
    constexpr size_t kMostRows = 1000;
    constexpr size_t kMostBytes = size_t{256} << 10;
    txn::NewRow made = writer_.prepare(row_.data());
    char* copy = batch_bytes_.allocate(made.payload.size());
    std::memcpy(copy, made.payload.data(), made.payload.size());
    batch_size_ += made.payload.size();
    made.payload = {reinterpret_cast<const std::byte*>(copy), made.payload.size()};
    if (writer_.has_indexes()) made.entries = &entries_.emplace_back(writer_, made.payload);
    batch_.push_back(made);
    wrote(row_.data());
    if (batch_.size() >= kMostRows || batch_size_ >= kMostBytes) write_batch();
  }

  void write_batch() override {
    if (batch_.empty()) return;
    const std::vector<txn::NewRow> rows = std::exchange(batch_, {});  // once, whatever happens
    size_t done = 0;
    txn::WriteResult result = writer_.insert_many(rows, done);
    if (result.outcome == txn::Outcome::kDuplicate) {
      if (auto* input = dynamic_cast<InputRows*>(exec_.input)) {
        input->go_back(rows.size() - 1 - done);
      }
      writer_.fail_duplicate(*result.duplicate, row_.data());
    }
    entries_.clear();
    batch_bytes_.reset();
    batch_size_ = 0;
  }

  void inserted(const txn::WriteResult& result) {
    if (modify_.returns) row_.back() = writer_.written(result.id, arena_);
    wrote(row_.data());
  }

  void insert_or_settle() {
    writer_.check_new(row_.data());
    for (;;) {
      exec_.poll();
      txn::Row in_the_way;
      if (writer_.find_conflict(row_.data(), modify_.arbiters, in_the_way)) {
        if (settle(in_the_way)) return;
        continue;
      }
      txn::WriteResult result = writer_.insert(row_.data());
      if (result.outcome == txn::Outcome::kDone) {
        inserted(result);
        return;
      }
      if (!writer_.is_arbiter(result, modify_.arbiters)) {
        writer_.fail_duplicate(*result.duplicate, row_.data());
      }
    }
  }

  /// Is the row that is in the way one that the transaction's snapshot must not see?
  void check_visible(const txn::Row& found) {
    if (exec_.transaction->modes().isolation < txn::IsolationLevel::kRepeatableRead) return;
    if (exec_.transaction->is_mine(found.header.xmin)) return;
    txn::Row seen;
    auto& table = *writer_.table().table;
    if (base::value_or_throw(exec_.transaction->fetch(table, found.id, seen))) return;
    fail(base::sqlstate::kTRSerializationFailure,
         "could not serialize access due to concurrent update");
  }

  /// False: the row has gone or changed, look again.
  bool settle(const txn::Row& found) {
    bytes_.assign(found.payload.begin(), found.payload.end());
    txn::Row row = found;
    row.payload = bytes_;
    if (modify_.conflict == ConflictRule::Action::kNothing) {
      check_visible(row);
      return true;
    }
    const bool mine = exec_.transaction->is_mine(row.header.xmin) &&
                      row.header.cmin >= exec_.transaction->command();
    if (mine) fail_twice();
    check_visible(row);
    const auto& assigned = modify_.conflict_update.columns;
    txn::WriteResult locked = base::value_or_throw(exec_.transaction->lock(
        *writer_.table().table, row, writer_.strength_for(assigned), txn::LockWait::kWait));
    if (locked.outcome == txn::Outcome::kSelfModified) fail_twice();
    if (locked.outcome != txn::Outcome::kDone) return false;
    update(row);
    return true;
  }

  [[noreturn]] static void fail_twice() {
    throw base::SqlException(
        base::Error(base::sqlstate::kCardinalityViolation,
                    "ON CONFLICT DO UPDATE command cannot affect row a second time")
            .hint("Ensure that no rows proposed for insertion within the same command have "
                  "duplicate constrained values."));
  }

  void update(const txn::Row& old) {
    const size_t width = writer_.columns() + 1;
    writer_.decode(old, both_.data());
    both_[width - 1] = make_reference(writer_.table().oid(), old, false, arena_);
    std::copy(row_.begin(), row_.end(), both_.begin() + static_cast<ptrdiff_t>(width));
    if (modify_.has_conflict_where && !update_where_.is_true(both_.data())) return;
    const UpdatePart& part = modify_.conflict_update;
    const Datum* values = update_values_.run(both_.data());
    std::vector<Datum> made(both_.begin(), both_.begin() + static_cast<ptrdiff_t>(width));
    for (size_t i = 0; i < part.columns.size(); ++i) {
      made[static_cast<size_t>(part.columns[i])] = values[i];
    }
    // What stays is kept for RETURNING: the writer reads the old version once more.
    for (size_t i = 0; i + 1 < width; ++i) {
      made[i] = copy_datum(made[i], type_of(i), arena_);
    }
    txn::WriteResult result = writer_.update(old, made.data(), part.columns);
    switch (result.outcome) {
      case txn::Outcome::kDuplicate:
        writer_.fail_duplicate(*result.duplicate, made.data());
      case txn::Outcome::kSelfModified:
        fail_twice();
      default:
        break;
    }
    if (modify_.returns) made.back() = writer_.written(result.id, arena_);
    wrote(made.data());
  }

  const Type& type_of(size_t column) const {
    const TableInfo& table = writer_.table();
    return *table.shape[static_cast<size_t>(table.live[column])].type;
  }

  Evaluator values_;
  Evaluator where_;
  Evaluator update_values_;
  Evaluator update_where_;
  std::vector<Datum> row_;
  std::vector<Datum> both_;
  bool batches_ = false;
  std::vector<txn::NewRow> batch_;
  std::deque<TableWriter::EntriesOf> entries_;  ///< of the rows of the batch
  Arena batch_bytes_;
  size_t batch_size_ = 0;
  storage::Bytes bytes_;
};

/// UPDATE and DELETE: rows of the child that have the target's columns in them.
class Change : public Modify {
 public:
  Change(const Plan& plan, ExecContext& exec)
      : Modify(plan, exec), recheck_(*plan.children[0], modify_.marks, exec) {}

 protected:
  /// Tries to change the version that a row came from; again with a newer one if need be.
  void row(const Datum* row) override {
    for (;;) {
      txn::Row old = read_reference(row[modify_.reference]);
      if (exec_.latest_rows) check_seen(old);
      txn::WriteResult result = change(row, old);
      switch (result.outcome) {
        case txn::Outcome::kDone:
          changed(row, result);
          return;
        case txn::Outcome::kDuplicate:
          writer_.fail_duplicate(*result.duplicate, row + modify_.offset);
        case txn::Outcome::kGone:
        case txn::Outcome::kSkip:
        case txn::Outcome::kSelfModified:
          return;
        case txn::Outcome::kReevaluate:
          row = recheck_.evaluate(row, 0, result.latest);
          if (row == nullptr) return;
          break;
      }
      exec_.poll();
    }
  }
  virtual txn::WriteResult change(const Datum* row, const txn::Row& old) = 0;
  virtual void changed(const Datum* row, const txn::WriteResult& result) = 0;

 private:
  /// A row that was found by the latest state must be one that the transaction's own view has.
  void check_seen(const txn::Row& old) {
    txn::Row seen;
    auto& table = *writer_.table().table;
    if (base::value_or_throw(exec_.transaction->fetch(table, old.id, seen))) return;
    fail(base::sqlstate::kTRSerializationFailure,
         "could not serialize access due to concurrent update");
  }

  Recheck recheck_;
};

class Update final : public Change {
 public:
  Update(const Plan& plan, ExecContext& exec)
      : Change(plan, exec),
        values_(modify_.update.values, exec, arena_),
        row_(static_cast<size_t>(plan.children[0]->width)) {}

 private:
  txn::WriteResult change(const Datum* row, const txn::Row& old) override {
    std::copy(row, row + row_.size(), row_.begin());
    const Datum* values = values_.run(row);
    Datum* target = row_.data() + modify_.offset;
    const UpdatePart& part = modify_.update;
    for (size_t i = 0; i < part.columns.size(); ++i) target[part.columns[i]] = values[i];
    return writer_.update(old, target, part.columns);
  }

  void changed(const Datum*, const txn::WriteResult& result) override {
    if (modify_.returns) {
      row_[static_cast<size_t>(modify_.reference)] = writer_.written(result.id, arena_);
    }
    wrote(row_.data());
  }

  Evaluator values_;
  std::vector<Datum> row_;
};

class Delete final : public Change {
 public:
  using Change::Change;

 private:
  txn::WriteResult change(const Datum*, const txn::Row& old) override {
    return writer_.remove(old);
  }
  void changed(const Datum* row, const txn::WriteResult&) override { wrote(row); }
};

}  // namespace

RowSourcePtr make_modify(const Plan& plan, ExecContext& exec) {
  switch (plan.modify->kind) {
    case Modification::Kind::kInsert:
      return std::make_unique<Insert>(plan, exec);
    case Modification::Kind::kUpdate:
      return std::make_unique<Update>(plan, exec);
    case Modification::Kind::kDelete:
      return std::make_unique<Delete>(plan, exec);
    case Modification::Kind::kMerge:
      return make_merge(plan, exec);
  }
  return nullptr;
}

}  // namespace isolde::sql
