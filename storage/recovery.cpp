#include "storage/recovery.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "storage/txn_status.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

Error corrupted(std::string message) {
  return {base::sqlstate::kDataCorrupted, std::move(message)};
}

class Replay {
 public:
  Replay(base::Env& env, const std::string& wal_dir, const ControlFile& control, BufferPool& pool)
      : env_(env), wal_dir_(wal_dir), control_(control), pool_(pool) {}

  Result<RecoveryResult> run() {
    if (Status s = read_checkpoint(); !s) return s.take_error();
    WalReader reader(env_, wal_dir_, control_.segment_size, out_.state.redo);
    if (Status s = replay_all(reader); !s) return s.take_error();
    out_.bytes = reader.position().value - out_.state.redo.value;
    out_.position.end = reader.position();
    out_.position.previous = reader.last_record();
    // Commits that were acknowledged may be lost, and ids would be used twice.
    if (const auto& [lsn, page] = pool_.newest_read(); lsn > out_.position.end)
      return page_ahead_of_log(page, lsn, out_.position.end);
    if (Status s = require_status_pages(pool_, begun_); !s) return s.take_error();
    if (Status s = remove_files(); !s) return s.take_error();
    return std::move(out_);
  }

 private:
  Status read_checkpoint() {
    WalReader reader(env_, wal_dir_, control_.segment_size, control_.checkpoint);
    if (Status s = reader.require_segment(control_.checkpoint); !s) return s;
    WalRecord record;
    auto found = reader.read_at(control_.checkpoint, record);
    if (!found) return found.take_error();
    if (!*found || record.kind != RecordKind::kCheckpoint ||
        !CheckpointData::decode(record.main, out_.state))
      return corrupted("could not locate a valid checkpoint record at " +
                       lsn_text(control_.checkpoint));
    begun_ = out_.state.next_txn;
    for (auto& [relation, txn] : out_.state.created) created_[relation] = txn;
    dropped_.insert(out_.state.dropped.begin(), out_.state.dropped.end());
    return {};
  }

  Status replay_all(WalReader& reader) {
    WalRecord record;
    auto next_report = base::steady_now() + std::chrono::seconds(10);
    for (;;) {
      auto found = reader.next(record);
      if (!found) return found.take_error();
      if (!*found) break;
      if (Status s = replay(record); !s) return s;
      ++out_.records;
      if (out_.records % 1024 == 0 && base::steady_now() > next_report) {
        base::log(base::Severity::kLog, "redo in progress, current LSN: {}", lsn_text(record.lsn));
        next_report = base::steady_now() + std::chrono::seconds(10);
      }
    }
    if (reader.position() <= control_.checkpoint)
      return corrupted("the write-ahead log ends before the checkpoint at " +
                       lsn_text(control_.checkpoint));
    return {};
  }

  Status replay(const WalRecord& record) {
    CheckpointData& state = out_.state;
    state.next_txn = std::max(state.next_txn, TxnId{record.txn.value + 1});
    switch (record.kind) {
      case RecordKind::kCommit:
      case RecordKind::kAbort:
        if (Status s = replay_end(record); !s) return s;
        break;
      case RecordKind::kPrepare:
        state.prepared[record.txn] = Bytes(record.main.begin(), record.main.end());
        break;
      case RecordKind::kCreateFile:
        if (Status s = replay_create(record); !s) return s;
        break;
      case RecordKind::kTruncate:
        if (Status s = replay_truncate(record); !s) return s;
        break;
      case RecordKind::kHeapInsert:
      case RecordKind::kHeapUpdate:
      case RecordKind::kHeapMark:
      case RecordKind::kHeapPrune:
      case RecordKind::kHeapFreeze:
      case RecordKind::kVisibility:
      case RecordKind::kOverflow:
      case RecordKind::kIndexInsert:
      case RecordKind::kIndexSplit:
      case RecordKind::kIndexVacuum:
      case RecordKind::kIndexUnlink:
      case RecordKind::kIndexBuild:
      case RecordKind::kIndexMeta:
      case RecordKind::kPageInit:
      case RecordKind::kTxnBegin:
      case RecordKind::kSequence:
      case RecordKind::kFileNumbers:
      case RecordKind::kCheckpoint:
        break;
    }
    for (const LoggedBlock& block : record.blocks) {
      if (Status s = replay_block(record, block); !s) return s;
    }
    return {};
  }

  Status replay_end(const WalRecord& record) {
    TxnEnd end;
    if (!TxnEnd::decode(record.main, end)) return bad(record);
    if (record.kind == RecordKind::kCommit) {
      out_.state.next_seq = std::max(out_.state.next_seq, CommitSeq{end.seq.value + 1});
    }
    dropped_.insert(end.drop_files.begin(), end.drop_files.end());
    out_.state.prepared.erase(record.txn);
    return {};
  }

