-- What applications ask: orders of users, their documents and tags.
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(20), age int CHECK (age >= 0), created timestamp DEFAULT '2024-01-15 10:30:00', tags text[] DEFAULT '{}', meta jsonb DEFAULT '{}'::jsonb, balance numeric(10,2) DEFAULT 0)
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE, placed date NOT NULL, total numeric(12,2), status text DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent')), note text)
CREATE INDEX orders_user ON orders (user_id)
INSERT INTO users (email, name, age, tags, meta, balance) VALUES ('a@x.org', 'Ann', 30, '{red,blue}', '{"city": "Rome", "n": 1}', 10.5), ('b@x.org', 'Bob', 25, '{blue}', '{"city": "Oslo", "kids": [1,2]}', 99.999), ('c@x.org', 'Cyd', NULL, NULL, NULL, -3) RETURNING id, email, balance
INSERT INTO orders (user_id, placed, total, status) SELECT 1 + i % 3, date '2024-01-01' + i, i * 10.25, (ARRAY['new','paid','sent'])[1 + i % 3] FROM generate_series(1, 12) i RETURNING id
INSERT INTO users (email, name) VALUES ('a@x.org', 'Again')
INSERT INTO users (email, name) VALUES ('a@x.org', 'Again') ON CONFLICT DO NOTHING
INSERT INTO users (email, name) VALUES ('a@x.org', 'Again') ON CONFLICT (email) DO UPDATE SET name = excluded.name, age = users.age + 1 RETURNING id, name, age
INSERT INTO users AS u (email, name) VALUES ('a@x.org', 'Third'), ('d@x.org', 'Dan') ON CONFLICT (email) DO UPDATE SET name = u.name || '/' || excluded.name WHERE u.age > 20 RETURNING *
INSERT INTO users (email) VALUES ('z@x.org'), ('z@x.org') ON CONFLICT (email) DO UPDATE SET name = 'dup'
INSERT INTO users (email) VALUES ('q@x.org') ON CONFLICT (name) DO NOTHING
INSERT INTO users (email, age) VALUES ('q@x.org', -1)
INSERT INTO users (name) VALUES ('nobody')
INSERT INTO orders (user_id, placed) VALUES (99, '2024-01-01')
INSERT INTO orders (user_id, placed) VALUES (1, 'not a date')
INSERT INTO orders (id, user_id, placed) VALUES (1, 1, '2024-01-01')
INSERT INTO orders (id, user_id, placed) OVERRIDING SYSTEM VALUE VALUES (1, 1, '2024-01-01')
UPDATE orders SET status = 'lost' WHERE id = 1
UPDATE orders SET user_id = 77 WHERE id = 1
UPDATE users SET balance = 123456789012 WHERE id = 1
UPDATE users SET email = NULL WHERE id = 1
UPDATE users SET id = 2 WHERE id = 1
SELECT u.name, count(o.id), sum(o.total), avg(o.total), min(o.placed), max(o.placed) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id ORDER BY u.id
SELECT u.*, o.total FROM users u JOIN orders o ON u.id = o.user_id WHERE o.total > 50 ORDER BY o.total DESC LIMIT 3
SELECT status, count(*) FILTER (WHERE total > 60) AS big, round(avg(total), 1), string_agg(id::text, ',' ORDER BY id DESC), array_agg(DISTINCT user_id ORDER BY user_id) FROM orders GROUP BY status ORDER BY status
SELECT date_trunc('week', placed)::date AS week, sum(total) FROM orders GROUP BY 1 ORDER BY 1
SELECT placed, total, sum(total) OVER (ORDER BY placed) AS running, lag(total) OVER w, lead(total, 2, 0) OVER w, rank() OVER (PARTITION BY user_id ORDER BY total DESC), row_number() OVER w, ntile(4) OVER w, first_value(id) OVER w, last_value(id) OVER w, nth_value(id, 2) OVER w FROM orders WINDOW w AS (ORDER BY placed) ORDER BY placed
SELECT user_id, total, avg(total) OVER (PARTITION BY user_id ORDER BY placed ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), percent_rank() OVER (PARTITION BY user_id ORDER BY total), cume_dist() OVER (PARTITION BY user_id ORDER BY total) FROM orders ORDER BY 1, 2
SELECT placed, sum(total) OVER (ORDER BY placed RANGE BETWEEN '2 days' PRECEDING AND CURRENT ROW) FROM orders ORDER BY placed
SELECT total, sum(total) OVER (ORDER BY user_id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders ORDER BY id
SELECT DISTINCT ON (user_id) user_id, placed, total FROM orders ORDER BY user_id, placed DESC
WITH moved AS (DELETE FROM orders WHERE status = 'sent' RETURNING *), kept AS (INSERT INTO orders (user_id, placed, total, note) SELECT user_id, placed + 100, total, 'copied' FROM moved RETURNING id) SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM kept)
WITH RECURSIVE t(n, path) AS (SELECT 1, ARRAY[1] UNION ALL SELECT n + 1, path || (n + 1) FROM t WHERE n < 5) SELECT * FROM t
WITH u AS (UPDATE users SET balance = balance * 1.1 WHERE id < 3 RETURNING id, balance) SELECT * FROM u ORDER BY id
SELECT id, tags[1], array_length(tags, 1), cardinality(tags), 'blue' = ANY (tags), tags @> '{red}', tags || 'new', array_to_string(tags, '-', '?'), array_position(tags, 'blue') FROM users ORDER BY id
SELECT id, meta->'city', meta->>'city', meta #> '{kids,0}', meta ? 'kids', meta @> '{"n": 1}', jsonb_typeof(meta->'kids'), meta || '{"x": null}', meta - 'city', jsonb_array_length(meta->'kids') FROM users WHERE meta ? 'city' ORDER BY id
UPDATE users SET meta = jsonb_set(meta, '{address,street}', '"Via"', true), tags = array_append(tags, 'z') WHERE id = 1 RETURNING meta, tags
UPDATE users SET meta = jsonb_set(meta, '{address}', '{"street": "Via"}') WHERE id = 1 RETURNING meta
UPDATE users SET meta['address']['zip'] = '"00100"', tags[2] = 'second' WHERE id = 1 RETURNING meta, tags
UPDATE users SET tags[5:6] = '{five,six}' WHERE id = 1 RETURNING tags
SELECT meta['address']['zip'], meta['kids'][1], (meta['address'])['street'] FROM users ORDER BY id
SELECT json_build_object('id', id, 'name', name, 'tags', tags, 'meta', meta, 'created', created) FROM users ORDER BY id
SELECT jsonb_build_object('a', 1, 'b', ARRAY[1,2], 'c', NULL, 'd', 1.50, 'e', true, 'f', now() IS NULL, 'g', date '2020-02-29')
SELECT json_agg(row_to_json(o)) FROM (SELECT id, total FROM orders ORDER BY id LIMIT 2) o
SELECT jsonb_agg(to_jsonb(o) - 'note' ORDER BY id) FROM orders o WHERE id < 4
SELECT jsonb_object_agg(email, balance ORDER BY id) FROM users
SELECT jsonb_pretty(jsonb_build_object('a', jsonb_build_array(1, '2', NULL), 'b', '{}'::jsonb))
SELECT * FROM jsonb_each((SELECT meta FROM users WHERE id = 2)) ORDER BY key
SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"x"},{"a":"2","c":3}]') AS t(a int, b text)
SELECT * FROM jsonb_populate_record(NULL::orders, '{"id": 5, "placed": "2024-05-05", "total": 7.123}')
SELECT value, pg_typeof(value) FROM jsonb_array_elements_text('["a", 1, null, {"b": 2}]')
SELECT EXISTS (SELECT 1 FROM orders WHERE user_id = 2), NOT EXISTS (SELECT FROM orders WHERE false)
SELECT name FROM users u WHERE (SELECT sum(total) FROM orders o WHERE o.user_id = u.id) > 100 ORDER BY 1
SELECT name FROM users WHERE id IN (SELECT user_id FROM orders WHERE total > 100) ORDER BY name
SELECT name FROM users WHERE id NOT IN (SELECT user_id FROM orders WHERE user_id IS NOT NULL) ORDER BY name
SELECT u.name, x.total FROM users u, LATERAL (SELECT total FROM orders o WHERE o.user_id = u.id ORDER BY total DESC LIMIT 1) x ORDER BY 1
SELECT u.name, x.total FROM users u LEFT JOIN LATERAL (SELECT total FROM orders o WHERE o.user_id = u.id ORDER BY total DESC LIMIT 1) x ON true ORDER BY 1
SELECT coalesce(name, 'none'), nullif(age, 30), greatest(age, 27), least(balance, 5), CASE WHEN age > 26 THEN 'old' WHEN age IS NULL THEN 'unknown' ELSE 'young' END FROM users ORDER BY id
SELECT d::date, to_char(d, 'Dy DD Mon YYYY HH24:MI') FROM generate_series('2024-02-27'::timestamp, '2024-03-02', '1 day') d
SELECT generate_series('2024-01-31'::timestamptz, '2024-05-31', '1 month')
SELECT count(*), date_part('dow', d) FROM generate_series(date '2024-01-01', date '2024-01-31', interval '1 day') AS g(d) GROUP BY 2 ORDER BY 2
SELECT o.id, o.* FROM orders o WHERE (user_id, status) IN ((1, 'new'), (2, 'paid')) ORDER BY id
SELECT count(*) OVER (), id FROM orders ORDER BY id OFFSET 2 FETCH FIRST 2 ROWS ONLY
SELECT total FROM orders ORDER BY total FETCH FIRST 3 ROWS WITH TIES
SELECT user_id, status, grouping(user_id) FROM orders GROUP BY user_id, status ORDER BY 1, 2
SELECT status, total FROM orders GROUP BY status
SELECT sum(count(*)) OVER (), user_id FROM orders GROUP BY user_id ORDER BY user_id
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM orders
SELECT corr(total, id), regr_slope(total, id), stddev(total), variance(total), var_pop(total), bool_and(total > 0), every(id > 0), bit_or(id::int), count(DISTINCT status) FROM orders
DELETE FROM orders o USING users u WHERE o.user_id = u.id AND u.name = 'Bob' RETURNING o.id, u.name
UPDATE orders o SET total = o.total + u.age FROM users u WHERE u.id = o.user_id AND u.age IS NOT NULL RETURNING o.id, o.total
DELETE FROM users WHERE id = 1
SELECT count(*) FROM orders
TRUNCATE users
TRUNCATE users CASCADE
TRUNCATE orders RESTART IDENTITY
MERGE INTO users t USING (VALUES ('b@x.org', 1), ('new@x.org', 2)) s(email, n) ON t.email = s.email WHEN MATCHED THEN UPDATE SET age = n WHEN NOT MATCHED THEN INSERT (email, age) VALUES (s.email, s.n)
SELECT email, age FROM users ORDER BY 1
VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC
SELECT 1 AS a UNION SELECT 2 UNION ALL SELECT 2 ORDER BY a
SELECT 1, 'x' UNION SELECT 2.5, NULL ORDER BY 1
SELECT 1 UNION SELECT 'x'
SELECT 1 INTERSECT SELECT 1 EXCEPT SELECT 2
SELECT 1, 2 UNION SELECT 1
BEGIN
SAVEPOINT a
INSERT INTO users (email) VALUES (NULL)
SELECT 1
ROLLBACK TO a
COMMIT
PREPARE p (int, text) AS SELECT $1 + 1, $2 || '!'
EXECUTE p (1, 'a')
EXECUTE p ('x', 'a')
EXECUTE p (1)
DEALLOCATE p
EXECUTE p (1, 'a')
INSERT INTO users (email, name) VALUES ('long@x.org', 'a name that is far too long')
