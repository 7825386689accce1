-- Functions over rows of a table, set-returning ones, and CREATE FUNCTION ... LANGUAGE sql
CREATE TABLE w (id int, s text, n numeric, at timestamp)
INSERT INTO w VALUES (1, 'Hello World', 12345.678, '2020-02-29 13:14:15.678'), (2, ' padded ', -0.5, '1999-12-31 23:59:59'), (3, 'äöü ñ', 0, '2024-06-30 00:00:00'), (4, NULL, NULL, NULL), (5, '', 1e10, '2020-01-01')
SELECT id, upper(s), lower(s), initcap(s), length(s), reverse(s), octet_length(s) FROM w ORDER BY id
SELECT id, trim(s), ltrim(s), rtrim(s), btrim(s, ' Hd'), trim(LEADING 'H' FROM s) FROM w ORDER BY id
SELECT id, substr(s, 2, 3), substring(s FROM 3), substring(s FOR 2), left(s, 3), right(s, -2) FROM w ORDER BY id
SELECT id, position('o' IN s), strpos(s, 'World'), replace(s, 'o', '0'), translate(s, 'lo', 'LO') FROM w ORDER BY id
SELECT id, lpad(s, 12, '*'), rpad(s, 3), repeat(s, 2), concat(id, s, n), concat_ws('-', id, s, n) FROM w ORDER BY id
SELECT id, split_part(s, ' ', 1), split_part(s, ' ', -1), string_to_array(s, ' '), overlay(s PLACING 'XX' FROM 2 FOR 3) FROM w ORDER BY id
SELECT id, format('%s|%I|%L|%5s|%-5s|%%', id, s, s, id, id) FROM w WHERE s IS NOT NULL ORDER BY id
SELECT id, md5(s), encode(sha256(s::bytea), 'hex'), encode(s::bytea, 'base64'), ascii(s), quote_literal(s), quote_nullable(s) FROM w ORDER BY id
SELECT id, regexp_replace(s, '[aeiou]', '*', 'g'), regexp_match(s, '(\w+) (\w+)'), s ~ '^H', s ~* 'WORLD', regexp_count(s, 'o'), regexp_substr(s, 'o.') FROM w ORDER BY id
SELECT id, m FROM w, regexp_matches(s, '(o)(.)', 'g') m ORDER BY id, m
SELECT id, p FROM w, regexp_split_to_table(s, '\s+') p ORDER BY id, p
SELECT id, abs(n), sign(n), ceil(n), floor(n), round(n), round(n, 1), trunc(n, 1), mod(n, 7), sqrt(abs(n)) FROM w ORDER BY id
SELECT id, to_char(n, '99999.99'), to_char(n, 'FM0.00'), to_char(n, 'S9G999G999D9') FROM w WHERE abs(n) < 1e6 ORDER BY id
SELECT id, to_char(at, 'YYYY-MM-DD HH24:MI:SS.MS'), to_char(at, 'Dy, DD Mon YYYY'), to_char(at, 'HH12:MI AM Q IW DDD J') FROM w ORDER BY id
SELECT id, date_trunc('hour', at), date_trunc('quarter', at), extract(dow FROM at), extract(doy FROM at), extract(week FROM at), extract(isoyear FROM at), at::date, at::time FROM w ORDER BY id
SELECT id, age(at, '2000-01-01'), at + interval '1 month', at - interval '1 day 2 hours', at - '2000-01-01'::timestamp FROM w ORDER BY id
SELECT make_date(2020, 2, 29), make_time(1, 2, 3.5), make_timestamp(2020, 1, 2, 3, 4, 5.6), make_interval(1, 2, 3, 4, 5, 6, 7.8), to_timestamp(0) AT TIME ZONE 'UTC', to_date('29.02.2020', 'DD.MM.YYYY'), to_number('1,234.5', '9,999.9')
SELECT justify_days('40 days'), justify_hours('30 hours'), justify_interval('1 mon -1 hour'), date_bin('15 minutes', '2020-01-01 00:44'::timestamp, '2020-01-01'), isfinite('infinity'::date)
SELECT make_date(2021, 2, 29)
SELECT to_date('2020-13-01', 'YYYY-MM-DD')
SELECT substr('abc', 1, -1)
SELECT sqrt(-1), ln(0)
SELECT ln(0)
SELECT power(0, -1)
SELECT 1 / 0
SELECT chr(0)
SELECT repeat('x', -5), lpad('abc', 0), left('abc', 0), split_part('a', 'b', 0)
SELECT split_part('a', 'b', 0)
SELECT format('%d', 1)
SELECT 'a' ~ '('
SELECT g FROM generate_series(10, 1, -4) g ORDER BY g
SELECT g FROM generate_series(1, 2, 0.5) g ORDER BY g
SELECT g::date FROM generate_series('2020-01-30'::timestamp, '2020-02-02', '1 day') g ORDER BY g
SELECT g FROM generate_series(1, 5, 0) g
SELECT * FROM unnest('{a,b}'::text[]) WITH ORDINALITY ORDER BY ordinality
SELECT * FROM generate_subscripts('{x,y,z}'::text[], 1) ORDER BY 1
SELECT * FROM jsonb_each('{"a": 1, "b": [2]}') ORDER BY key
SELECT * FROM jsonb_each_text('{"a": 1, "b": null}') ORDER BY key
SELECT * FROM json_array_elements('[1, "x", null]')
SELECT * FROM jsonb_array_elements_text('[1, "x", null]')
SELECT * FROM jsonb_object_keys('{"b": 1, "a": 2}') ORDER BY 1
SELECT * FROM json_to_record('{"a": 1, "b": "x"}') AS r (a int, b text, c date)
SELECT * FROM jsonb_to_recordset('[{"a": 1}, {"a": 2, "b": "y"}]') AS r (a int, b text) ORDER BY a
SELECT * FROM jsonb_populate_record(NULL::w, '{"id": 9, "s": "pop"}')
SELECT jsonb_build_object('a', 1, 'b', ARRAY[1, 2], 'c', NULL), jsonb_build_array(1, 'x', NULL, true), to_jsonb(ROW(1, 'a')), row_to_json(ROW(1, 'a'))
SELECT jsonb_set('{"a": [1, 2]}', '{a,5}', '9'), jsonb_insert('[1, 2]', '{0}', '"new"'), jsonb_strip_nulls('{"a": null, "b": 1}'), jsonb_pretty('{"a": [1]}')
SELECT jsonb_typeof('1'), jsonb_typeof('"x"'), jsonb_typeof('null'), jsonb_array_length('[1, 2]'), jsonb_path_exists('{"a": 1}', '$.a')
SELECT '{"a": {"b": [10, 20]}}'::jsonb #>> '{a,b,1}', '{"a": 1}'::jsonb @> '{"a": 1}', '{"a": 1}' ?| ARRAY['x', 'a'], '["a", "b"]'::jsonb - 'a', '[1, 2, 3]'::jsonb - 1, '{"a": 1}'::jsonb || '{"b": 2}'
SELECT jsonb_array_length('{"a": 1}')
SELECT array_append('{1,2}', 3), array_prepend(0, '{1}'), array_cat('{1}', '{2,3}'), array_remove('{1,2,1}', 1), array_replace('{1,2,1}', 1, 9), array_position('{a,b}'::text[], 'b'), array_positions('{1,2,1}', 1), array_to_string('{1,NULL,3}'::int[], ',', '*'), cardinality('{{1,2},{3,4}}'::int[]), array_dims('{{1,2},{3,4}}'::int[]), array_fill(7, '{2}'), trim_array('{1,2,3}', 1)
SELECT '{1,2,3}'::int[] @> '{2}', '{1}' <@ '{1,2}'::int[], '{1,2}' && '{2,3}'::int[], '{1,2}'::int[] || 3, '{1,2}'::int[] < '{1,3}', ('{1,2,3}'::int[])[2:], array_ndims('{}'::int[])
SELECT hashtext('a') IS NOT NULL, random() < 1, length(gen_random_uuid()::text), num_nulls(1, NULL, 2), num_nonnulls(1, NULL)
SELECT width_bucket(5.5, 0, 10, 5), factorial(5), gcd(12, 18), lcm(4, 6), scale(1.50), min_scale(1.50), trim_scale(1.50), div(7, 2), cbrt(27), degrees(pi()), log(100), log(2, 8), exp(0)
CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b'
SELECT add(1, 2), add(NULL, 1), add(b => 1, a => 5)
SELECT id, add(id, 10) FROM w WHERE add(id, 0) < 3 ORDER BY id
CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE OR REPLACE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2 + 100'
SELECT add(1, 2)
CREATE OR REPLACE FUNCTION add(a int, b int) RETURNS text LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION add(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE STRICT RETURN a || '+' || b
SELECT add('x', 'y'), add('x', NULL), add(1, 2)
CREATE FUNCTION dflt(a int, b int DEFAULT 10) RETURNS int LANGUAGE sql AS $$ SELECT a * b $$
SELECT dflt(2), dflt(2, 3)
CREATE FUNCTION rows_of(lim int) RETURNS SETOF w LANGUAGE sql AS 'SELECT * FROM w ORDER BY id LIMIT lim'
SELECT id, s FROM rows_of(2) ORDER BY id
SELECT (rows_of(1)).id
CREATE FUNCTION pairs() RETURNS TABLE (k int, v text) LANGUAGE sql AS 'SELECT id, s FROM w WHERE id < 3'
SELECT * FROM pairs() ORDER BY k
CREATE FUNCTION outs(IN x int, OUT twice int, OUT thrice int) LANGUAGE sql AS 'SELECT x * 2, x * 3'
SELECT * FROM outs(5)
SELECT (outs(5)).thrice
CREATE FUNCTION ins(v text) RETURNS int LANGUAGE sql AS 'INSERT INTO w (id, s) VALUES (100, v) RETURNING id'
SELECT ins('made')
CREATE FUNCTION several(x int) RETURNS int LANGUAGE sql AS 'UPDATE w SET n = x WHERE id = 100; SELECT n::int + 1 FROM w WHERE id = 100'
SELECT several(41)
CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS 'DELETE FROM w WHERE id = 100'
SELECT nothing()
CREATE FUNCTION fact(n int) RETURNS numeric LANGUAGE sql AS 'SELECT CASE WHEN n <= 1 THEN 1 ELSE n * fact(n - 1) END'
CREATE FUNCTION poly(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x'
SELECT poly(1), poly('a'::text), pg_typeof(poly(now()))
CREATE FUNCTION variad(VARIADIC a int[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(x) FROM unnest(a) x'
SELECT variad(1, 2, 3), variad(VARIADIC '{4,5}')
CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT nosuch'
CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT ''x''::text'
CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT 1, 2'
CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'INSERT INTO w (id) VALUES (1)'
CREATE FUNCTION bad() RETURNS nosuch LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION bad() RETURNS int LANGUAGE nosuch AS 'SELECT 1'
CREATE FUNCTION bad(a int, a int) RETURNS int LANGUAGE sql AS 'SELECT 1'
SELECT nosuch(1)
SELECT add(1)
SELECT dflt('x', 'y')
DROP FUNCTION add
DROP FUNCTION add(int, int)
DROP FUNCTION add
DROP FUNCTION IF EXISTS add(int)
DROP FUNCTION nosuch(int)
CREATE VIEW usesf AS SELECT dflt(1) AS d
DROP FUNCTION dflt(int, int)
DROP FUNCTION dflt CASCADE
LISTEN ch
NOTIFY ch, 'hello'
BEGIN
NOTIFY ch, 'late'
NOTIFY ch, 'late'
NOTIFY ch
SELECT pg_notify('ch', 'fn')
COMMIT
SELECT pg_listening_channels()
UNLISTEN ch
NOTIFY ch
NOTIFY "", 'x'
SELECT pg_notify('', 'x')
UNLISTEN *
