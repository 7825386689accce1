-- Backslash commands: what psql finds out from the catalog.
CREATE SCHEMA shop;
SET search_path = shop;
CREATE TABLE customers (
  id serial PRIMARY KEY,
  name varchar(40) NOT NULL,
  email text UNIQUE,
  born date,
  score numeric(6,2) DEFAULT 0,
  made timestamptz(3) DEFAULT now(),
  CONSTRAINT score_range CHECK (score >= 0 AND score < 1000)
);
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer int NOT NULL REFERENCES customers ON UPDATE CASCADE ON DELETE SET NULL,
  state char(1) DEFAULT 'n',
  total int,
  twice int GENERATED ALWAYS AS (total * 2) STORED,
  tags text[]
);
CREATE INDEX orders_by_state ON orders (state, lower(tags[1]) DESC) WHERE total > 10;
CREATE UNIQUE INDEX orders_once ON orders (customer, total DESC NULLS LAST) INCLUDE (state);
CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;
CREATE SEQUENCE numbers AS int START 5 INCREMENT 5 MAXVALUE 100 CYCLE;
CREATE UNLOGGED TABLE unsafe (a int);
CREATE TABLE empty ();
\d
\d customers
\d orders
\d+ customers
\d big
\d numbers
\d customers_id_seq
\d orders_once
\d unsafe
\d empty
\d nosuch
\d shop.*ers
\dt
\dt shop.o*
\di
\ds
\dv
\dtv
\dt nosuch
\dn sh*
\dT nosuch
\df nosuch
\df abs
\du postgres
\dg postgres
\dp customers
\z orders
\dx nosuch
\db
\dc nosuch
\dC nosuch
\ddp
\des
\dew
\det
\deu
\dF nosuch
\dFd nosuch
\dFp nosuch
\dFt nosuch
\dm
\do nosuch
\dO nosuch
\dRp
\dRs
\dX
\dy
\dE
\dl
\l nosuch
\dt pg_catalog.pg_am
\dv pg_catalog.pg_tables
DROP TABLE unsafe, empty;
DROP VIEW big;
DROP TABLE orders, customers;
DROP SEQUENCE numbers;
\d
DROP SCHEMA shop;
RESET search_path;
