-- What a session may say: settings, transactions, prepared statements, cursors, COPY.
SELECT 1 AS one, 'two' AS two;
SELECT i, i * i AS square FROM generate_series(1, 5) AS g(i) ORDER BY i DESC;
\x
SELECT 1 AS one, 'two' AS two;
\x
SELECT 7 AS seven \gset
\echo :seven
SELECT 'SELECT 8 AS eight' \gexec
SELECT 1 AS a, 'x' AS b \gdesc
SHOW statement_timeout;
SET statement_timeout = '10s';
SHOW statement_timeout;
RESET statement_timeout;
SHOW no_such_setting;
SET work_mem = 'lots';
BEGIN;
SELECT 1/0;
SELECT 1;
ROLLBACK;
COMMIT;
BEGIN;
BEGIN;
SAVEPOINT s;
SELECT 1/0;
ROLLBACK TO s;
RELEASE s;
COMMIT;
PREPARE add (int, int) AS SELECT $1 + $2 AS sum;
EXECUTE add (1, 2);
EXECUTE add (1);
DEALLOCATE add;
EXECUTE add (1, 2);
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM generate_series(1, 10) AS g(i);
FETCH 3 FROM c;
MOVE 2 FROM c;
FETCH NEXT FROM c;
CLOSE c;
FETCH c;
ROLLBACK;
COPY (SELECT i, 'row ' || i, NULL FROM generate_series(1, 3) AS g(i)) TO STDOUT;
COPY (SELECT i, 'a "quoted", row' FROM generate_series(1, 2) AS g(i)) TO STDOUT (FORMAT csv, HEADER);
\copy (SELECT 1, 2) TO STDOUT
SELECT 1 \; SELECT 2 \; SELECT 3;
\set FETCH_COUNT 2
SELECT * FROM generate_series(1, 5) AS g(i);
