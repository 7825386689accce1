#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/functions/regex.hpp"
#include "sql/functions/regexp_options.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// regexp_instr and regexp_substr: where the n-th match, or a group of it, is. Also substring(text
// similar pattern escape character).

namespace isolde::sql {

namespace {

[[noreturn]] void fail_parameter(const char* name, int64_t value) {
  fail(base::sqlstate::kInvalidParameterValue,
       fmt::format("invalid value for parameter \"{}\": {}", name, value));
}

struct Wanted {
  int64_t start = 1;
  int64_t nth = 1;
  int64_t group = 0;
  std::string_view flags{};
  const char* function = nullptr;
};

/// The part that is asked for, or one with a null data().
std::string_view find_nth(std::string_view text, std::string_view pattern, const Wanted& wanted) {
  if (wanted.start <= 0) fail_parameter("start", wanted.start);
  if (wanted.nth <= 0) fail_parameter("n", wanted.nth);
  if (wanted.group < 0) fail_parameter("subexpr", wanted.group);
  Regex::Flags flags = regexp_flags(wanted.flags, wanted.function);
  const Regex& regex = Regex::compile(pattern, flags);
  auto skip = static_cast<size_t>(wanted.start - 1);
  if (skip > utf8_length(text)) return {};
  size_t from = utf8_prefix(text, skip);
  std::vector<std::string_view> groups;
  for (int64_t i = 1;; ++i) {
    if (from > text.size() || !regex.find(text, from, groups)) return {};
    if (i == wanted.nth) break;
    size_t end = static_cast<size_t>(groups[0].data() - text.data()) + groups[0].size();
    from = end;
    if (groups[0].empty()) from += end < text.size() ? utf8_width(text[end]) : 1;
  }
  if (wanted.group == 0) return groups[0];
  auto group = static_cast<size_t>(wanted.group);
  return group < groups.size() ? groups[group] : std::string_view();
}

template <int count>
Datum instr(CallContext&, const Datum* args) {
  Wanted wanted{.function = "regexp_instr()"};
  if (count > 2) wanted.start = args[2].as_int();
  if (count > 3) wanted.nth = args[3].as_int();
  if (count > 5) wanted.flags = args[5].as_bytes();
  if (count > 6) wanted.group = args[6].as_int();
  int64_t behind = count > 4 ? args[4].as_int() : 0;
  if (wanted.start <= 0) fail_parameter("start", wanted.start);
  if (wanted.nth <= 0) fail_parameter("n", wanted.nth);
  if (behind != 0 && behind != 1) fail_parameter("endoption", behind);
  std::string_view text = args[0].as_bytes();
  std::string_view found = find_nth(text, args[1].as_bytes(), wanted);
  if (found.data() == nullptr) return Datum::of_int(0);
  auto at = static_cast<size_t>(found.data() - text.data()) + (behind == 1 ? found.size() : 0);
  return Datum::of_int(static_cast<int64_t>(utf8_length(text.substr(0, at))) + 1);
}

template <int count>
Datum substr(CallContext&, const Datum* args) {
  Wanted wanted{.function = "regexp_substr()"};
  if (count > 2) wanted.start = args[2].as_int();
  if (count > 3) wanted.nth = args[3].as_int();
  if (count > 4) wanted.flags = args[4].as_bytes();
  if (count > 5) wanted.group = args[5].as_int();
  std::string_view found = find_nth(args[0].as_bytes(), args[1].as_bytes(), wanted);
  return found.data() == nullptr ? Datum::null() : Datum::of_bytes(found);
}

/// With two escaped double quotes the pattern has three parts, and the middle one is the result.
Datum similar_substring(CallContext&, const Datum* args) {
  std::string pattern = similar_to_regex(args[1].as_bytes(), args[2].as_bytes());
  std::vector<std::string_view> groups;
  if (!Regex::compile(pattern, {}).find(args[0].as_bytes(), 0, groups)) return Datum::null();
  std::string_view found = groups.size() > 1 ? groups[1] : groups[0];
  return found.data() == nullptr ? Datum::null() : Datum::of_bytes(found);
}

constexpr FunctionRow kRows[] = {
    {6257, "regexp_instr(text, text) int4", instr<2>},
    {6258, "regexp_instr(text, text, int4) int4", instr<3>},
    {6259, "regexp_instr(text, text, int4, int4) int4", instr<4>},
    {6260, "regexp_instr(text, text, int4, int4, int4) int4", instr<5>},
    {6261, "regexp_instr(text, text, int4, int4, int4, text) int4", instr<6>},
    {6262, "regexp_instr(text, text, int4, int4, int4, text, int4) int4", instr<7>},
    {6265, "regexp_substr(text, text) text", substr<2>},
    {6266, "regexp_substr(text, text, int4) text", substr<3>},
    {6267, "regexp_substr(text, text, int4, int4) text", substr<4>},
    {6268, "regexp_substr(text, text, int4, int4, text) text", substr<5>},
    {6269, "regexp_substr(text, text, int4, int4, text, int4) text", substr<6>},
    {2074, "substring(text, text, text) text", similar_substring},
};

}  // namespace

const std::span<const FunctionRow> kRegexpPositions = kRows;

}  // namespace isolde::sql
