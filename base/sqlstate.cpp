#include "base/sqlstate.hpp"

namespace isolde::base {

std::string_view condition_name(SqlState state) {
  struct Row {
    SqlState state;
    std::string_view name;
  };
#define ISOLDE_SQLSTATE_ROW(constant, code, name) Row{sqlstate::constant, name},
  static constexpr Row kRows[] = {ISOLDE_SQLSTATES(ISOLDE_SQLSTATE_ROW)};
#undef ISOLDE_SQLSTATE_ROW
  for (const Row& row : kRows) {
    if (row.state == state) return row.name;
  }
  return "";
}

}  // namespace isolde::base
