#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/types/jsonb.hpp"

namespace isolde::sql {

/// A value inside a json document or a jsonb, for those who read both alike.
class JsonSource {
 public:
  explicit JsonSource(JsonbView value) : jsonb_(value) {}
  JsonSource(const JsonDocument& document, const JsonDocument::Node& node)
      : document_(&document), node_(&node) {}

  JsonKind kind() const { return node_ != nullptr ? node_->kind : jsonb_.kind(); }
  uint32_t size() const { return node_ != nullptr ? node_->size : jsonb_.size(); }

  /// A string's characters, and of everything else the JSON text.
  std::string plain_text() const {
    std::string out;
    if (node_ == nullptr) {
      append_jsonb_unquoted(out, jsonb_);
    } else if (node_->kind == JsonKind::kString) {
      std::string buffer;
      out = document_->string(*node_, buffer);
    } else {
      out = document_->raw(*node_);
    }
    return out;
  }
  std::string json_text() const {
    std::string out;
    if (node_ == nullptr) {
      append_jsonb(out, jsonb_);
    } else {
      out = document_->raw(*node_);
    }
    return out;
  }

  std::optional<JsonSource> find(std::string_view key) const {
    if (node_ != nullptr) {
      const auto* found = document_->find(*node_, key);
      if (found == nullptr) return std::nullopt;
      return JsonSource(*document_, *found);
    }
    auto place = jsonb_.find(key);
    if (!place) return std::nullopt;
    return JsonSource(jsonb_.value(*place));
  }

  /// Calls `each` with the elements of an array.
  template <typename Each>
  void for_each_element(Each&& each) const {
    if (node_ == nullptr) {
      for (uint32_t i = 0; i < jsonb_.size(); ++i) each(JsonSource(jsonb_.element(i)));
      return;
    }
    for (uint32_t i = document_->first(*node_); i < node_->next; i = document_->node(i).next) {
      each(JsonSource(*document_, document_->node(i)));
    }
  }

 private:
  const JsonDocument* document_ = nullptr;
  const JsonDocument::Node* node_ = nullptr;
  JsonbView jsonb_{std::string_view("", 1)};  ///< a null when there is a node
};

}  // namespace isolde::sql
