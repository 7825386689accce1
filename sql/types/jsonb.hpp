#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/types/arena.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/datum.hpp"
#include "sql/types/json_document.hpp"
#include "sql/types/json_kind.hpp"

// jsonb: a tree in one piece of bytes, in which a key is found without reading what is around it.
//
// A value is a byte, its kind, and then, in this machine's byte order and without padding,
//
//   null, true, false   nothing
//   string              its UTF-8 bytes
//   number              a numeric as it is stored
//   array               uint16 depth, uint32 count, count x uint32 end, the elements
//   object              uint16 depth, uint32 count, count x uint32 end of key,
//                       count x uint32 end of value, the keys, the values
//
// Ends count from the first byte after the ends. Where a value ends, what it stands in knows.
//
// Invariants: keys are unique and sorted, shorter ones first, then by bytes; depth is one more than
// the greatest among the elements, scalars having 0, and at most kMaxJsonDepth.

namespace isolde::sql {

/// Reads a jsonb value in place.
class JsonbView {
 public:
  explicit JsonbView(std::string_view bytes) : bytes_(bytes) {}
  explicit JsonbView(Datum value) : JsonbView(value.as_bytes()) {}

  JsonKind kind() const { return static_cast<JsonKind>(bytes_[0]); }
  bool is_array() const { return kind() == JsonKind::kArray; }
  bool is_object() const { return kind() == JsonKind::kObject; }
  bool is_scalar() const { return !is_container(kind()); }
  /// The whole value, kind included.
  std::string_view bytes() const { return bytes_; }

  std::string_view string() const { return bytes_.substr(1); }
  /// A numeric.
  Datum number() const { return Datum::of_bytes(bytes_.substr(1)); }
  /// Elements or members.
  uint32_t size() const { return load<uint32_t>(bytes_.data() + 3); }
  int depth() const { return is_scalar() ? 0 : load<uint16_t>(bytes_.data() + 1); }
  JsonbView element(uint32_t i) const { return JsonbView(piece(i, size())); }
  std::string_view key(uint32_t i) const { return piece(i, 2 * size()); }
  JsonbView value(uint32_t i) const { return JsonbView(piece(size() + i, 2 * size())); }
  /// The place of a key in an object.
  std::optional<uint32_t> find(std::string_view key) const;

 private:
  /// The piece between two ends, of `count` ends.
  std::string_view piece(uint32_t i, uint32_t count) const;
  std::string_view bytes_;
};

/// The order of keys in an object.
std::strong_ordering compare_json_keys(std::string_view a, std::string_view b);
/// PostgreSQL's order of jsonb values; NaN cannot occur.
std::strong_ordering compare_jsonb(JsonbView a, JsonbView b);
uint64_t hash_jsonb(JsonbView value);
/// {"a": 1, "b": [1, 2]}
void append_jsonb(std::string& out, JsonbView value);
/// With a line a value, indented by four blanks a level.
void append_pretty_jsonb(std::string& out, JsonbView value);
/// What ->> gives of a value that is not null: strings without quotes, the rest as they are.
void append_jsonb_unquoted(std::string& out, JsonbView value);

/// Writes a jsonb value into `out`, from the root down.
///
///   writer.array(2, [&](uint32_t i) { writer.number(numbers[i]); });
///   writer.object(1, [&](uint32_t) { return "key"; }, [&](uint32_t) { writer.null(); });
class JsonbWriter {
 public:
  explicit JsonbWriter(std::string& out) : out_(out) {}

  void null() { scalar(JsonKind::kNull, {}); }
  void boolean(bool value) { scalar(value ? JsonKind::kTrue : JsonKind::kFalse, {}); }
  void number(Datum numeric) { scalar(JsonKind::kNumber, numeric.as_bytes()); }
  void string(std::string_view text) { scalar(JsonKind::kString, text); }
  void copy(JsonbView value) {
    out_ += value.bytes();
    depth_ = value.depth();
  }

  /// `each(i)` writes exactly one value.
  template <typename Each>
  void array(uint32_t count, Each&& each) {
    size_t at = begin(JsonKind::kArray, count, count);
    int deepest = 0;
    for (uint32_t i = 0; i < count; ++i) {
      each(i);
      end_piece(at, count, i);
      deepest = std::max(deepest, depth_);
    }
    finish(at, deepest);
  }

  /// `key(i)` is the key of member i, in the order of keys; `each(i)` writes its value.
  template <typename Key, typename Each>
  void object(uint32_t count, Key&& key, Each&& each) {
    size_t at = begin(JsonKind::kObject, count, 2 * count);
    for (uint32_t i = 0; i < count; ++i) {
      out_ += key(i);
      end_piece(at, 2 * count, i);
    }
    int deepest = 0;
    for (uint32_t i = 0; i < count; ++i) {
      each(i);
      end_piece(at, 2 * count, count + i);
      deepest = std::max(deepest, depth_);
    }
    finish(at, deepest);
  }

 private:
  void scalar(JsonKind kind, std::string_view bytes) {
    out_ += static_cast<char>(kind);
    out_ += bytes;
    depth_ = 0;
  }
  size_t begin(JsonKind kind, uint32_t count, uint32_t ends);
  void end_piece(size_t at, uint32_t ends, uint32_t i);
  void finish(size_t at, int deepest);

  std::string& out_;
  int depth_ = 0;  ///< of the value written last
};

/// Puts keys in order and keeps the last of equal ones: the places in `keys`, sorted.
std::vector<uint32_t> order_json_keys(std::span<const std::string_view> keys);

/// Of a text that was parsed with check_escapes.
void write_jsonb(JsonbWriter& writer, const JsonDocument& document, const JsonDocument::Node& node,
                 Arena& arena);
Datum parse_jsonb(std::string_view text, Arena& arena);

}  // namespace isolde::sql
