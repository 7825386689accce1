#include "sql/types/text_types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/array.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/type_ids.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

std::strong_ordering compare_bytes(std::string_view a, std::string_view b) {
  return a.compare(b) <=> 0;
}

namespace {

constexpr int32_t kLengthHeader = 4;

/// What is cut off a value by assignment must be blanks.
void check_only_blanks(std::string_view rest, const char* type, size_t limit, bool cut_silently) {
  if (cut_silently || rest.find_first_not_of(' ') == std::string_view::npos) return;
  fail(base::sqlstate::kStringDataRightTruncation,
       fmt::format("value too long for type {}({})", type, limit));
}

}  // namespace

std::string_view fit_varchar(std::string_view text, int32_t typmod, bool cut_silently) {
  if (typmod < kLengthHeader) return text;
  auto limit = static_cast<size_t>(typmod - kLengthHeader);
  if (text.size() <= limit) return text;
  size_t kept = utf8_prefix(text, limit);
  check_only_blanks(text.substr(kept), "character varying", limit, cut_silently);
  return text.substr(0, kept);
}

Datum fit_bpchar(std::string_view text, int32_t typmod, bool cut_silently, Arena& arena) {
  if (typmod < kLengthHeader) return arena.bytes(text);
  auto limit = static_cast<size_t>(typmod - kLengthHeader);
  size_t characters = utf8_length(text);
  if (characters > limit) {
    size_t kept = utf8_prefix(text, limit);
    check_only_blanks(text.substr(kept), "character", limit, cut_silently);
    return arena.bytes(text.substr(0, kept));
  }
  size_t size = text.size() + limit - characters;
  char* to = arena.allocate(size);
  std::copy(text.begin(), text.end(), to);
  std::fill(to + text.size(), to + size, ' ');
  return Datum::of_bytes({to, size});
}

std::string_view clip_name(std::string_view text) {
  if (text.size() <= kMaxNameBytes) return text;
  size_t size = kMaxNameBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

uint8_t read_char(std::string_view text) {
  auto digit = [&](size_t i) { return text[i] - '0'; };
  if (text.size() == 4 && text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' &&
      text[2] <= '7' && text[3] >= '0' && text[3] <= '7') {
    return static_cast<uint8_t>(digit(1) << 6 | digit(2) << 3 | digit(3));
  }
  return text.empty() ? uint8_t{0} : static_cast<uint8_t>(text[0]);
}

void append_char(std::string& out, uint8_t value) {
  if (value >= 0x80) {
    out += fmt::format("\\{:03o}", value);
  } else if (value != 0) {
    out += static_cast<char>(value);
  }
}

namespace {

Datum text_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  return arena.bytes(text);
}
void text_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  out += value.as_bytes();
}
Datum text_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  check_utf8(bytes);
  return arena.bytes(bytes);
}
void text_to_binary(const Type&, Datum value, std::string& out) {
  out += value.as_bytes();
}
std::strong_ordering compare_text(const Type&, Datum a, Datum b) {
  return compare_bytes(a.as_bytes(), b.as_bytes());
}
uint64_t hash_text(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

// --- varchar(n), char(n)

Datum varchar_from_text(const Type&, std::string_view text, int32_t typmod, Arena& arena,
                        const OutputStyle&) {
  return arena.bytes(fit_varchar(text, typmod, false));
}
Datum varchar_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena& arena) {
  check_utf8(bytes);
  return arena.bytes(fit_varchar(bytes, typmod, false));
}
Datum bpchar_from_text(const Type&, std::string_view text, int32_t typmod, Arena& arena,
                       const OutputStyle&) {
  return fit_bpchar(text, typmod, false, arena);
}
Datum bpchar_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena& arena) {
  check_utf8(bytes);
  return fit_bpchar(bytes, typmod, false, arena);
}
std::strong_ordering compare_bpchar(const Type&, Datum a, Datum b) {
  return compare_bytes(without_padding(a.as_bytes()), without_padding(b.as_bytes()));
}
uint64_t hash_bpchar(const Type&, Datum value) {
  return hash_bytes(without_padding(value.as_bytes()));
}

