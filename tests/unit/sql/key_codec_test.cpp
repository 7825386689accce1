#include "sql/table/key_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/error.hpp"
#include "sql/types/array.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {
namespace {

Bytes key_of(const KeyCodec& codec, Datum value) {
  Bytes key;
  codec.append(key, 0, value);
  return key;
}

std::strong_ordering order_of(const Bytes& a, const Bytes& b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

/// Texts that are awkward in their type, and some at random.
std::vector<std::string> texts_of(std::string_view type, std::mt19937& random) {
  auto number = [&](int64_t low, int64_t high) {
    return std::to_string(std::uniform_int_distribution<int64_t>(low, high)(random));
  };
  std::vector<std::string> texts;
  auto add_numbers = [&](int64_t low, int64_t high) {
    texts = {"0", "1", std::to_string(low), std::to_string(high)};
    if (low < 0) texts.emplace_back("-1");
    for (int i = 0; i < 40; ++i) texts.push_back(number(low, high));
    for (int i = 0; i < 10; ++i) texts.push_back(number(std::max<int64_t>(low, -300), 127));
  };
  if (type == "int2") add_numbers(INT16_MIN, INT16_MAX);
  if (type == "int4") add_numbers(INT32_MIN, INT32_MAX);
  if (type == "int8") add_numbers(INT64_MIN, INT64_MAX);
  if (type == "oid") add_numbers(0, UINT32_MAX);
  if (type == "bool") texts = {"t", "f"};
  if (type == "float8" || type == "float4") {
    texts = {"0", "-0", "NaN", "Infinity", "-Infinity", "1e30", "-1e30", "1e-30", "-1e-30", "1.5"};
    for (int i = 0; i < 40; ++i) texts.push_back(number(-1000, 1000) + "." + number(0, 99999));
  }
  if (type == "numeric") {
    texts = {"0",      "0.00",    "NaN",     "Infinity", "-Infinity", "1",
             "1.0",    "-1",      "9999",    "10000",    "10001",     "-10000",
             "0.0001", "0.00001", "-0.0001", "1e100",    "-1e100"};
    for (int i = 0; i < 60; ++i) texts.push_back(number(-100000, 100000) + "." + number(0, 999999));
    for (int i = 0; i < 40; ++i) texts.push_back(number(-1000000, 1000000) + number(0, 999999999));
  }
  if (type == "text" || type == "varchar" || type == "name" || type == "bpchar") {
    texts = {"", " ", "a", "a ", "ab", "b", "\x01", "a\x01", "ä", "日本", "a b", "a  "};
    for (int i = 0; i < 40; ++i) {
      std::string text;
      for (int64_t n = std::stoll(number(0, 5)); n > 0; --n)
        text += number(0, 1) == "0" ? "a" : "b";
      texts.push_back(text);
    }
  }
  if (type == "bytea") {
    texts = {"", "\\x00", "\\x0000", "\\x01", "\\x00ff", "\\xff", "\\xff00", "\\x0001", "\\xffff"};
  }
  if (type == "date") texts = {"2000-01-01", "infinity", "-infinity", "1999-12-31", "4000-01-01"};
  if (type == "timestamp") texts = {"2000-01-01 00:00:00.000001", "1999-12-31", "infinity"};
  if (type == "timetz") {
    texts = {"00:00+00", "01:00+01", "00:00-01", "23:59:59.999999-15", "12:00+05:30", "06:30+00"};
  }
  if (type == "interval") {
    texts = {"0",
             "1 day",
             "24 hours",
             "1 month",
             "30 days",
             "-1 month",
             "1 year",
             "178000000 years",
             "-178000000 years",
             "1 microsecond",
             "-1 microsecond",
             "1 mon -1 day"};
  }
  if (type == "uuid") {
    texts = {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
             "00000000-0000-0000-0000-000000000001", "7fffffff-ffff-ffff-ffff-ffffffffffff",
             "80000000-0000-0000-0000-000000000000"};
  }
  if (type == "char") texts = {"", "a", "Z", "\\377", "\\001"};
  if (type == "tid") texts = {"(0,1)", "(0,2)", "(1,0)", "(4294967295,65535)", "(256,1)"};
  if (type == "_int4") {
    texts = {"{}", "{1}", "{1,2}", "{1,NULL}", "{NULL}", "{2}", "{{1},{2}}", "[0:1]={1,2}", "{-1}"};
  }
  if (type == "_text") texts = {"{}", "{a}", "{a,b}", "{ab}", "{NULL,a}", "{\"\"}", "{\"\",\"\"}"};
  return texts;
}

class KeyOrder : public testing::TestWithParam<std::string> {};

TEST_P(KeyOrder, BytesCompareAsValuesDo) {
  const Type& type = *find_type(GetParam());
  std::mt19937 random(7);
  Arena arena;
  OutputStyle style;
  std::vector<Datum> values = {Datum::null()};
  for (const std::string& text : texts_of(GetParam(), random)) {
    values.push_back(type.from_text(arena.copy(text), -1, arena, style));
  }
  ASSERT_GT(values.size(), 2U);
  for (int variant = 0; variant < 4; ++variant) {
    const bool descending = (variant & 1) != 0;
    const bool nulls_first = (variant & 2) != 0;
    KeyCodec codec({KeyColumn(type, descending, nulls_first)});
    for (Datum a : values) {
      for (Datum b : values) {
        auto expected = std::strong_ordering::equal;
        if (a.is_null() || b.is_null()) {
          if (a.is_null() != b.is_null()) {
            expected = a.is_null() == nulls_first ? std::strong_ordering::less
                                                  : std::strong_ordering::greater;
          }
        } else {
          expected = descending ? type.compare(b, a) : type.compare(a, b);
        }
        Bytes x = key_of(codec, a), y = key_of(codec, b);
        std::string left, right;
        if (!a.is_null()) type.to_text(a, left, style);
        if (!b.is_null()) type.to_text(b, right, style);
        ASSERT_EQ(order_of(x, y), expected) << left << " | " << right << " variant " << variant;
        bool prefix = x.size() < y.size() && std::equal(x.begin(), x.end(), y.begin());
        ASSERT_FALSE(prefix) << left << " | " << right;
      }
    }
  }
}

TEST_P(KeyOrder, DecodableValuesComeBack) {
  const Type& type = *find_type(GetParam());
  std::mt19937 random(8);
  Arena arena;
  OutputStyle style;
  for (bool descending : {false, true}) {
    KeyCodec codec({KeyColumn(type, descending, false), KeyColumn(type, descending, true)});
    if (!codec.decodable(0)) return;
    for (const std::string& text : texts_of(GetParam(), random)) {
      Datum value = type.from_text(arena.copy(text), -1, arena, style);
      Bytes key;
      codec.append(key, 0, value);
      codec.append(key, 1, Datum::null());
      Datum back[2];
      codec.decode(key, 2, back, arena);
      ASSERT_FALSE(back[0].is_null());
      EXPECT_TRUE(back[1].is_null());
      std::string before, after;
      type.to_text(value, before, style);
      type.to_text(back[0], after, style);
      EXPECT_EQ(before, after);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, KeyOrder,
                         testing::Values("int2", "int4", "int8", "oid", "bool", "float4", "float8",
                                         "numeric", "text", "varchar", "bpchar", "name", "bytea",
                                         "date", "timestamp", "timetz", "interval", "uuid", "char",
                                         "tid", "_int4", "_text"),
                         [](const auto& info) { return info.param; });

TEST(KeyCodec, APrefixOfTheColumnsIsAPrefixOfTheBytes) {
  const Type& text = *find_type("text");
  const Type& int4 = *find_type("int4");
  KeyCodec codec({KeyColumn(text, false, false), KeyColumn(int4, true, true)});
  Bytes first, both;
  codec.append(first, 0, Datum::of_bytes("abc"));
  codec.append(both, 0, Datum::of_bytes("abc"));
  codec.append(both, 1, Datum::of_int(3));
  EXPECT_TRUE(std::equal(first.begin(), first.end(), both.begin()));
  Bytes like;
  codec.append_prefix(like, 0, "ab");
  EXPECT_TRUE(std::equal(like.begin(), like.end(), both.begin()));
}

TEST(KeyCodec, WideKeysAreRefused) {
  EXPECT_NO_THROW(check_key_size(Bytes(2696), "i", "t"));
  EXPECT_THROW(check_key_size(Bytes(2697), "i", "t"), base::SqlException);
}

}  // namespace
}  // namespace isolde::sql
