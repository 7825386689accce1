#pragma once

#include <string>

#include "base/env.hpp"
#include "storage/ids.hpp"

namespace isolde::storage {

inline constexpr uint32_t kFormatVersion = 1;

/// The file "control" of a data directory: where recovery starts. A few lines of text, replaced
/// whole with every checkpoint.
struct ControlFile {
  uint32_t version = kFormatVersion;
  uint64_t system_id = 0;
  uint64_t segment_size = 0;
  uint16_t incarnation = 0;
  Lsn checkpoint;      ///< the place of the latest checkpoint's record
  bool clean = false;  ///< the server stopped by itself

  std::string to_text() const;
};

/// Is this an existing directory of ours, or one that may become one? Without a control file it may
/// hold nothing but configuration, certificates, hidden files, and what a creation that did not
/// finish has left.
base::Status check_layout(base::Env& env, const std::string& data_dir);

/// Fails in one clear line when the directory is of another version or kind.
base::Result<ControlFile> read_control_file(base::Env& env, const std::string& data_dir);
base::Status write_control_file(base::Env& env, const std::string& data_dir,
                                const ControlFile& control);

}  // namespace isolde::storage
