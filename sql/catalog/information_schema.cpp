#include "sql/catalog/system_relations.hpp"

// The SQL standard's views of the catalog.

namespace isolde::sql {

namespace {

constexpr SystemRelation kRows[] = {
    // clang-format off
    {13391, "sql_features", R"(
feature_id varchar, feature_name varchar, sub_feature_id varchar, sub_feature_name varchar,
is_supported varchar, is_verified_by varchar, comments varchar)"},
    {13396, "sql_implementation_info", R"(
implementation_info_id varchar, implementation_info_name varchar, integer_value int4,
character_value varchar, comments varchar)"},
    {13401, "sql_parts", R"(
feature_id varchar, feature_name varchar, is_supported varchar, is_verified_by varchar, comments
varchar)"},
    {13406, "sql_sizing", R"(
sizing_id int4, sizing_name varchar, supported_value int4, comments varchar)"},
    {13507, "_pg_foreign_data_wrappers", R"(
oid oid, fdwowner oid, fdwoptions _text, foreign_data_wrapper_catalog name,
foreign_data_wrapper_name name, authorization_identifier name, foreign_data_wrapper_language
varchar)"},
    {13519, "_pg_foreign_servers", R"(
oid oid, srvoptions _text, foreign_server_catalog name, foreign_server_name name,
foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, foreign_server_type varchar,
foreign_server_version varchar, authorization_identifier name)"},
    {13498, "_pg_foreign_table_columns", R"(
nspname name, relname name, attname name, attfdwoptions _text)"},
    {13532, "_pg_foreign_tables", R"(
foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, ftoptions _text,
foreign_server_catalog name, foreign_server_name name, authorization_identifier name)"},
    {13545, "_pg_user_mappings", R"(
oid oid, umoptions _text, umuser oid, authorization_identifier name, foreign_server_catalog
name, foreign_server_name name, srvowner name)"},
    {13241, "administrable_role_authorizations", R"(
grantee name, role_name name, is_grantable yes_or_no)",
     R"(
SELECT * FROM applicable_roles WHERE is_grantable = 'YES')"},
    {13236, "applicable_roles", R"(
grantee name, role_name name, is_grantable yes_or_no)",
     R"(
SELECT pg_get_userbyid(m.member), pg_get_userbyid(m.roleid),
  CASE WHEN m.admin_option THEN 'YES' ELSE 'NO' END::varchar
FROM pg_auth_members m
WHERE pg_has_role(m.member, 'USAGE'))"},
    {13245, "attributes", R"(
udt_catalog name, udt_schema name, udt_name name, attribute_name name, ordinal_position int4,
attribute_default varchar, is_nullable yes_or_no, data_type varchar, character_maximum_length
int4, character_octet_length int4, character_set_catalog name, character_set_schema name,
character_set_name name, collation_catalog name, collation_schema name, collation_name name,
numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision
int4, interval_type varchar, interval_precision int4, attribute_udt_catalog name,
attribute_udt_schema name, attribute_udt_name name, scope_catalog name, scope_schema name,
scope_name name, maximum_cardinality int4, dtd_identifier name, is_derived_reference_attribute
yes_or_no)"},
    {13250, "character_sets", R"(
character_set_catalog name, character_set_schema name, character_set_name name,
character_repertoire name, form_of_use name, default_collate_catalog name,
default_collate_schema name, default_collate_name name)"},
    {13255, "check_constraint_routine_usage", R"(
constraint_catalog name, constraint_schema name, constraint_name name, specific_catalog name,
specific_schema name, specific_name name)"},
    {13260, "check_constraints", R"(
constraint_catalog name, constraint_schema name, constraint_name name, check_clause varchar)",
     R"(
SELECT current_database()::name, n.nspname, k.conname,
  substring(pg_get_constraintdef(k.oid) from 7)::varchar
FROM pg_constraint k LEFT JOIN pg_namespace n ON n.oid = k.connamespace
  LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid
WHERE k.contype = 'c' AND pg_has_role(coalesce(c.relowner, t.typowner), 'USAGE')
UNION ALL
SELECT current_database()::name, n.nspname, (n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null')::name,
  (a.attname || ' IS NOT NULL')::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND c.relkind IN ('r', 'p')
  AND pg_has_role(c.relowner, 'USAGE'))"},
    {13270, "collation_character_set_applicability", R"(
collation_catalog name, collation_schema name, collation_name name, character_set_catalog name,
character_set_schema name, character_set_name name)"},
    {13265, "collations", R"(
collation_catalog name, collation_schema name, collation_name name, pad_attribute varchar)"},
    {13275, "column_column_usage", R"(
table_catalog name, table_schema name, table_name name, column_name name, dependent_column name)"},
    {13280, "column_domain_usage", R"(
domain_catalog name, domain_schema name, domain_name name, table_catalog name, table_schema
name, table_name name, column_name name)"},
    {13503, "column_options", R"(
table_catalog name, table_schema name, table_name name, column_name name, option_name name,
option_value varchar)"},
    {13285, "column_privileges", R"(
grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name
name, privilege_type varchar, is_grantable yes_or_no)"},
    {13290, "column_udt_usage", R"(
udt_catalog name, udt_schema name, udt_name name, table_catalog name, table_schema name,
table_name name, column_name name)"},
    {13295, "columns", R"(
table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4,
column_default varchar, is_nullable yes_or_no, data_type varchar, character_maximum_length int4,
character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale
int4, datetime_precision int4, interval_type varchar, interval_precision int4,
character_set_catalog name, character_set_schema name, character_set_name name,
collation_catalog name, collation_schema name, collation_name name, domain_catalog name,
domain_schema name, domain_name name, udt_catalog name, udt_schema name, udt_name name,
scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier
name, is_self_referencing yes_or_no, is_identity yes_or_no, identity_generation varchar,
identity_start varchar, identity_increment varchar, identity_maximum varchar, identity_minimum
varchar, identity_cycle yes_or_no, is_generated varchar, generation_expression varchar,
is_updatable yes_or_no)",
     R"(
SELECT current_database()::name, n.nspname, c.relname, a.attname, a.attnum::int,
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END::varchar,
  CASE WHEN a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) THEN 'NO' ELSE 'YES' END::varchar,
  CASE WHEN b.typelem <> 0 AND b.typlen = -1 THEN 'ARRAY'
    WHEN bn.nspname = 'pg_catalog' THEN format_type(b.oid, NULL) ELSE 'USER-DEFINED' END::varchar,
  _pg_char_max_length(b.oid, m.typmod), _pg_char_octet_length(b.oid, m.typmod),
  _pg_numeric_precision(b.oid, m.typmod), _pg_numeric_precision_radix(b.oid, m.typmod),
  _pg_numeric_scale(b.oid, m.typmod), _pg_datetime_precision(b.oid, m.typmod),
  _pg_interval_type(b.oid, m.typmod)::varchar, NULL::int, NULL::name, NULL::name, NULL::name,
  CASE WHEN nco.nspname IS NOT NULL THEN current_database()::name END, nco.nspname, co.collname,
  CASE WHEN t.typtype = 'd' THEN current_database()::name END, CASE WHEN t.typtype = 'd' THEN tn.nspname END,
  CASE WHEN t.typtype = 'd' THEN t.typname END, current_database()::name, bn.nspname, b.typname, NULL::name, NULL::name, NULL::name,
  NULL::int, a.attnum::text::name, 'NO'::varchar,
  CASE WHEN a.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END::varchar,
  CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END::varchar,
  s.seqstart::varchar, s.seqincrement::varchar, s.seqmax::varchar, s.seqmin::varchar,
  CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END::varchar,
  CASE WHEN a.attgenerated <> '' THEN 'ALWAYS' ELSE 'NEVER' END::varchar,
  CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END::varchar,
  CASE WHEN c.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END::varchar
FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
  JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
  JOIN pg_namespace bn ON bn.oid = b.typnamespace
  CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS typmod) m
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN (pg_collation co JOIN pg_namespace nco ON nco.oid = co.collnamespace)
    ON co.oid = a.attcollation AND NOT (nco.nspname = 'pg_catalog' AND co.collname = 'default')
  LEFT JOIN (pg_depend dep JOIN pg_sequence s ON dep.classid = 1259 AND dep.objid = s.seqrelid AND dep.deptype = 'i')
    ON dep.refclassid = 1259 AND dep.refobjid = c.oid AND dep.refobjsubid = a.attnum
WHERE NOT pg_is_other_temp_schema(n.oid) AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'v', 'f', 'p')
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES')))"},
    {13300, "constraint_column_usage", R"(
table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog
name, constraint_schema name, constraint_name name)",
     R"(
SELECT current_database()::name, n.nspname, c.relname, a.attname, current_database()::name, kn.nspname, k.conname
FROM pg_constraint k JOIN pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid
    AND a.attnum = ANY (CASE WHEN k.contype = 'f' THEN k.confkey ELSE k.conkey END)
WHERE k.contype IN ('p', 'u', 'f', 'c') AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
  AND pg_has_role(c.relowner, 'USAGE'))"},
    {13305, "constraint_table_usage", R"(
table_catalog name, table_schema name, table_name name, constraint_catalog name,
constraint_schema name, constraint_name name)",
     R"(
