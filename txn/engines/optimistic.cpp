#include "txn/engines/optimistic.hpp"

#include "base/sqlstate.hpp"
#include "txn/key_range.hpp"
#include "txn/snapshot_scan.hpp"

namespace isolde::txn {

using base::Error;
using base::Result;
using base::Status;
using storage::TxnFate;
using storage::VersionHeader;
using storage::VersionMark;
using storage::VersionView;

namespace {

std::string place(TupleId id) {
  return "(" + std::to_string(id.block.value) + "," + std::to_string(id.slot.value + 1) + ")";
}

}  // namespace

OptimisticTransaction::OptimisticTransaction(OptimisticEngine& engine, TransactionContext context,
                                             const TransactionModes& modes)
    : MvccTransaction(context, modes), engine_(engine) {}

// ---- reading: a snapshot, with what this transaction has written over it

Status OptimisticTransaction::begin_statement() {
  if (!started_ || !one_snapshot()) {
    // The place first: whoever is over there is in the snapshot that is taken then.
    std::lock_guard lock(engine_.mutex_);
    start_ = engine_.settled();
    if (!started_) {
      first_start_ = start_;
      engine_.starts_.insert(first_start_);
    }
    started_ = true;
  }
  return MvccTransaction::begin_statement();
}

bool OptimisticTransaction::is_hidden(const Table& table, TupleId id, CommandId before) const {
  auto found = hidden_.find({table.oid, id});
  return found != hidden_.end() && found->second < before;
}

void OptimisticTransaction::keep(Table& table) {
  tables_.try_emplace(table.oid, table.shared_from_this());
}

void OptimisticTransaction::note_read(Table& table, TupleId id, RowLock strength, bool locked) {
  auto [at, added] = reads_.try_emplace({table.oid, id}, Read{strength, locked, start_});
  if (added) return;
  at->second.strength = std::max(at->second.strength, strength);
  at->second.locked = at->second.locked || locked;
}

void OptimisticTransaction::note_range(Table& table, const Index* index, const KeyRange& range) {
  ranges_.push_back({table.oid, index == nullptr ? Oid{} : index->oid, range, start_});
}

/// Leaves out what the transaction has replaced itself, and remembers what it shows.
class OptimisticScan final : public Scan {
 public:
  OptimisticScan(OptimisticTransaction& transaction, Table& table, const ScanSpec& spec,
                 std::unique_ptr<Scan> inner, CommandId command)
      : transaction_(transaction),
        table_(table),
        index_(spec.index),
        inner_(std::move(inner)),
        command_(command),
        notes_rows_(transaction.modes().isolation >= IsolationLevel::kRepeatableRead),
        notes_ranges_(transaction.modes().isolation == IsolationLevel::kSerializable) {
    if (notes_ranges_) transaction_.note_range(table_, index_, spec.range);
  }

  Result<std::span<const Row>> next() override {
    for (;;) {
      auto batch = inner_->next();
      if (!batch || batch->empty() || (!notes_rows_ && transaction_.hidden_.empty())) return batch;
      rows_.clear();
      for (const Row& row : *batch) {
        if (transaction_.is_hidden(table_, row.id, command_)) continue;
        if (notes_rows_ && !transaction_.is_mine(row.header.xmin))
          transaction_.note_read(table_, row.id, RowLock::kShare, false);
        rows_.push_back(row);
      }
      if (!rows_.empty()) return std::span<const Row>(rows_);
    }
  }

  Status restart(const KeyRange& range) override {
    if (notes_ranges_) transaction_.note_range(table_, index_, range);
    return inner_->restart(range);
  }

