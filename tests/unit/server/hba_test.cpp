#include "server/auth/hba.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace isolde::server {
namespace {

sockaddr_storage address(const char* text) {
  sockaddr_storage storage{};
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    std::memcpy(&storage, &four, sizeof four);
  } else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    std::memcpy(&storage, &six, sizeof six);
  }
  return storage;
}

class Roles : public RoleSource {
 public:
  std::optional<RoleSecret> find_role(std::string_view) const override { return std::nullopt; }
  bool is_member(std::string_view role, std::string_view of) const override {
    return role == of || (role == "ann" && of == "clerks");
  }
};

/// The method of the rule that decides, or "-".
std::string decide(std::string_view rules, HbaConnection connection) {
  std::vector<base::Error> errors;
  HbaRules parsed = HbaRules::parse(rules, "hba.conf", errors);
  EXPECT_TRUE(errors.empty()) << errors[0].message();
  const HbaRule* rule = parsed.match(connection, Roles());
  return rule == nullptr ? "-" : std::string(method_name(rule->method));
}

HbaConnection from(const char* host, std::string_view user = "ann", std::string_view db = "shop") {
  return {.address = address(host), .user = user, .database = db};
}
HbaConnection local(std::string_view user = "ann", std::string_view db = "shop") {
  return {.local = true, .user = user, .database = db};
}

TEST(Hba, TheFirstRuleThatFitsDecides) {
  constexpr std::string_view kRules =
      "# comment\n"
      "local all all trust\n"
      "host  all all 127.0.0.1/32 md5   # here\n"
      "host  all all 127.0.0.0/8  reject\n"
      "host  all all ::1/128      scram-sha-256\n"
      "host  all all 10.1.0.0  255.255.0.0  password\n";
  EXPECT_EQ(decide(kRules, local()), "trust");
  EXPECT_EQ(decide(kRules, from("127.0.0.1")), "md5");
  EXPECT_EQ(decide(kRules, from("127.0.0.2")), "reject");
  EXPECT_EQ(decide(kRules, from("::1")), "scram-sha-256");
  EXPECT_EQ(decide(kRules, from("10.1.2.3")), "password");
  EXPECT_EQ(decide(kRules, from("10.2.0.1")), "-");
  EXPECT_EQ(decide(kRules, from("::2")), "-");
  EXPECT_EQ(decide(kRules, from("::ffff:127.0.0.1")), "md5");
}

TEST(Hba, PrefixesOfOddLength) {
  EXPECT_EQ(decide("host all all 192.168.4.0/22 trust", from("192.168.7.255")), "trust");
  EXPECT_EQ(decide("host all all 192.168.4.0/22 trust", from("192.168.8.0")), "-");
  EXPECT_EQ(decide("host all all 0.0.0.0/0 trust", from("8.8.8.8")), "trust");
  EXPECT_EQ(decide("host all all 0.0.0.0/0 trust", from("::1")), "-");
  EXPECT_EQ(decide("host all all fe80::/10 trust", from("febf::1")), "trust");
  EXPECT_EQ(decide("host all all fe80::/10 trust", from("fec0::1")), "-");
  EXPECT_EQ(decide("host all all all trust", from("::1")), "trust");
  EXPECT_EQ(decide("host all all samehost trust", from("127.0.0.1")), "trust");
  EXPECT_EQ(decide("host all all samenet trust", from("127.9.9.9")), "trust");
  EXPECT_EQ(decide("host all all samehost trust", from("192.0.2.1")), "-");
}

TEST(Hba, EncryptionPicksAmongTheHostTypes) {
  auto decide_for = [](std::string_view type, bool encrypted) {
    HbaConnection connection = from("127.0.0.1");
    connection.encrypted = encrypted;
    return decide(std::string(type) + " all all all trust", connection);
  };
  EXPECT_EQ(decide_for("host", true), "trust");
  EXPECT_EQ(decide_for("host", false), "trust");
  EXPECT_EQ(decide_for("hostssl", true), "trust");
  EXPECT_EQ(decide_for("hostssl", false), "-");
  EXPECT_EQ(decide_for("hostnossl", true), "-");
  EXPECT_EQ(decide_for("hostnossl", false), "trust");
  EXPECT_EQ(decide_for("hostgssenc", true), "-");
  EXPECT_EQ(decide_for("hostnogssenc", true), "trust");
  EXPECT_EQ(decide("host all all all trust", local()), "-");
  EXPECT_EQ(decide("local all all trust", from("127.0.0.1")), "-");
}

TEST(Hba, DatabasesAndUsers) {
  EXPECT_EQ(decide("local a,shop,b all trust", local()), "trust");
  EXPECT_EQ(decide("local a, shop all trust", local()), "trust");
  EXPECT_EQ(decide("local shop2 all trust", local()), "-");
  EXPECT_EQ(decide("local sameuser all trust", local("shop")), "trust");
  EXPECT_EQ(decide("local sameuser all trust", local()), "-");
  EXPECT_EQ(decide("local samerole all trust", local("ann", "clerks")), "trust");
  EXPECT_EQ(decide("local samerole all trust", local("bob", "clerks")), "-");
  EXPECT_EQ(decide("local replication all trust", local("ann", "replication")), "-");
  EXPECT_EQ(decide("local \"replication\" all trust", local("ann", "replication")), "trust");
  EXPECT_EQ(decide("local \"all\" all trust", local()), "-");
  EXPECT_EQ(decide("local \"my db\" all trust", local("ann", "my db")), "trust");
  EXPECT_EQ(decide("local all bob,+clerks trust", local()), "trust");
  EXPECT_EQ(decide("local all +clerks trust", local("bob")), "-");
  EXPECT_EQ(decide("local all \"+clerks\" trust", local()), "-");
  EXPECT_EQ(decide("local all Ann trust", local()), "-");
  EXPECT_EQ(decide("local all \\\n  ann trust", local()), "trust");
  EXPECT_EQ(decide("local \"a\"\"b\" all trust\r\n", local("ann", "a\"b")), "trust");
}

