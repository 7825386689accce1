#pragma once

#include <utility>

#include "sql/ddl/definer.hpp"

// Whether the errors of a part of a statement tell a place in the text is PostgreSQL's choice.

namespace isolde::sql {

/// Errors that name no place get this one.
template <typename F>
auto placed(Definer& d, int location, F&& part) {
  try {
    return std::forward<F>(part)();
  } catch (const base::SqlException& e) {
    if (e.error().fields().position > 0) throw;
    d.fail_at(location, e.error());
  }
}

/// Errors name no place.
template <typename F>
auto unplaced(F&& part) {
  try {
    return std::forward<F>(part)();
  } catch (const base::SqlException& e) {
    base::Error error = e.error();
    error.fields().position = 0;
    throw base::SqlException(std::move(error));
  }
}

}  // namespace isolde::sql
