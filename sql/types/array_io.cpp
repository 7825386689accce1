#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sql/types/array.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/type_registry.hpp"

// The text form '[lower:upper]={{a,"b c"},{NULL,d}}' and the binary form of arrays.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_malformed(std::string_view text, std::string detail) {
  throw base::SqlException(base::Error(base::sqlstate::kInvalidTextRepresentation,
                                       fmt::format("malformed array literal: \"{}\"", text))
                               .detail(std::move(detail)));
}

[[noreturn]] void fail_dimensions(int count) {
  fail(base::sqlstate::kProgramLimitExceeded,
       fmt::format("number of array dimensions ({}) exceeds the maximum allowed ({})", count,
                   kMaxArrayDimensions));
}

/// Reads one array literal. Elements are gathered in storage order, and the length of each
/// dimension is taken from its first sub-array; later ones must agree.
class ArrayParser {
 public:
  ArrayParser(const Type& element, std::string_view text, int32_t typmod, Arena& arena,
              const OutputStyle& style)
      : element_(element), text_(text), typmod_(typmod), arena_(arena), style_(style) {}

  Datum parse() {
    skip_blanks();
    read_bounds();
    if (peek() != '{') {
      fail_malformed(text_, bounds_.empty()
                                ? "Array value must start with \"{\" or dimension information."
                                : "Array contents must start with \"{\".");
    }
    read_level(0);
    skip_blanks();
    if (at_ != text_.size()) fail_malformed(text_, "Junk after closing right brace.");
    return finish();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!at_end() && is_blank(text_[at_])) ++at_;
  }

  int32_t read_bound() {
    size_t begin = at_;
    if (peek() == '-' || peek() == '+') ++at_;
    while (is_digit(peek())) ++at_;
    if (at_ == begin)
      fail_malformed(text_, "\"[\" must introduce explicitly-specified array dimensions.");
    return static_cast<int32_t>(
        std::strtol(std::string(text_.substr(begin, at_ - begin)).c_str(), nullptr, 10));
  }

  void read_bounds() {
    while (peek() == '[') {
      ++at_;
      if (bounds_.size() >= kMaxArrayDimensions)
        fail_dimensions(static_cast<int>(bounds_.size()) + 1);
      int32_t lower = read_bound();
      int32_t upper = lower;
      if (peek() == ':') {
        ++at_;
        upper = read_bound();
      } else {
        lower = 1;
      }
      if (peek() != ']') fail_malformed(text_, "Missing \"]\" after array dimensions.");
      ++at_;
      if (upper < lower) {
        fail(base::sqlstate::kArraySubscriptError, "upper bound cannot be less than lower bound");
      }
      bounds_.push_back({upper - lower + 1, lower});
      skip_blanks();
    }
    if (bounds_.empty()) return;
    if (peek() != '=') fail_malformed(text_, "Missing \"=\" after array dimensions.");
    ++at_;
    skip_blanks();
  }

  [[noreturn]] void fail_unexpected(char c) {
    fail_malformed(text_, fmt::format("Unexpected \"{}\" character.", c));
  }
  [[noreturn]] void fail_ended() { fail_malformed(text_, "Unexpected end of input."); }

  /// One pair of braces; `depth` counts the ones around it.
  void read_level(int depth) {
    if (depth >= kMaxArrayDimensions) fail_dimensions(depth + 1);
    ++at_;
    if (static_cast<int>(lengths_.size()) <= depth) lengths_.push_back(-1);
    int32_t items = 0;
    skip_blanks();
    if (peek() == '}' && !at_end()) {
      ++at_;
      if (depth > 0) fail_unexpected('}');
    } else {
      items = read_items(depth);
    }
    if (lengths_[static_cast<size_t>(depth)] < 0) {
      lengths_[static_cast<size_t>(depth)] = items;
    } else if (lengths_[static_cast<size_t>(depth)] != items) {
      fail_malformed(text_,
                     "Multidimensional arrays must have sub-arrays with matching dimensions.");
    }
  }

  int32_t read_items(int depth) {
    int32_t items = 0;
    while (true) {
      skip_blanks();
      if (at_end()) fail_ended();
      bool nested = peek() == '{';
      bool leaf_level = leaf_depth_ == depth;
      if (nested && leaf_level) fail_unexpected('{');
      if (nested) {
        read_level(depth + 1);
      } else {
        if (leaf_depth_ >= 0 && !leaf_level) {
          fail_malformed(text_,
                         "Multidimensional arrays must have sub-arrays with matching dimensions.");
        }
        if (items == 0 && static_cast<int>(lengths_.size()) > depth + 1) {
          fail_malformed(text_,
                         "Multidimensional arrays must have sub-arrays with matching dimensions.");
        }
        leaf_depth_ = depth;
        read_element();
      }
      ++items;
      skip_blanks();
      if (at_end()) fail_ended();
      char c = text_[at_++];
      if (c == '}') return items;
      if (c != element_.delimiter) {
        if (nested) fail_unexpected(c);
        fail_malformed(text_, "Unexpected array element.");
      }
      skip_blanks();
      if (peek() == '}') fail_unexpected('}');
    }
  }

  void read_element() {
    if (peek() == '"') return read_quoted();
    std::string value;
    size_t kept = 0;  // blanks at the end are dropped, but not escaped ones
    bool escaped = false;
    while (true) {
      if (at_end()) fail_ended();
      char c = text_[at_];
      if (c == '}' || c == element_.delimiter) break;
      if (c == '"') fail_malformed(text_, "Unexpected array element.");
      if (c == '{') fail_unexpected('{');
      ++at_;
      if (c == '\\') {
        if (at_end()) fail_ended();
        value += text_[at_++];
        kept = value.size();
        escaped = true;
        continue;
      }
      value += c;
      if (!is_blank(c)) kept = value.size();
    }
    value.resize(kept);
    if (value.empty()) fail_unexpected(text_[at_]);
    if (!escaped && equals_ignoring_case(value, "null")) {
      elements_.push_back(Datum::null());
    } else {
      add(value);
    }
  }

  void read_quoted() {
    std::string value;
    ++at_;
    while (true) {
      if (at_end()) fail_ended();
      char c = text_[at_++];
      if (c == '"') break;
      if (c == '\\') {
        if (at_end()) fail_ended();
        c = text_[at_++];
      }
      value += c;
    }
    add(value);
  }

  void add(const std::string& value) {
    elements_.push_back(element_.from_text(value, typmod_, arena_, style_));
  }

  Datum finish() {
    if (elements_.empty()) return empty_array(element_, arena_);
    std::vector<ArrayDimension> dimensions;
    for (int32_t length : lengths_) dimensions.push_back({length});
    if (!bounds_.empty()) check_bounds(dimensions);
    return make_array(element_, elements_, dimensions, arena_);
  }

  void check_bounds(std::vector<ArrayDimension>& dimensions) {
    if (bounds_.size() != dimensions.size()) {
      fail_malformed(text_, "Specified array dimensions do not match array contents.");
    }
    for (size_t i = 0; i < bounds_.size(); ++i) {
      if (bounds_[i].length != dimensions[i].length) {
        fail_malformed(text_, "Specified array dimensions do not match array contents.");
      }
    }
    dimensions = bounds_;
  }

  const Type& element_;
  std::string_view text_;
  int32_t typmod_;
  Arena& arena_;
  const OutputStyle& style_;
  size_t at_ = 0;
  int leaf_depth_ = -1;
  std::vector<ArrayDimension> bounds_;
  std::vector<int32_t> lengths_;
  std::vector<Datum> elements_;
};

