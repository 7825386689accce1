#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/functions/regex.hpp"
#include "sql/functions/regexp_options.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// The operators ~ and its kin, SIMILAR TO, and the regexp_* functions.

namespace isolde::sql {

namespace {

using Groups = std::vector<std::string_view>;

struct Options {
  Regex::Flags flags;
  bool global = false;
};

Options parse_options(std::string_view letters, const char* function) {
  Options options;
  for (size_t i = 0; i < letters.size(); ++i) {
    switch (letters[i]) {
      case 'g':
        options.global = true;
        break;
      case 'i':
        options.flags.ignore_case = true;
        break;
      case 'c':
        options.flags.ignore_case = false;
        break;
      case 'n':
      case 'm':
        options.flags.newline_stops_dot = true;
        options.flags.newline_anchors = true;
        break;
      case 'p':
        options.flags.newline_stops_dot = true;
        options.flags.newline_anchors = false;
        break;
      case 'w':
        options.flags.newline_stops_dot = false;
        options.flags.newline_anchors = true;
        break;
      case 's':
        options.flags.newline_stops_dot = false;
        options.flags.newline_anchors = false;
        break;
      case 'q':
        options.flags.literal = true;
        break;
      case 'x':
        options.flags.expanded = true;
        break;
      case 'e':
      case 't':
        break;
      default:
        fail(base::sqlstate::kInvalidParameterValue,
             fmt::format("invalid regular expression option: \"{}\"",
                         letters.substr(i, utf8_width(letters[i]))));
    }
  }
  if (options.global && function != nullptr) {
    base::Error error(base::sqlstate::kInvalidParameterValue,
                      fmt::format("{} does not support the \"global\" option", function));
    bool has_sibling = std::string_view(function) == "regexp_match()";
    throw base::SqlException(has_sibling
                                 ? std::move(error).hint("Use the regexp_matches function instead.")
                                 : std::move(error));
  }
  return options;
}

}  // namespace

Regex::Flags regexp_flags(std::string_view letters, const char* function) {
  return parse_options(letters, function).flags;
}

namespace {

template <bool ignore_case, bool wanted>
Datum matches(CallContext&, const Datum* args) {
  Regex::Flags flags;
  flags.ignore_case = ignore_case;
  Groups groups;
  bool found = Regex::compile(args[1].as_bytes(), flags).find(args[0].as_bytes(), 0, groups);
  return Datum::of_bool(found == wanted);
}

Datum similar_escape(CallContext& context, const Datum* args) {
  return context.arena.bytes(similar_to_regex(args[0].as_bytes(), args[1].as_bytes()));
}
Datum similar_default(CallContext& context, const Datum* args) {
  return context.arena.bytes(similar_to_regex(args[0].as_bytes(), "\\"));
}
Datum similar_or_null(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  std::string_view escape = args[1].is_null() ? "\\" : args[1].as_bytes();
  return context.arena.bytes(similar_to_regex(args[0].as_bytes(), escape));
}

/// All matches from left to right; an empty one moves on by a character.
class Scanner {
 public:
  Scanner(const Regex& regex, std::string_view text) : regex_(regex), text_(text) {}
  bool next(Groups& groups) {
    if (from_ > text_.size() || !regex_.find(text_, from_, groups)) return false;
    size_t end = static_cast<size_t>(groups[0].data() - text_.data()) + groups[0].size();
    from_ = end;
    if (groups[0].empty()) from_ += end < text_.size() ? utf8_width(text_[end]) : 1;
    return true;
  }

 private:
  const Regex& regex_;
  std::string_view text_;
  size_t from_ = 0;
};

// --- regexp_replace

/// "\1" to "\9" are groups, "\&" the whole match, "\\" a backslash.
void append_replacement(std::string& out, std::string_view pattern, const Groups& groups) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] != '\\' || next == '\0') {
      out += pattern[i];
    } else if (next == '&') {
      out += groups[0];
      ++i;
    } else if (is_digit(next) && next != '0') {
      auto group = static_cast<size_t>(next - '0');
      if (group < groups.size()) out += groups[group];
      ++i;
    } else if (next == '\\') {
      out += '\\';
      ++i;
    } else {
      out += '\\';
    }
  }
}

