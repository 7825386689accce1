#include "storage/txn_table.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "storage/txn_status.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {

constexpr uint64_t kWordsPerPage = (kPageSize - kPageHeaderSize) / 8;
constexpr uint64_t kPagesPerFile = 1024;

constexpr uint64_t kAbortedWord = 1;
constexpr uint64_t committed_word(uint64_t seq) {
  return seq << 2 | 2;
}
constexpr uint64_t sub_word(TxnId parent) {
  return parent.value << 2 | 3;
}

PageId page_of(TxnId txn) {
  const uint64_t page = txn.value / kWordsPerPage;
  return {{0, static_cast<uint32_t>(1 + page / kPagesPerFile)},
          Fork::kMain,
          BlockNumber{static_cast<uint32_t>(page % kPagesPerFile)}};
}
size_t offset_of(TxnId txn) {
  return kPageHeaderSize + 8 * (txn.value % kWordsPerPage);
}

void append_relation(Bytes& to, RelationId id) {
  append(to, id.space);
  append(to, id.number);
}
RelationId take_relation(ByteReader& from) {
  RelationId id;
  id.space = from.take<uint32_t>();
  id.number = from.take<uint32_t>();
  return id;
}
void append_relations(Bytes& to, const std::vector<RelationId>& ids) {
  append(to, static_cast<uint32_t>(ids.size()));
  for (RelationId id : ids) append_relation(to, id);
}
bool take_relations(ByteReader& from, std::vector<RelationId>& ids) {
  for (auto n = from.take<uint32_t>(); n > 0 && from.ok(); --n) ids.push_back(take_relation(from));
  return from.ok();
}

}  // namespace

// ---- what is logged

Bytes CheckpointData::encode() const {
  Bytes out;
  append(out, redo.value);
  append(out, next_txn.value);
  append(out, next_seq.value);
  append(out, next_file);
  append_relations(out, dropped);
  append(out, static_cast<uint32_t>(created.size()));
  for (const auto& [relation, txn] : created) {
    append_relation(out, relation);
    append(out, txn.value);
  }
  return out;
}

bool CheckpointData::decode(ByteSpan bytes, CheckpointData& into) {
  ByteReader in(bytes);
  into.redo = Lsn{in.take<uint64_t>()};
  into.next_txn = TxnId{in.take<uint64_t>()};
  into.next_seq = CommitSeq{in.take<uint64_t>()};
  into.next_file = in.take<uint32_t>();
  if (!take_relations(in, into.dropped)) return false;
  for (auto n = in.take<uint32_t>(); n > 0 && in.ok(); --n) {
    RelationId relation = take_relation(in);
    into.created.emplace_back(relation, TxnId{in.take<uint64_t>()});
  }
  return in.ok() && in.empty();
}

Bytes TxnEnd::encode() const {
  Bytes out;
  append(out, seq.value);
  append(out, time_micros);
  append_relations(out, drop_files);
  return out;
}

bool TxnEnd::decode(ByteSpan bytes, TxnEnd& into) {
  ByteReader in(bytes);
  into.seq = CommitSeq{in.take<uint64_t>()};
  into.time_micros = in.take<int64_t>();
  return take_relations(in, into.drop_files) && in.empty();
}

Result<uint64_t> status_word(BufferPool& pool, TxnId txn) {
  const PageId id = page_of(txn);
  auto there = pool.files().exists(id.relation);
  if (!there) return there.take_error();
  if (!*there) return uint64_t{0};
  auto count = pool.files().block_count(id.relation, id.fork);
  if (!count) return count.take_error();
  if (id.block >= *count) return uint64_t{0};
  auto ref = pool.fetch(id);
  if (!ref) return ref.take_error();
  SharedPage page(std::move(*ref));
  return load<uint64_t>(page.view().data() + offset_of(txn));
}

