#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "storage/ids.hpp"

// What a database knows of itself: descriptions of its objects, immutable once made. Each is one
// row of the catalog's own table (catalog.hpp); pg_class, pg_attribute, pg_constraint and the rest
// of pg_catalog are views of these.

namespace isolde::sql {

using base::Oid;

enum class ObjectKind : uint8_t {
  kNamespace,
  kRelation,  ///< tables, indexes, sequences, views, composite types: what is in pg_class
  kType,      ///< enums, domains; composite types have a relation beside
  kConstraint,
  kFunction,
  kRole,  ///< of the whole server, as the next two
  kDatabase,
  kMembership,
  kSettings,  ///< ALTER ROLE / DATABASE ... SET
  kDefaultAcl,
  kCounter,  ///< of the whole server: how far object numbers are given out
};

/// One grant: aclitem.
struct AclEntry {
  Oid grantee;  ///< 0: PUBLIC
  Oid grantor;
  uint32_t privileges = 0;  ///< bits of Privilege
  uint32_t grant_options = 0;
};

/// A column of some relation.
struct ColumnRef {
  Oid relation;
  int16_t column = 0;  ///< attnum
  bool operator==(const ColumnRef&) const = default;
};

struct CatalogObject {
  ObjectKind kind;
  Oid oid;
  std::string name;
  Oid name_space;  ///< 0 where names are not in schemas
  Oid owner;
  std::optional<std::vector<AclEntry>> acl;  ///< nothing: the default
  std::optional<std::string> comment;
  /// Objects that this one needs: they cannot be dropped without it (2BP01, or CASCADE).
  std::vector<Oid> needs;
  /// The same for single columns; their relations need not be listed again.
  std::vector<ColumnRef> needs_columns;
  /// The object that this one is a part of and goes with (an index of its table, a serial's
  /// sequence).
  Oid part_of;

