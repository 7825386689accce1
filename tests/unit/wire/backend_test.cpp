#include "wire/backend.hpp"

#include <gtest/gtest.h>

#include "tests/unit/wire/wire_bytes.hpp"

namespace isolde::wire {
namespace {

using test::bytes;

TEST(DataRowWriter, WritesValuesInPlace) {
  std::string out = "before";
  DataRowWriter row(out, 4);
  row.null();
  row.begin_value() += "ab";
  row.end_value();
  row.value("c");
  row.begin_value();
  row.end_value();
  EXPECT_TRUE(row.finish());
  EXPECT_EQ(out, "before" + bytes("44 00000019 0004 ffffffff 00000002 'ab' 00000001 'c' 00000000"));
}

TEST(DataRowWriter, ARowWithoutColumns) {
  std::string out;
  EXPECT_TRUE(DataRowWriter(out, 0).finish());
  EXPECT_EQ(out, bytes("44 00000006 0000"));
}

TEST(DataRowWriter, TakesBackAnUnfinishedRow) {
  std::string out = "before";
  {
    DataRowWriter row(out, 2);
    row.value("gone");
    row.begin_value() += "as well";
  }
  EXPECT_EQ(out, "before");
}

TEST(DataRowWriter, TakesBackARowThatIsTooLarge) {
  constexpr uint32_t kLimit = 20;
  std::string out = "before";
  {
    DataRowWriter row(out, 1, kLimit);
    row.value("12345678901");
    EXPECT_FALSE(row.finish());
  }
  EXPECT_EQ(out, "before");
  {
    DataRowWriter row(out, 1, kLimit);
    row.value("1234567890");
    EXPECT_TRUE(row.finish());
  }
  EXPECT_EQ(out, "before" + bytes("44 00000014 0001 0000000a '1234567890'"));
}

TEST(MessageWriter, TakesBackWhatIsTooLargeOrUnfinished) {
  std::string out = "before";
  {
    MessageWriter message(out, 'S', 6);
    message.string("ab");
    EXPECT_FALSE(message.finish());
  }
  {
    MessageWriter message(out, 'S');
    message.string("ab");
  }
  EXPECT_EQ(out, "before");
}

class BackendWriterTest : public testing::Test {
 protected:
  /// What was written since the last call.
  std::string written() { return std::exchange(out_, {}); }

  std::string out_;
  BackendWriter writer_{out_};
};

TEST_F(BackendWriterTest, CommandCompleteWithACount) {
  writer_.command_complete("SELECT", 0);
  EXPECT_EQ(written(), bytes("43 0000000d 'SELECT 0' 00"));
  writer_.command_complete("INSERT 0", UINT64_MAX);
  EXPECT_EQ(written(), bytes("43 00000022 'INSERT 0 18446744073709551615' 00"));
}

TEST_F(BackendWriterTest, CommandCompleteWithoutACount) {
  writer_.command_complete("CREATE TABLE");
  EXPECT_EQ(written(), bytes("43 00000011 'CREATE TABLE' 00"));
}

TEST_F(BackendWriterTest, MessagesFollowEachOther) {
  writer_.parse_complete();
  writer_.bind_complete();
  writer_.no_data();
  writer_.ready_for_query(TransactionStatus::kInTransaction);
  EXPECT_EQ(written(), bytes("31 00000004 32 00000004 6e 00000004 5a 00000005 'T'"));
}

TEST_F(BackendWriterTest, TheFewestFieldsOfAnError) {
  writer_.error_response(Report{});
  EXPECT_EQ(written(), bytes("45 0000000d 'S' 00 'V' 00 'C' 00 'M' 00 00"));
}

TEST_F(BackendWriterTest, TextIsCutAtAZero) {
  writer_.parameter_status("a", std::string_view("b\0c", 3));
  EXPECT_EQ(written(), bytes("53 00000008 'a' 00 'b' 00"));
}

}  // namespace
}  // namespace isolde::wire
