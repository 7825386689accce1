#include "sql/functions/declaration.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// LIKE and ILIKE. Patterns are matched byte by byte: '%' skips any bytes, '_' one character, and a
// backslash takes the next byte for itself. Greedy with a single point of return: after a '%'
// matched, earlier ones need never be tried again.

namespace isolde::sql {

namespace {

char same_case(char c) {
  return c;
}
char lower_case(char c) {
  return to_lower(c);
}

[[noreturn]] void fail_escape() {
  fail(base::sqlstate::kInvalidEscapeSequence, "LIKE pattern must not end with escape character");
}

template <char (*fold)(char)>
bool like(std::string_view text, std::string_view pattern) {
  size_t t = 0;
  size_t p = 0;
  size_t percent = std::string_view::npos;  // the pattern after the last '%'
  size_t retry = 0;                         // where in the text it is tried next
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      percent = ++p;
      retry = t;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '_') {
      t += utf8_width(text[t]);
      ++p;
      continue;
    }
    bool escaped = p < pattern.size() && pattern[p] == '\\';
    if (escaped && p + 1 >= pattern.size()) fail_escape();
    if (p < pattern.size() && fold(text[t]) == fold(pattern[p + (escaped ? 1 : 0)])) {
      ++t;
      p += escaped ? 2 : 1;
      continue;
    }
    if (percent == std::string_view::npos) return false;
    retry += utf8_width(text[retry]);
    t = retry;
    p = percent;
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p >= pattern.size();
}

template <char (*fold)(char), bool wanted>
Datum like_text(CallContext&, const Datum* args) {
  return Datum::of_bool(like<fold>(args[0].as_bytes(), args[1].as_bytes()) == wanted);
}
/// Rewrites a pattern with another escape character into one with the backslash.
Datum escape(CallContext& context, const Datum* args) {
  std::string_view pattern = args[0].as_bytes();
  std::string_view escape = args[1].as_bytes();
  if (utf8_length(escape) > 1) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidEscapeSequence, "invalid escape string")
            .hint("Escape string must be empty or one character."));
  }
  if (escape == "\\") return args[0];
  std::string out;
  bool after_escape = false;
  while (!pattern.empty()) {
    std::string_view c = pattern.substr(0, utf8_width(pattern[0]));
    pattern.remove_prefix(c.size());
    if (!escape.empty() && c == escape && !after_escape) {
      out += '\\';
      after_escape = true;
      continue;
    }
    if (c == "\\" && !after_escape) out += '\\';
    out += c;
    after_escape = false;
  }
  return context.arena.bytes(out);
}

constexpr FunctionRow kRows[] = {
    {1569, "like(text, text) bool", like_text<same_case, true>},
    {1570, "notlike(text, text) bool", like_text<same_case, false>},
    {1571, "like(name, text) bool", like_text<same_case, true>},
    {1572, "notlike(name, text) bool", like_text<same_case, false>},
    {2007, "like(bytea, bytea) bool", like_text<same_case, true>},
    {2008, "notlike(bytea, bytea) bool", like_text<same_case, false>},
    {850, "textlike(text, text) bool", like_text<same_case, true>},
    {851, "textnlike(text, text) bool", like_text<same_case, false>},
    {858, "namelike(name, text) bool", like_text<same_case, true>},
    {859, "namenlike(name, text) bool", like_text<same_case, false>},
    {1631, "bpcharlike(bpchar, text) bool", like_text<same_case, true>},
    {1632, "bpcharnlike(bpchar, text) bool", like_text<same_case, false>},
    {2005, "bytealike(bytea, bytea) bool", like_text<same_case, true>},
    {2006, "byteanlike(bytea, bytea) bool", like_text<same_case, false>},
    {1633, "texticlike(text, text) bool", like_text<lower_case, true>},
    {1634, "texticnlike(text, text) bool", like_text<lower_case, false>},
    {1635, "nameiclike(name, text) bool", like_text<lower_case, true>},
    {1636, "nameicnlike(name, text) bool", like_text<lower_case, false>},
    {1660, "bpchariclike(bpchar, text) bool", like_text<lower_case, true>},
    {1661, "bpcharicnlike(bpchar, text) bool", like_text<lower_case, false>},
    {1637, "like_escape(text, text) text", escape},
    {2009, "like_escape(bytea, bytea) bytea", escape},
};

}  // namespace

const std::span<const FunctionRow> kLike = kRows;

}  // namespace isolde::sql
