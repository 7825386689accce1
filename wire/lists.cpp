#include "wire/lists.hpp"

#include "wire/message_writer.hpp"

namespace isolde::wire {

Value ParameterList::find(std::string_view name) const {
  Value found;
  for (const auto& [key, value] : *this) {
    if (key == name) found = value;
  }
  return found;
}

ValueListBuilder::ValueListBuilder(std::initializer_list<Value> values) {
  for (const Value& value : values) add(value);
}

void ValueListBuilder::add(Value value) {
  append_value(bytes_, value);
  ++size_;
}

ParameterListBuilder::ParameterListBuilder(std::initializer_list<ParameterList::Parameter> pairs) {
  for (const auto& [name, value] : pairs) add(name, value);
}

void ParameterListBuilder::add(std::string_view name, std::string_view value) {
  assert(!name.empty() && "an empty name would end the list");
  append_string(bytes_, name);
  append_string(bytes_, value);
}

}  // namespace isolde::wire
