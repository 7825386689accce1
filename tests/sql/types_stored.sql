-- Values of every type in tables: in and out, compared, sorted, indexed
CREATE TABLE num (a int2, b int4, c int8, d float4, e float8, f numeric, g numeric(6, 2))
INSERT INTO num VALUES (1, 2, 3, 4.5, 5.5, 6.7, 8.999), (-32768, -2147483648, -9223372036854775808, -1e38, -1e308, -123456789012345678901234567890.12345, -9999.99), (32767, 2147483647, 9223372036854775807, 'Infinity', 'NaN', 'NaN', 0)
INSERT INTO num VALUES (NULL, NULL, NULL, '-Infinity', 1e-300, 'Infinity', NULL)
INSERT INTO num (g) VALUES (10000)
INSERT INTO num (a) VALUES ('12 ')
INSERT INTO num (a) VALUES ('1.5')
INSERT INTO num (b) VALUES ('2147483648')
INSERT INTO num (d) VALUES ('1e50')
INSERT INTO num (f) VALUES ('1e')
SELECT * FROM num ORDER BY f, e
SELECT a, e FROM num ORDER BY e DESC NULLS LAST
SELECT f FROM num WHERE f > 0 ORDER BY f
SELECT a + b, c - b, a * 2.5, b / 2, b % 7, e / 2, f * g, -c::numeric FROM num WHERE a = 1
SELECT c + 1 FROM num ORDER BY c
SELECT a::int2 + a FROM num WHERE a > 1
SELECT sum(a), sum(b), sum(c), sum(f) FROM num WHERE a IS NOT NULL AND f <> 'NaN'
CREATE TABLE txt (a text, b varchar(5), c char(5), d name, e "char", f bytea)
INSERT INTO txt VALUES ('', '', '', '', '', ''), ('Äpfel', 'ñ', 'ab', 'n', 'x', '\x00ff'), ('a''b"c\d', 'v', 'c    ', 'd', '\101', 'abc\000'), (E'tab\tnl\n', NULL, NULL, NULL, NULL, NULL)
INSERT INTO txt (b) VALUES ('toolong')
INSERT INTO txt (f) VALUES ('\xZZ')
INSERT INTO txt (f) VALUES ('\x123')
SELECT * FROM txt ORDER BY a COLLATE "C"
SELECT length(a), char_length(b), octet_length(c), c || '|', b || '|', length(f), d || e FROM txt ORDER BY a COLLATE "C"
SELECT a FROM txt WHERE c = 'ab'
SELECT c = 'ab   ', c LIKE 'ab', c::text = 'ab' FROM txt WHERE c LIKE 'ab%'
SELECT a FROM txt WHERE a < 'b' ORDER BY a COLLATE "C" DESC
SELECT f FROM txt ORDER BY f NULLS FIRST
CREATE TABLE dt (a date, b time, c timetz, d timestamp, e timestamptz, f interval)
SET timezone = 'Europe/Vienna'
INSERT INTO dt VALUES ('2020-02-29', '12:34:56.789', '12:34:56+02', '2020-02-29 23:59:59.999999', '2020-07-01 12:00:00+00', '1 year 2 months 3 days 04:05:06.7'), ('infinity', '24:00', '00:00-12', '-infinity', 'infinity', '-1 day'), ('0044-03-15 BC', '00:00', '23:59:59.5+14', '1999-01-08 04:05:06', '2020-01-01 00:00:00', '1 mon -1 day +1 hour'), ('epoch', NULL, NULL, 'epoch', 'epoch', '0')
INSERT INTO dt (a) VALUES ('2021-02-29')
INSERT INTO dt (b) VALUES ('25:00')
INSERT INTO dt (d) VALUES ('2020-01-01 25:00')
INSERT INTO dt (f) VALUES ('1 fortnight')
INSERT INTO dt (e) VALUES ('2020-01-01 Nowhere/Land')
SELECT * FROM dt ORDER BY a
SELECT a + 1, a - '2020-01-01'::date, d + f, e - interval '1 hour', b + interval '1 hour', f * 2 FROM dt WHERE a = '2020-02-29'
SELECT e AT TIME ZONE 'UTC', d AT TIME ZONE 'America/New_York' FROM dt WHERE isfinite(e) AND isfinite(d) ORDER BY e
SELECT extract(year FROM a), extract(epoch FROM e), date_part('hour', d), date_trunc('day', e) FROM dt WHERE a = '2020-02-29'
SELECT f FROM dt ORDER BY f
SELECT max(a), min(d), max(e), sum(f) FROM dt WHERE isfinite(a)
SET timezone = 'UTC'
SELECT e FROM dt ORDER BY e
SET datestyle = 'SQL, DMY'
SELECT a, d, e FROM dt ORDER BY a
SET intervalstyle = 'iso_8601'
SELECT f FROM dt ORDER BY f
RESET ALL
CREATE TABLE other (a bool, b uuid, c json, d jsonb, e int[], f text[][], g oid, j pg_lsn, k xid, l tid, m xid8)
INSERT INTO other VALUES (true, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"b": 1,  "a": [1, 2]}', '{"b": 1,  "a": [1, 2], "b": 2}', '{1,NULL,3}', '{{a,"b c"},{"d,e","f\"g"}}', 12345, '16/B374D848', '7', '(1,2)', '99'), ('f', '{00000000-0000-0000-0000-000000000000}', 'null', '"s"', '{}', '{}', 4294967295, '0/0', '0', '(0,0)', '0'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
INSERT INTO other (a) VALUES ('maybe')
INSERT INTO other (b) VALUES ('xyz')
INSERT INTO other (c) VALUES ('{bad}')
INSERT INTO other (d) VALUES ('[1,')
INSERT INTO other (e) VALUES ('{1,x}')
INSERT INTO other (e) VALUES ('1')
INSERT INTO other (f) VALUES ('{{a},{b,c}}')
INSERT INTO other (g) VALUES ('-')
INSERT INTO other (j) VALUES ('xx')
INSERT INTO other (l) VALUES ('(1)')
SELECT * FROM other ORDER BY b
SELECT a, count(*) FROM other GROUP BY a ORDER BY a
SELECT b FROM other WHERE b > '00000000-0000-0000-0000-000000000000'
SELECT d -> 'a', d ->> 'b', d #> '{a,1}', c -> 'a' -> 0, c ->> 'b' FROM other WHERE a
SELECT d FROM other ORDER BY d
SELECT e[1], e[2], e[5], e[1:2], array_length(e, 1), f[1][2], f[2:2] FROM other ORDER BY b
SELECT e FROM other WHERE 3 = ANY (e)
SELECT e FROM other WHERE e @> ARRAY[1] AND e && '{3,4}'
SELECT d FROM other WHERE d ? 'a' OR d @> '"s"' ORDER BY d
SELECT DISTINCT d FROM other ORDER BY d
SELECT c = c FROM other
SELECT DISTINCT c FROM other
CREATE UNIQUE INDEX ON other (b)
CREATE INDEX ON other (d)
CREATE INDEX ON other (e)
CREATE INDEX ON other (c)
INSERT INTO other (b) VALUES ('a0eebc999c0b4ef8bb6d6bb9bd380a11')
SELECT count(*) FROM other WHERE e = '{1,NULL,3}'
SELECT count(*) FROM other WHERE d = '{"a": [1, 2], "b": 2}'
SELECT array_agg(g ORDER BY g), max(j), min(j) FROM other
SELECT ARRAY[e, e] FROM other WHERE e <> '{}'
SELECT array_agg(e) FROM other WHERE e <> '{}'
UPDATE other SET d = jsonb_set(d, '{a,0}', '"new"') || '{"z": null}' WHERE a RETURNING d
UPDATE other SET d = d - 'z' #- '{a,1}', e = array_append(e, 9) WHERE a RETURNING d, e
