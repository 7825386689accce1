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
      all += line.substr(3);
    }
    return all;
  }
  TestSession session_;
};

TEST_F(Tables, InsertSelectUpdateDelete) {
  EXPECT_THAT(run("INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, NULL, NULL)"),
              ElementsAre("C: INSERT 0 3"));
  EXPECT_EQ(rows("SELECT * FROM t"), "1|10|one 2|20|two 3|\\N|\\N");
  EXPECT_EQ(rows("SELECT s, id FROM t WHERE id = 2"), "two|2");
  EXPECT_EQ(rows("UPDATE t SET n = n + 1 WHERE id = 2 RETURNING *"), "2|21|two");
  EXPECT_THAT(run("DELETE FROM t WHERE n IS NULL"), ElementsAre("C: DELETE 1"));
  EXPECT_EQ(rows("SELECT id, n, ctid, tableoid > 16000 FROM t"), "1|10|(0,1)|t 2|21|(0,4)|t");
  EXPECT_EQ(rows("SELECT id FROM t WHERE ctid = '(0,4)'"), "2");
}

TEST_F(Tables, AnOuterJoinsOtherSideIsOutOfReachOfLateral) {
  const std::string refused =
      "|D=The combining JOIN type must be "
      "INNER or LEFT for a LATERAL reference.";
  for (const char* text :
       {"SELECT * FROM t RIGHT JOIN LATERAL (SELECT t.id) s ON true",
        "SELECT * FROM t FULL JOIN LATERAL (SELECT n) s ON true",
        "SELECT * FROM t RIGHT JOIN LATERAL (SELECT t.ctid) s ON true",
        "SELECT * FROM t RIGHT JOIN generate_series(1, t.id) g ON true",
        "SELECT * FROM t JOIN u USING (id) RIGHT JOIN LATERAL (SELECT t.n) s ON true"}) {
    EXPECT_THAT(rows(text),
                testing::AllOf(testing::HasSubstr("42P10|invalid reference to FROM-clause entry "
                                                  "for table \"t\"|"),
                               testing::HasSubstr(refused)))
        << text;
  }
  run("INSERT INTO t VALUES (1, 10, 'one')");
  EXPECT_EQ(rows("SELECT t.id, s.id FROM t RIGHT JOIN (SELECT 2 AS id) s ON t.n = 10"), "1|2");
  EXPECT_EQ(rows("SELECT t.id, s.m FROM t LEFT JOIN LATERAL (SELECT t.n + 1) s(m) ON true"),
            "1|11");
}

TEST_F(Tables, AChangeInWithDoesNotReadItself) {
  for (const char* change :
       {"INSERT INTO u SELECT * FROM x RETURNING *",
        "UPDATE u SET w = (SELECT w FROM x) RETURNING *", "DELETE FROM u USING x RETURNING u.*"}) {
    EXPECT_THAT(rows("WITH RECURSIVE x AS (" + std::string(change) + ") SELECT * FROM x"),
                testing::HasSubstr(
                    "42P19|recursive query \"x\" must not contain data-modifying statements"));
  }
  // The target of a change is a table, whatever WITH calls by the same name.
  EXPECT_EQ(rows("WITH RECURSIVE u AS (INSERT INTO u VALUES (1, 2) RETURNING *) SELECT * FROM u"),
            "1|2");
}

TEST_F(Tables, EachDatabaseHasItsEngine) {
  for (const char* database : {"optimistic", "serial"}) {
    TestSession other(session_, database);
    EXPECT_EQ(other.value("SHOW concurrency"), database);
  }
  EXPECT_EQ(session_.value("SHOW concurrency"), "mvcc");
}

TEST_F(Tables, WhatARowMayNotBe) {
  run("INSERT INTO t VALUES (1, 10, 'one')");
  EXPECT_THAT(run("INSERT INTO t VALUES (1)"),
              ElementsAre("E: ERROR|23505|duplicate key value violates unique constraint \"t_pkey\""
                          "||D=Key (id)=(1) already exists."));
  EXPECT_THAT(run("INSERT INTO t VALUES (NULL, 1)"),
              ElementsAre("E: ERROR|23502|null value in column \"id\" of relation \"t\" violates "
                          "not-null constraint||D=Failing row contains (null, 1, null)."));
  EXPECT_THAT(run("UPDATE t SET n = 5000"),
              ElementsAre("E: ERROR|23514|new row for relation \"t\" violates check constraint "
                          "\"t_n_check\"||D=Failing row contains (1, 5000, one)."));
  EXPECT_THAT(run("SELECT * FROM nope"),
              ElementsAre("E: ERROR|42P01|relation \"nope\" does not exist|15"));
  EXPECT_EQ(rows("SELECT * FROM t"), "1|10|one");
}

