#include "sql/ddl/alter_table.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/constraints/constraint_queue.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/relation_owner.hpp"

namespace isolde::sql {

namespace {

/// What messages call a command on a relation that it is not for.
std::string_view action_name(PgQuery__AlterTableType type) {
  switch (type) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return "ADD COLUMN";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      return "ALTER COLUMN ... SET DEFAULT";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      return "ALTER COLUMN ... DROP NOT NULL";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return "ALTER COLUMN ... SET NOT NULL";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      return "ALTER COLUMN ... DROP EXPRESSION";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      return "ALTER COLUMN ... SET STATISTICS";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
      return "ALTER COLUMN ... SET";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      return "ALTER COLUMN ... RESET";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
      return "ALTER COLUMN ... SET STORAGE";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
      return "ALTER COLUMN ... SET COMPRESSION";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return "DROP COLUMN";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return "ADD CONSTRAINT";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      return "ALTER CONSTRAINT";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return "VALIDATE CONSTRAINT";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return "DROP CONSTRAINT";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return "ALTER COLUMN ... SET DATA TYPE";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
      return "CLUSTER ON";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
      return "SET WITHOUT CLUSTER";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
      return "SET LOGGED";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
      return "SET UNLOGGED";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
      return "ALTER COLUMN ... ADD IDENTITY";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      return "ALTER COLUMN ... SET";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return "ALTER COLUMN ... DROP IDENTITY";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
      return "ENABLE TRIGGER";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
      return "DISABLE TRIGGER";
    default:
      return "";
  }
}

/// The lock that a command takes, as PostgreSQL's AlterTableGetLockLevel has it.
txn::LockMode lock_of(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return command.def->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN
                 ? txn::table_mode::kShareRowExclusive
                 : txn::table_mode::kAccessExclusive;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      return txn::table_mode::kShareRowExclusive;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return txn::table_mode::kShareUpdateExclusive;
    default:
      return txn::table_mode::kAccessExclusive;
  }
}

/// Of all commands: the strongest.
txn::LockMode lock_of(const PgQuery__AlterTableStmt& statement) {
  txn::LockMode mode = txn::table_mode::kShareUpdateExclusive;
  for (size_t i = 0; i < statement.n_cmds; ++i) {
    txn::LockMode one = lock_of(*statement.cmds[i]->alter_table_cmd);
    if (one.index > mode.index) mode = one;
  }
  return mode;
}

}  // namespace

AlterTable::Pass AlterTable::pass_of(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return Pass::kDrop;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return Pass::kAlterType;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return Pass::kAddColumn;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      return command.def != nullptr ? Pass::kAttributes : Pass::kDrop;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      return Pass::kAttributes;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      switch (command.def->constraint->contype) {
        case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
          return Pass::kKeys;
        case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
          return Pass::kForeignKeys;
        default:
          return Pass::kConstraints;
      }
    default:
      return Pass::kRest;
  }
}

void AlterTable::run() {
  for (size_t i = 0; i < statement_.n_cmds; ++i) check_kind(*statement_.cmds[i]->alter_table_cmd);
  for (int pass = 0; pass <= static_cast<int>(Pass::kRest); ++pass) {
    if (static_cast<Pass>(pass) == Pass::kAlterType) before_ = d_.image_ptr();
    if (static_cast<Pass>(pass) == Pass::kAttributes) rewrite();
    for (size_t i = 0; i < statement_.n_cmds; ++i) {
      const PgQuery__AlterTableCmd& one = *statement_.cmds[i]->alter_table_cmd;
      if (pass_of(one) == static_cast<Pass>(pass)) command(one);
    }
    // Constraints of new columns, in the pass of their kind.
    for (const ConstraintWish& wish : wishes_.all()) {
      PgQuery__Node node = PG_QUERY__NODE__INIT;
      node.node_case = PG_QUERY__NODE__NODE_CONSTRAINT;
      node.constraint = const_cast<PgQuery__Constraint*>(wish.node);
      PgQuery__AlterTableCmd as_command = PG_QUERY__ALTER_TABLE_CMD__INIT;
      as_command.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
      as_command.def = &node;
      if (pass_of(as_command) == static_cast<Pass>(pass)) add_constraint(wish);
    }
  }
}

/// After types have changed and columns have come: rows first, then what is said about them.
void AlterTable::rewrite() {
  if (!new_values_.empty()) {
    rewrite_table(d_, before_, table_, new_values_);
  } else {
    for (Oid index : rebuild_) rebuild_index(d_, *d_.image().relation(index));
  }
  for (int16_t number : new_not_null_) validate_not_null(d_, *table(), number);
  recheck_constraints();
}

