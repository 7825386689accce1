// Constraints that are added to a table with rows: a query looks for one that violates them.

#include "sql/ddl/constraint.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/settings/identifier_list.hpp"

namespace isolde::sql {

namespace {

std::string full_name(Definer& d, const RelationObject& table) {
  ObjectPtr schema = d.image().find(ObjectKind::kNamespace, table.name_space);
  return quote_identifier(schema->name) + "." + quote_identifier(table.name);
}

std::string column_of(const RelationObject& table, int16_t number) {
  return quote_identifier(table.columns[static_cast<size_t>(number - 1)].name);
}

/// The first row of a query; false when there is none.
bool first_row(
    Definer& d, const std::string& query,
    const std::function<void(std::span<const Datum>, std::span<const ResultColumn>)>& see) {
  bool found = false;
  d.services().run_internal(query, [&](auto row, auto columns) {
    found = true;
    see(row, columns);
    return false;
  });
  return found;
}

base::Error named(base::Error error, Definer& d, const RelationObject& table,
                  std::string_view constraint) {
  error.fields().schema_name = d.image().find(ObjectKind::kNamespace, table.name_space)->name;
  error.fields().table_name = table.name;
  error.fields().constraint_name = constraint;
  return error;
}

void validate_check(Definer& d, const RelationObject& table, const ConstraintObject& check) {
  bool broken = first_row(
      d, "SELECT 1 FROM " + full_name(d, table) + " WHERE NOT (" + check.expression + ") LIMIT 1",
      [](auto, auto) {});
  if (!broken) return;
  throw base::SqlException(
      named(base::Error(base::sqlstate::kCheckViolation, "check constraint " + quoted(check.name) +
                                                             " of relation " + quoted(table.name) +
                                                             " is violated by some row"),
            d, table, check.name));
}

void validate_foreign_key(Definer& d, const RelationObject& table, const ConstraintObject& key) {
  RelationPtr target = d.image().relation(key.referenced);
  std::string columns, joined, given, names;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    std::string mine = "fk." + column_of(table, key.columns[i]);
    std::string theirs = "pk." + column_of(*target, key.referenced_columns[i]);
    columns += (i == 0 ? "" : ", ") + mine;
    names += (i == 0 ? "" : ", ") + table.columns[static_cast<size_t>(key.columns[i] - 1)].name;
    joined += (i == 0 ? "" : " AND ") + theirs + " = " + mine;
    given += (i == 0 ? "" : (key.match == 'f' ? " OR " : " AND ")) + mine + " IS NOT NULL";
  }
  std::string query = "SELECT " + columns + " FROM " + full_name(d, table) + " fk LEFT JOIN " +
                      full_name(d, *target) + " pk ON " + joined + " WHERE pk." +
                      column_of(*target, key.referenced_columns[0]) + " IS NULL AND (" + given +
                      ") LIMIT 1";
  std::string values;
  bool mixed = false;
  bool broken = first_row(d, query, [&](auto row, auto about) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) values += ", ";
      mixed |= row[i].is_null();
      if (!row[i].is_null()) about[i].type->to_text(row[i], values, d.services().style());
    }
  });
  if (!broken) return;
  base::Error error(base::sqlstate::kForeignKeyViolation,
                    "insert or update on table " + quoted(table.name) +
                        " violates foreign key constraint " + quoted(key.name));
  error.fields().detail = mixed ? "MATCH FULL does not allow mixing of null and nonnull key values."
                                : "Key (" + names + ")=(" + values + ") is not present in table " +
                                      quoted(target->name) + ".";
  throw base::SqlException(named(std::move(error), d, table, key.name));
}

}  // namespace

void validate_constraint(Definer& d, const ConstraintObject& constraint) {
  RelationPtr table = d.image().relation(constraint.relation);
  switch (constraint.constraint_kind) {
    case ConstraintKind::kCheck:
      return validate_check(d, *table, constraint);
    case ConstraintKind::kForeignKey:
      return validate_foreign_key(d, *table, constraint);
    case ConstraintKind::kPrimaryKey:
    case ConstraintKind::kUnique:
      return;
  }
}

void validate_not_null(Definer& d, const RelationObject& table, int16_t column) {
  bool broken = first_row(d,
                          "SELECT 1 FROM " + full_name(d, table) + " WHERE " +
                              column_of(table, column) + " IS NULL LIMIT 1",
                          [](auto, auto) {});
  if (!broken) return;
  const std::string& name = table.columns[static_cast<size_t>(column - 1)].name;
  base::Error error = named(base::Error(base::sqlstate::kNotNullViolation,
                                        "column " + quoted(name) + " of relation " +
                                            quoted(table.name) + " contains null values"),
                            d, table, "");
  error.fields().column_name = name;
  throw base::SqlException(std::move(error));
}

}  // namespace isolde::sql
