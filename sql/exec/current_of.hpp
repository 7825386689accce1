#pragma once

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// WHERE CURRENT OF cursor is WHERE ctid = this function of the cursor's name and the table.
const Function& current_of_function();

}  // namespace isolde::sql
