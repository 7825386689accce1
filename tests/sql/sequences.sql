-- Sequences: options, nextval and its kin, bounds, cycles, ownership
CREATE SEQUENCE s
SELECT nextval('s'), nextval('s')
SELECT currval('s'), lastval()
SELECT setval('s', 10), nextval('s')
SELECT setval('s', 20, false)
SELECT nextval('s')
SELECT last_value, is_called FROM s
CREATE SEQUENCE s
CREATE SEQUENCE IF NOT EXISTS s
CREATE SEQUENCE down INCREMENT BY -1
SELECT nextval('down'), nextval('down')
CREATE SEQUENCE bounded MINVALUE 5 MAXVALUE 7
SELECT nextval('bounded'), nextval('bounded'), nextval('bounded')
SELECT nextval('bounded')
SELECT setval('bounded', 8)
SELECT setval('bounded', 4)
CREATE SEQUENCE cycling MINVALUE 1 MAXVALUE 2 CYCLE
SELECT nextval('cycling'), nextval('cycling'), nextval('cycling')
CREATE SEQUENCE tens START WITH 10 INCREMENT 10 CACHE 5
SELECT nextval('tens'), nextval('tens')
CREATE SEQUENCE small AS smallint
SELECT setval('small', 32767)
SELECT nextval('small')
SELECT setval('small', 32768)
SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size FROM pg_sequences ORDER BY sequencename
CREATE SEQUENCE bad INCREMENT 0
CREATE SEQUENCE bad MINVALUE 10 MAXVALUE 5
CREATE SEQUENCE bad START 5 MAXVALUE 4
CREATE SEQUENCE bad AS text
CREATE SEQUENCE bad AS smallint MAXVALUE 100000
CREATE SEQUENCE bad CACHE 0
CREATE SEQUENCE bad START 1 START 2
ALTER SEQUENCE s RESTART
SELECT nextval('s')
ALTER SEQUENCE s RESTART WITH 100 INCREMENT BY 5
SELECT nextval('s'), nextval('s')
ALTER SEQUENCE bounded MAXVALUE 8
SELECT nextval('bounded')
ALTER SEQUENCE bounded MINVALUE 9
ALTER SEQUENCE nosuch RESTART
ALTER SEQUENCE IF EXISTS nosuch RESTART
ALTER SEQUENCE tens RENAME TO dozens
SELECT nextval('tens')
SELECT nextval('dozens')
SELECT currval('small')
BEGIN
SELECT nextval('s')
ROLLBACK
SELECT nextval('s')
BEGIN
CREATE SEQUENCE rolled
SELECT nextval('rolled')
ROLLBACK
SELECT nextval('rolled')
CREATE TABLE owner (id int DEFAULT nextval('s'), v text)
INSERT INTO owner (v) VALUES ('a') RETURNING id
DROP SEQUENCE s
ALTER SEQUENCE s OWNED BY owner.id
SELECT pg_get_serial_sequence('owner', 'id')
DROP TABLE owner
SELECT nextval('s')
CREATE TABLE ser (id serial, big bigserial, small smallserial)
INSERT INTO ser DEFAULT VALUES RETURNING *
SELECT column_name, data_type, column_default FROM information_schema.columns WHERE table_name = 'ser' ORDER BY ordinal_position
DROP SEQUENCE ser_id_seq
DROP SEQUENCE ser_id_seq CASCADE
INSERT INTO ser DEFAULT VALUES RETURNING *
DROP SEQUENCE nosuch
DROP SEQUENCE IF EXISTS nosuch
DROP SEQUENCE down, cycling
CREATE TEMP SEQUENCE temporary
SELECT nextval('temporary')
SELECT nextval('nosuch')
SELECT nextval('public.small'::regclass)
SELECT nextval('ser')
CREATE SEQUENCE "Mixed"
SELECT nextval('"Mixed"')
SELECT nextval('Mixed')
--- session
SELECT currval('bounded')
SELECT lastval()
SELECT nextval('temporary')