SELECT current_database()::name, n.nspname, c.relname, current_database()::name, kn.nspname, k.conname
FROM pg_constraint k JOIN pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f') AND c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE'))"},
    {13488, "data_type_privileges", R"(
object_catalog name, object_schema name, object_name name, object_type varchar, dtd_identifier
name)"},
    {13310, "domain_constraints", R"(
constraint_catalog name, constraint_schema name, constraint_name name, domain_catalog name,
domain_schema name, domain_name name, is_deferrable yes_or_no, initially_deferred yes_or_no)"},
    {13315, "domain_udt_usage", R"(
udt_catalog name, udt_schema name, udt_name name, domain_catalog name, domain_schema name,
domain_name name)"},
    {13320, "domains", R"(
domain_catalog name, domain_schema name, domain_name name, data_type varchar,
character_maximum_length int4, character_octet_length int4, character_set_catalog name,
character_set_schema name, character_set_name name, collation_catalog name, collation_schema
name, collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale
int4, datetime_precision int4, interval_type varchar, interval_precision int4, domain_default
varchar, udt_catalog name, udt_schema name, udt_name name, scope_catalog name, scope_schema
name, scope_name name, maximum_cardinality int4, dtd_identifier name)",
     R"(
SELECT current_database()::name, n.nspname, t.typname,
  CASE WHEN b.typelem <> 0 AND b.typlen = -1 THEN 'ARRAY'
    WHEN bn.nspname = 'pg_catalog' THEN format_type(b.oid, NULL) ELSE 'USER-DEFINED' END::varchar,
  _pg_char_max_length(b.oid, t.typtypmod), _pg_char_octet_length(b.oid, t.typtypmod), NULL::name, NULL::name,
  NULL::name, NULL::name, NULL::name, NULL::name, _pg_numeric_precision(b.oid, t.typtypmod),
  _pg_numeric_precision_radix(b.oid, t.typtypmod), _pg_numeric_scale(b.oid, t.typtypmod),
  _pg_datetime_precision(b.oid, t.typtypmod), _pg_interval_type(b.oid, t.typtypmod)::varchar, NULL::int,
  t.typdefault::varchar, current_database()::name, bn.nspname, b.typname, NULL::name, NULL::name, NULL::name, NULL::int, '1'::name
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
  JOIN pg_namespace bn ON bn.oid = b.typnamespace
WHERE t.typtype = 'd' AND (pg_has_role(t.typowner, 'USAGE') OR has_type_privilege(t.oid, 'USAGE')))"},
    {13493, "element_types", R"(
object_catalog name, object_schema name, object_name name, object_type varchar,
collection_type_identifier name, data_type varchar, character_maximum_length int4,
character_octet_length int4, character_set_catalog name, character_set_schema name,
character_set_name name, collation_catalog name, collation_schema name, collation_name name,
numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision
int4, interval_type varchar, interval_precision int4, domain_default varchar, udt_catalog name,
udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name,
maximum_cardinality int4, dtd_identifier name)"},
    {13325, "enabled_roles", R"(
role_name name)",
     R"(
