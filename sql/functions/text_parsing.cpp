#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sql/functions/declaration.hpp"
#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// Texts that are read by rules of SQL: identifiers, Unicode escapes, normal forms.

namespace isolde::sql {

namespace {

// --- parse_ident

bool starts_identifier(char c) {
  return is_letter(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

class IdentifierReader {
 public:
  IdentifierReader(std::string_view text, bool strict)
      : whole_(text), rest_(text), strict_(strict) {}

  std::vector<std::string> run() {
    skip_blanks();
    bool after_dot = false;
    while (true) {
      if (!name()) fail_name(after_dot);
      skip_blanks();
      if (rest_.empty()) break;
      if (rest_[0] != '.') {
        if (strict_) fail_identifier({});
        break;
      }
      rest_.remove_prefix(1);
      after_dot = true;
      skip_blanks();
    }
    return std::move(names_);
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_[0]) && rest_[0] != '\v') rest_.remove_prefix(1);
  }

  bool name() {
    if (rest_.empty()) return false;
    if (rest_[0] == '"') {
      names_.push_back(quoted());
      return true;
    }
    if (!starts_identifier(rest_[0])) return false;
    std::string out;
    while (!rest_.empty() &&
           (starts_identifier(rest_[0]) || is_digit(rest_[0]) || rest_[0] == '$')) {
      out += to_lower(rest_[0]);
      rest_.remove_prefix(1);
    }
    names_.push_back(std::move(out));
    return true;
  }

  std::string quoted() {
    std::string out;
    rest_.remove_prefix(1);
    while (true) {
      if (rest_.empty()) fail_identifier("String has unclosed double quotes.");
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') {
        if (rest_.empty() || rest_[0] != '"') break;
        rest_.remove_prefix(1);
      }
      out += c;
    }
    if (out.empty()) fail_identifier("Quoted identifier must not be empty.");
    return out;
  }

  [[noreturn]] void fail_name(bool after_dot) const {
    if (!rest_.empty() && rest_[0] == '.') fail_identifier("No valid identifier before \".\".");
    fail_identifier(after_dot ? "No valid identifier after \".\"." : "");
  }
  [[noreturn]] void fail_identifier(std::string_view detail) const {
    base::Error error(base::sqlstate::kInvalidParameterValue,
                      fmt::format("string is not a valid identifier: \"{}\"", whole_));
    if (detail.empty()) throw base::SqlException(std::move(error));
    throw base::SqlException(std::move(error).detail(std::string(detail)));
  }

  std::string_view whole_;
  std::string_view rest_;
  bool strict_;
  std::vector<std::string> names_;
};

Datum parse_ident(CallContext& context, const Datum* args) {
  std::vector<Datum> elements;
  for (const std::string& name : IdentifierReader(args[0].as_bytes(), args[1].as_bool()).run()) {
    elements.push_back(context.arena.bytes(name));
  }
  return make_array(type_of(types::kText), elements, context.arena);
}

// --- unistr

class UnicodeReader {
 public:
  explicit UnicodeReader(std::string_view text) : rest_(text) {}

