#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr SettingDefinition kPresetOptions[] = {
    integer("block_size", kInternal, 8192, {8192, 8192}, kNone, "Shows the size of a disk block."),
    boolean("data_checksums", kInternal, true,
            "Shows whether data checksums are turned on for this cluster."),
    boolean("debug_assertions", kInternal, false,
            "Shows whether the running server has assertion checks enabled."),
    boolean("in_hot_standby", kInternal, false, "Shows whether hot standby is currently active.") |
        with(kReport),
    boolean("integer_datetimes", kInternal, true, "Shows whether datetimes are integer based.") |
        with(kReport),
    text("lc_collate", kInternal, "C", "Shows the collation order locale."),
    text("lc_ctype", kInternal, "C",
         "Shows the character classification and case conversion locale."),
    integer("max_function_args", kInternal, 100, {100, 100}, kNone,
            "Shows the maximum number of function arguments."),
    integer("max_identifier_length", kInternal, 63, {63, 63}, kNone,
            "Shows the maximum identifier length."),
    integer("max_index_keys", kInternal, 32, {32, 32}, kNone,
            "Shows the maximum number of index keys."),
    text("server_encoding", kInternal, "UTF8",
         "Shows the server (database) character set encoding.") |
        with(kReport),
    text("server_version", kInternal, "15.18 (Isolde 0.1.0)", "Shows the server version.") |
        with(kReport),
    integer("server_version_num", kInternal, 150018, {150018, 150018}, kNone,
            "Shows the server version as an integer."),
    text("ssl_library", kInternal, "OpenSSL", "Shows the name of the SSL library."),
    integer("wal_block_size", kInternal, 8192, {8192, 8192}, kNone,
            "Shows the block size in the write ahead log."),
};

constexpr SettingGroup kGroups[] = {
    {"Preset Options", kPresetOptions},
};

}  // namespace

std::span<const SettingGroup> preset_settings() {
  return kGroups;
}

}  // namespace isolde::sql
