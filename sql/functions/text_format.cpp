#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "sql/functions/any_arguments.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// concat, concat_ws, format, and the quoting of identifiers and literals.

namespace isolde::sql {

namespace {

Datum concat(CallContext& context, const Datum* args) {
  std::string out;
  for (const AnyArgument& part : any_arguments(context, args, 0)) {
    if (!part.value.is_null()) part.type->to_text(part.value, out, context.style);
  }
  check_text_size(out.size());
  return context.arena.bytes(out);
}

Datum concat_with_separator(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  std::string out;
  bool first = true;
  for (const AnyArgument& part : any_arguments(context, args, 1)) {
    if (part.value.is_null()) continue;
    if (!first) out += args[0].as_bytes();
    first = false;
    part.type->to_text(part.value, out, context.style);
  }
  check_text_size(out.size());
  return context.arena.bytes(out);
}

// --- quoting

void append_doubled(std::string& out, std::string_view text, char quote) {
  out += quote;
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  out += quote;
}

std::string quoted_literal(std::string_view text) {
  std::string out;
  if (text.find('\\') == std::string_view::npos) {
    append_doubled(out, text, '\'');
    return out;
  }
  out = "E'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string quoted_identifier(std::string_view name) {
  bool plain = !name.empty() && (is_lower(name[0]) || name[0] == '_');
  for (char c : name) plain &= is_lower(c) || is_digit(c) || c == '_';
  if (plain && !is_reserved_word(name)) return std::string(name);
  std::string out;
  append_doubled(out, name, '"');
  return out;
}

namespace {

Datum quote_identifier(CallContext& context, const Datum* args) {
  return context.arena.bytes(quoted_identifier(args[0].as_bytes()));
}
Datum quote_literal(CallContext& context, const Datum* args) {
  return context.arena.bytes(quoted_literal(args[0].as_bytes()));
}
Datum quote_any_literal(CallContext& context, const Datum* args) {
  return context.arena.bytes(
      quoted_literal(value_to_text(context.argument_type(0), args[0], context.style)));
}
Datum quote_nullable(CallContext& context, const Datum* args) {
  return args[0].is_null() ? Datum::of_bytes("NULL") : quote_literal(context, args);
}
Datum quote_any_nullable(CallContext& context, const Datum* args) {
  return args[0].is_null() ? Datum::of_bytes("NULL") : quote_any_literal(context, args);
}

// --- format('%[position$][flags][width]type', ...)

class Formatter {
 public:
  Formatter(CallContext& context, std::string_view pattern, std::vector<AnyArgument> parts)
      : context_(context), pattern_(pattern), parts_(std::move(parts)) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      char c = pattern_[at_++];
      if (c != '%') {
        out_ += c;
      } else if (next() == '%') {
        out_ += '%';
        ++at_;
      } else {
        specifier();
      }
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] static void fail_parameter(std::string message) {
    fail(base::sqlstate::kInvalidParameterValue, std::move(message));
  }

  char next() {
    if (at_ < pattern_.size()) return pattern_[at_];
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidParameterValue, "unterminated format() type specifier")
            .hint("For a single \"%\" use \"%%\"."));
  }

  std::optional<int> number() {
    if (!is_digit(next())) return std::nullopt;
    int64_t value = 0;
    while (is_digit(next())) {
      value = value * 10 + (pattern_[at_++] - '0');
      if (value > 2147483647) {
        fail(base::sqlstate::kNumericValueOutOfRange, "number is out of range");
      }
    }
    return static_cast<int>(value);
  }

  const AnyArgument& argument(int position) {
    if (position == 0) {
      fail_parameter("format specifies argument 0, but arguments are numbered from 1");
    }
    if (static_cast<size_t>(position) > parts_.size()) {
      fail_parameter("too few arguments for format()");
    }
    return parts_[static_cast<size_t>(position) - 1];
  }

