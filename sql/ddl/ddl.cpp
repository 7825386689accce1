#include "sql/ddl/ddl.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/create_table.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/schema.hpp"
#include "sql/ddl/sequence.hpp"
#include "sql/ddl/truncate.hpp"

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
    case PG_QUERY__NODE__NODE_DROP_STMT:
      drop_objects(d, *node.drop_stmt);
      tag = "DROP " + std::string(object_word(node.drop_stmt->remove_type));
      return true;
    default:
      return false;
  }
}

}  // namespace isolde::sql
