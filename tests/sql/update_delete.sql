-- UPDATE and DELETE: expressions, FROM and USING, RETURNING, row assignments, errors
CREATE TABLE t (id int PRIMARY KEY, a int, b text)
INSERT INTO t SELECT i, i * 10, 'b' || i FROM generate_series(1, 10) i
CREATE TABLE u (id int, v int)
INSERT INTO u VALUES (1, 100), (2, 200), (3, 300), (3, 333)
UPDATE t SET a = a + 1 WHERE id = 1
UPDATE t SET a = a + 1, b = b || '!' WHERE id IN (2, 3) RETURNING *
UPDATE t SET a = DEFAULT WHERE id = 4 RETURNING a
UPDATE t SET (a, b) = (5, 'five') WHERE id = 5 RETURNING *
UPDATE t SET (a, b) = (SELECT v, 'from u' FROM u WHERE u.id = t.id AND v < 300) WHERE id IN (1, 6) RETURNING *
UPDATE t SET (a, b) = ROW (7, 'seven') WHERE id = 7 RETURNING *
UPDATE t SET a = u.v FROM u WHERE u.id = t.id AND u.id < 3 RETURNING t.id, t.a, u.*
UPDATE t SET a = (SELECT max(v) FROM u) WHERE id = 8 RETURNING a
UPDATE t AS x SET a = x.a * 2 WHERE x.id = 9 RETURNING x.a
UPDATE t AS x SET a = 1 WHERE t.id = 9
UPDATE t SET b = a, a = id WHERE id = 10 RETURNING *
UPDATE t SET a = a FROM u, (VALUES (1)) w(k) WHERE u.id = t.id AND w.k = u.id RETURNING t.id
UPDATE t SET id = id + 100 WHERE id = 10 RETURNING id
UPDATE t SET id = 1 WHERE id = 2
UPDATE t SET id = id + 1000
UPDATE t SET id = id - 1000
UPDATE t SET a = 5 WHERE false
UPDATE t SET a = 5 WHERE NULL
UPDATE t SET a = 'x'
UPDATE t SET a = b
UPDATE t SET nosuch = 1
UPDATE t SET a = nosuch
UPDATE nosuch SET a = 1
UPDATE t SET a = 1, a = 2
UPDATE t SET (a, b) = (1)
UPDATE t SET (a, b) = (1, 'x', 2)
UPDATE t SET a = (SELECT v FROM u)
UPDATE t SET a = sum(a)
UPDATE t SET t.a = 1
UPDATE t SET a = 1 WHERE sum(a) > 1
UPDATE t SET a = a / 0
SELECT * FROM t ORDER BY id
WITH w AS (SELECT 3 AS k) UPDATE t SET a = -1 FROM w WHERE id = k RETURNING id
WITH changed AS (UPDATE t SET a = 0 WHERE id < 3 RETURNING id, a) SELECT sum(id), sum(a) FROM changed
DELETE FROM t WHERE id = 1
DELETE FROM t WHERE id = 2 RETURNING *
DELETE FROM t USING u WHERE t.id = u.id AND v = 333 RETURNING t.id, v
DELETE FROM t AS x WHERE x.id = 4 RETURNING x.b
DELETE FROM t WHERE id IN (SELECT id FROM u)
DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.v = t.a)
DELETE FROM t WHERE nosuch = 1
DELETE FROM nosuch
DELETE FROM t WHERE count(*) > 1
WITH gone AS (DELETE FROM t WHERE id > 100 RETURNING *) INSERT INTO u SELECT id, a FROM gone RETURNING *
SELECT * FROM t ORDER BY id
DELETE FROM ONLY t WHERE id = 5
DELETE FROM t
SELECT count(*) FROM t
INSERT INTO t SELECT i, i FROM generate_series(1, 1000) i
UPDATE t SET a = a + 1 WHERE id % 2 = 0
UPDATE t SET b = repeat('y', 100) WHERE id % 3 = 0
DELETE FROM t WHERE id % 5 = 0
SELECT count(*), sum(a), count(b), sum(length(b)) FROM t
UPDATE t SET a = a + 1
UPDATE t SET a = a + 1
SELECT sum(a) FROM t
UPDATE t SET a = x.c FROM (SELECT count(*) AS c FROM t) x WHERE t.id = 1 RETURNING a
UPDATE t SET b = 'limited' WHERE id IN (SELECT id FROM t ORDER BY id DESC LIMIT 3) RETURNING id
CREATE TABLE a (x int, y int)
INSERT INTO a VALUES (1, 2)
UPDATE a SET x = y, y = x RETURNING *
UPDATE a SET x = x + 1, y = x + 1 RETURNING *
CREATE TABLE arr (id int, v int[])
INSERT INTO arr VALUES (1, '{1,2,3}')
UPDATE arr SET v[2] = 20 RETURNING v
UPDATE arr SET v[5] = 50 RETURNING v
UPDATE arr SET v[1:2] = '{7,8}' RETURNING v
UPDATE arr SET v = v || 9 RETURNING v
UPDATE arr SET v['x'] = 1
