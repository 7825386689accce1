#pragma once

#include <string_view>

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// Reads a declaration (see FunctionRow) into a Function without code. Default values live in the
/// arena; names are views of the text, which must outlive the function.
Function parse_signature(std::string_view text, Arena& defaults);

struct OperatorSignature {
  base::Oid left;  ///< 0 for a prefix operator
  std::string_view name;
  base::Oid right;
};
OperatorSignature parse_operator(std::string_view text);

}  // namespace isolde::sql