/// Replaces the nth match from `from` on, or all when n is 0.
Datum replace_in(CallContext& context, const Datum* args, const Options& options, size_t from,
                 int64_t n) {
  std::string_view text = args[0].as_bytes();
  const Regex& regex = Regex::compile(args[1].as_bytes(), options.flags);
  std::string out(text.substr(0, from));
  std::string_view rest = text;
  size_t copied = from;
  size_t at = from;
  int64_t count = 0;
  Groups groups;
  while (at <= rest.size() && regex.find(rest, at, groups)) {
    context.poll();
    auto begin = static_cast<size_t>(groups[0].data() - rest.data());
    size_t end = begin + groups[0].size();
    ++count;
    if (n == 0 || count == n) {
      out += rest.substr(copied, begin - copied);
      append_replacement(out, args[2].as_bytes(), groups);
      check_text_size(out.size());
      copied = end;
      if (n != 0) break;
    }
    at = end;
    if (groups[0].empty()) at += end < rest.size() ? utf8_width(rest[end]) : 1;
  }
  if (copied < rest.size()) out += rest.substr(copied);
  return context.arena.bytes(out);
}
Datum regexp_replace(CallContext& context, const Datum* args) {
  return replace_in(context, args, {}, 0, 1);
}
Datum regexp_replace_flags(CallContext& context, const Datum* args) {
  std::string_view letters = args[3].as_bytes();
  if (!letters.empty() && is_digit(letters[0])) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidParameterValue,
                    fmt::format("invalid regular expression option: \"{}\"", letters.substr(0, 1)))
            .hint("If you meant to use regexp_replace() with a start parameter, cast the fourth "
                  "argument to integer explicitly."));
  }
  Options options = parse_options(letters, nullptr);
  return replace_in(context, args, options, 0, options.global ? 0 : 1);
}

size_t start_of(std::string_view text, int64_t start) {
  if (start < 1) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("invalid value for parameter \"start\": {}", start));
  }
  return utf8_prefix(text, static_cast<size_t>(start - 1));
}
int64_t check_n(int64_t n, int64_t least) {
  if (n < least) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("invalid value for parameter \"n\": {}", n));
  }
  return n;
}
Datum regexp_replace_from(CallContext& context, const Datum* args) {
  return replace_in(context, args, {}, start_of(args[0].as_bytes(), args[3].as_int()), 1);
}
Datum regexp_replace_nth(CallContext& context, const Datum* args) {
  size_t from = start_of(args[0].as_bytes(), args[3].as_int());
  return replace_in(context, args, {}, from, check_n(args[4].as_int(), 0));
}
Datum regexp_replace_nth_flags(CallContext& context, const Datum* args) {
  size_t from = start_of(args[0].as_bytes(), args[3].as_int());
  Options options = parse_options(args[5].as_bytes(), nullptr);
  return replace_in(context, args, options, from, check_n(args[4].as_int(), 0));
}

// --- regexp_match, regexp_matches

/// The groups, or the whole match where there are none.
Datum as_array(CallContext& context, const Groups& groups) {
  std::vector<Datum> elements;
  for (size_t i = groups.size() > 1 ? 1 : 0; i < groups.size(); ++i) {
    bool absent = groups[i].data() == nullptr;
    elements.push_back(absent ? Datum::null() : Datum::of_bytes(groups[i]));
  }
  return make_array(type_of(types::kText), elements, context.arena);
}
Datum first_match(CallContext& context, const Datum* args, const Options& options) {
  Groups groups;
  const Regex& regex = Regex::compile(args[1].as_bytes(), options.flags);
  if (!regex.find(args[0].as_bytes(), 0, groups)) return Datum::null();
  return as_array(context, groups);
}
Datum regexp_match(CallContext& context, const Datum* args) {
  return first_match(context, args, {});
}
Datum regexp_match_flags(CallContext& context, const Datum* args) {
  return first_match(context, args, parse_options(args[2].as_bytes(), "regexp_match()"));
}

