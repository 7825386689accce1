#include "sql/settings/time_zone_names.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

namespace fs = std::filesystem;

/// From the name in lower case to the name as the database spells it.
using ZoneNames = std::map<std::string, std::string, std::less<>>;

ZoneNames read_zone_names() {
  const char* dir = std::getenv("TZDIR");
  fs::path root = dir != nullptr && *dir != '\0' ? dir : "/usr/share/zoneinfo";
  ZoneNames names{{"utc", "UTC"}, {"gmt", "GMT"}, {"etc/utc", "Etc/UTC"}};
  std::error_code ignored;
  fs::recursive_directory_iterator entry(root, ignored), end;
  for (; !ignored && entry != end; entry.increment(ignored)) {
    std::string name = entry->path().lexically_relative(root).generic_string();
    if (name == "posix" || name == "right") entry.disable_recursion_pending();
    // The type comes with the directory entry: no stat of six hundred files.
    bool is_file = !fs::is_directory(entry->symlink_status(ignored));
    bool is_zone = is_file && name.find('.') == std::string::npos && name != "leapseconds" &&
                   name != "posixrules" && name != "localtime";
    if (is_zone) names.emplace(lowered(name), name);
  }
  return names;
}

bool is_letter(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads std offset [dst [offset] [,start[/time],end[/time]]] from the left.
class PosixReader {
 public:
  explicit PosixReader(std::string_view text) : rest_(text) {}

  bool read() {
    if (!name(true) || !offset(kMaxHours)) return false;
    if (rest_.empty()) return true;
    if (!name(false)) return false;
    if (!rest_.empty() && rest_.front() != ',' && !offset(kMaxHours)) return false;
    return rest_.empty() || (take(',') && rule() && take(',') && rule() && rest_.empty());
  }

 private:
  static constexpr int kMaxHours = 167;

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// <anything> or letters; the first name may be missing: "+05:30".
  bool name(bool may_be_empty) {
    if (take('<')) {
      size_t end = rest_.find('>');
      if (end == std::string_view::npos || end == 0) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    size_t length = 0;
    while (length < rest_.size() && is_letter(rest_[length])) ++length;
    rest_.remove_prefix(length);
    return length > 0 || may_be_empty;
  }

  bool number(int min, int max) {
    int value = 0;
    size_t digits = 0;
    while (digits < rest_.size() && digits < 4 && is_digit(rest_[digits]))
      value = value * 10 + (rest_[digits++] - '0');
    rest_.remove_prefix(digits);
    return digits > 0 && value >= min && value <= max;
  }

  /// [+-]hh[:mm[:ss]]
  bool offset(int max_hours) {
    if (!take('+')) take('-');
    return number(0, max_hours) && (!take(':') || (number(0, 59) && (!take(':') || number(0, 60))));
  }

  /// Mm.w.d, Jn or n, with an optional /time.
  bool rule() {
    bool day = false;
    if (take('M'))
      day = number(1, 12) && take('.') && number(1, 5) && take('.') && number(0, 6);
    else if (take('J'))
      day = number(1, 365);
    else
      day = number(0, 365);
    return day && (!take('/') || offset(kMaxHours));
  }

  std::string_view rest_;
};

}  // namespace

namespace {

const ZoneNames& zone_names() {
  static const ZoneNames kNames = read_zone_names();
  return kNames;
}

}  // namespace

std::vector<std::string> all_zone_names() {
  std::vector<std::string> all;
  for (const auto& [key, name] : zone_names()) all.push_back(name);
  return all;
}

std::string canonical_zone_name(std::string_view name) {
  const ZoneNames& names = zone_names();
  constexpr std::string_view kPosix = "posix/";
  std::string key = lowered(name);
  bool posix = key.starts_with(kPosix);
  auto found = names.find(posix ? std::string_view(key).substr(kPosix.size()) : key);
  if (found == names.end()) return {};
  return posix ? std::string(kPosix).append(found->second) : found->second;
}

bool is_posix_zone(std::string_view text) {
  return PosixReader(text).read();
}

std::string offset_zone_name(long seconds_east) {
  long size = std::labs(seconds_east);
  std::string digits = fmt::format("{:02}", size / 3600);
  if (size % 3600 != 0) digits += fmt::format(":{:02}", size / 60 % 60);
  if (size % 60 != 0) digits += fmt::format(":{:02}", size % 60);
  bool west = seconds_east < 0;
  return fmt::format("<{}{}>{}{}", west ? '-' : '+', digits, west ? '+' : '-', digits);
}

}  // namespace isolde::sql
