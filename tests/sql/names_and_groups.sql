-- Groups by a primary key, samples, names that lead nowhere, jsonb as a key, elements of CREATE SCHEMA, options of COPY.
CREATE TABLE pk (id int PRIMARY KEY, v text, w int)
INSERT INTO pk VALUES (1, 'a', 1), (2, 'b', 1)
SELECT id, v, w, count(*) FROM pk GROUP BY id HAVING w = 1 ORDER BY v
SELECT pk.*, (SELECT v) FROM pk GROUP BY id ORDER BY 1
SELECT v FROM pk GROUP BY w
SELECT p.v, q.w FROM pk p JOIN pk q USING (id) GROUP BY p.id, q.id ORDER BY 1
SELECT id, v FROM (SELECT * FROM pk) x GROUP BY id
CREATE VIEW grouped AS SELECT id, v, count(*) AS n FROM pk GROUP BY id
SELECT * FROM grouped ORDER BY 1
SELECT pg_get_viewdef('grouped'::regclass)
SELECT v, grouping(v), grouping(v, w) FROM pk GROUP BY v, w ORDER BY 1
SELECT grouping(id) FROM pk GROUP BY v
SELECT grouping(v) FROM pk
SELECT v FROM pk TABLESAMPLE bernoulli (100) ORDER BY 1
SELECT v FROM pk TABLESAMPLE system (0)
SELECT v FROM pk TABLESAMPLE bernoulli (101)
SELECT v FROM pk TABLESAMPLE bernoulli (NULL)
SELECT v FROM pk TABLESAMPLE foo (1)
SELECT v FROM pk TABLESAMPLE system (1, 2)
SELECT v FROM grouped TABLESAMPLE system (1)
SELECT a.v FROM pk AS b
SELECT pk.v FROM pk AS b
SELECT vv FROM pk
SELECT pk.vv FROM pk
SELECT idd, vx FROM pk
SELECT * FROM pk p, (SELECT * FROM pk q WHERE q.id = p.id) s
SELECT * FROM pk a, pk b JOIN pk c ON c.id = a.id
SELECT public.pk.v FROM pk ORDER BY 1
SELECT other.pk.v FROM pk
SELECT nodb.public.pk.v FROM pk
SELECT v FROM pk, pk p2
SELECT pk.v FROM pk JOIN pk p2 USING (id) AS u ORDER BY u.id
SELECT u.v FROM pk JOIN pk p2 USING (id) AS u
INSERT INTO pk (id) VALUES (v)
INSERT INTO pk VALUES (3, 'c', 3) RETURNING old.v
INSERT INTO pk AS x VALUES (3, 'c', 3) RETURNING pk.v
DELETE FROM pk USING pk WHERE true
UPDATE pk SET v = x.v FROM pk x WHERE x.id = pk.id AND y.id = 1
CREATE TABLE jk (j jsonb PRIMARY KEY, n int)
INSERT INTO jk SELECT to_jsonb(i), i FROM generate_series(1, 5) i
INSERT INTO jk VALUES ('{"a": 1}', 6), ('[]', 7), ('"s"', 8), ('null', 9), ('true', 10), ('[1]', 11), ('{}', 12), ('{"b": 0}', 13), ('{"aa": 0}', 14), ('[2, 1]', 15)
INSERT INTO jk VALUES ('1.0', 99)
SELECT j FROM jk ORDER BY j
SELECT n FROM jk WHERE j = '{"a": 1.0}'
SELECT n FROM jk WHERE j > '"s"' AND j < '[5]' ORDER BY j
CREATE SCHEMA s1 CREATE VIEW v AS SELECT a FROM t CREATE TABLE t (a int PRIMARY KEY, b serial) CREATE INDEX ON t (b)
SELECT * FROM s1.v
SELECT indexname FROM pg_indexes WHERE schemaname = 's1' ORDER BY 1
CREATE SCHEMA s2 CREATE TABLE s1.x (a int)
CREATE SCHEMA s2 CREATE TABLE x (a nosuch)
DROP SCHEMA s1 CASCADE
CREATE TABLE nosuch.t (a int)
CREATE TABLE l (LIKE nosuch)
CREATE TABLE g (a int GENERATED ALWAYS AS (b) STORED, b int GENERATED ALWAYS AS (1) STORED)
CREATE DOMAIN d AS nosuch
CREATE DOMAIN d AS int CHECK (nosuch > 1)
CREATE FUNCTION f1(n int) RETURNS numeric LANGUAGE sql AS 'SELECT CASE WHEN n <= 1 THEN 1 ELSE n * f1(n - 1) END'
SELECT f1(5)
CREATE FUNCTION f2(lim int) RETURNS SETOF pk LANGUAGE sql AS 'SELECT * FROM pk ORDER BY id LIMIT lim'
SELECT * FROM f2(1)
CREATE FUNCTION f3() RETURNS int LANGUAGE sql AS 'SELECT nosuch'
CREATE FUNCTION f3() RETURNS int LANGUAGE sql AS $$ SELECT 'ä', nosuch $$
CREATE FUNCTION f3() RETURNS nosuch LANGUAGE sql AS 'SELECT 1'
SELECT width_bucket(3, ARRAY[1, 3, 5]), width_bucket(2.5, ARRAY[1, 2, 3]::numeric[]), age('3'::xid) > 0
COPY pk (id, v) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (v))
< 10,
< 11,""
COPY pk (id, v) FROM STDIN (FORMAT csv, FORCE_NULL (v))
< 12,""
SELECT id, v, v IS NULL FROM pk WHERE id >= 10 ORDER BY 1
COPY pk (id, v) FROM STDIN (FORMAT csv, HEADER match)
< id,v
< 13,x
COPY pk (id, v) FROM STDIN (FORMAT csv, HEADER match)
< id,w
< 14,x
COPY pk (id, v) FROM STDIN (FORMAT csv, HEADER match)
< id
COPY pk TO STDOUT (FORMAT csv, FORCE_NULL (v))
COPY pk FROM STDIN (FORMAT text, FORCE_NULL (v))
COPY (SELECT 1, 'a') TO STDOUT (FORMAT binary)
COPY pk FROM STDIN 
< 15
COPY pk FROM STDIN 
< 1	dup	1
COPY pk FROM STDIN 
< x	dup	1
SELECT * FROM pk WHERE id = 13 FOR UPDATE NOWAIT