class Matches final : public SetIterator {
 public:
  Matches(std::string_view text, std::string_view pattern, Options options)
      : text_(text), pattern_(pattern), options_(options) {}
  bool next(CallContext& context, Datum* columns) override {
    if (done_) return false;
    context.poll();
    Groups groups;
    const Regex& regex = Regex::compile(pattern_, options_.flags);
    if (from_ > text_.size() || !regex.find(text_, from_, groups)) return false;
    size_t end = static_cast<size_t>(groups[0].data() - text_.data()) + groups[0].size();
    from_ = end;
    if (groups[0].empty()) from_ += end < text_.size() ? utf8_width(text_[end]) : 1;
    done_ = !options_.global;
    columns[0] = as_array(context, groups);
    return true;
  }

 private:
  std::string_view text_;
  std::string_view pattern_;
  Options options_;
  size_t from_ = 0;
  bool done_ = false;
};
std::unique_ptr<SetIterator> regexp_matches(CallContext&, const Datum* args) {
  return std::make_unique<Matches>(args[0].as_bytes(), args[1].as_bytes(), Options{});
}
std::unique_ptr<SetIterator> regexp_matches_flags(CallContext&, const Datum* args) {
  return std::make_unique<Matches>(args[0].as_bytes(), args[1].as_bytes(),
                                   parse_options(args[2].as_bytes(), nullptr));
}

// --- regexp_split_to_*: an empty match at the start, at the end or after another splits nothing

std::vector<Datum> split(std::string_view text, std::string_view pattern, Regex::Flags flags) {
  const Regex& regex = Regex::compile(pattern, flags);
  std::vector<Datum> pieces;
  size_t begin = 0;
  size_t at = 0;
  Groups groups;
  while (at <= text.size() && regex.find(text, at, groups)) {
    auto match = static_cast<size_t>(groups[0].data() - text.data());
    size_t end = match + groups[0].size();
    if (groups[0].empty() && (match == 0 || match >= text.size() || match == begin)) {
      at = end + (end < text.size() ? utf8_width(text[end]) : 1);
      continue;
    }
    pieces.push_back(Datum::of_bytes(text.substr(begin, match - begin)));
    begin = end;
    at = end;
  }
  pieces.push_back(Datum::of_bytes(text.substr(begin)));
  return pieces;
}
Regex::Flags split_flags(const Datum* args, const char* function) {
  Options options = parse_options(args[2].as_bytes(), nullptr);
  if (options.global) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("{} does not support the \"global\" option", function));
  }
  return options.flags;
}
Datum split_to_array(CallContext& context, const Datum* args) {
  return make_array(type_of(types::kText), split(args[0].as_bytes(), args[1].as_bytes(), {}),
                    context.arena);
}
Datum split_to_array_flags(CallContext& context, const Datum* args) {
  Regex::Flags flags = split_flags(args, "regexp_split_to_array()");
  return make_array(type_of(types::kText), split(args[0].as_bytes(), args[1].as_bytes(), flags),
                    context.arena);
}
class Pieces final : public SetIterator {
 public:
  explicit Pieces(std::vector<Datum> pieces) : pieces_(std::move(pieces)) {}
  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= pieces_.size()) return false;
    context.poll();
    columns[0] = pieces_[next_++];
    return true;
  }

 private:
  std::vector<Datum> pieces_;
  size_t next_ = 0;
};
std::unique_ptr<SetIterator> split_to_table(CallContext&, const Datum* args) {
  return std::make_unique<Pieces>(split(args[0].as_bytes(), args[1].as_bytes(), {}));
}
std::unique_ptr<SetIterator> split_to_table_flags(CallContext&, const Datum* args) {
  Regex::Flags flags = split_flags(args, "regexp_split_to_table()");
  return std::make_unique<Pieces>(split(args[0].as_bytes(), args[1].as_bytes(), flags));
}

// --- regexp_like, regexp_count, substring(text from pattern)

