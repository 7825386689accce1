#include "sql/ddl/sequence.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/initial_acl.hpp"
#include "sql/ddl/options.hpp"
#include "sql/types/type_registry.hpp"
#include "storage/sequence.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void fail_parameter(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

struct Bounds {
  int64_t min, max;
};

Bounds bounds_of(Oid type) {
  if (type == types::kInt2) return {INT16_MIN, INT16_MAX};
  if (type == types::kInt4) return {INT32_MIN, INT32_MAX};
  return {INT64_MIN, INT64_MAX};
}

/// Reads a list of options over what a sequence is, as PostgreSQL's init_params does.
class OptionReader {
 public:
  OptionReader(Definer& d, SequenceObject& sequence, bool fresh)
      : d_(d), sequence_(sequence), fresh_(fresh) {}

  void read(const SequenceOptions& options) {
    for (size_t i = 0; i < options.count; ++i) take(*options.list[i]->def_elem);
    settle_type();
    settle_increment();
    settle_bounds();
    settle_start();
    if (cache_ != nullptr) {
      sequence_.cache = option_int(*cache_);
      if (sequence_.cache <= 0) {
        fail_parameter("CACHE (" + std::to_string(sequence_.cache) + ") must be greater than zero");
      }
    }
    if (cycle_ != nullptr) sequence_.cycle = option_bool(*cycle_);
  }

  const PgQuery__DefElem* owned_by() const { return owned_by_; }
  const PgQuery__DefElem* restart_option() const { return restart_; }
  /// Of RESTART, or where the next value lies when the sequence is new.
  int64_t restart_value() const {
    return restart_ != nullptr && restart_->arg != nullptr ? option_int(*restart_)
                                                           : sequence_.start;
  }

 private:
  void set(const PgQuery__DefElem*& slot, const PgQuery__DefElem& option) {
    if (slot != nullptr) fail_redundant(d_, option);
    slot = &option;
  }

  void take(const PgQuery__DefElem& option) {
    std::string_view name = option.defname;
    if (name == "as") return set(as_, option);
    if (name == "increment") return set(increment_, option);
    if (name == "start") return set(start_, option);
    if (name == "restart") return set(restart_, option);
    if (name == "maxvalue") return set(max_, option);
    if (name == "minvalue") return set(min_, option);
    if (name == "cache") return set(cache_, option);
    if (name == "cycle") return set(cycle_, option);
    if (name == "owned_by") return set(owned_by_, option);
    if (name == "sequence_name") {
      d_.fail_at(option.location, base::sqlstate::kSyntaxError,
                 "invalid sequence option SEQUENCE NAME");
    }
    fail(base::sqlstate::kInternalError, "option " + quoted(name) + " not recognized");
  }

  void settle_type() {
    if (as_ == nullptr) return;
    Oid type = d_.type_named(*as_->arg->type_name).oid;
    if (type != types::kInt2 && type != types::kInt4 && type != types::kInt8) {
      fail_parameter(sequence_.owner_table != Oid{}
                         ? "identity column type must be smallint, integer, or bigint"
                         : "sequence type must be smallint, integer, or bigint");
    }
    if (!fresh_) {
      // Bounds that were the old type's follow the new one.
      Bounds before = bounds_of(sequence_.type);
      reset_max_ = sequence_.increment > 0 && sequence_.max == before.max;
      reset_min_ = sequence_.increment < 0 && sequence_.min == before.min;
    }
    sequence_.type = type;
  }

  void settle_increment() {
    if (increment_ == nullptr) return;
    sequence_.increment = option_int(*increment_);
    if (sequence_.increment == 0) fail_parameter("INCREMENT must not be zero");
  }

  void settle_bounds() {
    const Bounds bounds = bounds_of(sequence_.type);
    bool up = sequence_.increment > 0;
    if (max_ != nullptr && max_->arg != nullptr) {
      sequence_.max = option_int(*max_);
    } else if (fresh_ || max_ != nullptr || reset_max_) {
      sequence_.max = up ? bounds.max : -1;
    }
    if (min_ != nullptr && min_->arg != nullptr) {
      sequence_.min = option_int(*min_);
    } else if (fresh_ || min_ != nullptr || reset_min_) {
      sequence_.min = up ? 1 : bounds.min;
    }
    check_range("MAXVALUE", sequence_.max, bounds);
    check_range("MINVALUE", sequence_.min, bounds);
    if (sequence_.min >= sequence_.max) {
      fail_parameter("MINVALUE (" + std::to_string(sequence_.min) +
                     ") must be less than MAXVALUE (" + std::to_string(sequence_.max) + ")");
    }
  }

