#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/types/json_kind.hpp"

namespace isolde::sql {

/// A parsed JSON text: every value with the piece of text that it came from. Values stand in the
/// order of the text, each container before what is in it.
///
///   {"a": [1, 2]}      node 0  {"a": [1, 2]}   next 4
///                      node 1  [1, 2]  key "a" next 4
///                      node 2  1               next 3
///                      node 3  2               next 4
class JsonDocument {
 public:
  struct Node {
    JsonKind kind;
    uint32_t begin;  ///< the value is text[begin, end)
    uint32_t end;
    uint32_t key_begin;  ///< of an object's member: its key, with quotes; else both 0
    uint32_t key_end;
    uint32_t next;  ///< the node after this one and all that is in it
    uint32_t size;  ///< elements or members
  };

  /// Throws 22P02 for what is not JSON, 54001 for what nests deeper than kMaxJsonDepth. With
  /// `check_escapes` also for escapes that stand for no character: needed by string() and key().
  JsonDocument(std::string_view text, bool check_escapes);

  const Node& root() const { return nodes_[0]; }
  const Node& node(uint32_t i) const { return nodes_[i]; }
  uint32_t index_of(const Node& node) const { return static_cast<uint32_t>(&node - nodes_.data()); }
  std::string_view raw(const Node& node) const {
    return text_.substr(node.begin, node.end - node.begin);
  }
  /// Decoded; valid until the next call with the same buffer.
  std::string_view string(const Node& node, std::string& buffer) const;
  std::string_view key(const Node& node, std::string& buffer) const;

  /// The children of a container, in order: for (uint32_t i = first(c); i < c.next; i =
  /// node(i).next)
  uint32_t first(const Node& container) const { return index_of(container) + 1; }
  /// The last member of that name, or nullptr; also when it is no object.
  const Node* find(const Node& object, std::string_view name) const;
  /// From 0, negative ones from the end; nullptr outside, or when it is no array.
  const Node* element(const Node& array, int64_t index) const;

 private:
  std::string_view text_;
  std::vector<Node> nodes_;
};

/// The same checks without keeping anything.
void check_json(std::string_view text);

}  // namespace isolde::sql
