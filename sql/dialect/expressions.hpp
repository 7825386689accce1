#pragma once

#include "sql/dialect/phrase.hpp"

namespace isolde::sql::dialect {

/// Foreign names, variables and function calls, wherever they stand in a statement. One that is a
/// whole item of the outermost select list keeps its words as the column's title.
void rewrite_expressions(Phrase& phrase, Dialect dialect);

}  // namespace isolde::sql::dialect
