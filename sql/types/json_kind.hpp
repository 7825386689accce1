#pragma once

#include <cstdint>
#include <string_view>

namespace isolde::sql {

/// What a JSON value is, in the order in which jsonb sorts.
enum class JsonKind : uint8_t { kNull, kString, kNumber, kFalse, kTrue, kArray, kObject };

constexpr bool is_container(JsonKind kind) {
  return kind == JsonKind::kArray || kind == JsonKind::kObject;
}
/// json_typeof
std::string_view json_kind_name(JsonKind kind);

/// How deep values may nest: every recursion over them fits on any task's stack.
inline constexpr int kMaxJsonDepth = 1000;
/// 54001
[[noreturn]] void fail_json_depth();

}  // namespace isolde::sql
