#pragma once

#include <string>

namespace isolde::server {

/// `isolde --check` and `isolde --waldump`: look at a data directory that no server has open, print
/// lines, and return the program's exit status.
int run_check(const std::string& data_directory);
int run_waldump(const std::string& data_directory);

}  // namespace isolde::server