TEST(Hba, ErrorsAreInPostgresWords) {
  auto complaint = [](std::string_view rules) {
    std::vector<base::Error> errors;
    HbaRules::parse(rules, "x/hba.conf", errors);
    if (errors.size() != 1) return std::string("not one error");
    EXPECT_TRUE(errors[0].fields().context.ends_with(" of configuration file \"x/hba.conf\""));
    return errors[0].fields().context.substr(0, 6) + ": " + errors[0].message();
  };
  EXPECT_EQ(complaint("\nnetwork all all trust"), "line 2: invalid connection type \"network\"");
  EXPECT_EQ(complaint("local,host all all trust"),
            "line 1: multiple values specified for connection type");
  EXPECT_EQ(complaint("local"), "line 1: end-of-line before database specification");
  EXPECT_EQ(complaint("local all"), "line 1: end-of-line before role specification");
  EXPECT_EQ(complaint("host all all"), "line 1: end-of-line before IP address specification");
  EXPECT_EQ(complaint("local all all"), "line 1: end-of-line before authentication method");
  EXPECT_EQ(complaint("host all all 127.0.0.1"),
            "line 1: end-of-line before netmask specification");
  EXPECT_EQ(complaint("host all all 127.0.0.1/33 trust"),
            "line 1: invalid CIDR mask in address \"127.0.0.1/33\"");
  EXPECT_EQ(complaint("host all all 127.0.0.1/ trust"),
            "line 1: invalid CIDR mask in address \"127.0.0.1/\"");
  EXPECT_EQ(complaint("host all all 127.0.0.1 ffff:: trust"),
            "line 1: IP address and mask do not match");
  EXPECT_EQ(complaint("host all all 127.0.0.1 trust"), "line 1: invalid IP mask \"trust\"");
  EXPECT_EQ(complaint("host all all example.com trust"),
            "line 1: invalid IP address \"example.com\": host names are not supported");
  EXPECT_EQ(complaint("local all all magic"), "line 1: invalid authentication method \"magic\"");
  EXPECT_EQ(complaint("local all all ldap"),
            "line 1: invalid authentication method \"ldap\": not supported by this build");
  EXPECT_EQ(complaint("local all all md5 x"),
            "line 1: authentication option not in name=value format: x");
  EXPECT_EQ(complaint("local all all md5 map=x"),
            "line 1: unrecognized authentication option name: \"map\"");
  EXPECT_EQ(complaint("local @nosuch all md5"),
            "line 1: could not open file \"x/nosuch\": No such file or directory");
}

TEST(Hba, FilesOfNames) {
  std::string pattern = (std::filesystem::temp_directory_path() / "isolde-hba-XXXXXX").string();
  std::filesystem::path directory = mkdtemp(pattern.data());
  std::ofstream(directory / "admins") << "# people\nann, bob\n@more\n";
  std::ofstream(directory / "more") << "\"@cy\"\n";
  std::ofstream(directory / "loop") << "@loop\n";
  std::ofstream(directory / "hba.conf") << "local all @admins trust\n";
  auto rules = HbaRules::load((directory / "hba.conf").string());
  ASSERT_TRUE(rules.ok()) << rules.error().message();
  EXPECT_NE(rules->match(local("bob"), Roles()), nullptr);
  EXPECT_NE(rules->match(local("@cy"), Roles()), nullptr);
  EXPECT_EQ(rules->match(local("dan"), Roles()), nullptr);
  std::vector<base::Error> errors;
  HbaRules::parse("local all @loop trust", (directory / "hba.conf").string(), errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].message().find("maximum nesting depth"), std::string::npos);
  std::ofstream(directory / "hba.conf") << "# nothing\n";
  EXPECT_FALSE(HbaRules::load((directory / "hba.conf").string()).ok());
  std::filesystem::remove_all(directory);
}

TEST(Hba, WhoIsKeptOutHearsWhy) {
  HbaConnection connection = from("127.0.0.1", "x", "y");
  base::Error error = no_hba_entry(connection, "127.0.0.1");
  EXPECT_EQ(error.state(), base::sqlstate::kInvalidAuthorizationSpecification);
  EXPECT_TRUE(error.ends_session());
  EXPECT_EQ(error.message(),
            "no pg_hba.conf entry for host \"127.0.0.1\", user \"x\", database \"y\", "
            "no encryption");
  connection.encrypted = true;
  EXPECT_EQ(hba_rejection(connection, "127.0.0.1").message(),
            "pg_hba.conf rejects connection for host \"127.0.0.1\", user \"x\", database \"y\", "
            "SSL encryption");
}

}  // namespace
}  // namespace isolde::server
