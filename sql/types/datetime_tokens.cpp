#include "sql/types/datetime_tokens.hpp"

#include <algorithm>
#include <unordered_map>

#include "sql/types/char_class.hpp"

namespace isolde::sql {

namespace {

class Splitter {
 public:
  Splitter(std::string_view text, std::vector<DateTimeToken>& tokens)
      : text_(text), tokens_(tokens) {}

  bool run() {
    while (at_ < text_.size()) {
      char c = peek();
      if (is_blank(c)) {
        ++at_;
      } else if (is_digit(c)) {
        number_first();
      } else if (c == '.') {
        begin();
        take();
        digits();
        add(DateTimeToken::Kind::kNumber);
      } else if (is_letter(c)) {
        word_first();
      } else if (c == '+' || c == '-') {
        if (!sign_first()) return false;
      } else if (c > ' ' && c < 127) {
        ++at_;  // other punctuation does not matter
      } else {
        return false;
      }
    }
    return true;
  }

 private:
  using Kind = DateTimeToken::Kind;

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void begin() { piece_.clear(); }
  void take() { piece_ += to_lower(text_[at_++]); }
  void digits() {
    while (is_digit(peek())) take();
  }
  void add(Kind kind) { tokens_.push_back({kind, piece_}); }
  template <typename Accept>
  void take_while(Accept accept) {
    while (at_ < text_.size() && accept(peek())) take();
  }

  void number_first() {
    begin();
    digits();
    char c = peek();
    if (c == ':') {
      take_while([](char d) { return is_digit(d) || d == ':' || d == '.'; });
      return add(Kind::kTime);
    }
    if (c != '-' && c != '/' && c != '.') return add(Kind::kNumber);
    char separator = c;
    take();
    if (!is_digit(peek())) {
      take_while([&](char d) { return is_digit(d) || is_letter(d) || d == separator; });
      return add(separator == '.' && piece_.back() == '.' ? Kind::kNumber : Kind::kDate);
    }
    Kind kind = separator == '.' ? Kind::kNumber : Kind::kDate;
    digits();
    if (peek() == separator) {
      kind = Kind::kDate;
      take_while([&](char d) { return is_digit(d) || d == separator; });
    }
    add(kind);
  }

  void word_first() {
    begin();
    take_while(is_letter);
    char c = peek();
    bool date = c == '-' || c == '/' || c == '.';
    if (!date && (c == '+' || is_digit(c))) date = find_datetime_word(piece_) == nullptr;
    if (!date) return add(Kind::kWord);
    take_while([](char d) {
      return is_digit(d) || is_letter(d) || d == '+' || d == '-' || d == '/' || d == '_' ||
             d == '.' || d == ':';
    });
    add(Kind::kDate);
  }

  bool sign_first() {
    begin();
    take();
    while (is_blank(peek())) ++at_;
    if (is_digit(peek())) {
      take_while([](char d) { return is_digit(d) || d == ':' || d == '.' || d == '-'; });
      add(Kind::kZone);
      return true;
    }
    if (!is_letter(peek())) return false;
    take_while(is_letter);
    add(Kind::kSpecial);
    return true;
  }

