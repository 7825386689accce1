#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace isolde::server {

/// The command line.
struct ServerOptions {
  enum class Mode : uint8_t {
    kServe,
    kCheck,    ///< verify the data directory and leave
    kWaldump,  ///< print the write-ahead log and leave
    kVersion,
    kHelp,
  };
  Mode mode = Mode::kServe;
  std::string data_directory = "./isolde-data";
  std::string config_file;  ///< empty: not given
  /// -c name=value, --name=value, -p and -h, in their order.
  std::vector<std::pair<std::string, std::string>> settings;
};

/// `arguments` without the program's name. The error is one clear line.
base::Result<ServerOptions> parse_server_options(std::span<const char* const> arguments);

/// What --help prints.
std::string_view server_help();

}  // namespace isolde::server
