#include "sql/exec/current_of.hpp"

#include <cstring>

#include "sql/session/session_services.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

namespace {

Datum current_of(CallContext& context, const Datum* arguments) {
  const base::Oid table(static_cast<uint32_t>(arguments[1].as_int()));
  auto place = context.services->cursor_place(arguments[0].as_bytes(), table);
  if (!place) return Datum::null();
  char* at = context.arena.allocate(6);
  // A tid shows slots from 1.
  const auto slot = static_cast<uint16_t>(place->slot.value + 1);
  std::memcpy(at, &place->block.value, 4);
  std::memcpy(at + 4, &slot, 2);
  return Datum::of_bytes({at, 6});
}

}  // namespace

const Function& current_of_function() {
  static const Function function = [] {
    Function made;
    made.name = "current_of";
    made.argument_types = {types::kText, types::kOid};
    made.result_type = types::kTid;
    made.volatility = Volatility::kStable;
    made.scalar = current_of;
    return made;
  }();
  return function;
}

}  // namespace isolde::sql
