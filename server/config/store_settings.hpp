#pragma once

#include "sql/settings/server_settings.hpp"
#include "storage/store.hpp"

namespace isolde::server {

/// What the server's settings mean for storage.
storage::StoreOptions store_options(const sql::SettingsSnapshot& settings);

}  // namespace isolde::server
