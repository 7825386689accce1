#include "sql/ddl/choose_name.hpp"

#include <algorithm>

namespace isolde::sql {

namespace {

constexpr size_t kLongestName = 63;

/// At most `length` bytes, whole characters only.
std::string_view clipped(std::string_view text, size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  return text.substr(0, length);
}

template <typename Taken>
std::string first_free(std::string_view first, std::string_view second, std::string_view label,
                       Taken&& taken) {
  for (int pass = 0;; ++pass) {
    std::string numbered(label);
    if (pass > 0) numbered += std::to_string(pass);
    std::string name = joined_object_name(first, second, numbered);
    if (!taken(name)) return name;
  }
}

}  // namespace

std::string joined_object_name(std::string_view first, std::string_view second,
                               std::string_view label) {
  size_t overhead = (second.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  size_t room = kLongestName - std::min(overhead, kLongestName);
  size_t a = first.size();
  size_t b = second.size();
  while (a + b > room) --(a > b ? a : b);
  std::string name(clipped(first, a));
  if (!second.empty()) name += "_" + std::string(clipped(second, b));
  if (!label.empty()) name += "_" + std::string(label);
  return name;
}

std::string choose_relation_name(Definer& d, std::string_view first, std::string_view second,
                                 std::string_view label, Oid schema) {
  return first_free(first, second, label, [&](const std::string& name) {
    return d.image().relation(schema, name) != nullptr ||
           d.image().find(ObjectKind::kConstraint, schema, name) != nullptr;
  });
}

std::string choose_constraint_name(Definer& d, std::string_view first, std::string_view second,
                                   std::string_view label, Oid schema,
                                   std::span<const std::string> taken) {
  return first_free(first, second, label, [&](const std::string& name) {
    return std::ranges::find(taken, name) != taken.end() ||
           d.image().find(ObjectKind::kConstraint, schema, name) != nullptr;
  });
}

std::string joined_column_names(std::span<const std::string> names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += '_';
    joined += name;
    if (joined.size() >= kLongestName) break;
  }
  return joined;
}

}  // namespace isolde::sql
