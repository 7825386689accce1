#pragma once

#include "sql/views/virtual_table.hpp"

// The system views of sessions and settings, with PostgreSQL's columns.

namespace isolde::sql {

const VirtualTable& pg_settings_view();
const VirtualTable& pg_stat_activity_view();
const VirtualTable& pg_prepared_statements_view();
const VirtualTable& pg_cursors_view();

}  // namespace isolde::sql
