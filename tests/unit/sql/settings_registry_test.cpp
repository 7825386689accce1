#include "sql/settings/registry.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sql/settings/setting_fields.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {
namespace {

const SettingsRegistry& registry() {
  return SettingsRegistry::instance();
}

TEST(SettingsRegistry, NamesAreUniqueSortedAndFoundInAnyCase) {
  ASSERT_GE(registry().size(), 150u);
  for (size_t i = 1; i < registry().size(); ++i)
    EXPECT_TRUE(less_ignoring_case(registry().all()[i - 1].name, registry().all()[i].name));
  for (const SettingDefinition& d : registry().all()) {
    EXPECT_EQ(registry().find(lowered(d.name)), &d);
    EXPECT_EQ(registry().all()[d.index].name, d.name);
    EXPECT_FALSE(d.category.empty());
    EXPECT_FALSE(d.short_desc.empty()) << d.name;
  }
  EXPECT_EQ(registry().find("TIMEZONE"), registry().find("TimeZone"));
  EXPECT_EQ(registry().find("nosuch"), nullptr);
}

TEST(SettingsRegistry, EveryDefaultPassesItsOwnChecks) {
  SettingFields fields;
  for (const SettingDefinition& d : registry().all()) {
    std::string text = raw_setting(d, d.boot_value());
    auto parsed = parse_setting(d, text, {fields, d.boot_text, {}});
    ASSERT_TRUE(parsed.ok()) << d.name << ": " << parsed.error().message();
    EXPECT_EQ(*parsed, d.boot_value()) << d.name;
    auto shown = parse_setting(d, show_setting(d, d.boot_value()), {fields, d.boot_text, {}});
    ASSERT_TRUE(shown.ok()) << d.name << ": " << shown.error().message();
    EXPECT_EQ(*shown, d.boot_value()) << d.name;
  }
}

TEST(SettingsRegistry, FieldsStartAsTheDefaultsSay) {
  SettingFields fields;
  for (const SettingDefinition& d : registry().all()) {
    if (d.assign == nullptr || d.read == nullptr) continue;
    d.assign(fields, d.boot_value());
    EXPECT_EQ(d.read(fields), d.boot_value()) << d.name;
  }
}

TEST(SettingsRegistry, ReportsWhatDriversRelyOn) {
  std::set<std::string_view> reported;
  for (const SettingDefinition& d : registry().all()) {
    if (d.has(setting_flag::kReport)) reported.insert(d.name);
  }
  EXPECT_EQ(reported, (std::set<std::string_view>{
                          "DateStyle", "IntervalStyle", "TimeZone", "application_name",
                          "client_encoding", "default_transaction_read_only", "in_hot_standby",
                          "integer_datetimes", "is_superuser", "server_encoding", "server_version",
                          "session_authorization", "standard_conforming_strings"}));
}

TEST(SettingsRegistry, CustomNames) {
  EXPECT_TRUE(check_custom_name("myapp.user_id").ok());
  EXPECT_TRUE(check_custom_name("a.b.c").ok());
  EXPECT_EQ(check_custom_name("nosuch").error().message(),
            "unrecognized configuration parameter \"nosuch\"");
  EXPECT_EQ(check_custom_name("nosuch").error().state(), base::sqlstate::kUndefinedObject);
  for (const char* name : {"foo.", ".foo", "foo bar.x", "foo.1", "foo..x", "1a.b"}) {
    auto status = check_custom_name(name);
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().state(), base::sqlstate::kInvalidName);
    EXPECT_EQ(status.error().fields().detail,
              "Custom parameter names must be two or more simple identifiers separated by dots.");
  }
  auto reserved = check_custom_name("isolde.nosuch");
  ASSERT_FALSE(reserved.ok());
  EXPECT_EQ(reserved.error().fields().detail, "\"isolde\" is a reserved prefix.");
}

}  // namespace
}  // namespace isolde::sql
