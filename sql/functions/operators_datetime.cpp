#include "sql/functions/declaration.hpp"

namespace isolde::sql {

const std::span<const OperatorRow> kDatetimeOperators{};

}  // namespace isolde::sql
