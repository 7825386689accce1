#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "sql/types/char_class.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/datetime_tokens.hpp"
#include "sql/types/errors.hpp"

// Dates and times out of text in every form that PostgreSQL takes. The text is split into tokens by
// looks; each token then adds fields. What a bare number means follows from the fields that are
// there already and, for the first ones, from DateStyle's order:
//
//   fields so far     the number is
//   none              a year if it has 3 digits or more or the order is YMD, else by the order
//   year              a month
//   month             a day, or the year after a month in words
//   year, month       a day
//   month, day        a year
//
// Six digits or more are a date and then a time run together: 19990108, 040506.

namespace isolde::sql {

namespace {

enum Have : uint8_t { kYear = 1, kMonth = 2, kDay = 4, kDate = 7, kTime = 8, kZone = 16 };

/// What one text said.
struct Parsed {
  Civil civil;
  int have = 0;
  int32_t zone_east = 0;
  const TimeZone* named_zone = nullptr;
  std::optional<DateTimeWord::Special> special;  ///< only epoch, now and the infinities
};

class Parser {
 public:
  Parser(std::string_view text, const char* type, const OutputStyle& style, bool time_only)
      : text_(text), type_(type), style_(style), time_only_(time_only) {}

  Parsed parse() {
    std::vector<DateTimeToken> tokens;
    if (!split_datetime(text_, tokens) || tokens.empty()) fail_format();
    for (size_t i = 0; i < tokens.size(); ++i) {
      last_ = i + 1 == tokens.size();
      add_token(tokens[i]);
    }
    if (julian_next_ || time_next_) fail_format();
    if (out_.special) return out_;
    finish_date();
    finish_time();
    return out_;
  }

 private:
  [[noreturn]] void fail_format() {
    fail(base::sqlstate::kInvalidDatetimeFormat,
         fmt::format("invalid input syntax for type {}: \"{}\"", type_, text_));
  }
  [[noreturn]] void fail_field() {
    fail(base::sqlstate::kDatetimeFieldOverflow,
         fmt::format("date/time field value out of range: \"{}\"", text_));
  }
  [[noreturn]] void fail_month_or_day() {
    throw base::SqlException(
        base::Error(base::sqlstate::kDatetimeFieldOverflow,
                    fmt::format("date/time field value out of range: \"{}\"", text_))
            .hint("Perhaps you need a different \"datestyle\" setting."));
  }
  [[noreturn]] void fail_zone() {
    fail(base::sqlstate::kInvalidTimeZoneDisplacementValue,
         fmt::format("time zone displacement out of range: \"{}\"", text_));
  }

  bool has(int fields) const { return (out_.have & fields) == fields; }
  void set(int fields) {
    if ((out_.have & fields) != 0) fail_format();
    out_.have |= fields;
  }

  int64_t integer(std::string_view digits) {
    int64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range || value > 2147483647) fail_field();
    if (error != std::errc() || end != digits.data() + digits.size()) fail_format();
    return value;
  }

  void add_token(const DateTimeToken& token) {
    switch (token.kind) {
      case DateTimeToken::Kind::kNumber:
        return add_number(token.text);
      case DateTimeToken::Kind::kWord:
        return add_word(token.text);
      case DateTimeToken::Kind::kDate:
        return has(kDate) || (time_only_ && !is_digit(token.text[0])) ? add_zone_name(token.text)
                                                                      : add_date(token.text);
      case DateTimeToken::Kind::kTime:
        time_next_ = false;
        return add_time(token.text);
      case DateTimeToken::Kind::kZone:
        return add_zone_offset(token.text);
      case DateTimeToken::Kind::kSpecial:
        return add_word(token.text);
    }
  }

  // --- words

