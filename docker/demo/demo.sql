-- Who is there, and how concurrency is controlled.
SELECT version();
SHOW concurrency;

-- A query, a prepared one, and one in parts.
SELECT i, i * i AS square FROM generate_series(1, 3) AS g(i);
PREPARE add (int, int) AS SELECT $1 + $2 AS sum;
EXECUTE add (40, 2);
BEGIN;
DECLARE numbers CURSOR FOR SELECT * FROM generate_series(1, 1000000) AS g(i);
FETCH 2 FROM numbers;
COMMIT;

-- A transaction fails as a whole, back to its savepoint.
BEGIN;
SAVEPOINT before;
SELECT 1 / 0;
SELECT 'not now';
ROLLBACK TO before;
SELECT 'again' AS works;
COMMIT;

-- What takes too long is ended.
SET statement_timeout = '100ms';
SELECT pg_sleep(60);
RESET statement_timeout;

-- Who is connected.
SELECT state, application_name FROM pg_stat_activity WHERE pid = pg_backend_pid();
