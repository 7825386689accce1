#pragma once

#include <array>
#include <span>
#include <string_view>

#include "sql/types/type.hpp"

namespace isolde::sql {

/// The numbers of a type's functions in pg_proc: typinput, typoutput and so on. Drivers look at
/// them to find out what a type is.
struct TypeFunctionIds {
  uint32_t input = 0, output = 0, receive = 0, send = 0;
  uint32_t modifiers_in = 0, modifiers_out = 0;
  uint32_t subscript = 0, analyze = 0;
};
TypeFunctionIds type_functions(const Type& type);

/// Those functions: in pg_proc, but nobody can call them.
struct InternalFunction {
  uint32_t oid;
  std::string_view name;
  int argument_count;
  std::array<uint32_t, 3> arguments;
  uint32_t result;
};
std::span<const InternalFunction> internal_functions();

}  // namespace isolde::sql
