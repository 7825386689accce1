#pragma once

#include <deque>
#include <span>
#include <string_view>

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// Every built-in function, operator and cast, declared once in the files of this folder; pg_proc,
/// pg_operator and pg_cast are filled from here. Immutable after its construction on first use.
class FunctionRegistry {
 public:
  static const FunctionRegistry& instance();

  const Function* function(base::Oid oid) const;
  const Operator* operator_by_oid(base::Oid oid) const;
  /// All functions of a name (operators: also prefix ones); empty when there is none.
  std::span<const Function* const> functions(std::string_view name) const;
  std::span<const Operator* const> operators(std::string_view name) const;
  const Cast* cast(base::Oid source, base::Oid target) const;

  // In order of declaration.
  const std::deque<Function>& all_functions() const;
  const std::deque<Operator>& all_operators() const;
  const std::deque<Cast>& all_casts() const;

 private:
  struct Tables;
  FunctionRegistry();
  ~FunctionRegistry();
  const Tables* tables_;
};

}  // namespace isolde::sql
