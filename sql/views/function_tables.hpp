#pragma once

#include <span>

#include "sql/functions/declaration.hpp"

// The functions of this folder, for the registry (sql/functions/function_registry.cpp).

namespace isolde::sql {

extern const std::span<const FunctionRow> kAdvisoryFunctions;
extern const std::span<const FunctionRow> kBlockingFunctions;
extern const std::span<const FunctionRow> kDefinitionFunctions;
extern const std::span<const FunctionRow> kPrivilegeFunctions;
extern const std::span<const FunctionRow> kRowVersionFunctions;
extern const std::span<const FunctionRow> kSizeFunctions;
extern const std::span<const FunctionRow> kStandardFunctions;
extern const std::span<const FunctionRow> kStatisticsFunctions;
extern const std::span<const FunctionRow> kTransactionFunctions;

}  // namespace isolde::sql
