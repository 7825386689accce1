-- ANALYZE, VACUUM and what pg_class, pg_stats and pg_stat_user_tables say afterwards
CREATE TABLE t (a int, b text, c float8, d date) WITH (autovacuum_enabled = off)
SELECT reltuples, relpages, relallvisible FROM pg_class WHERE relname = 't'
INSERT INTO t SELECT i, 'b' || i % 3, CASE WHEN i % 4 = 0 THEN NULL ELSE i / 8.0 END, '2020-01-01'::date + i FROM generate_series(1, 40) i
SELECT pg_stat_force_next_flush()
ANALYZE t
SELECT reltuples, relpages, relallvisible FROM pg_class WHERE relname = 't'
SELECT attname, inherited, null_frac, avg_width, n_distinct, correlation FROM pg_stats WHERE tablename = 't' ORDER BY attname
SELECT attname, most_common_vals, most_common_freqs, histogram_bounds FROM pg_stats WHERE tablename = 't' ORDER BY attname
VACUUM t
SELECT reltuples, relpages, relallvisible FROM pg_class WHERE relname = 't'
DELETE FROM t WHERE a > 30
SELECT pg_stat_force_next_flush()
VACUUM t
SELECT reltuples, relpages FROM pg_class WHERE relname = 't'
SELECT vacuum_count, analyze_count, autovacuum_count, last_vacuum IS NOT NULL AS v, last_analyze IS NOT NULL AS a, last_autovacuum IS NULL AS av FROM pg_stat_user_tables WHERE relname = 't'
BEGIN
INSERT INTO t SELECT i, 'x', i, NULL FROM generate_series(101, 110) i
UPDATE t SET c = 0 WHERE a <= 4
DELETE FROM t WHERE a <= 2
SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables WHERE relname = 't'
SAVEPOINT s
INSERT INTO t VALUES (1), (2)
ROLLBACK TO s
SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables WHERE relname = 't'
COMMIT
SELECT pg_stat_force_next_flush()
SELECT n_live_tup, n_dead_tup, n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = 't'
VACUUM (ANALYZE) t
SELECT n_live_tup, n_dead_tup, n_mod_since_analyze, vacuum_count, analyze_count FROM pg_stat_user_tables WHERE relname = 't'
SELECT reltuples FROM pg_class WHERE relname = 't'
BEGIN
INSERT INTO t VALUES (1), (2), (3)
ROLLBACK
SELECT pg_stat_force_next_flush()
SELECT n_live_tup, n_dead_tup, n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = 't'
SELECT attname, most_common_vals, most_common_freqs FROM pg_stats WHERE tablename = 't' ORDER BY attname
-- by column, and of columns that are not there
CREATE TABLE u (a int, b int, c json, d int[]) WITH (autovacuum_enabled = off)
INSERT INTO u SELECT i, i % 2, '{"a": 1}', ARRAY[i % 2, 7] FROM generate_series(1, 10) i
ANALYZE u (b)
SELECT attname, n_distinct, most_common_vals, most_common_freqs FROM pg_stats WHERE tablename = 'u' ORDER BY attname
ANALYZE u (a, nosuch)
ANALYZE u (a, a)
VACUUM u (a)
VACUUM (ANALYZE) u (a, c, d)
SELECT attname, null_frac, n_distinct, most_common_vals, histogram_bounds, correlation IS NULL AS n FROM pg_stats WHERE tablename = 'u' ORDER BY attname
ALTER TABLE u ALTER a SET STATISTICS 2
ANALYZE u
SELECT attname, histogram_bounds FROM pg_stats WHERE tablename = 'u' AND attname = 'a'
ALTER TABLE u ALTER a TYPE bigint
SELECT attname FROM pg_stats WHERE tablename = 'u' ORDER BY attname
ALTER TABLE u DROP COLUMN b
SELECT attname FROM pg_stats WHERE tablename = 'u' ORDER BY attname
TRUNCATE u
SELECT reltuples, relpages, relallvisible FROM pg_class WHERE relname = 'u'
-- what cannot be vacuumed, and how it can be asked for
CREATE VIEW v AS SELECT * FROM t
VACUUM v
ANALYZE v
VACUUM (nosuch) t
ANALYZE (full) t
VACUUM (FREEZE, DISABLE_PAGE_SKIPPING, INDEX_CLEANUP off, TRUNCATE off, SKIP_LOCKED) t
VACUUM FULL t
VACUUM FREEZE ANALYZE t
BEGIN
VACUUM t
ROLLBACK
BEGIN
ANALYZE t
COMMIT
ALTER TABLE t SET (autovacuum_enabled = maybe)
ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 101)
ALTER TABLE t SET (autovacuum_vacuum_threshold = 'x')
ALTER TABLE t SET (autovacuum_vacuum_threshold = -1)
ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_insert_threshold = -1)
SELECT reloptions FROM pg_class WHERE relname = 't'
