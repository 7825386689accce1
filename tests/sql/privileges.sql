-- Roles, GRANT, REVOKE, ownership; every 42501. Roles are of the whole server: they go at the end.
CREATE ROLE sql_alice LOGIN
CREATE ROLE sql_bob LOGIN PASSWORD 'secret'
CREATE ROLE sql_team NOLOGIN
CREATE ROLE sql_alice
CREATE USER sql_carol
CREATE TABLE t (id int PRIMARY KEY, secret text, open text)
INSERT INTO t VALUES (1, 's', 'o')
CREATE SEQUENCE seq
CREATE VIEW v AS SELECT id, open FROM t
CREATE SCHEMA private
CREATE TABLE private.p (a int)
--- user sql_alice
SELECT current_user, session_user
SELECT * FROM t
INSERT INTO t VALUES (2)
UPDATE t SET open = 'x'
DELETE FROM t
TRUNCATE t
SELECT * FROM v
SELECT nextval('seq')
SELECT * FROM private.p
CREATE TABLE private.q (a int)
DROP TABLE t
ALTER TABLE t ADD COLUMN x int
CREATE INDEX ON t (open)
CREATE ROLE x
CREATE DATABASE x
CREATE TABLE public.mine (a int)
LOCK TABLE t
COPY t TO STDOUT
GRANT SELECT ON t TO sql_bob
SELECT has_table_privilege('t', 'SELECT'), has_schema_privilege('private', 'USAGE'), has_sequence_privilege('seq', 'USAGE')
--- user postgres
GRANT SELECT ON t TO sql_alice
GRANT INSERT, UPDATE (open) ON t TO sql_alice
GRANT USAGE ON SEQUENCE seq TO sql_alice
GRANT USAGE ON SCHEMA private TO sql_alice
--- user sql_alice
SELECT * FROM t
INSERT INTO t VALUES (2, 's2', 'o2')
UPDATE t SET open = 'changed' WHERE id = 1
UPDATE t SET secret = 'changed' WHERE id = 1
DELETE FROM t
SELECT nextval('seq')
SELECT setval('seq', 10)
SELECT currval('seq')
SELECT * FROM private.p
SELECT has_table_privilege('t', 'SELECT'), has_table_privilege('t', 'DELETE'), has_column_privilege('t', 'open', 'UPDATE'), has_column_privilege('t', 'secret', 'UPDATE')
SELECT id FROM t FOR UPDATE
--- user postgres
REVOKE ALL ON t FROM sql_alice
GRANT SELECT (id, open) ON t TO sql_alice
--- user sql_alice
SELECT id, open FROM t ORDER BY id
SELECT secret FROM t
SELECT * FROM t
SELECT count(*) FROM t
SELECT count(open) FROM t WHERE secret = 's'
--- user postgres
GRANT SELECT ON v TO sql_bob WITH GRANT OPTION
GRANT ALL ON ALL TABLES IN SCHEMA private TO sql_team
GRANT USAGE ON SCHEMA private TO sql_team
GRANT sql_team TO sql_bob
--- user sql_bob
SELECT * FROM v ORDER BY id
SELECT * FROM t
GRANT SELECT ON v TO sql_carol
GRANT SELECT ON t TO sql_carol
INSERT INTO private.p VALUES (1)
SELECT * FROM private.p
SELECT pg_has_role('sql_team', 'MEMBER'), pg_has_role('sql_alice', 'MEMBER')
SET ROLE sql_team
SELECT current_user, session_user
RESET ROLE
SET ROLE sql_alice
SET SESSION AUTHORIZATION sql_alice
--- user sql_carol
SELECT * FROM v ORDER BY id
SELECT * FROM private.p
--- user postgres
REVOKE SELECT ON v FROM sql_bob
REVOKE SELECT ON v FROM sql_bob CASCADE
--- user sql_carol
SELECT * FROM v
--- user postgres
GRANT CREATE ON SCHEMA private TO sql_alice
--- user sql_alice
CREATE TABLE private.own (a int)
INSERT INTO private.own VALUES (1)
GRANT SELECT ON private.own TO PUBLIC
ALTER TABLE private.own OWNER TO sql_bob
--- user sql_bob
SELECT * FROM private.own
INSERT INTO private.own VALUES (2)
DROP TABLE private.own
--- user postgres
ALTER TABLE private.own OWNER TO sql_bob
SELECT tableowner FROM pg_tables WHERE tablename = 'own'
SET ROLE sql_alice
INSERT INTO private.own VALUES (2)
SELECT current_user
RESET ROLE
SELECT grantee, privilege_type, is_grantable FROM information_schema.table_privileges WHERE table_name = 't' AND grantee <> 'postgres' ORDER BY 1, 2
SELECT relname, relacl FROM pg_class WHERE relname IN ('t', 'v', 'seq', 'p', 'own') ORDER BY relname
GRANT SELECT ON nosuch TO sql_alice
GRANT SELECT ON t TO nosuch
GRANT NOSUCH ON t TO sql_alice
GRANT CONNECT ON t TO sql_alice
GRANT SELECT (nosuch) ON t TO sql_alice
REVOKE UPDATE ON t FROM sql_carol
SELECT has_table_privilege('sql_alice', 't', 'SELECT'), has_table_privilege('sql_alice', 'private.p', 'INSERT'), has_table_privilege('sql_bob', 'private.p', 'INSERT')
SELECT has_table_privilege('nosuch', 't', 'SELECT')
SELECT has_table_privilege('t', 'NOSUCH')
ALTER DEFAULT PRIVILEGES IN SCHEMA private GRANT SELECT ON TABLES TO sql_carol
CREATE TABLE private.later (a int)
SELECT has_table_privilege('sql_carol', 'private.later', 'SELECT')
ALTER ROLE sql_alice CREATEDB CREATEROLE
SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolconnlimit FROM pg_roles WHERE rolname LIKE 'sql\_%' ORDER BY rolname
ALTER ROLE sql_alice SET work_mem = '10MB'
--- user sql_alice
SHOW work_mem
CREATE ROLE sql_made
DROP ROLE sql_made
ALTER ROLE postgres NOLOGIN
CREATE ROLE sql_super SUPERUSER
--- user postgres
ALTER ROLE sql_alice RENAME TO sql_alicia
DROP ROLE sql_alicia
REASSIGN OWNED BY sql_bob TO postgres
SELECT tableowner FROM pg_tables WHERE tablename = 'own'
DROP OWNED BY sql_alicia, sql_bob, sql_carol, sql_team
DROP ROLE sql_alicia, sql_bob, sql_carol, sql_team
DROP ROLE sql_alicia
DROP ROLE IF EXISTS sql_alicia
ALTER ROLE nosuch LOGIN
DROP ROLE postgres
