#include "sql/functions/run_routine.hpp"

#include <vector>

#include "sql/exec/row_copy.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

SessionServices::RoutineCall call_of(const CallContext& context, const Datum* arguments) {
  return {base::Oid(static_cast<uint32_t>(arguments[0].as_int())),
          context.site->argument_types.subspan(1),
          std::span(arguments + 1, context.argument_count() - 1)};
}

const CompositeType* row_shape(const Type& result) {
  const Type& type = base_of(result);
  // A record whose columns are known has a shape of its own; "record" itself has none.
  bool row = is_row_type(type) && &type != find_type(types::kRecord);
  return row ? static_cast<const CompositeType*>(&type) : nullptr;
}

/// What a row of the body is as one value: itself where a single value is wanted.
Datum as_value(std::span<const Datum> row, const CallContext& context) {
  const Type& result = *context.site->result_type;
  const CompositeType* shape = row_shape(result);
  if (shape == nullptr || row.size() != shape->fields.size()) {
    return row.empty() ? Datum::null() : copy_datum(row[0], result, context.arena);
  }
  return make_record(*shape, row, context.arena);
}

/// All rows, kept.
class RoutineRows final : public SetIterator {
 public:
  RoutineRows(CallContext& context, const Datum* arguments) {
    context.services->run_routine(call_of(context, arguments),
                                  [&](std::span<const Datum> row, auto) {
                                    rows_.push_back(as_value(row, context));
                                    return true;
                                  });
  }

  bool next(CallContext& context, Datum* columns) override {
    if (at_ == rows_.size()) return false;
    context.poll();
    columns[0] = rows_[at_++];
    return true;
  }

 private:
  std::vector<Datum> rows_;
  size_t at_ = 0;
};

}  // namespace

Datum run_routine_scalar(CallContext& context, const Datum* arguments) {
  Datum result = Datum::null();
  bool found = false;
  context.services->run_routine(call_of(context, arguments), [&](std::span<const Datum> row, auto) {
    if (!found) result = as_value(row, context);
    found = true;
    return false;
  });
  return result;
}

std::unique_ptr<SetIterator> run_routine_set(CallContext& context, const Datum* arguments) {
  return std::make_unique<RoutineRows>(context, arguments);
}

}  // namespace isolde::sql
