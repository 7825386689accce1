#include "server/auth/scram_exchange.hpp"

#include <gtest/gtest.h>

#include "scram_client.hpp"

namespace isolde::server {
namespace {

constexpr std::string_view kPlain = "SCRAM-SHA-256";
constexpr std::string_view kPlus = "SCRAM-SHA-256-PLUS";

AuthSubject subject(const std::string& password = "pencil") {
  RoleSecret role{.can_login = true, .verifier = build_scram_verifier(password)};
  return {.user = "ann", .role = role, .mock_secret = "secret"};
}

/// Runs the whole exchange; "" is success, else the SQLSTATE and message.
std::string run(const AuthSubject& subject, ScramClient client,
                std::string_view mechanism = kPlain) {
  auto exchange = start_exchange(subject);
  exchange->start();
  auto step = exchange->answer(initial_response(mechanism, client.first()));
  if (step) step = exchange->answer(client.final(step->message->data));
  if (!step) {
    EXPECT_TRUE(step.error().ends_session());
    return std::string(step.error().state().code()) + " " + step.error().message();
  }
  EXPECT_TRUE(step->done);
  EXPECT_EQ(step->message->kind, AuthMessage::Kind::kSaslFinal);
  EXPECT_EQ(step->message->data, client.expected_server_final());
  return "";
}

constexpr const char* kFailed = "28P01 password authentication failed for user \"ann\"";

TEST(Scram, TheExampleOfRfc7677) {
  ScramVerifier verifier =
      derive_scram_verifier("pencil", *unbase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
  std::string auth_message =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,"
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  EXPECT_EQ(base64(hmac_sha256(verifier.server_key, auth_message)),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  std::string key = hmac_sha256(verifier.stored_key, auth_message);
  std::string proof = *unbase64("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(key[i] ^ proof[i]);
  EXPECT_EQ(sha256(key), verifier.stored_key);
}

TEST(Scram, RightAndWrongPasswords) {
  EXPECT_EQ(run(subject(), ScramClient("pencil")), "");
  EXPECT_EQ(run(subject(), ScramClient("pencil", "y,,")), "");
  EXPECT_EQ(run(subject(), ScramClient("Pencil")), kFailed);
  EXPECT_EQ(run(subject(), ScramClient("")), kFailed);
}

TEST(Scram, RolesWithoutAUsablePasswordFailAlike) {
  AuthSubject unknown = subject();
  unknown.role.reset();
  EXPECT_EQ(run(unknown, ScramClient("pencil")), kFailed);
  AuthSubject without = subject();
  without.role->verifier.clear();
  EXPECT_EQ(run(without, ScramClient("pencil")), kFailed);
  AuthSubject md5 = subject();
  md5.role->verifier = build_md5_verifier("pencil", "ann");
  EXPECT_EQ(run(md5, ScramClient("pencil")), kFailed);
  AuthSubject expired = subject();
  expired.now = base::Timestamp{10};
  expired.role->valid_until = base::Timestamp{9};
  EXPECT_EQ(run(expired, ScramClient("pencil")), kFailed);
  expired.role->valid_until = base::Timestamp{11};
  EXPECT_EQ(run(expired, ScramClient("pencil")), "");
}

std::string server_first(const AuthSubject& subject) {
  auto exchange = start_exchange(subject);
  exchange->start();
  return exchange->answer(initial_response(kPlain, ScramClient("x").first()))->message->data;
}

TEST(Scram, AnUnknownRoleLooksLikeAnyOther) {
  AuthSubject unknown = subject();
  unknown.role.reset();
  std::string once = server_first(unknown), again = server_first(unknown);
  EXPECT_EQ(ScramClient::attribute(once, "s="), ScramClient::attribute(again, "s="));
  EXPECT_NE(ScramClient::attribute(once, "r="), ScramClient::attribute(again, "r="));
  EXPECT_EQ(once.size(), server_first(subject()).size());
  EXPECT_TRUE(once.ends_with(",i=4096"));
  unknown.user = "bob";
  EXPECT_NE(ScramClient::attribute(once, "s="),
            ScramClient::attribute(server_first(unknown), "s="));
}

TEST(Scram, MechanismsOnOffer) {
  AuthSubject plain = subject();
  EXPECT_EQ(start_exchange(plain)->start().message->mechanisms,
            (std::vector<std::string_view>{kPlain}));
  plain.certificate_hash = "hash";
  EXPECT_EQ(start_exchange(plain)->start().message->mechanisms,
            (std::vector<std::string_view>{kPlus, kPlain}));
}

TEST(Scram, ChannelBinding) {
  const std::string header = "p=tls-server-end-point,,";
  AuthSubject tls = subject();
  tls.certificate_hash = std::string("\1\2\3\0\5", 5);
  EXPECT_EQ(run(tls, ScramClient("pencil", header, tls.certificate_hash), kPlus), "");
  EXPECT_EQ(run(tls, ScramClient("pencil", header, "other"), kPlus),
            "28000 SCRAM channel binding check failed");
  EXPECT_EQ(run(tls, ScramClient("pencil", "n,,")), "");
  EXPECT_EQ(run(tls, ScramClient("pencil", "y,,")),
            "28000 SCRAM channel binding negotiation error");
  EXPECT_EQ(run(tls, ScramClient("pencil", "n,,"), kPlus), "08P01 malformed SCRAM message");
  EXPECT_EQ(run(tls, ScramClient("pencil", header, "x")), "08P01 malformed SCRAM message");
  EXPECT_EQ(run(tls, ScramClient("pencil", "p=tls-unique,,", "x"), kPlus),
            "08P01 unsupported SCRAM channel-binding type \"tls-unique\"");
  EXPECT_EQ(run(subject(), ScramClient("pencil", header, "x"), kPlus),
            "08P01 client selected an invalid SASL authentication mechanism");
}

TEST(Scram, TheFirstMessageMayComeLater) {
  auto exchange = start_exchange(subject());
  exchange->start();
  auto step = exchange->answer(std::string("SCRAM-SHA-256\0\377\377\377\377", 18));
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(step->message->data, "");
  ScramClient client("pencil");
  step = exchange->answer(client.first());
  ASSERT_TRUE(step.ok());
  step = exchange->answer(client.final(step->message->data));
  ASSERT_TRUE(step.ok());
  EXPECT_TRUE(step->done);
}

/// Detail of the complaint about a first message.
std::string first_complaint(std::string_view message) {
  auto exchange = start_exchange(subject());
  exchange->start();
  auto step = exchange->answer(initial_response(kPlain, message));
  if (step) return "";
  const auto& fields = step.error().fields();
  return fields.detail.empty() ? fields.message : fields.detail;
}

TEST(Scram, MalformedFirstMessages) {
  EXPECT_EQ(first_complaint(""), "The message is empty.");
  EXPECT_EQ(first_complaint(std::string("n,,n=,r=a\0b", 11)),
            "Message length does not match input length.");
  EXPECT_EQ(first_complaint("x,,n=,r=abc"), "Unexpected channel-binding flag \"x\".");
  EXPECT_EQ(first_complaint("n"), "Comma expected, but found character \"\".");
  EXPECT_EQ(first_complaint("n,a=bob,n=,r=abc"),
            "client uses authorization identity, but it is not supported");
  EXPECT_EQ(first_complaint("n,b,n=,r=abc"), "Unexpected attribute \"b\" in client-first-message.");
  EXPECT_EQ(first_complaint("n,,m=x,n=,r=abc"), "client requires an unsupported SCRAM extension");
  EXPECT_EQ(first_complaint("n,,r=abc"), "Expected attribute \"n\" but found \"r\".");
  EXPECT_EQ(first_complaint("n,,n"), "Expected character \"=\" for attribute \"n\".");
  EXPECT_EQ(first_complaint("n,,n="), "Expected attribute \"r\" but found \"\".");
  EXPECT_EQ(first_complaint("n,,n=,r="), "non-printable characters in SCRAM nonce");
  EXPECT_EQ(first_complaint("n,,n=,r=a\x01"), "non-printable characters in SCRAM nonce");
  EXPECT_EQ(first_complaint("n,,n=,r=abc,x=future"), "");
}

TEST(Scram, MalformedFinalMessages) {
  auto complaint = [](auto spoil) {
    auto exchange = start_exchange(subject());
    exchange->start();
    ScramClient client("pencil");
    auto step = exchange->answer(initial_response(kPlain, client.first()));
    std::string message = client.final(step->message->data);
    spoil(message);
    step = exchange->answer(message);
    EXPECT_FALSE(step.ok());
    EXPECT_FALSE(exchange->answer(message).ok());
    return step.ok() ? "" : step.error().message() + "|" + step.error().fields().detail;
  };
  EXPECT_EQ(complaint([](std::string& m) { m.clear(); }),
            "malformed SCRAM message|The message is empty.");
  EXPECT_EQ(complaint([](std::string& m) { m.replace(m.find("biws"), 4, "eSws"); }),
            "unexpected SCRAM channel-binding attribute in client-final-message|");
  EXPECT_EQ(complaint([](std::string& m) { m[m.find("r=") + 2] = 'x'; }),
            "invalid SCRAM response|Nonce does not match.");
  EXPECT_EQ(complaint([](std::string& m) { m += "x"; }),
            "malformed SCRAM message|Malformed proof in client-final-message.");
  EXPECT_EQ(complaint([](std::string& m) { m.resize(m.find(",p=")); }),
            "malformed SCRAM message|The proof is missing.");
  EXPECT_EQ(complaint([](std::string& m) { m[m.size() - 5] = m[m.size() - 5] == 'A' ? 'B' : 'A'; }),
            std::string(kFailed).substr(6) + "|");
}

TEST(Scram, TruncatedSaslMessages) {
  std::string whole = initial_response(kPlain, ScramClient("pencil").first());
  for (size_t size = 0; size < whole.size(); ++size) {
    auto exchange = start_exchange(subject());
    exchange->start();
    EXPECT_FALSE(exchange->answer(std::string_view(whole).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace isolde::server