  void check_range(std::string_view what, int64_t value, const Bounds& bounds) const {
    if (value >= bounds.min && value <= bounds.max) return;
    fail_parameter(std::string(what) + " (" + std::to_string(value) +
                   ") is out of range for sequence data type " +
                   format_type(type_of(sequence_.type)));
  }

  void settle_start() {
    if (start_ != nullptr) {
      sequence_.start = option_int(*start_);
    } else if (fresh_) {
      sequence_.start = sequence_.increment > 0 ? sequence_.min : sequence_.max;
    }
    check_bounds("START", sequence_.start);
    if (restart_ != nullptr) check_bounds("RESTART", restart_value());
  }

  void check_bounds(std::string_view what, int64_t value) const {
    if (value < sequence_.min) {
      fail_parameter(std::string(what) + " value (" + std::to_string(value) +
                     ") cannot be less than MINVALUE (" + std::to_string(sequence_.min) + ")");
    }
    if (value > sequence_.max) {
      fail_parameter(std::string(what) + " value (" + std::to_string(value) +
                     ") cannot be greater than MAXVALUE (" + std::to_string(sequence_.max) + ")");
    }
  }

  Definer& d_;
  SequenceObject& sequence_;
  const bool fresh_;
  bool reset_max_ = false, reset_min_ = false;
  const PgQuery__DefElem* as_ = nullptr;
  const PgQuery__DefElem* increment_ = nullptr;
  const PgQuery__DefElem* start_ = nullptr;
  const PgQuery__DefElem* restart_ = nullptr;
  const PgQuery__DefElem* max_ = nullptr;
  const PgQuery__DefElem* min_ = nullptr;
  const PgQuery__DefElem* cache_ = nullptr;
  const PgQuery__DefElem* cycle_ = nullptr;
  const PgQuery__DefElem* owned_by_ = nullptr;
};

/// OWNED BY t.c, or NONE.
void set_owner(Definer& d, RelationObject& sequence, const PgQuery__DefElem& option) {
  const PgQuery__List& names = *option.arg->list;
  if (names.n_items == 1) {
    if (string_of(*names.items[0]) != "none") {
      throw base::SqlException(base::Error(base::sqlstate::kSyntaxError, "invalid OWNED BY option")
                                   .hint("Specify OWNED BY table.column or OWNED BY NONE."));
    }
    sequence.sequence->owner_table = sequence.part_of = Oid{};
    sequence.sequence->owner_column = 0;
    return;
  }
  std::string table_name(string_of(*names.items[names.n_items - 2]));
  std::string schema_name(names.n_items > 2 ? string_of(*names.items[names.n_items - 3]) : "");
  PgQuery__RangeVar var = PG_QUERY__RANGE_VAR__INIT;
  var.relname = table_name.data();
  var.schemaname = schema_name.data();
  RelationPtr table = d.relation(var, txn::table_mode::kAccessShare);
  if (table->relation_kind != RelationKind::kTable) {
    fail(base::sqlstate::kWrongObjectType,
         "sequence cannot be owned by relation " + quoted(table->name));
  }
  if (table->owner != sequence.owner) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "sequence must have same owner as table it is linked to");
  }
  if (table->name_space != sequence.name_space) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "sequence must be in same schema as table it is linked to");
  }
  sequence.sequence->owner_table = sequence.part_of = table->oid;
  sequence.sequence->owner_column =
      column_number(*table, string_of(*names.items[names.n_items - 1]));
}

}  // namespace

RelationPtr owned_sequence(const CatalogImage& image, Oid table, int16_t column) {
  for (const ObjectPtr& part : image.parts_of(table)) {
    if (part->kind != ObjectKind::kRelation) continue;
    auto relation = std::static_pointer_cast<const RelationObject>(part);
    if (relation->sequence && relation->sequence->owner_column == column) return relation;
  }
  return nullptr;
}