  void add_word(const std::string& word) {
    int32_t east = 0;
    bool daylight = false;
    if (find_zone_abbreviation(word, east, daylight)) {
      set(kZone);
      out_.zone_east = east;
      return;
    }
    const DateTimeWord* known = find_datetime_word(word);
    if (known == nullptr) return add_zone_name(word);
    switch (known->kind) {
      case DateTimeWord::Kind::kIgnore:
      case DateTimeWord::Kind::kWeekday:
        return;
      case DateTimeWord::Kind::kMonth:
        return add_text_month(known->value);
      case DateTimeWord::Kind::kMeridiem:
        meridiem_ = known->value;
        return;
      case DateTimeWord::Kind::kEra:
        bc_ = known->value == 1;
        return;
      case DateTimeWord::Kind::kSpecial:
        return add_special(static_cast<DateTimeWord::Special>(known->value));
      case DateTimeWord::Kind::kJulian:
        julian_next_ = true;
        return;
      case DateTimeWord::Kind::kIsoTime:
        time_next_ = true;
        return;
      case DateTimeWord::Kind::kDst:
        if (!has(kZone)) fail_format();
        out_.zone_east += 3600;
        return;
      case DateTimeWord::Kind::kUnit:
      case DateTimeWord::Kind::kAgo:
        break;
    }
    fail_format();
  }

  /// A month in words makes an earlier bare number, taken for a month, the day.
  void add_text_month(int month) {
    if (has(kMonth) && !text_month_ && !has(kDay) && out_.civil.month >= 1 &&
        out_.civil.month <= 31) {
      out_.civil.day = out_.civil.month;
      out_.have = (out_.have & ~kMonth) | kDay;
    }
    set(kMonth);
    text_month_ = true;
    out_.civil.month = month;
  }

  void add_special(DateTimeWord::Special special) {
    switch (special) {
      case DateTimeWord::kAllballs:
        set(kTime | kZone);
        out_.civil.hour = 0;
        return;
      case DateTimeWord::kToday:
      case DateTimeWord::kTomorrow:
      case DateTimeWord::kYesterday: {
        set(kDate);
        int64_t local = utc_to_local(style_.now.micros, zone_of(style_));
        int64_t day = floor_div(local, kMicrosPerDay);
        day += special == DateTimeWord::kTomorrow    ? 1
               : special == DateTimeWord::kYesterday ? -1
                                                     : 0;
        civil_from_days(day, out_.civil);
        year_digits_ = 4;
        from_calendar_ = true;
        return;
      }
      case DateTimeWord::kNow:
      case DateTimeWord::kEpoch:
      case DateTimeWord::kInfinity:
      case DateTimeWord::kMinusInfinity:
        if (out_.have != 0 || !last_) fail_format();
        out_.special = special;
        return;
    }
  }

  // --- numbers

  void add_number(const std::string& text) {
    if (julian_next_) return add_julian(text);
    size_t point = text.find('.');
    if (time_next_ ||
        (time_only_ && !has(kTime) && point != 2 && (text.size() == 4 || text.size() >= 6))) {
      time_next_ = false;
      return add_run_together(text, true);
    }
    bool decimal = point != std::string::npos;
    if (decimal && (out_.have & kDate) == 0) return add_date(text);
    if (decimal && point > 2) return add_run_together(text, false);
    if (text.size() >= 6 && ((out_.have & kDate) == 0 || !has(kTime))) {
      return add_run_together(text, false);
    }
    add_date_number(text);
  }

  void add_julian(const std::string& text) {
    julian_next_ = false;
    set(kDate);
    size_t point = text.find('.');
    int64_t day = integer(std::string_view(text).substr(0, point)) - kJulianOfEpoch;
    civil_from_days(day, out_.civil);
    from_calendar_ = true;
    if (point == std::string::npos) return;
    set(kTime);
    double fraction = std::stod("0" + text.substr(point));
    set_time(out_.civil, static_cast<int64_t>(fraction * static_cast<double>(kMicrosPerDay)));
  }

