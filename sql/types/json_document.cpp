#include "sql/types/json_document.hpp"

#include "base/check.hpp"
#include "base/error.hpp"
#include "sql/types/json_lexer.hpp"

namespace isolde::sql {

std::string_view json_kind_name(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kString:
      return "string";
    case JsonKind::kNumber:
      return "number";
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return "boolean";
    case JsonKind::kArray:
      return "array";
    case JsonKind::kObject:
      return "object";
  }
  return "";
}

void fail_json_depth() {
  throw base::SqlException(
      base::Error(base::sqlstate::kStatementTooComplex, "stack depth limit exceeded")
          .hint("The JSON value nests too deeply."));
}

namespace {

JsonKind kind_of(JsonToken token) {
  switch (token) {
    case JsonToken::kString:
      return JsonKind::kString;
    case JsonToken::kNumber:
      return JsonKind::kNumber;
    case JsonToken::kTrue:
      return JsonKind::kTrue;
    case JsonToken::kFalse:
      return JsonKind::kFalse;
    case JsonToken::kArrayBegin:
      return JsonKind::kArray;
    case JsonToken::kObjectBegin:
      return JsonKind::kObject;
    default:
      return JsonKind::kNull;
  }
}

/// Recursive descent over the tokens.
class Parser {
 public:
  using Node = JsonDocument::Node;
  Parser(std::string_view text, bool check_escapes, std::vector<Node>& nodes)
      : lexer_(text, check_escapes), nodes_(nodes) {}

  void parse() {
    lexer_.next();
    value(0, 0, 0);
    if (lexer_.token() != JsonToken::kEnd) lexer_.fail_expected(JsonExpected::kEnd);
  }

 private:
  /// Reads the value at the current token and steps behind it.
  void value(uint32_t key_begin, uint32_t key_end, int depth) {
    if (depth > kMaxJsonDepth) fail_json_depth();
    size_t at = nodes_.size();
    JsonToken token = lexer_.token();
    nodes_.push_back(
        {kind_of(token), static_cast<uint32_t>(lexer_.begin()), 0, key_begin, key_end, 0, 0});
    uint32_t size = 0;
    switch (token) {
      case JsonToken::kArrayBegin:
        size = array(depth);
        break;
      case JsonToken::kObjectBegin:
        size = object(depth);
        break;
      case JsonToken::kString:
      case JsonToken::kNumber:
      case JsonToken::kTrue:
      case JsonToken::kFalse:
      case JsonToken::kNull:
        lexer_.next();
        break;
      default:
        lexer_.fail_expected(JsonExpected::kValue);
    }
    nodes_[at].end = static_cast<uint32_t>(lexer_.previous_end());
    nodes_[at].next = static_cast<uint32_t>(nodes_.size());
    nodes_[at].size = size;
  }

  uint32_t array(int depth) {
    uint32_t size = 0;
    lexer_.next();
    if (lexer_.token() != JsonToken::kArrayEnd) {
      while (true) {
        value(0, 0, depth + 1);
        ++size;
        if (lexer_.token() != JsonToken::kComma) break;
        lexer_.next();
      }
    }
    expect(JsonToken::kArrayEnd, JsonExpected::kArrayNext);
    return size;
  }

  uint32_t object(int depth) {
    uint32_t size = 0;
    lexer_.next();
    if (lexer_.token() == JsonToken::kString) {
      while (true) {
        member(depth);
        ++size;
        if (lexer_.token() != JsonToken::kComma) break;
        lexer_.next();
      }
    } else if (lexer_.token() != JsonToken::kObjectEnd) {
      lexer_.fail_expected(JsonExpected::kObjectFirst);
    }
    expect(JsonToken::kObjectEnd, JsonExpected::kObjectNext);
    return size;
  }

  void member(int depth) {
    if (lexer_.token() != JsonToken::kString) lexer_.fail_expected(JsonExpected::kString);
    auto begin = static_cast<uint32_t>(lexer_.begin());
    auto end = static_cast<uint32_t>(lexer_.end());
    lexer_.next();
    expect(JsonToken::kColon, JsonExpected::kColon);
    value(begin, end, depth + 1);
  }

  void expect(JsonToken token, JsonExpected what) {
    if (lexer_.token() != token) lexer_.fail_expected(what);
    lexer_.next();
  }

  JsonLexer lexer_;
  std::vector<Node>& nodes_;
};

}  // namespace

JsonDocument::JsonDocument(std::string_view text, bool check_escapes) : text_(text) {
  Parser(text, check_escapes, nodes_).parse();
}

std::string_view JsonDocument::string(const Node& node, std::string& buffer) const {
  ISOLDE_ASSERT(node.kind == JsonKind::kString, "only strings are decoded");
  return decode_json_string(raw(node), buffer);
}

std::string_view JsonDocument::key(const Node& node, std::string& buffer) const {
  return decode_json_string(text_.substr(node.key_begin, node.key_end - node.key_begin), buffer);
}

const JsonDocument::Node* JsonDocument::find(const Node& object, std::string_view name) const {
  if (object.kind != JsonKind::kObject) return nullptr;
  const Node* found = nullptr;
  std::string buffer;
  for (uint32_t i = first(object); i < object.next; i = nodes_[i].next) {
    if (key(nodes_[i], buffer) == name) found = &nodes_[i];
  }
  return found;
}

const JsonDocument::Node* JsonDocument::element(const Node& array, int64_t index) const {
  if (array.kind != JsonKind::kArray) return nullptr;
  if (index < 0) index += array.size;
  if (index < 0 || index >= array.size) return nullptr;
  uint32_t i = first(array);
  for (; index > 0; --index) i = nodes_[i].next;
  return &nodes_[i];
}

void check_json(std::string_view text) {
  JsonDocument document(text, false);
}

}  // namespace isolde::sql
