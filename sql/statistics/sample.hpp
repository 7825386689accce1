#pragma once

#include <vector>

#include "base/task.hpp"
#include "storage/bytes.hpp"
#include "txn/concurrency_control.hpp"

namespace isolde::sql {

/// Rows of a table picked by chance, every row with the same chance, in the order of the table.
struct Sample {
  std::vector<storage::Bytes> rows;
  double all_rows = 0;  ///< estimates of what the table has
  double dead = 0;
  double live_seen = 0;  ///< on the pages read
  double dead_seen = 0;
  int64_t pages_read = 0;
  int64_t pages = 0;
  int64_t all_visible_pages = 0;
};

/// At most `wanted` rows. First so many pages are picked (all, of a smaller table), and only these
/// are read; then rows of theirs. Rows that count are those committed, and the transaction's own.
Sample sample_table(base::Task& task, txn::Table& table, const txn::EngineTransaction& transaction,
                    size_t wanted);

}  // namespace isolde::sql
