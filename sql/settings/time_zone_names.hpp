#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

/// The spelling of the tz database ("europe/berlin" -> "Europe/Berlin"), or "" for no such zone.
/// Thread safe. The list is read from the system once, at the first call.
std::string canonical_zone_name(std::string_view name);
/// All of that list, in order.
std::vector<std::string> all_zone_names();

/// A zone spelled out by POSIX's rules: "EST5EDT", "UTC+3", "<+05:30>-05:30".
bool is_posix_zone(std::string_view text);

/// The POSIX spelling of a fixed offset, in seconds east of Greenwich: 18000 is "<+05>-05".
std::string offset_zone_name(long seconds_east);

}  // namespace isolde::sql
