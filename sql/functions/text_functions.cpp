#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sql/functions/declaration.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/integer_types.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// Strings: joining, cutting, finding, padding. Positions count characters from 1.

namespace isolde::sql {

void check_text_size(uint64_t bytes) {
  constexpr uint64_t kMaxField = 0x3fffffff - 4;
  if (bytes > kMaxField) {
    fail(base::sqlstate::kProgramLimitExceeded, "requested length too large");
  }
}

std::string value_to_text(const Type& type, Datum value, const OutputStyle& style) {
  if (type.oid == types::kBool) return value.as_bool() ? "true" : "false";
  if (type.oid == types::kBpchar) return std::string(without_padding(value.as_bytes()));
  return output_text(type, value, style);
}

std::string output_text(const Type& type, Datum value, const OutputStyle& style) {
  std::string text;
  type.to_text(value, text, style);
  return text;
}

namespace {

Datum join(CallContext& context, std::string_view a, std::string_view b) {
  TextResult result = new_text(context, uint64_t{a.size()} + b.size());
  std::copy(a.begin(), a.end(), result.data);
  std::copy(b.begin(), b.end(), result.data + a.size());
  return result.datum();
}

Datum concatenate(CallContext& context, const Datum* args) {
  return join(context, args[0].as_bytes(), args[1].as_bytes());
}
/// text || anynonarray
Datum concatenate_value_right(CallContext& context, const Datum* args) {
  return join(context, args[0].as_bytes(),
              value_to_text(context.argument_type(1), args[1], context.style));
}
Datum concatenate_value_left(CallContext& context, const Datum* args) {
  return join(context, value_to_text(context.argument_type(0), args[0], context.style),
              args[1].as_bytes());
}

Datum character_length(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int64_t>(utf8_length(args[0].as_bytes())));
}
Datum bpchar_length(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int64_t>(utf8_length(without_padding(args[0].as_bytes()))));
}
Datum byte_length(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int64_t>(args[0].as_bytes().size()));
}
Datum bit_length(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int64_t>(args[0].as_bytes().size()) * 8);
}

template <char (*change)(char)>
Datum map_bytes(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  TextResult result = new_text(context, text.size());
  std::transform(text.begin(), text.end(), result.data, change);
  return result.datum();
}
char lowered(char c) {
  return to_lower(c);
}
char raised(char c) {
  return to_upper(c);
}

Datum initcap(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  TextResult result = new_text(context, text.size());
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    result.data[i] = inside ? to_lower(text[i]) : to_upper(text[i]);
    inside = is_letter(text[i]) || is_digit(text[i]);
  }
  return result.datum();
}

/// Characters [from, from + count) of a text, positions from 1 and possibly before it.
Datum slice(std::string_view text, int64_t from, int64_t count) {
  int64_t end = from + count;
  from = std::max<int64_t>(from, 1);
  if (end <= from) return Datum::of_bytes("");
  text.remove_prefix(utf8_prefix(text, static_cast<size_t>(from - 1)));
  return Datum::of_bytes(text.substr(0, utf8_prefix(text, static_cast<size_t>(end - from))));
}

[[noreturn]] void fail_negative_length() {
  fail(base::sqlstate::kSubstringError, "negative substring length not allowed");
}

Datum substring(CallContext&, const Datum* args) {
  if (args[2].as_int() < 0) fail_negative_length();
  return slice(args[0].as_bytes(), args[1].as_int(), args[2].as_int());
}
Datum substring_to_end(CallContext&, const Datum* args) {
  return slice(args[0].as_bytes(), args[1].as_int(), int64_t{1} << 40);
}
Datum byte_substring(CallContext&, const Datum* args) {
  if (args[2].as_int() < 0) fail_negative_length();
  std::string_view bytes = args[0].as_bytes();
  int64_t from = args[1].as_int();
  int64_t end = std::min<int64_t>(from + args[2].as_int(), static_cast<int64_t>(bytes.size()) + 1);
  from = std::max<int64_t>(from, 1);
  if (end <= from) return Datum::of_bytes("");
  return Datum::of_bytes(
      bytes.substr(static_cast<size_t>(from - 1), static_cast<size_t>(end - from)));
}
Datum byte_substring_to_end(CallContext& context, const Datum* args) {
  Datum all[3] = {args[0], args[1], Datum::of_int(int64_t{1} << 40)};
  return byte_substring(context, all);
}

