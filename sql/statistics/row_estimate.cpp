#include "sql/statistics/row_estimate.hpp"

#include <cmath>

namespace isolde::sql {

double estimated_rows(const RelationStatistics& before, int64_t pages, int64_t looked_at,
                      double rows) {
  if (looked_at >= pages) return rows;
  const auto all = static_cast<double>(pages), seen = static_cast<double>(looked_at);
  // So few pages say nothing new of a table that has not grown; to believe them each time would
  // let the estimate drift.
  const bool same_size = before.pages == pages && seen < all * 0.02;
  if (before.rows >= 0 && (same_size || looked_at <= 1)) return before.rows;
  if (before.rows < 0 || before.pages == 0) {
    return looked_at == 0 ? before.rows : std::floor(rows / seen * all + 0.5);
  }
  const double density = before.rows / static_cast<double>(before.pages);
  return std::floor(density * (all - seen) + rows + 0.5);
}

}  // namespace isolde::sql