Datum regexp_like(CallContext& context, const Datum* args) {
  return matches<false, true>(context, args);
}
Datum regexp_like_flags(CallContext&, const Datum* args) {
  Options options = parse_options(args[2].as_bytes(), "regexp_like()");
  Groups groups;
  const Regex& regex = Regex::compile(args[1].as_bytes(), options.flags);
  return Datum::of_bool(regex.find(args[0].as_bytes(), 0, groups));
}
Datum count_from(CallContext& context, const Datum* args, size_t from, Regex::Flags flags) {
  const Regex& regex = Regex::compile(args[1].as_bytes(), flags);
  Scanner scanner(regex, args[0].as_bytes().substr(from));
  Groups groups;
  int64_t count = 0;
  for (; scanner.next(groups); ++count) context.poll();
  return Datum::of_int(count);
}
Datum regexp_count(CallContext& context, const Datum* args) {
  return count_from(context, args, 0, {});
}
Datum regexp_count_from(CallContext& context, const Datum* args) {
  return count_from(context, args, start_of(args[0].as_bytes(), args[2].as_int()), {});
}
Datum regexp_count_flags(CallContext& context, const Datum* args) {
  Options options = parse_options(args[3].as_bytes(), "regexp_count()");
  size_t from = start_of(args[0].as_bytes(), args[2].as_int());
  return count_from(context, args, from, options.flags);
}

Datum substring_by_regex(CallContext&, const Datum* args) {
  Groups groups;
  if (!Regex::compile(args[1].as_bytes(), {}).find(args[0].as_bytes(), 0, groups)) {
    return Datum::null();
  }
  std::string_view found = groups.size() > 1 ? groups[1] : groups[0];
  return found.data() == nullptr ? Datum::null() : Datum::of_bytes(found);
}

constexpr FunctionRow kRows[] = {
    {1254, "textregexeq(text, text) bool", matches<false, true>},
    {1256, "textregexne(text, text) bool", matches<false, false>},
    {1238, "texticregexeq(text, text) bool", matches<true, true>},
    {1239, "texticregexne(text, text) bool", matches<true, false>},
    {79, "nameregexeq(name, text) bool", matches<false, true>},
    {1252, "nameregexne(name, text) bool", matches<false, false>},
    {1240, "nameicregexeq(name, text) bool", matches<true, true>},
    {1241, "nameicregexne(name, text) bool", matches<true, false>},
    {1658, "bpcharregexeq(bpchar, text) bool", matches<false, true>},
    {1659, "bpcharregexne(bpchar, text) bool", matches<false, false>},
    {1656, "bpcharicregexeq(bpchar, text) bool", matches<true, true>},
    {1657, "bpcharicregexne(bpchar, text) bool", matches<true, false>},
    {1986, "similar_to_escape(text, text) text", similar_escape},
    {1987, "similar_to_escape(text) text", similar_default},
    {1623, "similar_escape(text, text) text", similar_or_null, kCalledOnNull},
    {2284, "regexp_replace(text, text, text) text", regexp_replace},
    {2285, "regexp_replace(text, text, text, text) text", regexp_replace_flags},
    {6253, "regexp_replace(text, text, text, int4) text", regexp_replace_from},
    {6252, "regexp_replace(text, text, text, int4, int4) text", regexp_replace_nth},
    {6251, "regexp_replace(text, text, text, int4, int4, text) text", regexp_replace_nth_flags},
    {3396, "regexp_match(text, text) text[]", regexp_match},
    {3397, "regexp_match(text, text, text) text[]", regexp_match_flags},
    {2763, "regexp_matches(text, text) setof text[]", regexp_matches},
    {2764, "regexp_matches(text, text, text) setof text[]", regexp_matches_flags},
    {2767, "regexp_split_to_array(text, text) text[]", split_to_array},
    {2768, "regexp_split_to_array(text, text, text) text[]", split_to_array_flags},
    {2765, "regexp_split_to_table(text, text) setof text", split_to_table},
    {2766, "regexp_split_to_table(text, text, text) setof text", split_to_table_flags},
    {6263, "regexp_like(text, text) bool", regexp_like},
    {6264, "regexp_like(text, text, text) bool", regexp_like_flags},
    {6254, "regexp_count(text, text) int4", regexp_count},
    {6255, "regexp_count(text, text, int4) int4", regexp_count_from},
    {6256, "regexp_count(text, text, int4, text) int4", regexp_count_flags},
    {2073, "substring(text, text) text", substring_by_regex},
};

}  // namespace

const std::span<const FunctionRow> kRegexpFunctions = kRows;

}  // namespace isolde::sql