TEST_F(Tables, IndexRanges) {
  run("INSERT INTO t SELECT i, i % 100, 's' || i FROM generate_series(1, 2000) i");
  EXPECT_EQ(rows("SELECT count(*) FROM t"), "2000");
  EXPECT_EQ(rows("SELECT id FROM t WHERE id >= 1998"), "1998 1999 2000");
  EXPECT_EQ(rows("SELECT id FROM t WHERE id > 3 AND id < 6"), "4 5");
  EXPECT_EQ(rows("SELECT id FROM t WHERE id IN (7, 5, 5, 9999999)"), "5 7");
  EXPECT_EQ(rows("SELECT id FROM t WHERE id = 99999999999"), "");
  EXPECT_EQ(rows("SELECT count(*) FROM t WHERE n = 7"), "20");
  EXPECT_EQ(rows("SELECT count(*) FROM t WHERE n < 99999999999"), "2000");
  EXPECT_EQ(rows("SELECT count(*) FROM t WHERE n BETWEEN 98 AND 200"), "40");
  run("UPDATE t SET n = NULL WHERE n > 1");
  EXPECT_EQ(rows("SELECT count(*) FROM t WHERE n IS NULL"), "1960");
  EXPECT_EQ(rows("SELECT count(*) FROM t WHERE n <= 1"), "40");
}

TEST_F(Tables, OnConflict) {
  run("INSERT INTO t VALUES (1, 10, 'one')");
  EXPECT_EQ(
      rows("INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'y') ON CONFLICT DO NOTHING RETURNING *"),
      "2|2|y");
  EXPECT_EQ(
      rows("INSERT INTO t VALUES (1, 1, 'x') ON CONFLICT (id) DO UPDATE SET s = excluded.s || "
           "t.s, n = t.n + 1 RETURNING *"),
      "1|11|xone");
  EXPECT_THAT(run("INSERT INTO t VALUES (5), (5) ON CONFLICT (id) DO UPDATE SET n = 1"),
              ElementsAre("E: ERROR|21000|ON CONFLICT DO UPDATE command cannot affect row a second "
                          "time||H=Ensure that no rows proposed for insertion within the same "
                          "command have duplicate constrained values."));
}

TEST_F(Tables, UpdateFromAndDeleteUsing) {
  run("INSERT INTO t SELECT i, i FROM generate_series(1, 5) i");
  run("INSERT INTO u SELECT i, 10 * i FROM generate_series(2, 4) i");
  EXPECT_EQ(rows("UPDATE t SET n = u.w FROM u WHERE u.id = t.id RETURNING t.id, n, w"),
            "2|20|20 3|30|30 4|40|40");
  EXPECT_EQ(rows("DELETE FROM t USING u WHERE u.id = t.id AND u.w > 20 RETURNING t.id"), "3 4");
  EXPECT_EQ(rows("UPDATE t SET (n, s) = (SELECT w, 'w' FROM u WHERE u.id = t.id) RETURNING *"),
            "1|\\N|\\N 5|\\N|\\N 2|20|w");
  EXPECT_EQ(rows("WITH gone AS (DELETE FROM t RETURNING id) SELECT sum(id) FROM gone"), "8");
}

TEST_F(Tables, RowsOfATransaction) {
  TestSession other(session_);
  run("BEGIN");
  run("INSERT INTO t VALUES (1, 1, 'mine')");
  EXPECT_EQ(rows("SELECT s FROM t"), "mine");
  EXPECT_EQ(other.value("SELECT count(*) FROM t"), "0");
  run("ROLLBACK");
  EXPECT_EQ(rows("SELECT count(*) FROM t"), "0");
  run("INSERT INTO t VALUES (1, 1, 'kept')");
  EXPECT_EQ(other.value("SELECT s FROM t FOR UPDATE"), "kept");
}

}  // namespace
}  // namespace isolde::sql
