#include "sql/types/jsonb.hpp"

#include <algorithm>
#include <numeric>

#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/json_lexer.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {
constexpr size_t kEnds = 7;  ///< where the ends of a container begin
}

std::string_view JsonbView::piece(uint32_t i, uint32_t count) const {
  const char* ends = bytes_.data() + kEnds;
  const char* data = ends + size_t{count} * 4;
  uint32_t begin = i == 0 ? 0 : load<uint32_t>(ends + size_t{i - 1} * 4);
  uint32_t end = load<uint32_t>(ends + size_t{i} * 4);
  return {data + begin, end - begin};
}

std::strong_ordering compare_json_keys(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return compare_bytes(a, b);
}

std::optional<uint32_t> JsonbView::find(std::string_view wanted) const {
  uint32_t low = 0;
  uint32_t high = size();
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    auto order = compare_json_keys(key(middle), wanted);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

// --- order

namespace {

/// Of values that are not the root, or of roots of the same nature.
std::strong_ordering compare_values(JsonbView a, JsonbView b) {
  if (a.kind() != b.kind()) return a.kind() <=> b.kind();
  switch (a.kind()) {
    case JsonKind::kNull:
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return std::strong_ordering::equal;
    case JsonKind::kString:
      return compare_bytes(a.string(), b.string());
    case JsonKind::kNumber:
      return compare_stored_numerics(a.number(), b.number());
    case JsonKind::kArray:
      if (a.size() != b.size()) return a.size() <=> b.size();
      for (uint32_t i = 0; i < a.size(); ++i) {
        if (auto order = compare_values(a.element(i), b.element(i)); order != 0) return order;
      }
      return std::strong_ordering::equal;
    case JsonKind::kObject:
      if (a.size() != b.size()) return a.size() <=> b.size();
      for (uint32_t i = 0; i < a.size(); ++i) {
        if (auto order = compare_bytes(a.key(i), b.key(i)); order != 0) return order;
        if (auto order = compare_values(a.value(i), b.value(i)); order != 0) return order;
      }
      return std::strong_ordering::equal;
  }
  return std::strong_ordering::equal;
}

}  // namespace

/// A scalar at the root counts as an array of one element, just before true ones: so an empty array
/// sorts before it.
std::strong_ordering compare_jsonb(JsonbView a, JsonbView b) {
  if (a.is_scalar() && b.is_array() && b.size() == 0) return std::strong_ordering::greater;
  if (b.is_scalar() && a.is_array() && a.size() == 0) return std::strong_ordering::less;
  return compare_values(a, b);
}

uint64_t hash_jsonb(JsonbView value) {
  auto hash = static_cast<uint64_t>(value.kind());
  switch (value.kind()) {
    case JsonKind::kNull:
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return hash_integer(hash + 1);
    case JsonKind::kString:
      return combine_hashes(hash, hash_bytes(value.string()));
    case JsonKind::kNumber:
      return combine_hashes(hash, type_of(types::kNumeric).hash(value.number()));
    case JsonKind::kArray:
      for (uint32_t i = 0; i < value.size(); ++i) {
        hash = combine_hashes(hash, hash_jsonb(value.element(i)));
      }
      return hash;
    case JsonKind::kObject:
      for (uint32_t i = 0; i < value.size(); ++i) {
        hash = combine_hashes(hash, hash_bytes(value.key(i)));
        hash = combine_hashes(hash, hash_jsonb(value.value(i)));
      }
      return hash;
  }
  return hash;
}

// --- text

namespace {

/// Puts values on one line, or on a line each when `pretty`.
class TextWriter {
 public:
  TextWriter(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void write(JsonbView value, size_t level) {
    switch (value.kind()) {
      case JsonKind::kNull:
        out_ += "null";
        break;
      case JsonKind::kFalse:
        out_ += "false";
        break;
      case JsonKind::kTrue:
        out_ += "true";
        break;
      case JsonKind::kString:
        append_json_string(out_, value.string());
        break;
      case JsonKind::kNumber:
        Numeric::read(value.number()).append_to(out_);
        break;
      case JsonKind::kArray:
        out_ += '[';
        for (uint32_t i = 0; i < value.size(); ++i) {
          separate(i, level + 1);
          write(value.element(i), level + 1);
        }
        line(level);
        out_ += ']';
        break;
      case JsonKind::kObject:
        out_ += '{';
        for (uint32_t i = 0; i < value.size(); ++i) {
          separate(i, level + 1);
          append_json_string(out_, value.key(i));
          out_ += ": ";
          write(value.value(i), level + 1);
        }
        line(level);
        out_ += '}';
        break;
    }
  }

 private:
  void line(size_t level) {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(level * 4, ' ');
  }
  void separate(uint32_t i, size_t level) {
    if (i > 0) out_ += pretty_ ? "," : ", ";
    line(level);
  }

  std::string& out_;
  bool pretty_;
};

}  // namespace

void append_jsonb(std::string& out, JsonbView value) {
  TextWriter(out, false).write(value, 0);
}
void append_pretty_jsonb(std::string& out, JsonbView value) {
  TextWriter(out, true).write(value, 0);
}
void append_jsonb_unquoted(std::string& out, JsonbView value) {
  if (value.kind() == JsonKind::kString) {
    out += value.string();
  } else {
    append_jsonb(out, value);
  }
}

// --- writing

size_t JsonbWriter::begin(JsonKind kind, uint32_t count, uint32_t ends) {
  size_t at = out_.size();
  out_.resize(at + kEnds + size_t{ends} * 4);
  out_[at] = static_cast<char>(kind);
  store(out_.data() + at + 3, count);
  return at;
}

void JsonbWriter::end_piece(size_t at, uint32_t ends, uint32_t i) {
  size_t data = at + kEnds + size_t{ends} * 4;
  size_t end = out_.size() - data;
  constexpr size_t kLargest = 0x0fffffff;
  if (end > kLargest) {
    fail(base::sqlstate::kProgramLimitExceeded,
         "total size of jsonb array elements exceeds the maximum of " + std::to_string(kLargest) +
             " bytes");
  }
  store(out_.data() + at + kEnds + size_t{i} * 4, static_cast<uint32_t>(end));
}

void JsonbWriter::finish(size_t at, int deepest) {
  depth_ = deepest + 1;
  if (depth_ > kMaxJsonDepth) fail_json_depth();
  store(out_.data() + at + 1, static_cast<uint16_t>(depth_));
}

std::vector<uint32_t> order_json_keys(std::span<const std::string_view> keys) {
  std::vector<uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return compare_json_keys(keys[a], keys[b]) < 0; });
  size_t kept = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    bool repeated = i + 1 < order.size() && keys[order[i]] == keys[order[i + 1]];
    if (!repeated) order[kept++] = order[i];
  }
  order.resize(kept);
  return order;
}

