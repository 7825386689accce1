#include "wire/lists.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/wire/wire_bytes.hpp"

namespace isolde::wire {
namespace {

using test::bytes;

TEST(IntList, ReadsBigEndianAtAnyAlignment) {
  const std::string raw = bytes("ff 00010203 80000000");
  const IntList<int32_t> list(std::string_view(raw).substr(1));
  EXPECT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], 0x00010203);
  EXPECT_EQ(list[1], INT32_MIN);
  EXPECT_EQ(std::vector<int32_t>(list.begin(), list.end()),
            (std::vector<int32_t>{0x00010203, INT32_MIN}));
}

TEST(IntList, EmptyHasNoElements) {
  const IntList<uint16_t> list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
}

TEST(FormatList, ShortForms) {
  EXPECT_EQ(FormatList().of(9), Format::kText);
  const FormatListBuilder one{Format::kBinary};
  EXPECT_EQ(one.list().of(9), Format::kBinary);
  const FormatListBuilder two{Format::kBinary, Format::kText};
  EXPECT_EQ(two.list().of(0), Format::kBinary);
  EXPECT_EQ(two.list().of(1), Format::kText);
}

TEST(ValueList, TellsNullFromEmpty) {
  const ValueListBuilder builder{"a", std::nullopt, "", "bcd"};
  const ValueList list = builder.list();
  EXPECT_EQ(list.size(), 4U);
  EXPECT_EQ(std::vector<Value>(list.begin(), list.end()),
            (std::vector<Value>{"a", std::nullopt, "", "bcd"}));
  EXPECT_EQ(list.bytes(), bytes("00000001 'a' ffffffff 00000000 00000003 'bcd'"));
}

TEST(ParameterList, KeepsOrderAndEmptyValues) {
  const ParameterListBuilder builder{{"b", "1"}, {"a", ""}, {"b", "2"}};
  const ParameterList list = builder.list();
  EXPECT_EQ(std::vector<ParameterList::Parameter>(list.begin(), list.end()),
            (std::vector<ParameterList::Parameter>{{"b", "1"}, {"a", ""}, {"b", "2"}}));
}

TEST(ByteOrder, IsBigEndianForEveryWidth) {
  char raw[8];
  store_big_endian(raw, uint64_t{0x0102030405060708});
  EXPECT_EQ(std::string_view(raw, 8), bytes("0102030405060708"));
  EXPECT_EQ(load_big_endian<uint64_t>(raw), 0x0102030405060708U);
  EXPECT_EQ(load_big_endian<int16_t>(raw + 1), 0x0203);
  EXPECT_EQ(load_big_endian<uint8_t>(raw + 2), 3);
  store_big_endian(raw, int16_t{-2});
  EXPECT_EQ(load_big_endian<int16_t>(raw), -2);
}

}  // namespace
}  // namespace isolde::wire
