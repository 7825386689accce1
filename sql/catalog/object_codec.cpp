#include "sql/catalog/object_codec.hpp"

#include <concepts>
#include <type_traits>

#include "base/check.hpp"

namespace isolde::sql {

namespace {

using storage::Bytes;
using storage::ByteSpan;

/// 1: without what CLUSTER goes by. Objects are read in any format and written in the newest.
constexpr uint8_t kFormat = 2;

/// Writes what it is shown.
class Writer {
 public:
  explicit Writer(Bytes& bytes) : bytes_(bytes) {}
  static constexpr uint8_t format() { return kFormat; }

  template <typename T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void operator()(T& value) {
    storage::append(bytes_, value);
  }
  template <typename Tag, typename Integer>
  void operator()(base::StrongId<Tag, Integer>& id) {
    storage::append(bytes_, id.value);
  }
  void operator()(std::string& text) {
    size(text.size());
    storage::append_bytes(bytes_, storage::as_bytes(text));
  }
  template <typename T>
  void operator()(std::vector<T>& items) {
    size(items.size());
    for (T& item : items) (*this)(item);
  }
  template <typename T>
  void operator()(std::optional<T>& value) {
    storage::append(bytes_, value.has_value());
    if (value) (*this)(*value);
  }
  template <typename T>
  requires std::is_class_v<T>
  void operator()(T& value) { fields(*this, value); }

 private:
  void size(size_t n) { storage::append(bytes_, static_cast<uint32_t>(n)); }
  Bytes& bytes_;
};

/// Fills in what it is shown; ok() turns false when the bytes do not fit.
class Reader {
 public:
  Reader(ByteSpan bytes, uint8_t format) : in_(bytes), left_(bytes.size()), format_(format) {}
  uint8_t format() const { return format_; }
  bool ok() const { return in_.ok() && sane_; }

