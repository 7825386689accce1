#pragma once

#include <span>
#include <string>
#include <vector>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// Where a kept expression stands; decides what may be in it.
enum class KeptClause : uint8_t { kDefault, kGenerated, kCheck, kIndexKey, kIndexPredicate };

/// An expression as the catalog keeps it, with what it depends on.
struct KeptExpression {
  std::string text;
  std::vector<int16_t> columns;  ///< attnums, ascending
  std::vector<Oid> needs;        ///< functions, sequences, types
  const Type* type = nullptr;
};

/// Checks an expression over the columns of a table and makes the text that the catalog keeps.
/// `column` is what a default or generated value is for.
KeptExpression keep_expression(Definer& d, const PgQuery__Node& node, KeptClause clause,
                               const RelationObject& table, const ColumnObject* column = nullptr);

/// Objects that users have made and that a bound expression or query uses.
std::vector<Oid> objects_used(const PlanMemory& memory, const CatalogImage& image);

/// The place of a live column by name, or -1.
int find_column(const RelationObject& table, std::string_view name);
/// attnum of a live column; 42703 'column "x" of relation "t" does not exist'.
int16_t column_number(const RelationObject& table, std::string_view name);

}  // namespace isolde::sql
