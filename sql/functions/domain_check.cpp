#include "sql/functions/domain_check.hpp"

#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

Datum not_null(CallContext&, const Datum* args) {
  if (!args[0].is_null()) return args[0];
  fail(base::sqlstate::kNotNullViolation,
       "domain " + std::string(args[1].as_bytes()) + " does not allow null values");
}

/// As with tables, only a condition that is false is violated.
Datum check(CallContext&, const Datum* args) {
  if (args[1].is_null() || args[1].as_bool()) return args[0];
  std::string domain(args[2].as_bytes()), constraint(args[3].as_bytes());
  base::Error error(
      base::sqlstate::kCheckViolation,
      "value for domain " + domain + " violates check constraint \"" + constraint + "\"");
  error.fields().data_type_name = domain;
  error.fields().constraint_name = constraint;
  throw base::SqlException(std::move(error));
}

Function internal(ScalarFunction code) {
  Function function;
  function.scalar = code;
  function.strict = false;
  function.volatility = Volatility::kStable;  // looked at when the statement runs, not before
  return function;
}

}  // namespace

const Function& domain_not_null_function() {
  static const Function kFunction = internal(not_null);
  return kFunction;
}

const Function& domain_check_function() {
  static const Function kFunction = internal(check);
  return kFunction;
}

}  // namespace isolde::sql
