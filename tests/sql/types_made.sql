-- CREATE TYPE ... AS ENUM, CREATE DOMAIN, composite types of tables
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')
CREATE TYPE mood AS ENUM ('x')
CREATE TABLE person (name text, feels mood DEFAULT 'ok')
INSERT INTO person VALUES ('a', 'happy'), ('b', 'sad'), ('c', DEFAULT), ('d', NULL)
INSERT INTO person VALUES ('e', 'angry')
SELECT * FROM person ORDER BY feels, name
SELECT name FROM person WHERE feels > 'sad' ORDER BY name
SELECT name FROM person WHERE feels = 'happy'
SELECT max(feels), min(feels) FROM person
SELECT 'happy'::mood > 'sad'::mood, 'ok'::mood::text, 'ok'::text::mood
SELECT 'nope'::mood
SELECT 'happy'::mood = 'happy'::text
SELECT enum_range(NULL::mood), enum_first(NULL::mood), enum_last(NULL::mood), enum_range('ok'::mood, NULL)
SELECT feels, count(*) FROM person GROUP BY feels ORDER BY feels
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok'
ALTER TYPE mood ADD VALUE 'great'
ALTER TYPE mood ADD VALUE 'great'
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'great'
ALTER TYPE mood ADD VALUE 'x' AFTER 'nosuch'
SELECT enum_range(NULL::mood)
SELECT 'meh'::mood < 'ok'::mood
ALTER TYPE mood RENAME VALUE 'meh' TO 'so-so'
ALTER TYPE mood RENAME VALUE 'nosuch' TO 'x'
SELECT enum_range(NULL::mood)
CREATE INDEX ON person (feels)
SELECT name FROM person WHERE feels IN ('happy', 'ok') ORDER BY feels DESC
SELECT array_agg(feels ORDER BY feels) FROM person
SELECT ARRAY['sad', 'happy']::mood[], 'sad' = ANY (ARRAY['sad']::mood[])
SELECT enumlabel FROM pg_enum WHERE enumtypid = 'mood'::regtype ORDER BY enumsortorder
ALTER TYPE mood RENAME TO feeling
SELECT 'sad'::feeling
DROP TYPE feeling
DROP TYPE nosuch
DROP TYPE IF EXISTS nosuch
CREATE TYPE empty AS ENUM ()
CREATE TYPE twice AS ENUM ('a', 'a')
CREATE DOMAIN positive AS int CHECK (VALUE > 0)
SELECT 5::positive
SELECT 0::positive
SELECT (-1)::positive
SELECT NULL::positive
CREATE DOMAIN code AS varchar(3) NOT NULL DEFAULT 'abc' CONSTRAINT upper_case CHECK (VALUE = upper(VALUE)) CHECK (VALUE <> 'ABC')
CREATE TABLE items (id positive, c code, price numeric(5, 2))
INSERT INTO items VALUES (1, 'XYZ', 1)
INSERT INTO items VALUES (0, 'XYZ', 1)
INSERT INTO items VALUES (1, 'xyz', 1)
INSERT INTO items VALUES (1, 'ABC', 1)
INSERT INTO items VALUES (1, 'TOOLONG', 1)
INSERT INTO items VALUES (1, NULL, 1)
INSERT INTO items (id) VALUES (1)
UPDATE items SET id = id - 1
SELECT id + 1, c || '!', pg_typeof(id), pg_typeof(c) FROM items
ALTER DOMAIN code DROP CONSTRAINT upper_case
INSERT INTO items VALUES (2, 'low', 1)
ALTER DOMAIN code ADD CONSTRAINT upper_case CHECK (VALUE = upper(VALUE))
ALTER DOMAIN code ADD CONSTRAINT upper_case CHECK (VALUE = upper(VALUE)) NOT VALID
INSERT INTO items VALUES (3, 'low', 1)
ALTER DOMAIN code SET DEFAULT 'DEF'
ALTER DOMAIN code DROP NOT NULL
INSERT INTO items (id) VALUES (4) RETURNING *
INSERT INTO items VALUES (5, NULL, 1) RETURNING *
ALTER DOMAIN positive SET NOT NULL
INSERT INTO items (c) VALUES ('ABD')
CREATE DOMAIN nested AS positive CHECK (VALUE < 100)
SELECT 50::nested, pg_typeof(50::nested)
SELECT 500::nested
SELECT 0::nested
CREATE DOMAIN bad AS nosuch
CREATE DOMAIN bad AS int CHECK (nosuch > 1)
CREATE DOMAIN positive AS int
DROP DOMAIN positive
DROP DOMAIN nested
DROP DOMAIN nosuch
DROP DOMAIN IF EXISTS nosuch
SELECT domain_name, data_type FROM information_schema.domains WHERE domain_schema = 'public' ORDER BY domain_name
CREATE TYPE pair AS (x int, y text)
SELECT ROW(1, 'a')::pair, (ROW(1, 'a')::pair).y
SELECT '(2,"b c")'::pair
SELECT '(2)'::pair
SELECT '(x,y)'::pair
CREATE TABLE holder (id int, p pair)
INSERT INTO holder VALUES (1, ROW(1, 'one')), (2, '(2,two)'), (3, NULL)
SELECT id, (p).x, (p).y, p FROM holder ORDER BY id
SELECT id FROM holder WHERE (p).x = 2
UPDATE holder SET p.y = 'changed' WHERE id = 1
SELECT p FROM holder WHERE id = 1
SELECT (p).* FROM holder ORDER BY id
SELECT (p).z FROM holder
INSERT INTO holder (id, p.x) VALUES (4, 40)
SELECT p FROM holder WHERE id = 4
SELECT id FROM holder ORDER BY p, id
SELECT holder FROM holder ORDER BY id
SELECT row_to_json(holder) FROM holder ORDER BY id
SELECT p IS NULL, p IS NOT NULL FROM holder ORDER BY id
DROP TYPE pair
DROP TYPE pair CASCADE
SELECT * FROM holder ORDER BY id
