#pragma once

#include <string_view>

namespace isolde::server {

// conf/isolde.conf and conf/hba.conf, built into the program: a new data directory gets a copy.
std::string_view sample_config();
std::string_view sample_hba();

}  // namespace isolde::server