/// left(text, n): with n < 0, all but the last -n characters.
Datum left(CallContext&, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  int64_t n = args[1].as_int();
  if (n < 0) n = std::max<int64_t>(0, static_cast<int64_t>(utf8_length(text)) + n);
  return Datum::of_bytes(text.substr(0, utf8_prefix(text, static_cast<size_t>(n))));
}
Datum right(CallContext&, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  int64_t n = args[1].as_int();
  int64_t skip = n < 0 ? -n : std::max<int64_t>(0, static_cast<int64_t>(utf8_length(text)) - n);
  return Datum::of_bytes(text.substr(utf8_prefix(text, static_cast<size_t>(skip))));
}

Datum position(CallContext&, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  size_t at = text.find(args[1].as_bytes());
  if (at == std::string_view::npos) return Datum::of_int(0);
  return Datum::of_int(static_cast<int64_t>(utf8_length(text.substr(0, at))) + 1);
}
Datum byte_position(CallContext&, const Datum* args) {
  size_t at = args[0].as_bytes().find(args[1].as_bytes());
  return Datum::of_int(at == std::string_view::npos ? 0 : static_cast<int64_t>(at) + 1);
}

Datum replace(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  std::string_view from = args[1].as_bytes();
  std::string_view to = args[2].as_bytes();
  size_t at = from.empty() ? std::string_view::npos : text.find(from);
  if (at == std::string_view::npos) return args[0];
  std::string result;
  for (size_t begin = 0;; at = text.find(from, begin)) {
    result += text.substr(begin, at - begin);
    if (at == std::string_view::npos) break;
    result += to;
    check_text_size(result.size());
    begin = at + from.size();
    context.poll();
  }
  return context.arena.bytes(result);
}

Datum repeat(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  auto count = static_cast<uint64_t>(std::max<int64_t>(0, args[1].as_int()));
  TextResult result = new_text(context, text.size() * count);
  for (uint64_t i = 0; i < count && !text.empty(); ++i) {
    std::memcpy(result.data + i * text.size(), text.data(), text.size());
  }
  return result.datum();
}

Datum reverse(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  TextResult result = new_text(context, text.size());
  char* to = result.data + text.size();
  while (!text.empty()) {
    size_t width = std::min(utf8_width(text[0]), text.size());
    to -= width;
    std::memcpy(to, text.data(), width);
    text.remove_prefix(width);
  }
  return result.datum();
}

/// The first `characters` characters of `fill` repeated endlessly.
std::string padding(std::string_view fill, size_t characters) {
  std::string result;
  size_t period = utf8_length(fill);
  for (; characters >= period; characters -= period) result += fill;
  return result.append(fill.substr(0, utf8_prefix(fill, characters)));
}

template <bool on_the_left>
Datum pad_with(CallContext& context, std::string_view text, int64_t length, std::string_view fill) {
  auto wanted = static_cast<size_t>(std::max<int64_t>(length, 0));
  check_text_size(uint64_t{wanted} * 4 > 0x40000000 ? uint64_t{wanted} * 4 : wanted);
  size_t has = utf8_length(text);
  if (wanted <= has) return Datum::of_bytes(text.substr(0, utf8_prefix(text, wanted)));
  if (fill.empty()) return Datum::of_bytes(text);
  std::string pad = padding(fill, wanted - has);
  return on_the_left ? join(context, pad, text) : join(context, text, pad);
}
template <bool on_the_left>
Datum pad(CallContext& context, const Datum* args) {
  return pad_with<on_the_left>(context, args[0].as_bytes(), args[1].as_int(), args[2].as_bytes());
}
template <bool on_the_left>
Datum pad_blanks(CallContext& context, const Datum* args) {
  return pad_with<on_the_left>(context, args[0].as_bytes(), args[1].as_int(), " ");
}