std::shared_ptr<RelationObject> make_sequence(Definer& d, std::string name, Oid schema,
                                              Persistence persistence, Oid type,
                                              const SequenceOptions& options) {
  auto made = std::make_shared<RelationObject>();
  made->relation_kind = RelationKind::kSequence;
  made->name = std::move(name);
  made->name_space = schema;
  made->owner = d.role();
  made->acl = initial_acl(d, *made);
  made->persistence = persistence;
  SequenceObject& sequence = made->sequence.emplace();
  sequence.type = type;
  OptionReader reader(d, sequence, true);
  reader.read(options);
  if (reader.owned_by() != nullptr) set_owner(d, *made, *reader.owned_by());
  made->oid = d.new_oid();
  made->file = d.new_file();
  base::value_or_throw(storage::Sequence(d.store(), made->file).create(reader.restart_value()));
  return made;
}

namespace {

/// A new file, so that a rollback brings the old one back.
void renew_file(Definer& d, RelationObject& sequence, int64_t next, bool called) {
  d.drop_file(sequence.file);
  sequence.file = d.new_file();
  base::value_or_throw(storage::Sequence(d.store(), sequence.file).create(next, called));
}

}  // namespace

void restart_sequence(Definer& d, const RelationObject& sequence) {
  auto changed = d.edit(sequence);
  renew_file(d, *changed, changed->sequence->start, false);
  d.put(changed);
}

void change_sequence(Definer& d, const RelationObject& sequence, const SequenceOptions& options) {
  auto changed = d.edit(sequence);
  OptionReader reader(d, *changed->sequence, false);
  reader.read(options);
  if (const PgQuery__DefElem* owner = reader.owned_by()) set_owner(d, *changed, *owner);
  auto state = base::value_or_throw(storage::Sequence(d.store(), sequence.file).read());
  if (reader.restart_option() != nullptr) {
    renew_file(d, *changed, reader.restart_value(), false);
  } else {
    const SequenceObject& now = *changed->sequence;
    if (state.last_value < now.min) {
      fail_parameter("RESTART value (" + std::to_string(state.last_value) +
                     ") cannot be less than MINVALUE (" + std::to_string(now.min) + ")");
    }
    if (state.last_value > now.max) {
      fail_parameter("RESTART value (" + std::to_string(state.last_value) +
                     ") cannot be greater than MAXVALUE (" + std::to_string(now.max) + ")");
    }
    renew_file(d, *changed, state.last_value, state.is_called);
  }
  d.put(changed);
}

void create_sequence(Definer& d, const PgQuery__CreateSeqStmt& statement) {
  const PgQuery__RangeVar& var = *statement.sequence;
  Oid schema = d.creation_schema(var);
  d.lock_name(ObjectKind::kRelation, schema, var.relname);
  if (d.image().relation(schema, var.relname) != nullptr) {
    if (!statement.if_not_exists) {
      fail(base::sqlstate::kDuplicateTable, "relation " + quoted(var.relname) + " already exists");
    }
    return d.notice(base::sqlstate::kDuplicateTable,
                    "relation " + quoted(var.relname) + " already exists, skipping");
  }
  d.put(make_sequence(d, var.relname, schema, d.persistence_of(var, schema), types::kInt8,
                      {statement.options, statement.n_options}));
}

void alter_sequence(Definer& d, const PgQuery__AlterSeqStmt& statement) {
  auto check = [&](const RelationObject& relation) {
    if (relation.relation_kind != RelationKind::kSequence) {
      fail(base::sqlstate::kWrongObjectType, quoted(relation.name) + " is not a sequence");
    }
    d.require_owner(relation);
  };
  RelationPtr found =
      d.try_relation(*statement.sequence, txn::table_mode::kShareRowExclusive, check);
  if (found != nullptr) {
    return change_sequence(d, *found, {statement.options, statement.n_options});
  }
  std::string missing = "relation " + quoted(statement.sequence->relname) + " does not exist";
  if (!statement.missing_ok) fail(base::sqlstate::kUndefinedTable, missing);
  d.notice(base::sqlstate::kSuccessfulCompletion, missing + ", skipping");
}

}  // namespace isolde::sql