  explicit CatalogObject(ObjectKind k) : kind(k) {}
  virtual ~CatalogObject() = default;
};
using ObjectPtr = std::shared_ptr<const CatalogObject>;

struct NamespaceObject final : CatalogObject {
  NamespaceObject() : CatalogObject(ObjectKind::kNamespace) {}
};

enum class RelationKind : char {
  kTable = 'r',
  kIndex = 'i',
  kSequence = 'S',
  kView = 'v',
  kMaterializedView = 'm',
  kComposite = 'c',
};
enum class Persistence : char { kPermanent = 'p', kUnlogged = 'u', kTemporary = 't' };
enum class Identity : char { kNone = 0, kAlways = 'a', kByDefault = 'd' };

/// A column; its place in the vector is attnum - 1, also when it was dropped.
struct ColumnObject {
  std::string name;
  Oid type;
  int32_t typmod = -1;
  bool not_null = false;
  bool dropped = false;
  bool generated = false;  ///< `default_text` is GENERATED ALWAYS AS (...) STORED
  Identity identity = Identity::kNone;
  std::optional<std::string> default_text;  ///< an expression (sql/ddl/expression.hpp)
  std::vector<Oid> needs;      ///< what the default or the type needs: sequences, functions, types
  std::vector<int16_t> reads;  ///< the columns that a generated one is made of
  /// Value of rows that are older than the column (ADD COLUMN ... DEFAULT), in the type's binary
  /// form.
  std::optional<std::string> missing_value;
  Oid collation;
  std::optional<std::string> comment;
  std::optional<std::vector<AclEntry>> acl;
  int32_t statistics_target = -1;
};

/// One column or expression of an index key.
struct IndexKeyObject {
  int16_t column = 0;  ///< attnum; 0: an expression
  std::string expression;
  Oid type;  ///< of the key
  bool descending = false;
  bool nulls_first = false;
  Oid collation;
  std::string opclass;  ///< "int4_ops"; empty: the type's default
};

struct IndexObject {
  Oid table;
  std::vector<IndexKeyObject> keys;
  std::vector<int16_t> included;
  std::optional<std::string> predicate;
  bool unique = false;
  bool primary = false;
  bool immediate = true;  ///< false: of a DEFERRABLE constraint
  bool valid = true;
  bool nulls_not_distinct = false;
  std::string method = "btree";
  bool clustered = false;  ///< what CLUSTER without an index goes by
};

struct SequenceObject {
  Oid type;
  int64_t start = 1, increment = 1, min = 1, max = INT64_MAX, cache = 1;
  bool cycle = false;
  Oid owner_table;  ///< OWNED BY; identity columns and serials
  int16_t owner_column = 0;
};

/// What the planner knows of a table's contents, from ANALYZE.
struct RelationStatistics {
  double rows = -1;  ///< -1: never analysed
  int64_t pages = 0;
  struct Column {
    double null_fraction = 0;
    double width = 0;
    double distinct = 0;                     ///< negative: a fraction of the rows, as pg_stats
    std::vector<std::string> common_values;  ///< text forms
    std::vector<double> common_frequencies;
    std::vector<std::string> histogram;
    double correlation = 0;
  };
  std::vector<Column> columns;
};

struct RelationObject final : CatalogObject {
  RelationObject() : CatalogObject(ObjectKind::kRelation) {}
  RelationKind relation_kind = RelationKind::kTable;
  Persistence persistence = Persistence::kPermanent;
  storage::RelationId file;  ///< number 0: has no file (views, composites)
  Oid row_type;              ///< pg_class.reltype
  Oid row_array_type;        ///< of arrays of such rows
  std::vector<ColumnObject> columns;
  std::optional<IndexObject> index;
  std::optional<SequenceObject> sequence;
  std::string definition;            ///< a view's query, as pg_get_viewdef gives it
  bool populated = true;             ///< false: a materialized view that nobody may read yet
  std::vector<std::string> options;  ///< WITH (...), as pg_class.reloptions
  std::vector<Oid> inherits;
  RelationStatistics statistics;
};
using RelationPtr = std::shared_ptr<const RelationObject>;

/// Whether rows are kept for a relation: tables and materialized views.
inline bool has_rows(const RelationObject& relation) {
  return relation.relation_kind == RelationKind::kTable ||
         relation.relation_kind == RelationKind::kMaterializedView;
}
/// Whether a relation is a query by another name, its rows kept or not.
inline bool is_view(const RelationObject& relation) {
  return relation.relation_kind == RelationKind::kView ||
         relation.relation_kind == RelationKind::kMaterializedView;
}

struct TypeObject final : CatalogObject {
  TypeObject() : CatalogObject(ObjectKind::kType) {}
  enum class Sort : char { kEnum = 'e', kDomain = 'd', kComposite = 'c' } sort = Sort::kEnum;
  Oid array_type;
  struct Label {
    Oid oid;
    float order = 0;
    std::string text;
  };
  std::vector<Label> labels;
  Oid base_type;  ///< of a domain; its CHECKs are constraints
  int32_t base_typmod = -1;
  bool not_null = false;
  std::optional<std::string> default_text;
  Oid collation;
  Oid relation;  ///< of a composite
};

enum class ConstraintKind : char {
  kPrimaryKey = 'p',
  kUnique = 'u',
  kCheck = 'c',
  kForeignKey = 'f',
};

struct ConstraintObject final : CatalogObject {
  ConstraintObject() : CatalogObject(ObjectKind::kConstraint) {}
  ConstraintKind constraint_kind = ConstraintKind::kCheck;
  Oid relation;  ///< 0 for a domain's
  Oid domain;
  std::vector<int16_t> columns;
  Oid index;  ///< of PRIMARY KEY and UNIQUE; of FOREIGN KEY: the index that is referenced
  bool deferrable = false, initially_deferred = false, validated = true, no_inherit = false;
  std::string expression;  ///< of CHECK
  Oid referenced;
  std::vector<int16_t> referenced_columns;
  char on_update = 'a', on_delete = 'a', match = 's';
  std::vector<int16_t> set_columns;  ///< ON DELETE SET NULL (columns)
};

struct FunctionObject final : CatalogObject {
  FunctionObject() : CatalogObject(ObjectKind::kFunction) {}
  std::vector<Oid> argument_types;  ///< of IN, INOUT and VARIADIC
  std::vector<Oid> all_argument_types;
  std::vector<char> argument_modes;
  std::vector<std::string> argument_names;
  std::vector<std::string> argument_defaults;
  Oid result_type;
  bool returns_set = false, strict = false, security_definer = false, procedure = false;
  char volatility = 'v', parallel = 'u';
  Oid variadic;
  std::string language = "sql";
  std::string body;
  float cost = 100, rows = 0;
};

struct RoleObject final : CatalogObject {
  RoleObject() : CatalogObject(ObjectKind::kRole) {}
  bool superuser = false, inherit = true, create_role = false, create_db = false, login = false,
       replication = false, bypass_rls = false;
  int32_t connection_limit = -1;
  std::optional<std::string> password;  ///< a SCRAM verifier or md5 digest
  std::optional<int64_t> valid_until;   ///< a Timestamp's microseconds
};

struct MembershipObject final : CatalogObject {
  MembershipObject() : CatalogObject(ObjectKind::kMembership) {}
  Oid role, member, grantor;
  bool admin = false;
};

struct DatabaseObject final : CatalogObject {
  DatabaseObject() : CatalogObject(ObjectKind::kDatabase) {}
  std::string concurrency;      ///< the engine's name
  storage::RelationId catalog;  ///< the file with the database's own objects
  int32_t connection_limit = -1;
  bool allow_connections = true, is_template = false;
};

struct SettingsObject final : CatalogObject {
  SettingsObject() : CatalogObject(ObjectKind::kSettings) {}
  Oid database, role;  ///< 0: all
  std::vector<std::pair<std::string, std::string>> settings;
};

/// ALTER DEFAULT PRIVILEGES: what new objects start with; name_space 0 is every schema.
struct DefaultAclObject final : CatalogObject {
  DefaultAclObject() : CatalogObject(ObjectKind::kDefaultAcl) {}
  Oid role;
  char object_type = 'r';
  std::vector<AclEntry> entries;
};

struct CounterObject final : CatalogObject {
  CounterObject() : CatalogObject(ObjectKind::kCounter) {}
  uint32_t value = 0;
};

}  // namespace isolde::sql