SELECT a.rolname FROM pg_authid a WHERE pg_has_role(a.oid, 'USAGE'))"},
    {13511, "foreign_data_wrapper_options", R"(
foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, option_name name,
option_value varchar)"},
    {13515, "foreign_data_wrappers", R"(
foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, authorization_identifier
name, library_name varchar, foreign_data_wrapper_language varchar)"},
    {13524, "foreign_server_options", R"(
foreign_server_catalog name, foreign_server_name name, option_name name, option_value varchar)"},
    {13528, "foreign_servers", R"(
foreign_server_catalog name, foreign_server_name name, foreign_data_wrapper_catalog name,
foreign_data_wrapper_name name, foreign_server_type varchar, foreign_server_version varchar,
authorization_identifier name)"},
    {13537, "foreign_table_options", R"(
foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, option_name
name, option_value varchar)"},
    {13541, "foreign_tables", R"(
foreign_table_catalog name, foreign_table_schema name, foreign_table_name name,
foreign_server_catalog name, foreign_server_name name)"},
    {13227, "information_schema_catalog_name", R"(
catalog_name name)",
     R"(
SELECT current_database()::name)"},
    {13329, "key_column_usage", R"(
constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name,
table_schema name, table_name name, column_name name, ordinal_position int4,
position_in_unique_constraint int4)",
     R"(
SELECT current_database()::name, kn.nspname, k.conname, current_database()::name, n.nspname, c.relname, a.attname, x.n::int,
  CASE WHEN k.contype = 'f' THEN
    (SELECT o.n::int FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS o (key, n)
     WHERE i.indexrelid = k.conindid AND o.key = k.confkey[x.n]) END
FROM pg_constraint k JOIN pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS x (key, n)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.key
WHERE k.contype IN ('p', 'u', 'f') AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
  AND NOT pg_is_other_temp_schema(n.oid)
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES')))"},
    {13334, "parameters", R"(
specific_catalog name, specific_schema name, specific_name name, ordinal_position int4,
parameter_mode varchar, is_result yes_or_no, as_locator yes_or_no, parameter_name name, data_type
varchar, character_maximum_length int4, character_octet_length int4, character_set_catalog name,
character_set_schema name, character_set_name name, collation_catalog name, collation_schema
name, collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale
int4, datetime_precision int4, interval_type varchar, interval_precision int4, udt_catalog name,
udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name,
maximum_cardinality int4, dtd_identifier name, parameter_default varchar)"},
    {13339, "referential_constraints", R"(
constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog
name, unique_constraint_schema name, unique_constraint_name name, match_option varchar,
update_rule varchar, delete_rule varchar)",
     R"(
SELECT current_database()::name, kn.nspname, k.conname,
  CASE WHEN u.conname IS NOT NULL THEN current_database()::name END, un.nspname, u.conname,
  CASE k.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' WHEN 's' THEN 'NONE' END::varchar,
  CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END::varchar,
  CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END::varchar
FROM pg_constraint k JOIN pg_namespace kn ON kn.oid = k.connamespace JOIN pg_class c ON c.oid = k.conrelid
  LEFT JOIN pg_constraint u ON u.conindid = k.conindid AND u.contype IN ('p', 'u') AND u.conrelid = k.confrelid
  LEFT JOIN pg_namespace un ON un.oid = u.connamespace
WHERE k.contype = 'f'
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES')))"},
    {13344, "role_column_grants", R"(
grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name
name, privilege_type varchar, is_grantable yes_or_no)"},
    {13358, "role_routine_grants", R"(
grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name,
routine_catalog name, routine_schema name, routine_name name, privilege_type varchar,
is_grantable yes_or_no)"},
    {13421, "role_table_grants", R"(
grantor name, grantee name, table_catalog name, table_schema name, table_name name,
privilege_type varchar, is_grantable yes_or_no, with_hierarchy yes_or_no)",
     R"(
