#pragma once

#include <vector>

#include "sql/exec/operators.hpp"
#include "sql/types/arena.hpp"

namespace isolde::sql {

/// The rows of an item of WITH: made as far as the furthest of their readers has come.
class SharedRows {
 public:
  SharedRows(const Plan& plan, ExecContext& exec) : plan_(plan), exec_(exec), arena_(exec.budget) {}

  /// The row of a number, or nullptr when there are not so many.
  const Datum* row(size_t number);
  void read_to_the_end();
  void forget();

 private:
  bool read_one();

  const Plan& plan_;
  ExecContext& exec_;
  Arena arena_;
  RowSourcePtr source_;  ///< made when the first row is asked for
  std::vector<const Datum*> rows_;
  bool open_ = false;
  bool ended_ = false;
};

}  // namespace isolde::sql
