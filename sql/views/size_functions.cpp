#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/function_tables.hpp"
#include "storage/sequence.hpp"
#include "storage/store.hpp"
#include "txn/locker.hpp"

// How much room things take, where they are; encodings, sequences, and other facts.

namespace isolde::sql {

namespace {

Oid oid_of(Datum datum) {
  return Oid(static_cast<uint32_t>(datum.as_int()));
}

RelationPtr relation_of(CallContext& context, Datum oid) {
  return context.services->table_names().image->relation(oid_of(oid));
}

int64_t fork_bytes(CallContext& context, const RelationObject& relation, storage::Fork fork) {
  if (relation.file.number == 0) return 0;
  auto blocks = context.services->instance().store().files().block_count(relation.file, fork);
  return blocks ? int64_t{blocks->value} * 8192 : 0;
}

/// With its overflow pages, which are PostgreSQL's TOAST table.
int64_t table_bytes(CallContext& context, const RelationObject& relation) {
  int64_t bytes = 0;
  for (storage::Fork fork : {storage::Fork::kMain, storage::Fork::kFreeSpace,
                             storage::Fork::kVisibility, storage::Fork::kOverflow}) {
    bytes += fork_bytes(context, relation, fork);
  }
  return bytes;
}

int64_t indexes_bytes(CallContext& context, const RelationObject& table) {
  int64_t bytes = 0;
  context.services->table_names().image->for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
    const auto& relation = static_cast<const RelationObject&>(*one);
    if (relation.index && relation.index->table == table.oid) {
      bytes += table_bytes(context, relation);
    }
  });
  return bytes;
}

Datum relation_size(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  if (relation == nullptr) return Datum::null();
  if (context.argument_count() > 1 && args[1].as_bytes() != "main") return Datum::of_int(0);
  return Datum::of_int(fork_bytes(context, *relation, storage::Fork::kMain));
}
Datum table_size(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  return relation == nullptr ? Datum::null() : Datum::of_int(table_bytes(context, *relation));
}
Datum indexes_size(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  return relation == nullptr ? Datum::null() : Datum::of_int(indexes_bytes(context, *relation));
}
Datum total_size(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  if (relation == nullptr) return Datum::null();
  return Datum::of_int(table_bytes(context, *relation) + indexes_bytes(context, *relation));
}

/// What the relations of the session's own database take; that of others is not known here.
Datum database_size(CallContext& context, const Datum* args) {
  const TableNames& names = context.services->table_names();
  ObjectPtr database = context.argument_type(0).storage == Storage::kBytes
                           ? names.image->find(ObjectKind::kDatabase, Oid{}, args[0].as_bytes())
                           : names.image->find(ObjectKind::kDatabase, oid_of(args[0]));
  if (database == nullptr) {
    fail(base::sqlstate::kUndefinedDatabase,
         "database \"" + std::string(args[0].as_bytes()) + "\" does not exist");
  }
  int64_t bytes = 0;
  if (database->oid == names.image->database()) {
    names.image->for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
      bytes += table_bytes(context, static_cast<const RelationObject&>(*one));
    });
  }
  return Datum::of_int(bytes);
}

Datum tablespace_size(CallContext&, const Datum*) {
  return Datum::of_int(0);
}

Datum filenode(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  if (relation == nullptr || relation->file.number == 0) return Datum::null();
  return Datum::of_int(relation->file.number);
}
Datum filepath(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  if (relation == nullptr || relation->file.number == 0) return Datum::null();
  return context.arena.bytes(storage::relation_path(relation->file, storage::Fork::kMain));
}

// --- sequences

/// The row of a sequence that is read as a table; its name is the binder's alone.
class SequenceRow final : public SetIterator {
 public:
  explicit SequenceRow(storage::SequenceState state) : state_(state) {}
  bool next(CallContext&, Datum* columns) override {
    if (done_) return false;
    done_ = true;
    columns[0] = Datum::of_int(state_.last_value);
    columns[1] = Datum::of_int(state_.is_called ? state_.log_count : 0);
    columns[2] = Datum::of_bool(state_.is_called);
    return true;
  }

