-- Window functions over tables
CREATE TABLE e (name text, dept text, pay int, hired date)
INSERT INTO e VALUES ('a', 'x', 10, '2020-01-01'), ('b', 'x', 20, '2020-01-03'), ('c', 'x', 20, '2020-01-05'), ('d', 'y', 5, '2020-01-02'), ('e', 'y', 15, '2020-01-04'), ('f', NULL, NULL, '2020-01-06')
SELECT name, row_number() OVER (ORDER BY name) FROM e ORDER BY name
SELECT name, row_number() OVER (PARTITION BY dept ORDER BY pay, name) FROM e ORDER BY name
SELECT name, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w FROM e WINDOW w AS (ORDER BY pay) ORDER BY name
SELECT name, rank() OVER (PARTITION BY dept ORDER BY pay DESC) FROM e ORDER BY name
SELECT name, ntile(2) OVER (ORDER BY name), ntile(4) OVER (ORDER BY name) FROM e ORDER BY name
SELECT name, lag(pay) OVER w, lead(pay) OVER w, lag(pay, 2, -1) OVER w, lead(name, 1, 'none') OVER w FROM e WINDOW w AS (ORDER BY name) ORDER BY name
SELECT name, first_value(name) OVER w, last_value(name) OVER w, nth_value(name, 2) OVER w FROM e WINDOW w AS (PARTITION BY dept ORDER BY name) ORDER BY name
SELECT name, last_value(name) OVER (PARTITION BY dept ORDER BY name ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM e ORDER BY name
SELECT name, sum(pay) OVER (), count(*) OVER (), avg(pay) OVER () FROM e ORDER BY name
SELECT name, sum(pay) OVER (PARTITION BY dept) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY name) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY pay) FROM e ORDER BY name
SELECT name, sum(pay) OVER (PARTITION BY dept ORDER BY pay) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY name ROWS 1 PRECEDING) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM e ORDER BY name
SELECT name, count(*) OVER (ORDER BY name ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) FROM e ORDER BY name
SELECT name, array_agg(name) OVER (ORDER BY name ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY pay RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) FROM e ORDER BY name
SELECT name, count(*) OVER (ORDER BY hired RANGE BETWEEN '1 day' PRECEDING AND '1 day' FOLLOWING) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY pay DESC RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) FROM e ORDER BY name
SELECT name, count(*) OVER (ORDER BY pay GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM e ORDER BY name
SELECT name, sum(pay) OVER (ORDER BY name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM e ORDER BY name
SELECT name, count(*) OVER (ORDER BY pay ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP) FROM e ORDER BY name
SELECT name, count(*) OVER (ORDER BY pay ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM e ORDER BY name
SELECT name, sum(pay) FILTER (WHERE pay > 10) OVER (ORDER BY name) FROM e ORDER BY name
SELECT name, string_agg(name, '') OVER (ORDER BY name) FROM e ORDER BY name
SELECT name, max(pay) OVER w - pay AS below, min(pay) OVER w FROM e WINDOW w AS (PARTITION BY dept) ORDER BY name
SELECT name, sum(pay) OVER w1, rank() OVER w2 FROM e WINDOW w1 AS (PARTITION BY dept), w2 AS (w1 ORDER BY pay) ORDER BY name
SELECT dept, sum(pay), rank() OVER (ORDER BY sum(pay) DESC NULLS LAST) FROM e GROUP BY dept ORDER BY dept
SELECT dept, sum(sum(pay)) OVER (ORDER BY dept) FROM e GROUP BY dept ORDER BY dept
SELECT * FROM (SELECT name, row_number() OVER (PARTITION BY dept ORDER BY pay DESC, name) AS r FROM e) x WHERE r = 1 ORDER BY name
SELECT DISTINCT dept, count(*) OVER (PARTITION BY dept) FROM e ORDER BY dept
SELECT name FROM e ORDER BY rank() OVER (ORDER BY pay DESC NULLS LAST), name
SELECT name, pay, pay - lag(pay) OVER (ORDER BY hired) AS diff FROM e ORDER BY hired
SELECT name, row_number() OVER (ORDER BY pay NULLS FIRST, name DESC) FROM e ORDER BY name
SELECT count(*) OVER () FROM e WHERE false
SELECT name FROM e WHERE row_number() OVER () = 1
SELECT row_number() FROM e
SELECT row_number() OVER w FROM e
SELECT sum(row_number() OVER ()) FROM e
SELECT rank() OVER (ORDER BY rank() OVER ()) FROM e
SELECT length(name) OVER () FROM e
SELECT ntile(0) OVER () FROM e
SELECT nth_value(name, 0) OVER () FROM e
SELECT sum(pay) OVER (ORDER BY name ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM e
SELECT sum(pay) OVER (ORDER BY name ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM e
SELECT sum(pay) OVER (ROWS -1 PRECEDING) FROM e
SELECT sum(pay) OVER (RANGE 5 PRECEDING) FROM e
SELECT sum(pay) OVER (ORDER BY name RANGE 5 PRECEDING) FROM e
SELECT sum(pay) OVER (ORDER BY pay, name RANGE 5 PRECEDING) FROM e
SELECT sum(pay) OVER (GROUPS 1 PRECEDING) FROM e
SELECT sum(DISTINCT pay) OVER () FROM e
SELECT sum(pay) OVER (w ORDER BY name) FROM e WINDOW w AS (ORDER BY pay)
SELECT sum(pay) OVER w FROM e WINDOW w AS (), w AS ()
SELECT i, sum(i) OVER (ORDER BY i ROWS 2 PRECEDING), avg(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM generate_series(1, 6) i ORDER BY i
SELECT i, first_value(i) OVER (PARTITION BY i % 2 ORDER BY i DESC) FROM generate_series(1, 5) i ORDER BY i
SELECT sum(s) FROM (SELECT sum(i) OVER (ORDER BY i) AS s FROM generate_series(1, 1000) i) x
