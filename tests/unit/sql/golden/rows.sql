--- session
SELECT ROW(1, 'a', NULL, 1.50, true)
SELECT (1, 2), ROW(), ROW(NULL), ROW('')
SELECT ROW('a b', 'c"d', 'e\\f', 'g,h', '(i)')
SELECT ROW(1, ROW(2, ROW(3, 'x y')))
SELECT ROW(ARRAY[1,2], ARRAY['a b','c'])
SELECT ARRAY[ROW(1, 'a'), ROW(2, 'b')]
SELECT ARRAY[ROW(1, 'a'), ROW('x', 2)]
SELECT (1, 2) = (1, 2), (1, 2) <> (1, 3), (1, NULL) = (1, 2), (1, NULL) = (2, 2)
SELECT (1, 2) < (1, 3), (1, 2) <= (1, 2), (2, 1) > (1, 5), (1, 2) >= (1, 3)
SELECT (1, NULL) < (1, 2), (1, NULL) < (2, 1), (NULL, 1) < (1, 1)
SELECT (1, 'b') < (1.5, 'a'), (1, 'b') > (1, 'a')
SELECT (1, 2) = (1, 2, 3)
SELECT (1, 2) < (1, 'x')
SELECT ROW() = ROW()
SELECT (1, 2) || (3, 4)
SELECT ROW(1, NULL) IS NULL, ROW(NULL, NULL) IS NULL, ROW(1, 2) IS NOT NULL, ROW(1, NULL) IS NOT NULL
SELECT ROW(1, 2) IS DISTINCT FROM ROW(1, 2), ROW(1, NULL) IS DISTINCT FROM ROW(1, NULL), ROW(1, 2) IS NOT DISTINCT FROM ROW(1, 3)
SELECT (ROW(1, 'a'::text)).f2, (ROW(1, ROW(2, 3))).f2
SELECT (ROW(1, 'a')).f3
SELECT (1).x
SELECT (r).f1 + 1 FROM (SELECT ROW(1, 'a') AS r) s
SELECT (1, 2) IN ((1, 2), (3, 4)), (1, 2) NOT IN ((1, 3))
SELECT r FROM (VALUES (ROW(2, 'b'::text)), (ROW(1, 'c'::text)), (ROW(1, 'a'::text))) v(r) ORDER BY r
SELECT r, count(*) FROM (VALUES (ROW(1, 'a'::text)), (ROW(1, 'a'::text)), (ROW(2, 'a'::text))) v(r) GROUP BY r ORDER BY r
SELECT DISTINCT r FROM (VALUES (ROW(1, 2)), (ROW(1, 2))) v(r)
SELECT r = s FROM (SELECT ROW(1, 2) r, ROW(1, 3) s) t
SELECT r < s FROM (SELECT ROW(1, 2) r, ROW(1, 3) s) t
SELECT r = s FROM (SELECT ROW(1, 2) r, ROW(1, 'x'::text) s) t
SELECT r = s FROM (SELECT ROW(1, 2) r, ROW(1) s) t
SELECT r IS NULL, r IS NOT NULL FROM (SELECT ROW(NULL, 1) r) t
SELECT ROW(1, 2)::text, pg_typeof(ROW(1, 2)), pg_typeof(ARRAY[ROW(1)])
SELECT '(1,2)'::record
SELECT COALESCE(ROW(1, 2), ROW(3, 4)), CASE WHEN false THEN ROW(1) ELSE ROW(2) END
SELECT array_agg(ROW(x, y) ORDER BY x) FROM (VALUES (2, 'b'), (1, 'a')) v(x, y)
SELECT unnest(ARRAY[ROW(1, 'a'), ROW(2, 'b')])
SELECT max(x), min(x) FROM (VALUES ('0/10'::pg_lsn), ('0/2')) v(x)
SELECT regr_slope(y, x), regr_intercept(y, x), corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_count(y, x) FROM (VALUES (1.0::float8, 1.0::float8), (3, 2), (4, 3), (NULL, 4)) v(y, x)
SELECT to_regtype('integer'), to_regtype('no_such_type')
SELECT 'no_such_type'::regtype