const Type& element_of(const Type& array) {
  return element_type_of(array);
}

Datum array_from_text(const Type& type, std::string_view text, int32_t typmod, Arena& arena,
                      const OutputStyle& style) {
  return ArrayParser(element_of(type), text, typmod, arena, style).parse();
}

bool needs_quotes(std::string_view text, char delimiter) {
  if (text.empty() || equals_ignoring_case(text, "null")) return true;
  return std::any_of(text.begin(), text.end(), [&](char c) {
    return c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || is_blank(c);
  });
}

void append_element(std::string_view text, char delimiter, std::string& out) {
  if (!needs_quotes(text, delimiter)) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

class ArrayWriter {
 public:
  ArrayWriter(const ArrayView& array, const Type& element, std::string& out,
              const OutputStyle& style)
      : array_(array), element_(element), out_(out), style_(style) {}

  void write() {
    if (array_.size() == 0) {
      out_ += "{}";
      return;
    }
    write_bounds();
    write_level(0);
  }

 private:
  void write_bounds() {
    bool plain = true;
    for (int i = 0; i < array_.dimensions(); ++i) plain &= array_.dimension(i).lower_bound == 1;
    if (plain) return;
    for (int i = 0; i < array_.dimensions(); ++i) {
      ArrayDimension d = array_.dimension(i);
      out_ += fmt::format("[{}:{}]", d.lower_bound, d.lower_bound + d.length - 1);
    }
    out_ += '=';
  }

  void write_level(int depth) {
    out_ += '{';
    int32_t length = array_.dimension(depth).length;
    for (int32_t i = 0; i < length; ++i) {
      if (i > 0) out_ += element_.delimiter;
      if (depth + 1 < array_.dimensions()) {
        write_level(depth + 1);
      } else {
        write_element();
      }
    }
    out_ += '}';
  }

  void write_element() {
    Datum value = array_[next_++];
    if (value.is_null()) {
      out_ += "NULL";
      return;
    }
    text_.clear();
    element_.to_text(value, text_, style_);
    append_element(text_, element_.delimiter, out_);
  }

  const ArrayView& array_;
  const Type& element_;
  std::string& out_;
  const OutputStyle& style_;
  int32_t next_ = 0;
  std::string text_;
};

void array_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  ArrayView array(value);
  ArrayWriter(array, element_of(type), out, style).write();
}