  std::string run() {
    while (!rest_.empty()) {
      if (rest_[0] == '\\' && rest_.size() > 1 && rest_[1] == '\\') {
        no_pair();
        out_ += '\\';
        rest_.remove_prefix(2);
      } else if (rest_[0] == '\\') {
        add(escape());
      } else {
        no_pair();
        out_ += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    no_pair();
    return std::move(out_);
  }

 private:
  static bool is_first(uint32_t code) { return code >= 0xd800 && code <= 0xdbff; }
  static bool is_second(uint32_t code) { return code >= 0xdc00 && code <= 0xdfff; }

  [[noreturn]] static void fail_pair() {
    fail(base::sqlstate::kSyntaxError, "invalid Unicode surrogate pair");
  }
  void no_pair() const {
    if (first_ != 0) fail_pair();
  }

  std::optional<uint32_t> hex(size_t from, size_t digits) const {
    if (rest_.size() < from + digits) return std::nullopt;
    uint32_t code = 0;
    for (char c : rest_.substr(from, digits)) {
      if (hex_value(c) < 0) return std::nullopt;
      code = code << 4 | static_cast<uint32_t>(hex_value(c));
    }
    return code;
  }

  /// \XXXX, \uXXXX, \+XXXXXX, \UXXXXXXXX
  uint32_t escape() {
    char kind = rest_.size() > 1 ? rest_[1] : '\0';
    size_t digits = kind == '+' ? 6 : kind == 'U' ? 8 : 4;
    size_t from = kind == '+' || kind == 'U' || kind == 'u' ? 2 : 1;
    std::optional<uint32_t> code = hex(from, digits);
    if (!code) {
      throw base::SqlException(
          base::Error(base::sqlstate::kSyntaxError, "invalid Unicode escape")
              .hint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX."));
    }
    rest_.remove_prefix(from + digits);
    return *code;
  }

  void add(uint32_t code) {
    if (code == 0 || code > 0x10ffff) {
      fail(base::sqlstate::kInvalidParameterValue,
           fmt::format("invalid Unicode code point: {:04X}", code));
    }
    if (first_ != 0) {
      if (!is_second(code)) fail_pair();
      append_utf8(out_, 0x10000 + ((first_ & 0x3ff) << 10) + (code & 0x3ff));
      first_ = 0;
    } else if (is_second(code)) {
      fail_pair();
    } else if (is_first(code)) {
      first_ = code;
    } else {
      append_utf8(out_, code);
    }
  }

  std::string_view rest_;
  std::string out_;
  uint32_t first_ = 0;  ///< of a surrogate pair
};

Datum unistr(CallContext& context, const Datum* args) {
  return context.arena.bytes(UnicodeReader(args[0].as_bytes()).run());
}

// --- normalize. Texts below U+0300 are in form C, those in ASCII in every form; the tables that
// others need are not here.

void check_normal(std::string_view text, std::string_view form) {
  bool composed = equals_ignoring_case(form, "NFC");
  if (!composed && !equals_ignoring_case(form, "NFD") && !equals_ignoring_case(form, "NFKC") &&
      !equals_ignoring_case(form, "NFKD")) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("invalid normalization form: {}", form));
  }
  unsigned limit = composed ? 0xcc : 0x80;  // first bytes
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= limit) {
      fail(base::sqlstate::kFeatureNotSupported,
           "Unicode normalization of characters beyond U+02FF is not supported");
    }
  }
}
Datum normalize(CallContext&, const Datum* args) {
  check_normal(args[0].as_bytes(), args[1].as_bytes());
  return args[0];
}
Datum is_normalized(CallContext&, const Datum* args) {
  check_normal(args[0].as_bytes(), args[1].as_bytes());
  return Datum::of_bool(true);
}

/// Cut so that the number fits.
Datum name_and_oid(CallContext& context, const Datum* args) {
  std::string suffix = fmt::format("_{}", args[1].as_int());
  std::string_view name = args[0].as_bytes();
  size_t kept = std::min(name.size(), kMaxNameBytes - suffix.size());
  while (kept < name.size() && kept > 0 &&
         (static_cast<unsigned char>(name[kept]) & 0xc0) == 0x80) {
    --kept;
  }
  return context.arena.bytes(std::string(name.substr(0, kept)) + suffix);
}

constexpr FunctionRow kRows[] = {
    {1268, "parse_ident(str text, strict bool = true) text[]", parse_ident},
    {6198, "unistr(text) text", unistr},
    {4350, "normalize(text, text = NFC) text", normalize},
    {4351, "is_normalized(text, text = NFC) bool", is_normalized},
    {266, "nameconcatoid(name, oid) name", name_and_oid},
};

}  // namespace

const std::span<const FunctionRow> kTextParsing = kRows;

}  // namespace isolde::sql
