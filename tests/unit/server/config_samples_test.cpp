#include <gtest/gtest.h>

#include <filesystem>

#include "server/auth/hba.hpp"
#include "server/config/config_file.hpp"
#include "server/config/files.hpp"
#include "sql/settings/server_settings.hpp"
#include "sql/settings/setting_text.hpp"

namespace isolde::server {
namespace {

/// The checkout's conf folder, from wherever in it the tests are run.
std::string sample(const std::string& name) {
  auto directory = std::filesystem::current_path();
  while (!std::filesystem::exists(directory / "conf" / name) && directory.has_relative_path())
    directory = directory.parent_path();
  return (directory / "conf" / name).string();
}

/// The lines "#name = value" without their '#'.
std::string uncommented(const std::string& text) {
  std::string result = text;
  for (size_t i = 0; i + 1 < result.size(); ++i) {
    bool line_start = i == 0 || result[i - 1] == '\n';
    if (line_start && result[i] == '#' && result[i + 1] != ' ' && result[i + 1] != '\n')
      result[i] = ' ';
  }
  return result;
}

TEST(Samples, IsoldeConfShowsTheDefaults) {
  auto text = read_text_file(sample("isolde.conf"));
  ASSERT_TRUE(text.ok()) << text.error().message();
  EXPECT_TRUE(parse_config_text(*text, "isolde.conf").settings.empty());
  ConfigFile file = parse_config_text(uncommented(*text), "isolde.conf");
  EXPECT_GT(file.settings.size(), 40u);
  for (const auto& error : file.errors) ADD_FAILURE() << error.message();
  sql::ServerSettings server;
  for (const auto& error : server.load(file.settings)) ADD_FAILURE() << error.message();
  for (const auto& setting : file.settings) {
    const auto& definition = sql::SettingsRegistry::instance().get(setting.name);
    EXPECT_EQ(server.snapshot()->at(definition).value, definition.boot_value()) << setting.name;
  }
}

TEST(Samples, HbaConfLetsInWhoIsOnThisMachine) {
  auto rules = HbaRules::load(sample("hba.conf"));
  ASSERT_TRUE(rules.ok()) << rules.error().message();
  ASSERT_EQ(rules->rules().size(), 3u);
  for (const HbaRule& rule : rules->rules()) EXPECT_EQ(rule.method, HbaMethod::kTrust);
}

}  // namespace
}  // namespace isolde::server
