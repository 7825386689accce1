#include "sql/types/errors.hpp"

#include <fmt/format.h>

#include <utility>

namespace isolde::sql {

void fail(base::SqlState state, std::string message) {
  throw base::SqlException(base::Error(state, std::move(message)));
}

void fail_syntax(std::string_view type, std::string_view text) {
  fail(base::sqlstate::kInvalidTextRepresentation,
       fmt::format("invalid input syntax for type {}: \"{}\"", type, text));
}

void fail_value_range(std::string_view type, std::string_view text) {
  fail(base::sqlstate::kNumericValueOutOfRange,
       fmt::format("value \"{}\" is out of range for type {}", text, type));
}

void fail_range(std::string_view what) {
  fail(base::sqlstate::kNumericValueOutOfRange, fmt::format("{} out of range", what));
}

void fail_division_by_zero() {
  fail(base::sqlstate::kDivisionByZero, "division by zero");
}

void fail_binary(std::string message) {
  fail(base::sqlstate::kInvalidBinaryRepresentation, std::move(message));
}

}  // namespace isolde::sql
