#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <string>

namespace isolde::base {

namespace {

struct LogState {
  std::atomic<int> threshold;
  std::atomic<LogFormat> format{LogFormat::kPlain};
  std::shared_ptr<spdlog::logger> logger;
};

/// Where a severity stands in the order of log_min_messages.
int log_weight(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return 0;
    case Severity::kInfo:
      return 1;
    case Severity::kNotice:
      return 2;
    case Severity::kWarning:
      return 3;
    case Severity::kError:
      return 4;
    case Severity::kLog:
      return 5;
    case Severity::kFatal:
      return 6;
    case Severity::kPanic:
      return 7;
  }
  return 7;
}

LogState& state() {
  static auto* const log_state = [] {
    auto* made = new LogState{};  // never destroyed: threads may log until the very end
    made->threshold = log_weight(Severity::kWarning);
    made->logger = std::make_shared<spdlog::logger>(
        "isolde", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %v");
    return made;
  }();
  return *log_state;
}

std::string json_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

}  // namespace

void configure_log(const LogOptions& options) {
  LogState& log_state = state();
  log_state.threshold = log_weight(options.threshold);
  log_state.format = options.format;
  bool json = options.format == LogFormat::kJson;
  if (!options.file.empty()) {
    log_state.logger = std::make_shared<spdlog::logger>(
        "isolde", std::make_shared<spdlog::sinks::basic_file_sink_mt>(std::string(options.file)));
  }
  log_state.logger->set_pattern(json ? "{\"timestamp\":\"%Y-%m-%dT%H:%M:%S.%f\",%v}"
                                     : "%Y-%m-%d %H:%M:%S.%e %v");
  log_state.logger->flush_on(spdlog::level::info);
}

bool log_wanted(Severity severity) {
  return log_weight(severity) >= state().threshold.load();
}

void log_line(Severity severity, SessionId session, std::string_view message) {
  LogState& log_state = state();
  if (log_state.format == LogFormat::kJson) {
    log_state.logger->info("\"error_severity\":\"{}\",\"pid\":{},\"message\":\"{}\"",
                           severity_name(severity), session.value, json_escaped(message));
  } else if (session.value != 0) {
    log_state.logger->info("[{}] {}:  {}", session.value, severity_name(severity), message);
  } else {
    log_state.logger->info("{}:  {}", severity_name(severity), message);
  }
}

void flush_log() {
  state().logger->flush();
}

}  // namespace isolde::base