Status require_status_pages(BufferPool& pool, TxnId next) {
  if (next <= CheckpointData{}.next_txn) return {};
  const PageId last = page_of(TxnId{next.value - 1});
  for (uint32_t file = 1; file <= last.relation.number; ++file) {
    const RelationId relation{0, file};
    auto count = pool.files().block_count(relation, Fork::kMain);
    if (!count) return count.take_error();
    const bool full = file < last.relation.number;
    const uint32_t needed = full ? uint32_t{kPagesPerFile} : last.block.value + 1;
    if (count->value >= needed) continue;
    return base::Error(base::sqlstate::kDataCorrupted,
                       "could not read block " + std::to_string(count->value) + " in file \"" +
                           relation_path(relation, Fork::kMain) + "\": the file ends before it");
  }
  return {};
}

// ---- the table

TxnTable::TxnTable(BufferPool& pool, Wal& wal, const CheckpointData& from)
    : pool_(pool),
      wal_(wal),
      first_of_this_run_(from.next_txn.value),
      next_seq_(from.next_seq.value),
      next_file_(from.next_file),
      next_(from.next_txn.value),
      published_(from.next_seq.value - 1),
      durable_seq_(from.next_seq.value - 1),
      exceptions_(!from.prepared.empty()),
      ring_(std::make_unique<std::atomic<uint64_t>[]>(kRing)) {
  prepared_ = from.prepared;
  for (const auto& [relation, txn] : from.created) created_[relation] = {txn};
}

/// The page of an id that was handed out in this run: it is there.
Result<ExclusivePage> TxnTable::status_page(TxnId txn) {
  if (txn.value < first_of_this_run_) return make_status_page(txn);
  auto ref = pool_.fetch(page_of(txn));
  if (!ref) return ref.take_error();
  return ExclusivePage(std::move(*ref));
}

Result<ExclusivePage> TxnTable::make_status_page(TxnId txn) {
  const PageId id = page_of(txn);
  auto there = pool_.files().exists(id.relation);
  if (!there) return there.take_error();
  if (!*there) {
    if (Status s = pool_.files().create(id.relation); !s) return s.take_error();
  }
  Status s = pool_.files().extend_to(id.relation, id.fork, BlockNumber{id.block.value + 1});
  if (!s) return s.take_error();
  auto ref = pool_.fetch(id);
  if (!ref) return ref.take_error();
  ExclusivePage page(std::move(*ref));
  if (page->is_new()) {
    Change change(pool_, wal_, RecordKind::kPageInit, TxnId{});
    change.on(page).format(PageType::kTxnStatus);
    if (auto lsn = change.commit(); !lsn) return lsn.take_error();
  }
  return page;
}

Result<TxnId> TxnTable::next_id_locked() {
  const TxnId txn{next_.load(std::memory_order_relaxed)};
  if (txn.value % kWordsPerPage == 0 || txn.value == first_of_this_run_) {
    auto page = make_status_page(txn);
    if (!page) return page.take_error();
  }
  next_.store(txn.value + 1, std::memory_order_seq_cst);
  ring_[txn.value % kRing].store(0, std::memory_order_seq_cst);
  return txn;
}

Result<TxnId> TxnTable::begin() {
  std::lock_guard lock(order_mutex_);
  return next_id_locked();
}

Result<Lsn> TxnTable::log_word(RecordKind kind, TxnId txn, uint64_t word, Bytes main) {
  auto page = status_page(txn);
  if (!page) return page.take_error();
  Change change(pool_, wal_, kind, txn);
  change.on(*page).write(offset_of(txn), std::as_bytes(std::span(&word, 1)));
  change.set_main(std::move(main));
  return change.commit();
}

Result<TxnId> TxnTable::begin_sub(TxnId parent) {
  std::lock_guard lock(order_mutex_);
  auto txn = next_id_locked();
  if (!txn) return txn;
  auto lsn = log_word(RecordKind::kTxnBegin, *txn, sub_word(parent), {});
  if (!lsn) return lsn.take_error();
  remember_locked(*txn, sub_word(parent));
  return txn;
}

