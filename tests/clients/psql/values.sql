-- Values of every type as psql shows them.
SET TIME ZONE 'UTC';
SET DateStyle = 'ISO, MDY';
SELECT 1::int2, (-2147483648)::int4, 9223372036854775807::int8;
SELECT 0.1::float4, 1e300::float8, 'NaN'::float8, '-Infinity'::float8;
SELECT 123456789012345678901234567890.0123456789::numeric, 'NaN'::numeric, 1.50::numeric(10, 3);
SELECT true, false, NULL::bool;
SELECT 'naïve ☃'::text, 'abc'::varchar(2), 'ab'::char(4) || '|';
SELECT '\x00ff10'::bytea;
SELECT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid;
SELECT '2024-02-29'::date, '2024-02-29 12:34:56.789'::timestamp, '2024-02-29 12:34:56+02'::timestamptz;
SELECT 'infinity'::timestamp, '0044-03-15 BC'::date;
SELECT '1 year 2 mons -3 days 04:05:06.7'::interval, interval '90 minutes';
SELECT ARRAY[1, NULL, 3], ARRAY['a', 'b c', NULL, ''], ARRAY[[1, 2], [3, 4]];
\pset null '(null)'
SELECT NULL AS nothing;
