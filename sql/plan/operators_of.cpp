#include "sql/plan/operators_of.hpp"

#include <string_view>
#include <unordered_map>

#include "sql/functions/function_registry.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

OperatorClass class_of_name(std::string_view name) {
  if (name == "=") return OperatorClass::kEqual;
  if (name == "<>") return OperatorClass::kNotEqual;
  if (name == "<" || name == "<=") return OperatorClass::kLess;
  if (name == ">" || name == ">=") return OperatorClass::kGreater;
  if (name.find('~') != std::string_view::npos) return OperatorClass::kMatch;
  return OperatorClass::kOther;
}

struct Known {
  OperatorClass kind = OperatorClass::kOther;
  bool hashes = false;
};

const Known& known(const Function& function) {
  static const auto kAll = [] {
    std::unordered_map<const Function*, Known> all;
    for (const Operator& op : FunctionRegistry::instance().all_operators()) {
      Known& one = all[op.function];
      one.kind = class_of_name(op.name);
      one.hashes |= op.can_hash && op.name == "=";
    }
    return all;
  }();
  static const Known kNone;
  auto at = kAll.find(&function);
  return at == kAll.end() ? kNone : at->second;
}

bool is_small_integer(const Type& type) {
  return type.oid == types::kInt2 || type.oid == types::kInt4 || type.oid == types::kInt8;
}

}  // namespace

OperatorClass operator_class(const Function& function) {
  return known(function).kind;
}

bool is_hashable_equality(const Expr& expr) {
  if (expr.kind != ExprKind::kCall || expr.arguments.size() != 2) return false;
  if (!known(*expr.function).hashes) return false;
  const Type& left = *expr.arguments[0]->type;
  const Type& right = *expr.arguments[1]->type;
  bool same = &left == &right || (is_small_integer(left) && is_small_integer(right));
  return same && left.is_hashable() && left.is_ordered();
}

}  // namespace isolde::sql
