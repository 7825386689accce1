#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/privileges.hpp"
#include "txn/lock_method.hpp"

struct PgQuery__Node;
struct PgQuery__RangeVar;
struct PgQuery__CreateStmt;
struct PgQuery__IndexStmt;
struct PgQuery__DropStmt;
struct PgQuery__CreateSchemaStmt;
struct PgQuery__TruncateStmt;

// Statements that change the catalog. They describe the new state as objects and put them into the
// transaction's changes; who sees them when is the catalog's affair (sql/catalog/catalog.hpp).
//
//   ddl.cpp            what they share: names, rights, locks, files
//   create_table.cpp   columns and constraints
//   create_index.cpp   also the indexes of constraints
//   drop.cpp           by dependencies
//   schema.cpp, truncate.cpp

namespace isolde::sql {

class SessionServices;

/// One DDL statement at work.
class Ddl {
 public:
  struct Input {
    SessionServices& session;
    std::string_view text;                     ///< of the statement, for the positions of errors
    std::function<const TableNames&()> names;  ///< by the newest image
    std::function<Binder::Input()> binder_input;
    Oid role;  ///< who runs it
  };
  explicit Ddl(Input input) : in_(std::move(input)) {}

  /// False when the statement is not one of these. Else leaves its command tag in `tag`.
  bool run(const PgQuery__Node& node, std::string& tag);

 private:
  friend class TableMaker;
  friend class Dropper;

  void create_table(const PgQuery__CreateStmt& create);
  void create_index(const PgQuery__IndexStmt& statement);
  void drop(const PgQuery__DropStmt& statement);
  void create_schema(const PgQuery__CreateSchemaStmt& statement);
  void truncate(const PgQuery__TruncateStmt& statement);

  // --- what they share
  CatalogImagePtr image() const { return in_.names().image; }
  Catalog& catalog() const { return *in_.names().catalog; }
  /// The schema in which a new object of this name goes; 3F000 without one, 42501 without the
  /// right.
  Oid creation_schema(const PgQuery__RangeVar& name) const;
  /// The table of this name, locked; 42P01 without one.
  RelationPtr find_table(const PgQuery__RangeVar& name, txn::LockMode mode) const;
  void lock_relation(Oid relation, txn::LockMode mode) const;
  /// Whoever else makes or drops something of this name waits for us.
  void lock_name(Oid schema, std::string_view name) const;
  bool is_taken(Oid schema, std::string_view name) const;
  /// "t_a_key", "t_a_key1", ...: the first that is free.
  std::string free_name(Oid schema, std::string_view table, std::string_view columns,
                        std::string_view label) const;
  storage::RelationId new_file() const;
  void drop_file(storage::RelationId file) const;
  void put(ObjectPtr object) const;
  void notice(std::string message) const;
  [[noreturn]] void fail_at(int location, base::SqlState state, std::string message) const;

  Input in_;
};

/// An expression as SQL text.
std::string expression_text(const PgQuery__Node& expression);

}  // namespace isolde::sql
