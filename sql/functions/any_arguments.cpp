#include "sql/functions/any_arguments.hpp"

#include "sql/types/array.hpp"

namespace isolde::sql {

std::vector<AnyArgument> any_arguments(CallContext& context, const Datum* args, size_t first) {
  std::vector<AnyArgument> parts;
  size_t count = context.argument_count();
  if (context.site->variadic_array && count > first) {
    if (args[count - 1].is_null()) return parts;
    ArrayView array(args[count - 1]);
    const Type& element = element_type_of(context.argument_type(count - 1));
    for (int32_t i = 0; i < array.size(); ++i) parts.push_back({array[i], &element});
    return parts;
  }
  for (size_t i = first; i < count; ++i) parts.push_back({args[i], &context.argument_type(i)});
  return parts;
}

bool is_null_variadic(const CallContext& context, const Datum* args) {
  return context.site->variadic_array && args[context.argument_count() - 1].is_null();
}

}  // namespace isolde::sql
