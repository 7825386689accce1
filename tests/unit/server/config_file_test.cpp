#include "server/config/config_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/config/config_lexer.hpp"

namespace isolde::server {
namespace {

namespace fs = std::filesystem;

std::string value_of(std::string_view line) {
  ConfigFile file = parse_config_text(line, "x.conf");
  if (!file.errors.empty()) return "error: " + file.errors[0].message();
  if (file.settings.size() != 1) return "not one setting";
  return file.settings[0].name + "=" + file.settings[0].value;
}

TEST(ConfigFile, ValuesInEverySpelling) {
  EXPECT_EQ(value_of("port = 5433"), "port=5433");
  EXPECT_EQ(value_of("port 5433 # the port"), "port=5433");
  EXPECT_EQ(value_of("  work_mem=64MB\r\n"), "work_mem=64MB");
  EXPECT_EQ(value_of("a = on"), "a=on");
  EXPECT_EQ(value_of("a = -1.5e3"), "a=-1.5e3");
  EXPECT_EQ(value_of("a = 0x1F"), "a=0x1F");
  EXPECT_EQ(value_of("a = .5s"), "a=.5s");
  EXPECT_EQ(value_of("a = dir/file-1.2:3"), "a=dir/file-1.2:3");
  EXPECT_EQ(value_of("my.thing = 'x'"), "my.thing=x");
  EXPECT_EQ(value_of("a = ''"), "a=");
  EXPECT_EQ(value_of("a = 'it''s # no comment'"), "a=it's # no comment");
  EXPECT_EQ(value_of(R"(a = 'it\'s \t\\ \101\x')"), "a=it's \t\\ Ax");
  EXPECT_EQ(value_of("\n\n# nothing\n a='b'"), "a=b");
}

TEST(ConfigFile, SyntaxErrorsNameFileLineAndToken) {
  EXPECT_EQ(value_of("a ="), "error: syntax error in file \"x.conf\" line 1, near end of line");
  EXPECT_EQ(value_of("a"), "error: syntax error in file \"x.conf\" line 1, near end of line");
  EXPECT_EQ(value_of("\na = b c"),
            "error: syntax error in file \"x.conf\" line 2, near token \"c\"");
  EXPECT_EQ(value_of("a = 127.0.0.1"),
            "error: syntax error in file \"x.conf\" line 1, near token \".0\"");
  EXPECT_EQ(value_of("a = 'open"),
            "error: syntax error in file \"x.conf\" line 1, near token \"'\"");
  EXPECT_EQ(value_of("= 5"), "error: syntax error in file \"x.conf\" line 1, near token \"=\"");
  EXPECT_EQ(value_of("a..b = 5"),
            "error: syntax error in file \"x.conf\" line 1, near token \"a..b\"");
  EXPECT_EQ(value_of("a == 5"), "error: syntax error in file \"x.conf\" line 1, near token \"=\"");
}

TEST(ConfigFile, OneBadLineDoesNotHideTheOthers) {
  ConfigFile file = parse_config_text("a = 1\n;;\nb = 2\n?\nc = 3", "x.conf");
  ASSERT_EQ(file.settings.size(), 3u);
  EXPECT_EQ(file.settings[2].line, 5);
  EXPECT_EQ(file.errors.size(), 2u);
}

TEST(ConfigFile, GivesUpAfterAHundredErrors) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "?\n";
  ConfigFile file = parse_config_text(text, "x.conf");
  ASSERT_EQ(file.errors.size(), 101u);
  EXPECT_EQ(file.errors.back().message(),
            "too many syntax errors found, abandoning file \"x.conf\"");
}

class ConfigIncludeTest : public testing::Test {
 protected:
  ConfigIncludeTest() {
    std::string pattern = (fs::temp_directory_path() / "isolde-config-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~ConfigIncludeTest() override { fs::remove_all(directory_); }

  std::string write(const std::string& name, std::string_view text) {
    fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  fs::path directory_;
};

TEST_F(ConfigIncludeTest, IncludedFilesStandWhereTheyAreIncluded) {
  write("more/b.conf", "b = 2\ninclude 'c.conf'");
  write("more/c.conf", "c = 3");
  write("dir/2.conf", "d2 = 1");
  write("dir/1.conf", "d1 = 1");
  write("dir/.hidden.conf", "no = 1");
  write("dir/readme.txt", "no = 1");
  std::string path = write("a.conf",
                           "a = 1\ninclude 'more/b.conf'\ninclude_if_exists 'nosuch.conf'\n"
                           "include_dir = 'dir'\nz = 9\n");
  ConfigFile file = read_config_file(path);
  EXPECT_TRUE(file.errors.empty());
  std::string order;
  for (const auto& setting : file.settings) order += setting.name + " ";
  EXPECT_EQ(order, "a b c d1 d2 z ");
  EXPECT_EQ(file.settings[2].file, (directory_ / "more/c.conf").string());
  EXPECT_EQ(file.settings.back().line, 5);
}

TEST_F(ConfigIncludeTest, WhatCannotBeReadIsAnError) {
  std::string path = write("a.conf", "include 'nosuch.conf'\ninclude_dir 'nosuch'\ninclude ''\n");
  ConfigFile file = read_config_file(path);
  ASSERT_EQ(file.errors.size(), 3u);
  EXPECT_EQ(file.errors[0].message(), "could not open file \"" +
                                          (directory_ / "nosuch.conf").string() +
                                          "\": No such file or directory");
}

TEST_F(ConfigIncludeTest, AFileThatIncludesItselfEnds) {
  std::string path = write("a.conf", "a = 1\ninclude 'a.conf'\n");
  ConfigFile file = read_config_file(path);
  ASSERT_EQ(file.errors.size(), 1u);
  EXPECT_NE(file.errors[0].message().find("maximum nesting depth exceeded"), std::string::npos);
}

}  // namespace
}  // namespace isolde::server
