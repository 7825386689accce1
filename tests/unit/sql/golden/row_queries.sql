SELECT (1, 2) < (1, 3), (1, 2) < (1, 2), (1, 2) <= (1, 2), (2, 1) > (1, 9), (1, 2) >= (1, 3)
SELECT (1, NULL) < (2, NULL), (1, NULL) < (1, 2), (NULL, 1) < (1, 2), (1, NULL) = (2, NULL), (1, NULL) = (1, NULL)
SELECT (1, 'a') < (1, 'b'), ('a', 1.5) <> ('a', 1.5)
SELECT (1, 2) = (1, 2, 3)
SELECT ROW() = ROW()
SELECT (1, 2) ~ (1, 2)
SELECT (1, 2) IS NULL, (NULL, NULL) IS NULL, (1, NULL) IS NULL, (1, NULL) IS NOT NULL, (1, 2) IS NOT NULL
SELECT (1, NULL) IS DISTINCT FROM (1, NULL), (1, 2) IS DISTINCT FROM (1, NULL), (1, 2) IS NOT DISTINCT FROM (1, 2)
SELECT (1, 2) IN ((1, 2), (3, 4)), (1, 2) NOT IN ((1, 3)), (1, NULL) IN ((1, 2))
SELECT (1, 2) IN (SELECT x, x + 1 FROM generate_series(1, 3) x)
SELECT (1, 5) NOT IN (SELECT x, x + 1 FROM generate_series(1, 3) x)
SELECT (1, 2) IN (SELECT x FROM generate_series(1, 3) x)
SELECT 1 IN (SELECT x, x FROM generate_series(1, 3) x)
SELECT (2, 2) < ALL (SELECT x, x + 1 FROM generate_series(2, 3) x), (3, 3) > ANY (SELECT x, x + 1 FROM generate_series(2, 3) x)
SELECT (1, 2) = (SELECT 1, 2), (1, 2) < (SELECT 1, 3), (1, 2) = (SELECT 1, 2 WHERE false)
SELECT (1, 2) = (SELECT x, x + 1 FROM generate_series(1, 2) x)
SELECT a.x, b.y FROM generate_series(1, 3) a(x), generate_series(1, 3) b(y) WHERE (a.x, b.y) IN (SELECT z, z + 1 FROM generate_series(1, 3) z) ORDER BY 1
SELECT t.* FROM (VALUES (1, 'a')) t(x, y)
SELECT (t).x, (t).y FROM (VALUES (1, 'a')) t(x, y)
SELECT count(t) FROM (VALUES (1, 'a'), (NULL, NULL)) t(x, y)
-- slices
SELECT (ARRAY[1,2,3,4])[2:3], (ARRAY[1,2,3,4])[:2], (ARRAY[1,2,3,4])[3:], (ARRAY[1,2,3,4])[:]
SELECT (ARRAY[[1,2,3],[4,5,6],[7,8,9]])[2:3][1:2], (ARRAY[[1,2,3],[4,5,6]])[1:1], (ARRAY[[1,2,3],[4,5,6]])[2][2:3]
SELECT (ARRAY[1,2,3])[5:9], (ARRAY[1,2,3])[3:2], (ARRAY[1,2,3])[0:1], (ARRAY[1,2,3])[NULL:2]
SELECT ('[5:7]={a,b,c}'::text[])[6:7], ('[5:7]={a,b,c}'::text[])[:5]
SELECT (ARRAY[1,2,3])['1':'2'], (ARRAY[1,2,3])[1.4:2]
SELECT (ARRAY[1,2,3])[true:2]
SELECT ('{}'::int[])[1:2], (NULL::int[])[1:2]
SELECT (ARRAY[1,2])[1:2][1:1]
SELECT (5)[1:2]
