#pragma once

#include "base/result.hpp"
#include "sql/dialect/phrase.hpp"

// The rules of each dialect. Each looks at one statement, and either matches and notes its changes
// or leaves it alone.

namespace isolde::sql::dialect {

base::Status rewrite_mysql(Phrase& phrase);
base::Status rewrite_sqlserver(Phrase& phrase);

// --- parts of them

/// CREATE TABLE and ALTER TABLE ... ADD INDEX of MySQL. True when nothing else applies.
void rewrite_mysql_table(Phrase& phrase);
bool rewrite_mysql_added_index(Phrase& phrase);

/// SQL Server's WITH (UPDLOCK, ...) after the names of tables.
base::Status rewrite_table_hints(Phrase& phrase);

/// SELECT TOP n, at every level of nesting.
void rewrite_top(Phrase& phrase);

}  // namespace isolde::sql::dialect
