-- Backslash commands about types, functions, roles, privileges and comments.
CREATE SCHEMA craft;
SET search_path = craft;
CREATE ROLE carver;
CREATE ROLE turner LOGIN CONNECTION LIMIT 3 IN ROLE carver;
CREATE TYPE grain AS ENUM ('fine', 'coarse');
CREATE DOMAIN width AS int DEFAULT 1 NOT NULL CONSTRAINT positive CHECK (VALUE > 0);
CREATE TYPE board AS (length int, wood text);
CREATE FUNCTION half(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 / 2';
CREATE FUNCTION pick(a int, b text DEFAULT 'x') RETURNS TABLE (c int, d text) LANGUAGE sql AS 'SELECT a, b';
CREATE TABLE planks (id int PRIMARY KEY, g grain, w width);
COMMENT ON SCHEMA craft IS 'wood';
COMMENT ON TABLE planks IS 'all planks';
COMMENT ON COLUMN planks.g IS 'seen from above';
COMMENT ON TYPE grain IS 'of wood';
COMMENT ON FUNCTION half(int) IS 'a half';
COMMENT ON CONSTRAINT planks_pkey ON planks IS 'the key';
GRANT SELECT, INSERT ON planks TO carver;
GRANT UPDATE (g) ON planks TO turner WITH GRANT OPTION;
GRANT USAGE ON SCHEMA craft TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA craft GRANT SELECT ON TABLES TO carver;
ALTER ROLE turner SET work_mem = '8MB';
\dn+ craft
\dT
\dT+ grain
\dD
\df
\df+ half
\sf half
\sf pick
\d planks
\d board
\dt+ nosuch
\dp
\ddp
\du turner
\du+ carver
\drds turner
DROP SCHEMA craft CASCADE;
DROP ROLE turner;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO carver;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM carver;
RESET search_path;
