#include "sql/catalog/catalog_functions.hpp"

#include "sql/functions/run_routine.hpp"

namespace isolde::sql {

namespace {

bool is_input(char mode) {
  return mode == 'i' || mode == 'b' || mode == 'v';
}

}  // namespace

std::vector<std::string> input_names_of(const FunctionObject& function) {
  std::vector<std::string> names;
  for (size_t i = 0; i < function.argument_names.size(); ++i) {
    bool input = function.argument_modes.empty() || is_input(function.argument_modes[i]);
    if (input) names.push_back(function.argument_names[i]);
  }
  names.resize(function.argument_types.size());
  return names;
}

std::vector<std::pair<Oid, std::string>> output_columns_of(const FunctionObject& function) {
  std::vector<std::pair<Oid, std::string>> columns;
  for (size_t i = 0; i < function.argument_modes.size(); ++i) {
    char mode = function.argument_modes[i];
    if (mode != 'o' && mode != 'b' && mode != 't') continue;
    std::string name = i < function.argument_names.size() ? function.argument_names[i] : "";
    if (name.empty()) name = "column" + std::to_string(columns.size() + 1);
    columns.emplace_back(function.all_argument_types[i], std::move(name));
  }
  return columns;
}

const CatalogFunction* CatalogFunctions::make(std::shared_ptr<const FunctionObject> object) const {
  auto& slot = made_[object->oid.value];
  if (slot != nullptr) return slot.get();
  auto made = std::make_unique<CatalogFunction>();
  made->object = object;
  made->input_names = input_names_of(*object);
  made->oid = object->oid;
  made->name = object->name;
  made->argument_types = object->argument_types;
  made->result_type = object->result_type;
  made->variadic_element = object->variadic;
  made->default_count = static_cast<uint8_t>(object->argument_defaults.size());
  made->strict = object->strict;
  made->returns_set = object->returns_set;
  made->volatility = static_cast<Volatility>(object->volatility);
  for (const std::string& name : made->input_names) made->argument_names.push_back(name);
  made->runner.oid = object->oid;
  made->runner.name = made->name;
  made->runner.result_type = made->result_type;
  made->runner.strict = false;
  made->runner.returns_set = made->returns_set;
  made->runner.volatility = made->volatility;
  made->runner.scalar = run_routine_scalar;
  if (made->returns_set) made->runner.set = run_routine_set;
  if (auto columns = output_columns_of(*object); columns.size() == 1) {
    made->column_name = columns[0].second;
    made->runner.out_columns.push_back({made->column_name, columns[0].first});
  }
  slot = std::move(made);
  return slot.get();
}

std::vector<const CatalogFunction*> CatalogFunctions::named(std::string_view schema,
                                                            std::string_view name) const {
  std::vector<Oid> schemas = path_.schemas;
  if (!schema.empty()) schemas = {path_.schema(*image_, schema)};
  std::vector<const CatalogFunction*> found;
  std::lock_guard lock(mutex_);
  for (Oid one : schemas) {
    for (const ObjectPtr& object : image_->named(ObjectKind::kFunction, one, name)) {
      auto function = std::static_pointer_cast<const FunctionObject>(object);
      bool hidden = false;
      for (const CatalogFunction* before : found) {
        hidden |= before->argument_types == function->argument_types;
      }
      if (!hidden) found.push_back(make(std::move(function)));
    }
  }
  return found;
}

const CatalogFunction* CatalogFunctions::find(Oid oid) const {
  auto object = image_->get<FunctionObject>(ObjectKind::kFunction, oid);
  if (object == nullptr) return nullptr;
  std::lock_guard lock(mutex_);
  return make(std::move(object));
}

}  // namespace isolde::sql
