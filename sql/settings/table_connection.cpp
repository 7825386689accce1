#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kPasswordEncryptions[] = {
    {"md5", number_of(PasswordEncryption::kMd5)},
    {"scram-sha-256", number_of(PasswordEncryption::kScramSha256)},
};

constexpr EnumOption kSslMinProtocolVersionValues[] = {
    {"TLSv1", 0},
    {"TLSv1.1", 1},
    {"TLSv1.2", 2},
    {"TLSv1.3", 3},
};

constexpr EnumOption kSslMaxProtocolVersionValues[] = {
    {"", 0}, {"TLSv1", 1}, {"TLSv1.1", 2}, {"TLSv1.2", 3}, {"TLSv1.3", 4},
};

constexpr SettingDefinition kConnectionSettings[] = {
    text("listen_addresses", kPostmaster, "127.0.0.1",
         "Sets the host name or IP address(es) to listen to.") |
        with(kList),
    integer("port", kPostmaster, 5433, {1, 65535}, kNone,
            "Sets the TCP port the server listens on."),
    integer("max_connections", kPostmaster, 100, {1, 262143}, kNone,
            "Sets the maximum number of concurrent connections."),
    integer("superuser_reserved_connections", kPostmaster, 3, {0, 262143}, kNone,
            "Sets the number of connection slots reserved for superusers."),
    text("unix_socket_directories", kPostmaster, "/tmp",
         "Sets the directories where Unix-domain sockets will be created.") |
        with(kList | kListQuote | kSuperuserOnly),
    text("unix_socket_group", kPostmaster, "", "Sets the owning group of the Unix-domain socket.",
         "The owning user of the socket is always the user that starts the server."),
    integer("unix_socket_permissions", kPostmaster, 511, {0, 511}, kNone,
            "Sets the access permissions of the Unix-domain socket.",
            "Unix-domain sockets use the usual Unix file system permission set. The parameter "
            "value is expected to be a numeric mode specification in the form accepted by the "
            "chmod and umask system calls. (To use the customary octal format the number must "
            "start with a 0 (zero).)") |
        with(kOctal),
    integer("tcp_keepalives_idle", kUser, 0, {0, kIntMax}, kS,
            "Time between issuing TCP keepalives.", "A value of 0 uses the system default."),
    integer("tcp_keepalives_interval", kUser, 0, {0, kIntMax}, kS,
            "Time between TCP keepalive retransmits.", "A value of 0 uses the system default."),
    integer("tcp_keepalives_count", kUser, 0, {0, kIntMax}, kNone,
            "Maximum number of TCP keepalive retransmits.",
            "Number of consecutive keepalive retransmits that can be lost before a connection is "
            "considered dead. A value of 0 uses the system default."),
    integer("tcp_user_timeout", kUser, 0, {0, kIntMax}, kMs, "TCP user timeout.",
            "A value of 0 uses the system default."),
    integer("client_connection_check_interval", kUser, 0, {0, kIntMax}, kMs,
            "Sets the time interval between checks for disconnection while running queries.") |
        into<&SettingFields::client_connection_check_interval>(),
};

constexpr SettingDefinition kAuthentication[] = {
    integer("authentication_timeout", kSighup, 60, {1, 600}, kS,
            "Sets the maximum allowed time to complete client authentication."),
    choice("password_encryption", kUser, "scram-sha-256", kPasswordEncryptions,
           "Chooses the algorithm for encrypting passwords.") |
        into<&SettingFields::password_encryption>(),
};

constexpr SettingDefinition kSsl[] = {
    boolean("ssl", kSighup, false, "Enables SSL connections."),
    text("ssl_cert_file", kSighup, "server.crt", "Location of the SSL server certificate file."),
    text("ssl_key_file", kSighup, "server.key", "Location of the SSL server private key file."),
    text("ssl_ca_file", kSighup, "", "Location of the SSL certificate authority file."),
    text("ssl_ciphers", kSighup, "HIGH:MEDIUM:+3DES:!aNULL",
         "Sets the list of allowed SSL ciphers."),
    boolean("ssl_prefer_server_ciphers", kSighup, true,
            "Give priority to server ciphersuite order."),
    choice("ssl_min_protocol_version", kSighup, "TLSv1.2", kSslMinProtocolVersionValues,
           "Sets the minimum SSL/TLS protocol version to use."),
    choice("ssl_max_protocol_version", kSighup, "", kSslMaxProtocolVersionValues,
           "Sets the maximum SSL/TLS protocol version to use."),
};

constexpr SettingDefinition kFileLocations[] = {
    text("config_file", kPostmaster, "", "Sets the server's main configuration file.") |
        with(kSuperuserOnly),
    text("data_directory", kPostmaster, "", "Sets the server's data directory.") |
        with(kSuperuserOnly),
    text("hba_file", kPostmaster, "", "Sets the server's \"hba\" configuration file.") |
        with(kSuperuserOnly),
};

constexpr SettingGroup kGroups[] = {
    {"Connections and Authentication / Connection Settings", kConnectionSettings},
    {"Connections and Authentication / Authentication", kAuthentication},
    {"Connections and Authentication / SSL", kSsl},
    {"File Locations", kFileLocations},
};

}  // namespace

std::span<const SettingGroup> connection_settings() {
  return kGroups;
}

}  // namespace isolde::sql
