-- sorts, joins and groups that do not fit into memory
SET work_mem = '64kB'
CREATE TABLE s (id int, k int, f float8, t text, n numeric, a int[])
INSERT INTO s SELECT i, i * 7919 % 5003, (i * 37 % 1001)::float8 / 7, 'text ' || (i * 31 % 4001), (i * 13 % 997) * 1.10, ARRAY[i % 7, i] FROM generate_series(1, 12000) AS i
INSERT INTO s SELECT NULL, NULL, NULL, NULL, NULL, NULL FROM generate_series(1, 20)
SELECT md5(string_agg(x::text, ',')) FROM (SELECT k AS x FROM s ORDER BY k, id OFFSET 0) q
SELECT md5(string_agg(x::text, ',')) FROM (SELECT id AS x FROM s ORDER BY id DESC OFFSET 0) q
SELECT md5(string_agg(coalesce(x::text, '-'), ',')) FROM (SELECT id AS x FROM s ORDER BY id NULLS FIRST OFFSET 0) q
SELECT md5(string_agg(coalesce(x::text, '-'), ',')) FROM (SELECT id AS x FROM s ORDER BY f DESC NULLS LAST, id OFFSET 0) q
SELECT md5(string_agg(coalesce(x, '-'), ',')) FROM (SELECT t AS x FROM s ORDER BY t COLLATE "C" DESC, n OFFSET 0) q
SELECT md5(string_agg(coalesce(x::text, '-'), ',')) FROM (SELECT n AS x FROM s ORDER BY n DESC, a OFFSET 0) q
SELECT md5(string_agg(coalesce(x::text, '-'), ',')) FROM (SELECT a AS x FROM s ORDER BY a OFFSET 0) q
SELECT id, k, t FROM s ORDER BY k DESC NULLS LAST, id OFFSET 11990 LIMIT 3
SELECT id, k, t FROM s ORDER BY k, id LIMIT 3
SELECT count(*), sum(id), sum(rank) FROM (SELECT id, rank() OVER (ORDER BY k) AS rank FROM s) q
-- groups
SELECT count(*), sum(c), max(c), sum(m) FROM (SELECT k, count(*) AS c, max(id) AS m FROM s GROUP BY k) q
SELECT count(*), sum(c), md5(string_agg(t, ',' ORDER BY t COLLATE "C")) FROM (SELECT t, count(*) AS c FROM s GROUP BY t) q
SELECT count(*), sum(c), sum(d) FROM (SELECT t, n, count(DISTINCT k) AS c, count(*) FILTER (WHERE id > 6000) AS d FROM s GROUP BY t, n) q
SELECT count(*), sum(length(x)) FROM (SELECT string_agg(id::text, ',' ORDER BY id) AS x FROM s GROUP BY f) q
SELECT k, count(*) FROM s GROUP BY k ORDER BY 2 DESC, 1 LIMIT 3
-- joins
CREATE TABLE u (id bigint, w text)
INSERT INTO u SELECT i * 3, 'w' || i FROM generate_series(1, 5000) AS i
INSERT INTO u VALUES (NULL, 'null'), (3, 'again')
SELECT count(*), sum(s.id), md5(string_agg(w, ',' ORDER BY w COLLATE "C")) FROM s JOIN u ON s.id = u.id
SELECT count(*), sum(s.id), count(w) FROM s LEFT JOIN u ON s.id = u.id
SELECT count(*), sum(s.id), sum(u.id) FROM s RIGHT JOIN u ON s.id = u.id
SELECT count(*), sum(s.id), sum(u.id), count(w), count(t) FROM s FULL JOIN u ON s.id = u.id
SELECT count(*), sum(id) FROM s WHERE EXISTS (SELECT 1 FROM u WHERE u.id = s.id)
SELECT count(*), sum(id) FROM s WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.id = s.id)
SELECT count(*), sum(a.id), sum(b.id) FROM s a JOIN s b ON a.t = b.t AND a.id < b.id
SELECT count(*), sum(a.id) FROM s a JOIN s b ON a.k = b.k
SELECT count(*) FROM (SELECT a.id FROM s a JOIN u ON a.id = u.id JOIN s b ON b.k = a.k) q
SELECT g, (SELECT count(*) FROM s JOIN u ON s.id = u.id WHERE s.id > g * 1000) FROM generate_series(1, 3) g
-- limits
SET temp_file_limit = '100kB'
SELECT count(*) FROM (SELECT * FROM s ORDER BY t OFFSET 0) q
SET temp_file_limit = -1
SELECT count(*) FROM (SELECT * FROM s ORDER BY t OFFSET 0) q
DROP TABLE s, u
