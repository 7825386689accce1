#include "sql/ddl/ddl.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/cluster.hpp"
#include "sql/ddl/comment.hpp"
#include "sql/ddl/composite.hpp"
#include "sql/ddl/create_table.hpp"
#include "sql/ddl/create_table_as.hpp"
#include "sql/ddl/database.hpp"
#include "sql/ddl/domain.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/enum.hpp"
#include "sql/ddl/extension.hpp"
#include "sql/ddl/function.hpp"
#include "sql/ddl/grant.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/kept_settings.hpp"
#include "sql/ddl/materialized_view.hpp"
#include "sql/ddl/named_object.hpp"
#include "sql/ddl/owner.hpp"
#include "sql/ddl/relation_owner.hpp"
#include "sql/ddl/rename_relation.hpp"
#include "sql/ddl/role.hpp"
#include "sql/ddl/schema.hpp"
#include "sql/ddl/sequence.hpp"
#include "sql/ddl/truncate.hpp"
#include "sql/ddl/view.hpp"

namespace isolde::sql {

namespace {

/// "TABLE", "SCHEMA", ...: as command tags have it.
std::string_view object_word(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return "TABLE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      return "INDEX";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return "SEQUENCE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return "VIEW";
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return "MATERIALIZED VIEW";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return "SCHEMA";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      return "TYPE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return "DOMAIN";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      return "FUNCTION";
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      return "PROCEDURE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return "ROUTINE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
      return "EXTENSION";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      return "ROLE";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      return "DATABASE";
    default:
      return "OBJECT";
  }
}

/// Types.
bool run_type_definition(Definer& d, const PgQuery__Node& node, std::string& tag) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      create_enum(d, *node.create_enum_stmt);
      tag = "CREATE TYPE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      alter_enum(d, *node.alter_enum_stmt);
      tag = "ALTER TYPE";
      return true;
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      create_composite(d, *node.composite_type_stmt);
      tag = "CREATE TYPE";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      create_domain(d, *node.create_domain_stmt);
      tag = "CREATE DOMAIN";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      alter_domain(d, *node.alter_domain_stmt);
      tag = "ALTER DOMAIN";
      return true;
    default:
      return false;
  }
}

/// Roles, and what they may do.
bool run_role_definition(Definer& d, const PgQuery__Node& node, std::string& tag) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      create_role(d, *node.create_role_stmt);
      tag = "CREATE ROLE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
      alter_role(d, *node.alter_role_stmt);
      tag = "ALTER ROLE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
      alter_role_settings(d, *node.alter_role_set_stmt);
      tag = "ALTER ROLE";
      return true;
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
      drop_roles(d, *node.drop_role_stmt);
      tag = "DROP ROLE";
      return true;
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
      grant_roles(d, *node.grant_role_stmt);
      tag = node.grant_role_stmt->is_grant ? "GRANT ROLE" : "REVOKE ROLE";
      return true;
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      grant_privileges(d, *node.grant_stmt);
      tag = node.grant_stmt->is_grant ? "GRANT" : "REVOKE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT:
      alter_default_privileges(d, *node.alter_default_privileges_stmt);
      tag = "ALTER DEFAULT PRIVILEGES";
      return true;
    case PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT:
      reassign_owned(d, *node.reassign_owned_stmt);
      tag = "REASSIGN OWNED";
      return true;
    case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
      drop_owned(d, *node.drop_owned_stmt);
      tag = "DROP OWNED";
      return true;
    default:
      return false;
  }
}

bool run_database_definition(Definer& d, const PgQuery__Node& node, std::string& tag) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
      create_database(d, *node.createdb_stmt);
      tag = "CREATE DATABASE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
      alter_database(d, *node.alter_database_stmt);
      tag = "ALTER DATABASE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
      alter_database_settings(d, *node.alter_database_set_stmt);
      tag = "ALTER DATABASE";
      return true;
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      drop_database(d, *node.dropdb_stmt);
      tag = "DROP DATABASE";
      return true;
    default:
      return false;
  }
}

/// ALTER ... RENAME, OWNER TO and SET SCHEMA of what is no relation.
bool run_name_change(Definer& d, const PgQuery__Node& node, std::string& tag) {
  std::string_view word;
  if (node.node_case == PG_QUERY__NODE__NODE_RENAME_STMT) {
    word = rename_object(d, *node.rename_stmt);
  } else if (node.node_case == PG_QUERY__NODE__NODE_ALTER_OWNER_STMT) {
    word = alter_owner(d, *node.alter_owner_stmt);
  } else if (node.node_case == PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT) {
    word = move_object(d, *node.alter_object_schema_stmt);
  }
  if (word.empty()) return false;
  tag = "ALTER " + std::string(word);
  return true;
}

}  // namespace

bool run_definition(Definer& d, const PgQuery__Node& node, std::string& tag) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      create_table(d, *node.create_stmt);
      tag = "CREATE TABLE";
      return true;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      create_index(d, *node.index_stmt);
      tag = "CREATE INDEX";
      return true;
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      reindex(d, *node.reindex_stmt);
      tag = "REINDEX";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      create_sequence(d, *node.create_seq_stmt);
      tag = "CREATE SEQUENCE";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
      alter_sequence(d, *node.alter_seq_stmt);
      tag = "ALTER SEQUENCE";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      create_schema(d, *node.create_schema_stmt);
      tag = "CREATE SCHEMA";
      return true;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      truncate(d, *node.truncate_stmt);
      tag = "TRUNCATE TABLE";
      return true;
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      create_view(d, *node.view_stmt);
      tag = "CREATE VIEW";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      create_function(d, *node.create_function_stmt);
      tag = node.create_function_stmt->is_procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
      return true;
    case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
      tag = "ALTER " + std::string(alter_function(d, *node.alter_function_stmt));
      return true;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      drop_objects(d, *node.drop_stmt);
      tag = "DROP " + std::string(object_word(node.drop_stmt->remove_type));
      return true;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      create_table_as(d, *node.create_table_as_stmt, tag);
      return true;
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      refresh_materialized_view(d, *node.refresh_mat_view_stmt);
      tag = "REFRESH MATERIALIZED VIEW";
      return true;
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      create_extension(d, *node.create_extension_stmt);
      tag = "CREATE EXTENSION";
      return true;
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      cluster(d, *node.cluster_stmt);
      tag = "CLUSTER";
      return true;
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      select_into(d, *node.select_stmt, tag);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return alter_table(d, *node.alter_table_stmt, tag) || run_name_change(d, node, tag);
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return rename_relation(d, *node.rename_stmt, tag) || run_name_change(d, node, tag);
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      return set_relation_schema(d, *node.alter_object_schema_stmt, tag) ||
             run_name_change(d, node, tag);
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      comment_on(d, *node.comment_stmt);
      tag = "COMMENT";
      return true;
    default:
      return run_type_definition(d, node, tag) || run_role_definition(d, node, tag) ||
             run_database_definition(d, node, tag) || run_name_change(d, node, tag);
  }
}

}  // namespace isolde::sql