namespace {

void write_object(JsonbWriter& writer, const JsonDocument& document, const JsonDocument::Node& node,
                  Arena& arena) {
  std::vector<std::string_view> keys;
  std::vector<uint32_t> values;
  std::string buffer;
  for (uint32_t i = document.first(node); i < node.next; i = document.node(i).next) {
    std::string_view key = document.key(document.node(i), buffer);
    keys.push_back(key.data() == buffer.data() ? arena.copy(key) : key);
    values.push_back(i);
  }
  std::vector<uint32_t> order = order_json_keys(keys);
  writer.object(
      static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
      [&](uint32_t i) { write_jsonb(writer, document, document.node(values[order[i]]), arena); });
}

}  // namespace

void write_jsonb(JsonbWriter& writer, const JsonDocument& document, const JsonDocument::Node& node,
                 Arena& arena) {
  switch (node.kind) {
    case JsonKind::kNull:
      return writer.null();
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return writer.boolean(node.kind == JsonKind::kTrue);
    case JsonKind::kString: {
      std::string buffer;
      return writer.string(document.string(node, buffer));
    }
    case JsonKind::kNumber:
      return writer.number(Numeric::parse(document.raw(node)).write(arena));
    case JsonKind::kArray: {
      uint32_t next = document.first(node);
      return writer.array(node.size, [&](uint32_t) {
        const JsonDocument::Node& element = document.node(next);
        next = element.next;
        write_jsonb(writer, document, element, arena);
      });
    }
    case JsonKind::kObject:
      return write_object(writer, document, node, arena);
  }
}

Datum parse_jsonb(std::string_view text, Arena& arena) {
  JsonDocument document(text, true);
  std::string out;
  JsonbWriter writer(out);
  write_jsonb(writer, document, document.root(), arena);
  return arena.bytes(out);
}

}  // namespace isolde::sql
