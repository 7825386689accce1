#include "sql/exec/set_call.hpp"

#include "sql/types/composite_type.hpp"

namespace isolde::sql {

SetCall::SetCall(const Plan::Call& call, ExecContext& exec)
    : call_(call),
      arguments_arena_(exec.budget),
      arena_(exec.budget),
      arguments_(call.arguments, exec, arguments_arena_),
      start_context_{arguments_arena_, exec.task, exec.style, exec.services, &call.site.site},
      row_context_{arena_, exec.task, exec.style, exec.services, &call.site.site} {}

void SetCall::start(const Datum* row) {
  rows_.reset();
  single_ = nullptr;
  arguments_arena_.reset();
  const Datum* values = arguments_.run(row);
  if (call_.scalar) {
    single_ = values;
    return;
  }
  if (call_.function->strict) {
    for (size_t i = 0; i < call_.site.types.size(); ++i) {
      if (values[i].is_null()) return;
    }
  }
  rows_ = call_.function->set(start_context_, values);
}

bool SetCall::next(Datum* columns) {
  if (call_.row == nullptr) return next_plain(columns);
  parts_.resize(call_.expand ? 1 : call_.row->fields.size());
  if (!next_plain(parts_.data())) return false;
  if (!call_.expand) {
    *columns = make_record(*call_.row, parts_, arena_);
    return true;
  }
  for (size_t i = 0; i < call_.row->fields.size(); ++i) {
    if (call_.row->fields[i].dropped) continue;
    *columns++ = parts_[0].is_null() ? Datum::null() : RecordView(*call_.row, parts_[0])[i];
  }
  return true;
}

bool SetCall::next_plain(Datum* columns) {
  if (call_.scalar) {
    if (single_ == nullptr) return false;
    columns[0] = *single_;
    single_ = nullptr;
    return true;
  }
  if (rows_ == nullptr) return false;
  if (arena_.footprint() != 0) arena_.reset();
  if (rows_->next(row_context_, columns)) return true;
  rows_.reset();
  return false;
}

}  // namespace isolde::sql
