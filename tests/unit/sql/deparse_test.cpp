// Replays deparse_golden/*.txt, recorded from PostgreSQL 15 by deparse_golden/record.py:
//
//   > price > 0
//   CHECK ((price > (0)::numeric))
//   --- pretty
//   CHECK (price > 0::numeric)

#include "sql/deparse/deparse.hpp"

#include <gtest/gtest.h>
#include <pg_query/pg_query.pb-c.h>

#include <filesystem>
#include <fstream>

#include "sql/binder/binder.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/parser/parse.hpp"

namespace isolde::sql {
namespace {

std::filesystem::path folder() {
  auto here = std::filesystem::current_path();
  while (!std::filesystem::exists(here / "tests/unit/sql/deparse_golden") &&
         here.has_relative_path()) {
    here = here.parent_path();
  }
  return here / "tests/unit/sql/deparse_golden";
}

struct Bound {
  std::shared_ptr<const ParsedQuery> parsed;
  PlanMemory memory;
  OutputStyle style;
  Query* query = nullptr;

  explicit Bound(std::string_view sql) : parsed(base::value_or_throw(parse_query(sql))) {
    Binder::Input input;
    input.text = parsed->text();
    input.style = &style;
    Binder binder(std::move(input), memory);
    query = binder.bind_query(*parsed->statement(0)->select_stmt);
  }
};

/// The columns of the table that the checks were recorded on.
class TableColumns final : public ColumnNames {
 public:
  explicit TableColumns(const FromItem& item) : item_(item) {}
  ColumnName column(int index) const override {
    const ColumnInfo& info = item_.columns[static_cast<size_t>(index)];
    return {quoted_identifier(info.name), info.type};
  }

 private:
  const FromItem& item_;
};

std::string both(const std::string& plain, const std::string& pretty) {
  return plain + "\n--- pretty\n" + pretty;
}

std::string deparse(const std::string& table, const std::string& source) {
  DeparseOptions pretty{.pretty = true};
  if (table.empty()) {
    Bound bound(source);
    return both(deparse_view(*bound.query), deparse_view(*bound.query, {}, pretty));
  }
  Bound bound("SELECT " + source + " FROM (" + table + ") t");
  TableColumns columns(*bound.query->from[0]);
  const Expr& expr = *bound.query->targets[0].value;
  return both(deparse_check(expr, columns), deparse_check(expr, columns, pretty));
}

void replay(const std::string& name) {
  std::ifstream file(folder() / name);
  ASSERT_TRUE(file.is_open());
  std::string table, source, expected, line;
  int cases = 0;
  auto check = [&] {
    if (source.empty()) return;
    ++cases;
    try {
      EXPECT_EQ(deparse(table, source) + "\n", expected) << source;
    } catch (const base::SqlException& e) {
      ADD_FAILURE() << source << ": " << e.error().message();
    }
  };
  while (std::getline(file, line)) {
    if (line.starts_with("# table ")) {
      table = line.substr(8);
    } else if (line.starts_with("> ")) {
      check();
      source = line.substr(2);
      expected.clear();
    } else if (!line.starts_with("#")) {
      expected += line + "\n";
    }
  }
  check();
  EXPECT_GT(cases, 0);
}

TEST(Deparse, ChecksReadAsInPostgres) {
  replay("checks.txt");
}
TEST(Deparse, RefusesWhatItHasNoTextFor) {
  for (const char* sql : {"WITH w AS (SELECT 1 AS a) SELECT a FROM w",
                          "SELECT rank() OVER (ORDER BY i) FROM generate_series(1, 2) g(i)"}) {
    Bound bound(sql);
    try {
      ADD_FAILURE() << deparse_view(*bound.query);
    } catch (const base::SqlException& e) {
      EXPECT_EQ(e.error().state(), base::sqlstate::kFeatureNotSupported) << sql;
    }
  }
}

TEST(Deparse, ViewsReadAsInPostgres) {
  replay("views.txt");
}

}  // namespace
}  // namespace isolde::sql
