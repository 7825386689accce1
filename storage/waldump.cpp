#include "storage/waldump.hpp"

#include "storage/control_file.hpp"
#include "storage/txn_table.hpp"
#include "storage/wal_reader.hpp"

namespace isolde::storage {

using base::Result;

namespace {

std::string head_line(const WalRecord& record) {
  std::string line = lsn_text(record.lsn) + "  " + std::string(record_kind_name(record.kind));
  if (record.txn != TxnId{}) line += "  txn " + std::to_string(record.txn.value);
  line += "  " + std::to_string(record.end.value - record.lsn.value) + " bytes";
  TxnEnd end;
  if (record.kind == RecordKind::kCommit && TxnEnd::decode(record.main, end))
    line += "  seq " + std::to_string(end.seq.value);
  CheckpointData checkpoint;
  if (record.kind == RecordKind::kCheckpoint && CheckpointData::decode(record.main, checkpoint))
    line += "  redo " + lsn_text(checkpoint.redo) + "  next txn " +
            std::to_string(checkpoint.next_txn.value);
  return line;
}

std::string block_line(const LoggedBlock& block) {
  std::string line = "    " + relation_path(block.id.relation, block.id.fork) + " block " +
                     std::to_string(block.id.block.value) + ": ";
  if (block.is_image())
    return line + "full page image, " + std::to_string(block.body.size()) + " bytes";
  return line + describe_changes(block.body);
}

Result<Lsn> redo_place(base::Env& env, const std::string& wal_dir, const ControlFile& control) {
  WalReader reader(env, wal_dir, control.segment_size, control.checkpoint);
  WalRecord record;
  auto found = reader.read_at(control.checkpoint, record);
  if (!found) return found.take_error();
  CheckpointData state;
  if (!*found || !CheckpointData::decode(record.main, state))
    return base::Error(
        base::sqlstate::kDataCorrupted,
        "could not locate a valid checkpoint record at " + lsn_text(control.checkpoint));
  return state.redo;
}

}  // namespace

Result<uint64_t> dump_wal(base::Env& env, const std::string& data_dir,
                          const WalDumpOptions& options,
                          const std::function<void(const std::string& line)>& print) {
  auto control = read_control_file(env, data_dir);
  if (!control) return control.take_error();
  const std::string wal_dir = base::join_path(data_dir, "wal");
  Result<Lsn> from = options.from;
  if (options.from == Lsn{}) from = redo_place(env, wal_dir, *control);
  if (!from) return from.take_error();
  WalReader reader(env, wal_dir, control->segment_size, *from);
  WalRecord record;
  uint64_t count = 0;
  for (; count < options.limit; ++count) {
    auto found = reader.next(record);
    if (!found) return found.take_error();
    if (!*found) break;
    print(head_line(record));
    for (const LoggedBlock& block : record.blocks) print(block_line(block));
  }
  return count;
}

}  // namespace isolde::storage
