#include <cmath>
#include <cstdlib>
#include <optional>

#include "sql/settings/setting_checks.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"
#include "sql/settings/time_zone_names.hpp"

// TimeZone takes four kinds of text: a name of the tz database, a number of hours east of
// Greenwich, interval '+05:30', and a zone spelled out by POSIX's rules (whose sign goes west).

namespace isolde::sql {

namespace {

constexpr double kMaxHours = 167;

/// The text between the quotes of: interval '...'
std::optional<std::string_view> interval_body(std::string_view text) {
  constexpr std::string_view kWord = "interval";
  if (text.size() < kWord.size() || !equal_ignoring_case(text.substr(0, kWord.size()), kWord))
    return std::nullopt;
  text.remove_prefix(kWord.size());
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::nullopt;
  return text.substr(1, text.size() - 2);
}

/// [+-]hh:mm[:ss] in seconds; a bare number is seconds.
std::optional<long> interval_seconds(std::string_view body) {
  bool negative = body.starts_with('-');
  if (negative || body.starts_with('+')) body.remove_prefix(1);
  long parts[3] = {0, 0, 0};
  int count = 0, digits = 0;
  for (char c : body) {
    if (c == ':' && digits > 0 && count < 2) {
      ++count;
      digits = 0;
    } else if (c >= '0' && c <= '9' && digits < 6) {
      parts[count] = parts[count] * 10 + (c - '0');
      ++digits;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  long seconds = count == 0 ? parts[0] : parts[0] * 3600 + parts[1] * 60 + parts[2];
  return negative ? -seconds : seconds;
}

/// The whole text as a number of hours.
std::optional<double> hours(const std::string& text) {
  char* end = nullptr;
  double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || std::isnan(value)) return std::nullopt;
  return value;
}

base::Status take_offset(const SettingDefinition& d, double seconds, std::string& text) {
  if (!(std::fabs(seconds) < (kMaxHours + 1) * 3600))
    return invalid_value(d, text).detail("UTC timezone offset is out of range.");
  text = offset_zone_name(static_cast<long>(seconds));
  return {};
}

}  // namespace

base::Status check::time_zone(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  auto& text = std::get<std::string>(value);
  if (auto body = interval_body(text)) {
    auto seconds = interval_seconds(*body);
    if (!seconds) return invalid_value(d, text);
    return take_offset(d, static_cast<double>(*seconds), text);
  }
  if (auto east = hours(text)) return take_offset(d, *east * 3600, text);
  std::string name = canonical_zone_name(text);
  if (name.empty() && !is_posix_zone(text)) return invalid_value(d, text);
  text = name.empty() ? raised(text) : name;
  return {};
}

}  // namespace isolde::sql