// --- name

Datum name_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  return arena.bytes(clip_name(text));
}
Datum name_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  check_utf8(bytes);
  if (bytes.size() > kMaxNameBytes) {
    throw base::SqlException(
        base::Error(base::sqlstate::kNameTooLong, "identifier too long")
            .detail(fmt::format("Identifier must be less than {} characters.", kMaxNameBytes + 1)));
  }
  return arena.bytes(bytes);
}

// --- "char": one byte in the datum

Datum char_from_text(const Type&, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  return Datum::of_int(read_char(text));
}
void char_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  append_char(out, static_cast<uint8_t>(value.as_int()));
}
Datum char_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  if (bytes.size() != 1) {
    fail(base::sqlstate::kProtocolViolation, "insufficient data left in message");
  }
  return Datum::of_int(static_cast<uint8_t>(bytes[0]));
}
void char_to_binary(const Type&, Datum value, std::string& out) {
  out += static_cast<char>(value.as_int());
}
std::strong_ordering compare_char(const Type&, Datum a, Datum b) {
  return a.as_int() <=> b.as_int();
}
uint64_t hash_char(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}

// --- void, and the pseudo-types that have no values

Datum void_from_text(const Type&, std::string_view, int32_t, Arena&, const OutputStyle&) {
  return Datum::of_int(0);
}
void void_to_text(const Type&, Datum, std::string&, const OutputStyle&) {}
Datum void_from_binary(const Type&, std::string_view, int32_t, Arena&) {
  return Datum::of_int(0);
}
void void_to_binary(const Type&, Datum, std::string&) {}

[[noreturn]] void refuse(const char* verb, const Type& type) {
  fail(base::sqlstate::kFeatureNotSupported,
       std::string("cannot ") + verb + " a value of type " + std::string(type.name));
}
Datum pseudo_from_text(const Type& type, std::string_view, int32_t, Arena&, const OutputStyle&) {
  refuse("accept", type);
}
/// Arrays know what they hold, whatever a column of pg_stats may say of them.
void pseudo_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  if (type.oid != types::kAnyArray) refuse("display", type);
  const Type* element = find_type(ArrayView(value).element_type());
  ISOLDE_CHECK(element != nullptr, "arrays of types that are not built in are shown as texts");
  find_type(element->array_type)->to_text(value, out, style);
}
Datum pseudo_from_binary(const Type& type, std::string_view, int32_t, Arena&) {
  refuse("accept", type);
}
void pseudo_to_binary(const Type& type, Datum, std::string&) {
  refuse("display", type);
}

}  // namespace

const TypeFunctions kTextFunctions{text_from_text, text_to_text, text_from_binary,
                                   text_to_binary, compare_text, hash_text};
const TypeFunctions kVarcharFunctions{varchar_from_text, text_to_text, varchar_from_binary,
                                      text_to_binary,    compare_text, hash_text};
const TypeFunctions kBpcharFunctions{bpchar_from_text, text_to_text,   bpchar_from_binary,
                                     text_to_binary,   compare_bpchar, hash_bpchar};
const TypeFunctions kNameFunctions{name_from_text, text_to_text, name_from_binary,
                                   text_to_binary, compare_text, hash_text};
const TypeFunctions kCharFunctions{char_from_text, char_to_text, char_from_binary,
                                   char_to_binary, compare_char, hash_char};
const TypeFunctions kUnknownFunctions{text_from_text, text_to_text, text_from_binary,
                                      text_to_binary, nullptr,      nullptr};
const TypeFunctions kVoidFunctions{void_from_text, void_to_text, void_from_binary,
                                   void_to_binary, nullptr,      nullptr};
const TypeFunctions kPseudoFunctions{pseudo_from_text, pseudo_to_text, pseudo_from_binary,
                                     pseudo_to_binary, nullptr,        nullptr};

}  // namespace isolde::sql
