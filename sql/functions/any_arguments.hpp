#pragma once

#include <vector>

#include "sql/functions/call_context.hpp"

namespace isolde::sql {

struct AnyArgument {
  Datum value;
  const Type* type;
};

/// The "any" arguments from `first` on; a VARIADIC array gives its elements.
std::vector<AnyArgument> any_arguments(CallContext& context, const Datum* args, size_t first);
/// Whether they are given by an array that is NULL.
bool is_null_variadic(const CallContext& context, const Datum* args);

}  // namespace isolde::sql
