#include <fmt/format.h>

#include <algorithm>

#include "sql/functions/declaration.hpp"
#include "sql/functions/encodings.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// Character sets by name and number. The server's is UTF8; it converts from and to LATIN1, and
// passes SQL_ASCII as it is.

namespace isolde::sql {

namespace {

struct Encoding {
  const char* name;
  int longest;  ///< bytes of a character
};
/// In order of PostgreSQL's numbers.
constexpr Encoding kTable[] = {
    {"SQL_ASCII", 1},  {"EUC_JP", 3},        {"EUC_CN", 3},
    {"EUC_KR", 3},     {"EUC_TW", 4},        {"EUC_JIS_2004", 3},
    {"UTF8", 4},       {"MULE_INTERNAL", 4}, {"LATIN1", 1},
    {"LATIN2", 1},     {"LATIN3", 1},        {"LATIN4", 1},
    {"LATIN5", 1},     {"LATIN6", 1},        {"LATIN7", 1},
    {"LATIN8", 1},     {"LATIN9", 1},        {"LATIN10", 1},
    {"WIN1256", 1},    {"WIN1258", 1},       {"WIN866", 1},
    {"WIN874", 1},     {"KOI8R", 1},         {"WIN1251", 1},
    {"WIN1252", 1},    {"ISO_8859_5", 1},    {"ISO_8859_6", 1},
    {"ISO_8859_7", 1}, {"ISO_8859_8", 1},    {"WIN1250", 1},
    {"WIN1253", 1},    {"WIN1254", 1},       {"WIN1255", 1},
    {"WIN1257", 1},    {"KOI8U", 1},         {"SJIS", 2},
    {"BIG5", 2},       {"GBK", 2},           {"UHC", 2},
    {"GB18030", 4},    {"JOHAB", 3},         {"SHIFT_JIS_2004", 2},
};
constexpr int kCount = static_cast<int>(std::size(kTable));
constexpr int kSqlAscii = 0;
constexpr int kUtf8 = 6;
constexpr int kLatin1 = 8;

/// Letters and digits alone count.
std::string plain(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (is_letter(c) || is_digit(c)) out += to_lower(c);
  }
  return out;
}

}  // namespace

int find_encoding(std::string_view name) {
  struct Alias {
    std::string_view name;
    int encoding;
  };
  static constexpr Alias kAliases[] = {
      {"unicode", 6},      {"iso88591", 8},     {"iso88592", 9},     {"iso88593", 10},
      {"iso88594", 11},    {"iso88599", 12},    {"iso885910", 13},   {"iso885913", 14},
      {"iso885914", 15},   {"iso885915", 16},   {"iso885916", 17},   {"windows1250", 29},
      {"windows1251", 23}, {"windows1252", 24}, {"windows1253", 30}, {"windows1254", 31},
      {"windows1255", 32}, {"windows1256", 18}, {"windows1257", 33}, {"windows1258", 19},
      {"windows866", 20},  {"windows874", 21},  {"windows936", 37},  {"windows949", 38},
      {"windows950", 36},  {"windows932", 35},  {"koi8", 22},        {"win", 23},
      {"alt", 20},         {"abc", 19},         {"tcvn", 19},        {"vscii", 19},
      {"mskanji", 35},     {"shiftjis", 35},    {"win932", 35},      {"win936", 37},
      {"win949", 38},      {"win950", 36},      {"tcvn5712", 19},
  };
  std::string wanted = plain(name);
  if (wanted.empty()) return -1;
  for (int i = 0; i < kCount; ++i) {
    if (wanted == plain(kTable[i].name)) return i;
  }
  for (const Alias& alias : kAliases) {
    if (wanted == alias.name) return alias.encoding;
  }
  return -1;
}

bool is_own_encoding(int number) {
  return number == kUtf8 || number == kSqlAscii;
}

namespace {

int encoding_or_fail(std::string_view name, std::string_view which) {
  int encoding = find_encoding(name);
  if (encoding < 0) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("invalid {} encoding name \"{}\"", which, name));
  }
  return encoding;
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string out;
  for (char c : bytes) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

std::string utf8_to_latin1(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    size_t width = std::min(utf8_width(text[0]), text.size());
    auto lead = static_cast<unsigned char>(text[0]);
    if (width == 1) {
      out += text[0];
    } else if (width == 2 && lead <= 0xc3) {
      out += static_cast<char>((lead & 3) << 6 | (static_cast<unsigned char>(text[1]) & 0x3f));
    } else {
      std::string hex;
      for (char c : text.substr(0, width)) {
        hex += fmt::format("{}0x{:02x}", hex.empty() ? "" : " ", static_cast<unsigned char>(c));
      }
      fail(base::sqlstate::kUntranslatableCharacter,
           fmt::format("character with byte sequence {} in encoding \"UTF8\" has no equivalent in "
                       "encoding \"LATIN1\"",
                       hex));
    }
    text.remove_prefix(width);
  }
  return out;
}

