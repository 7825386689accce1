#include "wire/startup.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"
#include "wire/frame.hpp"

namespace isolde::wire {
namespace {

using test::bytes;
using test::outcome;

constexpr char kBadLength[] = "08P01 invalid length of startup packet (fatal)";
constexpr char kBadLayout[] =
    "08P01 invalid startup packet layout: expected terminator as last byte (fatal)";

std::string encoded(const StartupPacket& packet) {
  std::string out;
  encode(packet, out);
  return out;
}

/// The packet's bytes both ways: encode() writes exactly them, and they decode to `packet`.
void expect_bytes(const StartupPacket& packet, std::string_view dump) {
  const std::string whole = bytes(dump);
  EXPECT_EQ(encoded(packet), whole);
  const NextFrame next = next_startup_packet(whole);
  ASSERT_TRUE(std::holds_alternative<Frame>(next));
  EXPECT_EQ(std::get<Frame>(next).size, whole.size());
  const auto decoded = decode_startup(std::get<Frame>(next).body);
  ASSERT_TRUE(decoded) << outcome(decoded);
  EXPECT_TRUE(*decoded == packet);
}

std::string decode_body(std::string_view dump) {
  const test::ExactBytes body(bytes(dump));
  return outcome(decode_startup(body.view()));
}

TEST(Startup, Requests) {
  expect_bytes(SslRequest{}, "00000008 04d2162f");
  expect_bytes(GssEncRequest{}, "00000008 04d21630");
  expect_bytes(CancelRequest{0x01020304, -2}, "00000010 04d2162e 01020304 fffffffe");
}

TEST(Startup, MessageWithParameters) {
  const ParameterListBuilder parameters{{"user", "ann"}, {"database", ""}, {"_pq_.x", "1"}};
  expect_bytes(StartupMessage{0, parameters.list()},
               "00000025 00030000 'user' 00 'ann' 00 'database' 00 00 '_pq_.x' 00 '1' 00 00");
}

TEST(Startup, MessageWithoutParameters) {
  expect_bytes(StartupMessage{}, "00000009 00030000 00");
}

TEST(Startup, ANewerMinorVersionIsForTheServerToNegotiate) {
  expect_bytes(StartupMessage{9, {}}, "00000009 00030009 00");
}

TEST(Startup, ParametersAreFoundByName) {
  const ParameterListBuilder builder{{"user", "ann"}, {"options", ""}, {"user", "bob"}};
  EXPECT_EQ(builder.list().find("user"), "bob");
  EXPECT_EQ(builder.list().find("options"), "");
  EXPECT_EQ(builder.list().find("use"), std::nullopt);
  EXPECT_EQ(ParameterList().find("user"), std::nullopt);
}

TEST(Startup, ProtocolOptionsHaveAPrefix) {
  EXPECT_TRUE(is_protocol_option("_pq_.command_progress"));
  EXPECT_FALSE(is_protocol_option("_pq_"));
  EXPECT_FALSE(is_protocol_option("user"));
}

TEST(Startup, OtherVersionsAreRefused) {
  EXPECT_EQ(decode_body("00020000"),
            "0A000 unsupported frontend protocol 2.0: server supports 3.0 to 3.0 (fatal)");
  EXPECT_EQ(decode_body("00040001 00"),
            "0A000 unsupported frontend protocol 4.1: server supports 3.0 to 3.0 (fatal)");
  EXPECT_EQ(decode_body("04d21631"),
            "0A000 unsupported frontend protocol 1234.5681: server supports 3.0 to 3.0 (fatal)");
  EXPECT_EQ(decode_body("ffffffff"),
            "0A000 unsupported frontend protocol 65535.65535: server supports 3.0 to 3.0 (fatal)");
}

TEST(Startup, RequestsOfTheWrongLength) {
  EXPECT_EQ(decode_body(""), kBadLength);
  EXPECT_EQ(decode_body("000300"), kBadLength);
  EXPECT_EQ(decode_body("04d2162f 00"), kBadLength);
  EXPECT_EQ(decode_body("04d21630 00"), kBadLength);
  EXPECT_EQ(decode_body("04d2162e 01020304 fffffe"), kBadLength);
  EXPECT_EQ(decode_body("04d2162e 01020304 fffffffe 00"), kBadLength);
}

TEST(Startup, MessagesWithoutTheirTerminator) {
  EXPECT_EQ(decode_body("00030000"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user'"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user' 00"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user' 00 'ann'"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user' 00 'ann' 00"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user' 00 'ann' 00 00 00"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 00 'user' 00 'ann' 00 00"), kBadLayout);
  EXPECT_EQ(decode_body("00030000 'user' 00 'ann' 00 00"), "ok");
}

TEST(Startup, AStringWithAZeroIsCutThere) {
  std::string out;
  const ParameterListBuilder builder{{"user", std::string_view("a\0b", 3)}};
  encode(StartupMessage{0, builder.list()}, out);
  EXPECT_EQ(out, bytes("00000010 00030000 'user' 00 'a' 00 00"));
}

}  // namespace
}  // namespace isolde::wire
