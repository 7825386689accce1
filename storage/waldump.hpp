#pragma once

#include <functional>
#include <string>

#include "base/env.hpp"
#include "storage/ids.hpp"

namespace isolde::storage {

struct WalDumpOptions {
  Lsn from;  ///< 0: the redo place of the latest checkpoint
  uint64_t limit = UINT64_MAX;
};

/// What `isolde --waldump` does: prints the log's records, one or more lines each. Returns their
/// number. For people who want to see what a statement leaves in the log.
base::Result<uint64_t> dump_wal(base::Env& env, const std::string& data_dir,
                                const WalDumpOptions& options,
                                const std::function<void(const std::string& line)>& print);

}  // namespace isolde::storage
