#include "sql/functions/datetime_picture.hpp"

#include <algorithm>

#include "sql/functions/picture_cache.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

using F = DateField;
constexpr auto kGregorian = DateConvention::kGregorian;
constexpr auto kIso = DateConvention::kIsoWeek;
constexpr auto kNo = DateConvention::kNone;

/// The first that matches counts, so that longer ones come first. Each is known in lower case too.
constexpr DatePattern kPatterns[] = {
    {"A.D.", F::kEra, false, kNo, 1},
    {"A.M.", F::kMeridiem, false, kNo, 1},
    {"AD", F::kEra},
    {"AM", F::kMeridiem},
    {"B.C.", F::kEra, false, kNo, 1},
    {"BC", F::kEra},
    {"CC", F::kCentury, true},
    {"DAY", F::kDayName},
    {"DDD", F::kDayOfYear, true, kGregorian},
    {"DD", F::kDayOfMonth, true, kGregorian},
    {"DY", F::kDayShort},
    {"Day", F::kDayName, false, kNo, 0, LetterCase::kTitle},
    {"Dy", F::kDayShort, false, kNo, 0, LetterCase::kTitle},
    {"D", F::kDayOfWeek, true, kGregorian},
    {"FF1", F::kFraction, false, kNo, 1},
    {"FF2", F::kFraction, false, kNo, 2},
    {"FF3", F::kFraction, false, kNo, 3},
    {"FF4", F::kFraction, false, kNo, 4},
    {"FF5", F::kFraction, false, kNo, 5},
    {"FF6", F::kFraction, false, kNo, 6},
    {"FX", F::kFixed},
    {"HH24", F::kHour24, true},
    {"HH12", F::kHour12, true},
    {"HH", F::kHour12, true},
    {"IDDD", F::kIsoDayOfYear, true, kIso},
    {"ID", F::kIsoDayOfWeek, true, kIso},
    {"IW", F::kIsoWeek, true, kIso},
    {"IYYY", F::kIsoYear, true, kIso, 4},
    {"IYY", F::kIsoYear, true, kIso, 3},
    {"IY", F::kIsoYear, true, kIso, 2},
    {"I", F::kIsoYear, true, kIso, 1},
    {"J", F::kJulianDay, true},
    {"MI", F::kMinute, true},
    {"MM", F::kMonth, true, kGregorian},
    {"MONTH", F::kMonthName, false, kGregorian},
    {"MON", F::kMonthShort, false, kGregorian},
    {"MS", F::kMillis, true},
    {"Month", F::kMonthName, false, kGregorian, 0, LetterCase::kTitle},
    {"Mon", F::kMonthShort, false, kGregorian, 0, LetterCase::kTitle},
    {"OF", F::kOffset},
    {"P.M.", F::kMeridiem, false, kNo, 1},
    {"PM", F::kMeridiem},
    {"Q", F::kQuarter, true},
    {"RM", F::kMonthRoman, false, kGregorian},
    {"SSSSS", F::kSecondOfDay, true},
    {"SSSS", F::kSecondOfDay, true},
    {"SS", F::kSecond, true},
    {"TZH", F::kZoneHour},
    {"TZM", F::kZoneMinute, true},
    {"TZ", F::kZoneName},
    {"US", F::kMicros, true},
    {"WW", F::kWeek, true, kGregorian},
    {"W", F::kWeekOfMonth, true, kGregorian},
    {"Y,YYY", F::kYearComma, true, kGregorian},
    {"YYYY", F::kYear, true, kGregorian, 4},
    {"YYY", F::kYear, true, kGregorian, 3},
    {"YY", F::kYear, true, kGregorian, 2},
    {"Y", F::kYear, true, kGregorian, 1},
};

bool starts_in_lower_case(std::string_view text, std::string_view upper) {
  if (text.size() < upper.size()) return false;
  for (size_t i = 0; i < upper.size(); ++i) {
    if (text[i] != to_lower(upper[i])) return false;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  DatePicture run() {
    while (!rest_.empty()) {
      bool fill = take("FM") || take("fm");
      bool translated = !fill && (take("TM") || take("tm"));
      if (field(fill, translated) || rest_.empty()) continue;
      if (rest_[0] == '"') {
        quoted();
        continue;
      }
      if (rest_[0] == '\\' && rest_.size() > 1 && rest_[1] == '"') rest_.remove_prefix(1);
      char c = rest_[0];
      character(is_picture_separator(c) ? DateNode::Kind::kSeparator
                : is_blank(c)           ? DateNode::Kind::kSpace
                                        : DateNode::Kind::kText);
    }
    return std::move(nodes_);
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool field(bool fill, bool translated) {
    for (const DatePattern& pattern : kPatterns) {
      bool upper = rest_.starts_with(pattern.upper);
      bool title = pattern.letters == LetterCase::kTitle;
      if (!upper && (title || !starts_in_lower_case(rest_, pattern.upper))) continue;
      DateNode node{DateNode::Kind::kField, std::string(rest_.substr(0, pattern.upper.size())),
                    &pattern};
      node.letters = upper ? pattern.letters : LetterCase::kLower;
      node.fill_mode = fill;
      node.translated = translated;
      rest_.remove_prefix(pattern.upper.size());
      if (take("TH")) {
        node.ordinal = Ordinal::kUpper;
      } else if (take("th")) {
        node.ordinal = Ordinal::kLower;
      } else {
        take("SP");  // spelled numbers: known, without effect
      }
      nodes_.push_back(std::move(node));
      return true;
    }
    return false;
  }

  void quoted() {
    rest_.remove_prefix(1);
    while (!rest_.empty() && !take("\"")) {
      if (rest_[0] == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      character(DateNode::Kind::kText);
    }
  }

  void character(DateNode::Kind kind) {
    size_t width = std::min(utf8_width(rest_[0]), rest_.size());
    nodes_.push_back({kind, std::string(rest_.substr(0, width))});
    rest_.remove_prefix(width);
  }

  std::string_view rest_;
  DatePicture nodes_;
};

}  // namespace

const DatePicture& date_picture(std::string_view text) {
  thread_local PictureCache<DatePicture> cache;
  return cache.get(text, [](std::string_view t) { return Reader(t).run(); });
}

bool is_picture_separator(char c) {
  return c > 0x20 && c < 0x7f && !is_letter(c) && !is_digit(c);
}

int64_t julian_day(int64_t year, int64_t month, int64_t day) {
  // Counted from March on, so that the leap day ends the year.
  bool late = month > 2;
  int64_t y = year + (late ? 4800 : 4799);
  int64_t m = month + (late ? 1 : 13);
  int64_t century = y / 100;
  return y * 365 - 32167 + y / 4 - century + century / 4 + 7834 * m / 256 + day;
}

int64_t iso_week_start(int64_t iso_year, int64_t week) {
  int64_t fourth = julian_day(iso_year, 1, 4);
  return fourth - floor_mod(fourth, 7) + (week - 1) * 7;  // Julian day 0 was a Monday
}

IsoDate iso_date(int64_t year, int64_t month, int64_t day) {
  int64_t today = julian_day(year, month, day);
  int64_t iso_year = year;
  if (today < iso_week_start(year, 1)) {
    --iso_year;
  } else if (today >= iso_week_start(year + 1, 1)) {
    ++iso_year;
  }
  int64_t start = iso_week_start(iso_year, 1);
  return {iso_year, (today - start) / 7 + 1, today - start + 1};
}

}  // namespace isolde::sql