SELECT * FROM table_privileges
WHERE grantor IN (SELECT role_name FROM enabled_roles) OR grantee IN (SELECT role_name FROM enabled_roles))"},
    {13450, "role_udt_grants", R"(
grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type
varchar, is_grantable yes_or_no)"},
    {13459, "role_usage_grants", R"(
grantor name, grantee name, object_catalog name, object_schema name, object_name name,
object_type varchar, privilege_type varchar, is_grantable yes_or_no)"},
    {13348, "routine_column_usage", R"(
specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
routine_schema name, routine_name name, table_catalog name, table_schema name, table_name name,
column_name name)"},
    {13353, "routine_privileges", R"(
grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name,
routine_catalog name, routine_schema name, routine_name name, privilege_type varchar,
is_grantable yes_or_no)"},
    {13362, "routine_routine_usage", R"(
specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
routine_schema name, routine_name name)"},
    {13367, "routine_sequence_usage", R"(
specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
routine_schema name, routine_name name, sequence_catalog name, sequence_schema name,
sequence_name name)"},
    {13372, "routine_table_usage", R"(
specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
routine_schema name, routine_name name, table_catalog name, table_schema name, table_name name)"},
    {13377, "routines", R"(
specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
routine_schema name, routine_name name, routine_type varchar, module_catalog name, module_schema
name, module_name name, udt_catalog name, udt_schema name, udt_name name, data_type varchar,
character_maximum_length int4, character_octet_length int4, character_set_catalog name,
character_set_schema name, character_set_name name, collation_catalog name, collation_schema
name, collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale
int4, datetime_precision int4, interval_type varchar, interval_precision int4, type_udt_catalog
name, type_udt_schema name, type_udt_name name, scope_catalog name, scope_schema name,
scope_name name, maximum_cardinality int4, dtd_identifier name, routine_body varchar,
routine_definition varchar, external_name varchar, external_language varchar, parameter_style
varchar, is_deterministic yes_or_no, sql_data_access varchar, is_null_call yes_or_no, sql_path
varchar, schema_level_routine yes_or_no, max_dynamic_result_sets int4, is_user_defined_cast
yes_or_no, is_implicitly_invocable yes_or_no, security_type varchar, to_sql_specific_catalog name,
to_sql_specific_schema name, to_sql_specific_name name, as_locator yes_or_no, created timestamptz,
last_altered timestamptz, new_savepoint_level yes_or_no, is_udt_dependent yes_or_no,
result_cast_from_data_type varchar, result_cast_as_locator yes_or_no, result_cast_char_max_length
int4, result_cast_char_octet_length int4, result_cast_char_set_catalog name,
result_cast_char_set_schema name, result_cast_char_set_name name, result_cast_collation_catalog
name, result_cast_collation_schema name, result_cast_collation_name name,
result_cast_numeric_precision int4, result_cast_numeric_precision_radix int4,
result_cast_numeric_scale int4, result_cast_datetime_precision int4, result_cast_interval_type
varchar, result_cast_interval_precision int4, result_cast_type_udt_catalog name,
result_cast_type_udt_schema name, result_cast_type_udt_name name, result_cast_scope_catalog
name, result_cast_scope_schema name, result_cast_scope_name name,
result_cast_maximum_cardinality int4, result_cast_dtd_identifier name)",
     R"(
SELECT current_database()::name, n.nspname, (p.proname || '_' || p.oid::text)::name, current_database()::name, n.nspname, p.proname,
  CASE p.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END::varchar,
  NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name,
  CASE WHEN p.prokind = 'p' THEN NULL WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY'
    WHEN tn.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END::varchar,
  NULL::int, NULL::int, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::int, NULL::int,
  NULL::int, NULL::int, NULL::varchar, NULL::int,
  CASE WHEN p.prokind <> 'p' THEN current_database()::name END, CASE WHEN p.prokind <> 'p' THEN tn.nspname END,
  CASE WHEN p.prokind <> 'p' THEN t.typname END, NULL::name, NULL::name, NULL::name, NULL::int,
  CASE WHEN p.prokind <> 'p' THEN '0'::name END,
  CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END::varchar,
  CASE WHEN pg_has_role(p.proowner, 'USAGE') THEN p.prosrc END::varchar, NULL::varchar, upper(l.lanname)::varchar,
  'GENERAL'::varchar, CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END::varchar, 'MODIFIES'::varchar,
  CASE WHEN p.prokind <> 'p' THEN CASE WHEN p.proisstrict THEN 'YES' ELSE 'NO' END END::varchar, NULL::varchar,
  'YES'::varchar, 0, NULL::varchar, NULL::varchar,
  CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END::varchar, NULL::name, NULL::name, NULL::name, 'NO'::varchar, NULL::timestamptz, NULL::timestamptz, NULL::varchar,
  NULL::varchar, NULL::varchar, NULL::varchar, NULL::int, NULL::int, NULL::name, NULL::name, NULL::name,
  NULL::name, NULL::name, NULL::name, NULL::int, NULL::int, NULL::int, NULL::int, NULL::varchar, NULL::int,
  NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::int, NULL::name
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  LEFT JOIN pg_type t ON t.oid = p.prorettype LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
WHERE p.prokind IN ('f', 'p') AND (pg_has_role(p.proowner, 'USAGE') OR has_function_privilege(p.oid, 'EXECUTE')))"},
    {13382, "schemata", R"(
catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name,
default_character_set_schema name, default_character_set_name name, sql_path varchar)",
     R"(
