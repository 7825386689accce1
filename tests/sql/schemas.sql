-- Schemas, search_path, dependencies, COMMENT, what rolls back
CREATE SCHEMA one
CREATE SCHEMA one
CREATE SCHEMA IF NOT EXISTS one
CREATE SCHEMA pg_mine
CREATE TABLE one.t (a int)
CREATE TABLE public.t (a int)
INSERT INTO one.t VALUES (1)
INSERT INTO t VALUES (2)
SELECT * FROM t
SELECT * FROM one.t
SET search_path = one, public
SELECT * FROM t
SELECT current_schema(), current_schemas(false)
CREATE TABLE made (a int)
SELECT schemaname FROM pg_tables WHERE tablename = 'made'
SET search_path = nosuch, public
SELECT current_schema()
CREATE TABLE made (a int)
SELECT schemaname FROM pg_tables WHERE tablename = 'made' ORDER BY 1
SET search_path = ''
SELECT * FROM t
SELECT * FROM public.t
SELECT pg_catalog.length('abc'), length('abcd')
CREATE TABLE x (a int)
RESET search_path
SHOW search_path
SELECT t.a, one.t.a FROM t, one.t
SELECT one.t.a FROM t
SELECT postgres.public.t.a FROM t
SELECT public.t.a FROM public.t
SELECT * FROM nosuch.t
SELECT nosuch.length('a')
CREATE SCHEMA two CREATE TABLE inner_table (a int PRIMARY KEY) CREATE VIEW inner_view AS SELECT a FROM inner_table
SELECT * FROM two.inner_view
ALTER SCHEMA two RENAME TO zwei
SELECT * FROM zwei.inner_table
DROP SCHEMA zwei
DROP SCHEMA zwei CASCADE
DROP SCHEMA nosuch
DROP SCHEMA IF EXISTS nosuch
CREATE TYPE one.kind AS ENUM ('a')
CREATE TABLE uses (k one.kind)
CREATE SEQUENCE one.seq
CREATE TABLE counts (id int DEFAULT nextval('one.seq'))
DROP SCHEMA one RESTRICT
DROP SCHEMA one CASCADE
SELECT column_name FROM information_schema.columns WHERE table_name = 'uses'
INSERT INTO counts DEFAULT VALUES RETURNING id
SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_toast%' AND nspname NOT LIKE 'pg_temp%' AND nspname NOT IN ('isolde', 'performance_schema', 'sys') ORDER BY nspname
COMMENT ON TABLE t IS 'a table'
COMMENT ON COLUMN t.a IS 'a column'
SELECT obj_description('t'::regclass), col_description('t'::regclass, 1)
COMMENT ON TABLE t IS NULL
SELECT obj_description('t'::regclass, 'pg_class')
COMMENT ON TABLE nosuch IS 'x'
COMMENT ON COLUMN t.nosuch IS 'x'
COMMENT ON SCHEMA public IS 'the usual'
SELECT obj_description('public'::regnamespace, 'pg_namespace')
CREATE INDEX t_a ON t (a)
COMMENT ON INDEX t_a IS 'an index'
SELECT obj_description('t_a'::regclass)
BEGIN
CREATE TABLE r1 (a int PRIMARY KEY)
INSERT INTO r1 VALUES (1)
CREATE INDEX r1_x ON r1 (a)
SAVEPOINT sp
DROP TABLE r1
SELECT * FROM r1
ROLLBACK TO sp
SELECT * FROM r1
ALTER TABLE r1 ADD COLUMN b int DEFAULT 3
SELECT * FROM r1
ROLLBACK
SELECT * FROM r1
BEGIN
DROP TABLE t
CREATE TABLE t (other text)
INSERT INTO t VALUES ('new')
SELECT * FROM t
ROLLBACK
SELECT * FROM t
BEGIN
CREATE SCHEMA gone
CREATE TABLE gone.x (a int)
ROLLBACK
SELECT * FROM gone.x
BEGIN
TRUNCATE t
SELECT count(*) FROM t
ROLLBACK
SELECT count(*) FROM t
CREATE TABLE parent (id int PRIMARY KEY)
CREATE TABLE child (p int REFERENCES parent)
CREATE VIEW onparent AS SELECT id FROM parent
DROP TABLE parent
DROP TABLE parent CASCADE
INSERT INTO child VALUES (12345)
SELECT * FROM onparent
TRUNCATE child
CREATE TABLE par (id int PRIMARY KEY)
CREATE TABLE chi (p int REFERENCES par)
TRUNCATE par
TRUNCATE par CASCADE
TRUNCATE par, chi
DROP TABLE par, chi
