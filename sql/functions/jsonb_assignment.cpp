// SET j['a'][1] = value. Unlike jsonb_set this makes what the path leads through: an array up to
// the subscript, filled with nulls, where the step is a number; an object elsewhere.

#include <fmt/format.h>

#include <functional>
#include <vector>

#include "sql/functions/json_path_text.hpp"
#include "sql/functions/json_values.hpp"
#include "sql/functions/subscript_assignment.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

class JsonbAssignment {
 public:
  JsonbAssignment(std::vector<std::string_view> path, Datum value)
      : path_(std::move(path)), value_(value) {}

  /// A changed copy of the value that the first `level` steps lead to.
  void write(JsonbWriter& writer, JsonbView at, size_t level) const {
    if (level == path_.size()) return write_value(writer);
    if (at.is_object()) return write_object(writer, at, level);
    if (at.is_array()) return write_array(writer, at, level);
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidParameterValue, "cannot replace existing key")
            .detail("The path assumes key is a composite object, but it is a scalar value."));
  }

  /// What is made where nothing was.
  void write_new(JsonbWriter& writer, size_t level, bool number) const {
    if (level == path_.size()) return write_value(writer);
    if (!number) {
      return writer.object(
          1, [&](uint32_t) { return path_[level]; }, [&](uint32_t) { write_below(writer, level); });
    }
    int64_t place = json_subscript(path_[level]).value_or(0);
    if (place < 0) fail_outside(level, place);
    check_size(place + 1);
    writer.array(static_cast<uint32_t>(place + 1), [&](uint32_t i) {
      if (i < place) return writer.null();
      write_below(writer, level);
    });
  }

 private:
  void write_value(JsonbWriter& writer) const {
    value_.is_null() ? writer.null() : writer.copy(JsonbView(value_));
  }

  void write_below(JsonbWriter& writer, size_t level) const {
    bool number = level + 1 < path_.size() && json_subscript(path_[level + 1]).has_value();
    write_new(writer, level + 1, number);
  }

  void write_object(JsonbWriter& writer, JsonbView object, size_t level) const {
    std::vector<std::string_view> keys;
    for (uint32_t i = 0; i < object.size(); ++i) keys.push_back(object.key(i));
    auto found = object.find(path_[level]);
    if (!found) keys.push_back(path_[level]);
    std::vector<uint32_t> order = order_json_keys(keys);
    writer.object(
        static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
        [&](uint32_t i) {
          if (order[i] == object.size()) return write_below(writer, level);
          JsonbView member = object.value(order[i]);
          found&& order[i] == *found ? write(writer, member, level + 1) : writer.copy(member);
        });
  }

  void write_array(JsonbWriter& writer, JsonbView array, size_t level) const {
    auto subscript = json_subscript(path_[level]);
    if (!subscript) {
      fail(base::sqlstate::kInvalidTextRepresentation,
           fmt::format("path element at position {} is not an integer: \"{}\"", level + 1,
                       path_[level]));
    }
    int64_t size = array.size();
    int64_t place = *subscript < 0 ? *subscript + size : *subscript;
    if (place < 0) fail_outside(level, *subscript);
    check_size(place + 1);
    writer.array(static_cast<uint32_t>(std::max(size, place + 1)), [&](uint32_t i) {
      if (i == place) {
        return i < size ? write(writer, array.element(i), level + 1) : write_below(writer, level);
      }
      i < size ? writer.copy(array.element(i)) : writer.null();
    });
  }

  [[noreturn]] static void fail_outside(size_t level, int64_t subscript) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("path element at position {} is out of range: {}", level + 1, subscript));
  }

  static void check_size(int64_t count) {
    constexpr int64_t kMost = 1 << 24;
    if (count > kMost) {
      fail(base::sqlstate::kProgramLimitExceeded,
           fmt::format("number of jsonb array elements exceeds the maximum allowed ({})", kMost));
    }
  }

  std::vector<std::string_view> path_;
  Datum value_;
};

Datum assign(CallContext& context, const Datum* args) {
  std::vector<std::string_view> path;
  for (size_t i = 3; i < context.argument_count(); ++i) {
    if (args[i].is_null()) {
      fail(base::sqlstate::kNullValueNotAllowed, "jsonb subscript in assignment must not be null");
    }
    path.push_back(args[i].as_bytes());
  }
  JsonbAssignment assignment(std::move(path), args[1]);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    if (args[0].is_null()) return assignment.write_new(writer, 0, args[2].as_bool());
    assignment.write(writer, JsonbView(args[0]), 0);
  });
}

}  // namespace

const Function& jsonb_assignment() {
  static const Function kFunction = [] {
    Function function;
    function.scalar = assign;
    function.strict = false;
    return function;
  }();
  return kFunction;
}

}  // namespace isolde::sql
