-- Joins: every kind, ON, USING, NATURAL, LATERAL, nesting, NULLs
CREATE TABLE a (id int, x text)
CREATE TABLE b (id int, y text)
CREATE TABLE c (id int, x text, z int)
INSERT INTO a VALUES (1, 'a1'), (2, 'a2'), (3, 'a3'), (NULL, 'an')
INSERT INTO b VALUES (2, 'b2'), (3, 'b3'), (3, 'b3x'), (4, 'b4'), (NULL, 'bn')
INSERT INTO c VALUES (1, 'a1', 10), (3, 'zz', 30), (5, 'a5', 50)
SELECT * FROM a, b ORDER BY a.id, a.x, b.id, b.y
SELECT * FROM a CROSS JOIN c ORDER BY a.id, c.id
SELECT * FROM a JOIN b ON a.id = b.id ORDER BY a.id, y
SELECT * FROM a INNER JOIN b USING (id) ORDER BY id, y
SELECT * FROM a LEFT JOIN b ON a.id = b.id ORDER BY a.id, y
SELECT * FROM a LEFT JOIN b USING (id) ORDER BY id, y
SELECT * FROM a RIGHT JOIN b ON a.id = b.id ORDER BY b.id, y
SELECT * FROM a RIGHT JOIN b USING (id) ORDER BY id, y
SELECT * FROM a FULL JOIN b ON a.id = b.id ORDER BY a.id, b.id, x, y
SELECT * FROM a FULL JOIN b USING (id) ORDER BY id, x, y
SELECT id, a.id, b.id FROM a FULL JOIN b USING (id) ORDER BY id, a.id, b.id
SELECT * FROM a NATURAL JOIN b ORDER BY id, y
SELECT * FROM a NATURAL JOIN c ORDER BY id
SELECT * FROM a NATURAL LEFT JOIN c ORDER BY id, x
SELECT * FROM a NATURAL FULL JOIN c ORDER BY id, x
SELECT * FROM a LEFT JOIN b ON a.id = b.id AND y = 'b3' ORDER BY a.id, y
SELECT * FROM a LEFT JOIN b ON a.id = b.id WHERE y = 'b3' ORDER BY a.id
SELECT * FROM a LEFT JOIN b ON a.id = b.id WHERE b.id IS NULL ORDER BY a.id
SELECT * FROM a LEFT JOIN b ON true WHERE a.id = 1 ORDER BY y
SELECT * FROM a LEFT JOIN b ON false ORDER BY a.id
SELECT * FROM a JOIN b ON a.id < b.id ORDER BY a.id, b.id, y
SELECT * FROM a JOIN b ON a.id = b.id OR a.id = 1 ORDER BY a.id, y
SELECT * FROM a JOIN b ON a.id IS NOT DISTINCT FROM b.id ORDER BY a.id, y
SELECT a.x, b.y, c.z FROM a JOIN b ON a.id = b.id JOIN c ON c.id = a.id ORDER BY y
SELECT a.x, b.y, c.z FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id ORDER BY a.id, y
SELECT a.x, b.y, c.z FROM (a LEFT JOIN b ON a.id = b.id) LEFT JOIN c ON b.id = c.id ORDER BY a.id, y
SELECT a.x, c.z FROM a LEFT JOIN b ON a.id = b.id RIGHT JOIN c ON c.id = a.id ORDER BY c.id
SELECT * FROM a JOIN b USING (id) JOIN c USING (id) ORDER BY id, y
SELECT * FROM (a JOIN b USING (id)) j ORDER BY j.id, y
SELECT j.* FROM a JOIN b USING (id) AS j ORDER BY id
SELECT a1.x, a2.x FROM a a1 JOIN a a2 ON a2.id = a1.id + 1 ORDER BY a1.id
SELECT t.n, t.m FROM a AS t (n, m) ORDER BY n
SELECT * FROM a x (i) JOIN b y (i) USING (i) ORDER BY i, y
SELECT a.x, l.y FROM a, LATERAL (SELECT y FROM b WHERE b.id = a.id ORDER BY y LIMIT 1) l ORDER BY a.id
SELECT a.x, l.y FROM a LEFT JOIN LATERAL (SELECT y FROM b WHERE b.id = a.id ORDER BY y DESC LIMIT 1) l ON true ORDER BY a.id
SELECT a.id, g FROM a, generate_series(1, a.id) g ORDER BY a.id, g
SELECT a.id, g FROM a CROSS JOIN LATERAL generate_series(1, a.id) AS g WHERE a.id > 1 ORDER BY a.id, g
SELECT a.id, s.t FROM a LEFT JOIN LATERAL (SELECT sum(z) AS t FROM c WHERE c.id >= a.id) s ON true ORDER BY a.id
SELECT count(*) FROM a, b, c
SELECT count(*) FROM a JOIN b ON true JOIN c ON c.id = b.id
SELECT a.id FROM a JOIN (VALUES (1), (3)) v(k) ON v.k = a.id ORDER BY 1
SELECT a.id FROM a JOIN (SELECT DISTINCT id FROM b) s ON s.id = a.id ORDER BY 1
SELECT * FROM a JOIN b ON a.id = b.id AND a.x IS NOT NULL AND length(b.y) > 2 ORDER BY y
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS r (p, q) ORDER BY p
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['x', 'y', 'z']) WITH ORDINALITY AS u (n, s, o) ORDER BY o
SELECT * FROM a JOIN b ON id = id
SELECT id FROM a, b
SELECT * FROM a JOIN b USING (nosuch)
SELECT * FROM a JOIN c USING (z)
SELECT * FROM a JOIN b ON a.id = c.id JOIN c ON true
SELECT * FROM a, a
SELECT * FROM a x, b x
SELECT nosuch.id FROM a
SELECT a.id FROM a AS other
SELECT * FROM a, (SELECT * FROM b WHERE b.id = a.id) s
SELECT * FROM a FULL JOIN b ON a.id < b.id
SELECT * FROM a RIGHT JOIN LATERAL (SELECT a.id) s ON true
SELECT * FROM a JOIN b ON a.id
SELECT * FROM a JOIN b ON a.id = b.y
SELECT a.* FROM a WHERE EXISTS (SELECT FROM b WHERE b.id = a.id) ORDER BY id
CREATE TABLE big AS SELECT i AS k, i % 100 AS grp, 'v' || i AS v FROM generate_series(1, 3000) i
CREATE TABLE dim AS SELECT i AS grp, 'g' || i AS name FROM generate_series(0, 119) i
SELECT count(*), count(name), sum(k) FROM big LEFT JOIN dim USING (grp)
SELECT count(*), count(k), count(name) FROM big FULL JOIN dim USING (grp)
SELECT name, count(k) FROM dim LEFT JOIN big USING (grp) GROUP BY name HAVING count(k) <> 30 ORDER BY name
SELECT count(*) FROM big b1 JOIN big b2 ON b1.k = b2.k + 1 AND b1.grp > 50
SELECT count(*) FROM big b1 JOIN big b2 ON b1.grp = b2.grp AND b1.k < b2.k
SELECT b.k, d.name FROM big b JOIN dim d ON d.grp = b.grp WHERE b.k BETWEEN 998 AND 1002 ORDER BY k
CREATE INDEX ON big (k)
CREATE INDEX ON dim (grp)
ANALYZE big
ANALYZE dim
SELECT b.k, d.name FROM big b JOIN dim d ON d.grp = b.grp WHERE b.k BETWEEN 998 AND 1002 ORDER BY k
SELECT count(*), count(k), count(name) FROM big FULL JOIN dim USING (grp)
SET enable_hashjoin = off
SELECT count(*), count(name), sum(k) FROM big LEFT JOIN dim USING (grp)
SELECT count(*), count(k), count(name) FROM big FULL JOIN dim USING (grp)
SET enable_mergejoin = off
SELECT count(*), count(name), sum(k) FROM big LEFT JOIN dim USING (grp)
SELECT count(*) FROM big b1 JOIN big b2 ON b1.k = b2.k + 1 AND b1.grp > 50
