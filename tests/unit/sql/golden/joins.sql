-- equality joins of every kind
SELECT a.x, b.x FROM generate_series(1, 4) a(x) JOIN generate_series(3, 6) b(x) ON a.x = b.x ORDER BY 1
SELECT a.x, b.x FROM generate_series(1, 4) a(x) LEFT JOIN generate_series(3, 6) b(x) ON a.x = b.x ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 4) a(x) RIGHT JOIN generate_series(3, 6) b(x) ON a.x = b.x ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 4) a(x) FULL JOIN generate_series(3, 6) b(x) ON a.x = b.x ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 4) a(x) LEFT JOIN generate_series(3, 6) b(x) ON a.x = b.x AND b.x > 3 ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 4) a(x) LEFT JOIN generate_series(3, 6) b(x) ON a.x = b.x AND a.x > 3 ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 4) a(x) FULL JOIN generate_series(3, 6) b(x) ON a.x = b.x AND a.x + b.x > 6 ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 2) a(x) FULL JOIN generate_series(2, 3) b(x) ON a.x < b.x ORDER BY 1, 2
SELECT a.x, b.x FROM generate_series(1, 2) a(x) FULL JOIN generate_series(2, 3) b(x) ON true ORDER BY 1, 2
SELECT * FROM (VALUES (1, 'a'), (NULL, 'n'), (2, 'b'), (2, 'c')) l(k, v) JOIN (VALUES (2, 'x'), (NULL, 'y'), (1, 'z'), (2, 'w')) r(k, v) USING (k) ORDER BY 1, 2, 3
SELECT * FROM (VALUES (1, 'a'), (NULL, 'n'), (2, 'b')) l(k, v) LEFT JOIN (VALUES (2, 'x'), (NULL, 'y')) r(k, v) USING (k) ORDER BY 1, 2, 3
SELECT * FROM (VALUES (1, 'a'), (NULL, 'n'), (2, 'b')) l(k, v) FULL JOIN (VALUES (2, 'x'), (NULL, 'y')) r(k, v) USING (k) ORDER BY 1, 2, 3
SELECT * FROM (VALUES (1, 'a'), (NULL, 'n'), (2, 'b')) l(k, v) RIGHT JOIN (VALUES (2, 'x'), (NULL, 'y')) r(k, v) USING (k) ORDER BY 1, 2, 3
SELECT * FROM (VALUES (1, 2)) a(x, y) NATURAL JOIN (VALUES (1, 3)) b(x, z) NATURAL JOIN (VALUES (3, 1)) c(z, w)
SELECT a.t, b.t FROM (VALUES ('p'), ('q')) a(t) JOIN (VALUES ('q'::varchar), ('r')) b(t) ON a.t = b.t
SELECT a.n, b.n FROM (VALUES (1.0), (2.50)) a(n) JOIN (VALUES (1), (2)) b(n) ON a.n = b.n
SELECT a.n, b.n FROM (VALUES (1.0), (2.50)) a(n) JOIN (VALUES (1.00), (2.5)) b(n) ON a.n = b.n ORDER BY 1
SELECT a.n, b.n FROM (VALUES (1::bigint), (2)) a(n) JOIN (VALUES (1::smallint), (3)) b(n) ON a.n = b.n
SELECT count(*) FROM generate_series(1, 1000) a(x) JOIN generate_series(1, 1000) b(x) ON a.x % 10 = b.x % 10
SELECT count(*), sum(a.x) FROM generate_series(1, 5000) a(x) JOIN generate_series(1, 5000) b(x) ON a.x = b.x AND a.x + 1 = b.x + 1
-- more than two
SELECT a.x, b.x, c.x FROM generate_series(1, 5) a(x), generate_series(1, 5) b(x), generate_series(1, 5) c(x) WHERE a.x + 1 = b.x AND b.x + 1 = c.x ORDER BY 1
SELECT count(*) FROM generate_series(1, 10) a(x), generate_series(1, 10) b(x), generate_series(1, 10) c(x), generate_series(1, 10) d(x), generate_series(1, 10) e(x) WHERE a.x = b.x AND b.x = c.x AND c.x = d.x AND d.x = e.x
SELECT count(*) FROM generate_series(1, 3) a(x), generate_series(1, 3) b(x), generate_series(1, 3) c(x), generate_series(1, 3) d(x), generate_series(1, 3) e(x), generate_series(1, 3) f(x), generate_series(1, 3) g(x), generate_series(1, 3) h(x), generate_series(1, 3) i(x), generate_series(1, 3) j(x) WHERE a.x = b.x AND b.x = c.x AND c.x = d.x AND d.x = e.x AND e.x = f.x AND f.x = g.x AND g.x = h.x AND h.x = i.x AND i.x = j.x
SELECT a.x, b.x, c.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x LEFT JOIN generate_series(3, 5) c(x) ON b.x = c.x ORDER BY 1
SELECT a.x, b.x, c.x FROM generate_series(1, 3) a(x) LEFT JOIN (generate_series(2, 4) b(x) JOIN generate_series(3, 5) c(x) ON b.x = c.x) ON a.x = b.x ORDER BY 1
SELECT a.x, b.x, c.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x, generate_series(1, 2) c(x) WHERE a.x = c.x ORDER BY 1
SELECT a.x, b.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE b.x > 2
SELECT a.x, b.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE b.x IS NULL
SELECT a.x, b.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE coalesce(b.x, 0) = 0
SELECT a.x, b.x FROM generate_series(1, 3) a(x) FULL JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE a.x > 1 ORDER BY 1
SELECT a.x, b.x FROM generate_series(1, 3) a(x) FULL JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE b.x > 1 ORDER BY 2
SELECT a.x, b.x FROM generate_series(1, 3) a(x) FULL JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE a.x > 0 AND b.x > 0 ORDER BY 2
SELECT a.x, b.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON a.x = b.x WHERE b.x = 2 OR b.x IS NULL ORDER BY 1
SELECT a.x, b.x FROM generate_series(1, 3) a(x) LEFT JOIN generate_series(2, 4) b(x) ON false ORDER BY 1
SELECT a.x, b.x FROM generate_series(1, 3) a(x) JOIN generate_series(2, 4) b(x) ON a.x < b.x WHERE a.x + b.x = 5 ORDER BY 1
SELECT count(*) FROM generate_series(1, 3) a(x) CROSS JOIN generate_series(2, 4) b(x) WHERE 1 = 2
SELECT j.* FROM (generate_series(1, 3) a(x) JOIN generate_series(2, 4) b(y) ON a.x = b.y) AS j ORDER BY 1
SELECT j.p, j.q FROM (generate_series(1, 3) a(x) JOIN generate_series(2, 4) b(y) ON a.x = b.y) AS j(p, q) ORDER BY 1
-- subqueries that become part of the query
SELECT t.y, a.x FROM generate_series(1, 3) a(x), (SELECT b.x + 1 AS y FROM generate_series(1, 3) b(x) WHERE b.x > 1) t WHERE a.x = t.y ORDER BY 1
SELECT a.x, t.y FROM generate_series(1, 3) a(x) LEFT JOIN (SELECT b.x AS y FROM generate_series(1, 3) b(x) WHERE b.x > 1) t ON a.x = t.y ORDER BY 1
SELECT a.x, t.y, t.one FROM generate_series(1, 3) a(x) LEFT JOIN (SELECT b.x + 1 AS y, 1 AS one FROM generate_series(1, 3) b(x) WHERE b.x > 1) t ON a.x = t.y ORDER BY 1
SELECT * FROM (SELECT x, x * 2 AS d FROM (SELECT g AS x FROM generate_series(1, 5) g WHERE g > 1) u WHERE x < 5) v WHERE d <> 6 ORDER BY x
SELECT s.a, s.b FROM (SELECT x.a, y.b FROM (SELECT g AS a FROM generate_series(1, 3) g) x JOIN (SELECT g AS b FROM generate_series(2, 4) g) y ON x.a = y.b) s WHERE s.a > 2
SELECT t.c, count(*) FROM (SELECT g % 3 AS c FROM generate_series(1, 10) g) t GROUP BY t.c HAVING count(*) > 2 ORDER BY t.c
SELECT t.c, row_number() OVER (ORDER BY t.c DESC) FROM (SELECT g * 2 AS c FROM generate_series(1, 3) g) t ORDER BY 1
SELECT t.c, generate_series(1, t.c) FROM (SELECT g AS c FROM generate_series(1, 2) g) t ORDER BY 1, 2
SELECT (SELECT t.c + 1) FROM (SELECT g * 2 AS c FROM generate_series(1, 2) g) t ORDER BY 1
SELECT t.c FROM (SELECT g::text AS c FROM generate_series(1, 3) g) t WHERE t.c LIKE '2%'
SELECT t.c || 'x' FROM (SELECT v::varchar AS c FROM (VALUES ('a')) w(v)) t
SELECT a.x, t.s FROM generate_series(1, 3) a(x), LATERAL (SELECT a.x * b.y AS s FROM generate_series(1, 2) b(y) WHERE b.y <= a.x) t ORDER BY 1, 2
SELECT a.x, t.y FROM generate_series(1, 3) a(x) LEFT JOIN LATERAL (SELECT b.y FROM generate_series(1, 2) b(y) WHERE b.y = a.x) t ON true ORDER BY 1
SELECT a.x, t.s FROM generate_series(1, 3) a(x) LEFT JOIN LATERAL (SELECT sum(y) AS s FROM generate_series(1, a.x) b(y)) t ON t.s > 1 ORDER BY 1
SELECT a.x, g FROM generate_series(1, 3) a(x), generate_series(1, a.x) g ORDER BY 1, 2
SELECT a.x, b.y, g FROM generate_series(1, 2) a(x), generate_series(1, 2) b(y), generate_series(a.x, b.y) g ORDER BY 1, 2, 3
SELECT a.x, g, h FROM generate_series(1, 2) a(x) LEFT JOIN (generate_series(1, 2) g JOIN LATERAL generate_series(1, g) h ON true) ON a.x = g ORDER BY 1, 2, 3
SELECT a.x, t.g, t.h FROM generate_series(1, 2) a(x), LATERAL (SELECT * FROM generate_series(1, a.x) g LEFT JOIN generate_series(a.x, 2) h ON g = h) t ORDER BY 1, 2, 3
SELECT a.x, t.n FROM generate_series(1, 3) a(x) CROSS JOIN LATERAL (SELECT count(*) AS n FROM generate_series(1, 5) b WHERE b > a.x LIMIT 1) t ORDER BY 1
SELECT (SELECT sum(t.y) FROM (SELECT b.y FROM generate_series(1, 3) b(y) WHERE b.y <= a.x) t) FROM generate_series(1, 3) a(x) ORDER BY 1
-- EXISTS and IN
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT FROM generate_series(2, 3) b(y) WHERE b.y = a.x) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE NOT EXISTS (SELECT 1 FROM generate_series(2, 3) b(y) WHERE b.y = a.x) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT FROM generate_series(2, 3) b(y) WHERE b.y > a.x AND b.y % 2 = 1) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT FROM generate_series(2, 3) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT FROM generate_series(2, 3) b(y) WHERE b.y > 5) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT y FROM generate_series(2, 3) b(y) WHERE b.y = a.x GROUP BY y HAVING count(*) > 0) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE EXISTS (SELECT FROM generate_series(2, 3) b(y) WHERE b.y = a.x LIMIT 0) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y FROM generate_series(2, 3) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y + 1 FROM generate_series(1, 9) b(y) WHERE y > 2) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x NOT IN (SELECT y FROM generate_series(2, 3) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x NOT IN (SELECT y FROM (VALUES (2), (NULL)) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y FROM (VALUES (2), (NULL), (2)) b(y)) ORDER BY 1
SELECT x, x IN (SELECT y FROM (VALUES (2), (NULL)) b(y)) FROM generate_series(1, 2) a(x) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y FROM generate_series(1, 9) b(y) WHERE y > a.x - 1 ORDER BY y LIMIT 1) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x > ANY (SELECT y FROM generate_series(2, 3) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x > ALL (SELECT y FROM generate_series(2, 3) b(y)) ORDER BY 1
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y FROM generate_series(2, 5) b(y) WHERE EXISTS (SELECT FROM generate_series(4, 9) c(z) WHERE c.z = b.y)) ORDER BY 1
SELECT x, y FROM generate_series(1, 3) a(x), generate_series(1, 3) b(y) WHERE EXISTS (SELECT FROM generate_series(1, 6) c(z) WHERE c.z = a.x + b.y AND c.z > 4) ORDER BY 1, 2
SELECT x FROM generate_series(1, 5) a(x) WHERE x IN (SELECT y FROM generate_series(2, 3) b(y)) OR x = 5 ORDER BY 1
SELECT x FROM (SELECT g AS x FROM generate_series(1, 5) g) a WHERE x IN (SELECT y FROM generate_series(2, 3) b(y)) AND NOT EXISTS (SELECT FROM generate_series(3, 4) c(z) WHERE c.z = a.x)
SELECT x, (SELECT count(*) FROM generate_series(1, 4) b(y) WHERE EXISTS (SELECT FROM generate_series(1, 3) c(z) WHERE c.z = b.y AND c.z >= a.x)) FROM generate_series(1, 3) a(x) ORDER BY 1
-- order and limits
SELECT x FROM generate_series(1, 100) a(x) ORDER BY x % 7, x DESC LIMIT 5 OFFSET 2
SELECT x FROM generate_series(1, 10) a(x) ORDER BY x LIMIT 0
SELECT x FROM generate_series(1, 10) a(x) ORDER BY -x LIMIT NULL OFFSET 7
SELECT x / 3 AS g, x FROM generate_series(1, 9) a(x) ORDER BY 1 FETCH FIRST 3 ROWS WITH TIES
SELECT x / 3 AS g FROM generate_series(1, 9) a(x) ORDER BY 1 DESC FETCH FIRST 2 ROWS WITH TIES
SELECT x FROM (VALUES (1.5), (NULL), (-2), ('NaN'::numeric)) v(x) ORDER BY x
SELECT x FROM (VALUES (1.5::float8), (NULL), (-2), ('NaN'), (0), ('-Infinity')) v(x) ORDER BY x DESC
SELECT x FROM (VALUES ('abcdefghi'), ('abcdefgh'), ('abcdefghz'), (''), ('B'), (NULL), ('abcdefgha')) v(x) ORDER BY x
SELECT x FROM (VALUES ('abcdefghi'), ('abcdefgh'), ('abcdefghz'), (''), ('B'), (NULL), ('abcdefgha')) v(x) ORDER BY x DESC NULLS LAST LIMIT 3
SELECT x, y FROM (VALUES (2, 'b'), (1, 'z'), (2, 'a')) v(x, y) ORDER BY x USING >, y USING <
SELECT x FROM (VALUES (1)) v(x) ORDER BY x USING =
