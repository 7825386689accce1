#include "sql/settings/setting_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "sql/settings/identifier_list.hpp"
#include "sql/settings/setting_units.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kMaxNameBytes = 63;
constexpr std::string_view kMemoryHint =
    "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".";
constexpr std::string_view kTimeHint =
    "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".";

/// A number read from a text, or why it is none. An empty hint says no more than "invalid".
struct ReadNumber {
  double value = 0;
  bool ok = false;
  std::string_view hint;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// What stands behind the number: nothing, or a unit.
ReadNumber apply_unit(double value, std::string_view rest, SettingUnit unit) {
  rest = trimmed(rest);
  if (rest.empty()) return {value, true, {}};
  if (unit == SettingUnit::kNone) return {};
  auto converted = to_base_unit(value, rest, unit);
  if (!converted) return {0, false, is_time_unit(unit) ? kTimeHint : kMemoryHint};
  return {*converted, true, {}};
}

ReadNumber read_real(const std::string& text, SettingUnit unit) {
  char* end = nullptr;
  errno = 0;
  double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || errno == ERANGE || std::isnan(value)) return {};
  return apply_unit(value, end, unit);
}

/// Whole numbers may be decimal, octal or hexadecimal; with a point or an exponent they are read as
/// a real and rounded.
ReadNumber read_integer(const std::string& text, SettingUnit unit) {
  char* end = nullptr;
  errno = 0;
  auto value = static_cast<double>(std::strtoll(text.c_str(), &end, 0));
  if (*end == '.' || *end == 'e' || *end == 'E' || errno == ERANGE) {
    errno = 0;
    value = std::strtod(text.c_str(), &end);
  }
  if (end == text.c_str() || errno == ERANGE || std::isnan(value)) return {};
  ReadNumber number = apply_unit(value, end, unit);
  if (!number.ok) return number;
  number.value = std::rint(number.value);
  if (number.value > std::numeric_limits<int32_t>::max() ||
      number.value < std::numeric_limits<int32_t>::min())
    return {0, false, "Value exceeds integer range."};
  return number;
}

std::string print_limit(const SettingDefinition& d, double limit) {
  return d.type == SettingType::kInteger ? std::to_string(static_cast<int32_t>(limit))
                                         : print_real(limit);
}

base::Error out_of_range(const SettingDefinition& d, double value) {
  std::string_view unit = unit_name(d.unit);
  return {base::sqlstate::kInvalidParameterValue,
          fmt::format("{}{}{} is outside the valid range for parameter \"{}\" ({} .. {})",
                      print_limit(d, value), unit.empty() ? "" : " ", unit, d.name,
                      print_limit(d, d.min), print_limit(d, d.max))};
}

base::Result<SettingValue> parse_number(const SettingDefinition& d, std::string_view text) {
  bool whole = d.type == SettingType::kInteger;
  std::string copy(text);
  ReadNumber number = whole ? read_integer(copy, d.unit) : read_real(copy, d.unit);
  if (!number.ok) {
    base::Error error = invalid_value(d, text);
    if (!number.hint.empty()) return std::move(error).hint(std::string(number.hint));
    return error;
  }
  if (number.value < d.min || number.value > d.max) return out_of_range(d, number.value);
  if (whole) return SettingValue(static_cast<int32_t>(number.value));
  return SettingValue(number.value);
}

std::string available_values(const SettingDefinition& d) {
  std::string hint = "Available values: ";
  std::string_view separator;
  for (const EnumOption& option : d.options) {
    if (option.hidden) continue;
    hint.append(separator).append(option.label);
    separator = ", ";
  }
  return hint + '.';
}

base::Result<SettingValue> parse_choice(const SettingDefinition& d, std::string_view text) {
  for (const EnumOption& option : d.options) {
    if (equal_ignoring_case(option.label, text)) return SettingValue(option.value);
  }
  return invalid_value(d, text).hint(available_values(d));
}

base::Result<SettingValue> parse_boolean(const SettingDefinition& d, std::string_view text) {
  bool value = false;
  if (parse_bool_word(text, value)) return SettingValue(value);
  return base::Error(base::sqlstate::kInvalidParameterValue,
                     fmt::format("parameter \"{}\" requires a Boolean value", d.name));
}

/// At most 63 bytes, never half a UTF-8 character.
std::string_view cut_name(std::string_view name) {
  if (name.size() <= kMaxNameBytes) return name;
  size_t end = kMaxNameBytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end);
}

