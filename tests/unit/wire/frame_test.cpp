#include "wire/frame.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"

namespace isolde::wire {
namespace {

using test::bytes;
using test::text_of;

std::string describe(const NextFrame& next) {
  if (const auto* more = std::get_if<NeedMore>(&next)) return "more " + std::to_string(more->bytes);
  if (const auto* error = std::get_if<DecodeError>(&next)) return text_of(*error);
  const Frame& frame = std::get<Frame>(next);
  return std::string(frame.type == 0 ? "startup" : std::string(1, frame.type)) + " '" +
         std::string(frame.body) + "' of " + std::to_string(frame.size);
}

std::string frame(std::string_view dump, const FrameLimits& limits = kFrontendLimits) {
  return describe(next_frame(test::ExactBytes(bytes(dump)).view(), limits));
}

std::string startup(std::string_view dump) {
  return describe(next_startup_packet(test::ExactBytes(bytes(dump)).view()));
}

constexpr char kBadLength[] = "08P01 invalid message length (fatal)";
constexpr char kBadStartupLength[] = "08P01 invalid length of startup packet (fatal)";

TEST(Frame, IsAViewOfTheFirstMessage) {
  const std::string input = bytes("51 00000007 'ab' 00 53 00000004");
  const NextFrame next = next_frame(input, kFrontendLimits);
  const Frame& frame = std::get<Frame>(next);
  EXPECT_EQ(frame.type, 'Q');
  EXPECT_EQ(frame.body, std::string_view("ab\0", 3));
  EXPECT_EQ(frame.body.data(), input.data() + 5);
  EXPECT_EQ(frame.size, 8U);
  EXPECT_EQ(describe(next_frame(std::string_view(input).substr(frame.size), kFrontendLimits)),
            "S '' of 5");
}

TEST(Frame, TellsHowManyBytesAreMissing) {
  EXPECT_EQ(frame(""), "more 5");
  EXPECT_EQ(frame("51"), "more 4");
  EXPECT_EQ(frame("51 000000"), "more 1");
  EXPECT_EQ(frame("51 00000007"), "more 3");
  EXPECT_EQ(frame("51 00000007 'ab'"), "more 1");
  EXPECT_EQ(frame("51 3ffffffe"), "more 1073741818");
}

TEST(Frame, EveryPrefixAsksForMore) {
  const std::string whole = bytes("50 0000000c 00 'select' 00");
  for (size_t size = 0; size < whole.size(); ++size) {
    const test::ExactBytes prefix(whole.substr(0, size));
    const NextFrame next = next_frame(prefix.view(), kFrontendLimits);
    ASSERT_TRUE(std::holds_alternative<NeedMore>(next)) << size;
    EXPECT_LE(size + std::get<NeedMore>(next).bytes, whole.size()) << size;
  }
}

TEST(Frame, RefusesALengthThatDoesNotCountItself) {
  EXPECT_EQ(frame("51 00000003"), kBadLength);
  EXPECT_EQ(frame("51 00000000"), kBadLength);
  EXPECT_EQ(frame("51 ffffffff"), kBadLength);
  EXPECT_EQ(frame("51 80000000"), kBadLength);
}

TEST(Frame, LengthLimitsAreInclusive) {
  EXPECT_EQ(frame("53 00002710"), "more 9996");
  EXPECT_EQ(frame("53 00002711"), kBadLength);
  EXPECT_EQ(frame("51 3fffffff"), kBadLength);
  EXPECT_EQ(frame("70 0000ffff", kAuthenticationLimits), "more 65531");
  EXPECT_EQ(frame("70 00010000", kAuthenticationLimits), kBadLength);
  EXPECT_EQ(frame("5a 00007530", kBackendLimits), "more 29996");
  EXPECT_EQ(frame("5a 00007531", kBackendLimits), kBadLength);
}

TEST(Frame, EveryTypeHasPostgresLimitOrIsRefused) {
  for (int type = 0; type < 256; ++type) {
    const auto c = static_cast<char>(type);
    const bool small = std::string_view("CDEHSXcf").find(c) != std::string_view::npos;
    const bool large = std::string_view("BFPQd").find(c) != std::string_view::npos;
    EXPECT_EQ(kFrontendLimits.of(c), small ? 10000U : large ? 0x3ffffffeU : 0U) << type;
    if (small || large) continue;
    EXPECT_EQ(describe(next_frame(std::string(1, c), kFrontendLimits)),
              "08P01 invalid frontend message type " + std::to_string(type) + " (fatal)");
  }
}

TEST(Frame, OnlyAPasswordMayComeBeforeAuthentication) {
  EXPECT_EQ(frame("51 00000005 00", kAuthenticationLimits),
            "08P01 expected password response, got message type 81 (fatal)");
  EXPECT_EQ(frame("70 00000005 00"), "08P01 invalid frontend message type 112 (fatal)");
}

TEST(Frame, ABackendsTypesAreThoseOfTheProtocol) {
  constexpr std::string_view kTypes = "RKv23CWdcGHDIEVnNAtS1sZT";
  for (int type = 0; type < 256; ++type) {
    const auto c = static_cast<char>(type);
    EXPECT_EQ(kBackendLimits.of(c) != 0, kTypes.find(c) != std::string_view::npos) << type;
  }
  EXPECT_EQ(frame("21", kBackendLimits), "08P01 invalid backend message type 33 (fatal)");
}

TEST(StartupFrame, HasNoTypeByte) {
  EXPECT_EQ(startup("00000008 'SSL!' 51"), "startup 'SSL!' of 8");
  EXPECT_EQ(startup(""), "more 4");
  EXPECT_EQ(startup("0000"), "more 2");
  EXPECT_EQ(startup("00000008 'S'"), "more 3");
}

TEST(StartupFrame, LimitsAreInclusive) {
  EXPECT_EQ(startup("00000007"), kBadStartupLength);
  EXPECT_EQ(startup("00000000"), kBadStartupLength);
  EXPECT_EQ(startup("ffffffff"), kBadStartupLength);
  EXPECT_EQ(startup("00002714"), "more 10000");
  EXPECT_EQ(startup("00002715"), kBadStartupLength);
  EXPECT_EQ(startup("'GET '"), kBadStartupLength);  // a web browser at the wrong door
}

}  // namespace
}  // namespace isolde::wire
