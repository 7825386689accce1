#pragma once

#include <cstdint>
#include <optional>

#include "storage/store.hpp"

// A sequence: one page that says which value was handed out last. Numbers are never taken back, so
// none of this belongs to a transaction (creating and dropping the file does).
//
// A log record for each number would make nextval as dear as a commit. So a record says 32 numbers
// more than the page does, and the next 32 change the page alone:
//
//      nextval        page in memory        in the log
//      1              last 1, 32 logged     last 33       <- a crash goes on with 34
//      2              last 2, 31 logged
//      ...
//      34             last 34, 32 logged    last 66
//
// Invariants
//  1. A number is handed out only if the log, or the page as the next checkpoint writes it, says
//     that number or a later one. So the first one after a checkpoint began is logged again.
//  2. The record holds the whole page and is replayed whatever the page's LSN: the page may be
//  newer
//     in LSN but older in number.

namespace isolde::storage {

struct SequenceState {
  int64_t last_value = 1;
  bool is_called = false;  ///< false: the next number is last_value itself
  int64_t log_count = 0;   ///< so many more can be had without a log record
};

struct SequenceRules {
  int64_t increment = 1;
  int64_t min_value = 1;
  int64_t max_value = INT64_MAX;
  bool cycle = false;
};

/// What a client may be told only when the log is flushed up to `lsn`. Whoever commits a
/// transaction afterwards, waiting for the disk, has done so.
struct SequenceNumber {
  std::optional<int64_t> value;  ///< nothing: the sequence has reached its end
  Lsn lsn;
};

/// Thread safe.
class Sequence {
 public:
  Sequence(Store& store, RelationId relation) : store_(store), relation_(relation) {}

  /// Makes the page in a file just created.
  base::Status create(int64_t start, bool is_called = false);
  /// nextval
  base::Result<SequenceNumber> advance(const SequenceRules& rules);
  /// setval
  base::Result<Lsn> set(int64_t value, bool is_called);
  base::Result<SequenceState> read();

 private:
  base::Result<ExclusivePage> latch();
  base::Result<Lsn> write(ExclusivePage& page, const SequenceState& state);

  Store& store_;
  const RelationId relation_;
};

std::optional<std::string> verify_sequence_page(PageView page);

}  // namespace isolde::storage
