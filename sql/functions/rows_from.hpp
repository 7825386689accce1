#pragma once

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// Internal: ROWS FROM (f(...), g(...)) and unnest of several arrays. The arguments are the calls,
/// each with the number of its columns as its index; they are made rows of by FunctionScan.
inline const Function& rows_from_function() {
  static const Function kFunction = [] {
    Function function;
    function.name = "rows from";
    function.strict = false;
    function.returns_set = true;
    return function;
  }();
  return kFunction;
}

}  // namespace isolde::sql
