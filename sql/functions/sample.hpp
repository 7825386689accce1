#pragma once

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// TABLESAMPLE, by syntax alone: (tid, float4: percent, float8: seed) bool, whether the row is in
/// the sample. `by_page`: with all others of its page.
const Function& sample_function(bool by_page);

}  // namespace isolde::sql
