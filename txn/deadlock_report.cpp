#include "txn/deadlock_report.hpp"

#include <fmt/format.h>

namespace isolde::txn {

namespace {

constexpr const char* kMessage = "deadlock detected";
constexpr const char* kHint = "See server log for query details.";

std::string steps(const DeadlockReport& report) {
  std::string text;
  for (const DeadlockStep& step : report.steps) {
    if (!text.empty()) text += '\n';
    text += fmt::format("Process {} waits for {} on {}; blocked by process {}.", step.session.value,
                        lock_mode_name(step.mode), describe(step.tag), step.blocked_by.value);
  }
  return text;
}

}  // namespace

base::Error deadlock_error(const DeadlockReport& report) {
  return base::Error(base::sqlstate::kTRDeadlockDetected, kMessage)
      .detail(steps(report))
      .hint(kHint);
}

std::string deadlock_log_text(const DeadlockReport& report) {
  std::string text = fmt::format("{}\nDETAIL:  {}", kMessage, steps(report));
  for (const DeadlockStep& step : report.steps)
    text += fmt::format("\nProcess {}: {}", step.session.value, step.statement);
  return text;
}

}  // namespace isolde::txn
