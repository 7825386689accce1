#include "sql/catalog/privileges.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "storage/sequence.hpp"
#include "txn/concurrency_control.hpp"
#include "txn/lock_manager.hpp"

// nextval and its kin. Numbers belong to no transaction: they are not taken back, and no engine has
// a say in them.

namespace isolde::sql {

namespace {

using base::Oid;

/// A sequence that may be used now, locked so that nobody drops it meanwhile.
class UsedSequence {
 public:
  UsedSequence(CallContext& context, Datum number, uint32_t any_of_privileges)
      : services_(*context.services) {
    Oid oid(static_cast<uint32_t>(number.as_int()));
    auto image = services_.catalog_image();
    relation_ = image->relation(oid);
    if (relation_ == nullptr) {
      fail(base::sqlstate::kUndefinedTable,
           "could not open relation with OID " + std::to_string(oid.value));
    }
    if (!relation_->sequence) {
      fail(base::sqlstate::kWrongObjectType, "\"" + relation_->name + "\" is not a sequence");
    }
    lock();
    check_privilege(*image, any_of_privileges);
  }

  const RelationObject& relation() const { return *relation_; }
  const SequenceObject& about() const { return *relation_->sequence; }
  storage::Sequence storage() { return {services_.instance().store(), relation_->file}; }

  int64_t advance() {
    storage::SequenceRules rules{about().increment, about().min, about().max, about().cycle};
    storage::SequenceNumber next = base::value_or_throw(storage().advance(rules));
    if (!next.value) {
      bool up = about().increment > 0;
      fail(base::sqlstate::kSequenceGeneratorLimitExceeded,
           "nextval: reached " + std::string(up ? "maximum" : "minimum") + " value of sequence \"" +
               relation_->name + "\" (" + std::to_string(up ? about().max : about().min) + ")");
    }
    flush_with_commit(next.lsn);
    services_.sequence_values().note(relation_->oid, *next.value);
    return *next.value;
  }

  void set(int64_t value, bool called) {
    if (value < about().min || value > about().max) {
      fail(base::sqlstate::kNumericValueOutOfRange,
           "setval: value " + std::to_string(value) + " is out of bounds for sequence \"" +
               relation_->name + "\" (" + std::to_string(about().min) + ".." +
               std::to_string(about().max) + ")");
    }
    flush_with_commit(base::value_or_throw(storage().set(value, called)));
    if (called) services_.sequence_values().note(relation_->oid, value);
  }

 private:
  void lock() {
    Oid database = services_.catalog_image()->database();
    auto tag = txn::LockTag::of_relation(database, relation_->oid);
    txn::LockManager& locks = services_.instance().locks();
    if (locks.holds(services_.locker(), tag, txn::table_mode::kRowExclusive)) return;
    base::value_or_throw(locks.acquire(services_.locker(), tag, txn::table_mode::kRowExclusive));
    RelationPtr now = services_.catalog_image()->relation(relation_->oid);
    if (now == nullptr) {
      fail(base::sqlstate::kUndefinedTable,
           "could not open relation with OID " + std::to_string(relation_->oid.value));
    }
    relation_ = now;
  }

  void check_privilege(const CatalogImage& image, uint32_t any_of) {
    Oid role = role_by_name(image, services_.current_user());
    if (privileges_on(image, role, *relation_, any_of) == 0) {
      deny(AclKind::kSequence, relation_->name);
    }
  }

  /// A transaction with an id waits for the log when it commits.
  void flush_with_commit(storage::Lsn lsn) {
    if (lsn == storage::Lsn{} || services_.read_only()) return;
    base::value_or_throw(services_.transaction().write_id());
  }

  SessionServices& services_;
  RelationPtr relation_;
};

void refuse_read_only(CallContext& context, std::string_view function) {
  if (!context.services->read_only()) return;
  fail(base::sqlstate::kReadOnlySqlTransaction,
       "cannot execute " + std::string(function) + "() in a read-only transaction");
}

Datum next_value(CallContext& context, const Datum* args) {
  UsedSequence sequence(context, args[0], Privilege::kUsage | Privilege::kUpdate);
  if (sequence.relation().persistence != Persistence::kTemporary) {
    refuse_read_only(context, "nextval");
  }
  return Datum::of_int(sequence.advance());
}

Datum current_value(CallContext& context, const Datum* args) {
  UsedSequence sequence(context, args[0], Privilege::kUsage | Privilege::kSelect);
  auto value = context.services->sequence_values().of(sequence.relation().oid);
  if (!value) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "currval of sequence \"" + sequence.relation().name +
             "\" is not yet defined in this session");
  }
  return Datum::of_int(*value);
}

Datum last_value(CallContext& context, const Datum*) {
  auto value = context.services->sequence_values().last();
  auto of = context.services->sequence_values().last_sequence();
  if (!value || context.services->catalog_image()->relation(of) == nullptr) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "lastval is not yet defined in this session");
  }
  return Datum::of_int(*value);
}

Datum set_value(CallContext& context, const Datum* args) {
  refuse_read_only(context, "setval");
  UsedSequence(context, args[0], bit(Privilege::kUpdate)).set(args[1].as_int(), true);
  return args[1];
}

Datum set_value_called(CallContext& context, const Datum* args) {
  refuse_read_only(context, "setval");
  UsedSequence(context, args[0], bit(Privilege::kUpdate)).set(args[1].as_int(), args[2].as_bool());
  return args[1];
}

/// NULL as long as nextval was never called.
Datum sequence_last_value(CallContext& context, const Datum* args) {
  UsedSequence sequence(context, args[0], Privilege::kUsage | Privilege::kSelect);
  auto state = base::value_or_throw(sequence.storage().read());
  return state.is_called ? Datum::of_int(state.last_value) : Datum::null();
}

constexpr FunctionRow kRows[] = {
    {1574, "nextval(regclass) int8", next_value, kVolatile},
    {1575, "currval(regclass) int8", current_value, kVolatile},
    {1576, "setval(regclass, int8) int8", set_value, kVolatile},
    {1765, "setval(regclass, int8, bool) int8", set_value_called, kVolatile},
    {2559, "lastval() int8", last_value, kVolatile},
    {4032, "pg_sequence_last_value(regclass) int8", sequence_last_value, kVolatile},
};

}  // namespace

const std::span<const FunctionRow> kSequences = kRows;

}  // namespace isolde::sql
