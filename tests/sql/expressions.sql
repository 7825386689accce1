-- Single expressions over all types: functions, operators, casts, and what is wrong with them.
SELECT to_char(timestamp '2024-03-05 14:07:09.123456', 'YYYY-MM-DD HH24:MI:SS.US'), to_char(timestamp '2024-03-05 14:07:09', 'Day, DDth Month YYYY'), to_char(timestamp '2024-03-05 14:07:09', 'FMDay, FMDDth FMMonth YYYY'), to_char(timestamp '2024-03-05 02:07:09', 'HH12:MI:SS AM p.m. am')
SELECT to_char(timestamp '2024-03-05', 'J Q WW IW IYYY D ID DDD IDDD CC RM rm W SSSS'), to_char(timestamp '2024-12-30', 'IYYY-IW-ID YY Y,YYY YYY')
SELECT to_char(1234.5, '9,999.99'), to_char(-1234.5, '9G999D99'), to_char(0.5, '0.00'), to_char(12, '0000'), to_char(-12, '999PR'), to_char(12, 'S999'), to_char(12, '999MI'), to_char(123456789, '999,999,999'), to_char(12345, '999')
SELECT to_char(1234.567, 'FM9999.90'), to_char(1e10, '9.99EEEE'), to_char(485, 'RN'), to_char(485, 'FMRN'), to_char(485, '999th'), to_char(0.1, '.9'), to_char(1, 'L9'), to_char(12.3456, '99V99'), to_char(0, 'FM999'), to_char(-0.5, '9.9')
SELECT to_date('05 Dec 2000', 'DD Mon YYYY'), to_timestamp('05 Dec 2000 14:30', 'DD Mon YYYY HH24:MI'), to_number('12,454.8-', '99G999D9S'), to_date('2024-366', 'YYYY-DDD'), to_timestamp(1284352323.5), to_date('20240230', 'YYYYMMDD')
SELECT to_timestamp('2024-13-01', 'YYYY-MM-DD')
SELECT to_date('abc', 'YYYY')
SELECT to_number('abc', '999')
SELECT extract(epoch FROM interval '1 day 2 hours'), extract(dow FROM date '2024-03-05'), extract(isodow FROM date '2024-03-03'), extract(doy FROM date '2024-12-31'), extract(week FROM date '2021-01-03'), extract(quarter FROM date '2024-08-01'), extract(century FROM date '2000-12-31'), extract(millennium FROM date '2001-01-01'), extract(microseconds FROM time '01:02:03.5'), extract(julian FROM date '2024-01-01')
SELECT extract(timezone FROM timestamptz '2024-01-01 00:00+02'), extract(hour FROM timetz '10:00:00-05'), extract(day FROM interval '40 days 30 hours'), extract(month FROM interval '14 months'), date_part('year', timestamp '2024-01-01'), extract(second FROM timestamp '2024-01-01 00:00:12.345')
SELECT extract(fortnight FROM date '2024-01-01')
SELECT extract(hour FROM date '2024-01-01')
SELECT date_trunc('month', timestamp '2024-03-15 10:11:12'), date_trunc('quarter', date '2024-05-05'), date_trunc('decade', timestamp '2024-01-01'), date_trunc('hour', interval '3 days 02:47:33'), date_trunc('day', timestamptz '2024-03-15 22:00+00', 'Asia/Tokyo'), date_trunc('milliseconds', timestamp '2024-01-01 00:00:00.123456')
SELECT date_trunc('foo', timestamp '2024-03-15')
SELECT age(timestamp '2024-03-01', timestamp '2023-12-31'), age(timestamp '2024-02-29', timestamp '2023-02-28 12:00'), timestamp '2024-03-01' - timestamp '2024-02-01 10:00', date '2024-03-01' - date '2024-02-01', date '2024-01-31' + interval '1 month', timestamp '2024-03-31' - interval '1 month'
SELECT interval '1 month' + interval '30 days' = interval '2 months', interval '1 day' = interval '24 hours', justify_days(interval '65 days'), justify_hours(interval '50 hours'), justify_interval(interval '1 mon -1 hour'), interval '1.5 years', interval '-1 day +2:03:04', interval '1 day' * 1.5, interval '1 month' / 3, 2 * interval '1 hour 30 min'
SELECT interval 'P1Y2M3DT4H5M6S', interval '1-2', interval '3 4:05:06', interval '1 year 2 months ago', interval '2' hour, interval '10:20' minute to second, interval '1 week 3 d', interval '1.5 weeks', '1 fortnight'::interval
SELECT make_date(2024, 2, 29), make_time(8, 15, 23.5), make_timestamp(2024, 7, 15, 8, 15, 23.5), make_timestamptz(2024, 7, 15, 8, 15, 23.5, 'Europe/Paris'), make_interval(years => 1, days => 10, secs => 1.5), make_date(2023, 2, 29)
SELECT make_interval(1, 2, 3, 4, 5, 6, 7.5), make_time(25, 0, 0)
SELECT timestamp '2024-07-01 12:00' AT TIME ZONE 'America/New_York', timestamptz '2024-07-01 12:00+00' AT TIME ZONE 'America/New_York', timetz '12:00+00' AT TIME ZONE interval '-5 hours', timestamptz '2024-01-01 12:00+00' AT TIME ZONE 'CET', timestamp '2024-07-01 12:00' AT TIME ZONE 'Nowhere/City'
SELECT date '2024-02-30'
SELECT '25:00'::time, '12:30 PM'::time
SELECT '12:30 PM'::time, '04:05 AM'::time, '040506'::time, '24:00:00'::time, time '10:00' + interval '15 hours', time '10:00' - time '12:30', date '2024-01-01' + time '10:00', '04:05:06.789-8'::timetz
SELECT '2024-01-01 BC'::date, '0001-01-01 BC'::timestamp, '4714-11-24 BC'::date, '5874897-12-31'::date, '294276-12-31 23:59:59'::timestamp
SELECT '4715-01-01 BC'::date
SELECT '294277-01-01'::timestamp
SELECT 'January 8, 1999'::date, '1/8/1999'::date, '19990108'::date, '990108'::date, '1999.008'::date, 'J2451187'::date, '99-Jan-08'::date, '08-Jan-1999'::date
SELECT '1999-13-08'::date
SELECT '13/13/1999'::date
SELECT date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01'), (timestamp '2024-01-01', timestamp '2024-02-01') OVERLAPS (timestamp '2024-01-15', interval '1 month'), (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-10', date '2024-01-20')
SELECT round(2.5), round(-2.5), round(0.5::float8), round(1.5::float8), round(2.5::float8), round(123.456, 2), round(123.456, -2), trunc(-1.9), trunc(123.456, 1), ceil(1.1), floor(-1.1), sign(-3.5), abs(-7), mod(-7, 3), -7 % 3, -7 / 2, div(7.5, 2), 7.5 % 2
SELECT 1/3.0, 2::numeric/3, 10.0/4, 1e-10::numeric, 1.10 * 1.10, 0.1 + 0.2, 0.1::float8 + 0.2::float8, 1e308 * 10, 5 / 2, 5.0 / 2, 2 ^ 10, 2.0 ^ 0.5, |/ 25, ||/ 27, 5 !
SELECT sqrt(2), sqrt(2::numeric), exp(1), exp(1.0), ln(10), log(100), log(2, 64), power(2, 0.5), power(2::numeric, 100), cbrt(27), pi(), degrees(pi()), radians(180), sin(1), cos(1), tan(1), asin(1), acos(0), atan(1), atan2(1, 1), cot(1)
SELECT sqrt(-1)
SELECT ln(0)
SELECT ln(-1.0)
SELECT power(0, -1)
SELECT (-8) ^ (1.0/3)
SELECT 1/0
SELECT 1.0/0
SELECT 1::float8/0
SELECT 5 % 0
SELECT 2147483647 + 1
SELECT 9223372036854775807 + 1
SELECT 9223372036854775808 + 1
SELECT -(-2147483648)
SELECT abs((-2147483648)::int)
SELECT 32767::int2 + 1::int2
SELECT 40000::int2
SELECT 1e400::float8
SELECT 'nan'::numeric, 'NaN'::float8 = 'NaN'::float8, 'inf'::float8, '-Infinity'::numeric, 'inf'::numeric - 'inf'::numeric, 'nan'::numeric > 1e100
SELECT '1e400'::float8
SELECT '1e-400'::float8
SELECT 1.5::int, 2.5::int, -2.5::int, 2.5::float8::int, 3.5::float8::int, '12'::int, ' 12 '::int, true::int, 0::bool, 'yes'::bool, 'off'::bool, 't'::text::bool, 1::text || 'x', 3.7::int8, 1e3::int
SELECT '1.5'::int
SELECT ''::int
SELECT 'maybe'::bool
SELECT '99999999999'::int
SELECT 1e10::int
SELECT 'nan'::float8::int
SELECT 2::bool, 'abc'::varchar(2), 'abc'::char(5) || '|', 'abc  '::char(5) = 'abc', length('ab   '::char(5)), 'abc'::name, 123.456::numeric(5,1), 12345.6::numeric(5,1)
SELECT 12345.6::numeric(4,1)
SELECT 1.23456::numeric(3,5)
SELECT 12345::numeric(3,-2), 0.00123::numeric(2,4), 1::numeric(0)
SELECT '{1,2,3}'::int[], '{{1,2},{3,4}}'::int[], '[0:2]={1,2,3}'::int[], '{"a b",NULL,"null",c\"d}'::text[], '{}'::int[], ARRAY[[1,2],[3,4]][2][1], (ARRAY[1,2,3])[2:3], (ARRAY[1,2,3])[5], ARRAY[1,NULL]::text[], ARRAY['a', NULL]
SELECT '{1,2'::int[]
SELECT '{1,x}'::int[]
SELECT '{{1},{2,3}}'::int[]
SELECT ARRAY[1,'x']
SELECT ARRAY[]
SELECT ARRAY[]::int[], ARRAY[1,2.5], ARRAY[1,2] || 3, 0 || ARRAY[1], ARRAY[1,2] || ARRAY[[3,4]], ARRAY[1,2] || NULL, NULL::int[] || 1, array_cat('{1}'::int[], '{2}'), array_prepend(0, ARRAY[1]), array_append(NULL, 5)
SELECT array_dims('{{1,2},{3,4}}'::int[]), array_ndims('{}'::int[]), array_lower('[2:3]={1,2}'::int[], 1), array_upper('{1,2,3}'::int[], 1), array_length('{}'::int[], 1), array_positions(ARRAY[1,2,1], 1), array_remove(ARRAY[1,2,1], 1), array_replace(ARRAY[1,2,1], 1, 9), array_fill(7, ARRAY[2,2]), array_fill(0, ARRAY[2], ARRAY[5]), trim_array(ARRAY[1,2,3], 2), string_to_array('a,b,,c', ',', ''), string_to_array('abc', NULL), string_to_array('', ',')
SELECT ARRAY[1,2] < ARRAY[1,3], ARRAY[1,2] = ARRAY[1,2], ARRAY[1,2,3] && ARRAY[3,4], ARRAY[1,2] <@ ARRAY[1,2,3], 2 = ANY (ARRAY[1,2]), 5 > ALL (ARRAY[1,2]), 1 = ANY (NULL::int[]), NULL = ANY (ARRAY[1]), 3 <> ALL (ARRAY[1,NULL])
SELECT unnest(ARRAY[1,2]), unnest(ARRAY['a','b','c'])
SELECT * FROM unnest(ARRAY[[1,2],[3,4]]) WITH ORDINALITY, generate_subscripts('{a,b}'::text[], 1)
SELECT trim_array(ARRAY[1,2,3], 5)
SELECT array_fill(1, ARRAY[-1])
SELECT upper('straße'), lower('ÀÉ'), initcap('hello wORLD-foo bar'), length('äöü'), octet_length('äöü'), bit_length('a'), char_length('abc'), reverse('äbc'), repeat('ab', 3), repeat('x', -1), left('hello', -2), right('hello', -2), left('hello', 2), lpad('5', 3, '0'), rpad('abcdef', 3), lpad('x', 5, 'ab'), ltrim('xxabc', 'x'), btrim('  a '), trim(BOTH 'x' FROM 'xax'), trim(LEADING FROM '  a'), rtrim('abc  ')
SELECT substring('hello' FROM 2 FOR 3), substring('hello' FROM 0), substring('hello', -1, 4), substr('hello', 2), substring('foobar' FROM 'o(.)b'), substring('foobar' SIMILAR '%#"o_b#"%' ESCAPE '#'), position('l' IN 'hello'), strpos('hello', 'z'), overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4), replace('abcabc', 'b', 'XX'), translate('12345', '143', 'ax'), split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1), split_part('abc', ',', 2), concat('a', NULL, 1, true), concat_ws(',', 'a', NULL, 'b'), starts_with('abc', 'ab'), ascii('ä'), chr(228), to_hex(255), md5('a'), quote_literal('O''Reilly'), quote_ident('Foo Bar'), quote_nullable(NULL), format('%s-%I-%L-%%', 'a', 'B c', 'd''e'), format('%2$s %1$s|%-5s|%5s', 'a', 'b', 'c')
SELECT substring('hello', 2, -1)
SELECT split_part('a', ',', 0)
SELECT chr(0)
SELECT repeat('x', 2000000000)
SELECT format('%s', NULL), format('%I', NULL)
SELECT format('%z', 1)
SELECT format('%s %s', 1)
SELECT regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g'), regexp_replace('foobarbaz', 'b..', 'X'), regexp_replace('Hello', 'l', 'L', 1, 2), regexp_matches('foobarbequebaz', '(b[^b]+)(b[^b]+)'), regexp_match('foo', 'x'), regexp_split_to_array('a1b2c3', '\d'), regexp_count('ababab', 'ab'), regexp_instr('abcabc', 'c', 1, 2), regexp_like('Hello', 'HELLO', 'i'), regexp_substr('foobar', 'o+'), 'abc' ~ '^a.c$', 'abc' !~ 'B', 'abc' ~* 'B', 'abc' SIMILAR TO '(a|x)%', 'abc' LIKE 'a_c', 'a%c' LIKE 'a\%c', 'abc' ILIKE 'AB%', 'abc' NOT LIKE '%d'
SELECT regexp_split_to_table('hello world  foo', '\s+')
SELECT regexp_matches('abab', 'a(b)', 'g')
SELECT 'abc' ~ '['
SELECT 'abc' ~ '(a'
SELECT regexp_replace('abc', 'b', 'x', 'q')
SELECT 'a' LIKE 'a\'
SELECT regexp_matches('a', 'a', 'z')
SELECT decode('zz', 'hex')
SELECT '\xzz'::bytea
SELECT decode('a', 'base64')
SELECT encode('a', 'foo')
SELECT get_byte('\x1234', 5)
SELECT '{"a": 1, "a": 2, "b": [1, {"c": null}]}'::json, '{"a": 1, "a": 2, "b": [1, {"c": null}]}'::jsonb, '{"a":{"b":[10,20]}}'::jsonb #>> '{a,b,-1}', '[1,2,3]'::jsonb -> -1, '"abc"'::jsonb #>> '{}', '{"a":1}'::jsonb = '{"a":1.0}'::jsonb, '1.10'::jsonb, '[1,2]'::jsonb @> '1', '{"a":[1,2]}'::jsonb @> '{"a":[2]}', '["a","b"]'::jsonb ?| '{b,c}', '{"a":1,"b":2}'::jsonb ?& '{a,c}'
SELECT '{"a": 1'::json
SELECT '{"a" 1}'::jsonb
SELECT '{''a'': 1}'::jsonb
SELECT '[1,]'::json
SELECT 'nul'::json
SELECT '"\u00zz"'::json
SELECT '"\u0000"'::jsonb
SELECT ''::json
SELECT jsonb_set('[1,2]', '{5}', '9'), jsonb_insert('[1,2]', '{1}', '"x"'), jsonb_insert('[1,2]', '{1}', '"x"', true), '{"a":{"b":1}}'::jsonb #- '{a,b}', '[1,2,3]'::jsonb - 1, '{"a":1,"b":2}'::jsonb - '{a,b}'::text[], jsonb_strip_nulls('{"a":null,"b":[null]}'), jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'delete_key'), json_typeof('1'), to_json('a"b'::text), to_jsonb(ARRAY[1,2]), json_array_length('[1,2]'), array_to_json('{{1,2},{3,4}}'::int[]), row_to_json(row(1, 'a'))
SELECT jsonb_object('{a,1,b,2}'), jsonb_object('{a,b}', '{1,2}'), json_object_keys('{"x":1,"y":2}'), jsonb_array_elements('[1,"a",null]'), json_each_text('{"a":"b"}')
SELECT jsonb_array_elements('{"a":1}')
SELECT jsonb_object('{a,b,c}')
SELECT jsonb_array_length('{"a":1}')
SELECT json_build_object('a')
SELECT json_build_object(NULL, 1)
SELECT ('{"a":1}'::jsonb -> 'a')::int, ('"x"'::jsonb)::text, ('1.5'::jsonb)::numeric, ('true'::jsonb)::bool
SELECT ('"x"'::jsonb)::int
SELECT ('[1]'::jsonb)::int
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}'::uuid, 'A0EE-BC99-9C0B-4EF8-BB6D-6BB9-BD38-0A11'::uuid, length(gen_random_uuid()::text)
SELECT 'xyz'::uuid
SELECT '1/A'::pg_lsn, '0/16B3748'::pg_lsn - '0/0'::pg_lsn, '(1,2)'::tid, 5::xid::text, '7'::xid8, 'pg_class'::regclass, 'int4'::regtype, 'now'::regproc, 26::oid, 'abc'::"char", 1259::regclass, '+(int4,int4)'::regoperator
SELECT 'nosuch'::regclass
SELECT 'nosuch'::regtype
SELECT to_regclass('nosuch'), to_regtype('integer'), to_regproc('now'), pg_typeof(1), pg_typeof('a'), pg_typeof(NULL), pg_typeof(ARRAY[1]), pg_typeof(now()), format_type(1043, 24), format_type(1700, 655366), format_type(1007, NULL), format_type(99999, NULL)
SELECT row(1, 'a', NULL), row(1, 2) = row(1, 2), row(1, NULL) = row(1, 2), row(1, 2) < row(1, 3), row(1, NULL) IS NULL, row(NULL, NULL) IS NULL, row(1, NULL) IS NOT NULL, (1, 2) IN ((1, 2), (3, 4)), row(1, NULL) IS DISTINCT FROM row(1, NULL)
SELECT NULL AND false, NULL OR true, NOT NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, true IS NOT UNKNOWN, (NULL = 1) IS UNKNOWN, 1 BETWEEN 0 AND 2, 2 BETWEEN SYMMETRIC 3 AND 1, 1 NOT BETWEEN 2 AND 3
SELECT num_nulls(1, NULL, 2), num_nonnulls(1, NULL), gcd(12, 18), lcm(4, 6), factorial(10), scale(1.230), min_scale(1.230), trim_scale(1.230), width_bucket(5.35, 0.024, 10.06, 5), width_bucket(3, ARRAY[1,2,4]), bit_count('\xff'::bytea)
SELECT factorial(-1)
SELECT width_bucket(1, 2, 2, 3)
SELECT 'a' || 1, 1 || 'a', 'a' || NULL, 'a' || ARRAY['b'], true || 'x'
SELECT 1 || 2
SELECT 'a' + 1
SELECT 'a'::text + 1
SELECT now() + 1
SELECT date '2024-01-01' + 1, date '2024-01-01' - 1, 1 + date '2024-01-01', date '2024-01-01' < timestamp '2024-01-01 00:00:01', date '2024-01-01' = timestamptz '2024-01-01'
SELECT date '2024-01-01' + date '2024-01-01'
SELECT nosuch(1)
SELECT length(1)
SELECT lower(1, 2)
SELECT max(1, 2)
SELECT sum('a')
SELECT sum('a'::text)
SELECT avg(true)
SELECT count()
SELECT count(*) FROM generate_series(1, 10, 3)
SELECT generate_series(1, 10, 0)
SELECT generate_series(5, 1), 'none'
SELECT generate_series(5, 1, -2)
SELECT generate_series(1.5, 3, 0.5)
SELECT generate_series('2024-01-01'::timestamp, '2024-01-02', '0 day')
SELECT pg_size_pretty(1024::bigint), pg_size_pretty(10485760::bigint), pg_size_pretty(12345678901.5), pg_size_bytes('10 MB'), pg_column_size(1), pg_column_size('abc'::text)
SELECT pg_size_bytes('10 XB')
SELECT current_setting('search_path'), current_setting('nosuch.setting', true), set_config('my.var', 'x', false), current_setting('my.var')
SELECT current_setting('nosuch')
SELECT string_agg(x, ',') FROM (VALUES ('a'), (NULL), ('b')) t(x)
SELECT array_agg(x), json_agg(x), bool_or(x > 1), bit_and(x), count(x), count(*), sum(x), avg(x), max(x) FROM (VALUES (1), (NULL), (3)) t(x)
SELECT sum(x), avg(x), max(x), count(x), array_agg(x), string_agg(x::text, ',') FROM (SELECT 1 AS x WHERE false) t
SELECT sum(x::int2), sum(x::int8), sum(x::float4), avg(x::int8), avg(x::float4), sum(x::numeric), avg(x * interval '1 hour'), sum(x * interval '1 hour') FROM generate_series(1, 4) x
SELECT any_value(x) FROM generate_series(1, 2) x
SELECT CAST('1' AS int), CAST(NULL AS text), int '5', '5'::int4, float4 '1.1', 1.1::float4::float8, 0.1::float4, 16777217::float4, 1e15::float8, 1e16::float8, 123456789.123::float4, 1e-5::float8, 100000000000000000000::float8
SELECT current_date = now()::date, localtimestamp(0) IS NOT NULL, current_time(2) IS NOT NULL, clock_timestamp() >= now(), statement_timestamp() >= transaction_timestamp(), timeofday() IS NOT NULL
SELECT pg_sleep(0), pg_sleep_for('0 seconds')
SELECT $1
SELECT 1 +
SELECT * FROM
SELECT 'unterminated
SELECT "a
SELECT 1; SELECT 2
SELECT 1 AS "a b", 2 "C", 3 AS select
SELECT E'\xff'
SELECT normalize('a'), is_normalized('a'), unistr('\0061'), string_agg(DISTINCT x, ',' ORDER BY x) FROM (VALUES ('b'), ('a'), ('b')) v(x)
