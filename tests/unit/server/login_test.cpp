// Real logins: a whole server in this process, with roles of the test's own, and libpq as the
// client.

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "server/auth/verifier.hpp"
#include "server/server.hpp"
#include "sql/session/instance.hpp"
#include "tests/unit/test_store.hpp"

namespace isolde::server {
namespace {

class TestRoles final : public RoleSource {
 public:
  std::optional<RoleSecret> find_role(std::string_view name) const override {
    auto at = roles_.find(std::string(name));
    return at == roles_.end() ? std::nullopt : std::optional(at->second);
  }
  void add(const std::string& name, const std::string& verifier, bool can_login = true) {
    roles_[name] = RoleSecret{.can_login = can_login,
                              .superuser = false,
                              .verifier = verifier,
                              .valid_until = {},
                              .connection_limit = -1};
  }

 private:
  std::map<std::string, RoleSecret> roles_;
};

/// A port that nobody listens on at this moment.
int free_port() {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

/// Quotes for a connection string.
std::string quoted(const std::string& value) {
  return "'" + value + "'";
}

struct Login {
  bool ok = false;
  std::string error;
  bool encrypted = false;
};

class LoginTest : public testing::Test {
 protected:
  LoginTest() {
    directory_ =
        std::filesystem::temp_directory_path() / ("isolde-login-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
    roles_.add("anna", build_scram_verifier("secret"));
    roles_.add("mara", build_md5_verifier("secret", "mara"));
    roles_.add("nobody", build_scram_verifier("secret"), false);
    roles_.add("bare", "");
  }
  ~LoginTest() override {
    if (server_ != nullptr) server_->stop();
    std::filesystem::remove_all(directory_);
  }

  void start(const std::string& hba, const std::map<std::string, std::string>& settings = {}) {
    std::ofstream(directory_ / "hba.conf") << hba;
    set("hba_file", (directory_ / "hba.conf").string());
    set("data_directory", directory_.string());
    set("port", std::to_string(free_port()));
    set("listen_addresses", "127.0.0.1");
    set("unix_socket_directories", "");
    for (const auto& [name, value] : settings) set(name, value);
    base::Status ready = instance_.start();
    ASSERT_TRUE(ready) << ready.error().message();
    server_ = std::make_unique<Server>(settings_, instance_, roles_, backends_);
    base::Status started = server_->start();
    ASSERT_TRUE(started) << started.error().message();
  }

  void make_certificate() {
    std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=localhost -keyout " +
        (directory_ / "server.key").string() + " -out " + (directory_ / "server.crt").string() +
        " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  Login login(const std::string& user, const std::string& password,
              const std::string& more = "sslmode=disable") {
    std::string info = "host=127.0.0.1 dbname=postgres connect_timeout=10 port=" +
                       std::to_string(server_->port()) + " user=" + quoted(user) +
                       " password=" + quoted(password) + " " + more;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(info.c_str()), &PQfinish);
    return {.ok = PQstatus(connection.get()) == CONNECTION_OK,
            .error = PQerrorMessage(connection.get()),
            .encrypted = PQsslInUse(connection.get()) != 0};
  }

 private:
  void set(const std::string& name, const std::string& value) {
    base::Status status = settings_.set_default(name, value);
    ASSERT_TRUE(status) << status.error().message();
  }

  std::filesystem::path directory_;
  sql::ServerSettings settings_;
  TestStore store_;
  sql::Instance instance_{settings_, store_.store()};
  TestRoles roles_;
  Backends backends_;
  std::unique_ptr<Server> server_;
};

constexpr const char* kWrong = "password authentication failed for user \"";

TEST_F(LoginTest, ScramTakesTheRightPasswordOnly) {
  start("host all all 127.0.0.1/32 scram-sha-256\n");
  EXPECT_TRUE(login("anna", "secret").ok);
  EXPECT_NE(login("anna", "Secret").error.find(kWrong), std::string::npos);
}

TEST_F(LoginTest, NobodyLearnsWhichRolesExist) {
  start("host all all 127.0.0.1/32 scram-sha-256\n");
  for (const char* user : {"anna", "stranger", "bare", "mara"}) {
    EXPECT_NE(login(user, "wrong").error.find(kWrong + std::string(user) + "\""),
              std::string::npos);
  }
}

TEST_F(LoginTest, Md5AndTheScramVerifierBehindIt) {
  start("host all all 127.0.0.1/32 md5\n");
  EXPECT_TRUE(login("mara", "secret").ok);
  EXPECT_TRUE(login("anna", "secret").ok) << "an md5 rule is satisfied by the stronger exchange";
  EXPECT_NE(login("mara", "wrong").error.find(kWrong), std::string::npos);
}

TEST_F(LoginTest, CleartextWorksWithEveryVerifier) {
  start("host all all 127.0.0.1/32 password\n");
  EXPECT_TRUE(login("anna", "secret").ok);
  EXPECT_TRUE(login("mara", "secret").ok);
  EXPECT_NE(login("anna", "wrong").error.find(kWrong), std::string::npos);
}

TEST_F(LoginTest, TheFirstRuleThatFitsDecides) {
  start(
      "host all mara 127.0.0.1/32 reject\n"
      "host all anna 127.0.0.1/32 trust\n");
  EXPECT_TRUE(login("anna", "").ok);
  EXPECT_NE(login("mara", "secret").error.find("pg_hba.conf rejects connection"),
            std::string::npos);
  EXPECT_NE(login("bare", "secret").error.find("no pg_hba.conf entry for host \"127.0.0.1\""),
            std::string::npos);
}

TEST_F(LoginTest, TrustStillNeedsARoleThatMayLogIn) {
  start("host all all 127.0.0.1/32 trust\n");
  EXPECT_NE(login("stranger", "").error.find("role \"stranger\" does not exist"),
            std::string::npos);
  EXPECT_NE(login("nobody", "").error.find("role \"nobody\" is not permitted to log in"),
            std::string::npos);
}

TEST_F(LoginTest, TlsWithChannelBinding) {
  make_certificate();
  start("hostssl all all 127.0.0.1/32 scram-sha-256\nhostnossl all all all reject\n",
        {{"ssl", "on"}});
  Login bound = login("anna", "secret", "sslmode=require channel_binding=require");
  EXPECT_TRUE(bound.ok) << bound.error;
  EXPECT_TRUE(bound.encrypted);
  EXPECT_NE(login("anna", "secret", "sslmode=disable").error.find("rejects connection"),
            std::string::npos);
  EXPECT_NE(login("anna", "wrong", "sslmode=require").error.find(kWrong), std::string::npos);
}

TEST_F(LoginTest, WithoutTlsTheServerSaysSo) {
  start("host all all 127.0.0.1/32 trust\n");
  EXPECT_NE(login("anna", "", "sslmode=require").error.find("server does not support SSL"),
            std::string::npos);
}

TEST_F(LoginTest, AnUnknownDatabaseIsRefusedAfterTheLogin) {
  start("host all all 127.0.0.1/32 scram-sha-256\n");
  EXPECT_NE(
      login("anna", "secret", "dbname=nowhere").error.find("database \"nowhere\" does not exist"),
      std::string::npos);
}

TEST_F(LoginTest, TheLastSlotsAreForSuperusers) {
  start("host all all 127.0.0.1/32 trust\n",
        {{"max_connections", "4"}, {"superuser_reserved_connections", "4"}});
  EXPECT_NE(login("anna", "").error.find("remaining connection slots are reserved"),
            std::string::npos);
}

}  // namespace
}  // namespace isolde::server
