CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')
CREATE TYPE mood AS ENUM ('x')
SELECT 'ok'::mood::text, 'sad'::mood < 'happy'::mood AS less
SELECT 'nope'::mood
CREATE TABLE person(name text PRIMARY KEY, m mood DEFAULT 'ok', ms mood[])
INSERT INTO person VALUES ('a', 'happy', '{sad,ok}'), ('b', 'sad', NULL)
INSERT INTO person(name) VALUES ('c')
INSERT INTO person VALUES ('d', 'angry')
SELECT name, m::text, ms::text FROM person ORDER BY m, name
SELECT m::text, count(*) FROM person GROUP BY m ORDER BY m
SELECT max(m)::text, min(m)::text FROM person
SELECT enum_first(NULL::mood)::text, enum_last(NULL::mood)::text, enum_range(NULL::mood)::text
CREATE INDEX ON person(m)
SET enable_seqscan = off
SELECT name FROM person WHERE m > 'sad' ORDER BY m
SELECT name FROM person WHERE m = 'ok'
RESET enable_seqscan
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok'
ALTER TYPE mood ADD VALUE 'meh'
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'meh'
ALTER TYPE mood ADD VALUE 'great' AFTER 'happy'
ALTER TYPE mood ADD VALUE 'x' BEFORE 'nope'
INSERT INTO person VALUES ('e', 'meh'), ('f', 'great')
SELECT name, m::text FROM person ORDER BY m DESC, name
ALTER TYPE mood RENAME VALUE 'meh' TO 'so-so'
ALTER TYPE mood RENAME VALUE 'nope' TO 'x'
ALTER TYPE mood RENAME VALUE 'ok' TO 'sad'
SELECT m::text FROM person WHERE name = 'e'
SELECT 'ok' = m AS is_ok FROM person WHERE name = 'c'
SELECT CASE WHEN m = 'ok' THEN 1 ELSE 0 END AS c FROM person ORDER BY name
SELECT 1 FROM person WHERE m = 1
DROP TYPE mood
DROP TYPE mood CASCADE
SELECT * FROM person ORDER BY name
DROP TABLE person
DROP TYPE nope
DROP TYPE IF EXISTS nope
CREATE DOMAIN posint AS int CHECK (VALUE > 0)
SELECT 5::posint, 5::posint + 1 AS s
SELECT 0::posint
SELECT '-1'::posint
SELECT NULL::posint
CREATE DOMAIN name_d AS varchar(5) NOT NULL DEFAULT 'none'
SELECT 'abcdefgh'::name_d
SELECT NULL::name_d
CREATE TABLE dt(a posint, b name_d)
INSERT INTO dt VALUES (1, 'x')
INSERT INTO dt(a) VALUES (2)
INSERT INTO dt VALUES (0, 'x')
INSERT INTO dt VALUES (1, NULL)
INSERT INTO dt VALUES (1, 'abcdefgh')
UPDATE dt SET a = a - 1
SELECT * FROM dt ORDER BY a
SELECT sum(a), max(b) FROM dt
SELECT a FROM dt WHERE a = 2
CREATE DOMAIN small AS posint CHECK (VALUE < 10) CHECK (VALUE <> 5)
SELECT 20::small
SELECT 5::small
SELECT (-1)::small
SELECT 3::small
SELECT ARRAY[1,2]::small[]
ALTER DOMAIN posint ADD CONSTRAINT few CHECK (VALUE < 2)
ALTER DOMAIN posint ADD CONSTRAINT few CHECK (VALUE < 100)
ALTER DOMAIN posint ADD CONSTRAINT few CHECK (VALUE < 200)
SELECT 150::posint
ALTER DOMAIN posint DROP CONSTRAINT few
ALTER DOMAIN posint DROP CONSTRAINT few
ALTER DOMAIN posint DROP CONSTRAINT IF EXISTS few
SELECT 150::posint
ALTER DOMAIN posint SET NOT NULL
SELECT NULL::posint
ALTER DOMAIN posint DROP NOT NULL
ALTER DOMAIN posint SET DEFAULT 42
INSERT INTO dt(b) VALUES ('z') RETURNING a
ALTER DOMAIN posint DROP DEFAULT
ALTER DOMAIN nope SET NOT NULL
CREATE DOMAIN d3 AS int UNIQUE
CREATE DOMAIN d3 AS int NULL NOT NULL
DROP DOMAIN posint
DROP DOMAIN nope
DROP DOMAIN small
DROP TABLE dt
DROP DOMAIN posint
CREATE TYPE pair AS (x int, y text)
CREATE TYPE pair AS (x int)
CREATE TYPE bad AS (x int, x text)
CREATE TABLE pt(id int, p pair, ps pair[])
INSERT INTO pt VALUES (1, (1, 'one'), ARRAY[(2, 'two')::pair])
INSERT INTO pt VALUES (2, ROW(5, NULL), NULL), (3, '(7,"a b")', '{"(1,x)"}')
SELECT id, p::text, ps::text FROM pt ORDER BY id
SELECT id, (p).x, (p).y FROM pt ORDER BY id
SELECT (p).* FROM pt ORDER BY id
SELECT (p).nope FROM pt
SELECT id FROM pt WHERE p = ROW(1, 'one')::pair
SELECT id, p IS NULL AS n, p IS NOT NULL AS nn FROM pt ORDER BY id
UPDATE pt SET p.x = 9 WHERE id = 1 RETURNING p::text
UPDATE pt SET p.nope = 9
UPDATE pt SET id.x = 9
INSERT INTO pt(id, p.y) VALUES (4, 'only y') RETURNING p::text
SELECT (ROW(1, 'q')::pair).y
SELECT (ps[1]).y FROM pt ORDER BY id
DROP TYPE pair
DROP TYPE pair CASCADE
DROP TABLE pt
CREATE TABLE rt(a int, b text)
INSERT INTO rt VALUES (1, 'x'), (2, 'y')
SELECT rt::text FROM rt ORDER BY a
SELECT (rt).b FROM rt ORDER BY a
SELECT (1, 'z')::rt::text
CREATE TABLE rt2(r rt)
INSERT INTO rt2 SELECT rt FROM rt
SELECT (r).a, (r).b FROM rt2 ORDER BY 1
DROP TABLE rt
DROP TABLE rt CASCADE
DROP TABLE rt2
CREATE TYPE label AS ENUM ('x', 'y')
CREATE TABLE lt(a label DEFAULT 'x', CHECK (a <> 'y'))
CREATE VIEW lv AS SELECT a::text FROM lt WHERE a = 'x'
INSERT INTO lt DEFAULT VALUES
ALTER TYPE label RENAME VALUE 'x' TO 'xx'
SELECT * FROM lv
INSERT INTO lt DEFAULT VALUES RETURNING a::text
INSERT INTO lt VALUES ('y')
ALTER TABLE lt ALTER COLUMN a DROP DEFAULT
DROP VIEW lv
ALTER TABLE lt DROP CONSTRAINT lt_a_check
ALTER TABLE lt ALTER COLUMN a TYPE text
SELECT * FROM lt
DROP TABLE lt
DROP TYPE label
