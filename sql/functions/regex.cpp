#include "sql/functions/regex.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <list>

#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

struct Regex::Impl {
  std::unique_ptr<re2::RE2> re;
};

Regex::Regex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Regex::~Regex() = default;

namespace {

[[noreturn]] void fail_pattern(std::string_view reason) {
  fail(base::sqlstate::kInvalidRegularExpression,
       fmt::format("invalid regular expression: {}", reason));
}

/// A pattern rewritten for RE2, and what it was seen to hold.
struct Rewritten {
  std::string pattern;
  bool lazy = false;
};

/// Escapes that differ: \m \M \y \Y are word boundaries, \Z the end.
class Rewriter {
 public:
  Rewriter(std::string_view pattern, const Regex::Flags& flags) : in_(pattern), flags_(flags) {}

  Rewritten run() {
    while (at_ < in_.size()) {
      char c = in_[at_];
      if (c == '\\') {
        escape();
      } else if (c == '[') {
        bracket();
      } else if (c == '(' && in_.substr(at_).starts_with("(?")) {
        group();
      } else if (flags_.expanded && (is_blank(c) || c == '#')) {
        comment(c);
      } else {
        quantifier(c);
        out_.pattern += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  void quantifier(char c) {
    bool after = at_ > 0 && (in_[at_ - 1] == '*' || in_[at_ - 1] == '+' || in_[at_ - 1] == '?' ||
                             in_[at_ - 1] == '}');
    bool escaped = at_ > 1 && in_[at_ - 2] == '\\';
    if (c == '?' && after && !escaped) out_.lazy = true;
  }

  void comment(char c) {
    ++at_;
    while (c == '#' && at_ < in_.size() && in_[at_] != '\n') ++at_;
  }

  void group() {
    std::string_view rest = in_.substr(at_);
    if (rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=") ||
        rest.starts_with("(?<!")) {
      fail(base::sqlstate::kFeatureNotSupported,
           "lookaround in regular expressions is not supported");
    }
    if (!rest.starts_with("(?:")) fail_pattern("quantifier operand invalid");
    out_.pattern += "(?:";
    at_ += 3;
  }

  void escape() {
    if (at_ + 1 >= in_.size()) fail_pattern("invalid escape \\ sequence");
    char c = in_[at_ + 1];
    at_ += 2;
    if (c >= '1' && c <= '9') {
      fail(base::sqlstate::kFeatureNotSupported,
           "back references in regular expressions are not supported");
    }
    switch (c) {
      case 'm':
      case 'M':
      case 'y':
        out_.pattern += "\\b";
        return;
      case 'Y':
        out_.pattern += "\\B";
        return;
      case 'Z':
        out_.pattern += "\\z";
        return;
      case 'A':
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'n':
      case 't':
      case 'r':
      case 'f':
      case 'v':
      case 'a':
        out_.pattern += '\\';
        out_.pattern += c;
        return;
      case 'w':
        out_.pattern += "[\\pL\\pN_]";
        return;
      case 'W':
        out_.pattern += "[^\\pL\\pN_]";
        return;
      case 'e':
        out_.pattern += "\\x1b";
        return;
      default:
        if (is_letter(c)) fail_pattern("invalid escape \\ sequence");
        out_.pattern += re2::RE2::QuoteMeta(std::string(1, c));
    }
  }

  /// RE2's own classes know ASCII alone.
  static std::string_view character_class(std::string_view written) {
    if (written == "[:alpha:]") return "\\pL";
    if (written == "[:alnum:]") return "\\pL\\pN";
    if (written == "[:upper:]") return "\\p{Lu}";
    if (written == "[:lower:]") return "\\p{Ll}";
    return written;
  }

  /// Brackets are as in RE2, but that a backslash escapes and that newlines may be kept out.
  void bracket() {
    ++at_;
    bool negated = at_ < in_.size() && in_[at_] == '^';
    out_.pattern += '[';
    if (negated) {
      out_.pattern += '^';
      ++at_;
      if (flags_.newline_stops_dot) out_.pattern += "\\n";
    }
    bool first = true;
    while (at_ < in_.size() && (in_[at_] != ']' || first)) {
      first = false;
      if (in_[at_] == '[' && at_ + 1 < in_.size() && in_[at_ + 1] == ':') {
        size_t end = in_.find(":]", at_ + 2);
        if (end == std::string_view::npos) fail_pattern("invalid character class");
        out_.pattern += character_class(in_.substr(at_, end + 2 - at_));
        at_ = end + 2;
        continue;
      }
      if (in_[at_] == '[' || in_[at_] == ']') out_.pattern += '\\';
      if (in_.substr(at_).starts_with("\\w")) {
        out_.pattern += "\\pL\\pN_";
        at_ += 2;
        continue;
      }
      if (in_[at_] == '\\' && at_ + 1 < in_.size()) out_.pattern += in_[at_++];
      out_.pattern += in_[at_++];
    }
    if (at_ >= in_.size()) fail_pattern("brackets [] not balanced");
    out_.pattern += ']';
    ++at_;
  }

  std::string_view in_;
  const Regex::Flags& flags_;
  Rewritten out_;
  size_t at_ = 0;
};

/// PostgreSQL's words for what RE2 found.
std::string_view reason_of(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorMissingParen:
    case re2::RE2::ErrorUnexpectedParen:
      return "parentheses () not balanced";
    case re2::RE2::ErrorMissingBracket:
      return "brackets [] not balanced";
    case re2::RE2::ErrorBadCharRange:
      return "invalid character range";
    case re2::RE2::ErrorBadCharClass:
      return "invalid character class";
    case re2::RE2::ErrorRepeatArgument:
    case re2::RE2::ErrorRepeatOp:
      return "quantifier operand invalid";
    case re2::RE2::ErrorRepeatSize:
      return "invalid repetition count(s)";
    case re2::RE2::ErrorTrailingBackslash:
    case re2::RE2::ErrorBadEscape:
      return "invalid escape \\ sequence";
    case re2::RE2::ErrorPatternTooLarge:
      return "regular expression is too complex";
    case re2::RE2::NoError:
    case re2::RE2::ErrorInternal:
    case re2::RE2::ErrorBadPerlOp:
    case re2::RE2::ErrorBadUTF8:
    case re2::RE2::ErrorBadNamedCapture:
      break;
  }
  return "invalid argument to regex function";
}

struct Cached {
  std::string pattern;
  Regex::Flags flags;
  std::unique_ptr<Regex> regex;
};

}  // namespace

const Regex& Regex::compile(std::string_view pattern, Flags flags) {
  constexpr size_t kCacheSize = 32;
  thread_local std::list<Cached> cache;  // the last one used first
  for (auto at = cache.begin(); at != cache.end(); ++at) {
    if (at->pattern != pattern || at->flags != flags) continue;
    cache.splice(cache.begin(), cache, at);
    return *cache.front().regex;
  }
  Rewritten rewritten;
  std::string_view rest = pattern;
  if (flags.literal) {
    rewritten.pattern = re2::RE2::QuoteMeta(std::string(pattern));
  } else {
    if (rest.starts_with("***:")) rest.remove_prefix(4);
    if (rest.starts_with("(?i)")) {
      flags.ignore_case = true;
      rest.remove_prefix(4);
    }
    rewritten = Rewriter(rest, flags).run();
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!flags.ignore_case);
  options.set_dot_nl(!flags.newline_stops_dot);
  options.set_longest_match(!rewritten.lazy);
  options.set_never_nl(false);
  std::string text = flags.newline_anchors ? "(?m)" + rewritten.pattern : rewritten.pattern;
  auto impl = std::make_unique<Impl>();
  impl->re = std::make_unique<re2::RE2>(text, options);
  if (!impl->re->ok()) fail_pattern(reason_of(impl->re->error_code()));
  if (cache.size() >= kCacheSize) cache.pop_back();
  cache.push_front(
      {std::string(pattern), flags, std::unique_ptr<Regex>(new Regex(std::move(impl)))});
  return *cache.front().regex;
}

int Regex::group_count() const {
  return impl_->re->NumberOfCapturingGroups();
}

bool Regex::find(std::string_view text, size_t from, std::vector<std::string_view>& groups) const {
  int count = group_count() + 1;
  std::vector<re2::StringPiece> pieces(static_cast<size_t>(count));
  re2::StringPiece input(text.data(), text.size());
  if (!impl_->re->Match(input, from, text.size(), re2::RE2::UNANCHORED, pieces.data(), count)) {
    return false;
  }
  groups.clear();
  for (const re2::StringPiece& piece : pieces) groups.emplace_back(piece.data(), piece.size());
  return true;
}

namespace {

/// SIMILAR TO's pattern, character by character. Two escaped double quotes cut it into three parts,
/// of which the first matches as little as it can and the middle one is a group.
class SimilarReader {
 public:
  SimilarReader(std::string_view pattern, std::string_view escape)
      : rest_(pattern), escape_(escape) {}

