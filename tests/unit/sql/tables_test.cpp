#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sql/table_maker.hpp"
#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {
namespace {

using testing::ElementsAre;

class Tables : public testing::Test {
 protected:
  Tables() {
    TableMaker maker(session_.instance());
    maker.make({"t",
                {TableMaker::column("id", "int4", true), TableMaker::column("n", "int4"),
                 TableMaker::column("s", "text")},
                {{"t_pkey", {1}, true, true}, {"t_n_idx", {2}}},
                {{"t_n_check", "n < 1000"}}});
    maker.make({"u", {TableMaker::column("id", "int4"), TableMaker::column("w", "int4")}});
  }
  std::vector<std::string> run(std::string_view text) { return session_.query(text); }
  /// All rows of a query, columns by '|', rows by blanks.
  std::string rows(std::string_view text) {
    std::string all;
    for (const std::string& line : run(text)) {
      if (line[0] == 'E') return line;
      if (line[0] != 'D') continue;
      if (!all.empty()) all += ' ';
      all += line.substr(2);
    }
    return all;
  }
  TestSession session_;
};

TEST_F(Tables, InsertSelectUpdateDelete) {
  for (auto& line : run("INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, NULL, NULL)"))
    std::cout << line << "\n";
  for (auto& line : run("SELECT * FROM t")) std::cout << line << "\n";
  for (auto& line : run("SELECT s, id FROM t WHERE id = 2")) std::cout << line << "\n";
  for (auto& line : run("UPDATE t SET n = n + 1 WHERE id = 2 RETURNING *"))
    std::cout << line << "\n";
  for (auto& line : run("DELETE FROM t WHERE n IS NULL")) std::cout << line << "\n";
  for (auto& line : run("SELECT *, ctid, xmin > '0' FROM t")) std::cout << line << "\n";
  for (auto& line : run("INSERT INTO t VALUES (1)")) std::cout << line << "\n";
  for (auto& line : run("INSERT INTO t VALUES (NULL, 1)")) std::cout << line << "\n";
  for (auto& line : run("INSERT INTO t VALUES (7, 5000)")) std::cout << line << "\n";
  for (auto& line : run("INSERT INTO t VALUES (1, 1, 'x') ON CONFLICT (id) DO UPDATE SET s = "
                        "excluded.s || t.s RETURNING *"))
    std::cout << line << "\n";
  for (auto& line : run("SELECT t.*, w FROM t JOIN u ON t.id = u.id FOR UPDATE OF t"))
    std::cout << line << "\n";
  for (auto& line : run("SELECT * FROM nope")) std::cout << line << "\n";
}

}  // namespace
}  // namespace isolde::sql
