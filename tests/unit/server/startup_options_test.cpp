#include <gtest/gtest.h>

#include "server/session/startup.hpp"

namespace isolde::server {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

TEST(StartupOptions, BothSpellings) {
  EXPECT_EQ(*parse_startup_options("-c statement_timeout=5s --work-mem=4MB -cgeqo=off"),
            (Settings{{"statement_timeout", "5s"}, {"work_mem", "4MB"}, {"geqo", "off"}}));
}

TEST(StartupOptions, BackslashQuotesABlank) {
  EXPECT_EQ(*parse_startup_options(R"(-c application_name=two\ words\\)"),
            (Settings{{"application_name", "two words\\"}}));
}

TEST(StartupOptions, NothingAndBlanks) {
  EXPECT_TRUE(parse_startup_options("  \t ")->empty());
}

TEST(StartupOptions, AnythingElseIsRefused) {
  for (const char* bad : {"-c", "-c =x", "-x", "plain", "--novalue"}) {
    auto parsed = parse_startup_options(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().state(), base::sqlstate::kSyntaxError);
  }
}

}  // namespace
}  // namespace isolde::server
