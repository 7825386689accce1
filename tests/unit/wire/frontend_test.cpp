#include "wire/frontend.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"
#include "wire/frame.hpp"

namespace isolde::wire {
namespace {

using test::bytes;
using test::ExactBytes;
using test::outcome;

constexpr char kNoData[] = "08P01 no data left in message";
constexpr char kTooShort[] = "08P01 insufficient data left in message";
constexpr char kNoTerminator[] = "08P01 invalid string in message";
constexpr char kTrailing[] = "08P01 invalid message format";

template <typename Message>
std::string encoded(const Message& message) {
  std::string out;
  encode(message, out);
  return out;
}

std::string decode(char type, std::string_view body_dump) {
  const ExactBytes body(bytes(body_dump));
  return outcome(decode_frontend(type, body.view()));
}

/// Cut short anywhere, or with a byte too many, a body is refused with an error that leaves the
/// session alive.
void expect_only_whole_body(char type, std::string_view body) {
  for (size_t size = 0; size < body.size(); ++size) {
    const ExactBytes part(body.substr(0, size));
    const auto decoded = decode_frontend(type, part.view());
    ASSERT_FALSE(decoded) << type << " cut to " << size;
    EXPECT_EQ(decoded.error().state(), "08P01");
    EXPECT_FALSE(decoded.error().fatal);
  }
  const ExactBytes longer(std::string(body) + 'x');
  EXPECT_EQ(outcome(decode_frontend(type, longer.view())), kTrailing) << type;
}

/// The message's bytes both ways.
void expect_bytes(const FrontendMessage& message, std::string_view dump,
                  const FrameLimits& limits = kFrontendLimits) {
  const std::string whole = bytes(dump);
  EXPECT_EQ(encoded(message), whole);
  const NextFrame next = next_frame(whole, limits);
  ASSERT_TRUE(std::holds_alternative<Frame>(next)) << dump;
  const Frame& frame = std::get<Frame>(next);
  EXPECT_EQ(frame.size, whole.size());
  const auto decoded = decode_frontend(frame.type, frame.body);
  ASSERT_TRUE(decoded) << dump << ": " << outcome(decoded);
  EXPECT_TRUE(*decoded == message) << dump;
}

/// The same, for a message whose body has a structure to break.
void expect_exact(const FrontendMessage& message, std::string_view dump) {
  expect_bytes(message, dump);
  const std::string whole = bytes(dump);
  expect_only_whole_body(whole[0], std::string_view(whole).substr(5));
}

TEST(Frontend, Bind) {
  const FormatListBuilder formats{Format::kText, Format::kBinary, Format::kText};
  const ValueListBuilder values{"7", std::nullopt, ""};
  const FormatListBuilder results{Format::kBinary};
  expect_exact(Bind{"p", "s", formats.list(), values.list(), results.list()},
               "42 00000023 'p' 00 's' 00 0003 0000 0001 0000"
               "0003 00000001 '7' ffffffff 00000000 0001 0001");
  expect_exact(Bind{}, "42 0000000c 00 00 0000 0000 0000");
}

TEST(Frontend, BindOffersItsLists) {
  const std::string body = bytes("00 00 0002 0001 0000 0002 00000002 'ab' ffffffff 0002 0000 0001");
  const auto bind = decode_bind(body);
  ASSERT_TRUE(bind);
  EXPECT_EQ(bind->parameters.size(), 2U);
  const std::vector<Value> values(bind->parameters.begin(), bind->parameters.end());
  EXPECT_EQ(values, (std::vector<Value>{"ab", std::nullopt}));
  EXPECT_EQ(values[0]->data(), body.data() + 14);  // where it was
  EXPECT_EQ(bind->parameter_formats.of(0), Format::kBinary);
  EXPECT_EQ(bind->parameter_formats.of(1), Format::kText);
  EXPECT_EQ(bind->result_formats.of(1), Format::kBinary);
}

TEST(Frontend, BindRefusesCountsThatDoNotFit) {
  EXPECT_EQ(decode('B', "00 00 0003 0000 0000 0000 0002 ffffffff ffffffff 0000"),
            "08P01 bind message has 3 parameter formats but 2 parameters");
  EXPECT_EQ(decode('B', "00 00 0002 0000 0000 0000 0000"),
            "08P01 bind message has 2 parameter formats but 0 parameters");
  EXPECT_EQ(decode('B', "00 00 0001 0001 0002 ffffffff ffffffff 0000"), "ok");
  EXPECT_EQ(decode('B', "00 00 0001 0001 0000 0000"), "ok");
}

TEST(Frontend, BindRefusesLyingCounts) {
  EXPECT_EQ(decode('B', "00 00 ffff 0000 0000 0000"), kTooShort);
  EXPECT_EQ(decode('B', "00 00 0000 ffff 0000 0000"), kTooShort);
  EXPECT_EQ(decode('B', "00 00 0000 0000 ffff 0000"), kTooShort);
  EXPECT_EQ(decode('B', "00 00 0000 0001 00000002 'a' 0000"), kTooShort);
  EXPECT_EQ(decode('B', "00 00 0000 0001 00000001 'a' 00000001 'b' 0000"), kTrailing);
  EXPECT_EQ(decode('B', "00 00 0000 0001 7fffffff 'a' 0000"), kTooShort);
}

TEST(Frontend, BindRefusesNegativeLengths) {
  EXPECT_EQ(decode('B', "00 00 0000 0001 fffffffe 0000"), kTooShort);
  EXPECT_EQ(decode('B', "00 00 0000 0001 80000000 0000"), kTooShort);
}

TEST(Frontend, UnknownFormatCodes) {
  EXPECT_EQ(decode('B', "00 00 0001 0007 0000 0000"), "22023 unsupported format code: 7");
  EXPECT_EQ(decode('B', "00 00 0000 0000 0001 ffff"), "22023 unsupported format code: -1");
  EXPECT_EQ(decode('F', "00000001 0000 0000 0002"), "22023 unsupported format code: 2");
}

TEST(Frontend, CloseAndDescribe) {
  expect_exact(Close{Target::kStatement, "s"}, "43 00000007 53 's' 00");
  expect_exact(Close{Target::kPortal, ""}, "43 00000006 50 00");
  expect_exact(Describe{Target::kStatement, ""}, "44 00000006 53 00");
  expect_exact(Describe{Target::kPortal, "p1"}, "44 00000008 50 'p1' 00");
  EXPECT_EQ(decode('C', "58 00"), "08P01 invalid CLOSE message subtype 88");
  EXPECT_EQ(decode('D', "ff 00"), "08P01 invalid DESCRIBE message subtype 255");
  EXPECT_EQ(decode('D', ""), kNoData);
  EXPECT_EQ(decode('D', "53"), kNoTerminator);
}

TEST(Frontend, Copy) {
  const std::string data = bytes("'1' 09 00 ff");
  expect_bytes(CopyData{data}, "64 00000008 '1' 09 00 ff");
  expect_bytes(CopyData{""}, "64 00000004");
  expect_exact(CopyDone{}, "63 00000004");
  expect_exact(CopyFail{"why"}, "66 00000008 'why' 00");
}

TEST(Frontend, Execute) {
  expect_exact(Execute{"p", 100}, "45 0000000a 'p' 00 00000064");
  expect_exact(Execute{"", -1}, "45 00000009 00 ffffffff");
  EXPECT_EQ(decode('E', "00 0000"), kTooShort);
}

TEST(Frontend, FunctionCall) {
  const FormatListBuilder formats{Format::kBinary};
  const ValueListBuilder arguments{"ab", std::nullopt};
  expect_exact(FunctionCall{1598, formats.list(), arguments.list(), Format::kBinary},
               "46 0000001a 0000063e 0001 0001 0002 00000002 'ab' ffffffff 0001");
  EXPECT_EQ(decode('F', "0000063e 0002 0000 0000 0001 ffffffff 0000"),
            "08P01 function call message contains 2 argument formats but 1 arguments");
  EXPECT_EQ(decode('F', "0000063e 0000 0001 fffffff9 0000"), kTooShort);
}

TEST(Frontend, Parse) {
  const OidListBuilder types{23, 0, 0xffffffff};
  expect_exact(Parse{"s", "select", types.list()},
               "50 0000001b 's' 00 'select' 00 0003 00000017 00000000 ffffffff");
  expect_exact(Parse{}, "50 00000008 00 00 0000");
  EXPECT_EQ(decode('P', "00 00 0005"), kTooShort);
  EXPECT_EQ(decode('P', "00 00 ffff 00000017"), kTooShort);
}

TEST(Frontend, ParseOffersItsTypes) {
  const std::string body = bytes("00 00 0002 00000017 00000019");
  const auto parse = decode_parse(body);
  ASSERT_TRUE(parse);
  EXPECT_EQ(parse->parameter_types.size(), 2U);
  EXPECT_EQ(parse->parameter_types[1], 25U);
  EXPECT_EQ(std::vector<Oid>(parse->parameter_types.begin(), parse->parameter_types.end()),
            (std::vector<Oid>{23, 25}));
}

TEST(Frontend, Query) {
  expect_exact(Query{"BEGIN"}, "51 0000000a 'BEGIN' 00");
  expect_exact(Query{""}, "51 00000005 00");
  EXPECT_EQ(decode('Q', ""), kNoTerminator);
  EXPECT_EQ(decode('Q', "'BEGIN'"), kNoTerminator);
  EXPECT_EQ(decode('Q', "'BEGIN' 00 00"), kTrailing);
}

TEST(Frontend, MessagesWithoutABody) {
  expect_exact(Flush{}, "48 00000004");
  expect_exact(Sync{}, "53 00000004");
  expect_exact(Terminate{}, "58 00000004");
}

TEST(Frontend, PasswordMessage) {
  EXPECT_EQ(encoded(PasswordMessage{"secret"}), bytes("70 0000000b 'secret' 00"));
  const std::string body = bytes("'secret' 00");
  EXPECT_EQ(decode_password(body)->password, "secret");
  constexpr char kBadSize[] = "08P01 invalid password packet size";
  EXPECT_EQ(outcome(decode_password("")), kBadSize);
  EXPECT_EQ(outcome(decode_password("secret")), kBadSize);
  EXPECT_EQ(outcome(decode_password(bytes("'a' 00 'b' 00"))), kBadSize);
  EXPECT_EQ(outcome(decode_password(bytes("00"))), "ok");  // empty: for the server to refuse
}

TEST(Frontend, SaslInitialResponse) {
  const std::string with_data = bytes("'SCRAM-SHA-256' 00 00000003 'n,,'");
  const SaslInitialResponse first{"SCRAM-SHA-256", "n,,"};
  EXPECT_EQ(encoded(first), bytes("70 00000019") + with_data);
  EXPECT_EQ(*decode_sasl_initial_response(with_data), first);
  const std::string without = bytes("'PLAIN' 00 ffffffff");
  EXPECT_EQ(encoded(SaslInitialResponse{"PLAIN", std::nullopt}), bytes("70 0000000e") + without);
  EXPECT_EQ(decode_sasl_initial_response(without)->response, std::nullopt);
  EXPECT_EQ(outcome(decode_sasl_initial_response("PLAIN")), kNoTerminator);
  EXPECT_EQ(outcome(decode_sasl_initial_response(bytes("'P' 00 00000004 'n,,'"))), kTooShort);
  EXPECT_EQ(outcome(decode_sasl_initial_response(bytes("'P' 00 00000002 'n,,'"))), kTrailing);
  EXPECT_EQ(outcome(decode_sasl_initial_response(bytes("'P' 00 fffffffe"))), kTooShort);
}

TEST(Frontend, RawAuthenticationResponses) {
  const std::string data = bytes("'c=biws' 00 ff");
  EXPECT_EQ(encoded(SaslResponse{data}), bytes("70 0000000c 'c=biws' 00 ff"));
  EXPECT_EQ(decode_sasl_response(data)->data, data);
  EXPECT_EQ(encoded(GssResponse{data}), bytes("70 0000000c 'c=biws' 00 ff"));
  EXPECT_EQ(decode_gss_response(data)->data, data);
  expect_bytes(AuthenticationResponse{data}, "70 0000000c 'c=biws' 00 ff", kAuthenticationLimits);
}

TEST(Frontend, EveryOtherTypeIsRefused) {
  for (int type = 0; type < 256; ++type) {
    const auto c = static_cast<char>(type);
    const bool known = c == 'p' || kFrontendLimits.of(c) != 0;
    const std::string refusal =
        "08P01 invalid frontend message type " + std::to_string(type) + " (fatal)";
    EXPECT_EQ(outcome(decode_frontend(c, "")) != refusal, known) << type;
  }
}

}  // namespace
}  // namespace isolde::wire
