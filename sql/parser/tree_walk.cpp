#include "sql/parser/tree_walk.hpp"

#include <pg_query/pg_query.pb-c.h>
#include <protobuf-c/protobuf-c.h>

namespace isolde::sql {

namespace {

using Visit = std::function<bool(const PgQuery__Node&)>;

/// The tree's messages describe themselves, so one loop knows every kind of node.
void walk_message(const ProtobufCMessage& message, const Visit& visit) {
  const ProtobufCMessageDescriptor& shape = *message.descriptor;
  if (message.descriptor == &pg_query__node__descriptor) {
    const auto& node = reinterpret_cast<const PgQuery__Node&>(message);
    if (!visit(node)) return;
  }
  const char* base = reinterpret_cast<const char*>(&message);
  for (unsigned i = 0; i < shape.n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = shape.fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      size_t count = *reinterpret_cast<const size_t*>(base + field.quantifier_offset);
      auto* items = *reinterpret_cast<ProtobufCMessage* const* const*>(base + field.offset);
      for (size_t k = 0; k < count; ++k) walk_message(*items[k], visit);
      continue;
    }
    bool one_of = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (one_of && *reinterpret_cast<const uint32_t*>(base + field.quantifier_offset) != field.id) {
      continue;
    }
    auto* item = *reinterpret_cast<ProtobufCMessage* const*>(base + field.offset);
    if (item != nullptr) walk_message(*item, visit);
  }
}

}  // namespace

void walk_tree(const PgQuery__Node& node, const Visit& visit) {
  walk_message(node.base, visit);
}

}  // namespace isolde::sql