SELECT current_database()::name, n.nspname, pg_get_userbyid(n.nspowner), NULL::name, NULL::name, NULL::name, NULL::varchar
FROM pg_namespace n
WHERE pg_has_role(n.nspowner, 'USAGE') OR has_schema_privilege(n.oid, 'CREATE, USAGE'))"},
    {13386, "sequences", R"(
sequence_catalog name, sequence_schema name, sequence_name name, data_type varchar,
numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, start_value varchar,
minimum_value varchar, maximum_value varchar, increment varchar, cycle_option yes_or_no)",
     R"(
SELECT current_database()::name, n.nspname, c.relname, format_type(s.seqtypid, NULL)::varchar,
  _pg_numeric_precision(s.seqtypid, -1), 2, 0, s.seqstart::varchar, s.seqmin::varchar, s.seqmax::varchar,
  s.seqincrement::varchar, CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END::varchar
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT pg_is_other_temp_schema(n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i')
  AND (pg_has_role(c.relowner, 'USAGE') OR has_sequence_privilege(c.oid, 'SELECT, UPDATE, USAGE')))"},
    {13411, "table_constraints", R"(
constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name,
table_schema name, table_name name, constraint_type varchar, is_deferrable yes_or_no,
initially_deferred yes_or_no, enforced yes_or_no, nulls_distinct yes_or_no)",
     R"(
SELECT current_database()::name, kn.nspname, k.conname, current_database()::name, n.nspname, c.relname,
  CASE k.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY'
    WHEN 'u' THEN 'UNIQUE' END::varchar,
  CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END::varchar,
  CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END::varchar, 'YES'::varchar,
  CASE WHEN k.contype = 'u' THEN
    CASE WHEN (SELECT NOT i.indnullsnotdistinct FROM pg_index i WHERE i.indexrelid = k.conindid)
      THEN 'YES' ELSE 'NO' END END::varchar
FROM pg_constraint k JOIN pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'f', 'p', 'u') AND c.relkind IN ('r', 'p') AND NOT pg_is_other_temp_schema(n.oid)
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))
UNION ALL
SELECT current_database()::name, n.nspname, (n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null')::name,
  current_database()::name, n.nspname, c.relname, 'CHECK'::varchar, 'NO'::varchar, 'NO'::varchar, 'YES'::varchar, NULL::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
  AND NOT pg_is_other_temp_schema(n.oid)
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES')))"},
    {13416, "table_privileges", R"(
grantor name, grantee name, table_catalog name, table_schema name, table_name name,
privilege_type varchar, is_grantable yes_or_no, with_hierarchy yes_or_no)",
     R"(
SELECT pg_get_userbyid(x.grantor), CASE WHEN x.grantee = 0 THEN 'PUBLIC'::name ELSE pg_get_userbyid(x.grantee) END,
  current_database()::name, n.nspname, c.relname, x.privilege_type::varchar,
  CASE WHEN x.grantee <> 0 AND pg_has_role(x.grantee, c.relowner, 'USAGE') OR x.is_grantable
    THEN 'YES' ELSE 'NO' END::varchar,
  CASE WHEN x.privilege_type = 'SELECT' THEN 'YES' ELSE 'NO' END::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
WHERE c.relkind IN ('r', 'v', 'f', 'p')
  AND x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
  AND (pg_has_role(x.grantor, 'USAGE') OR x.grantee = 0 OR pg_has_role(x.grantee, 'USAGE')))"},
    {13425, "tables", R"(
table_catalog name, table_schema name, table_name name, table_type varchar,
self_referencing_column_name name, reference_generation varchar, user_defined_type_catalog name,
user_defined_type_schema name, user_defined_type_name name, is_insertable_into yes_or_no, is_typed
yes_or_no, commit_action varchar)",
     R"(
