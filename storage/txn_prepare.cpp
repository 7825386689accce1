#include "base/clock.hpp"
#include "storage/txn_table.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

Result<Lsn> TxnTable::log_prepared_locked(TxnId txn, const Bytes& state) {
  const size_t bound = Wal::bound(state, {});
  if (Status s = wal_.reserve(bound); !s) return s.take_error();
  return wal_.append(bound, RecordKind::kPrepare, txn, state, {});
}

Status TxnTable::prepare(base::Task& task, TxnId txn, Bytes state) {
  if (Wal::bound(state, {}) > wal_.largest_record())
    return base::Error(base::sqlstate::kProgramLimitExceeded,
                       "prepared transaction holds too much to be kept: " +
                           std::to_string(state.size()) + " bytes");
  Result<Lsn> lsn = Lsn{};
  {
    std::lock_guard lock(order_mutex_);
    lsn = log_prepared_locked(txn, state);
    if (!lsn) return lsn.take_error();
    prepared_[txn] = std::move(state);
    exceptions_.store(true, std::memory_order_release);
  }
  return wal_.wait_flushed(task, *lsn);
}

std::map<TxnId, Bytes> TxnTable::prepared() const {
  std::lock_guard lock(order_mutex_);
  return prepared_;
}

Status TxnTable::abort_prepared(base::Task& task, TxnId txn) {
  std::vector<RelationId> files;
  Result<Lsn> lsn = Lsn{};
  {
    std::lock_guard lock(order_mutex_);
    files = created_by(txn);
    lsn = log_abort_locked(txn, files);
    if (!lsn) return lsn.take_error();
    forget_aborted_locked(txn, files);
    prepared_.erase(txn);
  }
  if (Status s = wal_.wait_flushed(task, *lsn); !s) return s;
  return remove_files(files);
}

}  // namespace isolde::storage
