#pragma once

#include <span>

#include "base/task.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

class SessionServices;  // sql/session: what functions such as currval or current_user need

/// Where in a statement a function is called: the types that the binder settled on. Functions over
/// polymorphic or "any" arguments read it; an expression keeps one for each of its calls.
struct CallSite {
  std::span<const Type* const> argument_types;
  const Type* result_type = nullptr;
  int32_t result_typmod = -1;
  /// The last argument is an array given by VARIADIC to a function of "any" arguments.
  bool variadic_array = false;
};

/// All that a function may use beside its arguments. One a statement (`site` changes from call to
/// call); used by one task.
struct CallContext {
  Arena& arena;              ///< results live here
  base::Task& task;          ///< poll() in loops that can be long
  const OutputStyle& style;  ///< text forms
  SessionServices* services = nullptr;
  const CallSite* site = nullptr;

  size_t argument_count() const { return site->argument_types.size(); }
  const Type& argument_type(size_t i) const { return *site->argument_types[i]; }

  /// Lets others run and fails when the statement was cancelled.
  void poll() { base::value_or_throw(task.poll()); }
};

}  // namespace isolde::sql
