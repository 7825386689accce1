#include "sql/plan/comparison_kind.hpp"

#include <unordered_map>

#include "sql/functions/function_registry.hpp"

namespace isolde::sql {

namespace {

ComparisonKind kind_of_name(std::string_view name) {
  if (name == "=") return ComparisonKind::kEqual;
  if (name == "<") return ComparisonKind::kLess;
  if (name == "<=") return ComparisonKind::kLessEqual;
  if (name == ">") return ComparisonKind::kGreater;
  if (name == ">=") return ComparisonKind::kGreaterEqual;
  if (name == "~~") return ComparisonKind::kLike;
  return ComparisonKind::kNone;
}

std::unordered_map<const Function*, ComparisonKind> all_kinds() {
  std::unordered_map<const Function*, ComparisonKind> kinds;
  for (const Operator& op : FunctionRegistry::instance().all_operators()) {
    ComparisonKind kind = kind_of_name(op.name);
    if (kind != ComparisonKind::kNone && op.left != base::Oid{}) kinds.emplace(op.function, kind);
  }
  return kinds;
}

}  // namespace

ComparisonKind comparison_kind(const Function* function) {
  static const auto kKinds = all_kinds();
  auto found = kKinds.find(function);
  return found == kKinds.end() ? ComparisonKind::kNone : found->second;
}

}  // namespace isolde::sql
