#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

/// A compiled POSIX regular expression of PostgreSQL's flavour.
///
/// The matcher is RE2: linear in the text, whatever the pattern. It lacks back references and
/// lookaround, which are refused with 0A000. A pattern without lazy quantifiers matches the longest
/// text, as in PostgreSQL; one with them, the first by preference.
class Regex {
 public:
  struct Flags {
    bool ignore_case = false;
    bool newline_stops_dot = false;  ///< '.' and [^...] do not match a newline
    bool newline_anchors = false;    ///< '^' and '$' match at newlines
    bool literal = false;
    bool expanded = false;
    bool operator==(const Flags&) const = default;
  };
  ~Regex();

  /// From a cache of this thread; throws 2201B for a malformed pattern.
  static const Regex& compile(std::string_view pattern, Flags flags);

  /// Finds the leftmost match from byte `from` on. groups[0] is the whole match; a group that took
  /// no part has a null data().
  bool find(std::string_view text, size_t from, std::vector<std::string_view>& groups) const;
  int group_count() const;

 private:
  struct Impl;
  explicit Regex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// SIMILAR TO's pattern as a regular expression.
std::string similar_to_regex(std::string_view pattern, std::string_view escape);

}  // namespace isolde::sql
