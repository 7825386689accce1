#pragma once

#include "sql/exec/row_source.hpp"

namespace isolde::sql {

/// Rows that come from without. Whoever writes them may do so many at a time.
class InputRows : public RowSource {
 public:
  /// It is the row so many rows before the last one that is at fault.
  virtual void go_back(size_t rows) = 0;
};

}  // namespace isolde::sql