  /// A width given as an argument: "*" or "*2$".
  int width_argument() {
    ++at_;
    int position = ++last_;
    if (auto n = number()) {
      if (next() != '$') fail_parameter("width argument position must be ended by \"$\"");
      ++at_;
      position = *n;
      last_ = position;
    }
    const AnyArgument& part = argument(position);
    if (part.value.is_null()) return 0;
    std::string text = output_text(*part.type, part.value, context_.style);
    return static_cast<int>(
        type_of(types::kInt4).from_text(text, -1, context_.arena, context_.style).as_int());
  }

  void specifier() {
    int position = -1;
    int width = 0;
    bool left = false;
    auto n = number();
    if (n && next() == '$') {
      ++at_;
      position = *n;
      argument(position == 0 ? 0 : 1);
      n.reset();
    }
    if (!n) {
      while (next() == '-') {
        left = true;
        ++at_;
      }
      if (next() == '*') {
        width = width_argument();
      } else if (auto w = number()) {
        width = *w;
      }
    } else {
      width = *n;
    }
    char type = next();
    ++at_;
    if (width < 0) {
      left = true;
      width = -width;
    }
    if (type != 's' && type != 'I' && type != 'L') fail_type(type);
    if (position < 0) position = last_ + 1;
    last_ = position;
    convert(argument(position), type, width, left);
  }

  [[noreturn]] void fail_type(char) {
    std::string_view at = pattern_.substr(at_ - 1);
    throw base::SqlException(base::Error(base::sqlstate::kInvalidParameterValue,
                                         fmt::format("unrecognized format() type specifier \"{}\"",
                                                     at.substr(0, utf8_width(at[0]))))
                                 .hint("For a single \"%\" use \"%%\"."));
  }

  void convert(const AnyArgument& part, char type, int width, bool left) {
    std::string text;
    if (part.value.is_null()) {
      if (type == 'I') {
        fail(base::sqlstate::kNullValueNotAllowed,
             "null values cannot be formatted as an SQL identifier");
      }
      text = type == 'L' ? "NULL" : "";
    } else {
      text = output_text(*part.type, part.value, context_.style);
      if (type == 'I') text = quoted_identifier(text);
      if (type == 'L') text = quoted_literal(text);
    }
    size_t has = utf8_length(text);
    size_t pad = static_cast<size_t>(width) > has ? static_cast<size_t>(width) - has : 0;
    check_text_size(out_.size() + text.size() + pad);
    if (!left) out_.append(pad, ' ');
    out_ += text;
    if (left) out_.append(pad, ' ');
  }

  CallContext& context_;
  std::string_view pattern_;
  std::vector<AnyArgument> parts_;
  size_t at_ = 0;
  int last_ = 0;
  std::string out_;
};

Datum format(CallContext& context, const Datum* args) {
  if (args[0].is_null()) return Datum::null();
  std::vector<AnyArgument> parts;
  if (context.argument_count() > 1) parts = any_arguments(context, args, 1);
  return context.arena.bytes(Formatter(context, args[0].as_bytes(), std::move(parts)).run());
}

constexpr FunctionRow kRows[] = {
    {3058, "concat(variadic any) text", concat, kCalledOnNull | kStable},
    {3059, "concat_ws(text, variadic any) text", concat_with_separator, kCalledOnNull | kStable},
    {3539, "format(text, variadic any) text", format, kCalledOnNull | kStable},
    {3540, "format(text) text", format, kCalledOnNull | kStable},
    {1282, "quote_ident(text) text", quote_identifier},
    {1283, "quote_literal(text) text", quote_literal},
    {1285, "quote_literal(anyelement) text", quote_any_literal, kStable},
    {1289, "quote_nullable(text) text", quote_nullable, kCalledOnNull},
    {1290, "quote_nullable(anyelement) text", quote_any_nullable, kCalledOnNull | kStable},
};

}  // namespace

const std::span<const FunctionRow> kTextFormat = kRows;

}  // namespace isolde::sql
