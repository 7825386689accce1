-- Views: definition, column names, updatable ones, CHECK OPTION, dependencies
CREATE TABLE t (id int PRIMARY KEY, name text, n int)
INSERT INTO t VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)
CREATE VIEW v AS SELECT id, name FROM t WHERE n > 10
SELECT * FROM v ORDER BY id
CREATE VIEW v AS SELECT 1
CREATE OR REPLACE VIEW v AS SELECT id, name, n FROM t WHERE n > 10
SELECT * FROM v ORDER BY id
CREATE OR REPLACE VIEW v AS SELECT id FROM t
CREATE OR REPLACE VIEW v AS SELECT id, name, n::text FROM t
CREATE VIEW named (a, b) AS SELECT id, upper(name) FROM t
SELECT * FROM named ORDER BY a
SELECT b FROM named WHERE a = 2
CREATE VIEW too (a, b, c) AS SELECT 1, 2
CREATE VIEW dup AS SELECT 1 AS a, 2 AS a
CREATE VIEW unnamed AS SELECT 1, 'x', now() IS NULL
SELECT * FROM unnamed
CREATE VIEW star AS SELECT * FROM t
ALTER TABLE t ADD COLUMN extra text DEFAULT 'e'
SELECT * FROM star ORDER BY id
CREATE VIEW joined AS SELECT a.id, b.name AS next FROM t a JOIN t b ON b.id = a.id + 1
SELECT * FROM joined ORDER BY id
CREATE VIEW totals AS SELECT n > 15 AS big, count(*), sum(n) FROM t GROUP BY 1
SELECT * FROM totals ORDER BY big
CREATE VIEW over_view AS SELECT v.id, totals.sum FROM v, totals WHERE big
SELECT * FROM over_view ORDER BY id
CREATE VIEW valued AS VALUES (1, 'a'), (2, 'b')
SELECT * FROM valued ORDER BY column1
CREATE RECURSIVE VIEW counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 5
SELECT * FROM counting ORDER BY n
INSERT INTO v (id, name, n) VALUES (4, 'four', 40)
UPDATE v SET name = name || '!' WHERE id = 4
DELETE FROM v WHERE id = 2
SELECT id, name, n FROM t ORDER BY id
INSERT INTO v (id, name, n) VALUES (5, 'five', 5) RETURNING *
SELECT count(*) FROM v WHERE id = 5
UPDATE v SET n = 0 WHERE id = 3
SELECT * FROM v ORDER BY id
UPDATE named SET b = 'x'
UPDATE named SET a = a + 100 WHERE a = 4
INSERT INTO totals VALUES (true, 1, 1)
DELETE FROM joined
UPDATE totals SET sum = 1
CREATE VIEW checked AS SELECT * FROM t WHERE n > 5 WITH CHECK OPTION
INSERT INTO checked (id, n) VALUES (6, 1)
INSERT INTO checked (id, n) VALUES (6, 7)
UPDATE checked SET n = 2 WHERE id = 6
CREATE VIEW local_checked AS SELECT * FROM v WHERE id < 100 WITH LOCAL CHECK OPTION
INSERT INTO local_checked (id, n) VALUES (7, 1)
INSERT INTO local_checked (id, n) VALUES (700, 50)
SELECT pg_get_viewdef('v'::regclass)
SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' AND viewname IN ('named', 'totals') ORDER BY viewname
SELECT table_name, is_updatable, check_option FROM information_schema.views WHERE table_schema = 'public' ORDER BY table_name
DROP TABLE t
ALTER TABLE t DROP COLUMN name
ALTER TABLE t RENAME COLUMN name TO title
SELECT * FROM v ORDER BY id
SELECT pg_get_viewdef('named')
ALTER VIEW v RENAME COLUMN name TO label
SELECT label FROM v ORDER BY label
ALTER VIEW v RENAME TO w
SELECT count(*) FROM w
DROP VIEW w
DROP VIEW w, over_view, local_checked
DROP VIEW w
DROP VIEW IF EXISTS w
DROP TABLE counting
DROP VIEW t
CREATE TEMP VIEW tv AS SELECT 1 AS one
SELECT * FROM tv
CREATE TEMP TABLE tt (a int)
CREATE VIEW on_temp AS SELECT * FROM tt
CREATE VIEW bad AS SELECT * FROM nosuch
CREATE VIEW bad AS SELECT nosuch FROM t
CREATE VIEW bad AS SELECT $1::int
BEGIN
CREATE VIEW rolled AS SELECT 1
ROLLBACK
SELECT * FROM rolled
DROP TABLE t CASCADE
SELECT count(*) FROM pg_views WHERE schemaname = 'public' AND viewname IN ('star', 'named', 'checked')