  template <typename T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void operator()(T& value) {
    value = in_.take<T>();
  }
  template <typename Tag, typename Integer>
  void operator()(base::StrongId<Tag, Integer>& id) {
    id.value = in_.take<Integer>();
  }
  void operator()(std::string& text) {
    ByteSpan bytes = in_.take_bytes(size());
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  template <typename T>
  void operator()(std::vector<T>& items) {
    items.resize(size());
    for (auto&& item : items) (*this)(item);
  }
  template <typename T>
  void operator()(std::optional<T>& value) {
    value.reset();
    if (in_.take<bool>()) (*this)(value.emplace());
  }
  template <typename T>
  requires std::is_class_v<T>
  void operator()(T& value) { fields(*this, value); }

 private:
  /// A count is at most the number of bytes there are.
  size_t size() {
    size_t n = in_.take<uint32_t>();
    if (n > left_) sane_ = false;
    return sane_ ? n : 0;
  }
  storage::ByteReader in_;
  size_t left_;
  uint8_t format_;
  bool sane_ = true;
};

// --- the fields of every kind of object, in the order in which they are stored

void fields(auto& io, std::pair<std::string, std::string>& pair) {
  io(pair.first), io(pair.second);
}

void fields(auto& io, AclEntry& o) {
  io(o.grantee), io(o.grantor), io(o.privileges), io(o.grant_options);
}

void fields(auto& io, storage::RelationId& o) {
  io(o.space), io(o.number);
}

void fields(auto& io, ColumnRef& o) {
  io(o.relation), io(o.column);
}

void fields(auto& io, ColumnObject& o) {
  io(o.name), io(o.type), io(o.typmod), io(o.not_null), io(o.dropped), io(o.generated);
  io(o.identity), io(o.default_text), io(o.missing_value), io(o.collation), io(o.comment);
  io(o.acl), io(o.statistics_target), io(o.needs), io(o.reads);
}

void fields(auto& io, IndexKeyObject& o) {
  io(o.column), io(o.expression), io(o.type), io(o.descending), io(o.nulls_first);
  io(o.collation), io(o.opclass);
}

void fields(auto& io, IndexObject& o) {
  io(o.table), io(o.keys), io(o.included), io(o.predicate), io(o.unique), io(o.primary);
  io(o.immediate), io(o.valid), io(o.nulls_not_distinct), io(o.method);
  if (io.format() >= 2) io(o.clustered);
}

void fields(auto& io, SequenceObject& o) {
  io(o.type), io(o.start), io(o.increment), io(o.min), io(o.max), io(o.cache), io(o.cycle);
  io(o.owner_table), io(o.owner_column);
}

void fields(auto& io, RelationStatistics::Column& o) {
  io(o.null_fraction), io(o.width), io(o.distinct), io(o.common_values);
  io(o.common_frequencies), io(o.histogram), io(o.correlation);
}

void fields(auto& io, RelationStatistics& o) {
  io(o.rows), io(o.pages), io(o.columns);
}

void fields(auto& io, TypeObject::Label& o) {
  io(o.oid), io(o.order), io(o.text);
}

void common_fields(auto& io, CatalogObject& o) {
  io(o.oid), io(o.name), io(o.name_space), io(o.owner), io(o.acl), io(o.comment);
  io(o.needs), io(o.needs_columns), io(o.part_of);
}

void own_fields(auto&, NamespaceObject&) {}

void own_fields(auto& io, RelationObject& o) {
  io(o.relation_kind), io(o.persistence), io(o.file), io(o.row_type), io(o.row_array_type);
  io(o.columns), io(o.index), io(o.sequence), io(o.definition), io(o.options), io(o.inherits);
  io(o.statistics);
  if (o.relation_kind == RelationKind::kMaterializedView) io(o.populated);
}

void own_fields(auto& io, TypeObject& o) {
  io(o.sort), io(o.array_type), io(o.labels), io(o.base_type), io(o.base_typmod);
  io(o.not_null), io(o.default_text), io(o.collation), io(o.relation);
}

void own_fields(auto& io, ConstraintObject& o) {
  io(o.constraint_kind), io(o.relation), io(o.domain), io(o.columns), io(o.index);
  io(o.deferrable), io(o.initially_deferred), io(o.validated), io(o.no_inherit);
  io(o.expression), io(o.referenced), io(o.referenced_columns), io(o.on_update);
  io(o.on_delete), io(o.match), io(o.set_columns);
}

void own_fields(auto& io, FunctionObject& o) {
  io(o.argument_types), io(o.all_argument_types), io(o.argument_modes), io(o.argument_names);
  io(o.argument_defaults), io(o.result_type), io(o.returns_set), io(o.strict);
  io(o.security_definer), io(o.procedure), io(o.volatility), io(o.parallel), io(o.variadic);
  io(o.language), io(o.body), io(o.cost), io(o.rows);
}

void own_fields(auto& io, RoleObject& o) {
  io(o.superuser), io(o.inherit), io(o.create_role), io(o.create_db), io(o.login);
  io(o.replication), io(o.bypass_rls), io(o.connection_limit), io(o.password);
  io(o.valid_until);
}

void own_fields(auto& io, MembershipObject& o) {
  io(o.role), io(o.member), io(o.grantor), io(o.admin);
}

void own_fields(auto& io, DatabaseObject& o) {
  io(o.concurrency), io(o.catalog), io(o.connection_limit), io(o.allow_connections);
  io(o.is_template);
}

void own_fields(auto& io, SettingsObject& o) {
  io(o.database), io(o.role), io(o.settings);
}

void own_fields(auto& io, DefaultAclObject& o) {
  io(o.role), io(o.object_type), io(o.entries);
}

void own_fields(auto& io, CounterObject& o) {
  io(o.value);
}

/// Calls `visit` with a pointer of the kind's own type; false for an unknown kind.
template <typename F>
bool with_type(ObjectKind kind, F&& visit) {
  switch (kind) {
    case ObjectKind::kNamespace:
      return visit(std::type_identity<NamespaceObject>{}), true;
    case ObjectKind::kRelation:
      return visit(std::type_identity<RelationObject>{}), true;
    case ObjectKind::kType:
      return visit(std::type_identity<TypeObject>{}), true;
    case ObjectKind::kConstraint:
      return visit(std::type_identity<ConstraintObject>{}), true;
    case ObjectKind::kFunction:
      return visit(std::type_identity<FunctionObject>{}), true;
    case ObjectKind::kRole:
      return visit(std::type_identity<RoleObject>{}), true;
    case ObjectKind::kDatabase:
      return visit(std::type_identity<DatabaseObject>{}), true;
    case ObjectKind::kMembership:
      return visit(std::type_identity<MembershipObject>{}), true;
    case ObjectKind::kSettings:
      return visit(std::type_identity<SettingsObject>{}), true;
    case ObjectKind::kDefaultAcl:
      return visit(std::type_identity<DefaultAclObject>{}), true;
    case ObjectKind::kCounter:
      return visit(std::type_identity<CounterObject>{}), true;
  }
  return false;
}

}  // namespace

Bytes encode_object(const CatalogObject& object) {
  Bytes bytes;
  storage::append(bytes, kFormat);
  storage::append(bytes, object.kind);
  bool known = with_type(object.kind, [&]<typename T>(std::type_identity<T>) {
    // The writer only reads; one list of fields serves both directions.
    auto& o = const_cast<T&>(static_cast<const T&>(object));
    Writer writer(bytes);
    common_fields(writer, o);
    own_fields(writer, o);
  });
  ISOLDE_CHECK(known, "every kind of object has its fields");
  return bytes;
}

ObjectPtr decode_object(ByteSpan bytes) {
  storage::ByteReader head(bytes);
  const auto format = head.take<uint8_t>();
  if (format < 1 || format > kFormat) return nullptr;
  auto kind = head.take<ObjectKind>();
  if (!head.ok()) return nullptr;
  ObjectPtr object;
  with_type(kind, [&]<typename T>(std::type_identity<T>) {
    auto made = std::make_shared<T>();
    Reader reader(bytes.subspan(2), format);
    common_fields(reader, *made);
    own_fields(reader, *made);
    if (reader.ok()) object = std::move(made);
  });
  return object;
}

}  // namespace isolde::sql
