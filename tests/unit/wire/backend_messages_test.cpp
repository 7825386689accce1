#include "wire/backend_messages.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"
#include "wire/frame.hpp"

namespace isolde::wire {
namespace {

using test::bytes;
using test::ExactBytes;
using test::outcome;

constexpr char kTooShort[] = "08P01 insufficient data left in message";
constexpr char kNoTerminator[] = "08P01 invalid string in message";
constexpr char kTrailing[] = "08P01 invalid message format";

std::string encoded(const BackendMessage& message) {
  std::string out;
  encode(message, out);
  return out;
}

std::string decode(char type, std::string_view body_dump) {
  const ExactBytes body(bytes(body_dump));
  return outcome(decode_backend(type, body.view()));
}

/// The message's bytes both ways.
void expect_bytes(const BackendMessage& message, std::string_view dump) {
  const std::string whole = bytes(dump);
  EXPECT_EQ(encoded(message), whole);
  const NextFrame next = next_frame(whole, kBackendLimits);
  ASSERT_TRUE(std::holds_alternative<Frame>(next)) << dump;
  const Frame& frame = std::get<Frame>(next);
  EXPECT_EQ(frame.size, whole.size());
  const auto decoded = decode_backend(frame.type, frame.body);
  ASSERT_TRUE(decoded) << dump << ": " << outcome(decoded);
  EXPECT_TRUE(*decoded == message) << dump;
}

/// The same for a message whose body has a structure: no part of it is a body, nor is more.
void expect_exact(const BackendMessage& message, std::string_view dump) {
  expect_bytes(message, dump);
  const std::string whole = bytes(dump);
  const std::string body = whole.substr(5);
  for (size_t size = 0; size < body.size(); ++size) {
    const ExactBytes part(body.substr(0, size));
    EXPECT_FALSE(decode_backend(whole[0], part.view())) << dump << " cut to " << size;
  }
  const ExactBytes longer(body + 'x');
  EXPECT_EQ(outcome(decode_backend(whole[0], longer.view())), kTrailing) << dump;
}

TEST(BackendMessages, Authentication) {
  expect_exact(AuthenticationOk{}, "52 00000008 00000000");
  expect_exact(AuthenticationKerberosV5{}, "52 00000008 00000002");
  expect_exact(AuthenticationCleartextPassword{}, "52 00000008 00000003");
  expect_exact(AuthenticationMd5Password{{1, 2, 3, '\xff'}}, "52 0000000c 00000005 010203ff");
  expect_exact(AuthenticationGss{}, "52 00000008 00000007");
  expect_bytes(AuthenticationGssContinue{"tok"}, "52 0000000b 00000008 'tok'");
  expect_exact(AuthenticationSspi{}, "52 00000008 00000009");
  EXPECT_EQ(decode('R', "00000063"), "08P01 authentication method 99 not supported");
  EXPECT_EQ(decode('R', ""), kTooShort);
}

TEST(BackendMessages, AuthenticationSasl) {
  expect_exact(AuthenticationSasl{{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}},
               "52 0000002a 0000000a 'SCRAM-SHA-256-PLUS' 00 'SCRAM-SHA-256' 00 00");
  expect_exact(AuthenticationSasl{}, "52 00000009 0000000a 00");
  expect_bytes(AuthenticationSaslContinue{"r=x,s=y"}, "52 0000000f 0000000b 'r=x,s=y'");
  expect_bytes(AuthenticationSaslFinal{"v=z"}, "52 0000000b 0000000c 'v=z'");
}

TEST(BackendMessages, OfAStartUp) {
  expect_exact(BackendKeyData{0x2341, -2}, "4b 0000000c 00002341 fffffffe");
  expect_exact(ParameterStatus{"TimeZone", "Etc/UTC"}, "53 00000015 'TimeZone' 00 'Etc/UTC' 00");
  expect_exact(NegotiateProtocolVersion{kProtocolVersion, {"_pq_.foo"}},
               "76 00000015 00030000 00000001 '_pq_.foo' 00");
  expect_exact(NegotiateProtocolVersion{}, "76 0000000c 00030000 00000000");
  EXPECT_EQ(decode('v', "00030000 ffffffff 'a' 00"), kNoTerminator);
}

TEST(BackendMessages, ReadyForQuery) {
  expect_exact(ReadyForQuery{TransactionStatus::kIdle}, "5a 00000005 'I'");
  expect_exact(ReadyForQuery{TransactionStatus::kInTransaction}, "5a 00000005 'T'");
  expect_exact(ReadyForQuery{TransactionStatus::kFailed}, "5a 00000005 'E'");
  EXPECT_EQ(decode('Z', "'x'"), "08P01 invalid transaction status");
}

TEST(BackendMessages, WithoutABody) {
  expect_exact(ParseComplete{}, "31 00000004");
  expect_exact(BindComplete{}, "32 00000004");
  expect_exact(CloseComplete{}, "33 00000004");
  expect_exact(NoData{}, "6e 00000004");
  expect_exact(PortalSuspended{}, "73 00000004");
  expect_exact(EmptyQueryResponse{}, "49 00000004");
  expect_exact(CopyDone{}, "63 00000004");
}

TEST(BackendMessages, RowDescription) {
  const FieldDescription expression{"?column?", 0, 0, 23, 4, -1, Format::kText};
  const FieldDescription column{"b", 16384, 2, 25, -1, 9, Format::kBinary};
  expect_exact(RowDescription{{expression, column}},
               "54 00000035 0002"
               "'?column?' 00 00000000 0000 00000017 0004 ffffffff 0000"
               "'b' 00 00004000 0002 00000019 ffff 00000009 0001");
  expect_exact(RowDescription{}, "54 00000006 0000");
  EXPECT_EQ(decode('T', "ffff"), kNoTerminator);
  EXPECT_EQ(decode('T', "0001 00 00000000 0000 00000017 0004 ffffffff 0002"),
            "22023 unsupported format code: 2");
}

TEST(BackendMessages, ParameterDescription) {
  expect_exact(ParameterDescription{{23, 0xfffffffe}}, "74 0000000e 0002 00000017 fffffffe");
  expect_exact(ParameterDescription{}, "74 00000006 0000");
  EXPECT_EQ(decode('t', "ffff 00000017"), kTooShort);
}

TEST(BackendMessages, DataRow) {
  expect_exact(DataRow{{"1", std::nullopt, ""}}, "44 00000013 0003 00000001 '1' ffffffff 00000000");
  expect_exact(DataRow{}, "44 00000006 0000");
  EXPECT_EQ(decode('D', "ffff 00000001 '1'"), kTooShort);
  EXPECT_EQ(decode('D', "0001 fffffffe"), kTooShort);
  EXPECT_EQ(decode('D', "0001 7fffffff"), kTooShort);
}

TEST(BackendMessages, OfACommand) {
  expect_exact(CommandComplete{"SELECT 1"}, "43 0000000d 'SELECT 1' 00");
  expect_exact(FunctionCallResponse{"ab"}, "56 0000000a 00000002 'ab'");
  expect_exact(FunctionCallResponse{std::nullopt}, "56 00000008 ffffffff");
  expect_exact(NotificationResponse{9428, "ch", "hi"}, "41 0000000e 000024d4 'ch' 00 'hi' 00");
}

TEST(BackendMessages, Copy) {
  expect_exact(CopyInResponse{Format::kText, {Format::kText, Format::kText}},
               "47 0000000b 00 0002 0000 0000");
  expect_exact(CopyOutResponse{Format::kBinary, {Format::kBinary}}, "48 00000009 01 0001 0001");
  expect_exact(CopyBothResponse{}, "57 00000007 00 0000");
  expect_bytes(CopyData{"1\tx\n"}, "64 00000008 '1' 09 'x' 0a");
  expect_bytes(CopyData{}, "64 00000004");
  EXPECT_EQ(decode('G', "02 0000"), "22023 unsupported format code: 2");
  EXPECT_EQ(decode('G', "00 ffff 0000"), kTooShort);
  EXPECT_EQ(decode('G', ""), kTooShort);
}

/// As PostgreSQL sends it for a relation that does not exist.
TEST(BackendMessages, AnErrorFromPostgres) {
  const Report report{.severity = "ERROR",
                      .severity_unchanged = "ERROR",
                      .sqlstate = "42P01",
                      .message = "relation \"nope\" does not exist",
                      .position = 15,
                      .file = "parse_relation.c",
                      .line = 1392,
                      .routine = "parserOpenTable"};
  expect_exact(ErrorResponse{report},
               "45 00000067 'SERROR' 00 'VERROR' 00 'C42P01' 00"
               "'Mrelation \"nope\" does not exist' 00 'P15' 00"
               "'Fparse_relation.c' 00 'L1392' 00 'RparserOpenTable' 00 00");
}

Report full_report() {
  return {.severity = "FEHLER",
          .severity_unchanged = "ERROR",
          .sqlstate = "23505",
          .message = "m",
          .detail = "d",
          .hint = "h",
          .position = 1,
          .internal_position = 2147483647,
          .internal_query = "q",
          .where = "w",
          .schema_name = "s",
          .table_name = "t",
          .column_name = "c",
          .data_type_name = "y",
          .constraint_name = "n",
          .file = "f",
          .line = 3,
          .routine = "r"};
}

TEST(BackendMessages, EveryFieldOfAReport) {
  const std::string_view fields =
      "'SFEHLER' 00 'VERROR' 00 'C23505' 00 'Mm' 00 'Dd' 00 'Hh' 00 'Ww' 00 'ss' 00 'tt' 00"
      "'cc' 00 'dy' 00 'nn' 00 'P1' 00 'p2147483647' 00 'qq' 00 'Ff' 00 'L3' 00 'Rr' 00 00";
  expect_exact(ErrorResponse{full_report()}, "45 00000051" + std::string(fields));
  expect_exact(NoticeResponse{full_report()}, "4e 00000051" + std::string(fields));
}

TEST(BackendMessages, UnknownFieldsOfAReportAreSkipped) {
  const std::string body = bytes("'Zz' 00 'Mm' 00 ff 00 00");
  const auto decoded = decode_backend('N', body);
  ASSERT_TRUE(decoded) << outcome(decoded);
  EXPECT_EQ(std::get<NoticeResponse>(*decoded).report, Report{.message = "m"});
}

TEST(BackendMessages, ReportsThatAreBroken) {
  EXPECT_EQ(decode('E', ""), "08P01 no data left in message");
  EXPECT_EQ(decode('E', "'Mm' 00"), "08P01 no data left in message");
  EXPECT_EQ(decode('E', "'Mm'"), kNoTerminator);
  EXPECT_EQ(decode('E', "'Pten' 00 00"), kTrailing);
  EXPECT_EQ(decode('E', "'P-1' 00 00"), kTrailing);
  EXPECT_EQ(decode('E', "'P99999999999' 00 00"), kTrailing);
}

TEST(BackendMessages, EveryOtherTypeIsRefused) {
  for (int type = 0; type < 256; ++type) {
    const auto c = static_cast<char>(type);
    const std::string refusal =
        "08P01 invalid backend message type " + std::to_string(type) + " (fatal)";
    EXPECT_EQ(outcome(decode_backend(c, "")) != refusal, kBackendLimits.of(c) != 0) << type;
  }
}

}  // namespace
}  // namespace isolde::wire
