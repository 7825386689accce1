#pragma once

#include "sql/functions/function.hpp"

// What SET a[1] = value does, by syntax alone: a changed copy of the whole value.

namespace isolde::sql {

/// (array, value, int4...): an element at subscripts. An array of one dimension grows as needed.
const Function& array_element_assignment();
/// (array, values, int4 of which bounds are there, then two bounds a dimension): a slice.
const Function& array_slice_assignment();
/// (jsonb, jsonb, bool: the first step is a number, text...): a value at a path, which is made
/// where it is not.
const Function& jsonb_assignment();

}  // namespace isolde::sql
