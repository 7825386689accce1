#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace isolde::server {

/// The whole content of a configuration file.
base::Result<std::string> read_text_file(const std::string& path);
/// The names in a directory, sorted.
base::Result<std::vector<std::string>> list_directory(const std::string& path);

/// `path` as seen from the directory of `from`: files named inside a file are relative to it.
std::string path_beside(const std::string& from, std::string_view path);

}  // namespace isolde::server
