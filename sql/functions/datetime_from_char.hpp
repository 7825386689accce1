#pragma once

#include <cstdint>
#include <string_view>

#include "sql/types/time_zone.hpp"

namespace isolde::sql {

// to_timestamp and to_date: text read by a template. Throw 22007, 22008 or 22009.

/// In UTC; a time without a zone of its own is one of `zone`.
int64_t timestamptz_by_picture(std::string_view text, std::string_view picture,
                               const TimeZone& zone);
int64_t date_by_picture(std::string_view text, std::string_view picture);

}  // namespace isolde::sql
