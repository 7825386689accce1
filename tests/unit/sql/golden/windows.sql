SELECT i, row_number() OVER (ORDER BY i DESC) FROM generate_series(1, 4) i ORDER BY i
SELECT i, rank() OVER (ORDER BY i / 2), dense_rank() OVER (ORDER BY i / 2), percent_rank() OVER (ORDER BY i / 2), cume_dist() OVER (ORDER BY i / 2) FROM generate_series(1, 6) i ORDER BY i
SELECT i, ntile(3) OVER (ORDER BY i), ntile(10) OVER (ORDER BY i), ntile(1) OVER (ORDER BY i) FROM generate_series(1, 8) i ORDER BY i
SELECT ntile(0) OVER (ORDER BY i) FROM generate_series(1, 2) i
SELECT ntile(NULL) OVER (ORDER BY i) FROM generate_series(1, 2) i
SELECT i, lag(i) OVER w, lead(i) OVER w, lag(i, 2) OVER w, lead(i, 2, -1) OVER w, lag(i, 0) OVER w, lag(i, -1) OVER w, lag(i, NULL) OVER w FROM generate_series(1, 5) i WINDOW w AS (ORDER BY i) ORDER BY i
SELECT i, lag(i::text, 1, 'none') OVER (ORDER BY i) FROM generate_series(1, 3) i ORDER BY i
SELECT i, lag(i, 1, 0.5) OVER (ORDER BY i) FROM generate_series(1, 3) i ORDER BY i
SELECT i, first_value(i) OVER w, last_value(i) OVER w, nth_value(i, 2) OVER w FROM generate_series(1, 5) i WINDOW w AS (ORDER BY i) ORDER BY i
SELECT i, first_value(i) OVER w, last_value(i) OVER w, nth_value(i, 2) OVER w FROM generate_series(1, 5) i WINDOW w AS (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY i
SELECT nth_value(i, 0) OVER () FROM generate_series(1, 2) i
SELECT nth_value(i, NULL) OVER () FROM generate_series(1, 2) i
-- partitions
SELECT i, i % 3 AS p, row_number() OVER (PARTITION BY i % 3 ORDER BY i), sum(i) OVER (PARTITION BY i % 3 ORDER BY i), sum(i) OVER (PARTITION BY i % 3), count(*) OVER () FROM generate_series(1, 10) i ORDER BY i
SELECT x, y, rank() OVER (PARTITION BY x ORDER BY y NULLS FIRST), rank() OVER (PARTITION BY x ORDER BY y DESC) FROM (VALUES (1, 2), (1, NULL), (2, 3), (NULL, 1), (NULL, 1), (1, 2)) v(x, y) ORDER BY x, y
SELECT i, avg(i) OVER (ORDER BY i ROWS 2 PRECEDING), min(i) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), max(i) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM generate_series(1, 6) i ORDER BY i
SELECT i, string_agg(i::text, ',') OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), array_agg(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM generate_series(1, 4) i ORDER BY i
SELECT i, count(*) FILTER (WHERE i % 2 = 0) OVER (ORDER BY i), sum(i) FILTER (WHERE i > 2) OVER () FROM generate_series(1, 4) i ORDER BY i
SELECT i, count(n) OVER (ORDER BY i), sum(n) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, NULL), (2, 5), (3, NULL), (4, NULL)) v(i, n) ORDER BY i
-- frames
SELECT i, array_agg(i) OVER (ORDER BY i RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i DESC RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i RANGE BETWEEN 1 FOLLOWING AND 4 FOLLOWING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM (VALUES (1), (3), (4), (4), (5), (9)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES (1), (NULL), (2), (NULL), (4)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) FROM (VALUES (1), (NULL), (2), (NULL), (4)) v(i) ORDER BY i
SELECT i, array_agg(i) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW), array_agg(i) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP), array_agg(i) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES), array_agg(i) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE NO OTHERS) FROM (VALUES (1), (3), (3), (5)) v(i) ORDER BY i
SELECT i, first_value(i) OVER w, last_value(i) OVER w, nth_value(i, 2) OVER w, count(*) OVER w FROM generate_series(1, 5) i WINDOW w AS (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) ORDER BY i
SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN '1 day' PRECEDING AND '2 days' FOLLOWING) FROM (VALUES (date '2024-01-01'), ('2024-01-02'), ('2024-01-04'), ('2024-02-01')) v(d) ORDER BY d
SELECT d, count(*) OVER (ORDER BY d DESC RANGE BETWEEN interval '1 month' PRECEDING AND CURRENT ROW) FROM (VALUES (timestamp '2024-01-31'), ('2024-02-29'), ('2024-03-31')) v(d) ORDER BY d
SELECT t, count(*) OVER (ORDER BY t RANGE BETWEEN '1 hour' PRECEDING AND '1 hour' FOLLOWING) FROM (VALUES (time '00:10'), ('01:00'), ('23:30')) v(t) ORDER BY t
SELECT n, count(*) OVER (ORDER BY n RANGE BETWEEN 0.5 PRECEDING AND 0.5 FOLLOWING) FROM (VALUES (1.0), (1.5), (1.6), (3)) v(n) ORDER BY n
SELECT f, count(*) OVER (ORDER BY f RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES (1.0::float8), (1.5), ('NaN'), ('Infinity'), ('-Infinity')) v(f) ORDER BY f
SELECT i, count(*) OVER (ORDER BY i RANGE BETWEEN 9223372036854775807 PRECEDING AND 9223372036854775807 FOLLOWING) FROM (VALUES (-9223372036854775808), (0), (9223372036854775807)) v(i) ORDER BY i
SELECT i, sum(i) OVER (ORDER BY i RANGE BETWEEN -1 PRECEDING AND CURRENT ROW) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND NULL FOLLOWING) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND i FOLLOWING) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (ORDER BY i ROWS '1' PRECEDING) FROM generate_series(1, 3) i ORDER BY 1
SELECT i, sum(i) OVER (ORDER BY i ROWS 1.5 PRECEDING) FROM generate_series(1, 3) i ORDER BY 1
SELECT i, sum(i) OVER (ORDER BY i ROWS true PRECEDING) FROM generate_series(1, 3) i ORDER BY 1
SELECT i, sum(i) OVER (RANGE 1 PRECEDING) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (GROUPS 1 PRECEDING) FROM generate_series(1, 2) i
SELECT i, sum(i) OVER (ORDER BY i::text RANGE 1 PRECEDING) FROM generate_series(1, 2) i
SELECT d, count(*) OVER (ORDER BY d RANGE 1 PRECEDING) FROM (VALUES (date '2024-01-01')) v(d)
SELECT sum(1) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW)
SELECT sum(1) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)
SELECT sum(1) OVER (ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW)
-- named windows
SELECT i, sum(i) OVER w, sum(i) OVER (w ORDER BY i), sum(i) OVER (w ORDER BY i ROWS 1 PRECEDING) FROM generate_series(1, 4) i WINDOW w AS (PARTITION BY i % 2) ORDER BY i
SELECT i, sum(i) OVER v FROM generate_series(1, 4) i WINDOW w AS (PARTITION BY i % 2), v AS (w ORDER BY i) ORDER BY i
SELECT sum(1) OVER nosuch
SELECT sum(1) OVER (nosuch)
SELECT sum(1) OVER w WINDOW w AS (), w AS ()
SELECT sum(1) OVER (w PARTITION BY 1) WINDOW w AS ()
SELECT sum(1) OVER (w ORDER BY 1) WINDOW w AS (ORDER BY 2)
SELECT sum(1) OVER (w) WINDOW w AS (ROWS 1 PRECEDING)
SELECT sum(1) OVER (w ORDER BY 1) WINDOW w AS (ROWS 1 PRECEDING)
SELECT 1 WINDOW w AS (ORDER BY nosuch)
-- over groups
SELECT i % 2 AS p, sum(i), rank() OVER (ORDER BY sum(i) DESC), sum(sum(i)) OVER () FROM generate_series(1, 5) i GROUP BY i % 2 ORDER BY 1
SELECT count(*) OVER (), max(count(*)) OVER (ORDER BY i % 3) FROM generate_series(1, 7) i GROUP BY i % 3 ORDER BY 2
SELECT sum(i) OVER () FROM generate_series(1, 3) i GROUP BY i % 2
SELECT i FROM generate_series(1, 5) i ORDER BY row_number() OVER (ORDER BY -i)
SELECT DISTINCT count(*) OVER (PARTITION BY i % 2) FROM generate_series(1, 5) i ORDER BY 1
SELECT DISTINCT ON (rank() OVER (ORDER BY i / 2)) i FROM generate_series(1, 5) i ORDER BY rank() OVER (ORDER BY i / 2), i
SELECT i, generate_series(1, row_number() OVER (ORDER BY i)) FROM generate_series(1, 3) i ORDER BY 1, 2
SELECT 1 + row_number() OVER () * 2, row_number() OVER () FROM generate_series(1, 2)
SELECT * FROM (SELECT i, row_number() OVER (PARTITION BY i % 2 ORDER BY i) AS n FROM generate_series(1, 6) i) t WHERE n = 1 ORDER BY i
SELECT rank() OVER (ORDER BY i), i FROM generate_series(1, 0) i
SELECT sum(i) OVER (ORDER BY (SELECT 1)), (SELECT sum(i) OVER ()) FROM generate_series(1, 2) i
SELECT o, (SELECT sum(x + o) OVER (ORDER BY x DESC) FROM generate_series(1, 3) x ORDER BY x LIMIT 1) FROM generate_series(1, 2) o ORDER BY 1
-- errors
SELECT row_number() FROM generate_series(1, 2)
SELECT lower('A') OVER ()
SELECT 1 WHERE row_number() OVER () = 1
SELECT 1 GROUP BY row_number() OVER ()
SELECT 1 HAVING row_number() OVER () = 1
SELECT 1 FROM generate_series(1, row_number() OVER ())
SELECT 1 FROM (VALUES (1)) a JOIN (VALUES (2)) b ON rank() OVER () = 1
SELECT 1 LIMIT row_number() OVER ()
SELECT sum(row_number() OVER ())
SELECT sum(sum(1) OVER ()) OVER ()
SELECT sum(1) OVER (ORDER BY row_number() OVER ())
SELECT count(DISTINCT 1) OVER ()
SELECT string_agg('a', ',' ORDER BY 1) OVER ()
SELECT row_number() FILTER (WHERE true) OVER ()
SELECT sum(generate_series(1, 2)) OVER ()
SELECT nosuch() OVER ()
SELECT sum(i) OVER (PARTITION BY j) FROM generate_series(1, 2) i
SELECT sum(DISTINCT i) OVER (ORDER BY i) FROM generate_series(1, 2) i
SELECT rank() OVER (ORDER BY 1 / (i - 1)) FROM generate_series(1, 2) i