/// A transaction may be so old that another one has its place in the ring.
void TxnTable::remember_locked(TxnId txn, uint64_t word) {
  const uint64_t next = next_.load(std::memory_order_relaxed);
  if (txn.value >= first_of_this_run_ && next - txn.value <= kRing)
    ring_[txn.value % kRing].store(word, std::memory_order_release);
}

Result<uint64_t> TxnTable::append_commit(TxnId txn, const CommitOptions& options, uint64_t& seq) {
  std::lock_guard lock(order_mutex_);
  seq = next_seq_;
  TxnEnd end{CommitSeq{seq}, base::wall_now().micros, options.drop_files};
  auto lsn = log_word(RecordKind::kCommit, txn, committed_word(seq), end.encode());
  if (!lsn) return lsn.take_error();
  ++next_seq_;
  remember_locked(txn, committed_word(seq));
  prepared_.erase(txn);
  unpublished_.push_back({seq, lsn->value, options.wait_for_disk});
  std::erase_if(created_, [&](const auto& entry) { return entry.second.back() == txn; });
  dropped_.insert(options.drop_files.begin(), options.drop_files.end());
  return lsn->value;
}

Status TxnTable::commit(base::Task& task, TxnId txn, const CommitOptions& options) {
  uint64_t seq;
  auto lsn = append_commit(txn, options, seq);
  if (!lsn) return lsn.take_error();
  const bool wait = options.wait_for_disk || !options.drop_files.empty();
  if (!wait) publish();
  // One that does not wait is held up only by an earlier one that does.
  if (wait || published_.load(std::memory_order_acquire) < seq) {
    if (Status s = wal_.wait_flushed(task, Lsn{*lsn}); !s) return s;
    if (published_.load(std::memory_order_acquire) < seq) publish();
  }
  return remove_files(options.drop_files);
}

void TxnTable::publish() {
  std::lock_guard lock(order_mutex_);
  const uint64_t durable = wal_.flushed_lsn().value;
  while (!unpublished_.empty()) {
    const Unpublished& first = unpublished_.front();
    if (first.wait_for_disk && first.lsn > durable) break;
    published_.store(first.seq, std::memory_order_release);
    if (first.lsn > durable) not_durable_.push_back(first);
    unpublished_.pop_front();
  }
  while (!not_durable_.empty() && not_durable_.front().lsn <= durable) not_durable_.pop_front();
  durable_seq_.store(not_durable_.empty() ? published_.load(std::memory_order_relaxed)
                                          : not_durable_.front().seq - 1,
                     std::memory_order_release);
}

std::vector<RelationId> TxnTable::created_by(TxnId txn) {
  std::vector<RelationId> files;
  for (const auto& [relation, line] : created_) {
    if (std::find(line.begin(), line.end(), txn) != line.end()) files.push_back(relation);
  }
  return files;
}

/// The transaction, its parent, and so on to the top.
Result<std::vector<TxnId>> TxnTable::line_of(TxnId txn) {
  std::vector<TxnId> line{txn};
  for (;;) {
    auto word = word_of(line.back());
    if (!word) return word.take_error();
    if ((*word & 3) != 3) return line;
    line.push_back(TxnId{*word >> 2});
  }
}

Result<Lsn> TxnTable::log_abort_locked(TxnId txn, const std::vector<RelationId>& files) {
  TxnEnd end{CommitSeq{}, base::wall_now().micros, files};
  return log_word(RecordKind::kAbort, txn, kAbortedWord, end.encode());
}

void TxnTable::forget_aborted_locked(TxnId txn, const std::vector<RelationId>& files) {
  remember_locked(txn, kAbortedWord);
  for (RelationId file : files) created_.erase(file);
  dropped_.insert(files.begin(), files.end());
}

