#pragma once

#include <sys/socket.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/auth/address_range.hpp"
#include "server/auth/role_source.hpp"

// Who may connect from where, and how they prove who they are: rules in pg_hba.conf's format, of
// which the first that fits a connection decides.
//
//   # type  database        user      address         method
//   local   all             all                       trust
//   host    sales,archive   +clerks   192.168.0.0/16  scram-sha-256
//   hostssl all             @admins   samenet         scram-sha-256
//
// Differences from PostgreSQL: addresses are numeric (no host names: they would be resolved, and
// trusted, at every connection), and no method takes options, so every option is refused.

namespace isolde::server {

/// A word of a rule. In quotes, all, sameuser and the like are plain names.
struct HbaToken {
  std::string text;
  bool quoted = false;

  bool is(std::string_view keyword) const { return !quoted && text == keyword; }
};

enum class HbaMethod : uint8_t { kTrust, kReject, kPassword, kMd5, kScramSha256 };
std::string_view method_name(HbaMethod method);

struct HbaRule {
  enum class Type : uint8_t { kLocal, kHost, kHostSsl, kHostNoSsl, kHostGssEnc, kHostNoGssEnc };
  enum class From : uint8_t { kRange, kAll, kSameHost, kSameNet };

  Type type = Type::kLocal;
  std::vector<HbaToken> databases;
  std::vector<HbaToken> users;
  From from = From::kAll;
  AddressRange range;
  HbaMethod method = HbaMethod::kReject;
  int line = 0;
};

/// What a rule is held against.
struct HbaConnection {
  bool local = false;  ///< through a Unix socket
  bool encrypted = false;
  sockaddr_storage address{};
  std::string_view user;
  std::string_view database;
};

class HbaRules {
 public:
  /// The whole file or the first error, with its line.
  static base::Result<HbaRules> load(const std::string& path);
  /// Every error of a text at hand; `path` is for messages and for @files.
  static HbaRules parse(std::string_view text, const std::string& path,
                        std::vector<base::Error>& errors);

  /// The first rule that fits; null when none does.
  const HbaRule* match(const HbaConnection& connection, const RoleSource& roles) const;
  std::span<const HbaRule> rules() const { return rules_; }

 private:
  std::vector<HbaRule> rules_;
};

/// The answers to a connection that is not let in: 28000, FATAL. `host` is numeric or "[local]".
base::Error no_hba_entry(const HbaConnection& connection, std::string_view host);
base::Error hba_rejection(const HbaConnection& connection, std::string_view host);

}  // namespace isolde::server
