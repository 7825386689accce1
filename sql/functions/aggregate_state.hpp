#pragma once

#include <cstring>
#include <type_traits>

#include "sql/functions/function.hpp"

namespace isolde::sql {

/// Makes an Aggregate of a struct with the members step, finish and, if it can, combine. The struct
/// is the state: plain data that zero bytes start.
///
///   struct Count {
///     int64_t rows;
///     void step(CallContext&, const Datum*) { ++rows; }
///     Datum finish(CallContext&) { return Datum::of_int(rows); }
///   };
template <typename State>
constexpr Aggregate make_aggregate() {
  static_assert(std::is_trivially_copyable_v<State>);
  Aggregate aggregate{
      .state_size = sizeof(State),
      .init = [](CallContext&, char* state) { std::memset(state, 0, sizeof(State)); },
      .step = [](CallContext& context, char* state,
                 const Datum* args) { reinterpret_cast<State*>(state)->step(context, args); },
      .final = [](CallContext& context,
                  char* state) { return reinterpret_cast<State*>(state)->finish(context); }};
  if constexpr (requires(State & s, CallContext & c, const State& o) { s.combine(c, o); }) {
    aggregate.combine = [](CallContext& context, char* into, const char* from) {
      reinterpret_cast<State*>(into)->combine(context, *reinterpret_cast<const State*>(from));
    };
  }
  return aggregate;
}

template <typename State>
inline constexpr Aggregate kAggregate = make_aggregate<State>();

/// Bytes that grow at the end, in an arena: twice as much room each time.
struct GrowingBytes {
  char* data;
  size_t size;
  size_t capacity;

  char* extend(Arena& arena, size_t bytes) {
    if (size + bytes > capacity) {
      size_t wanted = std::max(capacity * 2, std::max<size_t>(size + bytes, 64));
      char* grown = arena.allocate(wanted);
      if (size > 0) std::memcpy(grown, data, size);
      data = grown;
      capacity = wanted;
    }
    char* at = data + size;
    size += bytes;
    return at;
  }
  void append(Arena& arena, std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(extend(arena, bytes.size()), bytes.data(), bytes.size());
  }
};

}  // namespace isolde::sql