  Status replay_create(const WalRecord& record) {
    ByteReader in(record.main);
    RelationId relation;
    relation.space = in.take<uint32_t>();
    relation.number = in.take<uint32_t>();
    if (!in.ok()) return bad(record);
    created_[relation] = record.txn;
    out_.state.next_file = std::max(out_.state.next_file, relation.number + 1);
    return pool_.files().create(relation);
  }

  Status replay_truncate(const WalRecord& record) {
    ByteReader in(record.main);
    RelationId relation;
    relation.space = in.take<uint32_t>();
    relation.number = in.take<uint32_t>();
    const Fork fork = static_cast<Fork>(in.take<uint8_t>());
    const BlockNumber blocks{in.take<uint32_t>()};
    if (!in.ok()) return bad(record);
    auto there = pool_.files().exists(relation, fork);
    if (!there) return there.take_error();
    if (!*there) return {};
    pool_.discard(relation, fork, blocks);
    return pool_.files().truncate(relation, fork, blocks);
  }

  Status bad(const WalRecord& record) {
    return corrupted("log record at " + lsn_text(record.lsn) + " makes no sense");
  }

  /// Pages of a file that is gone were dropped later in the log; remove_files checks that.
  Result<bool> file_is_there(RelationId relation) {
    if (relation.space == 0) {
      if (Status s = pool_.files().create(relation); !s) return s.take_error();
      return true;
    }
    auto there = pool_.files().exists(relation);
    if (there && !*there) missing_.insert(relation);
    return there;
  }

  Status replay_block(const WalRecord& record, const LoggedBlock& block) {
    auto there = file_is_there(block.id.relation);
    if (!there) return there.take_error();
    if (!*there) return {};
    auto count = pool_.files().block_count(block.id.relation, block.id.fork);
    if (!count) return count.take_error();
    const bool overwrite = block.afresh() || block.id.block >= *count;
    auto ref = overwrite ? pool_.fetch_to_overwrite(block.id) : pool_.fetch(block.id);
    if (!ref) return ref.take_error();
    ExclusivePage page(std::move(*ref));
    if (!block.afresh() && page->lsn() >= record.end) return {};
    pool_.mark_dirty(page.ref());
    PageEditor editor = page.ref().hint_editor();
    const bool good = block.is_image() ? restore_image(block.body, editor.data())
                                       : apply_changes(editor, block.body);
    if (!good)
      return corrupted("log record at " + lsn_text(record.lsn) + " does not fit block " +
                       std::to_string(block.id.block.value) + " of relation " +
                       relation_path(block.id.relation, block.id.fork));
    editor.set_lsn(record.end);
    return {};
  }

  Status remove(RelationId relation) {
    missing_.erase(relation);
    pool_.discard(relation);
    return pool_.files().remove(relation);
  }

  enum class Creator : uint8_t { kCommitted, kPrepared, kGone };

  /// `txn` becomes the one whose end decides.
  Result<Creator> fate_of_creator(TxnId& txn) {
    for (;;) {
      auto word = status_word(pool_, txn);
      if (!word) return word.take_error();
      if ((*word & 3) == 2) return Creator::kCommitted;
      if ((*word & 3) != 3) break;
      txn = TxnId{*word >> 2};
    }
    return out_.state.prepared.contains(txn) ? Creator::kPrepared : Creator::kGone;
  }

  Status remove_uncommitted_files() {
    out_.state.created.clear();
    for (auto [relation, txn] : created_) {
      auto fate = fate_of_creator(txn);
      if (!fate) return fate.take_error();
      if (*fate == Creator::kPrepared) out_.state.created.emplace_back(relation, txn);
      if (*fate != Creator::kGone) continue;
      if (Status s = remove(relation); !s) return s;
    }
    return {};
  }

  Status remove_files() {
    if (Status s = remove_uncommitted_files(); !s) return s;
    for (RelationId relation : dropped_) {
      if (Status s = remove(relation); !s) return s;
    }
    auto all = pool_.files().relations();
    if (!all) return all.take_error();
    for (RelationId relation : *all) {
      // Made by a creation whose record did not reach the disk.
      if (relation.space == 0 || relation.number < out_.state.next_file) continue;
      if (Status s = remove(relation); !s) return s;
    }
    out_.state.dropped.clear();
    if (missing_.empty()) return {};
    return corrupted("the write-ahead log changes relation " +
                     relation_path(*missing_.begin(), Fork::kMain) + ", but its file is missing");
  }

  base::Env& env_;
  const std::string& wal_dir_;
  const ControlFile& control_;
  BufferPool& pool_;
  TxnId begun_;  ///< all before had begun when the checkpoint did
  RecoveryResult out_;
  std::map<RelationId, TxnId> created_;
  std::set<RelationId> dropped_;
  std::set<RelationId> missing_;
};

}  // namespace

Result<RecoveryResult> recover(base::Env& env, const std::string& wal_dir,
                               const ControlFile& control, BufferPool& pool) {
  return Replay(env, wal_dir, control, pool).run();
}

}  // namespace isolde::storage
