#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/search_path.hpp"
#include "sql/functions/function.hpp"

namespace isolde::sql {

/// A function that somebody has created, in the form in which calls are resolved. As it stands it
/// cannot be run: the binder puts its body in place of the call, or calls `runner` with the
/// function's number in front of the arguments (sql/binder/routines.cpp).
struct CatalogFunction : Function {
  std::shared_ptr<const FunctionObject> object;
  Function runner;

  std::vector<std::string> input_names;  ///< of the arguments; "" for those without
  std::string column_name;               ///< of the only column that comes out, where it has one
};

/// The functions that one state of a catalog has. Made when first asked for; whoever keeps one
/// keeps this. Thread safe.
class CatalogFunctions {
 public:
  CatalogFunctions(CatalogImagePtr image, SearchPath path)
      : image_(std::move(image)), path_(std::move(path)) {}

  /// All of a name, in the order of the search path when no schema is said. Procedures too.
  std::vector<const CatalogFunction*> named(std::string_view schema, std::string_view name) const;
  const CatalogFunction* find(Oid oid) const;

 private:
  const CatalogFunction* make(std::shared_ptr<const FunctionObject> object) const;

  const CatalogImagePtr image_;
  const SearchPath path_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<uint32_t, std::unique_ptr<CatalogFunction>>
      made_;  // guarded by mutex_
};

/// The names of what is put in: IN, INOUT and VARIADIC arguments.
std::vector<std::string> input_names_of(const FunctionObject& function);
/// The columns of what comes out by OUT, INOUT and TABLE, in order; by type and name.
std::vector<std::pair<Oid, std::string>> output_columns_of(const FunctionObject& function);

}  // namespace isolde::sql