  std::string run() {
    while (!rest_.empty()) {
      if (!escape_.empty() && rest_.starts_with(escape_) && rest_.size() > escape_.size()) {
        rest_.remove_prefix(escape_.size());
        escaped(rest_[0]);
      } else {
        plain(rest_[0]);
      }
      rest_.remove_prefix(1);
    }
    return (separators_ > 0 ? head_ : "^(?:") + part_ + ")$";
  }

 private:
  void escaped(char c) {
    if (c == '"' && !in_bracket_) return separator();
    part_ += '\\';
    part_ += c;
    shy_part_ += '\\';
    shy_part_ += c;
  }

  void separator() {
    ++separators_;
    if (separators_ > 2) {
      fail(base::sqlstate::kInvalidUseOfEscapeCharacter,
           "SQL regular expression may not contain more than two escape-double-quote separators");
    }
    head_ = separators_ == 1 ? "^(?:" + shy_part_ + ")(" : head_ + part_ + ")(?:";
    part_.clear();
  }

  void add(std::string_view text) {
    part_ += text;
    shy_part_ += text;
  }
  void add_quantifier(std::string_view text) {
    add(text);
    shy_part_ += '?';
  }

  void plain(char c) {
    std::string_view one(&c, 1);
    if (in_bracket_) {
      add(c == '\\' ? "\\\\" : one);
      in_bracket_ = c != ']';
    } else if (c == '[') {
      add(one);
      in_bracket_ = true;
    } else if (c == '%') {
      add_quantifier(".*");
    } else if (c == '_') {
      add(".");
    } else if (c == '(') {
      add("(?:");
    } else if (c == '\\' || c == '.' || c == '^' || c == '$') {
      add(std::string("\\") + c);
    } else if (c == '*' || c == '+' || c == '?' || c == '}') {
      add_quantifier(one);
    } else {
      add(one);
    }
  }

  std::string_view rest_;
  std::string_view escape_;
  std::string head_;
  std::string part_;
  std::string shy_part_;  ///< the same with lazy quantifiers
  int separators_ = 0;
  bool in_bracket_ = false;
};

}  // namespace

std::string similar_to_regex(std::string_view pattern, std::string_view escape) {
  if (utf8_length(escape) > 1) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidEscapeSequence, "invalid escape string")
            .hint("Escape string must be empty or one character."));
  }
  return SimilarReader(pattern, escape).run();
}

}  // namespace isolde::sql
