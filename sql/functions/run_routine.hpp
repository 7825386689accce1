#pragma once

#include "sql/functions/function.hpp"

namespace isolde::sql {

// Calls of functions that are written in SQL. The first argument is the function's number, the
// others are its own.

Datum run_routine_scalar(CallContext& context, const Datum* arguments);
std::unique_ptr<SetIterator> run_routine_set(CallContext& context, const Datum* arguments);

}  // namespace isolde::sql
