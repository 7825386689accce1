#pragma once

#include <memory>

#include "sql/types/datum.hpp"

namespace isolde::sql {

struct ExecContext;
struct Plan;

/// One operator of a running plan; rows are pulled.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Starts, or starts anew.
  virtual void open() = 0;
  /// The next row, valid until the next call; nullptr at the end, and from then on.
  virtual const Datum* next() = 0;
};

/// The operator of a plan with all below it, not yet open.
std::unique_ptr<RowSource> make_row_source(const Plan& plan, ExecContext& exec);

}  // namespace isolde::sql