  std::string_view text_;
  std::vector<DateTimeToken>& tokens_;
  size_t at_ = 0;
  std::string piece_;
};

using Words = std::unordered_map<std::string_view, DateTimeWord>;
using W = DateTimeWord;

const Words& datetime_words() {
  using K = DateTimeWord::Kind;
  static const Words words = {
      {"jan", {K::kMonth, 1}},
      {"january", {K::kMonth, 1}},
      {"feb", {K::kMonth, 2}},
      {"february", {K::kMonth, 2}},
      {"mar", {K::kMonth, 3}},
      {"march", {K::kMonth, 3}},
      {"apr", {K::kMonth, 4}},
      {"april", {K::kMonth, 4}},
      {"may", {K::kMonth, 5}},
      {"jun", {K::kMonth, 6}},
      {"june", {K::kMonth, 6}},
      {"jul", {K::kMonth, 7}},
      {"july", {K::kMonth, 7}},
      {"aug", {K::kMonth, 8}},
      {"august", {K::kMonth, 8}},
      {"sep", {K::kMonth, 9}},
      {"sept", {K::kMonth, 9}},
      {"september", {K::kMonth, 9}},
      {"oct", {K::kMonth, 10}},
      {"october", {K::kMonth, 10}},
      {"nov", {K::kMonth, 11}},
      {"november", {K::kMonth, 11}},
      {"dec", {K::kMonth, 12}},
      {"december", {K::kMonth, 12}},
      {"sun", {K::kWeekday, 0}},
      {"sunday", {K::kWeekday, 0}},
      {"mon", {K::kWeekday, 1}},
      {"monday", {K::kWeekday, 1}},
      {"tue", {K::kWeekday, 2}},
      {"tues", {K::kWeekday, 2}},
      {"tuesday", {K::kWeekday, 2}},
      {"wed", {K::kWeekday, 3}},
      {"weds", {K::kWeekday, 3}},
      {"wednesday", {K::kWeekday, 3}},
      {"thu", {K::kWeekday, 4}},
      {"thur", {K::kWeekday, 4}},
      {"thurs", {K::kWeekday, 4}},
      {"thursday", {K::kWeekday, 4}},
      {"fri", {K::kWeekday, 5}},
      {"friday", {K::kWeekday, 5}},
      {"sat", {K::kWeekday, 6}},
      {"saturday", {K::kWeekday, 6}},
      {"am", {K::kMeridiem, 0}},
      {"pm", {K::kMeridiem, 1}},
      {"ad", {K::kEra, 0}},
      {"bc", {K::kEra, 1}},
      {"at", {K::kIgnore, 0}},
      {"on", {K::kIgnore, 0}},
      {"now", {K::kSpecial, W::kNow}},
      {"today", {K::kSpecial, W::kToday}},
      {"tomorrow", {K::kSpecial, W::kTomorrow}},
      {"yesterday", {K::kSpecial, W::kYesterday}},
      {"epoch", {K::kSpecial, W::kEpoch}},
      {"infinity", {K::kSpecial, W::kInfinity}},
      {"+infinity", {K::kSpecial, W::kInfinity}},
      {"-infinity", {K::kSpecial, W::kMinusInfinity}},
      {"allballs", {K::kSpecial, W::kAllballs}},
      {"j", {K::kJulian, 0}},
      {"jd", {K::kJulian, 0}},
      {"julian", {K::kJulian, 0}},
      {"t", {K::kIsoTime, 0}},
      {"dst", {K::kDst, 0}},
  };
  return words;
}

const Words& unit_words() {
  static const Words words = [] {
    struct Row {
      int unit;
      std::vector<std::string_view> names;
    };
    const Row rows[] = {
        {W::kMicrosecond,
         {"us", "usec", "usecs", "usecond", "useconds", "microsecon", "microsecond",
          "microseconds"}},
        {W::kMillisecond,
         {"ms", "msec", "msecs", "msecond", "mseconds", "millisecon", "millisecond",
          "milliseconds"}},
        {W::kSecond, {"s", "sec", "secs", "second", "seconds"}},
        {W::kMinute, {"m", "min", "mins", "minute", "minutes"}},
        {W::kHour, {"h", "hr", "hrs", "hour", "hours"}},
        {W::kDay, {"d", "day", "days"}},
        {W::kWeek, {"w", "week", "weeks"}},
        {W::kMonthUnit, {"mon", "mons", "month", "months"}},
        {W::kQuarter, {"qtr", "quarter"}},
        {W::kYear, {"y", "yr", "yrs", "year", "years"}},
        {W::kDecade, {"dec", "decs", "decade", "decades"}},
        {W::kCentury, {"c", "cent", "century", "centuries"}},
        {W::kMillennium, {"mil", "mils", "millennia", "millennium"}},
        {W::kTimezoneUnit, {"timezone"}},
        {W::kTimezoneHour, {"timezone_h", "timezone_hour"}},
        {W::kTimezoneMinute, {"timezone_m", "timezone_minute"}},
        {W::kDow, {"dow"}},
        {W::kIsoDow, {"isodow"}},
        {W::kDoy, {"doy"}},
        {W::kIsoYear, {"isoyear"}},
        {W::kEpochUnit, {"epoch"}},
        {W::kJulianUnit, {"julian", "j", "jd"}},
    };
    Words map;
    for (const Row& row : rows) {
      for (std::string_view name : row.names) map[name] = {W::Kind::kUnit, row.unit};
    }
    map["ago"] = {W::Kind::kAgo, 0};
    return map;
  }();
  return words;
}

const DateTimeWord* look_up(const Words& words, std::string_view word) {
  auto at = words.find(word);
  return at == words.end() ? nullptr : &at->second;
}

}  // namespace

bool split_datetime(std::string_view text, std::vector<DateTimeToken>& tokens) {
  constexpr size_t kMaxTokens = 25;
  return Splitter(text, tokens).run() && tokens.size() <= kMaxTokens;
}

const DateTimeWord* find_datetime_word(std::string_view word) {
  return look_up(datetime_words(), word);
}
const DateTimeWord* find_unit_word(std::string_view word) {
  return look_up(unit_words(), word);
}

}  // namespace isolde::sql
