-- Elements and slices of arrays, keys of jsonb and fields of rows: reading and assigning.
CREATE TABLE arr (id int PRIMARY KEY, a int[], t text[], m int[][], j jsonb, v varchar(3)[])
INSERT INTO arr VALUES (1, '{1,2,3}', '{a,b}', '{{1,2},{3,4}}', '{"a": 1}', '{abc}'), (2, NULL, NULL, NULL, NULL, NULL)
UPDATE arr SET a[2] = 20 RETURNING a
UPDATE arr SET a[5] = 50, a[-1] = 0 WHERE id = 1 RETURNING a
UPDATE arr SET a[1:2] = '{7,8}' RETURNING a
UPDATE arr SET a[:2] = ARRAY[1, 2, 3, 4] WHERE id = 1 RETURNING a
UPDATE arr SET a[4:] = '{9}' WHERE id = 1 RETURNING a
UPDATE arr SET a[2:3] = NULL WHERE id = 1 RETURNING a
UPDATE arr SET m[1][2] = 99, m[2][1] = NULL WHERE id = 1 RETURNING m
UPDATE arr SET m[3][1] = 5 WHERE id = 1
UPDATE arr SET m[1] = 5 WHERE id = 1
UPDATE arr SET m[1:2][1:1] = '{{5},{6}}' WHERE id = 1 RETURNING m
UPDATE arr SET a[NULL] = 5
UPDATE arr SET a[3:1] = '{1}' WHERE id = 1
UPDATE arr SET a['x'] = 1
UPDATE arr SET a[1] = 'x'
UPDATE arr SET a[1] = true
UPDATE arr SET t[1] = 5 RETURNING t
UPDATE arr SET id[1] = 5
UPDATE arr SET a[1] = DEFAULT
UPDATE arr SET v[2] = 'toolong'
UPDATE arr SET v[2] = 'ok' WHERE id = 1 RETURNING v
UPDATE arr SET j['b'] = '2', j['c']['d'] = '"x"' RETURNING j
UPDATE arr SET j['l'][2] = '5' WHERE id = 1 RETURNING j
UPDATE arr SET j['l'][-1] = '6' WHERE id = 1 RETURNING j
UPDATE arr SET j['a']['x'] = '1' WHERE id = 1
UPDATE arr SET j[0] = '1' WHERE id = 2 RETURNING j
UPDATE arr SET j['a'] = NULL RETURNING j
UPDATE arr SET j[NULL] = '1'
UPDATE arr SET j['a':'b'] = '1'
UPDATE arr SET j[1.5] = '1'
INSERT INTO arr (id, a[1], a[3], t[2:3], j['k']) VALUES (3, 1, 3, '{x,y}', '{}') RETURNING *
INSERT INTO arr (id, a[2]) SELECT 4, 5 RETURNING id, a
INSERT INTO arr (id, a[1]) VALUES (5, 1), (6, 2) RETURNING id, a
INSERT INTO arr (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a[1] = 1000 RETURNING a
SELECT j['l'], j['l'][2], j['nope'], j -> 'c', (j)['c']['d'] FROM arr WHERE id = 1
SELECT id['x'] FROM arr
CREATE TYPE pair AS (x int, y text)
CREATE TABLE comp (id int, p pair, ps pair[])
INSERT INTO comp (id, p.x, p.y) VALUES (1, 1, 'a') RETURNING *
UPDATE comp SET p.y = 'b', ps[1] = row(5, 'five'), ps[2].x = 7 RETURNING *
UPDATE comp SET ps[2].y = 'seven' RETURNING ps, ps[2].y, (ps[2]).x
UPDATE comp SET p.z = 1
UPDATE comp SET id.x = 1
UPDATE comp SET p.x = 'abc'
SELECT p.x FROM comp
SELECT (p).x, (p).*, (comp).p, comp FROM comp
SELECT comp.*, c.* FROM comp, comp c
