#pragma once

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// (value, domain's name): the value, or 23502 'domain d does not allow null values'. Both
/// functions are internal: casts to domains call them.
const Function& domain_not_null_function();
/// (value, verdict of the condition, domain's name, constraint's name): the value, or 23514.
const Function& domain_check_function();

}  // namespace isolde::sql
