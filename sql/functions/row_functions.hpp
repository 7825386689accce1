#pragma once

#include "sql/functions/function.hpp"

// What SQL does with rows by syntax, not by a name that pg_proc would show.

namespace isolde::sql {

/// (row, int4): the field at a place, from 0. NULL of a NULL row.
const Function& row_field_function();
/// (row): IS NULL, all fields being NULL, or IS NOT NULL, none being NULL.
const Function& row_null_test_function(bool is_null);
/// (row, row): <, <=, >, >= field by field, NULL when a NULL decides.
const Function* row_comparison_function(std::string_view operator_name);
/// (name, int4): one letter of a name, from 0: what name[0] means.
const Function& name_letter_function();
/// (composite): the same fields as a record.
const Function& composite_to_record_function();

}  // namespace isolde::sql
