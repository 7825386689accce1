#pragma once

#include <string>
#include <vector>

#include "sql/ddl/constraint.hpp"
#include "sql/ddl/rewrite_table.hpp"

struct PgQuery__AlterTableStmt;
struct PgQuery__AlterTableCmd;
struct PgQuery__ColumnDef;

// ALTER TABLE, and what ALTER INDEX, SEQUENCE and VIEW share with it. One statement can say many
// things; they are done in PostgreSQL's order, whatever theirs is:
//
//      drop            columns, constraints
//      change types    of columns                  } then rows are rewritten, at most once
//      add columns                                 }
//      attributes      defaults, NOT NULL, ...
//      keys            PRIMARY KEY, UNIQUE
//      constraints     CHECK, FOREIGN KEY
//      the rest        owner, options, ...

namespace isolde::sql {

class AlterTable {
 public:
  AlterTable(Definer& d, Oid table, const PgQuery__AlterTableStmt& statement)
      : d_(d), table_(table), statement_(statement), wishes_(d) {}
  void run();

 private:
  enum class Pass : uint8_t {
    kDrop,
    kAlterType,
    kAddColumn,
    kAttributes,
    kKeys,
    kConstraints,
    kForeignKeys,
    kRest
  };
  static Pass pass_of(const PgQuery__AlterTableCmd& command);
  void command(const PgQuery__AlterTableCmd& command);
  void rewrite();

  RelationPtr table() { return d_.image().relation(table_); }
  std::shared_ptr<RelationObject> edit() { return d_.edit(*table()); }
  /// attnum of a column that may be altered; 42703, or 0A000 for system columns.
  int16_t column(std::string_view name);
  ColumnObject& in(RelationObject& relation, int16_t number) {
    return relation.columns[static_cast<size_t>(number - 1)];
  }
  [[noreturn]] void refuse_kind(const PgQuery__AlterTableCmd& command);
  void check_kind(const PgQuery__AlterTableCmd& command);

  // alter_column.cpp
  void add_column(const PgQuery__AlterTableCmd& command);
  void drop_column(const PgQuery__AlterTableCmd& command);
  void set_default(const PgQuery__AlterTableCmd& command);
  void drop_not_null(const PgQuery__AlterTableCmd& command);
  void set_not_null(const PgQuery__AlterTableCmd& command);
  void drop_expression(const PgQuery__AlterTableCmd& command);
  void set_statistics(const PgQuery__AlterTableCmd& command);
  void set_storage(const PgQuery__AlterTableCmd& command);
  void add_identity(const PgQuery__AlterTableCmd& command);
  void set_identity(const PgQuery__AlterTableCmd& command);
  void drop_identity(const PgQuery__AlterTableCmd& command);

  // alter_type.cpp
  void alter_type(const PgQuery__AlterTableCmd& command);
  void check_type_users(const RelationObject& table, int16_t number);
  void follow_type(int16_t number, bool same_values);
  void recheck_constraints();

  // alter_constraint.cpp
  void add_constraint(const ConstraintWish& wish);
  void add_primary_key(const ConstraintWish& wish);
  void drop_constraint(const PgQuery__AlterTableCmd& command);
  void validate(const PgQuery__AlterTableCmd& command);
  void alter_constraint(const PgQuery__AlterTableCmd& command);

  // alter_options.cpp
  void set_options(const PgQuery__AlterTableCmd& command, bool reset);
  void set_logged(bool logged);
  void triggers(const PgQuery__AlterTableCmd& command);
  void rest(const PgQuery__AlterTableCmd& command);

  Definer& d_;
  const Oid table_;
  const PgQuery__AlterTableStmt& statement_;
  ConstraintWishes wishes_;  ///< of new columns
  CatalogImagePtr before_;   ///< when rows were last as they lie in the file
  std::vector<NewValue> new_values_;
  std::vector<int16_t> new_not_null_;
  std::vector<Oid> rebuild_;  ///< indexes
  std::vector<Oid> recheck_;  ///< constraints
};

/// False when the statement is about something that is no relation.
bool alter_table(Definer& d, const PgQuery__AlterTableStmt& statement, std::string& tag);

/// 55006 when rows of the table wait for a check of theirs: `what` is the statement's name.
void require_no_pending_events(Definer& d, const RelationObject& table, std::string_view what);

}  // namespace isolde::sql