  /// "19990108", "990108", "040506.789", "0405"
  void add_run_together(std::string_view text, bool only_time) {
    size_t point = text.find('.');
    if (point != std::string_view::npos) {
      out_.civil.micros = fraction(text.substr(point));
      text = text.substr(0, point);
    } else if (!only_time && (out_.have & kDate) != kDate && text.size() >= 6) {
      set(kDate);
      size_t n = text.size();
      out_.civil.day = static_cast<int>(integer(text.substr(n - 2)));
      out_.civil.month = static_cast<int>(integer(text.substr(n - 4, 2)));
      out_.civil.year = integer(text.substr(0, n - 4));
      year_digits_ = static_cast<int>(n - 4);
      return;
    }
    if (has(kTime) || (text.size() != 6 && text.size() != 4)) fail_format();
    set(kTime);
    out_.civil.hour = static_cast<int>(integer(text.substr(0, 2)));
    out_.civil.minute = static_cast<int>(integer(text.substr(2, 2)));
    out_.civil.second = text.size() == 6 ? static_cast<int>(integer(text.substr(4, 2))) : 0;
  }

  int fraction(std::string_view text) {
    for (char c : text.substr(1)) {
      if (!is_digit(c)) fail_format();
    }
    double value = text.size() > 1 ? std::stod("0" + std::string(text)) : 0;
    return static_cast<int>(value * 1e6 + 0.5);
  }

  // --- dates

  /// "1999-01-08", "8-jan-99", "1999.008": its parts, months in words first.
  void add_date(std::string_view text) {
    std::vector<std::string_view> parts;
    for (size_t at = 0; at < text.size();) {
      while (at < text.size() && !is_digit(text[at]) && !is_letter(text[at])) ++at;
      size_t begin = at;
      bool digits = at < text.size() && is_digit(text[at]);
      while (at < text.size() && (digits ? is_digit(text[at]) : is_letter(text[at]))) ++at;
      if (at > begin) parts.push_back(text.substr(begin, at - begin));
    }
    if (parts.size() > 3) fail_format();
    for (std::string_view part : parts) {
      if (!is_letter(part[0])) continue;
      const DateTimeWord* word = find_datetime_word(part);
      if (word == nullptr || word->kind != DateTimeWord::Kind::kMonth) {
        if (word != nullptr && word->kind == DateTimeWord::Kind::kIgnore) continue;
        if (parts.size() >= 1 && !is_digit(text[0])) return add_zone_name(std::string(text));
        fail_format();
      }
      set(kMonth);
      text_month_ = true;
      out_.civil.month = word->value;
    }
    for (std::string_view part : parts) {
      if (is_digit(part[0])) add_date_number(part);
    }
    if (!has(kDate)) fail_format();
  }

  void set_year(int64_t value, size_t digits) {
    set(kYear);
    out_.civil.year = value;
    year_digits_ = static_cast<int>(digits);
  }
  void set_month(int64_t value) {
    set(kMonth);
    out_.civil.month = static_cast<int>(std::min<int64_t>(value, 9999));
  }
  void set_day(int64_t value) {
    set(kDay);
    out_.civil.day = static_cast<int>(std::min<int64_t>(value, 9999));
  }

  void add_date_number(std::string_view text) {
    int64_t value = integer(text);
    bool long_or_ymd = text.size() >= 3 || style_.date_order == DateOrder::kYmd;
    int have = out_.have & kDate;
    if (text.size() == 3 && have == kYear && value >= 1 && value <= 366) {
      return set_day_of_year(value);
    }
    switch (have) {
      case 0:
        if (long_or_ymd) return set_year(value, text.size());
        return style_.date_order == DateOrder::kDmy ? set_day(value) : set_month(value);
      case kYear:
      case kDay:
        return set_month(value);
      case kMonth:
        if (text_month_ && long_or_ymd) return set_year(value, text.size());
        return set_day(value);
      case kYear | kMonth:
        if (text_month_ && text.size() >= 3 && year_digits_ <= 2) {
          // The first number was the day after all.
          set_day(out_.civil.year);
          out_.civil.year = value;
          year_digits_ = static_cast<int>(text.size());
          return;
        }
        return set_day(value);
      case kMonth | kDay:
        return set_year(value, text.size());
      default:
        fail_format();
    }
  }

