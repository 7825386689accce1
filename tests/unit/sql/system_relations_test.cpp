#include <regex>

// Relations of the system: every one can be read, and is what pg_class and pg_attribute say.

#include "sql/catalog/system_relations.hpp"

#include <gtest/gtest.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/tradition_views.hpp"
#include "sql/types/type_registry.hpp"
#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {
namespace {

std::string schema_of(const RelationObject& relation) {
  if (relation.name_space == oids::kPgCatalog) return "pg_catalog";
  if (relation.name_space == oids::kPerformanceSchema) return "performance_schema";
  if (relation.name_space == oids::kSysSchema) return "sys";
  return relation.name_space == oids::kIsoldeSchema ? "isolde" : "information_schema";
}

/// Without lengths: the empty views know none.
std::string without_lengths(const std::string& line) {
  return std::regex_replace(line, std::regex("\\(\\d+\\)"), "");
}

/// "T: relname:19|...": what LineSink writes of the columns that were declared.
std::string declared_columns(const RelationObject& relation) {
  std::string line = "T: ";
  for (const ColumnObject& column : relation.columns) {
    if (line.size() > 3) line += "|";
    line += column.name + ":" + std::to_string(column.type.value);
  }
  return line;
}

TEST(SystemRelations, EachCanBeReadAndHasTheColumnsDeclared) {
  TestSession session;
  session.query("CREATE TABLE t (a serial PRIMARY KEY, b text DEFAULT 'x', CHECK (a > 0))");
  session.query("CREATE TABLE r (a int REFERENCES t, UNIQUE (a))");
  session.query("BEGIN");
  session.query("LOCK TABLE t");
  session.query("SELECT pg_advisory_lock(1)");
  for (const RelationPtr& relation : system_relations()) {
    const std::string name = schema_of(*relation) + ".\"" + relation->name + "\"";
    auto lines = session.query("SELECT * FROM " + name);
    ASSERT_FALSE(lines.empty()) << name;
    if (lines[0].starts_with("E")) {
      ADD_FAILURE() << name << " " << lines[0];
      session.query("ROLLBACK");
      continue;
    }
    EXPECT_EQ(without_lengths(lines[0]), declared_columns(*relation)) << name;
  }
}

TEST(SystemRelations, StandInPgClassUnderTheirNumbers) {
  TestSession session;
  EXPECT_EQ(session.value("SELECT oid FROM pg_class WHERE relname = 'pg_class'"), "1259");
  EXPECT_EQ(session.value("SELECT 'pg_catalog.pg_attribute'::regclass::oid"), "1249");
  EXPECT_EQ(session.value("SELECT 1259::regclass"), "pg_class");
  EXPECT_EQ(session.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'pg_class'::regclass "
                          "AND attnum > 0"),
            "33");
  EXPECT_EQ(session.value("SELECT relkind FROM pg_class WHERE oid = 'pg_tables'::regclass"), "v");
  EXPECT_EQ(session.value("SELECT count(*) FROM isolde.engines WHERE name = 'mvcc'"), "1");
}

TEST(SystemRelations, CannotBeChanged) {
  TestSession session;
  for (const char* sql : {"DELETE FROM pg_class", "INSERT INTO pg_am VALUES (1, 'a', 1, 'i')",
                          "DROP TABLE pg_class", "ALTER TABLE pg_class ADD COLUMN x int"}) {
    EXPECT_NE(session.value(sql).find("system catalog"), std::string::npos) << session.value(sql);
  }
}

TEST(SystemRelations, AreFoundBehindTheSearchPath) {
  TestSession session;
  session.query("CREATE SCHEMA s");
  session.query("CREATE TABLE s.locks (a int)");
  session.query("INSERT INTO s.locks VALUES (7)");
  EXPECT_EQ(session.value("SELECT count(*) > 0 FROM engines"), "t");
  session.query("SET search_path = s");
  EXPECT_EQ(session.value("SELECT a FROM locks"), "7");
}

}  // namespace
}  // namespace isolde::sql
