#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/types/object_names.hpp"

namespace isolde::sql {

class SessionServices;
struct TableNames;

/// What the reg* types read and write, by the catalog and the search path of a session.
class CatalogNames final : public ObjectNames {
 public:
  explicit CatalogNames(SessionServices& services) : services_(services) {}

  std::optional<Oid> look_up(NamedKind kind, std::string_view name) const override;
  std::string name(NamedKind kind, Oid oid) const override;

 private:
  std::optional<Oid> schema(const TableNames& names, const std::vector<std::string>& parts) const;
  std::optional<Oid> type(const TableNames& names, std::string_view text) const;
  std::optional<Oid> function(const TableNames& names, std::string_view text) const;
  std::optional<Oid> function_with_arguments(const TableNames& names, std::string_view text) const;
  std::optional<Oid> operator_named(const TableNames& names, std::string_view text,
                                    bool with_arguments) const;

  SessionServices& services_;
};

/// Cuts "a.B.\"c d\"" into its parts; 42602 for what is no name.
std::vector<std::string> split_name(std::string_view text);
/// Quoted, and qualified where the search path does not lead to it.
std::string relation_name(const TableNames& names, const RelationObject& relation);
/// The same, always qualified.
std::string qualified_name(const CatalogImage& image, const CatalogObject& object);
/// As format_type, types of users included; "???" for an unknown one.
std::string type_text(const TableNames& names, Oid type, std::optional<int32_t> typmod = -1);
/// Its arguments' types: "integer, text".
std::string argument_types_text(const TableNames& names, const std::vector<Oid>& types,
                                std::string_view separator);

}  // namespace isolde::sql
