// JSON below SQL: where errors are, how deep values go, what the binary form holds.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/json_document.hpp"
#include "sql/types/json_lexer.hpp"
#include "sql/types/jsonb.hpp"

namespace isolde::sql {
namespace {

std::string context_of(std::string_view text, bool check_escapes = false) {
  try {
    JsonDocument document(text, check_escapes);
  } catch (const base::SqlException& e) {
    return e.error().fields().context;
  }
  return "no error";
}

TEST(Json, errors_show_the_place_as_postgresql_does) {
  EXPECT_EQ(context_of(R"({"a":nope})"), "JSON data, line 1: {\"a\":nope...");
  EXPECT_EQ(context_of("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 19]"),
            "JSON data, line 1: ...6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 19...");
  EXPECT_EQ(context_of("{\n\"a\": 1,\n\"b\": x}"), "JSON data, line 3: \"b\": x...");
  EXPECT_EQ(context_of("[\"a\tb\"]"), "JSON data, line 1: [\"a...");
  EXPECT_EQ(context_of(R"(["\u00zz"])"), R"(JSON data, line 1: ["\u00z...)");
  EXPECT_EQ(context_of(R"(["ab\qcd"])"), R"(JSON data, line 1: ["ab\q...)");
  EXPECT_EQ(context_of(R"(["\ud83d"])", true), R"(JSON data, line 1: ["\ud83d"...)");
  EXPECT_EQ(context_of(R"(["\u0000"])", true), R"(JSON data, line 1: ["\u0000...)");
  EXPECT_EQ(context_of(R"(["abc)"), R"(JSON data, line 1: ["abc)");
  EXPECT_EQ(context_of(""), "JSON data, line 1: ");
  EXPECT_EQ(context_of("[1,\n"), "JSON data, line 2: ");
  EXPECT_EQ(context_of("[1] x"), "JSON data, line 1: [1] x");
  std::string accents;
  for (int i = 0; i < 38; ++i) accents += "é";
  std::string shown;
  for (int i = 0; i < 23; ++i) shown += "é";
  EXPECT_EQ(context_of("[\"" + accents + "\" 1]"), "JSON data, line 1: ..." + shown + "\" 1...");
}

TEST(Json, values_nest_to_a_bound_and_no_deeper) {
  auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') +
           std::string(static_cast<size_t>(depth), ']');
  };
  Arena arena;
  Datum value = parse_jsonb(nested(kMaxJsonDepth), arena);
  std::string text;
  append_jsonb(text, JsonbView(value));
  EXPECT_EQ(text, nested(kMaxJsonDepth));
  for (int depth : {kMaxJsonDepth + 2, 1'000'000}) {
    try {
      parse_jsonb(nested(depth), arena);
      ADD_FAILURE() << depth;
    } catch (const base::SqlException& e) {
      EXPECT_EQ(e.error().state(), base::sqlstate::kStatementTooComplex);
    }
  }
  // Nor by putting a value into another.
  std::string out;
  JsonbWriter writer(out);
  EXPECT_THROW(writer.array(1, [&](uint32_t) { writer.copy(JsonbView(value)); }),
               base::SqlException);
}

TEST(Json, keys_are_found_among_many) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) {
    text +=
        (i > 0 ? "," : "") + ("\"k" + std::to_string(i * 7919 % 1000)) + "\":" + std::to_string(i);
  }
  text += "}";
  Arena arena;
  JsonbView object(parse_jsonb(text, arena));
  ASSERT_EQ(object.size(), 1000U);
  for (uint32_t i = 1; i < object.size(); ++i) {
    EXPECT_TRUE(compare_json_keys(object.key(i - 1), object.key(i)) < 0);
  }
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(object.find("k" + std::to_string(i)));
  EXPECT_FALSE(object.find("k"));
  EXPECT_FALSE(object.find("k1000"));
  EXPECT_FALSE(object.find("zzzzzzzz"));
}

/// Random values: the text of a jsonb reads back as an equal value with an equal hash.
class RandomJson {
 public:
  explicit RandomJson(unsigned seed) : random_(seed) {}
  std::string value(int depth) {
    switch (random_() % (depth > 0 ? 7 : 5)) {
      case 0:
        return "null";
      case 1:
        return random_() % 2 == 0 ? "true" : "false";
      case 2:
        return std::to_string(static_cast<int>(random_() % 2000) - 1000) + ".50";
      case 3:
      case 4:
        return string();
      case 5: {
        std::string out = "[";
        for (unsigned i = random_() % 4; i > 0; --i) out += value(depth - 1) + (i > 1 ? "," : "");
        return out + "]";
      }
      default: {
        std::string out = "{";
        for (unsigned i = random_() % 4; i > 0; --i) {
          out += string() + ":" + value(depth - 1) + (i > 1 ? "," : "");
        }
        return out + "}";
      }
    }
  }

 private:
  std::string string() {
    static const char* kPieces[] = {"a", "bb", "é", "\\n", "\\u0041", "\\ud83d\\ude00", "\\\""};
    std::string out = "\"";
    for (unsigned i = random_() % 4; i > 0; --i) out += kPieces[random_() % 7];
    return out + "\"";
  }
  std::mt19937 random_;
};

TEST(Json, jsonb_survives_its_own_text) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Arena arena;
    std::string text = RandomJson(seed).value(5);
    JsonbView value(parse_jsonb(text, arena));
    std::string written;
    append_jsonb(written, value);
    JsonbView again(parse_jsonb(written, arena));
    EXPECT_TRUE(compare_jsonb(value, again) == 0) << seed << ": " << text;
    EXPECT_EQ(value.bytes(), again.bytes()) << seed << ": " << text;
    EXPECT_EQ(hash_jsonb(value), hash_jsonb(again)) << seed;
  }
}

TEST(Json, order_is_total) {
  Arena arena;
  std::vector<JsonbView> values;
  for (unsigned seed = 0; seed < 60; ++seed) {
    values.emplace_back(parse_jsonb(RandomJson(seed).value(3), arena));
  }
  for (JsonbView a : values) {
    for (JsonbView b : values) {
      EXPECT_EQ(compare_jsonb(a, b) < 0, compare_jsonb(b, a) > 0);
      for (JsonbView c : values) {
        if (compare_jsonb(a, b) <= 0 && compare_jsonb(b, c) <= 0) {
          EXPECT_TRUE(compare_jsonb(a, c) <= 0);
        }
      }
    }
  }
}

/// Whatever the bytes, a text is read or refused with 22P02.
TEST(Json, every_cut_is_read_or_refused) {
  std::string text = R"({"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null,"d":true}})";
  for (size_t n = 0; n < text.size(); ++n) {
    EXPECT_NE(context_of(text.substr(0, n), true), "no error") << n;
    std::string changed = text;
    for (char c : {'\0', '"', '{', ']', '\\', '9', '\xff'}) {
      changed[n] = c;
      context_of(changed, true);
    }
  }
}

}  // namespace
}  // namespace isolde::sql
