#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace isolde::server {

/// A byte stream to a client, used by the session's own fiber only. Calls suspend the fiber, never
/// the thread.
class Transport {
 public:
  /// What a read is for decides what may interrupt it: between commands a cancel has come too late
  /// and is forgotten, while COPY waits for data it counts.
  enum class ReadFor { kCommand, kData };

  virtual ~Transport() = default;

  /// At least one byte, or 0 when the client is gone. Fails only when the task is interrupted.
  virtual base::Result<size_t> read_some(std::span<char> into, ReadFor purpose) = 0;
  /// Writes from the front of `bytes` and removes what is written; all of it unless it fails: the
  /// client is gone, or the task was interrupted while the client did not read.
  virtual base::Status write(std::string_view& bytes) = 0;
  /// Writes what the socket takes at once: for last words to a client that may not listen.
  virtual void write_without_waiting(std::string_view bytes) = 0;
  /// Orderly end in both directions.
  virtual void close() = 0;
};

}  // namespace isolde::server
