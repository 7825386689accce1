#include "wire/client.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"

namespace isolde::wire {
namespace {

using test::bytes;
using test::outcome;

const std::string& conversation() {
  static const std::string all =
      bytes("52 00000008 00000000 43 0000000d 'SELECT 1' 00 5a 00000005 'I'");
  return all;
}

/// The messages that come out when the conversation arrives in pieces of that size, as bytes.
std::string through_stream(size_t piece) {
  BackendStream stream;
  std::string out;
  for (size_t at = 0; at < conversation().size(); at += piece) {
    stream.feed(std::string_view(conversation()).substr(at, piece));
    auto message = stream.next();
    for (; message && *message; message = stream.next()) encode(**message, out);
    EXPECT_TRUE(message) << outcome(message);
  }
  return out;
}

TEST(BackendStream, PutsPiecesTogether) {
  for (size_t piece = 1; piece <= conversation().size(); ++piece) {
    EXPECT_EQ(through_stream(piece), conversation()) << "in pieces of " << piece;
  }
}

TEST(BackendStream, NothingComesOfNothing) {
  BackendStream stream;
  const auto message = stream.next();
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->has_value());
}

TEST(BackendStream, GoesOnBehindABadMessage) {
  BackendStream stream;
  stream.feed(bytes("5a 00000005 'x' 5a 00000005 'I'"));
  EXPECT_EQ(outcome(stream.next()), "08P01 invalid transaction status");
  const auto message = stream.next();
  ASSERT_TRUE(message && *message);
  EXPECT_EQ(**message, BackendMessage(ReadyForQuery{TransactionStatus::kIdle}));
}

TEST(BackendStream, ReportsALostBoundary) {
  BackendStream stream;
  stream.feed(bytes("5a 00000001"));
  EXPECT_EQ(outcome(stream.next()), "08P01 invalid message length (fatal)");
}

}  // namespace
}  // namespace isolde::wire
