--- session
SELECT '{"a": [1, 2, {"b": null}]}'::json, '{"b": 1, "a": [true, "x"]}'::jsonb
SELECT '{"a":1'::json
SELECT '{"a":nope}'::json
SELECT '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 19]'::json
SELECT '{\n"a": 1,\n"b": x}'::json
SELECT '["a\tb"]'::json
SELECT E'["a\\tb"]'::json
SELECT '["\u00zz"]'::json
SELECT '["\ud83d"]'::jsonb
SELECT '["\u0000"]'::jsonb
SELECT json '{"a":"\u0000"}' -> 'a'
SELECT '{"a":1}'::jsonb -> 'a', '{"a":"x"}'::jsonb ->> 'a', '[1,2]'::jsonb -> 1
SELECT '{"a":{"b":[1,2]}}'::jsonb #> '{a,b,1}', '{"a":{"b":[1,2]}}'::json #>> '{a,b}'
SELECT '{"a":1}'::json = '{"a":1}'::json
SELECT '{"a":1}'::jsonb = '{"a":1}', '[1]'::jsonb < '[1,2]', '{"a":1}'::jsonb @> '{}', '{"a":1}'::jsonb ? 'a'
SELECT j FROM (VALUES ('{"a":1}'::jsonb), ('[]'), ('null'), ('"a"'), ('1'), ('true'), ('[1]'), ('{}'), ('false'), ('"b"'), ('10')) v(j) ORDER BY j
SELECT j, count(*) FROM (VALUES ('{"a":1}'::jsonb), ('{"a":1.0}'), ('[1]')) v(j) GROUP BY j ORDER BY j
SELECT DISTINCT j FROM (VALUES ('1'::jsonb), ('1.00'), ('2')) v(j) ORDER BY 1
SELECT j::text FROM (VALUES ('1'::json)) v(j) GROUP BY j
SELECT * FROM json_each('{"a":1,"b":"x","c":null}')
SELECT * FROM json_each_text('{"a":1,"b":"x","c":null}')
SELECT key, value FROM jsonb_each('{"b":1,"a":[2]}') ORDER BY key
SELECT k, v FROM jsonb_each_text('{"b":1,"a":null}') AS t(k, v)
SELECT * FROM json_array_elements('[1,[2],{"a":3}]')
SELECT value FROM jsonb_array_elements('[1,2]') WITH ORDINALITY
SELECT e, n FROM jsonb_array_elements('[1,2]') WITH ORDINALITY AS t(e, n)
SELECT value FROM jsonb_array_elements_text('["x","y"]') AS t
SELECT x FROM jsonb_array_elements_text('["x","y"]') AS x
SELECT * FROM json_object_keys('{"b":1,"a":2}')
SELECT json_array_elements('[1,2]'), json_object_keys('{"k":1}')
SELECT json_each('{"a":1,"b":"x y"}')
SELECT json_array_elements('{"a":1}')
SELECT * FROM json_each('[1]')
SELECT * FROM jsonb_each('[1]')
SELECT json_agg(x) FROM (VALUES (1), (2)) v(x)
SELECT json_agg(v) FROM (VALUES (1, 'a'), (2, 'b')) v(x, y)
SELECT json_agg(ROW(x, y)) FROM (VALUES (1, 'a'), (2, NULL)) v(x, y)
SELECT json_agg(ARRAY[x, x + 1]) FROM (VALUES (1), (2)) v(x)
SELECT jsonb_agg(x ORDER BY x DESC) FROM (VALUES (1), (2), (3)) v(x)
SELECT json_object_agg(k, v), jsonb_object_agg(k, v) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)
SELECT jsonb_object_agg(k, v) FROM (VALUES (NULL, 1)) t(k, v)
SELECT json_agg(x), jsonb_agg(x) FROM (VALUES (1)) v(x) WHERE false
SELECT row_to_json(ROW(1, 'a', NULL, ARRAY[1,2], ROW(true, 2.50)))
SELECT row_to_json(ROW(1, 'a'), true), to_json(ROW(1)), to_jsonb(ROW(1, 'b'))
SELECT json_build_object('r', ROW(1, 'x'), 'a', ARRAY[ROW(1), ROW(2)])
SELECT json_build_object('a', 1, 'b'), 1
SELECT json_build_object(ROW(1), 2)
SELECT json_build_array(1, 'a', NULL, 1.5, true, current_date IS NULL)
SELECT jsonb_build_object('d', date '2024-02-29', 't', timestamp '2024-02-29 01:02:03.5', 'i', interval '1 day')
SELECT to_json('a'::text), to_json(1), to_json(NULL::int)
SELECT to_json('a')
SELECT jsonb_set('{"a":[1,2]}', '{a,0}', '"x"'), jsonb_insert('{"a":[1,2]}', '{a,0}', '0'), '{"a":1,"b":2}'::jsonb - 'a', '[1,2]'::jsonb - 0, '{"a":{"b":1}}'::jsonb #- '{a,b}'
SELECT jsonb_set('{"a":[1,2]}', '{a,x}', '1')
SELECT jsonb_pretty('{"a":[1,{"b":2}]}')
SELECT * FROM json_to_record('{"a":1,"b":[1,2],"c":"x","e":{"f":1}}') AS t(a int, b int[], c text, d text, e json)
SELECT * FROM json_to_recordset('[{"a":1},{"a":"2","b":"z"}]') AS t(a int, b text)
SELECT * FROM jsonb_to_record('{"a":"x"}') AS t(a int)
SELECT * FROM jsonb_to_recordset('[{"a":1.5,"d":"2024-01-01"},{"a":"2"}]') AS t(a numeric(4,2), d date)
SELECT * FROM json_to_recordset('{"a":1}') AS t(a int)
SELECT * FROM json_to_record('[1]') AS t(a int)
SELECT * FROM json_to_record('{}')
SELECT json_to_record('{}')
SELECT * FROM json_each('{}') AS t(a int)
SELECT * FROM abs(1) AS t(a int)
SELECT json_populate_record(1, '{}')
SELECT json_populate_record(ROW(1, 2), '{"f1":"7"}')
SELECT json_populate_record(NULL::record, '{}')
SELECT '5'::jsonb::int, '1.5'::jsonb::numeric, 'true'::jsonb::bool, '"x"'::jsonb::text
SELECT '"x"'::jsonb::int
SELECT pg_typeof('{}'::json), pg_typeof('{}'::jsonb), pg_typeof(jsonb_agg(1)), pg_typeof('{}'::jsonb[])
SELECT json '{}', jsonb '{}', json '[' 
SELECT CASE WHEN true THEN '{"a":1}'::jsonb ELSE 'null' END, COALESCE(NULL::jsonb, '[]')
