#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect/rewrite.hpp"
#include "sql/parser/parse.hpp"

namespace isolde::sql {

namespace {

constexpr Dialect kMysql = Dialect::kMysql;
constexpr Dialect kSqlServer = Dialect::kSqlServer;

struct Pair {
  std::string_view foreign;
  std::string_view ours;
};

/// The rewritten text, "" when nothing changes, or the error.
std::string rewritten(std::string_view text, Dialect dialect) {
  auto result = rewrite(text, dialect);
  if (!result) return "error: " + result.error().message();
  if (!*result) return "";
  EXPECT_TRUE(may_rewrite(text, dialect)) << text;
  return (*result)->text;
}

/// What comes out is for the parser: it has to read it.
void expect_pairs(Dialect dialect, std::span<const Pair> pairs) {
  for (const Pair& pair : pairs) {
    EXPECT_EQ(rewritten(pair.foreign, dialect), pair.ours) << pair.foreign;
    auto parsed = parse_query(pair.ours);
    EXPECT_TRUE(parsed) << pair.ours << "\n" << parsed.error().message();
  }
}

void expect_untouched(Dialect dialect, std::span<const std::string_view> texts) {
  for (std::string_view text : texts) EXPECT_EQ(rewritten(text, dialect), "") << text;
}

// --- MySQL

TEST(MysqlDialect, Queries) {
  static constexpr Pair kPairs[] = {
      {"SELECT * FROM t WHERE id = 1 LOCK IN SHARE MODE", "SELECT * FROM t WHERE id = 1 FOR SHARE"},
      {"select * from `My Table` a where `a`.`Id`=1 lock in share mode;",
       "select * from \"my table\" a where \"a\".\"id\"=1 FOR SHARE;"},
      {"SELECT `a``b`, `q\"` FROM t", "SELECT \"a`b\", \"q\"\"\" FROM t"},
      {"SELECT SLEEP(5)", "SELECT (pg_sleep(5) IS NULL)::int AS \"SLEEP(5)\""},
      {"SELECT SLEEP(0.5), id FROM t",
       "SELECT (pg_sleep(0.5) IS NULL)::int AS \"SLEEP(0.5)\", id FROM t"},
      {"SELECT * FROM t WHERE SLEEP(1) = 0",
       "SELECT * FROM t WHERE (pg_sleep(1) IS NULL)::int = 0"},
      {"SELECT SLEEP(1) AS s", "SELECT (pg_sleep(1) IS NULL)::int AS s"},
      {"DO SLEEP(2)", "SELECT FROM pg_sleep(2) OFFSET 1"},
      {"do sleep(1 + 1);", "SELECT FROM pg_sleep(1 + 1) OFFSET 1;"},
      {"SELECT CONNECTION_ID()", "SELECT pg_backend_pid() AS \"CONNECTION_ID()\""},
      {"SELECT LAST_INSERT_ID() FROM t", "SELECT lastval() AS \"LAST_INSERT_ID()\" FROM t"},
      {"INSERT IGNORE INTO t VALUES (1), (2)",
       "INSERT INTO t VALUES (1), (2) ON CONFLICT DO NOTHING"},
      {"INSERT IGNORE INTO t VALUES (1) RETURNING id",
       "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING RETURNING id"},
      {"KILL 17", "SELECT pg_terminate_backend( 17)"},
      {"KILL QUERY 17;", "SELECT pg_cancel_backend( 17);"},
  };
  expect_pairs(kMysql, kPairs);
}

TEST(MysqlDialect, Variables) {
  std::string level = "upper(replace(current_setting('default_transaction_isolation'), ' ', '-'))";
  EXPECT_EQ(rewritten("SELECT @@transaction_isolation", kMysql),
            "SELECT " + level + " AS \"@@transaction_isolation\"");
  EXPECT_EQ(rewritten("SELECT @@session.tx_isolation;", kMysql),
            "SELECT " + level + " AS \"@@session.tx_isolation\";");
  EXPECT_EQ(rewritten("SELECT @@tx_isolation AS level, 1", kMysql),
            "SELECT " + level + " AS level, 1");
  EXPECT_EQ(rewritten("SELECT concat(1, @@tx_isolation, 2)", kMysql),
            "SELECT concat(1, " + level + ", 2)");
  EXPECT_EQ(rewritten("select 1,@@autocommit", kMysql), "select 1,1 AS \"@@autocommit\"");
  EXPECT_EQ(rewritten("SELECT @@version_comment LIMIT 1", kMysql),
            "SELECT 'Isolde' AS \"@@version_comment\" LIMIT 1");
  EXPECT_EQ(rewritten("SELECT 1 FROM t WHERE @@autocommit = 1", kMysql),
            "SELECT 1 FROM t WHERE 1 = 1");
  EXPECT_NE(rewritten("SELECT @@GLOBAL.transaction_isolation", kMysql).find("reset_val"),
            std::string::npos);
}

TEST(MysqlDialect, Settings) {
  static constexpr Pair kPairs[] = {
      {"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
       "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED"},
      {"set global transaction isolation level serializable;",
       "set SESSION CHARACTERISTICS AS transaction isolation level serializable;"},
      {"SET SESSION TRANSACTION READ ONLY", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"},
      {"SET transaction_isolation = 'READ-UNCOMMITTED'",
       "SET default_transaction_isolation = 'read uncommitted'"},
      {"SET SESSION tx_isolation='REPEATABLE-READ'",
       "SET default_transaction_isolation = 'repeatable read'"},
      {"SET @@session.transaction_isolation = 'SERIALIZABLE'",
       "SET default_transaction_isolation = 'serializable'"},
      {"SET @@tx_isolation = 'read-committed'",
       "SET default_transaction_isolation = 'read committed'"},
      {"SET autocommit = 1", "SET isolde.dialect = 'mysql'"},
      {"SET @@autocommit = ON;", "SET isolde.dialect = 'mysql';"},
      {"SET innodb_lock_wait_timeout = 3", "SET lock_timeout = '3s'"},
      {"SET SESSION innodb_lock_wait_timeout = 3", "SET lock_timeout = '3s'"},
  };
  expect_pairs(kMysql, kPairs);
  for (std::string_view off : {"SET autocommit = 0", "SET AUTOCOMMIT=OFF",
                               "set session autocommit = 0;", "SELECT 1; SET @@autocommit = 0"}) {
    EXPECT_EQ(rewritten(off, kMysql), "error: autocommit cannot be turned off");
  }
  auto error = rewrite("SELECT 'ä'; SET autocommit = 0", kMysql).take_error();
  EXPECT_EQ(error.state(), base::sqlstate::kFeatureNotSupported);
  EXPECT_EQ(error.fields().position, 13);
}

TEST(MysqlDialect, TransactionsAndLocks) {
  static constexpr Pair kPairs[] = {
      {"LOCK TABLES t READ", "BEGIN; LOCK TABLE t IN SHARE MODE"},
      {"LOCK TABLES a READ LOCAL, `B` AS x WRITE, c y LOW_PRIORITY WRITE;",
       "BEGIN; LOCK TABLE a IN SHARE MODE; LOCK TABLE \"b\" IN ACCESS EXCLUSIVE MODE; "
       "LOCK TABLE c IN ACCESS EXCLUSIVE MODE;"},
      {"lock table s.t write", "BEGIN; LOCK TABLE s.t IN ACCESS EXCLUSIVE MODE"},
      {"UNLOCK TABLES", "COMMIT"},
      {"START TRANSACTION WITH CONSISTENT SNAPSHOT", "START TRANSACTION "},
      {"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;", "START TRANSACTION  READ ONLY;"},
      {"START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT", "START TRANSACTION READ ONLY"},
  };
  expect_pairs(kMysql, kPairs);
  auto result = rewrite("SELECT 1; START TRANSACTION WITH CONSISTENT SNAPSHOT", kMysql);
  EXPECT_EQ((*result)->consistent_snapshots, std::vector<size_t>{10});
}

TEST(MysqlDialect, Show) {
  static constexpr Pair kPairs[] = {
      {"SHOW TABLES",
       "SELECT table_name AS \"Tables\" FROM information_schema.tables WHERE table_schema = "
       "current_schema() ORDER BY table_name"},
      {"SHOW DATABASES;",
       "SELECT datname AS \"Database\" FROM pg_database WHERE NOT datistemplate ORDER BY "
       "datname;"},
      {"SHOW ENGINE INNODB STATUS",
       "SELECT 'InnoDB' AS \"Type\", '' AS \"Name\", \"Status\" FROM isolde.innodb_status() AS "
       "s(\"Status\")"},
      {"SHOW VARIABLES LIKE '%isolation%'",
       "SELECT name AS \"Variable_name\", setting AS \"Value\" FROM pg_settings WHERE name LIKE "
       "'%isolation%' ORDER BY name"},
  };
  expect_pairs(kMysql, kPairs);
  EXPECT_TRUE(rewritten("SHOW FULL PROCESSLIST", kMysql).starts_with("SELECT pid AS \"Id\""));
}

TEST(MysqlDialect, Tables) {
  static constexpr Pair kPairs[] = {
      {"CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT, c int(11) DEFAULT NULL,\n"
       "PRIMARY KEY (`id`), KEY `c` (`c`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
       "CREATE TABLE \"t\" (\"id\" int NOT NULL GENERATED BY DEFAULT AS IDENTITY, c int DEFAULT "
       "NULL,\nPRIMARY KEY (\"id\")) ; CREATE INDEX \"t_c\" ON \"t\" (\"c\")"},
      {"CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, at DATETIME(3), d DOUBLE) ENGINE = "
       "InnoDB AUTO_INCREMENT = 100;",
       "CREATE TABLE t (id INT GENERATED BY DEFAULT AS IDENTITY (START WITH 100) PRIMARY KEY, at "
       "timestamp(3), d double precision) ;"},
      {"create table if not exists s.t (a tinyint(1), b text comment 'x', index (a, b))",
       "create table if not exists s.t (a smallint, b text ); CREATE INDEX IF NOT EXISTS "
       "\"t_a_b\" ON s.t (a, b)"},
      {"CREATE TABLE t (a int, UNIQUE KEY ua (a))", "CREATE TABLE t (a int, UNIQUE  (a))"},
      {"CREATE TABLE t (a int) ENGINE=InnoDB", "CREATE TABLE t (a int) "},
      {"ALTER TABLE t ADD INDEX `x` (`a`, b)", "CREATE INDEX \"t_x\" ON t (\"a\", b)"},
      {"ALTER TABLE t ADD KEY (a)", "CREATE INDEX ON t (a)"},
  };
  expect_pairs(kMysql, kPairs);
}

TEST(MysqlDialect, Comments) {
  static constexpr Pair kPairs[] = {
      {"# it's a comment\nSELECT 1", "-- it's a comment\nSELECT 1"},
      {"SELECT 1; # session 2", "SELECT 1; -- session 2"},
      {"SELECT a\n  # the \"name\"\n  , b FROM t # c",
       "SELECT a\n  -- the \"name\"\n  , b FROM t # c"},
  };
  EXPECT_EQ(rewritten(kPairs[0].foreign, kMysql), kPairs[0].ours);
  EXPECT_EQ(rewritten(kPairs[1].foreign, kMysql), kPairs[1].ours);
  EXPECT_EQ(rewritten(kPairs[2].foreign, kMysql), kPairs[2].ours);
}

TEST(MysqlDialect, LeavesTheRestAlone) {
  static constexpr std::string_view kTexts[] = {
      "",
      "SELECT 'LOCK IN SHARE MODE', \"a`b`\", $$ `x` $$, E'\\'`a`' -- `c` # d\n /* `e` @@version "
      "*/",
      "SELECT a # b, j #>> '{x}', j -> 'a' #- '{b}' FROM t",
      "SELECT a @@ b, @@x, @ -5 FROM t",
      "LOCK TABLE t IN SHARE MODE",
      "LOCK TABLE t",
      "LOCK TABLES a READ, b",
      "LOCK TABLES a READ,",
      "SHOW transaction_isolation",
      "SHOW tables_of_mine",
      "SET SESSION work_mem = '1MB'",
      "SET transaction_isolation = 'read committed'",
      "SET autocommit = maybe",
      "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1",
      "INSERT IGNORE INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1",
      "REPLACE INTO t VALUES (1)",
      "CREATE TABLE kv (key varchar(10), index numeric(5, 2), value text, a int)",
      "CREATE TABLE t (a int) WITH (fillfactor = 70)",
      "CREATE TABLE t (a int) ENGINE=MyISAM",
      "START TRANSACTION READ ONLY",
      "SELECT sleep.x FROM sleep",
      "SELECT s.sleep(1)",
      "DO $$ BEGIN PERFORM 1; END $$",
      "SELECT lock, share FROM mode",
      "SELECT `unclosed",
      "SELECT ``",
  };
  expect_untouched(kMysql, kTexts);
}

// --- SQL Server

TEST(SqlServerDialect, Names) {
  static constexpr Pair kPairs[] = {
      {"SELECT [Id], t.[Order No] FROM [dbo].[Order Details] t",
       "SELECT \"id\", t.\"order no\" FROM \"dbo\".\"order details\" t"},
      {"CREATE TABLE [T] ([Id] INT, [a]]b] INT)", "CREATE TABLE \"t\" (\"id\" INT, \"a]b\" INT)"},
      {"SELECT * FROM [t] [x] WHERE [x].[a] = 1 AND [b] IN (1)",
       "SELECT * FROM \"t\" \"x\" WHERE \"x\".\"a\" = 1 AND \"b\" IN (1)"},
      {"UPDATE [t] SET [v] = [v] + 1", "UPDATE \"t\" SET \"v\" = \"v\" + 1"},
  };
  expect_pairs(kSqlServer, kPairs);
}

TEST(SqlServerDialect, Transactions) {
  static constexpr Pair kPairs[] = {
      {"BEGIN TRAN", "BEGIN TRANSACTION"},
      {"BEGIN TRANSACTION [Move];", "BEGIN TRANSACTION ;"},
      {"BEGIN TRAN t1; COMMIT TRAN t1", "BEGIN TRANSACTION ; COMMIT TRANSACTION "},
      {"COMMIT TRAN", "COMMIT TRANSACTION"},
      {"ROLLBACK TRAN", "ROLLBACK TRANSACTION"},
      {"ROLLBACK TRANSACTION [Here]", "ROLLBACK TO SAVEPOINT \"here\""},
      {"SAVE TRAN here", "SAVEPOINT here"},
      {"SAVE TRANSACTION here;", "SAVEPOINT here;"},
      {"SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
       "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"},
      {"BEGIN TRANSACTION ISOLATION LEVEL SNAPSHOT",
       "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ"},
      {"WAITFOR DELAY '00:00:05'", "SELECT FROM pg_sleep(5) OFFSET 1"},
      {"waitfor delay '0:1:0.5';", "SELECT FROM pg_sleep(60.5) OFFSET 1;"},
      {"WAITFOR DELAY '01:30'", "SELECT FROM pg_sleep(5400) OFFSET 1"},
      {"SET LOCK_TIMEOUT 1800", "SET lock_timeout = 1800"},
      {"SET LOCK_TIMEOUT -1", "SET lock_timeout = 0"},
      {"SET LOCK_TIMEOUT 0", "SET lock_timeout = 1"},
      {"SET NOCOUNT ON", "SET isolde.dialect = 'sqlserver'"},
  };
  expect_pairs(kSqlServer, kPairs);
  EXPECT_EQ(rewritten("SET IMPLICIT_TRANSACTIONS ON", kSqlServer),
            "error: implicit transactions cannot be turned on");
}

TEST(SqlServerDialect, Queries) {
  static constexpr Pair kPairs[] = {
      {"SELECT TOP 5 * FROM t ORDER BY a", "SELECT  * FROM t ORDER BY a LIMIT 5"},
      {"SELECT DISTINCT TOP (5) [a] FROM t;", "SELECT DISTINCT  \"a\" FROM t LIMIT (5);"},
      {"SELECT TOP 2 WITH TIES a FROM t ORDER BY a",
       "SELECT  a FROM t ORDER BY a FETCH FIRST (2) ROWS WITH TIES"},
      {"SELECT * FROM (SELECT TOP 1 a FROM t ORDER BY a) x WHERE a IN (SELECT TOP (2) b FROM u)",
       "SELECT * FROM (SELECT  a FROM t ORDER BY a LIMIT 1) x WHERE a IN (SELECT  b FROM u LIMIT "
       "(2))"},
      {"SELECT TOP 1 id FROM q FOR UPDATE", "SELECT  id FROM q LIMIT 1 FOR UPDATE"},
      {"INSERT INTO u SELECT TOP 3 a FROM t", "INSERT INTO u SELECT  a FROM t LIMIT 3"},
      {"SELECT @@SPID", "SELECT pg_backend_pid() AS \"@@SPID\""},
      {"SELECT @@TRANCOUNT AS n", "SELECT (now() < statement_timestamp())::int AS n"},
      {"SELECT GETDATE()", "SELECT clock_timestamp()::timestamp(3) AS \"GETDATE()\""},
      {"SELECT SCOPE_IDENTITY() x", "SELECT lastval() x"},
      {"INSERT INTO t VALUES (GETDATE())",
       "INSERT INTO t VALUES (clock_timestamp()::timestamp(3))"},
      {"CREATE TABLE t (id INT IDENTITY(1,1) PRIMARY KEY)",
       "CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1) PRIMARY "
       "KEY)"},
      {"CREATE TABLE t (id INT IDENTITY, a INT IDENTITY(-5, -1))",
       "CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY, a INT GENERATED ALWAYS AS IDENTITY "
       "(START WITH -5 INCREMENT BY -1))"},
      {"SELECT 1\nGO\nSELECT 2\n  go  \n", "SELECT 1\n;\nSELECT 2\n  ;  \n"},
  };
  expect_pairs(kSqlServer, kPairs);
}

std::string hints_of(std::string_view text) {
  auto result = rewrite(text, kSqlServer);
  if (!result || !*result) return "none";
  std::string all = (*result)->text;
  for (const HintedTable& table : (*result)->hinted_tables) {
    all += " | " + (*result)->text.substr(table.location, 3) + " " +
           std::to_string(table.hints.bits());
  }
  return all;
}

std::string bits(std::initializer_list<TableHint> hints) {
  TableHints all;
  for (TableHint hint : hints) all.add(hint);
  return std::to_string(all.bits());
}

TEST(SqlServerDialect, TableHints) {
  EXPECT_EQ(hints_of("SELECT * FROM acc WITH (UPDLOCK, HOLDLOCK) WHERE id = 1"),
            "SELECT * FROM acc /*UPDLOCK, HOLDLOCK*/ WHERE id = 1 | acc " +
                bits({TableHint::kUpdLock, TableHint::kHoldLock}));
  EXPECT_EQ(hints_of("SELECT * FROM [One] a WITH (nolock) JOIN dbo.two AS b WITH (READPAST ROWLOCK)"
                     " ON a.id = b.id"),
            "SELECT * FROM \"one\" a /*NOLOCK*/ JOIN dbo.two AS b /*READPAST, ROWLOCK*/ ON a.id = "
            "b.id | \"on " +
                bits({TableHint::kNoLock}) + " | dbo " +
                bits({TableHint::kReadPast, TableHint::kRowLock}));
  EXPECT_EQ(hints_of("UPDATE acc WITH (TABLOCKX) SET v = 1"),
            "UPDATE acc /*TABLOCKX*/ SET v = 1 | acc " + bits({TableHint::kTableLockX}));
  EXPECT_EQ(hints_of("DELETE FROM acc WITH (SERIALIZABLE); INSERT INTO log WITH (TABLOCK) (a) "
                     "VALUES (1)"),
            "DELETE FROM acc /*SERIALIZABLE*/; INSERT INTO log /*TABLOCK*/ (a) VALUES (1) | acc " +
                bits({TableHint::kHoldLock}) + " | log " + bits({TableHint::kTableLock}));
  EXPECT_EQ(hints_of("SELECT * FROM a, bcd WITH (XLOCK), efg WITH (REPEATABLEREAD)"),
            "SELECT * FROM a, bcd /*XLOCK*/, efg /*REPEATABLEREAD*/ | bcd " +
                bits({TableHint::kXLock}) + " | efg " + bits({TableHint::kRepeatableRead}));
  auto result = rewrite("SELECT * FROM a WITH (NOLOCK, UPDLOCK)", kSqlServer);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "conflicting locking hints specified");
  EXPECT_EQ(result.error().fields().position, 17);
}

TEST(SqlServerDialect, LeavesTheRestAlone) {
  static constexpr std::string_view kTexts[] = {
      "SELECT a[1], ARRAY[b, c], ARRAY[[x], [y]], '{1}'::int[], (f(x))[1], a[b][c] FROM t",
      "SELECT conkey[1], t.\"x\"[i] FROM t",
      "SELECT '[a]', \"[b]\", $$ [c] $$ -- [d]\n /* WITH (NOLOCK) */",
      "WITH x AS (SELECT 1) SELECT * FROM x",
      "CREATE TABLE t (a int) WITH (fillfactor = 70)",
      "COPY t FROM STDIN WITH (FORMAT csv)",
      "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START WITH 5))",
      "TRUNCATE t RESTART IDENTITY",
      "SELECT top FROM t",
      "SELECT top(x) FROM t",
      "SELECT top, 5",
      "SELECT TOP 5 PERCENT a FROM t",
      "SELECT TOP 1 a FROM t UNION SELECT 2",
      "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "BEGIN TRANSACTION READ ONLY",
      "COMMIT TRANSACTION AND CHAIN",
      "WAITFOR DELAY '5 seconds'",
      "WAITFOR DELAY '1:2:3:4'",
      "WAITFOR TIME '22:00'",
      "SELECT go FROM t",
      "SELECT 1 AS a, go",
      "SELECT a @@ b FROM t WITH (NOLOCK, INDEX(x))",
      "SET XACT_ABORT OFF",
      "SELECT [unclosed",
      "SELECT x [1]",
  };
  expect_untouched(kSqlServer, kTexts);
}

// --- both

TEST(Dialect, PostgresCostsNothing) {
  EXPECT_FALSE(may_rewrite("SELECT `a`, @@version", Dialect::kPostgres));
  EXPECT_EQ(rewritten("SELECT `a`, @@version", Dialect::kPostgres), "");
}

TEST(Dialect, OrdinaryStatementsAreNotLookedAtTwice) {
  for (std::string_view text :
       {"SELECT abalance FROM pgbench_accounts WHERE aid = 4711",
        "UPDATE pgbench_accounts SET abalance = abalance + -5 WHERE aid = 1",
        "INSERT INTO h (tid, mtime) VALUES (1, CURRENT_TIMESTAMP)", "BEGIN", "COMMIT", "END"}) {
    EXPECT_FALSE(may_rewrite(text, kMysql)) << text;
    EXPECT_FALSE(may_rewrite(text, kSqlServer)) << text;
  }
}

TEST(Dialect, PositionsAreTheClients) {
  std::string client = "SELECT `ä`, @@version_comment, nope";
  Rewritten result = std::move(*rewrite(client, kMysql).value());
  EXPECT_EQ(result.text, "SELECT \"ä\", 'Isolde' AS \"@@version_comment\", nope");
  auto position = [&](std::string_view word) {
    return character_position(result.text, static_cast<int>(result.text.find(word)));
  };
  EXPECT_EQ(result.client_position(position("SELECT")), 1);
  EXPECT_EQ(result.client_position(position("\"ä\"")), 8);
  EXPECT_EQ(result.client_position(position("Isolde")), 13);
  EXPECT_EQ(result.client_position(position("nope")), 32);
  EXPECT_EQ(result.client_position(0), 0);
}

/// Texts of random pieces: strings, comments and quoted names come through as they are, places stay
/// in order, and nothing crashes.
TEST(Dialect, NoiseKeepsWhatIsQuoted) {
  static constexpr std::string_view kQuoted[] = {
      "'LOCK IN SHARE MODE'",
      "'`a` [b] # @@version'",
      "\"WITH (NOLOCK) `x`\"",
      "$$ [a] `b` $$",
      "$q$ @@spid GO\n $q$",
      "E'\\'[x]'",
      "/* `a` [b] TOP 5 */",
      "-- # [a] `b`\n",
      "U&\"[x]\"",
      "''''",
  };
  static constexpr std::string_view kPieces[] = {
      "SELECT",
      "TOP",
      "5",
      "(",
      ")",
      ",",
      ";",
      "[a]",
      "`b`",
      "@@version",
      "@@spid",
      "#",
      "\n",
      "GO\n",
      "FROM",
      "t",
      "WITH",
      "(UPDLOCK)",
      "AS",
      "x",
      ".",
      "LOCK",
      "IN",
      "SHARE",
      "MODE",
      "TABLES",
      "READ",
      "CREATE TABLE",
      "KEY",
      "int",
      "AUTO_INCREMENT",
      "ENGINE=InnoDB",
      "SLEEP(",
      "GETDATE()",
      "SET",
      "SESSION",
      "TRANSACTION",
      "BEGIN",
      "TRAN",
      "IDENTITY",
      "(1,1)",
      "[",
      "]",
      "`",
      "INSERT IGNORE",
      "INTO",
      "START TRANSACTION",
      "WITH CONSISTENT SNAPSHOT",
      "SHOW",
      "VARIABLES LIKE",
      "WAITFOR DELAY",
      "ä",
      "=",
      "@",
      "DO",
      "KILL",
      "UNIQUE",
      "\t",
      "PRIMARY",
  };
  uint64_t seed = 20240607;
  auto random = [&](size_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return static_cast<size_t>((seed >> 33) % below);
  };
  for (int round = 0; round < 30'000; ++round) {
    std::string text;
    std::vector<std::string_view> quoted;
    for (size_t left = random(25); left > 0; --left) {
      if (random(4) == 0) {
        std::string_view piece = kQuoted[random(std::size(kQuoted))];
        quoted.push_back(piece);
        text += piece;
      } else {
        text += kPieces[random(std::size(kPieces))];
      }
      text += ' ';
    }
    Dialect dialect = round % 2 == 0 ? kMysql : kSqlServer;
    auto result = rewrite(text, dialect);
    if (!result || !*result) continue;
    const Rewritten& made = **result;
    ASSERT_TRUE(may_rewrite(text, dialect)) << text;
    size_t last = 0;
    for (size_t offset = 0; offset < made.text.size(); ++offset) {
      size_t client = made.client_offset(offset);
      ASSERT_GE(client, last) << text << "\n" << made.text;
      ASSERT_LE(client, text.size());
      last = client;
    }
    for (const HintedTable& table : made.hinted_tables) {
      ASSERT_LT(table.location, made.text.size());
      ASSERT_FALSE(table.hints.empty());
    }
    // A quote that a piece before has opened (or a comment) may make something else of a piece; a
    // statement that becomes another one as a whole (SHOW, KILL) may have swallowed one.
    bool plain = text.find('#') == std::string::npos && text.find("` ") == std::string::npos &&
                 text.find("[ ") == std::string::npos && text.find("SHOW") == std::string::npos;
    for (std::string_view piece : quoted) {
      if (!plain) continue;
      ASSERT_NE(made.text.find(piece), std::string::npos) << text << "\n" << made.text;
    }
  }
}

TEST(Dialect, NoBytesCrashIt) {
  uint64_t seed = 7;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = 0; i < 40; ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text += "`[]@#'\"$;.,()-/* \nGOaSET\\\x80\xC3"[(seed >> 33) % 27];
    }
    for (Dialect dialect : {kMysql, kSqlServer}) {
      auto result = rewrite(text, dialect);
      if (!result || !*result) continue;
      EXPECT_TRUE(may_rewrite(text, dialect)) << text;
    }
  }
}

}  // namespace

}  // namespace isolde::sql