std::vector<ArrayDimension> read_binary_dimensions(BinaryReader& reader, int32_t count) {
  std::vector<ArrayDimension> dimensions;
  int64_t total = 1;
  for (int32_t i = 0; i < count; ++i) {
    auto length = reader.read<int32_t>();
    auto lower = reader.read<int32_t>();
    if (length < 0) fail_binary("invalid array dimensions");
    dimensions.push_back({length, lower});
    total *= length;
    if (total > kMaxArrayElements) {
      fail(base::sqlstate::kProgramLimitExceeded,
           fmt::format("array size exceeds the maximum allowed ({})", kMaxArrayElements));
    }
  }
  return dimensions;
}

Datum array_from_binary(const Type& type, std::string_view bytes, int32_t typmod, Arena& arena) {
  BinaryReader reader(bytes);
  auto count = reader.read<int32_t>();
  if (count < 0) fail_binary(fmt::format("invalid number of dimensions: {}", count));
  if (count > kMaxArrayDimensions) fail_dimensions(count);
  auto flags = reader.read<int32_t>();
  if (flags != 0 && flags != 1) fail_binary("invalid array flags");
  const Type& element = element_of(type);
  auto element_oid = reader.read<uint32_t>();
  if (element_oid != element.oid.value) {
    fail(base::sqlstate::kDatatypeMismatch,
         fmt::format("binary data has array element type {} ({}) instead of expected {} ({})",
                     element_oid,
                     find_type(base::Oid(element_oid)) != nullptr
                         ? find_type(base::Oid(element_oid))->sql_name
                         : "???",
                     element.oid.value, element.sql_name));
  }
  std::vector<ArrayDimension> dimensions = read_binary_dimensions(reader, count);
  int32_t total = count == 0 ? 0 : 1;
  for (ArrayDimension d : dimensions) total *= d.length;
  if (total == 0) return empty_array(element, arena);
  std::vector<Datum> elements;
  for (int32_t i = 0; i < total; ++i) {
    auto size = reader.read<int32_t>();
    if (size < -1) fail_binary("insufficient data left in message");
    elements.push_back(
        size < 0 ? Datum::null()
                 : element.from_binary(reader.take(static_cast<size_t>(size)), typmod, arena));
  }
  reader.finish();
  return make_array(element, elements, dimensions, arena);
}

void array_to_binary(const Type& type, Datum value, std::string& out) {
  ArrayView array(value);
  const Type& element = element_of(type);
  append_network(out, static_cast<int32_t>(array.dimensions()));
  append_network(out, static_cast<int32_t>(array.has_nulls()));
  append_network(out, element.oid.value);
  for (int i = 0; i < array.dimensions(); ++i) {
    append_network(out, array.dimension(i).length);
    append_network(out, array.dimension(i).lower_bound);
  }
  for (int32_t i = 0; i < array.size(); ++i) {
    Datum d = array[i];
    if (d.is_null()) {
      append_network(out, int32_t{-1});
      continue;
    }
    size_t at = out.size();
    append_network(out, int32_t{0});
    element.to_binary(d, out);
    auto size = swap_bytes(static_cast<int32_t>(out.size() - at - 4));
    std::memcpy(out.data() + at, &size, sizeof size);
  }
}

/// Element by element, NULL last; then by length, dimensions and bounds.
std::strong_ordering compare_arrays(const Type& type, Datum a, Datum b) {
  ArrayView x(a);
  ArrayView y(b);
  const Type& element = element_of(type);
  if (!element.is_ordered()) {
    fail(base::sqlstate::kUndefinedFunction,
         fmt::format("could not identify a comparison function for type {}", element.sql_name));
  }
  int32_t common = std::min(x.size(), y.size());
  for (int32_t i = 0; i < common; ++i) {
    Datum l = x[i];
    Datum r = y[i];
    if (l.is_null() || r.is_null()) {
      if (l.is_null() && r.is_null()) continue;
      return l.is_null() ? std::strong_ordering::greater : std::strong_ordering::less;
    }
    if (auto order = element.compare(l, r); order != 0) return order;
  }
  if (auto order = x.size() <=> y.size(); order != 0) return order;
  if (auto order = x.dimensions() <=> y.dimensions(); order != 0) return order;
  for (int i = 0; i < x.dimensions(); ++i) {
    if (auto order = x.dimension(i).length <=> y.dimension(i).length; order != 0) return order;
  }
  for (int i = 0; i < x.dimensions(); ++i) {
    auto order = x.dimension(i).lower_bound <=> y.dimension(i).lower_bound;
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

uint64_t hash_array(const Type& type, Datum value) {
  ArrayView array(value);
  const Type& element = element_of(type);
  if (!element.is_hashable()) {
    fail(base::sqlstate::kUndefinedFunction,
         fmt::format("could not identify a hash function for type {}", element.sql_name));
  }
  uint64_t hash = 1;
  for (int32_t i = 0; i < array.size(); ++i) {
    Datum d = array[i];
    hash = combine_hashes(hash, d.is_null() ? 0 : element.hash(d));
  }
  return hash;
}

}  // namespace

const TypeFunctions kArrayFunctions{array_from_text, array_to_text,  array_from_binary,
                                    array_to_binary, compare_arrays, hash_array};

}  // namespace isolde::sql
