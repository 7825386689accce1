// Which way queries go: what EXPLAIN says of them. What they answer is in golden/index_scans.sql
// and golden/spill.sql.

#include <gtest/gtest.h>

#include "tests/unit/sql/test_session.hpp"

namespace isolde::sql {

namespace {

class Plans : public testing::Test {
 protected:
  Plans() {
    run("CREATE TABLE big (id int PRIMARY KEY, k int NOT NULL, v int, note text)");
    run("INSERT INTO big SELECT i, i % 100, i * 7 % 1009, 'note ' || i "
        "FROM generate_series(1, 20000) AS i");
    run("CREATE INDEX big_k_v ON big (k, v)");
    run("CREATE INDEX big_note ON big (note)");
    run("CREATE TABLE small (id int PRIMARY KEY, name text)");
    run("INSERT INTO small SELECT i, 'name ' || i FROM generate_series(1, 10) AS i");
    run("VACUUM ANALYZE big");
    run("VACUUM ANALYZE small");
  }

  void run(std::string_view statement) {
    for (const std::string& line : session_.query(statement)) {
      ASSERT_NE(line.substr(0, 2), "E:") << statement << ": " << line;
    }
  }

  std::string plan(const std::string& query, const std::string& options = "COSTS OFF") {
    std::string text;
    for (const std::string& line : session_.query("EXPLAIN (" + options + ") " + query)) {
      if (line.starts_with("D: ")) text += line.substr(3) + "\n";
      if (line.starts_with("E: ")) text += line + "\n";
    }
    return text;
  }

  TestSession session_;
};

TEST_F(Plans, OrderByIndex) {
  EXPECT_EQ(plan("SELECT * FROM big ORDER BY id LIMIT 10"),
            "Limit\n  ->  Index Scan using big_pkey on big\n");
  EXPECT_EQ(plan("SELECT * FROM big ORDER BY id DESC LIMIT 10"),
            "Limit\n  ->  Index Scan Backward using big_pkey on big\n");
  EXPECT_EQ(plan("SELECT * FROM big WHERE k = 5 ORDER BY v DESC LIMIT 3"),
            "Limit\n  ->  Index Scan Backward using big_k_v on big\n"
            "        Index Cond: (k = 5)\n");
  EXPECT_EQ(plan("SELECT * FROM big ORDER BY v LIMIT 3"),
            "Limit\n  ->  Sort\n        ->  Seq Scan on big\n");
  // NULLs of v stand last in the index, read forward.
  EXPECT_EQ(plan("SELECT k, v FROM big ORDER BY k, v NULLS FIRST LIMIT 3"),
            "Limit\n  ->  Sort\n        ->  Seq Scan on big\n");
}

TEST_F(Plans, OnlyFromTheIndex) {
  EXPECT_EQ(plan("SELECT sum(v) FROM big WHERE k BETWEEN 1 AND 2"),
            "Aggregate\n  ->  Index Only Scan using big_k_v on big\n"
            "        Index Cond: ((k >= 1) AND (k <= 2))\n");
  EXPECT_EQ(plan("SELECT count(*) FROM big WHERE note LIKE 'note 12%'"),
            "Aggregate\n  ->  Index Only Scan using big_note on big\n"
            "        Filter: (note ~~ 'note 12%'::text)\n");
  EXPECT_EQ(plan("SELECT note FROM big WHERE id = 7"),
            "Index Scan using big_pkey on big\n  Index Cond: (id = 7)\n");
  EXPECT_EQ(plan("SELECT id FROM big WHERE id IN (1, 2)"),
            "Index Only Scan using big_pkey on big\n  Index Cond: (id = ANY (ARRAY[1, 2]))\n");
  // The reference to the row is not in the index.
  EXPECT_EQ(plan("SELECT id FROM big WHERE id = 7 FOR UPDATE"),
            "LockRows\n  ->  Index Scan using big_pkey on big\n        Index Cond: (id = 7)\n");
}

TEST_F(Plans, LeastAndGreatest) {
  EXPECT_EQ(plan("SELECT min(id), max(id) FROM big"),
            "Result\n"
            "  InitPlan 1 (returns $0)\n"
            "    ->  Limit\n"
            "          ->  Index Only Scan using big_pkey on big\n"
            "                Index Cond: (id IS NOT NULL)\n"
            "  InitPlan 2 (returns $1)\n"
            "    ->  Limit\n"
            "          ->  Index Only Scan Backward using big_pkey on big\n"
            "                Index Cond: (id IS NOT NULL)\n");
  EXPECT_EQ(plan("SELECT min(id), count(*) FROM big"), "Aggregate\n  ->  Seq Scan on big\n");
}

TEST_F(Plans, LargeTablesAreReadByCost) {
  EXPECT_EQ(plan("SELECT note FROM big WHERE k > 5"), "Seq Scan on big\n  Filter: (k > 5)\n");
  // Whatever there is of a small one.
  EXPECT_EQ(plan("SELECT name FROM small WHERE id > 5"),
            "Index Scan using small_pkey on small\n  Index Cond: (id > 5)\n");
  EXPECT_EQ(plan("SELECT name FROM small ORDER BY id"), "Sort\n  ->  Seq Scan on small\n");
}

TEST_F(Plans, SortsSayHow) {
  const std::string analyze = "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF";
  run("SET work_mem = '64kB'");
  std::string text = plan("SELECT note FROM big ORDER BY v", analyze);
  EXPECT_NE(text.find("Sort Method: external merge  Disk: "), std::string::npos) << text;
  text = plan("SELECT note FROM big ORDER BY v LIMIT 5", analyze);
  EXPECT_NE(text.find("Sort Method: top-N heapsort  Memory: "), std::string::npos) << text;
  run("SET work_mem = '64MB'");
  text = plan("SELECT note FROM big ORDER BY v", analyze);
  EXPECT_NE(text.find("Sort Method: quicksort  Memory: "), std::string::npos) << text;
}

}  // namespace

}  // namespace isolde::sql
