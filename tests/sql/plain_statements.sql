-- Statements as SQLite's logic tests have them, then definitions and settings.
CREATE TABLE tab0(pk INTEGER PRIMARY KEY, col0 INTEGER, col1 FLOAT, col2 TEXT, col3 INTEGER, col4 FLOAT, col5 TEXT)
INSERT INTO tab0 VALUES(0,6,7.84,'tkfaz',2,8.83,'lnwpe'),(1,1,2.72,'bpqrs',9,0.55,'aaaaa'),(2,NULL,NULL,NULL,NULL,NULL,NULL),(3,6,7.84,'zz',2,-1.5,'lnwpe')
CREATE INDEX idx_tab0_0 on tab0 (col0)
CREATE UNIQUE INDEX idx_tab0_1 ON tab0 (pk, col1 DESC)
CREATE INDEX idx_tab0_3 on tab0 (col3, col4)
SELECT pk FROM tab0 WHERE ((col3 > 6 OR (((col0 IN (72,46,14,45,8) AND (col3 > 53))) OR (col4 > 50.52 AND (col3 < 15))) AND (col3 > 3)))
SELECT pk FROM tab0 WHERE col0 IN (SELECT col3 FROM tab0 WHERE col1 >= 2.5) OR col3 IS NULL
SELECT pk FROM tab0 WHERE col0 BETWEEN 1 AND 5 OR col4 NOT BETWEEN -2 AND 3 ORDER BY 1 DESC
SELECT + 23 * - 92 AS col0, - CAST(NULL AS INTEGER), CAST(- 44 AS INTEGER) + 17
SELECT DISTINCT - col0 * + col3 + - 3 FROM tab0 AS cor0 WHERE NOT - col0 IS NULL
SELECT ALL + COUNT(*) * - 44, COUNT(DISTINCT col0), MAX(ALL - col1), MIN(DISTINCT col3), SUM(DISTINCT + col0), AVG(ALL col3) FROM tab0
SELECT COALESCE(NULL, - CAST(NULL AS INTEGER), 5), NULLIF(3, 3), NULLIF(- 1, NULL), COALESCE(- 5, 1/0)
SELECT CASE 5 WHEN 5 THEN 1 ELSE 1/0 END, CASE WHEN NULL THEN 1 END, CASE NULL WHEN NULL THEN 'a' ELSE 'b' END, CASE col0 WHEN NULL THEN 1 WHEN 6 THEN 2 ELSE 3 END FROM tab0 ORDER BY pk
SELECT * FROM tab0, tab0 AS cor0 CROSS JOIN tab0 AS cor1 WHERE NULL IS NULL ORDER BY 1, 8, 15 LIMIT 3
SELECT a.pk, b.pk, c.pk FROM tab0 a, tab0 b, tab0 c WHERE a.col0 = b.col3 AND b.pk = c.pk AND c.col1 > 1
SELECT col0, COUNT(*) FROM tab0 GROUP BY col0 HAVING NOT SUM(col3) IS NULL ORDER BY 1
SELECT pk FROM tab0 WHERE col2 NOT LIKE '%z%' AND NOT (col0 = 3 AND NULL)
SELECT pk FROM tab0 WHERE (col0, col3) IN (SELECT col0, col3 FROM tab0 WHERE pk > 0)
SELECT pk FROM tab0 WHERE col0 NOT IN (1, NULL)
SELECT pk FROM tab0 WHERE NULL IN (1, 2) OR 1 IN (1, NULL)
SELECT 1 IN (), 2
SELECT x.a FROM (SELECT col0 + 1 AS a, count(*) c FROM tab0 GROUP BY col0 + 1) x WHERE c > 1
SELECT CAST('12abc' AS INTEGER)
SELECT CAST(4.6 AS INTEGER), CAST('4.6' AS FLOAT), CAST(5 AS TEXT) || 'x', CAST(1 AS BOOLEAN), CAST('2024-01-01' AS DATE), CAST(1.234 AS DECIMAL(5,1)), CAST('a' AS CHAR(3)) || '|', CAST(3 AS VARCHAR(1)), CAST(12 AS VARCHAR(1)), CAST(1e5 AS REAL), CAST(NULL AS DATE)
SELECT 5 / 2, 5 / 2.0, -5 / 2, 5 % -3, -5 % 3, 7 & 3 | 8, 1 << 3, 2 - - 2, - - 3, + + 4
SELECT abs(-5), round(2.567, 1), length('abc'), upper('x'), lower('Y'), trim('  a '), substr('hello', 2, 3), replace('aaa', 'a', 'b'), coalesce(NULL, 1)
SELECT a FROM (SELECT 1 AS a UNION ALL SELECT NULL UNION ALL SELECT 3) t ORDER BY a NULLS FIRST
SELECT a FROM (SELECT 1 AS a UNION ALL SELECT NULL UNION ALL SELECT 3) t ORDER BY a DESC
SELECT count(*), count(col0), sum(col0), avg(col0), min(col2), max(col2), total FROM tab0, (SELECT 1 AS total) x GROUP BY total
SELECT DISTINCT col0 FROM tab0 ORDER BY col0
SELECT DISTINCT col0 FROM tab0 ORDER BY col3
SELECT col0 FROM tab0 GROUP BY 1 HAVING count(*) > 1
SELECT col0 c FROM tab0 GROUP BY c ORDER BY c
SELECT col0 AS pk, pk AS x FROM tab0 ORDER BY pk
SELECT col0 FROM tab0 ORDER BY 3
SELECT col0 FROM tab0 ORDER BY 'x'
SELECT col0 FROM tab0 LIMIT -1
SELECT col0 FROM tab0 LIMIT NULL OFFSET NULL
SELECT col0 FROM tab0 LIMIT 1.5
SELECT col0 FROM tab0 WHERE count(*) > 1
SELECT sum(sum(col0)) FROM tab0
SELECT (SELECT col0 FROM tab0)
SELECT (SELECT col0, col1 FROM tab0)
SELECT (SELECT count(*) FROM tab0 b WHERE b.col0 = a.col0) FROM tab0 a ORDER BY pk
SELECT * FROM tab0 NATURAL JOIN (SELECT 6 AS col0, 'n' AS extra) n ORDER BY pk
SELECT * FROM (SELECT 1 a, 2 b) x JOIN (SELECT 1 a, 3 c) y USING (a)
SELECT * FROM (SELECT 1 a) x FULL JOIN (SELECT 2 a) y USING (a) ORDER BY 1
SELECT pk FROM tab0 WHERE EXISTS (SELECT 1 FROM tab0 b WHERE b.pk = tab0.pk + 1) ORDER BY 1
SELECT pk FROM tab0 WHERE col1 = (SELECT max(col1) FROM tab0) ORDER BY 1
SELECT pk, col0 FROM tab0 WHERE col0 > ALL (SELECT col3 FROM tab0 WHERE col3 < 5)
SELECT pk FROM tab0 WHERE col0 = ANY (ARRAY[1, 6]) ORDER BY pk
UPDATE tab0 SET col0 = col3, col3 = col0 WHERE pk = 0
UPDATE tab0 SET (col0, col3) = (SELECT 100, 200) WHERE pk = 0 RETURNING *
UPDATE tab0 SET col0 = DEFAULT WHERE pk = 0
UPDATE tab0 SET nosuch = 1
UPDATE tab0 SET col0 = 1, col0 = 2
UPDATE tab0 SET col0 = 'x'
UPDATE tab0 SET col0 = 1.6 WHERE pk = 1 RETURNING col0
UPDATE tab0 SET col2 = 5 WHERE pk = 1 RETURNING col2
UPDATE tab0 SET col0 = true
UPDATE tab0 SET pk = 1 WHERE pk = 0
UPDATE tab0 SET pk = pk + 1
INSERT INTO tab0 (pk) VALUES (0)
INSERT INTO tab0 (pk, pk) VALUES (0, 1)
INSERT INTO tab0 VALUES (50, 1)
INSERT INTO tab0 VALUES (50, 1, 2, 3, 4, 5, 6, 7)
INSERT INTO tab0 (pk, col0) VALUES (51), (52)
INSERT INTO tab0 (pk, col0) SELECT 53
INSERT INTO tab0 (pk) SELECT pk FROM tab0
INSERT INTO tab0 DEFAULT VALUES
INSERT INTO nosuch VALUES (1)
DELETE FROM tab0 WHERE pk IN (SELECT pk FROM tab0 ORDER BY pk LIMIT 1) RETURNING pk
DROP INDEX idx_tab0_0
DROP INDEX idx_tab0_0
DROP INDEX tab0
DROP TABLE tab0, nosuch
DROP TABLE IF EXISTS nosuch, tab0
CREATE TABLE t1(a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER)
INSERT INTO t1(e,c,b,d,a) VALUES(103,102,100,101,104),(107,106,108,109,105),(110,114,112,111,113)
SELECT CASE WHEN c>(SELECT avg(c) FROM t1) THEN a*2 ELSE b*10 END FROM t1 ORDER BY 1
SELECT a+b*2+c*3+d*4+e*5, (a+b+c+d+e)/5 FROM t1 ORDER BY 1,2
SELECT a-b, abs(b-c), (SELECT count(*) FROM t1 AS x WHERE x.b<t1.b) FROM t1 WHERE EXISTS(SELECT 1 FROM t1 AS x WHERE x.b<t1.b) AND (a>b-2 AND a<b+2) ORDER BY 3,1,2
SELECT c, CASE a+1 WHEN b THEN 111 WHEN c THEN 222 WHEN d THEN 333 WHEN e THEN 444 ELSE 555 END FROM t1 WHERE d NOT BETWEEN 110 AND 150 OR c BETWEEN b-2 AND d+2 OR (e>c OR e<d) ORDER BY 2,1
CREATE VIEW v1 AS SELECT a, b FROM t1 WHERE a > 104
SELECT * FROM v1 ORDER BY 1
CREATE VIEW v1 AS SELECT 1
CREATE OR REPLACE VIEW v1 AS SELECT a FROM t1
CREATE OR REPLACE VIEW v1 AS SELECT a, b, c FROM t1 WHERE a > 104
DROP TABLE t1
DROP VIEW v1, nosuch
DROP VIEW t1
DROP TABLE t1 CASCADE
CREATE TABLE x (a int, a text)
CREATE TABLE x (a nosuchtype)
CREATE TABLE x (a int PRIMARY KEY, b int PRIMARY KEY)
CREATE TABLE x (a int, PRIMARY KEY (b))
CREATE TABLE x ()
INSERT INTO x DEFAULT VALUES
SELECT * FROM x
ALTER TABLE x ADD COLUMN a int DEFAULT 5 NOT NULL, ADD b text CHECK (b <> '')
SELECT * FROM x
ALTER TABLE x ADD a int
ALTER TABLE x ADD COLUMN IF NOT EXISTS a int
ALTER TABLE x DROP nosuch
ALTER TABLE x DROP COLUMN IF EXISTS nosuch
ALTER TABLE x ALTER b SET NOT NULL
ALTER TABLE x RENAME b TO c
ALTER TABLE x RENAME nosuch TO c
ALTER TABLE x RENAME TO y
ALTER TABLE y ADD CONSTRAINT yc CHECK (a > 10)
ALTER TABLE y ADD CONSTRAINT yc CHECK (a > 10) NOT VALID
ALTER TABLE y VALIDATE CONSTRAINT yc
ALTER TABLE y DROP CONSTRAINT yc, DROP CONSTRAINT IF EXISTS nosuch
ALTER TABLE y DROP CONSTRAINT nosuch
ALTER TABLE y ADD UNIQUE (a), ADD FOREIGN KEY (a) REFERENCES y (a)
ALTER TABLE y ALTER a TYPE bigint, ALTER a SET DEFAULT 7
ALTER TABLE y ALTER c TYPE int
ALTER TABLE y ALTER a DROP NOT NULL, ALTER a DROP DEFAULT
ALTER TABLE y ADD PRIMARY KEY (c)
UPDATE y SET c = 1
ALTER TABLE y ADD PRIMARY KEY (c)
ALTER TABLE y ADD PRIMARY KEY (a)
ALTER TABLE nosuch ADD a int
ALTER TABLE IF EXISTS nosuch ADD a int
ALTER TABLE y SET SCHEMA nosuch
ALTER TABLE y OWNER TO nosuch
SELECT column_name, data_type, is_nullable, column_default, character_maximum_length FROM information_schema.columns WHERE table_name = 'y' ORDER BY ordinal_position
SELECT tc.constraint_name, tc.constraint_type, kcu.column_name, ccu.table_name AS foreign_table, ccu.column_name AS foreign_column FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage ccu ON ccu.constraint_name = tc.constraint_name WHERE tc.table_name = 'y' ORDER BY 1, 3
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attrelid = 'y'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
SELECT i.relname, ix.indisunique, ix.indisprimary, pg_get_indexdef(ix.indexrelid), array_to_string(ix.indkey, ',') FROM pg_class t, pg_class i, pg_index ix WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND t.relname = 'y' ORDER BY 1
SELECT conname, contype, pg_get_constraintdef(oid, true), confupdtype, confdeltype, conkey, confkey FROM pg_constraint WHERE conrelid = 'y'::regclass ORDER BY 1
SELECT schemaname, tablename, tableowner, hasindexes FROM pg_tables WHERE schemaname = 'public'
SELECT sequence_name, data_type, start_value, increment FROM information_schema.sequences
SELECT relname, relkind, relnatts FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1
SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid ORDER BY e.enumsortorder
SHOW transaction isolation level
SHOW standard_conforming_strings
SELECT current_setting('server_version_num')::int >= 150000
SET nosuch = 1
SET work_mem = 'lots'
SET statement_timeout = '5s'
SHOW statement_timeout
RESET statement_timeout
SET TIME ZONE 'Europe/Rome'
SELECT timestamptz '2024-07-01 12:00+00', '2024-07-01 12:00'::timestamptz
SET TIME ZONE 'Nowhere'
SET datestyle = 'German, DMY'
SELECT date '2024-07-01', timestamp '2024-07-01 12:00', '01/02/2024'::date
RESET datestyle
SET intervalstyle = 'iso_8601'
SELECT interval '1 year 2 days 03:04:05.6', interval '-1 day'
SET intervalstyle = 'sql_standard'
SELECT interval '1 year 2 days 03:04:05.6', interval '-1 day', interval '1-2'
SET intervalstyle = 'postgres_verbose'
SELECT interval '1 year 2 days 03:04:05.6', interval '-1 day', interval '0'
RESET intervalstyle
SET extra_float_digits = 0
SELECT 0.1::float8 + 0.2::float8, 1/3::float4
RESET ALL
SET bytea_output = 'escape'
SELECT '\x00ff41'::bytea
