#include "server/session/message_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>

#include "wire/frontend.hpp"

namespace isolde::server {
namespace {

/// Hands out prepared pieces, then the end of the stream.
class Pieces final : public Transport {
 public:
  explicit Pieces(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {}

  base::Result<size_t> read_some(std::span<char> into, ReadFor) override {
    largest_request = std::max(largest_request, into.size());
    if (pieces_.empty()) return size_t{0};
    std::string& piece = pieces_.front();
    size_t count = std::min(into.size(), piece.size());
    std::copy_n(piece.data(), count, into.data());
    piece.erase(0, count);
    if (piece.empty()) pieces_.pop_front();
    return count;
  }
  base::Status write(std::string_view&) override { return {}; }
  void write_without_waiting(std::string_view) override {}
  void close() override {}

  size_t largest_request = 0;

 private:
  std::deque<std::string> pieces_;
};

std::string query_message(std::string text) {
  std::string bytes;
  wire::encode(wire::Query{text}, bytes);
  return bytes;
}

std::string next_text(MessageReader& reader) {
  auto frame = reader.next(wire::kFrontendLimits, Transport::ReadFor::kCommand);
  if (!frame || !frame->has_value()) return "(none)";
  return std::string(wire::decode_query((*frame)->body)->text);
}

TEST(MessageReader, PutsMessagesTogetherFromSingleBytes) {
  std::string bytes = query_message("select 1") + query_message("select 2");
  std::deque<std::string> pieces;
  for (char c : bytes) pieces.emplace_back(1, c);
  Pieces transport(pieces);
  MessageReader reader(transport);
  EXPECT_EQ(next_text(reader), "select 1");
  EXPECT_EQ(next_text(reader), "select 2");
  EXPECT_EQ(next_text(reader), "(none)");
}

TEST(MessageReader, TakesMessagesLargerThanItsBuffer) {
  std::string large(300'000, 'x');
  Pieces transport({query_message(large) + query_message("after")});
  MessageReader reader(transport);
  EXPECT_EQ(next_text(reader), large);
  EXPECT_EQ(next_text(reader), "after");
}

TEST(MessageReader, AnAnnouncedLengthAloneCostsNothing) {
  Pieces transport({std::string("Q\x3f\xff\xff\xf0 only a few bytes", 21)});
  MessageReader reader(transport);
  auto frame = reader.next(wire::kFrontendLimits, Transport::ReadFor::kCommand);
  ASSERT_TRUE(frame);
  EXPECT_FALSE(frame->has_value());
  EXPECT_LE(transport.largest_request, size_t{16} << 10);
}

TEST(MessageReader, AnUnknownTypeIsFatal) {
  Pieces transport({std::string("\x01\x00\x00\x00\x04", 5)});
  MessageReader reader(transport);
  auto frame = reader.next(wire::kFrontendLimits, Transport::ReadFor::kCommand);
  ASSERT_FALSE(frame);
  EXPECT_TRUE(frame.error().ends_session());
  EXPECT_EQ(frame.error().state().code(), "08P01");
}

TEST(MessageReader, AKeptMessageSurvivesTheOnesBehindIt) {
  std::deque<std::string> pieces{query_message("kept") + query_message("one"),
                                 query_message(std::string(20'000, 'y'))};
  Pieces transport(pieces);
  MessageReader reader(transport);
  auto frame = reader.next(wire::kFrontendLimits, Transport::ReadFor::kCommand);
  std::string_view kept = wire::decode_query((*frame)->body)->text;
  reader.keep_current_message();
  EXPECT_EQ(next_text(reader), "one");
  EXPECT_EQ(next_text(reader), std::string(20'000, 'y'));
  EXPECT_EQ(kept, "kept");
  reader.release_kept();
}

}  // namespace
}  // namespace isolde::server
