-- Materialized views and CLUSTER: filled, refreshed, unfilled, indexes, rights, what cannot be done to them
CREATE TABLE t (id int PRIMARY KEY, name text, n numeric(6,2))
INSERT INTO t VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)
CREATE MATERIALIZED VIEW mv AS SELECT id, name FROM t WHERE n > 10
SELECT * FROM mv ORDER BY id
INSERT INTO t VALUES (4, 'four', 40)
SELECT * FROM mv ORDER BY id
REFRESH MATERIALIZED VIEW mv
SELECT * FROM mv ORDER BY id
CREATE MATERIALIZED VIEW mv AS SELECT 1
CREATE MATERIALIZED VIEW IF NOT EXISTS mv AS SELECT 1
CREATE MATERIALIZED VIEW named (a, b) AS SELECT id, upper(name), n FROM t
SELECT * FROM named WHERE a = 1
CREATE MATERIALIZED VIEW too (a, b, c) AS SELECT 1, 2
CREATE MATERIALIZED VIEW dup AS SELECT 1 AS a, 2 AS a
CREATE UNLOGGED MATERIALIZED VIEW u AS SELECT 1
CREATE MATERIALIZED VIEW w AS WITH d AS (DELETE FROM t RETURNING id) SELECT * FROM d
CREATE MATERIALIZED VIEW empty AS SELECT id, name FROM t WITH NO DATA
SELECT * FROM empty
SELECT count(*) FROM t, empty
CREATE VIEW over_empty AS SELECT id FROM empty
SELECT * FROM over_empty
CREATE MATERIALIZED VIEW over_too AS SELECT id FROM empty WITH NO DATA
REFRESH MATERIALIZED VIEW over_too
REFRESH MATERIALIZED VIEW CONCURRENTLY empty
REFRESH MATERIALIZED VIEW empty
SELECT * FROM over_empty ORDER BY id
REFRESH MATERIALIZED VIEW over_too
SELECT * FROM over_too ORDER BY id
REFRESH MATERIALIZED VIEW empty WITH NO DATA
SELECT * FROM over_empty
REFRESH MATERIALIZED VIEW empty WITH DATA
REFRESH MATERIALIZED VIEW CONCURRENTLY empty
REFRESH MATERIALIZED VIEW CONCURRENTLY empty WITH NO DATA
CREATE UNIQUE INDEX empty_i ON empty (id)
REFRESH MATERIALIZED VIEW CONCURRENTLY empty
SELECT name FROM empty WHERE id = 3
INSERT INTO t VALUES (5, 'five', 50)
REFRESH MATERIALIZED VIEW CONCURRENTLY empty
SELECT name FROM empty WHERE id = 5
CREATE MATERIALIZED VIEW twice AS SELECT n % 40 AS r FROM t
CREATE UNIQUE INDEX ON twice (r)
INSERT INTO mv VALUES (9, 'x')
UPDATE mv SET name = 'x'
DELETE FROM mv
TRUNCATE mv
SELECT * FROM mv FOR UPDATE
BEGIN
LOCK TABLE mv
ROLLBACK
COPY mv TO STDOUT
COPY (SELECT * FROM mv ORDER BY id) TO STDOUT
REFRESH MATERIALIZED VIEW t
REFRESH MATERIALIZED VIEW nosuch
DROP VIEW mv
DROP TABLE mv
DROP MATERIALIZED VIEW t
DROP MATERIALIZED VIEW nosuch
DROP MATERIALIZED VIEW IF EXISTS nosuch
ALTER MATERIALIZED VIEW mv RENAME TO mv2
ALTER MATERIALIZED VIEW mv2 RENAME COLUMN name TO label
SELECT * FROM mv2 ORDER BY id
ALTER MATERIALIZED VIEW t RENAME TO x
ALTER VIEW mv2 RENAME TO x
ALTER TABLE mv2 ADD COLUMN x int
ALTER MATERIALIZED VIEW mv2 SET (fillfactor = 70)
SELECT reloptions, relkind, relispopulated, relhasrules, relam::int FROM pg_class WHERE relname = 'mv2'
COMMENT ON MATERIALIZED VIEW mv2 IS 'kept'
COMMENT ON VIEW mv2 IS 'not kept'
SELECT obj_description('mv2'::regclass, 'pg_class')
SELECT schemaname, matviewname, matviewowner, tablespace, hasindexes, ispopulated, definition FROM pg_matviews ORDER BY matviewname
SELECT pg_get_viewdef('mv2'::regclass)
SELECT attname, attnum, atttypid::regtype, attnotnull FROM pg_attribute WHERE attrelid = 'mv2'::regclass AND attnum > 0 ORDER BY attnum
SELECT indexdef FROM pg_indexes WHERE tablename = 'empty'
ALTER TABLE t RENAME COLUMN name TO word
REFRESH MATERIALIZED VIEW mv2
SELECT label FROM mv2 WHERE id = 4
ALTER TABLE t ALTER COLUMN n TYPE int
DROP TABLE t
BEGIN
REFRESH MATERIALIZED VIEW mv2 WITH NO DATA
SELECT * FROM mv2
ROLLBACK
SELECT count(*) FROM mv2
CREATE SCHEMA s
ALTER MATERIALIZED VIEW named SET SCHEMA s
SELECT count(*) FROM s.named
CREATE ROLE mv_reader
SET ROLE mv_reader
SELECT * FROM mv2
REFRESH MATERIALIZED VIEW mv2
RESET ROLE
GRANT SELECT ON mv2 TO mv_reader
SET ROLE mv_reader
SELECT count(*) FROM mv2
RESET ROLE
ANALYZE mv2
CREATE TABLE like_mv (LIKE mv2)
DROP TABLE t CASCADE
DROP OWNED BY mv_reader
DROP ROLE mv_reader
CREATE TABLE k (a int PRIMARY KEY, b text, c int)
CREATE INDEX k_b ON k (b DESC)
CREATE INDEX k_part ON k (c) WHERE c > 0
INSERT INTO k VALUES (3, 'a', 1), (1, 'c', 2), (2, 'b', 3)
CLUSTER k
CLUSTER k USING nosuch
CLUSTER k USING k_part
CLUSTER nosuch
CLUSTER k USING k_b
SELECT a, b FROM k
SELECT indexrelid::regclass, indisclustered FROM pg_index WHERE indrelid = 'k'::regclass ORDER BY 1
ALTER TABLE k CLUSTER ON k_pkey
CLUSTER k
SELECT a, b FROM k
SELECT b FROM k WHERE a = 2
INSERT INTO k VALUES (2, 'again', 0)
SELECT indexrelid::regclass, indisclustered FROM pg_index WHERE indrelid = 'k'::regclass ORDER BY 1
ALTER TABLE k SET WITHOUT CLUSTER
SELECT count(*) FROM pg_index WHERE indisclustered
BEGIN
CLUSTER
ROLLBACK
CLUSTER
SELECT (information_schema._pg_expandarray(conkey)).n, (information_schema._pg_expandarray(conkey)).x FROM pg_constraint WHERE conname = 'k_pkey'
SELECT (r.keys).x, (r.keys).n FROM (SELECT information_schema._pg_expandarray(ARRAY[7, 8]::int2[]) AS keys) r ORDER BY 2
SELECT tableoid::regclass, relname FROM pg_class c WHERE oid = 'k'::regclass
SELECT n.tableoid, c.tableoid FROM pg_namespace n LEFT JOIN pg_class c ON c.relname = 'nosuch' WHERE n.nspname = 'public'
SELECT tableoid FROM pg_tables
SELECT amname, amtype FROM pg_am WHERE amname IN ('heap', 'btree', 'hash') AND tableoid = 'pg_am'::regclass ORDER BY 1
SELECT typname, typinput, typoutput, typreceive, typsend FROM pg_type WHERE typname IN ('int4', '_int4', 'text', 'record') ORDER BY oid
CREATE TYPE mood AS ENUM ('sad', 'glad')
CREATE DOMAIN word AS varchar(5) DEFAULT 'zz' CHECK (VALUE <> '')
SELECT typname, typinput, typoutput, typreceive, typsend, typdefault, typlen, typalign FROM pg_type WHERE typname IN ('mood', 'word') ORDER BY 1
SELECT 'array_in'::regproc, 'pg_catalog.enum_in'::regproc, 'enum_out(anyenum)'::regprocedure
CREATE PROCEDURE p(x int, INOUT y int) LANGUAGE sql AS 'SELECT 1'
SELECT pg_get_function_arguments(oid), pg_get_function_identity_arguments(oid), pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'p'
CREATE FUNCTION with_default(a int, OUT o int, b text DEFAULT 'x', c int DEFAULT 1 + 2) LANGUAGE sql AS 'SELECT 1'
SELECT n, pg_get_function_arg_default('with_default'::regproc, n) FROM generate_series(0, 5) n ORDER BY n
COMMENT ON TYPE mood IS 'how one feels'
CREATE TYPE spot AS (x int, y text COLLATE "C")
COMMENT ON TYPE spot IS 'where'
SELECT obj_description('spot'::regtype, 'pg_type'), obj_description('mood'::regtype, 'pg_type'), obj_description('spot'::regclass, 'pg_class')
SELECT classoid::regclass, objoid = 'spot'::regtype, description FROM pg_description WHERE description = 'where'
CREATE DOMAIN price AS numeric(10, 2) DEFAULT 0
CREATE TABLE stored (p price, m mood, s spot, w word, ms mood[])
SELECT attname, attlen, attbyval, attalign, attstorage, attcollation FROM pg_attribute WHERE attrelid = 'stored'::regclass AND attnum > 0 ORDER BY attnum
SELECT typname, typlen, typbyval, typalign, typstorage, typcollation, typdefault, typsubscript FROM pg_type WHERE typname IN ('price', 'mood', 'spot', 'word', '_mood') ORDER BY typname
SELECT relname[0], relname[2], relname[63], relname[64], (relname)[-1] FROM pg_class WHERE relname = 'stored'
SELECT count(*), min(word), max(word) FROM pg_get_keywords()
SELECT * FROM pg_get_keywords() WHERE word IN ('select', 'abort', 'as', 'left', 'between') ORDER BY word
SELECT ARRAY[1, 2.7]::int2[], ARRAY['1', '2']::int[], ARRAY[[1, 2], [3, 4]]::text[]
SELECT ARRAY[1]::date[]