SELECT current_database()::name, n.nspname, c.relname,
  CASE WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY'
    WHEN c.relkind IN ('r', 'p') THEN 'BASE TABLE' WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'FOREIGN' END::varchar,
  NULL::name, NULL::varchar, NULL::name, NULL::name, NULL::name,
  CASE WHEN c.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END::varchar, 'NO'::varchar, NULL::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND NOT pg_is_other_temp_schema(n.oid)
  AND (pg_has_role(c.relowner, 'USAGE')
    OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')))"},
    {13430, "transforms", R"(
udt_catalog name, udt_schema name, udt_name name, specific_catalog name, specific_schema name,
specific_name name, group_name name, transform_type varchar)"},
    {13435, "triggered_update_columns", R"(
trigger_catalog name, trigger_schema name, trigger_name name, event_object_catalog name,
event_object_schema name, event_object_table name, event_object_column name)"},
    {13440, "triggers", R"(
trigger_catalog name, trigger_schema name, trigger_name name, event_manipulation varchar,
event_object_catalog name, event_object_schema name, event_object_table name, action_order int4,
action_condition varchar, action_statement varchar, action_orientation varchar, action_timing
varchar, action_reference_old_table name, action_reference_new_table name,
action_reference_old_row name, action_reference_new_row name, created timestamptz)"},
    {13445, "udt_privileges", R"(
grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type
varchar, is_grantable yes_or_no)"},
    {13454, "usage_privileges", R"(
grantor name, grantee name, object_catalog name, object_schema name, object_name name,
object_type varchar, privilege_type varchar, is_grantable yes_or_no)"},
    {13463, "user_defined_types", R"(
user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name,
user_defined_type_category varchar, is_instantiable yes_or_no, is_final yes_or_no, ordering_form
varchar, ordering_category varchar, ordering_routine_catalog name, ordering_routine_schema name,
ordering_routine_name name, reference_type varchar, data_type varchar, character_maximum_length
int4, character_octet_length int4, character_set_catalog name, character_set_schema name,
character_set_name name, collation_catalog name, collation_schema name, collation_name name,
numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision
int4, interval_type varchar, interval_precision int4, source_dtd_identifier name,
ref_dtd_identifier name)"},
    {13550, "user_mapping_options", R"(
authorization_identifier name, foreign_server_catalog name, foreign_server_name name,
option_name name, option_value varchar)"},
    {13555, "user_mappings", R"(
authorization_identifier name, foreign_server_catalog name, foreign_server_name name)"},
    {13468, "view_column_usage", R"(
view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name,
table_name name, column_name name)"},
    {13473, "view_routine_usage", R"(
table_catalog name, table_schema name, table_name name, specific_catalog name, specific_schema
name, specific_name name)"},
    {13478, "view_table_usage", R"(
view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name,
table_name name)"},
    {13483, "views", R"(
table_catalog name, table_schema name, table_name name, view_definition varchar, check_option
varchar, is_updatable yes_or_no, is_insertable_into yes_or_no, is_trigger_updatable yes_or_no,
is_trigger_deletable yes_or_no, is_trigger_insertable_into yes_or_no)",
     R"(
SELECT current_database()::name, n.nspname, c.relname,
  CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN pg_get_viewdef(c.oid) END::varchar,
  CASE WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED'
    WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL' ELSE 'NONE' END::varchar,
  'NO'::varchar, 'NO'::varchar, 'NO'::varchar, 'NO'::varchar, 'NO'::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND (pg_has_role(c.relowner, 'USAGE')
    OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')))"},
    // clang-format on
};

}  // namespace

extern const std::span<const SystemRelation> kInformationSchema = kRows;

}  // namespace isolde::sql
