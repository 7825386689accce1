#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

// The templates of to_char, to_date and to_timestamp for dates and times, cut into nodes:
//
//   'FMDay, DDth'  ->  field Day (fill mode), separator ",", space " ", field DD (ordinal th)

enum class DateField : uint8_t {
  kEra,
  kMeridiem,
  kCentury,
  kDayName,
  kDayShort,
  kDayOfYear,
  kIsoDayOfYear,
  kDayOfMonth,
  kDayOfWeek,
  kIsoDayOfWeek,
  kFraction,  ///< FF1 to FF6
  kMillis,
  kMicros,
  kFixed,  ///< FX
  kHour24,
  kHour12,
  kMinute,
  kSecond,
  kSecondOfDay,
  kWeek,
  kIsoWeek,
  kWeekOfMonth,
  kYear,
  kYearComma,
  kIsoYear,
  kJulianDay,
  kMonth,
  kMonthName,
  kMonthShort,
  kMonthRoman,
  kQuarter,
  kZoneName,
  kZoneHour,
  kZoneMinute,
  kOffset,
};

enum class LetterCase : uint8_t { kUpper, kTitle, kLower };
/// Gregorian and ISO week dates do not mix in one input template.
enum class DateConvention : uint8_t { kNone, kGregorian, kIsoWeek };

struct DatePattern {
  std::string_view upper;  ///< as written in upper case; in title case for that
  DateField field;
  bool digits = false;  ///< stands for a number: a number before it must know its own length
  DateConvention convention = DateConvention::kNone;
  int size = 0;  ///< of kYear, kIsoYear and kFraction: digits; of kEra and kMeridiem: 1 with dots
  LetterCase letters = LetterCase::kUpper;
};

enum class Ordinal : uint8_t { kNone, kLower, kUpper };

struct DateNode {
  enum class Kind : uint8_t { kField, kSpace, kSeparator, kText };
  Kind kind = Kind::kText;
  std::string text;  ///< the character, or the pattern as it was written
  const DatePattern* pattern = nullptr;
  LetterCase letters = LetterCase::kUpper;
  bool fill_mode = false;   ///< FM: no padding
  bool translated = false;  ///< TM; the locale is C, so that only the padding goes
  Ordinal ordinal = Ordinal::kNone;
};

using DatePicture = std::vector<DateNode>;

/// Read once for a run of calls; valid until the next call on this thread.
const DatePicture& date_picture(std::string_view text);

/// What PostgreSQL takes for a separator in templates and inputs: ASCII that is printed and neither
/// a letter nor a digit nor a blank.
bool is_picture_separator(char c);

inline constexpr std::string_view kMonthNames[] = {"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
inline constexpr std::string_view kDayNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                 "Thursday", "Friday", "Saturday"};
/// From December on down, as they are looked for: VIII before VII before VI.
inline constexpr std::string_view kRomanMonths[] = {"XII", "XI", "X",  "IX",  "VIII", "VII",
                                                    "VI",  "V",  "IV", "III", "II",   "I"};

// The Julian day of a date, also of one with a month of 0 or a day beyond its month, and what ISO
// 8601 makes of it: weeks begin on Monday, the first holds January 4. Years count astronomically.
int64_t julian_day(int64_t year, int64_t month, int64_t day);
int64_t iso_week_start(int64_t iso_year, int64_t week);  ///< the Julian day of its Monday
struct IsoDate {
  int64_t year;
  int64_t week;
  int64_t day_of_year;
};
IsoDate iso_date(int64_t year, int64_t month, int64_t day);

}  // namespace isolde::sql
