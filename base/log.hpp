#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace isolde::base {

/// The server's log: one line a message on stderr (or a file), plain or JSON. Thread safe.
///
///   log(Severity::kLog, "checkpoint complete: wrote {} buffers", n);
enum class LogFormat : uint8_t { kPlain, kJson };

struct LogOptions {
  Severity threshold = Severity::kWarning;  ///< log_min_messages
  LogFormat format = LogFormat::kPlain;
  std::string_view file;  ///< empty: stderr
};

void configure_log(const LogOptions& options);

/// In logs LOG weighs more than ERROR, as in PostgreSQL: LOG lines are wanted by default.
bool log_wanted(Severity severity);

/// Writes one line. `session` is 0 outside sessions.
void log_line(Severity severity, SessionId session, std::string_view message);

template <typename... Args>
void log(Severity severity, fmt::format_string<Args...> format, Args&&... args) {
  if (!log_wanted(severity)) return;
  log_line(severity, SessionId{}, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void log_session(SessionId session, Severity severity, fmt::format_string<Args...> format,
                 Args&&... args) {
  if (!log_wanted(severity)) return;
  log_line(severity, session, fmt::format(format, std::forward<Args>(args)...));
}

/// Flushes what is buffered; called before the process ends.
void flush_log();

}  // namespace isolde::base