bool contains_character(std::string_view set, std::string_view character) {
  while (!set.empty()) {
    size_t width = utf8_width(set[0]);
    if (set.substr(0, width) == character) return true;
    set.remove_prefix(std::min(width, set.size()));
  }
  return false;
}

enum class Side : uint8_t { kBoth, kLeft, kRight };

template <Side side>
std::string_view trimmed(std::string_view text, std::string_view set) {
  while (side != Side::kRight && !text.empty()) {
    size_t width = std::min(utf8_width(text[0]), text.size());
    if (!contains_character(set, text.substr(0, width))) break;
    text.remove_prefix(width);
  }
  while (side != Side::kLeft && !text.empty()) {
    size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
    if (!contains_character(set, text.substr(begin))) break;
    text = text.substr(0, begin);
  }
  return text;
}
template <Side side>
Datum trim(CallContext&, const Datum* args) {
  return Datum::of_bytes(trimmed<side>(args[0].as_bytes(), args[1].as_bytes()));
}
template <Side side>
Datum trim_blank(CallContext&, const Datum* args) {
  return Datum::of_bytes(trimmed<side>(args[0].as_bytes(), " "));
}

Datum split_part(CallContext&, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  std::string_view separator = args[1].as_bytes();
  int64_t n = args[2].as_int();
  if (n == 0) fail(base::sqlstate::kInvalidParameterValue, "field position must not be zero");
  if (text.empty()) return Datum::of_bytes("");
  if (separator.empty()) return n == 1 || n == -1 ? args[0] : Datum::of_bytes("");
  for (; n < 0; ++n) {  // from the end
    size_t at = text.rfind(separator);
    if (n == -1) {
      return Datum::of_bytes(at == std::string_view::npos ? text
                                                          : text.substr(at + separator.size()));
    }
    if (at == std::string_view::npos) return Datum::of_bytes("");
    text = text.substr(0, at);
  }
  while (true) {
    size_t at = text.find(separator);
    if (n == 1) return Datum::of_bytes(text.substr(0, at));
    if (at == std::string_view::npos) return Datum::of_bytes("");
    text.remove_prefix(at + separator.size());
    --n;
  }
}

/// Each character of `from` becomes the one at its place in `to`, or vanishes.
Datum translate(CallContext& context, const Datum* args) {
  std::string result;
  std::string_view text = args[0].as_bytes();
  while (!text.empty()) {
    std::string_view c = text.substr(0, utf8_width(text[0]));
    text.remove_prefix(c.size());
    size_t at = 0;
    std::string_view from = args[1].as_bytes();
    while (!from.empty() && from.substr(0, utf8_width(from[0])) != c) {
      from.remove_prefix(std::min(utf8_width(from[0]), from.size()));
      ++at;
    }
    if (from.empty()) {
      result += c;
      continue;
    }
    std::string_view to = args[2].as_bytes();
    to.remove_prefix(utf8_prefix(to, at));
    result += to.substr(0, utf8_prefix(to, 1));
  }
  return context.arena.bytes(result);
}

Datum starts_with(CallContext&, const Datum* args) {
  return Datum::of_bool(args[0].as_bytes().starts_with(args[1].as_bytes()));
}

