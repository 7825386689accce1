-- What psql shows when something is wrong: message, position, hint, SQLSTATE.
SELEC 1;
SELECT 1 FROM;
SELECT 'unfinished;
';
SELECT no_such_column;
SELECT no_such_function(1);
SELECT 1 + 'x';
SELECT 'x'::integer;
SELECT 1 + true;
SELECT 1/0;
SELECT 2147483647 + 1;
SELECT 40000::int2;
SELECT * FROM no_such_table;
SELECT $1;
\set VERBOSITY sqlstate
SELECT 1/0;
SELEC 1;
\set VERBOSITY terse
SELECT 1
  + no_such_column;
\set VERBOSITY default
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT 1/0;
SELECT 2 AS still_alive;
COMMIT;
