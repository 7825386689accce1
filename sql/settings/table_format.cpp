#include "sql/settings/setting_checks.hpp"
#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kIntervalStyles[] = {
    {"postgres", number_of(IntervalStyle::kPostgres)},
    {"postgres_verbose", number_of(IntervalStyle::kPostgresVerbose)},
    {"sql_standard", number_of(IntervalStyle::kSqlStandard)},
    {"iso_8601", number_of(IntervalStyle::kIso8601)},
};

constexpr SettingDefinition kLocaleAndFormatting[] = {
    text("DateStyle", kUser, "ISO, MDY", "Sets the display format for date and time values.",
         "Also controls interpretation of ambiguous date inputs.") |
        with(kReport | kList) | Field{&assign_date_style, nullptr} | checked(check::date_style),
    choice("IntervalStyle", kUser, "postgres", kIntervalStyles,
           "Sets the display format for interval values.") |
        with(kReport) | into<&SettingFields::interval_style>(),
    text("TimeZone", kUser, "GMT",
         "Sets the time zone for displaying and interpreting time stamps.") |
        with(kReport) | checked(check::time_zone),
    text("timezone_abbreviations", kUser, "Default", "Selects a file of time zone abbreviations.") |
        checked(check::time_zone_abbreviations),
    integer("extra_float_digits", kUser, 1, {-15, 3}, kNone,
            "Sets the number of digits displayed for floating-point values.",
            "This affects real, double precision, and geometric data types. A zero or negative "
            "parameter value is added to the standard number of digits (FLT_DIG or DBL_DIG as "
            "appropriate). Any value greater than zero selects precise output mode.") |
        into<&SettingFields::extra_float_digits>(),
    text("client_encoding", kUser, "UTF8", "Sets the client's character set encoding.") |
        with(kReport | kName) | Field{&assign_client_encoding, nullptr} |
        checked(check::client_encoding),
    text("lc_messages", kSuperuser, "C", "Sets the language in which messages are displayed.") |
        checked(check::locale),
    text("lc_monetary", kUser, "C", "Sets the locale for formatting monetary amounts.") |
        checked(check::locale),
    text("lc_numeric", kUser, "C", "Sets the locale for formatting numbers.") |
        checked(check::locale),
    text("lc_time", kUser, "C", "Sets the locale for formatting date and time values.") |
        checked(check::locale),
    text("default_text_search_config", kUser, "pg_catalog.english",
         "Sets default text search configuration."),
};

constexpr SettingGroup kGroups[] = {
    {"Client Connection Defaults / Locale and Formatting", kLocaleAndFormatting},
};

}  // namespace

std::span<const SettingGroup> format_settings() {
  return kGroups;
}

}  // namespace isolde::sql
