-- The system catalogs and their functions, as programs ask them
CREATE TABLE t (id serial PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', n numeric(10, 2), tags text[], at timestamptz(3), gone int, g int GENERATED ALWAYS AS (id * 2) STORED)
ALTER TABLE t DROP COLUMN gone
CREATE UNIQUE INDEX t_name ON t (lower(name)) WHERE n > 0
CREATE VIEW v AS SELECT id, name FROM t WHERE n > 1
CREATE TABLE r (t int REFERENCES t ON DELETE CASCADE, CHECK (t > 0))
CREATE TYPE mood AS ENUM ('a', 'b')
CREATE DOMAIN pos AS int CHECK (VALUE > 0)
COMMENT ON TABLE t IS 'about t'
COMMENT ON COLUMN t.name IS 'about name'
SELECT relname, relkind, relnatts, relhasindex, relpersistence, relispartition FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname
SELECT attname, attnum, format_type(atttypid, atttypmod), attnotnull, atthasdef, attidentity, attgenerated, attisdropped FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum
SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = 't'::regclass ORDER BY attnum
SELECT indexrelid::regclass, indisunique, indisprimary, indisvalid, indkey, indnatts, pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid) FROM pg_index WHERE indrelid = 't'::regclass ORDER BY indexrelid::regclass::text
SELECT conname, contype, conkey, confkey, conrelid::regclass, confrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY conname
SELECT pg_get_indexdef('t_name'::regclass), pg_get_indexdef('t_name'::regclass, 1, true)
SELECT pg_get_viewdef('v'::regclass, true)
SELECT typname, typtype, typcategory, typlen, typbyval, typnotnull FROM pg_type WHERE typnamespace = 'public'::regnamespace ORDER BY typname
SELECT oid, typname, typlen, typelem, typarray FROM pg_type WHERE typname IN ('bool', 'int4', 'text', 'numeric', 'timestamptz', 'jsonb', 'uuid', '_int4') ORDER BY oid
SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod FROM pg_cast WHERE castsource = 'int4'::regtype AND casttarget IN ('int8'::regtype, 'bool'::regtype, 'numeric'::regtype) ORDER BY 2
SELECT oprname, oprleft::regtype, oprright::regtype, oprresult::regtype FROM pg_operator WHERE oprname = '+' AND oprleft = 'int4'::regtype ORDER BY 3
SELECT proname, pronargs, prorettype::regtype, provolatile, proisstrict FROM pg_proc WHERE proname IN ('lower', 'now', 'random') AND pronargs < 2 AND prorettype <> 'anyelement'::regtype ORDER BY proname, prorettype
SELECT 't'::regclass, 'public.t'::regclass::oid = 't'::regclass::oid, 't'::regclass::text
SELECT 'nosuch'::regclass
SELECT to_regclass('nosuch'), to_regclass('t'), to_regtype('int'), to_regtype('nosuch'), to_regproc('now'), to_regnamespace('public'), to_regrole('postgres')
SELECT 'int4'::regtype, 'integer[]'::regtype, 'varchar'::regtype, 23::regtype, 'mood'::regtype, 'character varying(5)'::regtype
SELECT 'nosuch'::regtype
SELECT 'now'::regproc, 'lower(text)'::regprocedure, '+(int4,int4)'::regoperator, 'public'::regnamespace, 'postgres'::regrole
SELECT format_type(23, NULL), format_type(1043, 24), format_type(1700, 655366), format_type(1114, 3), format_type(1009, -1), format_type(0, NULL), format_type(999999, NULL)
SELECT pg_typeof(1), pg_typeof('a'), pg_typeof(1.5), pg_typeof(NULL), pg_typeof(ARRAY[1]), pg_typeof(now()), pg_typeof('a'::mood), pg_typeof(1::pos), pg_typeof(ROW(1))
SELECT obj_description('t'::regclass, 'pg_class'), col_description('t'::regclass, 2), shobj_description(1, 'pg_database')
SELECT pg_table_is_visible('t'::regclass), pg_type_is_visible('mood'::regtype), pg_function_is_visible('now'::regproc)
SELECT pg_relation_size('t') >= 0, pg_total_relation_size('t') > 0, pg_size_pretty(10::bigint), pg_size_pretty(123456789::bigint), pg_size_pretty(1234567890123.0)
SELECT current_database() = 'sql_catalog', current_schema, current_user, session_user, user
SELECT current_catalog = current_database(), current_role
SELECT count(*) > 0 FROM pg_settings WHERE name = 'work_mem'
SELECT name, setting, unit, vartype FROM pg_settings WHERE name IN ('work_mem', 'default_transaction_isolation', 'search_path') ORDER BY name
SELECT datname, datistemplate, datallowconn FROM pg_database WHERE datname IN ('postgres', 'sql_catalog') ORDER BY datname
SELECT nspname FROM pg_namespace WHERE nspname IN ('pg_catalog', 'public', 'information_schema') ORDER BY nspname
SELECT schemaname, tablename, tableowner, hasindexes FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
SELECT schemaname, viewname, viewowner FROM pg_views WHERE schemaname = 'public'
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname
SELECT rolname, rolsuper, rolcanlogin FROM pg_roles WHERE rolname = 'postgres'
SELECT usename, usesuper FROM pg_user WHERE usename = 'postgres'
SELECT amname, amtype FROM pg_am WHERE amname IN ('heap', 'btree') ORDER BY amname
SELECT spcname FROM pg_tablespace ORDER BY spcname
SELECT extname FROM pg_extension ORDER BY extname
SELECT collname FROM pg_collation WHERE collname IN ('C', 'POSIX', 'default') ORDER BY collname
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'nosuch_at_all'::text::regclass
SELECT count(*) FROM pg_inherits
SELECT count(*) FROM pg_description WHERE objoid = 't'::regclass
SELECT classid::regclass, deptype FROM pg_depend WHERE refobjid = 'mood'::regtype ORDER BY 1, 2
SELECT state, query FROM pg_stat_activity WHERE pid = pg_backend_pid()
SELECT locktype, mode, granted FROM pg_locks WHERE relation = 'pg_locks'::regclass
SELECT table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name
SELECT column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, udt_name, is_generated, generation_expression FROM information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position
SELECT constraint_name, table_name, constraint_type, is_deferrable FROM information_schema.table_constraints WHERE table_schema = 'public' AND constraint_type <> 'CHECK' ORDER BY 1
SELECT constraint_name, column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_schema = 'public' ORDER BY 1
SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints ORDER BY 1
SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'public' AND constraint_name NOT LIKE '%_not_null' ORDER BY 1
SELECT table_name, column_name FROM information_schema.constraint_column_usage WHERE table_schema = 'public' ORDER BY 1, 2
SELECT sequence_name, data_type, start_value, increment FROM information_schema.sequences ORDER BY 1
SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('public', 'pg_catalog', 'information_schema') ORDER BY 1
SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = 'public'
SELECT domain_name, data_type FROM information_schema.domains WHERE domain_schema = 'public'
SELECT catalog_name = current_database() FROM information_schema.information_schema_catalog_name
SELECT t.tableoid::regclass, t.ctid IS NULL FROM t
INSERT INTO t (name) VALUES ('row')
SELECT tableoid::regclass, ctid, xmin IS NOT NULL, xmax, cmin, cmax FROM t
SELECT pg_get_serial_sequence('t', 'id'), pg_get_serial_sequence('t', 'name')
SELECT pg_get_serial_sequence('t', 'nosuch')
SELECT quote_ident(relname) FROM pg_class WHERE oid = 't'::regclass
SELECT has_database_privilege('postgres', current_database(), 'CREATE'), has_schema_privilege('public', 'CREATE')
SELECT version() LIKE 'PostgreSQL 15%', current_setting('server_version_num')::int / 10000
SELECT pg_encoding_to_char(6), pg_client_encoding(), getdatabaseencoding()
SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v')
SELECT c.relname, pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', '') AND pg_catalog.pg_table_is_visible(c.oid) AND c.relnamespace = 'public'::regnamespace ORDER BY 1
UPDATE pg_class SET relname = 'x' WHERE relname = 'nosuch_at_all'
SELECT unnest(enum_range(NULL::mood))
SELECT pg_column_size(1), pg_column_size('abc'::text), pg_column_size(NULL::int)
SELECT pg_is_in_recovery(), pg_postmaster_start_time() < now(), pg_conf_load_time() <= now()
SELECT array_length(current_schemas(true), 1) >= 2
SELECT has_function_privilege('now()', 'EXECUTE')
