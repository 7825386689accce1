#include "sql/settings/session_settings.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sql/settings/setting_rows.hpp"
#include "sql/settings/setting_text.hpp"

namespace isolde::sql {
namespace {

using namespace std::chrono_literals;

constexpr SetBy kUser{SettingContext::kUser};
constexpr SetBy kClient{SettingContext::kBackend, SettingSource::kClient};
constexpr SetBy kLocal{SettingContext::kUser, SettingSource::kSession, SetAction::kLocal};
constexpr SetBy kSave{SettingContext::kUser, SettingSource::kSession, SetAction::kSave};
constexpr SetBy kRole{SettingContext::kSuperuser, SettingSource::kUser};

using Reports = std::vector<SessionSettings::Report>;

class SessionSettingsTest : public testing::Test {
 protected:
  std::string show(std::string_view name) { return *settings_.show(name); }
  void set(std::string_view name, std::string_view value, const SetBy& by = kUser) {
    auto status = settings_.set(name, value, by);
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
  std::string refusal(std::string_view name, std::string_view value, const SetBy& by = kUser) {
    auto status = settings_.set(name, value, by);
    return status.ok()
               ? ""
               : std::string(status.error().state().code()) + " " + status.error().message();
  }

  ServerSettings server_;
  SessionSettings settings_{server_.snapshot()};
};

TEST_F(SessionSettingsTest, FieldsFollow) {
  EXPECT_EQ(settings_.statement_timeout(), 0ns);
  set("statement_timeout", "1.5s");
  EXPECT_EQ(settings_.statement_timeout(), 1500ms);
  set("datestyle", "sql, dmy");
  EXPECT_EQ(settings_.fields().date_style, DateStyle::kSql);
  EXPECT_EQ(settings_.fields().date_order, DateOrder::kDmy);
  set("client_encoding", "sql_ascii");
  EXPECT_EQ(settings_.fields().client_encoding, ClientEncoding::kSqlAscii);
  ASSERT_TRUE(settings_.reset("statement_timeout", kUser).ok());
  EXPECT_EQ(settings_.statement_timeout(), 0ns);
}

TEST_F(SessionSettingsTest, UsersMayNotSetWhatSuperusersMay) {
  EXPECT_EQ(refusal("log_statement", "all"),
            "42501 permission denied to set parameter \"log_statement\"");
  EXPECT_EQ(refusal("log_connections", "on", kClient),
            "42501 permission denied to set parameter \"log_connections\"");
  EXPECT_EQ(
      refusal("log_connections", "on", {SettingContext::kSuperuserBackend, SettingSource::kClient}),
      "");
  EXPECT_EQ(refusal("log_connections", "on", {SettingContext::kSuperuser}),
            "55P02 parameter \"log_connections\" cannot be set after connection start");
  EXPECT_EQ(settings_.show("config_file").error().message(),
            "must be superuser or have privileges of pg_read_all_settings to examine "
            "\"config_file\"");
}

TEST_F(SessionSettingsTest, EncodingsWithoutConversionAreRefused) {
  EXPECT_EQ(refusal("client_encoding", "latin1"),
            "22023 invalid value for parameter \"client_encoding\": \"latin1\"");
}

TEST_F(SessionSettingsTest, ResetGoesBackToWhatTheClientAskedFor) {
  set("application_name", "psql", kClient);
  set("application_name", "other");
  EXPECT_EQ(show("application_name"), "other");
  settings_.reset_all();
  EXPECT_EQ(show("application_name"), "psql");
}

TEST_F(SessionSettingsTest, AWeakerSourceDoesNotDisplaceAStrongerOne) {
  set("work_mem", "2MB", kClient);
  set("work_mem", "1MB", kRole);
  EXPECT_EQ(show("work_mem"), "2MB");
  ASSERT_TRUE(settings_.reset("work_mem", kUser).ok());
  EXPECT_EQ(show("work_mem"), "2MB");
}

TEST_F(SessionSettingsTest, CustomSettingsComeIntoBeingWhenSet) {
  EXPECT_EQ(settings_.show("myapp.user").error().state(), base::sqlstate::kUndefinedObject);
  set("MyApp.user", "7");
  EXPECT_EQ(show("myapp.USER"), "7");
  ASSERT_TRUE(settings_.reset("myapp.user", kUser).ok());
  EXPECT_EQ(show("myapp.user"), "");
  for (const ShowAllRow& row : show_all_rows(settings_)) EXPECT_NE(row.name, "MyApp.user");
}

TEST_F(SessionSettingsTest, AFunctionsSettingsEndWithIt) {
  int transaction = settings_.begin_level();
  set("work_mem", "1MB");
  int function = settings_.begin_level();
  set("work_mem", "2MB", kSave);
  set("work_mem", "3MB", kLocal);
  EXPECT_EQ(show("work_mem"), "3MB");
  settings_.end_level(function, true);
  EXPECT_EQ(show("work_mem"), "1MB");
  settings_.end_level(transaction, true);
  EXPECT_EQ(show("work_mem"), "1MB");
}

TEST_F(SessionSettingsTest, EndingALevelEndsThoseAboveIt) {
  int transaction = settings_.begin_level();
  set("work_mem", "1MB");
  settings_.begin_level();
  set("work_mem", "2MB");
  settings_.begin_level();
  set("work_mem", "3MB", kLocal);
  settings_.end_level(transaction, false);
  EXPECT_EQ(settings_.level(), 0);
  EXPECT_EQ(show("work_mem"), "4MB");
}

TEST_F(SessionSettingsTest, TransactionModesAreWhatTheSessionSays) {
  int transaction = settings_.begin_level();
  settings_.set_transaction_modes(IsolationLevel::kSerializable, false, false);
  EXPECT_EQ(show("transaction_isolation"), "serializable");
  int savepoint = settings_.begin_level();
  set("transaction_read_only", "on", kLocal);
  EXPECT_TRUE(settings_.fields().transaction_read_only);
  settings_.end_level(savepoint, false);
  EXPECT_EQ(show("transaction_read_only"), "off");
  set("transaction_isolation", "repeatable read", kLocal);
  settings_.end_level(transaction, true);
  settings_.begin_level();
  settings_.set_transaction_modes(IsolationLevel::kReadCommitted, true, false);
  EXPECT_EQ(show("transaction_isolation"), "read committed");
  EXPECT_EQ(show("transaction_read_only"), "on");
}

TEST_F(SessionSettingsTest, ReportsComeOnceWithTheFinalValue) {
  EXPECT_EQ(settings_.all_reports().size(), 13u);
  set("application_name", "a");
  set("application_name", "b");
  set("statement_timeout", "5");
  EXPECT_EQ(settings_.take_reports(), (Reports{{"application_name", "b"}}));
  EXPECT_FALSE(settings_.has_reports());
}

TEST_F(SessionSettingsTest, WhatCameBackIsNotReported) {
  int transaction = settings_.begin_level();
  set("TimeZone", "Asia/Tokyo");
  settings_.end_level(transaction, false);
  EXPECT_EQ(settings_.take_reports(), Reports{});
  settings_.begin_level();
  set("TimeZone", "asia/tokyo", kLocal);
  EXPECT_EQ(settings_.take_reports(), (Reports{{"TimeZone", "Asia/Tokyo"}}));
  settings_.end_level(1, true);
  EXPECT_EQ(settings_.take_reports(), (Reports{{"TimeZone", "GMT"}}));
}

TEST_F(SessionSettingsTest, AReloadReachesWhatTheSessionDidNotSet) {
  set("work_mem", "1MB");
  FileSetting lines[] = {{"work_mem", "9MB", "f", 1}, {"DateStyle", "german", "f", 2}};
  ASSERT_TRUE(server_.reload(lines).errors.empty());
  uint32_t generation = settings_.generation();
  settings_.adopt(server_.snapshot());
  EXPECT_GT(settings_.generation(), generation);
  EXPECT_EQ(show("work_mem"), "1MB");
  EXPECT_EQ(show("DateStyle"), "German, DMY");
  EXPECT_EQ(settings_.fields().date_style, DateStyle::kGerman);
  EXPECT_EQ(settings_.take_reports(), (Reports{{"DateStyle", "German, DMY"}}));
  ASSERT_TRUE(settings_.reset("work_mem", kUser).ok());
  EXPECT_EQ(show("work_mem"), "9MB");
}

TEST_F(SessionSettingsTest, ReloadInsideATransactionSurvivesItsRollback) {
  int transaction = settings_.begin_level();
  set("work_mem", "1MB");
  FileSetting lines[] = {{"work_mem", "9MB", "f", 1}};
  ASSERT_TRUE(server_.reload(lines).errors.empty());
  settings_.adopt(server_.snapshot());
  settings_.end_level(transaction, false);
  EXPECT_EQ(show("work_mem"), "9MB");
}

class RefusingListener : public SettingsListener {
 public:
  base::Status check_setting(const SettingDefinition& d, const SettingValue&,
                             const SetBy&) override {
    if (d.name != "transaction_isolation") return {};
    return base::Error(base::sqlstate::kActiveSqlTransaction,
                       "SET TRANSACTION ISOLATION LEVEL must be called before any query");
  }
  void setting_changed(const SettingDefinition& d, const SettingValue& value) override {
    heard.push_back(std::string(d.name) + "=" + raw_setting(d, value));
  }
  std::vector<std::string> heard;
};

TEST_F(SessionSettingsTest, TheListenerMayRefuseAndHearsEveryChange) {
  RefusingListener listener;
  SessionSettings settings(server_.snapshot(), &listener);
  EXPECT_FALSE(settings.set("transaction_isolation", "serializable", kLocal).ok());
  settings.begin_level();
  ASSERT_TRUE(settings.set("work_mem", "1MB", kUser).ok());
  ASSERT_TRUE(settings.set("work_mem", "1MB", kUser).ok());
  settings.end_level(1, false);
  EXPECT_EQ(listener.heard, (std::vector<std::string>{"work_mem=1024", "work_mem=4096"}));
}

/// As a session does when its user changes.
class FollowingListener : public SettingsListener {
 public:
  void setting_changed(const SettingDefinition& d, const SettingValue& value) override {
    if (d.name != "role") return;
    bool super = std::get<std::string>(value) == "postgres";
    EXPECT_TRUE(settings->override_value("is_superuser", super ? "on" : "off").ok());
    EXPECT_TRUE(settings->override_value("session_authorization", "x").ok());
  }
  SessionSettings* settings = nullptr;
};

TEST_F(SessionSettingsTest, TheListenerMayOverrideOtherSettings) {
  FollowingListener listener;
  SessionSettings settings(server_.snapshot(), &listener);
  listener.settings = &settings;
  ASSERT_TRUE(settings.set("role", "postgres", kUser).ok());
  EXPECT_TRUE(settings.fields().is_superuser);
  ASSERT_TRUE(settings.reset("role", kUser).ok());
  EXPECT_FALSE(settings.fields().is_superuser);
  EXPECT_EQ(*settings.show("role"), "none");
}

TEST_F(SessionSettingsTest, SetTakesListsWhereTheSettingIsOne) {
  const auto& path = SettingsRegistry::instance().get("search_path");
  EXPECT_EQ(*join_set_arguments(path, {"a", "B c", "select", "$user"}),
            "a, \"B c\", \"select\", \"$user\"");
  EXPECT_EQ(*join_set_arguments(path, {""}), "\"\"");
  const auto& style = SettingsRegistry::instance().get("DateStyle");
  EXPECT_EQ(*join_set_arguments(style, {"iso", "dmy"}), "iso, dmy");
  const auto& timeout = SettingsRegistry::instance().get("statement_timeout");
  auto refused = join_set_arguments(timeout, {"1", "2"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(), "SET statement_timeout takes only one argument");
}

TEST_F(SessionSettingsTest, PgSettingsRows) {
  set("work_mem", "1MB");
  auto rows = pg_settings_rows(settings_);
  auto find = [&](std::string_view name) {
    return *std::ranges::find(rows, name, &PgSettingsRow::name);
  };
  PgSettingsRow row = find("work_mem");
  EXPECT_EQ(row.setting, "1024");
  EXPECT_EQ(row.unit, "kB");
  EXPECT_EQ(row.category, "Resource Usage / Memory");
  EXPECT_EQ(row.context, "user");
  EXPECT_EQ(row.vartype, "integer");
  EXPECT_EQ(row.source, "session");
  EXPECT_EQ(row.min_val, "64");
  EXPECT_EQ(row.max_val, "2147483647");
  EXPECT_EQ(row.boot_val, "4096");
  EXPECT_EQ(row.reset_val, "4096");
  EXPECT_EQ(row.sourcefile, std::nullopt);
  EXPECT_EQ(find("log_statement").enumvals,
            (std::vector<std::string>{"none", "ddl", "mod", "all"}));
  EXPECT_EQ(std::ranges::find(rows, "session_authorization", &PgSettingsRow::name), rows.end());
  EXPECT_EQ(std::ranges::find(rows, "config_file", &PgSettingsRow::name), rows.end());
}

TEST(ServerSettings, TheCommandLineOutweighsTheFile) {
  ServerSettings server;
  ASSERT_TRUE(server.set_command_line("port", "5555").ok());
  FileSetting lines[] = {{"port", "6000", "f", 1}, {"max_connections", "7", "f", 2}};
  EXPECT_TRUE(server.load(lines).empty());
  EXPECT_EQ(server.snapshot()->integer("port"), 5555);
  EXPECT_EQ(server.snapshot()->integer("max_connections"), 7);
}

TEST(ServerSettings, TheLastLineOfANameWinsAndComplaintsNameTheirLine) {
  ServerSettings server;
  FileSetting lines[] = {{"work_mem", "bad", "a.conf", 1},
                         {"nosuch", "1", "a.conf", 2},
                         {"WORK_MEM", "8MB", "a.conf", 3},
                         {"ext.thing", "x", "a.conf", 4},
                         {"server_version", "9", "a.conf", 5}};
  auto errors = server.load(lines);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].message(), "unrecognized configuration parameter \"nosuch\"");
  EXPECT_EQ(errors[0].fields().context, "configuration file \"a.conf\" line 2");
  EXPECT_EQ(errors[1].message(), "parameter \"server_version\" cannot be changed");
  SessionSettings session(server.snapshot());
  EXPECT_EQ(*session.show("work_mem"), "8MB");
  EXPECT_EQ(*session.show("ext.thing"), "x");
  EXPECT_EQ(session.origin(*session.find("work_mem")).line, 3);
  ASSERT_TRUE(session.set("ext.thing", "y", kUser).ok());
  EXPECT_EQ(*session.show("ext.thing"), "y");
}

TEST(ServerSettings, ReloadAppliesWhatItCanAndNotesTheRest) {
  ServerSettings server;
  FileSetting first[] = {{"work_mem", "8MB", "f", 1}, {"max_connections", "7", "f", 2}};
  EXPECT_TRUE(server.load(first).empty());
  ASSERT_TRUE(server.set_default("hba_file", "/x/hba.conf").ok());
  uint64_t generation = server.generation();
  FileSetting second[] = {{"max_connections", "8", "f", 1}, {"fsync", "off", "f", 2}};
  auto reload = server.reload(second);
  EXPECT_EQ(reload.changes,
            (std::vector<std::string>{
                "parameter \"fsync\" changed to \"off\"",
                "parameter \"work_mem\" removed from configuration file, reset to default"}));
  ASSERT_EQ(reload.errors.size(), 1u);
  EXPECT_EQ(reload.errors[0].message(),
            "parameter \"max_connections\" cannot be changed without restarting the server");
  auto now = server.snapshot();
  EXPECT_GT(server.generation(), generation);
  EXPECT_EQ(now->integer("max_connections"), 7);
  EXPECT_TRUE(now->at(SettingsRegistry::instance().get("max_connections")).pending_restart);
  EXPECT_EQ(now->integer("work_mem"), 4096);
  EXPECT_EQ(now->text("hba_file"), "/x/hba.conf");
  EXPECT_TRUE(server.reload(first).errors.empty());
  EXPECT_FALSE(
      server.snapshot()->at(SettingsRegistry::instance().get("max_connections")).pending_restart);
}

}  // namespace
}  // namespace isolde::sql
