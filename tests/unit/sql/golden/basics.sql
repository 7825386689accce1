SELECT 1
SELECT 1, 'a'::text
SELECT 1 AS one, 2 two, 'x' "Three"
SELECT 1 + 1
SELECT -5, +5, - - 5
SELECT 2147483647, 2147483648, 9223372036854775807, 9223372036854775808
SELECT 2147483647 + 1
SELECT 9223372036854775807 + 1
SELECT 1/0
SELECT 7 / 2, 7 % 2, -7 / 2, -7 % 2
SELECT 1.5, 1e3, 1.5e-3, .5
SELECT true, false, null
SELECT 'abc', 'it''s', E'a\\tb', $$dollar$$, $x$a$b$x$
SELECT 'a'\n'b'
SELECT 1 = 1, 1 <> 1, 1 != 1, 1 < 2, 1 <= 2, 1 > 2, 1 >= 2
SELECT NOT true, NOT false, true AND false, true OR false
SELECT NULL AND false, NULL AND true, NULL OR true, NULL OR false, NOT NULL
SELECT NULL IS NULL, 1 IS NULL, NULL IS NOT NULL, 1 IS NOT NULL
SELECT true IS TRUE, NULL IS TRUE, false IS FALSE, NULL IS UNKNOWN, true IS NOT TRUE, NULL IS NOT UNKNOWN
SELECT 1 IS DISTINCT FROM 2, NULL IS DISTINCT FROM NULL, NULL IS DISTINCT FROM 1, 1 IS NOT DISTINCT FROM 1
SELECT 5 BETWEEN 1 AND 10, 5 NOT BETWEEN 1 AND 10, 5 BETWEEN SYMMETRIC 10 AND 1
SELECT 1 IN (1, 2, 3), 4 IN (1, 2, 3), 4 NOT IN (1, 2, NULL), 1 IN (1, NULL)
SELECT 'a' IN ('a', 'b'), 'a' LIKE 'a%', 'abc' NOT LIKE 'b%', 'ABC' ILIKE 'abc'
SELECT CASE WHEN true THEN 1 ELSE 2 END
SELECT CASE WHEN false THEN 1 END
SELECT CASE 3 WHEN 1 THEN 'one' WHEN 3 THEN 'three' ELSE 'many' END
SELECT CASE WHEN true THEN 1 ELSE 2.5 END
SELECT CASE WHEN true THEN 1 ELSE 'x' END
SELECT CASE WHEN 1 THEN 2 END
SELECT COALESCE(NULL, 1, 2), COALESCE(NULL, NULL), COALESCE('a', 'b')
SELECT NULLIF(1, 1), NULLIF(1, 2), NULLIF('a', 'b')
SELECT GREATEST(1, 3, 2), LEAST(1, NULL, -1), GREATEST(NULL, NULL), GREATEST('a', 'b')
SELECT ARRAY[1,2,3], ARRAY['a','b'], ARRAY[[1,2],[3,4]], ARRAY[]::int[]
SELECT ARRAY[]
SELECT ARRAY[1, 'x']
SELECT ARRAY[1, 2.5]
SELECT (ARRAY[1,2,3])[2], (ARRAY[[1,2],[3,4]])[2][1], (ARRAY[1,2])[5]
SELECT 1 = ANY(ARRAY[1,2]), 3 = ANY(ARRAY[1,2]), 3 <> ALL(ARRAY[1,2]), 1 = ANY('{1,2}')
SELECT 1 = ANY(5)
SELECT '1'::int, 'x'::text, 1::text, '1.5'::numeric, 1::bigint, 1::smallint
SELECT 'abc'::int
SELECT 1, 'abc'::int
SELECT CAST('12' AS integer), CAST(1.6 AS int), int '5'
SELECT '99999999999'::int
SELECT 'abc'::varchar(2), 'abc'::char(5), 'abc'::char(2)
SELECT 1.239::numeric(4,2), 12345::numeric(3,1)
SELECT 't'::bool, 'no'::bool, 'maybe'::bool
SELECT 1::bool, 0::bool
SELECT 1::nosuch
SELECT 1::date
SELECT nosuch
SELECT nosuch(1)
SELECT abs('x', 1)
SELECT 1 + 'a'
SELECT 1 + true
SELECT 'a' + 'b'
SELECT -true
SELECT 'a' || 'b', 'a' || 1, 1 || 'a'
SELECT 1 || 2
SELECT length('abc'), upper('abc'), lower('ABC'), substr('abcdef', 2, 3)
SELECT x.a FROM nosuch x
SELECT * FROM nosuch
SELECT * FROM pg_catalog.nosuch
SELECT * FROM s.nosuch
SELECT *
SELECT t.*
SELECT x.y
;
;;
SELECT 1;
SELECT 1; SELECT 2
SELECT 1; SELECT 1/0; SELECT 3
-- errors of the grammar
SELEC 1
SELECT 1 +
SELECT 'abc
SELECT "abc
SELECT ""
SELECT /* a
SELECT é FROM b c d
SELECT 1x
SELECT $1
SELECT U&'\\00zz'
SELECT * FROM (SELECT 1)
SELECT 1 LIMIT 1,2
CREATE ASSERTION a CHECK (true)
SELECT 1::float(0)
SELECT a FROM
SELECT 1 ORDER BY 1 ORDER BY 2
)
SELECT (1
SELECT DEFAULT
-- FROM
SELECT * FROM generate_series(1, 3)
SELECT * FROM generate_series(1, 3) AS g
SELECT g FROM generate_series(1, 3) AS g
SELECT * FROM generate_series(1, 3) AS g(x)
SELECT x, x * 2 FROM generate_series(1, 3) AS g(x) WHERE x > 1
SELECT g.* FROM generate_series(1, 2) AS g
SELECT * FROM generate_series(1, 10, 3)
SELECT * FROM generate_series(3, 1, -1)
SELECT * FROM generate_series(1, 3, 0)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY
SELECT * FROM generate_series(5, 7) WITH ORDINALITY AS t(a, b)
SELECT * FROM generate_series(1, 3) AS g(x, y)
SELECT * FROM generate_series(1,2) a, generate_series(1,2) b
SELECT * FROM generate_series(1,2) a, generate_series(1,2) a
SELECT * FROM generate_series(1,2) a CROSS JOIN generate_series(3,4) b
SELECT * FROM generate_series(1,3) a JOIN generate_series(2,4) b ON a = b
SELECT * FROM generate_series(1,3) a LEFT JOIN generate_series(2,4) b ON a = b
SELECT * FROM generate_series(1,3) a RIGHT JOIN generate_series(2,4) b ON a = b
SELECT * FROM generate_series(1,3) a(x) JOIN generate_series(2,4) b(x) USING (x)
SELECT * FROM generate_series(1,3) a(x) NATURAL JOIN generate_series(2,4) b(x)
SELECT a.x, b.x FROM generate_series(1,3) a(x) LEFT JOIN generate_series(2,4) b(x) USING (x)
SELECT x FROM generate_series(1,3) a(x), generate_series(2,4) b(x)
SELECT * FROM generate_series(1,3) a(x) JOIN generate_series(2,4) b(x) USING (y)
SELECT * FROM generate_series(1,3) a(x) JOIN generate_series(2,4) b(y) ON x
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, s)
SELECT * FROM (VALUES (1), (2.5)) AS v
VALUES (1, 'x'), (2, NULL)
VALUES (1), (2, 3)
VALUES (1), ('a')
SELECT * FROM (SELECT 1 AS a, 2 AS b) t
SELECT t.a FROM (SELECT 1 AS a, 2 AS b) t WHERE b = 2
SELECT * FROM (SELECT 1 AS a) t(x)
SELECT * FROM generate_series(1,3) a, LATERAL generate_series(1, a) b
SELECT * FROM generate_series(1,3) a, generate_series(1, a) b
SELECT * FROM generate_series(1,3) a, LATERAL (SELECT a * 2 AS d) s
SELECT * FROM generate_series(1,3) a, (SELECT a * 2 AS d) s
-- WHERE
SELECT 1 WHERE true
SELECT 1 WHERE false
SELECT 1 WHERE NULL
SELECT 1 WHERE 1
SELECT 1 WHERE 'x'
SELECT 1 WHERE count(*) > 0
SELECT 1 WHERE generate_series(1,2) = 1
-- ORDER BY
SELECT x FROM generate_series(1,3) x ORDER BY x DESC
SELECT x FROM generate_series(1,3) x ORDER BY 1 DESC
SELECT x AS y FROM generate_series(1,3) x ORDER BY y DESC
SELECT x FROM generate_series(1,3) x ORDER BY -x
SELECT x FROM generate_series(1,3) x ORDER BY 2
SELECT x FROM generate_series(1,3) x ORDER BY 0
SELECT x FROM generate_series(1,3) x ORDER BY 'a'
SELECT x FROM generate_series(1,3) x ORDER BY nosuch
SELECT * FROM (VALUES (1), (NULL), (2)) v(x) ORDER BY x
SELECT * FROM (VALUES (1), (NULL), (2)) v(x) ORDER BY x DESC
SELECT * FROM (VALUES (1), (NULL), (2)) v(x) ORDER BY x NULLS FIRST
SELECT * FROM (VALUES (1), (NULL), (2)) v(x) ORDER BY x DESC NULLS LAST
SELECT * FROM (VALUES (1, 'b'), (1, 'a'), (0, 'z')) v(x, y) ORDER BY x, y
VALUES (3), (1), (2) ORDER BY 1
VALUES (3), (1), (2) ORDER BY column1 DESC LIMIT 2
-- LIMIT
SELECT x FROM generate_series(1,10) x LIMIT 3
SELECT x FROM generate_series(1,10) x LIMIT 3 OFFSET 2
SELECT x FROM generate_series(1,10) x OFFSET 8
SELECT x FROM generate_series(1,10) x FETCH FIRST 2 ROWS ONLY
SELECT x FROM generate_series(1,3) x LIMIT ALL
SELECT x FROM generate_series(1,3) x LIMIT NULL
SELECT x FROM generate_series(1,3) x LIMIT 0
SELECT x FROM generate_series(1,3) x LIMIT -1
SELECT x FROM generate_series(1,3) x OFFSET -1
SELECT x FROM generate_series(1,3) x LIMIT x
SELECT x FROM generate_series(1,3) x LIMIT 'a'
SELECT x FROM generate_series(1,3) x LIMIT true
SELECT x FROM generate_series(1,3) x LIMIT 1.6
SELECT x FROM generate_series(1,3) x LIMIT (SELECT 2)
-- DISTINCT
SELECT DISTINCT x % 2 FROM generate_series(1,5) x ORDER BY 1
SELECT DISTINCT x FROM (VALUES (1), (NULL), (1), (NULL)) v(x) ORDER BY x
SELECT DISTINCT ON (x % 2) x FROM generate_series(1,6) x ORDER BY x % 2, x DESC
SELECT DISTINCT x FROM generate_series(1,3) x ORDER BY -x
SELECT DISTINCT ON (x) x FROM generate_series(1,3) x ORDER BY -x
-- aggregates
SELECT count(*) FROM generate_series(1, 1000)
SELECT count(*), sum(x), avg(x), min(x), max(x) FROM generate_series(1, 10) x
SELECT count(*), sum(x), min(x) FROM generate_series(1, 0) x
SELECT count(x), count(DISTINCT x % 3) FROM generate_series(1, 10) x
SELECT count(*) FILTER (WHERE x > 5) FROM generate_series(1, 10) x
SELECT x % 3 AS k, count(*), sum(x) FROM generate_series(1, 10) x GROUP BY x % 3 ORDER BY k
SELECT x % 3 AS k, count(*) FROM generate_series(1, 10) x GROUP BY k ORDER BY k
SELECT x % 3 AS k, count(*) FROM generate_series(1, 10) x GROUP BY 1 ORDER BY 1
SELECT x % 3 AS k, count(*) FROM generate_series(1, 10) x GROUP BY 1 HAVING count(*) > 3
SELECT x, count(*) FROM generate_series(1, 10) x
SELECT x FROM generate_series(1, 10) x GROUP BY x % 3
SELECT g.x + 1 FROM generate_series(1, 10) g(x) GROUP BY x + 2
SELECT sum(count(*)) FROM generate_series(1, 10) x
SELECT count(*) FROM generate_series(1, 10) x GROUP BY count(*)
SELECT count(*) FROM generate_series(1, 10) x GROUP BY 2
SELECT 1 FROM generate_series(1, 10) x HAVING true
SELECT 1 FROM generate_series(1, 10) x HAVING x > 1
SELECT count()
SELECT sum(*)
SELECT count(DISTINCT *)
SELECT abs(DISTINCT 1)
SELECT abs(1 ORDER BY 2)
SELECT abs(1) FILTER (WHERE true)
SELECT array_agg(x ORDER BY x DESC) FROM generate_series(1, 5) x
SELECT string_agg(x::text, ',' ORDER BY x) FROM generate_series(1, 5) x
SELECT bool_and(x > 0), bool_or(x > 4) FROM generate_series(1, 5) x
SELECT 1 + count(*) * 2 FROM generate_series(1, 5) x
SELECT count(*) FROM generate_series(1,3) a JOIN generate_series(1,3) b ON count(*) > 1
-- set operations
SELECT 1 UNION SELECT 2 ORDER BY 1
SELECT 1 UNION ALL SELECT 1
SELECT 1 UNION SELECT 1
SELECT 1 AS a UNION SELECT 2.5 AS b ORDER BY a
SELECT 'x' UNION SELECT 'y' ORDER BY 1
SELECT 1 UNION SELECT 'x'
SELECT 1 UNION SELECT '2' ORDER BY 1
SELECT 1, 2 UNION SELECT 1
SELECT 1 UNION SELECT true
SELECT x FROM generate_series(1,5) x INTERSECT SELECT x FROM generate_series(3,9) x ORDER BY 1
SELECT x FROM generate_series(1,5) x EXCEPT SELECT x FROM generate_series(3,9) x ORDER BY 1
SELECT x % 2 FROM generate_series(1,5) x EXCEPT ALL SELECT 1 ORDER BY 1
SELECT x % 2 FROM generate_series(1,5) x INTERSECT ALL SELECT x % 2 FROM generate_series(1,3) x ORDER BY 1
SELECT 1 UNION SELECT 2 ORDER BY 1 + 1
SELECT 1 AS a UNION SELECT 2 ORDER BY b
SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 LIMIT 2
(SELECT 2 UNION SELECT 1) EXCEPT SELECT 1
SELECT NULL UNION SELECT 1 ORDER BY 1
-- subqueries
SELECT (SELECT 1)
SELECT (SELECT 1 AS a)
SELECT (SELECT 1, 2)
SELECT (SELECT 1 WHERE false)
SELECT (SELECT x FROM generate_series(1,2) x)
SELECT EXISTS (SELECT 1), EXISTS (SELECT 1 WHERE false), NOT EXISTS (SELECT 1)
SELECT 2 IN (SELECT x FROM generate_series(1,3) x), 5 NOT IN (SELECT x FROM generate_series(1,3) x)
SELECT 1 IN (SELECT NULL::int), 1 NOT IN (SELECT NULL::int)
SELECT 2 > ALL (SELECT x FROM generate_series(1,3) x), 2 > ANY (SELECT x FROM generate_series(1,3) x)
SELECT ARRAY(SELECT x FROM generate_series(1,3) x)
SELECT ARRAY(SELECT x FROM generate_series(1,0) x)
SELECT x, (SELECT count(*) FROM generate_series(1, x)) FROM generate_series(1,3) x
SELECT x FROM generate_series(1,5) x WHERE EXISTS (SELECT 1 FROM generate_series(1,2) y WHERE y = x)
SELECT x FROM generate_series(1,5) x WHERE x IN (SELECT y FROM generate_series(1,2) y WHERE y < x + 1)
SELECT (SELECT (SELECT x)) FROM generate_series(1,2) x
SELECT 1 IN (SELECT 1, 2)
SELECT 1 = (SELECT 'x')
SELECT (SELECT x FROM generate_series(1,1) y) FROM generate_series(1,2) x GROUP BY x
SELECT (SELECT x FROM generate_series(1,1) y) FROM generate_series(1,2) x, generate_series(1,2) z GROUP BY z
-- sets in the select list
SELECT generate_series(1,3)
SELECT generate_series(1,3), 'a'
SELECT generate_series(1,2), generate_series(1,3)
SELECT generate_series(1,3) * 2
SELECT x, generate_series(1,x) FROM generate_series(1,3) x
SELECT generate_series(1, generate_series(1,3))
SELECT unnest(ARRAY[1,2,3])
SELECT * FROM unnest(ARRAY['a','b']) WITH ORDINALITY
SELECT generate_series(1,3) LIMIT 2
SELECT count(generate_series(1,3))
-- rows
SELECT (1, 2) = (1, 2), (1, 2) = (1, 3), (1, 2) <> (1, 3)
SELECT (1, 2) = (1, 2, 3)
SELECT (1, 2) IN ((1, 2), (3, 4))
-- names
SELECT pg_catalog.abs(-1)
SELECT public.abs(-1)
SELECT current_user, session_user, current_database(), current_schema, user, current_role, current_catalog
SELECT current_schemas(true), current_schemas(false)
SELECT current_setting('work_mem'), current_setting('nosuch', true)
SELECT current_setting('nosuch')
SELECT set_config('work_mem', '8MB', false), current_setting('work_mem')
SELECT count(*) > 10 FROM pg_settings
SELECT name, setting, unit, vartype FROM pg_settings WHERE name = 'work_mem'
SELECT s.nosuch FROM pg_settings s
SELECT pg_settings.nosuch FROM pg_settings
SELECT nosuch FROM pg_settings