  void set_day_of_year(int64_t day) {
    set(kMonth | kDay);
    from_calendar_ = false;
    Civil civil;
    civil_from_days(days_from_civil(out_.civil.year, 1, 1) + day - 1, civil);
    out_.civil.month = civil.month;
    out_.civil.day = civil.day;
  }

  void finish_date() {
    if (!has(kDate)) {
      if (time_only_ && (out_.have & kDate) == 0 && has(kTime)) return;
      fail_format();
    }
    Civil& c = out_.civil;
    if (!from_calendar_) {
      if (bc_) {
        if (c.year <= 0) fail_field();
        c.year = 1 - c.year;
      } else if (year_digits_ <= 2) {
        c.year += c.year < 70 ? 2000 : 1900;
      } else if (c.year <= 0) {
        fail_field();
      }
    }
    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31) fail_month_or_day();
    if (c.day > days_in_month(c.year, c.month)) fail_field();
  }

  // --- times

  void add_time(std::string_view text) {
    set(kTime);
    int parts[3] = {0, 0, 0};
    int count = 0;
    while (true) {
      size_t end = std::min(text.find_first_of(":."), text.size());
      parts[count++] = static_cast<int>(integer(text.substr(0, end)));
      text.remove_prefix(end);
      if (text.empty() || text[0] == '.') break;
      text.remove_prefix(1);
      if (count == 3 || text.empty()) fail_format();
    }
    Civil& c = out_.civil;
    c.micros = text.empty() ? 0 : fraction(text);
    bool minutes_first = count == 2 && !text.empty();  // "mm:ss.fff"
    c.hour = minutes_first ? 0 : parts[0];
    c.minute = minutes_first ? parts[0] : parts[1];
    c.second = minutes_first ? parts[1] : parts[2];
  }

  void finish_time() {
    Civil& c = out_.civil;
    if (meridiem_ >= 0) {
      if (c.hour > 12) fail_field();
      if (c.hour == 12) c.hour = 0;
      if (meridiem_ == 1) c.hour += 12;
    }
    bool beyond = c.hour == 24 && (c.minute > 0 || c.second > 0 || c.micros > 0);
    if (c.minute > 59 || c.second > 60 || c.hour > 24 || beyond) fail_field();
  }

  // --- zones

  void add_zone_offset(std::string_view text) {
    set(kZone);
    bool negative = text[0] == '-';
    std::string_view digits = text.substr(1);
    int64_t parts[3] = {0, 0, 0};
    size_t end = std::min(digits.find(':'), digits.size());
    parts[0] = integer(digits.substr(0, end));
    if (end == digits.size() && digits.size() > 2) {
      parts[1] = parts[0] % 100;
      parts[0] /= 100;
    }
    for (int i = 1; i < 3 && end < digits.size(); ++i) {
      digits.remove_prefix(end + 1);
      end = std::min(digits.find(':'), digits.size());
      parts[i] = integer(digits.substr(0, end));
    }
    if (parts[0] > 15 || parts[1] > 59 || parts[2] > 59) fail_zone();
    auto seconds = static_cast<int32_t>(parts[0] * 3600 + parts[1] * 60 + parts[2]);
    out_.zone_east = negative ? -seconds : seconds;
  }

  void add_zone_name(const std::string& name) {
    const TimeZone* zone = find_time_zone(name);
    if (zone == nullptr) {
      bool plain_word = std::all_of(name.begin(), name.end(), is_letter);
      if (plain_word) fail_format();
      fail(base::sqlstate::kInvalidParameterValue,
           fmt::format("time zone \"{}\" not recognized", name));
    }
    set(kZone);
    out_.named_zone = zone;
  }

  std::string_view text_;
  const char* type_;
  const OutputStyle& style_;
  bool time_only_;
  Parsed out_;
  bool last_ = false;
  bool bc_ = false;
  bool text_month_ = false;
  bool from_calendar_ = false;  ///< the year is meant as it is
  bool julian_next_ = false;
  bool time_next_ = false;
  int meridiem_ = -1;
  int year_digits_ = 0;
};

