CREATE FUNCTION add2(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT a + b'
CREATE FUNCTION add2(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE OR REPLACE FUNCTION add2(a int, b int DEFAULT 2) RETURNS text LANGUAGE sql AS 'SELECT ''x''::text'
CREATE OR REPLACE FUNCTION add2(x int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT add2(1), add2(1, 5), add2(a => 3), add2(3, b => 4), add2(b => 1, a => 10)
SELECT add2(1, 2, 3)
SELECT add2(b => 1)
SELECT add2('7')
SELECT add2(g) FROM generate_series(1, 3) AS g
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE nope AS 'x'
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT ''x''::text'
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql AS 'SELECT 1, 2'
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql
CREATE FUNCTION f2(a int) LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION f2(a int = 1, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION f2(a int, a int) RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE TABLE ft(id int PRIMARY KEY, v text)
INSERT INTO ft VALUES (1, 'one'), (2, 'two'), (3, 'three')
CREATE FUNCTION v_of(i int) RETURNS text STABLE LANGUAGE sql AS 'SELECT v FROM ft WHERE id = i'
SELECT v_of(2), v_of(99)
SELECT id, v_of(id) FROM ft ORDER BY id DESC
CREATE FUNCTION fadd(i int, v text) RETURNS int LANGUAGE sql AS 'INSERT INTO ft VALUES (i, fadd.v) RETURNING id'
SELECT fadd(4, 'four')
SELECT v_of(4)
CREATE FUNCTION fvoid(i int) RETURNS void LANGUAGE sql AS 'DELETE FROM ft WHERE id = i'
SELECT fvoid(4)
SELECT count(*) FROM ft
CREATE FUNCTION two(n int) RETURNS TABLE(x int, y text) LANGUAGE sql AS 'SELECT g, g::text FROM generate_series(1, n) g'
SELECT * FROM two(2)
SELECT y, x FROM two(2) AS t WHERE x > 1
SELECT t.* FROM two(1) AS t(p, q)
CREATE FUNCTION io(a int, OUT b int, OUT c text) LANGUAGE sql AS 'SELECT a + 1, ''c''::text'
SELECT * FROM io(3)
SELECT (io(3)).b
CREATE FUNCTION series(int) RETURNS SETOF int LANGUAGE sql AS 'SELECT $1 UNION ALL SELECT $1 + 1'
SELECT series(5)
SELECT * FROM series(7)
SELECT s FROM series(7) AS s ORDER BY s DESC
CREATE FUNCTION va(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT sum(x)::int FROM unnest(a) x'
SELECT va(1, 2, 3), va(VARIADIC ARRAY[4, 5])
CREATE FUNCTION st(a int) RETURNS int STRICT LANGUAGE sql AS 'SELECT coalesce(a, 0) + 1'
SELECT st(NULL), st(1)
CREATE FUNCTION fact(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE OR REPLACE FUNCTION fact(n int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN n <= 1 THEN 1 ELSE n * fact(n - 1) END'
SELECT fact(5)
CREATE FUNCTION ret() RETURNS int RETURN 1 + 1
SELECT ret()
CREATE FUNCTION atomic() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END
SELECT atomic()
CREATE FUNCTION idf(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x'
SELECT idf(1), idf('a'::text)
CREATE PROCEDURE padd(i int, t text) LANGUAGE sql AS 'INSERT INTO ft VALUES (i, t)'
CALL padd(10, 'ten')
CALL nope()
SELECT padd(1, 'x')
CALL add2(1, 2)
SELECT * FROM ft WHERE id = 10
CREATE PROCEDURE pout(a int, INOUT b int) LANGUAGE sql AS 'SELECT a + b'
CALL pout(1, 2)
ALTER FUNCTION st(int) CALLED ON NULL INPUT
SELECT st(NULL)
ALTER FUNCTION nope() STRICT
ALTER FUNCTION st(int) RENAME TO st2
SELECT st2(1)
CREATE TABLE fd(a int DEFAULT ret())
INSERT INTO fd DEFAULT VALUES RETURNING a
DROP FUNCTION ret()
DROP FUNCTION ret() CASCADE
CREATE VIEW fv AS SELECT id, add2(id) AS s FROM ft
SELECT * FROM fv ORDER BY id
DROP FUNCTION add2(int, int)
DROP FUNCTION add2(int, int) CASCADE
DROP FUNCTION nope(int)
DROP FUNCTION IF EXISTS fact(int)
DROP PROCEDURE pout(int, int)
DROP FUNCTION v_of, fadd, fvoid, two, io, series, va, st2, atomic, idf
DROP PROCEDURE padd
DROP TABLE ft, fd
CREATE TABLE rb(a int, b int)
INSERT INTO rb VALUES (1, 5), (2, 16)
CREATE FUNCTION total(t rb) RETURNS int LANGUAGE sql AS 'SELECT t.a + t.b'
SELECT total(rb) FROM rb ORDER BY 1
SELECT total(rb.*) FROM rb ORDER BY 1
CREATE FUNCTION first() RETURNS rb LANGUAGE sql AS 'SELECT * FROM rb ORDER BY a LIMIT 1'
SELECT * FROM first()
SELECT (first()).b
CREATE FUNCTION all_of() RETURNS SETOF rb LANGUAGE sql AS 'SELECT * FROM rb ORDER BY a'
SELECT * FROM all_of()
SELECT a.b, f.* FROM rb a, LATERAL (SELECT total(a) AS t) f ORDER BY 1
DROP TABLE rb CASCADE
