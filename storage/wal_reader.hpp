#pragma once

#include <map>
#include <memory>

#include "base/env.hpp"
#include "storage/wal_record.hpp"

namespace isolde::storage {

/// Reads a log from a record on until its end: the first place where no valid record follows.
/// A tail that was torn by a crash is an end like any other.
class WalReader {
 public:
  /// `previous` is the record before `start` when that is known, else Lsn{0}.
  WalReader(base::Env& env, std::string dir, uint64_t segment_size, Lsn start);

  /// True: `into` is the next record, valid until the next call. False: this is the end.
  base::Result<bool> next(WalRecord& into);
  /// The record at this place alone.
  base::Result<bool> read_at(Lsn at, WalRecord& into);

  /// Fails, with its name, when the segment of this place does not exist.
  base::Status require_segment(Lsn at);

  /// Where the next record would be.
  Lsn position() const { return Lsn{at_}; }
  Lsn last_record() const { return Lsn{previous_}; }
  uint16_t incarnation() const { return incarnation_; }

 private:
  base::Result<bool> fetch(uint64_t at, size_t n);
  base::Result<base::File*> segment(uint64_t number);
  base::Status missing_segment(uint64_t number);

  base::Env& env_;
  std::string dir_;
  uint64_t segment_size_;
  uint64_t at_;
  uint64_t previous_ = 0;
  uint16_t incarnation_ = 0;
  Bytes window_;  // bytes of the log from window_at_ on
  uint64_t window_at_ = 0;
  Bytes record_;
  uint64_t open_number_ = UINT64_MAX;
  std::unique_ptr<base::File> open_;
};

}  // namespace isolde::storage
