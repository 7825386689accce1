#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

/// The pieces of a date or time in text, by their looks alone.
///
///   'Jan 8, 1999 04:05 -8'   kWord jan, kNumber 8, kNumber 1999, kTime 04:05, kZone -8
struct DateTimeToken {
  enum class Kind : uint8_t {
    kNumber,   ///< "1999", "19990108", "20.5"
    kWord,     ///< "jan", in lower case
    kDate,     ///< digits, letters and separators: "1999-01-08", "8-jan-99", "america/new_york"
    kTime,     ///< "04:05:06.789"
    kZone,     ///< "+02", "-3.5", "+02:00": after a sign
    kSpecial,  ///< "-infinity"
  };
  Kind kind;
  std::string text;
};

/// False when the text has what cannot be in a date.
bool split_datetime(std::string_view text, std::vector<DateTimeToken>& tokens);

struct DateTimeWord {
  enum class Kind : uint8_t {
    kIgnore,
    kMonth,
    kWeekday,
    kMeridiem,  ///< 0 am, 1 pm
    kEra,       ///< 0 ad, 1 bc
    kSpecial,   ///< now, today, ...: a Special
    kJulian,
    kIsoTime,
    kDst,
    kUnit,  ///< the unit of an interval: a Unit
    kAgo,
  };
  enum Special {
    kNow,
    kToday,
    kTomorrow,
    kYesterday,
    kEpoch,
    kInfinity,
    kMinusInfinity,
    kAllballs
  };
  enum Unit {
    kMicrosecond,
    kMillisecond,
    kSecond,
    kMinute,
    kHour,
    kDay,
    kWeek,
    kMonthUnit,
    kQuarter,
    kYear,
    kDecade,
    kCentury,
    kMillennium,
    kTimezoneUnit,
    kTimezoneHour,
    kTimezoneMinute,
    kDow,
    kIsoDow,
    kDoy,
    kIsoYear,
    kEpochUnit,
    kJulianUnit,
  };
  Kind kind;
  int value;
};
/// A word of dates; null for an unknown one.
const DateTimeWord* find_datetime_word(std::string_view word);
/// A word of intervals, and of extract() and date_trunc().
const DateTimeWord* find_unit_word(std::string_view word);

}  // namespace isolde::sql
