-- COPY to and from the client: text, csv, options, columns, queries, errors
CREATE TABLE t (id int, name text, n numeric, d date, b bool)
COPY t FROM STDIN
< 1	one	1.5	2020-01-01	t
< 2	two	\N	\N	f
< 3	tab\there	3	2020-02-29	\N
< 4	new\nline	-1	2020-03-01	true
< 5	back\\slash	0.00	1999-12-31	no
SELECT * FROM t ORDER BY id
COPY t TO STDOUT
COPY (SELECT id, name FROM t ORDER BY id DESC) TO STDOUT
COPY (SELECT * FROM t ORDER BY id) TO STDOUT WITH (FORMAT csv)
COPY (SELECT * FROM t ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)
COPY (SELECT * FROM t ORDER BY id) TO STDOUT (FORMAT csv, DELIMITER ';', QUOTE '''', NULL 'nil', FORCE_QUOTE *)
COPY (SELECT * FROM t ORDER BY id) TO STDOUT (DELIMITER '|', NULL '-')
COPY t (id, b) TO STDOUT
COPY (VALUES (1, 'a,b'), (2, 'q"q'), (3, ''), (4, NULL), (5, ' space ')) TO STDOUT CSV
COPY (VALUES (1, 'a,b'), (2, NULL)) TO STDOUT DELIMITER ',' NULL 'x' CSV HEADER
COPY (SELECT 1 WHERE false) TO STDOUT
COPY (SELECT ARRAY[1, 2], '{"a": 1}'::jsonb, '\x01ff'::bytea, '1 day'::interval) TO STDOUT
COPY (INSERT INTO t (id) VALUES (6) RETURNING id) TO STDOUT
TRUNCATE t
COPY t FROM STDIN (FORMAT csv)
< 1,"one, two",1.5,2020-01-01,true
< 2,"quote "" inside",,,
< 3,"two
< lines",3,2020-01-01,false
< 4,,"4",2020-01-01,t
< 5,"",5,2020-01-01,t
SELECT id, name, name IS NULL AS null_name, n FROM t ORDER BY id
TRUNCATE t
COPY t FROM STDIN (FORMAT csv, HEADER)
< id,name,n,d,b
< 1,a,1,2020-01-01,t
COPY t FROM STDIN (FORMAT csv, HEADER match)
< id,name,n,d,wrong
< 1,a,1,2020-01-01,t
COPY t (name, id) FROM STDIN
< x	10
< y	11
COPY t (id, name) FROM STDIN WHERE id > 20
< 19	no
< 21	yes
COPY t FROM STDIN (FORMAT csv, NULL 'NIL', DELIMITER '|')
< 30|NIL|1|NIL|t
COPY t FROM STDIN (FORMAT csv, FORCE_NOT_NULL (name), FORCE_NULL (n))
< 31,,"",2020-01-01,t
SELECT id, name, name IS NULL AS is_null, n FROM t ORDER BY id
COPY t (id) FROM STDIN
< 40
< \.
COPY t (id) FROM STDIN
COPY t FROM STDIN
< 1	one	1.5	2020-01-01
COPY t FROM STDIN
< 1	one	1.5	2020-01-01	t	extra
COPY t FROM STDIN
< x	one	1.5	2020-01-01	t
COPY t FROM STDIN
< 1	one	1.5	2020-13-01	t
COPY t (id, name) FROM STDIN (FORMAT csv)
< 1,"unterminated
COPY t (id, name) FROM STDIN (FORMAT csv)
< 1,a,b
COPY t (id, nosuch) FROM STDIN
COPY t (id, id) FROM STDIN
COPY nosuch FROM STDIN
COPY nosuch TO STDOUT
COPY t FROM STDIN (FORMAT nosuch)
COPY t FROM STDIN (DELIMITER 'ab')
COPY t FROM STDIN (QUOTE '"')
COPY t TO STDOUT (HEADER, FORMAT text)
COPY t FROM STDIN (NOSUCH)
COPY t FROM STDIN (FORMAT csv, FORMAT text)
COPY t FROM STDIN (DELIMITER E'\n')
COPY t FROM STDIN (NULL 'a', DELIMITER 'a')
COPY t TO STDOUT WHERE id = 1
COPY (UPDATE t SET id = 1) TO STDOUT
COPY (SELECT 1) FROM STDIN
CREATE TABLE k (id int PRIMARY KEY, v text NOT NULL DEFAULT 'dflt', c int CHECK (c > 0))
COPY k FROM STDIN
< 1	a	1
< 1	b	1
COPY k FROM STDIN
< 1	\N	1
COPY k FROM STDIN
< 1	a	-1
SELECT count(*) FROM k
COPY k (id) FROM STDIN
< 7
SELECT * FROM k
CREATE VIEW kv AS SELECT id FROM k
COPY kv TO STDOUT
COPY (SELECT * FROM kv) TO STDOUT
COPY kv FROM STDIN
BEGIN
COPY k (id) FROM STDIN
< 8
ROLLBACK
SELECT count(*) FROM k
CREATE TABLE g (a int, b int GENERATED ALWAYS AS (a * 2) STORED, i int GENERATED ALWAYS AS IDENTITY)
COPY g (a) FROM STDIN
< 5
COPY g TO STDOUT
COPY g (b) FROM STDIN
CREATE TABLE types (a int2, b int8, c float8, d text[], e timestamp, f uuid, g jsonb, h char(3), i interval, j bytea)
COPY types FROM STDIN
< 1	9223372036854775807	1e-5	{a,"b c",NULL}	2020-01-01 12:34:56.789	a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11	{"k": [1, null]}	ab	1 day 02:00:00	\\xdead
COPY types TO STDOUT
COPY types TO STDOUT CSV
COPY types TO STDOUT (FORMAT binary)
COPY t FROM '/nosuch/file'
COPY t TO STDOUT (ENCODING 'nosuch')