Status TxnTable::abort(TxnId txn) {
  std::vector<RelationId> files;
  {
    std::lock_guard lock(order_mutex_);
    files = created_by(txn);
    auto lsn = log_abort_locked(txn, files);
    // Aborting must not fail. Without a record a crash aborts it as well; until then we remember.
    if (!lsn) {
      aborted_unlogged_.insert(txn.value);
      exceptions_.store(true, std::memory_order_release);
    }
    forget_aborted_locked(txn, files);
  }
  return remove_files(files);
}

Result<uint64_t> TxnTable::word_on_page(TxnId txn) {
  // Before the word: a commit sets the word first and takes it off the prepared ones afterwards.
  bool prepared = false;
  if (exceptions_.load(std::memory_order_acquire)) {
    std::lock_guard lock(order_mutex_);
    if (aborted_unlogged_.contains(txn.value)) return kAbortedWord;
    prepared = prepared_.contains(txn);
  }
  auto word = status_word(pool_, txn);
  if (word && *word == 0 && txn.value < first_of_this_run_ && !prepared) return kAbortedWord;
  return word;
}

Result<uint64_t> TxnTable::word_of(TxnId txn) {
  const uint64_t next = next_.load(std::memory_order_seq_cst);
  if (txn.value >= next) return uint64_t{0};
  if (txn.value >= first_of_this_run_ && next - txn.value <= kRing) {
    const uint64_t word = ring_[txn.value % kRing].load(std::memory_order_seq_cst);
    if (next_.load(std::memory_order_seq_cst) - txn.value <= kRing) return word;
  }
  return word_on_page(txn);
}

Result<TxnState> TxnTable::state(TxnId txn) {
  auto word = word_of(txn);
  while (word && (*word & 3) == 3) word = word_of(TxnId{*word >> 2});
  if (!word) return word.take_error();
  if (*word == 0) return TxnState{};
  if (*word == kAbortedWord) return TxnState{TxnFate::kAborted, {}, true};
  const uint64_t seq = *word >> 2;
  if (seq > published_.load(std::memory_order_acquire)) return TxnState{};
  const bool durable = seq <= durable_seq_.load(std::memory_order_acquire);
  return TxnState{TxnFate::kCommitted, CommitSeq{seq}, durable};
}

// ---- files

Result<RelationId> TxnTable::create_file(TxnId txn, uint32_t space) {
  auto line = line_of(txn);
  if (!line) return line.take_error();
  std::lock_guard lock(order_mutex_);
  const RelationId relation{space, next_file_};
  Bytes main;
  append_relation(main, relation);
  const size_t bound = Wal::bound(main, {});
  if (Status s = wal_.reserve(bound); !s) return s.take_error();
  Status made = pool_.files().create(relation);
  if (made) made = pool_.files().truncate(relation, Fork::kMain, BlockNumber{0});
  if (!made) {
    wal_.release(bound);
    static_cast<void>(pool_.files().remove(relation));
    return made.take_error();
  }
  wal_.append(bound, RecordKind::kCreateFile, txn, main, {});
  ++next_file_;
  created_.emplace(relation, std::move(*line));
  return relation;
}

Status TxnTable::remove_files(const std::vector<RelationId>& files) {
  for (RelationId relation : files) {
    pool_.discard(relation);
    if (Status s = pool_.files().remove(relation); !s) return s;
    std::lock_guard lock(order_mutex_);
    dropped_.erase(relation);
  }
  return {};
}

Result<CheckpointData> TxnTable::begin_checkpoint() {
  std::lock_guard lock(order_mutex_);
  CheckpointData data;
  data.redo = wal_.begin_checkpoint();
  data.next_txn = TxnId{next_.load(std::memory_order_relaxed)};
  data.next_seq = CommitSeq{next_seq_};
  data.next_file = next_file_;
  for (const auto& [relation, line] : created_) data.created.emplace_back(relation, line.front());
  data.dropped.assign(dropped_.begin(), dropped_.end());
  for (const auto& [txn, state] : prepared_) {
    if (auto lsn = log_prepared_locked(txn, state); !lsn) return lsn.take_error();
  }
  return data;
}

}  // namespace isolde::storage
