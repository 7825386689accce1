#include "sql/settings/setting_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sql/settings/identifier_list.hpp"
#include "sql/settings/setting_fields.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

constexpr std::string_view kListSyntax = "List syntax is invalid.";

/// The encodings a client may know by name but that no conversion exists for.
constexpr std::string_view kOtherEncodings[] = {
    "BIG5",    "EUC_CN",        "EUC_JIS_2004", "EUC_JP",         "EUC_KR",     "EUC_TW",
    "GB18030", "GBK",           "ISO_8859_5",   "ISO_8859_6",     "ISO_8859_7", "ISO_8859_8",
    "JOHAB",   "KOI8R",         "KOI8U",        "LATIN1",         "LATIN2",     "LATIN3",
    "LATIN4",  "LATIN5",        "LATIN6",       "LATIN7",         "LATIN8",     "LATIN9",
    "LATIN10", "MULE_INTERNAL", "SJIS",         "SHIFT_JIS_2004", "UHC",        "WIN866",
    "WIN874",  "WIN1250",       "WIN1251",      "WIN1252",        "WIN1253",    "WIN1254",
    "WIN1255", "WIN1256",       "WIN1257",      "WIN1258",
};

/// Letters and digits in lower case: "UTF-8", "utf_8" and "Utf8" are one name.
std::string encoding_key(std::string_view name) {
  std::string key;
  for (char c : name) {
    char lower = to_lower(c);
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) key += lower;
  }
  return key;
}

/// Every item must be one of `words`; the canonical text is left as it was written.
base::Status check_words(const SettingDefinition& d, std::string_view text,
                         std::span<const std::string_view> words) {
  auto items = split_identifier_list(text);
  if (!items) return invalid_value(d, text).detail(std::string(kListSyntax));
  for (const std::string& item : *items) {
    auto same = [&](std::string_view word) { return equal_ignoring_case(word, item); };
    if (std::ranges::none_of(words, same))
      return invalid_value(d, text).detail(fmt::format("Unrecognized key word: \"{}\".", item));
  }
  return {};
}

bool is_known_tablespace(std::string_view name) {
  return name.empty() || name == "pg_default";
}

}  // namespace

namespace check {

base::Status client_encoding(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  auto& text = std::get<std::string>(value);
  std::string key = encoding_key(text);
  if (key == "utf8" || key == "unicode") {
    text = "UTF8";
    return {};
  }
  if (key == "sqlascii") {
    text = "SQL_ASCII";
    return {};
  }
  for (std::string_view other : kOtherEncodings) {
    if (encoding_key(other) == key)
      return invalid_value(d, text).detail(
          fmt::format("Conversion between {} and UTF8 is not supported.", other));
  }
  return invalid_value(d, text);
}

base::Status ascii(const SettingDefinition&, const CheckInput&, SettingValue& value) {
  for (char& c : std::get<std::string>(value)) {
    if (c < ' ' || c > '~') c = '?';
  }
  return {};
}

base::Status locale(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  constexpr std::string_view kLocales[] = {"C",     "POSIX",       "C.UTF-8",   "C.utf8",
                                           "en_US", "en_US.UTF-8", "en_US.utf8"};
  const auto& text = std::get<std::string>(value);
  if (std::ranges::find(kLocales, text) == std::end(kLocales)) return invalid_value(d, text);
  return {};
}

base::Status name_list(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  const auto& text = std::get<std::string>(value);
  if (!split_identifier_list(text)) return invalid_value(d, text).detail(std::string(kListSyntax));
  return {};
}

base::Status log_destination(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  constexpr std::string_view kWords[] = {"stderr", "jsonlog"};
  return check_words(d, std::get<std::string>(value), kWords);
}

base::Status relation_kinds(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  constexpr std::string_view kWords[] = {"view", "foreign-table"};
  return check_words(d, std::get<std::string>(value), kWords);
}

base::Status table_access_method(const SettingDefinition& d, const CheckInput&,
                                 SettingValue& value) {
  const auto& text = std::get<std::string>(value);
  if (text.empty())
    return invalid_value(d, text).detail(fmt::format("{} cannot be empty.", d.name));
  if (text != "heap")
    return invalid_value(d, text).detail(
        fmt::format("Table access method \"{}\" does not exist.", text));
  return {};
}

base::Status tablespace(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  const auto& text = std::get<std::string>(value);
  if (!is_known_tablespace(text))
    return invalid_value(d, text).detail(fmt::format("Tablespace \"{}\" does not exist.", text));
  return {};
}

base::Status temp_tablespaces(const SettingDefinition& d, const CheckInput&, SettingValue& value) {
  const auto& text = std::get<std::string>(value);
  auto names = split_identifier_list(text);
  if (!names) return invalid_value(d, text).detail(std::string(kListSyntax));
  for (const std::string& name : *names) {
    if (!is_known_tablespace(name))
      return base::Error(base::sqlstate::kUndefinedObject,
                         fmt::format("tablespace \"{}\" does not exist", name));
  }
  return {};
}

base::Status time_zone_abbreviations(const SettingDefinition& d, const CheckInput&,
                                     SettingValue& value) {
  constexpr std::string_view kSets[] = {"Default", "Australia", "India"};
  const auto& text = std::get<std::string>(value);
  if (std::ranges::find(kSets, text) == std::end(kSets)) return invalid_value(d, text);
  return {};
}

}  // namespace check

void assign_client_encoding(SettingFields& fields, const SettingValue& value) {
  fields.client_encoding = std::get<std::string>(value) == "SQL_ASCII" ? ClientEncoding::kSqlAscii
                                                                       : ClientEncoding::kUtf8;
}

}  // namespace isolde::sql
