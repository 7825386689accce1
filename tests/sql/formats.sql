-- Regular expressions, pictures of numbers and dates, aggregates over order, functions in FROM.
SELECT regexp_match('foo-bar_baz 12', '(\w+)-(\w+)\s(\d+)'), regexp_matches('a1b22', '[a-z]\d+', 'g'), regexp_replace('abc def', '(\w+) (\w+)', '\2 \1'), regexp_replace('aaa', 'a', 'b', 2), regexp_replace('a.b.c', '\.', '', 'g'), regexp_split_to_array('a, b,c', ',\s*'), 'über' ~ '^\w+$', 'x1' ~ '^[[:alpha:]][[:digit:]]$', 'ab' ~ '^(?:a|b)+$', 'AbC' ~* '^abc$', E'a\nb' ~ 'a.b', regexp_replace('Hello World', '[aeiou]', '<\&>', 'g')
SELECT regexp_replace('abcabc', 'b', 'X', 1, 0), regexp_substr('one two three', '\w+', 1, 2), regexp_instr('abcabc', 'b', 3), regexp_count('aAaA', 'a', 1, 'i'), regexp_like('a', 'b'), regexp_substr('abc', '(a)(b)', 1, 1, '', 2), regexp_replace('x', '', 'y')
SELECT substring('abcdef' from '#"b#"' for '#'), substring('Thomas' from '...$'), substring('Thomas' from '%#"o_a#"_' for '#'), 'abc' similar to 'abc|d', 'a' similar to '[[:alpha:]]'
SELECT to_char(125.8, '999D9'), to_char(-125.8, 'S999D99'), to_char(0.1, '0.9'), to_char(-0.1, '99.99'), to_char(12, 'FM99.00'), to_char(148.5, 'FM999.990'), to_char(485, '9 9 9'), to_char(1485, '9,999'), to_char(3148.5, '9G999D999'), to_char(-485, '999S'), to_char(-485, '999MI'), to_char(485, '999MI'), to_char(485, 'FM999MI'), to_char(485, 'PL999'), to_char(485, 'SG999'), to_char(-485, 'SG999'), to_char(-485, '9SG99'), to_char(-485, '999PR'), to_char(485, 'L999'), to_char(5.2, 'RN'), to_char(482, '999th'), to_char(485, '"Good number:"999'), to_char(485.8, '"Pre:"999" Post:" .999'), to_char(12, '99V999'), to_char(12.4, '99V999'), to_char(0.0004859, '9.99EEEE')
SELECT to_char(date '2024-01-05', 'FMDD.FMMM.YY'), to_char(timestamp '2024-01-05 15:04:05', 'HH:MI PM, HH24h'), to_char(timestamp '2024-01-05 00:04:05', 'HH12:MI AM'), to_char(timestamp '2024-01-05 15:04:05.678', 'SS.MS US FF3 FF6'), to_char(timestamp '2024-01-05', 'MONTH Month month MON Mon mon DAY Day day DY Dy dy'), to_char(timestamp '0044-03-15 BC', 'YYYY BC AD B.C.'), to_char(timestamp '2024-01-05', '"Week" WW, "Q"Q'), to_char(timestamp '2024-01-01', 'IYYY IW'), to_char(interval '100 hours', 'HH24:MI'), to_char(interval '-1 day -02:03', 'DD HH24:MI'), to_char(timestamp 'infinity', 'YYYY')
SELECT to_timestamp('2024-01-05 3:04 PM', 'YYYY-MM-DD HH:MI PM'), to_date('5 January 24', 'DD Month YY'), to_timestamp('1704067200', 'J'), to_date('2024 05', 'IYYY IW')
SELECT to_timestamp('15:04', 'HH24:MI')::time, to_date('20240105', 'YYYYMMDD'), to_date('Jan 5, 2024', 'Mon DD, YYYY'), to_timestamp('2024-01-05T10:11:12.345+02', 'YYYY-MM-DD"T"HH24:MI:SS.MSTZH'), to_number('$1,234.56', 'L9,999.99'), to_number('-12', 'S99'), to_number('12th', '99th'), to_number('1 234', '9 999')
SELECT to_timestamp('25:00', 'HH24:MI')
SELECT to_date('2024-02-30', 'YYYY-MM-DD')
SELECT to_timestamp('10 AM', 'HH24 AM')
SELECT date '2024-03-10' - interval '1 day', date '2024-01-31' + interval '1 month 1 day', timestamp '2024-01-01' + interval '1.5 months', interval '1 day' * 0.5, interval '10 days' / 3, interval '1 hour' * -1, -interval '1 month', interval '1 year' - interval '1 day', interval '90 minutes' > interval '1 hour', extract(epoch from interval '1 month'), interval '1 mon' = interval '30 days'
SELECT age('2024-03-31', '2024-02-29'), age(timestamp '2000-01-01', timestamp '1999-12-31 12:00'), age(date '2024-01-01', date '2024-01-01'), justify_interval(interval '40 days 30 hours'), timestamptz '2024-03-31 12:00+00' - timestamptz '2024-01-01', date '2024-01-01' - timestamp '2023-12-31 10:00'
SELECT timestamp '2024-01-01' - date '2023-01-01', now() - now(), current_date - current_date, localtime = localtime, date_part('epoch', timestamptz '2024-01-01 00:00+00'), extract(epoch from timestamp '1970-01-02'), to_timestamp(0), to_timestamp('infinity'::float8)
SELECT date_trunc('year', timestamptz '2024-07-01 00:00+00'), date_trunc('century', date '2024-01-01'), date_trunc('week', timestamp '2024-01-03'), date_trunc('day', interval '25 hours'), date_trunc('month', interval '13 months 5 days')
SELECT timestamp '2024-01-01 24:00:00', timestamp '2024-01-01 23:59:60', time '23:59:60', '2024-01-01T10:00:00Z'::timestamptz, '2024-01-01 10:00:00.1234567'::timestamp, '20240101T101112'::timestamp, 'Mon Jan 1 10:00:00 2024 PST'::timestamptz, '2024-01-01 10:00 America/New_York'::timestamptz, 'yesterday'::date < 'tomorrow'::date, 'now'::timestamp(0) IS NOT NULL, 'allballs'::time
SELECT '2024-01-01 25:00'::timestamp
SELECT '2024-01-01 10:00 Nowhere'::timestamptz
SELECT 'garbage'::interval
SELECT '1 day 1 day'::interval
SELECT make_timestamp(2024, 13, 1, 0, 0, 0)
SELECT make_interval(days => 5, hours => 3), make_interval(secs => 1.5), make_interval(years => 1, weeks => 2), jsonb_set(target => '{}', path => '{a}', new_value => '1')
SELECT jsonb_set(jsonb_in => '{}', path => '{a}', replacement => '1'), jsonb_insert('{"a":[1]}', '{a,0}', '0', insert_after => true), regexp_split_to_array(string => 'a b', pattern => ' ')
SELECT timestamp(2) '2024-01-01 10:00:00.126', time(1) '10:00:00.16', '2024-01-01 10:00:00.999999'::timestamp(3), interval(0) '1.6 seconds', interval '1 day 2 hours' hour, interval '100' second, interval '1-2' year to month
SELECT round(1234.5678, -2), round(-0.5), round(0.5), round(1.5), round(2.5), trunc(2.567, 2), trunc(-2.5), ceil(-0.5), floor(0.5), 1e3, 1.0e-3, .5, 5., 100::numeric / 3, 1.0 / 3, 2.0 / 3, 1::numeric(10,2) / 3, sqrt(2.0), 2 ^ 0.5, 2.0 ^ 3, exp(0.0), ln(2.0), log(10, 1000), mod(5.5, 2), 5.5 % -2, div(-7, 2), -7 / 2.0, sign(0.0), 0.00 * 1, 1.100 + 1.9
SELECT 123456789012345678901234567890 * 987654321, 1e100 + 1, 10 ^ 20, 10::numeric ^ 30, 2::numeric ^ -2, numeric '0.1' + 0.2, 99999.995::numeric(7,2), 1.005::numeric(3,2), (-1.005)::numeric(3,2), '1e5'::numeric, ' 1.5 '::numeric, 1.50::text, 1e-7::numeric::text, 'Infinity'::numeric + 1
SELECT 999.995::numeric(5,2)
SELECT 'abc'::numeric
SELECT '1.2.3'::numeric
SELECT 0.1::float4 + 0.2::float4, 1e20::float8, 1e-10::float8, 123456.789::float4, 3.0::float8, -0.0::float8, 1/3::float8, 'inf'::float8 - 'inf', 0::float8 / 1, power(2, 1023) * 2
SELECT float8 '1e308' + float8 '1e308'
SELECT 1::float4 / 0
SELECT int4 '12' + int2 '3', int8 '1' * 2147483648, 7::int2 / 2::int2, -7 % 2, (-7) / 2, 2147483647::int8 + 1, abs((-5)::int2), 5::int2 % 3::int8, pg_typeof(1::int2 + 1::int2), pg_typeof(1 + 1::int8), pg_typeof(1 + 1.0), pg_typeof(1 + 1::float4), pg_typeof(2 ^ 2), pg_typeof(sum(1::int2)), pg_typeof(avg(1)), pg_typeof(count(*)), pg_typeof(round(1.5)), pg_typeof(round(1.5::float8))
SELECT concat_ws('-', 1, NULL, 'a', true, 1.50, date '2024-01-01', ARRAY[1,2]), concat(), format('%1$s %1$L %2$I', 'a''b', 'C d'), format('%10s|%-10s|%s', 'r', 'l', NULL), format('%%%s', 5), format('%*s', 5, 'a'), format('%-*s|', 5, 'a'), format('%2$*1$s', 5, 'x'), quote_literal(E'a\\b'), quote_ident('select'), quote_ident('abc'), quote_nullable('x'), parse_ident('a."B".c'), lower('ÄÖ'), initcap('o''neill mc-donald'), ascii(''), ascii('€'), chr(8364), strpos('äbc', 'b'), position('' in 'abc'), overlay('abcdef' placing 'XX' from 3), repeat('ab', 0), repeat('ab', -1), reverse(''), translate('abc', 'ab', ''), left('abc', 0), right('abc', 10), lpad('abc', 2), lpad('abc', 6, ''), rpad('', 3, 'xy'), split_part('a--b--c', '--', 3), split_part('a,b', ',', 5), string_to_array('a,b', ','), string_to_table('a,b', ','), substr('abc', -1), substr('abc', 2, 100), starts_with('abc', ''), 'a' < 'B', 'a' || NULL || 'b', char_length('€'), md5(''), sha256(''), encode(sha512('a'), 'hex'), unistr('\00e4'), to_hex(-1), to_hex(255::bigint), 'abc' ^@ 'ab', bit_length('€'), btrim('xxaxx', 'x'), ltrim('  a'), regexp_replace('a', 'a', '\\')
SELECT format('%1$s %3$s', 'a', 'b')
SELECT format('%', 1)
SELECT parse_ident('a b')
SELECT array_agg(x ORDER BY x DESC NULLS LAST), array_agg(DISTINCT x), string_agg(x::text, '-' ORDER BY x), count(DISTINCT x), sum(DISTINCT x), mode() WITHIN GROUP (ORDER BY x), percentile_cont(ARRAY[0, 0.5, 1]) WITHIN GROUP (ORDER BY x), bit_xor(x), bool_and(x > 0), json_agg(x ORDER BY x), jsonb_object_agg(coalesce(x, 0)::text, x), stddev_pop(x), var_samp(x), max(x) FILTER (WHERE x < 3) FROM (VALUES (1), (3), (3), (NULL), (2)) t(x)
SELECT rank(2) WITHIN GROUP (ORDER BY x), dense_rank(3) WITHIN GROUP (ORDER BY x DESC), percent_rank(2) WITHIN GROUP (ORDER BY x), cume_dist(2.5) WITHIN GROUP (ORDER BY x), rank(NULL) WITHIN GROUP (ORDER BY x) FROM (VALUES (1), (3), (3), (2)) t(x)
SELECT rank(1, 'b') WITHIN GROUP (ORDER BY x, y DESC) FROM (VALUES (1, 'a'), (1, 'c'), (0, 'z')) t(x, y)
SELECT rank(1) WITHIN GROUP (ORDER BY x, y) FROM (VALUES (1, 2)) t(x, y)
SELECT rank('a') WITHIN GROUP (ORDER BY x) FROM (VALUES (1)) t(x)
SELECT rank(1) FROM (VALUES (1)) t(x)
SELECT x, sum(x) OVER (ORDER BY x ROWS 1 PRECEDING), avg(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*) OVER (ORDER BY x GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING), first_value(x) OVER (ORDER BY x DESC), lag(x, 2, -1) OVER (ORDER BY x), ntile(3) OVER (ORDER BY x), nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), string_agg(x::text, ',') OVER (ORDER BY x), array_agg(x) OVER (PARTITION BY x % 2 ORDER BY x) FROM generate_series(1, 5) x ORDER BY x
SELECT sum(x) OVER w FROM generate_series(1, 3) x WINDOW w AS (ORDER BY x), w2 AS (w ROWS 1 PRECEDING)
SELECT row_number() OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM generate_series(1, 3) x
SELECT rank() OVER (ORDER BY rank() OVER ()) FROM generate_series(1, 3) x
SELECT ntile(0) OVER () FROM generate_series(1, 3) x
SELECT lag(x, x) OVER (ORDER BY x) FROM generate_series(1, 3) x WHERE row_number() OVER () = 1
SELECT sum(x) OVER (ORDER BY x ROWS -1 PRECEDING) FROM generate_series(1, 3) x
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b', 'c'])) WITH ORDINALITY AS t(n, s, o)
SELECT * FROM ROWS FROM (generate_series(1, 2), now()) x LIMIT 0
SELECT * FROM unnest(ARRAY[1, 2], '{a,b,c}'::text[]) u(n, s), LATERAL unnest(ARRAY[n], ARRAY[s, s]) v
SELECT * FROM unnest(ARRAY[1], 5)
SELECT * FROM ROWS FROM (json_to_recordset('[{"a":1,"b":"x"}]') AS (a int, b text), generate_series(1, 2)) AS t (p, q, s)
SELECT * FROM json_to_record('{"a":1,"b":[1,2],"c":"x"}') AS x(a int, b int[], c text, d text)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY
SELECT * FROM json_each('{"a":1,"b":null}'), json_array_elements('[1,"x"]') e
SELECT unnest('{{1,2},{3,4}}'::int[]), generate_subscripts('{7,8}'::int[], 1)
