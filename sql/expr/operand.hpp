#pragma once

#include <cstdint>

namespace isolde::sql {

// What an operand of a step on two values is: a register, or, so that it need not be moved into one
// first, a column of the row or a parameter.
inline constexpr uint32_t kRowOperand = uint32_t{1} << 30;        ///< plus the column
inline constexpr uint32_t kParameterOperand = uint32_t{1} << 31;  ///< plus its number

}  // namespace isolde::sql
