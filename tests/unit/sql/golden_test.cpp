// Replays tests/unit/sql/golden/*.golden, which record.py recorded from PostgreSQL 15.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

struct Case {
  std::string query;
  std::vector<std::string> answer;
  int line = 0;
};

std::string unescaped(std::string_view line) {
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    bool line_break = line.substr(i, 2) == "\\n";
    text += line_break ? '\n' : line[i];
    if (line_break) ++i;
  }
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

/// golden/differences.txt: what is known not to be PostgreSQL's answer, as "file:line: statement".
/// Such a statement must still differ: one that has become right is to be taken off the list.
std::set<std::string> known_differences(const std::filesystem::path& golden) {
  std::set<std::string> known;
  std::ifstream file(golden.parent_path() / "differences.txt");
  for (std::string line; std::getline(file, line);) known.insert(line);
  return known;
}

class GoldenQueries : public testing::TestWithParam<std::string> {};

void replay(const std::string& path) {
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  auto session = std::make_unique<TestSession>();
  std::string line;
  int number = 0;
  Case current;
  int failures = 0;
  const std::set<std::string> known = known_differences(path);
  const std::string name = std::filesystem::path(path).stem().string();
  auto check = [&] {
    if (current.query.empty()) return;
    auto answer = session->query(unescaped(current.query));
    answer.push_back("Z: " +
                     std::string(1, static_cast<char>(session->session().transaction_status())));
    const bool listed =
        known.contains(name + ":" + std::to_string(current.line) + ": " + current.query);
    if (listed && answer == current.answer) {
      ADD_FAILURE() << path << ":" << current.line << ": " << current.query
                    << "\nis right now: take it off differences.txt";
    }
    if (!listed && answer != current.answer && ++failures <= 400) {
      ADD_FAILURE() << path << ":" << current.line << ": " << current.query << "\nexpected\n"
                    << joined(current.answer) << "got\n"
                    << joined(answer);
    }
    current = {};
  };
  while (std::getline(file, line)) {
    ++number;
    if (line == "--- session") {
      check();
      session = std::make_unique<TestSession>();
    } else if (line.starts_with("Q: ")) {
      check();
      current = {line.substr(3), {}, number};
    } else if (!line.empty() && !line.starts_with("--")) {
      current.answer.push_back(line);
    }
  }
  check();
}

TEST_P(GoldenQueries, AnswersLikePostgres) {
  replay(GetParam());
}

/// Wherever in the source tree the test is started from.
std::filesystem::path golden_folder() {
  auto here = std::filesystem::current_path();
  while (!std::filesystem::exists(here / "tests/unit/sql/golden") && here.has_relative_path()) {
    here = here.parent_path();
  }
  return here / "tests/unit/sql/golden";
}

std::vector<std::string> golden_files() {
  std::vector<std::string> files;
  auto folder = golden_folder();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".golden") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenQueries, testing::ValuesIn(golden_files()),
                         [](const auto& info) {
                           return std::filesystem::path(info.param).stem().string();
                         });

}  // namespace

}  // namespace isolde::sql
