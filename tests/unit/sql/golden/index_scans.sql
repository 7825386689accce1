-- a table large enough for its indexes to be chosen by cost
CREATE TABLE big (id int PRIMARY KEY, k int NOT NULL, v int, note text)
INSERT INTO big SELECT i, i * 7919 % 100, nullif(i * 7 % 1009, 5), 'note ' || i FROM generate_series(1, 20000) AS i
CREATE INDEX big_k_v ON big (k, v)
CREATE INDEX big_v ON big (v DESC NULLS LAST)
CREATE INDEX big_note ON big (note)
VACUUM ANALYZE big
-- ORDER BY through an index, both ways
SELECT id FROM big ORDER BY id LIMIT 3
SELECT id FROM big ORDER BY id DESC LIMIT 3
SELECT id, note FROM big ORDER BY id DESC LIMIT 2 OFFSET 5
SELECT id, k FROM big ORDER BY id, note LIMIT 2
SELECT k, v FROM big ORDER BY k, v LIMIT 4
SELECT k, v FROM big ORDER BY k DESC, v DESC LIMIT 4
SELECT k, v, id FROM big ORDER BY k, v DESC, id LIMIT 4
SELECT v FROM big WHERE k = 42 ORDER BY v LIMIT 3
SELECT v FROM big WHERE k = 42 ORDER BY v DESC LIMIT 3
SELECT v FROM big WHERE k = 42 ORDER BY k DESC, v LIMIT 3
SELECT k, v FROM big WHERE k IN (90, 10, 50) ORDER BY k, v LIMIT 3
SELECT k, v FROM big WHERE k IN (90, 10, 50) ORDER BY k DESC, v DESC LIMIT 3
SELECT k, v FROM big WHERE k BETWEEN 10 AND 12 ORDER BY k, v LIMIT 3
SELECT k, v FROM big WHERE k > 97 ORDER BY k DESC, v DESC LIMIT 3
-- NULLs
SELECT v FROM big ORDER BY v DESC NULLS LAST LIMIT 2
SELECT v FROM big ORDER BY v NULLS FIRST LIMIT 2
SELECT v FROM big ORDER BY v NULLS FIRST OFFSET 19998
SELECT v FROM big ORDER BY v DESC LIMIT 2
SELECT v FROM big ORDER BY v LIMIT 2
SELECT count(*) FROM big WHERE v IS NULL
SELECT id, v FROM big WHERE v IS NULL ORDER BY id LIMIT 2
-- the least and the greatest
SELECT min(id), max(id) FROM big
SELECT min(v), max(v) FROM big
SELECT max(v), min(id), max(note) FROM big
SELECT min(v) FROM big WHERE k = 7
SELECT max(v) FROM big WHERE k = 7 AND v < 500
SELECT min(id) FROM big WHERE id > 20000
SELECT min(id) + 1, max(id) - 1 FROM big HAVING max(id) > 5
SELECT min(id) FROM big HAVING max(id) > 50000
SELECT min(id) FILTER (WHERE id > 100) FROM big
SELECT min(id), count(*) FROM big
SELECT g, (SELECT max(v) FROM big WHERE k = g) FROM generate_series(1, 3) AS g
SELECT g, (SELECT min(id) FROM big WHERE k = g AND id > 100) FROM generate_series(98, 101) AS g
-- what the entries alone answer
SELECT count(*) FROM big WHERE id BETWEEN 100 AND 1999
SELECT sum(v) FROM big WHERE k = 3
SELECT sum(k) FROM big WHERE k BETWEEN 20 AND 29
SELECT k, count(v) FROM big WHERE k < 3 GROUP BY k ORDER BY k
SELECT count(*) FROM big WHERE note LIKE 'note 123%'
SELECT note FROM big WHERE note LIKE 'note 1999%' ORDER BY note
SELECT note FROM big WHERE note LIKE 'note 1999_' ORDER BY note DESC LIMIT 3
SELECT count(*), min(v), max(v) FROM big WHERE k IN (1, 2, 2, NULL, 99)
-- after rows have changed
BEGIN
UPDATE big SET v = 5000 WHERE id = 777
DELETE FROM big WHERE id IN (1, 20000)
INSERT INTO big VALUES (20001, 3, -4, 'new')
SELECT min(id), max(id) FROM big
SELECT min(v), max(v) FROM big
SELECT v FROM big ORDER BY v DESC NULLS LAST LIMIT 2
SELECT sum(v) FROM big WHERE k = 3
SELECT id FROM big ORDER BY id DESC LIMIT 1 FOR UPDATE
ROLLBACK
SELECT min(id), max(id) FROM big
SELECT sum(v) FROM big WHERE k = 3
-- columns that a key cannot give back
CREATE TABLE odd (n numeric, f float8, c char(5), t timestamp, d date, b bool, PRIMARY KEY (n, t))
INSERT INTO odd VALUES (1.50, '-0', 'ab', '2024-01-02 03:04:05.678', '2024-01-02', true), (2.000, 'NaN', 'c', '2023-01-02', '2023-05-05', false), (-3, 1e10, 'zz', 'infinity', '-infinity', NULL)
CREATE INDEX odd_all ON odd (d, b, t)
CREATE INDEX odd_f ON odd (f)
CREATE INDEX odd_c ON odd (c)
SELECT n FROM odd WHERE n = 1.5
SELECT t FROM odd WHERE n > 0 ORDER BY n DESC
SELECT d, b, t FROM odd WHERE d >= '2023-01-01' ORDER BY d DESC, b DESC, t DESC
SELECT d, b FROM odd ORDER BY d, b, t LIMIT 2
SELECT f FROM odd WHERE f = 0
SELECT min(f), max(f), min(c), max(n), min(t), max(d) FROM odd
SELECT c || '.' FROM odd WHERE c > 'b' ORDER BY c LIMIT 1
-- unique with NULLs
CREATE TABLE pairs (a int, b int, UNIQUE (a, b))
INSERT INTO pairs VALUES (NULL, 1), (NULL, 1), (1, NULL), (1, 2), (NULL, NULL)
SELECT a, b FROM pairs WHERE a IS NULL AND b = 1
SELECT a, b FROM pairs WHERE a IS NULL ORDER BY b DESC
SELECT a, b FROM pairs ORDER BY a, b LIMIT 3
SELECT a, b FROM pairs ORDER BY a DESC, b DESC LIMIT 3
SELECT max(b) FROM pairs WHERE a IS NULL
DROP TABLE pairs, odd, big
