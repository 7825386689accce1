#include "server/auth/hba.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isolde::server {

namespace {

using Type = HbaRule::Type;
using From = HbaRule::From;

bool type_fits(Type type, const HbaConnection& connection) {
  switch (type) {
    case Type::kLocal:
      return connection.local;
    case Type::kHost:
    case Type::kHostNoGssEnc:
      return !connection.local;
    case Type::kHostSsl:
      return !connection.local && connection.encrypted;
    case Type::kHostNoSsl:
      return !connection.local && !connection.encrypted;
    case Type::kHostGssEnc:
      return false;  // there is no GSSAPI encryption here
  }
  return false;
}

bool address_fits(const HbaRule& rule, const IpAddress& address) {
  if (rule.type == Type::kLocal) return true;
  switch (rule.from) {
    case From::kAll:
      return true;
    case From::kRange:
      return rule.range.contains(address);
    case From::kSameHost:
      return std::ranges::any_of(interface_ranges(),
                                 [&](const AddressRange& own) { return own.base == address; });
    case From::kSameNet:
      return std::ranges::any_of(interface_ranges(),
                                 [&](const AddressRange& own) { return own.contains(address); });
  }
  return false;
}

bool database_fits(const HbaToken& token, const HbaConnection& connection,
                   const RoleSource& roles) {
  if (token.is("all")) return true;
  if (token.is("sameuser")) return connection.user == connection.database;
  if (token.is("samerole") || token.is("samegroup"))
    return roles.is_member(connection.user, connection.database);
  if (token.is("replication")) return false;  // nobody connects for replication
  return token.text == connection.database;
}

bool user_fits(const HbaToken& token, const HbaConnection& connection, const RoleSource& roles) {
  if (token.is("all")) return true;
  if (!token.quoted && token.text.starts_with('+'))
    return roles.is_member(connection.user, std::string_view(token.text).substr(1));
  return token.text == connection.user;
}

std::string description(const HbaConnection& connection, std::string_view host) {
  return fmt::format("host \"{}\", user \"{}\", database \"{}\", {}", host, connection.user,
                     connection.database,
                     connection.encrypted ? "SSL encryption" : "no encryption");
}

base::Error not_let_in(std::string message) {
  return base::Error(base::sqlstate::kInvalidAuthorizationSpecification, std::move(message))
      .fatal();
}

}  // namespace

std::string_view method_name(HbaMethod method) {
  switch (method) {
    case HbaMethod::kTrust:
      return "trust";
    case HbaMethod::kReject:
      return "reject";
    case HbaMethod::kPassword:
      return "password";
    case HbaMethod::kMd5:
      return "md5";
    case HbaMethod::kScramSha256:
      return "scram-sha-256";
  }
  return "";
}

const HbaRule* HbaRules::match(const HbaConnection& connection, const RoleSource& roles) const {
  IpAddress address = IpAddress::of(connection.address);
  for (const HbaRule& rule : rules_) {
    auto database = [&](const HbaToken& token) { return database_fits(token, connection, roles); };
    auto user = [&](const HbaToken& token) { return user_fits(token, connection, roles); };
    if (type_fits(rule.type, connection) && address_fits(rule, address) &&
        std::ranges::any_of(rule.databases, database) && std::ranges::any_of(rule.users, user))
      return &rule;
  }
  return nullptr;
}

base::Error no_hba_entry(const HbaConnection& connection, std::string_view host) {
  return not_let_in("no pg_hba.conf entry for " + description(connection, host));
}

base::Error hba_rejection(const HbaConnection& connection, std::string_view host) {
  return not_let_in("pg_hba.conf rejects connection for " + description(connection, host));
}

}  // namespace isolde::server
