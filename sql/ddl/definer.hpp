#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/binder/binder.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "txn/lock_method.hpp"

struct PgQuery__Node;
struct PgQuery__RangeVar;
struct PgQuery__TypeName;

namespace isolde::sql {

struct Type;

/// What a statement that defines something works with: names, locks, rights, and changes to the
/// catalog. One a statement.
class Definer {
 public:
  struct Input {
    SessionServices& session;
    std::string_view text;                     ///< of the statement, for the positions of errors
    std::function<const TableNames&()> names;  ///< by the newest image
    std::function<Binder::Input()> binder_input;
    /// 25001 inside a transaction block; the text is the statement's name.
    std::function<void(std::string_view)> require_no_block;
    Oid role;  ///< who runs it
  };
  explicit Definer(Input input);
  Definer(const Definer&) = delete;
  Definer& operator=(const Definer&) = delete;

  SessionServices& services() { return in_.session; }
  std::string_view text() const { return in_.text; }
  void require_no_block(std::string_view statement) { in_.require_no_block(statement); }
  Binder::Input binder_input() { return in_.binder_input(); }
  Catalog& catalog() { return catalog_; }
  storage::Store& store();
  /// The catalog as it is now, with what this statement has done.
  const CatalogImage& image();
  CatalogImagePtr image_ptr();
  const SearchPath& path();
  const TableNames& names() { return in_.names(); }
  Oid role() const { return in_.role; }
  Oid database() const { return catalog_.database(); }

  // --- changing
  Oid new_oid() { return catalog_.new_oid(); }
  void put(ObjectPtr object);
  void drop(const CatalogObject& object);
  /// A copy of the object as it is now, to be changed and put.
  template <typename T>
  std::shared_ptr<T> edit(const T& object) {
    ObjectPtr now = image().find(object.kind, object.oid);
    return std::make_shared<T>(static_cast<const T&>(*now));
  }
  storage::RelationId new_file();
  /// Once the transaction commits.
  void drop_file(storage::RelationId file);

  // --- locks, until the end of the transaction
  void lock(Oid relation, txn::LockMode mode);
  /// Of an object that is no relation.
  void lock(const CatalogObject& object, txn::LockMode mode);
  /// Whoever is about to make or rename something keeps others from taking the same name.
  void lock_name(ObjectKind kind, Oid name_space, std::string_view name);

  // --- finding
  /// Locks it, and looks again afterwards; null when there is none. `check` runs before the lock is
  /// taken (rights), for every relation that the name turns out to mean.
  RelationPtr try_relation(const PgQuery__RangeVar& var, txn::LockMode mode,
                           const std::function<void(const RelationObject&)>& check = {});
  /// 42P01 when there is none.
  RelationPtr relation(const PgQuery__RangeVar& var, txn::LockMode mode,
                       const std::function<void(const RelationObject&)>& check = {});
  /// 3F000 'schema "x" does not exist'.
  Oid schema(std::string_view name);
  /// Where a new object of this (perhaps empty) schema name goes; checks CREATE.
  Oid creation_schema(std::string_view schema_name);
  Oid creation_schema(const PgQuery__RangeVar& var);
  /// How long a relation that is made in this schema lasts.
  Persistence persistence_of(const PgQuery__RangeVar& var, Oid schema);
  Oid make_temporary_schema();
  const Type& type_named(const PgQuery__TypeName& name, int32_t* typmod = nullptr);
  /// By number; lives as long as this object.
  const Type& type_of(Oid oid);

  /// An enum, domain, or the relation of a row type; null when there is none.
  ObjectPtr find_type_object(std::string_view schema_name, std::string_view name);
  /// The number of a collation by name; 42704 when there is none.
  Oid collation(PgQuery__Node* const* names, size_t count);

  // --- rights
  void require_owner(const CatalogObject& object) { require_ownership(image(), role(), object); }
  bool superuser() { return is_superuser(image(), role()); }

  // --- telling
  void notice(base::SqlState state, std::string message, std::string detail = {});
  void warning(base::SqlState state, std::string message);
  [[noreturn]] void fail_at(int location, base::SqlState state, std::string message);
  [[noreturn]] void fail_at(int location, base::Error error);

  /// "t", or "s.t" where the search path does not find it.
  std::string shown_name(const CatalogObject& object);
  /// "table t", "constraint c on table t", "column a of table t": as in DETAIL lines.
  std::string describe(const CatalogObject& object, int column = 0);

 private:
  Input in_;
  Catalog& catalog_;
  CatalogImagePtr image_;
  /// Where the types come from that type_named has answered.
  std::vector<std::shared_ptr<const TypeSource>> type_sources_;
};

/// What columns of a type are collated by: 100 for texts, else 0.
Oid default_collation(const Type& type);
/// "tables", "views", ...: for what is not supported for such.
std::string_view relation_kind_plural(const RelationObject& relation);

/// "name" in double quotes, as messages show names.
std::string quoted(std::string_view name);
/// A text that libpg_query leaves out is null or empty.
inline std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace isolde::sql
