#include "txn/concurrency_control.hpp"

namespace isolde::txn {

base::Result<WriteResult> EngineTransaction::insert_many(Table& table, std::span<const NewRow> rows,
                                                         size_t& done) {
  for (done = 0; done < rows.size(); ++done) {
    auto result = insert(table, rows[done]);
    if (!result || result->outcome != Outcome::kDone) return result;
  }
  return WriteResult{};
}

}  // namespace isolde::txn
