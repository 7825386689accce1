#include "sql/settings/setting_units.hpp"

#include <cmath>
#include <cstdio>
#include <span>

namespace isolde::sql {

namespace {

struct UnitWord {
  std::string_view word;
  double size;  ///< in bytes, in microseconds
};

constexpr double kKilo = 1024;

// From the largest to the smallest.
constexpr UnitWord kMemoryUnits[] = {
    {"TB", kKilo* kKilo* kKilo* kKilo},
    {"GB", kKilo* kKilo* kKilo},
    {"MB", kKilo* kKilo},
    {"kB", kKilo},
    {"B", 1},
};
constexpr UnitWord kTimeUnits[] = {
    {"d", 86'400e6}, {"h", 3'600e6}, {"min", 60e6}, {"s", 1e6}, {"ms", 1e3}, {"us", 1},
};

std::span<const UnitWord> words_for(SettingUnit base) {
  if (is_time_unit(base)) return kTimeUnits;
  return kMemoryUnits;
}

double base_size(SettingUnit base) {
  switch (base) {
    case SettingUnit::kNone:
    case SettingUnit::kB:
      return 1;
    case SettingUnit::kKb:
      return kKilo;
    case SettingUnit::kBlocks:
      return 8 * kKilo;
    case SettingUnit::kMb:
      return kKilo * kKilo;
    case SettingUnit::kMs:
      return 1e3;
    case SettingUnit::kS:
      return 1e6;
    case SettingUnit::kMin:
      return 60e6;
  }
  return 1;
}

/// How many base units make one of `unit`.
double multiplier(const UnitWord& unit, SettingUnit base) {
  return unit.size / base_size(base);
}

}  // namespace

bool is_time_unit(SettingUnit unit) {
  return unit == SettingUnit::kMs || unit == SettingUnit::kS || unit == SettingUnit::kMin;
}

std::optional<double> to_base_unit(double amount, std::string_view unit_word, SettingUnit base) {
  auto words = words_for(base);
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].word != unit_word) continue;
    double value = amount * multiplier(words[i], base);
    if (i + 1 < words.size()) {
      double step = multiplier(words[i + 1], base);
      value = std::rint(value / step) * step;
    }
    return value;
  }
  return std::nullopt;
}

std::string integer_with_unit(int32_t amount, SettingUnit base) {
  for (const UnitWord& unit : words_for(base)) {
    double factor = multiplier(unit, base);
    if (factor > 1 && amount % static_cast<int64_t>(factor) != 0) continue;
    return std::to_string(std::llrint(amount / factor)).append(unit.word);
  }
  return std::to_string(amount);
}

std::string real_with_unit(double amount, SettingUnit base) {
  auto words = words_for(base);
  for (const UnitWord& unit : words) {
    double value = amount / multiplier(unit, base);
    bool whole = value > 0 && std::fabs(std::rint(value) / value - 1.0) <= 1e-8;
    if (whole || &unit == &words.back()) return print_real(value).append(unit.word);
  }
  return print_real(amount);
}

std::string print_real(double value) {
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[40];
  int length = std::snprintf(buffer, sizeof buffer, "%g", value);
  return {buffer, static_cast<size_t>(length)};
}

}  // namespace isolde::sql