[[noreturn]] void fail_range(const char* type, std::string_view text) {
  fail(base::sqlstate::kDatetimeFieldOverflow, fmt::format("{} out of range: \"{}\"", type, text));
}

int64_t special_timestamp(DateTimeWord::Special special, const OutputStyle& style) {
  switch (special) {
    case DateTimeWord::kEpoch:
      return kUnixEpochDay * kMicrosPerDay;
    case DateTimeWord::kInfinity:
      return kTimestampInfinity;
    case DateTimeWord::kMinusInfinity:
      return kTimestampMinusInfinity;
    case DateTimeWord::kNow:
    case DateTimeWord::kToday:
    case DateTimeWord::kTomorrow:
    case DateTimeWord::kYesterday:
    case DateTimeWord::kAllballs:
      break;
  }
  return style.now.micros;
}

/// The offset that the text names, or the session's, at a local time.
int32_t east_of(const Parsed& parsed, int64_t local, const OutputStyle& style) {
  if (parsed.named_zone != nullptr) return parsed.named_zone->offset_for_local(local).seconds;
  if ((parsed.have & kZone) != 0) return parsed.zone_east;
  return zone_of(style).offset_for_local(local).seconds;
}

}  // namespace

int64_t parse_date(std::string_view text, const OutputStyle& style) {
  Parsed parsed = Parser(text, "date", style, false).parse();
  if (parsed.special) {
    int64_t t = special_timestamp(*parsed.special, style);
    if (t == kTimestampInfinity) return kDateInfinity;
    if (t == kTimestampMinusInfinity) return kDateMinusInfinity;
    if (*parsed.special == DateTimeWord::kNow) t = utc_to_local(t, zone_of(style));
    return floor_div(t, kMicrosPerDay);
  }
  int64_t days = days_from_civil(parsed.civil.year, parsed.civil.month, parsed.civil.day);
  if (!is_valid_date(days)) fail_range("date", text);
  return days;
}

int64_t parse_timestamp(std::string_view text, const OutputStyle& style) {
  Parsed parsed = Parser(text, "timestamp", style, false).parse();
  if (parsed.special) {
    int64_t t = special_timestamp(*parsed.special, style);
    return *parsed.special == DateTimeWord::kNow ? utc_to_local(t, zone_of(style)) : t;
  }
  int64_t timestamp = 0;
  if (!timestamp_from_civil(parsed.civil, timestamp)) fail_range("timestamp", text);
  return timestamp;
}

int64_t parse_timestamptz(std::string_view text, const OutputStyle& style) {
  Parsed parsed = Parser(text, "timestamp with time zone", style, false).parse();
  if (parsed.special) return special_timestamp(*parsed.special, style);
  int64_t local = 0;
  if (!timestamp_from_civil(parsed.civil, local)) fail_range("timestamp", text);
  int64_t utc = local - east_of(parsed, local, style) * kMicrosPerSecond;
  if (!is_valid_timestamp(utc)) fail_range("timestamp", text);
  return utc;
}

namespace {

int64_t local_now(const OutputStyle& style) {
  return utc_to_local(style.now.micros, zone_of(style));
}

}  // namespace

int64_t parse_time(std::string_view text, const OutputStyle& style) {
  Parsed parsed = Parser(text, "time", style, true).parse();
  if (parsed.special) return floor_mod(local_now(style), kMicrosPerDay);
  return time_of_day(parsed.civil);
}

TimeTz parse_timetz(std::string_view text, const OutputStyle& style) {
  Parsed parsed = Parser(text, "time with time zone", style, true).parse();
  int64_t local = local_now(style);
  if (parsed.special) {
    return {floor_mod(local, kMicrosPerDay), -zone_of(style).offset_at(style.now.micros).seconds};
  }
  int64_t at = 0;
  bool dated = (parsed.have & kDate) == kDate && timestamp_from_civil(parsed.civil, at);
  if (!dated) at = floor_div(local, kMicrosPerDay) * kMicrosPerDay + time_of_day(parsed.civil);
  return {time_of_day(parsed.civil), -east_of(parsed, at, style)};
}

}  // namespace isolde::sql
