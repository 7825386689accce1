#include <gtest/gtest.h>

#include "server/auth/exchange.hpp"
#include "server/auth/password_exchange.hpp"
#include "server/auth/saslprep.hpp"

namespace isolde::server {
namespace {

AuthSubject subject(HbaMethod method, const std::string& verifier) {
  return {
      .method = method, .user = "ann", .role = RoleSecret{.can_login = true, .verifier = verifier}};
}

std::string terminated(std::string_view text) {
  return std::string(text) + '\0';
}

std::string answer(const AuthSubject& subject, std::string_view body) {
  auto exchange = start_exchange(subject);
  exchange->start();
  auto step = exchange->answer(body);
  if (step) return step->done ? "in" : "more";
  EXPECT_TRUE(step.error().ends_session());
  return std::string(step.error().state().code()) + " " + step.error().message();
}

constexpr const char* kFailed = "28P01 password authentication failed for user \"ann\"";

TEST(PasswordExchange, ComparesWithEitherVerifier) {
  for (const std::string& verifier :
       {build_scram_verifier("pencil"), build_md5_verifier("pencil", "ann")}) {
    AuthSubject ann = subject(HbaMethod::kPassword, verifier);
    EXPECT_EQ(start_exchange(ann)->start().message->kind, AuthMessage::Kind::kCleartext);
    EXPECT_EQ(answer(ann, terminated("pencil")), "in");
    EXPECT_EQ(answer(ann, terminated("pencils")), kFailed);
  }
}

TEST(PasswordExchange, HopelessRolesTakeTheSameSteps) {
  AuthSubject ann = subject(HbaMethod::kPassword, "");
  int yields = 0;
  ann.yield = [&] { ++yields; };
  EXPECT_EQ(answer(ann, terminated("pencil")), kFailed);
  EXPECT_EQ(yields, 40);
  ann.role.reset();
  EXPECT_EQ(answer(ann, terminated("pencil")), kFailed);
  EXPECT_EQ(yields, 80);
  ann.role = RoleSecret{.verifier = build_scram_verifier("pen")};
  EXPECT_EQ(answer(ann, terminated("pencil")), kFailed);
  EXPECT_EQ(yields, 120);
  ann.role->verifier = "garbage";
  EXPECT_EQ(answer(ann, terminated("garbage")), kFailed);
}

TEST(PasswordExchange, MalformedMessages) {
  AuthSubject ann = subject(HbaMethod::kPassword, build_md5_verifier("pencil", "ann"));
  EXPECT_EQ(answer(ann, ""), "08P01 invalid password packet size");
  EXPECT_EQ(answer(ann, "pencil"), "08P01 invalid password packet size");
  EXPECT_EQ(answer(ann, std::string("pen\0cil\0", 8)), "08P01 invalid password packet size");
  EXPECT_EQ(answer(ann, terminated("")), "28P01 empty password returned by client");
}

TEST(Md5Exchange, SaltsTheDigest) {
  AuthSubject ann = subject(HbaMethod::kMd5, build_md5_verifier("pencil", "ann"));
  auto exchange = start_exchange(ann);
  AuthStep start = exchange->start();
  ASSERT_EQ(start.message->kind, AuthMessage::Kind::kMd5);
  ASSERT_EQ(start.message->data.size(), 4u);
  auto step = exchange->answer(terminated(md5_response(ann.role->verifier, start.message->data)));
  ASSERT_TRUE(step.ok());
  EXPECT_TRUE(step->done);
  EXPECT_EQ(answer(ann, terminated("pencil")), kFailed);
  EXPECT_EQ(answer(ann, terminated(md5_response(ann.role->verifier, "salt"))), kFailed);
}

TEST(Md5Exchange, TheVerifierDecidesHowTheClientIsAsked) {
  auto kind = [](const AuthSubject& subject) {
    return start_exchange(subject)->start().message->kind;
  };
  AuthSubject ann = subject(HbaMethod::kMd5, build_scram_verifier("pencil"));
  EXPECT_EQ(kind(ann), AuthMessage::Kind::kSasl);
  ann.role.reset();
  EXPECT_EQ(kind(ann), AuthMessage::Kind::kSasl);
  ann.usual_encryption = PasswordType::kMd5;
  EXPECT_EQ(kind(ann), AuthMessage::Kind::kMd5);
  EXPECT_EQ(answer(ann, terminated("md5" + std::string(32, '0'))), kFailed);
  EXPECT_EQ(start_exchange(subject(HbaMethod::kTrust, "")), nullptr);
}

TEST(AuthRoles, WhoMayLogIn) {
  EXPECT_TRUE(check_may_log_in("ann", RoleSecret{.can_login = true}).ok());
  EXPECT_EQ(check_may_log_in("ann", std::nullopt).error().message(), "role \"ann\" does not exist");
  auto refused = check_may_log_in("ann", RoleSecret{});
  EXPECT_EQ(refused.error().message(), "role \"ann\" is not permitted to log in");
  EXPECT_EQ(refused.error().state(), base::sqlstate::kInvalidAuthorizationSpecification);
}

TEST(AuthVerifier, UnderstandsWhatPostgresStored) {
  EXPECT_TRUE(
      password_matches("s\xc3\xa9"
                       "cret pass",
                       "zz_t",
                       "SCRAM-SHA-256$4096:M0rCSAci/NZp/"
                       "2nhf81IHA==$iTnthvDQYrFySBM4N0WSUSvA8+rH3zQQAkDvAtDeNRQ=:EocuW0tbtv0xjtKTJ+"
                       "yyTeht+l3aDZ9fscy2wB4TfRE="));
  EXPECT_TRUE(password_matches("pencil", "zz_t", "md5a850da02c5fd1b5273d9f7849967f623"));
  EXPECT_EQ(build_md5_verifier("pencil", "zz_t"), "md5a850da02c5fd1b5273d9f7849967f623");
  EXPECT_FALSE(password_matches("pencil", "other", "md5a850da02c5fd1b5273d9f7849967f623"));
}

TEST(AuthVerifier, ParsesOnlyWhatIsWellFormed) {
  std::string good = build_scram_verifier("pencil");
  ASSERT_TRUE(ScramVerifier::parse(good).has_value());
  EXPECT_EQ(ScramVerifier::parse(good)->print(), good);
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(ScramVerifier::parse(std::string_view(good).substr(0, size))) << size;
  EXPECT_EQ(password_type(good), PasswordType::kScramSha256);
  EXPECT_EQ(password_type(build_md5_verifier("a", "b")), PasswordType::kMd5);
  EXPECT_EQ(password_type("md5abc"), PasswordType::kPlain);
  EXPECT_EQ(password_type("SCRAM-SHA-256$0:YQ==$YQ==:YQ=="), PasswordType::kPlain);
  EXPECT_EQ(password_type("SCRAM-SHA-256$99999999999:YQ==$YQ==:YQ=="), PasswordType::kPlain);
  EXPECT_EQ(password_type(""), PasswordType::kPlain);
}

TEST(AuthVerifier, BuildingOneYields) {
  int yields = 0;
  build_scram_verifier("pencil", [&] { ++yields; });
  EXPECT_EQ(yields, 40);
  EXPECT_NE(build_scram_verifier("pencil"), build_scram_verifier("pencil"));
}

TEST(AuthDigest, Base64IsStrict) {
  EXPECT_EQ(unbase64(base64("any carnal pleas")), "any carnal pleas");
  EXPECT_EQ(unbase64("YQ=="), "a");
  EXPECT_EQ(unbase64(""), "");
  for (const char* bad : {"YQ=", "YQ", "Y Q=", "YR==", "YQ==\n", "=YQ=", "YQ==YQ==", "!!!!"})
    EXPECT_EQ(unbase64(bad), std::nullopt) << bad;
}

TEST(AuthDigest, Md5) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(AuthSaslprep, MapsBlanksAndFallsBack) {
  EXPECT_EQ(saslprep("I\xc2\xadX"), "IX");
  EXPECT_EQ(saslprep("a\xc2\xa0z"), "a z");
  EXPECT_EQ(saslprep("plain ASCII ~"), "plain ASCII ~");
  EXPECT_EQ(saslprep("bell\x07"), "bell\x07");
  EXPECT_EQ(saslprep("\xc2\xadno\xff"), "\xc2\xadno\xff");
  EXPECT_EQ(saslprep("\xc2\xad"), "\xc2\xad");
  EXPECT_EQ(saslprep(""), "");
  EXPECT_EQ(saslprep("\xf0\x9f\x90\x98\xc2\xad"), "\xf0\x9f\x90\x98");
}

}  // namespace
}  // namespace isolde::server