void AlterTable::command(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return add_column(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return drop_column(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      return set_default(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      return drop_not_null(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return set_not_null(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      return drop_expression(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      return set_statistics(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      return set_storage(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
      return add_identity(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      return set_identity(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return drop_identity(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return alter_type(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint: {
      const PgQuery__Constraint& node = *command.def->constraint;
      return add_constraint({&node, 0, node.deferrable != 0, node.initdeferred != 0});
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return drop_constraint(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return validate(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      return alter_constraint(command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      return change_owner(d_, table_, *command.newowner);
    default:
      return rest(command);
  }
}

int16_t AlterTable::column(std::string_view name) {
  constexpr std::string_view kSystem[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  if (std::ranges::find(kSystem, name) != std::end(kSystem)) {
    fail(base::sqlstate::kFeatureNotSupported, "cannot alter system column " + quoted(name));
  }
  return column_number(*table(), name);
}

void AlterTable::refuse_kind(const PgQuery__AlterTableCmd& command) {
  RelationPtr relation = table();
  throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                       "ALTER action " + std::string(action_name(command.subtype)) +
                                           " cannot be performed on relation " +
                                           quoted(relation->name))
                               .detail("This operation is not supported for " +
                                       std::string(relation_kind_plural(*relation)) + "."));
}

void AlterTable::check_kind(const PgQuery__AlterTableCmd& command) {
  RelationPtr relation = table();
  if (relation->relation_kind == RelationKind::kTable) return;
  const bool kept = relation->relation_kind == RelationKind::kMaterializedView;
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      if (relation->relation_kind != RelationKind::kSequence) return;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      if (kept || relation->relation_kind == RelationKind::kIndex) return;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
      if (kept) return;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
      if (relation->relation_kind == RelationKind::kSequence) return;
      break;
    default:
      break;
  }
  refuse_kind(command);
}

// --- the statement

void require_no_pending_events(Definer& d, const RelationObject& table, std::string_view what) {
  if (!d.services().constraints().pending_on(table.oid)) return;
  fail(base::sqlstate::kObjectInUse, "cannot " + std::string(what) + " " + quoted(table.name) +
                                         " because it has pending trigger events");
}

namespace {

struct StatementWord {
  std::string_view tag;
  std::string_view wrong;  ///< "is not an index"
  RelationKind kind;
};

/// Null for statements about other things than relations.
const StatementWord* word_of(PgQuery__ObjectType type) {
  static const StatementWord table{"ALTER TABLE", "", RelationKind::kTable};
  static const StatementWord index{"ALTER INDEX", "is not an index", RelationKind::kIndex};
  static const StatementWord sequence{"ALTER SEQUENCE", "is not a sequence",
                                      RelationKind::kSequence};
  static const StatementWord view{"ALTER VIEW", "is not a view", RelationKind::kView};
  static const StatementWord materialized{"ALTER MATERIALIZED VIEW", "is not a materialized view",
                                          RelationKind::kMaterializedView};
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return &table;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      return &index;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return &sequence;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return &view;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return &materialized;
    default:
      return nullptr;
  }
}

}  // namespace

bool alter_table(Definer& d, const PgQuery__AlterTableStmt& statement, std::string& tag) {
  const StatementWord* word = word_of(statement.objtype);
  if (word == nullptr) return false;
  tag = word->tag;
  auto check = [&](const RelationObject& relation) {
    if (word->kind != RelationKind::kTable && relation.relation_kind != word->kind) {
      fail(base::sqlstate::kWrongObjectType,
           quoted(relation.name) + " " + std::string(word->wrong));
    }
    if (relation.relation_kind == RelationKind::kComposite) {
      throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                           quoted(relation.name) + " is a composite type")
                                   .hint("Use ALTER TYPE instead."));
    }
    d.require_owner(relation);
  };
  RelationPtr found = d.try_relation(*statement.relation, lock_of(statement), check);
  if (found == nullptr) {
    const std::string_view schema = text_or_empty(statement.relation->schemaname);
    std::string name =
        (schema.empty() ? "" : std::string(schema) + ".") + statement.relation->relname;
    std::string message = "relation " + quoted(name) + " does not exist";
    if (!statement.missing_ok) fail(base::sqlstate::kUndefinedTable, std::move(message));
    d.notice(base::sqlstate::kSuccessfulCompletion, message + ", skipping");
    return true;
  }
  require_no_pending_events(d, *found, "ALTER TABLE");
  AlterTable(d, found->oid, statement).run();
  return true;
}

}  // namespace isolde::sql