Datum convert(CallContext& context, Datum bytes, int from, int to) {
  std::string_view text = bytes.as_bytes();
  if (from == kUtf8) check_utf8(text);
  if (from == to || to == kSqlAscii) return bytes;
  if (from == kSqlAscii && to == kUtf8) {
    check_utf8(text);
    return bytes;
  }
  if (from == kLatin1 && to == kUtf8) return context.arena.bytes(latin1_to_utf8(text));
  if (from == kUtf8 && to == kLatin1) return context.arena.bytes(utf8_to_latin1(text));
  fail(base::sqlstate::kFeatureNotSupported,
       fmt::format("conversion from encoding {} to {} is not supported", kTable[from].name,
                   kTable[to].name));
}

Datum convert_to(CallContext& context, const Datum* args) {
  return convert(context, args[0], kUtf8, encoding_or_fail(args[1].as_bytes(), "destination"));
}
Datum convert_from(CallContext& context, const Datum* args) {
  return convert(context, args[0], encoding_or_fail(args[1].as_bytes(), "source"), kUtf8);
}
Datum convert_between(CallContext& context, const Datum* args) {
  int from = encoding_or_fail(args[1].as_bytes(), "source");
  int to = encoding_or_fail(args[2].as_bytes(), "destination");
  return convert(context, args[0], from, to);
}

Datum length_in(CallContext&, const Datum* args) {
  int encoding = find_encoding(args[1].as_bytes());
  if (encoding < 0) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("invalid encoding name \"{}\"", args[1].as_bytes()));
  }
  std::string_view bytes = args[0].as_bytes();
  if (encoding == kUtf8) {
    check_utf8(bytes);
    return Datum::of_int(static_cast<int64_t>(utf8_length(bytes)));
  }
  if (kTable[encoding].longest > 1) {
    fail(base::sqlstate::kFeatureNotSupported,
         fmt::format("encoding {} is not supported", kTable[encoding].name));
  }
  return Datum::of_int(static_cast<int64_t>(bytes.size()));
}

Datum number_of(CallContext&, const Datum* args) {
  return Datum::of_int(find_encoding(args[0].as_bytes()));
}
Datum name_of(CallContext&, const Datum* args) {
  int64_t number = args[0].as_int();
  return Datum::of_bytes(number >= 0 && number < kCount ? kTable[number].name : "");
}
Datum longest_of(CallContext&, const Datum* args) {
  int64_t number = args[0].as_int();
  if (number < 0 || number >= kCount) return Datum::null();
  return Datum::of_int(kTable[number].longest);
}

[[noreturn]] void fail_ascii(const char* encoding) {
  fail(base::sqlstate::kFeatureNotSupported,
       fmt::format("encoding conversion from {} to ASCII not supported", encoding));
}
Datum to_ascii(CallContext&, const Datum*) {
  fail_ascii("UTF8");
}
Datum to_ascii_named(CallContext&, const Datum* args) {
  int encoding = find_encoding(args[1].as_bytes());
  if (encoding < 0) {
    fail(base::sqlstate::kUndefinedObject,
         fmt::format("{} is not a valid encoding name", args[1].as_bytes()));
  }
  fail_ascii(kTable[encoding].name);
}
Datum to_ascii_numbered(CallContext&, const Datum* args) {
  int64_t number = args[1].as_int();
  if (number < 0 || number >= kCount) {
    fail(base::sqlstate::kUndefinedObject, fmt::format("{} is not a valid encoding code", number));
  }
  fail_ascii(kTable[number].name);
}

constexpr FunctionRow kRows[] = {
    {1717, "convert_to(text, name) bytea", convert_to, kStable},
    {1714, "convert_from(bytea, name) text", convert_from, kStable},
    {1813, "convert(bytea, name, name) bytea", convert_between, kStable},
    {1713, "length(bytea, name) int4", length_in, kStable},
    {1264, "pg_char_to_encoding(name) int4", number_of, kStable},
    {1597, "pg_encoding_to_char(int4) name", name_of, kStable},
    {2319, "pg_encoding_max_length(int4) int4", longest_of},
    {1845, "to_ascii(text) text", to_ascii},
    {1846, "to_ascii(text, int4) text", to_ascii_numbered},
    {1847, "to_ascii(text, name) text", to_ascii_named},
};

}  // namespace

const std::span<const FunctionRow> kEncodings = kRows;

}  // namespace isolde::sql
