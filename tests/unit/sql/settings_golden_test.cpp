#include "settings_golden.hpp"

#include <gtest/gtest.h>

#include "sql/settings/session_settings.hpp"

namespace isolde::sql {
namespace {

constexpr SetBy kSuperuser{SettingContext::kSuperuser};

TEST(SettingsGolden, EveryAnswerIsPostgres) {
  auto server = std::make_shared<SettingsSnapshot>();
  for (const GoldenSetting& expected : kGoldenSettings) {
    SessionSettings settings(server);
    ASSERT_TRUE(settings.override_value("is_superuser", "on").ok());
    SCOPED_TRACE(std::string(expected.name) + " = '" + expected.value + "'");
    auto status = settings.set(expected.name, expected.value, kSuperuser);
    if (*expected.sqlstate == '\0') {
      EXPECT_TRUE(status.ok()) << status.error().message();
      auto shown = settings.show(expected.name);
      ASSERT_TRUE(shown.ok());
      EXPECT_EQ(*shown, expected.shown);
      continue;
    }
    ASSERT_FALSE(status.ok()) << *settings.show(expected.name);
    EXPECT_EQ(status.error().state().code(), expected.sqlstate);
    EXPECT_EQ(status.error().message(), expected.message);
    EXPECT_EQ(status.error().fields().detail, expected.detail);
    EXPECT_EQ(status.error().fields().hint, expected.hint);
  }
}

}  // namespace
}  // namespace isolde::sql
