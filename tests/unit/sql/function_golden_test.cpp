#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sql/types/time_zone.hpp"
#include "tests/unit/sql/function_evaluator.hpp"

// Every file in function_golden/ holds expressions and what PostgreSQL 15 makes of them, recorded
// by function_golden/record.py:
//
//   # set timezone Europe/Berlin
//   > 1 / 0
//   ! 22012 division by zero

namespace isolde::sql {
namespace {

/// The test may run from anywhere: looks above the program itself.
std::filesystem::path golden_folder() {
  auto at = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  while (!std::filesystem::exists(at / "tests/unit/sql/function_golden") && at != at.root_path()) {
    at = at.parent_path();
  }
  return at / "tests/unit/sql/function_golden";
}

void apply_setting(OutputStyle& style, const std::string& name, const std::string& value) {
  if (name == "timezone") style.time_zone = find_time_zone(value);
  if (name == "bytea_output") style.bytea_output = ByteaOutput::kEscape;
  if (name == "extra_float_digits")
    style.extra_float_digits = static_cast<int8_t>(std::stoi(value));
  if (name == "intervalstyle") {
    style.interval_style = value == "sql_standard"       ? IntervalStyle::kSqlStandard
                           : value == "iso_8601"         ? IntervalStyle::kIso8601
                           : value == "postgres_verbose" ? IntervalStyle::kPostgresVerbose
                                                         : IntervalStyle::kPostgres;
  }
  if (name == "datestyle") {
    style.date_format = value.starts_with("SQL")        ? DateFormat::kSql
                        : value.starts_with("Postgres") ? DateFormat::kPostgres
                        : value.starts_with("German")   ? DateFormat::kGerman
                                                        : DateFormat::kIso;
    style.date_order = value.ends_with("DMY")   ? DateOrder::kDmy
                       : value.ends_with("YMD") ? DateOrder::kYmd
                                                : DateOrder::kMdy;
  }
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, agrees_with_postgresql) {
  std::ifstream file(golden_folder() / (GetParam() + ".txt"));
  ASSERT_TRUE(file.is_open());
  OutputStyle style;
  std::string line;
  int cases = 0;
  int number = 0;
  while (std::getline(file, line)) {
    ++number;
    if (line.starts_with("# set ")) {
      size_t space = line.find(' ', 6);
      apply_setting(style, line.substr(6, space - 6), line.substr(space + 1));
    }
    if (!line.starts_with("> ")) continue;
    std::string expression = line.substr(2);
    std::string expected;
    for (std::string more; file.peek() != '>' && file.peek() != '#' && std::getline(file, more);) {
      ++number;
      expected += (expected.empty() ? "" : "\n") + more;
    }
    ExpressionReader evaluator(style);
    EXPECT_EQ(evaluator.evaluate(expression), expected)
        << GetParam() << ".txt:" << number << ": " << expression;
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

std::vector<std::string> golden_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(golden_files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace isolde::sql
