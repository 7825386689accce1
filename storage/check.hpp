#pragma once

#include <functional>
#include <string>

#include "base/env.hpp"
#include "storage/store.hpp"

namespace isolde::storage {

/// What `isolde --check` does: reads every page of a data directory that no server has open, and
/// the log, and reports what is wrong, one line each: "base/1/16384, block 7: invalid checksum".
/// Changes nothing.
struct CheckReport {
  uint64_t relations = 0;
  uint64_t pages = 0;
  uint64_t log_records = 0;
  uint64_t problems = 0;
};
using CheckPrinter = std::function<void(const std::string& line)>;

base::Result<CheckReport> check_data_directory(base::Env& env, const std::string& data_dir,
                                               const CheckPrinter& print);

/// The deeper checks that need an open store: every page of a table and of its visibility map, or
/// an index's whole structure. Empty when all is well.
base::Result<std::optional<std::string>> verify_heap(Store& store, RelationId relation);

}  // namespace isolde::storage
