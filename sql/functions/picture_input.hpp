#pragma once

#include <cstdint>
#include <string_view>

#include "sql/functions/datetime_picture.hpp"

namespace isolde::sql {

/// The fields that a text held by a template; 0 is one that it did not hold.
struct PictureInput {
  DateConvention convention = DateConvention::kNone;
  int32_t hour = 0;
  int32_t afternoon = 0;
  bool twelve_hours = false;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t second_of_day = 0;
  int32_t millis = 0;
  int32_t micros = 0;
  int32_t fraction_digits = 0;
  int32_t weekday = 0;  ///< Sunday is 1
  int32_t day = 0;
  int32_t day_of_year = 0;
  int32_t month = 0;
  int32_t year = 0;
  int32_t year_digits = 0;
  int32_t before_era = 0;
  int32_t century = 0;
  int32_t week = 0;
  int32_t week_of_month = 0;
  int32_t julian = 0;
  int32_t zone_sign = 0;
  int32_t zone_hour = 0;
  int32_t zone_minute = 0;
};

/// Throws 22007 or 22008.
PictureInput read_by_picture(std::string_view text, const DatePicture& picture);

}  // namespace isolde::sql