 private:
  OptimisticTransaction& transaction_;
  Table& table_;
  const Index* index_;
  std::unique_ptr<Scan> inner_;
  const CommandId command_;
  const bool notes_rows_;
  const bool notes_ranges_;
  std::vector<Row> rows_;
};

Result<std::unique_ptr<Scan>> OptimisticTransaction::scan(Table& table, const ScanSpec& spec) {
  ScanSpec whole_rows = spec;
  whole_rows.keys_only = false;  // an entry names a chain, and which version was read must be known
  auto inner = MvccTransaction::scan(table, whole_rows);
  if (!inner) return inner;
  CommandId before = snapshot()->command;
  if (spec.view == ScanView::kLatest) before.value = command().value + 1;
  return std::unique_ptr<Scan>(
      std::make_unique<OptimisticScan>(*this, table, spec, std::move(*inner), before));
}

Result<bool> OptimisticTransaction::fetch(Table& table, TupleId id, Row& into) {
  auto found = MvccTransaction::fetch(table, id, into);
  if (!found || !*found) return found;
  if (is_hidden(table, id, snapshot()->command)) return false;
  if (one_snapshot() && !is_mine(into.header.xmin)) note_read(table, id, RowLock::kShare, false);
  return true;
}

Result<WriteResult> OptimisticTransaction::lock(Table& table, const Row& row, RowLock strength,
                                                LockWait) {
  if (!is_mine(row.header.xmin)) {
    note_read(table, row.id, strength, true);
    if (strength == RowLock::kKeyShare) reads_.at({table.oid, row.id}).referred = true;
  }
  WriteResult result;
  result.id = row.id;
  return result;
}

// ---- writing in private

/// A version of our own, with its entries; nothing leads to it but those.
Result<WriteResult> OptimisticTransaction::insert_private(Table& table, const NewRow& row) {
  auto id = write_id();
  if (!id) return id.take_error();
  auto made =
      table.heap.insert({*id, command(), row.payload,
                         static_cast<uint16_t>(row.has_overflow ? storage::kHasOverflow : 0)});
  if (!made) return made.take_error();
  keep(table);
  WriteResult result;
  result.id = *made;
  if (row.entries == nullptr) return result;
  for (const IndexEntry& entry : row.entries->entries()) {
    const bool unique = entry.index->unique && entry.index->immediate && !entry.unlike_any;
    if (unique) {
      auto taken = taken_by(table, *entry.index, entry.key, *made, false);
      if (!taken) return taken.take_error();
      if (taken->valid()) {
        if (Status s = check_races(table); !s) return s.take_error();
        result.outcome = Outcome::kDuplicate;
        result.duplicate = entry.index;
        result.duplicate_row = *taken;
        if (Status s = retract_private(table, *made); !s) return s.take_error();
        return result;
      }
    }
    auto inserted = entry.index->tree.insert(*id, entry.key, *made);
    if (!inserted) return inserted.take_error();
    keys_.push_back(
        {&table, entry.index, Bytes(entry.key.begin(), entry.key.end()), *made, unique});
  }
  return result;
}

Result<WriteResult> OptimisticTransaction::insert(Table& table, const NewRow& row) {
  auto result = insert_private(table, row);
  if (result && result->outcome == Outcome::kDone)
    writes_.push_back({&table, TupleId{}, result->id, RowLock::kUpdate, command(), start_});
  return result;
}

Status OptimisticTransaction::retract_private(Table& table, TupleId id) {
  std::erase_if(keys_, [&](const NewKey& key) { return key.table == &table && key.row == id; });
  auto writer = write_id();
  if (!writer) return writer.take_error();
  auto marked =
      table.heap.mark(*writer, id, [](const VersionHeader& header) -> std::optional<VersionMark> {
        return VersionMark{header.xmax, header.cmax, header.next,
                           static_cast<uint16_t>(header.infomask | kRetracted)};
      });
  return marked ? Status() : Status(marked.take_error());
}

Result<WriteResult> OptimisticTransaction::update(Table& table, const Row& old, const NewRow& row,
                                                  RowLock strength, bool) {
  if (is_mine(old.header.xmin)) return replace_own(table, old, row, strength);
  WriteResult result;
  if (hidden_.contains({table.oid, old.id})) {
    result.outcome = Outcome::kSelfModified;
    return result;
  }
  // First the note, so that the row itself does not count as a duplicate of its successor.
  hidden_.emplace(RowVersion{table.oid, old.id}, command());
  auto made = insert_private(table, row);
  if (!made || made->outcome != Outcome::kDone) {
    hidden_.erase({table.oid, old.id});
    return made;
  }
  writes_.push_back({&table, old.id, made->id, strength, command(), start_});
  return made;
}

/// Of a version that this transaction has made: nobody else sees either, so they are linked at
/// once.
Result<WriteResult> OptimisticTransaction::replace_own(Table& table, const Row& old,
                                                       const NewRow& row, RowLock strength) {
  auto id = write_id();
  if (!id) return id.take_error();
  const RowClaimer claimer(*this, table, *id);
  bool done = false;
  const auto take = [&](const VersionHeader& header) -> std::optional<VersionMark> {
    const Claim claim = claimer.examine(old.id, header, strength);
    done = claim.state == ClaimState::kFree;
    if (!done) return std::nullopt;
    return claimer.write(old.id, claim, strength, true);
  };
  auto marked = table.heap.mark(*id, old.id, std::cref(take));
  if (!marked) return marked.take_error();
  if (!done) {
    WriteResult result;
    result.outcome = Outcome::kSelfModified;
    return result;
  }
  auto made = insert_private(table, row);
  if (!made || made->outcome != Outcome::kDone) return made;
  const auto link = [&](const VersionHeader& header) -> std::optional<VersionMark> {
    return VersionMark{header.xmax, header.cmax, made->id, header.infomask};
  };
  auto linked = table.heap.mark(*id, old.id, std::cref(link));
  if (!linked) return linked.take_error();
  return made;
}

Result<WriteResult> OptimisticTransaction::remove(Table& table, const Row& old) {
  if (is_mine(old.header.xmin)) return MvccTransaction::remove(table, old);
  WriteResult result;
  result.id = old.id;
  if (hidden_.contains({table.oid, old.id})) {
    result.outcome = Outcome::kSelfModified;
    return result;
  }
  auto id = write_id();
  if (!id) return id.take_error();
  keep(table);
  hidden_.emplace(RowVersion{table.oid, old.id}, command());
  writes_.push_back({&table, old.id, TupleId{}, RowLock::kUpdate, command(), start_});
  return result;
}

// ---- unique keys, without waiting

/// Does this version hold its key, as far as is decided? `committing_too`: those that have been
/// validated count as committed.
bool OptimisticTransaction::is_taken_version(const Table& table, const VersionView& version,
                                             bool committing_too) const {
  const auto done = [&](TxnId id) {
    if (is_mine(id)) return true;
    if (committing_too && engine_.committing_.contains(id)) return true;
    return manager().state(id).fate == TxnFate::kCommitted;
  };
  const VersionHeader& header = version.header;
  if ((header.infomask & (kRetracted | storage::kXminAborted)) != 0) return false;
  if (!done(header.xmin)) return false;
  if (hidden_.contains({table.oid, version.id})) return false;
  return only_locks(header) || !done(header.xmax);
}

/// The version that holds a key, or an invalid place.
Result<TupleId> OptimisticTransaction::taken_by(Table& table, Index& index, ByteSpan key,
                                                TupleId except, bool committing_too) {
  std::vector<TupleId> roots;
  if (Status s = index.tree.lookup(key, roots); !s) return s.take_error();
  storage::VersionBatch chain;
  for (TupleId root : roots) {
    auto found = table.heap.read_chain(root, chain);
    if (!found) return found.take_error();
    for (const VersionView& version : chain.versions()) {
      if (version.id != except && is_taken_version(table, version, committing_too))
        return version.id;
    }
  }
  return TupleId{};
}

/// A version of this transaction's own that it has neither replaced nor deleted.
Result<bool> OptimisticTransaction::still_stands(Table& table, TupleId id) {
  auto found = table.heap.read(id, duplicate_);
  if (!found || !*found) return found;
  return is_taken_version(table, duplicate_.versions().front(), false);
}

Result<bool> OptimisticTransaction::find_duplicate(Table& table, Index& index, ByteSpan key,
                                                   TupleId except, Row& into) {
  auto taken = taken_by(table, index, key, except, false);
  if (!taken) return taken.take_error();
  if (!taken->valid()) return false;
  auto found = table.heap.read(*taken, duplicate_);
  if (!found) return found;
  if (*found) into = row_of(duplicate_.versions().front(), *taken);
  return found;
}

// ---- savepoints

void OptimisticTransaction::savepoint_defined() {
  marks_.push_back({writes_.size(), keys_.size()});
}

void OptimisticTransaction::savepoints_released(size_t at) {
  marks_.resize(at);
}

/// What was read since stays noted: the transaction knows it.
void OptimisticTransaction::rolled_back_to_savepoint(size_t at) {
  const Mark mark = marks_[at];
  for (size_t i = mark.writes; i < writes_.size(); ++i)
    hidden_.erase({writes_[i].table->oid, writes_[i].base});
  writes_.resize(mark.writes);
  keys_.resize(std::min(mark.keys, keys_.size()));
  marks_.resize(at + 1);
}

// ---- validation

Error OptimisticTransaction::conflict(std::string detail) const {
  return Error(base::sqlstate::kTRSerializationFailure,
               "could not serialize access due to concurrent update")
      .detail(std::move(detail))
      .hint("The transaction might succeed if retried.");
}

Status OptimisticTransaction::validate() {
  const bool writes = !writes_.empty() || !keys_.empty();
  std::lock_guard lock(engine_.mutex_);
  const uint64_t end = engine_.first_ + engine_.validated_.size();
  for (uint64_t number = std::max(first_start_, engine_.first_); started_ && number < end;
       ++number) {
    if (Status s = validate_against(engine_.validated_[number - engine_.first_], number); !s)
      return s;
  }
  if (!writes) return {};
  WriteSet set;
  set.txn = top_id();
  note_references(set);
  if (Status s = install(set); !s) return s;
  if (Status s = check_keys(set); !s) return s;
  engine_.committing_.insert(ids().begin(), ids().end());
  number_ = end;
  engine_.validated_.push_back(std::move(set));
  return {};
}

/// Did a transaction that was validated since write what this one has read? One that wrote nothing
/// itself has read a snapshot, and only what it has locked must still stand.
Status OptimisticTransaction::validate_against(const WriteSet& other, uint64_t number) const {
  const bool writes = !writes_.empty() || !keys_.empty();
  for (const WriteSet::Write& write : other.writes) {
    auto found = reads_.find(write.base);
    if (found == reads_.end()) continue;
    const Read& read = found->second;
    if (number < read.start || compatible(read.strength, write.strength)) continue;
    if (!read.locked && !writes) continue;
    return conflict("Transaction " + std::to_string(other.txn.value) + " has changed row " +
                    place(write.base.id) + " of table " + std::to_string(write.base.table.value) +
                    ", which this transaction has read, and was validated first.");
  }
  if (!writes) return {};
  if (Status s = validate_references(other, number); !s) return s;
  for (const ScannedRange& scanned : ranges_) {
    if (number < scanned.start || !other.tables.contains(scanned.table)) continue;
    bool met = scanned.index == Oid{};
    for (const WriteSet::Key& key : other.keys)
      met = met || (key.index == scanned.index && in_range(scanned.range, key.key));
    if (met)
      return conflict("Transaction " + std::to_string(other.txn.value) +
                      " has written in a range of table " + std::to_string(scanned.table.value) +
                      " that this transaction has scanned, and was validated first.");
  }
  return {};
}

/// Rows that go away, or get other keys, must not have been referred to since they were looked at.
Status OptimisticTransaction::validate_references(const WriteSet& other, uint64_t number) const {
  if (other.referred.empty()) return {};
  for (const PrivateWrite& write : writes_) {
    if (write.strength != RowLock::kUpdate || !write.base.valid() || number < write.start) continue;
    if (!other.referred.contains({write.table->oid, write.base})) continue;
    return conflict("Transaction " + std::to_string(other.txn.value) + " refers to row " +
                    place(write.base) + " of table \"" + write.table->name +
                    "\", which this transaction deletes or gives another key, and was validated "
                    "first.");
  }
  return {};
}

/// The versions it has locked, and those that others have made of them since.
void OptimisticTransaction::note_references(WriteSet& set) const {
  for (const auto& [row, read] : reads_) {
    if (read.referred) set.referred.insert(row);
  }
  if (set.referred.empty()) return;
  for (const WriteSet& other : engine_.validated_) {
    for (const WriteSet::Write& write : other.writes) {
      if (write.made.valid() && set.referred.contains(write.base))
        set.referred.insert({write.base.table, write.made});
    }
  }
}

/// Is the version replaced or deleted, by a transaction that was not rolled back?
bool OptimisticTransaction::is_over(const VersionHeader& header) const {
  return header.xmax != TxnId{} && !only_locks(header) &&
         (header.infomask & storage::kXmaxAborted) == 0 &&
         manager().state(header.xmax).fate != TxnFate::kAborted;
}

/// By whom; no id when the version stands.
Result<TxnId> OptimisticTransaction::replaced_by(Table& table, TupleId id) {
  TxnId rival;
  const auto look = [&](const VersionHeader& header) -> std::optional<VersionMark> {
    if (is_over(header)) rival = header.xmax;
    return std::nullopt;
  };
  auto seen = table.heap.mark(top_id(), id, std::cref(look));
  if (!seen) return seen.take_error();
  return rival;
}

/// A key in the way may belong to what somebody else has made of a row that this transaction has
/// written, too: that is a lost race, and not a duplicate.
Status OptimisticTransaction::check_races(Table& table) {
  for (const auto& [base, command] : hidden_) {
    if (base.table != table.oid) continue;
    auto rival = replaced_by(table, base.id);
    if (!rival) return rival.take_error();
    if (*rival != TxnId{}) return lost_row(*rival, table, base.id);
  }
  return {};
}

Error OptimisticTransaction::lost_row(TxnId rival, const Table& table, TupleId id) const {
  return conflict("Transaction " + std::to_string(rival.value) + " has changed row " + place(id) +
                  " of table \"" + table.name +
                  "\", which this transaction has written, and was validated first.");
}

/// Links what was written in private. A version that has a successor already is a lost race.
Status OptimisticTransaction::install(WriteSet& set) {
  for (const PrivateWrite& write : writes_) {
    set.tables.insert(write.table->oid);
    if (!write.base.valid()) continue;
    auto id = write_id();
    if (!id) return id.take_error();
    TxnId rival;
    const auto take = [&](const VersionHeader& header) -> std::optional<VersionMark> {
      if (is_over(header)) {
        rival = header.xmax;
        return std::nullopt;
      }
      const bool replaced = write.made.valid();
      return VersionMark{
          top_id(), write.command, write.made,
          static_cast<uint16_t>(strength_bits(write.strength) | (replaced ? kReplaced : 0) |
                                (header.infomask & kHasRowId))};
    };
    auto marked = write.table->heap.mark(top_id(), write.base, std::cref(take));
    if (!marked) return marked.take_error();
    if (!*marked) return lost_row(rival, *write.table, write.base);
    set.writes.push_back({{write.table->oid, write.base}, write.made, write.strength});
  }
  return {};
}

Status OptimisticTransaction::check_keys(WriteSet& set) {
  for (const NewKey& key : keys_) {
    auto stands = still_stands(*key.table, key.row);
    if (!stands) return stands.take_error();
    if (!*stands) continue;  // this transaction has replaced it by another version
    if (key.unique) {
      auto taken = taken_by(*key.table, *key.index, key.key, key.row, true);
      if (!taken) return taken.take_error();
      if (taken->valid())
        return conflict("Another transaction has inserted row " + place(*taken) + " of table \"" +
                        key.table->name + "\" with the same key of index \"" + key.index->name +
                        "\", and was validated first.");
    }
    set.tables.insert(key.table->oid);
    set.keys.push_back({key.index->oid, key.key});
  }
  return {};
}

void OptimisticTransaction::ended(bool committed) {
  std::lock_guard lock(engine_.mutex_);
  if (number_) {
    WriteSet& mine = engine_.validated_[*number_ - engine_.first_];
    mine.over = true;
    if (!committed) mine.writes.clear(), mine.keys.clear(), mine.tables.clear();
    for (TxnId id : ids()) engine_.committing_.erase(id);
  }
  if (started_) engine_.starts_.erase(engine_.starts_.find(first_start_));
  engine_.forget_old();
}

// ---- the engine

uint64_t OptimisticEngine::settled() {
  while (settled_ < first_ + validated_.size() && validated_[settled_ - first_].over) ++settled_;
  return settled_;
}

void OptimisticEngine::forget_old() {
  const uint64_t needed = starts_.empty() ? UINT64_MAX : *starts_.begin();
  const uint64_t over = settled();
  while (first_ < over && first_ < needed) {
    validated_.pop_front();
    ++first_;
  }
}

const EngineTraits& OptimisticEngine::static_traits() {
  static const EngineTraits traits{
      .name = "optimistic",
      .like = "Kung-Robinson, Silo, FoundationDB",
      .prevents = {"dirty writes, dirty reads, lost updates of what was written",
                   "dirty writes, dirty reads, lost updates of what was written",
                   "all but phantoms", "everything"},
      .blocks_on = "nothing",
      .paper = "Kung and Robinson, On Optimistic Methods for Concurrency Control (1981)",
  };
  return traits;
}

std::unique_ptr<EngineTransaction> OptimisticEngine::begin(TransactionContext context,
                                                           const TransactionModes& modes) {
  return std::make_unique<OptimisticTransaction>(*this, context, modes);
}

}  // namespace isolde::txn
