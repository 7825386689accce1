#include <fmt/format.h>

#include <optional>

#include "sql/settings/identifier_list.hpp"
#include "sql/settings/setting_checks.hpp"
#include "sql/settings/setting_fields.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"

// DateStyle is two settings in one text, a style and an order of the parts: "ISO, MDY". A SET may
// give either, or both; what it does not give stays as it is.

namespace isolde::sql {

namespace {

constexpr std::string_view kConflict = "Conflicting \"datestyle\" specifications.";

/// The words of one SET, and whether they contradict each other.
struct Reading {
  std::optional<DateStyle> style;
  std::optional<DateOrder> order;
  DateStyle fallback_style;  ///< where no word says
  DateOrder fallback_order;
  bool conflict = false;

  void take(DateStyle said) {
    if (style && *style != said) conflict = true;
    style = said;
  }
  void take(DateOrder said) {
    if (order && *order != said) conflict = true;
    order = said;
  }
};

bool begins(std::string_view word, std::string_view prefix) {
  return word.size() >= prefix.size() && equal_ignoring_case(word.substr(0, prefix.size()), prefix);
}

bool take_word(std::string_view word, Reading& reading) {
  if (equal_ignoring_case(word, "iso")) {
    reading.take(DateStyle::kIso);
  } else if (equal_ignoring_case(word, "sql")) {
    reading.take(DateStyle::kSql);
  } else if (begins(word, "postgres")) {
    reading.take(DateStyle::kPostgres);
  } else if (equal_ignoring_case(word, "german")) {
    reading.take(DateStyle::kGerman);
    reading.fallback_order = DateOrder::kDmy;
  } else if (equal_ignoring_case(word, "ymd")) {
    reading.take(DateOrder::kYmd);
  } else if (equal_ignoring_case(word, "dmy") || begins(word, "euro")) {
    reading.take(DateOrder::kDmy);
  } else if (equal_ignoring_case(word, "mdy") || equal_ignoring_case(word, "us") ||
             begins(word, "noneuro")) {
    reading.take(DateOrder::kMdy);
  } else {
    return false;
  }
  return true;
}

/// The words of a canonical value, "ISO, MDY".
void take_canonical(std::string_view text, Reading& reading) {
  auto words = split_identifier_list(text);
  if (!words) return;
  for (const std::string& word : *words) take_word(word, reading);
}

void take_default(std::string_view reset_value, Reading& reading) {
  Reading reset{{}, {}, reading.fallback_style, reading.fallback_order};
  take_canonical(reset_value, reset);
  reading.fallback_style = reset.style.value_or(reset.fallback_style);
  reading.fallback_order = reset.order.value_or(reset.fallback_order);
}

std::string_view style_word(DateStyle style) {
  switch (style) {
    case DateStyle::kPostgres:
      return "Postgres";
    case DateStyle::kIso:
      return "ISO";
    case DateStyle::kSql:
      return "SQL";
    case DateStyle::kGerman:
      return "German";
  }
  return "";
}

std::string_view order_word(DateOrder order) {
  switch (order) {
    case DateOrder::kYmd:
      return "YMD";
    case DateOrder::kDmy:
      return "DMY";
    case DateOrder::kMdy:
      return "MDY";
  }
  return "";
}

}  // namespace

base::Status check::date_style(const SettingDefinition& d, const CheckInput& input,
                               SettingValue& value) {
  auto& text = std::get<std::string>(value);
  auto words = split_identifier_list(text);
  if (!words) return invalid_value(d, text).detail("List syntax is invalid.");
  Reading reading{{}, {}, input.fields.date_style, input.fields.date_order};
  for (const std::string& word : *words) {
    if (equal_ignoring_case(word, "default"))
      take_default(input.reset_value, reading);
    else if (!take_word(word, reading))
      return invalid_value(d, text).detail(fmt::format("Unrecognized key word: \"{}\".", word));
  }
  if (reading.conflict) return invalid_value(d, text).detail(std::string(kConflict));
  text = fmt::format("{}, {}", style_word(reading.style.value_or(reading.fallback_style)),
                     order_word(reading.order.value_or(reading.fallback_order)));
  return {};
}

/// The value is canonical: "ISO, MDY".
void assign_date_style(SettingFields& fields, const SettingValue& value) {
  Reading reading{{}, {}, fields.date_style, fields.date_order};
  take_canonical(std::get<std::string>(value), reading);
  fields.date_style = reading.style.value_or(fields.date_style);
  fields.date_order = reading.order.value_or(fields.date_order);
}

}  // namespace isolde::sql