/// The code point of a character, or of the first byte where there is more than one.
Datum ascii(CallContext&, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  if (text.empty()) return Datum::of_int(0);
  auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return Datum::of_int(lead);
  size_t width = utf8_width(text[0]);
  uint32_t code = lead & (0x7fU >> width);
  for (size_t i = 1; i < width; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return Datum::of_int(code);
}

Datum chr(CallContext& context, const Datum* args) {
  int64_t code = args[0].as_int();
  if (code < 0) fail(base::sqlstate::kInvalidParameterValue, "character number must be positive");
  if (code == 0) fail(base::sqlstate::kProgramLimitExceeded, "null character not permitted");
  if (code > 0x10ffff) {
    fail(base::sqlstate::kProgramLimitExceeded,
         fmt::format("requested character too large for encoding: {}", code));
  }
  if (code >= 0xd800 && code <= 0xdfff) {
    fail(base::sqlstate::kProgramLimitExceeded,
         fmt::format("requested character not valid for encoding: {}", code));
  }
  std::string out;
  append_utf8(out, static_cast<uint32_t>(code));
  return context.arena.bytes(out);
}

Datum overlay_with(CallContext& context, const Datum* args, int64_t length) {
  int64_t from = args[2].as_int();
  if (from <= 0) fail_negative_length();
  std::string_view text = args[0].as_bytes();
  std::string result(slice(text, 1, from - 1).as_bytes());
  result += args[1].as_bytes();
  result += slice(text, from + length, int64_t{1} << 40).as_bytes();
  return context.arena.bytes(result);
}
Datum overlay(CallContext& context, const Datum* args) {
  return overlay_with(context, args, args[3].as_int());
}
Datum overlay_own_length(CallContext& context, const Datum* args) {
  return overlay_with(context, args, static_cast<int64_t>(utf8_length(args[1].as_bytes())));
}

Datum to_hex4(CallContext& context, const Datum* args) {
  return context.arena.bytes(fmt::format("{:x}", static_cast<uint32_t>(args[0].as_int())));
}
Datum to_hex8(CallContext& context, const Datum* args) {
  return context.arena.bytes(fmt::format("{:x}", static_cast<uint64_t>(args[0].as_int())));
}

// --- casts within the family

Datum bpchar_to_text(CallContext&, const Datum* args) {
  return Datum::of_bytes(without_padding(args[0].as_bytes()));
}
Datum fit_varchar_cast(CallContext&, const Datum* args) {
  return Datum::of_bytes(
      fit_varchar(args[0].as_bytes(), static_cast<int32_t>(args[1].as_int()), args[2].as_bool()));
}
Datum fit_bpchar_cast(CallContext& context, const Datum* args) {
  return fit_bpchar(args[0].as_bytes(), static_cast<int32_t>(args[1].as_int()), args[2].as_bool(),
                    context.arena);
}
Datum same(CallContext&, const Datum* args) {
  return args[0];
}
Datum text_to_name(CallContext&, const Datum* args) {
  return Datum::of_bytes(clip_name(args[0].as_bytes()));
}
Datum bpchar_to_name(CallContext&, const Datum* args) {
  return Datum::of_bytes(clip_name(without_padding(args[0].as_bytes())));
}
Datum char_to_text(CallContext& context, const Datum* args) {
  std::string out;
  append_char(out, static_cast<uint8_t>(args[0].as_int()));
  return context.arena.bytes(out);
}
Datum text_to_char(CallContext&, const Datum* args) {
  return Datum::of_int(read_char(args[0].as_bytes()));
}
Datum char_to_int4(CallContext&, const Datum* args) {
  return Datum::of_int(static_cast<int8_t>(args[0].as_int()));
}
Datum int4_to_char(CallContext&, const Datum* args) {
  if (args[0].as_int() < -128 || args[0].as_int() > 127) fail_range("\"char\"");
  return Datum::of_int(static_cast<uint8_t>(args[0].as_int()));
}

template <bool greatest>
Datum pick(CallContext&, const Datum* args) {
  bool less = compare_bytes(args[0].as_bytes(), args[1].as_bytes()) < 0;
  return args[less == greatest ? 1 : 0];
}

constexpr FunctionRow kRows[] = {
    {1258, "textcat(text, text) text", concatenate},
    {2003, "textanycat(text, anynonarray) text", concatenate_value_right, kStable},
    {2004, "anytextcat(anynonarray, text) text", concatenate_value_left, kStable},
    {1317, "length(text) int4", character_length},
    {1381, "char_length(text) int4", character_length},
    {1369, "character_length(text) int4", character_length},
    {1318, "length(bpchar) int4", bpchar_length},
    {1372, "char_length(bpchar) int4", bpchar_length},
    {1367, "character_length(bpchar) int4", bpchar_length},
    {1374, "octet_length(text) int4", byte_length},
    {1375, "octet_length(bpchar) int4", byte_length},
    {720, "octet_length(bytea) int4", byte_length},
    {2010, "length(bytea) int4", byte_length},
    {1811, "bit_length(text) int4", bit_length},
    {1810, "bit_length(bytea) int4", bit_length},
    {870, "lower(text) text", map_bytes<lowered>},
    {871, "upper(text) text", map_bytes<raised>},
    {872, "initcap(text) text", initcap},
    {936, "substring(text, int4, int4) text", substring},
    {937, "substring(text, int4) text", substring_to_end},
    {877, "substr(text, int4, int4) text", substring},
    {883, "substr(text, int4) text", substring_to_end},
    {2012, "substring(bytea, int4, int4) bytea", byte_substring},
    {2013, "substring(bytea, int4) bytea", byte_substring_to_end},
    {2085, "substr(bytea, int4, int4) bytea", byte_substring},
    {2086, "substr(bytea, int4) bytea", byte_substring_to_end},
    {3060, "left(text, int4) text", left},
    {3061, "right(text, int4) text", right},
    {849, "position(text, text) int4", position},
    {868, "strpos(text, text) int4", position},
    {2014, "position(bytea, bytea) int4", byte_position},
    {2087, "replace(text, text, text) text", replace},
    {1622, "repeat(text, int4) text", repeat},
    {3062, "reverse(text) text", reverse},
    {873, "lpad(text, int4, text) text", pad<true>},
    {874, "rpad(text, int4, text) text", pad<false>},
    {879, "lpad(text, int4) text", pad_blanks<true>},
    {880, "rpad(text, int4) text", pad_blanks<false>},
    {884, "btrim(text, text) text", trim<Side::kBoth>},
    {875, "ltrim(text, text) text", trim<Side::kLeft>},
    {876, "rtrim(text, text) text", trim<Side::kRight>},
    {885, "btrim(text) text", trim_blank<Side::kBoth>},
    {881, "ltrim(text) text", trim_blank<Side::kLeft>},
    {882, "rtrim(text) text", trim_blank<Side::kRight>},
    {2088, "split_part(text, text, int4) text", split_part},
    {878, "translate(text, text, text) text", translate},
    {3696, "starts_with(text, text) bool", starts_with},
    {1620, "ascii(text) int4", ascii},
    {1621, "chr(int4) text", chr},
    {1404, "overlay(text, text, int4, int4) text", overlay},
    {1405, "overlay(text, text, int4) text", overlay_own_length},
    {2089, "to_hex(int4) text", to_hex4},
    {2090, "to_hex(int8) text", to_hex8},
    {401, "text(bpchar) text", bpchar_to_text},
    {406, "text(name) text", same},
    {946, "text(char) text", char_to_text},
    {669, "varchar(varchar, int4, bool) varchar", fit_varchar_cast},
    {668, "bpchar(bpchar, int4, bool) bpchar", fit_bpchar_cast},
    {1401, "varchar(name) varchar", same},
    {408, "bpchar(name) bpchar", same},
    {860, "bpchar(char) bpchar", char_to_text},
    {407, "name(text) name", text_to_name},
    {1400, "name(varchar) name", text_to_name},
    {409, "name(bpchar) name", bpchar_to_name},
    {944, "char(text) char", text_to_char},
    {78, "char(int4) char", int4_to_char},
    {77, "int4(char) int4", char_to_int4},
    {458, "text_larger(text, text) text", pick<true>},
    {459, "text_smaller(text, text) text", pick<false>},
    {1257, "textlen(text) int4", character_length},
};

}  // namespace

const std::span<const FunctionRow> kTextBasics = kRows;

}  // namespace isolde::sql
