#include "sql/types/time_zone.hpp"

#include <absl/time/time.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "sql/types/char_class.hpp"

namespace isolde::sql {

struct TimeZone::Rules {
  absl::TimeZone zone;
  std::string fixed_abbreviation;  ///< of zones made from a POSIX name
};

TimeZone::TimeZone(std::string name, std::unique_ptr<Rules> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}
TimeZone::~TimeZone() = default;

namespace {

constexpr int64_t kMicros = 1'000'000;

constexpr int64_t floor_divide(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

absl::Time to_absl(int64_t micros) {
  return absl::FromUnixSeconds(floor_divide(micros, kMicros) + base::kUnixToPostgresEpochSeconds);
}

}  // namespace

TimeZone::Offset TimeZone::offset_at(int64_t utc_micros) const {
  absl::TimeZone::CivilInfo info = rules_->zone.At(to_absl(utc_micros));
  std::string_view abbreviation = rules_->fixed_abbreviation;
  if (abbreviation.empty()) abbreviation = info.zone_abbr;
  return {info.offset, info.is_dst, abbreviation};
}

TimeZone::Offset TimeZone::offset_for_local(int64_t local_micros) const {
  // The wall clock as if it were UTC gives the civil time.
  absl::Time as_utc = to_absl(local_micros);
  absl::CivilSecond civil = absl::ToCivilSecond(as_utc, absl::UTCTimeZone());
  absl::TimeZone::TimeInfo info = rules_->zone.At(civil);
  bool repeated = info.kind == absl::TimeZone::TimeInfo::REPEATED;
  absl::TimeZone::CivilInfo at = rules_->zone.At(repeated ? info.post : info.pre);
  // A skipped time is read by the offset before the change, which `pre` may already be past.
  int32_t seconds =
      info.kind == absl::TimeZone::TimeInfo::UNIQUE
          ? at.offset
          : static_cast<int32_t>(absl::ToInt64Seconds(as_utc - (repeated ? info.post : info.pre)));
  std::string_view abbreviation = rules_->fixed_abbreviation;
  if (abbreviation.empty()) abbreviation = at.zone_abbr;
  return {seconds, at.is_dst, abbreviation};
}

namespace {

/// Reads "+hh[:mm[:ss]]" at the front, west positive as in POSIX; false when it is none.
bool read_posix_offset(std::string_view& rest, int32_t& seconds) {
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int32_t unit = 3600;
  seconds = 0;
  for (int part = 0; part < 3; ++part) {
    if (rest.empty() || !is_digit(rest[0])) return false;
    int32_t value = 0;
    while (!rest.empty() && is_digit(rest[0]) && value < 1000) {
      value = value * 10 + (rest[0] - '0');
      rest.remove_prefix(1);
    }
    if (value > (part == 0 ? 167 : 59)) return false;
    seconds += value * unit;
    unit /= 60;
    if (!rest.starts_with(':')) break;
    rest.remove_prefix(1);
  }
  if (negative) seconds = -seconds;
  return true;
}

/// "UTC+3", "<+03>-3", "EST5": a name and an offset, without rules for summer time.
bool read_posix_zone(std::string_view name, std::string& abbreviation, int32_t& west) {
  std::string_view rest = name;
  size_t end = 0;
  if (rest.starts_with('<')) {
    end = rest.find('>');
    if (end == std::string_view::npos) return false;
    abbreviation = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    while (end < rest.size() && is_letter(rest[end])) ++end;
    abbreviation = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (abbreviation.size() < 3) return false;
  return read_posix_offset(rest, west) && rest.empty();
}

/// Zones by lower-case name; never forgotten, as styles point into it.
class Zones {
 public:
  const TimeZone* find(std::string_view name) {
    std::string key;
    for (char c : name) key += to_lower(c);
    std::lock_guard lock(mutex_);
    auto at = zones_.find(key);
    if (at == zones_.end()) at = zones_.emplace(key, load(name)).first;
    return at->second.get();
  }

 private:
  static std::unique_ptr<TimeZone> make(std::string name, absl::TimeZone zone,
                                        std::string abbreviation) {
    auto rules = std::make_unique<TimeZone::Rules>();
    rules->zone = zone;
    rules->fixed_abbreviation = std::move(abbreviation);
    return std::make_unique<TimeZone>(std::move(name), std::move(rules));
  }

  static std::unique_ptr<TimeZone> load(std::string_view name) {
    absl::TimeZone zone;
    for (const std::string& spelling : spellings(name)) {
      if (absl::LoadTimeZone(spelling, &zone)) {
        bool utc = spelling == "UTC";
        return make(spelling, utc ? absl::UTCTimeZone() : zone, utc ? "UTC" : "");
      }
    }
    std::string abbreviation;
    int32_t west = 0;
    if (!read_posix_zone(name, abbreviation, west)) return nullptr;
    return make(std::string(name), absl::FixedTimeZone(-west), abbreviation);
  }

  /// The zone files are found by exact name; these are the usual ways to write one.
  static std::vector<std::string> spellings(std::string_view name) {
    bool plain = !name.empty() && name[0] != '/' && name[0] != '.' && name[0] != ':' &&
                 name.find("..") == std::string_view::npos && !name.starts_with("Fixed/");
    if (!plain || equals_ignoring_case(name, "localtime")) return {};
    std::string upper;
    std::string title;
    bool start = true;
    for (char c : name) {
      upper += to_upper(c);
      title += start ? to_upper(c) : to_lower(c);
      start = !is_letter(c);
    }
    return {std::string(name), upper, title};
  }

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones_;
};

Zones& zones() {
  static Zones all;
  return all;
}

}  // namespace

const TimeZone* find_time_zone(std::string_view name) {
  return zones().find(name);
}

const TimeZone* fixed_time_zone(int32_t seconds_east) {
  auto offset = [](int32_t seconds) {
    std::string out(1, seconds < 0 ? '-' : '+');
    int32_t rest = std::abs(seconds);
    auto two = [&](int32_t v) { out += std::string(v < 10 ? "0" : "") + std::to_string(v); };
    two(rest / 3600);
    if (rest % 3600 != 0) {
      out += ':';
      two(rest / 60 % 60);
    }
    if (rest % 60 != 0) {
      out += ':';
      two(rest % 60);
    }
    return out;
  };
  return find_time_zone("<" + offset(seconds_east) + ">" + offset(-seconds_east));
}

const TimeZone& utc_time_zone() {
  static const TimeZone& utc = *find_time_zone("UTC");
  return utc;
}

namespace {

struct Abbreviation {
  std::string_view name;
  int32_t minutes;
  bool daylight;
};
/// The common ones of PostgreSQL's default set.
constexpr Abbreviation kAbbreviations[] = {
    // clang-format off
    {"ACDT", 630, true},
    {"ACSST", 630, true},
    {"ACST", 570, false},
    {"ACT", -300, false},
    {"ACWST", 525, false},
    {"ADT", -180, true},
    {"AEDT", 660, true},
    {"AESST", 660, true},
    {"AEST", 600, false},
    {"AFT", 270, false},
    {"AKDT", -480, true},
    {"AKST", -540, false},
    {"ALMST", 420, true},
    {"ALMT", 360, false},
    {"AMST", 240, false},
    {"AMT", -240, false},
    {"ANAST", 720, false},
    {"ANAT", 720, false},
    {"ARST", -180, false},
    {"ART", -180, false},
    {"AST", -240, false},
    {"AWSST", 540, true},
    {"AWST", 480, false},
    {"AZOST", 0, true},
    {"AZOT", -60, false},
    {"AZST", 240, false},
    {"AZT", 240, false},
    {"BDST", 120, true},
    {"BDT", 360, false},
    {"BNT", 480, false},
    {"BORT", 480, false},
    {"BOT", -240, false},
    {"BRA", -180, false},
    {"BRST", -120, true},
    {"BRT", -180, false},
    {"BST", 60, true},
    {"BTT", 360, false},
    {"CADT", 630, true},
    {"CAST", 570, false},
    {"CCT", 480, false},
    {"CDT", -300, true},
    {"CEST", 120, true},
    {"CET", 60, false},
    {"CETDST", 120, true},
    {"CHADT", 825, true},
    {"CHAST", 765, false},
    {"CHUT", 600, false},
    {"CKT", -600, false},
    {"CLST", -180, true},
    {"CLT", -180, true},
    {"COT", -300, false},
    {"CST", -360, false},
    {"CXT", 420, false},
    {"DAVT", 420, false},
    {"DDUT", 600, false},
    {"EASST", -300, true},
    {"EAST", -300, true},
    {"EAT", 180, false},
    {"EDT", -240, true},
    {"EEST", 180, true},
    {"EET", 120, false},
    {"EETDST", 180, true},
    {"EGST", 0, true},
    {"EGT", -60, false},
    {"EST", -300, false},
    {"FET", 180, false},
    {"FJST", 780, true},
    {"FJT", 720, false},
    {"FKST", -180, false},
    {"FKT", -180, false},
    {"FNST", -60, true},
    {"FNT", -120, false},
    {"GALT", -360, false},
    {"GAMT", -540, false},
    {"GEST", 240, false},
    {"GET", 240, false},
    {"GFT", -180, false},
    {"GILT", 720, false},
    {"GMT", 0, false},
    {"GYT", -240, false},
    {"HKT", 480, false},
    {"HST", -600, false},
    {"ICT", 420, false},
    {"IDT", 180, true},
    {"IOT", 360, false},
    {"IRKST", 480, false},
    {"IRKT", 480, false},
    {"IRT", 210, false},
    {"IST", 120, false},
    {"JAYT", 540, false},
    {"JST", 540, false},
    {"KDT", 600, true},
    {"KGST", 360, true},
    {"KGT", 360, false},
    {"KOST", 660, false},
    {"KRAST", 420, false},
    {"KRAT", 420, false},
    {"KST", 540, false},
    {"LHDT", 660, true},
    {"LHST", 630, false},
    {"LIGT", 600, false},
    {"LINT", 840, false},
    {"LKT", 330, false},
    {"MAGST", 660, false},
    {"MAGT", 660, false},
    {"MART", -570, false},
    {"MAWT", 300, false},
    {"MDT", -360, true},
    {"MEST", 120, true},
    {"MESZ", 120, true},
    {"MET", 60, false},
    {"METDST", 120, true},
    {"MEZ", 60, false},
    {"MHT", 720, false},
    {"MMT", 390, false},
    {"MPT", 600, false},
    {"MSD", 240, true},
    {"MSK", 180, false},
    {"MST", -420, false},
    {"MUST", 300, true},
    {"MUT", 240, false},
    {"MVT", 300, false},
    {"MYT", 480, false},
    {"NDT", -150, true},
    {"NFT", -210, false},
    {"NOVST", 420, false},
    {"NOVT", 420, false},
    {"NPT", 345, false},
    {"NST", -210, false},
    {"NUT", -660, false},
    {"NZDT", 780, true},
    {"NZST", 720, false},
    {"NZT", 720, false},
    {"OMSST", 360, false},
    {"OMST", 360, false},
    {"PDT", -420, true},
    {"PET", -300, false},
    {"PETST", 720, false},
    {"PETT", 720, false},
    {"PGT", 600, false},
    {"PHT", 480, false},
    {"PKST", 360, true},
    {"PKT", 300, false},
    {"PMDT", -120, true},
    {"PMST", -180, false},
    {"PONT", 660, false},
    {"PST", -480, false},
    {"PWT", 540, false},
    {"PYST", -180, true},
    {"PYT", -180, false},
    {"RET", 240, false},
    {"SADT", 630, true},
    {"SAST", 120, false},
    {"SCT", 240, false},
    {"SGT", 480, false},
    {"TAHT", -600, false},
    {"TFT", 300, false},
    {"TJT", 300, false},
    {"TKT", 780, false},
    {"TMT", 300, false},
    {"TOT", 780, false},
    {"TRUT", 600, false},
    {"TVT", 720, false},
    {"UCT", 0, false},
    {"ULAST", 540, true},
    {"ULAT", 480, false},
    {"UT", 0, false},
    {"UTC", 0, false},
    {"UYST", -120, true},
    {"UYT", -180, false},
    {"UZST", 360, true},
    {"UZT", 300, false},
    {"VET", -240, false},
    {"VLAST", 600, false},
    {"VLAT", 600, false},
    {"VOLT", 180, false},
    {"VUT", 660, false},
    {"WADT", 480, true},
    {"WAKT", 720, false},
    {"WAST", 420, false},
    {"WAT", 60, false},
    {"WDT", 540, true},
    {"WET", 0, false},
    {"WETDST", 60, true},
    {"WFT", 720, false},
    {"WGST", -120, true},
    {"WGT", -180, false},
    {"XJT", 360, false},
    {"YAKST", 540, false},
    {"YAKT", 540, false},
    {"YAPT", 600, false},
    {"YEKST", 360, true},
    {"YEKT", 300, false},
    {"Z", 0, false},
    {"ZULU", 0, false},
    // clang-format on
};

}  // namespace

bool find_zone_abbreviation(std::string_view name, int32_t& seconds_east, bool& daylight) {
  for (const Abbreviation& known : kAbbreviations) {
    if (!equals_ignoring_case(known.name, name)) continue;
    seconds_east = known.minutes * 60;
    daylight = known.daylight;
    return true;
  }
  return false;
}

}  // namespace isolde::sql
