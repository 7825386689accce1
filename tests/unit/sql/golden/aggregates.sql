SELECT string_agg(x, ',' ORDER BY x DESC), array_agg(x ORDER BY length(x), x) FROM (VALUES ('b'), ('aa'), ('c'), (NULL)) v(x)
SELECT string_agg(DISTINCT x, ',' ORDER BY x DESC), string_agg(DISTINCT x, ',') FROM (VALUES ('b'), ('a'), ('b')) v(x)
SELECT string_agg(DISTINCT x, ',' ORDER BY length(x)) FROM (VALUES ('b'), ('a'), ('b')) v(x)
SELECT count(DISTINCT x), sum(DISTINCT x), avg(DISTINCT x), array_agg(DISTINCT x) FROM (VALUES (1), (2), (2), (NULL)) v(x)
SELECT array_agg(DISTINCT x ORDER BY x DESC NULLS LAST), array_agg(x ORDER BY x NULLS FIRST) FROM (VALUES (1), (2), (2), (NULL)) v(x)
SELECT count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x IS NULL), array_agg(x ORDER BY x) FILTER (WHERE x < 3) FROM (VALUES (1), (2), (3), (NULL)) v(x)
SELECT x % 2, count(DISTINCT x / 2) FILTER (WHERE x > 2), string_agg(x::text, '-' ORDER BY -x) FROM generate_series(1, 9) x GROUP BY 1 ORDER BY 1
SELECT array_agg(x ORDER BY x % 3, -x) FROM generate_series(1, 7) x
SELECT array_agg((SELECT x) ORDER BY x DESC) FROM generate_series(1, 3) x
SELECT min(x ORDER BY x) FROM generate_series(1, 3) x
-- ordered sets
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x), percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 4) x
SELECT percentile_cont(0) WITHIN GROUP (ORDER BY x), percentile_cont(1) WITHIN GROUP (ORDER BY x), percentile_cont(0.25) WITHIN GROUP (ORDER BY x DESC) FROM generate_series(1, 4) x
SELECT percentile_cont(ARRAY[0, 0.3, 1, NULL]) WITHIN GROUP (ORDER BY x), percentile_disc(ARRAY[[0.1, 0.9], [0.5, NULL]]) WITHIN GROUP (ORDER BY x::text) FROM generate_series(1, 5) x
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x), mode() WITHIN GROUP (ORDER BY x), mode() WITHIN GROUP (ORDER BY x DESC) FROM (VALUES ('b'), ('a'), ('b'), ('c'), ('c'), (NULL)) v(x)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d) FROM (VALUES (interval '1 day'), ('2 days'), ('4 hours'), ('10 days')) v(d)
SELECT x % 2, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FILTER (WHERE x > 2) FROM generate_series(1, 7) x GROUP BY 1 ORDER BY 1
SELECT percentile_cont(x % 2) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 3) x GROUP BY x % 2 ORDER BY 1
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 0) x
SELECT percentile_cont(NULL) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 2) x
SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 2) x
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY 'a'::text)
SELECT percentile_cont(0.5) FROM generate_series(1, 2) x
SELECT percentile_cont(0.5, x) FROM generate_series(1, 2) x
SELECT mode() FROM generate_series(1, 2) x
SELECT sum(x) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 2) x
SELECT lower('a') WITHIN GROUP (ORDER BY 1)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) OVER () FROM generate_series(1, 2) x
SELECT percentile_cont(x) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 2) x
-- errors
SELECT sum(sum(x)) FROM generate_series(1, 2) x
SELECT 1 WHERE sum(1) = 1
SELECT x FROM generate_series(1, 2) x GROUP BY sum(x)
SELECT sum(x), x FROM generate_series(1, 2) x
SELECT count(DISTINCT) FROM generate_series(1, 2) x
SELECT lower(DISTINCT 'a')
SELECT lower('a' ORDER BY 1)
SELECT sum(x) FILTER (WHERE x) FROM generate_series(1, 2) x
SELECT sum(x) FILTER (WHERE sum(x) > 1) FROM generate_series(1, 2) x
SELECT count(x) FROM generate_series(1, 3) x HAVING count(x) > 5
SELECT count(*) FROM generate_series(1, 3) x HAVING x > 1
SELECT x, count(*) FROM generate_series(1, 3) x GROUP BY x HAVING x > 1 ORDER BY x
SELECT x + 1, count(*) FROM generate_series(1, 3) x GROUP BY x + 1 ORDER BY x + 1 DESC