base::Result<SettingValue> parse_by_type(const SettingDefinition& d, std::string_view text) {
  switch (d.type) {
    case SettingType::kBool:
      return parse_boolean(d, text);
    case SettingType::kInteger:
    case SettingType::kReal:
      return parse_number(d, text);
    case SettingType::kString:
      return SettingValue(std::string(d.has(setting_flag::kName) ? cut_name(text) : text));
    case SettingType::kEnum:
      return parse_choice(d, text);
  }
  return invalid_value(d, text);
}

/// Errors of type and range name the setting as the caller did, those of its check as it is
/// defined.
base::Result<SettingValue> parse_as_called(const SettingDefinition& d, std::string_view text,
                                           std::string_view name_given) {
  if (name_given.empty() || name_given == d.name) return parse_by_type(d, text);
  SettingDefinition called = d;
  called.name = name_given;
  return parse_by_type(called, text);
}

std::string enum_label(const SettingDefinition& d, int32_t value) {
  for (const EnumOption& option : d.options) {
    if (option.value == value) return std::string(option.label);
  }
  return {};
}

std::string integer_text(const SettingDefinition& d, int32_t value, bool with_unit) {
  if (d.has(setting_flag::kOctal)) return fmt::format("{:04o}", value);
  if (with_unit && value > 0 && d.unit != SettingUnit::kNone)
    return integer_with_unit(value, d.unit);
  return std::to_string(value);
}

std::string real_text(const SettingDefinition& d, double value, bool with_unit) {
  if (with_unit && value > 0 && d.unit != SettingUnit::kNone) return real_with_unit(value, d.unit);
  return print_real(value);
}

std::string print(const SettingDefinition& d, const SettingValue& value, bool with_unit) {
  switch (d.type) {
    case SettingType::kBool:
      return std::get<bool>(value) ? "on" : "off";
    case SettingType::kInteger:
      return integer_text(d, std::get<int32_t>(value), with_unit);
    case SettingType::kReal:
      return real_text(d, std::get<double>(value), with_unit);
    case SettingType::kString:
      return std::get<std::string>(value);
    case SettingType::kEnum:
      return enum_label(d, std::get<int32_t>(value));
  }
  return {};
}

}  // namespace

base::Result<SettingValue> parse_setting(const SettingDefinition& definition, std::string_view text,
                                         const CheckInput& input) {
  // C strings end here: PostgreSQL never sees what follows a zero byte, we do not let it in.
  if (text.find('\0') != std::string_view::npos) return invalid_value(definition, {});
  base::Result<SettingValue> value = parse_as_called(definition, text, input.name_given);
  if (!value || definition.check == nullptr) return value;
  base::Status checked = definition.check(definition, input, *value);
  if (!checked) return checked.take_error();
  return value;
}

std::string show_setting(const SettingDefinition& definition, const SettingValue& value) {
  return print(definition, value, true);
}

std::string raw_setting(const SettingDefinition& definition, const SettingValue& value) {
  return print(definition, value, false);
}

base::Error invalid_value(const SettingDefinition& definition, std::string_view text) {
  return {base::sqlstate::kInvalidParameterValue,
          fmt::format("invalid value for parameter \"{}\": \"{}\"", definition.name, text)};
}

bool parse_bool_word(std::string_view text, bool& value) {
  struct Word {
    std::string_view word;
    size_t shortest;
    bool value;
  };
  constexpr Word kWords[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true},
                             {"no", 1, false},  {"on", 2, true},     {"off", 2, false},
                             {"1", 1, true},    {"0", 1, false}};
  for (const Word& word : kWords) {
    if (text.size() < word.shortest || text.size() > word.word.size()) continue;
    if (!equal_ignoring_case(text, word.word.substr(0, text.size()))) continue;
    value = word.value;
    return true;
  }
  return false;
}

base::Result<std::string> join_set_arguments(const SettingDefinition& definition,
                                             const std::vector<std::string>& arguments) {
  if (arguments.size() != 1 && !definition.has(setting_flag::kList))
    return base::Error(base::sqlstate::kInvalidParameterValue,
                       fmt::format("SET {} takes only one argument", definition.name));
  std::string joined;
  for (const std::string& argument : arguments) {
    if (&argument != &arguments.front()) joined += ", ";
    joined += definition.has(setting_flag::kListQuote) ? quote_identifier(argument) : argument;
  }
  return joined;
}

}  // namespace isolde::sql
