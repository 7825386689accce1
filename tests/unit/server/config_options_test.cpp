#include <gtest/gtest.h>

#include "server/config/server_options.hpp"

namespace isolde::server {
namespace {

using Mode = ServerOptions::Mode;
using Settings = std::vector<std::pair<std::string, std::string>>;

base::Result<ServerOptions> parse(std::vector<const char*> arguments) {
  return parse_server_options(arguments);
}

TEST(ServerOptions, Defaults) {
  auto options = parse({});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->mode, Mode::kServe);
  EXPECT_EQ(options->data_directory, "./isolde-data");
  EXPECT_TRUE(options->settings.empty());
}

TEST(ServerOptions, EveryOption) {
  auto options = parse({"-D", "/data", "-p5555", "-h", "::1", "-c", "work_mem=1MB", "-cfsync=off",
                        "--log-statement=all", "--config", "x.conf", "--check"});
  ASSERT_TRUE(options.ok()) << options.error().message();
  EXPECT_EQ(options->data_directory, "/data");
  EXPECT_EQ(options->config_file, "x.conf");
  EXPECT_EQ(options->mode, Mode::kCheck);
  EXPECT_EQ(options->settings, (Settings{{"port", "5555"},
                                         {"listen_addresses", "::1"},
                                         {"work_mem", "1MB"},
                                         {"fsync", "off"},
                                         {"log_statement", "all"}}));
  EXPECT_EQ(parse({"--config=y.conf"})->config_file, "y.conf");
  EXPECT_EQ(parse({"--waldump"})->mode, Mode::kWaldump);
  EXPECT_EQ(parse({"-V"})->mode, Mode::kVersion);
  EXPECT_EQ(parse({"--version"})->mode, Mode::kVersion);
  EXPECT_EQ(parse({"--help"})->mode, Mode::kHelp);
}

TEST(ServerOptions, WrongOnesSaySoInOneLine) {
  auto complaint = [](std::vector<const char*> arguments) {
    auto options = parse(std::move(arguments));
    return options.ok() ? "" : options.error().message();
  };
  EXPECT_EQ(complaint({"-x"}), "unknown option \"-x\"; try --help");
  EXPECT_EQ(complaint({"--nonsense"}), "unknown option \"--nonsense\"; try --help");
  EXPECT_EQ(complaint({"-p"}), "option -p needs a value; try --help");
  EXPECT_EQ(complaint({"-c", "work_mem"}),
            "\"work_mem\" is not of the form name=value; try --help");
  EXPECT_EQ(complaint({"-c", "=1"}), "\"=1\" is not of the form name=value; try --help");
  EXPECT_EQ(complaint({"data"}), "unexpected argument \"data\"; try --help");
  EXPECT_EQ(complaint({"--config"}), "option --config needs a value; try --help");
  EXPECT_EQ(complaint({"--config="}), "option --config needs a file name; try --help");
}

}  // namespace
}  // namespace isolde::server