 private:
  storage::SequenceState state_;
  bool done_ = false;
};
std::unique_ptr<SetIterator> sequence_row(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  if (relation == nullptr || !relation->sequence) return nullptr;
  storage::Sequence sequence(context.services->instance().store(), relation->file);
  return std::make_unique<SequenceRow>(base::value_or_throw(sequence.read()));
}

// --- temporary schemas

Datum my_temp_schema(CallContext& context, const Datum*) {
  return Datum::of_int(context.services->table_names().path.temporary.value);
}
Datum is_other_temp_schema(CallContext& context, const Datum* args) {
  const TableNames& names = context.services->table_names();
  ObjectPtr schema = names.image->find(ObjectKind::kNamespace, oid_of(args[0]));
  return Datum::of_bool(schema != nullptr && schema->oid != names.path.temporary &&
                        schema->name.starts_with("pg_temp_"));
}

// --- others

Datum never(CallContext&, const Datum*) {
  return Datum::of_bool(false);
}
Datum zero(CallContext&, const Datum*) {
  return Datum::of_int(0);
}
Datum nothing(CallContext&, const Datum*) {
  return Datum::of_bytes("");
}
Datum null(CallContext&, const Datum*) {
  return Datum::null();
}

/// As information_schema asks: bits of UPDATE (4), INSERT (8) and DELETE (16).
Datum relation_is_updatable(CallContext& context, const Datum* args) {
  RelationPtr relation = relation_of(context, args[0]);
  const bool table = relation != nullptr && relation->relation_kind == RelationKind::kTable &&
                     !is_system_object(relation->oid);
  return Datum::of_int(table ? 28 : 0);
}
Datum column_is_updatable(CallContext& context, const Datum* args) {
  return Datum::of_bool(relation_is_updatable(context, args).as_int() != 0);
}

Datum indexam_has_property(CallContext&, const Datum* args) {
  const std::string_view property = args[1].as_bytes();
  return Datum::of_bool(property != "can_exclude" && args[0].as_int() == 403);
}

constexpr FunctionRow kRows[] = {
    {2325, "pg_relation_size(regclass) int8", relation_size, kVolatile},
    {2332, "pg_relation_size(regclass, text) int8", relation_size, kVolatile},
    {2997, "pg_table_size(regclass) int8", table_size, kVolatile},
    {2998, "pg_indexes_size(regclass) int8", indexes_size, kVolatile},
    {2286, "pg_total_relation_size(regclass) int8", total_size, kVolatile},
    {2168, "pg_database_size(name) int8", database_size, kVolatile},
    {2324, "pg_database_size(oid) int8", database_size, kVolatile},
    {2322, "pg_tablespace_size(oid) int8", tablespace_size, kVolatile},
    {2323, "pg_tablespace_size(name) int8", tablespace_size, kVolatile},
    {3778, "pg_tablespace_location(oid) text", nothing, kStable},
    {2999, "pg_relation_filenode(regclass) oid", filenode, kStable},
    {3034, "pg_relation_filepath(regclass) text", filepath, kStable},
    {13920,
     "pg_sequence_row(oid, out last_value int8, out log_cnt int8, out is_called bool) "
     "setof record",
     sequence_row, kVolatile},
    {2854, "pg_my_temp_schema() oid", my_temp_schema, kStable},
    {2855, "pg_is_other_temp_schema(oid) bool", is_other_temp_schema, kStable},
    {3298, "row_security_active(oid) bool", never, kStable},
    {3299, "row_security_active(text) bool", never, kStable},
    {6121, "pg_relation_is_publishable(regclass) bool", never, kStable},
    {3842, "pg_relation_is_updatable(regclass, bool) int4", relation_is_updatable, kStable},
    {3843, "pg_column_is_updatable(regclass, int2, bool) bool", column_is_updatable, kStable},
    {636, "pg_indexam_has_property(oid, text) bool", indexam_has_property, kStable},
    {3163, "pg_trigger_depth() int4", zero, kStable},
    {3424, "pg_partition_root(regclass) regclass", null},
    {2230, "pg_stat_clear_snapshot() void", nothing, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kSizeFunctions = kRows;

}  // namespace isolde::sql
