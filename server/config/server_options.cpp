#include "server/config/server_options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isolde::server {

namespace {

using Mode = ServerOptions::Mode;

base::Error usage_error(std::string message) {
  return {base::sqlstate::kSyntaxError, message + "; try --help"};
}

class OptionReader {
 public:
  explicit OptionReader(std::span<const char* const> arguments) : rest_(arguments) {}

  base::Result<ServerOptions> read() {
    while (!rest_.empty()) {
      std::string_view argument = rest_.front();
      rest_ = rest_.subspan(1);
      base::Status taken =
          argument.starts_with("--") ? long_option(argument) : short_option(argument);
      if (!taken) return taken.take_error();
    }
    return std::move(options_);
  }

 private:
  base::Status short_option(std::string_view argument) {
    constexpr std::string_view kWithValue = "Dphc";
    if (argument == "-V") return set_mode(Mode::kVersion);
    if (argument.size() < 2 || argument.front() != '-')
      return usage_error(fmt::format("unexpected argument \"{}\"", argument));
    if (kWithValue.find(argument[1]) == std::string_view::npos)
      return usage_error(fmt::format("unknown option \"{}\"", argument));
    auto value = value_of(argument.substr(0, 2), argument.substr(2));
    if (!value) return value.take_error();
    switch (argument[1]) {
      case 'D':
        options_.data_directory = *value;
        return {};
      case 'p':
        options_.settings.emplace_back("port", *value);
        return {};
      case 'h':
        options_.settings.emplace_back("listen_addresses", *value);
        return {};
      default:
        return setting(*value, *value);
    }
  }

  base::Status long_option(std::string_view argument) {
    std::string_view name = argument.substr(2, argument.find('=') - 2);
    if (argument == "--version") return set_mode(Mode::kVersion);
    if (argument == "--help") return set_mode(Mode::kHelp);
    if (argument == "--check") return set_mode(Mode::kCheck);
    if (argument == "--waldump") return set_mode(Mode::kWaldump);
    if (name == "config") return config_file(argument);
    if (argument.find('=') == std::string_view::npos)
      return usage_error(fmt::format("unknown option \"{}\"", argument));
    return setting(argument.substr(2), argument);
  }

  base::Status config_file(std::string_view argument) {
    constexpr std::string_view kWithEquals = "--config=";
    bool joined = argument.starts_with(kWithEquals);
    auto value = joined ? std::string(argument.substr(kWithEquals.size())) : std::string();
    if (!joined) {
      auto next = value_of(argument, {});
      if (!next) return next.take_error();
      value = *next;
    }
    if (value.empty()) return usage_error("option --config needs a file name");
    options_.config_file = value;
    return {};
  }

  /// name=value, where the name may be written with dashes.
  base::Status setting(std::string_view assignment, std::string_view argument) {
    size_t equals = assignment.find('=');
    if (equals == 0 || equals == std::string_view::npos)
      return usage_error(fmt::format("\"{}\" is not of the form name=value", argument));
    std::string name(assignment.substr(0, equals));
    std::ranges::replace(name, '-', '_');
    options_.settings.emplace_back(std::move(name), assignment.substr(equals + 1));
    return {};
  }

  base::Result<std::string> value_of(std::string_view option, std::string_view joined) {
    if (!joined.empty()) return std::string(joined);
    if (rest_.empty()) return usage_error(fmt::format("option {} needs a value", option));
    std::string value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }

  base::Status set_mode(Mode mode) {
    options_.mode = mode;
    return {};
  }

  std::span<const char* const> rest_;
  ServerOptions options_;
};

}  // namespace

base::Result<ServerOptions> parse_server_options(std::span<const char* const> arguments) {
  return OptionReader(arguments).read();
}

std::string_view server_help() {
  return R"(isolde: a SQL server whose concurrency control can be swapped

Usage: isolde [-D DATADIR] [-p PORT] [-h ADDRESS] [-c NAME=VALUE]...

  -D DATADIR       the data directory, created when missing (default ./isolde-data)
  -p PORT          the port (default 5433)
  -h ADDRESS       the address to listen on (default 127.0.0.1)
  -c NAME=VALUE    sets NAME, above the configuration file; also --NAME=VALUE
  --config FILE    the configuration file (default DATADIR/isolde.conf)
  --check          checks the data directory and exits
  --waldump        prints the write-ahead log and exits
  -V, --version    prints the version and exits
  --help           prints this and exits
)";
}

}  // namespace isolde::server
