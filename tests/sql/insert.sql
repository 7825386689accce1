-- INSERT: lists, SELECT, defaults, conversions, RETURNING, errors
CREATE TABLE t (id int PRIMARY KEY, name text DEFAULT 'anon', n numeric(6, 2), d date, b bool)
INSERT INTO t VALUES (1, 'a', 1.5, '2020-01-01', true)
INSERT INTO t (id) VALUES (2)
INSERT INTO t (n, id) VALUES (2.345, 3), (-0.005, 4)
INSERT INTO t VALUES (5, DEFAULT, DEFAULT, DEFAULT, DEFAULT), (6, NULL, NULL, NULL, NULL)
INSERT INTO t VALUES (7), (8)
SELECT * FROM t ORDER BY id
INSERT INTO t SELECT id + 100, name || 'x', n FROM t WHERE id < 3
INSERT INTO t (id, d) SELECT 200 + i, '2020-01-01'::date + i FROM generate_series(1, 3) i RETURNING id, d
INSERT INTO t (id, name) VALUES (300, 'r') RETURNING *, id * 2 AS twice, t.name || '!'
INSERT INTO t AS x (id) VALUES (301) RETURNING x.id
INSERT INTO t AS x (id) VALUES (302) RETURNING t.id
INSERT INTO t (id, name) TABLE (VALUES (1, 'a')) RETURNING id
INSERT INTO t (id, name) (SELECT 400, 'paren') RETURNING id
INSERT INTO t WITH w AS (SELECT 401 AS i) SELECT i FROM w RETURNING id
WITH w AS (SELECT 402 AS i) INSERT INTO t SELECT i FROM w RETURNING id
INSERT INTO t (id, n) VALUES (403, '12.5'), (404, 7) RETURNING n
INSERT INTO t (id, b) VALUES (405, 'yes'), (406, 'off') RETURNING b
INSERT INTO t (id, n) VALUES (407, 12345)
INSERT INTO t (id, d) VALUES (408, '2020-02-30')
INSERT INTO t (id, d) VALUES (408, 5)
INSERT INTO t (id, name) VALUES (408, 5) RETURNING name
INSERT INTO t (id, b) VALUES (409, 1)
INSERT INTO t (id, b) VALUES (409, 1::bool) RETURNING b
INSERT INTO t (id) VALUES ('410') RETURNING id
INSERT INTO t (id) VALUES ('x')
INSERT INTO t (id) VALUES (411.6) RETURNING id
INSERT INTO t (id) VALUES (3000000000)
INSERT INTO t (id) VALUES (1)
INSERT INTO t (id) VALUES (501), (501)
INSERT INTO t (id) VALUES (502), (1)
SELECT count(*) FROM t WHERE id = 502
INSERT INTO t VALUES (1, 2, 3, 4, 5, 6)
INSERT INTO t (id, name) VALUES (1)
INSERT INTO t (id) VALUES (1, 2)
INSERT INTO t (id, id) VALUES (1, 2)
INSERT INTO t (nosuch) VALUES (1)
INSERT INTO nosuch VALUES (1)
INSERT INTO t VALUES (1, 'a'), (2)
INSERT INTO t (id) SELECT name FROM t
INSERT INTO t (id) SELECT 1, 2
INSERT INTO t (id) VALUES ((SELECT max(id) + 1 FROM t)) RETURNING id > 400
INSERT INTO t (id) VALUES (600) RETURNING (SELECT count(*) FROM t WHERE id = 600)
INSERT INTO t (id) VALUES (601) RETURNING nosuch
INSERT INTO t (id) VALUES (601) RETURNING count(*)
INSERT INTO t (id) VALUES (id)
INSERT INTO t DEFAULT VALUES
CREATE TABLE v (a varchar(3), c char(4), x int2, y float4)
INSERT INTO v VALUES ('abc', 'ab', 32767, 1.1)
INSERT INTO v VALUES ('abcd', 'ab', 1, 1)
INSERT INTO v VALUES ('abc   ', 'ab      ', 1, 1)
INSERT INTO v VALUES ('a', 'abcde', 1, 1)
INSERT INTO v VALUES ('a', 'a', 32768, 1)
INSERT INTO v VALUES ('a', 'a', 1, 1e39)
INSERT INTO v VALUES ('a'::text, 'b'::text, 1.5, 2.5)
INSERT INTO v VALUES ('abcdef'::varchar(3), 'abcdef'::char(2), 1, 1)
SELECT a, length(a), c, length(c), octet_length(c), x, y FROM v ORDER BY a, c, x
CREATE TABLE big (i int, s text)
INSERT INTO big SELECT i, repeat('x', i % 50) FROM generate_series(1, 5000) i
SELECT count(*), sum(i), sum(length(s)) FROM big
INSERT INTO big SELECT i + 5000, s FROM big
SELECT count(*), count(DISTINCT i), max(i) FROM big
INSERT INTO big VALUES (0, repeat('long', 10000))
SELECT length(s), md5(s) FROM big WHERE i = 0
INSERT INTO t (id, name) SELECT i, CASE WHEN i = 702 THEN NULL ELSE 'n' END FROM (VALUES (701), (702)) w(i) RETURNING name
