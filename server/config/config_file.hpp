#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "sql/settings/server_settings.hpp"

namespace isolde::server {

/// What a configuration file says, in postgresql.conf's syntax, with the files it includes in the
/// places where it includes them. A later line of the same name outweighs an earlier one; that is
/// left to ServerSettings.
struct ConfigFile {
  std::vector<sql::FileSetting> settings;
  std::vector<base::Error> errors;  ///< the lines that make no sense are left out of `settings`
};

ConfigFile read_config_file(const std::string& path);

/// The same for a text at hand; `path` is for messages and for what it includes.
ConfigFile parse_config_text(std::string_view text, const std::string& path);

}  // namespace isolde::server
