-- Aggregates over tables: GROUP BY, HAVING, DISTINCT, FILTER, ORDER BY, empty input
CREATE TABLE s (id int, region text, product text, qty int, price numeric(8, 2), sold date, ok bool)
INSERT INTO s VALUES (1, 'n', 'x', 5, 1.50, '2020-01-01', true), (2, 'n', 'y', 3, 2.25, '2020-01-02', false), (3, 's', 'x', 7, 1.50, '2020-02-01', NULL), (4, 's', 'x', NULL, 9.99, NULL, true), (5, 'e', 'z', 0, NULL, '2020-03-01', true), (6, NULL, 'y', 2, 2.25, '2020-03-01', false)
SELECT count(*), count(qty), count(region), count(DISTINCT region) FROM s
SELECT sum(qty), avg(qty), min(qty), max(qty) FROM s
SELECT sum(price), avg(price), min(price), max(price) FROM s
SELECT sum(qty * price) FROM s
SELECT min(sold), max(sold), min(region), max(product) FROM s
SELECT bool_and(ok), bool_or(ok), every(ok) FROM s
SELECT region, count(*), sum(qty) FROM s GROUP BY region ORDER BY region
SELECT region, product, count(*) FROM s GROUP BY region, product ORDER BY region, product
SELECT region, product, sum(qty) FROM s GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2
SELECT upper(region) AS r, count(*) FROM s GROUP BY r ORDER BY r
SELECT qty % 2 AS odd, array_agg(id ORDER BY id) FROM s GROUP BY qty % 2 ORDER BY odd
SELECT region, count(*) FROM s GROUP BY region HAVING count(*) > 1 ORDER BY region
SELECT region FROM s GROUP BY region HAVING sum(qty) > 3 AND region IS NOT NULL ORDER BY region
SELECT count(*) FROM s HAVING count(*) > 100
SELECT 1 FROM s HAVING true
SELECT count(*) FILTER (WHERE ok), sum(qty) FILTER (WHERE price > 2), avg(qty) FILTER (WHERE false) FROM s
SELECT region, count(*) FILTER (WHERE product = 'x') FROM s GROUP BY region ORDER BY region
SELECT sum(DISTINCT qty), count(DISTINCT price), avg(DISTINCT price), sum(DISTINCT price) FROM s
SELECT count(DISTINCT (region, product)) FROM s
SELECT string_agg(product, ',' ORDER BY id), string_agg(DISTINCT product, ',' ORDER BY product DESC) FROM s
SELECT string_agg(region, '-' ORDER BY region) FROM s
SELECT array_agg(qty ORDER BY qty DESC NULLS LAST), array_agg(DISTINCT product ORDER BY product) FROM s
SELECT json_agg(product ORDER BY id), jsonb_agg(qty ORDER BY id) FROM s
SELECT json_object_agg(id, product ORDER BY id), jsonb_object_agg(product, qty) FROM s
SELECT region, json_agg(json_build_object('id', id, 'qty', qty) ORDER BY id) FROM s GROUP BY region ORDER BY region
SELECT bit_and(qty), bit_or(qty), bit_xor(qty) FROM s
SELECT stddev(qty), variance(qty), stddev_pop(qty), var_pop(qty), stddev_samp(price), var_samp(price) FROM s
SELECT corr(qty, id), covar_pop(qty, id), covar_samp(qty, id), regr_slope(qty, id), regr_intercept(qty, id), regr_count(qty, id), regr_r2(qty, id) FROM s
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY qty), percentile_disc(0.5) WITHIN GROUP (ORDER BY qty), mode() WITHIN GROUP (ORDER BY product) FROM s
SELECT percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY qty), percentile_disc(ARRAY[0, 1]) WITHIN GROUP (ORDER BY sold) FROM s
SELECT rank(3) WITHIN GROUP (ORDER BY qty), dense_rank(3) WITHIN GROUP (ORDER BY qty), percent_rank(3) WITHIN GROUP (ORDER BY qty) FROM s
SELECT count(*), sum(qty), avg(qty), max(qty), array_agg(qty), string_agg(product, ','), bool_and(ok) FROM s WHERE false
SELECT region, count(*) FROM s WHERE false GROUP BY region
SELECT sum(qty) + count(*) * 2 AS n, round(avg(price), 3) FROM s
SELECT max(qty) - min(qty), max(length(product)) FROM s
SELECT coalesce(region, 'none'), sum(coalesce(qty, 0)) FROM s GROUP BY coalesce(region, 'none') ORDER BY 1
SELECT region, sum(qty) FROM s GROUP BY region ORDER BY sum(qty) DESC NULLS LAST, region LIMIT 2
SELECT region FROM s GROUP BY region ORDER BY count(*), region
SELECT DISTINCT count(*) FROM s GROUP BY region ORDER BY 1
SELECT (SELECT count(*) FROM s t WHERE t.region = s.region) AS same, region FROM s GROUP BY region ORDER BY region
SELECT region, (SELECT max(s2.qty) FROM s s2 WHERE s2.region = s.region) FROM s GROUP BY region ORDER BY 1
SELECT sum(x.c) FROM (SELECT region, count(*) AS c FROM s GROUP BY region) x
SELECT avg(total), max(total) FROM (SELECT sum(qty) AS total FROM s GROUP BY product) t
SELECT CASE WHEN count(*) > 5 THEN 'many' ELSE 'few' END FROM s
SELECT product, sum(CASE WHEN region = 'n' THEN qty ELSE 0 END) AS n, sum(CASE WHEN region = 's' THEN qty END) AS s FROM s GROUP BY product ORDER BY product
SELECT extract(month FROM sold) AS m, count(*) FROM s GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', sold) AS m, sum(qty * price) FROM s GROUP BY m ORDER BY m
SELECT region, qty FROM s GROUP BY region
SELECT region, count(*) FROM s
SELECT count(*) FROM s WHERE count(*) > 1
SELECT sum(count(*)) FROM s
SELECT sum(sum(qty)) OVER () FROM s
SELECT region FROM s GROUP BY nosuch
SELECT region FROM s GROUP BY 5
SELECT sum(product) FROM s
SELECT nosuch(qty) FROM s
SELECT count() FROM s
SELECT sum(*) FROM s
SELECT max(DISTINCT *) FROM s
SELECT length(product) FILTER (WHERE true) FROM s
SELECT length(DISTINCT product) FROM s
SELECT string_agg(DISTINCT product, ',' ORDER BY id) FROM s
SELECT percentile_cont(2) WITHIN GROUP (ORDER BY qty) FROM s
SELECT percentile_cont(0.5) FROM s
SELECT mode() FROM s
SELECT region FROM s ORDER BY count(*)
SELECT * FROM s GROUP BY id
SELECT count(*) FROM s GROUP BY count(*)
CREATE TABLE pk (id int PRIMARY KEY, v text)
INSERT INTO pk VALUES (1, 'a'), (2, 'b')
SELECT id, v, count(*) FROM pk GROUP BY id ORDER BY id
SELECT pk.*, count(s.id) FROM pk LEFT JOIN s ON s.id = pk.id GROUP BY pk.id ORDER BY pk.id
CREATE TABLE big AS SELECT i, i % 97 AS k, (i * 7919) % 1000 AS v FROM generate_series(1, 20000) i
SELECT count(*), count(DISTINCT k), sum(v), min(v), max(v) FROM big
SELECT k, count(*), sum(v), avg(v)::numeric(10, 3) FROM big GROUP BY k ORDER BY k LIMIT 5
SELECT count(*) FROM (SELECT k, v FROM big GROUP BY k, v) x
SELECT k FROM big GROUP BY k HAVING max(i) > 19990 ORDER BY k
SET enable_hashagg = off
SELECT k, count(*), sum(v), avg(v)::numeric(10, 3) FROM big GROUP BY k ORDER BY k LIMIT 5
SELECT sum(i::bigint), sum(i::numeric), sum(i::float8), sum(i::smallint) FROM big WHERE i < 100
SELECT avg(i::smallint), avg(i), avg(i::bigint), avg(i::float4), avg(i::numeric) FROM big WHERE i < 4
SELECT sum(interval '1 hour' * i), avg(interval '1 hour' * i) FROM big WHERE i < 4
SELECT max(i::text), min(ARRAY[i, k]), max(ARRAY[k, i]) FROM big WHERE i < 50
SELECT sum(2147483647) FROM generate_series(1, 3)
SELECT sum(9223372036854775807) FROM generate_series(1, 3)
SELECT any_value FROM (SELECT 1 AS any_value) x GROUP BY 1
